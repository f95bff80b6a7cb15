/* SPDX-License-Identifier: Apache-2.0
 * packed_chain.c: rows of the area "Packed virtqueue" about lists of descriptors, virtio 1.2, 2.8.5, 2.8.6, 2.8.17 and
 * 2.8.22. */
#include <string.h>
#include "ring_packed.h"
#include "rows.h"
#include "sim.h"

enum { LONG = 600, RACES = 120 };

static void check_data(struct rig *r, const struct blk *b, uint64_t sector)
{
	CHECK_EQ(r, get(r, b->status, 1), BLK_OK);
	if (b->in)
		CHECK_BYTES(r, b->data, r->disk_bytes + 512 * sector, b->len);
	else
		CHECK(r, memcmp(rig_at(r, b->data, b->len), r->disk_bytes + 512 * sector, b->len) == 0,
		      "the disk does not hold what was written");
}

/* A list as long as the ring, read and written; two rounds. */
static void list_as_long_as_the_ring(struct rig *r)
{
	static const uint16_t sizes[] = {3, 6, 34, 66, 130};

	for (unsigned i = 0; i < 5; i++) {
		struct packed q = packed_start(r, sizes[i], 0);

		for (unsigned round = 0; round < 4; round++) {
			struct blk b = blk_make(r, round % 2 == 0 ? BLK_IN : BLK_OUT, round, 512);

			packed_blk_do(&q, &b, sizes[i] - 2u);
			CHECK_EQ(r, b.used.len, b.in ? 513 : 1);
			check_data(r, &b, round);
		}
	}
}

/* Three slots a request in a ring of five: the end falls behind each of its descriptors in turn. */
static void list_across_the_end(struct rig *r)
{
	struct packed q = packed_start(r, 5, 0);

	for (unsigned i = 0; i < 20; i++) {
		struct blk b = blk_make(r, i % 4 == 3 ? BLK_OUT : BLK_IN, i, 512);

		packed_blk_do(&q, &b, 1);
		check_data(r, &b, i);
	}
}

static void id_of_the_last(struct rig *r)
{
	struct packed q = packed_start(r, 16, 0);
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned i = 0; i < 12; i++) {
		const struct packed_chain c = packed_blk_write(&q, &b, 1 + i);

		for (unsigned k = 0; k + 1 < c.slots; k++)
			put(r, packed_at(&q, packed_after(&q, c.pos, k)) + 12, 0x1111 * (k + 1), 2);
		packed_publish(&q, &c);
		packed_kick(&q);
		packed_wait(&q);
		CHECK_EQ(r, get(r, packed_at(&q, q.seen) + 12, 2), c.id);
		packed_take(&q, &c);
	}
}

/* Up to four chains at once of any length, published together: one write for each, where the chain before it ended. */
static void positions_follow_lengths(struct rig *r)
{
	struct packed q = packed_start(r, 29, F(INDIRECT_DESC));
	struct blk b[4];
	struct sim_rng rng;
	uint64_t mark = rig_mark(r);

	sim_rng_init(&rng, 1);
	for (unsigned i = 0; i < 4; i++)
		b[i] = blk_make(r, BLK_IN, i, 512);
	for (unsigned round = 0; round < 60; round++) {
		const unsigned count = 1 + sim_rng_below(&rng, 4);
		struct packed_chain c[4];

		for (unsigned i = 0; i < count; i++)
			c[i] = packed_blk(&q, &b[i], sim_rng_below(&rng, 6));
		packed_kick(&q);
		for (unsigned i = 0; i < count; i++)
			CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
		rig_settle(r);
		for (unsigned i = 0; i < count; i++) {
			const struct access *a = rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num);

			CHECK(r, a != NULL, "expected one write for each chain");
			CHECK_EQ(r, a->addr, packed_at(&q, c[i].pos) + 8);
		}
		CHECK(r, rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num) == NULL, "more than one write for a chain");
	}
}

/* All descriptors behind the head are available by their own flags. */
static void head_decides(struct rig *r)
{
	struct packed q = packed_start(r, 7, 0);

	for (unsigned i = 0; i < 5; i++) {
		struct blk b = blk_make(r, BLK_OUT, i, 512);
		const struct packed_chain c = packed_blk_write(&q, &b, 3);
		const uint64_t mark = rig_mark(r);

		packed_kick(&q);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_READ, b.header, 16) + rig_count(r, mark, RIG_READ, b.data, 512), 0);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, RIG_ANYWHERE), 0);
		packed_publish(&q, &c);
		packed_kick(&q);
		CHECK_EQ(r, packed_blk_wait(&q, &b, &c), BLK_OK);
		check_data(r, &b, i);
	}
}

/* Two lists become available in one clock, some clocks after a kick. Until then all that is behind the first head is of
 * a trap: descriptors that are well formed, and whose buffers nobody may write. */
static void race(struct packed *q, unsigned clocks)
{
	struct rig *r = q->r;
	struct blk b[2] = {blk_make(r, BLK_IN, 2, 512), blk_make(r, BLK_IN, 4, 512)};
	const uint64_t trap = rig_take(r, 512, 8);
	struct packed_chain c[2];

	for (unsigned i = 0; i < 6; i++)
		packed_desc(r, packed_at(q, packed_after(q, q->next, i)), trap, 512, 0x7777,
			    (uint16_t)(DESC_WRITE |
				       (get(r, packed_at(q, packed_after(q, q->next, i)) + 14, 2) & DESC_BITS)));
	wr_post(r, REG_QueueNotify, 0);
	rig_run(r, clocks);
	for (unsigned i = 0; i < 2; i++)
		c[i] = packed_blk(q, &b[i], 1);
	while (!wr_answered(r))
		rig_clock(r);
	packed_kick(q);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_EQ(r, packed_blk_wait(q, &b[i], &c[i]), BLK_OK);
		CHECK_BYTES(r, b[i].data, r->disk_bytes + 512 * (2 + 2 * i), 512);
	}
	rig_settle(r);
}

/* Every descriptor behind a head was read, to be believed, when the flags of that head had come. */
static void check_members_after_head(struct packed *q)
{
	struct rig *r = q->r;
	struct blk b = blk_make(r, BLK_IN, 0, 512);
	uint64_t mark, from;
	const struct access *head, *last;

	rig_settle(r);
	from = mark = rig_mark(r);
	const struct packed_chain c = packed_blk(q, &b, 4);

	packed_kick(q);
	CHECK_EQ(r, packed_blk_wait(q, &b, &c), BLK_OK);
	do
		head = rig_next(r, &mark, RIG_READ, packed_at(q, c.pos) + 14, 2);
	while (head != NULL &&
	       (rig_carried(r, head, packed_at(q, c.pos) + 14, 2) & DESC_BITS) != packed_avail_bits(c.pos));
	CHECK(r, head != NULL, "the head was not read");
	for (unsigned i = 1; i < c.slots; i++) {
		last = rig_last(r, from, RIG_READ, packed_at(q, packed_after(q, c.pos, i)), 16);
		CHECK(r, last != NULL && last->asked > head->done, "descriptor %u was read before the head's flags", i);
	}
}

static void members_after_the_head(struct rig *r)
{
	struct packed q;

	r->setup.reorder = true;
	r->setup.read_latency = 12;
	rig_power_on(r);
	q = packed_start(r, 32, 0);
	for (unsigned clocks = 0; clocks < RACES; clocks++)
		race(&q, clocks);
	for (unsigned i = 0; i < 10; i++)
		check_members_after_head(&q);
}

/* Nothing but the wrap counter and WRITE is left of a head that had NEXT, or INDIRECT. */
static void next_is_zero_in_used(struct rig *r)
{
	struct packed q = packed_start(r, 7, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned i = 0; i < 20; i++) {
		const uint16_t pos = q.seen;

		CHECK_EQ(r, packed_blk_do(&q, &b, i % 5), BLK_OK);
		CHECK_EQ(r, get(r, packed_at(&q, pos) + 14, 2), packed_used_bits(pos) | DESC_WRITE);
	}
}

/* Eight pieces whose addresses fall: the data is theirs in the order of the list. */
static void elements_in_order(struct rig *r)
{
	struct packed q = packed_start(r, 16, 0);

	for (unsigned out = 0; out < 2; out++) {
		struct blk b = blk_make(r, out ? BLK_OUT : BLK_IN, 5, 512);
		struct seg segs[10];

		CHECK_EQ(r, blk_segs(&b, segs, 8), 10);
		for (unsigned i = 0; i < 8; i++)
			segs[1 + i].addr = b.data + 64 * (7 - i);
		const struct packed_chain c = packed_list(&q, segs, 10, 9);

		packed_publish(&q, &c);
		packed_kick(&q);
		CHECK_EQ(r, packed_blk_wait(&q, &b, &c), BLK_OK);
		for (unsigned i = 0; i < 8; i++)
			CHECK_BYTES(r, b.data + 64 * (7 - i), r->disk_bytes + 512 * 5 + 64 * i, 64);
	}
}

/* The limit is SegMax pieces of data. One more is served as well, or answered with an error; the device goes on. */
static void limit_of_a_list(struct rig *r)
{
	struct packed q = packed_start(r, 256, F(BLK_SEG_MAX));
	const unsigned limit = rd(r, REG_SegMax);

	for (unsigned more = 0; more < 2; more++) {
		struct blk b = blk_make(r, BLK_IN, 0, 512);
		const uint8_t status = packed_blk_do(&q, &b, limit + more);

		CHECK(r, status == BLK_OK || (more == 1 && status == BLK_IOERR), "status: expected 0, found %u",
		      status);
	}
	packed_check_serves(&q);
}

/* Lists of 3, 1 and 2 slots and more at once. In whatever order they end, each used descriptor is where the chains that
 * were used before it end. */
static void positions_in_any_order(struct rig *r)
{
	enum { CHAINS = 6 };
	static const unsigned lengths[CHAINS] = {3, 1, 2, 5, 1, 4};
	struct packed q = packed_start(r, 17, F(INDIRECT_DESC) | F(BLK_FLUSH));

	for (unsigned round = 0; round < 10; round++) {
		struct packed_chain c[CHAINS];
		unsigned used = 0;

		for (unsigned i = 0; i < CHAINS; i++) {
			struct blk b = blk_make(r, lengths[i] == 2 ? BLK_FLUSH : BLK_IN, i, lengths[i] == 2 ? 0 : 512);

			c[i] = packed_blk(&q, &b,
					  lengths[i] == 1   ? PACKED_TABLE
					  : lengths[i] == 2 ? 1
							    : lengths[i] - 2);
		}
		packed_kick(&q);
		for (unsigned n = 0; n < CHAINS; n++) {
			unsigned i = 0;

			packed_wait(&q);
			while (i < CHAINS && c[i].id != get(r, packed_at(&q, q.seen) + 12, 2))
				i++;
			CHECK(r, i < CHAINS && (used >> i & 1) == 0, "an id that was not, or no longer, available");
			used |= 1u << i;
			CHECK_EQ(r, c[i].slots, lengths[i]);
			packed_take(&q, &c[i]);
		}
		CHECK_EQ(r, q.seen, q.next);
	}
}

ROWS(ROW(PACK_12, "2.8.5", list_as_long_as_the_ring), ROW(PACK_13, "2.8.6", list_across_the_end),
     ROW(PACK_14, "2.8.6", id_of_the_last), ROW(PACK_15, "2.8.6", positions_follow_lengths),
     ROW(PACK_16, "2.8.6", head_decides), ROW(PACK_17, "2.8.6", members_after_the_head),
     ROW(PACK_18, "2.8.6", next_is_zero_in_used), ROW(PACK_44, "2.8.18", elements_in_order),
     ROW(PACK_45, "2.8.18", limit_of_a_list), ROW(PACK_49, "2.8.22", positions_in_any_order))
