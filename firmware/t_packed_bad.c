/* SPDX-License-Identifier: Apache-2.0
 * t_packed_bad: packed rings that break the rules. The device needs a reset and says so with a configuration interrupt,
 * uses nothing more, and serves again after the reset; a header that cannot be read ends its request alone; descriptors
 * of length 0 it passes over.
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "virtio_blk.h"

#define NUM 8u
#define NOWHERE (1ull << 46) /* no memory there */
#define WAIT_TICKS 10000000u
#define SETTLE_TURNS 2000u

/* What held after a bend. */
#define NEEDS_RESET 0x01u
#define CONFIG_INT 0x02u
#define SILENT 0x04u
#define SERVES 0x08u
#define ALL 0x0fu

static struct blk blk;
static struct blk_request request;
static struct virtq_desc table[4];
static uint8_t data[BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static uint8_t expected[BLK_SECTOR_BYTES] __attribute__((aligned(8)));

/* Changes a sound read of one sector: header, data and status in slots 0 to 2, or in the table. The flags of slot 0 are
 * those that virtq_publish will write. */
typedef void bend_fn(struct virtq *q);

static bool serves(void)
{
	mem_pattern(expected, sizeof(expected), 5);
	memset(data, 0, sizeof(data));
	return blk_write(&blk, 1, expected, sizeof(expected)) == BLK_S_OK &&
	       blk_read(&blk, 1, data, sizeof(data)) == BLK_S_OK && memcmp(data, expected, sizeof(data)) == 0;
}

static void offer(bool in_table)
{
	struct virtq_piece pieces[3];
	unsigned count = blk_fill(&request, pieces, BLK_T_IN, 1, data, sizeof(data));

	if (!blk_submit_table(&blk, &request, pieces, count, in_table ? 0 : count, table))
		check_give_up("the queue is full");
}

static bool needs_reset_soon(void)
{
	uint64_t begin = irq_time();

	while ((virtio_mmio_status(&blk.mmio) & STATUS_NEEDS_RESET) == 0)
		if (irq_time() - begin > WAIT_TICKS)
			return false;
	return true;
}

static void start(uint64_t features)
{
	blk.wanted = BLK_FEATURES | features;
	if (!blk_start(&blk, NUM))
		check_give_up("the device does not start");
}

/* A sound request after the error. The device must not touch the ring. */
static bool silent(void)
{
	offer(false);
	blk_kick(&blk);
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
	return !virtq_has_used(&blk.queue);
}

/* Returns what held. The two requests before it put the bent one across the wrap. */
static unsigned run(bend_fn *bend, bool in_table, uint64_t features)
{
	unsigned held = 0;

	start(features);
	if (!serves())
		return 0;
	virtio_mmio_ack(&blk.mmio);
	offer(in_table);
	bend(&blk.queue);
	blk_kick(&blk);
	held |= needs_reset_soon() ? NEEDS_RESET : 0;
	held |= (virtio_mmio_read(&blk.mmio, MMIO_INTERRUPT_STATUS) & MMIO_INT_CONFIG) != 0 ? CONFIG_INT : 0;
	held |= silent() ? SILENT : 0;
	start(features);
	held |= serves() ? SERVES : 0;
	return held;
}

/* The same for a request that ends in IOERR: the device needs no reset, and goes on. */
static unsigned run_refused(bend_fn *bend)
{
	unsigned held = 0;

	start(0);
	if (!serves())
		return 0;
	offer(false);
	bend(&blk.queue);
	blk_kick(&blk);
	if (!blk_wait(&blk, &request) || request.status != BLK_S_IOERR)
		return 0;
	held |= (virtio_mmio_status(&blk.mmio) & STATUS_NEEDS_RESET) != 0 ? NEEDS_RESET : 0;
	held |= serves() ? SERVES : 0;
	return held;
}

static volatile struct virtq_packed_desc *slot(struct virtq *q, unsigned i)
{
	return &q->ring[(q->first_slot + i) % NUM];
}

/* All slots of the ring, and again. */
static void endless(struct virtq *q)
{
	for (unsigned i = 1; i < NUM; i++) {
		slot(q, i)->addr = (uint64_t)(uintptr_t)&request.header;
		slot(q, i)->len = 1;
		slot(q, i)->flags = VIRTQ_DESC_NEXT;
	}
}

static void no_status(struct virtq *q)
{
	q->first_flags = (uint16_t)(q->first_flags & ~VIRTQ_DESC_NEXT);
}

static void readable_after_writable(struct virtq *q)
{
	slot(q, 2)->flags = (uint16_t)(slot(q, 2)->flags & ~VIRTQ_DESC_WRITE);
}

static void header_nowhere(struct virtq *q)
{
	slot(q, 0)->addr = NOWHERE;
}

static void data_nowhere(struct virtq *q)
{
	slot(q, 1)->addr = NOWHERE;
}

static void none(struct virtq *q)
{
	(void)q;
}

static void empty_table(struct virtq *q)
{
	slot(q, 0)->len = 0;
}

static void part_of_an_entry(struct virtq *q)
{
	slot(q, 0)->len = 40;
}

static void table_and_next(struct virtq *q)
{
	q->first_flags |= VIRTQ_DESC_NEXT;
}

static void chains(void)
{
	check_eq("endless", run(endless, false, 0), ALL);
	check_eq("no_status", run(no_status, false, 0), ALL);
	check_eq("readable_after_writable", run(readable_after_writable, false, 0), ALL);
	check_eq("header_nowhere", run_refused(header_nowhere), SERVES);
	check_eq("data_nowhere", run(data_nowhere, false, 0), ALL);
}

static void tables(void)
{
	check_eq("not_negotiated", run(none, true, 0), ALL);
	check_eq("empty", run(empty_table, true, FEATURE_INDIRECT_DESC), ALL);
	check_eq("part_of_an_entry", run(part_of_an_entry, true, FEATURE_INDIRECT_DESC), ALL);
	check_eq("and_next", run(table_and_next, true, FEATURE_INDIRECT_DESC), ALL);
	check_eq("nowhere", run(header_nowhere, true, FEATURE_INDIRECT_DESC), ALL);
}

static void zero_length(void)
{
	static const uint8_t nothing[1];
	struct virtq_piece pieces[6] = {
		{nothing, 0, false},        {&request.header, sizeof(request.header), false},
		{nothing, 0, true},         {data, BLK_SECTOR_BYTES, true},
		{&request.status, 1, true}, {nothing, 0, true},
	};

	start(0);
	memset(data, 0, sizeof(data));
	request.header = (struct blk_header){BLK_T_IN, 0, 1};
	request.status = BLK_S_NONE;
	blk_submit_pieces(&blk, &request, pieces, 6);
	blk_kick(&blk);
	check_true("done", blk_wait(&blk, &request));
	check_eq("status", request.status, BLK_S_OK);
	check_eq("used_len", request.used_len, BLK_SECTOR_BYTES + 1);
	check_true("data", memcmp(data, expected, BLK_SECTOR_BYTES) == 0);
	check_true("serves", serves());
}

int main(void)
{
	blk_need(&blk, FEATURE_RING_PACKED | FEATURE_INDIRECT_DESC, "RING_PACKED and INDIRECT_DESC");
	blk_open(&blk, NUM);
	if (blk.readonly || blk.capacity_sectors < 8)
		check_give_up("needs a writable disk of 8 sectors");
	check_eq("accepted", blk.mmio.accepted & FEATURE_RING_PACKED, FEATURE_RING_PACKED);
	TEST(chains);
	TEST(tables);
	TEST(zero_length);
	return check_end("t_packed_bad");
}
