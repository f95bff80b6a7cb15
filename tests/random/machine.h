/* SPDX-License-Identifier: Apache-2.0
 * machine.h: a device with memory, disk and a register master around it, and no CPU: clocks, watches, logs, gives up.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "backend/disk.h"
#include "bus/axil.h"
#include "dram/axi_mem.h"
#include "dut/dut.h"
#include "record.h"
#include "sim.h"

enum { MACHINE_LINES = 16, MACHINE_LINE = 120 };

struct machine {
	struct dut *dut;
	struct axi_mem *mem;
	struct disk *disk;
	struct axil *axil;
	struct vio_in in;
	struct vio_in seen; /* pins of the last clock that the device ran */
	uint64_t cycle;
	uint64_t ticked;   /* clocks that were not skipped */
	uint64_t progress; /* clock of the last sign of progress, for the limit */
	uint64_t limit;    /* clocks without progress after which the device counts as hung */
	bool idle_skip;
	FILE *log;                               /* or NULL */
	struct record *record;                   /* or NULL */
	char lines[MACHINE_LINES][MACHINE_LINE]; /* the last lines of the log */
	uint64_t line_count;
	char error[400];                                 /* the first thing that was wrong; "" when nothing was */
	bool irq;                                        /* as of the clock before */
	void (*watch)(void *context, struct machine *m); /* after each clock that was not skipped */
	void (*command)(void *context, unsigned op, uint64_t sector, uint32_t len); /* the backend takes it */
	void *context;
};

/* A line "<cycle> <text>" of the event log; the last 16 are kept for the report. */
void machine_log(struct machine *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Only the first is kept. Everything goes on being callable, and returns soon. */
void machine_fail(struct machine *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline bool machine_failed(const struct machine *m)
{
	return m->error[0] != 0;
}

/* One clock. */
void machine_clock(struct machine *m);
/* Clocks until the device and everything around it are idle. */
void machine_settle(struct machine *m);
/* The device got something done: the limit starts anew. */
static inline void machine_progress(struct machine *m)
{
	m->progress = m->cycle;
}

/* Power-on reset of the device, whose surroundings are new. */
void machine_power_on(struct machine *m);
/* One register access, clocked to its end. */
uint32_t machine_read(struct machine *m, uint16_t addr);
void machine_write(struct machine *m, uint16_t addr, uint32_t value);

#endif
