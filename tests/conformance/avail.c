/* SPDX-License-Identifier: Apache-2.0
 * avail.c: the area "Available ring", virtio 1.2, 2.7.6 and 2.7.13; and idx of the used ring, which runs beside it. */
#include <string.h>
#include "blk.h"
#include "rows.h"

enum { RACES = 120, MOMENTS = 320, LAP = 65536 };

/* used_event lies behind the ring, and flags in front of idx: both are obeyed there. */
static void layout_of_the_available_ring(struct rig *r)
{
	static const uint8_t ring[] = {1, 0, 3, 0, 0x04, 0x01, 0x00, 0x00, 0x02, 0x02};
	struct ring *q = ring_place(r, 0, 1024);
	const struct seg status = {rig_take(r, 1, 1), 1, true};

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	rig_grant(r, status.addr, 1);
	for (unsigned i = 0; i < q->num; i++)
		ring_desc(q, (uint16_t)i, status.addr, 1, DESC_WRITE, 0);
	for (unsigned i = 0; i < sizeof ring; i++)
		put(r, q->avail + i, ring[i], 1);
	ring_kick(q);
	ring_wait(q, 3);
	CHECK_EQ(r, ring_take(q).id, 0x0104);
	CHECK_EQ(r, ring_take(q).id, 0x0000);
	CHECK_EQ(r, ring_take(q).id, 0x0202);
	CHECK(r, !rig_notified(r), "flags is 1, and there was a notification");
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	put(r, q->avail + 4 + 2 * 1024, 2, 1);
	for (unsigned i = 0; i < 5; i++) {
		blk_check_serves(q);
		CHECK_EQ(r, rig_notified(r), i == 2);
	}
}

/* More than 65536 buffers, as many at once as the ring takes: each is one writable byte, a request without a header. */
static void check_lap(struct rig *r, uint16_t num)
{
	struct ring *q = ring_place(r, 0, num);
	const struct seg status = {rig_take(r, 1, 1), 1, true};

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	CHECK_EQ(r, ring_used_idx(q), 0);
	for (unsigned i = 0; i < num; i++)
		ring_chain(q, &status, 1);
	ring_avail_flags(q, 1);
	for (unsigned posted = 0; posted < LAP + 2u * num + 3; posted += num) {
		for (unsigned i = 0; i < num; i++)
			ring_add(q, (uint16_t)((posted + 3 * i) % num));
		ring_publish(q);
		ring_kick(q);
		ring_wait(q, num);
		CHECK_EQ(r, ring_used_idx(q), q->posted);
		for (unsigned i = 0; i < num; i++)
			CHECK_EQ(r, ring_take(q).id, (posted + 3 * i) % num);
	}
	CHECK(r, q->posted < LAP / 2, "the test does not pass 65535");
}

static void idx_is_free_running(struct rig *r)
{
	r->setup.read_latency = r->setup.write_latency = 1;
	rig_power_on(r);
	check_lap(r, 1);
	check_lap(r, 4);
	check_lap(r, 256);
}

static void available_ring_is_only_read(struct rig *r)
{
	struct ring *q = &r->ring[0];
	uint8_t before[6 + 2 * 16];

	for (unsigned event = 0; event < 2; event++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | (event ? F(EVENT_IDX) : 0));
		blk_load(q, BLK_IN, 5, 512);
		memcpy(before, rig_at(r, q->avail, sizeof before), sizeof before);
		ring_kick(q);
		ring_wait(q, 5);
		rig_settle(r);
		CHECK_BYTES(r, q->avail, before, sizeof before);
		CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q->avail, sizeof before), 0);
	}
}

/* One to 128 buffers for each notification, which comes when the device is at rest. */
static void one_notify_for_all(struct rig *r)
{
	const struct seg status = {rig_take(r, 1, 1), 1, true};
	struct ring *q = ring_place(r, 0, 128);

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned count = 1; count <= q->num; count++) {
		uint16_t heads[128];

		rig_settle(r);
		for (unsigned i = 0; i < count; i++) {
			heads[i] = ring_chain(q, &status, 1);
			ring_add(q, heads[i]);
		}
		ring_publish(q);
		ring_kick(q);
		ring_wait(q, count);
		for (unsigned i = 0; i < count; i++)
			CHECK_EQ(r, ring_take(q).id, heads[i]);
	}
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), q->posted);
}

/* While the device is at work its avail_event asks for no kick: what is posted then is served without. */
static void served_without_notify(struct rig *r)
{
	struct ring *q;
	struct blk first, late;

	r->setup.disk_latency = 2000;
	rig_power_on(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	for (unsigned i = 0; i < 20; i++) {
		uint16_t old;

		first = blk_make(r, BLK_IN, 0, 512);
		late = blk_make(r, BLK_IN, 1, 512);
		blk_post(q, &first);
		ring_kick(q);
		rig_run(r, 50 + 100 * i);
		old = q->posted;
		blk_post(q, &late);
		if (ring_wants_kick(q, old))
			ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &first), BLK_OK);
		CHECK_EQ(r, blk_wait(q, &late), BLK_OK);
		rig_settle(r);
	}
}

/* Entry, descriptors and idx change in one clock, some clocks after a kick; until then entry and descriptors are a trap's:
 * heads of chains whose buffers nobody may write. */
static void race(struct ring *q, unsigned clocks)
{
	struct rig *r = q->r;
	struct blk b[2] = {blk_make(r, BLK_IN, 2, 512), blk_make(r, BLK_IN, 4, 512)};
	const uint64_t trap = rig_take(r, 512, 8);

	for (unsigned i = 0; i < 6; i++)
		ring_desc(q, (uint16_t)((q->next_desc + i) % q->num), trap, 512, DESC_WRITE, 0);
	for (unsigned i = 0; i < 2; i++)
		put(r, q->avail + 4 + 2ull * ((q->posted + i) % q->num),
		    (uint64_t)(q->next_desc + (clocks % 2 == 0 ? 3 * i : 5 - i)) % q->num, 2);
	wr_post(r, REG_QueueNotify, q->queue);
	rig_run(r, clocks);
	blk_post(q, &b[0]);
	blk_post(q, &b[1]);
	while (!wr_answered(r))
		rig_clock(r);
	ring_kick(q);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_EQ(r, blk_wait(q, &b[i]), BLK_OK);
		CHECK_BYTES(r, b[i].data, r->disk_bytes + 512 * (2 + 2 * i), 512);
	}
	rig_settle(r);
}

/* The last reads of entry and descriptors were asked for when an idx had come that covers them. */
static void check_order(struct ring *q)
{
	struct rig *r = q->r;
	struct blk b = blk_make(r, BLK_IN, 0, 512);
	const uint64_t entry = q->avail + 4 + 2ull * (q->posted % q->num);
	const struct access *idx, *last;
	uint64_t mark, from;

	rig_settle(r);
	from = mark = rig_mark(r);
	blk_post(q, &b);
	ring_kick(q);
	CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
	do
		idx = rig_next(r, &mark, RIG_READ, q->avail + 2, 2);
	while (idx != NULL && rig_carried(r, idx, q->avail + 2, 2) != q->posted);
	CHECK(r, idx != NULL, "idx was not read");
	last = rig_last(r, from, RIG_READ, entry, 2);
	CHECK(r, last != NULL && last->asked > idx->done, "the entry was read before idx");
	for (unsigned i = 0; i < 3; i++) {
		last = rig_last(r, from, RIG_READ, q->desc + 16ull * ((b.head + i) % q->num), 16);
		CHECK(r, last != NULL && last->asked > idx->done, "descriptor %u was read before idx", i);
	}
}

static void entries_behind_idx(struct rig *r)
{
	struct ring *q;

	r->setup.reorder = true;
	r->setup.read_latency = 12;
	rig_power_on(r);
	q = ring_place(r, 0, 32);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned clocks = 0; clocks < RACES; clocks++)
		race(q, clocks);
	for (unsigned i = 0; i < 10; i++)
		check_order(q);
}

/* A second request, and its kick, at every clock from the kick of the first until long after its end. */
static void no_notify_is_lost(struct rig *r)
{
	struct ring *q = &r->ring[0];
	struct blk b[2];

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	b[0] = blk_make(r, BLK_IN, 0, 512);
	b[1] = blk_make(r, BLK_IN, 1, 512);
	for (unsigned clocks = 0; clocks < MOMENTS; clocks++) {
		blk_post(q, &b[0]);
		ring_kick(q);
		rig_run(r, clocks);
		blk_post(q, &b[1]);
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b[0]), BLK_OK);
		CHECK_EQ(r, blk_wait(q, &b[1]), BLK_OK);
		if (clocks % 2 == 0)
			rig_settle(r);
	}
}

ROWS(ROW(AVAIL_01, "2.7.6", layout_of_the_available_ring), ROW(AVAIL_02, "2.7.6", idx_is_free_running),
     ROW(AVAIL_03, "2.7.6", available_ring_is_only_read), ROW(AVAIL_04, "2.7.6", one_notify_for_all),
     ROW(AVAIL_08, "2.7.13.3", served_without_notify), ROW(AVAIL_09, "2.7.13", entries_behind_idx),
     ROW(AVAIL_10, "2.7.6", no_notify_is_lost), ROW(USED_02, "2.7.8", idx_is_free_running))
