/* SPDX-License-Identifier: Apache-2.0
 * interrupt.c: rows of the area "Interrupts (MMIO)", virtio 1.2, 4.2.2 and 4.2.3.4. */
#include "blk.h"
#include "rows.h"

enum { LONG = 10000 }; /* clocks in which a bit that wanted to change would have done it */

static void change_config(struct rig *r)
{
	r->in.strap_capacity++;
	rig_clock(r);
}

/* One request, and its interrupt. */
static void raise_used(struct rig *r)
{
	blk_check_serves(&r->ring[0]);
	WAIT_UNTIL(r, (rd(r, REG_InterruptStatus) & INT_USED) != 0);
	rig_settle(r);
}

static void check_both(struct rig *r, uint32_t bits)
{
	CHECK_EQ(r, rd(r, REG_InterruptStatus), bits);
	CHECK_EQ(r, r->dut->out.irq, bits != 0);
}

static void bit_stays_until_acknowledged(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	raise_used(r);
	for (unsigned i = 0; i < 10; i++) {
		rig_run(r, LONG / 10);
		check_both(r, INT_USED);
	}
	change_config(r);
	rig_run(r, LONG);
	check_both(r, INT_USED | INT_CONFIG);
	wr(r, REG_InterruptACK, INT_USED | INT_CONFIG);
	check_both(r, 0);
}

static void only_what_happened(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	check_both(r, 0);
	for (unsigned i = 0; i < 20; i++) {
		raise_used(r);
		check_both(r, INT_USED);
		wr(r, REG_InterruptACK, INT_USED);
		rig_run(r, 100);
		check_both(r, 0);
	}
}

static void bits_and_their_events(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	raise_used(r);
	check_both(r, 1);
	wr(r, REG_InterruptACK, 1);
	change_config(r);
	check_both(r, 2);
	raise_used(r);
	check_both(r, 3);
}

static void reset_clears_all_bits(struct rig *r)
{
	for (unsigned bits = 1; bits <= 3; bits++) {
		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		if ((bits & INT_USED) != 0)
			raise_used(r);
		if ((bits & INT_CONFIG) != 0)
			change_config(r);
		check_both(r, bits);
		wr(r, REG_Status, 0);
		check_both(r, 0);
		rig_run(r, 100);
		check_both(r, 0);
	}
}

/* The register and the line agree: while it was read, the line was at least once what it says; and when a bit was set,
 * the line stays up until an acknowledgement. Traffic and changes of config raise it. */
static void line_is_the_or_of_the_bits(struct rig *r)
{
	struct ring *q = ring_place(r, 0, 64);
	struct blk b;
	unsigned high_seen = 0, low_seen = 0;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	b = blk_make(r, BLK_IN, 1, 512);
	for (unsigned i = 0; i < 600; i++) {
		bool high, low;
		uint32_t bits;

		if (i % 4 == 0) {
			blk_post(q, &b);
			ring_kick(q);
		}
		if (i % 45 == 0)
			change_config(r);
		high = r->dut->out.irq;
		low = !high;
		rd_post(r, REG_InterruptStatus);
		for (unsigned n = 0; n < 5; n++) {
			rig_clock(r);
			high = high || r->dut->out.irq;
			low = low || !r->dut->out.irq;
		}
		bits = rd_finish(r);
		CHECK(r, bits != 0 ? high : low, "InterruptStatus is 0x%x, the line %d", bits, !low);
		high_seen += bits != 0;
		low_seen += bits == 0;
		for (unsigned n = 0; n < i % 60; n++, rig_clock(r))
			CHECK(r, bits == 0 || r->dut->out.irq, "InterruptStatus is 0x%x, the line low", bits);
		if (i % 5 == 0)
			wr(r, REG_InterruptACK, bits);
	}
	CHECK(r, high_seen > 50 && low_seen > 50, "the line was seen high %u times, low %u times", high_seen, low_seen);
}

static void acknowledge_clears_what_is_written(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned first = 1; first <= 2; first++) {
		raise_used(r);
		change_config(r);
		check_both(r, 3);
		wr(r, REG_InterruptACK, first);
		check_both(r, 3 ^ first);
		rig_run(r, 100);
		check_both(r, 3 ^ first);
		wr(r, REG_InterruptACK, 3 ^ first);
		check_both(r, 0);
	}
}

/* The clock, counted from this one, in which the acknowledgement of a set bit takes effect. */
static uint64_t acknowledge_delay(struct rig *r, uint32_t bit)
{
	const uint64_t start = r->clock;
	uint64_t delay;

	wr_post(r, REG_InterruptACK, bit);
	WAIT_UNTIL(r, !r->dut->out.irq);
	delay = r->clock - start;
	wr_finish(r);
	return delay;
}

/* A change of config and its acknowledgement, some clocks apart, with the bit set before or not. */
static void config_against_acknowledge(struct rig *r)
{
	uint64_t delay;

	change_config(r);
	delay = acknowledge_delay(r, INT_CONFIG);
	for (unsigned set = 0; set < 2; set++)
		for (uint64_t at = 0; at < delay + 4; at++) {
			if (set)
				change_config(r);
			rig_run(r, 3);
			wr_post(r, REG_InterruptACK, INT_CONFIG);
			rig_run(r, at);
			change_config(r);
			CHECK(r, r->dut->out.irq, "a change in clock %llu of the acknowledgement's %llu is lost",
			      (unsigned long long)at + 1, (unsigned long long)delay);
			wr_finish(r);
			rig_run(r, 10);
			CHECK_EQ(r, rd(r, REG_InterruptStatus), at + 1 < delay ? 0 : INT_CONFIG);
			wr(r, REG_InterruptACK, INT_CONFIG);
		}
}

/* The same with used buffers: first without an acknowledgement, to see the clock of the interrupt; then with one in each
 * clock near it. Whatever happens, the line rises once; and the bit is lost only to a later acknowledgement. */
static void event_wins(struct rig *r)
{
	struct ring *q;
	struct blk b;
	uint64_t rose = 0;
	unsigned kept = 0, cleared = 0;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	config_against_acknowledge(r);
	for (unsigned i = 0; i < 24; i++) {
		uint64_t start, rises;

		bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
		q = &r->ring[0];
		rig_settle(r);
		b = blk_make(r, BLK_IN, 1, 512);
		blk_post(q, &b);
		start = r->clock;
		rises = r->irq_rises;
		ring_kick(q);
		if (i > 0) {
			rig_run(r, rose + i - 14 - (r->clock - start));
			wr(r, REG_InterruptACK, INT_USED);
		}
		rig_settle(r);
		CHECK_EQ(r, r->irq_rises, rises + 1);
		if (i == 0)
			rose = r->irq_rose - start;
		CHECK_EQ(r, r->irq_rose - start, rose);
		if (i > 0) {
			kept += rd(r, REG_InterruptStatus) == INT_USED;
			cleared += rd(r, REG_InterruptStatus) == 0;
			CHECK(r, cleared == 0 || rd(r, REG_InterruptStatus) == 0,
			      "a later acknowledgement clears less");
		}
	}
	CHECK(r, kept >= 3 && cleared >= 3, "the bit was kept %u times, cleared %u times", kept, cleared);
}

static void other_acknowledgements_do_nothing(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned bits = 0; bits <= 3; bits++) {
		if ((bits & INT_USED) != 0)
			raise_used(r);
		if ((bits & INT_CONFIG) != 0)
			change_config(r);
		wr(r, REG_InterruptACK, 0xfffffffc);
		check_both(r, bits);
		wr(r, REG_InterruptACK, 0);
		check_both(r, bits);
		wr(r, REG_InterruptACK, 3 & ~bits);
		check_both(r, bits);
		wr(r, REG_InterruptACK, 3);
		check_both(r, 0);
	}
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	raise_used(r);
}

static void reads_do_not_clear(struct rig *r)
{
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	raise_used(r);
	change_config(r);
	for (unsigned i = 0; i < 10; i++)
		check_both(r, INT_USED | INT_CONFIG);
}

/* No interrupt without a new element; none at all for a driver that polls. */
static void no_idle_interrupts(struct rig *r)
{
	struct ring *q;
	uint64_t rises;
	uint16_t seen = 0;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	q = &r->ring[0];
	for (unsigned i = 0; i < 60; i++) {
		raise_used(r);
		CHECK(r, ring_used_idx(q) != seen, "interrupt %u of %llu has nothing new in the ring", i,
		      (unsigned long long)r->irq_rises);
		seen = ring_used_idx(q);
		wr(r, REG_InterruptACK, INT_USED);
		ring_kick(q);
		rig_run(r, 200);
		CHECK_EQ(r, r->irq_rises, i + 1);
	}
	rises = r->irq_rises;
	ring_avail_flags(q, 1);
	for (unsigned i = 0; i < 60; i++)
		blk_check_serves(q);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1) | F(EVENT_IDX));
	ring_used_event(q, 0x7fff);
	for (unsigned i = 0; i < 60; i++)
		blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, r->irq_rises, rises);
}

ROWS(ROW(MINT_01, "4.2.2.1", bit_stays_until_acknowledged), ROW(MINT_02, "4.2.2.1", only_what_happened),
     ROW(MINT_03, "4.2.2", bits_and_their_events), ROW(MINT_04, "4.2.2.1", reset_clears_all_bits),
     ROW(MINT_05, "4.2.3.4", line_is_the_or_of_the_bits), ROW(MINT_06, "4.2.2", acknowledge_clears_what_is_written),
     ROW(MINT_07, "4.2.2", event_wins), ROW(MINT_08, "4.2.2", other_acknowledgements_do_nothing),
     ROW(MINT_09, "4.2.2", reads_do_not_clear), ROW(MINT_15, "4.2.2", no_idle_interrupts))
