/* SPDX-License-Identifier: Apache-2.0
 * desc.c: the area "Descriptor table", virtio 1.2, 2.7.5. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { SEGS_MAX = 300 };

/* The request as a list of that many pieces. */
static uint8_t do_pieces(struct ring *q, struct blk *b, unsigned pieces)
{
	struct seg segs[SEGS_MAX];

	put(q->r, b->status, BLK_UNTOUCHED, 1);
	b->head = ring_chain(q, segs, blk_segs(b, segs, pieces));
	ring_post(q, b->head);
	ring_kick(q);
	return blk_wait(q, b);
}

/* Every byte by hand, in memory whose addresses have eight different ones; head 0x0302 of a table of 1024. */
static void layout_of_a_descriptor(struct rig *r)
{
	struct ring *q;
	struct blk b;

	r->setup.base = 0x123456789a0000;
	rig_power_on(r);
	q = ring_place(r, 0, 1024);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	b = blk_make(r, BLK_IN, 0, 512);
	rig_grant(r, b.data, 512);
	rig_grant(r, b.status, 1);
	const uint64_t table = rig_take(r, 32, 16);
	const struct {
		uint64_t at, addr;
		uint8_t rest[8];
	} desc[4] = {{q->desc + 16 * 0x302, b.header, {16, 0, 0, 0, 1, 0, 0x01, 0x03}},
		     {q->desc + 16 * 0x301, table, {32, 0, 0, 0, 4, 0, 0, 0}},
		     {table, b.data, {0x00, 0x02, 0, 0, 3, 0, 1, 0}},
		     {table + 16, b.status, {1, 0, 0, 0, 2, 0, 0, 0}}};

	for (unsigned i = 0; i < 4; i++)
		for (unsigned k = 0; k < 8; k++) {
			put(r, desc[i].at + k, desc[i].addr >> 8 * k & 0xff, 1);
			put(r, desc[i].at + 8 + k, desc[i].rest[k], 1);
		}
	ring_post(q, 0x302);
	ring_kick(q);
	ring_wait(q, 1);
	CHECK_EQ(r, ring_take(q).id, 0x302);
	CHECK_BYTES(r, b.data, r->disk_bytes, 512);
	CHECK_EQ(r, get(r, b.status, 1), BLK_OK);
}

/* A next past the table, or back to the head, where NEXT is not set. */
static void next_needs_its_flag(struct rig *r)
{
	static const uint16_t nexts[] = {0xffff, 100, 0, 1, 0x8000};
	struct ring *q = &r->ring[0];

	for (unsigned i = 0; i < 5; i++) {
		struct blk b;
		uint64_t mark;

		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		b = blk_make(r, BLK_IN, 0, 512);
		mark = rig_mark(r);
		blk_post(q, &b);
		put(r, q->desc + 16 * 2 + 14, nexts[i], 2);
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		CHECK_EQ(r, b.used.len, 513);
		CHECK_EQ(r, nexts[i] < 16 ? 0 : rig_count(r, mark, RIG_READ, q->desc + 16ull * nexts[i], 2), 0);
		CHECK_EQ(r, rig_count(r, mark, RIG_READ, b.header, 16), 1);
	}
}

static void chain_as_long_as_the_table(struct rig *r)
{
	static const uint16_t sizes[] = {4, 32, 64, 256};

	for (unsigned i = 0; i < 4; i++) {
		struct ring *q = ring_place(r, 0, sizes[i]);

		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		for (unsigned round = 0; round < 4; round++) {
			struct blk b = blk_make(r, round % 2 == 0 ? BLK_IN : BLK_OUT, round, 512);

			CHECK_EQ(r, do_pieces(q, &b, sizes[i] - 2u), BLK_OK);
			CHECK_EQ(r, b.used.len, b.in ? 513 : 1);
			CHECK(r, memcmp(rig_at(r, b.data, 512), r->disk_bytes + 512 * round, 512) == 0,
			      "the data of request %u differs", round);
		}
	}
}

/* One request of each direction in pieces, and what was done to their buffers; the guard sees every other write. */
static void readable_buffers_are_only_read(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 8; i++) {
		b = blk_make(r, BLK_OUT, i, 512);
		CHECK_EQ(r, do_pieces(q, &b, 1 + i), BLK_OK);
		rig_settle(r);
		CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, b.header, 16) + rig_count(r, 0, RIG_WRITE, b.data, 512), 0);
		CHECK_EQ(r, get(r, b.header, 4), BLK_OUT);
		CHECK_EQ(r, get(r, b.header + 8, 8), i);
		for (unsigned k = 0; k < 512; k++)
			CHECK_EQ(r, get(r, b.data + k, 1), rig_pattern(k + 7));
	}
}

static void writable_buffers_are_not_read(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 8; i++) {
		b = blk_make(r, BLK_IN, i, 512);
		CHECK_EQ(r, do_pieces(q, &b, 1 + i), BLK_OK);
		rig_settle(r);
		CHECK_EQ(r, rig_count(r, 0, RIG_READ, b.data, 512) + rig_count(r, 0, RIG_READ, b.status, 1), 0);
	}
}

static void table_is_only_read(struct rig *r)
{
	struct ring *q = &r->ring[0];
	uint8_t before[16 * 16];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	blk_load(q, BLK_IN, 3, 512);
	blk_load(q, BLK_OUT, 1, 512);
	blk_load(q, 77, 1, 512);
	memcpy(before, rig_at(r, q->desc, sizeof before), sizeof before);
	ring_kick(q);
	ring_wait(q, 5);
	rig_settle(r);
	CHECK_BYTES(r, q->desc, before, sizeof before);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q->desc, sizeof before), 0);
}

/* Each bit that means nothing, and all of them, on all descriptors. */
static void undefined_flags_are_ignored(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned bit = 3; bit <= 16; bit++) {
		b = blk_make(r, BLK_IN, bit, 512);
		blk_post(q, &b);
		for (unsigned i = 0; i < 3; i++) {
			const uint64_t flags = q->desc + 16ull * ((b.head + i) % q->num) + 12;

			put(r, flags, get(r, flags, 2) | (bit == 16 ? 0xfff8 : 1u << bit), 2);
		}
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		CHECK_EQ(r, b.used.len, 513);
		CHECK_BYTES(r, b.data, r->disk_bytes + 512 * bit, 512);
	}
}

/* Memory on both sides of 4 GiB: data that crosses it, written and read. */
static void buffers_across_4_gib(struct rig *r)
{
	const uint64_t border = UINT64_C(1) << 32;
	struct ring *q = &r->ring[0];

	r->setup.base = border - r->setup.memory / 2;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 6; i++) {
		struct blk b = blk_make(r, i % 2 == 0 ? BLK_IN : BLK_OUT, i, 1024);

		b.data = border - (i < 2 ? 0x100 : i < 4 ? 0x101 : 1023);
		for (unsigned k = 0; k < 1024; k++)
			put(r, b.data + k, b.in ? 0 : rig_pattern(k + i), 1);
		CHECK_EQ(r, do_pieces(q, &b, 1), BLK_OK);
		CHECK(r, memcmp(rig_at(r, b.data, 1024), r->disk_bytes + 512 * i, 1024) == 0,
		      "the data of request %u differs", i);
	}
}

ROWS(ROW(DESC_01, "2.7.5", layout_of_a_descriptor), ROW(DESC_02, "2.7.5", next_needs_its_flag),
     ROW(DESC_03, "2.7.5", chain_as_long_as_the_table), ROW(DESC_04, "2.7.5.1", readable_buffers_are_only_read),
     ROW(DESC_05, "2.7.5.1", writable_buffers_are_not_read), ROW(DESC_06, "2.7.5.1", table_is_only_read),
     ROW(DESC_10, "2.7.5", undefined_flags_are_ignored), ROW(DESC_11, "2.7.5", buffers_across_4_gib))
