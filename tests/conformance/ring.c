/* SPDX-License-Identifier: Apache-2.0
 * ring.c: see ring.h. */
#include "ring.h"

#include <string.h>
#include "rig.h"

enum { PAGE = 4096, USUAL_NUM = 16 };

void write_features(struct rig *r, uint64_t features)
{
	wr(r, REG_DriverFeaturesSel, 0);
	wr(r, REG_DriverFeatures, (uint32_t)features);
	if (r->setup.legacy)
		return;
	wr(r, REG_DriverFeaturesSel, 1);
	wr(r, REG_DriverFeatures, (uint32_t)(features >> 32));
}

/* An ACKNOWLEDGE, a DRIVER or a FEATURES_OK that does not stick would spoil every test: it ends this one. */
static void set_status(struct rig *r, uint32_t bits)
{
	const uint32_t expected = rd(r, REG_Status) | bits;
	uint32_t found;

	wr(r, REG_Status, expected);
	found = rd(r, REG_Status);
	if ((found & expected) != expected)
		rig_fail(r, NULL, 0, "Status in initialisation: expected 0x%02x, found 0x%02x", expected, found);
}

static void set_up_rings(struct rig *r)
{
	unsigned placed = 0;

	for (unsigned q = 0; q < VIO_QUEUES; q++)
		placed += r->ring[q].r != NULL;
	if (placed == 0)
		ring_place(r, 0, USUAL_NUM);
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		if (r->ring[q].r == NULL)
			continue;
		ring_clear(&r->ring[q]);
		ring_set_up(&r->ring[q]);
	}
}

void bring_up(struct rig *r, enum stage stage, uint64_t features)
{
	wr(r, REG_Status, 0);
	memset(r->writable, 0, r->setup.memory);
	if (stage >= STAGE_ACKNOWLEDGE)
		set_status(r, ACKNOWLEDGE);
	if (stage >= STAGE_DRIVER)
		set_status(r, DRIVER);
	if (stage >= STAGE_FEATURES_OK) {
		write_features(r, features);
		if (!r->setup.legacy)
			set_status(r, FEATURES_OK);
	}
	if (stage >= STAGE_QUEUES)
		set_up_rings(r);
	if (stage >= STAGE_DRIVER_OK)
		set_status(r, DRIVER_OK);
}

static uint64_t avail_bytes(const struct ring *q)
{
	return 6 + 2u * q->num;
}

static uint64_t used_bytes(const struct ring *q)
{
	return 6 + 8u * q->num;
}

struct ring *ring_place(struct rig *r, unsigned queue, uint16_t num)
{
	struct ring *q = &r->ring[queue];
	uint64_t used;

	*q = (struct ring){.r = r, .queue = (uint16_t)queue, .num = num};
	used = (16ull * num + avail_bytes(q) + PAGE - 1) / PAGE * PAGE;
	q->desc = rig_take(r, used + used_bytes(q), PAGE);
	q->avail = q->desc + 16ull * num;
	q->used = q->desc + used;
	return q;
}

void ring_clear(struct ring *q)
{
	memset(rig_at(q->r, q->desc, 16ull * q->num), 0, 16ull * q->num);
	memset(rig_at(q->r, q->avail, avail_bytes(q)), 0, avail_bytes(q));
	memset(rig_at(q->r, q->used, used_bytes(q)), 0, used_bytes(q));
	q->next_desc = q->posted = q->seen = 0;
}

static void set_up_legacy(const struct ring *q)
{
	wr(q->r, REG_GuestPageSize, PAGE);
	wr(q->r, REG_QueueSel, q->queue);
	wr(q->r, REG_QueueNum, q->num);
	wr(q->r, REG_QueueAlign, PAGE);
	wr(q->r, REG_QueuePFN, (uint32_t)(q->desc / PAGE));
}

void ring_set_up(struct ring *q)
{
	struct rig *r = q->r;

	rig_grant(r, q->used, used_bytes(q));
	if (r->setup.legacy) {
		set_up_legacy(q);
		return;
	}
	wr(r, REG_QueueSel, q->queue);
	wr(r, REG_QueueNum, q->num);
	wr(r, REG_QueueDescLow, (uint32_t)q->desc);
	wr(r, REG_QueueDescHigh, (uint32_t)(q->desc >> 32));
	wr(r, REG_QueueDriverLow, (uint32_t)q->avail);
	wr(r, REG_QueueDriverHigh, (uint32_t)(q->avail >> 32));
	wr(r, REG_QueueDeviceLow, (uint32_t)q->used);
	wr(r, REG_QueueDeviceHigh, (uint32_t)(q->used >> 32));
	wr(r, REG_QueueReady, 1);
}

void put_desc(struct rig *r, uint64_t at, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next)
{
	put(r, at, addr, 8);
	put(r, at + 8, len, 4);
	put(r, at + 12, flags, 2);
	put(r, at + 14, next, 2);
}

void ring_desc(struct ring *q, uint16_t index, uint64_t addr, uint32_t len, uint16_t flags, uint16_t next)
{
	put_desc(q->r, q->desc + 16ull * index, addr, len, flags, next);
}

static uint16_t seg_flags(const struct seg *s, bool last)
{
	return (uint16_t)((s->write ? DESC_WRITE : 0) | (last ? 0 : DESC_NEXT));
}

static void grant_seg(struct rig *r, const struct seg *s)
{
	if (s->write)
		rig_grant(r, s->addr, s->len);
}

static uint16_t take_slot(struct ring *q)
{
	const uint16_t slot = q->next_desc;

	q->next_desc = (uint16_t)((slot + 1) % q->num);
	return slot;
}

uint16_t ring_chain(struct ring *q, const struct seg *segs, unsigned count)
{
	const uint16_t head = q->next_desc;

	for (unsigned i = 0; i < count; i++) {
		const uint16_t slot = take_slot(q);
		const bool last = i + 1 == count;

		ring_desc(q, slot, segs[i].addr, segs[i].len, seg_flags(&segs[i], last), last ? 0 : q->next_desc);
		grant_seg(q->r, &segs[i]);
	}
	return head;
}

uint16_t ring_indirect(struct ring *q, const struct seg *segs, unsigned count)
{
	const uint64_t table = rig_take(q->r, 16ull * count, 16);
	const uint16_t head = take_slot(q);

	for (unsigned i = 0; i < count; i++) {
		const bool last = i + 1 == count;

		put_desc(q->r, table + 16ull * i, segs[i].addr, segs[i].len, seg_flags(&segs[i], last),
			 last ? 0 : (uint16_t)(i + 1));
		grant_seg(q->r, &segs[i]);
	}
	ring_desc(q, head, table, 16 * count, DESC_INDIRECT, 0);
	return head;
}

void ring_add(struct ring *q, uint16_t head)
{
	put(q->r, q->avail + 4 + 2ull * (q->posted++ % q->num), head, 2);
}

void ring_publish(struct ring *q)
{
	put(q->r, q->avail + 2, q->posted, 2);
}

void ring_post(struct ring *q, uint16_t head)
{
	ring_add(q, head);
	ring_publish(q);
}

void ring_avail_flags(struct ring *q, uint16_t flags)
{
	put(q->r, q->avail, flags, 2);
}

void ring_used_event(struct ring *q, uint16_t index)
{
	put(q->r, q->avail + 4 + 2ull * q->num, index, 2);
}

uint16_t ring_avail_event(struct ring *q)
{
	return (uint16_t)get(q->r, q->used + 4 + 8ull * q->num, 2);
}

bool ring_wants_kick(struct ring *q, uint16_t old)
{
	return (uint16_t)(q->posted - ring_avail_event(q) - 1) < (uint16_t)(q->posted - old);
}

uint16_t ring_used_flags(struct ring *q)
{
	return (uint16_t)get(q->r, q->used, 2);
}

uint16_t ring_used_idx(struct ring *q)
{
	return (uint16_t)get(q->r, q->used + 2, 2);
}

void ring_kick(struct ring *q)
{
	wr(q->r, REG_QueueNotify, q->queue);
}

void ring_wait(struct ring *q, unsigned count)
{
	const uint64_t end = q->r->clock + q->r->limit;

	while ((uint16_t)(ring_used_idx(q) - q->seen) < count) {
		if (q->r->clock >= end)
			rig_fail(q->r, NULL, 0,
				 "expected %u used elements on queue %u within %llu clocks, found %u; error code %u",
				 count, q->queue, (unsigned long long)q->r->limit,
				 (uint16_t)(ring_used_idx(q) - q->seen), rd(q->r, REG_ErrorCode));
		rig_clock(q->r);
	}
}

struct used ring_take(struct ring *q)
{
	const uint64_t at = q->used + 4 + 8ull * (q->seen % q->num);

	if (ring_used_idx(q) == q->seen)
		rig_fail(q->r, NULL, 0, "expected a used element on queue %u, found none", q->queue);
	q->seen++;
	return (struct used){(uint32_t)get(q->r, at, 4), (uint32_t)get(q->r, at + 4, 4)};
}
