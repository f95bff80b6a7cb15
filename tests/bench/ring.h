/* SPDX-License-Identifier: Apache-2.0
 * ring.h: the driver's side of a virtqueue in memory, for the rig: split (virtio 1.2, 2.7) or packed (2.8), with or
 * without indirect tables.
 *
 * Every chain of a ring has the same number of descriptors. A ring is told where its parts are, and finds used buffers
 * by looking at memory, as a driver that polls.
 */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

enum { RING_NUM = 256, RING_BYTES = 0x8000, RING_TABLE = 512, RING_CHAIN = RING_TABLE / 16 };

struct ring_config {
	bool packed, indirect;
	unsigned chain;  /* descriptors of each buffer, at most RING_CHAIN */
	uint8_t *memory; /* its first byte is at address base */
	uint64_t base;   /* as the device sees it */
	uint32_t offset; /* of the ring's RING_BYTES in memory, a multiple of 4096 */
	uint32_t tables; /* of the indirect tables, RING_TABLE bytes for each id */
};

struct ring {
	struct ring_config config;
	uint16_t num;         /* QueueNum */
	uint16_t avail, used; /* split: indices; packed: slots */
	bool avail_wrap, used_wrap;
};

struct ring_buffer {
	uint64_t addr;
	uint32_t len;
	bool write; /* for the device */
};

/* num is RING_NUM. Addresses for the queue's registers: those of the three areas. */
void ring_init(struct ring *r, const struct ring_config *config);
uint64_t ring_desc(const struct ring *r);
uint64_t ring_driver(const struct ring *r);
uint64_t ring_device(const struct ring *r);

/* Makes a chain available under this id, below RING_NUM / chain. */
void ring_post(struct ring *r, unsigned id, const struct ring_buffer *buffers);

/* Takes the next used buffer, if there is one. */
bool ring_take(struct ring *r, unsigned *id, uint32_t *len);

#endif
