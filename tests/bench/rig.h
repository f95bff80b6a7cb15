/* SPDX-License-Identifier: Apache-2.0
 * rig.h: a device with its memory, disk and register bus, and a driver without a CPU.
 *
 * The driver keeps a fixed number of requests posted. It sees a used buffer in memory as soon as it lands, at no cost,
 * checks status, length and payload of every finished request, posts it again for other sectors, and writes QueueNotify
 * once for each round and queue. Each slot owns a header, a payload, a status and the descriptors for them.
 */
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "backend/disk.h"
#include "bus/axil.h"
#include "dram/axi_mem.h"
#include "dut/dut.h"
#include "ring.h"
#include "trace/events.h"

enum rig_mix {
	RIG_READ,
	RIG_WRITE,
	RIG_MIXED, /* reads and writes in turn, slot by slot */
	RIG_GET_ID /* the serial number: the smallest request that the disk answers; 20 bytes */
};

/* What is not named is 0, and means: split ring, direct descriptors, one queue, one segment, aligned. */
struct rig_config {
	struct dut *dut;      /* in reset; the rig closes it */
	unsigned latency;     /* L: clocks from AR to R, and from the last W to B */
	unsigned outstanding; /* reads, and as many writes, that memory takes at once; 0: 64 */
	unsigned depth;       /* requests posted in all, 1..RIG_SLOTS */
	uint32_t bytes;       /* payload of each, a multiple of 512 up to RIG_PAYLOAD */
	enum rig_mix mix;
	bool packed, indirect;
	unsigned queues;   /* slots take turns; 0: 1 */
	unsigned segments; /* descriptors that share the payload, each with a gap before the next; 0: 1 */
	unsigned offset;   /* of the payload from a boundary of 4 KiB */
	FILE *log;         /* event log, or NULL */
};

enum {
	RIG_SLOTS = 64,
	RIG_QUEUES = 4,
	RIG_SEGMENTS = 16,
	RIG_PAYLOAD = 65536, /* with more than 8 slots, 4096 */
	RIG_MEMORY = 1 << 21,
	RIG_DISK = 1 << 20
};

struct rig {
	struct rig_config config;
	struct axi_mem *memory;
	struct disk *disk;
	struct axil *bus;
	struct events *events;
	struct vio_in in;
	uint64_t cycle;
	uint64_t notified; /* clock in which the newest QueueNotify was accepted */
	bool notify_aw, notify_w;
	uint64_t finished; /* requests since the start */
	uint64_t posted;
	struct ring ring[RIG_QUEUES];
	unsigned want_notify; /* a bit for each queue */
	bool bus_busy;
	uint64_t sector[RIG_SLOTS];
	uint8_t *bytes; /* memory */
	uint8_t *disk_bytes;
};

/* A rig whose driver has reached DRIVER_OK, with nothing posted. Any wrong answer from here on ends the
 * program with status 2 and a line that says which. */
struct rig *rig_new(const struct rig_config *config);
void rig_free(struct rig *r);

/* One clock, without the driver. */
void rig_clock(struct rig *r);

/* Posts requests until depth are in flight, and asks for a notify. */
void rig_fill(struct rig *r);

/* Clocks with the driver until at least this many requests have finished; with refill each finished one is
 * posted again at once. */
void rig_run(struct rig *r, uint64_t finished, bool refill);

/* The same for a number of clocks, always refilling. */
void rig_run_clocks(struct rig *r, uint64_t clocks);

/* One register access, as long as it takes. */
void rig_write(struct rig *r, uint16_t addr, uint32_t data);
uint32_t rig_read(struct rig *r, uint16_t addr);

#endif
