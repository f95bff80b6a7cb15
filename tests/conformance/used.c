/* SPDX-License-Identifier: Apache-2.0
 * used.c: rows of the area "Used ring", virtio 1.2, 2.7.8. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { SLOW_CLOCKS = 40 };

/* Memory whose channels stall and answer out of order, so that order is what the device waits for. */
static void disorder(struct rig *r)
{
	r->setup.read_latency = r->setup.write_latency = SLOW_CLOCKS;
	r->setup.stall_per_1024 = 200;
	r->setup.reorder = true;
	rig_power_on(r);
}

/* flags, idx, ring, avail_event: every field where it belongs, in a ring that held other bytes. */
static void layout_of_the_used_ring(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b[2];

	bring_up(r, STAGE_QUEUES, F(VERSION_1) | F(EVENT_IDX));
	memset(rig_at(r, q->used + 4, 8u * q->num), 0xaa, 8u * q->num);
	wr(r, REG_Status, 0x0f);
	CHECK_EQ(r, blk_do(q, &b[0], BLK_IN, 0, 512), BLK_OK);
	CHECK_EQ(r, blk_do(q, &b[1], BLK_OUT, 0, 512), BLK_OK);
	rig_settle(r);
	CHECK_EQ(r, get(r, q->used, 2), 0);
	CHECK_EQ(r, get(r, q->used + 2, 2), 2);
	CHECK_EQ(r, get(r, q->used + 4, 4), b[0].head);
	CHECK_EQ(r, get(r, q->used + 8, 4), 513);
	CHECK_EQ(r, get(r, q->used + 12, 4), b[1].head);
	CHECK_EQ(r, get(r, q->used + 16, 4), 1);
	CHECK_EQ(r, get(r, q->used + 20, 4), 0xaaaaaaaa);
	CHECK_EQ(r, get(r, q->used + 4 + 8u * q->num, 2), 2);
}

static void id_is_zero_extended(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	memset(rig_at(r, q->used + 4, 8u * q->num), 0xff, 8u * q->num);
	wr(r, REG_Status, 0x0f);
	for (unsigned i = 0; i < q->num; i++) {
		CHECK_EQ(r, blk_do(q, &b, BLK_IN, i, 512), BLK_OK);
		CHECK_EQ(r, get(r, q->used + 4 + 8u * i, 4), b.head);
	}
}

/* Looks at memory on every clock: whenever idx has moved, the elements before it are there. */
static void element_before_idx(struct rig *r)
{
	struct ring *q;
	unsigned seen = 0;

	disorder(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	memset(rig_at(r, q->used + 4, 8u * q->num), 0xff, 8u * q->num);
	wr(r, REG_Status, 0x0f);
	blk_load(q, BLK_IN, 20, 512);
	wr_post(r, REG_QueueNotify, 0);
	for (const uint64_t end = r->clock + r->limit; seen < 20 && r->clock < end; rig_clock(r))
		for (; seen < ring_used_idx(q); seen++) {
			CHECK_EQ(r, get(r, q->used + 4 + 8u * seen, 4), 3 * seen);
			CHECK_EQ(r, get(r, q->used + 8 + 8u * seen, 4), 513);
		}
	CHECK_EQ(r, seen, 20);
	wr_finish(r);
}

/* The same for the bytes of the buffers. */
static void buffer_before_idx(struct rig *r)
{
	struct ring *q;
	struct blk b[12];
	unsigned seen = 0;

	disorder(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 12; i++) {
		b[i] = blk_make(r, BLK_IN, i, 1024);
		blk_post(q, &b[i]);
	}
	wr_post(r, REG_QueueNotify, 0);
	for (const uint64_t end = r->clock + r->limit; seen < 12 && r->clock < end; rig_clock(r))
		for (; seen < ring_used_idx(q); seen++) {
			CHECK_BYTES(r, b[seen].data, r->disk_bytes + 512 * seen, 1024);
			CHECK_EQ(r, get(r, b[seen].status, 1), BLK_OK);
		}
	CHECK_EQ(r, seen, 12);
	wr_finish(r);
}

/* Every write to flags or idx has strobes for idx alone, and there is one for each value that idx takes at most. */
static void idx_alone_is_written(struct rig *r)
{
	struct ring *q = &r->ring[0];
	unsigned writes;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < 5; i++)
		blk_check_serves(q);
	rig_settle(r);
	writes = rig_count(r, 0, RIG_WRITE, q->used, 4);
	CHECK(r, writes >= 1 && writes <= 5, "expected up to 5 writes of idx, found %u", writes);
	for (uint64_t n = 0; n < rig_mark(r); n++) {
		const struct access *a = access_at(&r->log, n);
		uint8_t byte;

		if (!a->write || !access_touches(a, q->used, 4))
			continue;
		CHECK(r, !access_byte(&r->log, a, q->used, &byte) && !access_byte(&r->log, a, q->used + 1, &byte),
		      "a write of idx has strobes for flags");
		CHECK(r, access_byte(&r->log, a, q->used + 2, &byte) && access_byte(&r->log, a, q->used + 3, &byte),
		      "idx is written in pieces");
		CHECK(r, !access_touches(a, q->used + 4 + 8u * q->num, 2), "a write of idx covers avail_event");
	}
}

/* As many as the ring holds, with and without a failure among them: each head comes back once. */
static void each_head_once(struct rig *r)
{
	struct ring *q;
	unsigned back[64] = {0};

	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(q, BLK_IN, 10, 512);
	blk_load(q, 77, 1, 512);
	blk_load(q, BLK_OUT, 10, 512);
	ring_kick(q);
	ring_wait(q, 21);
	for (unsigned i = 0; i < 21; i++) {
		const struct used used = ring_take(q);

		CHECK(r, used.id < 64, "expected an id below 64, found %u", used.id);
		back[used.id]++;
	}
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), 21);
	for (unsigned i = 0; i < 63; i++)
		CHECK_EQ(r, back[i], i % 3 == 0);
}

ROWS(ROW(USED_01, "2.7.8", layout_of_the_used_ring), ROW(USED_03, "2.7.8", id_is_zero_extended),
     ROW(USED_05, "2.7.8.2", element_before_idx), ROW(USED_06, "2.7.8.2", buffer_before_idx),
     ROW(USED_10, "2.7.8", idx_alone_is_written), ROW(USED_11, "2.7.8", each_head_once))
