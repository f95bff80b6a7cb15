/* SPDX-License-Identifier: Apache-2.0
 * test_lines.c: texts are found within a line, and nowhere else.
 */
#include "unit.h"
#include "lines.h"

static struct lines *lines;
static unsigned seen;

static void count(void *ctx, const char *text)
{
	assert_ptr_equal(ctx, &seen);
	assert_non_null(text);
	seen++;
}

static int setup(void **state)
{
	(void)state;
	lines = lines_new();
	seen = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lines_free(lines);
	return 0;
}

static unsigned print(const char *text)
{
	seen = 0;
	for (; *text; text++)
		lines_take(lines, (uint8_t)*text);
	return seen;
}

static void test_within_a_line(void **state)
{
	(void)state;
	assert_true(lines_watch(lines, "login:", count, &seen));
	assert_int_equal(print("debian logi"), 0);
	assert_int_equal(print("n"), 0);
	assert_int_equal(print(":"), 1); /* a prompt has no end of line */
	assert_int_equal(print(" login"), 0);
	assert_int_equal(print("\n:"), 0);
	assert_int_equal(print("\r\nllogin:\r\n"), 1);
	assert_int_equal(print("login:login:\n"), 2);
}

static void test_several(void **state)
{
	(void)state;
	assert_true(lines_watch(lines, "panic", count, &seen));
	assert_true(lines_watch(lines, "Kernel panic", count, &seen));
	assert_int_equal(print("Kernel panic - not syncing\n"), 2);
	assert_int_equal(print("a panic\n"), 1);
}

/* A line of any length: the text is found wherever in it. */
static void test_long_line(void **state)
{
	char text[LINES_BYTES + 1];

	(void)state;
	memset(text, 'x', LINES_BYTES);
	text[0] = 'y';
	text[LINES_BYTES] = 0;
	assert_true(lines_watch(lines, text, count, &seen));
	for (unsigned i = 0; i < 5000; i++)
		lines_take(lines, 'z');
	assert_int_equal(print(text), 1);
	assert_int_equal(print("x"), 0);
	assert_int_equal(print(text), 1);
}

static void test_refused(void **state)
{
	char text[LINES_BYTES + 2];

	(void)state;
	memset(text, 'x', LINES_BYTES + 1);
	text[LINES_BYTES + 1] = 0;
	assert_false(lines_watch(lines, "", count, &seen));
	assert_false(lines_watch(lines, "a\nb", count, &seen));
	assert_false(lines_watch(lines, text, count, &seen));
	for (unsigned i = 0; i < LINES_WATCHES; i++)
		assert_true(lines_watch(lines, "a", count, &seen));
	assert_false(lines_watch(lines, "a", count, &seen));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_within_a_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
