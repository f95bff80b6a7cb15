/* SPDX-License-Identifier: Apache-2.0
 * test_blk.c: blk: what each request type asks of the disk, and what the driver is told; virtio 1.2, 5.2.6.1. */
#include "device.h"

enum { OK, IOERR, UNSUPP, LATE /* the storage port's answer */ };

/* What came out of one request. */
static struct {
	bool cmd;
	uint8_t op;
	uint64_t sector;
	uint32_t cmd_len, out_bytes, in_bytes, used;
	int status;
} got;

static void collect(void)
{
	if (has_cmd()) {
		const struct vio_cmd c = take_cmd();

		assert_false(got.cmd);
		got.cmd = true;
		got.op = c.op;
		got.sector = c.sector;
		got.cmd_len = c.len;
	}
	while (has_data_job()) {
		const struct vio_job j = take_data_job();

		assert_true(j.addr == 0x100000 + got.out_bytes);
		got.out_bytes += j.len;
		assert_int_equal(j.flush, got.out_bytes == got.cmd_len);
	}
	while (has_wjob()) {
		const struct vio_wjob j = take_wjob();

		assert_int_equal(got.status, -1);
		if (j.kind == WJOB_STREAM) {
			assert_true(j.addr == 0x200000 + got.in_bytes);
			got.in_bytes += j.len;
			assert_int_equal(j.last, got.in_bytes == got.cmd_len);
			continue;
		}
		assert_int_equal(j.len, 1);
		assert_int_equal(j.addr, 0x300000);
		assert_int_equal(j.queue, 3);
		assert_int_equal(j.head, 11);
		got.status = j.kind == WJOB_LATE ? LATE : j.byte;
		got.used = j.used;
	}
}

/* A request of out bytes behind the header and in bytes before the status, in pieces of random length. */
static void request(uint32_t type, uint64_t sector, uint32_t out_len, uint32_t in_len)
{
	memset(&got, 0, sizeof got);
	got.status = -1;
	give_req((struct vio_req){.queue = 3, .head = 11, .rlen = 16 + out_len, .wlen = in_len + 1});
	give_header_beat((struct vio_beat){.data = type | (uint64_t)below(1 << 16) << 32});
	give_header_beat((struct vio_beat){.data = sector});
	for (uint32_t at = 0, len; at < out_len; at += len) {
		len = out_len - at > 64 ? 1 + below(out_len - at) : out_len - at;
		give_piece((struct vio_piece){.addr = 0x100000 + at, .len = len, .kind = PIECE_OUT});
	}
	for (uint32_t at = 0, len; at < in_len; at += len) {
		len = in_len - at > 64 ? 1 + below(in_len - at) : in_len - at;
		give_piece((struct vio_piece){.addr = 0x200000 + at, .len = len, .kind = PIECE_IN});
	}
	give_piece((struct vio_piece){.addr = 0x300000, .len = 1, .kind = PIECE_STATUS});
	for (unsigned i = 0; i < 400; i++) {
		begin();
		blk_tick(v, clk);
		collect();
	}
	assert_false(has_piece() || has_req() || has_header_beat());
	assert_int_equal(v->blk.state, S(blk, IDLE));
}

/* The request ends without the disk, with this status and so many bytes written. */
static void answers(int status, uint32_t used)
{
	assert_false(got.cmd);
	assert_int_equal(got.out_bytes, 0);
	assert_int_equal(got.in_bytes, 0);
	assert_int_equal(got.status, status);
	assert_int_equal(got.used, used);
}

static void asks(unsigned op, uint64_t sector, uint32_t len)
{
	assert_true(got.cmd);
	assert_int_equal(got.op, op);
	assert_true(got.sector == sector);
	assert_int_equal(got.cmd_len, len);
	assert_int_equal(got.status, LATE);
}

static void reads(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		const uint32_t sectors = 1 + below(300), sector = below(1000 - sectors + 1);

		request(0, sector, 0, 512 * sectors);
		asks(VIO_BE_READ, sector, 512 * sectors);
		assert_int_equal(got.in_bytes, 512 * sectors);
		assert_int_equal(got.out_bytes, 0);
		assert_int_equal(got.used, 512 * sectors + 1);
	}
}

static void writes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		const uint32_t sectors = 1 + below(300), sector = below(1000 - sectors + 1);

		v->pub.fua = below(2) != 0;
		request(1, sector, 512 * sectors, 0);
		asks(v->pub.fua ? VIO_BE_WRITE_FUA : VIO_BE_WRITE, sector, 512 * sectors);
		assert_int_equal(got.out_bytes, 512 * sectors);
		assert_int_equal(got.used, 1);
	}
}

static void past_the_end(void **state)
{
	static const struct {
		uint64_t sector;
		uint32_t sectors;
	} bad[] = {{1000, 1}, {999, 2}, {1001, 1}, {0, 1001}, {~0ull, 1}, {~0ull, 2}, {1ull << 63, 1}, {1ull << 55, 1}};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		request(0, bad[i].sector, 0, 512 * bad[i].sectors);
		assert_false(got.cmd);
		assert_int_equal(got.in_bytes, 0);
		assert_int_equal(got.status, IOERR);
		request(1, bad[i].sector, 512 * bad[i].sectors, 0);
		answers(IOERR, 1);
	}
	request(0, 999, 0, 512);
	asks(VIO_BE_READ, 999, 512);
	request(1, 999, 512, 0);
	asks(VIO_BE_WRITE, 999, 512);
}

static void parts_of_sectors(void **state)
{
	(void)state;
	request(0, 0, 0, 513);
	assert_false(got.cmd);
	assert_int_equal(got.status, IOERR);
	request(0, 0, 0, 511);
	assert_false(got.cmd);
	assert_int_equal(got.status, IOERR);
	request(1, 0, 511, 0);
	answers(IOERR, 1);
	request(1, 0, 1025, 0);
	answers(IOERR, 1);
}

static void no_data_at_all(void **state)
{
	(void)state;
	request(0, 0, 0, 0);
	answers(OK, 1);
	request(1, 0, 0, 0);
	answers(OK, 1);
}

static void a_read_only_disk(void **state)
{
	(void)state;
	v->pub.read_only = true;
	request(1, 0, 512, 0);
	answers(IOERR, 1);
	request(0, 0, 0, 512);
	asks(VIO_BE_READ, 0, 512);
}

static void flush(void **state)
{
	(void)state;
	v->pub.features = 1ull << F_BIT_BLK_FLUSH;
	request(4, 77, 0, 0);
	assert_int_equal(got.op, VIO_BE_FLUSH);
	assert_int_equal(got.cmd_len, 0);
	assert_int_equal(got.status, LATE);
	assert_int_equal(got.used, 1);
	v->pub.features = 0;
	request(4, 0, 0, 0);
	answers(UNSUPP, 1);
}

/* 20 bytes, or as many as there is room for. */
static void get_id(void **state)
{
	static const uint32_t room[] = {1, 7, 19, 20, 21, 512};

	(void)state;
	for (unsigned i = 0; i < sizeof room / sizeof *room; i++) {
		const uint32_t bytes = room[i] < 20 ? room[i] : 20;

		request(8, 5, 0, room[i]);
		assert_int_equal(got.op, VIO_BE_GET_ID);
		assert_int_equal(got.cmd_len, bytes);
		assert_int_equal(got.in_bytes, bytes);
		assert_int_equal(got.status, LATE);
		/* used counts from the first writable byte on, with no gap in what was written: virtio 1.2, 2.7.8.2 */
		assert_int_equal(got.used, room[i] <= 20 ? room[i] + 1 : 20);
	}
}

static void types_that_are_not_offered(void **state)
{
	static const uint32_t types[] = {2, 3, 5, 6, 7, 9, 11, 13, 14, 0x80000000, 0x80000001, 0xffffffff};

	(void)state;
	for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
		request(types[i], 0, 512, 512);
		assert_false(got.cmd);
		assert_int_equal(got.status, UNSUPP);
		assert_int_equal(got.out_bytes + got.in_bytes, 0);
	}
}

/* No header: the request is answered, and no beat of the next one's header is taken. */
static void a_short_header(void **state)
{
	(void)state;
	memset(&got, 0, sizeof got);
	got.status = -1;
	give_req((struct vio_req){.queue = 3, .head = 11, .rlen = 15, .wlen = 1});
	give_header_beat((struct vio_beat){.data = 4711});
	give_piece((struct vio_piece){.addr = 0x100000, .len = 15, .kind = PIECE_OUT});
	give_piece((struct vio_piece){.addr = 0x300000, .len = 1, .kind = PIECE_STATUS});
	for (unsigned i = 0; i < 20; i++) {
		begin();
		blk_tick(v, clk);
		collect();
	}
	answers(IOERR, 1);
	assert_int_equal(take_header_beat().data, 4711);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads),
		CASE(writes),
		CASE(past_the_end),
		CASE(parts_of_sectors),
		CASE(no_data_at_all),
		CASE(a_read_only_disk),
		CASE(flush),
		CASE(get_id),
		CASE(types_that_are_not_offered),
		CASE(a_short_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
