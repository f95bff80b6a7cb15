/* SPDX-License-Identifier: Apache-2.0
 * framing.c: rows of the area "Message framing", virtio 1.2, 2.7.4. */
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512, LONG = 5000, NUM = 64 };

static void check_in(struct ring *q, struct raw *b, bool indirect)
{
	for (uint32_t i = 0; i < b->wlen; i++)
		put(q->r, b->in + i, BLK_UNTOUCHED, 1);
	CHECK_EQ(q->r, raw_do(q, b, indirect), BLK_OK);
	CHECK_BYTES(q->r, b->in, q->r->disk_bytes + 5 * SECTOR, 2 * SECTOR);
	CHECK_EQ(q->r, b->used.len, 2 * SECTOR + 1);
}

static void check_out(struct ring *q, struct raw *b, uint8_t stamp)
{
	const uint64_t data = raw_data(b);

	put(q->r, data, stamp, 1);
	put(q->r, data + SECTOR, stamp, 1);
	put(q->r, raw_status(b), BLK_UNTOUCHED, 1);
	CHECK_EQ(q->r, raw_do(q, b, false), BLK_OK);
	CHECK_BYTES(q->r, data, q->r->disk_bytes + 9 * SECTOR, 2 * SECTOR);
	CHECK_EQ(q->r, b->used.len, 1);
}

/* One descriptor each way (the status beside the data), a header of 16 descriptors, and pieces at random. */
static void check_any_framing(struct rig *r, unsigned seed)
{
	static struct raw in, out;
	struct ring *q = &r->ring[0];
	struct sim_rng rng;

	sim_rng_init(&rng, seed);
	raw_make(r, &in, BLK_IN, 5, 0, 2 * SECTOR);
	raw_make(r, &out, BLK_OUT, 9, 2 * SECTOR, 0);
	check_in(q, &in, false);
	check_out(q, &out, 1);
	raw_cut(&in, 1, 0);
	check_in(q, &in, false);
	raw_cut(&out, 24, 0);
	check_out(q, &out, 2);
	raw_cut(&in, 7, 100);
	check_in(q, &in, false);
	for (unsigned n = 0; n < 60; n++) {
		raw_cut_random(&in, &rng, 2 + n % 15);
		check_in(q, &in, false);
		raw_cut_random(&out, &rng, 2 + n % 15);
		check_out(q, &out, (uint8_t)(3 + n));
	}
}

static void any_framing_is_the_same_request(struct rig *r)
{
	ring_place(r, 0, NUM);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_any_framing(r, 1);
}

/* The documented limit: as many descriptors as the ring has; one more can only be a loop. */
static void chains_up_to_the_ring(struct rig *r)
{
	static struct raw b;
	struct ring *q = ring_place(r, 0, 16);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	raw_make(r, &b, BLK_IN, 5, 0, 2 * SECTOR);
	raw_cut(&b, 2, 147);
	CHECK_EQ(r, b.count, 15);
	check_in(q, &b, false);
	raw_cut(&b, 2, 129);
	CHECK_EQ(r, b.count, 16);
	check_in(q, &b, false);
	for (uint16_t i = 0; i < 16; i++)
		put(r, q->desc + 16u * i + 12, get(r, q->desc + 16u * i + 12, 2) | DESC_NEXT, 2);
	ring_post(q, 0);
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	rig_run(r, LONG);
	CHECK_EQ(r, ring_used_idx(q), 2);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(q);
}

static void any_layout_on_legacy(struct rig *r)
{
	const uint32_t any_layout = 1u << 27;

	r->setup.legacy = true;
	rig_power_on(r);
	ring_place(r, 0, NUM);
	bring_up(r, STAGE_DRIVER_OK, any_layout);
	check_any_framing(r, 2);
	wr(r, REG_DeviceFeaturesSel, 0);
	CHECK_EQ(r, rd(r, REG_DeviceFeatures) & any_layout, any_layout);
}

ROWS(ROW(FRAM_01, "2.7.4.1", any_framing_is_the_same_request), ROW(FRAM_02, "2.7.4.1", chains_up_to_the_ring),
     ROW(FRAM_05, "2.7.4.3", any_layout_on_legacy))
