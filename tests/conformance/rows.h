/* SPDX-License-Identifier: Apache-2.0
 * rows.h: the requirements of rows.tsv, and which test each has.
 *
 * An area file ends in
 *
 *     ROWS(ROW(STAT_01, "2.1", status_is_zero_after_reset),
 *          NOT_APPLICABLE(STAT_99, "no such device"))
 *
 * and is found by itself: there is no list of files or areas to add it to. The id has _ for -. The section is the one
 * of virtio 1.2 that rows.tsv names; a wrong one, an id that is not there, and a second test for a row end the program.
 */
#ifndef ROWS_H
#define ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include "rig.h"

enum row_result { ROW_NOT_RUN, ROW_PASSED, ROW_FAILED };
enum { ROWS_MAX = 600, DUTS = 3 };

struct row_test {
	const char *id, *section;
	void (*test)(struct rig *r);
	const char *name, *reason; /* of the function; why there is none */
};

struct row {
	char *id, *area, *section, *level, *text, *side;
	char slug[64]; /* of the area: lower case, - between words, without what is in brackets */
	const struct row_test *test;
	enum row_result result[DUTS];
};

struct rows {
	struct row row[ROWS_MAX];
	unsigned count;
	char *file; /* what the strings of the rows lie in */
};

/* Reads rows.tsv and gives each row its test; sim_die when something does not fit. */
void rows_load(struct rows *rows, const char *path);
void rows_free(struct rows *rows);
bool row_is_device(const struct row *row);
void rows_register(const struct row_test *tests, unsigned count);
/* A file of the project as one string, which the caller frees; sim_die when it cannot be read. */
char *rows_read_file(const char *path);

#define ROW(id, section, function)                      \
	{                                               \
#id, section, function, #function, NULL \
	}
#define NOT_APPLICABLE(id, reason)            \
	{                                     \
#id, NULL, NULL, NULL, reason \
	}
#define ROWS(...)                                                                    \
	static const struct row_test row_tests_[] = {__VA_ARGS__};                   \
	__attribute__((constructor)) static void register_rows_(void)                \
	{                                                                            \
		rows_register(row_tests_, sizeof row_tests_ / sizeof row_tests_[0]); \
	}

#endif
