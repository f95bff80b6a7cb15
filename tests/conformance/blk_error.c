/* SPDX-License-Identifier: Apache-2.0
 * blk_error.c: rows of the area "Block device" about requests that fail, and what they leave alone, virtio 1.2, 5.2.6. */
#include <string.h>
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512 };

#define ALL_REQUESTS \
	(F(VERSION_1) | F(BLK_FLUSH) | F(BLK_DISCARD) | F(BLK_WRITE_ZEROES) | F(BLK_SECURE_ERASE) | F(BLK_LIFETIME))
#define ALL_WRITES                                                                                \
	(1u << VIO_BE_WRITE | 1u << VIO_BE_WRITE_FUA | 1u << VIO_BE_DISCARD | 1u << VIO_BE_ZERO | \
	 1u << VIO_BE_ZERO_UNMAP | 1u << VIO_BE_ERASE)

static uint64_t changed_bytes(const struct rig *r)
{
	uint64_t changed = 0;

	for (uint64_t at = 0; at < r->setup.sectors * SECTOR; at++)
		changed += r->disk_bytes[at] != rig_pattern(at);
	return changed;
}

/* One request that the device reads `out` and writes `in` bytes of; the ranges of those that have one are good. */
static uint8_t request(struct ring *q, struct raw *b, uint32_t type, uint64_t sector, uint32_t out, uint32_t in)
{
	raw_make(q->r, b, type, sector, out, in);
	if (out == 16) {
		put(q->r, raw_data(b), 8, 8);
		put(q->r, raw_data(b) + 8, 8, 8);
	}
	return raw_do(q, b, false);
}

static void check_no_write(struct rig *r, uint64_t features)
{
	static struct raw b;
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, features);
	CHECK_EQ(r, request(q, &b, BLK_OUT, 3, SECTOR, 0), BLK_IOERR);
	CHECK_EQ(r, b.used.len <= 1, true);
	CHECK_EQ(r, request(q, &b, BLK_DISCARD, 0, 16, 0), BLK_IOERR);
	CHECK_EQ(r, request(q, &b, BLK_WRITE_ZEROES, 0, 16, 0), BLK_IOERR);
	CHECK_EQ(r, request(q, &b, BLK_SECURE_ERASE, 0, 16, 0), BLK_IOERR);
	for (unsigned op = 0; op < 16; op++)
		CHECK_EQ(r, (ALL_WRITES >> op & 1) != 0 && r->commands[op] != 0, 0);
	CHECK_EQ(r, changed_bytes(r), 0);
	blk_check_serves(q);
}

static void read_only_disk(struct rig *r)
{
	static struct raw b;

	r->setup.offered |= F(BLK_RO);
	rig_power_on(r);
	wr(r, REG_DeviceFeaturesSel, 0);
	CHECK_EQ(r, rd(r, REG_DeviceFeatures) >> 5 & 1, 1);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_RO));
	CHECK_EQ(r, request(&r->ring[0], &b, BLK_OUT, 3, SECTOR, 0), BLK_IOERR);
	CHECK_EQ(r, changed_bytes(r), 0);
	blk_check_serves(&r->ring[0]);
}

static void read_only_without_consent(struct rig *r)
{
	r->setup.offered |= F(BLK_RO);
	rig_power_on(r);
	check_no_write(r, ALL_REQUESTS | F(BLK_RO));
	check_no_write(r, ALL_REQUESTS);
}

static void status_is_one_of_three(struct rig *r)
{
	static const uint32_t lens[] = {0, 1, 6, 16, 20, 512, 700};
	static struct raw b;
	struct ring *q = &r->ring[0];
	unsigned seen = 0;

	bring_up(r, STAGE_DRIVER_OK, ALL_REQUESTS);
	disk_fault(r->disk, 900, 0xffff);
	for (uint32_t type = 0; type < 18; type++)
		for (unsigned i = 0; i < 7; i++)
			for (unsigned in = 0; in < 2; in++) {
				const uint8_t status =
					request(q, &b, type, i % 2 ? 900 : 1023, in ? 0 : lens[i], in ? lens[i] : 0);

				CHECK(r, status <= BLK_UNSUPP, "type %u with %u bytes: status 0x%02x", type, lens[i],
				      status);
				seen |= 1u << status;
			}
	CHECK_EQ(r, seen, 7);
}

static void unknown_types(struct rig *r)
{
	static const uint32_t types[] = {2, 3, 5, 6, 7, 9, 12, 15, 16, 0x100, 0x80000000, 0x80000001, 0xffffffff};
	static const uint32_t not_offered[] = {BLK_FLUSH, BLK_GET_LIFETIME, BLK_DISCARD, BLK_WRITE_ZEROES,
					       BLK_SECURE_ERASE};
	static struct raw b;

	bring_up(r, STAGE_DRIVER_OK, ALL_REQUESTS);
	for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++) {
		CHECK_EQ(r, request(&r->ring[0], &b, types[i], 0, 0, SECTOR), BLK_UNSUPP);
		CHECK_EQ(r, request(&r->ring[0], &b, types[i], 0, SECTOR, 0), BLK_UNSUPP);
	}
	r->setup.offered = F(VERSION_1);
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 5; i++)
		CHECK_EQ(r, request(&r->ring[0], &b, not_offered[i], 0, i >= 2 ? 16 : 0, i == 1 ? 6 : 0), BLK_UNSUPP);
	CHECK_EQ(r, changed_bytes(r), 0);
	blk_check_serves(&r->ring[0]);
}

static void not_negotiated(struct rig *r)
{
	static struct raw b;
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, request(q, &b, BLK_FLUSH, 0, 0, 0), BLK_UNSUPP);
	CHECK_EQ(r, request(q, &b, BLK_GET_LIFETIME, 0, 0, 6), BLK_UNSUPP);
	CHECK_EQ(r, request(q, &b, BLK_DISCARD, 0, 16, 0), BLK_UNSUPP);
	CHECK_EQ(r, request(q, &b, BLK_WRITE_ZEROES, 0, 16, 0), BLK_UNSUPP);
	CHECK_EQ(r, request(q, &b, BLK_SECURE_ERASE, 0, 16, 0), BLK_UNSUPP);
	CHECK_EQ(r, changed_bytes(r), 0);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(BLK_WRITE_ZEROES));
	CHECK_EQ(r, request(q, &b, BLK_DISCARD, 0, 16, 0), BLK_UNSUPP);
	CHECK_EQ(r, request(q, &b, BLK_WRITE_ZEROES, 0, 16, 0), BLK_OK);
}

/* The disk is not even asked. */
static void past_the_capacity(struct rig *r)
{
	const uint64_t end = r->setup.sectors;
	const struct {
		uint64_t sector;
		uint32_t sectors;
	} cases[] = {{end - 1, 2},           {end, 1},
		     {end + 1, 1},           {UINT64_MAX, 1},
		     {UINT64_MAX, 2},        {UINT64_MAX - 1, 4},
		     {UINT64_C(1) << 55, 1}, {(UINT64_C(1) << 55) + 1, 1},
		     {UINT64_C(1) << 32, 1}, {UINT64_C(1) << 63, 1}};
	static struct raw b;
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		CHECK_EQ(r, request(q, &b, BLK_IN, cases[i].sector, 0, cases[i].sectors * SECTOR), BLK_IOERR);
		CHECK_EQ(r, request(q, &b, BLK_OUT, cases[i].sector, cases[i].sectors * SECTOR, 0), BLK_IOERR);
	}
	CHECK_EQ(r, changed_bytes(r), 0);
	CHECK_EQ(r, r->commands[VIO_BE_READ] + r->commands[VIO_BE_WRITE] + r->commands[VIO_BE_WRITE_FUA], 0);
	CHECK_EQ(r, request(q, &b, BLK_IN, end - 1, 0, SECTOR), BLK_OK);
	CHECK_EQ(r, request(q, &b, BLK_OUT, end - 2, 2 * SECTOR, 0), BLK_OK);
}

static void odd_lengths(struct rig *r)
{
	static const uint32_t lens[] = {1, 511, 513, 1023};
	static struct raw b;
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 4; i++) {
		CHECK_EQ(r, request(q, &b, BLK_IN, 0, 0, lens[i]), BLK_IOERR);
		CHECK_EQ(r, request(q, &b, BLK_OUT, 0, lens[i], 0), BLK_IOERR);
	}
	CHECK(r, request(q, &b, BLK_IN, 0, 0, 0) <= BLK_IOERR, "an empty read has status %u",
	      (unsigned)get(r, raw_status(&b), 1));
	CHECK(r, request(q, &b, BLK_OUT, 0, 0, 0) <= BLK_IOERR, "an empty write has status %u",
	      (unsigned)get(r, raw_status(&b), 1));
	CHECK_EQ(r, changed_bytes(r), 0);
	blk_check_serves(q);
}

/* Bytes from the first one that were written; what is reported must not be more, and a used buffer of which all was
 * written may report all. */
static void check_reported(struct rig *r, const struct raw *b)
{
	uint32_t written = 0;

	while (written < b->wlen && get(r, b->in + written, 1) != BLK_UNTOUCHED)
		written++;
	CHECK(r, b->used.len <= written, "%u bytes are reported, %u are written", b->used.len, written);
}

static void used_lengths(struct rig *r)
{
	static struct raw b;
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, ALL_REQUESTS);
	CHECK_EQ(r, request(q, &b, BLK_IN, 1, 0, 4 * SECTOR), BLK_OK);
	CHECK_EQ(r, b.used.len, 4 * SECTOR + 1);
	CHECK_EQ(r, request(q, &b, BLK_OUT, 1, SECTOR, 0), BLK_OK);
	CHECK_EQ(r, b.used.len, 1);
	CHECK_EQ(r, request(q, &b, BLK_FLUSH, 0, 0, 0), BLK_OK);
	CHECK_EQ(r, b.used.len, 1);
	CHECK_EQ(r, request(q, &b, BLK_IN, 5000, 0, SECTOR), BLK_IOERR);
	check_reported(r, &b);
	CHECK_EQ(r, request(q, &b, 99, 0, 0, SECTOR), BLK_UNSUPP);
	check_reported(r, &b);
	CHECK_EQ(r, request(q, &b, BLK_OUT, 0, SECTOR, SECTOR), BLK_OK);
	check_reported(r, &b);
	disk_fault(r->disk, 6, 1u << VIO_BE_READ);
	CHECK_EQ(r, request(q, &b, BLK_IN, 4, 0, 4 * SECTOR), BLK_IOERR);
	check_reported(r, &b);
}

/* The bad sector lies anywhere in the request; nothing outside of it changes, and the disk serves on. */
static void bad_sectors(struct rig *r)
{
	static struct raw b;
	struct ring *q = &r->ring[0];

	for (unsigned bad = 20; bad < 28; bad += 3) {
		rig_power_on(r);
		bring_up(r, STAGE_DRIVER_OK, ALL_REQUESTS);
		disk_fault(r->disk, bad, 1u << VIO_BE_READ | ALL_WRITES);
		CHECK_EQ(r, request(q, &b, BLK_IN, 20, 0, 8 * SECTOR), BLK_IOERR);
		CHECK_EQ(r, request(q, &b, BLK_OUT, 20, 8 * SECTOR, 0), BLK_IOERR);
		for (uint64_t at = 0; at < r->setup.sectors * SECTOR; at++)
			if (r->disk_bytes[at] != rig_pattern(at))
				CHECK(r, at / SECTOR >= 20 && at / SECTOR < 28, "sector %u was changed",
				      (unsigned)(at / SECTOR));
		CHECK_EQ(r, request(q, &b, BLK_OUT, 28, SECTOR, 0), BLK_OK);
		CHECK_BYTES(r, raw_data(&b), r->disk_bytes + 28 * SECTOR, SECTOR);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
		blk_check_serves(q);
	}
	disk_fault(r->disk, 0, 1u << VIO_BE_FLUSH | 1u << VIO_BE_GET_ID);
	CHECK_EQ(r, request(q, &b, BLK_FLUSH, 0, 0, 0), BLK_IOERR);
	CHECK_EQ(r, request(q, &b, BLK_GET_ID, 0, 0, 20), BLK_IOERR);
	blk_check_serves(q);
}

ROWS(ROW(BLK_08, "5.2.5", read_only_disk), ROW(BLK_27, "5.2.6", status_is_one_of_three),
     ROW(BLK_28, "5.2.6", unknown_types), ROW(BLK_29, "5.2.6", not_negotiated),
     ROW(BLK_33, "5.2.6.2", past_the_capacity), ROW(BLK_38, "5.2.6", odd_lengths),
     ROW(BLK_47, "5.2.6.2", read_only_without_consent), ROW(BLK_65, "5.2.6.2", used_lengths),
     ROW(BLK_66, "5.2.6", bad_sectors))
