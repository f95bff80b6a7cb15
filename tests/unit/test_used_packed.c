/* SPDX-License-Identifier: Apache-2.0
 * test_used_packed.c: used in a packed ring: a descriptor for each chain when its data is in memory, then the question
 * about interrupts when the descriptor is.
 * used_rig.h plays writer, axi and event reader. */
#include "used_rig.h"

static void one_completion(void **state)
{
	(void)state;
	finish(2, 0xfedc, 513, 3);
	land();
	run(60);
	assert_true(ring[2].tail[0] == (0x8082ull << 48 | 0xfedcull << 32 | 513));
	assert_int_equal(ring[2].shown, 3);
	assert_int_equal(questions, 1);
	assert_int_equal(raised, 1);
	assert_int_equal(v->used.next[2], 3);
	assert_int_equal(v->used.shown[2], 3);
	assert_int_equal(v->used.state, S(used, IDLE));
}

/* virtio 1.2, 2.8.2: both bits are the wrap counter; WRITE says whether len counts, 2.8.4. */
static void flags_of_every_lap(void **state)
{
	(void)state;
	for (unsigned lap = 0; lap < 4; lap++)
		for (unsigned i = 0; i < RING_NUM; i++) {
			finish(1, (uint16_t)i, i % 2 != 0 ? i : 0, 1);
			land();
			run(60);
			assert_int_equal(ring[1].tail[i] >> 48,
					 (lap % 2 == 0 ? 0x8080 : 0) | (i % 2 != 0 ? DESC_WRITE : 0));
			assert_int_equal(raised, RING_NUM * lap + i + 1);
		}
}

/* The data, then the descriptor, then the question, each behind the response of the one before. */
static void nothing_moves_before_its_response(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		finish(0, (uint16_t)i, 1, 1);
	for (unsigned i = 0; i < 8; i++) {
		for (unsigned n = 0; n < 50; n++)
			clock_once();
		assert_int_equal(descriptors, i);
		assert_int_equal(count, 0);
		land();
		for (unsigned n = 0; n < 50; n++)
			clock_once();
		assert_int_equal(descriptors, i + 1);
		assert_int_equal(questions, i);
		respond();
		for (unsigned n = 0; n < 50; n++)
			clock_once();
		assert_int_equal(questions, i + 1);
		assert_int_equal(raised, i + 1);
	}
}

/* The response of the data may come before used has seen the request. */
static void data_that_landed_first(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		land();
	run(50);
	assert_int_equal(descriptors + questions, 0);
	for (unsigned i = 0; i < 8; i++)
		finish(3, (uint16_t)i, 0, 2);
	run(300);
	assert_int_equal(descriptors, 8);
	assert_int_equal(ring[3].shown, 16);
	assert_int_equal(v->used.shown[3], PLACE_LAP);
	assert_int_equal(v->used.landed, 0);
}

/* All queues, odd sizes, chains of all lengths, all responses late at random. */
static void every_completion_is_shown_in_order(void **state)
{
	static const unsigned sizes[] = {100, 255, 1000, 1024};
	unsigned total = 0, behind = 0; /* requests whose data has not landed */

	(void)state;
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		set_num(q, sizes[q % 4]);
	while (total < 200000) {
		const unsigned q = below(VIO_QUEUES), slots = 1 + below(8);

		if (!full_fin() && ring[q].finished + slots <= ring[q].shown + ring[q].num && below(2)) {
			finish(q, (uint16_t)below(65536), below(3) * below(1 << 20), slots);
			total++;
			behind++;
		}
		if (behind != 0 && !full_udone() && below(2)) {
			land();
			behind--;
		}
		clock_once();
		if (below(3))
			respond();
	}
	while (behind-- != 0) {
		land();
		run(20);
	}
	run(2000);
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		assert_int_equal(ring[q].shown, ring[q].finished);
		assert_int_equal(v->used.shown[q], place_of(ring[q].finished, sizes[q % 4]));
		assert_false(ring[q].unasked);
	}
	assert_int_equal(descriptors, total);
	assert_int_equal(v->used.out, 0);
	assert_int_equal(raised, questions);
	assert_true(raised > 1000);
}

/* One chain at a time, up to one that fills the ring. */
static void small_and_odd_rings(void **state)
{
	(void)state;
	for (unsigned num = 1; num <= 20; num++) {
		setup(state);
		set_num(1, num);
		for (unsigned i = 0; i < 100; i++) {
			finish(1, (uint16_t)i, i, 1 + below(num));
			land();
			run(60);
			assert_int_equal(v->used.shown[1], place_of(ring[1].finished, num));
			assert_int_equal(raised, i + 1);
		}
	}
}

/* What is in flight never exceeds the room for its responses. */
static void no_more_in_flight_than_udone_holds(void **state)
{
	(void)state;
	set_num(0, SLOTS_MAX);
	for (unsigned i = 0; i < 200; i++) {
		if (!full_fin() && !full_udone()) {
			finish(0, (uint16_t)i, 1, 1);
			land();
		}
		clock_once();
	}
	assert_true(count < D_udone);
	run(600);
	assert_int_equal(count, 0);
	assert_int_equal(ring[0].shown, ring[0].finished);
}

static void enabling_a_queue_starts_at_the_first_slot(void **state)
{
	(void)state;
	finish(3, 1, 1, 5);
	land();
	run(60);
	v->pub.start = true;
	v->pub.start_queue = 3;
	clock_once();
	v->pub.start = false;
	memset(&ring[3], 0, sizeof ring[3]);
	set_num(3, RING_NUM);
	finish(3, 2, 0, 1);
	land();
	run(60);
	assert_true(ring[3].tail[0] == (0x8080ull << 48 | 2ull << 32));
}

/* virtio 1.2, 2.8.10: 0 enables, 1 disables, 2 names a slot if EVENT_IDX was negotiated; 3 is reserved, and the driver
 * that says it gets its interrupt. */
static void flags_of_the_event_structure(void **state)
{
	const uint64_t event_idx = 1ull << F_BIT_EVENT_IDX;

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		const unsigned what = i % 4;
		const bool with = i >= 4;

		setup(state);
		v->pub.features |= with ? event_idx : 0;
		/* The slot is far ahead, the rest of the word reserved. */
		event = what << 16 | 0xfffc0000 | 0x8000 | 9;
		finish(0, 1, 1, 1);
		land();
		run(60);
		assert_int_equal(questions, 1);
		assert_int_equal(raised, what == 1 || (what == 2 && with) ? 0 : 1);
	}
}

/* Chains of n slots in all were used from a place on, and the driver waits for a slot. Is there an interrupt? */
static bool interrupts(unsigned num, unsigned from, unsigned n, unsigned slot)
{
	struct vio_used *u = &v->used;

	setup(NULL);
	v->pub.features |= 1ull << F_BIT_EVENT_IDX;
	v->pub.queue[1].num = (uint16_t)num;
	event = 2u << 16 | (slot / num % 2 == 0 ? 0x8000 : 0) | slot % num;
	u->shown[1] = place_of(from, num);
	u->next[1] = u->acked[1] = place_of(from + n, num);
	ring[1].landed = 1;
	run(20);
	assert_int_equal(u->shown[1], place_of(from + n, num));
	assert_int_equal(questions, 1);
	return raised != 0;
}

/* The slot may be any of the lap in which the next descriptor is, and of the lap before. */
static void try_slots(unsigned num, unsigned from, unsigned n)
{
	const unsigned lap = (from + n) / num, begin_at = (lap - 1) * num;

	for (unsigned slot = begin_at; slot < begin_at + 2 * num; slot += num < 10 ? 1 : 1 + below(num / 4))
		assert_int_equal(interrupts(num, from, n, slot), slot >= from && slot < from + n);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(interrupts(num, from, n, from - 1 + i), i != 0 && i <= n);
		if ((from + n - 1 + i) / num <= lap)
			assert_int_equal(interrupts(num, from, n, from + n - 1 + i), i == 0);
	}
}

static void an_interrupt_when_the_slot_is_passed(void **state)
{
	(void)state;
	for (unsigned num = 1; num < 10; num++)
		for (unsigned from = 2 * num; from < 4 * num; from++)
			for (unsigned n = 1; n <= num; n++)
				try_slots(num, from, n);
	for (unsigned i = 0; i < 300; i++) {
		const unsigned num = below(2) ? 0x8000 - below(3) : 10 + below(1000);

		try_slots(num, 2 * num + below(2 * num), 1 + below(num));
		try_slots(num, 3 * num, num);
		try_slots(num, 3 * num - 1, 2);
	}
}

/* The device event structure is written for fetch, which learns of it when it has landed. */
static void the_device_event_is_written_and_answered(void **state)
{
	(void)state;
	give_arm((struct vio_arm){.queue = 2, .event = 0x2abcd});
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(count, 1);
	assert_int_equal(waiting[0].addr, RING_USED + 2 * RING_STEP);
	assert_int_equal(waiting[0].len, 4);
	assert_false(has_armed());
	run(50);
	assert_int_equal(armed_at[2], 0x2abcd);
	assert_int_equal(take_armed().queue, 2);
	assert_int_equal(raised + questions, 0);
}

/* A ring of one slot goes round twice while the event structure is being read: places are equal again, but the driver
 * is told. It polls, sees each descriptor used, makes the slot available again, and at last waits for an interrupt. */
static void laps_behind_a_slow_question(void **state)
{
	(void)state;
	set_num(1, 1);
	for (unsigned lap = 0; lap < 3; lap++) {
		give_span((struct vio_span){.slots = 1});
		give_fin((struct vio_fin){.queue = 1, .head = 7, .used = 1});
		give_udone((struct vio_udone){.kind = BTAG_LANDED});
	}
	for (unsigned i = 0, asked = 0; i < 100; i++) {
		begin();
		used_tick(v, clk);
		if (has_ujob()) {
			take_ujob();
			give_udone((struct vio_udone){.kind = BTAG_USED, .queue = 1});
		}
		if (i % 20 == 19 && has_event_job()) {
			take_event_job();
			give_event_beat((struct vio_beat){.data = asked++ == 0 ? 1u << 16 : 0});
		}
		raised += has_raise() && take_raise().bits == ISR_USED;
	}
	assert_false(has_fin());
	assert_int_equal(v->used.given[1], 3);
	assert_int_equal(v->used.shown[1], place_of(3, 1));
	assert_true(raised != 0);
}

#define USED(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		USED(one_completion),
		USED(flags_of_every_lap),
		USED(nothing_moves_before_its_response),
		USED(data_that_landed_first),
		USED(every_completion_is_shown_in_order),
		USED(small_and_odd_rings),
		USED(no_more_in_flight_than_udone_holds),
		USED(enabling_a_queue_starts_at_the_first_slot),
		USED(flags_of_the_event_structure),
		USED(an_interrupt_when_the_slot_is_passed),
		USED(the_device_event_is_written_and_answered),
		USED(laps_behind_a_slow_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
