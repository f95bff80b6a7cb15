/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.c: the driver's side of the packed ring, virtio 1.2, 2.8: chains on their way to the device. The way back is in
 * ring_packed_used.c. */
#include "ring_packed.h"

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id, flags;
};

static void place(struct driver *d, struct queue *q, uint64_t base)
{
	const uint32_t drawn = 1 + sim_rng_below(&d->rng, 1u << d->s.max_num_log2);

	q->num = (uint16_t)(drawn < VIO_QUEUE_NUM_MAX ? drawn : VIO_QUEUE_NUM_MAX);
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
	score_same(&d->score, packed_slot(q, pos), DESC_BYTES, "a slot of the ring");
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
	x.flags |= packed_wrap(q, packed_past(q, r->start, k)) ? FLAG_AVAIL : FLAG_USED;
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
	uint64_t at = packed_slot(q, packed_past(q, r->start, k));
	struct desc x = chain_desc(d, q, r, k);

	check_slot(d, q, packed_past(q, r->start, k));
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
	const unsigned slots = packed_slots(r);

	r->head = fresh_id(d, q);
	r->start = q->next_pos;
	r->shown = false;
	r->held = d->s.slow_publish && !d->hasty && sim_rng_chance(&d->rng, 300);
	for (unsigned i = 0; i < r->direct; i++)
		r->descs[i] = (uint16_t)((r->start + i) % q->num);
	r->link = (uint16_t)(r->start % q->num);
	q->next_pos = packed_past(q, q->next_pos, slots);
	q->free_count -= slots;
	if (r->indirect)
		write_table(d, r);
	for (unsigned i = 0; i < 2 * slots && !r->held; i++)
		write_half(d, q, r, i / 2, i & 1);
}

static void release(struct queue *q, const struct request *r)
{
	q->free_count += packed_slots(r);
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
		for (unsigned k = 0; k < 2 * packed_slots(chains[i]) && chains[i]->held; k++) {
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
		driver_put16(d, packed_slot(q, r->start) + 14, r->head_flags);
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
	tell = packed_wants_notification(d, q, from, q->shown_pos);
	machine_log(d->m, "AVAIL q%u at %u of %u%s", qi, q->shown_pos, q->num,
		    tell || q->kick ? "" : ", no notification wanted");
	return tell;
}

static uint16_t position(const struct queue *q)
{
	return packed_off_wrap(q, q->shown_pos);
}

static void turn_flags(struct driver *d, struct queue *q, struct request *r, unsigned piece, uint16_t flags,
		       int32_t next)
{
	uint64_t at = (piece < r->count ? ring_desc(q, r, piece) : ring_link(q, r)) + 14;

	(void)next; /* there is none */
	if (!r->shown && at == packed_slot(q, r->start) + 14)
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
	.watch = packed_watch,
	.lose = packed_lose,
	.set_flags = packed_set_flags,
	.set_event = packed_set_event,
	.check_quiet = packed_check_quiet,
	.turn_flags = turn_flags,
};
