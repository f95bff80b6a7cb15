/* SPDX-License-Identifier: Apache-2.0
 * devices.c: see devices.h.
 */
#define _XOPEN_SOURCE 700
#include "devices.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lockstep.h"
#include "sim.h"

enum { SEEDS = 3 }; /* that a device takes: memory, disk, registers */

struct dut *devices_open_dut(enum dut_kind kind)
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

/* Two devices on one image would each write over what the other believes to be there. */
static void refuse_shared(const struct devices *d, const struct options *o, unsigned n, const struct stat *st)
{
	struct stat other;

	for (unsigned i = 0; i < n; i++)
		if (fstat(d->fd[i], &other) == 0 && other.st_dev == st->st_dev && other.st_ino == st->st_ino &&
		    !(o->devices[i].drive->readonly && o->devices[n].drive->readonly) && !o->snapshot)
			sim_die("%s: is the image of drives '%s' and '%s', and not read-only",
				o->devices[n].drive->file, o->devices[i].drive_id, o->devices[n].drive_id);
}

/* Opens image n; gives its size in bytes. */
static uint64_t open_image(struct devices *d, const struct options *o, unsigned n)
{
	const struct drive *drive = o->devices[n].drive;
	struct stat st;

	d->fd[n] = open(drive->file, (drive->readonly || o->snapshot ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (d->fd[n] < 0 || fstat(d->fd[n], &st) != 0)
		sim_die("%s: %s", drive->file, strerror(errno));
	if (!S_ISREG(st.st_mode))
		sim_die("%s: not a regular file", drive->file);
	if (st.st_size == 0)
		sim_die("%s: the disk is empty", drive->file);
	refuse_shared(d, o, n, &st);
	if (st.st_size % 512)
		fprintf(stderr, "ringwalk: warning: %s: %llu bytes is no multiple of 512: padded with zeros\n",
			drive->file, (unsigned long long)st.st_size);
	return (uint64_t)st.st_size;
}

static void open_device(struct devices *d, const struct options *o, unsigned n, uint8_t *dram)
{
	const struct device *device = &o->devices[n];
	const struct drive *drive = device->drive;
	uint64_t read_only = (uint64_t)drive->readonly << 5; /* BLK_RO */
	uint64_t seed = o->seed + SEEDS * n, size = open_image(d, o, n);

	d->config[n] = (struct vdev_config){
		.dut = devices_open_dut(o->dut),
		.memory = {.base = MAP_DRAM,
			   .size = o->dram_size,
			   .bytes = dram,
			   .read_latency = (unsigned)o->read_latency,
			   .write_latency = (unsigned)o->write_latency,
			   .outstanding = (unsigned)o->outstanding,
			   .stall_per_1024 = (unsigned)o->stalls,
			   .reorder = o->stalls != 0,
			   .seed = seed},
		.disk = {.fd = d->fd[n],
			 .size = size,
			 .readonly = drive->readonly,
			 .snapshot = o->snapshot,
			 .latency = (unsigned)o->disk_latency,
			 .stall_per_1024 = (unsigned)o->stalls,
			 .seed = seed + 1,
			 .serial = device->serial},
		.features = device->features | read_only,
		.straps = device->straps,
		.axil_stall_per_1024 = (unsigned)o->stalls,
		.seed = seed + 2,
		.idle_skip = !o->no_idle_skip,
		.activity = o->profile,
		/* One who restores may want a log: it needs to know the rings, and what is in flight. */
		.trace = o->dut == DUT_LOCKSTEP || o->checkpoint || o->gdb,
	};
}

static void open_outputs(struct vdev_config *first, const struct options *o)
{
	struct wave_config config = {.name_a = o->dut == DUT_RTL ? "rtl" : "model",
				     .name_b = o->dut == DUT_LOCKSTEP ? "rtl" : NULL};

	if (o->trace) {
		first->log = fopen(o->trace, "w");
		if (!first->log)
			sim_die("%s: %s", o->trace, strerror(errno));
	}
	if (o->wave) {
		config.model = dut_vio(o->dut == DUT_LOCKSTEP ? lockstep_model(first->dut) : first->dut);
		first->wave = wave_open(o->wave, &config);
	}
	if (o->record)
		first->record = record_open(o->record, o->seed, o->command);
}

void devices_open(struct devices *d, const struct options *o, uint8_t *dram)
{
	if (!o->device_count && (o->trace || o->wave || o->record || o->check))
		sim_die("-trace, -wave, -record and -check need a -device");
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of that write */
	for (d->count = 0; d->count < o->device_count; d->count++)
		open_device(d, o, d->count, dram);
	open_outputs(&d->config[0], o);
}

static void inject(const struct options *o, struct vdev *v)
{
	for (unsigned i = 0; i < o->inject_count; i++) {
		const struct inject *f = &o->injects[i];
		bool ok = f->kind == INJECT_DISK_ERROR ? disk_fault(vdev_disk(v), f->at, ~0u)
						       : axi_mem_fault(vdev_memory(v), f->at, f->len, true, true);

		if (!ok)
			sim_die("-inject: too many faults");
	}
}

void devices_inject(const struct options *o, struct soc *soc)
{
	for (unsigned i = 0; i < soc->device_count; i++)
		inject(o, soc->devices[i]);
}

bool devices_host_failed(const struct soc *soc)
{
	for (unsigned i = 0; i < soc->device_count; i++)
		if (disk_host_failed(vdev_disk(soc->devices[i])))
			return true;
	return false;
}

void devices_close_outputs(struct devices *d, const struct options *o)
{
	struct vdev_config *first = &d->config[0];
	bool failed;

	if (first->wave)
		wave_close(first->wave);
	if (first->record)
		record_close(first->record);
	if (first->log) {
		failed = ferror(first->log);
		if (fclose(first->log) != 0 || failed)
			sim_die("%s: could not be written", o->trace);
	}
}

void devices_close(struct devices *d)
{
	for (unsigned i = 0; i < d->count; i++)
		close(d->fd[i]);
}
