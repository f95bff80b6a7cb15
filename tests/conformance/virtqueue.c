/* SPDX-License-Identifier: Apache-2.0
 * virtqueue.c: rows of the area "Virtqueue basics", virtio 1.2, 2.6 and 2.7, and two more rows that ask for both formats
 * of a ring. */
#include "blk.h"
#include "rows.h"
#include "sim.h"

/* Virtio 1.2, 2.8: what a descriptor of a packed ring carries in the lap of a wrap counter. */
enum { AVAIL = 1 << 7, USED = 1 << 15 };

/* A packed ring as its driver sees it: the table of q is the ring, its other areas are the event structures. */
struct packed {
	struct ring *q;
	uint16_t slot;
	bool wrap;
};

/* From reset to DRIVER_OK; the device may write the ring. */
static struct packed packed_bring_up(struct rig *r, uint16_t num, uint64_t features)
{
	struct packed p = {.wrap = true};

	p.q = ring_place(r, 0, num);
	bring_up(r, STAGE_QUEUES, F(VERSION_1) | F(RING_PACKED) | features);
	rig_grant(r, p.q->desc, 16u * num);
	wr(r, REG_Status, 0x0f);
	return p;
}

/* Makes a request of three descriptors available, and writes QueueNotify: with its data, the next slot to be filled and
 * its wrap counter. Waits until the first slot is used; gives the length. */
static uint32_t packed_do(struct packed *p, const struct blk *b, bool with_data)
{
	struct rig *r = p->q->r;
	const struct seg segs[] = {{b->header, 16, false}, {b->data, b->len, b->in}, {b->status, 1, true}};
	const uint64_t first = p->q->desc + 16u * p->slot;
	const uint16_t used = p->wrap ? AVAIL | USED : 0;

	for (unsigned i = 0; i < 3; i++) {
		const uint16_t lap = p->wrap ? AVAIL : USED;
		const uint16_t flags = (uint16_t)(lap | (segs[i].write ? DESC_WRITE : 0) | (i < 2 ? DESC_NEXT : 0));

		put_desc(r, p->q->desc + 16u * p->slot, segs[i].addr, segs[i].len, 7, flags);
		if (segs[i].write)
			rig_grant(r, segs[i].addr, segs[i].len);
		if (++p->slot == p->q->num) {
			p->slot = 0;
			p->wrap = !p->wrap;
		}
	}
	wr(r, REG_QueueNotify, with_data ? (uint32_t)p->wrap << 31 | (uint32_t)p->slot << 16 : 0);
	WAIT_UNTIL(r, (get(r, first + 14, 2) & (AVAIL | USED)) == used);
	CHECK_EQ(r, get(r, first + 12, 2), 7);
	CHECK_EQ(r, get(r, b->status, 1), BLK_OK);
	return (uint32_t)get(r, first + 8, 4);
}

static void used_length(struct rig *r)
{
	struct ring *q;
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH));
	q = &r->ring[0];
	for (unsigned sectors = 1; sectors < 20; sectors += 3) {
		CHECK_EQ(r, blk_do(q, &b, BLK_IN, 3, 512 * sectors), BLK_OK);
		CHECK_EQ(r, b.used.len, 512 * sectors + 1);
		CHECK_EQ(r, blk_do(q, &b, BLK_OUT, 3, 512 * sectors), BLK_OK);
		CHECK_EQ(r, b.used.len, 1);
	}
	CHECK_EQ(r, blk_do(q, &b, BLK_FLUSH, 0, 0), BLK_OK);
	CHECK_EQ(r, b.used.len, 1);
	CHECK_EQ(r, blk_do(q, &b, BLK_GET_ID, 0, 20), BLK_OK);
	CHECK_EQ(r, b.used.len, 21);
}

/* The same work in both formats, whichever was negotiated before. */
static void both_formats(struct rig *r)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		struct packed p = packed_bring_up(r, 16, 0);
		struct blk b;

		for (unsigned i = 0; i < 20; i++) {
			b = blk_make(r, i % 2 ? BLK_OUT : BLK_IN, i, 512);
			CHECK_EQ(r, packed_do(&p, &b, false), b.in ? 513 : 1);
			if (b.in)
				CHECK_BYTES(r, b.data, r->disk_bytes + 512 * i, 512);
		}
		ring_place(r, 0, 16);
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		for (unsigned i = 0; i < 20; i++)
			CHECK_EQ(r, blk_do(&r->ring[0], &b, i % 2 ? BLK_OUT : BLK_IN, i, 512), BLK_OK);
	}
}

/* A request in an indirect table: it fits a ring of one entry. */
static void check_indirect(struct ring *q)
{
	const struct blk b = blk_make(q->r, BLK_IN, 5, 512);
	const struct seg segs[] = {{b.header, 16, false}, {b.data, 512, true}, {b.status, 1, true}};

	ring_post(q, ring_indirect(q, segs, 3));
	ring_kick(q);
	ring_wait(q, 1);
	CHECK_EQ(q->r, ring_take(q).len, 513);
	CHECK_BYTES(q->r, b.data, q->r->disk_bytes + 5 * 512, 512);
}

/* The ring is filled but for its last entry, each entry the same request. */
static void fill(struct ring *q)
{
	const struct blk b = blk_make(q->r, 77, 0, 0);
	const struct seg segs[] = {{b.header, 16, false}, {b.status, 1, true}};
	const uint16_t head = ring_indirect(q, segs, 2);

	for (unsigned i = 0; i + 1 < q->num; i++)
		ring_add(q, head);
	ring_publish(q);
	ring_kick(q);
	WAIT_UNTIL(q->r, ring_used_idx(q) == q->posted);
	q->seen = q->posted;
}

/* Every power of two up to QueueNumMax. That the device has the size right shows where avail_event is, and in the entry
 * behind the ring's last one, which is its first. */
static void every_size(struct rig *r)
{
	const uint32_t max = rd(r, REG_QueueNumMax);

	CHECK(r, max > 0 && max <= 32768 && (max & (max - 1)) == 0, "QueueNumMax is %u", max);
	r->setup.memory = 4 << 20;
	for (uint32_t num = 1; num <= max; num *= 2) {
		struct ring *q;

		rig_power_on(r);
		r->limit = 100 * num + 10000;
		q = ring_place(r, 0, (uint16_t)num);
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX) | F(INDIRECT_DESC));
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
		fill(q);
		for (unsigned i = 0; i < 3; i++) {
			check_indirect(q);
			rig_settle(r);
			CHECK_EQ(r, ring_avail_event(q), num + i);
		}
	}
}

static bool within(const struct access *a, uint64_t addr, uint64_t len)
{
	const uint64_t beat = a->write ? 1 : VIO_DATA_BYTES;

	return a->addr >= addr / beat * beat && a->addr + a->bytes <= (addr + len + beat - 1) / beat * beat;
}

/* Each burst since the mark lies in the area that it begins in, but for the rest of a beat that a read covers. */
static void check_areas(struct rig *r, uint64_t mark, const struct ring *q, const struct blk *b)
{
	for (uint64_t n = mark; n < rig_mark(r); n++) {
		const struct access *a = access_at(&r->log, n);
		const bool ok = a->write ? within(a, q->used, 6 + 8u * q->num) || within(a, b->data, b->len) ||
						   within(a, b->status, 1)
					 : within(a, q->desc, 16u * q->num) || within(a, q->avail, 6 + 2u * q->num) ||
						   within(a, b->header, 16) || within(a, b->data, b->len);

		CHECK(r, ok || (a->write && a->bytes == 0), "a %s of %llu bytes at 0x%llx is in no area",
		      a->write ? "write" : "read", (unsigned long long)a->bytes, (unsigned long long)a->addr);
	}
}

/* An area of its own at an address that is `align` aligned and not more. */
static uint64_t take_odd(struct rig *r, uint64_t bytes, uint64_t align)
{
	return rig_take(r, bytes + 2 * align, 2 * align) + align;
}

static void nothing_outside_the_areas(struct rig *r)
{
	for (uint16_t num = 4; num <= 64; num = (uint16_t)(num * 2)) {
		struct ring *q = ring_place(r, 0, num);
		struct blk b;
		uint64_t mark;

		q->desc = take_odd(r, 16u * num, 16);
		q->avail = take_odd(r, 6 + 2u * num, 2);
		q->used = take_odd(r, 6 + 8u * num, 4);
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
		mark = rig_mark(r);
		for (unsigned i = 0; i < 2u * num; i++) {
			if (i % 2 == 0)
				b = blk_make(r, i % 4 == 0 ? BLK_IN : BLK_OUT, i, 512);
			blk_post(q, &b);
			ring_kick(q);
			CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
			rig_settle(r);
			check_areas(r, mark, q, &b);
			mark = rig_mark(r);
		}
	}
}

/* Areas at random multiples of their minimum alignment, near and across the 4 KiB lines. */
static void minimum_alignment(struct rig *r)
{
	enum { PAGE = 4096, NUM = 32 };
	struct ring *q = ring_place(r, 0, NUM);
	struct sim_rng rng;
	uint64_t pages;

	sim_rng_init(&rng, 11);
	pages = rig_take(r, 7 * PAGE, PAGE);
	for (unsigned i = 0; i < 120; i++) {
		q->desc = pages + PAGE - 16u * sim_rng_below(&rng, NUM);
		q->avail = pages + 3 * PAGE - 2u * sim_rng_below(&rng, NUM + 3);
		q->used = pages + 5 * PAGE - 4u * sim_rng_below(&rng, 2 * NUM + 1);
		r->taken = pages + 7 * PAGE - r->setup.base;
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | (i % 2 ? F(EVENT_IDX) : 0));
		blk_load(q, BLK_IN, 8, 512);
		ring_kick(q);
		ring_wait(q, 8);
		for (unsigned n = 0; n < 8; n++) {
			const struct used used = ring_take(q);

			CHECK_EQ(r, used.id, 3 * n);
			CHECK_EQ(r, used.len, 513);
		}
		rig_settle(r);
		CHECK_EQ(r, ring_avail_event(q), i % 2 ? 8 : 0);
	}
}

/* The three areas in each order, in memory that begins below 4 GiB and ends above it, and far above. */
static void areas_anywhere(struct rig *r)
{
	static const uint64_t bases[] = {0xfffc0000, 0x7ffffffffff00000, 0xfffffffffff00000 - 0x100000};
	static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	enum { AREA = 0x30000 };

	for (unsigned base = 0; base < 3; base++)
		for (unsigned i = 0; i < 6; i++) {
			struct ring *q;

			r->setup.base = bases[base];
			rig_power_on(r);
			q = ring_place(r, 0, 16);
			q->desc = r->setup.base + 0x1000 + (uint64_t)AREA * orders[i][0];
			q->avail = r->setup.base + 0x1000 + (uint64_t)AREA * orders[i][1];
			q->used = r->setup.base + 0x1000 + (uint64_t)AREA * orders[i][2];
			r->taken = 3 * AREA + 0x1000;
			bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
			for (unsigned n = 0; n < 20; n++)
				blk_check_serves(q);
		}
}

static void packed_notification_data(struct rig *r)
{
	struct packed p = packed_bring_up(r, 20, F(NOTIFICATION_DATA));
	struct blk b;

	for (unsigned i = 0; i < 30; i++) {
		b = blk_make(r, BLK_IN, i, 512);
		CHECK_EQ(r, packed_do(&p, &b, true), 513);
		CHECK_BYTES(r, b.data, r->disk_bytes + 512 * i, 512);
	}
}

static void reset_selected(struct rig *r)
{
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReset, 1);
	WAIT_UNTIL(r, rd(r, REG_QueueReset) == 0);
}

/* After some requests, and in a packed ring in its second lap, the queue begins again at entry 0 of a clean ring. */
static void queue_reset_forgets(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 16);
	struct packed p;
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(RING_RESET) | F(EVENT_IDX));
	for (unsigned i = 0; i < 21; i++)
		blk_check_serves(q);
	reset_selected(r);
	ring_clear(q);
	ring_set_up(q);
	blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), 1);
	CHECK_EQ(r, get(r, q->used + 8, 4), 513);
	CHECK_EQ(r, ring_avail_event(q), 1);
	p = packed_bring_up(r, 10, F(RING_RESET));
	for (unsigned pass = 0; pass < 3; pass++) {
		for (unsigned i = 0; i < 5; i++) {
			b = blk_make(r, BLK_IN, i, 512);
			CHECK_EQ(r, packed_do(&p, &b, false), 513);
		}
		reset_selected(r);
		ring_clear(p.q);
		ring_set_up(p.q);
		p.slot = 0;
		p.wrap = true;
	}
}

ROWS(ROW(VQ_01, "2.6", used_length),
     NOT_APPLICABLE(VQ_02, "a MAY not taken up: buffers complete in the order in which they were made available"),
     ROW(VQ_03, "2.6", both_formats), ROW(VQ_04, "2.7", every_size), ROW(VQ_05, "2.7", nothing_outside_the_areas),
     ROW(VQ_07, "2.7", minimum_alignment), ROW(VQ_08, "2.7", areas_anywhere),
     ROW(NDAT_04, "2.9", packed_notification_data), ROW(RRST_02, "2.6.1.1.1", queue_reset_forgets))
