/* SPDX-License-Identifier: Apache-2.0
 * t_errors: requests that the device must refuse, and rings that it must not follow.
 *
 * A bad request ends in a status byte and the device goes on. A bad ring ends in DEVICE_NEEDS_RESET with a
 * configuration interrupt; nothing is served after it, and everything is after a reset.
 */
#include <stddef.h>
#include "bend.h"
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u

static struct blk blk;
static struct blk_request request;
static struct blk_header header;
static uint8_t data[8 * BLK_SECTOR_BYTES] __attribute__((aligned(4096)));
static uint8_t other[8 * BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static void start(void)
{
	if (!blk_start(&blk, QUEUE_NUM))
		check_give_up("the device does not start");
}

/* A request whose data must not be overrun: a guard follows it. */
static uint8_t one(uint32_t type, uint64_t sector, uint32_t bytes)
{
	memset(data, 0xa5, sizeof(data));
	if (!blk_submit(&blk, &request, type, sector, data, bytes))
		check_give_up("the queue is full");
	blk_kick(&blk);
	if (!blk_wait(&blk, &request))
		return BLK_S_NONE;
	for (uint32_t i = bytes; i < sizeof(data); i++)
		if (data[i] != 0xa5)
			return 0xee;
	return request.status;
}

static void unsupported_types(void)
{
	static const uint32_t types[] = {6, 7, 14, 15, 16, 100, 0x7fffffff};
	struct check_fold plain = {.what = "without_data"};
	struct check_fold with = {.what = "with_data"};

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		check_fold_eq(&plain, types[i], one(types[i], 0, 0), BLK_S_UNSUPP);
		check_fold_eq(&with, types[i], one(types[i], 0, 512), BLK_S_UNSUPP);
	}
	check_fold_end(&plain);
	check_fold_end(&with);
	check_true("serves_again", bend_serves(&blk));
}

/* On the legacy interface, 5.2.6.3: FLUSH_OUT, and the barrier bit with IN or OUT. */
static bool means_something(uint32_t type)
{
	return type == 5 || (type & 0x7fffffff) <= BLK_T_OUT;
}

static void legacy_types(void)
{
	check_eq("flush_out", one(5, 0, 0), BLK_S_OK);
	check_eq("read_with_barrier", one(0x80000000 | BLK_T_IN, 1, 512), BLK_S_OK);
}

/* SCSI, legacy types, and commands of features that are not offered; type words with the legacy barrier bit.
 */
static void unoffered_types(void)
{
	static const uint32_t types[] = {2, 3, 5, 9, 10, 11, 12, 13, 0x80000000, 0x80000001, 0xffffffff};
	struct check_fold fold = {.what = "unsupp"};

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (blk.mmio.legacy && means_something(types[i]))
			continue;
		check_fold_eq(&fold, types[i], one(types[i], 0, 512), BLK_S_UNSUPP);
		if (fold.failed)
			start();
	}
	check_fold_end(&fold);
}

static void out_of_range(void)
{
	const uint64_t end = blk.capacity_sectors;
	const uint64_t first[] = {end, end + 1, end - 1, ~0ull, 1ull << 55, (1ull << 55) + 1, ~0ull - 1, 1ull << 32};
	const uint32_t bytes[] = {512, 512, 1024, 512, 512, 512, 1024, 512};
	struct check_fold in = {.what = "read_ioerr"};
	struct check_fold out = {.what = "write_ioerr"};

	check_eq("last_sector", blk_read(&blk, end - 1, other, BLK_SECTOR_BYTES), BLK_S_OK);
	for (unsigned i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		check_fold_eq(&in, i, one(BLK_T_IN, first[i], bytes[i]), BLK_S_IOERR);
		check_fold_eq(&out, i, one(BLK_T_OUT, first[i], bytes[i]), BLK_S_IOERR);
	}
	check_fold_end(&in);
	check_fold_end(&out);
	check_eq("last_sector_again", one(BLK_T_IN, end - 1, BLK_SECTOR_BYTES), BLK_S_OK);
	check_true("not_written", memcmp(data, other, BLK_SECTOR_BYTES) == 0);
}

static void bad_lengths(void)
{
	static const uint32_t bytes[] = {1, 511, 513, 1023, 1025};
	struct check_fold in = {.what = "read_ioerr"};
	struct check_fold out = {.what = "write_ioerr"};

	check_eq("sector_0", blk_read(&blk, 0, other, 2 * BLK_SECTOR_BYTES), BLK_S_OK);
	for (unsigned i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		check_fold_eq(&in, bytes[i], one(BLK_T_IN, 0, bytes[i]), BLK_S_IOERR);
		check_fold_eq(&out, bytes[i], one(BLK_T_OUT, 0, bytes[i]), BLK_S_IOERR);
	}
	check_fold_end(&in);
	check_fold_end(&out);
	check_eq("sector_0_again", one(BLK_T_IN, 0, 2 * BLK_SECTOR_BYTES), BLK_S_OK);
	check_true("not_written", memcmp(data, other, 2 * BLK_SECTOR_BYTES) == 0);
}

static void end_of_disk(void)
{
	const uint64_t first = blk.capacity_sectors - 4;

	mem_pattern(other, 4 * BLK_SECTOR_BYTES, 99);
	check_eq("write", blk_write(&blk, first, other, 4 * BLK_SECTOR_BYTES), BLK_S_OK);
	check_eq("read", one(BLK_T_IN, first, 4 * BLK_SECTOR_BYTES), BLK_S_OK);
	check_true("same", memcmp(data, other, 4 * BLK_SECTOR_BYTES) == 0);
	check_eq("last", one(BLK_T_IN, blk.capacity_sectors - 1, BLK_SECTOR_BYTES), BLK_S_OK);
	check_true("same_last", memcmp(data, other + 3 * BLK_SECTOR_BYTES, BLK_SECTOR_BYTES) == 0);
}

static void odd_but_good(void)
{
	check_eq("flush_with_sector", one(BLK_T_FLUSH, 12345, 0), BLK_S_OK);
	header = (struct blk_header){BLK_T_IN, 0xdeadbeef, 1};
	struct virtq_piece pieces[3] = {
		{&header, sizeof(header), false},
		{data, BLK_SECTOR_BYTES, true},
		{&request.status, 1, true},
	};
	request.status = BLK_S_NONE;
	blk_submit_pieces(&blk, &request, pieces, 3);
	blk_kick(&blk);
	check_true("reserved_ignored", blk_wait(&blk, &request) && request.status == BLK_S_OK);
}

static void malformed_rings(void)
{
	check_eq("head_out_of_range", bend_run(&blk, bend_head, NULL), BEND_ALL);
	check_eq("head_0xffff", bend_run(&blk, bend_head_far, NULL), BEND_ALL);
	check_eq("next_out_of_range", bend_run(&blk, bend_next, NULL), BEND_ALL);
	check_eq("next_0xfff0", bend_run(&blk, bend_next_far, NULL), BEND_ALL);
	check_eq("self_loop", bend_run(&blk, bend_self_loop, NULL), BEND_ALL);
	check_eq("loop_of_all", bend_run(&blk, bend_long_loop, NULL), BEND_ALL);
	check_eq("idx_jump_by_num_plus_1", bend_run(&blk, bend_idx_by_one, NULL), BEND_ALL);
	check_eq("idx_jump_by_half", bend_run(&blk, bend_idx_half, NULL), BEND_ALL);
	check_eq("idx_goes_back", bend_run(&blk, bend_idx_back, NULL), BEND_ALL);
	check_eq("no_status_byte", bend_run(&blk, bend_no_status, NULL), BEND_ALL);
	check_eq("readable_after_writable", bend_run(&blk, bend_order, NULL), BEND_ALL);
}

static void indirect_not_offered(void)
{
	check_eq("refused", bend_run(&blk, bend_indirect, NULL), BEND_ALL);
}

/* Fewer than 16 readable bytes: there is a status byte, so the request can be refused by it. */
static void short_header(void)
{
	struct check_fold fold = {.what = "ioerr"};

	for (uint32_t len = 1; len < 16; len++) {
		struct virtq_piece pieces[2] = {{&header, len, false}, {&request.status, 1, true}};

		header = (struct blk_header){BLK_T_FLUSH, 0, 0};
		request.status = BLK_S_NONE;
		blk_submit_pieces(&blk, &request, pieces, 2);
		blk_kick(&blk);
		check_fold_eq(&fold, len, blk_wait(&blk, &request) ? request.status : BLK_S_NONE, BLK_S_IOERR);
		if (fold.failed)
			break;
	}
	check_fold_end(&fold);
	start();
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	if (blk.readonly || blk.capacity_sectors < 8)
		check_give_up("needs a writable disk of 8 sectors");
	TEST(unsupported_types);
	TEST(out_of_range);
	TEST(bad_lengths);
	TEST(end_of_disk);
	TEST(odd_but_good);
	TEST_OURS(unoffered_types);
	TEST_OURS(short_header);
	if (blk.mmio.legacy)
		TEST(legacy_types);
	/* A legacy device has no DEVICE_NEEDS_RESET. */
	if (!blk.mmio.legacy) {
		blk.wanted = BLK_SPLIT;
		TEST(malformed_rings);
		TEST_OURS(indirect_not_offered);
	}
	start();
	check_true("serves_at_the_end", bend_serves(&blk));
	return check_end("t_errors");
}
