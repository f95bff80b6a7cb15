/* SPDX-License-Identifier: Apache-2.0
 * avail_notify.c: the area "Available-buffer notification suppression (split)", virtio 1.2, 2.7.10: what the device asks
 * of the driver. */
#include "blk.h"
#include "rows.h"

enum { MOMENTS = 320, SLOW = 40 };

/* Nothing but 0 or 1 is written to flags: single requests, and many at once. */
static void flags_are_0_or_1(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);
	uint64_t mark = 0;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(q);
	blk_load(q, BLK_IN, 16, 512);
	ring_kick(q);
	for (const uint64_t end = r->clock + r->limit; ring_used_idx(q) != 17 && r->clock < end; rig_clock(r))
		CHECK(r, ring_used_flags(q) <= 1, "flags are %u", ring_used_flags(q));
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), 17);
	for (const struct access *a; (a = rig_next(r, &mark, RIG_WRITE, q->used, 2)) != NULL;)
		CHECK(r, rig_carried(r, a, q->used, 2) <= 1, "flags were written");
}

static void flags_are_0_with_event_idx(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned round = 0; round < 3; round++) {
		const uint16_t end = (uint16_t)(ring_used_idx(q) + 16);

		blk_load(q, BLK_IN, 16, 512);
		ring_kick(q);
		for (const uint64_t last = r->clock + r->limit; ring_used_idx(q) != end && r->clock < last;
		     rig_clock(r))
			CHECK_EQ(r, ring_used_flags(q), 0);
		rig_settle(r);
		CHECK_EQ(r, ring_used_idx(q), end);
		CHECK_EQ(r, ring_used_flags(q), 0);
	}
}

/* At rest it is the index up to which the driver made buffers available. */
static void avail_event_follows(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned count = 1; count <= 5; count++) {
		blk_load(q, BLK_IN, count, 512);
		ring_kick(q);
		rig_settle(r);
		CHECK_EQ(r, ring_used_idx(q), q->posted);
		CHECK_EQ(r, ring_avail_event(q), q->posted);
	}
}

/* Of a queue that is ready, of those that are not, and of some that there are not: 1000 times. */
static void spurious_notifications(struct rig *r)
{
	static const uint32_t queues[] = {0, 1, VIO_QUEUES - 1, VIO_QUEUES, 0xffff, 0x10000, 0xffffffff, 0};
	struct ring *q = &r->ring[0];
	uint64_t mark;

	for (unsigned event = 0; event < 2; event++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | (event ? F(EVENT_IDX) : 0));
		blk_check_serves(q);
		rig_notified(r);
		mark = rig_mark(r);
		for (unsigned i = 0; i < 1000; i++)
			wr(r, REG_QueueNotify, queues[i % 8]);
		CHECK(r, !rig_notified(r), "expected no notification, found one");
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
		CHECK_EQ(r, ring_used_idx(q), 1);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, RIG_ANYWHERE), 0);
		blk_check_serves(q);
	}
}

/* A second request at some clock behind the first, notified only if the device asks for it. */
static void post_late(struct ring *q, struct blk *b, unsigned clocks)
{
	uint16_t old;

	blk_post(q, &b[0]);
	ring_kick(q);
	rig_run(q->r, clocks);
	old = q->posted;
	blk_post(q, &b[1]);
	if (ring_wants_kick(q, old))
		ring_kick(q);
	CHECK_EQ(q->r, blk_wait(q, &b[0]), BLK_OK);
	CHECK_EQ(q->r, blk_wait(q, &b[1]), BLK_OK);
	rig_settle(q->r);
}

static void looks_again_when_armed(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b[2];
	const struct access *armed, *again;
	uint64_t mark;

	r->setup.write_latency = SLOW;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	b[0] = blk_make(r, BLK_IN, 0, 512);
	b[1] = blk_make(r, BLK_IN, 1, 512);
	for (unsigned clocks = 0; clocks < MOMENTS; clocks++)
		post_late(q, b, clocks);
	mark = rig_mark(r);
	blk_check_serves(q);
	rig_settle(r);
	armed = rig_last(r, mark, RIG_WRITE, q->used + 4 + 8u * q->num, 2);
	again = rig_last(r, mark, RIG_READ, q->avail + 2, 2);
	CHECK(r, armed != NULL && again != NULL && again->asked > armed->done,
	      "idx was not read again when avail_event had landed");
}

/* A driver that notifies only when it is asked to, one request at a time. */
static void kicked_when_asked(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < 40; i++) {
		const uint16_t old = q->posted;

		b = blk_make(r, BLK_IN, i, 512);
		blk_post(q, &b);
		if (ring_wants_kick(q, old))
			ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		rig_settle(r);
	}
}

static void nothing_is_asked_without_event_idx(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 5; i++)
		blk_check_serves(q);
	blk_load(q, BLK_IN, 16, 512);
	ring_kick(q);
	ring_wait(q, 16);
	rig_settle(r);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q->used, 2), 0);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q->used + 4 + 8u * q->num, 2), 0);
	CHECK_EQ(r, ring_used_flags(q), 0);
}

ROWS(ROW(ASUP_04, "2.7.10.2", flags_are_0_or_1),
     NOT_APPLICABLE(ASUP_05, "not taken up: without EVENT_IDX every notification is wanted, see ASUP-11"),
     ROW(ASUP_06, "2.7.10.2", flags_are_0_with_event_idx), ROW(ASUP_07, "2.7.10.2", avail_event_follows),
     ROW(ASUP_08, "2.7.10.2", spurious_notifications), ROW(ASUP_09, "2.7.10.2", looks_again_when_armed),
     ROW(ASUP_10, "2.7.10.2", kicked_when_asked), ROW(ASUP_11, "2.7.10.2", nothing_is_asked_without_event_idx))
