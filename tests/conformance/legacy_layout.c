/* SPDX-License-Identifier: Apache-2.0
 * legacy_layout.c: rows of the area "Legacy MMIO interface (Version=1)" about where its rings are, virtio 1.2, 2.7.2 and
 * 4.2.4, and about its block requests, 5.2.6.3. */
#include <string.h>
#include "blk.h"
#include "rows.h"
#include "sim.h"

enum { LONG = 5000, PAGE = 4096 };

static void legacy(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
}

static uint64_t round_up(uint64_t x, uint64_t align)
{
	return (x + align - 1) / align * align;
}

/* A ring by the formula of 2.7.2, at a page of that size. */
static struct ring *place(struct rig *r, uint16_t num, uint64_t page, uint64_t align)
{
	struct ring *q = &r->ring[0];
	const uint64_t driver = 16ull * num + 6 + 2ull * num;

	*q = (struct ring){.r = r, .num = num};
	q->desc = rig_take(r, driver + align + 6 + 8ull * num, page);
	q->avail = q->desc + 16ull * num;
	q->used = round_up(q->desc + driver, align);
	return q;
}

/* DRIVER, and the registers of queue 0; page 0: GuestPageSize is left as it is. */
static void set_up(struct ring *q, uint32_t page, uint32_t align, uint32_t pfn)
{
	struct rig *r = q->r;

	wr(r, REG_Status, 0);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER);
	ring_clear(q);
	rig_grant(r, q->used, 6 + 8ull * q->num);
	if (page != 0)
		wr(r, REG_GuestPageSize, page);
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueNum, q->num);
	wr(r, REG_QueueAlign, align);
	wr(r, REG_QueuePFN, pfn);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | DRIVER_OK);
}

/* Nothing since the mark was outside of memory. */
static void check_tame(struct rig *r, uint64_t mark)
{
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE),
		 rig_count(r, mark, RIG_BOTH, r->setup.base, r->setup.memory));
}

/* A ring through which it goes round once. */
static void check_laps(struct ring *q)
{
	struct blk b = blk_make(q->r, BLK_IN, 3, 512);

	for (unsigned n = 0; n < q->num + 3u; n++) {
		blk_post(q, &b);
		ring_kick(q);
		CHECK_EQ(q->r, blk_wait(q, &b), BLK_OK);
	}
	CHECK_BYTES(q->r, b.data, q->r->disk_bytes + 3 * 512, 512);
}

static void page_size_is_the_unit(struct rig *r)
{
	static const uint32_t pages[] = {4096, 1024, 65536, 512};

	legacy(r);
	for (unsigned i = 0; i < 4; i++) {
		struct ring *q = place(r, 16, pages[i], PAGE);
		const uint64_t mark = rig_mark(r);

		set_up(q, pages[i], PAGE, (uint32_t)(q->desc / pages[i]));
		check_laps(q);
		check_tame(r, mark);
	}
}

static void page_size_outlives_reset(struct rig *r)
{
	struct ring *q;
	uint64_t mark;

	legacy(r);
	rig_take(r, 0x10000 - 64, 64);
	q = place(r, 16, 0x10000, PAGE);
	CHECK_EQ(r, q->desc, 0x80010000);
	wr(r, REG_GuestPageSize, 4096);
	wr(r, REG_Status, 0);
	mark = rig_mark(r);
	set_up(q, 0, PAGE, 0x80010);
	blk_check_serves(q);
	CHECK_EQ(r, rig_first(r, mark, RIG_BOTH, RIG_ANYWHERE)->addr, q->avail);
	check_tame(r, mark);
	set_up(q, 0, PAGE, 0x80010);
	blk_check_serves(q);
}

/* What becomes of a bad size is the device's choice, as long as it does not run wild. 0x80000000 is a good one. */
static void bad_page_sizes(struct rig *r)
{
	static const uint32_t pages[] = {0, 3, 0x1800, 0xffffffff};
	struct ring *q;
	uint64_t mark;

	legacy(r);
	q = place(r, 16, PAGE, PAGE);
	CHECK_EQ(r, q->desc, 0x80000000);
	for (unsigned i = 0; i < 4; i++) {
		wr(r, REG_GuestPageSize, 4096);
		mark = rig_mark(r);
		set_up(q, pages[i], PAGE, 0x80000);
		blk_load(q, BLK_IN, 1, 512);
		ring_kick(q);
		rig_run(r, LONG);
		check_tame(r, mark);
		set_up(q, 4096, PAGE, 0x80000);
		blk_check_serves(q);
	}
	mark = rig_mark(r);
	set_up(q, 0x80000000, PAGE, 1);
	blk_check_serves(q);
	check_tame(r, mark);
}

static void align_places_the_used_ring(struct rig *r)
{
	static const uint32_t aligns[] = {4096, 64, 4, 512, 8};

	legacy(r);
	for (unsigned i = 0; i < 5; i++) {
		struct ring *q = place(r, 8, PAGE, aligns[i]);
		const uint64_t mark = rig_mark(r);

		set_up(q, PAGE, aligns[i], (uint32_t)(q->desc / PAGE));
		check_laps(q);
		rig_settle(r);
		CHECK(r, rig_count(r, mark, RIG_WRITE, q->used + 2, 2) != 0, "used idx is not at 0x%llx",
		      (unsigned long long)q->used + 2);
	}
}

static void layout_of_2_7_2(struct rig *r)
{
	struct sim_rng rng;

	r->setup.memory = 4 << 20;
	legacy(r);
	sim_rng_init(&rng, 15);
	for (unsigned n = 0; n < 40; n++) {
		const uint16_t num = (uint16_t)(4u << sim_rng_below(&rng, 7));
		const uint32_t align = 4u << sim_rng_below(&rng, 12);
		struct ring *q = place(r, num, PAGE, align);

		set_up(q, PAGE, align, (uint32_t)(q->desc / PAGE));
		for (unsigned i = 0; i < 5; i++)
			blk_check_serves(q);
	}
}

/* The same driver's bytes, and the same answer, as through the modern interface. */
static void rings_are_little_endian(struct rig *r)
{
	uint8_t rings[2][2 * PAGE];

	for (unsigned modern = 0; modern < 2; modern++) {
		struct ring *q;

		r->setup.legacy = modern == 0;
		rig_power_on(r);
		q = ring_place(r, 0, 16);
		bring_up(r, STAGE_DRIVER_OK, modern ? F(VERSION_1) : 0);
		for (unsigned i = 0; i < 6; i++)
			blk_check_serves(q);
		rig_settle(r);
		memcpy(rings[modern], rig_at(r, q->desc, 2 * PAGE), 2 * PAGE);
		CHECK_EQ(r, rings[modern][PAGE + 2], 6);
		CHECK_EQ(r, rings[modern][PAGE + 3], 0);
		CHECK_EQ(r, rings[modern][PAGE + 8], 1);
		CHECK_EQ(r, rings[modern][PAGE + 9], 2);
	}
	CHECK_EQ(r, memcmp(rings[0], rings[1], sizeof rings[0]), 0);
}

/* The order in which one driver takes a live queue down: size, alignment, then PFN. */
static void geometry_is_latched(struct rig *r)
{
	struct ring *q;
	uint64_t mark;

	legacy(r);
	q = place(r, 16, PAGE, PAGE);
	set_up(q, PAGE, PAGE, (uint32_t)(q->desc / PAGE));
	blk_check_serves(q);
	mark = rig_mark(r);
	blk_load(q, BLK_IN, 4, 512);
	wr(r, REG_QueueNum, 0);
	ring_kick(q);
	wr(r, REG_QueueAlign, 0);
	ring_wait(q, 4);
	q->seen = (uint16_t)(q->seen + 4);
	wr(r, REG_QueueAlign, 64);
	wr(r, REG_QueueNum, 4);
	wr(r, REG_GuestPageSize, 1024);
	for (unsigned i = 0; i < 20; i++)
		blk_check_serves(q);
	wr(r, REG_QueueNum, 0);
	wr(r, REG_QueueAlign, 0);
	wr(r, REG_QueuePFN, 0);
	check_tame(r, mark);
	mark = rig_mark(r);
	ring_kick(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
}

static void above_4_gib(struct rig *r)
{
	struct ring *q;
	uint64_t mark;

	r->setup.base = 0x180000000;
	legacy(r);
	q = place(r, 16, PAGE, PAGE);
	mark = rig_mark(r);
	set_up(q, PAGE, PAGE, 0x00180000);
	CHECK_EQ(r, rd(r, REG_QueuePFN), 0x00180000);
	blk_check_serves(q);
	check_tame(r, mark);
	r->setup.base = 0xfffffff000000;
	rig_power_on(r);
	q = place(r, 16, 1 << 20, PAGE);
	set_up(q, 1 << 20, PAGE, (uint32_t)(q->desc >> 20));
	blk_check_serves(q);
}

/* Type 5 is FLUSH; bit 31 asks for a barrier, which Linux has sent unasked. */
static void old_request_types(struct rig *r)
{
	const uint32_t flush_out = 5, barrier = 0x80000000;
	struct ring *q = &r->ring[0];
	struct blk b;

	legacy(r);
	bring_up(r, STAGE_DRIVER_OK, F(BLK_FLUSH));
	CHECK_EQ(r, blk_do(q, &b, barrier | BLK_OUT, 9, 512), BLK_OK);
	CHECK_BYTES(r, b.data, r->disk_bytes + 9 * 512, 512);
	CHECK_EQ(r, blk_do(q, &b, flush_out, 0, 0), BLK_OK);
	CHECK_EQ(r, r->commands[VIO_BE_FLUSH], 1);
	blk_check_serves(q);
}

ROWS(ROW(LEG_04, "4.2.4", page_size_is_the_unit), ROW(LEG_05, "4.2.4", page_size_outlives_reset),
     ROW(LEG_06, "4.2.4", bad_page_sizes), ROW(LEG_10, "4.2.4", align_places_the_used_ring),
     ROW(LEG_15, "2.7.2", layout_of_2_7_2), ROW(LEG_17, "2.7.3", rings_are_little_endian),
     ROW(LEG_18, "4.2.4", geometry_is_latched), ROW(LEG_19, "4.2.4", above_4_gib),
     ROW(LEG_25, "5.2.6.3", old_request_types))
