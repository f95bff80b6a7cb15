/* SPDX-License-Identifier: Apache-2.0
 * test_clint.c: registers by word and double word, the timer, and the clock of its next interrupt.
 */
#include "unit.h"
#include "soc/clint.h"

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

static struct clint c;

static int setup(void **state)
{
	(void)state;
	clint_reset(&c);
	return 0;
}

static uint64_t load(uint64_t cycle, uint64_t offset, unsigned len)
{
	uint64_t data;

	assert_true(clint_load(&c, cycle, offset, len, &data));
	return data;
}

static void test_msip(void **state)
{
	(void)state;
	assert_int_equal(load(0, MSIP, 4), 0);
	assert_true(clint_store(&c, 0, MSIP, 4, 0xffffffff));
	assert_int_equal(load(0, MSIP, 4), 1);
	assert_true(clint_store(&c, 0, MSIP + 4, 4, 1)); /* hart 1 is not there */
	assert_int_equal(load(0, MSIP + 4, 4), 0);
	assert_true(clint_store(&c, 0, MSIP, 4, 0xfffffffe));
	assert_false(c.msip);
}

static void test_sizes(void **state)
{
	uint64_t data;

	(void)state;
	assert_true(clint_store(&c, 0, MTIMECMP, 8, 0x1111111122222222));
	assert_int_equal(load(0, MTIMECMP, 4), 0x22222222);
	assert_int_equal(load(0, MTIMECMP + 4, 4), 0x11111111);
	assert_true(clint_store(&c, 0, MTIMECMP, 4, 0x33333333));
	assert_true(clint_store(&c, 0, MTIMECMP + 4, 4, 0x44444444));
	assert_int_equal(load(0, MTIMECMP, 8), 0x4444444433333333);
	assert_false(clint_load(&c, 0, MTIME, 2, &data));
	assert_false(clint_store(&c, 0, MTIME, 1, 0));
}

static void test_mtime(void **state)
{
	(void)state;
	assert_int_equal(load(0, MTIME, 8), 0);
	assert_int_equal(load(99, MTIME, 8), 9);
	assert_int_equal(load(100, MTIME, 8), 10);
	assert_true(clint_store(&c, 100, MTIME, 8, 0xffffffff));
	assert_int_equal(load(100, MTIME, 8), 0xffffffff);
	assert_int_equal(load(110, MTIME, 8), 0x100000000);
	assert_int_equal(load(110, MTIME + 4, 4), 1);
	assert_true(clint_store(&c, 110, MTIME + 4, 4, 0));
	assert_int_equal(load(110, MTIME, 8), 0);
}

/* The timer rises in the clock that clint_next names, not one earlier. */
static void test_next(void **state)
{
	uint64_t next;

	(void)state;
	assert_false(clint_timer(&c, 0));
	assert_int_equal(clint_next(&c, 0), UINT64_MAX);
	for (uint64_t cycle = 0; cycle < 40; cycle++) {
		clint_reset(&c);
		assert_true(clint_store(&c, 7, MTIME, 8, 1000));
		assert_true(clint_store(&c, cycle, MTIMECMP, 8, 1004));
		next = clint_next(&c, cycle);
		assert_int_equal(next, 40);
		assert_false(clint_timer(&c, next - 1));
		assert_true(clint_timer(&c, next));
		assert_int_equal(clint_next(&c, next), UINT64_MAX);
	}
	assert_true(clint_store(&c, 0, MTIMECMP, 8, UINT64_MAX - 1)); /* past the end of all clocks */
	assert_int_equal(clint_next(&c, 0), UINT64_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_msip, setup),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_mtime, setup),
		cmocka_unit_test_setup(test_next, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
