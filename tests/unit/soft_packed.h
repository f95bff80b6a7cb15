/* SPDX-License-Identifier: Apache-2.0
 * soft_packed.h: a virtio-blk device with packed rings in software, from virtio 1.2, 2.8 and 5.2.6. It has the register pins
 * of a real one, but works on memory and disk at once and as a whole; and it can be told to do one thing wrong. */
#ifndef SOFT_PACKED_H
#define SOFT_PACKED_H

#include "dut/dut.h"
#include "sim.h"
#include "vio_params.h"

enum soft_wrong {
	SOFT_GOOD,
	SOFT_WRAP,         /* the wrong wrap counter in a used descriptor */
	SOFT_ID,           /* an id that nobody gave */
	SOFT_ID_OF_HEAD,   /* the id of the first descriptor, not that of the last */
	SOFT_LEN,          /* a len that is one too much */
	SOFT_PLACE,        /* a used descriptor one slot too far */
	SOFT_SKIP,         /* the chain's length is not skipped */
	SOFT_ADDR,         /* addr is overwritten */
	SOFT_RESERVED,     /* reserved flags in a used descriptor */
	SOFT_NO_WRITE,     /* no WRITE flag, though len is not 0 */
	SOFT_TWICE,        /* the same chain is used twice */
	SOFT_AHEAD,        /* looks past a slot that is not available */
	SOFT_TABLE_NEXT,   /* believes NEXT in a table */
	SOFT_ORDER,        /* out of order in spite of IN_ORDER */
	SOFT_NO_IRQ,       /* no interrupt */
	SOFT_IRQ,          /* an interrupt that the driver did not want */
	SOFT_EVENT_FLAGS,  /* reserved flags in the device's event structure */
	SOFT_NO_REARM,     /* notifications stay off */
	SOFT_NO_RECHECK,   /* the ring is not looked at again after they are on again */
	SOFT_KEEPS_PLACE,  /* positions and wrap counters outlive a reset of the queue */
	SOFT_WRITES_EVENT, /* writes to the driver's event structure */
	SOFT_WRONGS
};

enum { SOFT_QUEUES = VIO_QUEUES, SOFT_TAKEN = 16, SOFT_SEGMENTS = 2048 };

struct soft_segment {
	uint64_t addr;
	uint32_t len;
	bool write;
};

/* A chain that was taken and is not used yet. */
struct soft_chain {
	unsigned queue, slots, count;
	uint16_t id;
	struct soft_segment segments[SOFT_SEGMENTS];
};

struct soft_queue {
	uint64_t desc, driver, device;
	uint32_t num;
	bool ready, busy;
	uint32_t at, used; /* slots modulo twice the size */
	unsigned rearm;    /* clocks until notifications are on and the ring is looked at again; 0: not pending */
};

struct soft {
	struct dut dut;
	uint8_t *mem, *disk;
	uint64_t base;
	uint64_t capacity; /* sectors */
	const char *serial;
	enum soft_wrong wrong;
	struct sim_rng rng;
	uint64_t features;
	uint32_t regs[1024];
	uint32_t isr, status;
	unsigned raise; /* clocks until the interrupt comes: no real device has asked the driver earlier */
	struct soft_queue queues[SOFT_QUEUES];
	struct soft_chain taken[SOFT_TAKEN];
	unsigned count;
	bool aw, w;
	uint16_t addr;
	uint32_t data;
};

/* What it has: VERSION_1, RING_PACKED, and what goes with rings. */
uint64_t soft_features(void);
void soft_open(struct soft *s, uint64_t seed, enum soft_wrong wrong);

#endif
