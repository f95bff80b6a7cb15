/* SPDX-License-Identifier: Apache-2.0
 * robust_fault.c: rows of the area "Robustness against bad drivers and bad memory" about bus errors, misaligned rings, and
 * what is left of a device that has set DEVICE_NEEDS_RESET. */
#include "raw.h"
#include "robust.h"
#include "rows.h"

enum { SECTOR = 512, NUM = 32, LOAD = 8, PAGE = 4096 };

/* A byte of a ring; the access to it fails. */
struct place {
	const char *what;
	uint64_t features;
	unsigned kinds;
	uint64_t addr;
};

static void check_needs_reset(struct ring *q, const struct place *p)
{
	struct rig *r = q->r;
	const uint64_t end = r->clock + r->limit;

	while ((rd(r, REG_Status) & NEEDS_RESET) == 0 && r->clock < end)
		rig_clock(r);
	CHECK(r, (rd(r, REG_Status) & NEEDS_RESET) != 0,
	      "response %u at the %s: expected NEEDS_RESET, Status is 0x%02x", r->fault_resp, p->what,
	      rd(r, REG_Status));
	rig_settle(r);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
}

static void check_ring_fault(struct ring *q, const struct place *p)
{
	struct rig *r = q->r;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(p->features));
	rig_settle(r);
	blk_load(q, BLK_IN, LOAD, SECTOR);
	rig_fault(r, p->kinds, p->addr, 1);
	ring_kick(q);
	check_needs_reset(q, p);
	robust_check_recovers(r, ROBUST_FEATURES(p->features), 3);
}

static void check_table_fault(struct ring *q)
{
	static struct raw b;
	const struct place table = {"indirect table", F(INDIRECT_DESC), RIG_READ, 0};
	struct rig *r = q->r;

	for (unsigned entry = 0; entry < 12; entry += 11) {
		uint16_t head;

		raw_make(r, &b, BLK_IN, 1, 0, SECTOR);
		raw_cut(&b, 4, 64);
		bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(table.features));
		rig_settle(r);
		head = ring_indirect(q, b.piece, b.count);
		ring_post(q, head);
		rig_fault(r, RIG_READ, get(r, q->desc + 16ull * head, 8) + 16ull * entry, 1);
		ring_kick(q);
		check_needs_reset(q, &table);
		robust_check_recovers(r, ROBUST_FEATURES(0), 3);
	}
}

static void check_status_fault(struct ring *q)
{
	const struct place status = {"status", 0, RIG_WRITE, 0};
	struct rig *r = q->r;
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	b = blk_make(r, BLK_IN, 1, SECTOR);
	blk_post(q, &b);
	rig_fault(r, RIG_WRITE, b.status, 1);
	ring_kick(q);
	check_needs_reset(q, &status);
	robust_check_recovers(r, ROBUST_FEATURES(0), 3);
}

/* A request one byte of which cannot be reached: it alone fails, and the device serves on. */
static void check_request_fault(struct ring *q, uint32_t type, uint32_t out, uint32_t in, uint64_t at)
{
	static struct raw b;
	struct rig *r = q->r;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(F(BLK_WRITE_ZEROES)));
	raw_make(r, &b, type, 8, out, in);
	rig_fault(r, out != 0 ? RIG_READ : RIG_WRITE, (out != 0 ? raw_data(&b) : b.in) + at, 1);
	CHECK_EQ(r, raw_do(q, &b, false), BLK_IOERR);
	CHECK_EQ(r, rd(r, REG_Status), 0x0f);
	rig_fault_clear(r);
	blk_check_serves(q);
	robust_check_recovers(r, ROBUST_FEATURES(0), 3);
}

/* The response of the last payload may come when the status byte is on its way: it cannot be written any more. */
static void check_last_byte_fault(struct ring *q)
{
	static struct raw b;
	struct rig *r = q->r;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	raw_make(r, &b, BLK_IN, 8, 0, PAGE);
	rig_fault(r, RIG_WRITE, b.in + PAGE - 1, 1);
	ring_post(q, ring_chain(q, b.piece, b.count));
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0 || ring_used_idx(q) == 1);
	if ((rd(r, REG_Status) & NEEDS_RESET) == 0)
		CHECK_EQ(r, get(r, raw_status(&b), 1), BLK_IOERR);
	robust_check_recovers(r, ROBUST_FEATURES(0), 3);
}

/* That fails alone, or takes the device with it: a header says what the rest of the chain is for. */
static void check_header_fault(struct ring *q)
{
	struct rig *r = q->r;
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	b = blk_make(r, BLK_OUT, 8, SECTOR);
	blk_post(q, &b);
	rig_fault(r, RIG_READ, b.header + 8, 1);
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0 || ring_used_idx(q) == 1);
	if ((rd(r, REG_Status) & NEEDS_RESET) == 0)
		CHECK_EQ(r, get(r, b.status, 1), BLK_IOERR);
	CHECK_EQ(r, r->disk_bytes[8 * SECTOR], rig_pattern(8 * SECTOR));
	robust_check_recovers(r, ROBUST_FEATURES(0), 3);
}

static void check_all_faults(struct rig *r, uint8_t resp)
{
	static const uint32_t bytes[] = {0, 700, PAGE - 1};
	struct ring *q;

	rig_power_on(r);
	r->fault_resp = resp;
	q = ring_place(r, 0, NUM);
	const struct place places[] = {{"avail idx", 0, RIG_READ, q->avail + 2},
				       {"avail ring", 0, RIG_READ, q->avail + 4 + 2 * (LOAD - 1)},
				       {"first descriptor", 0, RIG_READ, q->desc},
				       {"last descriptor", 0, RIG_READ, q->desc + 16 * (3 * LOAD - 1)},
				       {"used element", 0, RIG_WRITE, q->used + 4},
				       {"last used element", 0, RIG_WRITE, q->used + 4 + 8 * (LOAD - 1)},
				       {"used idx", 0, RIG_WRITE, q->used + 2},
				       {"used_event", F(EVENT_IDX), RIG_READ, q->avail + 4 + 2 * NUM},
				       {"avail_event", F(EVENT_IDX), RIG_WRITE, q->used + 4 + 8 * NUM}};

	for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++)
		check_ring_fault(q, &places[i]);
	check_table_fault(q);
	check_status_fault(q);
	check_header_fault(q);
	for (unsigned i = 0; i < 3; i++) {
		if (bytes[i] == PAGE - 1)
			check_last_byte_fault(q);
		else
			check_request_fault(q, BLK_IN, 0, PAGE, bytes[i]);
		check_request_fault(q, BLK_OUT, PAGE, 0, bytes[i]);
	}
	check_request_fault(q, BLK_WRITE_ZEROES, 16, 0, 8);
}

static void bus_errors(struct rig *r)
{
	check_all_faults(r, SLVERR);
	check_all_faults(r, DECERR);
}

/* Areas that are not aligned as 2.7 wants them: the device says so, or takes them byte by byte where they are. */
static void misaligned_rings(struct rig *r)
{
	for (unsigned bits = 1; bits < 8; bits++) {
		struct ring *q = ring_place(r, 0, ROBUST_NUM);
		struct blk b;

		q->used += bits & 1 ? 2 : 0;
		q->avail += bits & 2 ? 65 : 0;
		q->desc += bits & 4 ? 1 : 0;
		bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
		b = blk_make(r, BLK_IN, 1, SECTOR);
		blk_post(q, &b);
		ring_kick(q);
		WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0 || rd(r, REG_QueueReady) == 0 ||
				      ring_used_idx(q) == 1);
		if (ring_used_idx(q) == 1) {
			CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
			CHECK_BYTES(r, b.data, r->disk_bytes + SECTOR, SECTOR);
		}
		ring_place(r, 0, ROBUST_NUM);
		robust_check_recovers(r, ROBUST_FEATURES(0), 20);
	}
}

/* Every register is read, and all but Status are written, and each answers as soon as ever. */
static void registers_after_an_error(struct rig *r)
{
	const struct misdeed *m = robust_find(r, "head N");
	const uint64_t usual = r->limit;

	ring_place(r, 0, ROBUST_NUM);
	ring_place(r, 1, ROBUST_NUM);
	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	m->post(&r->ring[0]);
	ring_kick(&r->ring[0]);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	r->limit = 100;
	for (uint16_t addr = 0; addr < 0x900; addr = (uint16_t)(addr + 4)) {
		rd(r, addr);
		if (addr != REG_Status)
			wr(r, addr, addr == REG_QueueSel ? 1 : 0);
	}
	CHECK_EQ(r, rd(r, REG_MagicValue), 0x74726976);
	CHECK_EQ(r, rd(r, REG_Status), 0x4f);
	r->limit = usual;
	robust_check_recovers(r, ROBUST_FEATURES(0), 5);
	blk_check_serves(&r->ring[1]);
}

/* A live ring one of whose areas is where no memory is. */
static void check_wild_area(struct rig *r, uint16_t high)
{
	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	wr(r, REG_QueueReady, 0);
	wr(r, high, 0xfffffff0);
	wr(r, REG_QueueReady, 1);
	blk_load(&r->ring[0], BLK_IN, 1, SECTOR);
	ring_kick(&r->ring[0]);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	robust_check_recovers(r, ROBUST_FEATURES(0), 100);
}

/* Whatever the driver did, and whenever Status = 0 comes, it is served after it. */
static void reset_restores_all(struct rig *r)
{
	static const unsigned delays[] = {0, 40, 300};

	ring_place(r, 0, ROBUST_NUM);
	for (unsigned i = 0; i < 3 * misdeed_count; i++) {
		const struct misdeed *m = &misdeeds[i / 3];

		bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(m->features));
		m->post(&r->ring[0]);
		ring_kick(&r->ring[0]);
		rig_run(r, delays[i % 3]);
		robust_check_recovers(r, ROBUST_FEATURES(m->features), i % 3 == 2 ? 100 : 5);
	}
	check_wild_area(r, REG_QueueDescHigh);
	check_wild_area(r, REG_QueueDriverHigh);
}

ROWS(ROW(ROB_14, "2.7", bus_errors), ROW(ROB_15, "2.7", misaligned_rings), ROW(ROB_16, "2.7", registers_after_an_error),
     ROW(ROB_17, "2.1", reset_restores_all))
