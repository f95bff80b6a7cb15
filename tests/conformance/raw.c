/* SPDX-License-Identifier: Apache-2.0
 * raw.c: see raw.h. */
#include "raw.h"

enum { HEADER = 16 };

void raw_make(struct rig *r, struct raw *b, uint32_t type, uint64_t sector, uint32_t out_bytes, uint32_t in_bytes)
{
	*b = (struct raw){.rlen = HEADER + out_bytes, .wlen = in_bytes + 1};
	b->out = rig_take(r, b->rlen, 1);
	b->in = rig_take(r, b->wlen, 1);
	put(r, b->out, type, 4);
	put(r, b->out + 8, sector, 8);
	for (uint32_t i = 0; i < out_bytes; i++)
		put(r, raw_data(b) + i, rig_pattern(i + 7u), 1);
	for (uint32_t i = 0; i < b->wlen; i++)
		put(r, b->in + i, BLK_UNTOUCHED, 1);
	raw_cut(b, 0, 0);
}

uint64_t raw_data(const struct raw *b)
{
	return b->out + HEADER;
}

uint64_t raw_status(const struct raw *b)
{
	return b->in + b->wlen - 1;
}

static void cut_run(struct raw *b, uint64_t addr, uint32_t len, uint32_t bytes, bool write)
{
	for (uint32_t at = 0; at < len; at += bytes)
		b->piece[b->count++] = (struct seg){addr + at, len - at < bytes ? len - at : bytes, write};
}

void raw_cut(struct raw *b, uint32_t read_bytes, uint32_t write_bytes)
{
	b->count = 0;
	cut_run(b, b->out, b->rlen, read_bytes != 0 ? read_bytes : b->rlen, false);
	cut_run(b, b->in, b->wlen, write_bytes != 0 ? write_bytes : b->wlen, true);
}

/* Splits a piece in two; half of the time the second part is one byte. */
static void split(struct raw *b, unsigned index, struct sim_rng *rng)
{
	struct seg *s = &b->piece[index];
	const uint32_t len = sim_rng_chance(rng, 512) ? s->len - 1 : 1 + sim_rng_below(rng, s->len - 1);

	for (unsigned i = b->count++; i > index; i--)
		b->piece[i] = b->piece[i - 1];
	s[1].addr += len;
	s[1].len -= len;
	s->len = len;
}

void raw_cut_random(struct raw *b, struct sim_rng *rng, unsigned pieces)
{
	raw_cut(b, 0, 0);
	while (b->count < pieces) {
		const unsigned index = sim_rng_below(rng, b->count);

		if (b->piece[index].len > 1)
			split(b, index, rng);
	}
}

uint8_t raw_do(struct ring *q, struct raw *b, bool indirect)
{
	const uint16_t head = indirect ? ring_indirect(q, b->piece, b->count) : ring_chain(q, b->piece, b->count);

	ring_post(q, head);
	ring_kick(q);
	ring_wait(q, 1);
	b->used = ring_take(q);
	if (b->used.id != head)
		rig_fail(q->r, NULL, 0, "the used element's id: expected %u, found %u", head, b->used.id);
	return (uint8_t)get(q->r, raw_status(b), 1);
}
