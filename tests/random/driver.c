/* SPDX-License-Identifier: Apache-2.0
 * driver.c: queues, and what passes through them; see driver.h. Starting and stopping are in session.c. */
#include "driver.h"

#include <assert.h>
#include <string.h>

enum { DESC_NEXT = 1, DESC_WRITE = 2 };

uint16_t driver_get16(const struct driver *d, uint64_t addr)
{
	uint16_t value;

	memcpy(&value, d->score.mem + (addr - d->score.base), 2);
	return value;
}

uint32_t driver_get32(const struct driver *d, uint64_t addr)
{
	uint32_t value;

	memcpy(&value, d->score.mem + (addr - d->score.base), 4);
	return value;
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

static void write_desc(struct driver *d, const struct queue *q, uint16_t index, const struct piece *p, bool more,
		       uint16_t next)
{
	uint64_t at = q->desc + 16u * index;

	score_write(&d->score, at, &p->addr, 8);
	driver_put32(d, at + 8, p->len);
	driver_put16(d, at + 12, (uint16_t)((more ? DESC_NEXT : 0) | (p->write ? DESC_WRITE : 0)));
	driver_put16(d, at + 14, next);
}

struct request *driver_claim(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	if (!q->ready || q->free_count == 0 || q->count == DRIVER_SLABS)
		return NULL;
	for (unsigned i = 0; i < d->s.slabs; i++) {
		struct request *r = &d->requests[i];

		if (r->in_use)
			continue;
		r->slab = i;
		r->count = 0;
		r->wild = false;
		return r;
	}
	return NULL;
}

void driver_submit(struct driver *d, unsigned qi, struct request *r)
{
	struct queue *q = &d->queues[qi];

	assert(r->count != 0 && r->count <= q->free_count);
	r->in_use = true;
	r->number = d->posted++;
	for (unsigned i = 0; i < r->count; i++)
		r->descs[i] = take_desc(d, q);
	for (unsigned i = 0; i < r->count; i++) {
		bool more = i + 1 < r->count;
		uint16_t next = more ? r->descs[i + 1] : (uint16_t)sim_rng_next(&d->rng);

		write_desc(d, q, r->descs[i], &r->pieces[i], more, next);
	}
	driver_put16(d, q->avail + 4 + 2u * (q->avail_idx & (q->num - 1u)), r->descs[0]);
	q->avail_idx++;
	q->order[(q->first + q->count++) % DRIVER_SLABS] = r;
	d->in_flight++;
	machine_log(d->m, "POST q%u #%u type %u sector %llu r %u w %u descs %u", qi, r->descs[0], r->type,
		    (unsigned long long)r->sector, r->readable, r->writable, r->count);
}

bool driver_post(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	struct request *r = driver_claim(d, qi);
	unsigned most;

	if (r == NULL)
		return false;
	most = q->free_count < d->s.max_pieces ? q->free_count : d->s.max_pieces;
	if (most > SCORE_PIECES)
		most = SCORE_PIECES;
	if (most < 3 && q->num >= 3 && q->count != 0)
		return false; /* worth waiting for room */
	shape_request(d, r, most);
	driver_submit(d, qi, r);
	return true;
}

void driver_publish(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	if (!q->ready || q->shown_idx == q->avail_idx)
		return;
	driver_put16(d, q->avail + 2, q->avail_idx);
	q->shown_idx = q->avail_idx;
	q->kick = true;
	machine_log(d->m, "AVAIL q%u idx %u", qi, q->avail_idx);
}

void driver_kick(struct driver *d, unsigned qi)
{
	machine_log(d->m, "W QueueNotify %u", qi);
	d->queues[qi].kick = false;
	machine_write(d->m, 0x050, qi);
}

void driver_set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	struct queue *q = &d->queues[qi];

	if (!q->ready || q->flags == flags)
		return;
	q->flags = flags;
	q->owed = false; /* the device may see the old flags or the new */
	if (flags == 0)
		d->irq_credit++;
	driver_put16(d, q->avail, flags);
	machine_log(d->m, "FLAGS q%u %u", qi, flags);
}

void driver_ack(struct driver *d)
{
	uint32_t isr = machine_read(d->m, 0x060);

	machine_log(d->m, "R InterruptStatus 0x%x", isr);
	if ((isr & ~(uint32_t)d->isr_allowed) != 0)
		score_fail(&d->score, "InterruptStatus is 0x%x", isr);
	if (isr == 0)
		return;
	machine_log(d->m, "W InterruptACK 0x%x", isr);
	machine_write(d->m, 0x064, isr);
}

/* The oldest request of a queue is over: its descriptors are free. */
static struct request *retire(struct driver *d, struct queue *q)
{
	struct request *r = q->order[q->first];

	q->first = (q->first + 1) % DRIVER_SLABS;
	q->count--;
	d->in_flight--;
	for (unsigned i = 0; i < r->count; i++)
		q->free[q->free_count++] = r->descs[i];
	r->in_use = false;
	return r;
}

/* One new element of the used ring. */
static void take_used(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t at = q->used + 4 + 8u * (q->used_idx & (q->num - 1u));
	uint32_t id = driver_get32(d, at), len = driver_get32(d, at + 4);

	machine_log(d->m, "USED q%u #%u len %u", qi, id, len);
	score_accept(&d->score, at, 8);
	score_complete(&d->score, retire(d, q), id, len);
	q->used_idx++;
	d->done++;
	d->wrapped |= q->used_idx == 0;
	if (q->used_idx > d->highest_idx)
		d->highest_idx = q->used_idx;
}

static void watch_queue(struct driver *d, unsigned qi)
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
	while (q->used_idx != idx && !score_failed(&d->score))
		take_used(d, qi);
	score_accept(&d->score, q->used + 2, 2);
	machine_progress(d->m);
	if (q->flags == 0) {
		q->owed = true;
		q->owed_from = d->m->cycle + d->s.mem.read_latency;
		d->irq_credit++;
	}
}

/* An interrupt comes for a reason, and when there is one, it comes (virtio 1.2, 2.7.7.2). */
static void watch_irq(struct driver *d, bool irq)
{
	if (irq != d->m->irq)
		machine_log(d->m, "IRQ %d", irq);
	if (irq && !d->m->irq) {
		if (d->irq_credit == 0 && d->isr_allowed == 1)
			score_fail(&d->score, "interrupt without a reason");
		if (d->irq_credit != 0)
			d->irq_credit--;
	}
	d->m->irq = irq;
	for (unsigned i = 0; irq && i < VIO_QUEUES; i++)
		if (d->queues[i].owed && d->m->cycle >= d->queues[i].owed_from)
			d->queues[i].owed = false;
}

void driver_watch(void *driver, struct machine *m)
{
	struct driver *d = driver;

	for (unsigned i = 0; i < VIO_QUEUES; i++)
		if (d->queues[i].ready)
			watch_queue(d, i);
	watch_irq(d, m->dut->out.irq);
	if (score_failed(&d->score))
		machine_fail(m, "%s", d->score.error);
}

void driver_drain(struct driver *d)
{
	struct machine *m = d->m;

	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		driver_publish(d, i);
		if (d->queues[i].kick)
			driver_kick(d, i);
	}
	while (d->in_flight != 0 && !machine_failed(m))
		machine_clock(m);
	machine_progress(m);
	machine_settle(m);
	if (machine_failed(m))
		return;
	machine_log(m, "QUIET done %u", d->done);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		if (d->queues[i].owed && m->cycle >= d->queues[i].owed_from)
			score_fail(&d->score, "queue %u: an interrupt was due and did not come", i);
	d->irq_credit = 0;
	score_compare(&d->score);
	if (score_failed(&d->score))
		machine_fail(m, "%s", d->score.error);
}

void driver_forget_all(struct driver *d)
{
	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		struct queue *q = &d->queues[i];
		unsigned lost = q->count;

		for (unsigned k = 0; k < lost; k++) {
			score_accept(&d->score, q->used + 4 + 8u * ((q->used_idx + k) & (q->num - 1u)), 8);
			score_forget(&d->score, q->order[q->first]);
			retire(d, q);
		}
		d->abandoned += lost;
		q->owed = false;
		q->ready = false;
	}
}
