/* SPDX-License-Identifier: Apache-2.0
 * check_legal.h: drivers that break no rule, however odd their habits are.
 */
#ifndef CHECK_LEGAL_H
#define CHECK_LEGAL_H

#include "check_ring_cases.h"

static void clean(void)
{
	char row[16];

	for (unsigned i = 0; i < CHECK_RULES; i++) {
		check_row((enum check_rule)i, row);
		if (check_broken(rig.check, (enum check_rule)i))
			fail_msg("%s was found", row);
	}
}

/* Feature words 1 then 0, selector left at 0; ACK before the ring; a kick without new buffers. */
static void test_linux(void **state)
{
	(void)state;
	rig_power(BIT(VERSION_1) | BIT(BLK_FLUSH));
	rig_probe(2);
	rd(0x00c, 0x554d4551);
	rig_begin();
	for (uint32_t word = 2; word-- > 0;) {
		wr(0x014, word);
		rd(0x010, (uint32_t)(rig.offered >> 32 * word));
	}
	for (uint32_t word = 2; word-- > 0;) {
		wr(0x024, word);
		wr(0x020, (uint32_t)(rig.offered >> 32 * word));
	}
	wr(STATUS, 11);
	rd(STATUS, 11);
	rd(0x0fc, 3);
	rd(0x100, RIG_CAPACITY);
	rd(0x060, 0); /* an interrupt of a shared line in between */
	rd(0x104, 0);
	rd(0x0fc, 3);
	rig_queue();
	rd(STATUS, 11);
	wr(STATUS, 15);
	rig_request(IN, 0, 4096, true);
	rig_offer(0);
	wr(0x050, 0);
	wr(0x050, 0);
	rd(0x060, 1);
	wr(0x064, 1);
	rig_used(0, 0);
	rig_request(OUT, 8, 4096, false);
	rig_offer(0);
	wr(0x050, 0);
	wr(0x044, 0);
	rd(0x044, 0);
	st(RIG_AVAIL + 2, 0, 2); /* buffers taken back from a queue that is stopped */
	wr(STATUS, 0);
	rd(STATUS, 0);
	clean();
}

/* Legacy: the page size written before the first reset and never again, registers of the modern interface tried; one page
 * number places the rings, so that a head outside the table is found where it lies. */
static void test_legacy(void **state)
{
	const uint64_t avail = RIG_DESC + 16 * RIG_NUM;

	(void)state;
	rig_power(BIT(BLK_FLUSH));
	rig_probe(1);
	wr(0x028, 4096);
	for (unsigned life = 0; life < 2; life++) {
		rig_begin();
		wr(0x020, (uint32_t)rig.offered);
		wr(0x030, 0);
		wr(0x038, RIG_NUM);
		wr(0x03c, 4096);
		wr(0x044, 1);
		wr(0x080, 0xffff0000);
		wr(0x040, RIG_DESC / 4096);
		wr(STATUS, 7);
		clean();
		st(avail + 4, RIG_NUM, 2);
		if (life == 1)
			st(avail + 2, 1, 2);
	}
	assert_int_equal(check_broken(rig.check, CHECK_ROB_01), 1);
}

/* ACKNOWLEDGE before the reset, data at odd addresses, no ACK, NO_INTERRUPT. */
static void test_uboot(void **state)
{
	(void)state;
	rig_power(BIT(VERSION_1));
	rig_probe(2);
	wr(STATUS, 1);
	wr(STATUS, 0);
	rd(STATUS, 0);
	wr(STATUS, 1);
	wr(STATUS, 3);
	rig_accept(BIT(VERSION_1));
	wr(STATUS, 11);
	rd(STATUS, 11);
	rig_queue();
	wr(STATUS, 15);
	st(RIG_AVAIL, 1, 2);
	for (uint16_t n = 0; n < 20; n++) {
		rig_request(IN, n, 512, true);
		st(RIG_DESC + 16, RIG_DATA + 3, 8);
		rig_offer(0);
		wr(0x050, 0);
		rig_used(n, 0);
	}
	clean();
}

/* One feature bit more with each write; a refusal of FEATURES_OK and FAILED; a new start with a reset. */
static void test_negotiation(void **state)
{
	(void)state;
	rig_power(BIT(2) | BIT(BLK_FLUSH));
	rig_probe(2);
	rig_begin();
	wr(0x024, 0);
	wr(0x020, BIT(2));
	wr(0x020, BIT(2) | BIT(BLK_FLUSH));
	wr(STATUS, 11);
	rd(STATUS, 3);
	wr(STATUS, 0x83);
	rig_begin();
	rig_accept(BIT(2));
	wr(STATUS, 11);
	rd(STATUS, 11);
	rig_queue();
	wr(STATUS, 15);
	rd(STATUS, 0x4f);
	wr(STATUS, 0x4f);
	/* DEVICE_NEEDS_RESET is the device's: a driver that leaves it out clears nothing */
	wr(STATUS, 15);
	wr(STATUS, 0x8f);
	clean();
}

/* The ring runs round twice with chains that complete out of order; a spurious interrupt; a bit acknowledged later. */
static void test_order(void **state)
{
	static const uint16_t heads[] = {0, 3, 5};
	uint16_t used = 0;

	(void)state;
	rig_live(0);
	rig_header(FLUSH, 0);
	for (unsigned lap = 0; lap < 10; lap++) {
		for (unsigned i = 0; i < 3; i++) {
			st_desc(RIG_DESC, heads[i], RIG_HEADER, 16, NEXT, heads[i] + 1u);
			st_desc(RIG_DESC, heads[i] + 1u, RIG_STATUS, 1, WRITE, 0);
			rig_offer(heads[i]);
		}
		for (unsigned i = 3; i-- > 0;)
			rig_used(used++, heads[i]);
		rd(0x060, 3);
		wr(0x064, 1);
		wr(0x064, 2);
		rd(0x060, 0);
		wr(0x064, 0);
	}
	clean();
	st_desc(RIG_DESC, 0, RIG_HEADER, 8, NEXT, 1); /* the driver's own by now */
	clean();
}

/* IN_ORDER: one used element for a batch of three. */
static void test_in_order(void **state)
{
	uint16_t used = 0;

	(void)state;
	rig_live(BIT(IN_ORDER));
	rig_header(FLUSH, 0);
	for (unsigned lap = 0; lap < 5; lap++) {
		for (unsigned i = 0; i < 4; i++) {
			st_desc(RIG_DESC, 2 * i, RIG_HEADER, 16, NEXT, 2 * i + 1);
			st_desc(RIG_DESC, 2 * i + 1, RIG_STATUS, 1, WRITE, 0);
			rig_offer((uint16_t)(2 * i));
		}
		poke(RIG_USED + 4 + 8 * (used % RIG_NUM), 6, 8);
		used = (uint16_t)(used + 4);
		poke(RIG_USED + 2, used, 2);
	}
	clean();
}

/* Packed: five rounds of chains of three slots in a ring of eight, over the wrap, completed out of order. */
static void test_packed(void **state)
{
	uint64_t slot = 0, done = 0;

	(void)state;
	PACKED_LIVE(0);
	rig_header(IN, 0);
	for (unsigned n = 0; n < 14; n++) {
		for (unsigned pair = 0; pair < 2; pair++, slot += 3) {
			for (unsigned i = 3; i-- > 0;)
				rig_slot((slot + i) % RIG_NUM, (unsigned)((slot + i) / RIG_NUM),
					 i == 0   ? RIG_HEADER
					 : i == 1 ? RIG_DATA
						  : RIG_STATUS,
					 i == 0   ? 16
					 : i == 1 ? 512
						  : 1,
					 (i ? WRITE : 0u) | (i < 2 ? NEXT : 0u), 40 + pair);
		}
		wr(0x050, 0);
		for (unsigned pair = 2; pair-- > 0; done += 3)
			rig_slot_used(done % RIG_NUM, (unsigned)(done / RIG_NUM), 40 + pair);
	}
	clean();
}

/* A table longer than the queue is legal enough: Linux builds them. */
static void test_long_table(void **state)
{
	(void)state;
	rig_live(BIT(INDIRECT_DESC));
	rig_header(OUT, 0);
	st_desc(RIG_TABLE, 0, RIG_HEADER, 16, NEXT, 1);
	for (unsigned i = 1; i < 20; i++)
		st_desc(RIG_TABLE, i, RIG_DATA + 512 * i, 512, NEXT, i + 1);
	st_desc(RIG_TABLE, 20, RIG_STATUS, 1, WRITE, 0);
	st_desc(RIG_DESC, 0, RIG_TABLE, 21 * 16, INDIRECT, 0);
	rig_offer(0);
	st_desc(RIG_TABLE, 3, RIG_DATA + 512 * 3, 512, NEXT, 4); /* as it is */
	st_desc(RIG_DESC, 0, RIG_TABLE, 21 * 16, INDIRECT, 0);
	rig_used(0, 0);
	st_desc(RIG_TABLE, 3, 0, 0, 0, 0);
	clean();
}

/* Set-up again after stop and read-back, after a queue reset, and after a machine reset. */
static void test_again(void **state)
{
	(void)state;
	rig_features(0, 0);
	wr(0x030, 0);
	wr(0x044, 0); /* it was not ready: there is nothing to read back */
	wr(0x038, RIG_NUM);
	rig_queue();
	clean();
	rig_live(BIT(RING_RESET));
	wr(0x044, 0);
	rd(0x044, 0);
	st(RIG_DESC, 1, 8);
	rig_queue();
	wr(0x0c0, 1);
	rd(0x0c0, 1);
	rd(0x0c0, 0);
	st(RIG_DESC, 2, 8);
	rig_queue();
	check_reset(rig.check);
	rig_probe(2);
	rig_begin();
	clean();
}

#endif
