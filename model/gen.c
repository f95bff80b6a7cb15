/* SPDX-License-Identifier: Apache-2.0
 * gen.c: prints what cannot include the tables of def/: `make gen` runs it, `make check-gen` proves its
 * output fresh.
 *
 *   gen vh              Verilog macros                               rtl/gen/vio_defs.vh
 *   gen fifos           a Verilog instance of every FIFO             rtl/gen/vio_fifos.vh
 *   gen svd             the register map as CMSIS-SVD                rtl/gen/ringwalk.svd
 *   gen readme FILE     FILE with the tables between its `<!-- gen:NAME -->` and `<!-- /gen -->` lines made
 * anew
 *
 * All print to standard output. Exit status 2 when FILE cannot be read or names a table that does not exist.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 4096 };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	const char *name;
	int value;
	const char *what;
} params[] = {
#define PARAM(name, value, what) {#name, value, what},
#include "def/params.def"
#undef PARAM
};

static const struct {
	const char *name;
	unsigned bit;
	const char *what;
} features[] = {
#define FEATURE(name, bit, what) {#name, bit, what},
#include "def/features.def"
#undef FEATURE
};

static const struct {
	const char *name;
	unsigned code;
	const char *what;
} errors[] = {
#define ERROR(name, code, what) {#name, code, what},
#include "def/errors.def"
#undef ERROR
};

static const struct {
	const char *name;
	unsigned offset;
	const char *access;
	unsigned reset;
	const char *what;
} regs[] = {
#define REG(name, offset, access, reset, what) {#name, offset, #access, reset, what},
#include "def/regs.def"
#undef REG
};

static const struct {
	const char *name;
	const char *direction;
	unsigned width;
} pins[] = {
#define PIN_IN(ctype, name, width) {#name, "in", width},
#define PIN_OUT(ctype, name, width) {#name, "out", width},
#include "def/pins.def"
#undef PIN_IN
#undef PIN_OUT
};

/* A unit's line comes before its states: name is NULL there. */
static const struct {
	const char *unit;
	const char *name;
} states[] = {
#define UNIT(unit) {#unit, NULL},
#define STATE(unit, name) {#unit, #name},
#include "def/states.def"
#undef UNIT
#undef STATE
};

/* A payload's end has no field. */
static const struct {
	const char *payload;
	const char *field;
	unsigned width;
} fields[] = {
#define PAYLOAD(name)
#define FIELD(payload, field, width, ctype) {#payload, #field, width},
#define PAYLOAD_END(name) {#name, NULL, 0},
#include "def/payloads.def"
#undef PAYLOAD
#undef FIELD
#undef PAYLOAD_END
};

static const struct {
	const char *name;
	const char *payload;
	unsigned depth;
	const char *producer;
	const char *consumer;
	int kept;
} fifos[] = {
#define FIFO(name, payload, depth, producer, consumer) {#name, #payload, depth, #producer, #consumer, 0},
#define FIFO_KEPT(name, payload, depth, producer, consumer) {#name, #payload, depth, #producer, #consumer, 1},
#include "def/fifos.def"
};

/* Verilog */

static void upper(const char *text)
{
	for (; *text; text++)
		putchar(toupper((unsigned char)*text));
}

static void vh_payloads(void)
{
	unsigned low = 0;

	puts("\n// Payloads: where each field lies in the entry of a FIFO.");
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (fields[i].field) {
			printf("`define %s_%s %u:%u\n", fields[i].payload, fields[i].field, low + fields[i].width - 1,
			       low);
			low += fields[i].width;
		} else {
			printf("`define %s_W %u\n", fields[i].payload, low);
			low = 0;
		}
	}
}

static void vh_states(void)
{
	unsigned ordinal = 0;

	puts("\n// States.");
	for (size_t i = 0; i < COUNT(states); i++) {
		if (!states[i].name) {
			ordinal = 0;
			continue;
		}
		fputs("`define S_", stdout);
		upper(states[i].unit);
		printf("_%s 4'd%u\n", states[i].name, ordinal++);
	}
}

static void print_vh(void)
{
	puts("// SPDX-License-Identifier: Apache-2.0");
	puts("// vio_defs.vh: the tables of model/def/ for Verilog. Printed by model/gen.c: `make gen`. Do "
	     "not edit.");
	puts("`ifndef VIO_DEFS_VH\n`define VIO_DEFS_VH\n\n// Parameters.");
	for (size_t i = 0; i < COUNT(params); i++)
		printf("`define VIO_%s %d\n", params[i].name, params[i].value);
	vh_payloads();
	vh_states();
	puts("\n// FIFO depths.");
	for (size_t i = 0; i < COUNT(fifos); i++)
		printf("`define %s_DEPTH %u\n", fifos[i].name, fifos[i].depth);
	puts("\n// Register offsets.");
	for (size_t i = 0; i < COUNT(regs); i++)
		printf("`define REG_%s 12'h%03x\n", regs[i].name, regs[i].offset);
	puts("\n// Feature bits.");
	for (size_t i = 0; i < COUNT(features); i++)
		printf("`define F_%s %u\n", features[i].name, features[i].bit);
	uint64_t known = 0;
	for (size_t i = 0; i < COUNT(features); i++)
		known |= 1ull << features[i].bit;
	printf("`define FEATURES_KNOWN 64'h%016" PRIx64 "\n", known);
	puts("\n// Error codes.");
	for (size_t i = 0; i < COUNT(errors); i++)
		printf("`define ERR_%s 8'd%u\n", errors[i].name, errors[i].code);
	puts("\n`endif");
}

/* FIFO f has the wires f_in, f_push, f_nf at its producer and f_out, f_pop, f_ne at its consumer. */
static void print_fifos(void)
{
	puts("// SPDX-License-Identifier: Apache-2.0");
	puts("// vio_fifos.vh: every FIFO of the device, included by vio.v. Printed by model/gen.c: `make gen`. Do "
	     "not edit.");
	for (size_t i = 0; i < COUNT(fifos); i++) {
		const char *f = fifos[i].name;

		printf("\n// %s -> %s\n", fifos[i].producer, fifos[i].consumer);
		printf("wire [`%s_W-1:0] %s_in, %s_out;\n", fifos[i].payload, f, f);
		printf("wire %s_push, %s_pop, %s_ne, %s_nf;\nwire [15:0] %s_level;\n", f, f, f, f, f);
		printf("fifo #(.WIDTH(`%s_W), .DEPTH(`%s_DEPTH)) fifo_%s (.clk(clk), .rst(rst), .i_clear(%s),\n",
		       fifos[i].payload, f, f, fifos[i].kept ? "1'b0" : "stop");
		printf("\t.i_push(%s_push), .i_data(%s_in), .i_pop(%s_pop), .o_data(%s_out), .o_ne(%s_ne),\n", f, f, f,
		       f, f);
		printf("\t.o_nf(%s_nf), .o_level(%s_level));\n", f, f);
	}
	fputs("\nwire any_ne = 1'b0", stdout);
	for (size_t i = 0; i < COUNT(fifos); i++)
		printf(" | %s_ne", fifos[i].name);
	puts(";");
}

/* CMSIS-SVD */

static void svd_text(const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", stdout);
			break;
		case '<':
			fputs("&lt;", stdout);
			break;
		default:
			putchar(*text);
		}
	}
}

static const char *svd_access(const char *access)
{
	return !strcmp(access, "R") ? "read-only" : !strcmp(access, "W") ? "write-only" : "read-write";
}

static void print_svd(void)
{
	puts("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	     "<!-- SPDX-License-Identifier: Apache-2.0. Printed by model/gen.c: `make gen`. Do not edit. "
	     "-->\n"
	     "<device schemaVersion=\"1.3\">\n"
	     "  <name>ringwalk</name>\n"
	     "  <version>1</version>\n"
	     "  <description>virtio-mmio block device</description>\n"
	     "  <addressUnitBits>8</addressUnitBits>\n"
	     "  <width>32</width>\n"
	     "  <size>32</size>\n"
	     "  <peripherals>\n"
	     "    <peripheral>\n"
	     "      <name>VIRTIO</name>\n"
	     "      <baseAddress>0x10008000</baseAddress>\n"
	     "      "
	     "<addressBlock><offset>0</offset><size>0x1000</size><usage>registers</usage></addressBlock>\n"
	     "      <registers>");
	for (size_t i = 0; i < COUNT(regs); i++) {
		printf("        <register>\n          <name>%s</name>\n          <description>", regs[i].name);
		svd_text(regs[i].what);
		printf("</description>\n          <addressOffset>0x%03x</addressOffset>\n          "
		       "<access>%s</access>\n"
		       "          <resetValue>0x%x</resetValue>\n        </register>\n",
		       regs[i].offset, svd_access(regs[i].access), regs[i].reset);
	}
	puts("      </registers>\n    </peripheral>\n  </peripherals>\n</device>");
}

/* README tables */

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
		printf("| `%s` | %s | %u |\n", pins[i].name, pins[i].direction, pins[i].width);
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

int main(int argc, char **argv)
{
	int status = 0;

	if (argc == 2 && !strcmp(argv[1], "vh")) {
		print_vh();
	} else if (argc == 2 && !strcmp(argv[1], "fifos")) {
		print_fifos();
	} else if (argc == 2 && !strcmp(argv[1], "svd")) {
		print_svd();
	} else if (argc == 3 && !strcmp(argv[1], "readme")) {
		status = print_readme(argv[2]);
	} else {
		fputs("usage: gen vh | fifos | svd | readme FILE\n", stderr);
		return 2;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "gen: standard output: %s\n", strerror(errno));
		return 2;
	}
	return status;
}
