/* SPDX-License-Identifier: Apache-2.0
 * gen_readme.c: a part of gen.c: the tables of the README. */

enum { MAX_LINE = 4096 };

static void table_registers(void)
{
	puts("| offset | register | access | after reset | |\n|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT(regs); i++)
		printf("| `0x%03x` | `%s` | %s | `0x%x` | %s |\n", regs[i].offset, regs[i].name, regs[i].access,
		       regs[i].reset, regs[i].what);
}

static void table_pins(void)
{
	puts("| pin | direction | bits |\n|---|---|---|");
	for (size_t i = 0; i < COUNT(pins); i++)
		printf("| `%s` | %s | %s |\n", pins[i].name, pins[i].direction,
		       pins[i].width + (strncmp(pins[i].width, "VIO_", 4) ? 0 : 4));
}

static unsigned payload_bits(const char *payload)
{
	unsigned bits = 0;

	for (size_t i = 0; i < COUNT(fields); i++)
		if (!strcmp(fields[i].payload, payload))
			bits += fields[i].width;
	return bits;
}

static void table_fifos(void)
{
	puts("| fifo | from | to | payload | bits | depth |\n|---|---|---|---|---|---|");
	for (size_t i = 0; i < COUNT(fifos); i++)
		printf("| `%s` | `%s` | `%s` | `%s` | %u | %u |\n", fifos[i].name, fifos[i].producer, fifos[i].consumer,
		       fifos[i].payload, payload_bits(fifos[i].payload), fifos[i].depth);
}

static void table_errors(void)
{
	puts("| code | error | |\n|---|---|---|");
	for (size_t i = 0; i < COUNT(errors); i++)
		printf("| %u | `%s` | %s |\n", errors[i].code, errors[i].name, errors[i].what);
}

static void table_features(void)
{
	puts("| bit | feature | |\n|---|---|---|");
	for (size_t i = 0; i < COUNT(features); i++)
		printf("| %u | `%s` | %s |\n", features[i].bit, features[i].name, features[i].what);
}

static void table_params(void)
{
	puts("| parameter | value | |\n|---|---|---|");
	for (size_t i = 0; i < COUNT(params); i++)
		printf("| `%s` | %d | %s |\n", params[i].name, params[i].value, params[i].what);
}

static void table_states(void)
{
	fputs("| unit | states |\n|---|---|", stdout);
	for (size_t i = 0; i < COUNT(states); i++) {
		if (states[i].name)
			printf(" `%s`", states[i].name);
		else
			printf("%s\n| `%s` |", i ? " |" : "", states[i].unit);
	}
	puts(" |");
}

static const struct {
	const char *name;
	void (*print)(void);
} tables[] = {
	{"registers", table_registers}, {"pins", table_pins},     {"fifos", table_fifos},   {"errors", table_errors},
	{"features", table_features},   {"params", table_params}, {"states", table_states},
};

/* Prints the table that a marker line names. False if the line is no marker. Leaves through exit for an
 * unknown name. */
static int print_marked(const char *line, const char *path)
{
	char name[32];

	if (sscanf(line, "<!-- gen:%31[a-z] -->", name) != 1)
		return 0;
	for (size_t i = 0; i < COUNT(tables); i++) {
		if (!strcmp(name, tables[i].name)) {
			tables[i].print();
			return 1;
		}
	}
	fprintf(stderr, "gen: %s: no table is called %s\n", path, name);
	exit(2);
}

static int print_readme(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[MAX_LINE];
	int inside = 0;

	if (!file) {
		fprintf(stderr, "gen: %s: %s\n", path, strerror(errno));
		return 2;
	}
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "<!-- /gen -->", 13))
			inside = 0;
		if (inside)
			continue;
		fputs(line, stdout);
		inside = print_marked(line, path);
	}
	fclose(file);
	if (inside) {
		fprintf(stderr, "gen: %s: a table has no <!-- /gen --> line\n", path);
		return 2;
	}
	return 0;
}
