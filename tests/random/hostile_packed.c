/* SPDX-License-Identifier: Apache-2.0
 * hostile_packed.c: see hostile_packed.h. virtio 1.2, 2.8.17 and 2.8.19 are what the driver breaks here. */
#include "hostile_packed.h"

enum { FLAG_AVAIL = 1 << 7, FLAG_USED = 1 << 15, EVENT_DESC = 2 };

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static uint32_t error_code(struct driver *d)
{
	return machine_read(d->m, 0x800);
}

void hostile_clear_slots(struct driver *d, unsigned qi)
{
	const struct queue *q = &d->queues[qi];

	for (unsigned i = 0; i < q->free_count; i++)
		driver_put32(d, q->desc + (uint64_t)DESC_BYTES * ((q->next_pos + i) % q->num) + 8, 0);
}

void hostile_either(struct driver *d, unsigned qi, const struct request *r, enum kind kind, int code)
{
	const struct queue *q = &d->queues[qi];
	uint64_t start = d->m->cycle;
	uint32_t is = 0;

	while (r->in_use && !q->adrift && is == 0 && !machine_failed(d->m)) {
		is = error_code(d);
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "%s: neither completed nor given up after %llu clocks", spoil_names[kind],
				     (unsigned long long)d->m->limit);
	}
	if (is != 0 && code != 0 && is != (uint32_t)code)
		machine_fail(d->m, "%s: ErrorCode is %u, not %d", spoil_names[kind], is, code);
	machine_log(d->m, "%s, code %u", r->in_use && !q->adrift ? "given up" : "completed", is);
}

/* NEXT on the chain's last descriptor, and on all slots behind it. */
static void inject_endless(struct driver *d, unsigned qi, struct request *r)
{
	struct queue *q = &d->queues[qi];

	hostile_clear_slots(d, qi);
	for (unsigned i = 0; i < q->free_count; i++)
		driver_put16(d, q->desc + (uint64_t)DESC_BYTES * ((q->next_pos + i) % q->num) + 14,
			     (uint16_t)(DESC_NEXT | DESC_WRITE |
					((q->next_pos + i) % (2u * q->num) < q->num ? FLAG_AVAIL : FLAG_USED)));
	q->ops->turn_flags(d, q, r, r->count - 1, DESC_NEXT, -1);
	driver_publish(d, qi);
	driver_kick(d, qi);
	hostile_expect(d, qi, ENDLESS, ERR_CHAIN_LOOP, ERR_CHAIN_LOOP);
}

/* The head says neither that it is available nor that it is used. Nothing may come of it. */
static void inject_unavailable(struct driver *d, unsigned qi, struct request *r)
{
	struct queue *q = &d->queues[qi];

	q->ops->turn_flags(d, q, r, 0, FLAG_AVAIL, -1);
	driver_publish(d, qi);
	driver_kick(d, qi);
	machine_settle(d->m);
	if (!r->in_use || error_code(d) != 0)
		machine_fail(d->m, "NOT_AVAILABLE: %s", r->in_use ? "the device gave up" : "the request was completed");
}

/* The device cannot know where that is; it serves on, and may notify or not. */
static void inject_event(struct driver *d, unsigned qi, const struct request *r)
{
	struct queue *q = &d->queues[qi];

	q->flags = EVENT_DESC;
	q->used_event = (uint16_t)(q->num + below(d, 0x8000u - q->num));
	if (below(d, 2))
		q->used_event |= 0x8000;
	driver_put32(d, q->avail, (uint32_t)q->flags << 16 | q->used_event);
	driver_publish(d, qi);
	driver_kick(d, qi);
	hostile_either(d, qi, r, EVENT_PAST, 0);
	if (r->in_use)
		machine_fail(d->m, "EVENT_PAST: the device gave up");
}

/* The device may have read the flags before or after, or both times. */
static void inject_flip(struct driver *d, unsigned qi, struct request *r)
{
	static const uint16_t bits[] = {DESC_NEXT, DESC_WRITE, DESC_INDIRECT, FLAG_AVAIL, FLAG_USED};
	struct queue *q = &d->queues[qi];

	hostile_clear_slots(d, qi);
	driver_publish(d, qi);
	driver_kick(d, qi);
	for (unsigned i = below(d, 2 * d->s.mem.read_latency + 40); i > 0 && r->in_use && !q->adrift; i--)
		machine_clock(d->m);
	if (r->in_use && !q->adrift)
		q->ops->turn_flags(d, q, r, below(d, r->count), bits[below(d, 5)], -1);
	machine_settle(d->m);
	machine_log(d->m, "FLIPPED %s, code %u", r->in_use && !q->adrift ? "not completed" : "completed",
		    error_code(d));
}

static void inject_flags(struct driver *d, unsigned qi, struct request *r, enum kind kind)
{
	struct queue *q = &d->queues[qi];
	static const uint16_t reserved[] = {1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 8, 1 << 11, 1 << 14};

	q->ops->turn_flags(d, q, r, below(d, r->count), kind == TABLE_IN_CHAIN ? DESC_INDIRECT : reserved[below(d, 7)],
			   -1);
	driver_publish(d, qi);
	driver_kick(d, qi);
	hostile_either(d, qi, r, kind, 0);
}

bool hostile_packed(struct driver *d, unsigned qi, enum kind kind)
{
	struct request *r = hostile_request(d, qi, TYPE_IN, true, false);

	if (r == NULL)
		return false;
	r->wild = kind == TABLE_IN_CHAIN || kind == FLIPPED;
	if (kind == ENDLESS)
		inject_endless(d, qi, r);
	else if (kind == NOT_AVAILABLE)
		inject_unavailable(d, qi, r);
	else if (kind == EVENT_PAST)
		inject_event(d, qi, r);
	else if (kind == FLIPPED)
		inject_flip(d, qi, r);
	else
		inject_flags(d, qi, r, kind);
	return true;
}
