/* SPDX-License-Identifier: Apache-2.0
 * notify.c: rows of the areas "Notifications" and "Notification data", virtio 1.2, 2.3 and 2.9, and the rows of
 * QueueNotify, 4.2.2. */
#include "blk.h"
#include "rows.h"

enum { LONG = 5000 }; /* clocks in which a device that wanted to do something would have done it */

/* Queues 0 to count - 1 with 16 entries. */
static void place_queues(struct rig *r, unsigned count)
{
	for (unsigned q = 0; q < count; q++)
		ring_place(r, q, 16);
}

/* One request that only the value written to QueueNotify may start: nothing happens before. */
static void check_notify(struct ring *q, uint32_t value)
{
	struct rig *r = q->r;
	struct blk b = blk_make(r, BLK_IN, 1, 512);
	uint64_t mark;

	rig_settle(r);
	mark = rig_mark(r);
	blk_post(q, &b);
	rig_run(r, 100);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	wr(r, REG_QueueNotify, value);
	CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
	CHECK_BYTES(r, b.data, r->disk_bytes + 512, 512);
}

static void three_kinds(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_notify(&r->ring[0], 0);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	wr(r, REG_InterruptACK, INT_USED);
	r->in.strap_capacity++;
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
}

/* One bit for all queues: after the one interrupt of both, both rings hold something, and the line says no more. */
static void one_bit_for_all_queues(struct rig *r)
{
	place_queues(r, 3);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(&r->ring[0], BLK_IN, 1, 512);
	blk_load(&r->ring[2], BLK_IN, 1, 512);
	ring_kick(&r->ring[2]);
	ring_kick(&r->ring[0]);
	ring_wait(&r->ring[0], 1);
	ring_wait(&r->ring[2], 1);
	rig_settle(r);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	CHECK_EQ(r, r->irq_rises, 1);
	CHECK_EQ(r, ring_used_idx(&r->ring[0]), 1);
	CHECK_EQ(r, ring_used_idx(&r->ring[1]), 0);
	CHECK_EQ(r, ring_used_idx(&r->ring[2]), 1);
	wr(r, REG_InterruptACK, INT_USED);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
}

/* Memory whose write channel is slow and stalls: each time that the line rises, idx has moved. */
static void interrupt_behind_the_entry(struct rig *r)
{
	struct ring *q;
	struct blk b;

	r->setup.write_latency = 150;
	r->setup.stall_per_1024 = 300;
	r->setup.reorder = true;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	q = &r->ring[0];
	for (unsigned i = 0; i < 25; i++) {
		b = blk_make(r, i % 3 == 0 ? BLK_OUT : BLK_IN, i, 512);
		blk_post(q, &b);
		ring_kick(q);
		WAIT_UNTIL(r, r->dut->out.irq);
		CHECK_EQ(r, ring_used_idx(q), i + 1);
		CHECK_EQ(r, ring_take(q).id, b.head);
		CHECK_EQ(r, get(r, b.status, 1), BLK_OK);
		wr(r, REG_InterruptACK, INT_USED);
	}
}

static void notify_starts_the_queue(struct rig *r)
{
	place_queues(r, 2);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 8; i++) {
		check_notify(&r->ring[1], 1);
		check_notify(&r->ring[0], 0);
	}
}

/* The value starts nothing, whatever is posted. */
static void check_ignored(struct rig *r, uint32_t value)
{
	uint64_t mark;

	rig_settle(r);
	wr(r, REG_InterruptACK, INT_USED);
	mark = rig_mark(r);
	wr(r, REG_QueueNotify, value);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	CHECK_EQ(r, rd(r, REG_Status) & NEEDS_RESET, 0);
}

static void wrong_notifies_are_ignored(struct rig *r)
{
	static const uint32_t values[] = {2, 3, 15, 16, 255, 256, 1023, 32767, 65535};

	r->setup.queues = 3;
	rig_power_on(r);
	place_queues(r, 2);
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	blk_load(&r->ring[0], BLK_IN, 1, 512);
	check_ignored(r, 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	rig_settle(r);
	blk_load(&r->ring[0], BLK_IN, 1, 512);
	blk_load(&r->ring[1], BLK_IN, 1, 512);
	for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++)
		check_ignored(r, values[i]);
	wr(r, REG_QueueSel, 1);
	wr(r, REG_QueueReady, 0);
	check_ignored(r, 1);
	ring_kick(&r->ring[0]);
	ring_wait(&r->ring[0], 1);
	CHECK_EQ(r, ring_take(&r->ring[0]).len, 513);
	blk_check_serves(&r->ring[0]);
}

/* A second request is posted and notified at each clock of the service of a first one, from the doorbell on until long
 * after it is done. */
static void check_no_notify_is_lost(struct rig *r, uint64_t features)
{
	struct blk first, second;
	struct ring *q;

	bring_up(r, STAGE_DRIVER_OK, features);
	q = &r->ring[0];
	first = blk_make(r, BLK_IN, 1, 512);
	second = blk_make(r, BLK_OUT, 2, 512);
	for (unsigned clocks = 0; clocks < 300; clocks++) {
		rig_settle(r);
		blk_post(q, &first);
		ring_kick(q);
		rig_run(r, clocks);
		blk_post(q, &second);
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &first), BLK_OK);
		CHECK_EQ(r, blk_wait(q, &second), BLK_OK);
	}
}

static void no_notify_is_lost(struct rig *r)
{
	check_no_notify_is_lost(r, F(VERSION_1));
	check_no_notify_is_lost(r, F(VERSION_1) | F(EVENT_IDX));
}

/* Every queue there is, alone: the other rings are not looked at. */
static void value_is_the_index(struct rig *r)
{
	place_queues(r, VIO_QUEUES);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		const unsigned n = i * 5 % VIO_QUEUES;
		uint64_t mark;

		rig_settle(r);
		mark = rig_mark(r);
		check_notify(&r->ring[n], n);
		rig_settle(r);
		for (unsigned other = 0; other < VIO_QUEUES; other++)
			if (other != n)
				CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, r->ring[other].avail, 38), 0);
	}
}

static void low_half_is_the_index(struct rig *r)
{
	place_queues(r, 4);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(NOTIFICATION_DATA));
	for (uint32_t i = 0; i < 16; i++)
		check_notify(&r->ring[i * 3 % 4], i * 0x11110000 | i * 3 % 4);
	rig_settle(r);
	for (unsigned n = 0; n < 4; n++)
		blk_load(&r->ring[n], BLK_IN, 1, 512);
	check_ignored(r, 0x00010000 | VIO_QUEUES);
	check_ignored(r, 0x0001ffff);
	check_ignored(r, 0x00000100);
}

/* As a driver has it: idx in the high half, through all of its 16 bits. The ring's entries all name one request. */
static void index_with_its_top_bit(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 1024);
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(NOTIFICATION_DATA));
	b = blk_make(r, 77, 0, 0);
	blk_post(q, &b);
	for (unsigned i = 0; i < 70; i++) {
		const uint16_t done = q->posted;

		if (i > 0)
			q->posted = (uint16_t)(q->posted + q->num);
		ring_publish(q);
		wr(r, REG_QueueNotify, (uint32_t)q->posted << 16 | q->queue);
		WAIT_UNTIL(r, ring_used_idx(q) == q->posted);
		CHECK_EQ(r, get(r, b.status, 1), BLK_UNSUPP);
		CHECK_EQ(r, get(r, q->used + 4 + 8ull * (uint16_t)(q->posted - 1) % q->num, 4), b.head);
		CHECK(r, done != q->posted || i == 0, "idx stands still");
	}
}

static void repeated_notifies(struct rig *r)
{
	static const uint64_t features[] = {F(VERSION_1), F(VERSION_1) | F(NOTIFICATION_DATA),
					    F(VERSION_1) | F(EVENT_IDX)};
	struct ring *q;
	struct blk b;

	for (unsigned i = 0; i < 3; i++) {
		const uint32_t value = i == 1 ? 0x00010000 : 0;

		bring_up(r, STAGE_DRIVER_OK, features[i]);
		q = &r->ring[0];
		b = blk_make(r, BLK_IN, 1, 512);
		blk_post(q, &b);
		for (unsigned n = 0; n < 100; n++)
			wr(r, REG_QueueNotify, value);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		for (unsigned n = 0; n < 100; n++)
			wr(r, REG_QueueNotify, value);
		rig_settle(r);
		CHECK_EQ(r, ring_used_idx(q), 1);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
		blk_check_serves(q);
	}
}

/* What the value says is wrong in each direction; what memory says is done. */
static void memory_says_what_is_available(struct rig *r)
{
	static const uint16_t hints[] = {0, 1, 2, 5, 9, 0x7fff, 0x8000, 0xffff};
	struct ring *q;

	for (unsigned i = 0; i < sizeof hints / sizeof hints[0]; i++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(NOTIFICATION_DATA));
		q = &r->ring[0];
		wr(r, REG_QueueNotify, (uint32_t)hints[i] << 16);
		rig_settle(r);
		CHECK_EQ(r, ring_used_idx(q), 0);
		blk_load(q, BLK_IN, 4, 512);
		ring_add(q, 0);
		wr(r, REG_QueueNotify, (uint32_t)hints[i] << 16);
		ring_wait(q, 4);
		rig_run(r, LONG);
		CHECK_EQ(r, ring_used_idx(q), 4);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	}
}

ROWS(ROW(NOTF_01, "2.3", three_kinds), ROW(NOTF_02, "2.3", one_bit_for_all_queues),
     ROW(NOTF_03, "2.3", interrupt_behind_the_entry), ROW(NDAT_01, "2.9", value_is_the_index),
     ROW(NDAT_02, "2.9", low_half_is_the_index), ROW(NDAT_03, "2.9", index_with_its_top_bit),
     ROW(NDAT_05, "2.9", repeated_notifies), ROW(NDAT_06, "2.9", memory_says_what_is_available),
     ROW(MMIO_24, "4.2.2", notify_starts_the_queue), ROW(MMIO_25, "4.2.2", wrong_notifies_are_ignored),
     ROW(MMIO_26, "4.2.2", no_notify_is_lost), ROW(MMIO_27, "4.2.3.3", value_is_the_index))
