/* SPDX-License-Identifier: Apache-2.0
 * t_indirect: requests in indirect tables, virtio 1.2, 2.7.5.3 and 2.8.19, and tables that the device must not follow.
 */
#include <stddef.h>
#include "bend.h"
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define DEPTH 8u
#define ROUNDS 150u
#define TABLE_MAX 256u
#define WANTED (BLK_FEATURES | FEATURE_INDIRECT_DESC)

static struct blk blk;
static struct blk_request requests[DEPTH];
static struct virtq_desc tables[DEPTH][4] __attribute__((aligned(16)));
static struct virtq_desc table_room[TABLE_MAX + 1];
static uint8_t data[DEPTH][BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static uint8_t expected[DEPTH][BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static void start(unsigned num)
{
	if (!blk_start(&blk, num))
		check_give_up("the device does not start");
}

static void submit(unsigned i, uint32_t type, uint64_t sector, unsigned direct)
{
	struct virtq_piece pieces[3];
	unsigned count = blk_fill(&requests[i], pieces, type, sector, data[i], BLK_SECTOR_BYTES);

	if (!blk_submit_table(&blk, &requests[i], pieces, count, direct, tables[i]))
		check_give_up("the queue is full");
}

static bool finish_ok(unsigned i, uint32_t used_len)
{
	return blk_wait(&blk, &requests[i]) && requests[i].status == BLK_S_OK && requests[i].used_len == used_len;
}

static bool reads_back(unsigned i, uint64_t sector, unsigned direct)
{
	memset(data[i], 0, BLK_SECTOR_BYTES);
	submit(i, BLK_T_IN, sector, direct);
	blk_kick(&blk);
	return finish_ok(i, BLK_SECTOR_BYTES + 1) && memcmp(data[i], expected[i], BLK_SECTOR_BYTES) == 0;
}

static void write_and_read(void)
{
	mem_pattern(expected[0], BLK_SECTOR_BYTES, 11);
	memcpy(data[0], expected[0], BLK_SECTOR_BYTES);
	submit(0, BLK_T_OUT, 5, 0);
	blk_kick(&blk);
	check_true("write", finish_ok(0, 1));
	check_true("read", reads_back(0, 5, 0));
	check_eq("flush", blk_flush(&blk), BLK_S_OK);
	check_eq("read_directly", blk_read(&blk, 5, data[1], BLK_SECTOR_BYTES), BLK_S_OK);
	check_true("same", memcmp(data[1], expected[0], BLK_SECTOR_BYTES) == 0);
}

/* A table takes one slot, so that a queue of DEPTH holds DEPTH requests of three. */
static void full_queue(void)
{
	struct check_fold fold = {.what = "every_request"};

	start(DEPTH);
	for (unsigned i = 0; i < DEPTH; i++) {
		mem_pattern(expected[i], BLK_SECTOR_BYTES, 20 + i);
		if (blk_write(&blk, 8 + i, expected[i], BLK_SECTOR_BYTES) != BLK_S_OK)
			check_give_up("a write fails");
	}
	for (unsigned round = 0; round < ROUNDS; round++) {
		memset(data, 0, sizeof(data));
		for (unsigned i = 0; i < DEPTH; i++)
			submit(i, BLK_T_IN, 8 + i, 0);
		check_fold_eq(&fold, round, blk.queue.free_count, 0);
		blk_kick(&blk);
		for (unsigned i = 0; i < DEPTH; i++)
			check_fold_eq(&fold, round, finish_ok(i, BLK_SECTOR_BYTES + 1), true);
		check_fold_eq(&fold, round, memcmp(data, expected, sizeof(data)) == 0, true);
	}
	check_fold_end(&fold);
	start(QUEUE_NUM);
}

/* Direct and indirect requests by turns. */
static void by_turns(void)
{
	struct check_fold fold = {.what = "every_request"};

	for (unsigned round = 0; round < ROUNDS; round++) {
		memset(data, 0, sizeof(data));
		for (unsigned i = 0; i < 4; i++)
			submit(i, BLK_T_IN, 8 + i, (round >> i & 1) != 0 ? 3 : 0);
		blk_kick(&blk);
		for (unsigned i = 0; i < 4; i++)
			check_fold_eq(&fold, round, finish_ok(i, BLK_SECTOR_BYTES + 1), true);
		check_fold_eq(&fold, round, memcmp(data, expected, 4 * BLK_SECTOR_BYTES) == 0, true);
	}
	check_fold_end(&fold);
}

/* A read of two sectors in a table of `entries`: the header, single bytes, the rest with the status byte. */
static bool long_table(unsigned entries, struct virtq_desc *table)
{
	static struct virtq_piece pieces[TABLE_MAX];
	static uint8_t in[2 * BLK_SECTOR_BYTES + 1];
	struct blk_request *r = &requests[0];
	uint32_t at = 0;

	memset(in, BLK_S_NONE, sizeof(in));
	r->header = (struct blk_header){BLK_T_IN, 0, 8};
	pieces[0] = (struct virtq_piece){&r->header, sizeof(r->header), false};
	for (unsigned i = 1; i < entries; i++) {
		uint32_t len = i + 1 < entries ? 1 : (uint32_t)sizeof(in) - at;

		pieces[i] = (struct virtq_piece){in + at, len, true};
		at += len;
	}
	if (!blk_submit_table(&blk, r, pieces, entries, 0, table))
		check_give_up("the queue is full");
	blk_kick(&blk);
	return blk_wait(&blk, r) && r->used_len == sizeof(in) && in[sizeof(in) - 1] == BLK_S_OK &&
	       memcmp(in, expected[0], sizeof(in) - 1) == 0;
}

/* Tables of any length, as long as the queue or longer, at any multiple of 8. */
static void table_lengths(void)
{
	struct check_fold fold = {.what = "in_a_queue_of_16"};
	struct check_fold small = {.what = "in_a_queue_of_2"};

	for (unsigned entries = 2; entries <= QUEUE_NUM; entries++)
		check_fold_eq(&fold, entries, long_table(entries, table_room), true);
	check_fold_end(&fold);
	check_true("at_8_mod_16", long_table(12, (struct virtq_desc *)((uintptr_t)table_room + 8)));
	check_true("of_100", long_table(100, table_room));
	check_true("of_256", long_table(TABLE_MAX, table_room));
	start(2);
	for (unsigned entries = 2; entries < 40; entries += 3)
		check_fold_eq(&small, entries, long_table(entries, table_room), true);
	check_fold_end(&small);
	start(QUEUE_NUM);
}

/* The table's entries may be linked in any order, and the WRITE flag of the one that refers to it is ignored (split). */
static void split_order(void)
{
	static const uint8_t place[3] = {0, 3, 1};
	struct virtq_desc *table = table_room;
	struct virtq *q = &blk.queue;
	volatile struct virtq_desc *head;

	memset(data[0], 0, BLK_SECTOR_BYTES);
	submit(0, BLK_T_IN, 8, 0);
	memset(table, 0xff, 4 * sizeof(*table));
	for (unsigned i = 0; i < 3; i++) {
		table[place[i]] = tables[0][i];
		table[place[i]].next = i < 2 ? place[i + 1] : 0;
	}
	head = &q->desc[q->avail->ring[(q->avail_idx - 1u) & (QUEUE_NUM - 1)]];
	head->addr = (uint64_t)(uintptr_t)table;
	head->len = 4 * sizeof(*table);
	head->flags = VIRTQ_DESC_INDIRECT | VIRTQ_DESC_WRITE;
	blk_kick(&blk);
	check_true("read", finish_ok(0, BLK_SECTOR_BYTES + 1) && memcmp(data[0], expected[0], BLK_SECTOR_BYTES) == 0);
}

/* Direct descriptors, then one that refers to a table (2.7.5.3.1). */
static void direct_first(void)
{
	struct check_fold fold = {.what = "read"};

	for (unsigned direct = 1; direct < 3 && !fold.failed; direct++)
		check_fold_eq(&fold, direct, reads_back(0, 8, direct), true);
	check_fold_end(&fold);
	start(QUEUE_NUM);
}

/* The sound chain of bend.h goes into the table; descriptor 0 refers to it. */
static void refer(struct virtq *q, uint32_t bytes, unsigned flags)
{
	for (unsigned i = 0; i < 3; i++)
		table_room[i] = (struct virtq_desc){q->desc[i].addr, q->desc[i].len, q->desc[i].flags, q->desc[i].next};
	q->desc[0].addr = (uint64_t)(uintptr_t)table_room;
	q->desc[0].len = bytes;
	q->desc[0].flags = (uint16_t)(VIRTQ_DESC_INDIRECT | flags);
	q->desc[0].next = 1;
	bend_offer(q, 0);
}

static void no_entries(struct virtq *q)
{
	refer(q, 0, 0);
}

static void part_of_an_entry(struct virtq *q)
{
	refer(q, 40, 0);
}

static void next_outside(struct virtq *q)
{
	refer(q, 48, 0);
	table_room[1].next = 3;
}

static void loop(struct virtq *q)
{
	refer(q, 48, 0);
	table_room[1].next = 1;
}

static void and_next(struct virtq *q)
{
	refer(q, 48, VIRTQ_DESC_NEXT);
}

static void table_in_a_table(struct virtq *q)
{
	refer(q, 48, 0);
	table_room[2] = (struct virtq_desc){(uint64_t)(uintptr_t)tables[0], sizeof(tables[0]), VIRTQ_DESC_INDIRECT, 0};
}

static void malformed(void)
{
	check_eq("no_entries", bend_run(&blk, no_entries, NULL), BEND_ALL);
	check_eq("part_of_an_entry", bend_run(&blk, part_of_an_entry, NULL), BEND_ALL);
	check_eq("next_outside", bend_run(&blk, next_outside, NULL), BEND_ALL);
	check_eq("loop", bend_run(&blk, loop, NULL), BEND_ALL);
	check_eq("table_in_a_table", bend_run(&blk, table_in_a_table, NULL), BEND_ALL);
}

static void indirect_and_next(void)
{
	check_eq("refused", bend_run(&blk, and_next, NULL), BEND_ALL);
}

int main(void)
{
	blk_need(&blk, FEATURE_INDIRECT_DESC, "INDIRECT_DESC");
	blk_open_with(&blk, QUEUE_NUM, WANTED);
	if (blk.readonly || blk.capacity_sectors < 32)
		check_give_up("needs a writable disk of 32 sectors");
	TEST(write_and_read);
	TEST(full_queue);
	TEST(by_turns);
	TEST(table_lengths);
	if ((blk.mmio.accepted & FEATURE_RING_PACKED) == 0) {
		TEST(split_order);
		TEST_OURS(direct_first);
		if (!blk.mmio.legacy) {
			TEST(malformed);
			TEST_OURS(indirect_and_next);
		}
	}
	check_true("serves_at_the_end", bend_serves(&blk));
	return check_end("t_indirect");
}
