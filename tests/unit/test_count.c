/* SPDX-License-Identifier: Apache-2.0
 * test_count.c: the counters of the debug window, model and RTL in lockstep. */
#include "blk_rig.h"

static uint8_t data[1024];

static uint32_t grown(uint16_t addr, uint32_t from)
{
	return rd(addr) - from;
}

static void requests_and_sectors(void **state)
{
	(void)state;
	assert_int_equal(rd(REG_CountRequests), 0);
	assert_int_equal(request(IN, 1, NULL, 0, 0, 1024), OK);
	assert_int_equal(request(OUT, 1, data, 512, 0, 0), OK);
	assert_int_equal(request(OUT, SECTORS, data, 512, 0, 0), IOERR);
	assert_int_equal(request(FLUSH, 0, NULL, 0, 0, 0), OK);
	assert_int_equal(rd(REG_CountRequests), 4);
	assert_int_equal(rd(REG_CountReadSectors), 2);
	assert_int_equal(rd(REG_CountWriteSectors), 1);
	assert_int_equal(rd(REG_CountNotifies), 4);
	assert_true(rd(REG_CountReadBeats) >= 64);
	assert_true(rd(REG_CountWriteBeats) >= 128);
	assert_int_equal(rd(REG_RequestError), ERR_REQ_SECTOR);
	assert_int_equal(rd(REG_RequestWhere), 0);
	/* A reset of the device keeps the counters. */
	rig_start(EVERY);
	assert_int_equal(rd(REG_CountRequests), 4);
	assert_int_equal(rd(REG_RequestError), ERR_NONE);
}

/* Beats and pauses of the bus, counted here as well. */
static void clocks_of_the_bus(void **state)
{
	static const uint16_t regs[] = {REG_CountReadBeats, REG_CountWriteBeats, REG_CountStallsAR, REG_CountStallsAW,
					REG_CountStallsW};
	uint32_t from[5], seen[5] = {0};

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		from[i] = rd(regs[i]);
	put(HEADER, IN, 8);
	put(HEADER + 8, 5, 8);
	descriptor(0, HEADER, 16, false, false);
	descriptor(1, IN_AT, 1024, true, false);
	descriptor(2, STATUS, 1, true, true);
	put(AVAIL + 2, 1, 2);
	wr(REG_QueueNotify, 0);
	for (unsigned i = 0; i < 5; i++)
		seen[i] = grown(regs[i], from[i]);
	for (unsigned i = 0; i < 100 || !dut_idle(rig.dut); i++) {
		const struct vio_out out = rig.dut->out;

		rig_clock();
		seen[0] += rig.in.m_axi_rvalid;
		seen[1] += out.m_axi_wvalid & rig.in.m_axi_wready;
		seen[2] += out.m_axi_arvalid & !rig.in.m_axi_arready;
		seen[3] += out.m_axi_awvalid & !rig.in.m_axi_awready;
		seen[4] += out.m_axi_wvalid & !rig.in.m_axi_wready;
	}
	/* The five reads above took clocks of their own: from one to the next what is counted may only be more. */
	for (unsigned i = 0; i < 5; i++)
		assert_true(grown(regs[i], from[i]) >= seen[i]);
	assert_true(seen[1] >= 128);
}

/* Each of these writes changes nothing, and counts once. */
static void rejected_writes(void **state)
{
	static const struct {
		uint16_t addr;
		uint32_t value;
		uint8_t strb;
	} bad[] = {
		{REG_Status, 1, 0x1},           {REG_MagicValue, 1, 0xf},
		{REG_QueueNum, 4, 0xf},         {REG_QueueDescLow, 0, 0xf},
		{REG_DriverFeatures, 0, 0xf},   {REG_QueueNotify, 9, 0xf},
		{REG_QueueNotify, 0, 0x3},      {REG_QueueReset, 1, 0xf},
		{REG_GuestPageSize, 4096, 0xf}, {0x200, 0, 0xf},
		{REG_CountRequests, 0, 0xf},
	};
	static const uint16_t good[] = {REG_DeviceFeaturesSel, REG_DriverFeaturesSel, REG_InterruptACK, REG_QueueSel};
	uint32_t from = rd(REG_CountRejected);

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		wr_lanes(bad[i].addr, bad[i].value, bad[i].strb);
		assert_int_equal(grown(REG_CountRejected, from), i + 1);
	}
	from = rd(REG_CountRejected);
	for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++)
		wr(good[i], 0);
	assert_int_equal(grown(REG_CountRejected, from), 0);
}

static void interrupts(void **state)
{
	const uint32_t from = rd(REG_CountInterrupts);

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		request(FLUSH, 0, NULL, 0, 0, 0);
		wr(REG_InterruptACK, 1);
		assert_int_equal(grown(REG_CountInterrupts, from), i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG(requests_and_sectors),
		RIG(clocks_of_the_bus),
		RIG(rejected_writes),
		RIG(interrupts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
