/* SPDX-License-Identifier: Apache-2.0
 * virtq_split.c: split rings, virtio 1.2, 2.7.
 *
 * The device may run at any time between two of our accesses. Each fence says which two it keeps in order.
 */
#include "mem.h"
#include "riscv.h"
#include "virtq_ops.h"

/* Table, available ring with used_event, and the used ring with avail_event at the next multiple of align (2.7.2). */
static uint8_t *init(struct virtq *q, uint8_t *base)
{
	uintptr_t avail = (uintptr_t)base + sizeof(struct virtq_desc) * q->num;
	uintptr_t used = (avail + 6 + 2 * q->num + q->areas.align - 1) & ~(uintptr_t)(q->areas.align - 1);
	uint8_t *end = (uint8_t *)used + 6 + sizeof(struct virtq_used_elem) * q->num;

	memset(base, 0, (size_t)(end - base));
	q->desc = (volatile struct virtq_desc *)(void *)base;
	q->avail = (volatile struct virtq_avail *)avail;
	q->used = (volatile struct virtq_used *)used;
	q->areas.desc = q->desc;
	q->areas.driver = q->avail;
	q->areas.device = q->used;
	for (unsigned i = 0; i < q->num; i++)
		q->desc[i].next = (uint16_t)(i + 1);
	return end;
}

static volatile uint16_t *used_event(const struct virtq *q)
{
	return &q->avail->ring[q->num];
}

static uint16_t avail_event(const struct virtq *q)
{
	return *(const volatile uint16_t *)((uintptr_t)q->used + sizeof(*q->used) +
					    sizeof(struct virtq_used_elem) * q->num);
}

static unsigned slots(const struct virtq_list *list)
{
	return list->direct + (list->count > list->direct ? 1 : 0);
}

static void put(volatile struct virtq_desc *d, const struct virtq_piece *piece, bool more)
{
	d->addr = (uint64_t)(uintptr_t)piece->addr;
	d->len = piece->len;
	d->flags = (uint16_t)((piece->write ? VIRTQ_DESC_WRITE : 0) | (more ? VIRTQ_DESC_NEXT : 0));
}

/* The table's entries are linked in order (2.7.5.3). */
static void put_table(volatile struct virtq_desc *d, const struct virtq_list *list)
{
	unsigned entries = list->count - list->direct;

	for (unsigned i = 0; i < entries; i++) {
		put(&list->table[i], &list->pieces[list->direct + i], i + 1 < entries);
		list->table[i].next = (uint16_t)(i + 1 < entries ? i + 1 : 0);
	}
	d->addr = (uint64_t)(uintptr_t)list->table;
	d->len = (uint32_t)(sizeof(struct virtq_desc) * entries);
	d->flags = VIRTQ_DESC_INDIRECT;
}

/* The free descriptor behind this one. IN_ORDER asks for ring order (2.7.5.2). */
static uint16_t after(const struct virtq *q, uint16_t index)
{
	if (!q->in_order)
		return q->desc[index].next;
	q->desc[index].next = (uint16_t)((index + 1u) & (q->num - 1));
	return q->desc[index].next;
}

static uint16_t add(struct virtq *q, const struct virtq_list *list)
{
	uint16_t head = q->free_head;

	for (unsigned i = 0; i < slots(list); i++) {
		volatile struct virtq_desc *d = &q->desc[q->free_head];

		if (i < list->direct)
			put(d, &list->pieces[i], i + 1 < slots(list));
		else
			put_table(d, list);
		q->free_head = after(q, q->free_head);
	}
	q->avail->ring[q->avail_idx & (q->num - 1)] = head;
	q->avail_idx++;
	return head;
}

static bool publish(struct virtq *q)
{
	uint16_t old = q->published_idx;

	/* Descriptors and ring entries are there before the index that shows them (2.7.13.3). */
	riscv_fence_writes();
	q->avail->idx = q->avail_idx;
	q->published_idx = q->avail_idx;
	/* The index is there before we look whether the device sleeps (2.7.13.4). */
	riscv_fence();
	if (q->event_idx)
		return virtq_event_passed(avail_event(q), q->avail_idx, old);
	return (q->used->flags & VIRTQ_USED_NO_NOTIFY) == 0;
}

static bool has_used(const struct virtq *q)
{
	return q->used->idx != q->used_idx;
}

static void read_used(const struct virtq *q, struct virtq_done *done)
{
	volatile struct virtq_used_elem *elem = &q->used->ring[q->used_idx & (q->num - 1)];
	uint32_t id = elem->id;

	done->id = id < q->num ? (uint16_t)id : UINT16_MAX;
	done->len = elem->len;
}

/* Returns a chain to the free list. Its descriptors are still linked from its head on. */
static void release(struct virtq *q, uint16_t id)
{
	uint16_t last = id;

	q->used_idx++;
	if (q->in_order)
		return;
	for (unsigned i = 1; i < q->buffer[id].slots; i++)
		last = q->desc[last].next;
	q->desc[last].next = q->free_head;
	q->free_head = id;
}

/* With EVENT_IDX flags stay 0 (2.7.7.1); an event that was passed does not come again before the index wraps. */
static void ask(struct virtq *q, uint16_t ahead)
{
	if (q->event_idx)
		*used_event(q) = (uint16_t)(q->used_idx + (q->quiet ? -1 : ahead));
	else
		q->avail->flags = q->quiet ? VIRTQ_AVAIL_NO_INTERRUPT : 0;
}

const struct virtq_ops virtq_split_ops = {init, slots, add, publish, has_used, read_used, release, ask};
