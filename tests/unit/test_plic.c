/* SPDX-License-Identifier: Apache-2.0
 * test_plic.c: gateways, priorities, thresholds, claim and complete, two contexts.
 */
#include "unit.h"
#include "soc/plic.h"

enum { PENDING = 0x1000, ENABLE = 0x2000, THRESHOLD = 0x200000, CLAIM = 0x200004, CONTEXT_1 = 0x1000 };

static struct plic p;

static int setup(void **state)
{
	(void)state;
	plic_reset(&p);
	return 0;
}

static uint64_t load(uint64_t offset)
{
	uint64_t data;

	assert_true(plic_load(&p, offset, 4, &data));
	return data;
}

static void store(uint64_t offset, uint64_t data)
{
	assert_true(plic_store(&p, offset, 4, data));
}

static void open_source(unsigned source, unsigned priority)
{
	store(4 * source, priority);
	store(ENABLE + source / 32 * 4, load(ENABLE + source / 32 * 4) | 1u << source % 32);
}

static void test_registers(void **state)
{
	uint64_t data;

	(void)state;
	store(4, 0xffffffff);
	assert_int_equal(load(4), 7);
	store(0, 7); /* there is no source 0 */
	assert_int_equal(load(0), 0);
	store(ENABLE, 0xffffffff);
	store(ENABLE + 4, 0x12345678);
	assert_int_equal(load(ENABLE), 0xfffffffe);
	assert_int_equal(load(ENABLE + 4), 0x12345678);
	assert_int_equal(load(ENABLE + 0x80), 0);
	store(ENABLE + 0x80, 0x100);
	assert_int_equal(load(ENABLE + 0x80), 0x100);
	assert_int_equal(load(ENABLE), 0xfffffffe);
	store(THRESHOLD, 9);
	assert_int_equal(load(THRESHOLD), 1);
	store(PENDING, 0xffffffff);
	assert_int_equal(load(PENDING), 0);
	store(4 * 64, 5);
	assert_int_equal(load(4 * 64), 0);
	assert_int_equal(load(ENABLE + 8), 0);
	assert_int_equal(load(THRESHOLD + 2 * CONTEXT_1), 0);
	assert_false(plic_load(&p, CLAIM, 8, &data));
	assert_false(plic_store(&p, CLAIM, 1, 0));
}

static void test_claim_and_complete(void **state)
{
	(void)state;
	open_source(8, 1);
	plic_set_level(&p, 8, true);
	assert_int_equal(load(PENDING), 1u << 8);
	assert_true(plic_interrupt(&p, 0));
	assert_false(plic_interrupt(&p, 1));
	assert_int_equal(load(CLAIM), 8);
	assert_false(plic_interrupt(&p, 0));
	assert_int_equal(load(CLAIM), 0);
	assert_int_equal(load(PENDING), 0); /* the level is high, but the request is being served */
	store(CLAIM, 8);
	assert_true(plic_interrupt(&p, 0)); /* still high: again */
	assert_int_equal(load(CLAIM), 8);
	plic_set_level(&p, 8, false);
	store(CLAIM, 8);
	assert_false(plic_interrupt(&p, 0));
}

static void test_level_that_falls(void **state)
{
	(void)state;
	open_source(3, 1);
	plic_set_level(&p, 3, true);
	plic_set_level(&p, 3, false);
	assert_int_equal(load(CLAIM), 3); /* the gateway had forwarded it */
	plic_set_level(&p, 3, true);
	plic_set_level(&p, 3, false);
	store(CLAIM, 3);
	assert_false(plic_interrupt(&p, 0)); /* came and went while it was served */
}

static void test_priorities(void **state)
{
	static const unsigned order[] = {40, 5, 9, 2};

	(void)state;
	open_source(9, 2);
	open_source(5, 2);
	open_source(40, 7);
	open_source(2, 1);
	open_source(1, 0); /* priority 0: never */
	for (unsigned source = 1; source < PLIC_SOURCES; source++)
		plic_set_level(&p, source, true);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(load(CLAIM), order[i]);
	assert_int_equal(load(CLAIM), 0);
}

static void test_threshold(void **state)
{
	(void)state;
	open_source(4, 3);
	plic_set_level(&p, 4, true);
	store(THRESHOLD, 3);
	assert_false(plic_interrupt(&p, 0));
	store(THRESHOLD, 2);
	assert_true(plic_interrupt(&p, 0));
	store(THRESHOLD, 7);
	assert_int_equal(load(CLAIM), 4); /* a claim does not look at it */
}

static void test_contexts(void **state)
{
	(void)state;
	open_source(6, 1);
	store(ENABLE + 0x80, 1u << 6);
	plic_set_level(&p, 6, true);
	assert_true(plic_interrupt(&p, 1));
	assert_int_equal(load(CLAIM + CONTEXT_1), 6);
	assert_false(plic_interrupt(&p, 0));
	store(ENABLE, 0);
	store(CLAIM, 6); /* context 0 does not have it enabled: ignored */
	assert_false(plic_interrupt(&p, 1));
	store(CLAIM, 0);
	store(CLAIM, 1000);
	store(CLAIM + CONTEXT_1, 6);
	assert_true(plic_interrupt(&p, 1));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_registers, setup),
		cmocka_unit_test_setup(test_claim_and_complete, setup),
		cmocka_unit_test_setup(test_level_that_falls, setup),
		cmocka_unit_test_setup(test_priorities, setup),
		cmocka_unit_test_setup(test_threshold, setup),
		cmocka_unit_test_setup(test_contexts, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
