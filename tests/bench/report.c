/* SPDX-License-Identifier: Apache-2.0
 * report.c: see report.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report.h"
#include "sim.h"

enum { MAX_ROWS = 256 };

struct row {
	char id[40];
	enum report_duts dut;
	double value, bar;
	enum report_bar kind;
};

struct report {
	struct row row[MAX_ROWS];
	unsigned rows;
};

struct report *report_new(void)
{
	return sim_alloc(sizeof(struct report));
}

void report_free(struct report *r)
{
	free(r);
}

void report_add(struct report *r, const char *id, enum report_duts dut, double value, enum report_bar kind, double bar)
{
	if (r->rows == MAX_ROWS)
		sim_die("bench: more than %d rows", MAX_ROWS);
	struct row *row = &r->row[r->rows++];

	snprintf(row->id, sizeof row->id, "%s", id);
	row->dut = dut;
	row->value = value;
	row->kind = kind;
	row->bar = bar;
}

static bool row_ok(const struct row *row)
{
	if (row->kind == REPORT_AT_LEAST)
		return row->value >= row->bar;
	return row->kind == REPORT_FREE || row->value <= row->bar;
}

bool report_ok(const struct report *r)
{
	for (unsigned n = 0; n < r->rows; n++) {
		if (!row_ok(&r->row[n]))
			return false;
	}
	return true;
}

/* One line: all values of the id that row n starts; gives the row after them. */
static unsigned print_line(const struct report *r, unsigned n)
{
	const struct row *first = &r->row[n];
	char cell[REPORT_DUTS][16] = {"-", "-", "-"}, bar[24] = "";
	bool ok = true;

	for (; n < r->rows && !strcmp(r->row[n].id, first->id); n++) {
		snprintf(cell[r->row[n].dut], sizeof cell[0], "%.3f", r->row[n].value);
		ok = ok && row_ok(&r->row[n]);
	}
	if (first->kind != REPORT_FREE)
		snprintf(bar, sizeof bar, "%s %.2f", first->kind == REPORT_AT_LEAST ? ">=" : "<=", first->bar);
	if (first->dut == REPORT_OTHER)
		printf("%-40s %19s   %-8s %s\n", first->id, cell[REPORT_OTHER], bar, ok ? "ok" : "FAIL");
	else
		printf("%-40s %9s %9s   %-8s %s\n", first->id, cell[REPORT_MODEL], cell[REPORT_RTL], bar,
		       first->kind == REPORT_FREE ? ""
		       : ok                       ? "ok"
						  : "FAIL");
	return n;
}

void report_print(const struct report *r)
{
	printf("%-40s %9s %9s   %-8s\n", "id", "model", "rtl", "bar");
	for (unsigned n = 0; n < r->rows;)
		n = print_line(r, n);
}

void report_write_json(const struct report *r, const char *path)
{
	static const char *const duts[REPORT_DUTS] = {"model", "rtl", "simulator"};
	FILE *f = fopen(path, "w");
	bool bad;

	if (!f)
		sim_die("cannot write %s", path);
	fputs("[\n", f);
	for (unsigned n = 0; n < r->rows; n++) {
		const struct row *row = &r->row[n];

		fprintf(f, "  {\"id\": \"%s\", \"dut\": \"%s\", \"value\": %.4f, \"bar\": ", row->id, duts[row->dut],
			row->value);
		if (row->kind == REPORT_FREE)
			fputs("null", f);
		else
			fprintf(f, "%.2f", row->bar);
		fprintf(f, ", \"ok\": %s}%s\n", row_ok(row) ? "true" : "false", n + 1 < r->rows ? "," : "");
	}
	fputs("]\n", f);
	bad = ferror(f);
	if (fclose(f) || bad)
		sim_die("cannot write %s", path);
}
