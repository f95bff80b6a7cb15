/* SPDX-License-Identifier: Apache-2.0
 * transport.c: rows of the area "Transport registers (modern)", virtio 1.2, 4.2.2: identity, features and the map as a
 * whole. */
#include "blk.h"
#include "rows.h"

enum { MAP_END = 0x1000, CONTROL_END = 0x100, CONFIG_END = 0x200 };

/* By their offsets, virtio 1.2, 4.2.2: W registers; holes of the map and what only the legacy map has. */
static const uint16_t write_only[] = {0x014, 0x020, 0x024, 0x030, 0x038, 0x050, 0x064,
				      0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4, 0x0ac};
static const uint16_t read_only[] = {0x000, 0x004, 0x008, 0x00c, 0x010, 0x034,
				     0x060, 0x0b0, 0x0b4, 0x0b8, 0x0bc, 0x0fc};
static const uint16_t holes[] = {0x018, 0x01c, 0x028, 0x02c, 0x03c, 0x040, 0x048, 0x04c, 0x054, 0x058, 0x05c, 0x068,
				 0x06c, 0x074, 0x078, 0x07c, 0x088, 0x08c, 0x098, 0x09c, 0x0a8, 0x0c4, 0x0c8, 0x0cc,
				 0x0d0, 0x0d4, 0x0d8, 0x0dc, 0x0e0, 0x0e4, 0x0e8, 0x0ec, 0x0f0, 0x0f4, 0x0f8};
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A constant by bytes, by halves and as a word. */
static void check_word(struct rig *r, uint16_t addr, const uint8_t bytes[4])
{
	uint32_t word = 0;

	for (uint16_t i = 0; i < 4; i++) {
		CHECK_EQ(r, rd8(r, (uint16_t)(addr + i)), bytes[i]);
		word |= (uint32_t)bytes[i] << 8 * i;
	}
	for (uint16_t i = 0; i < 4; i += 2)
		CHECK_EQ(r, rd16(r, (uint16_t)(addr + i)), bytes[i] | bytes[i + 1] << 8);
	CHECK_EQ(r, rd(r, addr), word);
}

static void registers_are_little_endian_words(struct rig *r)
{
	static const uint8_t magic[] = {'v', 'i', 'r', 't'}, vendor[] = {'Q', 'E', 'M', 'U'};
	static const uint8_t version[] = {2, 0, 0, 0}, nothing[] = {0, 0, 0, 0}, status[] = {0x0f, 0, 0, 0};

	check_word(r, 0x000, magic);
	check_word(r, 0x004, version);
	check_word(r, 0x008, version);
	check_word(r, 0x00c, vendor);
	check_word(r, 0x070, nothing);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_word(r, 0x070, status);
}

static void magic_in_every_state(struct rig *r)
{
	for (int stage = STAGE_RESET; stage <= STAGE_DRIVER_OK; stage++) {
		CHECK_EQ(r, rd(r, 0x000), 0x74726976);
		bring_up(r, (enum stage)stage, F(VERSION_1));
		CHECK_EQ(r, rd(r, 0x000), 0x74726976);
	}
	rig_hold(r, RIG_BOTH);
	blk_load(&r->ring[0], BLK_IN, 4, 512);
	ring_kick(&r->ring[0]);
	rig_run(r, 100);
	wr_post(r, REG_Status, 0);
	rig_run(r, 20);
	rd_post(r, 0x000);
	rig_run(r, 20);
	rig_hold(r, 0);
	CHECK_EQ(r, rd_finish(r), 0x74726976);
	wr_finish(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	ring_post(&r->ring[0], 99);
	ring_kick(&r->ring[0]);
	WAIT_UNTIL(r, rd(r, REG_Status) == 0x4f);
	CHECK_EQ(r, rd(r, 0x000), 0x74726976);
}

static void version_is_two(struct rig *r)
{
	CHECK_EQ(r, rd(r, 0x004), 2);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, 0x004), 2);
	r->setup.legacy = true;
	rig_power_on(r);
	CHECK_EQ(r, rd(r, 0x004), 1);
}

/* The device is a block device whatever the straps; empty slots are the machine's. */
static void device_id_is_block(struct rig *r)
{
	CHECK_EQ(r, rd(r, 0x008), 2);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, 0x008), 2);
	r->setup.legacy = true;
	rig_power_on(r);
	CHECK_EQ(r, rd(r, 0x008), 2);
}

static void vendor_id_is_constant(struct rig *r)
{
	CHECK_EQ(r, rd(r, 0x00c), 0x554d4551);
	wr(r, 0x00c, 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, 0x00c), 0x554d4551);
}

static uint32_t offered_word(struct rig *r, uint32_t word)
{
	wr(r, REG_DeviceFeaturesSel, word);
	return rd(r, REG_DeviceFeatures);
}

static void features_by_words(struct rig *r)
{
	r->setup.offered = F(BLK_FLUSH) | F(EVENT_IDX) | F(VERSION_1) | F(RING_RESET);
	rig_power_on(r);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_EQ(r, offered_word(r, 1), 1u << 0 | 1u << 8);
		CHECK_EQ(r, offered_word(r, 0), 1u << 9 | 1u << 29);
	}
}

static void no_features_past_word_one(struct rig *r)
{
	static const uint32_t words[] = {2, 3, 4, 0x100, 0x10000, 0x10001, 0x80000000, 0x80000001, 0xffffffff};

	for (unsigned i = 0; i < LENGTH(words); i++)
		CHECK_EQ(r, offered_word(r, words[i]), 0);
	CHECK(r, offered_word(r, 1) != 0, "word 1 of the features is 0");
}

/* The read is posted in the clock in which the write is answered. */
static void feature_selector_takes_effect_at_once(struct rig *r)
{
	const uint32_t words[] = {offered_word(r, 0), offered_word(r, 1), 0};

	CHECK(r, words[0] != words[1], "both words of the features are 0x%x", words[0]);
	for (unsigned i = 0; i < 24; i++) {
		wr_post(r, REG_DeviceFeaturesSel, i % 3);
		while (!wr_answered(r))
			rig_clock(r);
		rd_post(r, REG_DeviceFeatures);
		CHECK_EQ(r, rd_finish(r), words[i % 3]);
	}
}

/* FEATURES_OK as it reads back behind the words of DriverFeatures that the test wrote. */
static bool features_ok(struct rig *r)
{
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
	return (rd(r, REG_Status) & FEATURES_OK) != 0;
}

static void write_word(struct rig *r, uint32_t sel, uint32_t value)
{
	wr(r, REG_DriverFeaturesSel, sel);
	wr(r, REG_DriverFeatures, value);
}

/* Bits of the first write that were not offered are gone; and an offered one is, too: EVENT_IDX does not suppress. */
static void driver_features_are_replaced(struct rig *r)
{
	struct ring *q;

	bring_up(r, STAGE_DRIVER, 0);
	write_word(r, 1, 0xffffffff);
	write_word(r, 1, 1);
	write_word(r, 0, 1u << 29 | 1u << 31);
	write_word(r, 0, 1u << 28);
	CHECK_EQ(r, features_ok(r), true);
	q = ring_place(r, 0, 16);
	ring_set_up(q);
	ring_used_event(q, 0x8000);
	wr(r, REG_Status, 0x0f);
	blk_check_serves(q);
	WAIT_UNTIL(r, r->dut->out.irq);
	rig_settle(r);
	CHECK_EQ(r, ring_avail_event(q), 0);
}

static void features_past_word_one(struct rig *r)
{
	static const uint32_t words[] = {2, 3, 0x10000, 0x80000000, 0xffffffff};

	for (unsigned i = 0; i < LENGTH(words); i++) {
		bring_up(r, STAGE_DRIVER, 0);
		write_features(r, F(VERSION_1));
		write_word(r, words[i], 0);
		CHECK_EQ(r, features_ok(r), true);
		bring_up(r, STAGE_DRIVER, 0);
		write_features(r, F(VERSION_1));
		write_word(r, words[i], 1);
		CHECK_EQ(r, features_ok(r), false);
		bring_up(r, STAGE_DRIVER, 0);
		write_features(r, F(VERSION_1));
		write_word(r, words[i], 0x80000000);
		CHECK_EQ(r, features_ok(r), false);
	}
}

/* As xv6 does: no selector is ever written. */
static void selectors_start_at_zero(struct rig *r)
{
	const uint32_t word = rd(r, REG_DeviceFeatures);
	struct ring *q;

	CHECK_EQ(r, offered_word(r, 0), word);
	CHECK(r, word != 0 && word != offered_word(r, 1), "the words of the features are not told apart");
	rig_power_on(r);
	q = ring_place(r, 0, 16);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER);
	wr(r, REG_DriverFeatures, rd(r, REG_DeviceFeatures) & 1u << 29);
	CHECK_EQ(r, features_ok(r), true);
	CHECK_EQ(r, rd(r, REG_QueueNumMax), VIO_QUEUE_NUM_MAX);
	ring_set_up(q);
	ring_used_event(q, 0x8000);
	wr(r, REG_Status, 0x0f);
	blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, r->irq_rises, 0);
	CHECK_EQ(r, ring_avail_event(q), 1);
}

static void status_sets_and_resets(struct rig *r)
{
	static const uint32_t steps[] = {0x01, 0x03, 0x0b, 0x0f, 0x8f};

	for (unsigned i = 0; i < LENGTH(steps); i++) {
		wr(r, 0x070, steps[i]);
		CHECK_EQ(r, rd(r, 0x070), steps[i]);
	}
	wr(r, 0x070, 0);
	CHECK_EQ(r, rd(r, 0x070), 0);
}

/* What a stray access could have changed. */
static void check_untouched(struct rig *r)
{
	rig_settle(r);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	CHECK_EQ(r, rd(r, REG_ConfigGeneration), 0);
	CHECK_EQ(r, rd64(r, REG_CapacityLow), r->setup.sectors);
	blk_check_serves(&r->ring[0]);
	WAIT_UNTIL(r, rd(r, REG_InterruptStatus) == INT_USED);
}

static void narrow_accesses_are_harmless(struct rig *r)
{
	static const uint8_t strobes[] = {0x0, 0x1, 0x2, 0x4, 0x8, 0x3, 0xc, 0x6, 0x7, 0xe};

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
	WAIT_UNTIL(r, r->dut->out.irq);
	for (uint16_t addr = 0; addr < CONTROL_END; addr += 4)
		for (unsigned i = 0; i < LENGTH(strobes); i++) {
			wr_lanes(r, (uint16_t)(addr + i % 4), 0, strobes[i]);
			wr_lanes(r, (uint16_t)(addr + i % 4), 0xffffffff, strobes[i]);
		}
	for (uint16_t addr = 0; addr < CONTROL_END; addr++)
		rd(r, addr);
	CHECK_EQ(r, rd64(r, 0x000), 0x0000000274726976);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_USED);
	check_untouched(r);
}

static void write_only_registers_read_zero(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	wr(r, REG_DeviceFeaturesSel, 1);
	wr(r, REG_DriverFeaturesSel, 1);
	wr(r, REG_SHMSel, 1);
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < LENGTH(write_only); i++)
			CHECK_EQ(r, rd(r, write_only[i]), 0);
	check_untouched(r);
	wr(r, REG_QueueSel, 1);
	for (unsigned i = 0; i < LENGTH(write_only); i++)
		CHECK_EQ(r, rd(r, write_only[i]), 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 0);
}

/* A write to one of them changes none. */
static void read_only_registers_stay(struct rig *r)
{
	uint32_t before[LENGTH(read_only)];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < LENGTH(read_only); i++)
		before[i] = rd(r, read_only[i]);
	for (unsigned i = 0; i < 2 * LENGTH(read_only); i++) {
		wr(r, read_only[i / 2], i % 2 == 0 ? 0xffffffff : 0);
		for (unsigned n = 0; n < LENGTH(read_only); n++)
			CHECK_EQ(r, rd(r, read_only[n]), before[n]);
	}
	check_untouched(r);
}

static void holes_read_zero(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < LENGTH(holes); i++) {
		CHECK_EQ(r, rd(r, holes[i]), 0);
		wr(r, holes[i], 0xffffffff);
		CHECK_EQ(r, rd(r, holes[i]), 0);
		wr(r, holes[i], 0);
	}
	check_untouched(r);
}

static void sweep(struct rig *r, uint32_t *words)
{
	for (uint16_t addr = 0; addr < MAP_END; addr += 4)
		words[addr / 4] = rd(r, addr);
}

/* Two sweeps of a device at rest are equal, and requests served under a sweep come out as ever. The vendor's registers
 * behind the config space may count. */
static void reads_have_no_side_effects(struct rig *r)
{
	static uint32_t first[MAP_END / 4], second[MAP_END / 4];
	struct ring *q = ring_place(r, 0, 64);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 4; i++) {
		blk_load(q, BLK_IN, 16, 512);
		ring_kick(q);
		sweep(r, first);
		ring_wait(q, 16);
		for (unsigned n = 0; n < 16; n++)
			CHECK_EQ(r, ring_take(q).len, 513);
	}
	rig_settle(r);
	sweep(r, first);
	sweep(r, second);
	for (unsigned i = 0; i < 0x800 / 4; i++)
		CHECK_EQ(r, second[i], first[i]);
	CHECK_EQ(r, second[REG_InterruptStatus / 4], INT_USED);
	CHECK_EQ(r, r->irq_rises, 1);
	check_untouched(r);
}

/* Writeback is byte 0 of its word: only its own strobe counts. */
static void strobes_are_honoured(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_CONFIG_WCE) | F(BLK_FLUSH));
	CHECK_EQ(r, rd8(r, REG_Writeback), 1);
	for (uint8_t strobes = 0; strobes < 16; strobes = (uint8_t)(strobes + 2)) {
		wr_lanes(r, REG_Writeback, 0x00000000, strobes);
		CHECK_EQ(r, rd8(r, REG_Writeback), 1);
	}
	for (uint8_t strobes = 0; strobes < 16; strobes++) {
		const uint8_t before = strobes & 1;

		wr8(r, REG_Writeback, before);
		CHECK_EQ(r, rd8(r, REG_Writeback), before);
		wr_lanes(r, REG_Writeback, before ? 0xfffffffe : 0xffffffff, strobes);
		CHECK_EQ(r, rd8(r, REG_Writeback), 0);
	}
}

static void config_is_byte_addressable(struct rig *r)
{
	r->setup.sectors = 0x1234;
	rig_power_on(r);
	rig_clock(r);
	CHECK_EQ(r, rd(r, 0x100), 0x1234);
	for (uint16_t addr = 0x100; addr < CONFIG_END; addr += 4) {
		const uint32_t word = rd(r, addr);

		for (uint16_t i = 0; i < 4; i++)
			CHECK_EQ(r, rd8(r, (uint16_t)(addr + i)), word >> 8 * i & 0xff);
		CHECK_EQ(r, rd16(r, addr), word & 0xffff);
		CHECK_EQ(r, rd16(r, (uint16_t)(addr + 2)), word >> 16);
	}
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_CONFIG_WCE) | F(BLK_FLUSH));
	wr8(r, REG_Writeback, 0);
	CHECK_EQ(r, rd8(r, REG_Writeback), 0);
	wr8(r, REG_Writeback, 1);
	CHECK_EQ(r, rd8(r, REG_Writeback), 1);
}

/* All that a driver needs lies in a window of 0x200: the struct ends where 5.2.4 says, with a field that is not 0. */
static void window_of_512_bytes(struct rig *r)
{
	CHECK(r, rd(r, 0x144) != 0, "secure_erase_sector_alignment, the last field of the struct, reads 0");
	for (uint16_t addr = 0x148; addr < CONFIG_END; addr += 4)
		CHECK_EQ(r, rd(r, addr), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_check_serves(&r->ring[0]);
}

ROWS(ROW(MMIO_01, "4.2.2", registers_are_little_endian_words), ROW(MMIO_02, "4.2.2.1", magic_in_every_state),
     ROW(MMIO_03, "4.2.2.1", version_is_two), ROW(MMIO_04, "4.2.2", device_id_is_block),
     ROW(MMIO_05, "4.2.2", vendor_id_is_constant), ROW(MMIO_06, "4.2.2", features_by_words),
     ROW(MMIO_07, "4.2.2", no_features_past_word_one), ROW(MMIO_08, "4.2.2", feature_selector_takes_effect_at_once),
     ROW(MMIO_09, "4.2.2", driver_features_are_replaced), ROW(MMIO_10, "4.2.2", features_past_word_one),
     ROW(MMIO_11, "4.2.2", selectors_start_at_zero), ROW(MMIO_30, "4.2.2", status_sets_and_resets),
     ROW(MMIO_39, "4.2.2", config_is_byte_addressable), ROW(MMIO_40, "4.2.2", narrow_accesses_are_harmless),
     ROW(MMIO_41, "4.2.2", write_only_registers_read_zero), ROW(MMIO_42, "4.2.2", read_only_registers_stay),
     ROW(MMIO_43, "4.2.2", holes_read_zero), ROW(MMIO_44, "4.2.2", reads_have_no_side_effects),
     ROW(MMIO_45, "4.2.2", strobes_are_honoured), ROW(MMIO_58, "4.2.1", window_of_512_bytes))
