/* SPDX-License-Identifier: Apache-2.0
 * virtq.c: free list, chains and rings.
 *
 * The device may run at any time between two of our accesses. Each fence says which two it keeps in order.
 */
#include "virtq.h"

#include "check.h"
#include "mem.h"
#include "riscv.h"

void virtq_init(struct virtq *q, unsigned num, struct virtq_memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	q->num = num;
	q->desc = memory->desc;
	q->avail = (volatile struct virtq_avail *)(void *)memory->avail;
	q->used = (volatile struct virtq_used *)(void *)memory->used;
	q->avail_idx = 0;
	q->used_idx = 0;
	q->free_head = 0;
	q->free_count = (uint16_t)num;
	for (unsigned i = 0; i < num; i++)
		q->desc[i].next = (uint16_t)(i + 1);
}

int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned count, void *cookie)
{
	uint16_t head = q->free_head;
	uint16_t index = head;

	if (count == 0 || count > q->free_count)
		return -1;
	for (unsigned i = 0; i < count; i++) {
		volatile struct virtq_desc *d = &q->desc[index];

		d->addr = (uint64_t)(uintptr_t)pieces[i].addr;
		d->len = pieces[i].len;
		d->flags = (uint16_t)((pieces[i].write ? VIRTQ_DESC_WRITE : 0) | (i + 1 < count ? VIRTQ_DESC_NEXT : 0));
		index = d->next;
	}
	q->free_head = index;
	q->free_count = (uint16_t)(q->free_count - count);
	q->cookie[head] = cookie;
	q->chain_len[head] = (uint16_t)count;
	q->avail->ring[q->avail_idx & (q->num - 1)] = head;
	q->avail_idx++;
	return head;
}

bool virtq_publish(struct virtq *q)
{
	/* Descriptors and ring entries are there before the index that shows them (2.7.13.3). */
	riscv_fence_writes();
	q->avail->idx = q->avail_idx;
	/* The index is there before we look whether the device sleeps (2.7.13.4). */
	riscv_fence();
	return (q->used->flags & VIRTQ_USED_NO_NOTIFY) == 0;
}

bool virtq_has_used(const struct virtq *q)
{
	return q->used->idx != q->used_idx;
}

/* Returns a chain to the free list. Its descriptors are still linked from head on. */
static void release(struct virtq *q, uint16_t head)
{
	uint16_t last = head;

	for (unsigned i = 1; i < q->chain_len[head]; i++)
		last = q->desc[last].next;
	q->desc[last].next = q->free_head;
	q->free_head = head;
	q->free_count = (uint16_t)(q->free_count + q->chain_len[head]);
	q->chain_len[head] = 0;
}

bool virtq_take(struct virtq *q, struct virtq_done *done)
{
	volatile struct virtq_used_elem *elem = &q->used->ring[q->used_idx & (q->num - 1)];
	uint32_t id;

	if (!virtq_has_used(q))
		return false;
	/* The index is read before the element, and before the buffer that it returns (2.7.14). */
	riscv_fence_reads();
	id = elem->id;
	if (id >= q->num || q->chain_len[id] == 0)
		check_give_up("the device used a buffer that it was not given");
	done->head = (uint16_t)id;
	done->len = elem->len;
	done->cookie = q->cookie[id];
	q->used_idx++;
	release(q, done->head);
	return true;
}

void virtq_suppress(struct virtq *q, bool suppress)
{
	q->avail->flags = suppress ? VIRTQ_AVAIL_NO_INTERRUPT : 0;
	riscv_fence();
}
