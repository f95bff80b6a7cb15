/* SPDX-License-Identifier: Apache-2.0
 * ring_split.c: the driver's side of the split ring, virtio 1.2, 2.7: descriptors, indirect tables, and who tells whom
 * when. */
#include "ring.h"

#include <string.h>

static void place(struct driver *d, struct queue *q, uint64_t base)
{
	const uint32_t drawn = 1u << sim_rng_below(&d->rng, d->s.max_num_log2 + 1);
	const uint32_t num = drawn < VIO_QUEUE_NUM_MAX ? drawn : VIO_QUEUE_NUM_MAX;

	q->num = (uint16_t)num;
	q->desc = ring_place(d, base, 40960 - 16, 16 * num, 16);
	q->avail = ring_place(d, base + 40960, 8192 - 2, 6 + 2 * num, 2);
	q->used = ring_place(d, base + 49152, 16384 - 4, 6 + 8 * num, 4);
}

static void begin(struct driver *d, struct queue *q)
{
	driver_put32(d, q->avail, 0);
	driver_put32(d, q->used, 0);
	q->used_event = driver_get16(d, q->avail + 4 + 2u * q->num);
	if (driver_has(d, F_EVENT_IDX))
		driver_put16(d, q->used + 4 + 8u * q->num, 0);
	for (unsigned i = 0; i < q->num; i++)
		q->free[i] = (uint16_t)i;
}

/* Takes a free descriptor: from anywhere, or the one after the last. */
static uint16_t take_desc(struct driver *d, struct queue *q)
{
	unsigned i = 0;
	uint16_t desc;

	if (!d->s.contiguous) {
		i = sim_rng_below(&d->rng, q->free_count);
	} else {
		for (unsigned best = UINT32_MAX, k = 0; k < q->free_count; k++) {
			unsigned distance = (q->free[k] - q->cursor) & (q->num - 1u);

			if (distance < best) {
				best = distance;
				i = k;
			}
		}
		q->cursor = q->free[i] + 1u;
	}
	desc = q->free[i];
	q->free[i] = q->free[--q->free_count];
	return desc;
}

static void write_desc(struct driver *d, uint64_t at, uint64_t addr, uint32_t len, unsigned flags, uint16_t next)
{
	score_write(&d->score, at, &addr, 8);
	driver_put32(d, at + 8, len);
	driver_put16(d, at + 12, (uint16_t)flags);
	driver_put16(d, at + 14, next);
}

static void submit(struct driver *d, struct queue *q, struct request *r)
{
	for (unsigned i = 0; i < r->direct; i++)
		r->descs[i] = take_desc(d, q);
	if (r->indirect) {
		r->link = take_desc(d, q);
		write_desc(d, ring_link(q, r), r->table, DESC_BYTES * r->entries,
			   DESC_INDIRECT | (sim_rng_chance(&d->rng, 512) ? DESC_WRITE : 0),
			   (uint16_t)sim_rng_next(&d->rng));
	}
	r->head = r->direct != 0 ? r->descs[0] : r->link;
	for (unsigned i = 0; i < r->count; i++) {
		const struct piece *p = &r->pieces[i];
		bool to_link = r->indirect && i + 1 == r->direct, more = to_link || i + 1 < r->count;
		uint16_t next = to_link ? r->link : more ? r->descs[i + 1] : (uint16_t)sim_rng_next(&d->rng);

		if (r->wild && !more)
			next = 0xffff; /* not a way out of the chain, should NEXT be set there */
		write_desc(d, ring_desc(q, r, i), p->addr, p->len,
			   (more ? DESC_NEXT : 0u) | (p->write ? DESC_WRITE : 0u), next);
	}
	driver_put16(d, q->avail + 4 + 2u * (q->avail_idx & (q->num - 1u)), r->head);
	q->avail_idx++;
}

static void release(struct queue *q, const struct request *r)
{
	for (unsigned i = 0; i < r->direct; i++)
		q->free[q->free_count++] = r->descs[i];
	if (r->indirect)
		q->free[q->free_count++] = r->link;
}

/* virtio 1.2, 2.7.10: idx went from old to new; has it passed event? */
static bool passed(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

static bool publish(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint16_t event = driver_get16(d, q->used + 4 + 8u * q->num);
	bool tell = !driver_has(d, F_EVENT_IDX) || passed(event, q->avail_idx, q->shown_idx);

	if (q->shown_idx == q->avail_idx)
		return false;
	driver_put16(d, q->avail + 2, q->avail_idx);
	q->shown_idx = q->avail_idx;
	machine_log(d->m, "AVAIL q%u idx %u%s", qi, q->avail_idx, tell || q->kick ? "" : ", no notification wanted");
	return tell;
}

static uint16_t position(const struct queue *q)
{
	return q->shown_idx;
}

/* True when the last move of used idx is a reason for an interrupt (virtio 1.2, 2.7.7.2 and 2.7.10). */
static bool wants_interrupt(const struct driver *d, const struct queue *q)
{
	if (driver_has(d, F_EVENT_IDX))
		return passed(q->used_event, q->batch_to, q->batch_from);
	return q->batch_to != q->batch_from && q->flags == 0;
}

/* One new element of the used ring. */
static void take_used(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t at = q->used + 4 + 8u * (q->used_idx & (q->num - 1u));

	score_accept(&d->score, at, 8);
	ring_complete(d, qi, 0, driver_get32(d, at), driver_get32(d, at + 4));
	q->used_idx++;
	d->wrapped |= q->used_idx == 0;
	if (q->used_idx > d->highest_idx)
		d->highest_idx = q->used_idx;
}

static void watch_used(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint16_t idx = driver_get16(d, q->used + 2), fresh = (uint16_t)(idx - q->used_idx);
	uint16_t posted = (uint16_t)(q->count - (uint16_t)(q->avail_idx - q->shown_idx));

	if (fresh == 0)
		return;
	if (fresh > posted) {
		score_fail(&d->score, "queue %u: used idx %u, but only %u requests after %u were made available", qi,
			   idx, posted, q->used_idx);
		return;
	}
	q->batch_from = q->used_idx;
	while (q->used_idx != idx && !score_failed(&d->score))
		take_used(d, qi);
	score_accept(&d->score, q->used + 2, 2);
	q->batch_to = idx;
	if (wants_interrupt(d, q))
		ring_owe(d, q);
}

/* Without EVENT_IDX avail_event must stay: then the comparison of all memory sees it. */
static void watch_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t at = q->used + 4 + 8u * q->num;
	uint16_t event;

	if (!driver_has(d, F_EVENT_IDX) || (event = driver_get16(d, at)) == q->avail_event)
		return;
	if ((uint16_t)(event - q->used_idx) > (uint16_t)(q->shown_idx - q->used_idx))
		score_fail(&d->score, "queue %u: avail_event is %u, but the device has taken %u to %u entries", qi,
			   event, q->used_idx, q->shown_idx);
	q->avail_event = event;
	score_accept(&d->score, at, 2);
	machine_log(d->m, "EVENT q%u avail_event %u", qi, event);
}

static void watch(struct driver *d, unsigned qi)
{
	watch_used(d, qi);
	watch_event(d, qi);
}

/* Elements are written before idx tells of them. */
static void lose(struct driver *d, struct queue *q)
{
	for (unsigned k = 0; k < q->count; k++)
		score_accept(&d->score, q->used + 4 + 8u * ((q->used_idx + k) & (q->num - 1u)), 8);
}

/* The driver's wish changed, perhaps while the device was asking for it: either answer to the last batch is good. */
static void wish_changed(struct driver *d, struct queue *q, bool before)
{
	if (wants_interrupt(d, q) == before)
		return;
	d->irq_unsure = true;
	q->owed = false;
	if (!before)
		d->irq_credit++;
}

static void set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	struct queue *q = &d->queues[qi];
	bool before = wants_interrupt(d, q);

	if (q->flags == flags)
		return;
	q->flags = flags;
	wish_changed(d, q, before);
	driver_put16(d, q->avail, flags);
	machine_log(d->m, "FLAGS q%u %u", qi, flags);
}

static void set_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	bool before = wants_interrupt(d, q);
	uint16_t event = q->used_idx;

	if (sim_rng_chance(&d->rng, 100))
		event = (uint16_t)sim_rng_next(&d->rng);
	else if (sim_rng_chance(&d->rng, 100))
		event = (uint16_t)(event - 1 - sim_rng_below(&d->rng, 3));
	else if (sim_rng_chance(&d->rng, 512))
		event = (uint16_t)(event + sim_rng_below(&d->rng, q->count + 2));
	q->used_event = event;
	wish_changed(d, q, before);
	driver_put16(d, q->avail + 4 + 2u * q->num, event);
	machine_log(d->m, "EVENT q%u used_event %u at %u", qi, event, q->used_idx);
}

static void check_quiet(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	q->batch_from = q->batch_to;
	if (driver_has(d, F_EVENT_IDX) && q->avail_event != q->shown_idx)
		score_fail(&d->score, "queue %u: avail_event is %u, so nobody will tell of entry %u", qi,
			   q->avail_event, q->shown_idx);
}

static void turn_flags(struct driver *d, struct queue *q, struct request *r, unsigned piece, uint16_t flags,
		       int32_t next)
{
	uint64_t at = (piece < r->count ? ring_desc(q, r, piece) : ring_link(q, r)) + 12;

	driver_put16(d, at, driver_get16(d, at) ^ flags);
	if (next >= 0)
		driver_put16(d, at + 2, (uint16_t)next);
}

const struct ring_ops ring_split = {
	.place = place,
	.begin = begin,
	.submit = submit,
	.release = release,
	.publish = publish,
	.position = position,
	.watch = watch,
	.lose = lose,
	.set_flags = set_flags,
	.set_event = set_event,
	.check_quiet = check_quiet,
	.turn_flags = turn_flags,
};
