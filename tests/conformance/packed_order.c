/* SPDX-License-Identifier: Apache-2.0
 * packed_order.c: rows of the area "Packed virtqueue" about order, places and who may touch what, virtio 1.2, 2.8.8 to
 * 2.8.12 and 2.8.15. */
#include <string.h>
#include "ring_packed.h"
#include "rows.h"

enum { MANY = 40, NUM = 160 }; /* requests at once; slots enough for them */

static void disorder(struct rig *r)
{
	r->setup.read_latency = 25;
	r->setup.write_latency = 40;
	r->setup.stall_per_1024 = 200;
	r->setup.reorder = true;
	rig_power_on(r);
}

/* Requests of many shapes, readable and writable data in turn, published and not kicked, when the device is at rest. */
static void load(struct packed *q, struct blk *b, struct packed_chain *c, unsigned count)
{
	rig_settle(q->r);
	for (unsigned i = 0; i < count; i++) {
		b[i] = blk_make(q->r, i % 3 == 2 ? BLK_OUT : BLK_IN, 2 * i, i % 2 == 0 ? 512 : 1024);
		c[i] = packed_blk(q, &b[i], i % 4);
	}
}

/* A used descriptor may stand for all buffers up to its own, and then stands in the slot of the first of them. Each
 * buffer that it covers was served completely. */
static void batches_in_order(struct rig *r)
{
	struct packed q;
	struct packed_chain c[MANY];
	struct blk b[MANY];
	unsigned next = 0;

	disorder(r);
	q = packed_start(r, NUM, F(INDIRECT_DESC) | F(IN_ORDER));
	load(&q, b, c, MANY);
	packed_kick(&q);
	while (next < MANY) {
		unsigned last = next;

		packed_wait(&q);
		while (last < MANY && c[last].id != get(r, packed_at(&q, q.seen) + 12, 2))
			last++;
		CHECK(r, last < MANY, "an id that is not outstanding");
		CHECK_EQ(r, q.seen, c[next].pos);
		for (; next <= last; next++) {
			CHECK_EQ(r, get(r, b[next].status, 1), BLK_OK);
			if (b[next].in)
				CHECK_BYTES(r, b[next].data, r->disk_bytes + 1024 * next, b[next].len);
			q.seen = packed_after(&q, q.seen, c[next].slots);
		}
	}
	rig_settle(r);
	CHECK(r, !packed_is_used(&q), "more was used than was available");
}

/* The three areas at every place that their alignment allows; the guard sees a write beside them. */
static void alignments(struct rig *r)
{
	for (unsigned i = 0; i < 16; i++) {
		const uint64_t area = rig_take(r, 1024, 4096);
		struct packed q = packed_place(r, 0, 5);

		q.desc = area + 16 * i;
		q.driver = area + 512 + 4 * (i % 4);
		q.device = area + 768 + 4 * (i / 4);
		packed_bring_up(&q, 1, F(EVENT_IDX));
		for (unsigned k = 0; k < 4; k++)
			packed_check_serves(&q);
		rig_settle(r);
		CHECK_EQ(r, packed_device_event(&q) >> 16, EVENT_DESC);
		CHECK(r, rig_notified(r), "expected a notification, found none");
		packed_event(&q, EVENT_DISABLE, 0);
		packed_check_serves(&q);
		CHECK(r, !rig_notified(r), "expected no notification, found one");
	}
}

/* The first access to the buffers of each request is behind that to the one before. */
static void processing_starts_in_order(struct rig *r)
{
	struct packed q;
	struct packed_chain c[MANY];
	struct blk b[MANY];
	const struct access *before = NULL;

	disorder(r);
	q = packed_start(r, NUM, F(INDIRECT_DESC));
	load(&q, b, c, MANY);
	packed_kick(&q);
	for (unsigned i = 0; i < MANY; i++) {
		const struct access *first;

		CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
		first = rig_first(r, 0, RIG_BOTH, b[i].header, b[i].status + 1 - b[i].header);
		CHECK(r, first != NULL && (before == NULL || first->asked >= before->asked),
		      "request %u was started before the one in front of it", i);
		before = first;
	}
}

/* A request is complete with the response of its status. Used descriptors come in that order, each asked for when that
 * response was there, and land one behind the other. */
static void used_in_order_of_completion(struct rig *r)
{
	struct packed q;
	struct packed_chain c[MANY];
	struct blk b[MANY];
	const struct access *status, *used, *before = NULL;
	uint64_t mark;

	disorder(r);
	q = packed_start(r, NUM, F(INDIRECT_DESC));
	load(&q, b, c, MANY);
	mark = rig_mark(r);
	packed_kick(&q);
	for (unsigned i = 0; i < MANY; i++)
		CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
	rig_settle(r);
	for (unsigned i = 0; i < MANY; i++) {
		status = rig_last(r, 0, RIG_WRITE, b[i].status, 1);
		used = rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num);
		CHECK(r, status != NULL && used != NULL, "expected a status and a used descriptor");
		CHECK_EQ(r, used->addr, packed_at(&q, c[i].pos) + 8);
		CHECK(r, used->asked > status->done, "request %u was used before its status had landed", i);
		CHECK(r, before == NULL || (used->asked > before->asked && used->done > before->done),
		      "used descriptor %u went before the one in front of it", i);
		before = used;
	}
}

/* What the device may only read stays as it is, and what it may only write is not read. Reads and writes are counted for
 * each buffer of a list. */
static void check_directions(struct rig *r, bool reads)
{
	struct packed q = packed_start(r, NUM, F(INDIRECT_DESC) | F(BLK_FLUSH));
	struct packed_chain c[MANY];
	struct blk b[MANY];

	load(&q, b, c, MANY);
	packed_kick(&q);
	for (unsigned i = 0; i < MANY; i++)
		CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
	rig_settle(r);
	for (unsigned i = 0; i < MANY; i++) {
		if (reads) {
			CHECK_EQ(r, rig_count(r, 0, RIG_READ, b[i].status, 1), 0);
			CHECK_EQ(r, b[i].in ? rig_count(r, 0, RIG_READ, b[i].data, b[i].len) : 0, 0);
			continue;
		}
		CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, b[i].header, 16), 0);
		CHECK_EQ(r, b[i].in ? 0 : rig_count(r, 0, RIG_WRITE, b[i].data, b[i].len), 0);
		CHECK_EQ(r, get(r, b[i].header + 8, 8), 2 * i);
		for (unsigned k = 0; !b[i].in && k < b[i].len; k++)
			CHECK_EQ(r, get(r, b[i].data + k, 1), rig_pattern(k + 7));
	}
}

static void readable_buffers_are_only_read(struct rig *r)
{
	check_directions(r, false);
}

static void writable_buffers_are_not_read(struct rig *r)
{
	check_directions(r, true);
}

/* In four laps each chain has its first slot written once, the others never; between laps nothing is written, however
 * often the device is notified. */
static void used_slots_are_left_alone(struct rig *r)
{
	struct packed q = packed_start(r, 8, F(INDIRECT_DESC));
	struct blk b[3] = {blk_make(r, BLK_IN, 0, 512), blk_make(r, BLK_OUT, 1, 512), blk_make(r, BLK_IN, 2, 512)};

	for (unsigned lap = 0; lap < 4; lap++) {
		const uint64_t mark = rig_mark(r);
		uint64_t later;

		for (unsigned i = 0; i < 3; i++)
			packed_blk_do(&q, &b[i], i == 2 ? 0 : 1 + i);
		rig_settle(r);
		for (unsigned slot = 0; slot < 8; slot++)
			CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, q.desc + 16 * slot, 16),
				 slot == 0 || slot == 3 || slot == 7);
		later = rig_mark(r);
		for (unsigned i = 0; i < 5; i++) {
			packed_kick(&q);
			rig_settle(r);
		}
		CHECK_EQ(r, rig_count(r, later, RIG_WRITE, RIG_ANYWHERE), 0);
	}
}

/* On each clock: when the flags of a used descriptor are there, so are id and len. And the write is one beat. */
static void id_and_len_before_flags(struct rig *r)
{
	struct packed q;
	struct packed_chain c[MANY];
	struct blk b[MANY];
	uint64_t mark;

	disorder(r);
	q = packed_start(r, NUM, F(INDIRECT_DESC));
	load(&q, b, c, MANY);
	mark = rig_mark(r);
	packed_kick(&q);
	for (unsigned i = 0; i < MANY; i++) {
		WAIT_UNTIL(r, packed_is_used(&q));
		CHECK_EQ(r, get(r, packed_at(&q, q.seen) + 12, 2), c[i].id);
		CHECK_EQ(r, get(r, packed_at(&q, q.seen) + 8, 4), b[i].in ? b[i].len + 1 : 1);
		packed_take(&q, &c[i]);
	}
	for (const struct access *a; (a = rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num)) != NULL;) {
		CHECK_EQ(r, a->bytes, 8);
		CHECK_EQ(r, a->addr % 16, 8);
	}
}

ROWS(ROW(PACK_24, "2.8.8", batches_in_order), ROW(PACK_25, "2.8.8", batches_in_order),
     NOT_APPLICABLE(PACK_26, "for requests of several buffers: a block request is one buffer"),
     ROW(PACK_27, "2.8.10.1", alignments), ROW(PACK_29, "2.8.12", processing_starts_in_order),
     ROW(PACK_30, "2.8.12", used_in_order_of_completion), ROW(PACK_31, "2.8.12", used_in_order_of_completion),
     ROW(PACK_34, "2.8.15", readable_buffers_are_only_read), ROW(PACK_35, "2.8.15", writable_buffers_are_not_read),
     ROW(PACK_37, "2.8.15", used_slots_are_left_alone), ROW(PACK_38, "2.8.15", id_and_len_before_flags))
