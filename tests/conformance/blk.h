/* SPDX-License-Identifier: Apache-2.0
 * blk.h: block requests in the common shape: a header of 16 bytes, data, a status byte, in one descriptor each. A test
 * that wants another shape builds it from ring_chain.
 */
#ifndef BLK_H
#define BLK_H

#include "rig.h"

/* Virtio 1.2, 5.2.6. */
enum {
	BLK_IN = 0,
	BLK_OUT = 1,
	BLK_FLUSH = 4,
	BLK_GET_ID = 8,
	BLK_GET_LIFETIME = 10,
	BLK_DISCARD = 11,
	BLK_WRITE_ZEROES = 13,
	BLK_SECURE_ERASE = 14
};
enum { BLK_OK = 0, BLK_IOERR = 1, BLK_UNSUPP = 2, BLK_UNTOUCHED = 0xee };

struct blk {
	uint64_t header, data, status; /* addresses */
	uint32_t len;                  /* bytes of data */
	bool in;                       /* the device writes the data */
	uint16_t head;                 /* as posted */
	struct used used;              /* as blk_wait found it */
};

/* Takes memory and fills it: the header, rig_pattern(n + 7) as data that the device reads, BLK_UNTOUCHED elsewhere. */
struct blk blk_make(struct rig *r, uint32_t type, uint64_t sector, uint32_t len);
/* Its segments, the data cut into so many pieces of one size but the last; header and status have their own. Returns how
 * many they are. */
unsigned blk_segs(const struct blk *b, struct seg *segs, unsigned pieces);
/* Chains and posts it, again if need be; does not kick. */
void blk_post(struct ring *q, struct blk *b);
/* Waits for the next used element, which must be this request's. Returns the status byte. */
uint8_t blk_wait(struct ring *q, struct blk *b);
/* blk_make, blk_post, ring_kick and blk_wait. */
uint8_t blk_do(struct ring *q, struct blk *b, uint32_t type, uint64_t sector, uint32_t len);
/* `count` requests of one kind on neighbouring sectors, posted one by one and not kicked: work for a device that is about
 * to be disturbed. */
void blk_load(struct ring *q, uint32_t type, unsigned count, uint32_t len);
/* The device serves: one IN on a ring is OK, and its data is the disk's. Counts as checks. */
void blk_check_serves(struct ring *q);

#endif
