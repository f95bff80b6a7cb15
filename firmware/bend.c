/* SPDX-License-Identifier: Apache-2.0
 * bend.c: each bend_ function is one broken rule of virtio 1.2, 2.7.
 */
#include "bend.h"

#include "irq.h"
#include "mem.h"

#define NUM 16u
#define WAIT_TICKS 10000000u
#define SETTLE_TURNS 2000u
#define ALL_STATUS (STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK | STATUS_DRIVER_OK)
#define NOWHERE (1ull << 46) /* no memory there */

static struct blk_header header;
static volatile uint8_t status;
static uint8_t data[BLK_SECTOR_BYTES] __attribute__((aligned(4096)));
static uint8_t expected[BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static void put(struct virtq *q, unsigned i, volatile const void *addr, uint32_t len, unsigned flags, unsigned next)
{
	volatile struct virtq_desc *d = &q->desc[i];

	d->addr = (uint64_t)(uintptr_t)addr;
	d->len = len;
	d->flags = (uint16_t)flags;
	d->next = (uint16_t)next;
}

static void put_sound(struct virtq *q)
{
	header = (struct blk_header){BLK_T_IN, 0, 0};
	put(q, 0, &header, sizeof(header), VIRTQ_DESC_NEXT, 1);
	put(q, 1, data, BLK_SECTOR_BYTES, VIRTQ_DESC_NEXT | VIRTQ_DESC_WRITE, 2);
	put(q, 2, &status, 1, VIRTQ_DESC_WRITE, 0);
}

void bend_offer(struct virtq *q, unsigned head)
{
	q->avail->ring[q->avail_idx & (q->num - 1)] = (uint16_t)head;
	q->avail_idx++;
}

void bend_head(struct virtq *q)
{
	bend_offer(q, NUM);
}

void bend_head_far(struct virtq *q)
{
	bend_offer(q, 0xffff);
}

void bend_next(struct virtq *q)
{
	q->desc[0].next = NUM;
	bend_offer(q, 0);
}

void bend_next_far(struct virtq *q)
{
	q->desc[1].next = 0xfff0;
	bend_offer(q, 0);
}

void bend_self_loop(struct virtq *q)
{
	q->desc[1].next = 1;
	bend_offer(q, 0);
}

void bend_long_loop(struct virtq *q)
{
	for (unsigned i = 0; i < NUM; i++)
		put(q, i, &header, 1, VIRTQ_DESC_NEXT, (i + 1) % NUM);
	bend_offer(q, 3);
}

void bend_idx_by_one(struct virtq *q)
{
	bend_offer(q, 0);
	q->avail_idx = (uint16_t)(q->avail_idx + NUM);
}

void bend_idx_half(struct virtq *q)
{
	q->avail_idx = (uint16_t)(q->avail_idx + 0x8000);
}

void bend_idx_back(struct virtq *q)
{
	q->avail_idx = (uint16_t)(q->avail_idx - 1);
}

void bend_no_status(struct virtq *q)
{
	q->desc[0].flags = 0;
	bend_offer(q, 0);
}

void bend_order(struct virtq *q)
{
	q->desc[2].flags = 0;
	bend_offer(q, 0);
}

void bend_4_gib(struct virtq *q)
{
	put(q, 1, data, 0xffffffff, VIRTQ_DESC_NEXT | VIRTQ_DESC_WRITE, 3);
	put(q, 3, data, 0xffffffff, VIRTQ_DESC_NEXT | VIRTQ_DESC_WRITE, 2);
	bend_offer(q, 0);
}

void bend_indirect(struct virtq *q)
{
	static struct virtq_desc table[3];

	for (unsigned i = 0; i < 3; i++)
		table[i] = (struct virtq_desc){q->desc[i].addr, q->desc[i].len, q->desc[i].flags, q->desc[i].next};
	put(q, 0, table, sizeof(table), VIRTQ_DESC_INDIRECT, 0);
	bend_offer(q, 0);
}

void bend_data_nowhere(struct virtq *q)
{
	q->desc[1].addr = NOWHERE;
	bend_offer(q, 0);
}

void bend_status_nowhere(struct virtq *q)
{
	q->desc[2].addr = NOWHERE;
	bend_offer(q, 0);
}

void bend_address_wraps(struct virtq *q)
{
	q->desc[1].addr = 0 - 256ull;
	bend_offer(q, 0);
}

bool bend_serves(struct blk *b)
{
	mem_pattern(expected, sizeof(expected), 5);
	memset(data, 0, sizeof(data));
	return blk_write(b, 1, expected, sizeof(expected)) == BLK_S_OK &&
	       blk_read(b, 1, data, sizeof(data)) == BLK_S_OK && memcmp(data, expected, sizeof(data)) == 0;
}

static bool needs_reset_soon(struct blk *b)
{
	uint64_t begin = irq_time();

	while ((virtio_mmio_status(&b->mmio) & STATUS_NEEDS_RESET) == 0)
		if (irq_time() - begin > WAIT_TICKS)
			return false;
	return true;
}

static void settle(void)
{
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
}

static uint32_t interrupt_status(struct blk *b)
{
	return virtio_mmio_read(&b->mmio, MMIO_INTERRUPT_STATUS);
}

/* A sound request after the error. The device must not touch the used ring. */
static bool silent(struct blk *b)
{
	uint16_t used = b->queue.used->idx;

	put_sound(&b->queue);
	bend_offer(&b->queue, 0);
	blk_kick(b);
	settle();
	return b->queue.used->idx == used;
}

unsigned bend_run(struct blk *b, bend_fn *bend, void (*look)(struct blk *b))
{
	unsigned held = 0;

	if (!blk_start(b, NUM) || !bend_serves(b))
		return 0;
	virtio_mmio_ack(&b->mmio);
	put_sound(&b->queue);
	bend(&b->queue);
	blk_kick(b);
	held |= needs_reset_soon(b) ? BEND_NEEDS_RESET : 0;
	settle();
	held |= (interrupt_status(b) & MMIO_INT_CONFIG) != 0 ? BEND_CONFIG_INT : 0;
	held |= silent(b) ? BEND_SILENT : 0;
	held |= virtio_mmio_status(&b->mmio) == (ALL_STATUS | STATUS_NEEDS_RESET) ? BEND_STATUS : 0;
	if (look)
		look(b);
	virtio_mmio_write(&b->mmio, MMIO_STATUS, 0);
	held |= virtio_mmio_status(&b->mmio) == 0 && interrupt_status(b) == 0 ? BEND_RESET : 0;
	if (blk_start(b, NUM) && bend_serves(b))
		held |= BEND_SERVES;
	return held;
}
