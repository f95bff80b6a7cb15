/* SPDX-License-Identifier: Apache-2.0
 * virtq_packed.c: packed rings, virtio 1.2, 2.8.
 *
 * A slot is available when its AVAIL flag is the driver's wrap counter and its USED flag is not, and used when both are.
 * Of all slots that are added together the first one's flags are written last: the device, which goes slot by slot,
 * cannot pass it. A buffer id is a name from a free list, not the number of a slot.
 */
#include "mem.h"
#include "riscv.h"
#include "virtq_ops.h"

static uint8_t *init(struct virtq *q, uint8_t *base)
{
	uint8_t *events = base + sizeof(struct virtq_packed_desc) * q->num;

	memset(base, 0, (size_t)(events - base) + 2 * sizeof(struct virtq_event));
	q->ring = (volatile struct virtq_packed_desc *)(void *)base;
	q->driver_event = (volatile struct virtq_event *)(void *)events;
	q->device_event = q->driver_event + 1;
	q->areas.desc = q->ring;
	q->areas.driver = q->driver_event;
	q->areas.device = q->device_event;
	q->avail_wrap = true;
	q->used_wrap = true;
	for (unsigned i = 0; i < q->num; i++)
		q->next_id[i] = (uint16_t)(i + 1);
	return events + 2 * sizeof(struct virtq_event);
}

/* An INDIRECT descriptor stands alone (2.8.19). */
static unsigned slots(const struct virtq_list *list)
{
	if (list->direct == list->count)
		return list->count;
	return list->direct == 0 ? 1 : 0;
}

/* Moves a position on by less than num. */
static void advance(const struct virtq *q, uint16_t *slot, bool *wrap, unsigned by)
{
	unsigned to = *slot + by;

	if (to >= q->num) {
		to -= q->num;
		*wrap = !*wrap;
	}
	*slot = (uint16_t)to;
}

/* Only WRITE means something in a table's flags, and entries are in order (2.8.7). */
static void put_table(const struct virtq_list *list)
{
	for (unsigned i = 0; i < list->count; i++) {
		volatile struct virtq_packed_desc *d = (volatile struct virtq_packed_desc *)&list->table[i];

		d->addr = (uint64_t)(uintptr_t)list->pieces[i].addr;
		d->len = list->pieces[i].len;
		d->id = 0;
		d->flags = list->pieces[i].write ? VIRTQ_DESC_WRITE : 0;
	}
}

/* One slot, which becomes available now, or at virtq_publish if it is the first since the last. */
static void put(struct virtq *q, const struct virtq_piece *piece, unsigned flags, uint16_t id)
{
	volatile struct virtq_packed_desc *d = &q->ring[q->avail_slot];

	d->addr = (uint64_t)(uintptr_t)piece->addr;
	d->len = piece->len;
	d->id = id;
	flags |= q->avail_wrap ? VIRTQ_DESC_AVAIL : VIRTQ_DESC_USED;
	if (q->added_slots == 0) {
		q->first_slot = q->avail_slot;
		q->first_flags = (uint16_t)flags;
	} else {
		/* A device that looks ahead finds the slot whole. */
		riscv_fence_writes();
		d->flags = (uint16_t)flags;
	}
	q->added_slots++;
	advance(q, &q->avail_slot, &q->avail_wrap, 1);
}

static uint16_t add(struct virtq *q, const struct virtq_list *list)
{
	uint16_t id = q->free_id;

	q->free_id = q->next_id[id];
	if (list->direct == 0) {
		struct virtq_piece table = {list->table, list->count * (uint32_t)sizeof(*list->table), false};

		put_table(list);
		put(q, &table, VIRTQ_DESC_INDIRECT, id);
	}
	for (unsigned i = 0; i < list->direct; i++) {
		const struct virtq_piece *piece = &list->pieces[i];

		put(q, piece, (piece->write ? VIRTQ_DESC_WRITE : 0) | (i + 1 < list->direct ? VIRTQ_DESC_NEXT : 0), id);
	}
	return id;
}

/* Both halves of the device's structure in one read (2.8.10). */
static struct virtq_event read_event(const struct virtq *q)
{
	uint32_t word = riscv_read32((uintptr_t)q->device_event);

	return (struct virtq_event){(uint16_t)word, (uint16_t)(word >> 16 & 3)};
}

static bool publish(struct virtq *q)
{
	uint16_t added = q->added_slots;
	struct virtq_event event;
	uint16_t at;

	if (added != 0) {
		/* All other slots and fields are there before the flags that show them (2.8.21). */
		riscv_fence_writes();
		q->ring[q->first_slot].flags = q->first_flags;
		q->added_slots = 0;
	}
	/* The flags are there before we look whether the device sleeps (2.8.21). */
	riscv_fence();
	event = read_event(q);
	if (event.flags != VIRTQ_EVENT_DESC || !q->event_idx)
		return event.flags != VIRTQ_EVENT_DISABLE;
	at = event.off_wrap & 0x7fff;
	if ((event.off_wrap >> 15 != 0) != q->avail_wrap)
		at = (uint16_t)(at - q->num);
	return virtq_event_passed(at, q->avail_slot, (uint16_t)(q->avail_slot - added));
}

static bool has_used(const struct virtq *q)
{
	uint16_t flags = q->ring[q->used_slot].flags;
	bool avail = (flags & VIRTQ_DESC_AVAIL) != 0;
	bool used = (flags & VIRTQ_DESC_USED) != 0;

	return avail == q->used_wrap && used == q->used_wrap;
}

static void read_used(const struct virtq *q, struct virtq_done *done)
{
	done->id = q->ring[q->used_slot].id;
	done->len = q->ring[q->used_slot].len;
}

/* The device skips as many slots as the buffer took. */
static void release(struct virtq *q, uint16_t id)
{
	advance(q, &q->used_slot, &q->used_wrap, q->buffer[id].slots);
	q->next_id[id] = q->free_id;
	q->free_id = id;
}

/* The position is there before the flags that make it count (2.8.10). */
static void ask(struct virtq *q, uint16_t ahead)
{
	uint16_t slot = q->used_slot;
	bool wrap = q->used_wrap;

	if (q->quiet || !q->event_idx) {
		q->driver_event->flags = q->quiet ? VIRTQ_EVENT_DISABLE : VIRTQ_EVENT_ENABLE;
		return;
	}
	advance(q, &slot, &wrap, ahead);
	q->driver_event->off_wrap = (uint16_t)(slot | (wrap ? 1u << 15 : 0));
	riscv_fence_writes();
	q->driver_event->flags = VIRTQ_EVENT_DESC;
}

const struct virtq_ops virtq_packed_ops = {init, slots, add, publish, has_used, read_used, release, ask};
