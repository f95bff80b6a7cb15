/* SPDX-License-Identifier: Apache-2.0
 * main.c: the program ringwalk: builds the machine that the command line asks for, runs it, reports.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "image.h"
#include "lockstep.h"
#include "options.h"
#include "qtest.h"
#include "record.h"
#include "report.h"
#include "sim.h"
#include "soc.h"
#include "soc/map.h"
#include "vio_params.h"

/* What the run owns besides the machine. */
struct run {
	struct options options;
	struct image *bios, *kernel;
	int disk_fd;
	uint64_t disk_size;
	FILE *log;
	struct wave *wave;
	struct record *record;
	struct dut *dut;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void open_disk(struct run *run)
{
	const struct drive *d = &run->options.drive;
	struct stat st;

	run->disk_fd = open(d->file, (d->readonly ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (run->disk_fd < 0)
		sim_die("%s: %s", d->file, strerror(errno));
	if (fstat(run->disk_fd, &st) != 0)
		sim_die("%s: %s", d->file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		sim_die("%s: not a regular file", d->file);
	if (st.st_size == 0)
		sim_die("%s: the disk is empty", d->file);
	run->disk_size = (uint64_t)st.st_size;
	if (run->disk_size % 512)
		fprintf(stderr, "ringwalk: warning: %s: %llu bytes is no multiple of 512: padded with zeros\n", d->file,
			(unsigned long long)run->disk_size);
}

static struct dut *open_dut(enum dut_kind kind)
{
	switch (kind) {
	case DUT_RTL:
		return dut_open_rtl();
	case DUT_LOCKSTEP:
		return lockstep_open(dut_open_model(), dut_open_rtl());
	case DUT_MODEL:
		break;
	}
	return dut_open_model();
}

static void open_outputs(struct run *run)
{
	const struct options *o = &run->options;
	struct wave_config config = {.name_a = o->dut == DUT_RTL ? "rtl" : "model",
				     .name_b = o->dut == DUT_LOCKSTEP ? "rtl" : NULL};

	if (!o->device_drive && (o->trace || o->wave || o->record || o->check))
		sim_die("-trace, -wave, -record and -check need a -device");
	if (o->trace) {
		run->log = fopen(o->trace, "w");
		if (!run->log)
			sim_die("%s: %s", o->trace, strerror(errno));
	}
	if (o->wave) {
		config.model = dut_vio(o->dut == DUT_LOCKSTEP ? lockstep_model(run->dut) : run->dut);
		run->wave = wave_open(o->wave, &config);
	}
	if (o->record)
		run->record = record_open(o->record, o->seed, o->command);
}

static struct vdev_config device_config(struct run *run, uint8_t *dram)
{
	const struct options *o = &run->options;
	uint64_t read_only = (uint64_t)o->drive.readonly << 5; /* BLK_RO */

	return (struct vdev_config){
		.dut = run->dut,
		.memory = {.base = MAP_DRAM,
			   .size = o->dram_size,
			   .bytes = dram,
			   .read_latency = (unsigned)o->read_latency,
			   .write_latency = (unsigned)o->write_latency,
			   .outstanding = (unsigned)o->outstanding,
			   .stall_per_1024 = (unsigned)o->stalls,
			   .reorder = o->stalls != 0,
			   .seed = o->seed},
		.disk = {.fd = run->disk_fd,
			 .size = run->disk_size,
			 .readonly = o->drive.readonly,
			 .latency = (unsigned)o->disk_latency,
			 .stall_per_1024 = (unsigned)o->stalls,
			 .seed = o->seed + 1,
			 .serial = o->serial},
		.features = o->features | read_only,
		.straps = o->straps,
		.axil_stall_per_1024 = (unsigned)o->stalls,
		.seed = o->seed + 2,
		.idle_skip = !o->no_idle_skip,
		.trace = o->dut == DUT_LOCKSTEP,
		.log = run->log,
		.wave = run->wave,
		.record = run->record,
	};
}

static void inject_faults(const struct options *o, struct vdev *v)
{
	for (unsigned i = 0; i < o->inject_count; i++) {
		const struct inject *f = &o->injects[i];
		bool ok = f->kind == INJECT_DISK_ERROR ? disk_fault(vdev_disk(v), f->at, ~0u)
						       : axi_mem_fault(vdev_memory(v), f->at, f->len, true, true);

		if (!ok)
			sim_die("-inject: too many faults");
	}
}

static void load_images(void *ctx, uint8_t *dram)
{
	struct run *run = ctx;

	if (run->kernel)
		image_load(run->kernel, dram);
	if (run->bios)
		image_load(run->bios, dram);
}

/* Host errors that show only when all is written. */
static void close_outputs(struct run *run, struct soc *soc)
{
	const char *trace = run->options.trace;
	bool failed;

	if (run->wave)
		wave_close(run->wave);
	if (run->record)
		record_close(run->record);
	if (run->log) {
		failed = ferror(run->log);
		if (fclose(run->log) != 0 || failed)
			sim_die("%s: could not be written", trace);
	}
	if (run->options.stats)
		report_stats(run->options.stats, soc, &run->options);
	if (fflush(stdout) != 0 || ferror(stdout))
		sim_die("standard output: %s", strerror(errno));
}

static int finish(struct run *run, struct soc *soc, double elapsed)
{
	bool finished = soc->end == SOC_FINISHED;
	int status = !finished ? 1 : soc->code > 255 ? 255 : (int)soc->code;

	if (soc->uart.last != '\n' && soc->uart.last != 0)
		putchar('\n');
	if (!finished)
		report_failure(stdout, soc, &run->options);
	report_summary(stdout, soc);
	if (soc->check)
		check_summary(soc->check, stderr);
	close_outputs(run, soc);
	if (elapsed > 0)
		fprintf(stderr, "%.1f s, %.1f Mclocks/s, %.1f MIPS\n", elapsed,
			(double)soc->cpu->cycle / elapsed * 1e-6, (double)cpu_instret(soc->cpu) / elapsed * 1e-6);
	if (status == 0 && run->options.check_strict && check_findings(soc->check, CHECK_MUST))
		status = 1;
	if (soc->vdev && disk_host_failed(vdev_disk(soc->vdev)))
		status = 2;
	return status;
}

static int run_machine(struct run *run)
{
	const struct options *o = &run->options;
	uint8_t *dram = calloc(1, o->dram_size); /* the host gives pages as they are touched */
	struct soc_config config = {.dram = dram,
				    .dram_size = o->dram_size,
				    .load = load_images,
				    .ctx = run,
				    .slot = o->slot,
				    .max_cycles = o->max_cycles,
				    .idle_skip = !o->no_idle_skip,
				    .uart_out = stdout,
				    .check = o->check,
				    .check_to = stderr,
				    .interactive = !o->qtest && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)};
	struct vdev_config device;
	const struct image *first;
	struct soc *soc;
	double start;
	int status;

	if (!dram)
		sim_die("-m: the host has no %llu MiB of memory", (unsigned long long)o->dram_size >> 20);
	if (o->bios)
		run->bios = image_open(o->bios, MAP_DRAM, o->dram_size);
	if (o->kernel)
		run->kernel = image_open(o->kernel, MAP_DRAM, o->dram_size);
	first = run->bios ? run->bios : run->kernel;
	config.entry = first ? image_entry(first) : MAP_DRAM;
	config.symbols = first ? image_symbols(first) : NULL;
	run->disk_fd = -1;
	if (o->device_drive) {
		open_disk(run);
		run->dut = open_dut(o->dut);
	}
	open_outputs(run);
	if (o->device_drive) {
		device = device_config(run, dram);
		config.device = &device;
	}
	soc = soc_new(&config);
	if (soc->vdev)
		inject_faults(o, soc->vdev);
	start = seconds();
	if (o->qtest)
		qtest_run(soc, o->qtest);
	else
		soc_run(soc);
	status = finish(run, soc, seconds() - start);
	soc_free(soc);
	image_free(run->bios);
	image_free(run->kernel);
	if (run->disk_fd >= 0)
		close(run->disk_fd);
	free(dram);
	return status;
}

static int run_replay(const struct options *o)
{
	struct dut *dut = open_dut(o->dut);
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
	status = run.options.replay ? run_replay(&run.options) : run_machine(&run);
	options_free(&run.options);
	return status;
}
