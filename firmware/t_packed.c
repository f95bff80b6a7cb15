/* SPDX-License-Identifier: Apache-2.0
 * t_packed: the packed ring, virtio 1.2, 2.8: queues of any size, many times round; chains across the wrap; buffers used
 * in any order under ids of the driver's choice; tables; event suppression by flags and by position.
 */
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define DEPTH 16u
#define SECTORS 32u
#define PIECES 40u
#define SETTLE_TURNS 2000u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint8_t data[DEPTH][2 * BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static unsigned piece_count[DEPTH];
static struct virtq_desc tables[DEPTH][PIECES];
static uint8_t disk[SECTORS * BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static void start(unsigned num, uint64_t features)
{
	blk.wanted = BLK_FEATURES | features;
	if (!blk_start(&blk, num))
		check_give_up("the device does not start");
}

static uint64_t random_state = 0x9acced;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % n;
}

/* A request in `count` pieces: the header (in two if there are many), the data's bytes spread evenly, the status; in two
 * pieces the status byte shares with the data. */
static unsigned cut(struct blk_request *r, struct virtq_piece *pieces, unsigned count, uint8_t *to, uint32_t bytes)
{
	uint8_t *header = (uint8_t *)&r->header;
	unsigned n = 0, parts;
	uint32_t at = 0;

	r->header.type = BLK_T_IN;
	pieces[n++] = (struct virtq_piece){header, count > 5 ? 9 : 16, false};
	if (count > 5)
		pieces[n++] = (struct virtq_piece){header + 9, 7, false};
	parts = count - n - (count > 2 ? 1 : 0);
	for (unsigned i = 0; i < parts; i++) {
		uint32_t end = bytes * (i + 1) / parts;

		pieces[n++] = (struct virtq_piece){to + at, end - at, true};
		at = end;
	}
	if (count > 2)
		pieces[n++] = (struct virtq_piece){&r->status, 1, true};
	else
		pieces[1].len++;
	return n;
}

/* Offers a read of one sector in `count` pieces, or in a table of them. */
static bool offer(unsigned i, unsigned count, bool table)
{
	struct virtq_piece pieces[PIECES];
	struct blk_request *r = &requests[i];

	memset(data[i], BLK_S_NONE, sizeof(data[i]));
	r->status = BLK_S_NONE;
	r->header = (struct blk_header){BLK_T_IN, 0, random_below(SECTORS)};
	cut(r, pieces, count, data[i], BLK_SECTOR_BYTES);
	piece_count[i] = count;
	return blk_submit_table(&blk, r, pieces, count, table ? 0 : count, tables[i]);
}

/* In two pieces the status byte comes behind the data; otherwise the byte there is a guard. */
static bool good(unsigned i)
{
	const uint8_t *behind = &data[i][BLK_SECTOR_BYTES];
	struct blk_request *r = &requests[i];
	const uint8_t *want = disk + r->header.sector * BLK_SECTOR_BYTES;

	if (!blk_wait(&blk, r) || r->used_len != BLK_SECTOR_BYTES + 1 || memcmp(data[i], want, BLK_SECTOR_BYTES) != 0)
		return false;
	return piece_count[i] == 2 ? *behind == BLK_S_OK && r->status == BLK_S_NONE
				   : *behind == BLK_S_NONE && r->status == BLK_S_OK;
}

/* One request at a time, in chains of every length that fits, three times round at each. */
static void sizes(void)
{
	static const uint16_t nums[] = {2, 3, 4, 5, 7, 8, 13, 31, 32, 100, 255, 256, 1000, 1023, 1024};
	struct check_fold fold = {.what = "every_size"};

	for (unsigned k = 0; k < sizeof(nums) / sizeof(nums[0]); k++) {
		unsigned longest = nums[k] < PIECES ? nums[k] : PIECES;

		start(nums[k], 0);
		for (unsigned slots = 0, count = 2; slots < 3u * nums[k] + 7; slots += count, count++) {
			if (count > longest)
				count = 2;
			if (!offer(0, count, false))
				check_give_up("the queue is full");
			blk_kick(&blk);
			check_fold_eq(&fold, nums[k], good(0), true);
		}
	}
	check_fold_end(&fold);
}

/* Every start of every chain length in queues of odd sizes, so that each chain lies across the wrap at each of its
 * slots. */
static void across_the_wrap(void)
{
	struct check_fold fold = {.what = "every_position"};

	for (unsigned num = 5; num <= 11; num += 2) {
		for (unsigned count = 2; count <= num; count++) {
			start(num, 0);
			for (unsigned turn = 0; turn < 2 * num; turn++) {
				if (!offer(0, count, false))
					check_give_up("the queue is full");
				blk_kick(&blk);
				check_fold_eq(&fold, 100 * num + count, good(0), true);
			}
		}
	}
	check_fold_end(&fold);
}

/* As many requests as fit, each of its own length, some in tables; taken in the order of their ends. */
static void in_flight(const char *what, unsigned num, unsigned rounds, uint64_t features)
{
	struct check_fold fold = {.what = what};
	bool tables_too = (features & FEATURE_INDIRECT_DESC) != 0;

	start(num, features);
	for (unsigned round = 0; round < rounds; round++) {
		unsigned n = 0;

		for (; n < DEPTH; n++) {
			bool table = tables_too && random_below(2) == 0;
			unsigned most = table || num > PIECES ? PIECES : num;

			if (!offer(n, 2 + random_below(random_below(4) == 0 ? most - 1 : 3), table))
				break;
			if (random_below(3) == 0)
				blk_kick(&blk);
		}
		blk_kick(&blk);
		for (unsigned i = 0; i < n; i++)
			check_fold_eq(&fold, round, good(i), true);
	}
	check_fold_end(&fold);
}

static void many_in_flight(void)
{
	in_flight("num_5", 5, 200, 0);
	in_flight("num_8", 8, 150, 0);
	in_flight("num_37", 37, 150, 0);
	in_flight("num_64", 64, 100, 0);
	in_flight("num_999", 999, 150, 0);
	in_flight("with_events_num_19", 19, 150, FEATURE_EVENT_IDX);
	in_flight("with_events_num_32", 32, 100, FEATURE_EVENT_IDX);
}

static void in_tables(void)
{
	struct check_fold fold = {.what = "num_1"};

	start(1, FEATURE_INDIRECT_DESC);
	for (unsigned count = 2; count < PIECES; count++) {
		if (!offer(0, count, true))
			check_give_up("the queue is full");
		check_fold_eq(&fold, count, blk.queue.free_count, 0);
		blk_kick(&blk);
		check_fold_eq(&fold, count, good(0), true);
	}
	check_fold_end(&fold);
	in_flight("num_3", 3, 150, FEATURE_INDIRECT_DESC);
	in_flight("num_23", 23, 150, FEATURE_INDIRECT_DESC);
	in_flight("with_events_num_17", 17, 150, FEATURE_INDIRECT_DESC | FEATURE_EVENT_IDX);
}

/* An id is the driver's business: here none is a slot's number. */
static void opaque_ids(void)
{
	struct check_fold fold = {.what = "every_request"};

	start(8, 0);
	blk.queue.free_id = VIRTQ_NUM_MAX - 1;
	for (unsigned i = 0; i < 8; i++)
		blk.queue.next_id[VIRTQ_NUM_MAX - 1 - i] = (uint16_t)(VIRTQ_NUM_MAX - 2 - i);
	for (unsigned round = 0; round < 40; round++) {
		for (unsigned i = 0; i < 2; i++)
			if (!offer(i, 3 + i, false))
				check_give_up("the queue is full");
		blk_kick(&blk);
		check_fold_eq(&fold, round, good(0) && good(1), true);
	}
	check_fold_end(&fold);
}

/* A reset begins at slot 0 with both wrap counters 1, wherever the ring was. */
static void reset_begins_anew(void)
{
	struct check_fold fold = {.what = "serves"};

	for (unsigned turns = 0; turns < 9; turns++) {
		start(4, 0);
		for (unsigned i = 0; i < turns; i++) {
			if (!offer(0, 3, false))
				check_give_up("the queue is full");
			blk_kick(&blk);
			check_fold_eq(&fold, turns, good(0), true);
		}
	}
	check_fold_end(&fold);
}

static uint32_t interrupt_after(unsigned count)
{
	uint32_t isr;

	if (!offer(0, count, false))
		check_give_up("the queue is full");
	blk_kick(&blk);
	if (!good(0))
		check_give_up("a request fails");
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
	isr = virtio_mmio_read(&blk.mmio, MMIO_INTERRUPT_STATUS);
	virtio_mmio_ack(&blk.mmio);
	return isr;
}

/* Flags 0 and 1 of the driver's structure, with and without EVENT_IDX. */
static void event_flags(void)
{
	static const uint64_t features[2] = {0, FEATURE_EVENT_IDX};
	struct check_fold on = {.what = "enabled"};
	struct check_fold off = {.what = "disabled"};

	for (unsigned k = 0; k < 2; k++) {
		start(17, features[k]);
		for (unsigned i = 0; i < 40; i++) {
			bool enable = i / 3 % 2 == 0;

			blk.queue.quiet = true; /* the structure is ours */
			blk.queue.driver_event->flags = (uint16_t)(enable ? VIRTQ_EVENT_ENABLE : VIRTQ_EVENT_DISABLE);
			check_fold_eq(enable ? &on : &off, i, interrupt_after(2 + i % 5), enable ? MMIO_INT_USED : 0);
		}
	}
	check_fold_end(&on);
	check_fold_end(&off);
}

/* A position inside a chain, whose slots but the first stay as they are, counts as passed with the chain. */
static void event_inside_a_chain(void)
{
	struct check_fold before = {.what = "not_before"};
	struct check_fold with = {.what = "with_its_chain"};
	struct check_fold after = {.what = "not_again"};

	for (unsigned slot = 0; slot < 5; slot++) {
		start(64, FEATURE_EVENT_IDX);
		interrupt_after(3);
		virtq_interrupt_after(&blk.queue, (uint16_t)(6 + slot));
		check_fold_eq(&before, slot, interrupt_after(6), 0);
		check_fold_eq(&with, slot, interrupt_after(5), MMIO_INT_USED);
		check_fold_eq(&after, slot, interrupt_after(4), 0);
	}
	check_fold_end(&before);
	check_fold_end(&with);
	check_fold_end(&after);
}

int main(void)
{
	blk_need(&blk, FEATURE_RING_PACKED | FEATURE_INDIRECT_DESC | FEATURE_EVENT_IDX,
		 "RING_PACKED, INDIRECT_DESC and EVENT_IDX");
	blk_open(&blk, 16);
	if (blk.readonly || blk.capacity_sectors < SECTORS)
		check_give_up("needs a writable disk of 32 sectors");
	check_eq("accepted", blk.mmio.accepted & FEATURE_RING_PACKED, FEATURE_RING_PACKED);
	mem_pattern(disk, sizeof(disk), 3);
	check_eq("fill", blk_write(&blk, 0, disk, sizeof(disk)), BLK_S_OK);
	TEST(sizes);
	TEST(across_the_wrap);
	TEST(many_in_flight);
	TEST(in_tables);
	TEST(opaque_ids);
	TEST(reset_begins_anew);
	TEST(event_flags);
	TEST(event_inside_a_chain);
	check_eq("flush", blk_flush(&blk), BLK_S_OK);
	return check_end("t_packed");
}
