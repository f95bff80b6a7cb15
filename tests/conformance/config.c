/* SPDX-License-Identifier: Apache-2.0
 * config.c: rows of the area "Device configuration space", virtio 1.2, 2.5 and 3.2.1, and the rows of ConfigGeneration,
 * 4.2.2. The device changes its capacity when the strap does; nothing else of the space can change by itself.
 */
#include "blk.h"
#include "rows.h"

/* The struct of 5.2.4 by its offsets: fields, and where it ends; the last byte before the vendor's registers. */
enum { CONFIG = 0x100, CONFIG_END = 0x148, WINDOW_END = 0x800, WORDS = (CONFIG_END - CONFIG) / 4 };

static void change_capacity(struct rig *r, uint64_t sectors)
{
	r->in.strap_capacity = sectors;
	rig_clock(r);
}

/* What the bytes of the space must be, from what each field holds. */
static void check_field(struct rig *r, uint16_t addr, unsigned bytes, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		CHECK_EQ(r, rd8(r, (uint16_t)(addr + i)), value >> 8 * i & 0xff);
	for (unsigned i = 0; i + 1 < bytes; i += 2)
		CHECK_EQ(r, rd16(r, (uint16_t)(addr + i)), value >> 8 * i & 0xffff);
	if (bytes >= 4)
		CHECK_EQ(r, rd(r, addr), value & 0xffffffff);
	if (bytes == 8)
		CHECK_EQ(r, rd64(r, addr), value);
}

static void check_layout(struct rig *r)
{
	const uint64_t capacity = 0x0123456789abcdef;

	change_capacity(r, capacity);
	rig_clock(r);
	check_field(r, CONFIG, 8, capacity);
	check_field(r, CONFIG + 8, 4, VIO_SIZE_MAX);
	check_field(r, CONFIG + 12, 4, VIO_SEG_MAX);
	check_field(r, CONFIG + 20, 4, 512);
	check_field(r, CONFIG + 34, 2, VIO_QUEUES);
	check_field(r, CONFIG + 36, 4, VIO_RANGE_MAX);
}

static void fields_are_little_endian(struct rig *r)
{
	check_layout(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_layout(r);
}

static void legacy_fields_as_the_guest_has_them(struct rig *r)
{
	r->setup.legacy = true;
	r->setup.offered &= 0xffffffff;
	rig_power_on(r);
	change_capacity(r, 0x0123456789abcdef);
	rig_clock(r);
	check_field(r, CONFIG, 8, 0x0123456789abcdef);
	check_field(r, CONFIG + 20, 4, 512);
}

/* The capacity changes between the reads of its halves, at every clock in turn: either the generation says so, or the
 * halves belong together. */
static void generation_tells_of_a_change(struct rig *r)
{
	const uint64_t values[] = {0x0000000100000400, 0x00000002fffffc00};
	unsigned torn = 0;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	change_capacity(r, values[0]);
	for (unsigned i = 0; i < 24; i++) {
		const uint64_t old = values[i % 2], new = values[(i + 1) % 2];
		const uint64_t at = r->clock + i;
		uint32_t before, after;
		uint64_t seen = 0;

		before = rd(r, REG_ConfigGeneration);
		for (unsigned half = 0; half < 2; half++) {
			rd_post(r, (uint16_t)(CONFIG + 4 * half));
			for (unsigned n = 0; n < 6; n++) {
				r->in.strap_capacity = r->clock >= at ? new : old;
				rig_clock(r);
			}
			seen |= (uint64_t)rd_finish(r) << 32 * half;
		}
		after = rd(r, REG_ConfigGeneration);
		CHECK(r, before != after || seen == old || seen == new, "a torn capacity, and the same generation");
		torn += seen != old && seen != new;
		change_capacity(r, new);
		CHECK(r, before != rd(r, REG_ConfigGeneration), "the generation is what it was before the change");
	}
	CHECK(r, torn > 0, "no read was torn: the test proves nothing");
}

/* The same in short, for each value of each half. */
static void each_change_is_counted(struct rig *r)
{
	uint32_t last = rd(r, REG_ConfigGeneration);

	for (unsigned bit = 0; bit < 64; bit++) {
		change_capacity(r, r->in.strap_capacity ^ UINT64_C(1) << bit);
		CHECK(r, rd(r, REG_ConfigGeneration) != last, "bit %u of capacity changed, the generation did not",
		      bit);
		CHECK_EQ(r, rd64(r, CONFIG), r->in.strap_capacity);
		last = rd(r, REG_ConfigGeneration);
	}
}

static void generation_stays_without_a_change(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);
	uint32_t generation;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_CONFIG_WCE) | F(BLK_FLUSH));
	change_capacity(r, 2000);
	generation = rd(r, REG_ConfigGeneration);
	for (unsigned i = 0; i < 1000; i++) {
		if (i % 50 == 0) {
			struct blk b;

			wr8(r, REG_Writeback, i % 100 == 0);
			CHECK_EQ(r, blk_do(q, &b, i % 100 == 0 ? BLK_OUT : BLK_IN, i, 512), BLK_OK);
		}
		CHECK_EQ(r, rd(r, REG_ConfigGeneration), generation);
	}
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, rd(r, REG_ConfigGeneration), generation);
}

static void generation_is_wide(struct rig *r)
{
	const uint32_t first = rd(r, REG_ConfigGeneration);
	uint32_t count = 0;

	for (const uint32_t until[] = {255, 256, 257, 65535, 65536, 65537}, *u = until; u < until + 6; u++) {
		for (; count < *u; count++)
			change_capacity(r, r->setup.sectors + 1 + count);
		CHECK(r, rd(r, REG_ConfigGeneration) != first, "the generation is back after %u changes", count);
	}
}

static void read_space(struct rig *r, uint32_t words[WORDS])
{
	for (unsigned i = 0; i < WORDS; i++)
		words[i] = rd(r, (uint16_t)(CONFIG + 4 * i));
}

/* The very first read after power-on included. */
static void readable_before_features_ok(struct rig *r)
{
	static const enum stage stages[] = {STAGE_RESET, STAGE_ACKNOWLEDGE, STAGE_DRIVER, STAGE_FEATURES_OK};
	uint32_t first[WORDS], live[WORDS], words[WORDS];

	read_space(r, first);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	read_space(r, live);
	CHECK_EQ(r, live[0], r->setup.sectors);
	for (unsigned i = 0; i < WORDS; i++)
		CHECK_EQ(r, first[i], live[i]);
	for (unsigned n = 0; n < 4; n++) {
		bring_up(r, stages[n], F(VERSION_1));
		read_space(r, words);
		for (unsigned i = 0; i < WORDS; i++)
			CHECK_EQ(r, words[i], live[i]);
	}
}

/* For each feature alone: its fields hold something, all others but capacity read 0. */
static void fields_come_with_their_features(struct rig *r)
{
	static const struct {
		uint64_t feature;
		uint16_t from, to; /* offsets in the struct */
	} fields[] = {{F(BLK_SIZE_MAX), 8, 12},  {F(BLK_SEG_MAX), 12, 16},      {F(BLK_GEOMETRY), 16, 20},
		      {F(BLK_BLK_SIZE), 20, 24}, {F(BLK_TOPOLOGY), 24, 32},     {F(BLK_MQ), 34, 36},
		      {F(BLK_DISCARD), 36, 48},  {F(BLK_WRITE_ZEROES), 48, 60}, {F(BLK_SECURE_ERASE), 60, 72}};

	for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		bool there = false;

		r->setup.offered = F(VERSION_1) | fields[i].feature;
		rig_power_on(r);
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		for (uint16_t at = 8; at < CONFIG_END - CONFIG; at++) {
			const uint8_t byte = rd8(r, (uint16_t)(CONFIG + at));

			if (at >= fields[i].from && at < fields[i].to)
				there = there || byte != 0;
			else
				CHECK_EQ(r, byte, 0);
		}
		CHECK(r, there, "the fields at %u read 0 although their feature is offered", fields[i].from);
	}
}

static void nothing_past_the_struct(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (uint16_t addr = CONFIG_END; addr < WINDOW_END; addr += 4) {
		CHECK_EQ(r, rd(r, addr), 0);
		wr(r, addr, 0xffffffff);
		wr8(r, (uint16_t)(addr + 1), 0xff);
		CHECK_EQ(r, rd(r, addr), 0);
	}
	CHECK_EQ(r, rd64(r, CONFIG), r->setup.sectors);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	blk_check_serves(&r->ring[0]);
}

/* Before DRIVER_OK nobody is told (2.1.2); then each change is, once. */
static void change_is_notified(struct rig *r)
{
	bring_up(r, STAGE_QUEUES, F(VERSION_1));
	change_capacity(r, 1500);
	rig_run(r, 100);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	wr(r, REG_Status, 0x0f);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(r, r->irq_rises, i);
		change_capacity(r, 1600 + i);
		WAIT_UNTIL(r, r->dut->out.irq);
		CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
		wr(r, REG_InterruptACK, INT_CONFIG);
		CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
		CHECK_EQ(r, r->dut->out.irq, 0);
	}
}

static void new_value_by_the_notification(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 40; i++) {
		const uint32_t before = rd(r, REG_ConfigGeneration);

		rig_run(r, i % 7);
		r->in.strap_capacity = UINT64_C(0x100000001) * (5000 + i);
		WAIT_UNTIL(r, r->dut->out.irq);
		if (i % 2 == 0)
			CHECK(r, rd(r, REG_ConfigGeneration) != before, "the line is up, the generation is old");
		CHECK_EQ(r, rd64(r, CONFIG), r->in.strap_capacity);
		CHECK(r, rd(r, REG_ConfigGeneration) != before, "the capacity is new, the generation is old");
		wr(r, REG_InterruptACK, INT_CONFIG);
	}
}

static void driver_writes_are_silent(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_CONFIG_WCE) | F(BLK_FLUSH));
	for (unsigned i = 0; i < 6; i++) {
		wr8(r, REG_Writeback, i & 1);
		rig_run(r, 200);
		CHECK_EQ(r, rd8(r, REG_Writeback), i & 1);
		CHECK_EQ(r, rd(r, REG_InterruptStatus), 0);
	}
	CHECK_EQ(r, r->irq_rises, 0);
	CHECK_EQ(r, rd(r, REG_ConfigGeneration), 0);
}

ROWS(ROW(CFG_01, "2.5", fields_are_little_endian), ROW(CFG_02, "2.5", each_change_is_counted),
     ROW(CFG_08, "2.5.2", readable_before_features_ok), ROW(CFG_09, "2.5", fields_come_with_their_features),
     ROW(CFG_10, "2.5", nothing_past_the_struct), ROW(CFG_11, "2.5.3", legacy_fields_as_the_guest_has_them),
     ROW(CFG_13, "3.2.1", change_is_notified), ROW(CFG_14, "3.2.1", new_value_by_the_notification),
     ROW(CFG_15, "2.5", driver_writes_are_silent), ROW(MMIO_36, "4.2.2.1", generation_tells_of_a_change),
     ROW(MMIO_37, "4.2.2", generation_stays_without_a_change), ROW(MMIO_38, "4.2.2", generation_is_wide))
