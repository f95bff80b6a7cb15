/* SPDX-License-Identifier: Apache-2.0
 * queue_reset.c: rows of the area "Virtqueue reset", virtio 1.2, 2.6.1, and the rows of QueueReset, 4.2.2. */
#include "blk.h"
#include "rows.h"

enum { LONG = 5000 }; /* clocks in which a device that wanted to do something would have done it */

#define FEATURES (F(VERSION_1) | F(RING_RESET) | F(BLK_MQ))

static void slow_memory(struct rig *r)
{
	r->setup.read_latency = r->setup.write_latency = 200;
	rig_power_on(r);
}

static void wait_reset_done(struct rig *r, unsigned queue)
{
	wr(r, REG_QueueSel, queue);
	WAIT_UNTIL(r, rd(r, REG_QueueReset) == 0);
}

static void reset_queue(struct rig *r, unsigned queue)
{
	wr(r, REG_QueueSel, queue);
	wr(r, REG_QueueReset, 1);
	wait_reset_done(r, queue);
}

/* Eight requests, and some clocks to be in the middle of them. */
static void put_under_load(struct ring *q, uint64_t clocks)
{
	blk_load(q, BLK_IN, 5, 512);
	blk_load(q, BLK_OUT, 3, 512);
	ring_kick(q);
	rig_run(q->r, clocks);
}

/* The queue is stopped: neither its memory is touched nor the line raised, whatever is posted. */
static void check_silent(struct rig *r, const struct ring *q)
{
	const uint64_t mark = rig_mark(r), rises = r->irq_rises;

	wr(r, REG_QueueNotify, q->queue);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	CHECK_EQ(r, r->irq_rises, rises);
}

static void silent_once_reset(struct rig *r)
{
	struct ring *q;

	slow_memory(r);
	q = ring_place(r, 0, 32);
	for (unsigned clocks = 0; clocks < 4000; clocks += 250) {
		bring_up(r, STAGE_DRIVER_OK, FEATURES);
		put_under_load(q, clocks);
		reset_queue(r, 0);
		wr(r, REG_InterruptACK, INT_USED);
		check_silent(r, q);
		CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	}
}

/* Half the size, elsewhere; the smaller ring goes round three times. */
static void new_parameters_are_obeyed(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 32);
	const struct ring old = *q;
	uint64_t mark;

	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	for (unsigned i = 0; i < 5; i++)
		blk_check_serves(q);
	rig_settle(r);
	reset_queue(r, 0);
	rig_revoke(r, old.used, 6 + 8u * old.num);
	q = ring_place(r, 0, 16);
	ring_set_up(q);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	mark = rig_mark(r);
	for (unsigned i = 0; i < 48; i++)
		blk_check_serves(q);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, old.desc, old.used + 6 + 8u * old.num - old.desc), 0);
}

/* Queue 1 serves on, in order, while queue 0 is reset again and again. */
static void other_queues_go_on(struct rig *r)
{
	struct ring *a = ring_place(r, 0, 32), *b = ring_place(r, 1, 64);
	struct blk one[20];

	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	for (unsigned pass = 0; pass < 8; pass++) {
		for (unsigned i = 0; i < 20; i++) {
			if (pass == 0)
				one[i] = blk_make(r, BLK_IN, 100 + i, 512);
			blk_post(b, &one[i]);
		}
		ring_kick(b);
		put_under_load(a, 40 * pass);
		reset_queue(r, 0);
		for (unsigned i = 0; i < 20; i++) {
			CHECK_EQ(r, blk_wait(b, &one[i]), BLK_OK);
			CHECK_BYTES(r, one[i].data, r->disk_bytes + 512 * (100 + i), 512);
		}
		wr(r, REG_QueueSel, 1);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
		ring_clear(a);
		ring_set_up(a);
		blk_check_serves(a);
	}
}

static void ignored_without_the_feature(struct rig *r)
{
	struct ring *q;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	q = &r->ring[0];
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReset, 1);
	CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	blk_check_serves(q);
	blk_load(q, BLK_IN, 4, 512);
	ring_kick(q);
	wr(r, REG_QueueReset, 1);
	ring_wait(q, 4);
	CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
}

/* A queue that is not ready, and queues that do not exist; one word above that another queue's index would be. */
static void nothing_to_reset(struct rig *r)
{
	static const uint32_t queues[] = {1, VIO_QUEUES, 1023, 0xffff, 0x10000, 0x80000000, 0xffffffff};

	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	for (unsigned i = 0; i < sizeof queues / sizeof queues[0]; i++) {
		wr(r, REG_QueueSel, queues[i]);
		wr(r, REG_QueueReset, 1);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
	}
	wr(r, REG_QueueSel, 0);
	CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	blk_check_serves(&r->ring[0]);
}

static void queue_reset_resets_the_selected_queue(struct rig *r)
{
	for (unsigned q = 0; q < 3; q++)
		ring_place(r, q, 16);
	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	for (unsigned q = 0; q < 3; q++)
		blk_check_serves(&r->ring[q]);
	wr(r, REG_QueueSel, 1);
	wr(r, REG_QueueReset, 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	reset_queue(r, 1);
	for (unsigned q = 0; q < 3; q++) {
		wr(r, REG_QueueSel, q);
		CHECK_EQ(r, rd(r, REG_QueueReady), q != 1);
	}
	blk_check_serves(&r->ring[0]);
	blk_check_serves(&r->ring[2]);
	rig_settle(r);
	wr(r, REG_InterruptACK, INT_USED);
	blk_load(&r->ring[1], BLK_IN, 1, 512);
	check_silent(r, &r->ring[1]);
	ring_clear(&r->ring[1]);
	ring_set_up(&r->ring[1]);
	blk_check_serves(&r->ring[1]);
}

/* The reset of the device comes while the reset of a queue waits for memory. */
static void reads_zero_after_device_reset(struct rig *r)
{
	struct ring *q;

	slow_memory(r);
	q = ring_place(r, 0, 32);
	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	put_under_load(q, 300);
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReset, 1);
	CHECK_EQ(r, rd(r, REG_QueueReset), 1);
	bring_up(r, STAGE_FEATURES_OK, FEATURES);
	for (unsigned i = 0; i <= VIO_QUEUES; i++) {
		wr(r, REG_QueueSel, i);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	}
}

static void reads_zero_once_enabled(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 16);

	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	for (unsigned i = 0; i < 3; i++) {
		reset_queue(r, 0);
		ring_clear(q);
		ring_set_up(q);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
		blk_check_serves(q);
	}
}

/* Memory holds its answers: the reset cannot end. The register is the queue's own. */
static void reads_one_while_it_lasts(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 32);

	bring_up(r, STAGE_DRIVER_OK, FEATURES);
	put_under_load(q, 120);
	rig_hold(r, RIG_BOTH);
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReset, 1);
	for (unsigned i = 0; i < 50; i++) {
		wr(r, REG_QueueSel, 0);
		CHECK_EQ(r, rd(r, REG_QueueReset), 1);
		wr(r, REG_QueueSel, 1);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	}
	rig_hold(r, 0);
	wait_reset_done(r, 0);
	check_silent(r, q);
}

static void both_read_zero_when_it_is_over(struct rig *r)
{
	struct ring *q;

	slow_memory(r);
	q = ring_place(r, 0, 32);
	for (unsigned clocks = 0; clocks < 2500; clocks += 500) {
		bring_up(r, STAGE_DRIVER_OK, FEATURES);
		put_under_load(q, clocks);
		reset_queue(r, 0);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
		rig_run(r, LONG);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		CHECK_EQ(r, rd(r, REG_QueueReset), 0);
	}
}

ROWS(ROW(RRST_01, "2.6.1.1.1", silent_once_reset), ROW(RRST_05, "2.6.1.2.1", new_parameters_are_obeyed),
     ROW(RRST_07, "2.6.1", other_queues_go_on), ROW(RRST_08, "2.6.1", ignored_without_the_feature),
     ROW(RRST_09, "2.6.1", nothing_to_reset), ROW(MMIO_31, "4.2.2", queue_reset_resets_the_selected_queue),
     ROW(MMIO_32, "4.2.2.1", reads_zero_after_device_reset), ROW(MMIO_33, "4.2.2.1", reads_zero_once_enabled),
     ROW(MMIO_34, "4.2.2.1", reads_one_while_it_lasts), ROW(MMIO_35, "4.2.2.1", both_read_zero_when_it_is_over))
