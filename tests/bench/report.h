/* SPDX-License-Identifier: Apache-2.0
 * report.h: the rows of the bench: a table for people, and build/bench.json.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

enum report_duts { REPORT_MODEL, REPORT_RTL, REPORT_OTHER, REPORT_DUTS };

/* How a value is judged. */
enum report_bar { REPORT_FREE, REPORT_AT_LEAST, REPORT_AT_MOST };

struct report;

struct report *report_new(void);
void report_free(struct report *r);

/* Adds a value. Rows of one id come one after another and share a line of the table; the bar is the same for
 * them. */
void report_add(struct report *r, const char *id, enum report_duts dut, double value, enum report_bar kind, double bar);

/* The table on stdout. */
void report_print(const struct report *r);

/* A list of {"id", "dut", "value", "bar", "ok"}; bar is null when there is none. Ends the program with status
 * 2 when the file cannot be written. */
void report_write_json(const struct report *r, const char *path);

/* No value misses its bar. */
bool report_ok(const struct report *r);

#endif
