/* SPDX-License-Identifier: Apache-2.0
 * indirect.c: the area "Indirect descriptors (split)", virtio 1.2, 2.7.5.3. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { SEGS_MAX = 140 };

/* Posts a chain with this head, and waits for it. */
static void check_served(struct ring *q, struct blk *b, uint16_t head, uint64_t sector)
{
	b->head = head;
	ring_post(q, head);
	ring_kick(q);
	CHECK_EQ(q->r, blk_wait(q, b), BLK_OK);
	CHECK_EQ(q->r, b->used.len, b->in ? b->len + 1 : 1);
	CHECK(q->r, memcmp(rig_at(q->r, b->data, b->len), q->r->disk_bytes + 512 * sector, b->len) == 0,
	      "the data of a request differs");
}

/* Tables of 3 descriptors up to more than the device walks at once, both directions. */
static void table_of_any_length(struct rig *r)
{
	static const unsigned pieces[] = {1, 2, 3, 6, 8, 29, 30, 31, 62, 128};
	struct ring *q = &r->ring[0];
	struct seg segs[SEGS_MAX];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned i = 0; i < 20; i++) {
		struct blk b = blk_make(r, i % 2 == 0 ? BLK_IN : BLK_OUT, i, 512);
		const unsigned count = blk_segs(&b, segs, pieces[i / 2]);

		check_served(q, &b, ring_indirect(q, segs, count), i);
	}
}

/* 0, 3, 1, 2; the entries between and behind them have buffers that nobody may write. */
static void table_in_its_own_order(struct rig *r)
{
	static const uint16_t order[] = {0, 3, 1, 2};
	struct ring *q = &r->ring[0];
	struct seg segs[4];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned round = 0; round < 8; round++) {
		struct blk b = blk_make(r, BLK_IN, round, 512);
		const uint64_t table = rig_take(r, 16 * 16, 16);
		const unsigned step = 1 + round % 4, count = blk_segs(&b, segs, 2);
		const uint16_t head = q->next_desc;

		rig_grant(r, b.data, 512);
		rig_grant(r, b.status, 1);
		for (unsigned i = 0; i < 16; i++)
			put_desc(r, table + 16 * i, q->desc, 64, DESC_WRITE | DESC_NEXT, (uint16_t)(i ^ 1));
		for (unsigned i = 0; i < count; i++)
			put_desc(r, table + 16ull * step * order[i], segs[i].addr, segs[i].len,
				 (uint16_t)((segs[i].write ? DESC_WRITE : 0) | (i + 1 < count ? DESC_NEXT : 0)),
				 i + 1 < count ? (uint16_t)(step * order[i + 1]) : 0xffff);
		ring_desc(q, head, table, 16 * 16, DESC_INDIRECT, 0);
		q->next_desc = (uint16_t)((head + 1) % q->num);
		check_served(q, &b, head, round);
	}
}

/* The flag of the reference says nothing of the table: it is read, and never written. */
static void write_on_the_reference_is_ignored(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct seg segs[SEGS_MAX];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned i = 0; i < 8; i++) {
		struct blk b = blk_make(r, i % 2 == 0 ? BLK_IN : BLK_OUT, i, 512);
		const uint16_t head = ring_indirect(q, segs, blk_segs(&b, segs, 3));

		put(r, q->desc + 16ull * head + 12, DESC_INDIRECT | DESC_WRITE, 2);
		check_served(q, &b, head, i);
		CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, get(r, q->desc + 16ull * head, 8), 16 * 5), 0);
	}
}

/* The first descriptors of a request in the ring, the others in a table behind them. */
static void table_behind_direct_descriptors(struct rig *r)
{
	static const unsigned direct[] = {0, 1, 2, 5, 7};
	struct ring *q = &r->ring[0];
	struct seg segs[SEGS_MAX];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned i = 0; i < 20; i++) {
		struct blk b = blk_make(r, i < 10 ? BLK_IN : BLK_OUT, i, 512);
		const unsigned count = blk_segs(&b, segs, 8), first = direct[i % 5];
		uint16_t head, tail;

		head = first == 0 ? q->next_desc : ring_chain(q, segs, first);
		tail = (uint16_t)((head + first + (unsigned)q->num - 1) % q->num);
		if (first != 0) {
			put(r, q->desc + 16ull * tail + 12, get(r, q->desc + 16ull * tail + 12, 2) | DESC_NEXT, 2);
			put(r, q->desc + 16ull * tail + 14, q->next_desc, 2);
		}
		ring_indirect(q, segs + first, count - first);
		check_served(q, &b, head, i);
	}
}

/* The table starts at 0; the head is 5, 9, 13 and so on. */
static void id_of_the_head(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct seg segs[SEGS_MAX];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned i = 0; i < 8; i++) {
		struct blk b = blk_make(r, BLK_IN, i, 512);

		q->next_desc = (uint16_t)((5 + 4 * i) % q->num);
		check_served(q, &b, ring_indirect(q, segs, blk_segs(&b, segs, 2)), i);
		CHECK_EQ(r, b.used.id, (5 + 4 * i) % q->num);
	}
}

/* The same table moved to every byte address, across a 4 KiB border, too. */
static void table_at_any_address(struct rig *r)
{
	static const unsigned shifts[] = {0, 8, 4, 1, 2, 3, 15, 4096 - 16, 4096 - 8, 4096 - 1};
	struct ring *q = &r->ring[0];
	struct seg segs[SEGS_MAX];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(INDIRECT_DESC));
	for (unsigned i = 0; i < 10; i++) {
		struct blk b = blk_make(r, BLK_IN, i, 512);
		const unsigned count = blk_segs(&b, segs, 6);
		const uint16_t head = ring_indirect(q, segs, count);
		const uint64_t at = q->desc + 16ull * head, table = rig_take(r, 8192, 4096) + shifts[i];

		memcpy(rig_at(r, table, 16 * count), rig_at(r, get(r, at, 8), 16 * count), 16 * count);
		put(r, at, table, 8);
		check_served(q, &b, head, i);
	}
}

ROWS(ROW(IND_01, "2.7.5.3", table_of_any_length), ROW(IND_02, "2.7.5.3", table_in_its_own_order),
     ROW(IND_03, "2.7.5.3", table_of_any_length), ROW(IND_09, "2.7.5.3.2", write_on_the_reference_is_ignored),
     ROW(IND_10, "2.7.5.3.2", table_behind_direct_descriptors), ROW(IND_11, "2.7.5.3", id_of_the_head),
     ROW(IND_12, "2.7.5.3", table_at_any_address))
