/* SPDX-License-Identifier: Apache-2.0
 * check_cases.h: for each rule of sim/check/rules.def on registers, a driver that breaks it and nothing else.
 */
#ifndef CHECK_CASES_H
#define CHECK_CASES_H

#include "check_rig.h"

#define BREAK(rule) static void break_##rule(void)

BREAK(STAT_04)
{
	rig_power(0);
	rig_probe(2);
	wr(STATUS, 0);
	rd(STATUS, 0);
	wr(STATUS, 1);
	wr(STATUS, 9); /* FEATURES_OK before DRIVER */
}

BREAK(STAT_05)
{
	rig_live(0);
	wr(STATUS, 11);
}

BREAK(STAT_06)
{
	rig_power(0);
	rig_probe(2);
	rig_begin();
	wr(STATUS, 0x83);
	wr(STATUS, 0x8b);
}

BREAK(STAT_07)
{
	rig_live(0);
	rd(STATUS, 0x4f);
	wr(0x050, 0);
}

BREAK(FEAT_03)
{
	rig_power(BIT(VERSION_1));
	rig_probe(2);
	rig_begin();
	rig_accept(BIT(VERSION_1) | BIT(BLK_FLUSH));
}

BREAK(RST_03)
{
	rig_power(0);
	rig_probe(2);
	wr(STATUS, 0);
	wr(STATUS, 1);
}

BREAK(CFG_04)
{
	rig_live(0);
	rd(0x0fc, 0);
	rd(0x100, RIG_CAPACITY);
	rd(0x104, 0);
	wr(STATUS, 0);
}

BREAK(CFG_05)
{
	rig_live(0);
	rd(0x10c, 126);
}

BREAK(INIT_01_reset)
{
	rig_power(0);
	rig_probe(2);
	wr(STATUS, 1);
	wr(STATUS, 3);
}

BREAK(INIT_01_driver)
{
	rig_power(0);
	rig_probe(2);
	wr(STATUS, 0);
	rd(STATUS, 0);
	wr(STATUS, 1);
	wr(0x024, 0);
	wr(0x020, 0);
}

BREAK(INIT_01_queue)
{
	rig_power(0);
	rig_probe(2);
	rig_begin();
	wr(0x030, 0);
	wr(0x038, 8);
}

BREAK(INIT_02)
{
	rig_power(BIT(11));
	rig_probe(2);
	rig_begin();
	check_write(rig.check, here(), RIG_SLOT, 0x120, 1, 1);
}

BREAK(INIT_03)
{
	rig_features(BIT(BLK_FLUSH), 0);
	wr(0x024, 0);
	wr(0x020, BIT(BLK_FLUSH));
}

BREAK(INIT_04)
{
	rig_power(0);
	rig_probe(2);
	rig_begin();
	rig_accept(0);
	wr(STATUS, 11);
	wr(STATUS, 15);
}

BREAK(INIT_06)
{
	rig_features(0, 0);
	rig_queue();
	wr(0x050, 0);
}

BREAK(INIT_08)
{
	rig_power(0);
	rig_probe(1);
	rig_begin();
	wr(STATUS, 11);
}

BREAK(RRST_03)
{
	rig_live(BIT(RING_RESET));
	wr(0x0c0, 1);
	rig.watched[1] = true;
	st(RIG_DESC, 1, 8);
}

BREAK(RSVD_02)
{
	rig_features(BIT(VERSION_1), 0);
}
BREAK(RSVD_03)
{
	rig_features(BIT(ACCESS_PLATFORM), 0);
}
BREAK(RSVD_04)
{
	rig_features(BIT(RING_PACKED), 0);
}
BREAK(BLK_34)
{
	rig_features(BIT(BLK_RO), 0);
}

BREAK(SHM_04)
{
	rig_live(0);
	rd(0x0b0, 0xffffffff);
}

BREAK(MMIO_46_hole)
{
	rig_live(0);
	rd(0x018, 0);
	wr(0x040, 0); /* legacy's */
	rd(0x148, 0); /* config, behind the last field */
}

BREAK(MMIO_46_write)
{
	rig_live(0);
	wr(0x000, 0);
}

BREAK(MMIO_46_read)
{
	rig_live(0);
	rd(0x038, 0);
}

BREAK(MMIO_47)
{
	rig_live(0);
	rd_slot(RIG_SLOT, 0x070, 1, 15);
	rd_slot(RIG_SLOT, 0x000, 8, 0x274726976);
	rd_slot(RIG_SLOT, 0x072, 2, 0);
}

BREAK(MMIO_48)
{
	rig_live(BIT(2) | BIT(10));
	rd_slot(RIG_SLOT, 0x10c, 1, 126);
	rd_slot(RIG_SLOT, 0x100, 8, RIG_CAPACITY);
	rd(0x118, 0);
}

BREAK(MMIO_49)
{
	rig_power(0);
	rd(0x000, 0x74726976);
	rd(0x004, 3);
	rd(0x008, 2);
}

BREAK(MMIO_50_device)
{
	rig_power(0);
	rig_probe(2);
	rig_begin();
	rd(0x010, 0);
}

BREAK(MMIO_50_driver)
{
	rig_power(0);
	rig_probe(2);
	rig_begin();
	wr(0x020, 0);
}

BREAK(MMIO_51)
{
	rig_features(0, 0);
	wr(0x030, 0);
	rd(0x034, 256);
	wr(0x038, 512);
}

BREAK(MMIO_52)
{
	rig_live(0);
	wr(0x038, RIG_NUM);
	wr(0x0a4, 0);
}

BREAK(MMIO_53)
{
	rig_live(0);
	wr(0x044, 0);
	wr(0x044, 1);
}

BREAK(MMIO_53_memory)
{
	rig_live(0);
	wr(0x044, 0);
	rig.watched[2] = true;
	st(RIG_AVAIL + 2, 0, 2);
}

BREAK(MMIO_54)
{
	rig_live(BIT(RING_RESET));
	wr(0x0c0, 1);
	rd(0x0c0, 1);
	wr(0x038, RIG_NUM);
}

BREAK(MMIO_56_order)
{
	rig_power(0);
	rd(0x008, 2);
	rd(0x000, 0x74726976);
	rd(0x004, 2);
	rig_probe(2);
	rd_slot(3, 0x00c, 4, 0);
}

BREAK(MMIO_56_empty)
{
	rig_power(0);
	rd_slot(1, 0x000, 4, 0x74726976);
	rd_slot(1, 0x004, 4, 2);
	rd_slot(1, 0x008, 4, 0);
	rd_slot(1, 0x00c, 4, 0x554d4551);
}

BREAK(MINT_10)
{
	rig_live(0);
	rd(0x060, 1);
	wr(0x064, 5);
}

BREAK(MINT_11)
{
	rig_live(0);
	rd(0x060, 1);
	wr(0x064, 3);
}

BREAK(MINT_12)
{
	rig_live(0);
	rd(0x060, 1);
	wr(0x064, 1);
	wr(0x064, 1);
}

BREAK(VQ_04)
{
	rig_features(0, 0);
	wr(0x030, 0);
	wr(0x038, 24);
}

BREAK(VQ_06)
{
	rig_features(0, 0);
	wr(0x030, 0);
	wr(0x038, RIG_NUM);
	rig_areas(RIG_DESC, RIG_AVAIL, RIG_USED + 2);
	wr(0x044, 1);
}

BREAK(ASUP_01)
{
	rig_features(0, 0);
	poke(RIG_USED, 1, 2);
	rig_queue();
}

BREAK(PACK_28)
{
	rig_features(BIT(RING_PACKED), BIT(RING_PACKED));
	wr(0x030, 0);
	wr(0x038, 6);
	rig_areas(RIG_DESC, RIG_AVAIL + 2, RIG_USED);
	wr(0x044, 1);
}

BREAK(PACK_33)
{
	rig_features(BIT(RING_PACKED), BIT(RING_PACKED));
	poke(RIG_DESC + 16 * 3 + 14, 0xffff, 2);
	rig_queue();
}

BREAK(BLK_12)
{
	rig_power(BIT(11));
	rig_probe(2);
	rig_begin();
	rd_slot(RIG_SLOT, 0x120, 1, 1);
}

#endif
