/* SPDX-License-Identifier: Apache-2.0
 * test_fetch_packed.c: fetch in a packed ring: every chain that was made available is handed on once, in order, and
 * nothing else is a head for certain. fetch_rig.h plays the driver and the other units. */
#include "fetch_rig.h"

static void an_empty_ring_gives_nothing(void **state)
{
	(void)state;
	serve();
	assert_int_equal(more, 0);
	assert_int_equal(jobs, 1);
	jobs = 0;
}

/* Chains of the same length for a while, then of another: what was looked for ahead is right, then wrong. */
static void every_chain_once_in_order(unsigned size, unsigned longest, unsigned rounds)
{
	unsigned slots = 1;

	start_ring(size);
	for (unsigned round = 0; round < rounds; round++) {
		walk_chance = 1 + below(8);
		used_chance = 1 + below(8);
		reader_delay = below(6);
		for (unsigned n = below(60); n != 0; n--) {
			if (below(8) == 0)
				slots = 1 + below(longest);
			if (!make_available(slots))
				break;
		}
		if (below(2)) {
			serve_to_sleep();
			expect_last();
		} else {
			serve();
		}
		/* A ring that stays full would be the same one for ever. */
		while (owned + slots > size && used != taken)
			use_oldest();
	}
	serve_to_sleep();
	expect_last();
	assert_true(made / size > 3);
}

static void rings_of_any_size(void **state)
{
	static const unsigned sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 100, 255, 1000};

	(void)state;
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		every_chain_once_in_order(sizes[i], 1, 300);
		every_chain_once_in_order(sizes[i], sizes[i] < 5 ? sizes[i] : 5, 1500);
		every_chain_once_in_order(sizes[i], sizes[i], 300);
	}
}

static void the_largest_rings(void **state)
{
	(void)state;
	every_chain_once_in_order(SLOTS_MAX, 9000, 300);
	every_chain_once_in_order(SLOTS_MAX - 1, SLOTS_MAX - 1, 300);
	every_chain_once_in_order(SLOTS_MAX, SLOTS_MAX, 300);
}

/* Heads found ahead were those of shorter chains: they are taken back, and the chains found where they are. */
static void another_length_drops_early_heads(void **state)
{
	(void)state;
	start_ring(64);
	walk_chance = 1;
	for (unsigned i = 0; i < 20; i++)
		make_available(1);
	serve_to_sleep();
	assert_int_equal(drops, 0);
	for (unsigned i = 0; i < 5; i++)
		make_available(3);
	serve_to_sleep();
	assert_true(drops > 1);
	assert_int_equal(taken, 25);
	expect_last();
}

/* AVAIL and USED: only one of the four says that a slot is available, and another one with each lap. */
static void the_four_flags_at_both_wraps(void **state)
{
	static const uint16_t bits[] = {0, AVAIL_BIT, USED_BIT, AVAIL_BIT | USED_BIT};

	(void)state;
	for (unsigned lap = 0; lap < 4; lap++)
		for (unsigned i = 0; i < 4; i++) {
			const uint16_t right = lap % 2 == 0 ? AVAIL_BIT : USED_BIT;

			start_ring(5);
			for (unsigned n = 0; n < 5 * lap; n++) {
				make_available(1);
				serve_to_sleep();
				while (used != taken)
					use_oldest();
			}
			make_available(1);
			flags[0] = (uint16_t)(bits[i] | (below(0x10000) & ~(unsigned)(AVAIL_BIT | USED_BIT)));
			served = 0;
			give_serve((struct vio_serve){.queue = 0});
			run(400);
			assert_int_equal(taken, 5 * lap + (bits[i] == right));
			assert_int_equal(served, 1);
		}
}

/* The driver makes slots available in any order as far as the device can tell; the first that is not ends the turn. */
static void a_slot_behind_one_that_is_not_available(void **state)
{
	(void)state;
	for (unsigned hole = 0; hole < 12; hole++) {
		uint16_t kept;

		start_ring(16);
		for (unsigned i = 0; i < 12; i++) {
			make_available(1);
			serve_to_sleep();
		}
		while (used != taken)
			use_oldest();
		for (unsigned i = 0; i < 12; i++)
			make_available(1);
		kept = flags[(12 + hole) % 16];
		flags[(12 + hole) % 16] ^= AVAIL_BIT | USED_BIT;
		do
			serve();
		while (more);
		assert_int_equal(taken, 12 + hole);
		flags[(12 + hole) % 16] = kept;
		serve_to_sleep();
		assert_int_equal(taken, 24);
	}
}

/* While walk stands still nothing is read a lap ahead, where the flags of the lap before the last would count again. */
static void never_a_lap_ahead(void **state)
{
	(void)state;
	for (unsigned size = 1; size < 2 * VIO_PROBES; size++)
		for (unsigned slots = 1; slots <= size && slots < 4; slots++) {
			unsigned before;

			start_ring(size);
			for (unsigned i = 0; i < 40; i++) {
				assert_true(make_available(slots));
				serve_to_sleep();
				while (used != taken)
					use_oldest();
			}
			while (make_available(slots))
				;
			walk_chance = 0;
			give_serve((struct vio_serve){.queue = 0});
			run(500);
			before = jobs;
			run(500);
			assert_true(count + has_head() <= chains - taken);
			if (size % slots == 0 && size / slots <= VIO_PROBES / 2)
				assert_int_equal(jobs, before);
			walk_chance = 8;
			run(2000);
			assert_int_equal(taken, chains);
			assert_int_equal(more, 1);
		}
}

/* A queue with a hundred chains does not keep the others waiting. */
static void a_turn_ends(void **state)
{
	unsigned turns = 0, before = 0;

	(void)state;
	start_ring(100);
	for (unsigned i = 0; i < 100; i++)
		make_available(1);
	for (serve(); taken != 100; serve()) {
		assert_int_equal(more, 1);
		assert_true(taken > before && taken - before <= FETCH_TURN + VIO_PROBES);
		before = taken;
		turns++;
	}
	assert_true(turns >= 2);
	serve_to_sleep();
	assert_int_equal(more, 0);
	assert_int_equal(arms, 0); /* EVENT_IDX was not negotiated */
}

/* Heads and confirmations stay in fetch while nobody takes them. */
static void heads_wait_for_room(void **state)
{
	(void)state;
	start_ring(64);
	while (!full_head())
		give_head((struct vio_head){.head = 77});
	for (unsigned i = 0; i < 40; i++)
		make_available(1);
	give_serve((struct vio_serve){.queue = 0});
	for (unsigned i = 0; i < 100; i++) {
		begin();
		fetch_tick(v, clk);
		play_reader();
		assert_false(has_served());
	}
	for (unsigned i = 0; i < D_head; i++)
		assert_int_equal(take_head().head, 77);
	run(3000);
	serve_to_sleep();
	assert_int_equal(taken, 40);
}

static void a_queue_that_is_not_ready_is_not_read(void **state)
{
	(void)state;
	make_available(1);
	jobs = 0;
	v->pub.queue[0].ready = false;
	serve();
	v->pub.queue[0].ready = true;
	v->pub.live = false;
	serve();
	assert_int_equal(more, 0);
	assert_int_equal(taken + jobs + arms, 0);
}

/* The driver stops the queue in the middle of a turn: chains that were handed on are walked, and no others. */
static void a_queue_that_stops(void **state)
{
	(void)state;
	for (unsigned after = 0; after < 200; after++) {
		unsigned before;

		start_ring(100);
		v->pub.features |= 1ull << F_BIT_EVENT_IDX;
		walk_chance = 2;
		reader_delay = 3;
		for (unsigned i = 0; i < 100; i++)
			make_available(1);
		served = 0;
		give_serve((struct vio_serve){.queue = 0});
		run(after);
		v->pub.queue[0].ready = false;
		before = taken + count + LEVEL(head);
		run(2000);
		assert_int_equal(count, 0);
		assert_int_equal(taken, before);
		assert_true(served != 0);
		while (more)
			serve();
		assert_int_equal(v->fetch.last[0], taken);
		assert_int_equal(arms, 0);
	}
}

static void enabling_a_queue_starts_at_the_first_slot(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RING_NUM; i++)
		make_available(1);
	serve_to_sleep();
	assert_int_equal(v->fetch.last[0], PLACE_LAP);
	v->fetch.last[1] = 5;
	v->pub.start = true;
	run(1);
	assert_int_equal(v->fetch.last[0], 0);
	assert_int_equal(v->fetch.last[1], 5);
}

/* What the last chain of a longer ring was says nothing of a shorter one. */
static void rings_of_different_sizes_side_by_side(void **state)
{
	(void)state;
	start_ring(64);
	for (unsigned i = 0; i < 6; i++) {
		make_available(10);
		serve_to_sleep();
	}
	num = v->pub.queue[0].num = 4;
	v->pub.start = true;
	run(1);
	made = owned = chains = taken = used = 0;
	memset(flags, 0, sizeof flags);
	for (unsigned i = 0; i < 40; i++) {
		make_available(1 + i % 3);
		serve_to_sleep();
		while (used != taken)
			use_oldest();
	}
	expect_last();
}

static int setup_event(void **state)
{
	setup(state);
	v->pub.features |= 1ull << F_BIT_EVENT_IDX;
	return 0;
}

/* virtio 1.2, 2.8.10: flags DESC, and the slot with its wrap counter. */
static uint32_t event_at(unsigned slots_from_start)
{
	return 2u << 16 | (slots_from_start / num % 2 == 0 ? 0x8000 : 0) | slots_from_start % num;
}

/* The driver's memory says at the start that it notifies always. */
static void an_empty_ring_is_armed_once(void **state)
{
	(void)state;
	serve_to_sleep();
	assert_int_equal(arms, 0);
	make_available(1);
	serve_to_sleep();
	assert_int_equal(arms, 1);
	assert_int_equal(event, event_at(1));
	serve_to_sleep();
	assert_int_equal(arms, 1);
}

/* Whenever fetch sleeps the driver is asked to notify at the very next slot, in every lap. */
static void a_sleeping_queue_is_armed(void **state)
{
	static const unsigned sizes[] = {1, 3, 7, 16, 1000};

	(void)state;
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		start_ring(sizes[i]);
		v->pub.features |= 1ull << F_BIT_EVENT_IDX;
		while (made < 20 * num) {
			for (unsigned n = 1 + below(20); n != 0; n--)
				make_available(1 + below(num < 4 ? num : 4));
			serve_to_sleep();
			assert_int_equal(event, event_at(made));
			while (used != taken)
				use_oldest();
		}
		assert_true(arms > 5);
	}
}

/* The driver made a chain available while the event was on its way, and so did not notify: fetch looks again. */
static void a_chain_made_available_while_arming_is_seen(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		while (owned != 0)
			use_oldest();
		make_available(1 + below(3));
		give_serve((struct vio_serve){.queue = 0});
		served = 0;
		while (arm_delay == 0) {
			run(1);
			if (served != 0) {
				served = 0;
				give_serve((struct vio_serve){.queue = 0});
			}
		}
		run(below(arm_delay));
		make_available(1 + below(3));
		run(400);
		assert_int_equal(served, 1);
		assert_int_equal(more, 1);
		serve_to_sleep();
		assert_int_equal(event, event_at(made));
	}
}

#define RING(test) cmocka_unit_test_setup(test, setup)
#define EVENT(test) cmocka_unit_test_setup(test, setup_event)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING(an_empty_ring_gives_nothing),
		RING(rings_of_any_size),
		RING(the_largest_rings),
		RING(another_length_drops_early_heads),
		RING(the_four_flags_at_both_wraps),
		RING(a_slot_behind_one_that_is_not_available),
		RING(never_a_lap_ahead),
		RING(a_turn_ends),
		RING(heads_wait_for_room),
		RING(a_queue_that_is_not_ready_is_not_read),
		RING(a_queue_that_stops),
		RING(enabling_a_queue_starts_at_the_first_slot),
		RING(rings_of_different_sizes_side_by_side),
		EVENT(an_empty_ring_is_armed_once),
		EVENT(a_sleeping_queue_is_armed),
		EVENT(a_chain_made_available_while_arming_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
