/* SPDX-License-Identifier: Apache-2.0
 * status.c: rows of the area "Device status", virtio 1.2, 2.1. */
#include "blk.h"
#include "rows.h"

enum { LONG = 10000 }; /* clocks in which a device that wanted to do something would have done it */

/* The head lies past the table: an error that no driver can mend but by a reset. */
static void break_ring(struct ring *q)
{
	ring_post(q, q->num);
	ring_kick(q);
}

static void wait_needs_reset(struct rig *r)
{
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
}

static void status_is_zero_after_reset(struct rig *r)
{
	static const enum stage stages[] = {STAGE_ACKNOWLEDGE, STAGE_DRIVER, STAGE_FEATURES_OK, STAGE_DRIVER_OK};
	static const uint32_t reached[] = {0x01, 0x03, 0x0b, 0x0f};

	CHECK_EQ(r, rd(r, REG_Status), 0);
	for (unsigned i = 0; i < 4; i++) {
		bring_up(r, stages[i], F(VERSION_1));
		CHECK_EQ(r, rd(r, REG_Status), reached[i]);
		wr(r, REG_Status, 0);
		CHECK_EQ(r, rd(r, REG_Status), 0);
	}
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	break_ring(&r->ring[0]);
	wait_needs_reset(r);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	wr(r, REG_Status, 0x8f);
	CHECK_EQ(r, rd(r, REG_Status), 0x8f);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
}

static void status_bits(struct rig *r)
{
	wr(r, REG_Status, 0);
	wr(r, REG_Status, ACKNOWLEDGE);
	CHECK_EQ(r, rd(r, REG_Status), 0x01);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER);
	CHECK_EQ(r, rd(r, REG_Status), 0x03);
	write_features(r, F(VERSION_1));
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
	CHECK_EQ(r, rd(r, REG_Status), 0x0b);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	wr(r, REG_Status, 0x8f);
	CHECK_EQ(r, rd(r, REG_Status), 0x8f);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	break_ring(&r->ring[0]);
	WAIT_UNTIL(r, rd(r, REG_Status) != 0x0f);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
}

static void undefined_bits_read_zero(struct rig *r)
{
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	wr(r, REG_Status, 0x3f);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	blk_check_serves(&r->ring[0]);
	wr(r, REG_Status, 0x3f);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	blk_check_serves(&r->ring[0]);
}

static void nothing_is_consumed_before_driver_ok(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	b = blk_make(r, BLK_IN, 3, 1024);
	blk_post(q, &b);
	ring_kick(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rd(r, REG_Status), 0x0b);
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, b.data, b.len), 0);
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, b.header, 16), 0);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, RIG_ANYWHERE), 0);
	CHECK_EQ(r, ring_used_idx(q), 0);
}

static void no_notification_before_driver_ok(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	blk_load(q, BLK_IN, 2, 512);
	ring_kick(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	CHECK_EQ(r, r->irq_rises, 0);
	wr(r, REG_Status, 0x0f);
	ring_kick(q);
	ring_wait(q, 2);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
}

/* A chain that leads back to its head. */
static void post_loop(struct ring *q)
{
	const uint64_t buffer = rig_take(q->r, 64, 64);

	ring_desc(q, 0, buffer, 16, DESC_NEXT, 1);
	ring_desc(q, 1, buffer, 16, DESC_NEXT, 0);
	ring_post(q, 0);
}

static void errors_set_needs_reset(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	break_ring(q);
	wait_needs_reset(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	post_loop(q);
	ring_kick(q);
	wait_needs_reset(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	blk_load(q, BLK_IN, 1, 512);
	rig_fault(r, RIG_READ, q->desc, 16);
	ring_kick(q);
	wait_needs_reset(r);
}

/* The bit is there when the line says so, and not behind it. */
static void needs_reset_is_notified(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	break_ring(&r->ring[0]);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
	CHECK_EQ(r, r->irq_rises, 1);
	wr(r, REG_InterruptACK, INT_CONFIG);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
}

static void error_before_driver_ok_is_silent(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	rig_fault(r, RIG_BOTH, q->avail, 6 + 2u * q->num);
	break_ring(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	CHECK_EQ(r, r->irq_rises, 0);
}

static void needs_reset_belongs_to_the_device(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	wr(r, REG_Status, 0x4f);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	blk_check_serves(&r->ring[0]);
	break_ring(&r->ring[0]);
	wait_needs_reset(r);
	wr(r, REG_Status, 0x0f);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
}

/* Work on both queues is left alone; after a reset it is not. */
static void check_stopped(struct rig *r)
{
	uint64_t mark;

	rig_settle(r);
	mark = rig_mark(r);
	for (unsigned q = 0; q < 2; q++) {
		blk_load(&r->ring[q], BLK_IN, 2, 512);
		ring_kick(&r->ring[q]);
	}
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
	blk_check_serves(&r->ring[1]);
}

static void stopped_until_reset(struct rig *r)
{
	ring_place(r, 0, 16);
	ring_place(r, 1, 16);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	break_ring(&r->ring[0]);
	wait_needs_reset(r);
	check_stopped(r);
	wr(r, REG_Status, 0x8f);
	CHECK_EQ(r, rd(r, REG_Status), 0x8f);
	check_stopped(r);
}

/* DRIVER, then features and a ring, then 0x0f at once. */
static void go_live_at_once(struct rig *r, uint64_t features)
{
	bring_up(r, STAGE_DRIVER, 0);
	write_features(r, features);
	ring_clear(&r->ring[0]);
	ring_set_up(&r->ring[0]);
	wr(r, REG_Status, 0x0f);
}

static void features_ok_with_driver_ok(struct rig *r)
{
	r->setup.offered = F(VERSION_1);
	rig_power_on(r);
	ring_place(r, 0, 16);
	go_live_at_once(r, F(VERSION_1));
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	blk_check_serves(&r->ring[0]);
	go_live_at_once(r, F(VERSION_1) | F(EVENT_IDX));
	CHECK_EQ(r, rd(r, REG_Status) & (FEATURES_OK | NEEDS_RESET), 0);
	rig_settle(r);
	blk_load(&r->ring[0], BLK_IN, 1, 512);
	const uint64_t mark = rig_mark(r);
	ring_kick(&r->ring[0]);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
}

static void upper_bits_are_ignored(struct rig *r)
{
	wr(r, REG_Status, 0xffffff01);
	CHECK_EQ(r, rd(r, REG_Status), 0x00000001);
	wr(r, REG_Status, 0xffffff00);
	CHECK_EQ(r, rd(r, REG_Status), 0);
}

ROWS(ROW(STAT_01, "2.1", status_is_zero_after_reset), ROW(STAT_02, "2.1", status_bits),
     ROW(STAT_03, "2.1", undefined_bits_read_zero), ROW(STAT_08, "2.1.2", nothing_is_consumed_before_driver_ok),
     ROW(STAT_09, "2.1.2", no_notification_before_driver_ok), ROW(STAT_10, "2.1.2", errors_set_needs_reset),
     ROW(STAT_11, "2.1.2", needs_reset_is_notified), ROW(STAT_12, "2.1.2", error_before_driver_ok_is_silent),
     ROW(STAT_13, "2.1", needs_reset_belongs_to_the_device), ROW(STAT_14, "2.1", stopped_until_reset),
     ROW(STAT_15, "2.1", features_ok_with_driver_ok), ROW(STAT_16, "2.1", upper_bits_are_ignored))
