/* SPDX-License-Identifier: Apache-2.0
 * test_score.c: the scoreboard of tests/random accepts what is right, and complains about each thing that is wrong. */
#include "score_rig.h"

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

int main(void)
{
#define T(name) cmocka_unit_test_setup(test_##name, setup)
	const struct CMUnitTest tests[] = {
		T(good_requests),     T(serial),
		T(short_header),      T(wrong_status),
		T(wrong_data),        T(status_not_written),
		T(wrong_len),         T(wrong_id),
		T(write_lost),        T(write_beside),
		T(guard_bytes),       T(read_only_written),
		T(table_changed),     T(readable_changed),
		T(no_status_byte),    T(data_of_failed_request),
		T(forgotten_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
