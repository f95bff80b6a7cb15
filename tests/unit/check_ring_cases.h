/* SPDX-License-Identifier: Apache-2.0
 * check_ring_cases.h: for each rule of sim/check/rules.def on rings and requests, a driver that breaks it and nothing
 * else.
 */
#ifndef CHECK_RING_CASES_H
#define CHECK_RING_CASES_H

#include "check_cases.h"

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, DISCARD = 11 };

BREAK(INIT_12)
{
	rig_live(BIT(INDIRECT_DESC));
	rig_request(IN, 0, 512, true);
	rig_offer(0);
	st(RIG_DESC + 16 + 8, 1024, 4);
	/* And in a table. */
	st_desc(RIG_TABLE, 0, RIG_HEADER, 16, NEXT, 1);
	st_desc(RIG_TABLE, 1, RIG_STATUS, 1, WRITE, 0);
	st_desc(RIG_DESC, 4, RIG_TABLE, 32, INDIRECT, 0);
	rig_header(FLUSH, 0);
	rig_offer(4);
	st(RIG_TABLE + 16, RIG_STATUS + 1, 8);
	assert_int_equal(check_broken(rig.check, CHECK_INIT_12), 2);
}

BREAK(LEG_26)
{
	rig_power(0);
	rig_probe(1);
	rig_begin();
	wr(STATUS, 7);
	wr(0x028, 4096);
	wr(0x030, 0);
	wr(0x038, RIG_NUM);
	wr(0x03c, 4096);
	wr(0x040, (uint32_t)(RIG_DESC / 4096));
	rig_header(IN, 0);
	st_desc(RIG_DESC, 0, RIG_HEADER, 16, NEXT, 1);
	st_desc(RIG_DESC, 1, RIG_DATA, 513, WRITE, 0);
	st(RIG_DESC + 16 * RIG_NUM + 4, 0, 2);
	st(RIG_DESC + 16 * RIG_NUM + 2, 1, 2);
}

BREAK(USUP_01)
{
	rig_live(0);
	st(RIG_AVAIL, 1, 2);
	st(RIG_AVAIL, 2, 2);
}

BREAK(USUP_02)
{
	rig_live(BIT(EVENT_IDX));
	st(RIG_AVAIL, 1, 2);
}

BREAK(AVAIL_05)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	rig_offer(0);
	st(RIG_AVAIL + 2, 0, 2);
}

BREAK(FRAM_03)
{
	rig_live(0);
	st_desc(RIG_DESC, 0, RIG_STATUS, 1, WRITE | NEXT, 1);
	st_desc(RIG_DESC, 1, RIG_HEADER, 16, 0, 0);
	rig_offer(0);
}

BREAK(DESC_06)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	st(RIG_DESC + 16, RIG_USED - 256, 8);
	rig_offer(0);
}

BREAK(DESC_07)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	st_desc(RIG_DESC, 1, 1ull << 40, 0xffffffff, WRITE | NEXT, 2);
	rig_offer(0);
}

BREAK(DESC_08)
{
	rig_live(BIT(IN_ORDER));
	rig_header(FLUSH, 0);
	st_desc(RIG_DESC, 0, RIG_HEADER, 16, NEXT, 2);
	st_desc(RIG_DESC, 2, RIG_STATUS, 1, WRITE, 0);
	rig_offer(0);
}

BREAK(DESC_09)
{
	rig_live(BIT(IN_ORDER));
	rig_header(FLUSH, 0);
	st_desc(RIG_DESC, 1, RIG_HEADER, 16, NEXT, 2);
	st_desc(RIG_DESC, 2, RIG_STATUS, 1, WRITE, 0);
	rig_offer(1);
}

BREAK(IND_04)
{
	rig_live(0);
	st_desc(RIG_DESC, 0, RIG_TABLE, 32, INDIRECT, 0);
	rig_offer(0);
}

BREAK(IND_05)
{
	rig_live(BIT(INDIRECT_DESC));
	st_desc(RIG_TABLE, 0, RIG_TABLE, 16, INDIRECT, 0);
	st_desc(RIG_DESC, 0, RIG_TABLE, 16, INDIRECT, 0);
	rig_offer(0);
}

BREAK(IND_06)
{
	rig_live(0);
	for (unsigned i = 0; i < RIG_NUM; i++)
		st_desc(RIG_DESC, i, RIG_HEADER, 16, NEXT, (i + 1) % RIG_NUM);
	rig_offer(0);
}

BREAK(IND_07)
{
	rig_live(BIT(INDIRECT_DESC));
	st_desc(RIG_TABLE, 0, RIG_HEADER, 16, 0, 0);
	st_desc(RIG_DESC, 0, RIG_TABLE, 16, INDIRECT | NEXT, 1);
	st_desc(RIG_DESC, 1, RIG_STATUS, 1, WRITE, 0);
	rig_offer(0);
}

BREAK(IND_08)
{
	rig_live(BIT(INDIRECT_DESC) | BIT(IN_ORDER));
	rig_header(FLUSH, 0);
	st_desc(RIG_TABLE, 0, RIG_HEADER, 16, NEXT, 2);
	st_desc(RIG_TABLE, 2, RIG_STATUS, 1, WRITE, 0);
	st_desc(RIG_DESC, 0, RIG_TABLE, 48, INDIRECT, 0);
	rig_offer(0);
}

BREAK(ROB_01)
{
	rig_live(0);
	rig_offer(RIG_NUM);
}

BREAK(ROB_02)
{
	rig_live(0);
	rig_request(IN, 0, 511, true);
	st(RIG_DESC + 16 + 14, RIG_NUM, 2);
	rig_offer(0);
}

BREAK(ROB_05)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	st_desc(RIG_DESC, 2, RIG_STATUS, 0, WRITE | NEXT, 3);
	st_desc(RIG_DESC, 3, RIG_STATUS, 1, WRITE, 0);
	rig_offer(0);
}

BREAK(ROB_10)
{
	rig_live(BIT(INDIRECT_DESC));
	st_desc(RIG_DESC, 0, RIG_TABLE, 24, INDIRECT, 0);
	rig_offer(0);
}

BREAK(ROB_13)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	st(RIG_DESC + 16, UINT64_MAX - 100, 8);
	rig_offer(0);
}

BREAK(ROB_22)
{
	rig_live(0);
	rig_request(IN, 0, 512, true);
	rig_offer(0);
	rig_offer(0);
}

#define PACKED_LIVE(more) rig_live(BIT(RING_PACKED) | (more))

BREAK(PACK_39)
{
	PACKED_LIVE(0);
	rig_header(FLUSH, 0);
	rig_slot(1, 0, RIG_STATUS, 1, WRITE, 7);
	rig_slot(0, 0, RIG_HEADER, 16, NEXT, 7);
	st(RIG_DESC + 16, RIG_STATUS + 8, 8);
}

BREAK(PACK_40)
{
	PACKED_LIVE(BIT(NOTIFICATION_DATA));
	wr(0x050, 1u << 31);
	rig_header(FLUSH, 0);
	rig_slot(1, 0, RIG_STATUS, 1, WRITE, 7);
	rig_slot(0, 0, RIG_HEADER, 16, NEXT, 7);
	wr(0x050, 1u << 31 | 2u << 16);
	assert_int_equal(check_findings(rig.check, CHECK_MAY), 0);
	wr(0x050, 1u << 31 | 1u << 16);
}

BREAK(PACK_42_long)
{
	PACKED_LIVE(0);
	for (unsigned i = RIG_NUM; i-- > 0;)
		rig_slot(i, 0, RIG_HEADER, 16, NEXT, 7);
}

BREAK(PACK_42_order)
{
	PACKED_LIVE(0);
	rig_slot(1, 0, RIG_HEADER, 16, 0, 7);
	rig_slot(0, 0, RIG_STATUS, 1, WRITE | NEXT, 7);
}

BREAK(PACK_46_feature)
{
	PACKED_LIVE(0);
	rig_slot(0, 0, RIG_TABLE, 32, INDIRECT, 7);
}

BREAK(PACK_46_table)
{
	PACKED_LIVE(BIT(INDIRECT_DESC));
	rig_header(FLUSH, 0);
	st_desc(RIG_TABLE, 0, RIG_HEADER, 16, 0, NEXT);
	st_desc(RIG_TABLE, 1, RIG_STATUS, 1, 0, WRITE);
	rig_slot(0, 0, RIG_TABLE, 32, INDIRECT, 7);
}

BREAK(PACK_46_list)
{
	PACKED_LIVE(BIT(INDIRECT_DESC));
	st_desc(RIG_TABLE, 0, RIG_STATUS, 1, 0, WRITE);
	rig_slot(1, 0, RIG_TABLE, 16, INDIRECT, 7);
	rig_slot(0, 0, RIG_HEADER, 16, NEXT, 7);
}

BREAK(BLK_32)
{
	rig_live(0);
	rig_request(IN, RIG_CAPACITY - 1, 1024, true);
	rig_offer(0);
	rig_used(0, 0);
	rig_request(OUT, UINT64_MAX, 512, false);
	rig_offer(0);
	assert_int_equal(check_broken(rig.check, CHECK_BLK_32), 2);
}

BREAK(BLK_35)
{
	rig_live(BIT(BLK_FLUSH));
	rig_request(FLUSH, 1, 0, false);
	rig_offer(0);
}

BREAK(BLK_37)
{
	rig_live(0);
	rig_request(OUT, 0, 513, false);
	rig_offer(0);
}

BREAK(BLK_39)
{
	rig_live(BIT(13));
	rig_request(DISCARD, 0, 17, false);
	rig_offer(0);
}

BREAK(BLK_41)
{
	rig_live(0);
	rig_request(GET_ID, 0, 21, true);
	rig_offer(0);
}

BREAK(BLK_42)
{
	rig_live(BIT(13));
	rd(0x128, 1);
	rig_request(DISCARD, 0, 32, false);
	rig_offer(0);
}

BREAK(BLK_45)
{
	rig_live(BIT(13));
	poke(RIG_DATA + 8, 1, 4);
	poke(RIG_DATA + 12, 1, 4);
	rig_request(DISCARD, 0, 16, false);
	rig_offer(0);
}

#endif
