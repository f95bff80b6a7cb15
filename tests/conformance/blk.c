/* SPDX-License-Identifier: Apache-2.0
 * blk.c: see blk.h. */
#include "blk.h"

#include <string.h>

static bool fills_data(uint32_t type)
{
	return type == BLK_IN || type == BLK_GET_ID || type == BLK_GET_LIFETIME;
}

struct blk blk_make(struct rig *r, uint32_t type, uint64_t sector, uint32_t len)
{
	struct blk b = {.len = len, .in = fills_data(type)};

	b.header = rig_take(r, 16, 16);
	b.data = rig_take(r, len, 8);
	b.status = rig_take(r, 1, 8);
	put(r, b.header, type, 4);
	put(r, b.header + 8, sector, 8);
	for (uint32_t i = 0; i < len; i++)
		put(r, b.data + i, b.in ? BLK_UNTOUCHED : rig_pattern(i + 7u), 1);
	put(r, b.status, BLK_UNTOUCHED, 1);
	return b;
}

unsigned blk_segs(const struct blk *b, struct seg *segs, unsigned pieces)
{
	const uint32_t size = b->len / pieces;
	unsigned n = 0;

	segs[n++] = (struct seg){b->header, 16, false};
	for (unsigned i = 0; i < pieces && b->len != 0; i++)
		segs[n++] =
			(struct seg){b->data + (uint64_t)size * i, i + 1 < pieces ? size : b->len - size * i, b->in};
	segs[n++] = (struct seg){b->status, 1, true};
	return n;
}

void blk_post(struct ring *q, struct blk *b)
{
	struct seg segs[3];

	b->head = ring_chain(q, segs, blk_segs(b, segs, 1));
	put(q->r, b->status, BLK_UNTOUCHED, 1);
	ring_post(q, b->head);
}

uint8_t blk_wait(struct ring *q, struct blk *b)
{
	ring_wait(q, 1);
	b->used = ring_take(q);
	if (b->used.id != b->head)
		rig_fail(q->r, NULL, 0, "the used element's id: expected %u, found %u", b->head, b->used.id);
	return (uint8_t)get(q->r, b->status, 1);
}

uint8_t blk_do(struct ring *q, struct blk *b, uint32_t type, uint64_t sector, uint32_t len)
{
	*b = blk_make(q->r, type, sector, len);
	blk_post(q, b);
	ring_kick(q);
	return blk_wait(q, b);
}

void blk_load(struct ring *q, uint32_t type, unsigned count, uint32_t len)
{
	for (unsigned i = 0; i < count; i++) {
		struct blk b = blk_make(q->r, type, (uint64_t)i * (len / 512), len);

		blk_post(q, &b);
	}
}

void blk_check_serves(struct ring *q)
{
	struct blk b;

	CHECK_EQ(q->r, blk_do(q, &b, BLK_IN, 1, 512), BLK_OK);
	CHECK_BYTES(q->r, b.data, q->r->disk_bytes + 512, 512);
}
