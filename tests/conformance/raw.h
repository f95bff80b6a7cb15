/* SPDX-License-Identifier: Apache-2.0
 * raw.h: block requests as two runs of bytes, to be cut into descriptors at will: header and data for the disk, which
 * the device reads; data from the disk and the status, which it writes. See blk.h for those in the common shape.
 */
#ifndef RAW_H
#define RAW_H

#include "blk.h"
#include "sim.h"

enum { RAW_PIECES = 256 };

struct raw {
	uint64_t in, out;    /* addresses: what the device writes, what it reads */
	uint32_t wlen, rlen; /* bytes: data and 1, 16 and data */
	struct used used;    /* as raw_do found it */
	unsigned count;      /* pieces */
	struct seg piece[RAW_PIECES];
};

/* Takes memory: the header, rig_pattern(n + 7) as data that the device reads, BLK_UNTOUCHED where it writes. One piece
 * each way. */
void raw_make(struct rig *r, struct raw *b, uint32_t type, uint64_t sector, uint32_t out_bytes, uint32_t in_bytes);
/* Cuts both runs into pieces of that many bytes, 0 for one piece; or into `pieces` pieces at random places. */
void raw_cut(struct raw *b, uint32_t read_bytes, uint32_t write_bytes);
void raw_cut_random(struct raw *b, struct sim_rng *rng, unsigned pieces);
uint64_t raw_data(const struct raw *b); /* address of the data that the device reads */
uint64_t raw_status(const struct raw *b);
/* One chain, or one table if indirect; posts and kicks it, waits for its used element. Returns the status byte. */
uint8_t raw_do(struct ring *q, struct raw *b, bool indirect);

#endif
