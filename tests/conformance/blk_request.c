/* SPDX-License-Identifier: Apache-2.0
 * blk_request.c: rows of the area "Block device" about reads, writes and other requests that succeed, virtio 1.2, 5.2.6. */
#include <string.h>
#include "raw.h"
#include "rows.h"

enum { SECTOR = 512, ID = 20 };

#define ALL_REQUESTS \
	(F(VERSION_1) | F(BLK_FLUSH) | F(BLK_DISCARD) | F(BLK_WRITE_ZEROES) | F(BLK_SECURE_ERASE) | F(BLK_LIFETIME))

static struct ring *start(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 128);

	bring_up(r, STAGE_DRIVER_OK, ALL_REQUESTS);
	return q;
}

/* The fields byte by byte, header and status alone in their descriptors; then both in one with the data. */
static void format_of_a_request(struct rig *r)
{
	static const uint8_t golden[16] = {1, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x03, 0, 0, 0, 0, 0, 0};
	static struct raw b;
	struct ring *q = start(r);

	raw_make(r, &b, 0, 0, SECTOR, 0);
	memcpy(rig_at(r, b.out, 16), golden, 16);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	CHECK_BYTES(r, raw_data(&b), r->disk_bytes + 0x321 * SECTOR, SECTOR);
	raw_make(r, &b, 0, 0, 0, SECTOR);
	put(r, b.out + 8, 0x0210, 8);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	CHECK_BYTES(r, b.in, r->disk_bytes + 0x210 * SECTOR, SECTOR);
	CHECK_EQ(r, get(r, raw_status(&b), 1), BLK_OK);
	put(r, b.out + 3, 1, 1);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_UNSUPP);
	put(r, b.out + 3, 0, 1);
	put(r, b.out + 15, 1, 1);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_IOERR);
}

/* Each type, by the command that the disk gets. */
static void type_codes(struct rig *r)
{
	static const struct {
		uint32_t type, out, in;
		unsigned op, also;
	} cases[] = {{0, 0, 512, VIO_BE_READ, VIO_BE_READ},        {1, 512, 0, VIO_BE_WRITE, VIO_BE_WRITE_FUA},
		     {4, 0, 0, VIO_BE_FLUSH, VIO_BE_FLUSH},        {8, 0, ID, VIO_BE_GET_ID, VIO_BE_GET_ID},
		     {10, 0, 6, VIO_BE_LIFETIME, VIO_BE_LIFETIME}, {11, 16, 0, VIO_BE_DISCARD, VIO_BE_DISCARD},
		     {13, 16, 0, VIO_BE_ZERO, VIO_BE_ZERO_UNMAP},  {14, 16, 0, VIO_BE_ERASE, VIO_BE_ERASE}};
	static struct raw b;
	struct ring *q = start(r);

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const uint64_t before = r->commands[cases[i].op] + r->commands[cases[i].also];

		raw_make(r, &b, cases[i].type, 0, cases[i].out, cases[i].in);
		put(r, raw_data(&b), 8, 8);
		if (cases[i].out == 16)
			put(r, raw_data(&b) + 8, 8, 8);
		CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
		CHECK(r, r->commands[cases[i].op] + r->commands[cases[i].also] > before,
		      "the disk gets no command for type %u", cases[i].type);
	}
}

static void reserved_is_ignored(struct rig *r)
{
	static const uint32_t values[] = {1, 0x80000000, 0xffffffff, 0xdeadbeef};
	static struct raw b;
	struct ring *q = start(r);

	for (unsigned i = 0; i < 4; i++) {
		raw_make(r, &b, BLK_IN, 3 + i, 0, SECTOR);
		put(r, b.out + 4, values[i], 4);
		CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
		CHECK_BYTES(r, b.in, r->disk_bytes + (3 + i) * SECTOR, SECTOR);
	}
}

static void in_fills_the_buffer(struct rig *r)
{
	static struct raw b;
	struct ring *q = start(r);
	struct sim_rng rng;

	sim_rng_init(&rng, 22);
	for (unsigned n = 0; n < 60; n++) {
		const uint32_t sectors = 1 + sim_rng_below(&rng, 8);
		const uint64_t sector = n == 0 ? r->setup.sectors - sectors : sim_rng_below(&rng, 1017);

		raw_make(r, &b, BLK_IN, sector, 0, sectors * SECTOR);
		raw_cut_random(&b, &rng, 2 + sim_rng_below(&rng, 40));
		CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
		CHECK_BYTES(r, b.in, r->disk_bytes + sector * SECTOR, sectors * SECTOR);
	}
}

/* What the disk should hold is kept here, written by the test alone. */
static void out_stores_the_buffer(struct rig *r)
{
	static uint8_t expected[1024 * SECTOR];
	static struct raw b;
	struct ring *q = start(r);
	struct sim_rng rng;

	memcpy(expected, r->disk_bytes, sizeof expected);
	sim_rng_init(&rng, 23);
	for (unsigned n = 0; n < 60; n++) {
		const uint32_t sectors = 1 + sim_rng_below(&rng, 8);
		const uint64_t sector = n == 0 ? r->setup.sectors - sectors : sim_rng_below(&rng, 1017);

		raw_make(r, &b, BLK_OUT, sector, sectors * SECTOR, 0);
		put(r, raw_data(&b), 0x8000 + n, 4);
		memcpy(expected + sector * SECTOR, rig_at(r, raw_data(&b), sectors * SECTOR), sectors * SECTOR);
		raw_cut_random(&b, &rng, 2 + sim_rng_below(&rng, 40));
		CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
		CHECK_EQ(r, memcmp(expected, r->disk_bytes, sizeof expected), 0);
	}
}

/* The same bytes, whether a piece is all of them or one. */
static void length_is_that_of_the_chain(struct rig *r)
{
	static const uint32_t cuts[][2] = {{0, 0}, {16, 512}, {20, 513}, {1, 0}, {0, 5}, {528, 511}};
	static struct raw in, out;
	struct ring *q = start(r);

	for (unsigned i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		raw_make(r, &in, BLK_IN, 40, 0, SECTOR);
		raw_cut(&in, cuts[i][0], cuts[i][1]);
		CHECK_EQ(r, raw_do(q, &in, false), BLK_OK);
		CHECK_EQ(r, in.used.len, SECTOR + 1);
		CHECK_BYTES(r, in.in, r->disk_bytes + 40 * SECTOR, SECTOR);
		raw_make(r, &out, BLK_OUT, 50 + 2 * i, SECTOR, 0);
		raw_cut(&out, cuts[i][0] == 1 ? 6 : cuts[i][0], 0);
		CHECK_EQ(r, raw_do(q, &out, false), BLK_OK);
		CHECK_BYTES(r, raw_data(&out), r->disk_bytes + (50 + 2 * i) * SECTOR, SECTOR);
		CHECK_EQ(r, r->disk_bytes[(51 + 2 * i) * SECTOR], rig_pattern((51 + 2 * i) * SECTOR));
	}
}

/* A serial of 20 characters fills its field: none of them is an end. */
static void id_is_padded(struct rig *r)
{
	static const char *const serials[] = {"", "five5", "nineteen-characters", "twenty-characters-ok"};

	for (unsigned i = 0; i < 4; i++) {
		char expected[ID] = {0};
		struct blk b;

		r->setup.serial = serials[i];
		rig_power_on(r);
		memcpy(expected, serials[i], strlen(serials[i]));
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_GET_ID, 0, ID), BLK_OK);
		CHECK_BYTES(r, b.data, expected, ID);
		CHECK_EQ(r, b.used.len, ID + 1);
	}
}

/* The rig sees what is written behind the buffer. */
static void id_in_other_buffers(struct rig *r)
{
	static const uint32_t lens[] = {1, 19, 21, 512};
	const char expected[ID + 1] = "ringwalk-serial-0123";

	r->setup.serial = expected;
	rig_power_on(r);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 4; i++) {
		const uint32_t len = lens[i] < ID ? lens[i] : ID;
		struct blk b;

		CHECK_EQ(r, blk_do(&r->ring[0], &b, BLK_GET_ID, 0, lens[i]), BLK_OK);
		CHECK_BYTES(r, b.data, expected, len);
		for (uint32_t at = len; at < lens[i]; at++)
			CHECK(r, get(r, b.data + at, 1) == 0 || get(r, b.data + at, 1) == BLK_UNTOUCHED,
			      "byte %u behind the id is 0x%02x", at, (unsigned)get(r, b.data + at, 1));
	}
}

static unsigned writes_of(struct rig *r, uint64_t mark, uint64_t addr, uint64_t len)
{
	return rig_count(r, mark, RIG_WRITE, addr, len);
}

/* Status is written once, and idx moves when data and status have landed. */
static void one_status_behind_the_data(struct rig *r)
{
	struct ring *q = start(r);

	for (uint32_t len = SECTOR; len <= 8 * SECTOR; len *= 2) {
		const uint64_t mark = rig_mark(r);
		const struct access *data, *status, *idx;
		struct blk b;

		CHECK_EQ(r, blk_do(q, &b, BLK_IN, 7, len), BLK_OK);
		rig_settle(r);
		CHECK_EQ(r, writes_of(r, mark, b.status, 1), 1);
		CHECK_EQ(r, writes_of(r, mark, q->used + 2, 2), 1);
		data = rig_last(r, mark, RIG_WRITE, b.data, len);
		status = rig_first(r, mark, RIG_WRITE, b.status, 1);
		idx = rig_first(r, mark, RIG_WRITE, q->used + 2, 2);
		CHECK_EQ(r, rig_carried(r, status, b.status, 1), BLK_OK);
		CHECK(r, data->asked < status->asked, "the status is written before the data");
		CHECK(r, data->done <= idx->asked, "idx is written at %llu, the data landed at %llu",
		      (unsigned long long)idx->asked, (unsigned long long)data->done);
		CHECK(r, status->done <= idx->asked, "idx is written before the status landed");
	}
}

static void flush_with_sector_and_data(struct rig *r)
{
	static struct raw b;
	struct ring *q = start(r);

	raw_make(r, &b, BLK_FLUSH, 77, 0, 0);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	raw_make(r, &b, BLK_FLUSH, UINT64_MAX, 700, 0);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	raw_make(r, &b, BLK_FLUSH, 0, 0, 700);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_OK);
	CHECK_EQ(r, get(r, b.in, 1), BLK_UNTOUCHED);
	CHECK_EQ(r, r->commands[VIO_BE_FLUSH], 3);
	blk_check_serves(q);
}

static void lifetime_is_sane(struct rig *r)
{
	struct ring *q = start(r);
	struct blk b;

	CHECK_EQ(r, blk_do(q, &b, BLK_GET_LIFETIME, 0, 6), BLK_OK);
	CHECK_EQ(r, b.used.len, 7);
	CHECK(r, get(r, b.data, 2) <= 3, "pre_eol_info is %u", (unsigned)get(r, b.data, 2));
	CHECK(r, get(r, b.data + 2, 2) <= 11, "device_lifetime_est_typ_a is %u", (unsigned)get(r, b.data + 2, 2));
	CHECK(r, get(r, b.data + 4, 2) <= 11, "device_lifetime_est_typ_b is %u", (unsigned)get(r, b.data + 4, 2));
}

ROWS(ROW(BLK_19, "5.2.6", format_of_a_request), ROW(BLK_20, "5.2.6", type_codes),
     ROW(BLK_21, "5.2.6", reserved_is_ignored), ROW(BLK_22, "5.2.6", in_fills_the_buffer),
     ROW(BLK_23, "5.2.6", out_stores_the_buffer), ROW(BLK_24, "5.2.6", length_is_that_of_the_chain),
     ROW(BLK_25, "5.2.6", id_is_padded), ROW(BLK_26, "5.2.6", id_in_other_buffers),
     ROW(BLK_30, "5.2.6", one_status_behind_the_data), ROW(BLK_36, "5.2.6", flush_with_sector_and_data),
     ROW(BLK_59, "5.2.6.2", lifetime_is_sane))
