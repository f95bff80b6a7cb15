/* SPDX-License-Identifier: Apache-2.0
 * packed_table.c: rows of the area "Packed virtqueue" about indirect tables, virtio 1.2, 2.8.7. */
#include <string.h>
#include "ring_packed.h"
#include "rows.h"

enum { PIECES_MAX = 64, ENTRIES_MAX = PIECES_MAX + 2 };

/* A request in a table of that many pieces. Its address is in the ring's descriptor. */
static struct packed_chain table_of(struct packed *q, struct blk *b, unsigned pieces, uint16_t id)
{
	struct seg segs[ENTRIES_MAX];

	put(q->r, b->status, BLK_UNTOUCHED, 1);
	return packed_table(q, segs, blk_segs(b, segs, pieces), id);
}

static void check_served(struct packed *q, struct blk *b, const struct packed_chain *c)
{
	packed_publish(q, c);
	packed_kick(q);
	CHECK_EQ(q->r, packed_blk_wait(q, b, c), BLK_OK);
	CHECK_EQ(q->r, b->used.len, b->len + 1);
	CHECK_BYTES(q->r, b->data, q->r->disk_bytes, b->len);
}

static uint64_t table_at(const struct packed *q, const struct packed_chain *c)
{
	return get(q->r, packed_at(q, c->pos), 8);
}

/* Tables of any length, with more descriptors behind them whose buffers nobody may write. */
static void all_entries_in_order(struct rig *r)
{
	static const unsigned pieces[] = {1, 2, 3, 5, 8, 13, 31, 32, 62, 64};
	struct packed q = packed_start(r, 4, F(INDIRECT_DESC));

	for (unsigned i = 0; i < 10; i++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		struct packed_chain c = table_of(&q, &b, pieces[i], 7);
		const uint64_t behind = table_at(&q, &c) + 16 * (pieces[i] + 2);

		for (unsigned k = 0; k < 4; k++)
			packed_desc(r, behind + 16 * k, q.driver, 4, 0, DESC_WRITE);
		check_served(&q, &b, &c);
	}
}

/* Every other flag and every id, alone and together. */
static void only_write_means_something(struct rig *r)
{
	static const uint16_t noise[] = {DESC_NEXT, DESC_INDIRECT, DESC_AVAIL, DESC_USED, DESC_BITS, 0x7f78, 0xfffd};
	struct packed q = packed_start(r, 4, F(INDIRECT_DESC));

	for (unsigned i = 0; i < 7; i++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		struct packed_chain c = table_of(&q, &b, 4, 7);

		for (unsigned k = 0; k < 6; k++) {
			const uint64_t at = table_at(&q, &c) + 16 * k + 12;

			put(r, at, 0xfff0 + k, 2);
			put(r, at + 2, get(r, at + 2, 2) | noise[i], 2);
		}
		check_served(&q, &b, &c);
	}
}

static void write_on_the_reference_is_ignored(struct rig *r)
{
	struct packed q = packed_start(r, 4, F(INDIRECT_DESC));

	for (unsigned i = 0; i < 9; i++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		struct packed_chain c = table_of(&q, &b, 3, 7);
		const uint64_t mark = rig_mark(r);

		c.flags |= DESC_WRITE;
		check_served(&q, &b, &c);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, table_at(&q, &c), 16 * 5), 0);
	}
}

/* The guard of the rig ends the test at a write; the bytes are compared, too. */
static void table_is_only_read(struct rig *r)
{
	struct packed q = packed_start(r, 4, F(INDIRECT_DESC));

	for (unsigned i = 0; i < 9; i++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		struct packed_chain c = table_of(&q, &b, 14, 7);
		uint8_t before[16 * 16];

		memcpy(before, rig_at(r, table_at(&q, &c), sizeof before), sizeof before);
		check_served(&q, &b, &c);
		rig_settle(r);
		CHECK_BYTES(r, table_at(&q, &c), before, sizeof before);
		CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, table_at(&q, &c), sizeof before), 0);
	}
}

/* The ids in the table are others; the next chain is in the next slot. */
static void id_and_slot_of_the_reference(struct rig *r)
{
	struct packed q = packed_start(r, 5, F(INDIRECT_DESC));

	for (unsigned i = 0; i < 12; i++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		struct packed_chain c = table_of(&q, &b, 1 + i, (uint16_t)(0xa000 + i));

		CHECK_EQ(r, q.seen & POS_SLOT, i % 5);
		check_served(&q, &b, &c);
		CHECK_EQ(r, b.used.id, 0xa000 + i);
	}
}

ROWS(ROW(PACK_19, "2.8.7", all_entries_in_order), ROW(PACK_20, "2.8.7", only_write_means_something),
     ROW(PACK_21, "2.8.7", write_on_the_reference_is_ignored), ROW(PACK_22, "2.8.7", table_is_only_read),
     ROW(PACK_23, "2.8.7", id_and_slot_of_the_reference))
