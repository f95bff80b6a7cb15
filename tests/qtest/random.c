/* SPDX-License-Identifier: Apache-2.0
 * random.c: sequences drawn from a seed: any features, ring, framing, batch, register reads in between, resets.
 */
#include "sequences.h"

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static struct shape draw_shape(struct driver *d)
{
	if (below(d, 3) == 0)
		return shapes[below(d, SHAPES)];
	return (struct shape){.name = "drawn",
			      .header_piece = below(d, 17),
			      .data_piece = below(d, 4) ? 16 + below(d, 1024) : 0,
			      .join_header = below(d, 2),
			      .join_status = below(d, 2),
			      .random = below(d, 3) == 0,
			      .backwards = below(d, 2),
			      .skew = (uint8_t)below(d, 16),
			      .indirect = (uint8_t)below(d, 2)};
}

/* Requests of a batch are disjoint: base is the first sector of this one's share of 16. */
static struct request draw_request(struct driver *d, uint64_t base)
{
	static const uint32_t types[] = {BLK_IN,    BLK_IN,     BLK_IN, BLK_OUT, BLK_OUT,     BLK_OUT,
					 BLK_FLUSH, BLK_GET_ID, 6,      99,      BLK_DISCARD, BLK_WRITE_ZEROES};
	struct request r = {.type = types[below(d, 12)], .sector = base + below(d, 8), .header_bytes = 16};
	uint32_t len = below(d, 8) ? 512 * below(d, 9) : below(d, 4096);

	if (below(d, 24) == 0)
		r.sector = below(d, 2) ? DISK_SECTORS - below(d, 3)
				       : (uint64_t)sim_rng_next(&d->rng) << 32 | sim_rng_next(&d->rng);
	if ((r.type == BLK_FLUSH && !driver_has(d, F_BLK_FLUSH)) ||
	    (r.type == BLK_DISCARD && !driver_has(d, F_BLK_DISCARD)) ||
	    (r.type == BLK_WRITE_ZEROES && !driver_has(d, F_BLK_WRITE_ZEROES)))
		r.type = BLK_IN;
	if (r.type == BLK_DISCARD || r.type == BLK_WRITE_ZEROES) {
		r.out = 16;
		r.range = (struct request_range){r.sector, below(d, 9), r.type == BLK_DISCARD ? 0 : below(d, 2)};
	} else if (r.type == BLK_IN)
		r.in = len;
	else if (r.type == BLK_OUT)
		r.out = len;
	else if (r.type == BLK_GET_ID)
		r.in = below(d, 2) ? 20 : below(d, 40);
	else
		r.in = below(d, 64), r.out = below(d, 64);
	return r;
}

/* Reads that have no effect. */
static void look(struct driver *d)
{
	static const uint16_t regs[] = {R_Status,           R_InterruptStatus,  R_QueueReady,   R_QueueNumMax,
					R_ConfigGeneration, R_CapacityLow,      R_SegMax,       R_MagicValue,
					R_DeviceID,         R_QueueSel,         R_InterruptACK, R_Geometry,
					R_Topology,         R_MaxDiscardSectors};

	for (uint32_t n = below(d, 4); n > 0; n--)
		pair_read(d->pair, regs[below(d, 14)], MASK_NONE);
}

static void round_of_requests(struct driver *d)
{
	uint32_t most = 1 + below(d, 8);
	struct request r;
	struct shape s;

	d->ring.format->set_interrupts(&d->ring, below(d, 4) != 0);
	for (uint32_t i = 0; i < most; i++) {
		r = draw_request(d, 16 * i);
		s = draw_shape(d);
		driver_post(d, &r, &s);
	}
	driver_kick(d);
	look(d);
	if (below(d, 3))
		driver_ack(d);
	if (below(d, 6) == 0)
		pair_write(d->pair, R_QueueNotify, below(d, 3));
}

/* Registers of a device that is not set up, in any order. Nothing is written that QEMU takes otherwise. */
static void stir(struct driver *d)
{
	static const uint16_t writable[] = {
		R_DeviceFeaturesSel, R_QueueNotify,     R_InterruptACK, R_QueueDescLow, R_QueueDescHigh,
		R_QueueDriverLow,    R_QueueDeviceHigh, R_SHMSel,       R_MagicValue,   R_QueueNumMax,
		R_ConfigGeneration,  R_InterruptStatus, R_DeviceID};

	pair_write(d->pair, R_DeviceFeaturesSel, 0);
	for (uint32_t n = below(d, 20); n > 0; n--) {
		uint16_t reg = writable[below(d, 13)];

		pair_write(d->pair, reg, reg == R_DeviceFeaturesSel ? below(d, 2) : sim_rng_next(&d->rng));
		if (below(d, 4) == 0) {
			pair_write(d->pair, R_QueueSel, below(d, 1024));
			pair_read(d->pair, R_QueueNumMax, MASK_NONE);
		}
		look(d);
		pair_read(d->pair, R_DeviceFeatures, MASK_NONE);
	}
	pair_write(d->pair, R_QueueSel, 0);
}

void sequence_random(struct driver *d)
{
	uint64_t wanted;

	for (uint32_t lives = 1 + below(d, 2); lives > 0 && !d->pair->failed; lives--) {
		if (below(d, 3) == 0)
			stir(d);
		wanted = d->both & ((uint64_t)sim_rng_next(&d->rng) << 32 | sim_rng_next(&d->rng) | 1ull << 32);
		driver_negotiate(d, wanted | (below(d, 4) ? d->both & 1ull << 32 : 0));
		driver_queue(d, driver_has(d, RING_PACKED_BIT) ? 4 + below(d, 300) : 4u << below(d, 7), below(d, 64));
		for (uint32_t rounds = 1 + below(d, 5); rounds > 0 && !d->pair->failed; rounds--)
			round_of_requests(d);
		if (lives > 1)
			pair_write(d->pair, R_Status, 0);
	}
}
