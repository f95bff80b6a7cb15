/* SPDX-License-Identifier: Apache-2.0
 * packed_event.c: the area "Packed event suppression", virtio 1.2, 2.8.10 and 2.8.14: which used descriptors are
 * notified, and what the device asks of the driver. */
#include <string.h>
#include "ring_packed.h"
#include "rows.h"
#include "sim.h"

enum { MOMENTS = 320, SLOW = 40 };

/* One request after which all is idle; whether it was notified. */
static bool is_notified(struct packed *q)
{
	struct blk b = blk_make(q->r, BLK_IN, 0, 512);

	CHECK_EQ(q->r, packed_blk_do(q, &b, 1), BLK_OK);
	return rig_notified(q->r);
}

static void driver_event_is_read_only(struct rig *r)
{
	struct packed q = packed_start(r, 16, F(EVENT_IDX));

	for (unsigned flags = EVENT_ENABLE; flags <= EVENT_DISABLE; flags++) {
		packed_event(&q, flags, 0x1234);
		CHECK_EQ(r, is_notified(&q), flags == EVENT_ENABLE);
		CHECK_EQ(r, get(r, q.driver, 4), 0x1234 | flags << 16);
	}
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q.driver, 4), 0);
	CHECK(r, rig_count(r, 0, RIG_READ, q.driver, 4) != 0, "the driver event structure was never read");
}

/* Every write to it is all of it, and nothing else; what it says then is the next slot. Reserved bits are 0. */
static void writes_of_the_device_event(struct rig *r)
{
	struct packed q = packed_start(r, 7, F(EVENT_IDX));
	uint64_t mark = rig_mark(r);
	unsigned writes = 0;

	for (unsigned i = 0; i < 12; i++) {
		is_notified(&q);
		for (const struct access *a; (a = rig_next(r, &mark, RIG_WRITE, q.device, 4)) != NULL; writes++) {
			CHECK_EQ(r, a->addr, q.device);
			CHECK_EQ(r, a->bytes, 4);
			CHECK_EQ(r, rig_carried(r, a, q.device + 2, 2) & 0xfffc, 0);
		}
		CHECK(r, packed_wants_kick(&q, q.next, packed_after(&q, q.next, 1)),
		      "no kick wanted for the next slot");
	}
	CHECK(r, writes != 0, "the device event structure was never written");
}

static void always_notified(struct rig *r)
{
	struct packed q = packed_start(r, 16, F(EVENT_IDX));
	const uint64_t rises = r->irq_rises;

	for (unsigned i = 0; i < 20; i++)
		CHECK(r, is_notified(&q), "request %u was not notified", i);
	CHECK_EQ(r, r->irq_rises - rises, 20);
}

static void never_notified(struct rig *r)
{
	struct packed q = packed_start(r, 16, F(EVENT_IDX));
	const uint64_t rises = r->irq_rises;

	packed_event(&q, EVENT_DISABLE, 0);
	for (unsigned i = 0; i < 50; i++) {
		packed_event(&q, EVENT_DISABLE, q.seen);
		CHECK(r, !is_notified(&q), "request %u was notified", i);
	}
	CHECK_EQ(r, r->irq_rises, rises);
}

/* Any slot in this lap or the next, chains of any length and one or two at once: notified when they pass over it. */
static void notified_at_the_slot(struct rig *r)
{
	struct packed q = packed_start(r, 11, F(EVENT_IDX) | F(INDIRECT_DESC));
	struct blk b[2] = {blk_make(r, BLK_IN, 0, 512), blk_make(r, BLK_IN, 1, 512)};
	struct sim_rng rng;

	sim_rng_init(&rng, 5);
	for (unsigned i = 0; i < 500; i++) {
		const unsigned count = 1 + sim_rng_below(&rng, 2), reach = i % 2 == 0 ? 22 : 6;
		const uint16_t event = packed_after(&q, q.seen, sim_rng_below(&rng, reach)), old = q.seen;
		struct packed_chain c[2];

		packed_event(&q, EVENT_DESC, event);
		for (unsigned k = 0; k < count; k++)
			c[k] = packed_blk(&q, &b[k], sim_rng_below(&rng, 4));
		packed_kick(&q);
		for (unsigned k = 0; k < count; k++)
			CHECK_EQ(r, packed_blk_wait(&q, &b[k], &c[k]), BLK_OK);
		CHECK_EQ(r, rig_notified(r), packed_passes(&q, old, q.seen, event));
	}
}

static void unknown_flags_enable(struct rig *r)
{
	struct packed q = packed_start(r, 16, F(EVENT_IDX));

	for (unsigned i = 0; i < 10; i++) {
		packed_event(&q, EVENT_RESERVED, packed_after(&q, q.seen, i));
		CHECK(r, is_notified(&q), "flags 3: expected a notification, found none");
	}
	q = packed_start(r, 16, 0);
	for (unsigned i = 0; i < 10; i++) {
		packed_event(&q, EVENT_DESC, packed_after(&q, q.seen, i));
		CHECK(r, is_notified(&q), "flags 2 without EVENT_IDX: expected a notification, found none");
		packed_event(&q, EVENT_RESERVED, 0);
		CHECK(r, is_notified(&q), "flags 3 without EVENT_IDX: expected a notification, found none");
	}
}

/* Byte by byte, both ways: a ring of 0x203 slots whose slot 0x102 is waited for in either lap. In two laps that is once. */
static void layout_of_event_structures(struct rig *r)
{
	static const uint8_t bytes[2][4] = {{0x02, 0x81, 2, 0}, {0x02, 0x01, 2, 0}};
	struct packed q = packed_start(r, 0x203, F(EVENT_IDX));

	for (unsigned lap = 0; lap < 2; lap++) {
		unsigned hits = 0;

		for (unsigned i = 0; i < 4; i++)
			put(r, q.driver + i, bytes[lap][i], 1);
		for (unsigned slots = 0; slots < 2 * 0x203; slots += 3) {
			const uint16_t old = q.seen;
			const bool hit = is_notified(&q);

			CHECK_EQ(r, hit, packed_passes(&q, old, q.seen, lap == 0 ? 0x8102 : 0x0102));
			hits += hit;
		}
		CHECK_EQ(r, hits, 1);
	}
	CHECK_EQ(r, get(r, q.device, 1), q.next & 0xff);
	CHECK_EQ(r, get(r, q.device + 1, 1), q.next >> 8);
	CHECK_EQ(r, get(r, q.device + 2, 2), EVENT_DESC);
}

/* The driver, with notifications off, turns them on at some clock: the position first, then the flags. If nothing is
 * used then, it sleeps, and must be woken. */
static void wake_up(struct packed *q, unsigned clocks, unsigned flags)
{
	struct rig *r = q->r;
	struct blk b = blk_make(r, BLK_IN, 0, 512);
	struct packed_chain c;

	packed_event(q, EVENT_DISABLE, 0);
	c = packed_blk(q, &b, 1);
	packed_kick(q);
	rig_run(r, clocks);
	put(r, q->driver, q->seen, 2);
	rig_clock(r);
	put(r, q->driver + 2, flags, 2);
	if (!packed_is_used(q))
		WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, packed_blk_wait(q, &b, &c), BLK_OK);
	rig_notified(r);
}

/* One read of four bytes for each used descriptor, asked for when its response was there. */
static void check_sampling(struct packed *q)
{
	struct rig *r = q->r;
	uint64_t mark = rig_mark(r);
	const struct access *used, *event;

	is_notified(q);
	used = rig_first(r, mark, RIG_WRITE, q->desc, 16u * q->num);
	event = rig_next(r, &mark, RIG_READ, q->driver, 4);
	CHECK(r, used != NULL && event != NULL && event->asked > used->done,
	      "the driver event structure was read before the used descriptor had landed");
	CHECK(r, event->addr <= q->driver && q->driver + 4 <= event->addr + event->bytes, "not one read of four bytes");
	CHECK(r, rig_next(r, &mark, RIG_READ, q->driver, 4) == NULL, "the structure was read in pieces");
}

static void sampled_when_used_is_visible(struct rig *r)
{
	struct packed q;

	r->setup.memory = 2 << 20;
	r->setup.write_latency = SLOW;
	rig_power_on(r);
	q = packed_start(r, 16, F(EVENT_IDX));
	for (unsigned i = 0; i < 10; i++)
		check_sampling(&q);
	for (unsigned clocks = 0; clocks < MOMENTS; clocks++)
		wake_up(&q, clocks, clocks % 2 == 0 ? EVENT_DESC : EVENT_ENABLE);
}

/* A second request at some clock behind the first, notified only if the device asks for it. */
static void post_late(struct packed *q, struct blk *b, unsigned clocks)
{
	struct packed_chain c[2] = {packed_blk(q, &b[0], 1)};
	uint16_t old;

	packed_kick(q);
	rig_run(q->r, clocks);
	old = q->next;
	c[1] = packed_blk(q, &b[1], 1);
	if (packed_wants_kick(q, old, q->next))
		packed_kick(q);
	for (unsigned i = 0; i < 2; i++)
		CHECK_EQ(q->r, packed_blk_wait(q, &b[i], &c[i]), BLK_OK);
	rig_settle(q->r);
}

static void looks_again_when_armed(struct rig *r)
{
	struct packed q;
	struct blk b[2];
	const struct access *armed, *again;
	uint64_t mark;

	r->setup.write_latency = SLOW;
	rig_power_on(r);
	q = packed_start(r, 16, F(EVENT_IDX));
	b[0] = blk_make(r, BLK_IN, 0, 512);
	b[1] = blk_make(r, BLK_IN, 1, 512);
	for (unsigned clocks = 0; clocks < MOMENTS; clocks++)
		post_late(&q, b, clocks);
	mark = rig_mark(r);
	packed_check_serves(&q);
	rig_settle(r);
	armed = rig_last(r, mark, RIG_WRITE, q.device, 4);
	again = rig_last(r, mark, RIG_READ, packed_at(&q, q.next) + 8, 8);
	CHECK(r, armed != NULL && again != NULL && again->asked > armed->done,
	      "the next slot was not looked at when the device event structure had landed");
}

/* Without EVENT_IDX every kick is wanted, and the structure stays as the driver left it: so it never says DESC. */
static void device_event_is_left_alone(struct rig *r)
{
	struct packed q = packed_start(r, 7, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned i = 0; i < 30; i++)
		CHECK_EQ(r, packed_blk_do(&q, &b, i % 5), BLK_OK);
	rig_settle(r);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q.device, 4), 0);
	CHECK_EQ(r, packed_device_event(&q), EVENT_ENABLE);
}

/* While many requests are under way, and at rest. */
static void desc_needs_the_feature(struct rig *r)
{
	struct packed q = packed_start(r, 64, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);
	struct packed_chain c[12];

	for (unsigned i = 0; i < 12; i++)
		c[i] = packed_blk(&q, &b, i % 4);
	packed_kick(&q);
	for (unsigned i = 0; i < 12; i++) {
		for (const uint64_t end = r->clock + r->limit; !packed_is_used(&q) && r->clock < end; rig_clock(r))
			CHECK(r, (packed_device_event(&q) >> 16 & 3) != EVENT_DESC, "flags are DESC");
		packed_take(&q, &c[i]);
	}
	rig_settle(r);
	CHECK(r, (packed_device_event(&q) >> 16 & 3) != EVENT_DESC, "flags are DESC at rest");
}

ROWS(ROW(PEVT_01, "2.8.10", driver_event_is_read_only), ROW(PEVT_02, "2.8.10", writes_of_the_device_event),
     ROW(PEVT_03, "2.8.10", always_notified), ROW(PEVT_04, "2.8.10", never_notified),
     ROW(PEVT_05, "2.8.10", notified_at_the_slot), ROW(PEVT_06, "2.8.10", unknown_flags_enable),
     ROW(PEVT_07, "2.8.14", layout_of_event_structures), ROW(PEVT_08, "2.8.14", writes_of_the_device_event),
     ROW(PEVT_09, "2.8.10", sampled_when_used_is_visible), ROW(PEVT_10, "2.8.10", looks_again_when_armed),
     ROW(PEVT_11, "2.8.10", device_event_is_left_alone), ROW(PEVT_12, "2.8.10", desc_needs_the_feature))
