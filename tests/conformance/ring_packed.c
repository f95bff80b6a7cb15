/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.c: see ring_packed.h. */
#include "ring_packed.h"

#include <string.h>

enum { DESC_BYTES = 16, RING_ALIGN = 64, FIRST_ID = 0x51a0, SEGS_MAX = 1024 };

struct packed packed_place(struct rig *r, unsigned queue, uint16_t num)
{
	struct packed q = {.r = r, .queue = (uint16_t)queue, .num = num, .id = FIRST_ID};

	q.desc = rig_take(r, (uint64_t)DESC_BYTES * num, RING_ALIGN);
	q.driver = rig_take(r, 4, RING_ALIGN);
	q.device = rig_take(r, 4, RING_ALIGN);
	return q;
}

static void set_up(struct packed *q)
{
	struct rig *r = q->r;
	const uint64_t bytes = (uint64_t)DESC_BYTES * q->num;

	memset(rig_at(r, q->desc, bytes), 0, bytes);
	put(r, q->driver, 0, 4);
	put(r, q->device, 0, 4);
	rig_grant(r, q->desc, bytes);
	rig_grant(r, q->device, 4);
	q->next = q->seen = POS_START;
	wr(r, REG_QueueSel, q->queue);
	wr(r, REG_QueueNum, q->num);
	wr(r, REG_QueueDescLow, (uint32_t)q->desc);
	wr(r, REG_QueueDescHigh, (uint32_t)(q->desc >> 32));
	wr(r, REG_QueueDriverLow, (uint32_t)q->driver);
	wr(r, REG_QueueDriverHigh, (uint32_t)(q->driver >> 32));
	wr(r, REG_QueueDeviceLow, (uint32_t)q->device);
	wr(r, REG_QueueDeviceHigh, (uint32_t)(q->device >> 32));
	wr(r, REG_QueueReady, 1);
}

void packed_bring_up(struct packed *rings, unsigned count, uint64_t features)
{
	struct rig *r = rings[0].r;

	bring_up(r, STAGE_FEATURES_OK, F(VERSION_1) | F(RING_PACKED) | features);
	for (unsigned i = 0; i < count; i++)
		set_up(&rings[i]);
	wr(r, REG_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
}

struct packed packed_start(struct rig *r, uint16_t num, uint64_t features)
{
	struct packed q = packed_place(r, 0, num);

	packed_bring_up(&q, 1, features);
	return q;
}

uint16_t packed_after(const struct packed *q, uint16_t pos, unsigned slots)
{
	unsigned slot = (pos & POS_SLOT) + slots;

	for (; slot >= q->num; slot -= q->num)
		pos ^= POS_WRAP;
	return (uint16_t)((pos & POS_WRAP) | slot);
}

uint64_t packed_at(const struct packed *q, uint16_t pos)
{
	return q->desc + (uint64_t)DESC_BYTES * (pos & POS_SLOT);
}

uint16_t packed_avail_bits(uint16_t pos)
{
	return (pos & POS_WRAP) != 0 ? DESC_AVAIL : DESC_USED;
}

uint16_t packed_used_bits(uint16_t pos)
{
	return (pos & POS_WRAP) != 0 ? DESC_BITS : 0;
}

bool packed_passes(const struct packed *q, uint16_t old, uint16_t new, uint16_t pos)
{
	for (; old != new; old = packed_after(q, old, 1))
		if (old == pos)
			return true;
	return false;
}

void packed_desc(struct rig *r, uint64_t at, uint64_t addr, uint32_t len, uint16_t id, uint16_t flags)
{
	put(r, at, addr, 8);
	put(r, at + 8, len, 4);
	put(r, at + 12, id, 2);
	put(r, at + 14, flags, 2);
}

/* The next chain takes so many slots. */
static struct packed_chain take_slots(struct packed *q, unsigned slots, uint16_t id)
{
	const struct packed_chain c = {.pos = q->next, .slots = (uint16_t)slots, .id = id};

	q->next = packed_after(q, q->next, slots);
	return c;
}

static uint16_t write_flag(struct rig *r, const struct seg *s)
{
	if (s->write)
		rig_grant(r, s->addr, s->len);
	return s->write ? DESC_WRITE : 0;
}

/* All of a descriptor in the ring but, of the head, the flags. */
static void write_member(struct packed *q, struct packed_chain *c, unsigned i, const struct seg *s, uint16_t flags)
{
	const uint16_t pos = packed_after(q, c->pos, i);

	flags |= packed_avail_bits(pos);
	if (i == 0)
		c->flags = flags;
	packed_desc(q->r, packed_at(q, pos), s->addr, s->len, c->id,
		    i == 0 ? (uint16_t)get(q->r, packed_at(q, pos) + 14, 2) : flags);
}

struct packed_chain packed_list(struct packed *q, const struct seg *segs, unsigned count, uint16_t id)
{
	struct packed_chain c = take_slots(q, count, id);

	for (unsigned i = 0; i < count; i++)
		write_member(q, &c, i, &segs[i],
			     (uint16_t)(write_flag(q->r, &segs[i]) | (i + 1 < count ? DESC_NEXT : 0)));
	return c;
}

struct packed_chain packed_table(struct packed *q, const struct seg *segs, unsigned count, uint16_t id)
{
	const struct seg table = {rig_take(q->r, (uint64_t)DESC_BYTES * count, DESC_BYTES), DESC_BYTES * count, false};
	struct packed_chain c = take_slots(q, 1, id);

	for (unsigned i = 0; i < count; i++)
		packed_desc(q->r, table.addr + (uint64_t)DESC_BYTES * i, segs[i].addr, segs[i].len, (uint16_t)~id,
			    write_flag(q->r, &segs[i]));
	write_member(q, &c, 0, &table, DESC_INDIRECT);
	return c;
}

void packed_publish(struct packed *q, const struct packed_chain *c)
{
	put(q->r, packed_at(q, c->pos) + 14, c->flags, 2);
}

void packed_kick(struct packed *q)
{
	wr(q->r, REG_QueueNotify, q->queue);
}

bool packed_is_used(const struct packed *q)
{
	return (get(q->r, packed_at(q, q->seen) + 14, 2) & DESC_BITS) == packed_used_bits(q->seen);
}

void packed_wait(struct packed *q)
{
	const uint64_t end = q->r->clock + q->r->limit;

	for (; !packed_is_used(q); rig_clock(q->r))
		if (q->r->clock >= end)
			rig_fail(q->r, NULL, 0,
				 "expected a used descriptor in slot %u of queue %u within %llu clocks, found none; "
				 "error code %u",
				 q->seen & POS_SLOT, q->queue, (unsigned long long)q->r->limit,
				 rd(q->r, REG_ErrorCode));
}

struct used packed_take(struct packed *q, const struct packed_chain *c)
{
	const uint64_t at = packed_at(q, q->seen);
	const struct used used = {(uint32_t)get(q->r, at + 12, 2), (uint32_t)get(q->r, at + 8, 4)};

	if (!packed_is_used(q))
		rig_fail(q->r, NULL, 0, "expected a used descriptor in slot %u, found none", q->seen & POS_SLOT);
	if (used.id != c->id)
		rig_fail(q->r, NULL, 0, "the used descriptor's id: expected %u, found %u", c->id, used.id);
	q->seen = packed_after(q, q->seen, c->slots);
	return used;
}

void packed_event(struct packed *q, unsigned flags, uint16_t pos)
{
	put(q->r, q->driver, pos | (uint32_t)flags << 16, 4);
}

uint32_t packed_device_event(const struct packed *q)
{
	return (uint32_t)get(q->r, q->device, 4);
}

bool packed_wants_kick(const struct packed *q, uint16_t old, uint16_t new)
{
	const uint32_t event = packed_device_event(q);

	if (event >> 16 == EVENT_DESC)
		return packed_passes(q, old, new, (uint16_t)event);
	return event >> 16 == EVENT_ENABLE;
}

struct packed_chain packed_blk_write(struct packed *q, struct blk *b, unsigned pieces)
{
	struct seg segs[SEGS_MAX];
	const unsigned count = blk_segs(b, segs, pieces == PACKED_TABLE ? 1 : pieces);

	put(q->r, b->status, BLK_UNTOUCHED, 1);
	return pieces == PACKED_TABLE ? packed_table(q, segs, count, q->id++) : packed_list(q, segs, count, q->id++);
}

struct packed_chain packed_blk(struct packed *q, struct blk *b, unsigned pieces)
{
	const struct packed_chain c = packed_blk_write(q, b, pieces);

	packed_publish(q, &c);
	return c;
}

uint8_t packed_blk_wait(struct packed *q, struct blk *b, const struct packed_chain *c)
{
	packed_wait(q);
	b->used = packed_take(q, c);
	return (uint8_t)get(q->r, b->status, 1);
}

uint8_t packed_blk_do(struct packed *q, struct blk *b, unsigned pieces)
{
	const struct packed_chain c = packed_blk(q, b, pieces);

	packed_kick(q);
	return packed_blk_wait(q, b, &c);
}

void packed_check_serves(struct packed *q)
{
	struct blk b = blk_make(q->r, BLK_IN, 1, 512);

	CHECK_EQ(q->r, packed_blk_do(q, &b, q->num < 3 ? PACKED_TABLE : 1), BLK_OK);
	CHECK_BYTES(q->r, b.data, q->r->disk_bytes + 512, 512);
}
