/* SPDX-License-Identifier: Apache-2.0
 * split.c: split rings, virtio 1.2, 2.7.
 *
 * A chain is followed as its index is published, and copied. It is the device's until used idx in memory has passed it:
 * the driver cannot have seen that earlier than we do, because we look before each of its stores.
 */
#include "check/check_impl.h"

#include <string.h>

enum { FLAGS = 0, IDX = 2, RING = 4 };

static uint16_t avail_word(const struct check *c, const struct queue *q, uint32_t offset)
{
	return check_le16(check_bytes(c, q->driver + offset, 2));
}

/* The device is done with the chain: its descriptors are the driver's. */
static void release(struct queue *q, uint32_t head)
{
	uint32_t owner = head + 1, index = head;

	for (uint32_t i = 0; i < q->num && index < q->num && q->owner[index] == owner; i++) {
		struct desc d = check_desc(q->copy + (size_t)DESC_BYTES * index);

		q->owner[index] = 0;
		if (!(d.flags & DESC_NEXT))
			break;
		index = d.next;
	}
	check_tables_release(q, owner);
}

/* IN_ORDER: one element may stand for all chains up to its own (2.7.9). Their number. */
static uint16_t release_up_to(struct queue *q, uint32_t head)
{
	uint16_t open = (uint16_t)(q->avail - q->used), count = 0;

	while (count < open) {
		uint32_t done = q->heads[(uint16_t)(q->used + count++) & (q->num - 1)];

		if (done < q->num)
			release(q, done);
		if (done == head)
			return count;
	}
	return 1;
}

/* Takes what the device has used since. */
static void sync(struct check *c, struct queue *q)
{
	uint16_t idx = check_le16(check_bytes(c, q->device + IDX, 2));

	if (!q->fresh && idx == q->stale)
		return;
	q->fresh = true;
	if ((uint16_t)(idx - q->used) > q->num)
		return;
	while (q->used != idx) {
		uint64_t slot = q->used & (q->num - 1);
		uint32_t head = check_le32(check_bytes(c, q->device + RING + 8 * slot, 4));
		uint16_t left = (uint16_t)(idx - q->used), count = 1;

		if (head < q->num && check_accepted(c, F_IN_ORDER))
			count = release_up_to(q, head);
		else if (head < q->num)
			release(q, head);
		q->used = (uint16_t)(q->used + (count < left ? count : left));
	}
}

/* Takes one descriptor of the chain; false at the chain's end. */
static bool take_desc(struct check *c, struct queue *q, struct chain *chain, uint32_t head, uint32_t *index)
{
	uint8_t *copy = q->copy + (size_t)DESC_BYTES * *index;
	struct desc d;

	memcpy(copy, check_bytes(c, q->desc + (uint64_t)DESC_BYTES * *index, DESC_BYTES), DESC_BYTES);
	q->owner[*index] = head + 1;
	d = check_desc(copy);
	if (d.flags & DESC_INDIRECT) {
		if (d.flags & DESC_NEXT)
			check_tell(c, CHECK_IND_07, ": queue %u #%u", q->index, *index);
		chain->broken |= d.flags & DESC_NEXT || !check_accepted(c, F_INDIRECT);
		if (check_accepted(c, F_INDIRECT))
			check_table(c, q, chain, &d, head + 1);
		else
			check_tell(c, CHECK_IND_04, ": queue %u #%u", q->index, *index);
	} else {
		check_segment(c, q, chain, &d);
	}
	q->expected = (*index + 1) % q->num;
	if (!(d.flags & DESC_NEXT))
		return false;
	if (d.next >= q->num) {
		check_tell(c, CHECK_ROB_02, ": queue %u #%u, %u", q->index, *index, d.next);
		chain->broken = true;
		return false;
	}
	if (check_accepted(c, F_IN_ORDER) && d.next != (*index + 1) % q->num)
		check_tell(c, CHECK_DESC_08, ": queue %u #%u", q->index, *index);
	*index = d.next;
	return true;
}

static void take_chain(struct check *c, struct queue *q, uint32_t head)
{
	struct chain chain = {0};
	uint32_t index = head, count = 1;

	if (head >= q->num) {
		check_tell(c, CHECK_ROB_01, ": queue %u, %u", q->index, head);
		return;
	}
	if (q->owner[head] == head + 1 && q->fresh)
		check_tell(c, CHECK_ROB_22, ": queue %u #%u", q->index, head);
	if (check_accepted(c, F_IN_ORDER) && head != q->expected)
		check_tell(c, CHECK_DESC_09, ": queue %u #%u", q->index, head);
	while (take_desc(c, q, &chain, head, &index)) {
		if (count++ == q->num) {
			check_tell(c, CHECK_IND_06, ": queue %u #%u", q->index, head);
			return;
		}
	}
	check_request(c, &chain);
}

static void publish(struct check *c, struct queue *q)
{
	uint16_t idx = avail_word(c, q, IDX);

	if (idx == q->avail)
		return;
	if ((uint16_t)(idx - q->used) > q->num || (uint16_t)(idx - q->avail) > q->num) {
		check_tell(c, CHECK_AVAIL_05, ": queue %u, from %u to %u", q->index, q->avail, idx);
		q->avail = idx;
		return;
	}
	for (; q->avail != idx; q->avail++) {
		uint32_t slot = q->avail & (q->num - 1);

		q->heads[slot] = avail_word(c, q, RING + 2u * slot);
		take_chain(c, q, q->heads[slot]);
	}
}

static void check_flags(struct check *c, const struct queue *q)
{
	uint16_t flags = avail_word(c, q, FLAGS);

	if (check_accepted(c, F_EVENT_IDX)) {
		if (flags)
			check_tell(c, CHECK_USUP_02, ": 0x%04x", flags);
	} else if (flags > 1) {
		check_tell(c, CHECK_USUP_01, ": 0x%04x", flags);
	}
}

void check_split_start(struct check *c, struct queue *q)
{
	q->avail = q->used = 0;
	q->expected = 0;
	q->stale = check_le16(check_bytes(c, q->device + IDX, 2));
	q->fresh = q->stale == 0;
	check_flags(c, q);
	publish(c, q);
}

static void check_descs(struct check *c, struct queue *q, uint64_t addr, uint64_t len)
{
	uint64_t first = addr > q->desc ? (addr - q->desc) / DESC_BYTES : 0;
	uint64_t end = (addr + len - q->desc + DESC_BYTES - 1) / DESC_BYTES;

	for (uint64_t i = first; i < end && i < q->num; i++) {
		uint8_t *copy = q->copy + DESC_BYTES * i;
		const uint8_t *bytes = check_bytes(c, q->desc + DESC_BYTES * i, DESC_BYTES);

		if (!q->owner[i] || memcmp(copy, bytes, DESC_BYTES) == 0)
			continue;
		check_tell(c, CHECK_INIT_12, ": queue %u #%u", q->index, (unsigned)i);
		memcpy(copy, bytes, DESC_BYTES);
	}
}

void check_split_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len)
{
	sync(c, q);
	/* Over a used idx that was not 0 we cannot tell yet which chains are done. */
	if (q->fresh && check_overlap(addr, len, q->desc, (uint64_t)DESC_BYTES * q->num))
		check_descs(c, q, addr, len);
	if (q->fresh)
		check_tables_stored(c, q, addr, len);
	if (check_overlap(addr, len, q->driver + FLAGS, 2))
		check_flags(c, q);
	if (check_overlap(addr, len, q->driver + IDX, 2))
		publish(c, q);
}
