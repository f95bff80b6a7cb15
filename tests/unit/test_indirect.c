/* SPDX-License-Identifier: Apache-2.0
 * test_indirect.c: walk: chains that end in an indirect table, virtio 1.2, 2.7.5.3. */
#include "walk_rig.h"

/* The ring's descriptor i refers to a table of n entries. */
static void refer(unsigned i, unsigned n, uint16_t more_flags)
{
	entries = n;
	put(i, inner_at, 16 * n, (uint16_t)(INDIRECT | more_flags), 0xffff);
}

static int setup_feature(void **state)
{
	setup(state);
	v->pub.features = 1ull << F_BIT_INDIRECT_DESC;
	return 0;
}

/* The table's descriptor has a WRITE flag of its own, which means nothing. */
static void a_table_is_the_chain(void **state)
{
	(void)state;
	for (uint16_t flag = 0; flag <= WRITE; flag = (uint16_t)(flag + WRITE)) {
		struct vio_chain c;

		refer(9, 2, flag);
		put_inner(0, 0x1000, 16, NEXT, 1);
		put_inner(1, 0x2001, 5, WRITE, 0);
		walk(9);
		c = wait_chain();
		assert_int_equal(c.head, 9);
		assert_int_equal(c.rlen, 16);
		assert_int_equal(c.wlen, 5);
		assert_int_equal(c.segs, 2);
		assert_int_equal(wait_seg().addr, 0x1000);
		assert_int_equal(wait_seg().write, 1);
		finished();
	}
}

/* So many direct descriptors, then so many in the table, in random order among unused entries: each segment once. The ring is
 * smaller than the table, and a long chain goes through the slot several times, wherever it is cut. */
static void direct_then_table(unsigned direct, unsigned indirect, unsigned spare)
{
	uint16_t place[INNER];
	struct vio_chain c;

	for (unsigned i = 0; i < indirect + spare; i++)
		place[i] = (uint16_t)i;
	for (unsigned i = 1; i < indirect; i++) {
		const unsigned k = i + below(indirect + spare - i);
		const uint16_t swap = place[i];

		place[i] = place[k];
		place[k] = swap;
	}
	memset(inner, 0xff, sizeof inner);
	for (unsigned i = 0; i < direct; i++)
		put(i, 0x1000 + i, 8, NEXT, i + 1);
	refer(direct, indirect + spare, 0);
	for (unsigned i = 0; i < indirect; i++)
		put_inner(place[i], 0x1000 + direct + i, 8, i + 1 < indirect ? NEXT : WRITE,
			  i + 1 < indirect ? place[i + 1] : 0xffff);
	walk(0);
	c = wait_chain();
	assert_int_equal(c.segs, direct + indirect);
	assert_int_equal(c.rlen, 8 * (direct + indirect - 1));
	for (unsigned i = 0; i < direct + indirect; i++)
		assert_int_equal(wait_seg().addr, 0x1000 + i);
	finished();
}

static void tables_of_any_length_behind_direct_descriptors(void **state)
{
	static const unsigned lengths[] = {1, 2, 7, 31, 32, 33, 64, 65, 100, 400};

	(void)state;
	num = v->pub.queue[0].num = 64;
	for (unsigned direct = 0; direct < 64; direct += 1 + below(3))
		for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
			direct_then_table(direct, lengths[i], below(2) ? 0 : below(100));
}

/* A ring of one descriptor is enough. */
static void a_ring_of_one(void **state)
{
	(void)state;
	num = v->pub.queue[0].num = 1;
	direct_then_table(0, 40, 3);
}

static void tables_and_direct_chains_side_by_side(void **state)
{
	(void)state;
	refer(20, 3, 0);
	put_inner(0, 0x5000, 1, NEXT, 2);
	put_inner(2, 0x6000, 1, WRITE, 0);
	put(1, 0x1000, 1, WRITE, 0);
	walk(20);
	walk(1);
	walk(20);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(wait_chain().head, i == 1 ? 1 : 20);
		assert_int_equal(wait_seg().addr, i == 1 ? 0x1000 : 0x5000);
		if (i != 1)
			assert_int_equal(wait_seg().addr, 0x6000);
	}
	finished();
}

static void an_indirect_descriptor_with_next(void **state)
{
	(void)state;
	refer(4, 2, NEXT);
	walk(4);
	refused(ERR_INDIRECT_NEXT, 4);
}

/* An error in a table names the chain's head. */
static void a_table_in_a_table(void **state)
{
	(void)state;
	put(4, 0x1000, 8, NEXT, 5);
	refer(5, 2, 0);
	put_inner(0, 0x1000, 8, NEXT, 1);
	put_inner(1, inner_at, 16, INDIRECT, 0);
	walk(4);
	refused(ERR_INDIRECT_NESTED, 4);
}

static void bad_length(uint32_t len)
{
	put(4, inner_at, len, INDIRECT, 0);
	walk(4);
	refused(ERR_INDIRECT_LEN, 4);
	assert_int_equal(jobs, 1);
}

static void a_table_of_no_bytes(void **state)
{
	(void)state;
	bad_length(0);
}

static void a_table_of_a_broken_length(void **state)
{
	(void)state;
	bad_length(24);
}

static void a_table_past_the_last_address(void **state)
{
	(void)state;
	put(4, 0xfffffffffffffff8, 16, INDIRECT, 0);
	walk(4);
	refused(ERR_TABLE_WRAP, 4);
}

/* next counts in the table, not in the ring. */
static void next_past_the_indirect_table(void **state)
{
	(void)state;
	refer(4, 2, 0);
	put_inner(0, 0x1000, 8, NEXT, 2);
	walk(4);
	refused(ERR_TABLE_NEXT, 4);
}

static void a_loop_in_a_table(void **state)
{
	(void)state;
	refer(4, 3, 0);
	put_inner(0, 0x1000, 8, NEXT, 1);
	put_inner(1, 0x1000, 8, NEXT, 2);
	put_inner(2, 0x1000, 8, NEXT, 1);
	walk(4);
	refused(ERR_TABLE_LOOP, 4);
}

/* Directions and bytes are those of the whole chain. */
static void readable_in_the_table_after_writable_in_the_ring(void **state)
{
	(void)state;
	put(3, 0x1000, 8, NEXT | WRITE, 4);
	refer(4, 1, 0);
	put_inner(0, 0x1000, 8, 0, 0);
	walk(3);
	refused(ERR_CHAIN_ORDER, 3);
}

static void too_many_bytes_in_all(void **state)
{
	(void)state;
	put(3, 0, 0x80000000, NEXT, 4);
	refer(4, 1, 0);
	put_inner(0, 0, 0x80000000, WRITE, 0);
	walk(3);
	refused(ERR_CHAIN_BYTES, 3);
}

/* The table shrinks between the two readings: no more segments than announced, and no entry past the new end. */
static void a_table_that_changes(void **state)
{
	unsigned segs = 0;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		put(i, 0x1000, 8, NEXT, i + 1);
	refer(40, 3 * VIO_SEGS, 0);
	for (unsigned i = 0; i < 3 * VIO_SEGS; i++)
		put_inner(i, 0x1000, 8, i + 1 < 3 * VIO_SEGS ? NEXT : WRITE, i + 1);
	walk(0);
	assert_int_equal(wait_chain().segs, 40 + 3 * VIO_SEGS);
	refer(40, 10, 0);
	for (unsigned i = 0; i < 3000; i++) {
		run(1);
		if (has_seg()) {
			take_seg();
			segs++;
		}
	}
	assert_int_equal(v->walk.err.code, ERR_TABLE_NEXT);
	assert_true(segs < 40 + 3 * VIO_SEGS);
}

#define TABLES(test) cmocka_unit_test_setup(test, setup_feature)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLES(a_table_is_the_chain),
		TABLES(tables_of_any_length_behind_direct_descriptors),
		TABLES(a_ring_of_one),
		TABLES(tables_and_direct_chains_side_by_side),
		TABLES(an_indirect_descriptor_with_next),
		TABLES(a_table_in_a_table),
		TABLES(a_table_of_no_bytes),
		TABLES(a_table_of_a_broken_length),
		TABLES(a_table_past_the_last_address),
		TABLES(next_past_the_indirect_table),
		TABLES(a_loop_in_a_table),
		TABLES(readable_in_the_table_after_writable_in_the_ring),
		TABLES(too_many_bytes_in_all),
		TABLES(a_table_that_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
