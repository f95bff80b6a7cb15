/* SPDX-License-Identifier: Apache-2.0
 * events_packed.c: packed rings (virtio 1.2, 2.8) as bus traffic shows them, see events.h.
 *
 * Descriptors are read and used in one place, so a copy of each tells them apart: flags that were read alone in
 * avail_copy, whole descriptors in desc_copy, used ones in used_copy. Used descriptors come in the order of the ring:
 * the last one tells the wrap counter that an available slot must show.
 */
#include <inttypes.h>
#include <string.h>
#include "trace/events_impl.h"

enum { FLAG_AVAIL = 0x80, FLAG_USED = 0x8000 };

static struct chain *find_chain(struct events *e, const struct queue *q, uint16_t head)
{
	for (unsigned n = e->chain_count; n-- > 0;) {
		struct chain *c = &e->chain[(e->chain_head + n) % CHAINS];

		if (c->queue == events_ref(q) && c->head == head)
			return c;
	}
	return NULL;
}

static void add_piece(struct events *e, const struct queue *q, uint16_t head, uint64_t addr, uint32_t len)
{
	struct chain *c = find_chain(e, q, head);

	if (!c || c->pieces == HEADER_BYTES || len == 0)
		return;
	c->piece[c->pieces].addr = addr;
	c->piece[c->pieces++].len = len;
}

/* Tables at the same address, or of a chain before in the same slot, are not read any more. */
static void add_table(struct events *e, struct queue *q, uint16_t head, uint64_t base, uint64_t bytes)
{
	for (unsigned n = 0; n < TABLES; n++) {
		struct table *t = &e->table[n];

		if (t->queue && (t->base == base || (t->queue == events_ref(q) && t->head == head)))
			t->queue = 0;
	}
	e->table[e->tables++ % TABLES] =
		(struct table){.queue = events_ref(q), .head = head, .base = base, .bytes = bytes};
}

/* The flags of a slot were read alone. */
static void tell_slot(struct events *e, struct queue *q, uint16_t slot)
{
	const uint16_t flags = le16(&q->avail_copy[2 * slot]);
	const bool wrap = slot > q->behind ? q->behind_wrap : !q->behind_wrap;

	if (q->told[slot] || !(flags & FLAG_AVAIL) == wrap || !(flags & FLAG_USED) != wrap)
		return;
	events_tell(e, EVENTS_RING, "HEAD q%u [%u]", q->index, slot);
	q->told[slot] = q->wanted[slot] = true;
	q->owner[slot] = slot;
	events_chain_add(e, q, slot);
}

void packed_flags_read(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned i = 0; i < 8; i++) {
		const uint64_t at = addr + i - q->desc;

		if (!(strb >> i & 1) || at >= 16 * (uint64_t)q->num || at % 16 < 14)
			continue;
		q->avail_copy[2 * (at / 16) + at % 2] = (uint8_t)(data >> 8 * i);
		if (at % 16 == 15)
			tell_slot(e, q, (uint16_t)(at / 16));
	}
}

static void tell_desc(struct events *e, struct queue *q, uint16_t slot)
{
	const uint8_t *d = &q->desc_copy[16 * slot];
	const uint16_t flags = le16(d + 14), next = (uint16_t)((slot + 1u) % q->num);
	const bool wanted = q->wanted[slot], indirect = flags & DESC_F_INDIRECT;

	events_tell(e, wanted ? EVENTS_RING : EVENTS_AHEAD,
		    "DESC q%u [%u] #%u len %" PRIu32 " %c%s%s at 0x%" PRIx64 "%s", q->index, slot, le16(d + 12),
		    le32(d + 8), flags & DESC_F_WRITE ? 'W' : 'R', flags & DESC_F_NEXT ? " NEXT" : "",
		    indirect ? " INDIRECT" : "", le64(d), wanted ? "" : " ahead");
	if (!wanted)
		return;
	q->wanted[slot] = false;
	if (indirect)
		add_table(e, q, slot, le64(d), le32(d + 8) & ~15u);
	else
		add_piece(e, q, q->owner[slot], le64(d), le32(d + 8));
	if (flags & DESC_F_NEXT) {
		q->wanted[next] = true;
		q->owner[next] = q->owner[slot];
	}
}

static void tell_entry(struct events *e, const struct table *t)
{
	struct queue *q = events_queue(e, t->queue);

	events_tell(e, EVENTS_RING, "DESC q%u [%u].%" PRIu64 " len %" PRIu32 " %c at 0x%" PRIx64, q->index, t->head,
		    t->got / 16 - 1, le32(t->entry + 8), le16(t->entry + 14) & DESC_F_WRITE ? 'W' : 'R',
		    le64(t->entry));
	add_piece(e, q, t->head, le64(t->entry), le32(t->entry + 8));
}

/* Entries are read in their order; those that are read again tell nothing new. */
static void table_read(struct events *e, struct table *t, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned i = 0; i < 8; i++) {
		if (!(strb >> i & 1) || t->got == t->bytes || addr + i != t->base + t->got)
			continue;
		t->entry[t->got++ % 16] = (uint8_t)(data >> 8 * i);
		if (t->got % 16 == 0)
			tell_entry(e, t);
	}
}

void packed_desc_read(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned n = 0; n < TABLES; n++) {
		if (e->table[n].queue == events_ref(q))
			table_read(e, &e->table[n], addr, data, strb);
	}
	for (unsigned i = 0; i < 8; i++) {
		const uint64_t at = addr + i - q->desc;

		if (!(strb >> i & 1) || at >= 16 * (uint64_t)q->num)
			continue;
		q->desc_copy[at] = (uint8_t)(data >> 8 * i);
		if (at % 16 == 15)
			tell_desc(e, q, (uint16_t)(at / 16));
	}
}

/* virtio 1.2, 2.8.14. */
static void tell_structure(struct events *e, const struct queue *q, const char *whose, uint32_t word)
{
	static const char *const names[] = {"ENABLE", "DISABLE", "DESC", "flags 3"};
	const unsigned flags = word >> 16 & 3;

	if (flags == 2)
		events_tell(e, EVENTS_RING, "EVENT q%u %s DESC [%" PRIu32 "] wrap %" PRIu32, q->index, whose,
			    word & 0x7fff, word >> 15 & 1);
	else
		events_tell(e, EVENTS_RING, "EVENT q%u %s %s", q->index, whose, names[flags]);
}

void packed_suppression_read(struct events *e, const struct queue *q, uint64_t addr, uint64_t data, unsigned strb)
{
	const uint64_t at = q->driver - addr;

	if (at <= 4 && (strb >> at & 0xf) == 0xf)
		tell_structure(e, q, "driver", (uint32_t)(data >> 8 * at));
}

/* Slots up to this one are the driver's again: what was told of them is over. */
static void tell_used(struct events *e, struct queue *q, uint16_t slot)
{
	const uint8_t *tail = &q->used_copy[8 * slot];

	events_tell(e, EVENTS_RING, "USED q%u [%u] #%u len %" PRIu32, q->index, slot, le16(tail + 4), le32(tail));
	do {
		q->behind = (uint16_t)((q->behind + 1u) % q->num);
		if (q->told[q->behind])
			events_chain_drop(e, q, q->behind);
		q->told[q->behind] = false;
	} while (q->behind != slot);
	q->behind_wrap = le16(tail + 6) & FLAG_USED;
}

void packed_used_write(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb)
{
	const uint64_t event = q->device - addr;

	if (event <= 4 && (strb >> event & 0xf) == 0xf)
		tell_structure(e, q, "device", (uint32_t)(data >> 8 * event));
	for (unsigned i = 0; i < 8; i++) {
		const uint64_t at = addr + i - q->desc;

		if (!(strb >> i & 1) || at >= 16 * (uint64_t)q->num || at % 16 < 8)
			continue;
		q->used_copy[8 * (at / 16) + at % 8] = (uint8_t)(data >> 8 * i);
		if (at % 16 == 15)
			tell_used(e, q, (uint16_t)(at / 16));
	}
}

bool packed_device_area(const struct queue *q, uint64_t addr, uint64_t end)
{
	return overlaps(q->desc, 16 * (uint64_t)q->num, addr, end) || overlaps(q->device, 4, addr, end);
}

/* As if the last slot had been used in the lap before the first, whose wrap counter is 1. */
void packed_queue_start(struct queue *q)
{
	q->behind = (uint16_t)(q->num - 1);
	q->behind_wrap = false;
	memset(q->told, 0, sizeof q->told);
}

void packed_queue_stop(struct events *e, const struct queue *q)
{
	for (unsigned n = 0; n < TABLES; n++) {
		if (e->table[n].queue == events_ref(q))
			e->table[n].queue = 0;
	}
}
