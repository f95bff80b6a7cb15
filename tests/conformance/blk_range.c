/* SPDX-License-Identifier: Apache-2.0
 * blk_range.c: rows of the area "Block device" about discard, write zeroes and secure erase, virtio 1.2, 5.2.6. */
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512, RANGE = 16, UNMAP = 1 };

static const uint32_t range_types[] = {BLK_DISCARD, BLK_WRITE_ZEROES, BLK_SECURE_ERASE};

static struct ring *start(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_DISCARD) | F(BLK_WRITE_ZEROES) | F(BLK_SECURE_ERASE));
	return &r->ring[0];
}

static void put_range(struct rig *r, uint64_t at, uint64_t sector, uint32_t sectors, uint32_t flags)
{
	put(r, at, sector, 8);
	put(r, at + 8, sectors, 4);
	put(r, at + 12, flags, 4);
}

static uint8_t range(struct ring *q, uint32_t type, uint64_t sector, uint32_t sectors, uint32_t flags)
{
	struct raw b;

	raw_make(q->r, &b, type, 0, RANGE, 0);
	put_range(q->r, raw_data(&b), sector, sectors, flags);
	return raw_do(q, &b, false);
}

/* The disk has its pattern before and behind these sectors, and zeros in them; a driver that reads them sees so. */
static void check_zeros(struct ring *q, uint64_t sector, uint64_t sectors)
{
	struct rig *r = q->r;
	const uint64_t from = sector * SECTOR, to = from + sectors * SECTOR, bytes = r->setup.sectors * SECTOR;
	uint64_t zeros = 0;
	struct blk b;

	for (uint64_t at = from; at < to; at++)
		zeros += r->disk_bytes[at] == 0;
	CHECK_EQ(r, zeros, to - from);
	CHECK(r, from == 0 || r->disk_bytes[from - 1] != 0, "the sector before was touched");
	CHECK(r, to == bytes || r->disk_bytes[to] != 0, "the sector behind was touched");
	CHECK_EQ(r, blk_do(q, &b, BLK_IN, sector + sectors - 1, SECTOR), BLK_OK);
	CHECK_BYTES(r, b.data, r->disk_bytes + to - SECTOR, SECTOR);
}

static void check_untouched(struct rig *r)
{
	uint64_t same = 0;

	for (uint64_t at = 0; at < r->setup.sectors * SECTOR; at++)
		same += r->disk_bytes[at] == rig_pattern(at);
	CHECK_EQ(r, same, r->setup.sectors * SECTOR);
}

static void limits_are_in_sectors(struct rig *r)
{
	static const uint16_t max_sectors[] = {REG_MaxDiscardSectors, REG_MaxZeroesSectors, REG_MaxEraseSectors};

	for (unsigned i = 0; i < 3; i++) {
		uint32_t max;
		struct ring *q;

		r->setup.sectors = VIO_RANGE_MAX + 64;
		rig_power_on(r);
		q = start(r);
		max = rd(r, max_sectors[i]);
		CHECK_EQ(r, max, VIO_RANGE_MAX);
		CHECK_EQ(r, range(q, range_types[i], 8, max + 1, 0), BLK_IOERR);
		CHECK_EQ(r, r->disk_bytes[8 * SECTOR], rig_pattern(8 * SECTOR));
		CHECK_EQ(r, range(q, range_types[i], 8, max, 0), BLK_OK);
		CHECK(r, r->disk_bytes[(8 + max) * SECTOR] != 0, "the sector behind the range was touched");
		if (range_types[i] != BLK_DISCARD)
			check_zeros(q, 8, max);
	}
}

/* One segment is what the device takes; its 16 bytes may come in pieces. */
static void segment_is_sector_count_flags(struct rig *r)
{
	static const uint32_t pieces[] = {0, 1, 3, 8, 20};
	struct ring *q = ring_place(r, 0, 64);
	struct raw b;

	start(r);
	CHECK_EQ(r, rd(r, REG_MaxDiscardSeg), 1);
	CHECK_EQ(r, rd(r, REG_MaxZeroesSeg), 1);
	CHECK_EQ(r, rd(r, REG_MaxEraseSeg), 1);
	for (unsigned i = 0; i < 5; i++) {
		const uint64_t sector = 0x105 + 0x20 * i;

		raw_make(r, &b, range_types[i % 3], 3, RANGE, 0);
		put_range(r, raw_data(&b), sector, 3 + i, 0);
		raw_cut(&b, pieces[i], 0);
		CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
		CHECK_EQ(r, b.used.len, 1);
		if (i % 3 != 0)
			check_zeros(q, sector, 3 + i);
	}
}

static void odd_payloads_fail(struct rig *r)
{
	static const uint32_t lens[] = {0, 15, 17};
	struct ring *q = start(r);
	struct raw b;

	for (unsigned t = 0; t < 3; t++)
		for (unsigned i = 0; i < 3; i++) {
			raw_make(r, &b, range_types[t], 0, lens[i], 0);
			for (uint32_t at = 0; at < lens[i]; at++)
				put(r, raw_data(&b) + at, at == 8, 1);
			CHECK(r, raw_do(q, &b, false) != BLK_OK, "type %u with %u bytes is OK", range_types[t],
			      lens[i]);
			CHECK(r, get(r, raw_status(&b), 1) <= BLK_UNSUPP, "the status is not written");
		}
	check_untouched(r);
	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 30, 2, 0), BLK_OK);
	check_zeros(q, 30, 2);
}

static void too_much_fails(struct rig *r)
{
	const uint64_t last = r->setup.sectors - 1;
	struct ring *q = start(r);
	struct raw b;

	for (unsigned t = 0; t < 3; t++) {
		const uint32_t type = range_types[t];

		raw_make(r, &b, type, 0, 2 * RANGE, 0);
		put_range(r, raw_data(&b), 2, 1, 0);
		put_range(r, raw_data(&b) + RANGE, 5, 1, 0);
		CHECK_EQ(r, raw_do(q, &b, false), BLK_IOERR);
		CHECK_EQ(r, range(q, type, 0, VIO_RANGE_MAX + 1, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, 0, 0xffffffff, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, last, 2, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, last + 1, 1, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, UINT64_MAX, 1, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, UINT64_MAX - 1, 8, 0), BLK_IOERR);
		CHECK_EQ(r, range(q, type, UINT64_C(1) << 55, 1, 0), BLK_IOERR);
	}
	check_untouched(r);
	CHECK_EQ(r, r->commands[VIO_BE_DISCARD] + r->commands[VIO_BE_ZERO] + r->commands[VIO_BE_ERASE], 0);
	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, last, 1, 0), BLK_OK);
	check_zeros(q, last, 1);
}

static void unknown_flags_are_unsupported(struct rig *r)
{
	struct ring *q = start(r);

	for (unsigned t = 0; t < 3; t++)
		for (unsigned k = 1; k < 32; k++)
			CHECK_EQ(r, range(q, range_types[t], 8, 8, 1u << k), BLK_UNSUPP);
	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 8, 8, 0xffffffff), BLK_UNSUPP);
	check_untouched(r);
}

static void discard_does_not_know_unmap(struct rig *r)
{
	struct ring *q = start(r);

	CHECK_EQ(r, range(q, BLK_DISCARD, 8, 8, UNMAP), BLK_UNSUPP);
	check_untouched(r);
	CHECK_EQ(r, range(q, BLK_DISCARD, 8, 8, 0), BLK_OK);
}

/* What the discarded sectors hold is the disk's affair; the others keep their contents. */
static void discard_is_ok(struct rig *r)
{
	struct ring *q = start(r);
	uint64_t changed = 0;

	CHECK_EQ(r, range(q, BLK_DISCARD, 64, 16, 0), BLK_OK);
	CHECK_EQ(r, range(q, BLK_DISCARD, 64, 0, 0), BLK_OK);
	for (uint64_t at = 0; at < r->setup.sectors * SECTOR; at++)
		if (at / SECTOR < 64 || at / SECTOR >= 80)
			changed += r->disk_bytes[at] != rig_pattern(at);
	CHECK_EQ(r, changed, 0);
	blk_check_serves(q);
}

static void zeroes_are_written(struct rig *r)
{
	struct ring *q = start(r);

	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 10, 7, 0), BLK_OK);
	check_zeros(q, 10, 7);
	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 20, 1, UNMAP), BLK_OK);
	check_zeros(q, 20, 1);
	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 0, 1, 0), BLK_OK);
	check_zeros(q, 0, 1);
}

static void unmapped_zeroes_read_back(struct rig *r)
{
	struct ring *q = start(r);

	CHECK_EQ(r, range(q, BLK_WRITE_ZEROES, 100, 24, UNMAP), BLK_OK);
	check_zeros(q, 100, 24);
	CHECK_EQ(r, r->commands[VIO_BE_ZERO_UNMAP], 1);
	CHECK_EQ(r, r->commands[VIO_BE_ZERO], 0);
}

static void erased_for_good(struct rig *r)
{
	struct ring *q = start(r);

	CHECK_EQ(r, rd(r, REG_EraseAlignment), 8);
	CHECK_EQ(r, range(q, BLK_SECURE_ERASE, 16, 8, 0), BLK_OK);
	check_zeros(q, 16, 8);
	CHECK_EQ(r, range(q, BLK_SECURE_ERASE, 64, 512, 0), BLK_OK);
	check_zeros(q, 64, 512);
	CHECK_EQ(r, r->commands[VIO_BE_ERASE], 2);
}

ROWS(ROW(BLK_07, "5.2.4", limits_are_in_sectors), ROW(BLK_31, "5.2.6", segment_is_sector_count_flags),
     ROW(BLK_40, "5.2.6", odd_payloads_fail), ROW(BLK_43, "5.2.6", too_much_fails),
     ROW(BLK_48, "5.2.6.2", unknown_flags_are_unsupported), ROW(BLK_49, "5.2.6.2", discard_does_not_know_unmap),
     ROW(BLK_50, "5.2.6.2", discard_is_ok), ROW(BLK_51, "5.2.6.2", zeroes_are_written),
     ROW(BLK_52, "5.2.6.2", unmapped_zeroes_read_back), ROW(BLK_60, "5.2.6", erased_for_good))
