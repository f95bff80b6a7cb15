/* SPDX-License-Identifier: Apache-2.0
 * robust_packed.c: rows of the area "Robustness against bad drivers and bad memory" about packed rings, virtio 1.2, 2.8. */
#include "raw.h"
#include "robust.h"
#include "rows.h"

enum { SECTOR = 512, AVAIL = 1 << 7, USED = 1 << 15 };

/* A packed ring in the memory of a split one: descriptors, then the driver's and the device's event structure. */
struct packed {
	struct ring *q;
	uint16_t slot, used; /* next to be made available; next that the device uses */
	bool wrap, used_wrap;
};

static struct packed start(struct rig *r, uint16_t num, uint64_t features)
{
	struct packed p = {.wrap = true, .used_wrap = true};

	p.q = ring_place(r, 0, num);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(RING_PACKED) | features);
	rig_settle(r);
	rig_grant(r, p.q->desc, 16ull * num);
	return p;
}

/* The next slot; flags without AVAIL and USED. A ring's descriptor has id and flags where a split one has flags and next. */
static void add(struct packed *p, uint64_t addr, uint32_t len, uint16_t id, uint16_t flags)
{
	ring_desc(p->q, p->slot, addr, len, id, (uint16_t)(flags | (p->wrap ? AVAIL : USED)));
	if (++p->slot == p->q->num) {
		p->slot = 0;
		p->wrap = !p->wrap;
	}
}

static void add_chain(struct packed *p, const struct raw *b, uint16_t id)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct seg *s = &b->piece[i];

		if (s->write)
			rig_grant(p->q->r, s->addr, s->len);
		add(p, s->addr, s->len, id,
		    (uint16_t)((s->write ? DESC_WRITE : 0) | (i + 1 < b->count ? DESC_NEXT : 0)));
	}
}

static bool is_used(const struct packed *p)
{
	const uint64_t flags = get(p->q->r, p->q->desc + 16ull * p->used + 14, 2);

	return ((flags & AVAIL) != 0) == p->used_wrap && ((flags & USED) != 0) == p->used_wrap;
}

/* Waits for the next used descriptor; the chain took so many slots. */
static struct used take(struct packed *p, unsigned slots)
{
	struct rig *r = p->q->r;
	const uint64_t at = p->q->desc + 16ull * p->used;
	struct used used;

	WAIT_UNTIL(r, is_used(p));
	used = (struct used){(uint32_t)get(r, at + 12, 2), (uint32_t)get(r, at + 8, 4)};
	if (p->used + slots >= p->q->num)
		p->used_wrap = !p->used_wrap;
	p->used = (uint16_t)((p->used + slots) % p->q->num);
	return used;
}

static void check_needs_reset(struct packed *p)
{
	struct rig *r = p->q->r;

	ring_kick(p->q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	rig_settle(r);
	CHECK_EQ(r, is_used(p), 0);
	ring_place(r, 0, ROBUST_NUM);
	robust_check_recovers(r, F(VERSION_1), 5);
}

/* All slots available and none the last: it is found out within a lap. */
static void next_for_ever(struct rig *r)
{
	static const uint16_t nums[] = {7, 16, 1};

	for (unsigned i = 0; i < 3; i++) {
		struct packed p = start(r, nums[i], 0);
		const uint64_t header = rig_take(r, 16, 16), mark = rig_mark(r);

		for (unsigned n = 0; n < nums[i]; n++)
			add(&p, header, 16, 3, DESC_NEXT);
		check_needs_reset(&p);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, header, 16), 0);
		CHECK(r, rig_count(r, mark, RIG_READ, p.q->desc, 16ull * nums[i]) <= 3u * nums[i] + 8,
		      "%u reads of %u descriptors", rig_count(r, mark, RIG_READ, p.q->desc, 16ull * nums[i]), nums[i]);
	}
}

static void next_with_indirect(struct rig *r)
{
	struct packed p = start(r, 8, F(INDIRECT_DESC));
	static struct raw b;

	raw_make(r, &b, BLK_IN, 3, 0, SECTOR);
	add(&p, rig_take(r, 64, 16), 32, 1, DESC_INDIRECT | DESC_NEXT);
	add_chain(&p, &b, 1);
	check_needs_reset(&p);
	CHECK_EQ(r, get(r, raw_status(&b), 1), BLK_UNTOUCHED);
}

static void ids_are_opaque(struct rig *r)
{
	static const uint16_t ids[] = {0xffff, 8, 0x8000, 0x1234, 0xffff, 0};
	struct packed p = start(r, 8, 0);
	static struct raw b;

	raw_make(r, &b, BLK_IN, 3, 0, SECTOR);
	for (unsigned i = 0; i < 6; i++) {
		struct used used;

		put(r, raw_status(&b), BLK_UNTOUCHED, 1);
		add_chain(&p, &b, ids[i]);
		ring_kick(p.q);
		used = take(&p, b.count);
		CHECK_EQ(r, used.id, ids[i]);
		CHECK_EQ(r, used.len, SECTOR + 1);
		CHECK_EQ(r, get(r, raw_status(&b), 1), BLK_OK);
	}
	CHECK_BYTES(r, b.in, r->disk_bytes + 3 * SECTOR, SECTOR);
}

/* Chains of random lengths, several at a time, until the ring has gone round often. */
static void run_laps(struct rig *r, uint16_t num, struct raw *b, struct sim_rng *rng)
{
	struct packed p = start(r, num, F(EVENT_IDX));
	unsigned laps = 0;

	for (uint16_t id = 0; laps < 5; id++) {
		unsigned slots[4], count = 0, room = num;

		while (count < 4 && room >= 2) {
			slots[count] = 2 + sim_rng_below(rng, room - 1 < 9 ? room - 1 : 9);
			raw_cut_random(b, rng, slots[count]);
			room -= slots[count++];
			add_chain(&p, b, (uint16_t)(id * 4 + count));
		}
		ring_kick(p.q);
		for (unsigned i = 0; i < count; i++) {
			const bool wrap = p.used_wrap;
			const struct used used = take(&p, slots[i]);

			CHECK_EQ(r, used.id, (uint16_t)(id * 4 + i + 1));
			CHECK_EQ(r, used.len, SECTOR + 1);
			laps += wrap != p.used_wrap;
		}
		CHECK_EQ(r, p.used, p.slot);
		CHECK_BYTES(r, b->in, r->disk_bytes + 3 * SECTOR, SECTOR);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	}
}

static void laps_of_odd_rings(struct rig *r)
{
	static const uint16_t nums[] = {3, 5, 7, 11, 13, 17, 33, 101};
	static struct raw b;
	struct sim_rng rng;

	sim_rng_init(&rng, 29);
	raw_make(r, &b, BLK_IN, 3, 0, SECTOR);
	for (unsigned i = 0; i < sizeof nums / sizeof nums[0]; i++)
		run_laps(r, nums[i], &b, &rng);
}

ROWS(ROW(ROB_19, "2.8", next_for_ever), ROW(ROB_20, "2.8", next_with_indirect), ROW(ROB_21, "2.8", ids_are_opaque),
     ROW(ROB_29, "2.8.1", laps_of_odd_rings))
