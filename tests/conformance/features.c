/* SPDX-License-Identifier: Apache-2.0
 * features.c: rows of the area "Feature negotiation", virtio 1.2, 2.2. */
#include "blk.h"
#include "rows.h"
#include "sim.h"

/* Bits by their numbers, virtio 1.2, 2.2 and 6. */
#define BIT(n) (UINT64_C(1) << (n))
#define BITS(low, high) ((~UINT64_C(0) >> (63 - (high) + (low))) << (low))

static uint64_t random_set(struct sim_rng *rng)
{
	const uint64_t high = sim_rng_next(rng);

	return high << 32 | sim_rng_next(rng);
}

static uint64_t offered(struct rig *r)
{
	uint64_t bits;

	wr(r, REG_DeviceFeaturesSel, 1);
	bits = (uint64_t)rd(r, REG_DeviceFeatures) << 32;
	wr(r, REG_DeviceFeaturesSel, 0);
	return bits | rd(r, REG_DeviceFeatures);
}

/* Sets FEATURES_OK behind what DriverFeatures holds; whether it stays. */
static bool features_ok(struct rig *r)
{
	wr(r, REG_Status, rd(r, REG_Status) | FEATURES_OK);
	return (rd(r, REG_Status) & FEATURES_OK) != 0;
}

/* From reset to FEATURES_OK. */
static bool negotiate(struct rig *r, uint64_t features)
{
	bring_up(r, STAGE_DRIVER, 0);
	write_features(r, features);
	return features_ok(r);
}

/* Sets up queue 0 behind FEATURES_OK, asks for no interrupt by used_event, and serves: whether EVENT_IDX is negotiated
 * shows in the line and in avail_event. */
static bool has_event_idx(struct rig *r)
{
	struct ring *q = &r->ring[0];
	const uint64_t rises = r->irq_rises;

	if (q->r == NULL)
		ring_place(r, 0, 16);
	ring_clear(q);
	ring_set_up(q);
	ring_used_event(q, 0x8000);
	wr(r, REG_Status, 0x0f);
	blk_check_serves(q);
	rig_settle(r);
	CHECK_EQ(r, ring_avail_event(q) == 1, r->irq_rises == rises);
	return ring_avail_event(q) == 1;
}

static void offer_stays_in_its_ranges(struct rig *r)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		const uint64_t bits = offered(r);

		CHECK_EQ(r, bits & BITS(41, 49), 0);
		CHECK(r, bits != 0, "nothing is offered");
		for (uint32_t word = 2; word < 8; word++) {
			wr(r, REG_DeviceFeaturesSel, word);
			CHECK_EQ(r, rd(r, REG_DeviceFeatures), 0);
		}
		r->setup.offered = ~UINT64_C(0);
		rig_power_on(r);
	}
}

static void set_is_frozen(struct rig *r)
{
	for (unsigned pass = 0; pass < 2; pass++) {
		const uint64_t first = F(VERSION_1) | (pass ? F(EVENT_IDX) : 0);

		CHECK_EQ(r, negotiate(r, first), true);
		write_features(r, first ^ F(EVENT_IDX));
		CHECK_EQ(r, rd(r, REG_Status), 0x0b);
		CHECK_EQ(r, has_event_idx(r), pass);
		write_features(r, first ^ F(EVENT_IDX));
		wr(r, REG_Status, 0x0f);
		CHECK_EQ(r, negotiate(r, first ^ F(EVENT_IDX)), true);
		CHECK_EQ(r, has_event_idx(r), !pass);
	}
}

/* No block or reserved feature of virtio 1.2 needs another one; that FLUSH comes with CONFIG_WCE is a row of its own.
 * NOTIF_CONFIG_DATA and SR_IOV need another transport, and bits that 5.2.3 and 6 do not name might need anything. */
static void offer_is_closed(struct rig *r)
{
	const uint64_t alone = BITS(1, 2) | BITS(4, 6) | BITS(9, 16) | BITS(27, 29) | BITS(32, 36) | BIT(38) | BIT(40);
	struct sim_rng rng;

	sim_rng_init(&rng, 6);
	for (unsigned i = 0; i < 200; i++) {
		const uint64_t strap = i == 0 ? ~UINT64_C(0) : random_set(&rng);

		r->in.strap_features = strap;
		rig_run(r, 2);
		CHECK_EQ(r, offered(r) & ~(alone & strap), 0);
	}
}

static void any_subset_is_accepted(struct rig *r)
{
	const uint64_t all = offered(r);
	struct sim_rng rng;

	sim_rng_init(&rng, 7);
	for (unsigned i = 0; i < 1000; i++)
		CHECK_EQ(r, negotiate(r, random_set(&rng) & all), true);
	CHECK_EQ(r, negotiate(r, all), true);
	CHECK_EQ(r, negotiate(r, 0), true);
}

static void other_bits_are_refused(struct rig *r)
{
	const uint64_t offers[] = {offered(r), F(VERSION_1)};

	for (unsigned i = 0; i < 2; i++) {
		r->setup.offered = offers[i];
		rig_power_on(r);
		CHECK_EQ(r, offered(r), offers[i]);
		for (unsigned bit = 0; bit < 64; bit++)
			CHECK_EQ(r, negotiate(r, F(VERSION_1) | BIT(bit)), (offers[i] & BIT(bit)) != 0);
		CHECK_EQ(r, negotiate(r, F(VERSION_1) | ~offers[i]), false);
	}
}

static void what_was_accepted_is_again(struct rig *r)
{
	const uint64_t set = F(VERSION_1) | F(EVENT_IDX) | F(INDIRECT_DESC) | F(BLK_FLUSH) | F(RING_RESET);

	for (unsigned i = 0; i < 100; i++) {
		CHECK_EQ(r, negotiate(r, set), true);
		if (i % 10 == 0)
			CHECK_EQ(r, has_event_idx(r), true);
		if (i % 3 == 0)
			CHECK_EQ(r, negotiate(r, set | BIT(63)), false);
	}
	rig_power_on(r);
	CHECK_EQ(r, negotiate(r, set), true);
	CHECK_EQ(r, has_event_idx(r), true);
}

static void set_is_judged_with_features_ok(struct rig *r)
{
	bring_up(r, STAGE_DRIVER, 0);
	write_features(r, ~UINT64_C(0));
	CHECK_EQ(r, rd(r, REG_Status), 0x03);
	wr(r, REG_DriverFeaturesSel, 2);
	wr(r, REG_DriverFeatures, 1);
	wr(r, REG_DriverFeatures, 0);
	write_features(r, F(VERSION_1) | F(EVENT_IDX));
	CHECK_EQ(r, features_ok(r), true);
	CHECK_EQ(r, has_event_idx(r), true);
}

static void refusal_is_not_the_end(struct rig *r)
{
	CHECK_EQ(r, negotiate(r, F(VERSION_1) | BIT(63)), false);
	CHECK_EQ(r, rd(r, REG_Status), 0x03);
	write_features(r, F(VERSION_1) | BIT(3));
	CHECK_EQ(r, features_ok(r), false);
	write_features(r, F(VERSION_1) | F(EVENT_IDX));
	CHECK_EQ(r, features_ok(r), true);
	CHECK_EQ(r, rd(r, REG_Status), 0x0b);
	CHECK_EQ(r, has_event_idx(r), true);
}

/* A word that is not written holds nothing of the driver before: neither VERSION_1, which the strap asks for, nor
 * EVENT_IDX. */
static void unwritten_words_are_zero(struct rig *r)
{
	r->setup.need_v1 = true;
	rig_power_on(r);
	CHECK_EQ(r, negotiate(r, F(VERSION_1) | F(EVENT_IDX)), true);
	bring_up(r, STAGE_DRIVER, 0);
	wr(r, REG_DriverFeaturesSel, 0);
	wr(r, REG_DriverFeatures, 0);
	CHECK_EQ(r, features_ok(r), false);
	bring_up(r, STAGE_DRIVER, 0);
	wr(r, REG_DriverFeaturesSel, 1);
	wr(r, REG_DriverFeatures, 1);
	CHECK_EQ(r, features_ok(r), true);
	CHECK_EQ(r, has_event_idx(r), false);
}

/* The registers of one interface do nothing on the other. */
static void interfaces_do_not_mix(struct rig *r)
{
	struct ring *q;

	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	q = &r->ring[0];
	blk_check_serves(q);
	wr(r, REG_QueueSel, 0);
	wr(r, REG_GuestPageSize, 4096);
	wr(r, REG_QueueAlign, 4096);
	wr(r, REG_QueuePFN, 0x80010);
	CHECK_EQ(r, rd(r, REG_QueuePFN), 0);
	wr(r, REG_QueuePFN, 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
	blk_check_serves(q);
	r->setup.legacy = true;
	rig_power_on(r);
	CHECK_EQ(r, offered(r) >> 32, 0);
	bring_up(r, STAGE_DRIVER_OK, 0);
	q = &r->ring[0];
	CHECK_EQ(r, rd(r, REG_Status), 0x07);
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReady, 0);
	wr(r, REG_QueueDescLow, 0);
	wr(r, REG_QueueReset, 1);
	CHECK_EQ(r, rd(r, REG_QueueReady), 0);
	CHECK_EQ(r, rd(r, REG_QueuePFN), q->desc / 4096);
	blk_check_serves(q);
}

ROWS(ROW(FEAT_01, "2.2", offer_stays_in_its_ranges), ROW(FEAT_02, "2.2", set_is_frozen),
     ROW(FEAT_06, "2.2.2", offer_is_closed), ROW(FEAT_07, "2.2.2", any_subset_is_accepted),
     ROW(FEAT_08, "2.2.2", other_bits_are_refused), ROW(FEAT_09, "2.2.2", what_was_accepted_is_again),
     ROW(FEAT_10, "2.2", set_is_judged_with_features_ok), ROW(FEAT_11, "2.2", refusal_is_not_the_end),
     ROW(FEAT_12, "2.2", unwritten_words_are_zero),
     NOT_APPLICABLE(FEAT_14, "a device on MMIO is legacy or modern by its Version, never transitional"),
     ROW(FEAT_15, "2.2.3", interfaces_do_not_mix))
