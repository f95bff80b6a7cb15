/* SPDX-License-Identifier: Apache-2.0
 * t_irq: traps, timer and software interrupts, WFI, and the device's interrupt from InterruptStatus to PLIC
 * claim.
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "riscv.h"
#include "virtio_blk.h"

#define QUEUE_NUM 32u
#define DEPTH 4u
#define REQUESTS 200u
#define LONG_TICKS 20000000u /* two seconds of QEMU's timer: only a lost interrupt waits that long */
#define SETTLE_TURNS 2000u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint8_t buffers[DEPTH][BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static volatile unsigned seen[16]; /* interrupts taken, by cause */
static volatile unsigned claims;
static volatile unsigned wrong_claims;
static volatile uint32_t isr_bits; /* all bits that InterruptStatus showed to the handler */

static void settle(void)
{
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
}

/* Acknowledges the device before the rings are looked at: what finishes in between interrupts again. */
static void handler(unsigned cause)
{
	unsigned irq;

	seen[cause & 15]++;
	switch (cause) {
	case IRQ_CAUSE_SOFTWARE:
		irq_software_set(false);
		break;
	case IRQ_CAUSE_TIMER:
		irq_timer_set(~0ull);
		break;
	case IRQ_CAUSE_EXTERNAL:
		while ((irq = irq_plic_claim()) != 0) {
			claims++;
			if (irq != blk.mmio.irq)
				wrong_claims++;
			isr_bits |= virtio_mmio_ack(&blk.mmio);
			blk_harvest(&blk);
			irq_plic_complete(irq);
		}
		break;
	default:
		check_give_up("an interrupt of an unknown cause");
	}
}

static unsigned first_timer; /* how often the first deadline of clint() was taken */

static void clint(void)
{
	uint64_t before = irq_time();
	unsigned taken;

	irq_set_handler(handler);
	CSR_SET(mie, MIE_SOFTWARE | MIE_TIMER);
	irq_enable();
	irq_software_set(true);
	settle();
	check_eq("software_taken", seen[IRQ_CAUSE_SOFTWARE], 1);
	irq_timer_set(irq_time() + 500);
	while (seen[IRQ_CAUSE_TIMER] == 0)
		riscv_wfi();
	first_timer = seen[IRQ_CAUSE_TIMER];
	check_true("timer_taken", first_timer != 0);
	check_true("time_moved", irq_time() >= before + 500);
	irq_disable();
	taken = seen[IRQ_CAUSE_TIMER];
	irq_timer_set(irq_time());
	riscv_wfi();
	check_eq("wfi_wakes_with_mie_off", seen[IRQ_CAUSE_TIMER], taken);
	irq_enable();
	settle();
	check_eq("taken_once_enabled", seen[IRQ_CAUSE_TIMER], taken + 1);
	irq_disable();
	CSR_CLEAR(mie, MIE_SOFTWARE | MIE_TIMER);
}

static void timer_once(void)
{
	check_eq("taken", first_timer, 1);
}

static void submit(unsigned slot, uint64_t sector)
{
	if (!blk_submit(&blk, &requests[slot], BLK_T_IN, sector, buffers[slot], BLK_SECTOR_BYTES))
		check_give_up("the queue is full");
}

/* One request by polling. */
static void poll_one(void)
{
	submit(0, 1);
	blk_kick(&blk);
	if (!blk_wait(&blk, &requests[0]))
		check_give_up("a request does not finish");
	settle();
}

static uint32_t interrupt_status(void)
{
	return virtio_mmio_read(&blk.mmio, MMIO_INTERRUPT_STATUS);
}

static void status_and_ack(void)
{
	irq_disable();
	irq_plic_disable(blk.mmio.irq);
	check_eq("clear_at_first", interrupt_status(), 0);
	poll_one();
	check_eq("used_bit", interrupt_status(), MMIO_INT_USED);
	check_eq("reading_changes_nothing", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_write(&blk.mmio, MMIO_INTERRUPT_STATUS, 0);
	check_eq("read_only", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_write(&blk.mmio, MMIO_INTERRUPT_ACK, 0);
	check_eq("ack_0_keeps", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_write(&blk.mmio, MMIO_INTERRUPT_ACK, ~MMIO_INT_USED);
	check_eq("ack_of_other_bits_keeps", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_write(&blk.mmio, MMIO_INTERRUPT_ACK, MMIO_INT_USED);
	check_eq("ack_clears", interrupt_status(), 0);
	poll_one();
	check_eq("set_again", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_ack(&blk.mmio);
	check_eq("clear_again", interrupt_status(), 0);
}

static void suppression(void)
{
	struct check_fold quiet = {.what = "no_interrupt_while_suppressed"};

	virtq_suppress(&blk.queue, true);
	for (unsigned i = 0; i < 20; i++) {
		poll_one();
		check_fold_eq(&quiet, i, interrupt_status(), 0);
	}
	check_fold_end(&quiet);
	virtq_suppress(&blk.queue, false);
	check_eq("nothing_comes_late", interrupt_status(), 0);
	poll_one();
	check_eq("interrupts_again", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_ack(&blk.mmio);
}

/* Sleeps until the request is done. Interrupts are off between the question and WFI, so that one that comes
 * there still ends the WFI; the timer ends a wait that would never end, and counts it. */
static bool sleep_until_done(struct blk_request *r)
{
	unsigned timeouts = seen[IRQ_CAUSE_TIMER];

	irq_timer_set(irq_time() + LONG_TICKS);
	while (!r->done && seen[IRQ_CAUSE_TIMER] == timeouts) {
		riscv_wfi();
		irq_enable();
		irq_disable();
	}
	irq_timer_set(~0ull);
	return r->done;
}

static void interrupt_driven(void)
{
	struct check_fold wakes = {.what = "every_wait_wakes"};
	struct check_fold status = {.what = "every_status_ok"};
	unsigned before = claims;

	irq_timer_set(~0ull);
	CSR_SET(mie, MIE_TIMER);
	irq_plic_enable(blk.mmio.irq);
	for (unsigned i = 0; i < DEPTH; i++)
		submit(i, i);
	blk_kick(&blk);
	for (unsigned i = 0; i < REQUESTS; i++) {
		struct blk_request *r = &requests[i % DEPTH];

		check_fold_eq(&wakes, i, sleep_until_done(r), true);
		if (wakes.failed)
			break;
		check_fold_eq(&status, i, r->status, BLK_S_OK);
		if (i + DEPTH < REQUESTS) {
			submit(i % DEPTH, i % 32);
			blk_kick(&blk);
		}
	}
	check_fold_end(&wakes);
	check_fold_end(&status);
	check_true("interrupts_came", claims > before && claims - before <= REQUESTS + 1);
	check_eq("only_this_source", wrong_claims, 0);
	check_eq("isr_bits", isr_bits, MMIO_INT_USED);
	irq_enable();
	settle();
	irq_disable();
	check_eq("silent_afterwards", interrupt_status(), 0);
	CSR_CLEAR(mie, MIE_TIMER);
}

/* With interrupts off the PLIC is polled by hand. */
static void claim_and_complete(void)
{
	irq_plic_enable(blk.mmio.irq);
	check_eq("nothing_to_claim", irq_plic_claim(), 0);
	check_eq("meip_off", CSR_READ(mip) & MIE_EXTERNAL, 0);
	poll_one();
	check_eq("meip_on", CSR_READ(mip) & MIE_EXTERNAL, MIE_EXTERNAL);
	check_eq("claim", irq_plic_claim(), blk.mmio.irq);
	check_eq("claimed_only_once", irq_plic_claim(), 0);
	check_eq("meip_off_while_claimed", CSR_READ(mip) & MIE_EXTERNAL, 0);
	virtio_mmio_ack(&blk.mmio);
	irq_plic_complete(blk.mmio.irq);
	check_eq("nothing_left", irq_plic_claim(), 0);
	poll_one();
	check_eq("claim_again", irq_plic_claim(), blk.mmio.irq);
	virtio_mmio_ack(&blk.mmio);
	irq_plic_complete(blk.mmio.irq);
}

/* A level that is still high at completion pends again. */
static void complete_without_ack(void)
{
	poll_one();
	check_eq("claim", irq_plic_claim(), blk.mmio.irq);
	irq_plic_complete(blk.mmio.irq);
	check_eq("claim_again", irq_plic_claim(), blk.mmio.irq);
	virtio_mmio_ack(&blk.mmio);
	irq_plic_complete(blk.mmio.irq);
	check_eq("nothing_left", irq_plic_claim(), 0);
}

/* DEVICE_NEEDS_RESET comes with a configuration change notification (2.1.2). */
static void config_interrupt(void)
{
	struct virtq *q = &blk.queue;

	blk.wanted = BLK_SPLIT;
	blk_start(&blk, QUEUE_NUM);
	isr_bits = 0;
	q->avail->ring[q->avail_idx & (q->num - 1)] = QUEUE_NUM;
	q->avail_idx++;
	blk_kick(&blk);
	irq_timer_set(irq_time() + LONG_TICKS);
	CSR_SET(mie, MIE_TIMER);
	for (unsigned before = seen[IRQ_CAUSE_TIMER]; isr_bits == 0 && seen[IRQ_CAUSE_TIMER] == before;) {
		riscv_wfi();
		irq_enable();
		irq_disable();
	}
	irq_timer_set(~0ull);
	check_eq("config_bit", isr_bits & MMIO_INT_CONFIG, MMIO_INT_CONFIG);
	check_eq("needs_reset", virtio_mmio_status(&blk.mmio), 0x0f | STATUS_NEEDS_RESET);
	virtio_mmio_reset(&blk.mmio);
	check_eq("clear_after_reset", interrupt_status(), 0);
}

/* A reset takes the line down with it. */
static void reset_clears(void)
{
	blk_start(&blk, QUEUE_NUM);
	irq_plic_disable(blk.mmio.irq);
	poll_one();
	check_eq("set", interrupt_status(), MMIO_INT_USED);
	virtio_mmio_reset(&blk.mmio);
	check_eq("cleared", interrupt_status(), 0);
	/* The PLIC may have kept the request from before the reset, once. */
	irq_plic_enable(blk.mmio.irq);
	irq_plic_complete(irq_plic_claim());
	check_eq("line_low", irq_plic_claim(), 0);
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	if (blk.capacity_sectors < 32)
		check_give_up("needs a disk of 32 sectors");
	TEST(clint);
	TEST_OURS(timer_once);
	TEST(status_and_ack);
	TEST(suppression);
	TEST(interrupt_driven);
	TEST(claim_and_complete);
	TEST_OURS(complete_without_ack);
	while (irq_plic_claim() != 0) {
		virtio_mmio_ack(&blk.mmio);
		irq_plic_complete(blk.mmio.irq);
	}
	/* A legacy device has no DEVICE_NEEDS_RESET. */
	if (!blk.mmio.legacy)
		TEST(config_interrupt);
	TEST(reset_clears);
	return check_end("t_irq");
}
