/* SPDX-License-Identifier: Apache-2.0
 * test_fetch.c: fetch: every entry between two values of idx is handed on once, in order; a bad ring ends in an error.
 *
 * The test is the avail reader: it answers each job from a ring in an array, and refuses one that leaves the ring. It is
 * walk as well: it takes heads, and the confirmation of each early one. Entries that are read together with idx may be
 * stale, so with `stale` it answers such a job with anything. With EVENT_IDX it is used and sched, too: avail_event appears
 * some clocks after it was asked for, and a queue with more to do is served again. */
#include "device.h"

static uint16_t idx, ring[RING_NUM];
static unsigned served, more, heads, early;
static uint16_t head[64]; /* confirmed, or not early */
static bool stale;
static uint16_t avail_event, arm_event; /* as the driver sees it; as asked for */
static unsigned arms, arm_delay;

/* Answers one job, a beat of four entries a call. */
static void play_reader(void)
{
	static unsigned left, at;
	static bool behind_idx, lie;

	if (left == 0) {
		struct vio_job job;

		if (!has_avail_job())
			return;
		job = take_avail_job();
		assert_int_equal(job.flush, 1);
		if (job.addr == RING_AVAIL + 2) {
			assert_int_equal(job.len, 2);
			give_avail_beat((struct vio_beat){.data = idx});
			behind_idx = true;
			return;
		}
		assert_true(job.addr >= RING_AVAIL + 4 && job.len % 2 == 0 && job.len > 0);
		assert_true(job.addr + job.len <= RING_AVAIL + 4 + 2 * RING_NUM);
		at = (unsigned)(job.addr - RING_AVAIL - 4) / 2;
		left = job.len / 2;
		lie = behind_idx && stale;
		behind_idx = false;
	}
	if (!full_avail_beat()) {
		uint64_t data = 0;

		for (unsigned i = 0; i < 4 && left != 0; i++, left--)
			data |= (uint64_t)(lie ? below(RING_NUM + 1) : ring[at]) << (16 * i), at++;
		give_avail_beat((struct vio_beat){.data = data});
	}
}

static void play_used(void)
{
	if (arm_delay != 0) {
		if (--arm_delay == 0) {
			avail_event = arm_event;
			give_armed((struct vio_armed){.queue = 0});
		}
	} else if (has_arm()) {
		const struct vio_arm a = take_arm();

		assert_int_equal(a.queue, 0);
		arm_event = (uint16_t)a.event;
		arm_delay = 1 + below(40);
		arms++;
	}
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		fetch_tick(v, clk);
		v->pub.start = false;
		play_reader();
		play_used();
		if (has_confirm()) {
			assert_true(early != 0);
			early--;
			head[heads++ % 64] = take_confirm().head;
		}
		if (has_head()) {
			const struct vio_head h = take_head();

			assert_int_equal(h.queue, 0);
			assert_true(h.head < RING_NUM);
			if (h.early) {
				early++;
			} else {
				assert_int_equal(early, 0);
				head[heads++ % 64] = h.head;
			}
		}
		if (has_served()) {
			served++;
			more = take_served().more;
		}
	}
}

static void serve(void)
{
	heads = served = 0;
	give_serve((struct vio_serve){.queue = 0});
	run(400);
}

static void make_available(uint16_t h)
{
	ring[idx++ % RING_NUM] = h;
}

static int setup(void **state)
{
	idx = 0;
	early = arms = arm_delay = 0;
	avail_event = 0;
	stale = false;
	memset(ring, 0, sizeof ring);
	return device_setup(state);
}

static void an_unchanged_idx_gives_nothing(void **state)
{
	(void)state;
	serve();
	assert_int_equal(heads, 0);
	assert_int_equal(served, 1);
	assert_int_equal(more, 0);
}

/* Any number of entries from any place, past index 65535, each once and in order. */
static void every_entry_once_in_order(void **state)
{
	uint16_t next = 0;
	unsigned total = 0;

	(void)state;
	while (total < 150000) {
		const unsigned n = below(RING_NUM + 1);
		uint16_t want[RING_NUM];

		for (unsigned i = 0; i < n; i++) {
			want[i] = next;
			make_available(next);
			next = (uint16_t)((next + 5) % RING_NUM);
		}
		stale = below(2) != 0;
		serve();
		while (more) {
			const unsigned so_far = heads;

			give_serve((struct vio_serve){.queue = 0});
			run(400);
			assert_true(heads > so_far);
		}
		assert_int_equal(heads, n);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(head[i], want[i]);
		assert_int_equal(early, 0);
		assert_int_equal(v->fetch.last[0], idx);
		total += n;
	}
}

static void an_entry_past_the_table_is_an_error(void **state)
{
	(void)state;
	make_available(3);
	make_available(RING_NUM);
	make_available(4);
	serve();
	assert_int_equal(heads, 1);
	assert_int_equal(head[0], 3);
	assert_int_equal(early, 0);
	assert_int_equal(served, 0);
	assert_int_equal(v->erred, ERRED_FETCH);
	assert_int_equal(v->fetch.err.code, ERR_HEAD_INDEX);
	assert_int_equal(v->fetch.err.desc, RING_NUM);
	assert_int_equal(v->fetch.state, S(fetch, DEAD));
}

static void an_idx_that_jumps_is_an_error(void **state)
{
	(void)state;
	idx = RING_NUM + 1;
	serve();
	assert_int_equal(heads, 0);
	assert_int_equal(v->fetch.err.code, ERR_AVAIL_JUMP);
	assert_int_equal(v->fetch.err.queue, 0);
}

static void an_idx_that_steps_back_is_an_error(void **state)
{
	(void)state;
	make_available(1);
	make_available(2);
	serve();
	assert_int_equal(heads, 2);
	idx = 1;
	serve();
	assert_int_equal(heads, 0);
	assert_int_equal(v->fetch.err.code, ERR_AVAIL_JUMP);
}

static void a_full_ring_is_no_error(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < RING_NUM; i++)
		make_available(i);
	serve();
	while (more) {
		give_serve((struct vio_serve){.queue = 0});
		run(400);
	}
	assert_int_equal(heads, RING_NUM);
	assert_int_equal(v->erred, 0);
}

static void a_queue_that_is_not_ready_is_not_read(void **state)
{
	(void)state;
	v->pub.queue[0].ready = false;
	make_available(1);
	serve();
	assert_int_equal(served, 1);
	assert_int_equal(heads, 0);
	v->pub.queue[0].ready = true;
	v->pub.live = false;
	serve();
	assert_int_equal(served, 1);
	assert_int_equal(heads, 0);
}

/* Entries stay in fetch while head is full. */
static void heads_wait_for_room(void **state)
{
	(void)state;
	while (!full_head())
		give_head((struct vio_head){.queue = 0, .head = 77});
	make_available(9);
	give_serve((struct vio_serve){.queue = 0});
	for (unsigned i = 0; i < 50; i++) {
		begin();
		fetch_tick(v, clk);
		play_reader();
		assert_false(has_served());
	}
	for (unsigned i = 0; i < D_head; i++)
		assert_int_equal(take_head().head, 77);
	heads = 0;
	run(50);
	assert_int_equal(heads, 1);
	assert_int_equal(early, 0);
	assert_int_equal(head[0], 9);
}

static void enabling_a_queue_starts_at_index_0(void **state)
{
	(void)state;
	make_available(1);
	serve();
	assert_int_equal(v->fetch.last[0], 1);
	v->fetch.last[1] = 5;
	v->pub.start = true;
	v->pub.start_queue = 0;
	run(1);
	assert_int_equal(v->fetch.last[0], 0);
	assert_int_equal(v->fetch.last[1], 5);
}

static int setup_event(void **state)
{
	setup(state);
	v->pub.features = 1ull << F_BIT_EVENT_IDX;
	return 0;
}

/* Serves the queue until fetch wants no more of it. */
static void serve_to_sleep(void)
{
	serve();
	for (unsigned turns = 0; more; turns++) {
		assert_true(turns < 100);
		more = 0;
		give_serve((struct vio_serve){.queue = 0});
		run(400);
	}
}

/* avail_event is 0 at the start, as the driver's memory is. */
static void an_empty_ring_is_armed_once(void **state)
{
	(void)state;
	serve_to_sleep();
	assert_int_equal(arms, 0);
	make_available(1);
	serve_to_sleep();
	assert_int_equal(heads, 1);
	assert_int_equal(arms, 1);
	assert_int_equal(avail_event, 1);
	serve_to_sleep();
	assert_int_equal(arms, 1);
}

/* The driver published while avail_event was on its way, and so did not notify: fetch looks again before it sleeps. */
static void an_entry_made_available_while_arming_is_seen(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		make_available(2);
		heads = served = 0;
		give_serve((struct vio_serve){.queue = 0});
		while (arm_delay == 0) {
			run(1);
			if (served != 0) {
				served = 0;
				give_serve((struct vio_serve){.queue = 0});
			}
		}
		run(below(arm_delay));
		make_available(3);
		assert_int_equal((uint16_t)(arm_event + 1), idx);
		run(400);
		assert_int_equal(more, 1);
		serve_to_sleep();
		assert_int_equal(avail_event, idx);
		assert_int_equal(v->fetch.last[0], idx);
	}
}

/* Whenever fetch sleeps, avail_event asks for the very next entry; past index 65535, too. */
static void a_sleeping_queue_is_armed(void **state)
{
	(void)state;
	for (unsigned total = 0; total < 150000;) {
		const unsigned n = below(RING_NUM + 1);

		for (unsigned i = 0; i < n; i++)
			make_available((uint16_t)(i % RING_NUM));
		stale = below(2) != 0;
		serve_to_sleep();
		assert_int_equal(heads, n);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(head[i], i % RING_NUM);
		assert_int_equal(early, 0);
		assert_int_equal(avail_event, idx);
		total += n;
	}
	assert_true(arms > 1000);
}

static void without_the_feature_nothing_is_armed(void **state)
{
	(void)state;
	make_available(1);
	serve();
	assert_int_equal(more, 0);
	assert_int_equal(arms, 0);
}

#define EVENT(test) cmocka_unit_test_setup(test, setup_event)
#define RING(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RING(an_unchanged_idx_gives_nothing),
		RING(every_entry_once_in_order),
		RING(an_entry_past_the_table_is_an_error),
		RING(an_idx_that_jumps_is_an_error),
		RING(an_idx_that_steps_back_is_an_error),
		RING(a_full_ring_is_no_error),
		RING(a_queue_that_is_not_ready_is_not_read),
		RING(heads_wait_for_room),
		RING(enabling_a_queue_starts_at_index_0),
		RING(without_the_feature_nothing_is_armed),
		EVENT(an_empty_ring_is_armed_once),
		EVENT(an_entry_made_available_while_arming_is_seen),
		EVENT(a_sleeping_queue_is_armed),
		EVENT(a_queue_that_is_not_ready_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
