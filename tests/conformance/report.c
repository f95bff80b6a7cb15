/* SPDX-License-Identifier: Apache-2.0
 * report.c: see report.h. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

const char *const dut_names[DUTS] = {"model", "rtl", "lockstep"};

/* Rows of the driver that --check watches; a row may have several rules, told apart behind its id. */
static const char *const ruled[] = {
#define RULE(row, section, level, text) #row,
#include "check/rules.def"
#undef RULE
};

static void count_row(struct report_counts *c, const struct row *row)
{
	bool ran = false, failed = false;

	for (unsigned d = 0; d < DUTS; d++) {
		ran |= row->result[d] != ROW_NOT_RUN;
		failed |= row->result[d] == ROW_FAILED;
	}
	c->rows++;
	c->failed += failed;
	c->passed += ran && !failed;
	c->missing += row->test == NULL;
	c->not_applicable += row->test != NULL && row->test->test == NULL;
}

struct report_counts report_count(const struct rows *rows, const char *slug)
{
	struct report_counts c = {0};

	for (unsigned i = 0; i < rows->count; i++)
		if (row_is_device(&rows->row[i]) && (slug == NULL || strcmp(slug, rows->row[i].slug) == 0))
			count_row(&c, &rows->row[i]);
	return c;
}

/* The first device row of its area. */
static bool opens_area(const struct rows *rows, unsigned at)
{
	if (!row_is_device(&rows->row[at]))
		return false;
	for (unsigned i = 0; i < at; i++)
		if (row_is_device(&rows->row[i]) && strcmp(rows->row[i].slug, rows->row[at].slug) == 0)
			return false;
	return true;
}

static void area_line(FILE *f, const char *fmt, const char *name, const struct report_counts *c)
{
	fprintf(f, fmt, name, c->rows, c->passed, c->failed, c->not_applicable, c->missing);
}

static void area_lines(FILE *f, const struct rows *rows, const char *slug, const char *fmt)
{
	for (unsigned i = 0; i < rows->count; i++) {
		const struct report_counts c = report_count(rows, rows->row[i].slug);

		if (opens_area(rows, i) && (slug == NULL || strcmp(slug, rows->row[i].slug) == 0))
			area_line(f, fmt, f == stdout ? rows->row[i].slug : rows->row[i].area, &c);
	}
}

void report_print(const struct rows *rows, const char *slug)
{
	printf("%-48s %5s %6s %6s %5s %7s\n", "area", "rows", "passed", "failed", "n/a", "missing");
	area_lines(stdout, rows, slug, "%-48s %5u %6u %6u %5u %7u\n");
}

static bool is_ruled(const char *id)
{
	for (unsigned i = 0; i < sizeof ruled / sizeof ruled[0]; i++) {
		size_t n = strlen(id);
		const char *rule = ruled[i], *dash = strchr(id, '-');
		const size_t word = (size_t)(dash - id);

		if (strncmp(rule, id, word) == 0 && rule[word] == '_' &&
		    strncmp(rule + word + 1, dash + 1, n - word - 1) == 0 && (rule[n] == 0 || rule[n] == '_'))
			return true;
	}
	return false;
}

/* "not watched: REASON", from the line `id, tab, kind, tab, reason`. */
static void unwatched_cell(FILE *f, const char *id, const char *unwatched)
{
	const size_t n = strlen(id);
	const char *line = unwatched;

	while (line != NULL && !(strncmp(line, id, n) == 0 && line[n] == '\t'))
		line = strchr(line, '\n') != NULL ? strchr(line, '\n') + 1 : NULL;
	if (line == NULL)
		sim_die("conformance: driver row %s has neither a rule nor a line in unwatched.tsv", id);
	line = strchr(line + n + 1, '\t') + 1;
	fprintf(f, "not watched: %.*s | | |\n", (int)strcspn(line, "\n"), line);
}

static void row_line(FILE *f, const struct row *row, const char *unwatched)
{
	static const char *const words[] = {"not run", "pass", "**FAIL**"};

	fprintf(f, "| %s | %s | %s | ", row->id, row->section, row->level);
	if (!row_is_device(row) && is_ruled(row->id))
		fprintf(f, "driver: checked by `--check` | | |\n");
	else if (!row_is_device(row))
		unwatched_cell(f, row->id, unwatched);
	else if (row->test == NULL)
		fprintf(f, "no test yet | | |\n");
	else if (row->test->test == NULL)
		fprintf(f, "not applicable: %s | | |\n", row->test->reason);
	else
		fprintf(f, "%s | %s | %s |\n", words[row->result[0]], words[row->result[1]], words[row->result[2]]);
}

static void write_intro(FILE *f)
{
	fputs("<!-- Printed by `make conformance`; do not edit. -->\n\n"
	      "# Conformance to virtio 1.2\n\n"
	      "One row for each requirement of `tests/conformance/rows.tsv`, which has their texts. A row of the "
	      "device has\n"
	      "a directed test of its own in `tests/conformance/`, run on the C model, on the RTL, and on both in "
	      "lockstep. "
	      "A row of\n"
	      "the driver is a rule of the monitor that `--check` turns on, or is not watched, with the reason.\n"
	      "One row again: `build/conformance --row ID`.\n\n"
	      "| area | rows of the device | passed | failed | not applicable | no test yet |\n"
	      "|---|---|---|---|---|---|\n",
	      f);
}

void report_write(const struct rows *rows, const char *path, const char *unwatched)
{
	const struct report_counts all = report_count(rows, NULL);
	const char *fmt = "| %s | %u | %u | %u | %u | %u |\n", *area = "";
	char *lines = rows_read_file(unwatched);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		sim_die("cannot create %s: %s", path, strerror(errno));
	write_intro(f);
	area_lines(f, rows, NULL, fmt);
	area_line(f, fmt, "all", &all);
	for (unsigned i = 0; i < rows->count; i++) {
		if (strcmp(area, rows->row[i].area) != 0) {
			area = rows->row[i].area;
			fprintf(f,
				"\n## %s\n\n| row | section | level | model | rtl | lockstep "
				"|\n|---|---|---|---|---|---|\n",
				area);
		}
		row_line(f, &rows->row[i], lines);
	}
	free(lines);
	if (fclose(f) != 0)
		sim_die("cannot write %s: %s", path, strerror(errno));
}
