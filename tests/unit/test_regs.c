/* SPDX-License-Identifier: Apache-2.0
 * test_regs.c: regs: the register map as a driver sees it, through the AXI4-Lite pins of the whole device. */
#include "regs_rig.h"

/* regs.def is the one home of the reset values; config space follows the straps. */
static void registers_after_reset(void **state)
{
	(void)state;
	assert_int_equal(rd(REG_MagicValue), 0x74726976);
	assert_int_equal(rd(REG_Version), 2);
	assert_int_equal(rd(REG_DeviceID), 2);
#define REG(name, offset, access, reset, what)                                     \
	if (*#access == 'R' && (offset) != REG_DeviceFeatures && (offset) < 0x100) \
		assert_int_equal(rd(offset), (reset));                             \
	else if (*#access == 'W')                                                  \
		assert_int_equal(rd(offset), 0);
#include "def/regs.def"
#undef REG
	assert_int_equal(rd(REG_CapacityLow), 7);
	assert_int_equal(rd(REG_CapacityHigh), 5);
	assert_int_equal(rd(REG_BlkSize), 512);
	assert_int_equal(rd(0xff8), 0);
	assert_int_equal(out.irq, 0);
}

static void offered_features_are_known_ones(void **state)
{
	uint64_t all = 0;

	(void)state;
#define FEATURE(name, bit, what) all |= 1ull << (bit);
#include "def/features.def"
#undef FEATURE
	all &= in.strap_features & ~(1ull << F_BIT_ANY_LAYOUT); /* of the legacy interface */
	wr(REG_DeviceFeaturesSel, 0);
	assert_int_equal(rd(REG_DeviceFeatures), (uint32_t)all);
	wr(REG_DeviceFeaturesSel, 1);
	assert_int_equal(rd(REG_DeviceFeatures), all >> 32);
	for (uint32_t sel = 2; sel != 0; sel <<= 1) {
		wr(REG_DeviceFeaturesSel, sel);
		assert_int_equal(rd(REG_DeviceFeatures), 0);
	}
}

static void negotiation(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1 | 1ull << F_BIT_BLK_FLUSH);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK);
	assert_true(negotiated(F_BIT_BLK_FLUSH));
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	assert_true(v->pub.live);
	/* Nothing clears a bit but reset. */
	wr(REG_Status, ACK);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	reset();
	assert_int_equal(rd(REG_Status), 0);
	assert_false(v->pub.live || negotiated(F_BIT_BLK_FLUSH));
}

static void features_that_were_not_offered_are_refused(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1 | 1ull << F_BIT_BLK_RO);
	assert_int_equal(rd(REG_Status), ACK | DRIVER);
	/* A refused set holds DRIVER_OK back. */
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	assert_int_equal(rd(REG_Status), ACK | DRIVER);
	assert_false(v->pub.live);
	/* Another try is allowed. */
	negotiate(1ull << F_BIT_VERSION_1);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK);
}

static void a_strap_asks_for_version_1(void **state)
{
	(void)state;
	in.strap_need_v1 = 1;
	negotiate(1ull << F_BIT_BLK_FLUSH);
	assert_int_equal(rd(REG_Status), ACK | DRIVER);
	negotiate(1ull << F_BIT_VERSION_1 | 1ull << F_BIT_BLK_FLUSH);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK);
	reset();
	in.strap_need_v1 = 0;
	negotiate(1ull << F_BIT_BLK_FLUSH);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK);
}

static void driver_ok_needs_features_ok(void **state)
{
	(void)state;
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_Status) & DRIVER_OK, 0);
	assert_false(v->pub.live);
}

static void features_are_fixed_once_accepted(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_DriverFeaturesSel, 0);
	wr(REG_DriverFeatures, 1u << F_BIT_BLK_FLUSH);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	assert_false(negotiated(F_BIT_BLK_FLUSH));
}

static void the_driver_cannot_set_needs_reset(void **state)
{
	(void)state;
	wr(REG_Status, NEEDS_RESET | ACK);
	assert_int_equal(rd(REG_Status), ACK);
}

static void failed_stops_service(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	assert_true(v->pub.live);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK | FAILED);
	assert_false(v->pub.live);
	reset();
	assert_int_equal(rd(REG_Status), 0);
}

/* Any access of less than a word is ignored; address and data may come in any order. */
static void narrow_writes_and_skew(void **state)
{
	(void)state;
	for (unsigned strb = 0; strb < 0xf; strb++) {
		write_strb(REG_Status, ACK, strb, 0);
		assert_int_equal(rd(REG_Status), 0);
	}
	write_strb(REG_Status, ACK, 0xf, 3);
	assert_int_equal(rd(REG_Status), ACK);
	write_strb(REG_Status, DRIVER, 0xf, -3);
	assert_int_equal(rd(REG_Status), ACK | DRIVER);
}

static void responses_wait_for_the_master(void **state)
{
	(void)state;
	in.s_axil_araddr = REG_MagicValue;
	in.s_axil_arvalid = 1;
	tick();
	in.s_axil_arvalid = 0;
	post(REG_Status, ACK, 0xf, 0);
	for (unsigned i = 0; i < 20; i++) {
		tick();
		assert_int_equal(out.s_axil_rvalid, 1);
		assert_int_equal(out.s_axil_rdata, 0x74726976);
		assert_int_equal(out.s_axil_bvalid, 1);
		assert_int_equal(out.s_axil_arready | out.s_axil_awready | out.s_axil_wready, 0);
	}
}

static void interrupts(void **state)
{
	(void)state;
	give_raise((struct vio_raise){.bits = ISR_USED});
	tick();
	tick();
	assert_int_equal(out.irq, 1);
	assert_int_equal(rd(REG_InterruptStatus), 1);
	wr(REG_InterruptACK, 2);
	assert_int_equal(out.irq, 1);
	wr(REG_InterruptACK, 1);
	assert_int_equal(out.irq, 0);
	assert_int_equal(rd(REG_InterruptStatus), 0);
}

/* The acknowledgement and the event meet in one clock: the event wins. */
static void an_event_wins_over_its_acknowledgement(void **state)
{
	(void)state;
	give_raise((struct vio_raise){.bits = ISR_USED});
	tick();
	assert_int_equal(v->regs.isr, ISR_USED);
	give_raise((struct vio_raise){.bits = ISR_USED});
	in.s_axil_awaddr = REG_InterruptACK;
	in.s_axil_wdata = 1;
	in.s_axil_wstrb = 0xf;
	in.s_axil_awvalid = in.s_axil_wvalid = 1;
	tick();
	in.s_axil_awvalid = in.s_axil_wvalid = 0;
	assert_false(has_raise());
	assert_int_equal(out.s_axil_bvalid, 1);
	assert_int_equal(v->regs.isr, ISR_USED);
	assert_int_equal(out.irq, 1);
}

static void a_new_capacity(void **state)
{
	const uint32_t generation = rd(REG_ConfigGeneration);

	(void)state;
	in.strap_capacity = 99;
	tick();
	tick();
	assert_int_equal(rd(REG_CapacityLow), 99);
	assert_int_equal(rd(REG_CapacityHigh), 0);
	assert_int_not_equal(rd(REG_ConfigGeneration), generation);
	assert_int_equal(rd(REG_InterruptStatus), 0);
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	in.strap_capacity = 100;
	tick();
	tick();
	assert_int_equal(rd(REG_InterruptStatus), 2);
	assert_int_equal(out.irq, 1);
}

static void an_error_needs_a_reset(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	v->walk.err = (struct vio_err){.code = ERR_CHAIN_LOOP, .queue = 1, .desc = 77};
	v->erred = ERRED_WALK;
	for (unsigned i = 0; i < 10; i++)
		tick();
	assert_int_equal(rd(REG_Status), ACK | DRIVER | FEATURES_OK | DRIVER_OK | NEEDS_RESET);
	assert_int_equal(rd(REG_InterruptStatus), 2);
	assert_int_equal(rd(REG_ErrorCode), ERR_CHAIN_LOOP);
	assert_int_equal(rd(REG_ErrorWhere), 1 << 16 | 77);
	assert_false(v->pub.live);
	wr(REG_Status, ACK | DRIVER);
	assert_int_equal(rd(REG_Status) & NEEDS_RESET, NEEDS_RESET);
	reset();
	assert_int_equal(rd(REG_Status), 0);
	assert_int_equal(rd(REG_ErrorCode), 0);
	assert_int_equal(rd(REG_InterruptStatus), 0);
}

/* The response to Status = 0 waits for what is in flight, and so do reads. */
static void reset_waits_for_dma_and_storage(void **state)
{
	(void)state;
	v->axi.reads = 1;
	post(REG_Status, 0, 0xf, 0);
	in.be_stopped = 1;
	in.s_axil_araddr = REG_Status;
	in.s_axil_arvalid = 1;
	for (unsigned i = 0; i < 100; i++) {
		tick();
		in.s_axil_arvalid = 0;
		assert_int_equal(out.s_axil_bvalid | out.s_axil_rvalid, 0);
		assert_int_equal(out.be_stop, 1);
	}
	in.be_stopped = 0;
	in.m_axi_rvalid = in.m_axi_rlast = 1;
	in.m_axi_rid = VIO_ID_DATA;
	tick();
	in.m_axi_rvalid = 0;
	for (unsigned i = 0; i < 100; i++) {
		tick();
		assert_int_equal(out.s_axil_bvalid | out.s_axil_rvalid, 0);
	}
	in.be_stopped = 1;
	for (unsigned i = 0; i < 10; i++)
		tick();
	assert_int_equal(out.s_axil_bvalid & out.s_axil_rvalid, 1);
	assert_int_equal(out.be_stop, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		REGS(registers_after_reset),
		REGS(offered_features_are_known_ones),
		REGS(negotiation),
		REGS(features_that_were_not_offered_are_refused),
		REGS(a_strap_asks_for_version_1),
		REGS(driver_ok_needs_features_ok),
		REGS(features_are_fixed_once_accepted),
		REGS(the_driver_cannot_set_needs_reset),
		REGS(failed_stops_service),
		REGS(narrow_writes_and_skew),
		REGS(responses_wait_for_the_master),
		REGS(interrupts),
		REGS(an_event_wins_over_its_acknowledgement),
		REGS(a_new_capacity),
		REGS(an_error_needs_a_reset),
		REGS(reset_waits_for_dma_and_storage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
