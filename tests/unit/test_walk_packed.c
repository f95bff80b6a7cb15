/* SPDX-License-Identifier: Apache-2.0
 * test_walk_packed.c: walk in a packed ring, virtio 1.2, 2.8: where descriptors follow each other, what names the chain,
 * and what becomes of early heads. */
#include "walk_rig.h"

enum { NUM = 20, OTHER_FLAGS = (uint16_t) ~(NEXT | WRITE | INDIRECT) };

static int setup_packed(void **state)
{
	setup(state);
	v->pub.features = 1ull << F_BIT_RING_PACKED | 1ull << F_BIT_INDIRECT_DESC;
	num = v->pub.queue[0].num = NUM;
	return 0;
}

static void set_num(unsigned n)
{
	num = v->pub.queue[0].num = (uint16_t)n;
}

/* The slot at a distance from head; flags that walk has no use for are anything, and so is the id. */
static void list(unsigned head, unsigned i, uint64_t addr, uint32_t len, uint16_t flags)
{
	put((head + i) % num, addr, len, (uint16_t)(flags | (below(0x10000) & OTHER_FLAGS)), below(0x10000));
}

static void set_id(unsigned head, unsigned i, uint16_t id)
{
	table[(head + i) % num].next = id;
}

static struct vio_chain wait_packed(uint16_t id, unsigned slots)
{
	const struct vio_chain c = wait_chain();

	assert_int_equal(c.head, id);
	assert_int_equal(take_step().slots, slots);
	assert_int_equal(take_span().slots, slots);
	return c;
}

/* A list from head on; every third descriptor has no bytes, when asked for. */
static void walk_list(unsigned head, unsigned length, bool holes)
{
	const uint16_t id = (uint16_t)below(0x10000);
	unsigned segs = 0, taken = 0;
	struct vio_chain c;

	for (unsigned i = 0; i < length; i++) {
		const uint32_t len = holes && i % 3 == 1 ? 0 : 8;

		list(head, i, 0x1000 + i, len, (uint16_t)((i + 1 < length ? NEXT : 0) | (2 * i >= length ? WRITE : 0)));
		segs += len != 0;
	}
	set_id(head, length - 1, id);
	walk(head);
	c = wait_packed(id, length);
	assert_int_equal(c.segs, segs);
	assert_int_equal(c.rlen + c.wlen, 8 * segs);
	for (unsigned i = 0; i < length; i++) {
		struct vio_seg s;

		if (holes && i % 3 == 1)
			continue;
		s = wait_seg();
		taken++;
		assert_int_equal(s.addr, 0x1000 + i);
		assert_int_equal(s.write, 2 * i >= length);
	}
	assert_int_equal(taken, segs);
	finished();
}

/* Lists of any length from any slot, across the end of rings of any size; long ones are read twice. */
static void lists_from_any_slot(void **state)
{
	static const unsigned sizes[] = {1, 2, 3, 7, 20, 33, 100, 256};

	(void)state;
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		set_num(sizes[i]);
		for (unsigned n = 0; n < 200; n++)
			walk_list(below(num), 1 + below(num), below(2));
		for (unsigned head = 0; head < num; head++)
			walk_list(head, num, false);
	}
}

/* Chains of different queues and lengths, as many as walk has slots for, keep their order and ids. */
static void several_lists_at_once(void **state)
{
	unsigned head = 0;

	(void)state;
	set_num(TABLE);
	for (unsigned i = 0; i < 2 * VIO_SLOTS; i++) {
		for (unsigned n = 0; n <= i; n++)
			list(head, n, 0x1000 * i + n, 1, n < i ? NEXT : WRITE);
		set_id(head, i, (uint16_t)(0xff00 + i));
		walk(head);
		run(1);
		head += i + 1;
	}
	for (unsigned i = 0; i < 2 * VIO_SLOTS; i++) {
		wait_packed((uint16_t)(0xff00 + i), i + 1);
		for (unsigned n = 0; n <= i; n++)
			assert_int_equal(wait_seg().addr, 0x1000 * i + n);
	}
	finished();
}

/* One more would be the chain's first slot again. */
static void a_list_longer_than_the_ring(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NUM; i++)
		list(13, i, 0x1000, 1, NEXT);
	walk(13);
	refused(ERR_CHAIN_LOOP, 12);
}

/* The slot at head refers to a table of n entries. */
static void refer(unsigned head, unsigned n, uint16_t more_flags)
{
	entries = n;
	list(head, 0, inner_at, 16 * n, (uint16_t)(INDIRECT | more_flags));
}

/* All entries of a table in their order: their flags but WRITE are ignored, and so are ids (virtio 1.2, 2.8.7). */
static void walk_table(unsigned head, unsigned length)
{
	const uint16_t id = (uint16_t)below(0x10000);
	struct vio_chain c;

	refer(head, length, below(2) ? WRITE : 0);
	set_id(head, 0, id);
	for (unsigned i = 0; i < length; i++)
		put_inner(i, 0x1000 + i, 8,
			  (uint16_t)((below(0x10000) & (0xffffu ^ WRITE)) | (i + 1 < length ? 0 : WRITE)),
			  below(0x10000));
	walk(head);
	c = wait_packed(id, 1);
	assert_int_equal(c.segs, length);
	assert_int_equal(c.rlen, 8 * (length - 1));
	assert_int_equal(c.wlen, 8);
	for (unsigned i = 0; i < length; i++)
		assert_int_equal(wait_seg().addr, 0x1000 + i);
	finished();
}

static void tables_of_any_length(void **state)
{
	static const unsigned lengths[] = {1, 2, 7, 8, 9, 31, 32, 33, 64, 65, 100, 400};

	(void)state;
	for (unsigned size = 1; size < 9; size++) {
		set_num(size);
		for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++)
			walk_table(below(num), lengths[i]);
	}
}

/* An index of 16 bits counts no more; every segment of it is handed on. */
static void the_longest_table(void **state)
{
	(void)state;
	walk_table(4, 0x10000);
}

static void a_table_that_is_too_long(void **state)
{
	(void)state;
	list(4, 0, inner_at, 16 * 0x10001, INDIRECT);
	walk(4);
	refused(ERR_INDIRECT_LEN, 4);
	assert_int_equal(jobs, 1);
}

static void a_table_of_no_bytes(void **state)
{
	(void)state;
	list(4, 0, inner_at, 0, INDIRECT);
	walk(4);
	refused(ERR_INDIRECT_LEN, 4);
}

static void a_table_of_a_broken_length(void **state)
{
	(void)state;
	list(4, 0, inner_at, 40, INDIRECT);
	walk(4);
	refused(ERR_INDIRECT_LEN, 4);
}

static void a_table_without_the_feature(void **state)
{
	(void)state;
	v->pub.features = 1ull << F_BIT_RING_PACKED;
	refer(4, 2, 0);
	walk(4);
	refused(ERR_INDIRECT, 4);
}

static void a_table_past_the_last_address(void **state)
{
	(void)state;
	list(4, 0, 0xfffffffffffffff8, 16, INDIRECT);
	walk(4);
	refused(ERR_TABLE_WRAP, 4);
}

static void a_table_with_next(void **state)
{
	(void)state;
	refer(4, 2, NEXT);
	walk(4);
	refused(ERR_INDIRECT_NEXT, 4);
}

/* virtio 1.2, 2.8.19: a list has no tables. */
static void a_table_in_a_list(void **state)
{
	(void)state;
	list(19, 0, 0x1000, 8, NEXT);
	refer(0, 2, 0);
	walk(19);
	refused(ERR_INDIRECT_LIST, 0);
}

static void a_table_at_the_end_of_a_list(void **state)
{
	(void)state;
	list(17, 0, 0x1000, 0, NEXT);
	list(17, 1, 0x1000, 8, NEXT);
	refer(19, 1, WRITE);
	walk(17);
	refused(ERR_INDIRECT_LIST, 19);
}

/* An error in a table names the chain's head. */
static void a_wrong_order_in_a_table(void **state)
{
	(void)state;
	refer(4, 2, 0);
	put_inner(0, 0x1000, 8, WRITE, 0);
	put_inner(1, 0x2000, 8, 0, 0);
	walk(4);
	refused(ERR_CHAIN_ORDER, 4);
}

static void a_wrong_order_across_the_end(void **state)
{
	(void)state;
	list(19, 0, 0x1000, 8, NEXT | WRITE);
	list(19, 1, 0x2000, 8, 0);
	walk(19);
	refused(ERR_CHAIN_ORDER, 0);
}

/* The list ends earlier when it is read a second time. */
static void a_list_that_changes(void **state)
{
	unsigned segs = 0;

	(void)state;
	set_num(TABLE);
	for (unsigned i = 0; i < 100; i++)
		list(200, i, 0x1000, 8, i + 1 < 100 ? NEXT : WRITE);
	walk(200);
	assert_int_equal(wait_chain().segs, 100);
	list(200, 70, 0x1000, 8, 0);
	for (unsigned i = 0; i < 3000; i++) {
		run(1);
		if (has_seg()) {
			take_seg();
			segs++;
		}
	}
	assert_int_equal(v->walk.err.code, ERR_CHAIN_CHANGED);
	assert_true(segs < 100);
}

static void give_early(unsigned head)
{
	give_head((struct vio_head){.head = (uint16_t)head, .early = 1});
}

/* Nothing leaves before it is known whether the head is one. */
static void an_early_head_waits(void **state)
{
	(void)state;
	list(6, 0, 0x1000, 8, WRITE);
	set_id(6, 0, 77);
	give_early(6);
	run(500);
	assert_false(has_chain() || has_seg() || has_step() || has_span());
	give_confirm((struct vio_confirm){.head = 6});
	wait_packed(77, 1);
	assert_int_equal(wait_seg().addr, 0x1000);
	finished();
}

/* Dropped heads leave no trace, however their walk ended; an error of one that is confirmed counts. */
static void early_heads_are_dropped(void **state)
{
	(void)state;
	list(0, 0, 0x1000, 8, 0);
	set_id(0, 0, 5);
	list(1, 0, 0x2000, 8, WRITE | NEXT);
	list(2, 0, 0x2000, 8, 0); /* a wrong order, seen from slot 1 */
	for (unsigned round = 0; round < 200; round++) {
		const unsigned ahead = below(VIO_SLOTS);

		walk(0);
		for (unsigned i = 0; i < ahead; i++)
			give_early(1 + below(2));
		run(below(100));
		for (unsigned i = 0; i < ahead; i++) {
			while (full_confirm())
				run(1);
			give_confirm((struct vio_confirm){.drop = 1});
		}
		wait_packed(5, 1);
		assert_int_equal(wait_seg().addr, 0x1000);
		finished();
		assert_false(has_confirm());
	}
	give_early(1);
	give_confirm((struct vio_confirm){.head = 1});
	refused(ERR_CHAIN_ORDER, 2);
}

/* A descriptor with no bytes is a slot, and no segment: so may be a whole chain. */
static void a_chain_of_no_bytes(void **state)
{
	(void)state;
	list(18, 0, 0, 0, NEXT);
	list(18, 1, 0, 0, NEXT);
	list(18, 2, 0, 0, 0);
	set_id(18, 2, 9);
	walk(18);
	assert_int_equal(wait_packed(9, 3).segs, 0);
	finished();
}

#define PACKED(test) cmocka_unit_test_setup(test, setup_packed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PACKED(lists_from_any_slot),
		PACKED(several_lists_at_once),
		PACKED(a_list_longer_than_the_ring),
		PACKED(tables_of_any_length),
		PACKED(the_longest_table),
		PACKED(a_table_that_is_too_long),
		PACKED(a_table_of_no_bytes),
		PACKED(a_table_of_a_broken_length),
		PACKED(a_table_without_the_feature),
		PACKED(a_table_past_the_last_address),
		PACKED(a_table_with_next),
		PACKED(a_table_in_a_list),
		PACKED(a_table_at_the_end_of_a_list),
		PACKED(a_wrong_order_in_a_table),
		PACKED(a_wrong_order_across_the_end),
		PACKED(a_list_that_changes),
		PACKED(an_early_head_waits),
		PACKED(early_heads_are_dropped),
		PACKED(a_chain_of_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
