/* SPDX-License-Identifier: Apache-2.0
 * legacy.c: rows of the area "Legacy MMIO interface (Version=1)" about its registers, virtio 1.2, 4.2.4. */
#include "blk.h"
#include "rows.h"

enum { LONG = 5000, PAGE = 4096 };

static void legacy(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
}

static uint32_t read_pfn(struct rig *r, unsigned queue)
{
	wr(r, REG_QueueSel, queue);
	return rd(r, REG_QueuePFN);
}

static void write_pfn(struct rig *r, unsigned queue, uint32_t pfn)
{
	wr(r, REG_QueueSel, queue);
	wr(r, REG_QueuePFN, pfn);
}

static void version_is_1(struct rig *r)
{
	legacy(r);
	CHECK_EQ(r, rd(r, REG_Version), 1);
	CHECK_EQ(r, rd(r, REG_MagicValue), 0x74726976);
	CHECK_EQ(r, rd(r, REG_DeviceID), 2);
	bring_up(r, STAGE_DRIVER_OK, 0);
	CHECK_EQ(r, rd(r, REG_Version), 1);
}

static void features_are_where_they_were(struct rig *r)
{
	const uint32_t expected = (uint32_t)(F(BLK_FLUSH) | F(BLK_SEG_MAX) | F(EVENT_IDX) | F(INDIRECT_DESC));
	struct blk b;

	r->setup.offered = expected;
	legacy(r);
	wr(r, 0x014, 0);
	CHECK_EQ(r, rd(r, 0x010), expected);
	bring_up(r, STAGE_DRIVER, 0);
	wr(r, 0x024, 0);
	wr(r, 0x020, 1u << 9);
	CHECK_EQ(r, rd(r, 0x020), 0);
	ring_place(r, 0, 16);
	ring_clear(&r->ring[0]);
	ring_set_up(&r->ring[0]);
	wr(r, REG_Status, 0x07);
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_FLUSH, 0, 0), BLK_OK);
	bring_up(r, STAGE_DRIVER_OK, 0);
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_FLUSH, 0, 0), BLK_UNSUPP);
}

static void no_second_feature_word(struct rig *r)
{
	static const uint32_t words[] = {1, 2, 0x80000000, 0xffffffff};

	r->setup.offered = UINT64_MAX;
	legacy(r);
	for (unsigned i = 0; i < 4; i++) {
		wr(r, REG_DeviceFeaturesSel, words[i]);
		CHECK_EQ(r, rd(r, REG_DeviceFeatures), 0);
	}
	wr(r, REG_DeviceFeaturesSel, 0);
	CHECK(r, rd(r, REG_DeviceFeatures) != 0, "no features are offered");
}

/* A driver that does not look at QueueSel's reset value, on all queues backwards. */
static void queue_sel_selects(struct rig *r)
{
	r->setup.queues = 5;
	legacy(r);
	for (unsigned i = 0; i < 5; i++)
		ring_place(r, i, (uint16_t)(4 << i));
	bring_up(r, STAGE_DRIVER_OK, F(BLK_MQ));
	for (unsigned i = 5; i-- > 0;) {
		CHECK_EQ(r, read_pfn(r, i), r->ring[i].desc / PAGE);
		blk_check_serves(&r->ring[i]);
	}
	write_pfn(r, 3, 0);
	for (unsigned i = 0; i < 5; i++)
		CHECK_EQ(r, read_pfn(r, i), i == 3 ? 0 : r->ring[i].desc / PAGE);
	CHECK_EQ(r, read_pfn(r, 5), 0);
	write_pfn(r, 5, 0x80000);
	CHECK_EQ(r, read_pfn(r, 5), 0);
	CHECK_EQ(r, read_pfn(r, 0), r->ring[0].desc / PAGE);
}

static void queue_num_max(struct rig *r)
{
	r->setup.queues = 3;
	r->setup.queue_num = 256;
	legacy(r);
	for (unsigned i = 0; i < 8; i++) {
		wr(r, REG_QueueSel, i);
		CHECK_EQ(r, rd(r, REG_QueueNumMax), i < 3 ? 256 : 0);
	}
	bring_up(r, STAGE_DRIVER_OK, 0);
	wr(r, REG_QueueSel, 0);
	CHECK(r, rd(r, REG_QueueNumMax) == 0 || rd(r, REG_QueueNumMax) == 256, "QueueNumMax of a live queue is 0x%x",
	      rd(r, REG_QueueNumMax));
	blk_check_serves(&r->ring[0]);
}

/* More requests than entries, so the ring is left and begun again where its size says. */
static void queue_num_sets_the_size(struct rig *r)
{
	static const uint16_t sizes[] = {4, 8, 32, 256};

	legacy(r);
	for (unsigned i = 0; i < 4; i++) {
		struct ring *q = ring_place(r, 0, sizes[i]);
		struct blk b = blk_make(r, BLK_IN, 7, 512);

		bring_up(r, STAGE_DRIVER_OK, 0);
		for (unsigned n = 0; n < sizes[i] + 5u; n++) {
			blk_post(q, &b);
			ring_kick(q);
			CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		}
		CHECK_BYTES(r, b.data, r->disk_bytes + 7 * 512, 512);
	}
}

static void pfn_reads_back(struct rig *r)
{
	legacy(r);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		CHECK_EQ(r, read_pfn(r, i), 0);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		ring_place(r, i, 16);
	bring_up(r, STAGE_QUEUES, F(BLK_MQ));
	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		CHECK_EQ(r, read_pfn(r, i), r->ring[i].desc / PAGE);
		blk_check_serves(&r->ring[i]);
	}
}

/* After the answer nothing of the queue is touched, and what was begun is whole. */
static void pfn_0_stops(struct rig *r)
{
	struct ring *q;

	r->setup.read_latency = r->setup.write_latency = 100;
	legacy(r);
	q = ring_place(r, 0, 64);
	for (unsigned clocks = 0; clocks < 1500; clocks += 111) {
		uint64_t mark;
		uint16_t used;

		bring_up(r, STAGE_DRIVER_OK, 0);
		blk_load(q, BLK_IN, 12, 1024);
		ring_kick(q);
		rig_run(r, clocks);
		write_pfn(r, 0, 0);
		CHECK_EQ(r, rd(r, REG_QueuePFN), 0);
		mark = rig_mark(r);
		used = ring_used_idx(q);
		ring_kick(q);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE), 0);
		CHECK_EQ(r, ring_used_idx(q), used);
		CHECK_EQ(r, rd(r, REG_Status), 0x07);
	}
	bring_up(r, STAGE_DRIVER_OK, 0);
	blk_check_serves(q);
}

static void pfn_0_leaves_the_others(struct rig *r)
{
	legacy(r);
	ring_place(r, 0, 16);
	ring_place(r, 1, 16);
	bring_up(r, STAGE_DRIVER_OK, F(BLK_MQ));
	blk_check_serves(&r->ring[0]);
	blk_load(&r->ring[1], BLK_IN, 5, 1024);
	ring_kick(&r->ring[1]);
	write_pfn(r, 0, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0x07);
	CHECK_EQ(r, read_pfn(r, 1), r->ring[1].desc / PAGE);
	ring_wait(&r->ring[1], 5);
	r->ring[1].seen = (uint16_t)(r->ring[1].seen + 5);
	blk_check_serves(&r->ring[1]);
	ring_clear(&r->ring[0]);
	ring_set_up(&r->ring[0]);
	blk_check_serves(&r->ring[0]);
	blk_check_serves(&r->ring[1]);
}

static void reset_clears_pfn(struct rig *r)
{
	legacy(r);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		ring_place(r, i, 16);
	bring_up(r, STAGE_DRIVER_OK, F(BLK_MQ));
	blk_check_serves(&r->ring[VIO_QUEUES - 1]);
	wr(r, REG_Status, 0);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		CHECK_EQ(r, read_pfn(r, i), 0);
}

/* Capacity byte by byte, and writeback, which is the one field of a disk that can be written. */
static void config_by_bytes(struct rig *r)
{
	const uint64_t capacity = 0x8172635445362718;

	legacy(r);
	r->in.strap_capacity = capacity;
	bring_up(r, STAGE_DRIVER_OK, F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	for (uint16_t i = 0; i < 8; i++)
		CHECK_EQ(r, rd8(r, (uint16_t)(0x100 + i)), capacity >> 8 * i & 0xff);
	for (uint16_t i = 0; i < 4; i++)
		CHECK_EQ(r, rd8(r, (uint16_t)(0x108 + i)), VIO_SIZE_MAX >> 8 * i & 0xff);
	for (uint8_t value = 0; value < 2; value++) {
		wr8(r, 0x120, value);
		CHECK_EQ(r, rd8(r, 0x120), value);
		wr8(r, 0x122, 0xff);
		wr8(r, 0x121, 1);
		CHECK_EQ(r, rd(r, 0x120), (uint32_t)VIO_QUEUES << 16 | value);
	}
}

/* Values that would do something to a modern device are written to a live legacy one, which serves on. */
static void no_modern_registers(struct rig *r)
{
	static const uint16_t regs[] = {0x044, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4,
					0x0ac, 0x0b0, 0x0b4, 0x0b8, 0x0bc, 0x0c0, 0x0fc};

	legacy(r);
	bring_up(r, STAGE_DRIVER_OK, 0);
	wr(r, REG_QueueSel, 0);
	r->in.strap_capacity = 1000;
	rig_run(r, LONG);
	for (unsigned i = 0; i < sizeof regs / sizeof regs[0]; i++) {
		CHECK_EQ(r, rd(r, regs[i]), 0);
		wr(r, regs[i], 1);
		CHECK_EQ(r, rd(r, regs[i]), 0);
		wr(r, regs[i], 0);
		blk_check_serves(&r->ring[0]);
	}
	wr(r, REG_QueueSel, 1);
	wr(r, REG_QueueNum, 16);
	wr(r, REG_QueueDescLow, 0x80000000);
	wr(r, REG_QueueReady, 1);
	CHECK_EQ(r, read_pfn(r, 1), 0);
	CHECK_EQ(r, read_pfn(r, 0), r->ring[0].desc / PAGE);
}

static void no_legacy_registers(struct rig *r)
{
	static const uint16_t regs[] = {0x028, 0x03c, 0x040};

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	wr(r, REG_QueueSel, 0);
	for (unsigned i = 0; i < 3; i++) {
		static const uint32_t values[] = {4096, 1, 0};

		for (unsigned v = 0; v < 3; v++) {
			wr(r, regs[i], values[v]);
			CHECK_EQ(r, rd(r, regs[i]), 0);
			CHECK_EQ(r, rd(r, REG_QueueReady), 1);
			blk_check_serves(&r->ring[0]);
		}
	}
	wr(r, REG_QueueSel, 1);
	wr(r, REG_QueueNum, 16);
	wr(r, REG_QueuePFN, 0x80000);
	CHECK_EQ(r, rd(r, REG_QueueReady), 0);
}

static void notify_and_interrupt(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	legacy(r);
	bring_up(r, STAGE_DRIVER_OK, 0);
	rig_settle(r);
	b = blk_make(r, BLK_IN, 1, 512);
	blk_post(q, &b);
	wr(r, REG_QueueNotify, 1);
	wr(r, REG_QueueNotify, VIO_QUEUES);
	rig_run(r, LONG);
	CHECK_EQ(r, ring_used_idx(q), 0);
	CHECK_EQ(r, r->irq_rises, 0);
	wr(r, REG_QueueNotify, 0);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, ring_used_idx(q), 1);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	wr(r, REG_InterruptACK, INT_CONFIG);
	CHECK_EQ(r, r->dut->out.irq, 1);
	wr(r, REG_InterruptACK, INT_USED);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	CHECK_EQ(r, r->dut->out.irq, 0);
	r->in.strap_capacity = 77;
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
	wr(r, REG_InterruptACK, 0xffffffff);
	CHECK_EQ(r, r->dut->out.irq, 0);
	q->seen = 1;
	ring_avail_flags(q, 1);
	blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
}

ROWS(ROW(LEG_01, "4.2.4", version_is_1), ROW(LEG_02, "4.2.4", features_are_where_they_were),
     ROW(LEG_03, "4.2.4", no_second_feature_word), ROW(LEG_07, "4.2.4", queue_sel_selects),
     ROW(LEG_08, "4.2.4", queue_num_max), ROW(LEG_09, "4.2.4", queue_num_sets_the_size),
     ROW(LEG_11, "4.2.4", pfn_reads_back), ROW(LEG_12, "4.2.4", pfn_0_stops),
     ROW(LEG_13, "4.2.4", pfn_0_leaves_the_others), ROW(LEG_14, "4.2.4", reset_clears_pfn),
     ROW(LEG_20, "4.2.4", config_by_bytes), ROW(LEG_21, "4.2.4", no_modern_registers),
     ROW(LEG_22, "4.2.4", no_legacy_registers), ROW(LEG_23, "4.2.4", notify_and_interrupt),
     NOT_APPLICABLE(LEG_24, "a network device's"))
