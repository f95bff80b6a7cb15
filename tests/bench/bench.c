/* SPDX-License-Identifier: Apache-2.0
 * bench.c: how fast device and simulator are; `make bench`, and with --what cpu `make bench-cpu`.
 *
 * Efficiency and latency count clocks and are the same on every machine; see device.h and beats.h for what
 * they are. The rows speed.* and cpu.* are ratios of times in this run. Ends with status 1 when a bar is
 * missed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"
#include "device.h"
#include "report.h"
#include "sim.h"
#include "speed.h"

static const char usage[] =
	"usage: bench [--what device|cpu] [--only PREFIX] [--dut model|rtl|both] [--json FILE] [--events FILE]\n"
	"             [--ringwalk FILE] [--firmware DIR]\n"
	"\n"
	"  --what WHICH     device: all but the rows that measure the CPU and boot Linux; cpu: those\n"
	"  --only PREFIX    only the rows whose id starts so, as eff.read or lat\n"
	"  --dut WHICH      device rows of one twin\n"
	"  --json FILE      where the rows go (build/bench.json)\n"
	"  --events FILE    event log of the device rows, to see where clocks go\n"
	"  --ringwalk FILE  the program that cpu.* measures (build/ringwalk)\n"
	"  --firmware DIR   where t_loop.elf and t_hello.elf are (build/firmware)\n";

struct options {
	const char *only, *json, *events, *ringwalk, *firmware;
	bool dut[2]; /* model, rtl */
	bool cpu;    /* the rows of the CPU and of booting */
};

static const struct device_row {
	const char *id;
	double (*measure)(const struct rig_config *config, device_open *open);
	enum report_bar kind;
	double bar;
	struct rig_config config; /* without a dut */
} device_rows[] = {
#define ROW(id, measure, kind, bar, ...) {id, device_##measure, REPORT_##kind, bar, {__VA_ARGS__}},
#include "rows.def"
};

static bool wanted(const struct options *o, const char *id)
{
	return !strncmp(id, o->only, strlen(o->only));
}

static void measure_device(const struct options *o, struct report *report, FILE *log)
{
	for (size_t n = 0; n < sizeof device_rows / sizeof device_rows[0]; n++) {
		const struct device_row *row = &device_rows[n];

		for (int which = 0; which < 2 && wanted(o, row->id); which++) {
			struct rig_config config = row->config;

			if (!o->dut[which])
				continue;
			config.log = log;
			report_add(report, row->id, which ? REPORT_RTL : REPORT_MODEL,
				   row->measure(&config, which ? dut_open_rtl : dut_open_model), row->kind, row->bar);
		}
	}
}

static void speed_rows(const struct options *o, struct report *report)
{
	struct speed s;

	if (!wanted(o, "speed.model_over_rtl") && !wanted(o, "speed.lockstep_over_rtl"))
		return;
	s = speed_measure();
	printf("clocks a second while busy: model %.2f M, rtl %.2f M, lockstep %.2f M\n", s.model_hz * 1e-6,
	       s.rtl_hz * 1e-6, s.lockstep_hz * 1e-6);
	report_add(report, "speed.model_over_rtl", REPORT_OTHER, s.model_over_rtl, REPORT_AT_LEAST, 5);
	report_add(report, "speed.lockstep_over_rtl", REPORT_OTHER, s.lockstep_over_rtl, REPORT_AT_MOST, 1.25);
}

static void cpu_rows(const struct options *o, struct report *report)
{
	static const char singlestep[] = "cpu.mips_over_singlestep", tcg[] = "cpu.mips_over_tcg";
	char loop[512], empty[512], stats[512];
	struct cpu_speed c;

	if (!wanted(o, singlestep) && !(o->cpu && wanted(o, tcg)))
		return;
	snprintf(loop, sizeof loop, "%s/t_loop.elf", o->firmware);
	snprintf(empty, sizeof empty, "%s/t_hello.elf", o->firmware);
	snprintf(stats, sizeof stats, "%s.stats", o->json);
	c = cpu_measure(o->ringwalk, loop, empty, stats);
	remove(stats);
	printf("instructions a second: ringwalk %.1f M, qemu -singlestep %.1f M, qemu %.1f M\n", c.ours_mips,
	       c.singlestep_mips, c.tcg_mips);
	report_add(report, singlestep, REPORT_OTHER, c.ours_mips / c.singlestep_mips, REPORT_AT_LEAST,
		   o->cpu ? 2.5 : 1);
	if (o->cpu)
		report_add(report, tcg, REPORT_OTHER, c.ours_mips / c.tcg_mips, REPORT_AT_LEAST, 0.12);
}

static void boot_rows(const struct options *o, struct report *report)
{
	static const double bars[BOOT_MACHINES] = {[BOOT_MODEL] = 4, [BOOT_RTL] = 5, [BOOT_LOCKSTEP] = 6};
	bool boots[BOOT_MACHINES] = {false};
	char id[BOOT_MACHINES][40];
	struct boot b;

	for (int m = BOOT_MODEL; m < BOOT_MACHINES; m++) {
		snprintf(id[m], sizeof id[m], "boot.%s_over_qemu", boot_names[m]);
		boots[m] = wanted(o, id[m]);
		boots[BOOT_QEMU] = boots[BOOT_QEMU] || boots[m];
	}
	b = boot_measure(boots);
	for (int m = 0; m < BOOT_MACHINES; m++) {
		if (boots[m])
			printf("Linux, to the self-test's last line: %s %.2f s\n", boot_names[m], b.seconds[m]);
	}
	for (int m = BOOT_MODEL; m < BOOT_MACHINES; m++) {
		if (boots[m])
			report_add(report, id[m], REPORT_OTHER, b.seconds[m] / b.seconds[BOOT_QEMU], REPORT_AT_MOST,
				   bars[m]);
	}
}

static void parse(struct options *o, int argc, char **argv)
{
	for (int n = 1; n < argc; n += 2) {
		const char *name = argv[n], *value = n + 1 < argc ? argv[n + 1] : NULL;

		if (!strcmp(name, "--help")) {
			fputs(usage, stdout);
			exit(0);
		}
		if (!value)
			sim_die("bench: %s needs a value, or is unknown; try --help", name);
		if (!strcmp(name, "--only"))
			o->only = value;
		else if (!strcmp(name, "--json"))
			o->json = value;
		else if (!strcmp(name, "--events"))
			o->events = value;
		else if (!strcmp(name, "--ringwalk"))
			o->ringwalk = value;
		else if (!strcmp(name, "--firmware"))
			o->firmware = value;
		else if (!strcmp(name, "--what") && (!strcmp(value, "device") || !strcmp(value, "cpu")))
			o->cpu = value[0] == 'c';
		else if (!strcmp(name, "--dut") &&
			 (!strcmp(value, "model") || !strcmp(value, "rtl") || !strcmp(value, "both"))) {
			o->dut[0] = value[0] != 'r';
			o->dut[1] = value[0] != 'm';
		} else
			sim_die("bench: unknown option %s %s; try --help", name, value);
	}
}

int main(int argc, char **argv)
{
	struct options o = {.only = "",
			    .json = "build/bench.json",
			    .ringwalk = "build/ringwalk",
			    .firmware = "build/firmware",
			    .dut = {true, true}};
	struct report *report = report_new();
	FILE *log = NULL;
	bool ok;

	parse(&o, argc, argv);
	if (o.events && !(log = fopen(o.events, "w")))
		sim_die("bench: cannot write %s", o.events);
	if (!o.cpu)
		measure_device(&o, report, log);
	if (!o.cpu && VIO_DATA_W == 64)
		speed_rows(&o, report);
	if (VIO_DATA_W == 64)
		cpu_rows(&o, report);
	if (o.cpu)
		boot_rows(&o, report);
	if (log && fclose(log))
		sim_die("bench: cannot write %s", o.events);
	report_print(report);
	report_write_json(report, o.json);
	ok = report_ok(report);
	report_free(report);
	return ok ? 0 : 1;
}
