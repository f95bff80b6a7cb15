/* SPDX-License-Identifier: Apache-2.0
 * driver.c: requests on their way to the device and back; see driver.h. Starting and stopping are in session.c. */
#include "driver.h"

#include <assert.h>
#include <string.h>
#include "ring.h"

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

/* Writes that had to be stable are, and so are those before a FLUSH. */
static void judge_stable(struct driver *d, const struct request *r, uint8_t status)
{
	uint64_t sectors = (r->readable - 16) / SCORE_SECTOR;

	if (status != STATUS_OK || r->readable < 16)
		return;
	if (r->type == TYPE_OUT &&
	    !stable_written(&d->stable, r->sector, sectors, d->m->cycle, r->posted >= d->stable_since))
		score_fail(&d->score, "request %u: the write was not stable before it completed", r->number);
	if (r->type == TYPE_FLUSH && !stable_flushed(&d->stable, r->posted))
		score_fail(&d->score, "request %u: a write that was complete before this FLUSH is not stable",
			   r->number);
}

void driver_command(void *driver, unsigned op, uint64_t sector, uint32_t len)
{
	struct driver *d = driver;

	if (op == VIO_BE_FLUSH && !driver_has(d, F_FLUSH))
		machine_fail(d->m, "the backend was told to flush, though FLUSH was not negotiated");
	stable_command(&d->stable, op, sector, len);
}

void driver_judge(struct driver *d, const struct request *r, uint32_t id, uint32_t len)
{
	judge_stable(d, r, score_complete(&d->score, r, id, len));
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
			d->queues[i].ops->watch(d, i);
	watch_irq(d, m->dut->out.irq);
	if (score_failed(&d->score))
		machine_fail(m, "%s", d->score.error);
}

/* Nothing is in flight: an interrupt that is due has come, and the next entry will be notified of. */
static void check_quiet(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	if (q->owed && d->m->cycle >= q->owed_from)
		score_fail(&d->score, "queue %u: an interrupt was due and did not come", qi);
	if (q->ready)
		q->ops->check_quiet(d, qi);
}

void driver_drain(struct driver *d)
{
	struct machine *m = d->m;
	bool nags = sim_rng_chance(&d->rng, 200);

	for (unsigned i = 0; i < VIO_QUEUES; i++) {
		driver_publish(d, i);
		if (d->queues[i].kick)
			driver_kick(d, i);
	}
	while (d->in_flight != 0 && !machine_failed(m)) {
		if (nags && sim_rng_chance(&d->rng, 100)) /* an event may come in the clock of an acknowledgement */
			driver_ack(d);
		machine_clock(m);
	}
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
	if (sim_rng_chance(&d->rng, 100))
		config_check(d);
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
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		ring_forget(d, &d->queues[i]);
}
