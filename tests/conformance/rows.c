/* SPDX-License-Identifier: Apache-2.0
 * rows.c: see rows.h. */
#include "rows.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

enum { TABLES = 64, COLUMNS = 8 };

static struct {
	const struct row_test *tests;
	unsigned count;
} tables[TABLES];
static unsigned table_count;

void rows_register(const struct row_test *tests, unsigned count)
{
	if (table_count == TABLES)
		sim_die("conformance: more than %d files with rows", TABLES);
	tables[table_count].tests = tests;
	tables[table_count++].count = count;
}

char *rows_read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (f == NULL)
		sim_die("cannot read %s: %s", path, strerror(errno));
	if (getdelim(&text, &size, '\0', f) < 0)
		sim_die("cannot read %s: it is empty", path);
	fclose(f);
	return text;
}

static void make_slug(char *slug, size_t size, const char *area)
{
	size_t n = 0;

	for (; *area != 0 && *area != '(' && n + 1 < size; area++)
		if (isalnum((unsigned char)*area))
			slug[n++] = (char)tolower((unsigned char)*area);
		else if (n > 0 && slug[n - 1] != '-')
			slug[n++] = '-';
	slug[n > 0 && slug[n - 1] == '-' ? n - 1 : n] = 0;
}

static void parse(struct row *row, char *line, const char *path)
{
	char *column[COLUMNS];

	for (unsigned i = 0; i < COLUMNS; i++) {
		column[i] = strsep(&line, "\t");
		if (column[i] == NULL)
			sim_die("%s: a line has no %d columns: %s", path, COLUMNS, column[0]);
	}
	*row = (struct row){.id = column[0],
			    .area = column[1],
			    .section = column[2],
			    .level = column[3],
			    .text = column[4],
			    .side = column[6]};
	make_slug(row->slug, sizeof row->slug, row->area);
}

/* STAT_01 in C is STAT-01 in the table. */
static bool same_id(const char *in_c, const char *in_table)
{
	for (; *in_c != 0; in_c++, in_table++)
		if (*in_table != (*in_c == '_' ? '-' : *in_c))
			return false;
	return *in_table == 0;
}

static void give_test(struct rows *rows, const struct row_test *test)
{
	struct row *row = NULL;

	for (unsigned i = 0; i < rows->count && row == NULL; i++)
		if (same_id(test->id, rows->row[i].id))
			row = &rows->row[i];
	if (row == NULL || !row_is_device(row))
		sim_die("conformance: %s is no row of the device", test->id);
	if (row->test != NULL)
		sim_die("conformance: %s has two tests", row->id);
	if (test->section != NULL && strcmp(test->section, row->section) != 0)
		sim_die("conformance: %s is of section %s, and its test says %s", row->id, row->section, test->section);
	row->test = test;
}

void rows_load(struct rows *rows, const char *path)
{
	char *rest, *line;

	rows->file = rows_read_file(path);
	rows->count = 0;
	rest = rows->file;
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) != NULL && *line != 0) {
		if (rows->count == ROWS_MAX)
			sim_die("%s: more than %d rows", path, ROWS_MAX);
		parse(&rows->row[rows->count++], line, path);
	}
	for (unsigned t = 0; t < table_count; t++)
		for (unsigned i = 0; i < tables[t].count; i++)
			give_test(rows, &tables[t].tests[i]);
}

void rows_free(struct rows *rows)
{
	free(rows->file);
}

bool row_is_device(const struct row *row)
{
	return strcmp(row->side, "device") == 0;
}
