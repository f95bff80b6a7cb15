/* SPDX-License-Identifier: Apache-2.0
 * vdev.h: the device under test, and everything that drives its pins: registers, DRAM, disk.
 *
 * vdev owns the clock of the device. It runs a clock at a time, or leaves out the clocks in which nothing can change: the
 * device says idle, nothing around it is in progress, and its input pins are those of the clock before.
 */
#ifndef SOC_VDEV_H
#define SOC_VDEV_H

#include <stdbool.h>
#include <stdint.h>
#include "backend/disk.h"
#include "dram/axi_mem.h"
#include "dut/dut.h"
#include "record.h"
#include "soc/vdev_straps.h"
#include "trace/activity.h"
#include "trace/events.h"
#include "trace/meter.h"
#include "trace/wave.h"

struct vdev_config {
	struct dut *dut; /* in reset; owned by vdev from now on */
	struct axi_mem_config memory;
	struct disk_config disk;
	uint64_t features; /* offered: strap_features */
	struct vdev_straps straps;
	unsigned axil_stall_per_1024;
	uint64_t seed;
	bool idle_skip;
	bool activity;         /* count what the clocks are used for */
	bool trace;            /* keep the last events, even without log and wave */
	FILE *log;             /* event log or NULL; owned by the caller, as are wave and record */
	struct wave *wave;     /* or NULL */
	struct record *record; /* or NULL */
	/* Before a clock goes to the wave: tell it pc and function. May be NULL. */
	void (*before_wave)(void *ctx, struct wave *wave);
	/* DMA wrote here. May be NULL. */
	void (*dma_written)(void *ctx, uint64_t addr, uint64_t len);
	void *ctx;
};

struct vdev;
struct stream;

struct vdev *vdev_new(const struct vdev_config *config);
void vdev_free(struct vdev *v);

/* Power-on reset of the device and what is around it; cycle goes on counting. */
void vdev_reset(struct vdev *v);

/* Between two clocks, without a failure: the device and all that is around it, but for the bytes of memory and disk, and what
 * was injected. Into a device of the same configuration; the event log may be left out when it is restored. */
void vdev_state(struct vdev *v, struct stream *s);

/* Bring the device to this clock, which must not be behind it. Stops at a failure. */
void vdev_advance(struct vdev *v, uint64_t cycle);

/* Clocks that ran or were left out. */
uint64_t vdev_cycle(const struct vdev *v);
/* Clocks that were left out. */
uint64_t vdev_skipped(const struct vdev *v);
/* No clock can change anything until vdev_start. */
bool vdev_quiet(const struct vdev *v);
/* Nothing around the device is in progress: no register access, no memory, no disk, which may be stopped. */
bool vdev_around_idle(const struct vdev *v);
bool vdev_irq(const struct vdev *v);

/* One register access of 32 bits, offset a multiple of 4 below 0x1000; strb 0 reads. It is over when vdev_answered says
 * true after a vdev_clock: *ok: the response was OKAY; *data: what was read, unless data is NULL. */
void vdev_start(struct vdev *v, uint16_t offset, uint32_t data, uint8_t strb);
bool vdev_answered(struct vdev *v, uint32_t *data, bool *ok);
/* Run one clock, whether anything can change or not. */
void vdev_clock(struct vdev *v);

/* Why the run must stop: a lockstep difference ("lockstep"), or the sentence of a broken bus rule; NULL: go on. */
const char *vdev_failure(const struct vdev *v);

struct dut *vdev_dut(struct vdev *v);
struct axi_mem *vdev_memory(struct vdev *v);
struct disk *vdev_disk(struct vdev *v);
const struct events *vdev_events(const struct vdev *v); /* NULL without trace, log and wave */
/* Hands every event to tap, with its text; only with trace, log or wave. NULL stops that. */
void vdev_set_tap(struct vdev *v, events_tap_fn *tap, void *ctx);
const struct meter *vdev_meter(const struct vdev *v);
const struct activity *vdev_activity(const struct vdev *v); /* zeros unless activity is asked for */

#endif
