/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.h: a packed ring built chain by chain, virtio 1.2, 2.8: what ring.h is for split rings.
 *
 * A position is a slot, and in bit 15 the wrap counter there: as event structures have it. A chain is written first,
 * its head's flags last, by packed_publish; nothing is published or notified but when the test says so. All descriptors
 * of a list carry its id; those of a table carry another one, which means nothing.
 */
#ifndef RING_PACKED_H
#define RING_PACKED_H

#include "blk.h"

enum { POS_WRAP = 0x8000, POS_SLOT = 0x7fff, POS_START = POS_WRAP };
enum { DESC_AVAIL = 0x80, DESC_USED = 0x8000, DESC_BITS = DESC_AVAIL | DESC_USED }; /* 2.8.1 */
enum { EVENT_ENABLE, EVENT_DISABLE, EVENT_DESC, EVENT_RESERVED };                   /* 2.8.14 */
enum { PACKED_TABLE = 0 };                                                          /* as pieces: an indirect table */

struct packed {
	struct rig *r;
	uint16_t queue, num;
	uint64_t desc, driver, device; /* addresses of the ring and of both event structures */
	uint16_t next, seen;           /* positions of the next chain, and of the next used descriptor */
	uint16_t id;                   /* of the next block request */
};

struct packed_chain {
	uint16_t pos, slots, id;
	uint16_t flags; /* of the head */
};

/* Takes memory for a ring of that queue, of any size, better aligned than it must be. The addresses may be changed before packed_bring_up. */
struct packed packed_place(struct rig *r, unsigned queue, uint16_t num);
/* A reset, then every step up to DRIVER_OK with empty rings; VERSION_1 and RING_PACKED come by themselves. Grants the
 * rings and the device's event structures. */
void packed_bring_up(struct packed *rings, unsigned count, uint64_t features);
/* Both, for one ring on queue 0. */
struct packed packed_start(struct rig *r, uint16_t num, uint64_t features);

/* The position some slots on; the address of the descriptor there; the bits that make it available, and used. */
uint16_t packed_after(const struct packed *q, uint16_t pos, unsigned slots);
uint64_t packed_at(const struct packed *q, uint16_t pos);
uint16_t packed_avail_bits(uint16_t pos);
uint16_t packed_used_bits(uint16_t pos);
/* Whether a position is among those from old up to, and without, new. */
bool packed_passes(const struct packed *q, uint16_t old, uint16_t new, uint16_t pos);

/* A descriptor at any address. A list, or a table behind one descriptor, at the next position: both grant what is writable. */
void packed_desc(struct rig *r, uint64_t at, uint64_t addr, uint32_t len, uint16_t id, uint16_t flags);
struct packed_chain packed_list(struct packed *q, const struct seg *segs, unsigned count, uint16_t id);
struct packed_chain packed_table(struct packed *q, const struct seg *segs, unsigned count, uint16_t id);
void packed_publish(struct packed *q, const struct packed_chain *c);
void packed_kick(struct packed *q);

/* The flags of the descriptor that is to be used next say that it was; clocks until they do. */
bool packed_is_used(const struct packed *q);
void packed_wait(struct packed *q);
/* Takes that descriptor, which must be there and be this chain's. */
struct used packed_take(struct packed *q, const struct packed_chain *c);

/* The driver event structure; the device event structure; whether that asks for a kick when the chains from old to new
 * have become available. */
void packed_event(struct packed *q, unsigned flags, uint16_t pos);
uint32_t packed_device_event(const struct packed *q);
bool packed_wants_kick(const struct packed *q, uint16_t old, uint16_t new);

/* A block request as a list, its data in so many pieces, or as a table: written; and published. */
struct packed_chain packed_blk_write(struct packed *q, struct blk *b, unsigned pieces);
struct packed_chain packed_blk(struct packed *q, struct blk *b, unsigned pieces);
/* Waits for it, which must be the next one used. Returns the status byte. */
uint8_t packed_blk_wait(struct packed *q, struct blk *b, const struct packed_chain *c);
uint8_t packed_blk_do(struct packed *q, struct blk *b, unsigned pieces);
/* The device serves: one IN is OK, and its data is the disk's. */
void packed_check_serves(struct packed *q);

#endif
