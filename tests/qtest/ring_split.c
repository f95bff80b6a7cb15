/* SPDX-License-Identifier: Apache-2.0
 * ring_split.c: the split virtqueue, virtio 1.2, 2.7.
 */
#include "ring.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, NO_INTERRUPT = 1 };

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

static void split_sizes(unsigned num, uint64_t *desc, uint64_t *driver, uint64_t *device)
{
	*desc = 16ull * num;
	*driver = 6 + 2ull * num;
	*device = 6 + 8ull * num;
}

static void poke16(struct ring *r, uint64_t addr, uint16_t value)
{
	pair_poke(r->pair, addr, &value, sizeof value);
}

static void split_setup(struct ring *r)
{
	uint8_t zeros[6 + 8 * RING_MAX] = {0};
	uint64_t desc, driver, device;

	split_sizes(r->num, &desc, &driver, &device);
	pair_poke(r->pair, r->driver, zeros, driver);
	pair_poke(r->pair, r->device, zeros, device);
	r->avail = r->used = 0;
	r->wanted = true;
	r->frees = r->num;
	for (unsigned i = 0; i < r->num; i++)
		r->free[i] = (uint16_t)(r->num - 1 - i);
}

static void poke_desc(struct ring *r, const struct ring_chain *c, unsigned i, uint64_t at, bool more, uint16_t next,
		      uint16_t flags)
{
	struct desc d = {c->pieces[i].addr, c->pieces[i].len, flags, next};

	if (c->pieces[i].write)
		d.flags |= DESC_WRITE;
	if (more)
		d.flags |= DESC_NEXT;
	if (c->bad == i + 1) {
		d.flags ^= c->flags_flip;
		if (c->next_set)
			d.next = c->next;
	}
	pair_poke(r->pair, at, &d, sizeof d);
}

static uint16_t take(struct ring *r)
{
	assert(r->frees);
	return r->free[--r->frees];
}

static void poke_table(struct ring *r, const struct ring_chain *c, uint64_t at)
{
	unsigned entries = c->count - c->direct;
	struct desc d = {c->table, 16 * entries, DESC_INDIRECT, 0};

	pair_poke(r->pair, at, &d, sizeof d);
	for (unsigned i = c->direct; i < c->count; i++) {
		unsigned n = i - c->direct;

		poke_desc(r, c, i, c->table + 16ull * n, i + 1 < c->count, (uint16_t)(n + 1), 0);
	}
}

static uint32_t split_post(struct ring *r, const struct ring_chain *c)
{
	unsigned direct = c->indirect ? c->direct : c->count, slots = direct + c->indirect;
	uint16_t places[RING_PIECES + 1];

	for (unsigned i = 0; i < slots; i++)
		places[c->backwards ? slots - 1 - i : i] = take(r);
	for (unsigned i = 0; i < slots; i++) {
		r->taken[places[i]] = i + 1 < slots ? places[i + 1] : RING_MAX;
		if (i == direct)
			poke_table(r, c, r->desc + 16ull * places[i]);
		else
			poke_desc(r, c, i, r->desc + 16ull * places[i], i + 1 < slots,
				  i + 1 < slots ? places[i + 1] : 0, 0);
	}
	poke16(r, r->driver + 4 + 2ull * (r->avail % r->num), places[0]);
	r->avail++;
	return places[0];
}

static void split_publish(struct ring *r, unsigned jump)
{
	r->avail = (uint16_t)(r->avail + jump);
	poke16(r, r->driver + 2, r->avail);
}

static uint32_t count_used(const void *ctx, const uint8_t *idx)
{
	const struct ring *r = ctx;

	return (uint16_t)((idx[0] | idx[1] << 8) - r->used);
}

static struct pair_watch split_watch(const struct ring *r)
{
	return (struct pair_watch){{r->device + 2, 2}, count_used, r};
}

static void release(struct ring *r, uint32_t id)
{
	for (unsigned n = 0; id < r->num && n < r->num; n++) {
		r->free[r->frees++] = (uint16_t)id;
		id = r->taken[id];
	}
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* The order of QEMU's elements within a batch is free: each of ours looks for its id. */
static bool match(struct ring *r, struct ring_done *d, const uint8_t *qemu, unsigned count, unsigned mine)
{
	char what[32];

	for (unsigned i = 0; i < count; i++) {
		const uint8_t *element = qemu + 8 * ((r->used + i) % r->num);

		if (word_at(element) != d->id)
			continue;
		d->qemu_len = word_at(element + 4);
		if (i != mine)
			pair_equal(r->pair, "place in the used ring", mine, i, MASK_used_order);
		return true;
	}
	snprintf(what, sizeof what, "chain %u", d->id);
	return pair_equal(r->pair, what, 1, 0, MASK_NONE);
}

static void split_set_event(struct ring *r, unsigned ahead)
{
	poke16(r, r->driver + 4 + 2ull * r->num, (uint16_t)(r->used + ahead));
}

static unsigned split_collect(struct ring *r, struct ring_done *done, unsigned most)
{
	static uint8_t ours[6 + 8 * RING_MAX + 4], qemu[6 + 8 * RING_MAX + 4];
	unsigned count;

	pair_peek(r->pair, r->device, 6 + 8ull * r->num, ours, qemu);
	if (r->pair->failed)
		return 0;
	pair_equal(r->pair, "used flags", word_at(ours) & 0xffff, word_at(qemu) & 0xffff, MASK_NONE);
	if (r->event_idx)
		pair_equal(r->pair, "avail_event", word_at(ours + 4 + 8ull * r->num) & 0xffff,
			   word_at(qemu + 4 + 8ull * r->num) & 0xffff, MASK_NONE);
	count = (uint16_t)((word_at(ours) >> 16) - r->used);
	if (count > most) {
		pair_fail(r->pair, "%u chains came back, %u were posted", count, most);
		return 0;
	}
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *element = ours + 4 + 8 * ((r->used + i) % r->num);

		done[i] = (struct ring_done){.id = word_at(element), .our_len = word_at(element + 4)};
		if (!match(r, &done[i], qemu + 4, count, i))
			return 0;
		release(r, done[i].id);
	}
	r->used = (uint16_t)(r->used + count);
	if (r->event_idx && r->wanted)
		split_set_event(r, 0);
	return count;
}

/* With EVENT_IDX the flag is not used; QEMU raises its first interrupt whatever used_event is. */
static void split_set_interrupts(struct ring *r, bool wanted)
{
	r->wanted = wanted || (r->event_idx && r->used == 0);
	if (r->event_idx)
		split_set_event(r, r->wanted ? 0 : 0xffff);
	else
		poke16(r, r->driver, wanted ? 0 : NO_INTERRUPT);
}

const struct ring_format ring_split = {.driver_align = 2,
				       .sizes = split_sizes,
				       .setup = split_setup,
				       .post = split_post,
				       .publish = split_publish,
				       .watch = split_watch,
				       .collect = split_collect,
				       .set_interrupts = split_set_interrupts,
				       .set_event = split_set_event};
