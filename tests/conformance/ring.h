/* SPDX-License-Identifier: Apache-2.0
 * ring.h: a driver in pieces: the stages of initialisation, and a split ring built descriptor by descriptor.
 *
 * Nothing is notified or published but when the test says so. Descriptors are taken one behind the other, round the
 * table; a test that keeps more in flight than the table holds overwrites its own.
 */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

struct rig;

/* Virtio 1.2, 2.7.5. */
enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4 };

struct ring {
	struct rig *r; /* NULL: not placed */
	uint16_t queue, num;
	uint64_t desc, avail, used; /* addresses of the three areas */
	uint16_t next_desc;         /* slot for the next chain */
	uint16_t posted;            /* avail idx as the driver published it */
	uint16_t seen;              /* used idx up to which elements were taken */
};

/* A piece of a buffer. */
struct seg {
	uint64_t addr;
	uint32_t len;
	bool write; /* the device writes it */
};

struct used {
	uint32_t id, len;
};

/* How far bring_up goes, virtio 1.2, 3.1.1; the legacy interface has no FEATURES_OK. */
enum stage { STAGE_RESET, STAGE_ACKNOWLEDGE, STAGE_DRIVER, STAGE_FEATURES_OK, STAGE_QUEUES, STAGE_DRIVER_OK };

/* Status = 0, then every step up to the stage. The rings that were placed are emptied and set up; if there are none,
 * queue 0 with 16 entries is placed. Grants from before the reset end. */
void bring_up(struct rig *r, enum stage stage, uint64_t features);
/* One step of it: writes both words of DriverFeatures. */
void write_features(struct rig *r, uint64_t features);

/* Takes memory for a ring of that queue; the areas are as far apart as the legacy layout wants them, in both modes. */
struct ring *ring_place(struct rig *r, unsigned queue, uint16_t num);
/* Empties it, and starts again at index 0. */
void ring_clear(struct ring *q);
/* Selects the queue and writes its registers: size, areas, QueueReady = 1; or legacy: size, align, PFN. Grants the used
 * ring. */
void ring_set_up(struct ring *q);

/* A descriptor at any address; of the ring's table; of the whole chain, or as a table of its own behind one INDIRECT
 * descriptor. The last two grant what is writable, and return the head. */
void put_desc(struct rig *r, uint64_t at, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next);
void ring_desc(struct ring *q, uint16_t index, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next);
uint16_t ring_chain(struct ring *q, const struct seg *segs, unsigned count);
uint16_t ring_indirect(struct ring *q, const struct seg *segs, unsigned count);

/* The entry for the next avail index; the index moves with ring_publish. ring_post does both. */
void ring_add(struct ring *q, uint16_t head);
void ring_publish(struct ring *q);
void ring_post(struct ring *q, uint16_t head);
/* Virtio 1.2, 2.7.6 to 2.7.10: avail flags, and used_event and avail_event. */
void ring_avail_flags(struct ring *q, uint16_t flags);
void ring_used_event(struct ring *q, uint16_t index);
uint16_t ring_avail_event(struct ring *q);
/* With EVENT_IDX: whether avail_event asks for a kick when idx has moved on from old. */
bool ring_wants_kick(struct ring *q, uint16_t old);
uint16_t ring_used_flags(struct ring *q);
uint16_t ring_used_idx(struct ring *q);

void ring_kick(struct ring *q);
/* Clocks until `count` elements are there that were not taken; the next one, which must be there. */
void ring_wait(struct ring *q, unsigned count);
struct used ring_take(struct ring *q);

#endif
