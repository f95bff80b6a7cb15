/* SPDX-License-Identifier: Apache-2.0
 * used_notify.c: the area "Used-buffer notification suppression (split)", virtio 1.2, 2.7.7: which used buffers are
 * notified. */
#include "blk.h"
#include "rows.h"
#include "sim.h"

enum { MOMENTS = 320, SLOW = 40, NUM = 64 };

/* One request after which all is idle; whether it was notified. */
static bool is_notified(struct ring *q)
{
	blk_check_serves(q);
	return rig_notified(q->r);
}

static void used_event_needs_the_feature(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct sim_rng rng;

	sim_rng_init(&rng, 3);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 60; i++) {
		ring_used_event(q, (uint16_t)(i % 3 == 0 ? sim_rng_next(&rng) : i + i % 3 * 0x7fff));
		CHECK(r, is_notified(q), "request %u: expected a notification, found none", i);
	}
}

static void flag_suppresses(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	ring_avail_flags(q, 1);
	for (unsigned i = 0; i < 100; i++)
		CHECK(r, !is_notified(q), "request %u: expected no notification, found one", i);
	CHECK_EQ(r, r->irq_rises, 0);
}

static void every_update_is_notified(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 100; i++)
		CHECK(r, is_notified(q), "request %u: expected a notification, found none", i);
	CHECK_EQ(r, r->irq_rises, 100);
}

static void flags_mean_nothing_with_event_idx(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < 40; i++) {
		ring_avail_flags(q, i % 2 == 0 ? 1 : 0);
		ring_used_event(q, (uint16_t)(i % 4 < 2 ? i : i + 1));
		CHECK_EQ(r, is_notified(q), i % 4 < 2);
	}
}

/* For each index around it: only the request whose element is the one waited for. */
static void notified_at_used_event(struct rig *r)
{
	struct ring *q = &r->ring[0];

	for (unsigned k = 0; k < 12; k++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
		ring_used_event(q, (uint16_t)k);
		for (unsigned i = 0; i < 12; i++)
			CHECK_EQ(r, is_notified(q), i == k);
	}
}

/* Every buffer is one writable byte, a request without a header; head n is descriptor n. */
static struct ring *bytes_for_buffers(struct rig *r)
{
	const struct seg status = {rig_take(r, 1, 1), 1, true};
	struct ring *q = ring_place(r, 0, NUM);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < NUM; i++)
		ring_chain(q, &status, 1);
	return q;
}

static void use(struct ring *q, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		ring_add(q, (uint16_t)(q->posted % NUM));
	ring_publish(q);
	ring_kick(q);
	ring_wait(q, count);
	q->seen = q->posted;
}

static void sparse_used_event(struct rig *r)
{
	struct ring *q = bytes_for_buffers(r);
	struct sim_rng rng;
	unsigned expected = 0;
	uint16_t event = 0;

	sim_rng_init(&rng, 8);
	ring_used_event(q, event);
	for (unsigned i = 0; i < 1000; i++) {
		use(q, 1);
		if (!rig_notified(r))
			continue;
		expected++;
		CHECK_EQ(r, i, event);
		event = (uint16_t)(event + 1 + sim_rng_below(&rng, 20));
		ring_used_event(q, event);
	}
	CHECK_EQ(r, r->irq_rises, expected);
	CHECK(r, event >= 1000, "expected a notification for index %u, found none", event);
}

/* virtio 1.2, 2.7.7.2. */
static bool need_event(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

static void check_batch(struct ring *q, uint16_t event, unsigned count)
{
	const uint16_t old = q->posted;

	ring_used_event(q, event);
	use(q, count);
	CHECK_EQ(q->r, rig_notified(q->r), need_event(event, q->posted, old));
}

static void check_random_batches(struct ring *q, struct sim_rng *rng, unsigned batches)
{
	for (unsigned i = 0; i < batches; i++) {
		const uint16_t far = (uint16_t)sim_rng_next(rng);
		const uint16_t near = (uint16_t)(q->posted + sim_rng_below(rng, NUM) - 16);

		check_batch(q, i % 8 == 0 ? far : near, 1 + sim_rng_below(rng, NUM));
	}
}

/* Near 0, half way, and across 65535, whose element is waited for. */
static void batches_pass_used_event(struct rig *r)
{
	static const uint16_t from[] = {0, 0x7e00, 0xfff0};
	struct ring *q;
	struct sim_rng rng;

	r->setup.read_latency = r->setup.write_latency = 2;
	rig_power_on(r);
	q = bytes_for_buffers(r);
	sim_rng_init(&rng, 4);
	for (unsigned i = 0; i < 3; i++) {
		while (q->posted < from[i])
			use(q, from[i] - q->posted < NUM ? from[i] - (unsigned)q->posted : NUM);
		rig_notified(r);
		check_batch(q, (uint16_t)(from[i] + 15), 20);
		check_random_batches(q, &rng, 60);
	}
	CHECK(r, q->posted < from[2], "the test does not pass 65535");
}

/* A driver that wants no notifications asks for one at some clock. If nothing is used then, it sleeps, and must be
 * woken. */
static void wake_up(struct ring *q, struct blk *b, unsigned clocks, bool event_idx)
{
	struct rig *r = q->r;

	if (event_idx)
		ring_used_event(q, (uint16_t)(q->seen - 1));
	else
		ring_avail_flags(q, 1);
	blk_post(q, b);
	ring_kick(q);
	rig_run(r, clocks);
	if (event_idx)
		ring_used_event(q, q->seen);
	else
		ring_avail_flags(q, 0);
	if (ring_used_idx(q) == q->seen)
		WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, blk_wait(q, b), BLK_OK);
	rig_notified(r);
}

static void read_when_idx_is_visible(struct rig *r)
{
	struct ring *q = &r->ring[0];
	const struct access *idx, *event;
	struct blk b;
	uint64_t mark;

	r->setup.write_latency = SLOW;
	rig_power_on(r);
	for (unsigned event_idx = 0; event_idx < 2; event_idx++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | (event_idx ? F(EVENT_IDX) : 0));
		b = blk_make(r, BLK_IN, 0, 512);
		for (unsigned clocks = 0; clocks < MOMENTS; clocks++)
			wake_up(q, &b, clocks, event_idx);
		mark = rig_mark(r);
		is_notified(q);
		idx = rig_first(r, mark, RIG_WRITE, q->used + 2, 2);
		event = rig_last(r, mark, RIG_READ, event_idx ? q->avail + 4 + 2u * q->num : q->avail, 2);
		CHECK(r, idx != NULL && event != NULL && event->asked > idx->done,
		      "it was not read when the write of idx had been answered");
	}
}

static void read_for_each_batch(struct rig *r)
{
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < 20; i++) {
		ring_avail_flags(q, i / 2 % 2 == 0 ? 0 : 1);
		CHECK_EQ(r, is_notified(q), i / 2 % 2 == 0);
	}
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < 20; i++) {
		ring_used_event(q, (uint16_t)(i / 2 % 2 == 0 ? i : i + 0x4000));
		CHECK_EQ(r, is_notified(q), i / 2 % 2 == 0);
	}
}

ROWS(ROW(USUP_04, "2.7.7.2", used_event_needs_the_feature), ROW(USUP_05, "2.7.7.2", flag_suppresses),
     ROW(USUP_06, "2.7.7.2", every_update_is_notified), ROW(USUP_07, "2.7.7.2", flags_mean_nothing_with_event_idx),
     ROW(USUP_08, "2.7.7.2", notified_at_used_event), ROW(USUP_09, "2.7.7.2", sparse_used_event),
     ROW(USUP_10, "2.7.7.2", batches_pass_used_event), ROW(USUP_11, "2.7.7.2", read_when_idx_is_visible),
     ROW(USUP_12, "2.7.7.2", read_for_each_batch))
