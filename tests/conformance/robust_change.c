/* SPDX-License-Identifier: Apache-2.0
 * robust_change.c: a row of the area "Robustness against bad drivers and bad memory": memory that changes while the device
 * reads it.
 *
 * In every third clock from the doorbell on, or every eleventh of a long chain, each in a run of its own, something of a
 * ring is changed. The device may go by what was there before or by what came after, or set DEVICE_NEEDS_RESET. The rig
 * sees to it that nothing but the two buffers and their status bytes is written; then the device must serve again.
 */
#include <string.h>
#include "raw.h"
#include "robust.h"
#include "rows.h"

enum { SECTOR = 512, CLOCKS = 140, LATE = 700 };

struct scene {
	struct ring *q;
	struct blk a, b; /* what is posted, and what it may become: other buffers, other status */
	uint64_t table;  /* of its descriptors */
	bool indirect;
};

static void make_scene(struct rig *r, struct scene *s, bool indirect)
{
	s->q = ring_place(r, 0, ROBUST_NUM);
	s->a = blk_make(r, BLK_IN, 3, 2 * SECTOR);
	s->b = blk_make(r, BLK_IN, 9, 2 * SECTOR);
	s->indirect = indirect;
}

/* Both buffers are clean, one request is posted, and the doorbell rings. */
static void post_scene(struct rig *r, struct scene *s)
{
	const struct seg segs[] = {{s->a.header, 16, false}, {s->a.data, SECTOR, true}, {s->a.status, 1, true}};
	uint16_t head;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(F(INDIRECT_DESC)));
	rig_settle(r);
	put(r, s->a.header + 8, 3, 8);
	for (unsigned i = 0; i < 2; i++) {
		struct blk *b = i == 0 ? &s->a : &s->b;

		memset(rig_at(r, b->data, b->len), BLK_UNTOUCHED, b->len);
		put(r, b->status, BLK_UNTOUCHED, 1);
		rig_grant(r, b->data, b->len);
		rig_grant(r, b->status, 1);
	}
	head = s->indirect ? ring_indirect(s->q, segs, 3) : ring_chain(s->q, segs, 3);
	s->table = s->indirect ? get(r, s->q->desc, 8) : s->q->desc;
	ring_post(s->q, head);
	ring_kick(s->q);
}

/* Changes, each of them to something that could have been there from the beginning. */
static void data_elsewhere(struct rig *r, const struct scene *s)
{
	put(r, s->table + 16, s->b.data, 8);
}

static void data_twice_as_long(struct rig *r, const struct scene *s)
{
	put(r, s->table + 16 + 8, 2 * SECTOR, 4);
}

static void status_elsewhere(struct rig *r, const struct scene *s)
{
	put(r, s->table + 32, s->b.status, 8);
}

static void header_writable(struct rig *r, const struct scene *s)
{
	put(r, s->table + 12, DESC_NEXT | DESC_WRITE, 2);
}

static void data_readable(struct rig *r, const struct scene *s)
{
	put(r, s->table + 16 + 12, DESC_NEXT, 2);
}

static void next_wild(struct rig *r, const struct scene *s)
{
	put(r, s->table + 14, 0xfff0, 2);
}

static void loop(struct rig *r, const struct scene *s)
{
	put(r, s->table + 16 + 14, 0, 2);
}

static void all_wiped(struct rig *r, const struct scene *s)
{
	memset(rig_at(r, s->table, 48), 0, 48);
}

static void header_of_another(struct rig *r, const struct scene *s)
{
	put(r, s->a.header + 8, 9, 8);
}

static void head_wild(struct rig *r, const struct scene *s)
{
	put(r, s->q->avail + 4, 0xfff0, 2);
}

static void idx_wild(struct rig *r, const struct scene *s)
{
	put(r, s->q->avail + 2, 0x8000, 2);
}

static void table_wild(struct rig *r, const struct scene *s)
{
	put(r, s->q->desc, UINT64_C(1) << 50, 8);
}

static void table_of_odd_length(struct rig *r, const struct scene *s)
{
	put(r, s->q->desc + 8, 0xfffffff7, 4);
}

static void (*const changes[])(struct rig *r, const struct scene *s) = {
	data_elsewhere, data_twice_as_long, status_elsewhere, header_writable, data_readable, next_wild,           loop,
	all_wiped,      header_of_another,  head_wild,        idx_wild,        table_wild,    table_of_odd_length,
};

/* Data that are reported are a whole sector, the old one or the new, in one buffer or in the other. */
static void check_data(struct rig *r, const struct scene *s)
{
	const uint8_t *disk = r->disk_bytes;
	const uint8_t *a = rig_at(r, s->a.data, SECTOR), *b = rig_at(r, s->b.data, SECTOR);
	const bool old = memcmp(a, disk + 3 * SECTOR, SECTOR) == 0 || memcmp(a, disk + 9 * SECTOR, SECTOR) == 0;

	CHECK(r, old || memcmp(b, disk + 3 * SECTOR, SECTOR) == 0, "data are reported, and they are in no buffer");
}

static void settle_change(struct rig *r, struct scene *s, unsigned change, unsigned clocks)
{
	rig_run(r, LATE);
	if (ring_used_idx(s->q) == 1) {
		const struct used used = ring_take(s->q);

		CHECK(r, used.id < ROBUST_NUM, "change %u after %u clocks: a wild id", change, clocks);
		if (used.len > SECTOR)
			check_data(r, s);
	} else {
		CHECK(r, (rd(r, REG_Status) & NEEDS_RESET) != 0,
		      "change %u after %u clocks: neither used nor NEEDS_RESET", change, clocks);
	}
}

static void change_in_each_clock(struct rig *r, bool indirect)
{
	struct scene s;

	for (unsigned change = 0; change < sizeof changes / sizeof changes[0]; change++) {
		rig_power_on(r);
		make_scene(r, &s, indirect);
		for (unsigned clocks = 0; clocks < CLOCKS; clocks += 3) {
			post_scene(r, &s);
			rig_run(r, clocks);
			changes[change](r, &s);
			settle_change(r, &s, change, clocks);
		}
		robust_check_recovers(r, ROBUST_FEATURES(0), 10);
	}
}

/* A chain that is too long to be kept, whose descriptors all turn round, into wild ones, between a first reading and a
 * second. */
static void change_of_a_long_chain(struct rig *r)
{
	static struct raw b;
	struct ring *q;

	rig_power_on(r);
	q = ring_place(r, 0, 128);
	raw_make(r, &b, BLK_IN, 20, 0, 8 * SECTOR);
	raw_cut(&b, 0, 64);
	for (unsigned clocks = 0; clocks < 1000; clocks += 11) {
		bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
		ring_post(q, ring_chain(q, b.piece, b.count));
		ring_kick(q);
		rig_run(r, clocks);
		for (uint16_t i = 33; i < b.count; i++)
			ring_desc(q, i, b.in, clocks % 2 ? 64 : 128, (uint16_t)(DESC_NEXT | DESC_WRITE),
				  (uint16_t)(clocks % 3 ? i + 1 : 40));
		WAIT_UNTIL(r, ring_used_idx(q) == 1 || (rd(r, REG_Status) & NEEDS_RESET) != 0);
	}
	robust_check_recovers(r, ROBUST_FEATURES(0), 10);
}

/* Short chains are read once: what is kept cannot change. */
static void check_read_once(struct rig *r)
{
	struct scene s;
	uint64_t mark;

	make_scene(r, &s, true);
	post_scene(r, &s);
	ring_wait(s.q, 1);
	mark = rig_mark(r);
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(r, rig_count(r, 0, RIG_READ, s.table + 16 * i, 16), 1);
	rig_run(r, LATE);
	CHECK_EQ(r, rig_count(r, mark, RIG_READ, s.table, 48), 0);
}

static void memory_that_changes(struct rig *r)
{
	check_read_once(r);
	change_in_each_clock(r, false);
	change_in_each_clock(r, true);
	change_of_a_long_chain(r);
}

ROWS(ROW(ROB_18, "2.7", memory_that_changes))
