/* SPDX-License-Identifier: Apache-2.0
 * driver.c: see driver.h.
 */
#include "driver.h"

#include <string.h>

enum { HEADER = 16, GUARD = 64 };

static const struct ring_format *const formats[] = {&ring_split, &ring_packed};

bool driver_has(const struct driver *d, unsigned feature)
{
	return d->wanted >> feature & 1;
}

void driver_begin(struct driver *d, struct pair *p, uint64_t seed, bool packed)
{
	memset(d, 0, sizeof *d);
	d->pair = p;
	sim_rng_init(&d->rng, seed);
	d->free = d->high = ARENA + ARENA_RINGS;
	pair_begin(p, seed);
	d->both = packed ? p->both : p->both & ~(1ull << RING_PACKED_BIT);
}

void driver_negotiate(struct driver *d, uint64_t wanted)
{
	struct pair *p = d->pair;

	d->wanted = wanted;
	pair_write(p, R_Status, ACKNOWLEDGE);
	pair_write(p, R_Status, ACKNOWLEDGE | DRIVER);
	for (unsigned word = 2; word-- > 0;) {
		pair_write(p, R_DriverFeaturesSel, word);
		pair_write(p, R_DriverFeatures, (uint32_t)(wanted >> 32 * word));
	}
	pair_write(p, R_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
	pair_read(p, R_Status, MASK_NONE);
}

static void set_address(struct pair *p, uint16_t low, uint64_t addr)
{
	pair_write(p, low, (uint32_t)addr);
	pair_write(p, (uint16_t)(low + 4), (uint32_t)(addr >> 32));
}

static const struct ring_format *format_of(const struct driver *d)
{
	for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (formats[i]->feature && driver_has(d, formats[i]->feature))
			return formats[i];
	return &ring_split;
}

void driver_queue_alone(struct driver *d, unsigned num, unsigned skew)
{
	struct pair *p = d->pair;
	struct ring *r = &d->ring;
	uint64_t desc, driver, device;

	d->num = num;
	*r = (struct ring){.pair = p, .format = format_of(d), .num = num, .event_idx = driver_has(d, F_EVENT_IDX)};
	r->format->sizes(num, &desc, &driver, &device);
	r->desc = ARENA + 16ull * (skew % 4);
	r->driver = (r->desc + desc + 2ull * (skew % 8) + r->format->driver_align - 1) & ~(r->format->driver_align - 1);
	r->device = (r->driver + driver + 4ull * (skew % 16) + 3) & ~3ull;
	d->used_bytes = device;
	pair_fill(p, ARENA, ARENA_RINGS, 0xee);
	r->format->setup(r);
	pair_write(p, R_QueueSel, 0);
	pair_read(p, R_QueueReady, MASK_NONE);
	pair_read(p, R_QueueNumMax, MASK_NONE);
	pair_write(p, R_QueueNum, num);
	set_address(p, R_QueueDescLow, r->desc);
	set_address(p, R_QueueDriverLow, r->driver);
	set_address(p, R_QueueDeviceLow, r->device);
	pair_write(p, R_QueueReady, 1);
	pair_read(p, R_QueueReady, MASK_NONE);
}

void driver_queue(struct driver *d, unsigned num, unsigned skew)
{
	driver_queue_alone(d, num, skew);
	pair_write(d->pair, R_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	pair_read(d->pair, R_Status, MASK_NONE);
}

void driver_start(struct driver *d, unsigned num)
{
	driver_negotiate(d, d->both);
	driver_queue(d, num, 0);
}

/* --- Requests */

/* Room for a buffer, or 0. */
static uint64_t place(struct driver *d, uint32_t len, unsigned skew)
{
	uint64_t at = ((d->free + 15) & ~15ull) + (skew ? sim_rng_below(&d->rng, skew + 1u) : 0);

	if (at + len + GUARD > ARENA + ARENA_BYTES)
		return 0;
	d->free = at + len;
	if (d->free + GUARD > d->high)
		d->high = d->free + GUARD;
	return at;
}

/* Cuts a stream of bytes into pieces; contents NULL: the device writes it. */
static bool cut(struct driver *d, struct ring_chain *c, const uint8_t *contents, uint32_t len, uint32_t size,
		const struct shape *s)
{
	while (len) {
		struct ring_piece *piece = &c->pieces[c->count];
		uint32_t take = size && size < len ? size : len;

		if (s->random)
			take = 1 + sim_rng_below(&d->rng, take);
		if (c->count == RING_PIECES)
			return false;
		*piece = (struct ring_piece){place(d, take, s->skew), take, contents == NULL};
		if (!piece->addr)
			return false;
		c->count++;
		if (contents) {
			pair_poke(d->pair, piece->addr, contents, take);
			contents += take;
		}
		len -= take;
	}
	return true;
}

static bool build(struct driver *d, struct ring_chain *c, const struct request *r, const struct shape *s)
{
	static uint8_t stream[HEADER + ARENA_BYTES];
	uint32_t header = r->header_bytes, status = r->no_status ? 0 : 1;
	uint32_t word[4] = {r->type, 0, (uint32_t)r->sector, (uint32_t)(r->sector >> 32)};

	if (r->out > ARENA_BYTES)
		return false;
	memcpy(stream, word, sizeof word);
	for (uint32_t i = 0; i < r->out; i++)
		stream[header + i] = (uint8_t)sim_rng_next(&d->rng);
	if (r->type == BLK_DISCARD || r->type == BLK_WRITE_ZEROES)
		memcpy(stream + header, &r->range, r->out < sizeof r->range ? r->out : sizeof r->range);
	if (s->join_header) {
		if (!cut(d, c, stream, header + r->out, s->data_piece, s))
			return false;
	} else if (!cut(d, c, stream, header, s->header_piece, s) ||
		   !cut(d, c, stream + header, r->out, s->data_piece, s)) {
		return false;
	}
	if (s->join_status)
		return cut(d, c, NULL, r->in + status, s->data_piece, s);
	return cut(d, c, NULL, r->in, s->data_piece, s) && cut(d, c, NULL, status, 1, s);
}

static void spoil(struct ring_chain *c, const struct ring_chain *how)
{
	c->bad = how->bad == RING_PIECES ? c->count : how->bad;
	c->flags_flip = how->flags_flip;
	c->next_set = how->next_set;
	c->next = how->next;
	c->id_last = how->id_last;
}

bool driver_post_bad(struct driver *d, const struct request *r, const struct shape *s, const struct ring_chain *how)
{
	struct ring_chain c = {.backwards = s->backwards};
	unsigned slots;

	if (d->posts == RING_BATCH || d->pair->failed || !build(d, &c, r, s) || c.count > d->num)
		return false;
	if (s->indirect == SHAPE_FORCED || (s->indirect && driver_has(d, F_INDIRECT_DESC))) {
		c.indirect = true;
		c.direct = s->indirect == 2 && c.count > 1;
		c.table = place(d, 16 * (c.count - c.direct), 0);
		if (!c.table)
			return false;
	}
	slots = c.indirect ? c.direct + 1 : c.count;
	if (slots > d->ring.frees || c.count == 0)
		return false;
	if (how)
		spoil(&c, how);
	d->posted[d->posts].in = r->in + !r->no_status;
	d->posted[d->posts].type = r->type;
	d->posted[d->posts].live = true;
	d->posted[d->posts].id = d->ring.format->post(&d->ring, &c);
	d->posts++;
	pair_note(d->pair, "post #%u: type %u sector 0x%llx out %u in %u, %u pieces, %s", d->posted[d->posts - 1].id,
		  r->type, (unsigned long long)r->sector, r->out, r->in, c.count, s->name);
	return true;
}

bool driver_post(struct driver *d, const struct request *r, const struct shape *s)
{
	return driver_post_bad(d, r, s, NULL);
}

/* QEMU's len is all writable bytes. Ours is that too, except after a failure or where data is short of its buffer. */
static void compare_len(struct driver *d, const struct ring_done *done, uint32_t in, uint32_t type)
{
	if (type != BLK_IN || done->our_len == 0)
		pair_equal(d->pair, "used len", done->our_len, done->qemu_len,
			   done->qemu_len == in && done->our_len < in ? MASK_used_len : MASK_NONE);
	else
		pair_equal(d->pair, "used len", done->our_len, done->qemu_len, MASK_NONE);
}

static void collect(struct driver *d)
{
	struct ring_done done[RING_BATCH];
	unsigned n = d->ring.format->collect(&d->ring, done, d->posts);

	for (unsigned i = 0; i < n; i++) {
		unsigned k = 0;

		while (k < d->posts && !(d->posted[k].live && d->posted[k].id == done[i].id))
			k++;
		if (k == d->posts) {
			pair_fail(d->pair, "chain %u came back, which was not posted", done[i].id);
			return;
		}
		d->posted[k].live = false;
		compare_len(d, &done[i], d->posted[k].in, d->posted[k].type);
	}
	if (n == d->posts)
		d->free = ARENA + ARENA_RINGS;
	if (n != d->posts && !d->pair->scope)
		pair_fail(d->pair, "%u chains were posted, %u came back", d->posts, n);
	d->posts = 0;
}

void driver_settle(struct driver *d)
{
	const struct pair_watch watch = d->ring.format->watch(&d->ring);

	pair_settle(d->pair, &watch);
}

void driver_kick(struct driver *d)
{
	struct ring *r = &d->ring;

	r->format->publish(r, 0);
	pair_write(d->pair, R_QueueNotify, 0);
	driver_settle(d);
	pair_memory(d->pair, ARENA + ARENA_RINGS, (size_t)(d->free - ARENA - ARENA_RINGS));
	collect(d);
}

void driver_kick_broken(struct driver *d, unsigned jump)
{
	struct ring *r = &d->ring;

	d->pair->broken = true;
	r->format->publish(r, jump);
	pair_write(d->pair, R_QueueNotify, 0);
	driver_settle(d);
	d->posts = 0;
}

void driver_ack(struct driver *d)
{
	pair_write(d->pair, R_InterruptACK, pair_get(d->pair, R_InterruptStatus, MASK_NONE));
	pair_read(d->pair, R_InterruptStatus, MASK_NONE);
}

void driver_end(struct driver *d)
{
	const struct ring *r = &d->ring;
	struct pair_range given = {0, 0};

	if (r->format && r->format->in_place)
		given = (struct pair_range){r->desc, r->device + d->used_bytes - r->desc};
	else if (r->format)
		given = (struct pair_range){r->device, d->used_bytes};
	pair_end(d->pair, d->high, given);
}
