/* SPDX-License-Identifier: Apache-2.0
 * test_walk.c: walk: chains of any shape come out whole and in order; a malformed one ends in its error. Indirect tables
 * are in test_indirect.c. */
#include "walk_rig.h"

static void one_descriptor(void **state)
{
	struct vio_chain c;
	struct vio_seg s;

	(void)state;
	put(7, 0x123456789abcdef0, 99, WRITE, 0);
	walk(7);
	run(50);
	c = take_chain();
	assert_int_equal(c.head, 7);
	assert_int_equal(c.rlen, 0);
	assert_int_equal(c.wlen, 99);
	assert_int_equal(c.segs, 1);
	s = take_seg();
	assert_true(s.addr == 0x123456789abcdef0);
	assert_int_equal(s.len, 99);
	assert_int_equal(s.write, 1);
	assert_false(has_seg() || has_chain());
	assert_int_equal(v->walk.used, 0);
}

/* Chains of random length over random places, many at once; the test knows each by its head. */
static void chains_of_any_shape(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		uint16_t place[TABLE], heads[12], length[12];
		unsigned used = 0, chains = 1 + below(12), got;

		for (unsigned i = 0; i < TABLE; i++)
			place[i] = (uint16_t)i;
		if (below(2)) {
			for (unsigned i = TABLE - 1; i > 0; i--) {
				const unsigned j = below(i + 1);
				const uint16_t swap = place[i];

				place[i] = place[j];
				place[j] = swap;
			}
		}
		for (unsigned c = 0; c < chains; c++) {
			const unsigned len = 1 + (below(8) == 0 ? below(100) : below(5)), readable = below(len + 1);

			if (used + len > TABLE) {
				chains = c;
				break;
			}
			heads[c] = place[used];
			length[c] = (uint16_t)len;
			for (unsigned i = 0; i < len; i++, used++)
				put(place[used], (uint64_t)place[used] << 20, 1 + place[used],
				    (uint16_t)((i + 1 < len ? NEXT : 0) | (i >= readable ? WRITE : 0)),
				    i + 1 < len ? place[used + 1] : 0xffff);
			walk(heads[c]);
		}
		got = 0;
		for (unsigned left = 0, at = 0, clocks = 0; got < chains; clocks++) {
			assert_true(clocks < 100000);
			run(1);
			if (left == 0 && has_chain()) {
				const struct vio_chain c = take_chain();

				assert_int_equal(c.head, heads[got]);
				assert_int_equal(c.segs, length[got]);
				left = c.segs;
				at = c.head;
			}
			if (left != 0 && has_seg() && below(2)) {
				const struct vio_seg s = take_seg();

				assert_int_equal(s.addr, (uint64_t)at << 20);
				assert_int_equal(s.len, 1 + at);
				assert_int_equal(s.write, (table[at].flags & WRITE) != 0);
				at = table[at].next;
				if (--left == 0)
					got++;
			}
		}
		run(200);
		assert_int_equal(v->walk.used, 0);
		assert_int_equal(v->erred, 0);
		assert_false(has_seg() || has_chain() || has_tag());
	}
}

/* Neighbours come with one read; a chain that fits is not read again. */
static void neighbours_share_a_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		put(i, 0x1000, 8, i < 3 ? NEXT : WRITE, i + 1);
	walk(0);
	run(100);
	assert_int_equal(take_chain().segs, 4);
	assert_int_equal(jobs, 1);
}

static void empty_descriptors_are_passed_over(void **state)
{
	struct vio_chain c;

	(void)state;
	put(0, 0x1000, 0, NEXT | WRITE, 1);
	put(1, 0x2000, 16, NEXT, 2);
	put(2, 0x3000, 0, NEXT, 3);
	put(3, 0x4000, 1, WRITE, 0);
	walk(0);
	run(100);
	c = take_chain();
	assert_int_equal(c.segs, 2);
	assert_int_equal(c.rlen, 16);
	assert_int_equal(c.wlen, 1);
	assert_int_equal(take_seg().addr, 0x2000);
	assert_int_equal(take_seg().addr, 0x4000);
}

static void a_chain_may_fill_the_table(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TABLE; i++)
		put(i, 0x1000, 8, i + 1 < TABLE ? NEXT : WRITE, i + 1);
	walk(0);
	for (unsigned i = 0; i < 10000 && !has_chain(); i++)
		run(1);
	assert_int_equal(take_chain().segs, TABLE);
	for (unsigned i = 0; i < TABLE; i++) {
		for (unsigned wait = 0; !has_seg(); wait++) {
			assert_true(wait < 1000);
			run(1);
		}
		take_seg();
	}
	run(100);
	assert_int_equal(v->erred, 0);
	assert_int_equal(v->walk.used, 0);
}

static void a_loop(void **state)
{
	(void)state;
	put(3, 0x1000, 8, NEXT, 9);
	put(9, 0x1000, 8, NEXT, 3);
	walk(3);
	run(20000);
	assert_int_equal(v->walk.err.code, ERR_CHAIN_LOOP);
	assert_false(has_chain());
}

static void a_loop_of_empty_descriptors(void **state)
{
	(void)state;
	put(5, 0x1000, 0, NEXT, 5);
	walk(5);
	run(20000);
	assert_int_equal(v->walk.err.code, ERR_CHAIN_LOOP);
}

static void next_past_the_table(void **state)
{
	(void)state;
	put(1, 0x1000, 8, NEXT, TABLE);
	walk(1);
	refused(ERR_NEXT_INDEX, 1);
}

/* Without NEXT, next means nothing. */
static void next_without_its_flag(void **state)
{
	(void)state;
	put(1, 0x1000, 8, WRITE, 0xffff);
	walk(1);
	run(50);
	assert_int_equal(take_chain().segs, 1);
	assert_int_equal(v->erred, 0);
}

static void readable_after_writable(void **state)
{
	(void)state;
	put(0, 0x1000, 8, NEXT | WRITE, 1);
	put(1, 0x1000, 8, 0, 0);
	walk(0);
	refused(ERR_CHAIN_ORDER, 1);
}

static void indirect_without_the_feature(void **state)
{
	(void)state;
	put(4, 0x1000, 16, DESC_INDIRECT, 0);
	walk(4);
	refused(ERR_INDIRECT, 4);
}

static void a_buffer_past_the_last_address(void **state)
{
	(void)state;
	put(4, 0xfffffffffffffff8, 9, 0, 0);
	walk(4);
	refused(ERR_ADDR_WRAP, 4);
}

static void a_buffer_up_to_the_last_address(void **state)
{
	(void)state;
	put(4, 0xfffffffffffffff8, 8, 0, 0);
	walk(4);
	run(50);
	assert_int_equal(take_chain().rlen, 8);
}

static void too_many_bytes(void **state)
{
	(void)state;
	put(0, 0, 0x80000000, NEXT, 1);
	put(1, 0, 0x80000000, WRITE, 0);
	walk(0);
	refused(ERR_CHAIN_BYTES, 1);
}

static void the_most_bytes(void **state)
{
	struct vio_chain c;

	(void)state;
	put(0, 0, 0x80000000, NEXT, 1);
	put(1, 0, 0x7fffffff, WRITE, 0);
	walk(0);
	run(50);
	c = take_chain();
	assert_int_equal(c.rlen, 0x80000000);
	assert_int_equal(c.wlen, 0x7fffffff);
}

/* A chain longer than a slot is read twice. A driver that cuts it short meanwhile gets an error, and no more segments
 * than were announced. */
static void a_chain_that_changes(void **state)
{
	unsigned segs = 0;

	(void)state;
	for (unsigned i = 0; i < 3 * VIO_SEGS; i++)
		put(i, 0x1000, 8, i + 1 < 3 * VIO_SEGS ? NEXT : WRITE, i + 1);
	walk(0);
	for (unsigned i = 0; i < 10000 && !has_chain(); i++)
		run(1);
	assert_int_equal(take_chain().segs, 3 * VIO_SEGS);
	put(2 * VIO_SEGS - 4, 0x1000, 8, 0, 0);
	for (unsigned i = 0; i < 3000; i++) {
		run(1);
		if (has_seg()) {
			take_seg();
			segs++;
		}
	}
	assert_true(segs < 3 * VIO_SEGS);
	assert_int_equal(v->walk.err.code, ERR_CHAIN_CHANGED);
}

/* Chains in front of a bad one are handed on only if they were announced before; nothing of the bad one is. */
static void nothing_of_a_bad_chain_is_announced(void **state)
{
	(void)state;
	put(0, 0x1000, 8, WRITE, 0);
	put(10, 0x1000, 8, NEXT, 11);
	put(11, 0x1000, 8, NEXT, TABLE + 7);
	walk(0);
	run(100);
	assert_int_equal(take_chain().head, 0);
	walk(10);
	refused(ERR_NEXT_INDEX, 11);
}

/* An early head is walked, but nothing of it is announced before it is confirmed. */
static void an_early_head_waits(void **state)
{
	(void)state;
	put(6, 0x1000, 8, WRITE, 0);
	give_head((struct vio_head){.head = 6, .early = 1});
	run(200);
	assert_int_equal(jobs, 1);
	assert_false(has_chain() || has_seg());
	give_confirm((struct vio_confirm){.head = 6});
	run(200);
	assert_int_equal(jobs, 1);
	assert_int_equal(take_chain().head, 6);
	assert_int_equal(take_seg().addr, 0x1000);
}

/* What a stale early head led to is forgotten, errors too; later chains stay behind it. */
static void a_stale_early_head_is_walked_again(void **state)
{
	(void)state;
	put(6, 0x1000, 8, NEXT, TABLE + 1);
	put(7, 0x2000, 8, WRITE, 0);
	put(8, 0x3000, 8, WRITE, 0);
	give_head((struct vio_head){.head = 6, .early = 1});
	give_head((struct vio_head){.head = 8, .early = 1});
	run(200);
	assert_int_equal(v->erred, 0);
	give_confirm((struct vio_confirm){.head = 7});
	give_confirm((struct vio_confirm){.head = 8});
	run(200);
	assert_int_equal(take_chain().head, 7);
	assert_int_equal(take_seg().addr, 0x2000);
	assert_int_equal(take_chain().head, 8);
	assert_int_equal(take_seg().addr, 0x3000);
	assert_int_equal(v->erred, 0);
	assert_int_equal(v->walk.used, 0);
}

static void a_bad_early_head_fails_when_confirmed(void **state)
{
	(void)state;
	put(6, 0x1000, 8, NEXT, TABLE + 1);
	give_head((struct vio_head){.head = 6, .early = 1});
	run(200);
	assert_int_equal(v->erred, 0);
	give_confirm((struct vio_confirm){.head = 6});
	refused(ERR_NEXT_INDEX, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WALK(one_descriptor),
		WALK(chains_of_any_shape),
		WALK(neighbours_share_a_read),
		WALK(empty_descriptors_are_passed_over),
		WALK(a_chain_may_fill_the_table),
		WALK(a_loop),
		WALK(a_loop_of_empty_descriptors),
		WALK(next_past_the_table),
		WALK(next_without_its_flag),
		WALK(readable_after_writable),
		WALK(indirect_without_the_feature),
		WALK(a_buffer_past_the_last_address),
		WALK(a_buffer_up_to_the_last_address),
		WALK(too_many_bytes),
		WALK(the_most_bytes),
		WALK(a_chain_that_changes),
		WALK(nothing_of_a_bad_chain_is_announced),
		WALK(an_early_head_waits),
		WALK(a_stale_early_head_is_walked_again),
		WALK(a_bad_early_head_fails_when_confirmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
