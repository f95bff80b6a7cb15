/* SPDX-License-Identifier: Apache-2.0
 * ring.c: what both formats of a ring have in common; see ring.h. */
#include "ring.h"

#include <assert.h>
#include <string.h>

uint64_t ring_place(struct driver *d, uint64_t from, uint32_t room, uint32_t bytes, uint32_t align)
{
	return (from + sim_rng_below(&d->rng, room - bytes) + align - 1) & ~(uint64_t)(align - 1);
}

uint64_t ring_desc(const struct queue *q, const struct request *r, unsigned piece)
{
	return (piece < r->direct ? q->desc : r->table) + (uint64_t)DESC_BYTES * r->descs[piece];
}

uint64_t ring_link(const struct queue *q, const struct request *r)
{
	return q->desc + (uint64_t)DESC_BYTES * r->link;
}

/* Which entries the pieces of a table take: the first is entry 0, the others in order or anywhere. */
static void order_table(struct driver *d, struct request *r)
{
	static uint16_t order[DRIVER_ENTRIES];
	unsigned n = r->count - r->direct;

	for (unsigned i = 0; i < r->entries; i++)
		order[i] = (uint16_t)i;
	if (!driver_has(d, F_RING_PACKED) && sim_rng_chance(&d->rng, 512)) {
		for (unsigned i = 1; i < n; i++) {
			unsigned k = i + sim_rng_below(&d->rng, r->entries - i);
			uint16_t swap = order[i];

			order[i] = order[k];
			order[k] = swap;
		}
	}
	memcpy(r->descs + r->direct, order, n * sizeof(order[0]));
}

/* How many pieces stand before the table, and entries that no piece takes. A packed ring has neither. */
static void shape_table(struct driver *d, const struct queue *q, struct request *r)
{
	unsigned most = r->count < q->free_count ? r->count : q->free_count, n, spare;

	r->direct = 0;
	r->entries = r->count;
	if (driver_has(d, F_RING_PACKED))
		return;
	r->direct = sim_rng_chance(&d->rng, 600) ? 0 : sim_rng_below(&d->rng, most);
	n = r->count - r->direct;
	spare = DRIVER_ENTRIES - n;
	if (sim_rng_chance(&d->rng, 900) && spare > 8)
		spare = 8;
	r->entries = n + (sim_rng_chance(&d->rng, 400) ? 0 : sim_rng_below(&d->rng, spare + 1));
}

void ring_use_table(struct driver *d, const struct queue *q, struct request *r)
{
	uint64_t from = d->score.base + DRIVER_TABLES_AT + (uint64_t)r->slab * DRIVER_TABLE_BYTES;

	r->indirect = true;
	shape_table(d, q, r);
	assert(r->entries <= DRIVER_ENTRIES);
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
	q->ops->submit(d, q, r);
	q->order[(q->first + q->count++) % DRIVER_SLABS] = r;
	d->in_flight++;
	machine_log(d->m, "POST q%u #%u type %u sector %llu r %u w %u descs %u table %u", qi, r->head, r->type,
		    (unsigned long long)r->sector, r->readable, r->writable, r->count, r->indirect ? r->entries : 0);
}

void driver_publish(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	if (q->ready && q->ops->publish(d, qi))
		q->kick = true;
}

/* virtio 1.2, 2.9 and 4.2.3.3: with NOTIFICATION_DATA the upper half says where the driver is. The device must not lean on
 * it: it may be old when it arrives. */
void driver_kick(struct driver *d, unsigned qi)
{
	const struct queue *q = &d->queues[qi];
	uint32_t value = qi;

	if (driver_has(d, F_NOTIFICATION_DATA) && q->ops != NULL && sim_rng_chance(&d->rng, 800))
		value |= (uint32_t)q->ops->position(q) << 16;
	else if (driver_has(d, F_NOTIFICATION_DATA))
		value |= sim_rng_next(&d->rng) << 16;
	machine_log(d->m, "W QueueNotify 0x%x", value);
	d->queues[qi].kick = false;
	machine_write(d->m, 0x050, value);
}

void driver_set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	if (d->queues[qi].ready)
		d->queues[qi].ops->set_flags(d, qi, flags);
}

void driver_set_event(struct driver *d, unsigned qi)
{
	if (d->queues[qi].ready)
		d->queues[qi].ops->set_event(d, qi);
}

/* Takes the request at this place out of the row, and closes the gap. */
static struct request *remove_at(struct queue *q, unsigned place)
{
	struct request *r = q->order[(q->first + place) % DRIVER_SLABS];

	for (; place > 0; place--)
		q->order[(q->first + place) % DRIVER_SLABS] = q->order[(q->first + place - 1) % DRIVER_SLABS];
	q->first = (q->first + 1) % DRIVER_SLABS;
	q->count--;
	return r;
}

void ring_complete(struct driver *d, unsigned qi, unsigned place, uint32_t id, uint32_t len)
{
	struct queue *q = &d->queues[qi];
	struct request *r = remove_at(q, place);

	machine_log(d->m, "USED q%u #%u len %u", qi, id, len);
	q->ops->release(q, r);
	r->in_use = false;
	d->in_flight--;
	d->done++;
	driver_judge(d, r, id, len);
	machine_progress(d->m);
}

void ring_owe(struct driver *d, struct queue *q)
{
	q->owed = d->irq_due = true;
	q->owed_from = d->m->cycle + d->s.mem.read_latency;
	d->irq_credit++;
}

void ring_forget(struct driver *d, struct queue *q)
{
	unsigned lost = q->count;

	if (lost != 0)
		q->ops->lose(d, q);
	for (unsigned i = 0; i < lost; i++) {
		struct request *r = q->order[(q->first + i) % DRIVER_SLABS];

		score_forget(&d->score, r);
		r->in_use = false;
	}
	q->count = 0;
	q->owed = q->ready = false;
	d->in_flight -= lost;
	d->abandoned += lost;
}
