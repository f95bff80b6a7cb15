/* SPDX-License-Identifier: Apache-2.0
 * test_line.c: a text is found where it ends, within a line, wherever it begins.
 */
#include "unit.h"
#include "soc/line.h"

/* How many bytes of what were sent when the text was there; 0: it is not. */
static unsigned found(const char *text, const char *what)
{
	struct line l;

	line_init(&l, text);
	for (unsigned i = 0; what[i]; i++)
		if (line_sent(&l, (uint8_t)what[i]))
			return i + 1;
	return 0;
}

static void test_line(void **state)
{
	char longest[LINE_TEXT + 1], sent[2 * LINE_TEXT + 1];

	(void)state;
	assert_int_equal(found("login: ", "hello\nhost login: "), 18);
	assert_int_equal(found("login: ", "hello\nhost login:\n "), 0);
	assert_int_equal(found("aab", "aaab"), 4);
	assert_int_equal(found("aab", "aa\nb"), 0);
	assert_int_equal(found("ab", "a\nab"), 4);
	assert_int_equal(found("x", "\n\nx"), 3);
	memset(longest, 'y', LINE_TEXT);
	longest[LINE_TEXT] = 0;
	longest[LINE_TEXT - 1] = 'z';
	memset(sent, 'y', sizeof sent);
	sent[sizeof sent - 2] = 'z';
	sent[sizeof sent - 1] = 0;
	assert_int_equal(found(longest, sent), sizeof sent - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_line)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
