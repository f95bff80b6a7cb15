/* SPDX-License-Identifier: Apache-2.0
 * init.c: rows of the area "Initialisation and cleanup", virtio 1.2, 3.1 and 3.3. */
#include "blk.h"
#include "rows.h"

static void buffers_from_before_driver_ok_are_found(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	blk_load(q, BLK_IN, 4, 512);
	wr(r, REG_Status, 0x0f);
	ring_wait(q, 4);
	CHECK_EQ(r, ring_used_idx(q), 4);
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(r, ring_take(q).len, 513);
}

static void legacy_tolerates_early_config_writes(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
	wr8(r, REG_Writeback, 1);
	wr8(r, REG_Writeback, 0);
	wr(r, REG_Writeback, 1);
	CHECK_EQ(r, rd(r, REG_Status), 0);
	CHECK_EQ(r, rd64(r, REG_CapacityLow), r->setup.sectors);
	bring_up(r, STAGE_DRIVER_OK, 0);
	blk_check_serves(&r->ring[0]);
}

static void legacy_serves_before_driver_ok(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
	bring_up(r, STAGE_QUEUES, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0x03);
	blk_check_serves(&r->ring[0]);
	CHECK_EQ(r, rd(r, REG_Status), 0x03);
}

static void all_queues_live_then_none(struct rig *r)
{
	uint64_t mark;

	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ring_place(r, q, 16);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		blk_check_serves(&r->ring[q]);
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		blk_load(&r->ring[q], BLK_IN, 1, 512);
	wr(r, REG_Status, 0);
	mark = rig_mark(r);
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		wr(r, REG_QueueSel, q);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		ring_kick(&r->ring[q]);
	}
	rig_run(r, 5000);
	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
}

ROWS(ROW(INIT_07, "3.1.1", buffers_from_before_driver_ok_are_found),
     ROW(INIT_09, "3.1.2", legacy_tolerates_early_config_writes), ROW(INIT_10, "3.1.2", legacy_serves_before_driver_ok),
     ROW(INIT_11, "3.3", all_queues_live_then_none))
