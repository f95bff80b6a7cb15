/* SPDX-License-Identifier: Apache-2.0
 * transport_queue.c: rows of the area "Transport registers (modern)", virtio 1.2, 4.2.2: the registers of the queues.
 */
#include "blk.h"
#include "rows.h"

enum { LONG = 5000 }; /* clocks in which a device that wanted to do something would have done it */

static void select_queue(struct rig *r, uint32_t queue)
{
	wr(r, REG_QueueSel, queue);
}

/* Every register of every queue, each behind a QueueSel of its own, the queues in an order that changes. */
static void selector_takes_effect_at_once(struct rig *r)
{
	static const uint16_t regs[] = {REG_QueueDescHigh,   REG_QueueDescLow,    REG_QueueNum,
					REG_QueueDriverHigh, REG_QueueDeviceHigh, REG_QueueDriverLow,
					REG_QueueDeviceLow,  REG_QueueReady};

	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ring_place(r, q, (uint16_t)(8u << q % 4));
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned i = 0; i < 8; i++)
		for (unsigned n = 0; n < VIO_QUEUES; n++) {
			const struct ring *q = &r->ring[(n * 7 + i * 3) % VIO_QUEUES];
			const uint32_t values[] = {(uint32_t)(q->desc >> 32),
						   (uint32_t)q->desc,
						   q->num,
						   (uint32_t)(q->avail >> 32),
						   (uint32_t)(q->used >> 32),
						   (uint32_t)q->avail,
						   (uint32_t)q->used,
						   1};

			select_queue(r, q->queue);
			wr(r, regs[i], values[i]);
		}
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		rig_grant(r, r->ring[q].used, 6 + 8u * r->ring[q].num);
		select_queue(r, q);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	}
	wr(r, REG_Status, 0x0f);
	for (unsigned i = 0; i < 10 * VIO_QUEUES; i++)
		blk_check_serves(&r->ring[i * 5 % VIO_QUEUES]);
}

static void no_size_without_a_queue(struct rig *r)
{
	static const uint32_t queues[] = {1023, 65535, 0x10000, 0x80000000, 0xffffffff};

	r->setup.queues = 3;
	rig_power_on(r);
	for (unsigned i = 0; i < sizeof queues / sizeof queues[0]; i++) {
		select_queue(r, queues[i]);
		CHECK_EQ(r, rd(r, REG_QueueNumMax), 0);
	}
	for (unsigned q = 0; q < 2 * VIO_QUEUES; q++) {
		select_queue(r, q);
		CHECK_EQ(r, rd(r, REG_QueueNumMax), q < 3 ? VIO_QUEUE_NUM_MAX : 0);
	}
}

/* The set-up of queue 0 is left as it is by writes to a queue that does not exist, before and while it is ready. */
static void no_alias_of_a_queue(struct rig *r)
{
	static const uint32_t queues[] = {0x10000, VIO_QUEUES, 0x80000000, 0x100};
	struct ring *q = ring_place(r, 0, 16);

	for (unsigned i = 0; i < sizeof queues / sizeof queues[0]; i++) {
		bring_up(r, STAGE_FEATURES_OK, F(VERSION_1));
		ring_clear(q);
		for (unsigned pass = 0; pass < 2; pass++) {
			if (pass == 1)
				ring_set_up(q);
			select_queue(r, queues[i]);
			CHECK_EQ(r, rd(r, REG_QueueNumMax), 0);
			wr(r, REG_QueueNum, 4);
			wr(r, REG_QueueReady, 1);
			CHECK_EQ(r, rd(r, REG_QueueReady), 0);
			wr(r, REG_QueueDescLow, 0xdead0000);
			wr(r, REG_QueueReady, 0);
			select_queue(r, 0);
			CHECK_EQ(r, rd(r, REG_QueueReady), pass);
		}
		wr(r, REG_Status, 0x0f);
		for (unsigned n = 0; n < 8; n++)
			blk_check_serves(q);
	}
}

static void maximum_is_a_power_of_two(struct rig *r)
{
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		uint32_t max;

		select_queue(r, q);
		max = rd(r, REG_QueueNumMax);
		CHECK(r, max != 0 && (max & (max - 1)) == 0, "expected a power of two, found %u", max);
	}
	for (r->setup.queue_num = 1; r->setup.queue_num <= VIO_QUEUE_NUM_MAX; r->setup.queue_num *= 2) {
		rig_power_on(r);
		CHECK_EQ(r, rd(r, REG_QueueNumMax), r->setup.queue_num);
	}
}

static void size_is_as_written(struct rig *r)
{
	struct ring *q;

	r->setup.queue_num = 256;
	rig_power_on(r);
	q = ring_place(r, 0, 4);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 1; i <= 13; i++) {
		blk_check_serves(q);
		rig_settle(r);
		CHECK_EQ(r, ring_used_idx(q), i);
		CHECK_EQ(r, ring_avail_event(q), i);
	}
}

/* The queue stays not ready, or the device says that it is broken; no burst goes anywhere. A legal size mends it. */
static void illegal_sizes(struct rig *r)
{
	static const uint32_t sizes[] = {0,      3,      5,       255,     257,        512,
					 0x8000, 0x8001, 0x10000, 0x10010, 0x80000010, 0xffffffff};
	struct ring *q;

	r->setup.queue_num = 256;
	rig_power_on(r);
	q = ring_place(r, 0, 16);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint64_t mark;

		bring_up(r, STAGE_FEATURES_OK, F(VERSION_1));
		ring_clear(q);
		ring_set_up(q);
		wr(r, REG_QueueReady, 0);
		wr(r, REG_QueueNum, sizes[i]);
		wr(r, REG_QueueReady, 1);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		mark = rig_mark(r);
		wr(r, REG_Status, 0x0f);
		blk_load(q, BLK_IN, 1, 512);
		ring_kick(q);
		rig_run(r, 500);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	}
	ring_clear(q);
	ring_set_up(q);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	blk_check_serves(q);
}

static void ready_reads_back(struct rig *r)
{
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ring_place(r, q, 16);
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		select_queue(r, n * 3 % VIO_QUEUES);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
		wr(r, REG_QueueReady, 0);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		wr(r, REG_QueueReady, 0);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		select_queue(r, (n + 1) * 3 % VIO_QUEUES);
		CHECK_EQ(r, rd(r, REG_QueueReady), n + 1 < VIO_QUEUES);
		select_queue(r, n * 3 % VIO_QUEUES);
		if (n % 2 == 0)
			wr(r, REG_QueueReady, 1);
		CHECK_EQ(r, rd(r, REG_QueueReady), n % 2 == 0);
		wr(r, REG_QueueReady, 0);
	}
}

static void none_is_ready_after_reset(struct rig *r)
{
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ring_place(r, q, 16);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned q = 0; q < VIO_QUEUES; q++) {
			select_queue(r, q);
			CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		}
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		blk_check_serves(&r->ring[VIO_QUEUES - 1]);
		wr(r, REG_Status, 0);
	}
}

/* A queue with eight requests in the middle of which it is stopped. */
static void stop_under_load(struct ring *q, uint64_t clocks)
{
	struct rig *r = q->r;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(q, BLK_IN, 4, 512);
	blk_load(q, BLK_OUT, 4, 512);
	ring_kick(q);
	rig_run(r, clocks);
	select_queue(r, 0);
	wr(r, REG_QueueReady, 0);
}

static void queue_memory_is_left_alone(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 32);

	for (unsigned clocks = 0; clocks < 600; clocks += 30) {
		uint64_t mark;

		stop_under_load(q, clocks);
		WAIT_UNTIL(r, rd(r, REG_QueueReady) == 0);
		mark = rig_mark(r);
		blk_load(q, BLK_IN, 1, 512);
		ring_kick(q);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	}
}

/* One read, and it is 0; what was begun is at its end by then. */
static void ready_reads_zero_at_once(struct rig *r)
{
	struct ring *q;

	r->setup.read_latency = r->setup.write_latency = 300;
	rig_power_on(r);
	q = ring_place(r, 0, 32);
	for (unsigned clocks = 0; clocks < 4000; clocks += 333) {
		uint64_t mark;

		stop_under_load(q, clocks);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		CHECK_EQ(r, rig_unfinished(r, 0), 0);
		mark = rig_mark(r);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	}
}

static void ready_queue_works_from_driver_ok_on(struct rig *r)
{
	struct ring *q;

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	q = &r->ring[0];
	blk_load(q, BLK_IN, 2, 512);
	ring_kick(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, RIG_ANYWHERE), 0);
	wr(r, REG_Status, 0x0f);
	ring_wait(q, 2);
	CHECK_EQ(r, ring_take(q).len, 513);
	CHECK_EQ(r, ring_take(q).len, 513);
	CHECK(r, rig_count(r, 0, RIG_READ, q->avail, 6 + 2u * q->num) > 0, "the available ring was not read");
	CHECK(r, rig_count(r, 0, RIG_READ, q->desc, 16u * q->num) > 0, "the descriptor table was not read");
	CHECK(r, rig_count(r, 0, RIG_WRITE, q->used, 6 + 8u * q->num) > 0, "the used ring was not written");
	blk_check_serves(q);
}

static void live_queue_keeps_its_set_up(struct rig *r)
{
	static const uint16_t regs[] = {REG_QueueNum,        REG_QueueDescLow,   REG_QueueDescHigh,  REG_QueueDriverLow,
					REG_QueueDriverHigh, REG_QueueDeviceLow, REG_QueueDeviceHigh};
	struct ring *q;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	q = &r->ring[0];
	select_queue(r, 0);
	for (unsigned i = 0; i < 7; i++) {
		blk_load(q, BLK_IN, 3, 512);
		ring_kick(q);
		wr(r, regs[i], 4);
		ring_wait(q, 3);
		for (unsigned n = 0; n < 3; n++)
			CHECK_EQ(r, ring_take(q).len, 513);
		wr(r, regs[i], 0xfff00000);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
		blk_check_serves(q);
	}
}

/* Halves of the addresses in every order that matters, into memory where the high halves are not 0. */
static void addresses_in_any_order(struct rig *r)
{
	static const uint16_t orders[4][6] = {
		{REG_QueueDescLow, REG_QueueDescHigh, REG_QueueDriverLow, REG_QueueDriverHigh, REG_QueueDeviceLow,
		 REG_QueueDeviceHigh},
		{REG_QueueDeviceHigh, REG_QueueDeviceLow, REG_QueueDriverHigh, REG_QueueDriverLow, REG_QueueDescHigh,
		 REG_QueueDescLow},
		{REG_QueueDescHigh, REG_QueueDriverHigh, REG_QueueDeviceHigh, REG_QueueDescLow, REG_QueueDriverLow,
		 REG_QueueDeviceLow},
		{REG_QueueDriverLow, REG_QueueDeviceHigh, REG_QueueDescLow, REG_QueueDriverHigh, REG_QueueDescHigh,
		 REG_QueueDeviceLow},
	};
	struct ring *q;

	r->setup.base = 0xa5c3000180000000;
	rig_power_on(r);
	q = ring_place(r, 0, 16);
	for (unsigned i = 0; i < 4; i++) {
		bring_up(r, STAGE_FEATURES_OK, F(VERSION_1));
		ring_clear(q);
		rig_grant(r, q->used, 6 + 8u * q->num);
		select_queue(r, 0);
		wr(r, REG_QueueNum, q->num);
		for (unsigned n = 0; n < 6; n++) {
			const uint16_t area = orders[i][n] & 0xff0;
			const uint64_t addr = area == 0x080 ? q->desc : area == 0x090 ? q->avail : q->used;

			wr(r, orders[i][n], 0xffffffff);
			wr(r, orders[i][n], (uint32_t)(orders[i][n] & 4 ? addr >> 32 : addr));
		}
		wr(r, REG_QueueReady, 1);
		wr(r, REG_Status, 0x0f);
		for (unsigned n = 0; n < 4; n++)
			blk_check_serves(q);
	}
}

/* Where no memory is: the device's access fails, and nothing goes where the low half alone points to. */
static void addresses_past_memory(struct rig *r)
{
	static const uint16_t high[] = {REG_QueueDescHigh, REG_QueueDriverHigh};
	static const uint32_t values[] = {1, 0x100, 0x00010000, 0xffffffff};

	for (unsigned i = 0; i < 8; i++) {
		struct ring *q;
		uint64_t mark, low;

		bring_up(r, STAGE_QUEUES, F(VERSION_1));
		q = &r->ring[0];
		low = i < 4 ? q->desc : q->avail;
		select_queue(r, 0);
		wr(r, REG_QueueReady, 0);
		wr(r, high[i / 4], values[i % 4]);
		wr(r, REG_QueueReady, 1);
		mark = rig_mark(r);
		wr(r, REG_Status, 0x0f);
		blk_load(q, BLK_IN, 1, 512);
		ring_kick(q);
		WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, low, i < 4 ? 16u * q->num : 6 + 2u * q->num), 0);
		CHECK(r, rig_count(r, mark, RIG_READ, low | (uint64_t)values[i % 4] << 32, 64) > 0,
		      "no read goes to the address as it was written");
	}
}

/* Virtio 1.2, 4.2.3.2, step by step. */
static void usual_set_up(struct rig *r)
{
	for (unsigned n = 0; n < VIO_QUEUES; n++)
		ring_place(r, n, 16);
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		struct ring *q = &r->ring[n];

		select_queue(r, n);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		CHECK(r, rd(r, REG_QueueNumMax) >= q->num, "QueueNumMax of queue %u is less than %u", n, q->num);
		ring_clear(q);
		ring_set_up(q);
		CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	}
	wr(r, REG_Status, 0x0f);
	for (unsigned n = 0; n < VIO_QUEUES; n++)
		blk_check_serves(&r->ring[n]);
}

ROWS(ROW(MMIO_12, "4.2.2", selector_takes_effect_at_once), ROW(MMIO_13, "4.2.2", no_size_without_a_queue),
     ROW(MMIO_14, "4.2.2", no_alias_of_a_queue), ROW(MMIO_15, "4.2.2", maximum_is_a_power_of_two),
     ROW(MMIO_16, "4.2.2", size_is_as_written), ROW(MMIO_17, "4.2.2", illegal_sizes),
     ROW(MMIO_18, "4.2.2", ready_reads_back), ROW(MMIO_19, "4.2.2.1", none_is_ready_after_reset),
     ROW(MMIO_20, "4.2.2.1", queue_memory_is_left_alone), ROW(MMIO_21, "4.2.2", ready_reads_zero_at_once),
     ROW(MMIO_22, "4.2.2", ready_queue_works_from_driver_ok_on), ROW(MMIO_23, "4.2.2", live_queue_keeps_its_set_up),
     ROW(MMIO_28, "4.2.2", addresses_in_any_order), ROW(MMIO_29, "4.2.2", addresses_past_memory),
     ROW(MMIO_57, "4.2.3.2", usual_set_up))
