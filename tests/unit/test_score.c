/* SPDX-License-Identifier: Apache-2.0
 * test_score.c: the scoreboard of tests/random accepts what is right, and complains about each thing that is wrong. */
#include "unit.h"

#include "../random/judge.c"
#include "../random/score.c"
#include "../random/stable.c"

enum {
	BASE = 0x80000000,
	SIZE = 65536,
	DISK = 8192,
	DATA = 512,
	STATUS_AT = 0x4000,
	IN_AT = 0x3000,
	OUT_AT = 0x2000,
	TABLE_AT = 0x5003
};

static uint8_t mem[SIZE], shadow[SIZE], disk[DISK], disk_shadow[DISK];
static struct score s;
static struct request r;

static int setup(void **state)
{
	(void)state;
	memset(&s, 0, sizeof(s));
	s.mem = mem;
	s.shadow = shadow;
	s.base = BASE;
	s.size = SIZE;
	s.disk = disk;
	s.disk_shadow = disk_shadow;
	s.disk_size = DISK;
	s.capacity = DISK / SCORE_SECTOR;
	s.types = 1u << TYPE_FLUSH;
	memcpy(s.serial, "abcdefghijklmnopqrst", SCORE_ID_LEN);
	for (unsigned i = 0; i < SIZE; i++)
		mem[i] = shadow[i] = (uint8_t)(i * 7);
	for (unsigned i = 0; i < DISK; i++)
		disk[i] = disk_shadow[i] = (uint8_t)(i * 3 + i / 256);
	return 0;
}

static void add_piece(uint64_t at, uint32_t len, bool write)
{
	r.descs[r.count] = (uint16_t)(r.count + 5);
	r.pieces[r.count++] = (struct piece){BASE + at, len, write};
	*(write ? &r.writable : &r.readable) += len;
}

/* header | readable data | writable data in two pieces | status, after a descriptor of no bytes. */
static void build(uint32_t type, uint64_t sector, uint32_t readable, uint32_t writable)
{
	memset(&r, 0, sizeof(r));
	r.type = type;
	r.sector = sector;
	r.head = 5;
	add_piece(0x1000, 16, false);
	if (readable != 0)
		add_piece(OUT_AT, readable, false);
	if (writable > 1)
		add_piece(IN_AT, writable / 2, true);
	if (writable != 0)
		add_piece(IN_AT + writable / 2, writable - writable / 2, true);
	add_piece(~0ull - BASE, 0, true);
	add_piece(STATUS_AT, 1, true);
	r.direct = r.count;
}

/* What a good device does with an IN. */
static void serve_in(void)
{
	memcpy(mem + IN_AT, disk + r.sector * SCORE_SECTOR, DATA);
	mem[STATUS_AT] = STATUS_OK;
}

static void serve_out(void)
{
	memcpy(disk + r.sector * SCORE_SECTOR, mem + OUT_AT, DATA);
	mem[STATUS_AT] = STATUS_OK;
}

static void expect(const char *part)
{
	score_compare(&s);
	if (part == NULL) {
		assert_string_equal(s.error, "");
		return;
	}
	if (strstr(s.error, part) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", s.error, part);
}

/* Completes with this status and len, and expects these words. */
static void finish(uint8_t status, uint32_t len, const char *part)
{
	mem[STATUS_AT] = status;
	score_complete(&s, &r, 5, len);
	expect(part);
}

static void test_good_requests(void **state)
{
	(void)state;
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	finish(STATUS_OK, DATA + 1, NULL);
	build(TYPE_OUT, 4, DATA, 0);
	serve_out();
	finish(STATUS_OK, 1, NULL);
	assert_memory_equal(disk_shadow + 4 * SCORE_SECTOR, mem + OUT_AT, DATA);
	build(TYPE_OUT, 4, DATA, 30); /* writable bytes before status that nobody fills */
	serve_out();
	finish(STATUS_OK, 0, NULL);
	build(TYPE_FLUSH, 99, 0, 0);
	finish(STATUS_OK, 1, NULL);
	build(TYPE_IN, 0, 0, 0);
	finish(STATUS_OK, 1, NULL);
	build(7, 0, 0, 0);
	finish(STATUS_UNSUPP, 1, NULL);
	build(TYPE_IN, 16, 0, DATA);
	finish(STATUS_IOERR, 0, NULL);
	build(TYPE_IN, ~0ull, 0, DATA);
	finish(STATUS_IOERR, 0, NULL);
	build(TYPE_IN, 0, 0, 513);
	finish(STATUS_IOERR, 0, NULL);
	build(TYPE_OUT, 0, 511, 0);
	finish(STATUS_IOERR, 1, NULL);
	s.types = 0;
	build(TYPE_FLUSH, 0, 0, 0);
	finish(STATUS_UNSUPP, 1, NULL);
	s.read_only = true;
	build(TYPE_OUT, 0, DATA, 0);
	finish(STATUS_IOERR, 1, NULL);
}

static void test_serial(void **state)
{
	(void)state;
	for (unsigned len = 0; len < 40; len++) {
		unsigned n = len < 20 ? len : 20;

		build(TYPE_GET_ID, 0, 0, len);
		memcpy(mem + IN_AT, s.serial, n);
		finish(STATUS_OK, len <= 20 ? len + 1 : 20, NULL);
	}
	build(TYPE_GET_ID, 0, 0, 20);
	memset(mem + IN_AT, 'x', 20);
	finish(STATUS_OK, 21, "serial byte");
}

static void test_short_header(void **state)
{
	(void)state;
	build(TYPE_IN, 0, 0, DATA);
	r.pieces[0].len = r.readable = 15;
	finish(STATUS_IOERR, 0, NULL);
}

static void test_wrong_status(void **state)
{
	(void)state;
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	finish(STATUS_IOERR, DATA + 1, "status 1, not 0");
}

static void test_status_not_written(void **state)
{
	(void)state;
	build(TYPE_FLUSH, 0, 0, 0);
	score_fill(&s, BASE + STATUS_AT, 0xaa, 1);
	score_complete(&s, &r, 5, 1);
	expect("status 170");
}

static void test_wrong_data(void **state)
{
	(void)state;
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	mem[IN_AT + DATA - 1] ^= 1; /* the last byte, across a cut */
	finish(STATUS_OK, DATA + 1, "data byte at 0x800031ff");
}

static void test_wrong_len(void **state)
{
	(void)state;
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	finish(STATUS_OK, DATA, "used len 512, not 513");
}

static void test_wrong_id(void **state)
{
	(void)state;
	build(TYPE_FLUSH, 0, 0, 0);
	mem[STATUS_AT] = 0;
	score_complete(&s, &r, 6, 1);
	expect("used id 6, not head 5");
}

static void test_write_lost(void **state)
{
	(void)state;
	build(TYPE_OUT, 4, DATA, 0);
	finish(STATUS_OK, 1, "sector 4 of the disk");
}

static void test_write_beside(void **state)
{
	(void)state;
	build(TYPE_OUT, 4, DATA, 0);
	serve_out();
	disk[5 * SCORE_SECTOR] ^= 1;
	finish(STATUS_OK, 1, "disk changed");
}

static void test_read_only_written(void **state)
{
	(void)state;
	s.read_only = true;
	build(TYPE_OUT, 4, DATA, 0);
	serve_out();
	finish(STATUS_IOERR, 1, "disk changed");
}

static void test_guard_bytes(void **state)
{
	(void)state;
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	mem[IN_AT + DATA] ^= 1;
	finish(STATUS_OK, DATA + 1, "memory changed");
	setup(state);
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	mem[IN_AT - 1] ^= 1;
	finish(STATUS_OK, DATA + 1, "0x80002fff to 0x80002fff");
}

static void test_table_changed(void **state)
{
	(void)state;
	build(TYPE_OUT, 4, DATA, 0);
	r.indirect = true;
	r.direct = 1;
	r.table = BASE + TABLE_AT;
	r.entries = 4;
	serve_out();
	mem[TABLE_AT + 63] ^= 1;
	finish(STATUS_OK, 1, "its indirect table");
}

static void test_readable_changed(void **state)
{
	(void)state;
	build(TYPE_OUT, 4, DATA, 0);
	serve_out();
	mem[0x1000] ^= 1;
	finish(STATUS_OK, 1, "memory changed");
}

static void test_data_of_failed_request(void **state)
{
	(void)state;
	build(TYPE_IN, 16, 0, DATA); /* out of range: there is no reason to write */
	mem[IN_AT] ^= 1;
	finish(STATUS_IOERR, 0, "changed without a reason");
	setup(state);
	s.faults[s.fault_count++] = (struct score_fault){3, 1u << TYPE_IN};
	build(TYPE_IN, 3, 0, DATA); /* the backend failed half way: what came has been written */
	mem[IN_AT] ^= 1;
	finish(STATUS_IOERR, 0, NULL);
	build(TYPE_IN, 3, 0, DATA);
	finish(STATUS_IOERR, DATA + 1, NULL);
	build(TYPE_IN, 3, 0, DATA);
	serve_in();
	finish(STATUS_OK, DATA + 1, "status 0, not 1");
}

static void test_no_status_byte(void **state)
{
	(void)state;
	memset(&r, 0, sizeof(r));
	add_piece(0x1000, 16, false);
	score_complete(&s, &r, 5, 0);
	expect("no byte for a status");
}

static void test_forgotten_request(void **state)
{
	(void)state;
	build(TYPE_OUT, 4, 2 * DATA, 0);
	memcpy(disk + 5 * SCORE_SECTOR, mem + OUT_AT + DATA, DATA); /* the second sector only */
	mem[STATUS_AT] = 77;
	score_forget(&s, &r);
	expect(NULL);
	build(TYPE_OUT, 4, 2 * DATA, 0);
	disk[4 * SCORE_SECTOR + 100] ^= 1; /* torn */
	score_forget(&s, &r);
	expect("sector 4 of the disk");
}

/* A request of ranges; their memory is not looked at. */
static void build_range(uint32_t type, struct score_range range)
{
	build(type, 0, 16, 0);
	r.ranges[0] = range;
}

static void test_ranges(void **state)
{
	(void)state;
	build_range(TYPE_DISCARD, (struct score_range){.sectors = 1});
	finish(STATUS_UNSUPP, 1, NULL); /* not negotiated */
	s.types = 1u << TYPE_DISCARD | 1u << TYPE_WRITE_ZEROES | 1u << TYPE_SECURE_ERASE;
	for (unsigned type = 0; type < SCORE_TYPES; type++)
		s.limits[type] = (struct score_limit){8, 1};
	build_range(TYPE_WRITE_ZEROES, (struct score_range){3, 2, 1});
	memset(disk + 3 * SCORE_SECTOR, 0, 2 * SCORE_SECTOR);
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_DISCARD, (struct score_range){7, 1, 0});
	memset(disk + 7 * SCORE_SECTOR, 0xaa, SCORE_SECTOR); /* any contents */
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_SECURE_ERASE, (struct score_range){9, 1, 0});
	memset(disk + 9 * SCORE_SECTOR, 0, SCORE_SECTOR);
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_DISCARD, (struct score_range){0, 1, 1});
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){0, 1, 2});
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){0, 9, 0});
	finish(STATUS_IOERR, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){15, 2, 0});
	finish(STATUS_IOERR, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){~0ull, 2, 4}); /* wrong in two ways: either answer */
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){~0ull, 2, 4});
	finish(STATUS_IOERR, 1, NULL);
	build(TYPE_DISCARD, 0, 17, 0);
	finish(STATUS_IOERR, 1, NULL);
	build(TYPE_DISCARD, 0, 32, 0);
	finish(STATUS_IOERR, 1, NULL);
	s.read_only = true;
	build_range(TYPE_DISCARD, (struct score_range){.sectors = 1});
	finish(STATUS_IOERR, 1, NULL);
}

static void test_wrong_ranges(void **state)
{
	static const struct {
		enum score_type type;
		uint8_t first; /* of the sector that must be zeros, or change */
		unsigned sector;
		const char *part;
	} cases[] = {{TYPE_WRITE_ZEROES, 1, 3, "sector 3 of the disk is not zero"},
		     {TYPE_WRITE_ZEROES, 0, 4, "disk changed"},
		     {TYPE_SECURE_ERASE, 2, 5, "sector 3 of the disk was not erased"}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		setup(state);
		s.types = 1u << cases[i].type;
		s.limits[cases[i].type] = (struct score_limit){8, 1};
		build_range(cases[i].type, (struct score_range){3, 1, 0});
		if (cases[i].type == TYPE_WRITE_ZEROES)
			memset(disk + 3 * SCORE_SECTOR, 0, SCORE_SECTOR);
		disk[cases[i].sector * SCORE_SECTOR] ^= 1;
		if (cases[i].type == TYPE_WRITE_ZEROES)
			disk[3 * SCORE_SECTOR] = cases[i].first;
		finish(STATUS_OK, 1, cases[i].part);
	}
}

static void test_lifetime(void **state)
{
	(void)state;
	s.types = 1u << TYPE_LIFETIME;
	build(TYPE_LIFETIME, 0, 0, 6);
	memcpy(mem + IN_AT, "\3\0\13\0\0\0", 6);
	finish(STATUS_OK, 7, NULL);
	build(TYPE_LIFETIME, 0, 0, 40);
	finish(STATUS_OK, 6, NULL);
	build(TYPE_LIFETIME, 0, 0, 6);
	mem[IN_AT + 4] = 12;
	finish(STATUS_OK, 7, "reserved values");
}

static void test_stable(void **state)
{
	static struct stable st;

	(void)state;
	stable_clear(&st);
	stable_command(&st, VIO_BE_WRITE_FUA, 3, 2 * SCORE_SECTOR);
	assert_true(stable_written(&st, 3, 2, 10, true));
	stable_command(&st, VIO_BE_WRITE, 4, SCORE_SECTOR);
	assert_true(stable_flushed(&st, 100)); /* not completed before it */
	assert_true(stable_written(&st, 4, 1, 20, false));
	assert_false(stable_written(&st, 3, 2, 20, true));
	assert_false(stable_flushed(&st, 21));
	assert_true(stable_flushed(&st, 20));
	stable_command(&st, VIO_BE_FLUSH, 0, 0);
	assert_true(stable_flushed(&st, 21));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(test_##name, setup)
	const struct CMUnitTest tests[] = {
		T(good_requests),
		T(serial),
		T(short_header),
		T(wrong_status),
		T(wrong_data),
		T(status_not_written),
		T(wrong_len),
		T(wrong_id),
		T(write_lost),
		T(write_beside),
		T(guard_bytes),
		T(read_only_written),
		T(table_changed),
		T(readable_changed),
		T(no_status_byte),
		T(data_of_failed_request),
		T(forgotten_request),
		T(ranges),
		T(wrong_ranges),
		T(lifetime),
		T(stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
