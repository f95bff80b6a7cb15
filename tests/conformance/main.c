/* SPDX-License-Identifier: Apache-2.0
 * main.c: runs the tests of rows.tsv on a device that has just been powered on, each on its own.
 *
 * A line for each row that failed, a table by area, and a summary as the last line. Exit status: 0; 1 when a row failed,
 * or with --strict when a row of the device has no test; 2 for a wrong option or a test that belongs to no row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockstep.h"
#include "report.h"
#include "sim.h"

static struct {
	const char *dut, *rows, *area, *table, *all_rows, *unwatched;
	bool list, strict;
} opt = {.dut = "all", .all_rows = "tests/conformance/rows.tsv", .unwatched = "tests/conformance/unwatched.tsv"};

static struct rows rows;
static struct rig rig;

static struct dut *open_lockstep(void)
{
	return lockstep_open(dut_open_model(), dut_open_rtl());
}

static void usage(void)
{
	puts("usage: conformance [--dut model|rtl|lockstep|all] [--row ID[,ID]] [--area NAME] [--list] [--table FILE] "
	     "[--strict]\n"
	     "  --row ID,...    only these rows of tests/conformance/rows.tsv\n"
	     "  --area NAME     only this area, by its name or as the table prints it\n"
	     "  --list          print the rows and their tests; run nothing\n"
	     "  --table FILE    write CONFORMANCE.md\n"
	     "  --strict        a row without a test is a failure");
	exit(0);
}

static const char *value(int argc, char **argv, int *i)
{
	if (*i + 1 >= argc)
		sim_die("%s needs a value (see --help)", argv[*i]);
	return argv[++*i];
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--dut") == 0)
			opt.dut = value(argc, argv, &i);
		else if (strcmp(argv[i], "--row") == 0)
			opt.rows = value(argc, argv, &i);
		else if (strcmp(argv[i], "--area") == 0)
			opt.area = value(argc, argv, &i);
		else if (strcmp(argv[i], "--table") == 0)
			opt.table = value(argc, argv, &i);
		else if (strcmp(argv[i], "--list") == 0)
			opt.list = true;
		else if (strcmp(argv[i], "--strict") == 0)
			opt.strict = true;
		else if (strcmp(argv[i], "--help") == 0)
			usage();
		else
			sim_die("unknown option %s (see --help)", argv[i]);
	}
	if (opt.table != NULL && (opt.rows != NULL || opt.area != NULL || strcmp(opt.dut, "all") != 0))
		sim_die("--table is for all rows on all devices");
}

/* The row is named in "ID,ID". */
static bool is_named(const char *names, const char *id)
{
	const size_t n = strlen(id);

	for (; names != NULL; names = strchr(names, ',') != NULL ? strchr(names, ',') + 1 : NULL)
		if (strncmp(names, id, n) == 0 && (names[n] == 0 || names[n] == ','))
			return true;
	return false;
}

static bool chosen(const struct row *row)
{
	return row_is_device(row) && (opt.rows == NULL || is_named(opt.rows, row->id)) &&
	       (opt.area == NULL || strcmp(opt.area, row->slug) == 0);
}

/* An area by its name becomes its slug; a wrong area or row is an error, not an empty run. */
static void check_choice(void)
{
	unsigned found = 0;

	for (unsigned i = 0; opt.area != NULL && i < rows.count; i++)
		if (strcmp(opt.area, rows.row[i].area) == 0)
			opt.area = rows.row[i].slug;
	for (unsigned i = 0; i < rows.count; i++)
		found += chosen(&rows.row[i]);
	if (found == 0)
		sim_die("no row of the device is chosen (see --list)");
	for (const char *name = opt.rows; name != NULL;
	     name = strchr(name, ',') != NULL ? strchr(name, ',') + 1 : NULL) {
		const int n = (int)strcspn(name, ",");

		for (found = 0; found < rows.count; found++)
			if (strlen(rows.row[found].id) == (size_t)n &&
			    strncmp(rows.row[found].id, name, (size_t)n) == 0 && row_is_device(&rows.row[found]))
				break;
		if (found == rows.count)
			sim_die("%.*s is no row of the device (see --list)", n, name);
	}
}

static bool run_on(unsigned d)
{
	return strcmp(opt.dut, "all") == 0 || strcmp(opt.dut, dut_names[d]) == 0;
}

static void run(struct row *row, unsigned d)
{
	static struct dut *(*const openers[DUTS])(void) = {dut_open_model, dut_open_rtl, open_lockstep};

	rig.open = openers[d];
	rig.setup = rig_usual();
	rig.checks = 0;
	rig.message[0] = 0;
	if (setjmp(rig.out) == 0) {
		rig_power_on(&rig);
		row->test->test(&rig);
		if (rig.checks == 0)
			rig_fail(&rig, NULL, 0, "the test checks nothing");
	}
	rig_free(&rig);
	row->result[d] = rig.message[0] == 0 ? ROW_PASSED : ROW_FAILED;
	if (rig.message[0] != 0)
		printf("FAIL %s on %s, section %s, %s: %s; again: build/conformance --dut %s --row %s\n", row->id,
		       dut_names[d], row->section, row->test->name, rig.message, dut_names[d], row->id);
	fflush(stdout);
}

static void list(void)
{
	for (unsigned i = 0; i < rows.count; i++) {
		const struct row *row = &rows.row[i];

		if (chosen(row))
			printf("%s\t%s\t%s\t%s\n", row->id, row->slug, row->section,
			       row->test == NULL         ? "missing"
			       : row->test->test == NULL ? row->test->reason
							 : row->test->name);
	}
}

/* What a choice of rows leaves out is not counted. */
static int summary(void)
{
	struct report_counts c = report_count(&rows, opt.area);

	if (opt.rows == NULL)
		report_print(&rows, opt.area);
	printf("conformance: ");
	if (opt.rows == NULL)
		printf("%u rows, ", c.rows);
	printf("%u passed, %u failed", c.passed, c.failed);
	if (opt.rows == NULL)
		printf(", %u not applicable, %u missing", c.not_applicable, c.missing);
	printf(" (%s)\n", strcmp(opt.dut, "all") == 0 ? "model, rtl, lockstep" : opt.dut);
	return c.failed != 0 || (opt.strict && opt.rows == NULL && c.missing != 0);
}

int main(int argc, char **argv)
{
	int status = 0;
	unsigned duts = 0;

	parse(argc, argv);
	rows_load(&rows, opt.all_rows);
	check_choice();
	for (unsigned d = 0; d < DUTS; d++)
		duts += run_on(d);
	if (duts == 0)
		sim_die("unknown device %s (see --help)", opt.dut);
	if (opt.list) {
		list();
	} else {
		for (unsigned i = 0; i < rows.count; i++)
			for (unsigned d = 0; d < DUTS; d++)
				if (chosen(&rows.row[i]) && rows.row[i].test != NULL &&
				    rows.row[i].test->test != NULL && run_on(d))
					run(&rows.row[i], d);
		status = summary();
		if (opt.table != NULL)
			report_write(&rows, opt.table, opt.unwatched);
	}
	rows_free(&rows);
	return status;
}
