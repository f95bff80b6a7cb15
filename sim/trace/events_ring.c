/* SPDX-License-Identifier: Apache-2.0
 * events_ring.c: split rings (virtio 1.2, 2.7) and request headers as bus traffic shows them, see events.h.
 *
 * Every area of a queue has a copy that is filled byte by byte, so that no alignment is assumed: what a byte
 * completes is told when the last byte of the field is there.
 */
#include <inttypes.h>
#include <string.h>
#include "trace/events_impl.h"

void events_chain_add(struct events *e, struct queue *q, uint16_t head)
{
	if (e->chain_count == CHAINS)
		return;
	struct chain *c = &e->chain[(e->chain_head + e->chain_count++) % CHAINS];

	*c = (struct chain){.queue = events_ref(q), .head = head};
}

/* The entry at slot was read: it is a new head if it is the next one below the index. */
static void tell_head(struct events *e, struct queue *q, uint32_t slot)
{
	if (q->taken == q->seen || slot != (q->taken & (q->num - 1)))
		return;
	uint16_t head = le16(&q->avail_copy[4 + 2 * slot]);

	events_tell(e, EVENTS_RING, "HEAD q%u [%" PRIu32 "] #%u", q->index, slot, head);
	q->taken++;
	if (head < q->num) {
		q->wanted[head] = true;
		events_chain_add(e, q, head);
	}
}

static void tell_index(struct events *e, struct queue *q)
{
	uint16_t idx = le16(&q->avail_copy[2]);

	if (idx != q->seen)
		events_tell(e, EVENTS_RING, "AVAIL q%u idx %u", q->index, idx);
	q->seen = idx;
}

void events_avail_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		struct queue *q = &e->queue[n];

		if (q->live && q->packed)
			packed_flags_read(e, q, addr, data, strb);
		if (!q->live || q->packed || !overlaps(q->driver, 4 + 2 * (uint64_t)q->num, addr, addr + 8))
			continue;
		for (unsigned i = 0; i < 8; i++) {
			uint64_t at = addr + i - q->driver;

			if (!(strb >> i & 1) || at >= 4 + 2 * (uint64_t)q->num)
				continue;
			q->avail_copy[at] = (uint8_t)(data >> 8 * i);
			if (at == 3) {
				tell_index(e, q);
			} else if (at > 4 && at % 2) {
				tell_head(e, q, (uint32_t)(at - 4) / 2);
			}
		}
	}
}

static void tell_desc(struct events *e, struct queue *q, uint32_t index)
{
	const uint8_t *d = &q->desc_copy[16 * index];
	uint16_t flags = le16(d + 12), next = le16(d + 14);
	char next_text[16] = "";
	bool wanted = q->wanted[index];

	if (flags & DESC_F_NEXT) {
		snprintf(next_text, sizeof next_text, " next %u", next);
		if (wanted && next < q->num)
			q->wanted[next] = true;
	}
	events_tell(e, wanted ? EVENTS_RING : EVENTS_AHEAD, "DESC q%u #%u len %" PRIu32 " %c%s%s at 0x%" PRIx64 "%s",
		    q->index, index, le32(d + 8), flags & DESC_F_WRITE ? 'W' : 'R', next_text,
		    flags & DESC_F_INDIRECT ? " INDIRECT" : "", le64(d), wanted ? "" : " ahead");
	q->wanted[index] = false;
}

void events_desc_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		struct queue *q = &e->queue[n];

		if (q->live && q->packed)
			packed_desc_read(e, q, addr, data, strb);
		if (!q->live || q->packed)
			continue;
		for (unsigned i = 0; i < 8; i++) {
			uint64_t at = addr + i - q->desc;

			if (!(strb >> i & 1) || at >= 16 * (uint64_t)q->num)
				continue;
			q->desc_copy[at] = (uint8_t)(data >> 8 * i);
			if (at % 16 == 15)
				tell_desc(e, q, (uint32_t)at / 16);
		}
	}
}

static bool packed_header_addr(const struct chain *c, unsigned n, uint64_t *addr)
{
	for (unsigned i = 0; i < c->pieces; i++) {
		if (n < c->piece[i].len) {
			*addr = c->piece[i].addr + n;
			return true;
		}
		n -= c->piece[i].len;
	}
	return false;
}

/* The address of byte n of a chain's header; false when the chain, as far as it was read, has none. */
static bool header_addr(struct events *e, const struct chain *c, unsigned n, uint64_t *addr)
{
	const struct queue *q = events_queue(e, c->queue);
	uint32_t index = c->head;

	if (q->packed)
		return packed_header_addr(c, n, addr);
	if (q->wanted[index])
		return false;
	for (uint32_t steps = 0; steps < q->num; steps++) {
		const uint8_t *d = &q->desc_copy[16 * index];

		if (n < le32(d + 8)) {
			*addr = le64(d) + n;
			return true;
		}
		n -= le32(d + 8);
		if (!(le16(d + 12) & DESC_F_NEXT) || le16(d + 14) >= q->num)
			return false;
		index = le16(d + 14);
	}
	return false;
}

void events_header_asked(struct events *e, uint64_t addr, uint64_t end)
{
	for (unsigned n = 0; n < e->chain_count; n++) {
		struct chain *c = &e->chain[(e->chain_head + n) % CHAINS];
		uint8_t before = c->asked;
		uint64_t at;

		while (c->asked < HEADER_BYTES && header_addr(e, c, c->asked, &at) && at - addr < end - addr)
			c->asked++;
		if (c->asked != before)
			return;
	}
}

static void tell_request(struct events *e, const struct chain *c)
{
	static const char *const names[] = {
		[0] = "IN",       [1] = "OUT",           [4] = "FLUSH",         [8] = "GET_ID", [10] = "GET_LIFETIME",
		[11] = "DISCARD", [13] = "WRITE_ZEROES", [14] = "SECURE_ERASE",
	};
	const struct queue *q = events_queue(e, c->queue);
	uint32_t type = le32(c->header);
	char name[24], head[16];

	snprintf(head, sizeof head, q->packed ? "[%u]" : "#%u", c->head);
	if (type < sizeof names / sizeof *names && names[type])
		snprintf(name, sizeof name, "%s", names[type]);
	else
		snprintf(name, sizeof name, "type %" PRIu32, type);
	if (type <= 1)
		events_tell(e, EVENTS_REQUEST, "REQ q%u %s %s sector %" PRIu64, q->index, head, name,
			    le64(&c->header[8]));
	else
		events_tell(e, EVENTS_REQUEST, "REQ q%u %s %s", q->index, head, name);
}

void events_header_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned n = 0; n < e->chain_count; n++) {
		struct chain *c = &e->chain[(e->chain_head + n) % CHAINS];
		uint8_t before = c->got;
		uint64_t at;

		while (c->got < c->asked && header_addr(e, c, c->got, &at) && at - addr < 8 && strb >> (at - addr) & 1)
			c->header[c->got++] = (uint8_t)(data >> 8 * (at - addr));
		if (c->got == before)
			continue;
		if (c->got == HEADER_BYTES)
			tell_request(e, c);
		break;
	}
	while (e->chain_count && e->chain[e->chain_head].got == HEADER_BYTES) {
		e->chain_head = (e->chain_head + 1) % CHAINS;
		e->chain_count--;
	}
}

void events_suppression_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb)
{
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		const struct queue *q = &e->queue[n];
		uint64_t at = q->driver - addr;

		if (q->live && q->packed)
			packed_suppression_read(e, q, addr, data, strb);
		else if (q->live && at <= 6 && (strb >> at & 3) == 3)
			events_tell(e, EVENTS_RING, "EVENT q%u flags 0x%04x", q->index,
				    (unsigned)(data >> 8 * at) & 0xffff);
	}
}

void events_used_write(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb)
{
	if (q->packed) {
		packed_used_write(e, q, addr, data, strb);
		return;
	}
	for (unsigned i = 0; i < 8; i++) {
		uint64_t at = addr + i - q->device;

		if (!(strb >> i & 1) || at >= 4 + 8 * (uint64_t)q->num)
			continue;
		q->used_copy[at] = (uint8_t)(data >> 8 * i);
		if (at == 3) {
			q->used = le16(&q->used_copy[2]);
			events_tell(e, EVENTS_RING, "USED q%u idx %u", q->index, q->used);
		} else if (at > 4 && at % 8 == 3) {
			const uint8_t *element = &q->used_copy[at - 7];

			events_tell(e, EVENTS_RING, "USED q%u [%u] #%" PRIu32 " len %" PRIu32, q->index,
				    (unsigned)(at - 4) / 8, le32(element), le32(element + 4));
		}
	}
}

struct queue *events_used_queue(struct events *e, uint64_t addr, uint64_t end)
{
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		struct queue *q = &e->queue[n];

		if (q->live && q->packed) {
			if (packed_device_area(q, addr, end))
				return q;
		} else if (q->live && overlaps(q->device, 4 + 8 * (uint64_t)q->num, addr, end))
			return q;
	}
	return NULL;
}

void events_queue_start(struct events *e, struct queue *q)
{
	events_queue_stop(e, q);
	q->packed = e->packed;
	q->reset = false;
	q->live = q->num && q->num <= QUEUE_NUM && (q->packed || !(q->num & (q->num - 1)));
	if (q->live && q->packed)
		packed_queue_start(q);
	q->seen = q->taken = q->used = 0;
	memset(q->wanted, 0, sizeof q->wanted);
}

void events_chain_drop(struct events *e, const struct queue *q, int head)
{
	unsigned kept = 0;

	for (unsigned n = 0; n < e->chain_count; n++) {
		const struct chain *c = &e->chain[(e->chain_head + n) % CHAINS];

		if (c->queue == events_ref(q) && (head < 0 || c->head == head))
			continue;
		if (kept != n)
			e->chain[(e->chain_head + kept) % CHAINS] = *c;
		kept++;
	}
	e->chain_count = kept;
}

void events_queue_stop(struct events *e, struct queue *q)
{
	q->live = false;
	events_chain_drop(e, q, -1);
	packed_queue_stop(e, q);
}
