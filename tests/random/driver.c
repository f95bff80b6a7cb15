/* SPDX-License-Identifier: Apache-2.0
 * driver.c: requests on their way to the device and back; see driver.h. Starting and stopping are in session.c. */
#include "driver.h"

#include <assert.h>
#include <string.h>

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
		r->wild = r->indirect = r->bus_error = false;
		return r;
	}
	return NULL;
}

bool driver_post(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	struct request *r = driver_claim(d, qi);
	unsigned most;
	bool table;

	if (r == NULL)
		return false;
	table = driver_has(d, F_INDIRECT_DESC) && sim_rng_chance(&d->rng, 600);
	if (table) {
		most = sim_rng_chance(&d->rng, 900) ? d->s.max_pieces : d->s.slabs > 32 ? 150 : 400;
		shape_request(d, r, most < 400 ? most : 400);
		ring_use_table(d, q, r);
		driver_submit(d, qi, r);
		return true;
	}
	most = q->free_count < d->s.max_pieces ? q->free_count : d->s.max_pieces;
	if (most > SCORE_PIECES)
		most = SCORE_PIECES;
	if (most < 3 && q->num >= 3 && q->count != 0)
		return false; /* worth waiting for room */
	shape_request(d, r, most);
	driver_submit(d, qi, r);
	return true;
}

void driver_ack(struct driver *d)
{
	uint32_t isr = machine_read(d->m, 0x060);

	machine_log(d->m, "R InterruptStatus 0x%x", isr);
	if ((isr & ~(uint32_t)d->isr_allowed) != 0)
		score_fail(&d->score, "InterruptStatus is 0x%x", isr);
	if (isr == 0 && !sim_rng_chance(&d->rng, 512))
		return;
	isr = isr != 0 ? isr : 1; /* a driver may acknowledge what is not there, or comes in just that clock */
	d->irq_unsure = true;     /* what is due may come before the next line, or after it */
	machine_log(d->m, "W InterruptACK 0x%x", isr);
	machine_write(d->m, 0x064, isr);
}

/* One new element of the used ring. */
static void take_used(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t at = q->used + 4 + 8u * (q->used_idx & (q->num - 1u));
	uint32_t id = driver_get32(d, at), len = driver_get32(d, at + 4);

	machine_log(d->m, "USED q%u #%u len %u", qi, id, len);
	score_accept(&d->score, at, 8);
	score_complete(&d->score, ring_retire(d, q), id, len);
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
	q->batch_from = q->used_idx;
	while (q->used_idx != idx && !score_failed(&d->score))
		take_used(d, qi);
	score_accept(&d->score, q->used + 2, 2);
	machine_progress(d->m);
	q->batch_to = idx;
	if (ring_wants_interrupt(d, q)) {
		q->owed = d->irq_due = true;
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
		if (d->queues[i].ready) {
			watch_queue(d, i);
			ring_watch_event(d, i);
		}
	watch_irq(d, m->dut->out.irq);
	if (score_failed(&d->score))
		machine_fail(m, "%s", d->score.error);
}

/* Nothing is in flight: an interrupt that is due has come, and the next entry will be notified of. */
static void check_quiet(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	q->batch_from = q->batch_to;
	if (q->owed && d->m->cycle >= q->owed_from)
		score_fail(&d->score, "queue %u: an interrupt was due and did not come", qi);
	if (q->ready && driver_has(d, F_EVENT_IDX) && q->avail_event != q->shown_idx)
		score_fail(&d->score, "queue %u: avail_event is %u, so nobody will tell of entry %u", qi,
			   q->avail_event, q->shown_idx);
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
		check_quiet(d, i);
	if (d->isr_allowed == 1 && !d->irq_unsure && m->irq != d->irq_due)
		score_fail(&d->score, "irq is %d in a quiet moment, and should be %d", m->irq, d->irq_due);
	d->irq_credit = 0;
	score_compare(&d->score);
	if (score_failed(&d->score))
		machine_fail(m, "%s", d->score.error);
	if (sim_rng_chance(&d->rng, 512)) {
		driver_ack(d);
		d->irq_due = d->irq_unsure = false;
	}
}

void driver_forget_all(struct driver *d)
{
	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		struct queue *q = &d->queues[i];
		unsigned lost = q->count;

		for (unsigned k = 0; k < lost; k++) {
			score_accept(&d->score, q->used + 4 + 8u * ((q->used_idx + k) & (q->num - 1u)), 8);
			score_forget(&d->score, q->order[q->first]);
			ring_retire(d, q);
		}
		d->abandoned += lost;
		q->owed = false;
		q->ready = false;
	}
}
