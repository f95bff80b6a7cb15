/* SPDX-License-Identifier: Apache-2.0
 * test_used.c: used: elements, then idx behind their responses, then the question about interrupts behind idx's.
 *
 * The test is writer, axi and event reader: responses come when it says so. */
#include "device.h"

static unsigned elements[VIO_QUEUES]; /* responses given */
static uint16_t shown[VIO_QUEUES];    /* idx in memory */
static uint64_t element[VIO_QUEUES][RING_NUM];
static struct vio_ujob waiting[64]; /* written, response not yet given */
static unsigned first, count, raised, questions;
static uint16_t flags; /* what the driver says: avail.flags, or used_event */
static uint16_t avail_event[VIO_QUEUES];

static bool has_event_idx(void)
{
	return (v->pub.features >> F_BIT_EVENT_IDX & 1) != 0;
}

static void take_jobs(void)
{
	if (has_ujob() && count < 64)
		waiting[(first + count++) % 64] = take_ujob();
	if (has_event_job()) {
		const struct vio_job j = take_event_job();
		const uint64_t q = (j.addr - RING_AVAIL) / RING_STEP;

		assert_int_equal(j.addr, RING_AVAIL + q * RING_STEP + (has_event_idx() ? 4 + 2 * RING_NUM : 0));
		assert_int_equal(j.len, 2);
		questions++;
		give_event_beat((struct vio_beat){.data = flags});
	}
	while (has_raise()) {
		assert_int_equal(take_raise().bits, ISR_USED);
		raised++;
	}
}

/* The response of the oldest write: now it has landed. */
static void respond(void)
{
	struct vio_ujob j;
	uint64_t off;

	if (count == 0 || full_udone())
		return;
	j = waiting[first++ % 64];
	count--;
	off = j.addr - RING_USED - j.queue * (uint64_t)RING_STEP;
	if (j.kind == BTAG_EVENT) {
		assert_int_equal(off, 4 + 8 * RING_NUM);
		assert_int_equal(j.len, 2);
		avail_event[j.queue] = (uint16_t)j.data;
		give_udone((struct vio_udone){.kind = BTAG_EVENT, .queue = j.queue});
	} else if (j.kind == BTAG_INDEX) {
		assert_int_equal(off, 2);
		assert_int_equal(j.len, 2);
		/* idx covers only elements whose response was given. */
		assert_true((uint16_t)(elements[j.queue] - (uint16_t)j.data) < 0x8000);
		assert_true((uint16_t)j.data != shown[j.queue]);
		shown[j.queue] = (uint16_t)j.data;
		give_udone((struct vio_udone){.kind = BTAG_INDEX, .queue = j.queue});
	} else {
		assert_int_equal(j.len, 8);
		assert_int_equal(off, 4 + 8 * (elements[j.queue] % RING_NUM));
		element[j.queue][elements[j.queue] % RING_NUM] = j.data;
		elements[j.queue]++;
		give_udone((struct vio_udone){.kind = BTAG_USED, .queue = j.queue});
	}
}

static void clock_once(void)
{
	begin();
	used_tick(v, clk);
	take_jobs();
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		clock_once();
		respond();
	}
}

static void finish(unsigned q, uint16_t head, uint32_t bytes)
{
	give_fin((struct vio_fin){.queue = (uint8_t)q, .head = head, .used = bytes});
}

static int setup(void **state)
{
	memset(elements, 0, sizeof elements);
	memset(shown, 0, sizeof shown);
	first = count = raised = questions = 0;
	flags = 0;
	return device_setup(state);
}

static void one_completion(void **state)
{
	(void)state;
	finish(2, 5, 513);
	run(60);
	assert_int_equal(elements[2], 1);
	assert_true(element[2][0] == (513ull << 32 | 5));
	assert_int_equal(shown[2], 1);
	assert_int_equal(questions, 1);
	assert_int_equal(raised, 1);
	assert_int_equal(v->used.state, S(used, IDLE));
}

static void nothing_moves_before_its_response(void **state)
{
	(void)state;
	finish(0, 1, 1);
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(count, 1);
	assert_int_equal(waiting[0].kind, BTAG_USED);
	respond();
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(count, 1);
	assert_int_equal(waiting[1].kind, BTAG_INDEX);
	assert_int_equal(questions, 0);
	respond();
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(questions, 1);
	assert_int_equal(raised, 1);
}

static void the_driver_may_not_want_interrupts(void **state)
{
	(void)state;
	flags = 1;
	finish(0, 1, 1);
	run(60);
	assert_int_equal(shown[0], 1);
	assert_int_equal(questions, 1);
	assert_int_equal(raised, 0);
	/* Only bit 0 says so. */
	flags = 0xfffe;
	finish(0, 1, 1);
	run(60);
	assert_int_equal(raised, 1);
}

/* All queues, all responses late at random, past idx 65535. */
static void every_completion_is_shown_in_order(void **state)
{
	static uint64_t want[VIO_QUEUES][RING_NUM];
	unsigned finished[VIO_QUEUES] = {0}, total = 0;

	(void)state;
	while (total < 400000) {
		const unsigned q = below(VIO_QUEUES);

		if (!full_fin() && (uint16_t)(finished[q] - shown[q]) < RING_NUM && below(2)) {
			const uint32_t bytes = below(1 << 20);

			finish(q, (uint16_t)(total % RING_NUM), bytes);
			want[q][finished[q]++ % RING_NUM] = (uint64_t)bytes << 32 | total % RING_NUM;
			total++;
		}
		clock_once();
		if (below(3))
			respond();
	}
	run(2000);
	for (unsigned q = 0; q < VIO_QUEUES; q++) {
		assert_int_equal(elements[q], finished[q]);
		assert_int_equal(shown[q], (uint16_t)finished[q]);
		assert_memory_equal(element[q], want[q], sizeof want[q]);
	}
	assert_true(raised > 1000);
	assert_int_equal(v->used.out, 0);
}

/* Completions that pile up share an idx and an interrupt. */
static void completions_share_an_index(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		finish(1, (uint16_t)i, 1);
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(count, 8);
	run(200);
	assert_int_equal(shown[1], 8);
	assert_true(questions <= 3);
}

/* What is in flight never exceeds the room for its responses. */
static void no_more_in_flight_than_udone_holds(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		if (!full_fin())
			finish(0, (uint16_t)(i % RING_NUM), 1);
		clock_once();
	}
	assert_true(count < D_udone);
	run(300);
	assert_int_equal(count, 0);
}

static void enabling_a_queue_starts_at_index_0(void **state)
{
	(void)state;
	finish(3, 1, 1);
	run(60);
	v->pub.start = true;
	v->pub.start_queue = 3;
	clock_once();
	v->pub.start = false;
	elements[3] = 0;
	shown[3] = 0;
	finish(3, 2, 1);
	run(60);
	assert_int_equal(shown[3], 1);
	assert_true(element[3][0] == (1ull << 32 | 2));
}

static int setup_event(void **state)
{
	setup(state);
	v->pub.features = 1ull << F_BIT_EVENT_IDX;
	return 0;
}

/* idx of queue 1 was shown as from; the responses of n more elements have just come. Is there an interrupt? */
static bool interrupts(uint16_t from, unsigned n, uint16_t used_event)
{
	setup_event(NULL);
	flags = used_event;
	v->used.shown[1] = shown[1] = from;
	v->used.next[1] = v->used.acked[1] = (uint16_t)(from + n);
	elements[1] = from + n;
	run(100);
	assert_int_equal(shown[1], (uint16_t)(from + n));
	assert_int_equal(questions, 1);
	return raised != 0;
}

/* virtio 1.2, 2.7.10: exactly when idx has moved past used_event, wherever the numbers wrap. */
static void an_interrupt_when_idx_passes_used_event(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		const uint16_t from = (uint16_t)(below(3) ? 0xfff0 + below(32) : below(65536));
		const unsigned n = 1 + below(RING_NUM), ahead = below(40);

		/* used_event lies 10 behind, up to 29 ahead. */
		assert_int_equal(interrupts(from, n, (uint16_t)(from + ahead - 10)), ahead >= 10 && ahead < 10 + n);
	}
	assert_true(interrupts(0xffff, 1, 0xffff));
	assert_false(interrupts(0xffff, 1, 0));
}

/* avail_event is written for fetch, which learns of it when it has landed. */
static void avail_event_is_written_and_answered(void **state)
{
	(void)state;
	give_arm((struct vio_arm){.queue = 2, .event = 0xabcd});
	for (unsigned i = 0; i < 50; i++)
		clock_once();
	assert_int_equal(count, 1);
	assert_false(has_armed());
	run(50);
	assert_int_equal(avail_event[2], 0xabcd);
	assert_int_equal(take_armed().queue, 2);
	assert_int_equal(raised + questions, 0);
	assert_int_equal(v->used.acked[2], 0);
}

/* Arming does not keep completions back, nor the other way round. */
static void arming_among_completions(void **state)
{
	unsigned armed = 0, done = 0;

	(void)state;
	flags = 0x8000;
	for (unsigned i = 0; i < 20000; i++) {
		if (!full_fin() && (uint16_t)(done - shown[3]) < RING_NUM) {
			finish(3, 1, 1);
			done++;
		}
		if (!full_arm())
			give_arm((struct vio_arm){.queue = 1, .event = (uint16_t)i});
		clock_once();
		if (below(2))
			respond();
		if (has_armed()) {
			take_armed();
			armed++;
		}
	}
	assert_true(armed > 100);
	assert_true(shown[3] > 100);
}

#define EVENT(test) cmocka_unit_test_setup(test, setup_event)
#define USED(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		USED(one_completion),
		USED(nothing_moves_before_its_response),
		USED(the_driver_may_not_want_interrupts),
		USED(every_completion_is_shown_in_order),
		USED(completions_share_an_index),
		USED(no_more_in_flight_than_udone_holds),
		USED(enabling_a_queue_starts_at_index_0),
		EVENT(an_interrupt_when_idx_passes_used_event),
		EVENT(avail_event_is_written_and_answered),
		EVENT(arming_among_completions),
		EVENT(nothing_moves_before_its_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
