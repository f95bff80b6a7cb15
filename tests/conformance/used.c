/* SPDX-License-Identifier: Apache-2.0
 * used.c: rows of the area "Used ring", virtio 1.2, 2.7.8. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { SLOW_CLOCKS = 40, MANY = 16 };

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

/* Requests in disorderly memory: their buffers, and the mark in front of them. */
static uint64_t load_many(struct rig *r, struct blk *b)
{
	struct ring *q;
	uint64_t mark;

	disorder(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	memset(rig_at(r, q->used + 4, 8u * q->num), 0xff, 8u * q->num);
	wr(r, REG_Status, 0x0f);
	for (unsigned i = 0; i < MANY; i++) {
		b[i] = blk_make(r, BLK_IN, i, 1024);
		blk_post(q, &b[i]);
	}
	mark = rig_mark(r);
	wr_post(r, REG_QueueNotify, 0);
	return mark;
}

/* Every write to the range was answered before that write of idx was asked for which covers element n. */
static void check_landed(struct rig *r, uint64_t mark, unsigned n, uint64_t addr, uint64_t len)
{
	const uint64_t idx_at = r->ring[0].used + 2;
	const struct access *idx, *a;
	uint64_t from = mark;
	unsigned found = 0;

	do
		idx = rig_next(r, &from, RIG_WRITE, idx_at, 2);
	while (idx != NULL && rig_carried(r, idx, idx_at, 2) <= n);
	CHECK(r, idx != NULL, "no write of idx covers element %u", n);
	for (from = mark; (a = rig_next(r, &from, RIG_WRITE, addr, len)) != NULL; found++)
		CHECK(r, a->done != 0 && a->done < idx->asked,
		      "idx was written before the response to a write for element %u", n);
	CHECK(r, found != 0, "nothing was written for element %u", n);
}

/* Memory on every clock, and the log: whenever idx has moved, the elements before it are there. */
static void element_before_idx(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b[MANY];
	const uint64_t mark = load_many(r, b);
	unsigned seen = 0;

	for (const uint64_t end = r->clock + r->limit; seen < MANY && r->clock < end; rig_clock(r))
		for (; seen < ring_used_idx(q); seen++) {
			CHECK_EQ(r, get(r, q->used + 4 + 8u * seen, 4), b[seen].head);
			CHECK_EQ(r, get(r, q->used + 8 + 8u * seen, 4), 1025);
		}
	CHECK_EQ(r, seen, MANY);
	wr_finish(r);
	rig_settle(r);
	for (unsigned i = 0; i < MANY; i++)
		check_landed(r, mark, i, q->used + 4 + 8u * i, 8);
}

/* The same for the bytes of the buffers. */
static void buffer_before_idx(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b[MANY];
	const uint64_t mark = load_many(r, b);
	unsigned seen = 0;

	for (const uint64_t end = r->clock + r->limit; seen < MANY && r->clock < end; rig_clock(r))
		for (; seen < ring_used_idx(q); seen++) {
			CHECK_BYTES(r, b[seen].data, r->disk_bytes + 512 * seen, 1024);
			CHECK_EQ(r, get(r, b[seen].status, 1), BLK_OK);
		}
	CHECK_EQ(r, seen, MANY);
	wr_finish(r);
	rig_settle(r);
	for (unsigned i = 0; i < MANY; i++) {
		check_landed(r, mark, i, b[i].data, 1024);
		check_landed(r, mark, i, b[i].status, 1);
	}
}

/* What was written of a buffer: its bytes that are not BLK_UNTOUCHED, up to the last one. */
static uint32_t touched(struct rig *r, uint64_t addr, uint32_t len)
{
	while (len != 0 && get(r, addr + len - 1, 1) == BLK_UNTOUCHED)
		len--;
	return len;
}

/* len of a request that succeeded is what was written, and of any never more than could be. */
static void check_len(struct rig *r, uint32_t type, uint64_t sector, uint32_t len)
{
	struct ring *q = &r->ring[0];
	struct blk b;
	const uint8_t status = blk_do(q, &b, type, sector, len);
	const uint32_t writable = b.in ? len + 1 : 1;
	const uint32_t data = b.in ? touched(r, b.data, len) : 0;

	CHECK(r, b.used.len <= writable, "expected at most %u, found len %u", writable, b.used.len);
	/* A status behind a gap in the data cannot be counted. */
	if (status == BLK_OK)
		CHECK_EQ(r, b.used.len, data < writable - 1 ? data : writable);
}

static void len_is_what_was_written(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_LIFETIME));
	for (uint32_t type = 0; type < 16; type++)
		for (uint32_t len = 0; len <= 1024; len += 512)
			check_len(r, type, 3, len);
	check_len(r, BLK_GET_ID, 0, 20);
	check_len(r, BLK_GET_ID, 0, 7);
	check_len(r, BLK_GET_ID, 0, 21);
	check_len(r, BLK_IN, r->setup.sectors - 1, 1024);
	check_len(r, BLK_IN, 0, 511);
	disk_fault(r->disk, 5, 1u << VIO_BE_READ);
	check_len(r, BLK_IN, 4, 2048);
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
     ROW(USED_07, "2.7.8.2", len_is_what_was_written), ROW(USED_08, "2.7.8.2", len_is_what_was_written),
     ROW(USED_10, "2.7.8", idx_alone_is_written), ROW(USED_11, "2.7.8", each_head_once))
