/* SPDX-License-Identifier: Apache-2.0
 * test_fifo.c: fifo.h: order, full and empty, the wrap of the counters, one push and one pop a clock. */
#include "device.h"

/* Every FIFO takes exactly its depth, says so in its own bits, and leaves those of others alone. */
static void every_fifo_fills_and_drains(void **state)
{
	const uint64_t all = (1ull << VIO_FIFOS) - 1;

	(void)state;
	assert_int_equal(v->ne, 0);
	assert_int_equal(v->nf, all);
#define FIFO(f, payload, depth, producer, consumer)   \
	assert_int_equal(D_##f &(D_##f - 1), 0);      \
	for (unsigned i = 0; i < D_##f; i++) {        \
		assert_int_equal(v->nf, all);         \
		give_##f((struct vio_##payload){0});  \
		assert_int_equal(v->ne, FIFO_BIT(f)); \
	}                                             \
	assert_int_equal(v->nf, all & ~FIFO_BIT(f));  \
	for (unsigned i = 0; i < D_##f; i++) {        \
		assert_int_equal(v->ne, FIFO_BIT(f)); \
		take_##f();                           \
		assert_int_equal(v->nf, all);         \
	}                                             \
	assert_int_equal(v->ne, 0);
#include "def/fifos.def"
}

static void first_in_first_out_past_the_wrap(void **state)
{
	unsigned in_count = 0, out_count = 0;

	(void)state;
	while (out_count < 200000) {
		for (unsigned n = below(5); n > 0 && !full_seg(); n--)
			PUSH(seg, .addr = in_count++, .len = 7);
		for (unsigned n = below(5); n > 0 && has_seg(); n--)
			assert_int_equal(take_seg().addr, out_count++);
		assert_int_equal(LEVEL(seg), in_count - out_count);
	}
}

/* A full FIFO that is popped takes no push in the same clock; an empty one that is pushed gives nothing in it. */
static void judged_at_the_start_of_the_clock(void **state)
{
	(void)state;
	begin();
	assert_false(CAN_POP(bell));
	PUSH(bell, .queue = 1);
	assert_false(CAN_POP(bell));
	begin();
	assert_true(CAN_POP(bell));
	PUSH(bell, .queue = 2);
	assert_true(CAN_PUSH(bell));
	begin();
	assert_false(CAN_PUSH(bell));
	POP(bell);
	assert_false(CAN_PUSH(bell));
	begin();
	assert_true(CAN_PUSH(bell));
	assert_int_equal(HEAD(bell)->queue, 2);
}

/* Fields that PUSH does not name are 0, whatever the entry held before. */
static void push_writes_the_whole_entry(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2 * D_seg; i++) {
		PUSH(seg, .addr = ~0ull, .len = ~0u, .write = 1);
		take_seg();
	}
	PUSH(seg, .len = 5);
	assert_int_equal(HEAD(seg)->addr, 0);
	assert_int_equal(HEAD(seg)->len, 5);
	assert_int_equal(HEAD(seg)->write, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_fifo_fills_and_drains),
		CASE(first_in_first_out_past_the_wrap),
		CASE(judged_at_the_start_of_the_clock),
		CASE(push_writes_the_whole_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
