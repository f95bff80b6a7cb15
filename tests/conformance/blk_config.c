/* SPDX-License-Identifier: Apache-2.0
 * blk_config.c: rows of the area "Block device" about features and configuration space, virtio 1.2, 5.2.1 to 5.2.5. */
#include "blk.h"
#include "rows.h"

enum { CONFIG = 0x100, CONFIG_BYTES = 72 };

static uint8_t config_byte(struct rig *r, unsigned offset)
{
	return rd8(r, (uint16_t)(CONFIG + offset));
}

static uint64_t config(struct rig *r, unsigned offset, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)config_byte(r, offset + i) << 8 * i;
	return value;
}

static void offer(struct rig *r, uint64_t features)
{
	r->setup.offered = F(VERSION_1) | features;
	rig_power_on(r);
	wr(r, REG_Status, 0);
}

static uint32_t offered_word(struct rig *r)
{
	wr(r, REG_DeviceFeaturesSel, 0);
	return rd(r, REG_DeviceFeatures);
}

static void device_id(struct rig *r)
{
	CHECK_EQ(r, rd(r, REG_DeviceID), 2);
}

static void check_queues(struct rig *r, unsigned queues)
{
	r->setup.queues = queues;
	rig_power_on(r);
	CHECK_EQ(r, config(r, 34, 2), queues);
	for (unsigned q = 0; q < VIO_QUEUES + 2; q++) {
		wr(r, REG_QueueSel, q);
		CHECK_EQ(r, rd(r, REG_QueueNumMax) != 0, q < queues);
	}
}

static void as_many_queues_as_said(struct rig *r)
{
	check_queues(r, 1);
	check_queues(r, 3);
	check_queues(r, VIO_QUEUES);
}

/* FLUSH comes along, because nothing may be offered about a cache without it. */
static void feature_bits(struct rig *r)
{
	static const unsigned bits[] = {1, 2, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16};

	for (unsigned i = 0; i < sizeof bits / sizeof bits[0]; i++) {
		const uint32_t expected = 1u << bits[i] | 1u << 9;

		offer(r, expected);
		CHECK_EQ(r, offered_word(r), expected);
	}
}

/* virtio 1.2, 5.2.4, as offsets and widths; the values are those of params.def and of the README. */
static const struct {
	unsigned offset, bytes;
	uint64_t value;
} layout[] = {
	{0, 8, 0x8070605040302010},
	{8, 4, VIO_SIZE_MAX},
	{12, 4, VIO_SEG_MAX},
	{16, 2, 0xffff},
	{18, 1, 16},
	{19, 1, 64},
	{20, 4, 512},
	{24, 1, 3},
	{25, 1, 0},
	{26, 2, 8},
	{28, 4, 128},
	{32, 1, 1},
	{33, 1, 0},
	{34, 2, 5},
	{36, 4, VIO_RANGE_MAX},
	{40, 4, 1},
	{44, 4, 8},
	{48, 4, VIO_RANGE_MAX},
	{52, 4, 1},
	{56, 1, 1},
	{57, 3, 0},
	{60, 4, VIO_RANGE_MAX},
	{64, 4, 1},
	{68, 4, 8},
};

static void config_layout(struct rig *r)
{
	unsigned end = 0;

	r->setup.queues = 5;
	rig_power_on(r);
	r->in.strap_capacity = layout[0].value;
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	for (unsigned i = 0; i < sizeof layout / sizeof layout[0]; i++) {
		CHECK_EQ(r, layout[i].offset, end);
		CHECK_EQ(r, config(r, layout[i].offset, layout[i].bytes), layout[i].value);
		end += layout[i].bytes;
	}
	CHECK_EQ(r, end, CONFIG_BYTES);
	for (unsigned at = end; at < 2 * CONFIG_BYTES; at++)
		CHECK_EQ(r, config_byte(r, at), 0);
}

/* The capacity is there without any feature, and the last of its sectors can be read. */
static void capacity_in_sectors(struct rig *r)
{
	struct blk b;

	r->setup.sectors = 1001;
	offer(r, 0);
	CHECK_EQ(r, config(r, 0, 8), 1001);
	offer(r, F(BLK_BLK_SIZE) | F(BLK_TOPOLOGY) | F(BLK_GEOMETRY));
	CHECK_EQ(r, config(r, 0, 8), 1001);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_BLK_SIZE));
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, 1000, 512), BLK_OK);
	CHECK_BYTES(r, b.data, r->disk_bytes + 1000 * 512, 512);
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, 1001, 512), BLK_IOERR);
}

static void num_queues_with_mq(struct rig *r)
{
	r->setup.queues = 7;
	offer(r, 0);
	CHECK_EQ(r, config(r, 34, 2), 0);
	offer(r, F(BLK_MQ));
	CHECK_EQ(r, config(r, 34, 2), 7);
}

static void writeback_can_be_set(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 0);
	CHECK_EQ(r, config_byte(r, 32), 0);
	blk_check_serves(&r->ring[0]);
	CHECK_EQ(r, config_byte(r, 32), 0);
	wr8(r, REG_Writeback, 1);
	CHECK_EQ(r, config_byte(r, 32), 1);
	CHECK_EQ(r, config(r, 34, 2), VIO_QUEUES);
}

static void flush_is_offered(struct rig *r)
{
	CHECK_EQ(r, offered_word(r) >> 9 & 1, 1);
	r->setup.legacy = true;
	rig_power_on(r);
	CHECK_EQ(r, offered_word(r) >> 9 & 1, 1);
}

/* However it is strapped. */
static void flush_with_config_wce(struct rig *r)
{
	CHECK_EQ(r, offered_word(r) >> 9 & 5, 5);
	offer(r, F(BLK_CONFIG_WCE));
	CHECK(r, (offered_word(r) >> 11 & 1) <= (offered_word(r) >> 9 & 1), "CONFIG_WCE is offered without FLUSH");
}

static void writeback_begins_at_0_without_flush(struct rig *r)
{
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 1);
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_CONFIG_WCE));
	CHECK_EQ(r, config_byte(r, 32), 0);
	wr(r, REG_Status, 0x0f);
	CHECK_EQ(r, config_byte(r, 32), 0);
}

static void padding_reads_0(struct rig *r)
{
	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 1);
	for (unsigned at = 33; at < 60; at += at == 33 ? 24 : 1) {
		wr8(r, (uint16_t)(CONFIG + at), 0xff);
		CHECK_EQ(r, config_byte(r, at), 0);
	}
}

static void unmap_is_announced(struct rig *r)
{
	CHECK_EQ(r, config_byte(r, 56), 1);
	offer(r, F(BLK_DISCARD));
	CHECK_EQ(r, config_byte(r, 56), 0);
}

/* Nothing of what is told about blocks changes what a request counts in. */
static void topology_is_only_told(struct rig *r)
{
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_BLK_SIZE) | F(BLK_TOPOLOGY) | F(BLK_GEOMETRY));
	for (unsigned sector = 1; sector < 12; sector += 5) {
		CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, sector, 512), BLK_OK);
		CHECK_BYTES(r, b.data, r->disk_bytes + 512 * sector, 512);
		CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_OUT, sector, 512), BLK_OK);
		CHECK_BYTES(r, b.data, r->disk_bytes + 512 * sector, 512);
		CHECK_EQ(r, r->disk_bytes[512 * sector + 512], rig_pattern(512 * sector + 512));
	}
}

static void writeback_is_a_bit(struct rig *r)
{
	static const uint8_t values[] = {0xff, 0x02, 0xfe, 0x80};

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	for (unsigned i = 0; i < sizeof values; i++) {
		wr8(r, REG_Writeback, values[i]);
		CHECK(r, config_byte(r, 32) <= 1, "writeback reads 0x%02x", config_byte(r, 32));
		blk_check_serves(&r->ring[0]);
	}
}

static void config_is_read_only(struct rig *r)
{
	uint8_t before[CONFIG_BYTES];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_FLUSH) | F(BLK_CONFIG_WCE));
	wr8(r, REG_Writeback, 0);
	for (unsigned at = 0; at < CONFIG_BYTES; at++)
		before[at] = config_byte(r, at);
	for (uint16_t at = 0; at < CONFIG_BYTES; at += 4)
		wr(r, (uint16_t)(CONFIG + at), 0xffffffff);
	for (unsigned at = 0; at < CONFIG_BYTES; at++)
		CHECK_EQ(r, config_byte(r, at), at == 32 ? 1 : before[at]);
	blk_check_serves(&r->ring[0]);
}

static void capacity_may_change(struct rig *r)
{
	struct blk b;
	uint32_t generation;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	generation = rd(r, REG_ConfigGeneration);
	r->in.strap_capacity = 100;
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
	CHECK(r, rd(r, REG_ConfigGeneration) != generation, "ConfigGeneration stays %u", generation);
	CHECK_EQ(r, config(r, 0, 8), 100);
	wr(r, REG_InterruptACK, INT_CONFIG);
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, 99, 512), BLK_OK);
	CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_IN, 100, 512), BLK_IOERR);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
}

ROWS(ROW(BLK_01, "5.2.1", device_id), ROW(BLK_02, "5.2.2", as_many_queues_as_said), ROW(BLK_03, "5.2.3", feature_bits),
     ROW(BLK_04, "5.2.4", config_layout), ROW(BLK_05, "5.2.4", capacity_in_sectors),
     ROW(BLK_06, "5.2.4", num_queues_with_mq), ROW(BLK_09, "5.2.5", writeback_can_be_set),
     ROW(BLK_13, "5.2.5.2", flush_is_offered), ROW(BLK_14, "5.2.5.2", flush_with_config_wce),
     ROW(BLK_15, "5.2.5.2", writeback_begins_at_0_without_flush), ROW(BLK_16, "5.2.5.2", padding_reads_0),
     ROW(BLK_53, "5.2.6.2", unmap_is_announced),
     NOT_APPLICABLE(BLK_54, "write_zeroes_may_unmap is a constant: it does not change"),
     ROW(BLK_63, "5.2.5", topology_is_only_told), ROW(BLK_69, "5.2.5.1", writeback_is_a_bit),
     ROW(BLK_70, "5.2.4", config_is_read_only), ROW(BLK_71, "5.2.4", capacity_may_change))
