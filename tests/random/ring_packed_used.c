/* SPDX-License-Identifier: Apache-2.0
 * ring_packed_used.c: used descriptors of a packed ring, and who tells whom when; virtio 1.2, 2.8.10 and 2.8.12. */
#include "ring_packed.h"

enum { CHECK_CLOCKS = 64 };

/* What the device's event structure says of a driver that went from..to. */
bool packed_wants_notification(struct driver *d, const struct queue *q, uint32_t from, uint32_t to)
{
	uint16_t flags = driver_get16(d, q->used + 2);

	if (flags == EVENT_DESC)
		return packed_passed(q, packed_event(q, driver_get16(d, q->used)), from, to);
	return flags == EVENT_ENABLE;
}

/* What the driver's event structure says of a used descriptor for from..to. What it does not define, enables. */
static bool wants_interrupt(const struct driver *d, const struct queue *q, uint32_t from, uint32_t to)
{
	if (q->flags == EVENT_DESC && driver_has(d, F_EVENT_IDX))
		return packed_passed(q, packed_event(q, q->used_event), from, to);
	return q->flags != EVENT_DISABLE;
}

/* The chain that has this id, as a place in q->order; q->count when there is none. */
static unsigned find_id(const struct queue *q, uint16_t id)
{
	unsigned i = 0;

	for (; i < q->count; i++) {
		const struct request *r = q->order[(q->first + i) % DRIVER_SLABS];

		if (r->shown && r->head == id)
			break;
	}
	return i;
}

/* Flags of a used descriptor: both bits are the wrap counter, and WRITE stands where len tells something. */
static void check_flags(struct driver *d, unsigned qi, uint16_t flags, uint32_t len)
{
	if ((flags & ~(FLAG_AVAIL | FLAG_USED | DESC_WRITE)) != 0)
		score_fail(&d->score, "queue %u: used flags 0x%04x have reserved bits", qi, flags);
	if (len != 0 && (flags & DESC_WRITE) == 0)
		score_fail(&d->score, "queue %u: used len %u without WRITE", qi, len);
}

/* A chain that the driver changes behind its back may end anywhere, and then its rest is chains, too: from there on nobody
 * can say what belongs to what. */
static bool adrift(const struct queue *q, unsigned place)
{
	bool wild = false;

	for (unsigned i = 0; i < q->count; i++)
		wild |= q->order[(q->first + i) % DRIVER_SLABS]->wild && (place == q->count || place == i);
	return wild;
}

/* The used descriptor at the device's position. */
static void take_used(struct driver *d, unsigned qi, uint64_t at, uint16_t flags)
{
	struct queue *q = &d->queues[qi];
	uint16_t id = driver_get16(d, at + 12);
	uint32_t len = driver_get32(d, at + 8), from = q->used_pos;
	unsigned i = find_id(q, id);

	if (adrift(q, i)) {
		q->adrift = true;
		return;
	}
	if (i == q->count || (i != 0 && driver_has(d, F_IN_ORDER))) {
		score_fail(&d->score, "queue %u: used id %u at slot %u is %s", qi, id, from % q->num,
			   i == q->count ? "of no chain that was made available" : "not the oldest, with IN_ORDER");
		return;
	}
	check_flags(d, qi, flags, len);
	score_accept(&d->score, at + 8, 8);
	q->used_pos = packed_past(q, from, packed_slots(q->order[(q->first + i) % DRIVER_SLABS]));
	d->wrapped |= q->used_pos < from;
	q->unsettled = true;
	ring_complete(d, qi, i, id, len);
	if (wants_interrupt(d, q, from, q->used_pos))
		ring_owe(d, q);
}

/* The device's event structure: offset and wrap counter, then flags, whose reserved bits are 0. */
static void watch_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint32_t event = driver_get32(d, q->used), flags = event >> 16;

	if (event == q->device_event)
		return;
	q->device_event = event;
	machine_log(d->m, "EVENT q%u device flags 0x%x at 0x%x", qi, flags, event & 0xffff);
	score_accept(&d->score, q->used, 4);
	if (flags > EVENT_DESC || (flags == EVENT_DESC && !driver_has(d, F_EVENT_IDX)))
		score_fail(&d->score, "queue %u: the device's event flags are 0x%x", qi, flags);
	else if (flags == EVENT_DESC && (event & 0x7fff) >= q->num)
		score_fail(&d->score, "queue %u: the device's event is at slot %u of %u", qi, event & 0x7fff, q->num);
}

void packed_watch(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	while (!score_failed(&d->score) && !q->adrift) {
		uint64_t at = packed_slot(q, q->used_pos);
		uint16_t flags = driver_get16(d, at + 14),
			 both = packed_wrap(q, q->used_pos) ? FLAG_AVAIL | FLAG_USED : 0;

		if (q->count == 0 || (flags & (FLAG_AVAIL | FLAG_USED)) != both)
			break;
		take_used(d, qi, at, flags);
	}
	watch_event(d, qi);
	if (d->m->cycle % CHECK_CLOCKS == 0 && !q->adrift)
		score_same(&d->score, q->desc, (uint64_t)DESC_BYTES * q->num, "the ring");
}

/* A used descriptor is visible as a whole, so nothing is half done. */
void packed_lose(struct driver *d, struct queue *q)
{
	for (uint32_t i = 0; i < q->num && q->adrift; i++)
		score_accept(&d->score, packed_slot(q, i) + 8, 8);
}

/* The driver's event structure changes. The device may be asking for it just now, for what was used since the last quiet
 * moment: either answer is good then. */
static void write_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	if (q->unsettled) {
		d->irq_unsure = true;
		q->owed = false;
		d->irq_credit++;
	}
	driver_put32(d, q->avail, (uint32_t)q->flags << 16 | q->used_event);
	machine_log(d->m, "EVENT q%u driver flags %u at 0x%x", qi, q->flags, q->used_event);
}

/* Half of the sessions change their mind in quiet moments alone, and so know what must come of it. */
static bool may_change(const struct driver *d, const struct queue *q)
{
	return d->s.toggle_flags || !q->unsettled;
}

void packed_set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	struct queue *q = &d->queues[qi];

	if (q->flags == flags || !may_change(d, q))
		return;
	q->flags = flags;
	write_event(d, qi);
}

/* Without EVENT_IDX the offset means nothing. */
void packed_set_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint32_t ahead = sim_rng_below(&d->rng, sim_rng_chance(&d->rng, 100) ? 2u * q->num : q->count + 2);

	if (!may_change(d, q))
		return;
	q->used_event = packed_off_wrap(q, packed_past(q, q->used_pos, ahead));
	if (driver_has(d, F_EVENT_IDX) && sim_rng_chance(&d->rng, 900))
		q->flags = EVENT_DESC;
	write_event(d, qi);
}

void packed_check_quiet(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	q->unsettled = false;
	if (!packed_wants_notification(d, q, q->shown_pos, packed_past(q, q->shown_pos, 1)))
		score_fail(&d->score, "queue %u: the device's event is 0x%x, so nobody will tell of slot %u", qi,
			   q->device_event, q->shown_pos % q->num);
}
