/* SPDX-License-Identifier: Apache-2.0
 * robust.c: see robust.h. */
#include "robust.h"

#include <string.h>

enum { OUT_OF_REACH = 0x10 }; /* an address at which there is no memory */

static void head_past_the_table(struct ring *q)
{
	ring_post(q, q->num);
}

static void head_ffff(struct ring *q)
{
	ring_post(q, 0xffff);
}

static void next_past_the_table(struct ring *q)
{
	ring_desc(q, 0, rig_take(q->r, 16, 16), 16, DESC_NEXT, q->num);
	ring_post(q, 0);
}

static void next_ffff(struct ring *q)
{
	ring_desc(q, 0, rig_take(q->r, 16, 16), 16, DESC_NEXT, 0xffff);
	ring_post(q, 0);
}

/* One descriptor of a table that says it has two, then next past its end. */
static void next_past_the_indirect_table(struct ring *q)
{
	const uint64_t table = rig_take(q->r, 4096, 16);

	put_desc(q->r, table, rig_take(q->r, 16, 16), 16, DESC_NEXT, 2);
	put_desc(q->r, table + 32, q->desc, 1, DESC_WRITE, 0);
	ring_desc(q, 0, table, 32, DESC_INDIRECT, 0);
	ring_post(q, 0);
}

/* A chain of `length` descriptors of `bytes` bytes, whose last one leads back to the first. */
static void post_loop(struct ring *q, uint16_t length, uint32_t bytes)
{
	const uint64_t buffer = rig_take(q->r, 64, 64);

	for (uint16_t i = 0; i < length; i++)
		ring_desc(q, i, buffer, bytes, DESC_NEXT, (uint16_t)((i + 1) % length));
	ring_post(q, 0);
}

static void loop_of_one(struct ring *q)
{
	post_loop(q, 1, 16);
}

static void loop_of_two(struct ring *q)
{
	post_loop(q, 2, 16);
}

static void loop_of_all(struct ring *q)
{
	post_loop(q, q->num, 1);
}

static void loop_of_nothing(struct ring *q)
{
	post_loop(q, 2, 0);
}

static void loop_of_one_empty(struct ring *q)
{
	post_loop(q, 1, 0);
}

/* The loop does not lead back to the head. */
static void loop_behind_the_head(struct ring *q)
{
	post_loop(q, 4, 8);
	ring_desc(q, 3, q->desc, 0, DESC_NEXT, 2);
}

static void loop_in_a_table(struct ring *q)
{
	const uint64_t table = rig_take(q->r, 32, 16), buffer = rig_take(q->r, 16, 16);

	put_desc(q->r, table, buffer, 16, DESC_NEXT, 1);
	put_desc(q->r, table + 16, buffer, 0, DESC_NEXT, 0);
	ring_desc(q, 0, table, 32, DESC_INDIRECT, 0);
	ring_post(q, 0);
}

/* Every entry of the ring is a good request: a device that believed idx would serve them. */
static void move_idx(struct ring *q, unsigned by)
{
	const struct seg status = {rig_take(q->r, 1, 1), 1, true};
	const uint16_t head = ring_chain(q, &status, 1);

	for (unsigned i = 0; i < q->num; i++)
		ring_add(q, head);
	q->posted = (uint16_t)(q->posted - q->num + by);
	ring_publish(q);
}

static void idx_too_far(struct ring *q)
{
	move_idx(q, q->num + 1u);
}

static void idx_backwards(struct ring *q)
{
	move_idx(q, 0xffff);
}

static void idx_half_a_lap(struct ring *q)
{
	move_idx(q, 0x8000);
}

static void readable_behind_writable(struct ring *q)
{
	struct rig *r = q->r;
	const struct seg segs[] = {{rig_take(r, 16, 16), 16, false},
				   {rig_take(r, 512, 16), 512, true},
				   {rig_take(r, 16, 16), 16, false},
				   {rig_take(r, 1, 16), 1, true}};

	ring_post(q, ring_chain(q, segs, 4));
}

static void post_indirect(struct ring *q, uint16_t flags, uint32_t len, uint16_t inner)
{
	const uint64_t table = rig_take(q->r, 64, 16);

	put_desc(q->r, table, table, 32, inner, 1);
	put_desc(q->r, table + 16, rig_take(q->r, 1, 1), 1, DESC_WRITE, 0);
	ring_desc(q, 0, table, len, flags, 1);
	ring_desc(q, 1, rig_take(q->r, 1, 1), 1, DESC_WRITE, 0);
	ring_post(q, 0);
}

static void table_within_a_table(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT, 32, DESC_INDIRECT);
}

static void table_and_next(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT | DESC_NEXT, 32, DESC_NEXT);
}

static void table_not_negotiated(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT, 32, DESC_NEXT);
}

static void table_of_0_bytes(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT, 0, DESC_NEXT);
}

static void table_of_8_bytes(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT, 8, DESC_NEXT);
}

static void table_of_17_bytes(struct ring *q)
{
	post_indirect(q, DESC_INDIRECT, 17, DESC_NEXT);
}

static void no_status(struct ring *q)
{
	const struct seg segs[] = {{rig_take(q->r, 16, 16), 16, false}, {rig_take(q->r, 512, 16), 512, false}};

	ring_post(q, ring_chain(q, segs, 2));
}

static void only_empty_descriptors(struct ring *q)
{
	ring_desc(q, 0, OUT_OF_REACH, 0, DESC_NEXT, 1);
	ring_desc(q, 1, OUT_OF_REACH, 0, DESC_WRITE, 0);
	ring_post(q, 0);
}

/* Header, two buffers of these flags, which have no bytes of their own, and a status. */
static void post_wild(struct ring *q, uint64_t addr, uint32_t len, uint16_t flags, unsigned count)
{
	ring_desc(q, 0, rig_take(q->r, 16, 16), 16, DESC_NEXT, 1);
	for (uint16_t i = 0; i < count; i++)
		ring_desc(q, (uint16_t)(1 + i), addr, len, (uint16_t)(DESC_NEXT | flags), (uint16_t)(2 + i));
	ring_desc(q, (uint16_t)(1 + count), rig_take(q->r, 1, 1), 1, DESC_WRITE, 0);
	ring_post(q, 0);
}

static void lengths_that_overflow(struct ring *q)
{
	post_wild(q, q->r->setup.base, 0xffffffff, DESC_WRITE, 2);
}

/* Modulo 2^32 they are one sector and a status. */
static void lengths_that_look_small(struct ring *q)
{
	struct rig *r = q->r;

	ring_desc(q, 0, rig_take(r, 16, 16), 16, DESC_NEXT, 1);
	ring_desc(q, 1, r->setup.base, 0xfffffe00, DESC_NEXT | DESC_WRITE, 2);
	ring_desc(q, 2, r->setup.base, 0x400, DESC_NEXT | DESC_WRITE, 3);
	ring_desc(q, 3, rig_take(r, 1, 1), 1, DESC_WRITE, 0);
	ring_post(q, 0);
}

static void readable_lengths_that_overflow(struct ring *q)
{
	post_wild(q, q->r->setup.base, 0x80000000, 0, 2);
}

static void buffer_past_the_end(struct ring *q)
{
	post_wild(q, UINT64_MAX - 15, 64, DESC_WRITE, 1);
}

static void table_past_the_end(struct ring *q)
{
	ring_desc(q, 0, UINT64_MAX - 15, 64, DESC_INDIRECT, 0);
	ring_post(q, 0);
}

static void table_at_no_memory(struct ring *q)
{
	ring_desc(q, 0, UINT64_C(1) << 60, 64, DESC_INDIRECT, 0);
	ring_post(q, 0);
}

const struct misdeed misdeeds[] = {
	{"head N", 0, head_past_the_table},
	{"head 0xffff", 0, head_ffff},
	{"next N", 0, next_past_the_table},
	{"next 0xffff", 0, next_ffff},
	{"next past an indirect table", F(INDIRECT_DESC), next_past_the_indirect_table},
	{"loop of one", 0, loop_of_one},
	{"loop of two", 0, loop_of_two},
	{"loop of all", 0, loop_of_all},
	{"loop without bytes", 0, loop_of_nothing},
	{"loop of one without bytes", 0, loop_of_one_empty},
	{"loop behind the head", 0, loop_behind_the_head},
	{"loop in a table", F(INDIRECT_DESC), loop_in_a_table},
	{"idx + N + 1", 0, idx_too_far},
	{"idx - 1", 0, idx_backwards},
	{"idx + 0x8000", 0, idx_half_a_lap},
	{"R W R W", 0, readable_behind_writable},
	{"table in a table", F(INDIRECT_DESC), table_within_a_table},
	{"INDIRECT and NEXT", F(INDIRECT_DESC), table_and_next},
	{"INDIRECT without the feature", 0, table_not_negotiated},
	{"table of 0 bytes", F(INDIRECT_DESC), table_of_0_bytes},
	{"table of 8 bytes", F(INDIRECT_DESC), table_of_8_bytes},
	{"table of 17 bytes", F(INDIRECT_DESC), table_of_17_bytes},
	{"no writable byte", 0, no_status},
	{"only empty descriptors", 0, only_empty_descriptors},
	{"2^33 bytes to write", 0, lengths_that_overflow},
	{"2^32 + 513 bytes to write", 0, lengths_that_look_small},
	{"2^32 bytes to read", 0, readable_lengths_that_overflow},
	{"buffer past 2^64", 0, buffer_past_the_end},
	{"table past 2^64", F(INDIRECT_DESC), table_past_the_end},
	{"table where no memory is", F(INDIRECT_DESC), table_at_no_memory},
};
const unsigned misdeed_count = sizeof misdeeds / sizeof misdeeds[0];

const struct misdeed *robust_find(struct rig *r, const char *what)
{
	for (unsigned i = 0; i < misdeed_count; i++)
		if (strcmp(misdeeds[i].what, what) == 0)
			return &misdeeds[i];
	rig_fail(r, NULL, 0, "the test asks for a misdeed that is not there: %s", what);
}

void robust_check_rings_only(struct ring *q, uint64_t mark)
{
	struct rig *r = q->r;

	CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, RIG_ANYWHERE),
		 rig_count(r, mark, RIG_BOTH, q->desc, q->used + 6 + 8ull * q->num - q->desc));
}

void robust_check_recovers(struct rig *r, uint64_t features, unsigned requests)
{
	struct ring *q = &r->ring[0];
	struct blk b;

	rig_fault_clear(r);
	bring_up(r, STAGE_DRIVER_OK, features);
	CHECK_EQ(r, rd(r, REG_Status), ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	b = blk_make(r, BLK_IN, 2, 512);
	for (unsigned n = 0; n < requests; n++) {
		blk_post(q, &b);
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
	}
	CHECK_BYTES(r, b.data, r->disk_bytes + 2 * 512, 512);
}

void robust_check_refused(struct rig *r, const char *what)
{
	const struct misdeed *m = robust_find(r, what);
	struct ring *q;

	if (r->ring[0].r == NULL)
		ring_place(r, 0, ROBUST_NUM);
	q = &r->ring[0];
	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(m->features));
	m->post(q);
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), 0);
	robust_check_recovers(r, ROBUST_FEATURES(0), 1);
}
