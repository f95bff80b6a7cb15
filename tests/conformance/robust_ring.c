/* SPDX-License-Identifier: Apache-2.0
 * robust_ring.c: rows of the area "Robustness against bad drivers and bad memory" about what is in a split ring: virtio 1.2
 * leaves undefined what a device does with it; ours sets DEVICE_NEEDS_RESET, or answers what can be answered. */
#include "raw.h"
#include "robust.h"
#include "rows.h"

enum { SECTOR = 512, OUT_OF_REACH = 0x10 };

/* Refused, and what the device has touched until then is the rings alone. */
static void refused_within_the_rings(struct rig *r, const char *what)
{
	const struct misdeed *m = robust_find(r, what);
	uint64_t mark;

	ring_place(r, 0, ROBUST_NUM);
	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(m->features));
	rig_settle(r);
	mark = rig_mark(r);
	m->post(&r->ring[0]);
	ring_kick(&r->ring[0]);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0);
	rig_run(r, ROBUST_LONG);
	robust_check_rings_only(&r->ring[0], mark);
	CHECK_EQ(r, ring_used_idx(&r->ring[0]), 0);
	robust_check_recovers(r, ROBUST_FEATURES(0), 1);
}

static void head_past_the_table(struct rig *r)
{
	refused_within_the_rings(r, "head N");
	refused_within_the_rings(r, "head 0xffff");
}

/* A table in its own place: neither what is before it nor what is behind is read. */
static void next_past_the_table(struct rig *r)
{
	refused_within_the_rings(r, "next N");
	refused_within_the_rings(r, "next 0xffff");
	robust_check_refused(r, "next past an indirect table");
}

/* Descriptors of the ring that are read are at most its size, and one burst more. */
static void loops_are_bounded(struct rig *r)
{
	static const char *const loops[] = {
		"loop of one",         "loop of two", "loop of all", "loop without bytes", "loop of one without bytes",
		"loop behind the head"};

	for (unsigned i = 0; i < 6; i++) {
		const uint64_t mark = rig_mark(r);
		unsigned reads;

		refused_within_the_rings(r, loops[i]);
		reads = rig_count(r, mark, RIG_READ, r->ring[0].desc, 16u * ROBUST_NUM);
		CHECK(r, reads <= ROBUST_NUM + 3, "%s: %u reads of descriptors", loops[i], reads);
	}
	robust_check_refused(r, "loop in a table");
}

static void idx_jumps(struct rig *r)
{
	refused_within_the_rings(r, "idx + N + 1");
	refused_within_the_rings(r, "idx - 1");
	refused_within_the_rings(r, "idx + 0x8000");
}

/* Descriptors of length 0 before, among and behind the others, at addresses where nothing is. */
static void empty_descriptors_are_skipped(struct rig *r)
{
	struct ring *q = ring_place(r, 0, ROBUST_NUM);
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	b = blk_make(r, BLK_IN, 6, SECTOR);
	for (unsigned bits = 0; bits < 64; bits++) {
		const struct seg real[] = {{b.header, 16, false}, {b.data, SECTOR, true}, {b.status, 1, true}};
		struct seg segs[9];
		unsigned n = 0;

		for (unsigned at = 0; at < 6; at++) {
			if (bits >> at & 1)
				segs[n++] = (struct seg){OUT_OF_REACH, 0, false};
			if (at % 2 == 0)
				segs[n++] = real[at / 2];
		}
		for (unsigned i = 0; i < n; i++)
			segs[i].write |= i != 0 && segs[i - 1].write;
		for (unsigned i = 0; i < n; i++)
			ring_desc(q, (uint16_t)i, segs[i].addr, segs[i].len,
				  (uint16_t)((segs[i].write ? DESC_WRITE : 0) | (i + 1 < n ? DESC_NEXT : 0)),
				  (uint16_t)(i + 1));
		rig_grant(r, b.data, SECTOR);
		rig_grant(r, b.status, 1);
		put(r, b.status, BLK_UNTOUCHED, 1);
		b.head = 0;
		ring_post(q, 0);
		ring_kick(q);
		CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
		CHECK_EQ(r, b.used.len, SECTOR + 1);
	}
	CHECK_BYTES(r, b.data, r->disk_bytes + 6 * SECTOR, SECTOR);
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, 0, 0x1000), 0);
	robust_check_refused(r, "only empty descriptors");
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, 0, 0x1000), 0);
}

static void no_byte_for_the_status(struct rig *r)
{
	const struct misdeed *m = robust_find(r, "no writable byte");
	struct ring *q = ring_place(r, 0, ROBUST_NUM);

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	m->post(q);
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0 || ring_used_idx(q) == 1);
	if (ring_used_idx(q) == 1)
		CHECK_EQ(r, ring_take(q).len, 0);
	robust_check_recovers(r, ROBUST_FEATURES(0), 1);
}

static void short_headers(struct rig *r)
{
	static const uint32_t lens[] = {0, 1, 8, 15};
	struct ring *q = &r->ring[0];

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	for (unsigned i = 0; i < 4; i++) {
		for (uint32_t in = 0; in <= SECTOR; in += SECTOR) {
			struct raw b;

			raw_make(r, &b, BLK_IN, 0, 0, in);
			b.piece[0].len = lens[i];
			if (lens[i] == 0) {
				b.piece[0] = b.piece[1];
				b.count = 1;
			}
			CHECK_EQ(r, raw_do(q, &b, false), BLK_IOERR);
		}
	}
	blk_check_serves(q);
}

/* Either way nothing that is readable was written: the rig sees to that. */
static void readable_behind_writable(struct rig *r)
{
	const struct misdeed *m = robust_find(r, "R W R W");
	struct ring *q = ring_place(r, 0, ROBUST_NUM);

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	m->post(q);
	ring_kick(q);
	WAIT_UNTIL(r, (rd(r, REG_Status) & NEEDS_RESET) != 0 || ring_used_idx(q) == 1);
	CHECK(r, ring_used_idx(q) == 0 || ring_take(q).id == 0, "another chain was used");
	robust_check_recovers(r, ROBUST_FEATURES(0), 1);
}

static void indirect_where_it_may_not_be(struct rig *r)
{
	robust_check_refused(r, "table in a table");
	robust_check_refused(r, "INDIRECT and NEXT");
	robust_check_refused(r, "INDIRECT without the feature");
}

static void indirect_of_odd_length(struct rig *r)
{
	refused_within_the_rings(r, "table of 0 bytes");
	refused_within_the_rings(r, "table of 8 bytes");
	refused_within_the_rings(r, "table of 17 bytes");
}

static void tables_larger_than_the_ring(struct rig *r)
{
	static const uint32_t entries[] = {34, 100, 200};
	static struct raw b;
	struct ring *q = ring_place(r, 0, 8);

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(F(INDIRECT_DESC)));
	for (unsigned i = 0; i < 3; i++) {
		raw_make(r, &b, BLK_IN, 4, 0, 16 * SECTOR);
		raw_cut(&b, 16, (16 * SECTOR + entries[i] - 1) / (entries[i] - 1));
		CHECK(r, b.count > 32 && b.count <= entries[i], "a table of %u entries", b.count);
		CHECK_EQ(r, raw_do(q, &b, true), BLK_OK);
		CHECK_BYTES(r, b.in, r->disk_bytes + 4 * SECTOR, 16 * SECTOR);
	}
}

/* The sum of lengths does not come round to a small one: the device writes nothing of it. */
static void lengths_that_overflow(struct rig *r)
{
	robust_check_refused(r, "2^33 bytes to write");
	CHECK_EQ(r, r->commands[VIO_BE_READ], 1);
	robust_check_refused(r, "2^32 + 513 bytes to write");
	CHECK_EQ(r, r->commands[VIO_BE_READ], 2);
	robust_check_refused(r, "2^32 bytes to read");
	CHECK_EQ(r, r->commands[VIO_BE_READ], 3);
}

static void addresses_that_wrap(struct rig *r)
{
	robust_check_refused(r, "buffer past 2^64");
	robust_check_refused(r, "table past 2^64");
	CHECK_EQ(r, rig_count(r, 0, RIG_BOTH, 0, 0x10000), 0);
}

/* The same chain twice before it is used: it is served twice. */
static void same_head_twice(struct rig *r)
{
	struct ring *q = ring_place(r, 0, ROBUST_NUM);
	struct blk b;

	bring_up(r, STAGE_DRIVER_OK, ROBUST_FEATURES(0));
	b = blk_make(r, BLK_IN, 8, SECTOR);
	for (unsigned round = 0; round < 4; round++) {
		blk_post(q, &b);
		for (unsigned n = 1; n < 8; n++)
			ring_post(q, b.head);
		ring_kick(q);
		for (unsigned n = 0; n < 8; n++) {
			CHECK_EQ(r, blk_wait(q, &b), BLK_OK);
			CHECK_EQ(r, b.used.len, SECTOR + 1);
		}
		CHECK_BYTES(r, b.data, r->disk_bytes + 8 * SECTOR, SECTOR);
	}
	rig_settle(r);
	CHECK_EQ(r, ring_used_idx(q), 32);
	blk_check_serves(q);
}

ROWS(ROW(ROB_01, "2.7.5", head_past_the_table), ROW(ROB_02, "2.7.5", next_past_the_table),
     ROW(ROB_03, "2.7.5.2", loops_are_bounded), ROW(ROB_04, "2.7.6", idx_jumps),
     ROW(ROB_05, "2.7.5", empty_descriptors_are_skipped), ROW(ROB_06, "2.7.5", no_byte_for_the_status),
     ROW(ROB_07, "2.7.5", short_headers), ROW(ROB_08, "2.7.4.2", readable_behind_writable),
     ROW(ROB_09, "2.7.5.3.1", indirect_where_it_may_not_be), ROW(ROB_10, "2.7.5.3", indirect_of_odd_length),
     ROW(ROB_11, "2.7.5.3", tables_larger_than_the_ring), ROW(ROB_12, "2.7.5", lengths_that_overflow),
     ROW(ROB_13, "2.7.5", addresses_that_wrap), ROW(ROB_22, "2.7.8", same_head_twice))
