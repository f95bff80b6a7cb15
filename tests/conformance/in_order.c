/* SPDX-License-Identifier: Apache-2.0
 * in_order.c: the area "In-order use (split)", virtio 1.2, 2.7.9. */
#include "blk.h"
#include "rows.h"

enum { MANY = 15 };

/* Reads and writes of one to three sectors in turn, posted and kicked, with slow and stalling memory and storage. */
static struct ring *load(struct rig *r, struct blk *b)
{
	struct ring *q;

	r->setup.stall_per_1024 = 200;
	r->setup.disk_latency = 300;
	r->setup.reorder = true;
	rig_power_on(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(IN_ORDER));
	for (unsigned i = 0; i < MANY; i++) {
		b[i] = blk_make(r, i % 3 == 2 ? BLK_OUT : BLK_IN, 4 * i, 512 * (1 + i % 4));
		blk_post(q, &b[i]);
	}
	ring_kick(q);
	return q;
}

static void check_data(struct rig *r, const struct blk *b, unsigned i)
{
	CHECK_EQ(r, get(r, b->status, 1), BLK_OK);
	if (b->in)
		CHECK_BYTES(r, b->data, r->disk_bytes + 512 * 4 * i, b->len);
}

/* An element may stand for all buffers up to its own, and then stands in the slot of the first of them; idx moves by
 * their number. Each buffer that it covers was served completely. */
static void batches(struct rig *r)
{
	struct blk b[MANY];
	struct ring *q = load(r, b);

	while (q->seen != MANY) {
		struct used used;
		unsigned last = q->seen;

		ring_wait(q, 1);
		used = ring_take(q);
		while (last < MANY && b[last].head != used.id)
			last++;
		CHECK(r, last < MANY, "an id that is not outstanding");
		CHECK(r, ring_used_idx(q) > last, "expected idx past the batch, found %u", ring_used_idx(q));
		for (unsigned i = q->seen - 1u; i <= last; i++)
			check_data(r, &b[i], i);
		q->seen = (uint16_t)(last + 1);
	}
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), MANY);
}

static void ids_in_order(struct rig *r)
{
	struct blk b[MANY];
	struct ring *q = load(r, b);
	uint32_t before = 0;

	ring_wait(q, MANY);
	for (unsigned i = 0; i < MANY; i++) {
		const struct used used = ring_take(q);

		CHECK(r, i == 0 ? used.id == 0 : used.id > before, "id %u came behind %u", used.id, before);
		before = used.id;
	}
}

/* Lengths differ from request to request, and the driver has each. */
static void one_element_for_each(struct rig *r)
{
	struct blk b[MANY];
	struct ring *q = load(r, b);

	for (unsigned i = 0; i < MANY; i++) {
		CHECK_EQ(r, blk_wait(q, &b[i]), BLK_OK);
		CHECK_EQ(r, b[i].used.len, b[i].in ? b[i].len + 1 : 1);
		check_data(r, &b[i], i);
	}
}

ROWS(ROW(IORD_01, "2.7.9", batches), ROW(IORD_02, "2.7.9", batches), ROW(IORD_03, "2.7.9", batches),
     ROW(IORD_04, "6.2", ids_in_order), ROW(IORD_05, "2.7.9", one_element_for_each))
