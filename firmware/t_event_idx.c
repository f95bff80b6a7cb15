/* SPDX-License-Identifier: Apache-2.0
 * t_event_idx: notifications both ways by position: used_event and avail_event of a split ring (virtio 1.2, 2.7.10),
 * descriptor events of a packed one (2.8.14).
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "riscv.h"
#include "virtio_blk.h"

#define QUEUE_NUM 128u
#define DEPTH 8u
#define SLOTS_EACH 3u
#define REQUESTS 200u
#define LONG_TICKS 20000000u /* two seconds of QEMU's timer: only a lost interrupt waits that long */
#define SETTLE_TURNS 2000u
#define WRAP_ROUNDS 8300u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint8_t buffers[DEPTH][BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static volatile bool timed_out;

static void settle(void)
{
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
}

static uint32_t interrupt_status(void)
{
	return virtio_mmio_read(&blk.mmio, MMIO_INTERRUPT_STATUS);
}

static void submit(unsigned i, uint32_t type)
{
	uint32_t bytes = type == BLK_T_GET_ID ? BLK_ID_BYTES : BLK_SECTOR_BYTES;

	if (!blk_submit(&blk, &requests[i], type, 0, buffers[i], bytes))
		check_give_up("the queue is full");
}

/* One request, start to end. Returns whether the device wanted to hear of it. */
static bool one(void)
{
	bool wanted;

	submit(0, BLK_T_IN);
	wanted = virtq_publish(&blk.queue);
	if (wanted)
		virtio_mmio_notify(&blk.mmio, 0);
	if (!blk_wait(&blk, &requests[0]) || requests[0].status != BLK_S_OK)
		check_give_up("a request does not finish");
	settle();
	return wanted;
}

/* Requests, one after the other, until the device interrupts: how many it takes, 0 if `most` are too few. */
static unsigned requests_to_interrupt(unsigned most)
{
	for (unsigned n = 1; n <= most; n++) {
		one();
		if (interrupt_status() != 0)
			return n;
	}
	return 0;
}

static unsigned per_request(void)
{
	return (blk.mmio.accepted & FEATURE_RING_PACKED) != 0 ? SLOTS_EACH : 1;
}

/* A device that has used nothing yet may interrupt whatever the position is. */
static void restart(void)
{
	if (!blk_start(&blk, QUEUE_NUM))
		check_give_up("the device does not start");
	one();
	virtio_mmio_ack(&blk.mmio);
}

/* The interrupt comes with the request that was asked for, and once. Each round on a new queue, or all on one. */
static void positions(bool new_queue)
{
	static const uint8_t ahead[] = {0, 1, 2, 3, 7, 12, 20};
	struct check_fold first = {.what = "in_time"};
	struct check_fold once = {.what = "once"};

	for (unsigned i = 0; i < 3 * sizeof(ahead); i++) {
		unsigned n = ahead[i % sizeof(ahead)];

		if (new_queue)
			restart();
		virtq_interrupt_after(&blk.queue, (uint16_t)(n * per_request()));
		check_fold_eq(&first, i, requests_to_interrupt(n + 3), n + 1);
		virtio_mmio_ack(&blk.mmio);
		check_fold_eq(&once, i, requests_to_interrupt(4), 0);
	}
	check_fold_end(&first);
	check_fold_end(&once);
}

static void at_a_position(void)
{
	positions(true);
}

static void past_the_wrap(void)
{
	positions(false);
}

/* A batch that passes the position interrupts, wherever in the batch it lies. */
static void within_a_batch(void)
{
	struct check_fold fold = {.what = "interrupts"};
	struct check_fold done = {.what = "all_done"};

	for (unsigned n = 0; n < DEPTH; n++) {
		virtq_interrupt_after(&blk.queue, (uint16_t)(n * per_request()));
		for (unsigned i = 0; i < DEPTH; i++)
			submit(i, BLK_T_IN);
		blk_kick(&blk);
		for (unsigned i = 0; i < DEPTH; i++)
			check_fold_eq(&done, n, blk_wait(&blk, &requests[i]), true);
		settle();
		check_fold_eq(&fold, n, interrupt_status(), MMIO_INT_USED);
		virtio_mmio_ack(&blk.mmio);
	}
	check_fold_end(&done);
	check_fold_end(&fold);
}

static void suppression(void)
{
	virtq_suppress(&blk.queue, true);
	check_eq("silent", requests_to_interrupt(30), 0);
	virtq_suppress(&blk.queue, false);
	settle();
	check_eq("nothing_comes_late", interrupt_status(), 0);
	check_eq("interrupts_again", requests_to_interrupt(3), 1);
	virtio_mmio_ack(&blk.mmio);
	check_eq("and_again", requests_to_interrupt(3), 1);
	virtio_mmio_ack(&blk.mmio);
}

/* A device at rest wants to hear of the next request; otherwise kicks would stop for good. */
static void at_rest(void)
{
	struct check_fold wanted = {.what = "kick_wanted"};

	for (unsigned i = 0; i < 3 * QUEUE_NUM; i++) {
		check_fold_eq(&wanted, i, one(), true);
		virtio_mmio_ack(&blk.mmio);
	}
	check_fold_end(&wanted);
}

/* The flags of a split ring's driver mean nothing with EVENT_IDX (2.7.7.2). */
static void flags_ignored(void)
{
	virtq_suppress(&blk.queue, false);
	blk.queue.avail->flags = VIRTQ_AVAIL_NO_INTERRUPT;
	check_eq("interrupts", requests_to_interrupt(2), 1);
	virtio_mmio_ack(&blk.mmio);
	blk.queue.avail->flags = 0;
}

/* Indices of a split ring, and both events, pass 65535. Each batch interrupts with its last request, and not before it
 * was asked again. */
static void past_65535(void)
{
	struct check_fold done = {.what = "every_batch_done"};
	struct check_fold interrupts = {.what = "every_batch_interrupts"};

	for (uint64_t round = 0; round < WRAP_ROUNDS && !done.failed; round++) {
		virtq_interrupt_after(&blk.queue, DEPTH - 1);
		for (unsigned i = 0; i < DEPTH; i++)
			submit(i, BLK_T_GET_ID);
		blk_kick(&blk);
		for (unsigned i = 0; i < DEPTH; i++)
			check_fold_eq(&done, round, blk_wait(&blk, &requests[i]), true);
		if (round % 64 == 0 || blk.queue.used_idx < 4 * DEPTH)
			settle();
		for (unsigned i = 0; i < SETTLE_TURNS && interrupt_status() == 0; i++)
			;
		check_fold_eq(&interrupts, round, interrupt_status(), MMIO_INT_USED);
		virtio_mmio_ack(&blk.mmio);
	}
	check_fold_end(&done);
	check_fold_end(&interrupts);
	check_true("wrapped", WRAP_ROUNDS * DEPTH > 65536);
}

static void handler(unsigned cause)
{
	unsigned irq;

	if (cause == IRQ_CAUSE_TIMER) {
		timed_out = true;
		irq_timer_set(~0ull);
		return;
	}
	while ((irq = irq_plic_claim()) != 0) {
		virtio_mmio_ack(&blk.mmio);
		blk_harvest(&blk);
		irq_plic_complete(irq);
	}
}

/* Sleeps until the request is done, or an interrupt was lost. Interrupts are off between the question and WFI. */
static bool sleep_until_done(const struct blk_request *r)
{
	irq_timer_set(irq_time() + LONG_TICKS);
	while (!r->done && !timed_out) {
		riscv_wfi();
		irq_enable();
		irq_disable();
	}
	irq_timer_set(~0ull);
	return r->done && !timed_out;
}

/* Whatever is taken re-arms the interrupt; none may be lost, nor a kick. */
static void interrupt_driven(void)
{
	struct check_fold wakes = {.what = "every_wait_wakes"};

	irq_set_handler(handler);
	irq_timer_set(~0ull);
	irq_plic_enable(blk.mmio.irq);
	CSR_SET(mie, MIE_TIMER);
	virtq_suppress(&blk.queue, false);
	for (unsigned i = 0; i < DEPTH; i++)
		submit(i, BLK_T_IN);
	blk_kick(&blk);
	for (unsigned i = 0; i < REQUESTS && !wakes.failed; i++) {
		check_fold_eq(&wakes, i, sleep_until_done(&requests[i % DEPTH]), true);
		if (i + DEPTH >= REQUESTS)
			continue;
		submit(i % DEPTH, BLK_T_IN);
		blk_kick(&blk);
	}
	check_fold_end(&wakes);
	irq_enable();
	settle();
	irq_disable();
	check_eq("silent_afterwards", interrupt_status(), 0);
}

int main(void)
{
	blk_need(&blk, FEATURE_EVENT_IDX, "EVENT_IDX");
	blk_open_with(&blk, QUEUE_NUM, BLK_FEATURES | FEATURE_EVENT_IDX);
	check_eq("accepted", blk.mmio.accepted & FEATURE_EVENT_IDX, FEATURE_EVENT_IDX);
	TEST(at_a_position);
	TEST_OURS(past_the_wrap);
	TEST(within_a_batch);
	TEST(suppression);
	TEST(at_rest);
	if ((blk.mmio.accepted & FEATURE_RING_PACKED) == 0) {
		TEST(flags_ignored);
		TEST(past_65535);
	}
	TEST(interrupt_driven);
	return check_end("t_event_idx");
}
