/* SPDX-License-Identifier: Apache-2.0
 * gen.c: prints what cannot include the tables of def/: `make gen` runs it, `make check-gen` proves its
 * output fresh.
 *
 *   gen params          parameters as C macros                       model/vio_params.h
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
#include "gen_tables.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#include "gen_verilog.c"
#include "gen_readme.c"

/* C */

static void print_params(void)
{
	puts("/* SPDX-License-Identifier: Apache-2.0\n"
	     " * vio_params.h: the parameters of def/params.def as VIO_<name>, and VIO_HAS_<name> for each feature of\n"
	     " * def/features.def. Printed by model/gen.c: `make gen`. Do not edit. Those with #ifndef may be set:\n"
	     " * -DVIO_QUEUES=1. */\n"
	     "#ifndef VIO_PARAMS_H\n#define VIO_PARAMS_H\n");
	for (size_t i = 0; i < COUNT(params); i++)
		if (params[i].open)
			printf("#ifndef VIO_%s\n#define VIO_%s %s\n#endif\n", params[i].name, params[i].name,
			       params[i].text);
		else
			printf("#define VIO_%s (%s)\n", params[i].name, params[i].text);
	puts("");
	for (size_t i = 0; i < COUNT(features); i++)
		printf("#ifndef VIO_HAS_%s\n#define VIO_HAS_%s 1\n#endif\n", features[i].name, features[i].name);
	puts("\n#endif");
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

int main(int argc, char **argv)
{
	int status = 0;

	if (argc == 2 && !strcmp(argv[1], "params")) {
		print_params();
	} else if (argc == 2 && !strcmp(argv[1], "vh")) {
		print_vh();
	} else if (argc == 2 && !strcmp(argv[1], "fifos")) {
		print_fifos();
	} else if (argc == 2 && !strcmp(argv[1], "svd")) {
		print_svd();
	} else if (argc == 3 && !strcmp(argv[1], "readme")) {
		status = print_readme(argv[2]);
	} else {
		fputs("usage: gen params | vh | fifos | svd | readme FILE\n", stderr);
		return 2;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "gen: standard output: %s\n", strerror(errno));
		return 2;
	}
	return status;
}
