/* SPDX-License-Identifier: Apache-2.0
 * regs_rig.h: the whole device behind its AXI4-Lite pins, clocked by hand. */
#ifndef REGS_RIG_H
#define REGS_RIG_H

#include "device.h"

enum { ACK = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 0x40, FAILED = 0x80 };

static inline void tick(void)
{
	vio_tick(v, &in, &out);
}

static inline uint32_t rd(uint16_t addr)
{
	in.s_axil_araddr = addr;
	in.s_axil_arvalid = 1;
	for (unsigned i = 0; !out.s_axil_arready; i++) {
		assert_true(i < 100);
		tick();
	}
	tick();
	in.s_axil_arvalid = 0;
	in.s_axil_rready = 1;
	for (unsigned i = 0; !out.s_axil_rvalid; i++) {
		assert_true(i < 100);
		tick();
	}
	assert_int_equal(out.s_axil_rresp, 0);
	tick();
	in.s_axil_rready = 0;
	return out.s_axil_rdata;
}

/* Posts a write; data comes some clocks after the address, or before it. */
static inline void post(uint16_t addr, uint32_t data, unsigned strb, int skew)
{
	in.s_axil_awaddr = addr;
	in.s_axil_wdata = data;
	in.s_axil_wstrb = (uint8_t)strb;
	in.s_axil_awvalid = skew >= 0;
	in.s_axil_wvalid = skew <= 0;
	tick();
	in.s_axil_awvalid = in.s_axil_wvalid = 0;
	if (skew != 0) {
		for (int i = 0; i < abs(skew); i++)
			tick();
		in.s_axil_awvalid = skew < 0;
		in.s_axil_wvalid = skew > 0;
		tick();
		in.s_axil_awvalid = in.s_axil_wvalid = 0;
	}
}

static inline void write_strb(uint16_t addr, uint32_t data, unsigned strb, int skew)
{
	post(addr, data, strb, skew);
	in.s_axil_bready = 1;
	for (unsigned i = 0; !out.s_axil_bvalid; i++) {
		assert_true(i < 100);
		tick();
	}
	assert_int_equal(out.s_axil_bresp, 0);
	tick();
	in.s_axil_bready = 0;
	assert_int_equal(out.s_axil_bvalid, 0);
}

static inline void wr(uint16_t addr, uint32_t data)
{
	write_strb(addr, data, 0xf, 0);
}

static inline int setup(void **state)
{
	(void)state;
	vio_reset(v, &out);
	memset(&in, 0, sizeof in);
	in.strap_queues = 2;
	in.strap_queue_num = VIO_QUEUE_NUM_MAX;
	in.strap_capacity = 0x500000007;
	in.strap_features = ~0ull & ~(1ull << F_BIT_BLK_RO);
	in.be_stopped = 0;
	tick();
	tick();
	return 0;
}

static inline void negotiate(uint64_t features)
{
	wr(REG_Status, ACK);
	wr(REG_Status, ACK | DRIVER);
	wr(REG_DriverFeaturesSel, 0);
	wr(REG_DriverFeatures, (uint32_t)features);
	wr(REG_DriverFeaturesSel, 1);
	wr(REG_DriverFeatures, (uint32_t)(features >> 32));
	wr(REG_Status, ACK | DRIVER | FEATURES_OK);
}

static inline bool negotiated(unsigned bit)
{
	return (v->pub.features >> bit & 1) != 0;
}

static inline void reset(void)
{
	post(REG_Status, 0, 0xf, 0);
	for (unsigned i = 0; i < 50; i++) {
		in.be_stopped = out.be_stop;
		tick();
	}
	assert_int_equal(out.s_axil_bvalid, 1);
	in.s_axil_bready = 1;
	in.be_stopped = 0;
	tick();
	in.s_axil_bready = 0;
}

/* fetch reads the ring, and finds nothing. */
static inline void answer_reads(void)
{
	in.m_axi_arready = 1;
	for (unsigned i = 0; i < 200; i++) {
		in.m_axi_rvalid = v->axi.reads != 0 && !out.m_axi_arvalid;
		in.m_axi_rlast = 1;
		in.m_axi_rid = VIO_ID_AVAIL;
		tick();
	}
	in.m_axi_rvalid = 0;
	assert_true(vio_idle(v, &out));
}

/* Queue 1 ready with 8 entries, these features, the driver live. */
static inline void bring_up(uint64_t features)
{
	negotiate(1ull << F_BIT_VERSION_1 | features);
	wr(REG_QueueSel, 1);
	wr(REG_QueueNum, 8);
	wr(REG_QueueReady, 1);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	answer_reads();
}

#define REGS(test) cmocka_unit_test_setup(test, setup)

#endif
