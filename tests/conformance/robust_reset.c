/* SPDX-License-Identifier: Apache-2.0
 * robust_reset.c: rows of the area "Robustness against bad drivers and bad memory" about resets at any moment, memory that
 * does not answer, and accesses in any order. */
#include "raw.h"
#include "robust.h"
#include "rows.h"

enum { SECTOR = 512, FUZZ = 200000 };

/* Any access at all, at addresses where no memory is: what the device reads of them fails, so that it writes nothing. */
static void random_access(struct rig *r, struct sim_rng *rng)
{
	static const uint32_t words[] = {0, 1, 2, 3, 4, 7, 8, 15, 16, 0x0f, 0x8000, 0x10000, 0xffffffff};
	const bool config = sim_rng_chance(rng, 100);
	const uint16_t addr = (uint16_t)(sim_rng_below(rng, config ? 0xfff : 0x110) & (config ? 0xfff : 0xffc));
	const uint32_t word = sim_rng_chance(rng, 700) ? words[sim_rng_below(rng, 13)] : sim_rng_next(rng);
	const uint8_t strobes = sim_rng_chance(rng, 900) ? 0xf : (uint8_t)sim_rng_below(rng, 16);

	if (sim_rng_chance(rng, 300)) {
		rd(r, addr);
	} else if (sim_rng_chance(rng, 200)) {
		rd_post(r, addr);
		wr_post(r, (uint16_t)sim_rng_below(rng, 0x110) & 0xffc, word);
		rd_finish(r);
		wr_finish(r);
	} else {
		wr_lanes(r, addr, word, strobes);
	}
}

static void registers_in_any_order(struct rig *r)
{
	struct sim_rng rng;

	r->setup.base = 0x12345670000;
	sim_rng_init(&rng, 23);
	for (unsigned legacy = 0; legacy < 2; legacy++) {
		r->setup.legacy = legacy != 0;
		rig_power_on(r);
		for (unsigned n = 0; n < FUZZ / 2; n++) {
			random_access(r, &rng);
			if (n % 500 == 0)
				wr(r, REG_Status, 0);
			if (n % 500 == 1)
				wr(r, REG_Status, 0x0f);
		}
		bring_up(r, STAGE_DRIVER_OK, legacy ? 0 : F(VERSION_1));
		for (unsigned n = 0; n < 20; n++)
			blk_check_serves(&r->ring[0]);
	}
}

/* Memory neither takes nor answers anything: the registers do. */
static void registers_while_memory_stalls(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);
	const uint64_t usual = r->limit;

	for (unsigned clocks = 0; clocks < 400; clocks += 23) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		blk_load(q, BLK_IN, 4, SECTOR);
		blk_load(q, BLK_OUT, 4, SECTOR);
		ring_kick(q);
		rig_run(r, clocks);
		rig_hold(r, RIG_BOTH);
		r->limit = 50;
		for (unsigned n = 0; n < 200; n++) {
			ring_kick(q);
			CHECK_EQ(r, rd(r, REG_Status), 0x0f);
			wr(r, REG_QueueSel, n % 3);
			CHECK_EQ(r, rd(r, REG_QueueReady), n % 3 == 0);
			wr(r, REG_InterruptACK, 3);
		}
		rig_hold(r, 0);
		r->limit = usual;
		ring_wait(q, 8);
		CHECK_EQ(r, ring_used_idx(q), 8);
	}
}

/* Posted under load, with memory held: it is not answered before memory moves again, as the README says, and soon then. */
static void check_drains(struct ring *q, uint16_t addr, unsigned clocks)
{
	struct rig *r = q->r;
	uint64_t released;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(q, BLK_IN, 8, SECTOR);
	ring_kick(q);
	rig_run(r, clocks);
	rig_hold(r, RIG_BOTH);
	rig_run(r, 40);
	CHECK(r, rig_unfinished(r, 0) != 0 || r->dut->out.m_axi_arvalid || r->dut->out.m_axi_awvalid,
	      "nothing waits for memory");
	wr(r, REG_QueueSel, 0);
	wr_post(r, addr, 0);
	rig_run(r, 20000);
	CHECK(r, !wr_answered(r), "the answer comes before memory's");
	rig_hold(r, 0);
	released = r->clock;
	wr_finish(r);
	CHECK(r, r->clock - released < 6000, "the answer comes %llu clocks after memory's",
	      (unsigned long long)(r->clock - released));
	CHECK_EQ(r, rd(r, addr), 0);
}

static void draining_needs_memory_alone(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);

	for (unsigned clocks = 10; clocks < 300; clocks += 71) {
		check_drains(q, REG_Status, clocks);
		check_drains(q, REG_QueueReady, clocks);
	}
	r->setup.disk_latency = 1000000;
	rig_power_on(r);
	q = ring_place(r, 0, 64);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	blk_load(q, BLK_IN, 8, SECTOR);
	ring_kick(q);
	rig_run(r, 2000);
	wr(r, REG_Status, 0);
	CHECK_EQ(r, rd(r, REG_Status), 0);
}

/* What idx covers is whole: element, status and data. */
static void check_whole(struct ring *q, const struct blk *b, unsigned count)
{
	struct rig *r = q->r;
	const uint16_t used = ring_used_idx(q);

	CHECK(r, used <= count, "used idx is %u", used);
	for (unsigned i = 0; i < used; i++) {
		CHECK_EQ(r, get(r, q->used + 4 + 8ull * i, 4), b[i].head);
		CHECK_EQ(r, get(r, q->used + 8 + 8ull * i, 4), SECTOR + 1);
		CHECK_EQ(r, get(r, b[i].status, 1), BLK_OK);
		CHECK_BYTES(r, b[i].data, r->disk_bytes + (4 + i) * SECTOR, SECTOR);
	}
}

static void post_three(struct ring *q, struct blk *b)
{
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned at = 0; at < SECTOR; at += 8)
			put(q->r, b[i].data + at, 0, 8);
		blk_post(q, &b[i]);
	}
	ring_kick(q);
}

/* Reset in each clock of three requests, from the doorbell to the interrupt and beyond. */
static void reset_around_the_used_ring(struct rig *r)
{
	struct ring *q = ring_place(r, 0, ROBUST_NUM);
	struct blk b[3];
	unsigned seen = 0;

	for (unsigned i = 0; i < 3; i++)
		b[i] = blk_make(r, BLK_IN, 4 + i, SECTOR);
	for (unsigned clocks = 0; clocks < 420; clocks++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		post_three(q, b);
		rig_run(r, clocks);
		wr(r, REG_Status, 0);
		check_whole(q, b, 3);
		seen |= 1u << ring_used_idx(q);
	}
	CHECK(r, (seen & 9) == 9, "no reset before the first idx or behind the last: seen 0x%x", seen);
	robust_check_recovers(r, F(VERSION_1), 20);
}

/* The same with QueueReset; queue 1 does not notice. */
static void queue_reset_at_any_moment(struct rig *r)
{
	struct ring *q = ring_place(r, 0, ROBUST_NUM), *other = ring_place(r, 1, ROBUST_NUM);
	struct blk b[3], good;

	for (unsigned i = 0; i < 3; i++)
		b[i] = blk_make(r, BLK_IN, 4 + i, SECTOR);
	good = blk_make(r, BLK_IN, 9, SECTOR);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(RING_RESET) | F(BLK_MQ));
	for (unsigned clocks = 0; clocks < 420; clocks++) {
		uint64_t mark;

		post_three(q, b);
		rig_run(r, clocks);
		blk_post(other, &good);
		ring_kick(other);
		wr(r, REG_QueueSel, 0);
		wr(r, REG_QueueReset, 1);
		WAIT_UNTIL(r, rd(r, REG_QueueReset) == 0);
		check_whole(q, b, 3);
		mark = rig_mark(r);
		CHECK_EQ(r, blk_wait(other, &good), BLK_OK);
		CHECK_EQ(r, rd(r, REG_QueueReady), 0);
		rig_run(r, 30);
		CHECK_EQ(r, rig_count(r, mark, RIG_BOTH, q->desc, q->used + 6 + 8 * ROBUST_NUM - q->desc), 0);
		ring_clear(q);
		ring_set_up(q);
		CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	}
	blk_check_serves(q);
	blk_check_serves(other);
}

/* Requests of one descriptor, which has room for the status alone: the ring goes round at its full speed. */
static void run_long(struct rig *r, uint16_t num, unsigned requests)
{
	struct ring *q = ring_place(r, 0, num);
	const unsigned batch = num < 1024 ? num : 1024;
	uint64_t status;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	status = rig_take(r, 1, 1);
	rig_grant(r, status, 1);
	for (unsigned i = 0; i < num; i++)
		ring_desc(q, (uint16_t)i, status, 1, DESC_WRITE, 0);
	for (unsigned n = 0; n < requests; n += batch) {
		for (unsigned i = 0; i < batch; i++)
			ring_add(q, (uint16_t)((n + i) * 3 % num));
		ring_publish(q);
		ring_kick(q);
		ring_wait(q, batch);
		for (unsigned i = 0; i < batch; i++) {
			const struct used used = ring_take(q);

			if (used.id != (n + i) * 3 % num || used.len > 1)
				CHECK(r, false, "size %u, request %u: element {%u, %u}", num, n + i, used.id, used.len);
		}
		CHECK_EQ(r, ring_used_idx(q), q->posted);
	}
	CHECK_EQ(r, get(r, status, 1), BLK_IOERR);
}

/* All sizes for some laps; a small, a middle and the largest one past the wrap of idx. */
static void idx_wraps(struct rig *r)
{
	r->setup.memory = 8 << 20;
	rig_power_on(r);
	for (unsigned num = 1; num <= VIO_QUEUE_NUM_MAX; num *= 2)
		run_long(r, (uint16_t)num, num == 16 || num == 256 || num == VIO_QUEUE_NUM_MAX ? 70656 : 2 * num + 40);
}

ROWS(ROW(ROB_23, "4.2.2", registers_in_any_order), ROW(ROB_24, "4.2.2", registers_while_memory_stalls),
     ROW(ROB_25, "4.2.2", draining_needs_memory_alone), ROW(ROB_26, "2.4", reset_around_the_used_ring),
     ROW(ROB_27, "2.6.1", queue_reset_at_any_moment), ROW(ROB_28, "2.7.6", idx_wraps))
