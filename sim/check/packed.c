/* SPDX-License-Identifier: Apache-2.0
 * packed.c: packed rings, virtio 1.2, 2.8.
 *
 * Slots are counted from the start of the queue: slot n lies in entry n mod num, in round n / num, and the wrap counter
 * of even rounds is 1. Slots from done to published are the device's: it may have read them or may not, and it writes
 * used descriptors from done on. The driver may write all others, whichever chains are complete.
 */
#include "check/check_impl.h"

#include <string.h>

enum { ID = 12, FLAGS = 14 };

static const uint8_t *entry(const struct check *c, const struct queue *q, uint64_t slot)
{
	return check_bytes(c, q->desc + DESC_BYTES * (slot % q->num), DESC_BYTES);
}

static bool wrap(const struct queue *q, uint64_t slot)
{
	return slot / q->num % 2 == 0;
}

static bool has(uint16_t flags, uint16_t bit)
{
	return (flags & bit) != 0;
}

static struct packed_chain *find(const struct queue *q, uint16_t id)
{
	for (uint32_t i = 0; i < q->num; i++)
		if (q->chains[i].slots && q->chains[i].id == id)
			return &q->chains[i];
	return NULL;
}

static void release(struct queue *q, struct packed_chain *chain)
{
	q->done += chain->slots;
	check_tables_release(q, chain->order);
	*chain = (struct packed_chain){0};
}

/* IN_ORDER: one used descriptor may stand for all chains up to its own (2.8.8). */
static void release_up_to(struct queue *q, uint32_t order)
{
	for (uint32_t i = 0; i < q->num; i++)
		if (q->chains[i].slots && (int32_t)(q->chains[i].order - order) <= 0)
			release(q, &q->chains[i]);
}

/* Takes what the device has used since. */
static void sync(struct check *c, struct queue *q)
{
	while (q->done < q->published) {
		const uint8_t *d = entry(c, q, q->done);
		uint16_t flags = check_le16(d + FLAGS);
		bool now = wrap(q, q->done);
		struct packed_chain *chain = find(q, check_le16(d + ID));

		if (has(flags, DESC_AVAIL) != now || has(flags, DESC_USED) != now || !chain)
			return;
		if (check_accepted(c, F_IN_ORDER))
			release_up_to(q, chain->order);
		else
			release(q, chain);
	}
}

/* One slot of a list; false at its end. */
static bool take_slot(struct check *c, struct queue *q, struct chain *chain, uint32_t n, uint16_t *id)
{
	const uint8_t *bytes = entry(c, q, q->published + n);
	struct desc d = check_desc(bytes);

	d.flags = check_le16(bytes + FLAGS);
	*id = check_le16(bytes + ID);
	memcpy(q->copy + DESC_BYTES * ((q->published + n) % q->num), bytes, DESC_BYTES);
	if (d.flags & DESC_INDIRECT) {
		chain->broken |= n || d.flags & DESC_NEXT || !check_accepted(c, F_INDIRECT);
		if (n || d.flags & DESC_NEXT)
			check_tell(c, CHECK_PACK_46_list, ": queue %u", q->index);
		if (check_accepted(c, F_INDIRECT))
			check_table(c, q, chain, &d, q->chain_order);
		else
			check_tell(c, CHECK_PACK_46_feature, ": queue %u", q->index);
	} else {
		check_segment(c, q, chain, &d);
	}
	return d.flags & DESC_NEXT;
}

static void keep(struct queue *q, uint16_t id, uint16_t slots)
{
	for (uint32_t i = 0; i < q->num; i++) {
		if (q->chains[i].slots)
			continue;
		q->chains[i] = (struct packed_chain){id, slots, q->chain_order};
		return;
	}
}

/* One list, which the flags of its first slot made available. False: nothing that follows can be believed. */
static bool take_chain(struct check *c, struct queue *q)
{
	uint32_t room = q->num - (uint32_t)(q->published - q->done), n = 0;
	struct chain chain = {0};
	uint16_t id;

	if (++q->chain_order == 0)
		q->chain_order = 1;
	do {
		if (n == room) {
			check_tell(c, CHECK_PACK_42_long, ": queue %u", q->index);
			q->lost = true;
			return false;
		}
	} while (take_slot(c, q, &chain, n++, &id));
	keep(q, id, (uint16_t)n);
	q->published += n;
	check_request(c, &chain);
	return true;
}

static void publish(struct check *c, struct queue *q)
{
	while (!q->lost && q->published - q->done < q->num) {
		uint16_t flags = check_le16(entry(c, q, q->published) + FLAGS);
		bool now = wrap(q, q->published);

		if (has(flags, DESC_AVAIL) != now || has(flags, DESC_USED) == now || !take_chain(c, q))
			return;
	}
}

void check_packed_start(struct check *c, struct queue *q)
{
	q->published = q->done = 0;
	q->lost = false;
	publish(c, q);
}

static void check_slots(struct check *c, struct queue *q, uint64_t addr, uint64_t len)
{
	for (uint64_t slot = q->done; slot < q->published; slot++) {
		uint64_t at = DESC_BYTES * (slot % q->num);
		const uint8_t *bytes = entry(c, q, slot);

		if (!check_overlap(addr, len, q->desc + at, DESC_BYTES) || memcmp(q->copy + at, bytes, DESC_BYTES) == 0)
			continue;
		check_tell(c, CHECK_PACK_39, ": queue %u slot %u", q->index, (unsigned)(slot % q->num));
		memcpy(q->copy + at, bytes, DESC_BYTES);
	}
}

void check_packed_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len)
{
	if (q->lost)
		return;
	sync(c, q);
	check_tables_stored(c, q, addr, len);
	if (!check_overlap(addr, len, q->desc, (uint64_t)DESC_BYTES * q->num))
		return;
	check_slots(c, q, addr, len);
	publish(c, q);
}

void check_packed_notified(struct check *c, struct queue *q, uint32_t data)
{
	uint32_t want = (uint32_t)(q->published % q->num) | (uint32_t)wrap(q, q->published) << 15;

	if (!q->lost && check_accepted(c, F_NOTIFICATION_DATA) && data >> 16 != want)
		check_tell(c, CHECK_PACK_40, ": queue %u, 0x%04x instead of 0x%04x", q->index, data >> 16, want);
}
