/* SPDX-License-Identifier: Apache-2.0
 * ring.c: see ring.h.
 */
#include <string.h>
#include "ring.h"

enum {
	DRIVER = 0x2000, /* offsets in a ring's bytes; descriptors come first */
	DEVICE = 0x4000,
	NEXT = 1,
	WRITE = 2,
	INDIRECT = 4,
	AVAIL = 1 << 7,
	USED = 1 << 15
};

static void put16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, 2);
}

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static void put64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

static uint16_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return v;
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

void ring_init(struct ring *r, const struct ring_config *config)
{
	*r = (struct ring){.config = *config, .num = RING_NUM, .avail_wrap = true, .used_wrap = true};
}

uint64_t ring_desc(const struct ring *r)
{
	return r->config.base + r->config.offset;
}

uint64_t ring_driver(const struct ring *r)
{
	return ring_desc(r) + DRIVER;
}

uint64_t ring_device(const struct ring *r)
{
	return ring_desc(r) + DEVICE;
}

static uint8_t *area(const struct ring *r, uint32_t offset)
{
	return r->config.memory + r->config.offset + offset;
}

/* Slots or table entries of the ring that a chain takes. */
static unsigned slots(const struct ring *r)
{
	return r->config.indirect ? 1 : r->config.chain;
}

/* Address, length and, at their place in either format, flags and the word beside them. */
static void put_desc(const struct ring *r, uint8_t *d, uint64_t addr, uint32_t len, unsigned flags, unsigned word)
{
	put64(d, addr);
	put32(d + 8, len);
	put16(d + (r->config.packed ? 14 : 12), (uint16_t)flags);
	put16(d + (r->config.packed ? 12 : 14), (uint16_t)word);
}

static unsigned flags_of(const struct ring *r, const struct ring_buffer *b, unsigned n)
{
	return (b->write ? WRITE : 0u) | (n + 1 < r->config.chain ? NEXT : 0u);
}

/* The table of this id. Entries of a packed table have no NEXT (virtio 1.2, 2.8.7). */
static struct ring_buffer put_table(const struct ring *r, unsigned id, const struct ring_buffer *buffers)
{
	const uint32_t at = r->config.tables + RING_TABLE * id;

	for (unsigned n = 0; n < r->config.chain; n++) {
		const unsigned flags = flags_of(r, &buffers[n], n) & (r->config.packed ? WRITE : NEXT | WRITE);

		put_desc(r, r->config.memory + at + 16 * n, buffers[n].addr, buffers[n].len, flags,
			 r->config.packed ? 0 : n + 1);
	}
	return (struct ring_buffer){.addr = r->config.base + at, .len = 16 * r->config.chain};
}

static void post_split(struct ring *r, unsigned id, const struct ring_buffer *buffers)
{
	const unsigned first = id * slots(r);
	struct ring_buffer table;

	if (r->config.indirect) {
		table = put_table(r, id, buffers);
		put_desc(r, area(r, 16 * first), table.addr, table.len, INDIRECT, 0);
	} else {
		for (unsigned n = 0; n < r->config.chain; n++)
			put_desc(r, area(r, 16 * (first + n)), buffers[n].addr, buffers[n].len,
				 flags_of(r, &buffers[n], n), first + n + 1);
	}
	put16(area(r, DRIVER + 4 + 2u * (r->avail % r->num)), (uint16_t)first);
	r->avail++;
	put16(area(r, DRIVER + 2), r->avail);
}

static void step(const struct ring *r, uint16_t *slot, bool *wrap, unsigned by)
{
	*slot = (uint16_t)(*slot + by);
	if (*slot >= r->num) {
		*slot = (uint16_t)(*slot - r->num);
		*wrap = !*wrap;
	}
}

/* Nobody looks between two writes of the driver, so the head need not come last. */
static void post_packed(struct ring *r, unsigned id, const struct ring_buffer *buffers)
{
	struct ring_buffer table;

	if (r->config.indirect) {
		table = put_table(r, id, buffers);
		put_desc(r, area(r, 16u * r->avail), table.addr, table.len,
			 INDIRECT | (unsigned)(r->avail_wrap ? AVAIL : USED), id);
		step(r, &r->avail, &r->avail_wrap, 1);
		return;
	}
	for (unsigned n = 0; n < r->config.chain; n++) {
		put_desc(r, area(r, 16u * r->avail), buffers[n].addr, buffers[n].len,
			 flags_of(r, &buffers[n], n) | (unsigned)(r->avail_wrap ? AVAIL : USED), id);
		step(r, &r->avail, &r->avail_wrap, 1);
	}
}

void ring_post(struct ring *r, unsigned id, const struct ring_buffer *buffers)
{
	if (r->config.packed)
		post_packed(r, id, buffers);
	else
		post_split(r, id, buffers);
}

static bool take_packed(struct ring *r, unsigned *id, uint32_t *len)
{
	const uint8_t *d = area(r, 16u * r->used);
	const unsigned flags = get16(d + 14);

	if (((flags & AVAIL) != 0) != r->used_wrap || ((flags & USED) != 0) != r->used_wrap)
		return false;
	*id = get16(d + 12);
	*len = get32(d + 8);
	step(r, &r->used, &r->used_wrap, slots(r));
	return true;
}

bool ring_take(struct ring *r, unsigned *id, uint32_t *len)
{
	const uint8_t *element = area(r, DEVICE + 4 + 8u * (r->used % r->num));

	if (r->config.packed)
		return take_packed(r, id, len);
	if (get16(area(r, DEVICE + 2)) == r->used)
		return false;
	*id = get32(element) % slots(r) ? RING_NUM : get32(element) / slots(r);
	*len = get32(element + 4);
	r->used++;
	return true;
}
