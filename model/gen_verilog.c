/* SPDX-License-Identifier: Apache-2.0
 * gen_verilog.c: a part of gen.c: the tables as Verilog macros, and an instance of every FIFO. */

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
	for (size_t i = 0; i < COUNT(fifos); i++)
		printf("`define %s_DEPTH (`VIO_FIFO_MAX < %u ? `VIO_FIFO_MAX : %u)\n", fifos[i].name, fifos[i].depth,
		       fifos[i].depth);
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
