/* SPDX-License-Identifier: Apache-2.0
 * t_in_order: a device that uses buffers in the order in which they were made available (virtio 1.2, 2.7.9 and 2.8.8). The
 * driver believes it: it takes the buffers in that order, and a used element for all up to its own.
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 32u
#define DEPTH 8u
#define ROUNDS 200u
#define SECTORS 32u
#define WAIT_TICKS 50000000u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint8_t data[DEPTH][4 * BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static uint8_t disk[SECTORS * BLK_SECTOR_BYTES] __attribute__((aligned(8)));

/* Reads of one to four sectors, FLUSH and GET_ID by turns, so that each takes another time and number of descriptors. */
static void submit(unsigned i, unsigned turn)
{
	static const uint8_t sectors[5] = {4, 1, 0, 2, 3};
	uint32_t count = sectors[turn % 5];
	uint32_t type = count == 0 && turn % 2 == 0 ? BLK_T_FLUSH : count == 0 ? BLK_T_GET_ID : BLK_T_IN;
	uint32_t bytes = type == BLK_T_GET_ID ? BLK_ID_BYTES : count * BLK_SECTOR_BYTES;

	memset(data[i], 0, sizeof(data[i]));
	if (!blk_submit(&blk, &requests[i], type, type == BLK_T_IN ? turn % (SECTORS - 4) : 0, data[i], bytes))
		check_give_up("the queue is full");
}

static struct blk_request *take(void)
{
	uint64_t begin = irq_time();
	struct virtq_done done;

	while (!virtq_take(&blk.queue, &done))
		if (irq_time() - begin > WAIT_TICKS)
			check_give_up("a request does not finish");
	return done.cookie;
}

static bool good(unsigned i, unsigned turn)
{
	static const uint8_t sectors[5] = {4, 1, 0, 2, 3};

	return requests[i].status == BLK_S_OK && memcmp(data[i], disk + requests[i].header.sector * BLK_SECTOR_BYTES,
							sectors[turn % 5] * BLK_SECTOR_BYTES) == 0;
}

static void in_order(void)
{
	struct check_fold order = {.what = "every_buffer_in_turn"};
	struct check_fold right = {.what = "every_answer"};

	for (unsigned turn = 0; turn < ROUNDS + DEPTH; turn++) {
		if (turn >= DEPTH) {
			unsigned i = (turn - DEPTH) % DEPTH;

			check_fold_eq(&order, turn, take() == &requests[i], true);
			check_fold_eq(&right, turn, good(i, turn - DEPTH), true);
		}
		if (turn >= ROUNDS)
			continue;
		submit(turn % DEPTH, turn);
		if (turn % 3 == 0 || turn >= DEPTH)
			blk_kick(&blk);
	}
	check_fold_end(&order);
	check_fold_end(&right);
}

int main(void)
{
	blk_need(&blk, FEATURE_IN_ORDER, "IN_ORDER");
	blk_open_with(&blk, QUEUE_NUM, BLK_FEATURES | FEATURE_IN_ORDER);
	check_eq("accepted", blk.mmio.accepted & FEATURE_IN_ORDER, FEATURE_IN_ORDER);
	mem_pattern(disk, sizeof(disk), 8);
	check_eq("fill", blk_write(&blk, 0, disk, sizeof(disk)), BLK_S_OK);
	TEST(in_order);
	check_eq("read", blk_read(&blk, 3, data[0], BLK_SECTOR_BYTES), BLK_S_OK);
	return check_end("t_in_order");
}
