/* SPDX-License-Identifier: Apache-2.0
 * t_wrap: 70,400 requests through a queue of 32 entries, so that the 16-bit indices of both rings pass 65535.
 *
 * Requests are GET_ID, the cheapest there is: a header, and 21 bytes for serial number and status. Eight
 * chains are built once, and offered again and again straight through the rings.
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "riscv.h"
#include "virtio_blk.h"

#define QUEUE_NUM 32u
#define BATCH 8u
#define ROUNDS 8800u
#define WAIT_TICKS 50000000u

struct answer {
	uint8_t id[BLK_ID_BYTES];
	volatile uint8_t status;
};

static struct blk blk;
static struct blk_header header = {BLK_T_GET_ID, 0, 0};
static struct answer answers[BATCH];
static struct answer *answer_of[QUEUE_NUM]; /* by head; NULL: no chain starts there */
static uint16_t heads[BATCH];

/* The first round goes out by the driver's own functions, and leaves the chains in the descriptor table. */
static void build_chains(void)
{
	for (unsigned i = 0; i < BATCH; i++) {
		struct virtq_piece pieces[2] = {
			{&header, sizeof(header), false},
			{&answers[i], BLK_ID_BYTES + 1, true},
		};
		int head = virtq_add(&blk.queue, pieces, 2, &answers[i]);

		if (head < 0)
			check_give_up("the queue is full");
		heads[i] = (uint16_t)head;
		answer_of[head] = &answers[i];
		answers[i].status = BLK_S_NONE;
	}
}

static void offer_chains(struct virtq *q)
{
	for (unsigned i = 0; i < BATCH; i++) {
		answers[i].status = BLK_S_NONE;
		q->avail->ring[q->avail_idx++ % QUEUE_NUM] = heads[i];
	}
}

static void wait_for_all(struct virtq *q)
{
	uint16_t last = (uint16_t)(q->used_idx + BATCH);
	uint64_t begin = 0;

	for (unsigned turn = 1; q->used->idx != last; turn++) {
		if (turn % 4096 != 0)
			continue;
		if (begin == 0)
			begin = irq_time();
		if (irq_time() - begin > WAIT_TICKS)
			check_give_up("a batch does not finish");
	}
	riscv_fence_reads();
}

/* Each chain comes back once, with its whole length and status OK. Returns the number of elements for which
 * that is so. */
static unsigned take_chains(struct virtq *q)
{
	unsigned good = 0;

	for (unsigned i = 0; i < BATCH; i++) {
		volatile struct virtq_used_elem *elem = &q->used->ring[q->used_idx++ % QUEUE_NUM];
		uint32_t id = elem->id;

		if (id >= QUEUE_NUM || !answer_of[id] || answer_of[id]->status != BLK_S_OK)
			continue;
		answer_of[id]->status = BLK_S_NONE;
		good += elem->len == BLK_ID_BYTES + 1;
	}
	return good;
}

static void many_requests(void)
{
	struct virtq *q = &blk.queue;
	struct check_fold batch = {.what = "every_batch_complete"};
	struct check_fold id = {.what = "every_id_the_same"};
	uint8_t first[BLK_ID_BYTES];

	if (!check_eq("first_id", blk_get_id(&blk, (char *)first), BLK_S_OK))
		return;
	build_chains();
	for (uint64_t round = 0; round < ROUNDS; round++) {
		if (round > 0)
			offer_chains(q);
		blk_kick(&blk);
		wait_for_all(q);
		check_fold_eq(&batch, round, take_chains(q), BATCH);
		check_fold_eq(&id, round, answers[round % BATCH].id[round % BLK_ID_BYTES], first[round % BLK_ID_BYTES]);
	}
	check_fold_end(&batch);
	check_fold_end(&id);
	check_eq("used_idx", q->used->idx, (uint16_t)(1 + ROUNDS * BATCH));
	check_eq("avail_idx", q->avail->idx, (uint16_t)(1 + ROUNDS * BATCH));
}

/* After the wrap the queue still moves data. */
static void still_reads(void)
{
	static uint8_t a[BLK_SECTOR_BYTES];
	static uint8_t b[BLK_SECTOR_BYTES];

	memset(b, 0xa5, sizeof(b));
	check_eq("read", blk_read(&blk, 0, a, sizeof(a)), BLK_S_OK);
	check_eq("read_again", blk_read(&blk, 0, b, sizeof(b)), BLK_S_OK);
	check_true("same", memcmp(a, b, sizeof(a)) == 0);
}

int main(void)
{
	blk_open_with(&blk, QUEUE_NUM, BLK_SPLIT);
	TEST(many_requests);
	TEST(still_reads);
	return check_end("t_wrap");
}
