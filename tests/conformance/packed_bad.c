/* SPDX-License-Identifier: Apache-2.0
 * packed_bad.c: rows of the area "Robustness" that are about packed rings. */
#include "ring_packed.h"
#include "rows.h"
#include "sim.h"

enum { ROUNDS = 400 };

/* The device gives up within r->limit clocks, and serves again after a reset. */
static void check_gives_up(struct packed *q)
{
	struct rig *r = q->r;

	packed_kick(q);
	WAIT_UNTIL(r, r->dut->out.irq);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
	CHECK_EQ(r, rd(r, REG_InterruptStatus), INT_CONFIG);
	CHECK_EQ(r, rig_count(r, 0, RIG_WRITE, q->desc, 16u * q->num), 0);
	*q = packed_start(r, q->num, F(INDIRECT_DESC));
	packed_check_serves(q);
}

/* Every slot has NEXT, and a buffer in memory or none: the device reads a few times the ring at most. */
static void list_without_an_end(struct rig *r)
{
	static const uint16_t sizes[] = {3, 8, 100, 1000};

	for (unsigned i = 0; i < 8; i++) {
		struct packed q;
		unsigned reads;

		rig_power_on(r);
		q = packed_start(r, sizes[i / 2], F(INDIRECT_DESC));
		for (uint16_t slot = 0; slot < q.num; slot++)
			packed_desc(r, q.desc + 16u * slot, q.driver, i % 2 == 0 ? 4 : 0, slot, DESC_NEXT | DESC_AVAIL);
		packed_kick(&q);
		WAIT_UNTIL(r, r->dut->out.irq);
		reads = rig_count(r, 0, RIG_READ, q.desc, 16u * q.num);
		CHECK(r, reads <= 2u * q.num + 16, "expected at most %u reads of the ring, found %u", 2u * q.num + 16,
		      reads);
		check_gives_up(&q);
	}
}

static void next_with_indirect(struct rig *r)
{
	for (unsigned i = 0; i < 2; i++) {
		struct packed_chain c;
		struct packed q;
		struct blk b;

		rig_power_on(r);
		q = packed_start(r, 8, F(INDIRECT_DESC));
		b = blk_make(r, BLK_OUT, 0, 512);
		c = packed_blk_write(&q, &b, PACKED_TABLE);
		c.flags |= DESC_NEXT;
		if (i == 1)
			packed_blk_write(&q, &b, 1);
		packed_publish(&q, &c);
		check_gives_up(&q);
		CHECK_EQ(r, r->commands[VIO_BE_WRITE] + r->commands[VIO_BE_WRITE_FUA], 0);
	}
}

static void ids_are_opaque(struct rig *r)
{
	static const uint16_t ids[] = {0xffff, 0, 0x8000, 5, 0x7fff, 4, 0xffff, 0x1234};
	struct packed q = packed_start(r, 4, F(INDIRECT_DESC));
	struct blk b = blk_make(r, BLK_IN, 0, 512);

	for (unsigned i = 0; i < 16; i++) {
		q.id = ids[i % 8];
		CHECK_EQ(r, packed_blk_do(&q, &b, i / 8), BLK_OK);
		CHECK_EQ(r, b.used.id, ids[i % 8]);
	}
}

/* Hundreds of laps of seven slots, chains of one to seven, up to three at once. */
static void many_laps(struct rig *r)
{
	struct packed q = packed_start(r, 7, F(INDIRECT_DESC));
	struct blk b[3];
	struct sim_rng rng;

	sim_rng_init(&rng, 9);
	for (unsigned i = 0; i < 3; i++)
		b[i] = blk_make(r, BLK_IN, 7 + i, 512);
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct packed_chain c[3];
		unsigned count = 0, room = 7;

		while (count < 3) {
			const unsigned pieces = sim_rng_below(&rng, 6), slots = pieces == 0 ? 1 : pieces + 2;

			if (slots > room)
				break;
			room -= slots;
			put(r, b[count].data, 0, 8);
			c[count] = packed_blk(&q, &b[count], pieces);
			count++;
		}
		packed_kick(&q);
		for (unsigned i = 0; i < count; i++) {
			CHECK_EQ(r, packed_blk_wait(&q, &b[i], &c[i]), BLK_OK);
			CHECK_BYTES(r, b[i].data, r->disk_bytes + 512 * (7 + i), 512);
		}
	}
	rig_settle(r);
	CHECK(r, !packed_is_used(&q), "more was used than was available");
}

ROWS(ROW(ROB_19, "2.8", list_without_an_end), ROW(ROB_20, "2.8", next_with_indirect),
     ROW(ROB_21, "2.8", ids_are_opaque), ROW(ROB_29, "2.8.1", many_laps))
