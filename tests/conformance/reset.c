/* SPDX-License-Identifier: Apache-2.0
 * reset.c: rows of the area "Device reset", virtio 1.2, 2.4. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { LONG = 5000 }; /* clocks in which a device that wanted to do something would have done it */

/* Up to DRIVER_OK, a full ring of reads and writes, and the doorbell; the reset then comes after some clocks. */
static void put_under_load(struct rig *r, uint64_t clocks)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(q, BLK_IN, 3, 1024);
	blk_load(q, BLK_OUT, 2, 1024);
	ring_kick(q);
	rig_run(r, clocks);
}

static void slow_memory(struct rig *r)
{
	r->setup.read_latency = r->setup.write_latency = 200;
	rig_power_on(r);
}

static void status_reads_zero_after_reset(struct rig *r)
{
	slow_memory(r);
	for (unsigned clocks = 0; clocks < 2000; clocks += 250) {
		put_under_load(r, clocks);
		wr(r, REG_Status, 0);
		CHECK_EQ(r, rd(r, REG_Status), 0);
	}
}

static void silent_once_status_is_zero(struct rig *r)
{
	slow_memory(r);
	for (unsigned clocks = 0; clocks < 2400; clocks += 97) {
		uint64_t mark, rises;

		put_under_load(r, clocks);
		wr(r, REG_Status, 0);
		WAIT_UNTIL(r, rd(r, REG_Status) == 0);
		mark = rig_mark(r);
		rises = r->irq_rises;
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
		CHECK_EQ(r, rig_unfinished(r, mark), 0);
		CHECK_EQ(r, r->irq_rises, rises);
		CHECK_EQ(r, r->dut->out.irq, 0);
	}
}

/* The rig's checkers see every burst; what is left to ask is that each came to its end. */
static void bursts_finish_over_reset(struct rig *r)
{
	r->setup.memory = 4 << 20;
	rig_power_on(r);
	for (unsigned clocks = 0; clocks < 400; clocks++) {
		const uint64_t mark = rig_mark(r);

		put_under_load(r, clocks);
		wr(r, REG_Status, 0);
		rig_settle(r);
		CHECK_EQ(r, rig_unfinished(r, mark), 0);
	}
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
}

/* Five requests with EVENT_IDX and without interrupts, and a doorbell that comes too late; then a driver that wants
 * neither. */
static void reset_forgets(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	ring_used_event(q, 0x8000);
	for (unsigned i = 0; i < 5; i++)
		blk_check_serves(q);
	CHECK_EQ(r, r->irq_rises, 0);
	ring_kick(q);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	b = blk_make(r, BLK_IN, 2, 512);
	blk_post(q, &b);
	rig_run(r, LONG);
	ring_kick(q);
	CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
	CHECK_EQ(r, ring_used_idx(q), 1);
	CHECK_EQ(r, get(r, q->used + 4, 4), b.head);
	CHECK_EQ(r, get(r, q->used + 8, 4), 513);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, ring_avail_event(q), 0);
}

static void acknowledge_behind_reset_is_kept(struct rig *r)
{
	struct ring *q = &r->ring[0];

	slow_memory(r);
	for (unsigned clocks = 0; clocks < 2400; clocks += 200) {
		uint16_t used;

		put_under_load(r, clocks);
		wr(r, REG_Status, 0);
		wr(r, REG_Status, ACKNOWLEDGE);
		used = ring_used_idx(q);
		CHECK_EQ(r, rd(r, REG_Status), 0x01);
		rig_run(r, LONG);
		CHECK_EQ(r, rd(r, REG_Status), 0x01);
		CHECK_EQ(r, ring_used_idx(q), used);
		CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	}
}

static void notify_in_reset_is_ignored(struct rig *r)
{
	struct ring *q = &r->ring[0];
	uint64_t mark;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(q);
	wr(r, REG_Status, 0);
	mark = rig_mark(r);
	for (unsigned i = 0; i < 3; i++)
		ring_kick(q);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(q);
	CHECK_EQ(r, ring_used_idx(q), 1);
}

static void reset_lowers_the_line(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
	WAIT_UNTIL(r, r->dut->out.irq);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
	CHECK_EQ(r, r->dut->out.irq, 0);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
}

static void reset_twice(struct rig *r)
{
	wr(r, REG_Status, 0);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
	wr(r, REG_Status, 0);
	wr(r, REG_Status, 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
}

static void disk_and_capacity_outlive_reset(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk out, in;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, blk_do(q, &out, BLK_OUT, 9, 1024), BLK_OK);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd64(r, REG_CapacityLow), r->setup.sectors);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, blk_do(q, &in, BLK_IN, 9, 1024), BLK_OK);
	CHECK_BYTES(r, in.data, rig_at(r, out.data, 1024), 1024);
	CHECK_EQ(r, rd64(r, REG_CapacityLow), r->setup.sectors);
}

/* The read is posted while the answer to Status = 0 is still due. That it waits for that is documented; that it is
 * answered, and right, is asked. */
static void identity_during_reset(struct rig *r)
{
	static const struct {
		uint16_t addr;
		uint32_t value;
	} regs[] = {{REG_MagicValue, 0x74726976}, {REG_Version, 2}, {REG_DeviceID, 2}};

	slow_memory(r);
	for (unsigned i = 0; i < 3; i++) {
		put_under_load(r, 300);
		wr_post(r, REG_Status, 0);
		rig_run(r, 10);
		CHECK(r, !wr_answered(r), "reset is over before the read begins");
		rd_post(r, regs[i].addr);
		CHECK_EQ(r, rd_finish(r), regs[i].value);
		wr_finish(r);
	}
}

ROWS(ROW(RST_01, "2.4.1", status_reads_zero_after_reset), ROW(RST_02, "2.4.1", silent_once_status_is_zero),
     ROW(RST_04, "2.4", bursts_finish_over_reset), ROW(RST_05, "2.4", reset_forgets),
     ROW(RST_06, "2.4", acknowledge_behind_reset_is_kept), ROW(RST_07, "2.4", notify_in_reset_is_ignored),
     ROW(RST_08, "2.4", reset_lowers_the_line), ROW(RST_09, "2.4", reset_twice),
     ROW(RST_10, "2.4", disk_and_capacity_outlive_reset), ROW(RST_11, "2.4", identity_during_reset))
