/* SPDX-License-Identifier: Apache-2.0
 * main.c: the program ringwalk: builds the machine that the command line asks for, runs it, reports.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "attend.h"
#include "boot.h"
#include "console.h"
#include "checkpoint.h"
#include "devices.h"
#include "dtb.h"
#include "lockstep.h"
#include "options.h"
#include "profile.h"
#include "qtest.h"
#include "record.h"
#include "report.h"
#include "signature.h"
#include "sim.h"
#include "soc.h"
#include "soc/map.h"

/* What the run owns besides the machine. */
struct run {
	struct options options;
	struct boot boot;
	struct devices devices;
	struct console *console;
	struct attend *attend;
	struct profile *profile; /* or NULL */
	struct checkpoint *checkpoint;
	uint64_t from_cycle, from_instret; /* what was restored, which this run did not do */
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void load_images(void *ctx, uint8_t *dram)
{
	boot_load(ctx, dram);
}

static void write_checkpoint(void *ctx, struct soc *soc)
{
	(void)soc;
	checkpoint_write(((struct run *)ctx)->checkpoint);
}

/* Host errors that show only when all is written. */
static void close_outputs(struct run *run, struct soc *soc)
{
	devices_close_outputs(&run->devices, &run->options);
	if (run->options.stats)
		report_stats(run->options.stats, soc, &run->options);
	if (run->profile)
		profile_write(run->profile, soc);
	if (fflush(stdout) != 0 || ferror(stdout))
		sim_die("standard output: %s", strerror(errno));
}

/* Summaries of the monitors; whether a driver broke a MUST. */
static bool check_end(const struct soc *soc)
{
	bool broken = false;

	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		if (!soc->check[slot])
			continue;
		check_summary(soc->check[slot], stderr);
		broken |= check_findings(soc->check[slot], CHECK_MUST) != 0;
	}
	return broken;
}

static int finish(struct run *run, struct soc *soc, double elapsed)
{
	bool finished = soc->end == SOC_FINISHED;
	int status = !finished ? 1 : soc->code > 255 ? 255 : (int)soc->code;
	bool broken;

	if (soc->end == SOC_INTERRUPTED)
		status = attend_status();
	if (console_file(run->console) == stdout && soc->uart.last != '\n' && soc->uart.last != 0)
		putchar('\n');
	console_close(run->console);
	if (soc->failed_line)
		printf("guest: printed \"%s\" in cycle %llu\n", run->options.fail_line,
		       (unsigned long long)soc->cpu->cycle);
	if (!finished)
		report_failure(stdout, soc, &run->options);
	report_summary(stdout, soc);
	fflush(stdout); /* what follows is on stderr, and may go to the same file */
	broken = check_end(soc);
	close_outputs(run, soc);
	if (elapsed > 0)
		fprintf(stderr, "%.1f s, %.1f Mclocks/s, %.1f MIPS\n", elapsed,
			(double)(soc->cpu->cycle - run->from_cycle) / elapsed * 1e-6,
			(double)(cpu_instret(soc->cpu) - run->from_instret) / elapsed * 1e-6);
	if (status == 0 && run->options.check_strict && broken)
		status = 1;
	if (devices_host_failed(soc))
		status = 2;
	if (soc->end != SOC_INTERRUPTED && checkpoint_missed(run->checkpoint))
		sim_die("%s: the run ended at cycle %llu, before it was due", run->options.checkpoint,
			(unsigned long long)soc->cpu->cycle);
	return status;
}

static void profile_run(struct run *run, struct soc *soc)
{
	run->profile = profile_new(run->options.profile);
	profile_add(run->profile, run->boot.symbols);
	profile_start(run->profile, soc);
}

static struct soc_config machine_config(struct run *run, uint8_t *dram)
{
	const struct options *o = &run->options;
	struct soc_config config = {.dram = dram,
				    .dram_size = o->dram_size,
				    .entry = run->boot.entry,
				    .rom = run->boot.rom,
				    .rom_bytes = sizeof run->boot.rom,
				    .load = load_images,
				    .ctx = &run->boot,
				    .rtc_start = o->rtc_start,
				    .no_reboot = o->no_reboot,
				    .max_cycles = o->max_cycles,
				    .alarm = o->checkpoint_at,
				    .alarm_line = o->checkpoint_line,
				    .alarmed = write_checkpoint,
				    .alarm_ctx = run,
				    .idle_skip = !o->no_idle_skip,
				    .console = run->console,
				    .stop_line = o->stop_line,
				    .fail_line = o->fail_line,
				    .symbols = run->boot.symbols,
				    .tohost = run->boot.tohost,
				    .check = o->check,
				    .check_to = stderr};

	memcpy(config.args, run->boot.args, sizeof config.args);
	for (unsigned i = 0; i < o->device_count; i++)
		config.devices[o->devices[i].slot] = &run->devices.config[i];
	return config;
}

static int run_machine(struct run *run)
{
	const struct options *o = &run->options;
	uint8_t *dram = calloc(1, o->dram_size); /* the host gives pages as they are touched */
	struct signature signature = {0};
	struct soc_config config;
	struct soc *soc;
	double start;
	int status;

	if (!dram)
		sim_die("-m: the host has no %llu MiB of memory", (unsigned long long)o->dram_size >> 20);
	boot_open(&run->boot, o);
	run->attend = attend_new(o);
	if (o->signature)
		signature = signature_find(run->boot.symbols, o->bios ? o->bios : o->kernel, o->dram_size);
	devices_open(&run->devices, o, dram);
	run->console = console_open(o->serial, !o->qtest);
	config = machine_config(run, dram);
	soc = soc_new(&config);
	devices_inject(o, soc);
	run->checkpoint = checkpoint_new(o, soc, &run->devices);
	run->from_cycle = soc->cpu->cycle;
	run->from_instret = cpu_instret(soc->cpu);
	if (o->profile)
		profile_run(run, soc);
	start = seconds();
	if (o->qtest)
		qtest_run(soc, o->qtest);
	else
		attend_run(run->attend, soc);
	if (o->signature)
		signature_write(signature, dram, o->signature);
	status = finish(run, soc, seconds() - start);
	checkpoint_free(run->checkpoint);
	soc_free(soc);
	boot_close(&run->boot);
	devices_close(&run->devices);
	attend_free(run->attend);
	profile_free(run->profile);
	free(dram);
	return status;
}

static int run_dumpdtb(const struct options *o)
{
	struct boot boot;

	boot_open(&boot, o);
	dtb_dump(boot.dtb, o->dumpdtb);
	boot_close(&boot);
	return 0;
}

static int run_replay(const struct options *o)
{
	struct dut *dut = devices_open_dut(o->dut);
	struct record_result result = record_replay(o->replay, dut);

	if (result.mismatch) {
		report_mismatch(stdout, lockstep_mismatch(dut), result.cycles - 1);
		printf("again: %s\n", o->command);
	}
	printf("%s: %llu cycles replayed, pins %016llx", dut->ops->name, (unsigned long long)result.cycles,
	       (unsigned long long)result.pins_hash);
	if (o->dut == DUT_LOCKSTEP)
		printf(", %d mismatches", result.mismatch);
	putchar('\n');
	dut->ops->close(dut);
	if (fflush(stdout) != 0)
		sim_die("standard output: %s", strerror(errno));
	return result.mismatch ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct run run = {0};
	int status;

	options_parse(&run.options, argc, argv);
	if (run.options.dumpdtb)
		status = run_dumpdtb(&run.options);
	else
		status = run.options.replay ? run_replay(&run.options) : run_machine(&run);
	options_free(&run.options);
	return status;
}
