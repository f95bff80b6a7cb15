/* SPDX-License-Identifier: Apache-2.0
 * test_blk_config.c: the write cache and the fields of config space, by a whole device in lockstep; virtio 1.2, 5.2.4 to
 * 5.2.6. R names the rows of tests/conformance/rows.tsv that a test is for. */
#include "blk_rig.h"

static unsigned write_op(void)
{
	uint8_t data[512];

	for (unsigned i = 0; i < sizeof data; i++)
		data[i] = pattern(i);
	rig.cmds = 0;
	assert_int_equal(request(OUT, 0, data, sizeof data, 0, 0), OK);
	assert_int_equal(rig.cmds, 1);
	return rig.op;
}

/* R BLK-55 BLK-69 */
static void writeback(void **state)
{
	(void)state;
	assert_int_equal(rd(REG_Writeback), 1);
	assert_int_equal(write_op(), VIO_BE_WRITE);
	wr_lanes(REG_Writeback, 0, 0xe);
	assert_int_equal(rd(REG_Writeback), 1);
	wr_lanes(REG_Writeback, 0, 1);
	assert_int_equal(rd(REG_Writeback), 0);
	assert_int_equal(write_op(), VIO_BE_WRITE_FUA);
	wr_lanes(REG_Writeback, 0xff, 1);
	assert_int_equal(rd(REG_Writeback), 1);
	assert_int_equal(write_op(), VIO_BE_WRITE);
	wr_lanes(REG_Writeback, 0xfe, 3);
	assert_int_equal(rd(REG_Writeback), 0);
	wr(REG_Writeback, 0xffffffff);
	assert_int_equal(rd(REG_Writeback), 1);
	rig_start(EVERY & ~BIT(BLK_FLUSH));
	assert_int_equal(rd(REG_Writeback), 0);
	assert_int_equal(write_op(), VIO_BE_WRITE_FUA);
	wr(REG_Status, 0);
	assert_int_equal(rd(REG_Writeback), 0);
}

/* R BLK-55 */
static void writeback_not_accepted(void **state)
{
	(void)state;
	rig_start(EVERY & ~BIT(BLK_CONFIG_WCE));
	wr(REG_Writeback, 0);
	assert_int_equal(rd(REG_Writeback), 1);
	assert_int_equal(write_op(), VIO_BE_WRITE);
	rig_start(BIT(VERSION_1));
	wr(REG_Writeback, 1);
	assert_int_equal(rd(REG_Writeback), 0);
	assert_int_equal(write_op(), VIO_BE_WRITE_FUA);
	rig.in.strap_features &= ~BIT(BLK_CONFIG_WCE);
	rig_start(EVERY & ~BIT(BLK_CONFIG_WCE));
	assert_int_equal(rd(REG_Writeback), 0);
	assert_int_equal(write_op(), VIO_BE_WRITE);
}

/* R BLK-53: each field with its feature alone, and with all but it. */
static void config_fields(void **state)
{
	static const struct {
		uint16_t addr;
		unsigned bit;
		uint32_t value;
	} fields[] = {
		{0x108, 1, 1 << 20},
		{0x10c, 2, 126},
		{0x110, 4, 0x40100020},
		{0x114, 6, 512},
		{0x118, 10, 0x80003},
		{0x11c, 10, 128},
		{0x120, 12, VIO_QUEUES << 16},
		{0x124, 13, 32768},
		{0x128, 13, 1},
		{0x12c, 13, 8},
		{0x130, 14, 32768},
		{0x134, 14, 1},
		{0x138, 14, 1},
		{0x13c, 16, 32768},
		{0x140, 16, 1},
		{0x144, 16, 8},
	};

	(void)state;
	rig_start(BIT(VERSION_1)); /* so that writeback is 0 */
	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		rig.in.strap_features = 1ull << fields[i].bit;
		assert_int_equal(rd(fields[i].addr), fields[i].value);
		rig.in.strap_features = ~(1ull << fields[i].bit);
		assert_int_equal(rd(fields[i].addr), 0);
		wr(fields[i].addr, ~0u);
		rig.in.strap_features = ~0ull;
		assert_int_equal(rd(fields[i].addr), fields[i].value);
	}
	for (uint8_t queues = 1; queues <= VIO_QUEUES; queues++) {
		rig.in.strap_queues = queues;
		assert_int_equal(rd(REG_Writeback), queues << 16);
	}
}

/* 16 heads of 64 sectors; a cylinder counts when it is whole, up to 65535. */
static void geometry_fields(void **state)
{
	static const uint64_t cases[][2] = {{0, 0},
					    {1023, 0},
					    {1024, 1},
					    {0xffffull << 10, 0xffff},
					    {0x10000ull << 10, 0xffff},
					    {1ull << 42, 0xffff},
					    {UINT64_MAX, 0xffff}};

	(void)state;
	rig.in.strap_features = BIT(BLK_GEOMETRY);
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rig.in.strap_capacity = cases[i][0];
		rig_clock();
		assert_int_equal(rd(REG_Geometry), 0x40100000 | cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG(writeback),
		RIG(writeback_not_accepted),
		RIG(config_fields),
		RIG(geometry_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
