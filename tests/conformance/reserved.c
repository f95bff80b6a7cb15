/* SPDX-License-Identifier: Apache-2.0
 * reserved.c: rows of the areas "Reserved feature bits", virtio 1.2, 6, and "Shared memory regions", 2.10. */
#include "blk.h"
#include "rows.h"

#define BIT(n) (UINT64_C(1) << (n))

/* Virtio 1.2, 6 and 6.3. */
enum {
	ANY_LAYOUT = 27,
	INDIRECT_DESC = 28,
	EVENT_IDX = 29,
	UNUSED_30 = 30,
	VERSION_1 = 32,
	ACCESS_PLATFORM = 33,
	RING_PACKED = 34,
	IN_ORDER = 35,
	ORDER_PLATFORM = 36,
	SR_IOV = 37,
	NOTIFICATION_DATA = 38,
	NOTIF_CONFIG_DATA = 39,
	RING_RESET = 40
};

static bool offers(struct rig *r, unsigned bit)
{
	wr(r, REG_DeviceFeaturesSel, bit / 32);
	return (rd(r, REG_DeviceFeatures) >> bit % 32 & 1) != 0;
}

static bool accepts(struct rig *r, uint64_t features)
{
	bring_up(r, STAGE_DRIVER, 0);
	write_features(r, features);
	wr(r, REG_Status, 0x0b);
	return rd(r, REG_Status) == 0x0b;
}

/* Negotiates by numbers, and serves. */
static struct ring *serve_with(struct rig *r, uint64_t features)
{
	bring_up(r, STAGE_DRIVER_OK, features);
	blk_check_serves(&r->ring[0]);
	return &r->ring[0];
}

/* A request in an indirect table. */
static void check_indirect(struct ring *q)
{
	struct rig *r = q->r;
	const struct blk b = blk_make(r, BLK_IN, 5, 512);
	const struct seg segs[] = {{b.header, 16, false}, {b.data, 512, true}, {b.status, 1, true}};

	ring_post(q, ring_indirect(q, segs, 3));
	ring_kick(q);
	ring_wait(q, 1);
	CHECK_EQ(r, ring_take(q).len, 513);
	CHECK_BYTES(r, b.data, r->disk_bytes + 5 * 512, 512);
}

/* Each bit alone is where it should be in the offer, and does what it is named for where a driver can see that. */
static void bit_numbers(struct rig *r)
{
	static const unsigned bits[] = {INDIRECT_DESC, EVENT_IDX,      VERSION_1,         ACCESS_PLATFORM, RING_PACKED,
					IN_ORDER,      ORDER_PLATFORM, NOTIFICATION_DATA, RING_RESET};
	struct ring *q;

	for (unsigned i = 0; i < sizeof bits / sizeof bits[0]; i++) {
		r->in.strap_features = BIT(bits[i]);
		rig_run(r, 2);
		for (unsigned bit = INDIRECT_DESC; bit < 64; bit++)
			CHECK_EQ(r, offers(r, bit), bit == bits[i]);
	}
	rig_power_on(r);
	check_indirect(serve_with(r, BIT(VERSION_1) | BIT(INDIRECT_DESC)));
	q = serve_with(r, BIT(VERSION_1) | BIT(EVENT_IDX));
	rig_settle(r);
	CHECK_EQ(r, ring_avail_event(q), 1);
	serve_with(r, BIT(VERSION_1) | BIT(NOTIFICATION_DATA));
	wr(r, REG_QueueNotify, 0xabcd0000);
	blk_check_serves(q);
	serve_with(r, BIT(VERSION_1) | BIT(RING_RESET));
	wr(r, REG_QueueReset, 1);
	WAIT_UNTIL(r, rd(r, REG_QueueReset) == 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 0);
	serve_with(r, BIT(VERSION_1) | BIT(IN_ORDER));
	bring_up(r, STAGE_FEATURES_OK, BIT(VERSION_1) | BIT(RING_PACKED));
	wr(r, REG_QueueNum, 24);
	wr(r, REG_QueueReady, 1);
	CHECK_EQ(r, rd(r, REG_QueueReady), 1);
}

static void version_1_is_offered(struct rig *r)
{
	CHECK_EQ(r, offers(r, VERSION_1), true);
	serve_with(r, BIT(VERSION_1));
	CHECK_EQ(r, offers(r, VERSION_1), true);
}

static void without_version_1(struct rig *r)
{
	CHECK_EQ(r, accepts(r, BIT(EVENT_IDX)), true);
	serve_with(r, 0);
	r->setup.need_v1 = true;
	rig_power_on(r);
	CHECK_EQ(r, accepts(r, 0), false);
	CHECK_EQ(r, accepts(r, BIT(EVENT_IDX)), false);
	CHECK_EQ(r, accepts(r, BIT(VERSION_1)), true);
	serve_with(r, BIT(VERSION_1));
}

/* It is the integrator who knows what memory is; the strap says it. */
static void access_platform_as_integrated(struct rig *r)
{
	CHECK_EQ(r, offers(r, ACCESS_PLATFORM), true);
	serve_with(r, BIT(VERSION_1) | BIT(ACCESS_PLATFORM));
	r->setup.offered = BIT(VERSION_1);
	rig_power_on(r);
	CHECK_EQ(r, offers(r, ACCESS_PLATFORM), false);
	CHECK_EQ(r, accepts(r, BIT(VERSION_1) | BIT(ACCESS_PLATFORM)), false);
}

/* The device does not take up the choice to refuse. */
static void access_platform_is_optional(struct rig *r)
{
	CHECK_EQ(r, offers(r, ACCESS_PLATFORM), true);
	CHECK_EQ(r, accepts(r, BIT(VERSION_1)), true);
	serve_with(r, BIT(VERSION_1));
}

static void order_platform_is_optional(struct rig *r)
{
	CHECK_EQ(r, offers(r, ORDER_PLATFORM), true);
	CHECK_EQ(r, accepts(r, BIT(VERSION_1)), true);
	serve_with(r, BIT(VERSION_1));
	serve_with(r, BIT(VERSION_1) | BIT(ORDER_PLATFORM));
}

/* Not under any strap, and not accepted. */
static void check_never_offered(struct rig *r, unsigned bit, bool legacy)
{
	r->setup.offered = ~UINT64_C(0);
	r->setup.legacy = legacy;
	rig_power_on(r);
	CHECK_EQ(r, offers(r, bit), false);
	if (!legacy)
		CHECK_EQ(r, accepts(r, BIT(VERSION_1) | BIT(bit)), false);
}

static void sr_iov_is_for_pci(struct rig *r)
{
	check_never_offered(r, SR_IOV, false);
	check_never_offered(r, SR_IOV, true);
}

static void notif_config_data_is_for_pci(struct rig *r)
{
	check_never_offered(r, NOTIF_CONFIG_DATA, false);
	check_never_offered(r, NOTIF_CONFIG_DATA, true);
}

static void ring_reset_works_when_offered(struct rig *r)
{
	struct ring *q;

	CHECK_EQ(r, offers(r, RING_RESET), true);
	q = serve_with(r, BIT(VERSION_1) | BIT(RING_RESET));
	wr(r, REG_QueueSel, 0);
	wr(r, REG_QueueReset, 1);
	WAIT_UNTIL(r, rd(r, REG_QueueReset) == 0);
	CHECK_EQ(r, rd(r, REG_QueueReady), 0);
	ring_clear(q);
	ring_set_up(q);
	blk_check_serves(q);
	r->setup.offered = BIT(VERSION_1);
	rig_power_on(r);
	CHECK_EQ(r, offers(r, RING_RESET), false);
}

static void any_layout_on_the_legacy_interface(struct rig *r)
{
	r->setup.legacy = true;
	rig_power_on(r);
	CHECK_EQ(r, offers(r, ANY_LAYOUT), true);
	serve_with(r, BIT(ANY_LAYOUT));
}

static void bit_30_is_not_negotiated(struct rig *r)
{
	check_never_offered(r, UNUSED_30, false);
	check_never_offered(r, UNUSED_30, true);
}

/* A region that does not exist reads all ones, low half and high half. */
static void check_no_region(struct rig *r, uint16_t low)
{
	static const uint32_t ids[] = {0, 1, 2, 255, 256, 0x80000000, 0xffffffff};

	CHECK_EQ(r, rd64(r, low), UINT64_MAX);
	bring_up(r, STAGE_DRIVER_OK, F(VERSION_1));
	for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		wr(r, REG_SHMSel, ids[i]);
		CHECK_EQ(r, rd(r, low), 0xffffffff);
		CHECK_EQ(r, rd(r, (uint16_t)(low + 4)), 0xffffffff);
	}
}

static void no_region_has_a_length(struct rig *r)
{
	check_no_region(r, 0x0b0);
}

static void no_region_has_a_base(struct rig *r)
{
	check_no_region(r, 0x0b8);
}

ROWS(ROW(RSVD_01, "6", bit_numbers), ROW(RSVD_06, "6.2", version_1_is_offered), ROW(RSVD_07, "6.2", without_version_1),
     ROW(RSVD_08, "6.2", access_platform_as_integrated), ROW(RSVD_09, "6.2", access_platform_is_optional),
     ROW(RSVD_10, "6.2", order_platform_is_optional), ROW(RSVD_11, "6.2", sr_iov_is_for_pci),
     ROW(RSVD_12, "6", notif_config_data_is_for_pci), ROW(RSVD_13, "6", ring_reset_works_when_offered),
     NOT_APPLICABLE(RSVD_14, "a MAY not taken up: NOTIFY_ON_EMPTY is never offered"),
     ROW(RSVD_15, "6.3", any_layout_on_the_legacy_interface), ROW(RSVD_16, "6.3", bit_30_is_not_negotiated),
     NOT_APPLICABLE(SHM_01, "the device has no shared memory region"), ROW(SHM_02, "4.2.2", no_region_has_a_length),
     ROW(SHM_03, "4.2.2", no_region_has_a_base))
