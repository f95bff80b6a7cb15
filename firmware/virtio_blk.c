/* SPDX-License-Identifier: Apache-2.0
 * virtio_blk.c: requests over one virtqueue.
 */
#include "virtio_blk.h"

#include "check.h"
#include "finish.h"
#include "irq.h"
#include "print.h"
#include "riscv.h"

#define WAIT_TICKS 50000000u /* five seconds of QEMU's 10 MHz timer */

static struct virtq_memory queue_memory;

bool blk_find(struct blk *b)
{
	return virtio_mmio_find(&b->mmio, BLK_DEVICE_ID);
}

bool blk_start(struct blk *b, unsigned num)
{
	struct virtio_mmio *m = &b->mmio;
	struct virtq *q = &b->queue;

	if (!virtio_mmio_negotiate(m, b->wanted))
		return false;
	b->readonly = (m->accepted & BLK_F_RO) != 0;
	b->can_flush = (m->accepted & BLK_F_FLUSH) != 0;
	b->capacity_sectors = virtio_mmio_config64(m, BLK_CONFIG_CAPACITY);
	b->seg_max = (m->accepted & BLK_F_SEG_MAX) != 0 ? virtio_mmio_config32(m, BLK_CONFIG_SEG_MAX) : 0;
	b->blk_size = BLK_SECTOR_BYTES;
	if ((m->accepted & BLK_F_BLK_SIZE) != 0)
		b->blk_size = virtio_mmio_config32(m, BLK_CONFIG_BLK_SIZE);
	virtq_init(q, num, m->accepted, VIRTQ_ALIGN, b->memory ? b->memory : &queue_memory);
	if (!virtio_mmio_queue_setup(m, 0, num, &q->areas)) {
		virtio_mmio_status_add(m, STATUS_FAILED);
		return false;
	}
	virtio_mmio_status_add(m, STATUS_DRIVER_OK);
	return true;
}

void blk_open(struct blk *b, unsigned num)
{
	blk_open_with(b, num, BLK_FEATURES);
}

void blk_open_with(struct blk *b, unsigned num, uint64_t wanted)
{
	b->wanted = wanted;
	if (!blk_find(b))
		check_give_up("no block device in any slot");
	if (!blk_start(b, num))
		check_give_up("the block device refuses to start");
}

void blk_need(struct blk *b, uint64_t features, const char *what)
{
	if (!blk_find(b))
		check_give_up("no block device in any slot");
	if ((virtio_mmio_offered(&b->mmio) & features) == features)
		return;
	print("skipped: the device does not offer %s\n", what);
	finish(77);
}

static bool submit(struct blk *b, struct blk_request *r, const struct virtq_list *list)
{
	r->done = false;
	r->used_len = 0;
	return virtq_add_list(&b->queue, list) >= 0;
}

bool blk_submit_pieces(struct blk *b, struct blk_request *r, const struct virtq_piece *pieces, unsigned count)
{
	return submit(b, r, &(struct virtq_list){pieces, count, count, (void *)0, r});
}

bool blk_submit_table(struct blk *b, struct blk_request *r, const struct virtq_piece *pieces, unsigned count,
		      unsigned direct, struct virtq_desc *table)
{
	return submit(b, r, &(struct virtq_list){pieces, count, direct, table, r});
}

static bool device_reads(uint32_t type)
{
	return type == BLK_T_OUT || type == BLK_T_DISCARD || type == BLK_T_WRITE_ZEROES || type == BLK_T_SECURE_ERASE;
}

unsigned blk_fill(struct blk_request *r, struct virtq_piece pieces[3], uint32_t type, uint64_t sector, void *data,
		  uint32_t bytes)
{
	unsigned count = 0;

	r->header.type = type;
	r->header.reserved = 0;
	r->header.sector = sector;
	r->status = BLK_S_NONE;
	pieces[count++] = (struct virtq_piece){&r->header, sizeof(r->header), false};
	if (bytes > 0)
		pieces[count++] = (struct virtq_piece){data, bytes, !device_reads(type)};
	pieces[count++] = (struct virtq_piece){&r->status, 1, true};
	return count;
}

bool blk_submit(struct blk *b, struct blk_request *r, uint32_t type, uint64_t sector, void *data, uint32_t bytes)
{
	struct virtq_piece pieces[3];

	return blk_submit_pieces(b, r, pieces, blk_fill(r, pieces, type, sector, data, bytes));
}

void blk_kick(struct blk *b)
{
	if (virtq_publish(&b->queue))
		virtio_mmio_notify(&b->mmio, 0);
}

unsigned blk_harvest(struct blk *b)
{
	struct virtq_done done;
	unsigned count = 0;

	while (virtq_take(&b->queue, &done)) {
		struct blk_request *r = done.cookie;

		r->used_len = done.len;
		r->done = true;
		count++;
	}
	return count;
}

bool blk_wait(struct blk *b, struct blk_request *r)
{
	uint64_t start = 0;

	for (unsigned turn = 0; !r->done; turn++) {
		blk_harvest(b);
		if (turn % 1024 != 1023)
			continue;
		if ((virtio_mmio_status(&b->mmio) & STATUS_NEEDS_RESET) != 0)
			return false;
		if (start == 0)
			start = irq_time();
		if (irq_time() - start > WAIT_TICKS)
			return false;
	}
	return true;
}

uint8_t blk_run(struct blk *b, uint32_t type, uint64_t sector, void *data, uint32_t bytes)
{
	static struct blk_request r;

	if (!blk_submit(b, &r, type, sector, data, bytes))
		return BLK_S_NONE;
	blk_kick(b);
	return blk_wait(b, &r) ? r.status : (uint8_t)BLK_S_NONE;
}

uint8_t blk_read(struct blk *b, uint64_t sector, void *data, uint32_t bytes)
{
	return blk_run(b, BLK_T_IN, sector, data, bytes);
}

/* The device only reads data of an OUT request, so const may go. */
uint8_t blk_write(struct blk *b, uint64_t sector, const void *data, uint32_t bytes)
{
	return blk_run(b, BLK_T_OUT, sector, (void *)(uintptr_t)data, bytes);
}

uint8_t blk_flush(struct blk *b)
{
	return blk_run(b, BLK_T_FLUSH, 0, (void *)0, 0);
}

uint8_t blk_get_id(struct blk *b, char id[BLK_ID_BYTES])
{
	return blk_run(b, BLK_T_GET_ID, 0, id, BLK_ID_BYTES);
}
