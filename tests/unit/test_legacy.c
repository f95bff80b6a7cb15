/* SPDX-License-Identifier: Apache-2.0
 * test_legacy.c: the legacy interface, virtio 1.2, 4.2.4, on model and RTL in lockstep. */
#include "legacy_rig.h"

static void test_identity(void **state)
{
	(void)state;
	assert_int_equal(rd(REG_MagicValue), 0x74726976);
	assert_int_equal(rd(REG_Version), 1);
	assert_int_equal(rd(REG_DeviceID), 2);
	assert_int_equal(rd(REG_DeviceFeatures) >> F_BIT_EVENT_IDX & 1, 1); /* no selector was written */
	wr(REG_DeviceFeaturesSel, 1);
	assert_int_equal(rd(REG_DeviceFeatures), 0);
	wr(REG_DeviceFeaturesSel, 0);
	assert_int_not_equal(rd(REG_DeviceFeatures), 0);
	assert_int_equal(rd(REG_QueueNumMax), VIO_QUEUE_NUM_MAX);
	assert_int_equal(rd(REG_CapacityLow), SECTORS);
}

/* The other interface of the same device: the strap makes the difference. */
static void test_modern_has_no_pfn(void **state)
{
	(void)state;
	dut->ops->reset(dut);
	in.strap_legacy = 0;
	ticks(2);
	assert_int_equal(rd(REG_Version), 2);
	wr(REG_QueueNum, 16);
	wr(REG_QueuePFN, PFN);
	assert_int_equal(rd(REG_QueuePFN), 0);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 1);
}

/* A write to one of these has no effect on a queue that is set up, nor on one that is not. */
static void test_modern_registers(void **state)
{
	static const uint16_t regs[] = {
		REG_QueueReady,     REG_QueueDescLow,    REG_QueueDescHigh, REG_QueueDriverLow,  REG_QueueDriverHigh,
		REG_QueueDeviceLow, REG_QueueDeviceHigh, REG_SHMSel,        REG_SHMLenLow,       REG_SHMLenHigh,
		REG_SHMBaseLow,     REG_SHMBaseHigh,     REG_QueueReset,    REG_ConfigGeneration};
	struct ring r = bring_up();
	uint64_t reads;

	(void)state;
	serve(&r, 1);
	wr(REG_QueueSel, 1);
	wr(REG_QueueNum, 16);
	in.strap_capacity++; /* would count ConfigGeneration up */
	settle();
	wr(REG_InterruptACK, 3);
	reads = axi_mem_counts(mem)->reads;
	for (unsigned i = 0; i < 2 * sizeof regs / sizeof regs[0]; i++) {
		wr(REG_QueueSel, i & 1);
		wr(regs[i / 2], 0);
		assert_int_equal(rd(regs[i / 2]), 0);
		wr(regs[i / 2], 1);
		assert_int_equal(rd(regs[i / 2]), 0);
	}
	wr(REG_QueueNotify, 1);
	settle();
	assert_int_equal(axi_mem_counts(mem)->reads, reads);
	wr(REG_QueueSel, 0);
	assert_int_equal(rd(REG_QueuePFN), PFN);
	serve(&r, 2);
}

/* Linux writes GuestPageSize once, before the first reset. */
static void test_page_size(void **state)
{
	static const uint32_t bad[] = {0, 3000, 4097, 0xffffffff};
	const uint32_t pfn = DRAM / 1024 + 5;
	struct ring r;

	(void)state;
	wr(REG_GuestPageSize, 1024);
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		wr(REG_GuestPageSize, bad[i]);
		wr(REG_Status, 0);
		driver();
		wr(REG_QueueAlign, 1024);
		r = start(0, pfn, 1024, 16, 1024);
		serve(&r, i);
	}
	wr(REG_Status, 0);
	assert_int_equal(rd(REG_QueuePFN), 0);
	assert_int_equal(rd(REG_GuestPageSize), 0);
}

static void test_align(void **state)
{
	static const struct {
		uint32_t written, effective;
		uint16_t num;
	} cases[] = {{0, 4096, 8},    {1001, 4096, 8}, {4095, 4096, 256}, {6144, 4096, 16},
		     {4096, 4096, 4}, {0, 4096, 1024}, {1, 1, 8},         {2, 2, 8},
		     {4, 4, 8},       {64, 64, 32},    {8192, 8192, 128}, {65536, 65536, 4}};
	struct ring r;

	(void)state;
	wr(REG_GuestPageSize, 4096);
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		wr(REG_Status, 0);
		driver();
		wr(REG_QueueAlign, cases[i].written);
		r = start(0, DRAM / 4096, 4096, cases[i].num, cases[i].effective);
		wr(REG_Status, ACK | DRIVER | DRIVER_OK);
		serve(&r, i);
	}
}

/* Virtio 1.2, 4.2.4: a page number of 0 stops this queue, and only this one; the answer comes when it is drained. */
static void test_stop(void **state)
{
	struct ring a = bring_up(), b;

	(void)state;
	b = start(1, PFN + 8, 4096, 8, 4096);
	serve(&b, 1);
	submit(&a, 3);
	for (unsigned i = 0; disk_counts(disk)->reads < 2; i++) {
		assert_true(i < 5000);
		tick();
	}
	wr(REG_QueueSel, 0);
	assert_int_equal(get16(a.used + 2), 0);
	wr(REG_QueuePFN, 0);
	assert_served(&a, 3);
	assert_int_equal(rd(REG_QueuePFN), 0);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_InterruptStatus), 1);
	wr(REG_InterruptACK, 1);
	settle();
	assert_silent(&a);
	wr(REG_QueueSel, 1);
	assert_int_equal(rd(REG_QueuePFN), PFN + 8);
	serve(&b, 4);
	a = start(0, PFN, 4096, 16, 4096);
	serve(&a, 5);
	serve(&b, 6);
}

static void test_pfn_refused(void **state)
{
	struct ring r = bring_up();

	(void)state;
	wr(REG_QueuePFN, PFN + 1);
	assert_int_equal(rd(REG_QueuePFN), PFN);
	serve(&r, 1);
	wr(REG_QueueSel, 1); /* has no size */
	wr(REG_QueuePFN, PFN + 8);
	assert_int_equal(rd(REG_QueuePFN), 0);
	wr(REG_QueuePFN, 0);
	wr(REG_QueueSel, 0x10000);
	wr(REG_QueuePFN, 0);
	assert_int_equal(rd(REG_QueuePFN), 0);
	assert_int_equal(rd(REG_QueueNumMax), 0);
	serve(&r, 2);
}

/* Some drivers clear the geometry first and the page number last. */
static void test_teardown(void **state)
{
	struct ring r = bring_up();

	(void)state;
	serve(&r, 1);
	submit(&r, 2);
	wr(REG_QueueNum, 0);
	wr(REG_QueueAlign, 0);
	settle();
	assert_served(&r, 2);
	wr(REG_InterruptACK, 1);
	serve(&r, 3);
	submit(&r, 4);
	wr(REG_QueueNum, 0);
	wr(REG_QueueAlign, 1);
	wr(REG_QueuePFN, 0);
	assert_int_equal(rd(REG_QueuePFN), 0);
	settle();
	wr(REG_InterruptACK, 1);
	assert_silent(&r);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | DRIVER_OK);
	wr(REG_QueueAlign, 4096);
	r = start(0, PFN, 4096, 16, 4096);
	serve(&r, 5);
}

/* Virtio 1.2, 3.1.2: no FEATURES_OK, and buffers may come before DRIVER_OK, but not before DRIVER. */
static void test_status(void **state)
{
	struct ring r;

	(void)state;
	wr(REG_GuestPageSize, 4096);
	wr(REG_Status, ACK);
	r = start(0, PFN, 4096, 16, 4096);
	assert_silent(&r);
	r.made = 0;
	put(r.avail + 2, 0, 2);
	wr(REG_Status, ACK | DRIVER);
	settle();
	serve(&r, 1);
	wr(REG_Status, ACK | DRIVER | FEATURES_OK);
	assert_int_equal(rd(REG_Status), ACK | DRIVER);
	serve(&r, 2);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK | FEATURES_OK);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | DRIVER_OK);
	serve(&r, 3);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK | FAILED);
	settle();
	assert_silent(&r);
	wr(REG_Status, 0);
	assert_int_equal(rd(REG_Status), 0);
	r = bring_up();
	serve(&r, 4);
}

/* EVENT_IDX shows in avail_event, past the used ring. It counts when written, and no more after DRIVER_OK. */
static void test_features(void **state)
{
	struct ring r;
	uint64_t avail_event;

	(void)state;
	wr(REG_GuestPageSize, 4096);
	driver();
	wr(REG_DriverFeatures, 1u << F_BIT_EVENT_IDX);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	wr(REG_DriverFeatures, 0);
	r = start(0, PFN, 4096, 16, 4096);
	avail_event = r.used + 4 + 8u * r.num;
	serve(&r, 1);
	assert_int_equal(get16(avail_event), 1);
	put(r.avail + 4 + 2u * r.num, 2, 2); /* used_event: not the next, but the one after it */
	submit(&r, 2);
	settle();
	assert_served(&r, 2);
	assert_int_equal(dut->out.irq, 0);
	serve(&r, 3);
	assert_int_equal(get16(avail_event), 3);

	wr(REG_Status, 0);
	r = bring_up();
	put(avail_event, 0, 2);
	wr(REG_DriverFeatures, 1u << F_BIT_EVENT_IDX);
	serve(&r, 4);
	assert_int_equal(get16(avail_event), 0);
}

/* The cache may be switched as soon as CONFIG_WCE is written, and DRIVER_OK does not switch it back. */
static void test_writeback(void **state)
{
	(void)state;
	driver();
	assert_int_equal(rd(REG_Writeback) & 1, 1);
	wr(REG_Writeback, 0); /* not without CONFIG_WCE */
	assert_int_equal(rd(REG_Writeback) & 1, 1);
	wr(REG_DriverFeatures, 1u << F_BIT_BLK_CONFIG_WCE);
	assert_int_equal(rd(REG_Writeback) & 1, 1);
	wr(REG_DriverFeatures, 1u << F_BIT_BLK_CONFIG_WCE | 1u << F_BIT_BLK_FLUSH);
	wr(REG_Writeback, 0);
	assert_int_equal(rd(REG_Writeback) & 1, 0);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_Writeback) & 1, 0);
	wr(REG_Writeback, 1);
	assert_int_equal(rd(REG_Writeback) & 1, 1);
	wr(REG_Writeback, 0);
	wr(REG_Status, 0);
	assert_int_equal(rd(REG_Writeback) & 1, 1);
}

/* DRIVER_OK sets the mode of a driver that did not ask for CONFIG_WCE (virtio 1.2, 5.2.5.3). */
static void test_writeback_at_driver_ok(void **state)
{
	(void)state;
	driver();
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_Writeback) & 1, 0);
	wr(REG_Status, 0);
	wr(REG_Status, ACK | DRIVER);
	wr(REG_DriverFeatures, 1u << F_BIT_BLK_FLUSH);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_Writeback) & 1, 1);
}

/* There is no DEVICE_NEEDS_RESET: after an error the device is silent until it is reset. */
static void test_malformed(void **state)
{
	struct ring a = bring_up(), b;

	(void)state;
	b = start(1, PFN + 8, 4096, 8, 4096);
	serve(&b, 1);
	put(a.avail + 4, 16, 2); /* a head past the table */
	put(a.avail + 2, 1, 2);
	wr(REG_QueueNotify, 0);
	ticks(500);
	assert_int_equal(rd(REG_ErrorCode), ERR_HEAD_INDEX);
	assert_int_equal(rd(REG_Status), ACK | DRIVER | DRIVER_OK);
	assert_int_equal(rd(REG_InterruptStatus), 0);
	assert_int_equal(dut->out.irq, 0);
	assert_int_equal(get16(a.used + 2), 0);
	assert_silent(&a);
	assert_silent(&b);
	wr(REG_QueueSel, 0);
	wr(REG_QueuePFN, 0); /* answered, but no cure */
	a = start(0, PFN, 4096, 16, 4096);
	assert_silent(&a);
	wr(REG_Status, 0);
	assert_int_equal(rd(REG_ErrorCode), ERR_NONE);
	a = bring_up();
	serve(&a, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEGACY(test_identity),
		LEGACY(test_modern_has_no_pfn),
		LEGACY(test_modern_registers),
		LEGACY(test_page_size),
		LEGACY(test_align),
		LEGACY(test_stop),
		LEGACY(test_pfn_refused),
		LEGACY(test_teardown),
		LEGACY(test_status),
		LEGACY(test_features),
		LEGACY(test_writeback),
		LEGACY(test_writeback_at_driver_ok),
		LEGACY(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
