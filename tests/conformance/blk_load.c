/* SPDX-License-Identifier: Apache-2.0
 * blk_load.c: rows of the area "Block device" about large requests and several queues, virtio 1.2, 5.2.2 and 5.2.3. */
#include <string.h>
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512, WRITERS = 4, LARGE = 4 << 20 };

static void at_both_limits(struct rig *r)
{
	static struct raw b;
	struct ring *q;

	r->setup.memory = 4 << 20;
	r->setup.sectors = 4096;
	rig_power_on(r);
	q = ring_place(r, 0, 128);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_SIZE_MAX) | F(BLK_SEG_MAX));
	r->limit = 400000;
	CHECK_EQ(r, rd(r, REG_SizeMax), VIO_SIZE_MAX);
	CHECK_EQ(r, rd(r, REG_SegMax), VIO_SEG_MAX);
	raw_make(r, &b, BLK_IN, 1, 0, VIO_SIZE_MAX);
	b.count = 3;
	b.piece[1].len = VIO_SIZE_MAX;
	b.piece[2] = (struct seg){raw_status(&b), 1, true};
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	CHECK_BYTES(r, b.in, r->disk_bytes + SECTOR, VIO_SIZE_MAX);
	raw_make(r, &b, BLK_OUT, 2000, VIO_SEG_MAX * SECTOR, 0);
	b.piece[0].len = 16;
	for (unsigned i = 0; i < VIO_SEG_MAX; i++)
		b.piece[1 + i] = (struct seg){raw_data(&b) + SECTOR * i, SECTOR, false};
	b.piece[1 + VIO_SEG_MAX] = (struct seg){raw_status(&b), 1, true};
	b.count = 2 + VIO_SEG_MAX;
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	CHECK_BYTES(r, raw_data(&b), r->disk_bytes + 2000 * SECTOR, VIO_SEG_MAX * SECTOR);
}

/* More than size_max in one descriptor, by a driver that never heard of it. */
static void one_huge_segment(struct rig *r)
{
	struct blk b;

	r->setup.memory = 5 << 20;
	r->setup.sectors = LARGE / SECTOR;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	r->limit = 1000000;
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, 0, LARGE), BLK_OK);
	CHECK_BYTES(r, b.data, r->disk_bytes, LARGE);
	CHECK_EQ(r, b.used.len, LARGE + 1);
}

static void all_queues_one_disk(struct rig *r)
{
	struct blk out, in;

	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ring_place(r, q, 16);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		out = blk_make(r, BLK_OUT, 3 + q, SECTOR);
		put(r, out.data, 0xabcd0000 + q, 4);
		blk_post(&r->ring[q], &out);
		ring_kick(&r->ring[q]);
		CHECK_EQ(r, blk_wait(&r->ring[q], &out), BLK_OK);
		for (unsigned other = 0; other < VIO_QUEUES; other += 5) {
			CHECK_EQ(r, blk_do(&r->ring[other], &in, BLK_IN, 3 + q, SECTOR), BLK_OK);
			CHECK_BYTES(r, in.data, rig_at(r, out.data, SECTOR), SECTOR);
		}
	}
}

/* Sectors that several writers fill with a letter of their own: each is of one of them. */
static void check_no_tearing(struct rig *r, uint64_t sector)
{
	const uint8_t *bytes = r->disk_bytes + sector * SECTOR;

	CHECK(r, bytes[0] >= 'A' && bytes[0] < 'A' + WRITERS, "sector %u begins with 0x%02x", (unsigned)sector,
	      bytes[0]);
	for (unsigned i = 1; i < SECTOR; i++)
		CHECK(r, bytes[i] == bytes[0], "sector %u holds bytes 0x%02x and 0x%02x", (unsigned)sector, bytes[0],
		      bytes[i]);
}

static void overlapping_writes(struct rig *r)
{
	struct blk b[WRITERS];

	r->setup.stall_per_1024 = 200;
	r->setup.reorder = true;
	rig_power_on(r);
	for (unsigned q = 0; q < WRITERS; q++)
		ring_place(r, q, 16);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_MQ));
	for (unsigned q = 0; q < WRITERS; q++) {
		b[q] = blk_make(r, BLK_OUT, 100 + q, 4 * SECTOR);
		memset(rig_at(r, b[q].data, 4 * SECTOR), 'A' + (int)q, 4 * SECTOR);
	}
	for (unsigned round = 0; round < 8; round++) {
		for (unsigned q = 0; q < WRITERS; q++) {
			blk_post(&r->ring[q], &b[q]);
			wr_post(r, REG_QueueNotify, (q + round) % WRITERS);
			wr_finish(r);
		}
		for (unsigned q = 0; q < WRITERS; q++)
			ring_kick(&r->ring[q]);
		for (unsigned q = 0; q < WRITERS; q++)
			CHECK_EQ(r, blk_wait(&r->ring[q], &b[q]), BLK_OK);
		for (uint64_t sector = 100; sector < 103 + WRITERS; sector++)
			check_no_tearing(r, sector);
	}
}

ROWS(ROW(BLK_61, "5.2.3", at_both_limits), ROW(BLK_62, "5.2.3", one_huge_segment),
     ROW(BLK_64, "5.2.2", all_queues_one_disk), ROW(BLK_67, "5.2.6", overlapping_writes))
