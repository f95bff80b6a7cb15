/* SPDX-License-Identifier: Apache-2.0
 * t_two_disks: two block devices work on one memory at the same time: requests in flight on both, each with interrupts of
 * its own, data that goes from one to the other, and a reset of one that the other does not notice.
 *
 * The end of each disk is overwritten.
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "print.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define DEPTH 4u
#define PART_BYTES 4096u
#define PART_SECTORS (PART_BYTES / BLK_SECTOR_BYTES)

static struct blk disks[2];
static struct virtq_memory memories[2];
static struct blk_request requests[2][DEPTH];
static uint8_t buffers[2][DEPTH][PART_BYTES] __attribute__((aligned(4096)));
static volatile unsigned claims[2], stray_claims;

/* The block devices in the two highest slots that hold one, from the top: the first of the command line comes first. */
static void find(void)
{
	unsigned found = 0;

	for (unsigned slot = VIRTIO_MMIO_SLOTS; slot-- > 0 && found < 2;) {
		struct blk *b = &disks[found];

		if (!virtio_mmio_probe(&b->mmio, slot) || b->mmio.device_id != BLK_DEVICE_ID)
			continue;
		b->wanted = BLK_FEATURES;
		b->memory = &memories[found];
		print("disk %u is in slot %u\n", found, slot);
		found++;
	}
	if (found < 2)
		check_give_up("there are no two disks");
}

static void start(void)
{
	for (unsigned d = 0; d < 2; d++) {
		if (!blk_start(&disks[d], QUEUE_NUM))
			check_give_up("the device does not start");
		print("disk %u has %u sectors\n", d, (unsigned)disks[d].capacity_sectors);
		if (disks[d].readonly || disks[d].capacity_sectors < DEPTH * PART_SECTORS)
			check_give_up("needs writable disks of 32 sectors");
	}
}

/* The last DEPTH parts of the disk are ours. */
static uint64_t sector_of(unsigned disk, unsigned part)
{
	return disks[disk].capacity_sectors - (DEPTH - part) * PART_SECTORS;
}

static uint64_t seed_of(unsigned disk, unsigned part)
{
	return 1000 * disk + part + 1;
}

static void submit(unsigned disk, unsigned part, uint32_t type)
{
	if (!blk_submit(&disks[disk], &requests[disk][part], type, sector_of(disk, part), buffers[disk][part],
			PART_BYTES))
		check_give_up("the queue is full");
	blk_kick(&disks[disk]);
}

static bool served(unsigned disk, unsigned part)
{
	return blk_wait(&disks[disk], &requests[disk][part]) && requests[disk][part].status == BLK_S_OK;
}

/* The same type on both disks, DEPTH requests each, all published before the first is waited for. Returns how many were
 * served. */
static unsigned both(uint32_t type)
{
	unsigned count = 0;

	for (unsigned part = 0; part < DEPTH; part++)
		for (unsigned d = 0; d < 2; d++)
			submit(d, part, type);
	for (unsigned part = 0; part < DEPTH; part++)
		for (unsigned d = 0; d < 2; d++)
			count += served(d, part);
	return count;
}

static bool holds(unsigned disk, unsigned part, unsigned of_disk, unsigned of_part)
{
	return mem_pattern_differs(buffers[disk][part], PART_BYTES, seed_of(of_disk, of_part)) == PART_BYTES;
}

static void at_once(void)
{
	struct check_fold same = {.what = "reads_back"};

	for (unsigned d = 0; d < 2; d++)
		for (unsigned part = 0; part < DEPTH; part++)
			mem_pattern(buffers[d][part], PART_BYTES, seed_of(d, part));
	check_eq("written", both(BLK_T_OUT), 2 * DEPTH);
	memset(buffers, 0, sizeof buffers);
	check_eq("read", both(BLK_T_IN), 2 * DEPTH);
	for (unsigned part = 0; part < DEPTH; part++)
		for (unsigned d = 0; d < 2; d++)
			check_fold_eq(&same, 2 * part + d, holds(d, part, d, part), true);
	check_fold_end(&same);
}

/* One disk writes from the buffer that the other has just read into. */
static void copy(void)
{
	uint8_t *buffer = buffers[0][0];

	check_eq("read_first", blk_read(&disks[0], sector_of(0, 1), buffer, PART_BYTES), BLK_S_OK);
	check_eq("write_second", blk_write(&disks[1], sector_of(1, 2), buffer, PART_BYTES), BLK_S_OK);
	memset(buffer, 0, PART_BYTES);
	check_eq("read_second", blk_read(&disks[1], sector_of(1, 2), buffer, PART_BYTES), BLK_S_OK);
	check_true("equal", holds(0, 0, 0, 1));
}

static void handler(unsigned cause)
{
	unsigned irq;

	if (cause != IRQ_CAUSE_EXTERNAL)
		check_give_up("an interrupt of an unknown cause");
	while ((irq = irq_plic_claim()) != 0) {
		unsigned d = irq == disks[1].mmio.irq;

		if (irq != disks[d].mmio.irq)
			stray_claims++;
		claims[d]++;
		virtio_mmio_ack(&disks[d].mmio);
		blk_harvest(&disks[d]);
		irq_plic_complete(irq);
	}
}

static void wait_for_claim(unsigned disk)
{
	uint64_t from = irq_time();

	while (!requests[disk][0].done && irq_time() - from < 50000000)
		continue;
}

/* A request on one disk interrupts through its own source only. */
static void interrupts(void)
{
	for (unsigned d = 0; d < 2; d++) {
		virtio_mmio_ack(&disks[d].mmio);
		irq_plic_enable(disks[d].mmio.irq);
	}
	irq_set_handler(handler);
	irq_enable();
	irq_delay(100); /* what the tests before this one left pending */
	claims[0] = claims[1] = 0;
	submit(0, 0, BLK_T_IN);
	wait_for_claim(0);
	check_eq("first", claims[0], 1);
	check_eq("not_second", claims[1], 0);
	submit(1, 0, BLK_T_IN);
	wait_for_claim(1);
	check_eq("not_first", claims[0], 1);
	check_eq("second", claims[1], 1);
	check_eq("stray", stray_claims, 0);
	irq_disable();
	for (unsigned d = 0; d < 2; d++)
		irq_plic_disable(disks[d].mmio.irq);
}

/* The second is reset while both have requests: the first does not notice, and the second comes back. */
static void reset_one(void)
{
	for (unsigned part = 0; part < DEPTH; part++)
		submit(1, part, BLK_T_IN);
	for (unsigned part = 0; part < DEPTH; part++)
		submit(0, part, BLK_T_IN);
	check_true("reset", virtio_mmio_reset(&disks[1].mmio));
	for (unsigned part = 0; part < DEPTH; part++)
		if (!served(0, part))
			check_give_up("the first disk does not go on");
	check_true("data_of_first", holds(0, DEPTH - 1, 0, DEPTH - 1));
	check_true("start_again", blk_start(&disks[1], QUEUE_NUM));
	check_eq("read_again", blk_read(&disks[1], sector_of(1, 3), buffers[1][0], PART_BYTES), BLK_S_OK);
	check_true("data_of_second", holds(1, 0, 1, 3));
}

int main(void)
{
	find();
	start();
	TEST(at_once);
	TEST(copy);
	TEST(interrupts);
	TEST(reset_one);
	return check_end("t_two_disks");
}
