/* SPDX-License-Identifier: Apache-2.0
 * soc.h: the machine: a hart, DRAM, CLINT, PLIC, UART, RTC, finisher and eight virtio slots, each of which may hold a device
 * under test.
 *
 * There is one clock, cpu->cycle. While a device can change, hart and devices run clock by clock; otherwise the hart
 * runs in batches up to the next event that it could notice. Both give the same run.
 */
#ifndef SOC_H
#define SOC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "check/check.h"
#include "console.h"
#include "cpu/cpu.h"
#include "soc/clint.h"
#include "soc/line.h"
#include "soc/map.h"
#include "soc/plic.h"
#include "soc/rtc.h"
#include "soc/uart.h"
#include "soc/vdev.h"
#include "symbols.h"

enum soc_end {
	SOC_RUNNING,
	SOC_FINISHED, /* by the finisher: code */
	SOC_DEVICE,   /* the one in slot `failed`: see vdev_failure */
	SOC_HUNG,     /* the same: a register access was not answered in SOC_ACCESS_LIMIT clocks */
	SOC_MAX_CYCLES,
	SOC_STUCK,       /* the hart waits for an interrupt that cannot come */
	SOC_LOST,        /* the hart traps, and its trap handler cannot be executed */
	SOC_HALTED,      /* a debugger stopped the hart: set SOC_RUNNING, and soc_run goes on as if nothing had been */
	SOC_INTERRUPTED, /* the user ended the run */
};

#define SOC_ACCESS_LIMIT 10000000ull
#define SOC_LOOK_CLOCKS 65536ull

/* Who looks at the run from outside, between two instructions. It may set soc->end and soc->halt, and nothing else of the
 * machine. */
struct soc_observer {
	void (*look)(
		void *ctx); /* every SOC_LOOK_CLOCKS clocks at least, and while the UART waits for input; or NULL */
	void (*stepped)(void *ctx); /* after every batch, which costs host time; or NULL */
	void *ctx;
};

struct soc;
struct stream;

struct soc_config {
	uint8_t *dram;                          /* zeroed, owned by the caller */
	uint64_t dram_size;                     /* bytes, a multiple of 4096 */
	uint64_t entry;                         /* pc after reset */
	uint64_t args[3];                       /* a0 to a2 after reset */
	const uint8_t *rom;                     /* what MAP_ROM starts with; owned by the caller; NULL: no ROM */
	unsigned rom_bytes;                     /* a multiple of 8 */
	void (*load)(void *ctx, uint8_t *dram); /* puts the images into DRAM, now and at every reset; may be NULL */
	void *ctx;
	/* By slot; NULL: empty. dma_written, before_wave and ctx are set here. */
	const struct vdev_config *devices[MAP_VIRTIO_SLOTS];
	uint64_t rtc_start;     /* seconds since 1970 in clock 0 */
	bool no_reboot;         /* a reset that the guest asks for ends the run with code 0 */
	uint64_t max_cycles;    /* 0: no limit */
	uint64_t alarm;         /* call alarmed at this clock, or right behind it, if the run goes on; 0: never */
	const char *alarm_line; /* ... and when the UART has sent this text within a line; NULL: never */
	void (*alarmed)(void *ctx, struct soc *soc);
	void *alarm_ctx;
	const char *stop_line, *fail_line; /* texts in a line that end the run with code 0, or with 1; or NULL */
	uint64_t batch;                    /* most clocks that the hart runs at once; 0: no limit */
	bool idle_skip;                    /* false: clock by clock, always */
	uint64_t tohost;                   /* htif.h: where the program has its variable; 0: it has none */
	struct console *console;           /* of the UART; or NULL */
	const struct symbols *symbols;     /* for the wave and the check; or NULL */
	bool check;                        /* watch the drivers of the devices */
	FILE *check_to;                    /* its findings, or NULL */
};

struct soc {
	enum soc_end end;
	unsigned failed; /* slot of the device that ended the run */
	uint32_t code;   /* the guest's: 0 pass */
	bool reset_due;  /* the guest asked for it */
	bool tohost_written;
	bool irqs_due;     /* an interrupt may have changed */
	uint64_t timer;    /* clock of the next interrupt of a timer or an alarm */
	uint64_t poll;     /* clock of the next look at the console */
	uint64_t shown_pc; /* of the instruction of this clock */

	/* Wiring: what is above, and what the parts have, is the state. */
	struct soc_config config;
	struct cpu *cpu;
	struct clint clint;
	struct plic plic;
	struct uart uart;
	struct rtc rtc;
	struct vdev *vdev[MAP_VIRTIO_SLOTS];    /* by slot, or NULL */
	struct check *check[MAP_VIRTIO_SLOTS];  /* likewise */
	struct vdev *devices[MAP_VIRTIO_SLOTS]; /* the same without holes */
	unsigned device_count;
	bool legacy;   /* they have the legacy interface, and so have empty slots */
	bool stepping; /* halt behind the next instruction, or before the first one of an interrupt's handler */
	bool halt;     /* at the end of this batch: SOC_HALTED */
	struct soc_observer observer;
	uint64_t look; /* clock of its next look */
	const char *shown_function;
	struct line line, stop_line, fail_line; /* alarm_line and those beside it */
	bool failed_line;                       /* fail_line came */
};

struct soc *soc_new(const struct soc_config *config);
void soc_free(struct soc *soc);

/* Runs until something ends the run. */
enum soc_end soc_run(struct soc *soc);

/* Between two instructions of a run that goes on: the whole machine, but for the images of its disks and what was injected. Into a
 * machine of the same configuration; it may have less to watch it (event log, monitors), but not more. */
void soc_state(struct soc *soc, struct stream *s);

/* With the hart halted: takes what somebody typed, who may have asked to quit: SOC_FINISHED. */
void soc_look_at_terminal(struct soc *soc);

/* With the hart halted: brings the machine to this clock, its interrupts up to date, and does a reset that is due. */
void soc_advance(struct soc *soc, uint64_t cycle);
/* With the hart halted: no clock can change anything but the timer. */
bool soc_quiet(const struct soc *soc);

/* cpu_bus of the machine: map.h. */
bool soc_load(void *soc, uint64_t addr, unsigned len, uint64_t *data);
bool soc_store(void *soc, uint64_t addr, unsigned len, uint64_t data);

#endif
