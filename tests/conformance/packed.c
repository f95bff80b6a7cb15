/* SPDX-License-Identifier: Apache-2.0
 * packed.c: rows of the area "Packed virtqueue": which slot comes next, and what a used descriptor says, virtio 1.2,
 * 2.8.1 to 2.8.4 and 2.8.13. */
#include <string.h>
#include "ring_packed.h"
#include "rows.h"

enum { LONG = 600 };

/* A request of that many pieces, on a sector of its own, and its data. */
static void check_one(struct packed *q, struct blk *b, unsigned pieces)
{
	const uint64_t sector = get(q->r, b->header + 8, 8);

	memset(rig_at(q->r, b->data, b->len), 0, b->len);
	CHECK_EQ(q->r, packed_blk_do(q, b, pieces), BLK_OK);
	CHECK_BYTES(q->r, b->data, q->r->disk_bytes + 512 * sector, b->len);
}

/* All queues, as split rings though packed ones are offered, and then as packed ones. */
static void format_follows_the_feature(struct rig *r)
{
	struct packed q[VIO_QUEUES];

	for (unsigned i = 0; i < VIO_QUEUES; i++)
		ring_place(r, i, 8);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		blk_check_serves(&r->ring[i]);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		q[i] = packed_place(r, i, 8);
	packed_bring_up(q, VIO_QUEUES, 0);
	for (unsigned i = 0; i < VIO_QUEUES; i++)
		packed_check_serves(&q[i]);
}

static void check_laps(struct packed *q, unsigned laps, unsigned pieces)
{
	struct blk b = blk_make(q->r, BLK_IN, 3, 512);
	const uint16_t end = laps % 2 == 0 ? POS_START : 0;

	for (unsigned slots = 0; slots < laps * q->num; slots += pieces == PACKED_TABLE ? 1 : pieces + 2)
		check_one(q, &b, pieces);
	CHECK_EQ(q->r, q->seen & POS_WRAP, end);
}

/* Sizes that are no power of two, the smallest and the largest; twice round each, the last once. */
static void any_size(struct rig *r)
{
	static const uint16_t sizes[] = {1, 3, 5, 7, 100};
	struct packed q;

	r->setup.memory = 2 << 20;
	rig_power_on(r);
	for (unsigned i = 0; i < 5; i++) {
		q = packed_start(r, sizes[i], F(INDIRECT_DESC));
		check_laps(&q, 2, sizes[i] < 3 ? PACKED_TABLE : 1);
	}
	q = packed_start(r, VIO_QUEUE_NUM_MAX, 0);
	check_laps(&q, 1, 512);
	packed_check_serves(&q);
}

/* The slots are counted here without packed_after: the counter flips when the last one was used. */
static void wrap_counter_flips(struct rig *r)
{
	struct packed q = packed_start(r, 5, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned slots = 0; slots < 50;) {
		const unsigned slot = slots % 5, pieces = slots % 2;
		const uint16_t bits = slots / 5 % 2 == 0 ? DESC_BITS : 0;

		check_one(&q, &b, pieces);
		CHECK_EQ(r, get(r, q.desc + 16 * slot + 14, 2) & DESC_BITS, bits);
		slots += pieces == PACKED_TABLE ? 1 : pieces + 2;
	}
}

/* A slot with the three other values of both bits is left alone, whatever its descriptor says. */
static void check_only_available(struct packed *q, struct blk *b)
{
	static const uint16_t bits[] = {0, DESC_AVAIL, DESC_USED, DESC_BITS};
	struct packed_chain c = packed_blk_write(q, b, PACKED_TABLE);
	const uint16_t right = c.flags;
	struct rig *r = q->r;

	for (unsigned i = 0; i < 4; i++) {
		const uint64_t mark = rig_mark(r);

		if ((right & DESC_BITS) == bits[i])
			continue;
		c.flags = (uint16_t)((right & ~DESC_BITS) | bits[i]);
		packed_publish(q, &c);
		packed_kick(q);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, RIG_ANYWHERE), 0);
		CHECK_EQ(r, rig_count(r, mark, RIG_READ, b->header, 16), 0);
	}
	c.flags = right;
	packed_publish(q, &c);
	packed_kick(q);
	CHECK_EQ(r, packed_blk_wait(q, b, &c), BLK_OK);
}

static void only_the_right_flags(struct rig *r)
{
	struct packed q = packed_start(r, 3, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned slot = 0; slot < 9; slot++)
		check_only_available(&q, &b);
}

/* Every write to the ring, of chains that cross its end, too. */
static void used_bits_are_the_wrap_counter(struct rig *r)
{
	struct packed q = packed_start(r, 7, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);
	uint64_t mark = rig_mark(r);
	uint16_t pos = POS_START;

	for (unsigned i = 0; i < 30; i++) {
		check_one(&q, &b, i % 4);
		rig_settle(r);
		for (const struct access *a; (a = rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num)) != NULL;) {
			CHECK_EQ(r, a->addr, packed_at(&q, pos) + 8);
			CHECK_EQ(r, rig_carried(r, a, packed_at(&q, pos) + 14, 2) & DESC_BITS, packed_used_bits(pos));
			pos = packed_after(&q, pos, i % 4 == 0 ? 1 : i % 4 + 2);
		}
		CHECK_EQ(r, pos, q.seen);
	}
}

/* Slow storage: the device looks at slots behind the wrap before it writes the last one before it. */
static void reading_wraps_before_writing(struct rig *r)
{
	struct packed q;
	struct packed_chain c[5];
	struct blk b[5];
	const struct access *head, *used;
	uint64_t mark;

	r->setup.disk_latency = 3000;
	rig_power_on(r);
	q = packed_start(r, 8, F(INDIRECT_DESC));
	for (unsigned i = 0; i < 5; i++)
		b[i] = blk_make(r, BLK_IN, i, 512);
	for (unsigned i = 0; i < 6; i++)
		check_one(&q, &b[0], PACKED_TABLE);
	mark = rig_mark(r);
	for (unsigned i = 0; i < 5; i++)
		c[i] = packed_blk(&q, &b[i], PACKED_TABLE);
	packed_kick(&q);
	for (unsigned i = 0; i < 5; i++) {
		CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
		CHECK_BYTES(r, b[i].data, r->disk_bytes + 512 * i, 512);
	}
	head = rig_first(r, mark, RIG_READ, q.desc + 8, 8);
	used = rig_first(r, mark, RIG_WRITE, q.desc + 16 * 7, 16);
	CHECK(r, head != NULL && used != NULL && head->asked < used->asked,
	      "slot 0 was not looked at before slot 7 was used");
}

static void slots_in_turn_only(struct rig *r)
{
	struct packed q = packed_start(r, 8, F(INDIRECT_DESC));
	struct blk first = blk_make(r, BLK_IN, 0, 512), second = blk_make(r, BLK_IN, 1, 512);
	const struct packed_chain a = packed_blk_write(&q, &first, PACKED_TABLE), b = packed_blk(&q, &second, 1);
	const uint64_t mark = rig_mark(r);

	packed_kick(&q);
	rig_run(r, LONG);
	CHECK_EQ(r, rig_count(r, mark, RIG_READ, second.header, 16), 0);
	CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, RIG_ANYWHERE), 0);
	packed_publish(&q, &a);
	packed_kick(&q);
	CHECK_EQ(r, packed_blk_wait(&q, &first, &a), BLK_OK);
	CHECK_EQ(r, packed_blk_wait(&q, &second, &b), BLK_OK);
}

/* The flags of the descriptor that a request of this type leaves. */
static uint16_t flags_after(struct packed *q, uint32_t type, unsigned pieces, uint32_t len, uint32_t expected_len)
{
	struct blk b = blk_make(q->r, type, 0, len);
	const uint64_t at = packed_at(q, q->seen) + 14;

	packed_blk_do(q, &b, pieces);
	CHECK_EQ(q->r, b.used.len, expected_len);
	return (uint16_t)(get(q->r, at, 2) & ~(uint64_t)DESC_BITS);
}

/* Each request of a disk has its status written, and so each used descriptor says WRITE. */
static void write_says_that_data_was_written(struct rig *r)
{
	struct packed q = packed_start(r, 16, F(BLK_FLUSH));

	CHECK_EQ(r, flags_after(&q, BLK_IN, 1, 512, 513) & DESC_WRITE, DESC_WRITE);
	CHECK_EQ(r, flags_after(&q, BLK_OUT, 1, 512, 1) & DESC_WRITE, DESC_WRITE);
	CHECK_EQ(r, flags_after(&q, BLK_FLUSH, 1, 0, 1) & DESC_WRITE, DESC_WRITE);
	CHECK_EQ(r, flags_after(&q, 77, 1, 512, 1) & DESC_WRITE, DESC_WRITE);
}

/* len as written, and addr as the driver left it. */
static void used_len(struct rig *r)
{
	struct packed q = packed_start(r, 16, 0);
	uint64_t mark = rig_mark(r);

	flags_after(&q, BLK_IN, 1, 512, 513);
	flags_after(&q, BLK_IN, 3, 4096, 4097);
	flags_after(&q, BLK_OUT, 1, 1024, 1);
	flags_after(&q, BLK_GET_ID, 1, 20, 21);
	rig_settle(r);
	for (const struct access *a; (a = rig_next(r, &mark, RIG_WRITE, q.desc, 16u * q.num)) != NULL;)
		CHECK(r, a->addr % 16 >= 8 && a->bytes <= 8, "a used descriptor's addr was written");
}

/* One writable byte is a whole buffer: a request without a header, which a disk answers with IOERR. */
static void a_buffer_is_one_descriptor(struct rig *r)
{
	struct packed q = packed_start(r, 4, 0);

	for (unsigned i = 0; i < 9; i++) {
		const struct seg status = {rig_take(r, 1, 1), 1, true};
		const struct packed_chain c = packed_list(&q, &status, 1, (uint16_t)(100 + i));

		packed_publish(&q, &c);
		packed_kick(&q);
		packed_wait(&q);
		CHECK_EQ(r, packed_take(&q, &c).len, 1);
		CHECK_EQ(r, get(r, status.addr, 1), BLK_IOERR);
	}
}

/* Every byte by hand, in memory whose addresses have eight different ones. */
static void layout_of_a_descriptor(struct rig *r)
{
	static const uint8_t used[] = {0x01, 0x02, 0, 0, 0xcd, 0xab, 0x82, 0x80};
	struct packed q;
	struct blk b;

	r->setup.base = 0x123456789a0000;
	rig_power_on(r);
	q = packed_start(r, 3, 0);
	b = blk_make(r, BLK_IN, 0, 512);
	rig_grant(r, b.data, 512);
	rig_grant(r, b.status, 1);
	const struct {
		uint64_t addr;
		uint8_t rest[8];
	} desc[3] = {{b.header, {16, 0, 0, 0, 1, 0, 0x81, 0}},
		     {b.data, {0x00, 0x02, 0, 0, 2, 0, 0x83, 0}},
		     {b.status, {1, 0, 0, 0, 0xcd, 0xab, 0x82, 0}}};

	for (unsigned i = 0; i < 3; i++)
		for (unsigned k = 0; k < 8; k++) {
			put(r, q.desc + 16 * i + k, desc[i].addr >> 8 * k & 0xff, 1);
			put(r, q.desc + 16 * i + 8 + k, desc[i].rest[k], 1);
		}
	packed_kick(&q);
	packed_wait(&q);
	CHECK_BYTES(r, q.desc + 8, used, 8);
	CHECK_BYTES(r, b.data, r->disk_bytes, 512);
	CHECK_EQ(r, get(r, b.status, 1), BLK_OK);
}

/* A ring that holds nothing but zeroes, and one that holds nothing but ones. */
static void nothing_is_available_at_first(struct rig *r)
{
	for (unsigned ones = 0; ones < 2; ones++) {
		struct packed q = packed_start(r, 8, F(INDIRECT_DESC));
		uint64_t mark;

		memset(rig_at(r, q.desc, 16u * q.num), ones ? 0xff : 0, 16u * q.num);
		rig_settle(r);
		mark = rig_mark(r);
		packed_kick(&q);
		rig_run(r, LONG);
		CHECK_EQ(r, rig_count(r, mark, RIG_WRITE, RIG_ANYWHERE), 0);
		CHECK_EQ(r, rig_count(r, mark, RIG_READ, RIG_ANYWHERE), rig_count(r, mark, RIG_READ, q.desc, 16));
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
		packed_check_serves(&q);
	}
}

ROWS(ROW(PACK_01, "2.8", format_follows_the_feature), ROW(PACK_02, "2.8", any_size),
     ROW(PACK_03, "2.8.1", wrap_counter_flips), ROW(PACK_04, "2.8.1", only_the_right_flags),
     ROW(PACK_05, "2.8.1", used_bits_are_the_wrap_counter), ROW(PACK_06, "2.8.1", reading_wraps_before_writing),
     ROW(PACK_07, "2.8.2", slots_in_turn_only), ROW(PACK_08, "2.8.3", write_says_that_data_was_written),
     ROW(PACK_09, "2.8.4", used_len), ROW(PACK_10, "2.8.5", a_buffer_is_one_descriptor),
     ROW(PACK_32, "2.8.13", layout_of_a_descriptor), ROW(PACK_36, "2.8.15", nothing_is_available_at_first))
