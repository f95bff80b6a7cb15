/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.c: the driver's side of the packed ring, virtio 1.2, 2.8.
 *
 * A position counts slots modulo twice the size: its first half is wrap counter 1, the second is 0. So a lap has no
 * special case, whatever the size is.
 */
#include "ring.h"

#include <assert.h>

enum { FLAG_AVAIL = 1 << 7, FLAG_USED = 1 << 15 };
enum { EVENT_ENABLE, EVENT_DISABLE, EVENT_DESC, CHECK_CLOCKS = 64 };

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id, flags;
};

static uint32_t past(const struct queue *q, uint32_t pos, uint32_t slots)
{
	return (pos + slots) % (2u * q->num);
}

static bool wrap_of(const struct queue *q, uint32_t pos)
{
	return pos < q->num;
}

static uint64_t slot_at(const struct queue *q, uint32_t pos)
{
	return q->desc + (uint64_t)DESC_BYTES * (pos % q->num);
}

/* Offset and wrap counter as both event structures and NOTIFICATION_DATA have them. */
static uint16_t off_wrap(const struct queue *q, uint32_t pos)
{
	return (uint16_t)(pos % q->num | (wrap_of(q, pos) ? 0x8000u : 0));
}

static void place(struct driver *d, struct queue *q, uint64_t base)
{
	q->num = (uint16_t)(1 + sim_rng_below(&d->rng, 1u << d->s.max_num_log2));
	q->desc = ring_place(d, base, 40960 - 16, 16u * q->num, 16);
	q->avail = ring_place(d, base + 40960, 8192 - 4, 4, 4);
	q->used = ring_place(d, base + 49152, 16384 - 4, 4, 4);
}

static void begin(struct driver *d, struct queue *q)
{
	score_fill(&d->score, q->desc, 0, 16u * q->num);
	driver_put32(d, q->avail, 0);
	driver_put32(d, q->used, 0);
}

/* A buffer id that no chain in flight has; ids mean nothing to the device. */
static uint16_t fresh_id(struct driver *d, const struct queue *q)
{
	bool small = sim_rng_chance(&d->rng, 512), taken;
	uint16_t id;

	do {
		id = (uint16_t)(small ? sim_rng_below(&d->rng, q->num) : sim_rng_next(&d->rng));
		taken = false;
		for (unsigned i = 0; i < q->count; i++)
			taken |= q->order[(q->first + i) % DRIVER_SLABS]->head == id;
		small = false;
	} while (taken);
	return id;
}

/* The driver owns this slot: what stands there is what it or the device wrote by right. */
static void check_slot(struct driver *d, const struct queue *q, uint32_t pos)
{
	score_same(&d->score, slot_at(q, pos), DESC_BYTES, "a slot of the ring");
}

static unsigned slots_of(const struct request *r)
{
	return r->indirect ? 1 : r->count;
}

/* Slot k of a chain. Only the last id counts; on a descriptor of a table so does no WRITE. */
static struct desc chain_desc(struct driver *d, const struct queue *q, const struct request *r, unsigned k)
{
	const struct piece *p = &r->pieces[k];
	bool more = !r->indirect && k + 1 < r->count;
	struct desc x = {.addr = p->addr, .len = p->len, .id = more ? (uint16_t)sim_rng_next(&d->rng) : r->head};

	x.flags = (uint16_t)((more ? DESC_NEXT : 0) | (p->write ? DESC_WRITE : 0));
	if (r->indirect)
		x = (struct desc){r->table, DESC_BYTES * r->entries, r->head,
				  (uint16_t)(DESC_INDIRECT | (sim_rng_chance(&d->rng, 512) ? DESC_WRITE : 0))};
	x.flags |= wrap_of(q, past(q, r->start, k)) ? FLAG_AVAIL : FLAG_USED;
	return x;
}

/* In a table only WRITE means something, and all entries count, whatever NEXT says (virtio 1.2, 2.8.7). */
static void write_table(struct driver *d, const struct request *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		uint64_t at = r->table + (uint64_t)DESC_BYTES * r->descs[i];
		uint16_t noise = (uint16_t)(sim_rng_next(&d->rng) & (DESC_NEXT | FLAG_AVAIL | FLAG_USED));

		score_write(&d->score, at, &r->pieces[i].addr, 8);
		driver_put32(d, at + 8, r->pieces[i].len);
		driver_put16(d, at + 12, (uint16_t)sim_rng_next(&d->rng));
		driver_put16(d, at + 14, (uint16_t)((r->pieces[i].write ? DESC_WRITE : 0) | noise));
	}
}

/* Half of a descriptor: the address, or the rest. The flags of a head stay as they are: it is published with them. */
static void write_half(struct driver *d, const struct queue *q, struct request *r, unsigned k, bool second)
{
	uint64_t at = slot_at(q, past(q, r->start, k));
	struct desc x = chain_desc(d, q, r, k);

	check_slot(d, q, past(q, r->start, k));
	if (!second) {
		score_write(&d->score, at, &x.addr, 8);
		return;
	}
	driver_put32(d, at + 8, x.len);
	driver_put16(d, at + 12, x.id);
	if (k != 0)
		driver_put16(d, at + 14, x.flags);
	else
		r->head_flags = x.flags;
}

static void submit(struct driver *d, struct queue *q, struct request *r)
{
	const unsigned slots = slots_of(r);

	r->head = fresh_id(d, q);
	r->start = q->next_pos;
	r->shown = false;
	r->held = d->s.slow_publish && !d->hasty && sim_rng_chance(&d->rng, 300);
	for (unsigned i = 0; i < r->direct; i++)
		r->descs[i] = (uint16_t)((r->start + i) % q->num);
	r->link = (uint16_t)(r->start % q->num);
	q->next_pos = past(q, q->next_pos, slots);
	q->free_count -= slots;
	if (r->indirect)
		write_table(d, r);
	for (unsigned i = 0; i < 2 * slots && !r->held; i++)
		write_half(d, q, r, i / 2, i & 1);
}

static void release(struct queue *q, const struct request *r)
{
	q->free_count += slots_of(r);
}

/* True when the chain from..to passes the event (virtio 1.2, 2.8.10): it may fall into the skipped part. */
static bool passed(const struct queue *q, uint32_t event, uint32_t from, uint32_t to)
{
	const uint32_t laps = 2u * q->num;

	return (event + laps - from) % laps < (to + laps - from) % laps;
}

static uint32_t event_pos(const struct queue *q, uint16_t off_and_wrap)
{
	return (off_and_wrap & 0x7fffu) + (off_and_wrap & 0x8000 ? 0 : q->num);
}

/* What the device's event structure says of a driver that went from..to. */
static bool wants_notification(struct driver *d, const struct queue *q, uint32_t from, uint32_t to)
{
	uint16_t flags = driver_get16(d, q->used + 2);

	if (flags == EVENT_DESC)
		return passed(q, event_pos(q, driver_get16(d, q->used)), from, to);
	return flags == EVENT_ENABLE;
}

static void pause(struct driver *d, unsigned per_1024)
{
	if (!sim_rng_chance(&d->rng, per_1024))
		return;
	for (unsigned i = sim_rng_below(&d->rng, 12); i > 0; i--)
		machine_clock(d->m);
}

/* Writes the halves of the held chains in any order, with time between them. */
static void write_held(struct driver *d, const struct queue *q, struct request **chains, unsigned n)
{
	static struct {
		struct request *r;
		unsigned half;
	} todo[2 * SCORE_PIECES];
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < 2 * slots_of(chains[i]) && chains[i]->held; k++) {
			todo[count].r = chains[i];
			todo[count++].half = k;
		}
	while (count > 0) {
		unsigned i = sim_rng_below(&d->rng, count);

		write_half(d, q, todo[i].r, todo[i].half / 2, todo[i].half & 1);
		todo[i] = todo[--count];
		pause(d, 200);
	}
}

/* The flags of the heads, in any order: the device must not look past the first that is not there. */
static void show_heads(struct driver *d, const struct queue *q, struct request **chains, unsigned n)
{
	bool slow = false, mixed = !d->hasty && sim_rng_chance(&d->rng, 300);

	for (unsigned i = 0; i < n; i++)
		slow |= chains[i]->held;
	for (unsigned i = 0; i < n; i++) {
		unsigned k = mixed ? i + sim_rng_below(&d->rng, n - i) : i;
		struct request *r = chains[k];

		chains[k] = chains[i];
		check_slot(d, q, r->start);
		driver_put16(d, slot_at(q, r->start) + 14, r->head_flags);
		r->shown = true;
		if (slow)
			pause(d, 512);
	}
}

static bool publish(struct driver *d, unsigned qi)
{
	static struct request *chains[DRIVER_SLABS];
	struct queue *q = &d->queues[qi];
	const uint32_t from = q->shown_pos;
	unsigned n = 0;
	bool tell;

	for (unsigned i = 0; i < q->count; i++) {
		struct request *r = q->order[(q->first + i) % DRIVER_SLABS];

		if (!r->shown)
			chains[n++] = r;
	}
	if (n == 0)
		return false;
	write_held(d, q, chains, n);
	show_heads(d, q, chains, n);
	q->shown_pos = q->next_pos;
	tell = wants_notification(d, q, from, q->shown_pos);
	machine_log(d->m, "AVAIL q%u at %u of %u%s", qi, q->shown_pos, q->num,
		    tell || q->kick ? "" : ", no notification wanted");
	return tell;
}

static uint16_t position(const struct queue *q)
{
	return off_wrap(q, q->shown_pos);
}

/* What the driver's event structure says of a used descriptor for from..to. What it does not define, enables. */
static bool wants_interrupt(const struct driver *d, const struct queue *q, uint32_t from, uint32_t to)
{
	if (q->flags == EVENT_DESC && driver_has(d, F_EVENT_IDX))
		return passed(q, event_pos(q, q->used_event), from, to);
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

/* The used descriptor at the device's position. */
static void take_used(struct driver *d, unsigned qi, uint64_t at, uint16_t flags)
{
	struct queue *q = &d->queues[qi];
	uint16_t id = driver_get16(d, at + 12);
	uint32_t len = driver_get32(d, at + 8), from = q->used_pos;
	unsigned i = find_id(q, id);

	if (i == q->count || (i != 0 && driver_has(d, F_IN_ORDER))) {
		score_fail(&d->score, "queue %u: used id %u at slot %u is %s", qi, id, from % q->num,
			   i == q->count ? "of no chain that was made available" : "not the oldest, with IN_ORDER");
		return;
	}
	check_flags(d, qi, flags, len);
	score_accept(&d->score, at + 8, 8);
	q->used_pos = past(q, from, slots_of(q->order[(q->first + i) % DRIVER_SLABS]));
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

static void watch(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	while (!score_failed(&d->score)) {
		uint64_t at = slot_at(q, q->used_pos);
		uint16_t flags = driver_get16(d, at + 14), both = wrap_of(q, q->used_pos) ? FLAG_AVAIL | FLAG_USED : 0;

		if (q->count == 0 || (flags & (FLAG_AVAIL | FLAG_USED)) != both)
			break;
		take_used(d, qi, at, flags);
	}
	watch_event(d, qi);
	if (d->m->cycle % CHECK_CLOCKS == 0)
		score_same(&d->score, q->desc, (uint64_t)DESC_BYTES * q->num, "the ring");
}

/* A used descriptor is visible as a whole, so nothing is half done. */
static void lose(struct driver *d, struct queue *q)
{
	(void)d;
	q->unsettled = false;
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

static void set_flags(struct driver *d, unsigned qi, uint16_t flags)
{
	struct queue *q = &d->queues[qi];

	if (q->flags == flags || !may_change(d, q))
		return;
	q->flags = flags;
	write_event(d, qi);
}

/* Without EVENT_IDX the offset means nothing. */
static void set_event(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint32_t ahead = sim_rng_below(&d->rng, sim_rng_chance(&d->rng, 100) ? 2u * q->num : q->count + 2);

	if (!may_change(d, q))
		return;
	q->used_event = off_wrap(q, past(q, q->used_pos, ahead));
	if (driver_has(d, F_EVENT_IDX) && sim_rng_chance(&d->rng, 900))
		q->flags = EVENT_DESC;
	write_event(d, qi);
}

static void check_quiet(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	q->unsettled = false;
	if (!wants_notification(d, q, q->shown_pos, past(q, q->shown_pos, 1)))
		score_fail(&d->score, "queue %u: the device's event is 0x%x, so nobody will tell of slot %u", qi,
			   q->device_event, q->shown_pos % q->num);
}

static void turn_flags(struct driver *d, struct queue *q, struct request *r, unsigned piece, uint16_t flags,
		       int32_t next)
{
	uint64_t at = (piece < r->count ? ring_desc(q, r, piece) : ring_link(q, r)) + 14;

	(void)next; /* there is none */
	if (!r->shown && at == slot_at(q, r->start) + 14)
		r->head_flags ^= flags;
	else
		driver_put16(d, at, driver_get16(d, at) ^ flags);
}

const struct ring_ops ring_packed = {
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
