/* SPDX-License-Identifier: Apache-2.0
 * ring.c: the driver's side of the split ring, virtio 1.2, 2.7: descriptors, indirect tables, and who tells whom when.
 */
#include <assert.h>
#include <string.h>
#include "driver.h"

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_BYTES = 16 };

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

uint64_t ring_desc(const struct queue *q, const struct request *r, unsigned piece)
{
	return (piece < r->direct ? q->desc : r->table) + (uint64_t)DESC_BYTES * r->descs[piece];
}

static void write_desc(struct driver *d, uint64_t at, uint64_t addr, uint32_t len, unsigned flags, uint16_t next)
{
	score_write(&d->score, at, &addr, 8);
	driver_put32(d, at + 8, len);
	driver_put16(d, at + 12, (uint16_t)flags);
	driver_put16(d, at + 14, next);
}

/* Which entries the pieces of a table take: the first is entry 0, the others in order or anywhere. */
static void order_table(struct driver *d, struct request *r)
{
	static uint16_t order[DRIVER_ENTRIES];
	unsigned n = r->count - r->direct;

	for (unsigned i = 0; i < r->entries; i++)
		order[i] = (uint16_t)i;
	if (sim_rng_chance(&d->rng, 512)) {
		for (unsigned i = 1; i < n; i++) {
			unsigned k = i + sim_rng_below(&d->rng, r->entries - i);
			uint16_t swap = order[i];

			order[i] = order[k];
			order[k] = swap;
		}
	}
	memcpy(r->descs + r->direct, order, n * sizeof(order[0]));
}

void ring_use_table(struct driver *d, const struct queue *q, struct request *r)
{
	uint64_t from = d->score.base + DRIVER_TABLES_AT + (uint64_t)r->slab * DRIVER_TABLE_BYTES;
	unsigned most = r->count < q->free_count ? r->count : q->free_count, n, spare;

	r->indirect = true;
	r->direct = sim_rng_chance(&d->rng, 600) ? 0 : sim_rng_below(&d->rng, most);
	n = r->count - r->direct;
	assert(n <= DRIVER_ENTRIES);
	spare = DRIVER_ENTRIES - n;
	if (sim_rng_chance(&d->rng, 900) && spare > 8)
		spare = 8;
	r->entries = n + (sim_rng_chance(&d->rng, 400) ? 0 : sim_rng_below(&d->rng, spare + 1));
	r->table = from + sim_rng_below(&d->rng, 4096);
	if (sim_rng_chance(&d->rng, 300))
		r->table &= ~15ull;
	order_table(d, r);
	for (uint32_t i = 0; i < 4 * r->entries; i++)
		driver_put32(d, r->table + 4 * i, sim_rng_next(&d->rng));
}

void driver_submit(struct driver *d, unsigned qi, struct request *r)
{
	struct queue *q = &d->queues[qi];

	if (!r->indirect)
		r->direct = r->count;
	assert(r->count != 0 && r->direct + r->indirect <= q->free_count);
	r->in_use = true;
	r->number = d->posted++;
	r->posted = d->m->cycle;
	for (unsigned i = 0; i < r->direct; i++)
		r->descs[i] = take_desc(d, q);
	if (r->indirect) {
		r->link = take_desc(d, q);
		write_desc(d, q->desc + (uint64_t)DESC_BYTES * r->link, r->table, DESC_BYTES * r->entries,
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
	q->order[(q->first + q->count++) % DRIVER_SLABS] = r;
	d->in_flight++;
	machine_log(d->m, "POST q%u #%u type %u sector %llu r %u w %u descs %u table %u", qi, r->head, r->type,
		    (unsigned long long)r->sector, r->readable, r->writable, r->count, r->indirect ? r->entries : 0);
}

struct request *ring_retire(struct driver *d, struct queue *q)
{
	struct request *r = q->order[q->first];

	q->first = (q->first + 1) % DRIVER_SLABS;
	q->count--;
	d->in_flight--;
	for (unsigned i = 0; i < r->direct; i++)
		q->free[q->free_count++] = r->descs[i];
	if (r->indirect)
		q->free[q->free_count++] = r->link;
	r->in_use = false;
	return r;
}

/* virtio 1.2, 2.7.10: idx went from old to new; has it passed event? */
static bool passed(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

void driver_publish(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint16_t event;

	if (!q->ready || q->shown_idx == q->avail_idx)
		return;
	driver_put16(d, q->avail + 2, q->avail_idx);
	event = driver_get16(d, q->used + 4 + 8u * q->num);
	if (!driver_has(d, F_EVENT_IDX) || passed(event, q->avail_idx, q->shown_idx))
		q->kick = true;
	q->shown_idx = q->avail_idx;
	machine_log(d->m, "AVAIL q%u idx %u%s", qi, q->avail_idx, q->kick ? "" : ", no notification wanted");
}

/* virtio 1.2, 2.9 and 4.2.3.3: with NOTIFICATION_DATA the upper half says where the driver is. The device must not lean on
 * it: it may be old when it arrives. */
void driver_kick(struct driver *d, unsigned qi)
{
	uint32_t value = qi;

	if (driver_has(d, F_NOTIFICATION_DATA) && sim_rng_chance(&d->rng, 800))
		value |= (uint32_t)d->queues[qi].shown_idx << 16;
	else if (driver_has(d, F_NOTIFICATION_DATA))
		value |= sim_rng_next(&d->rng) << 16;
	machine_log(d->m, "W QueueNotify 0x%x", value);
	d->queues[qi].kick = false;
	machine_write(d->m, 0x050, value);
}

bool ring_wants_interrupt(const struct driver *d, const struct queue *q)
{
	if (driver_has(d, F_EVENT_IDX))
		return passed(q->used_event, q->batch_to, q->batch_from);
	return q->batch_to != q->batch_from && q->flags == 0;
}

/* The driver's wish changed, perhaps while the device was asking for it: either answer to the last batch is good. */
static void wish_changed(struct driver *d, struct queue *q, bool before)
{
	if (ring_wants_interrupt(d, q) == before)
		return;
	d->irq_unsure = true;
	q->owed = false;
	if (!before)
		d->irq_credit++;
}

void driver_set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	struct queue *q = &d->queues[qi];
	bool before = ring_wants_interrupt(d, q);

	if (!q->ready || q->flags == flags)
		return;
	q->flags = flags;
	wish_changed(d, q, before);
	driver_put16(d, q->avail, flags);
	machine_log(d->m, "FLAGS q%u %u", qi, flags);
}

void driver_set_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	bool before = ring_wants_interrupt(d, q);
	uint16_t event = q->used_idx;

	if (!q->ready)
		return;
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

/* Without EVENT_IDX avail_event must stay: then the comparison of all memory sees it. */
void ring_watch_event(struct driver *d, unsigned qi)
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
