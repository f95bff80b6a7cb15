/* SPDX-License-Identifier: Apache-2.0
 * test_sched.c: sched: no doorbell is lost, queues take turns. */
#include "device.h"

static void tick(void)
{
	begin();
	sched_tick(v, clk);
}

static void ring(unsigned q)
{
	give_bell((struct vio_bell){.queue = (uint8_t)q});
}

static void finish(unsigned q, bool more)
{
	give_served((struct vio_served){.queue = (uint8_t)q, .more = more});
}

/* The queue that is served within a few clocks, or -1. */
static int serves(void)
{
	for (unsigned i = 0; i < 4; i++) {
		tick();
		if (has_serve())
			return take_serve().queue;
	}
	return -1;
}

static int live_setup(void **state)
{
	device_setup(state);
	v->sched.live = true;
	return 0;
}

static void a_doorbell_is_served_once(void **state)
{
	(void)state;
	assert_int_equal(serves(), -1);
	ring(2);
	assert_int_equal(serves(), 2);
	assert_int_equal(serves(), -1);
	finish(2, false);
	assert_int_equal(serves(), -1);
	assert_int_equal(v->sched.state, S(sched, IDLE));
}

static void a_doorbell_during_service_is_kept(void **state)
{
	(void)state;
	ring(1);
	assert_int_equal(serves(), 1);
	ring(1);
	assert_int_equal(serves(), -1);
	finish(1, false);
	assert_int_equal(serves(), 1);
	finish(1, false);
	assert_int_equal(serves(), -1);
}

/* A doorbell in the very clock in which service ends is kept too. */
static void a_doorbell_at_the_end_of_service_is_kept(void **state)
{
	(void)state;
	ring(0);
	assert_int_equal(serves(), 0);
	ring(0);
	finish(0, false);
	tick();
	assert_int_equal(serves(), 0);
}

static void a_queue_with_more_is_served_again(void **state)
{
	(void)state;
	ring(3);
	assert_int_equal(serves(), 3);
	finish(3, true);
	assert_int_equal(serves(), 3);
	finish(3, false);
	assert_int_equal(serves(), -1);
}

static void queues_take_turns(void **state)
{
	int count[VIO_QUEUES] = {0}, last = -1;

	(void)state;
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		ring(q);
		tick();
	}
	if (has_serve()) {
		last = take_serve().queue;
		count[last]++;
		finish((unsigned)last, true);
	}
	for (unsigned i = 0; i < 10 * VIO_QUEUES - 1; i++) {
		const int q = serves();

		assert_in_range(q, 0, VIO_QUEUES - 1);
		if (last >= 0)
			assert_int_equal(q, (last + 1) % VIO_QUEUES);
		last = q;
		count[q]++;
		finish((unsigned)q, true);
	}
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		assert_int_equal(count[q], 10);
}

/* Buffers may have been made available before DRIVER_OK: every ready queue is looked at once. */
static void going_live_serves_every_ready_queue(void **state)
{
	unsigned seen = 0;

	(void)state;
	v->pub.queue[1].ready = false;
	v->sched.live = false;
	for (unsigned i = 0; i < VIO_QUEUES - 1; i++) {
		const int q = serves();

		assert_in_range(q, 0, VIO_QUEUES - 1);
		seen |= 1u << q;
		finish((unsigned)q, false);
	}
	assert_int_equal(seen, ((1u << VIO_QUEUES) - 1) & ~2u);
	assert_int_equal(serves(), -1);
}

static void nothing_is_served_while_serve_is_full(void **state)
{
	(void)state;
	while (!full_serve())
		give_serve((struct vio_serve){.queue = 9});
	ring(2);
	tick();
	tick();
	assert_int_equal(LEVEL(serve), D_serve);
	while (has_serve())
		assert_int_equal(take_serve().queue, 9);
	assert_int_equal(serves(), 2);
}

#define LIVE(test) cmocka_unit_test_setup(test, live_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(a_doorbell_is_served_once),
		LIVE(a_doorbell_during_service_is_kept),
		LIVE(a_doorbell_at_the_end_of_service_is_kept),
		LIVE(a_queue_with_more_is_served_again),
		LIVE(queues_take_turns),
		LIVE(going_live_serves_every_ready_queue),
		LIVE(nothing_is_served_while_serve_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
