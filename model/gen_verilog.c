/* SPDX-License-Identifier: Apache-2.0
 * gen_verilog.c: a part of gen.c: the tables as Verilog macros, and an instance of every FIFO. */

static void upper(const char *text)
{
	for (; *text; text++)
		putchar(toupper((unsigned char)*text));
}

/* A sum of widths: names, each with a + before it but the first, and what the numbers add up to. */
struct sum {
	char names[128];
	unsigned number;
};

static void add_width(struct sum *sum, const char *text, unsigned width)
{
	const size_t used = strlen(sum->names);

	if (strncmp(text, "VIO_", 4))
		sum->number += width;
	else
		snprintf(sum->names + used, sizeof sum->names - used, "%s`%s", used ? "+" : "", text);
}

/* The sum, and more. */
static void print_sum(const struct sum *sum, int more)
{
	const int number = (int)sum->number + more;

	fputs(sum->names, stdout);
	if (!*sum->names)
		printf("%d", number);
	else if (number)
		printf("%+d", number);
}

static void vh_payloads(void)
{
	struct sum low = {"", 0};

	puts("\n// Payloads: where each field lies in the entry of a FIFO.");
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct sum end = low;

		if (fields[i].field) {
			add_width(&end, fields[i].text, fields[i].width);
			printf("`define %s_%s ", fields[i].payload, fields[i].field);
			print_sum(&end, -1);
			putchar(':');
			print_sum(&low, 0);
			puts("");
			low = end;
		} else {
			printf("`define %s_W %s", fields[i].payload, *low.names ? "(" : "");
			print_sum(&low, 0);
			puts(*low.names ? ")" : "");
			low = (struct sum){"", 0};
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

/* Macros need a mark in Verilog: `VIO_DATA_W / 8. */
static void vh_expression(const char *text)
{
	const int number = !strstr(text, "VIO_");

	if (!number)
		putchar('(');
	for (; *text; text++) {
		if (!strncmp(text, "VIO_", 4))
			putchar('`');
		putchar(*text);
	}
	if (!number)
		putchar(')');
}

static void vh_params(void)
{
	puts("\n// Parameters. Those with `ifndef may be set: -DVIO_QUEUES=1.");
	for (size_t i = 0; i < COUNT(params); i++) {
		if (params[i].open)
			printf("`ifndef VIO_%s\n", params[i].name);
		printf("`define VIO_%s ", params[i].name);
		vh_expression(params[i].text);
		puts(params[i].open ? "\n`endif" : "");
	}
}

/* VIO_HAS_<feature> 0 leaves a feature out. */
static void vh_features(void)
{
	puts("\n// Feature bits. VIO_HAS_<name> may be set to 0: the device does not have the feature then.");
	for (size_t i = 0; i < COUNT(features); i++)
		printf("`define F_%s %u\n`ifndef VIO_HAS_%s\n`define VIO_HAS_%s 1\n`endif\n", features[i].name,
		       features[i].bit, features[i].name, features[i].name);
	fputs("`define FEATURES_KNOWN (64'd0", stdout);
	for (size_t i = 0; i < COUNT(features); i++)
		printf(" \\\n\t| (`VIO_HAS_%s != 0 ? 64'h%016" PRIx64 " : 64'd0)", features[i].name,
		       UINT64_C(1) << features[i].bit);
	puts(")");
}

static void print_vh(void)
{
	puts("// SPDX-License-Identifier: Apache-2.0");
	puts("// vio_defs.vh: the tables of model/def/ for Verilog. Printed by model/gen.c: `make gen`. Do "
	     "not edit.");
	puts("`ifndef VIO_DEFS_VH\n`define VIO_DEFS_VH");
	vh_params();
	vh_payloads();
	vh_states();
	puts("\n// FIFO depths.");
	for (size_t i = 0; i < COUNT(fifos); i++) {
		printf("`define %s_DEPTH (`VIO_FIFO_MAX < ", fifos[i].name);
		vh_expression(fifos[i].text);
		fputs(" ? `VIO_FIFO_MAX : ", stdout);
		vh_expression(fifos[i].text);
		puts(")");
	}
	puts("\n// Register offsets.");
	for (size_t i = 0; i < COUNT(regs); i++)
		printf("`define REG_%s 12'h%03x\n", regs[i].name, regs[i].offset);
	vh_features();
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
