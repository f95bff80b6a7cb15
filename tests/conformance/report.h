/* SPDX-License-Identifier: Apache-2.0
 * report.h: the table by area on the terminal, and CONFORMANCE.md. */
#ifndef REPORT_H
#define REPORT_H

#include "rows.h"

struct report_counts {
	unsigned rows, passed, failed, not_applicable, missing;
};

/* The device rows of an area, or of all when slug is NULL. A row passed when it did on each device that ran. */
struct report_counts report_count(const struct rows *rows, const char *slug);
/* One line an area; only this one when slug is not NULL. */
void report_print(const struct rows *rows, const char *slug);
/* Writes CONFORMANCE.md; the lines of unwatched say which driver rows --check does not watch. */
void report_write(const struct rows *rows, const char *path, const char *unwatched);

extern const char *const dut_names[DUTS];

#endif
