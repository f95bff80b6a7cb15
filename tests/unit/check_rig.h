/* SPDX-License-Identifier: Apache-2.0
 * check_rig.h: the monitor with a driver that is played by the test, and the answers of a device that is not there.
 *
 * Every access and every store comes from a pc of its own, so that nothing is left out as told already. The ring is of
 * RIG_NUM descriptors; rig_live brings a driver to DRIVER_OK without breaking any rule.
 */
#ifndef CHECK_RIG_H
#define CHECK_RIG_H

#include "unit.h"
#include "check/check.h"

enum {
	RIG_NUM = 8,
	RIG_SLOT = 7,
	RIG_DRAM = 0x20000,
	RIG_CAPACITY = 1000,
	STATUS = 0x70,
	BLK_RO = 5,
	BLK_FLUSH = 9,
	INDIRECT_DESC = 28,
	EVENT_IDX = 29,
	VERSION_1 = 32,
	ACCESS_PLATFORM = 33,
	RING_PACKED = 34,
	IN_ORDER = 35,
	NOTIFICATION_DATA = 38,
	RING_RESET = 40
};

#define RIG_BASE 0x80000000ull
#define RIG_DESC (RIG_BASE + 0x1000)
#define RIG_AVAIL (RIG_BASE + 0x2000)
#define RIG_USED (RIG_BASE + 0x3000)
#define RIG_HEADER (RIG_BASE + 0x4000)
#define RIG_STATUS (RIG_BASE + 0x5000)
#define RIG_TABLE (RIG_BASE + 0x6000)
#define RIG_DATA (RIG_BASE + 0x8000)
#define BIT(n) (1ull << (n))

enum { NEXT = 1, WRITE = 2, INDIRECT = 4 };

struct rig {
	struct check *check;
	uint8_t dram[RIG_DRAM];
	bool watched[RIG_DRAM / 4096];
	uint64_t offered;
	struct check_place at;
	uint16_t avail;
};

static struct rig rig;

static inline void rig_watch(void *ctx, uint64_t addr, uint64_t len)
{
	struct rig *r = ctx;

	for (uint64_t page = (addr - RIG_BASE) / 4096; page <= (addr - RIG_BASE + len - 1) / 4096; page++)
		r->watched[page] = true;
}

static inline void rig_unwatch(void *ctx)
{
	struct rig *r = ctx;

	memset(r->watched, 0, sizeof r->watched);
}

/* A machine after power-on. */
static inline void rig_power(uint64_t offered)
{
	struct check_config config = {.dram = rig.dram,
				      .dram_base = RIG_BASE,
				      .dram_size = RIG_DRAM,
				      .slot = RIG_SLOT,
				      .features = offered,
				      .capacity = RIG_CAPACITY,
				      .queue_num_max = 1024,
				      .watch = rig_watch,
				      .unwatch = rig_unwatch,
				      .ctx = &rig};

	check_free(rig.check);
	memset(&rig, 0, sizeof rig);
	rig.offered = offered;
	rig.at.pc = RIG_BASE + 0x10000;
	rig.check = check_new(&config);
}

static inline struct check_place here(void)
{
	rig.at.pc += 4;
	rig.at.cycle++;
	return rig.at;
}

/* Accesses of len bytes; get is what the device answers. */
static inline void rd_slot(unsigned slot, uint32_t offset, unsigned len, uint64_t get)
{
	check_read(rig.check, here(), slot, offset, len, get);
}
static inline void rd(uint32_t offset, uint32_t get)
{
	rd_slot(RIG_SLOT, offset, 4, get);
}
static inline void wr(uint32_t offset, uint32_t value)
{
	check_write(rig.check, here(), RIG_SLOT, offset, 4, value);
}

static inline void poke(uint64_t addr, uint64_t value, unsigned len)
{
	memcpy(rig.dram + (addr - RIG_BASE), &value, len);
}

/* A store of the driver, told as the hart tells it: only on watched pages. */
static inline void st(uint64_t addr, uint64_t value, unsigned len)
{
	poke(addr, value, len);
	if (rig.watched[(addr - RIG_BASE) / 4096])
		check_stored(rig.check, here(), addr, len);
}

static inline void st_desc(uint64_t table, unsigned i, uint64_t addr, uint32_t len, unsigned flags, unsigned next)
{
	st(table + 16 * i, addr, 8);
	st(table + 16 * i + 8, len, 4);
	st(table + 16 * i + 12, flags, 2);
	st(table + 16 * i + 14, next, 2);
}

/* The slot is probed; version is the interface. */
static inline void rig_probe(uint32_t version)
{
	rd(0x000, 0x74726976);
	rd(0x004, version);
	rd(0x008, 2);
}

static inline void rig_begin(void)
{
	wr(STATUS, 0);
	rd(STATUS, 0);
	wr(STATUS, 1);
	wr(STATUS, 3);
}

static inline void rig_accept(uint64_t features)
{
	for (uint32_t word = 0; word < 2; word++) {
		wr(0x014, word);
		rd(0x010, (uint32_t)(rig.offered >> 32 * word));
		wr(0x024, word);
		wr(0x020, (uint32_t)(features >> 32 * word));
	}
}

/* Up to FEATURES_OK, read back. */
static inline void rig_features(uint64_t offered, uint64_t accepted)
{
	rig_power(offered);
	rig_probe(2);
	rig_begin();
	rig_accept(accepted);
	wr(STATUS, 11);
	rd(STATUS, 11);
}

static inline void rig_areas(uint64_t desc, uint64_t driver, uint64_t device)
{
	wr(0x080, (uint32_t)desc);
	wr(0x084, (uint32_t)(desc >> 32));
	wr(0x090, (uint32_t)driver);
	wr(0x094, (uint32_t)(driver >> 32));
	wr(0x0a0, (uint32_t)device);
	wr(0x0a4, (uint32_t)(device >> 32));
}

static inline void rig_queue(void)
{
	wr(0x030, 0);
	rd(0x044, 0);
	rd(0x034, 1024);
	wr(0x038, RIG_NUM);
	rig_areas(RIG_DESC, RIG_AVAIL, RIG_USED);
	wr(0x044, 1);
}

/* A driver in business that accepted all that was offered. */
static inline void rig_live(uint64_t offered)
{
	rig_features(offered, offered);
	rig_queue();
	wr(STATUS, 15);
}

static inline void rig_header(uint32_t type, uint64_t sector)
{
	poke(RIG_HEADER, type, 8);
	poke(RIG_HEADER + 8, sector, 8);
}

/* Split: the request {header, len bytes of data, status} in descriptors 0 to 2, not published. */
static inline void rig_request(uint32_t type, uint64_t sector, uint32_t len, bool write)
{
	rig_header(type, sector);
	st_desc(RIG_DESC, 0, RIG_HEADER, 16, NEXT, len ? 1 : 2);
	if (len)
		st_desc(RIG_DESC, 1, RIG_DATA, len, NEXT | (write ? WRITE : 0), 2);
	st_desc(RIG_DESC, 2, RIG_STATUS, 1, WRITE, 0);
}

static inline void rig_offer(uint16_t head)
{
	st(RIG_AVAIL + 4 + 2 * (rig.avail % RIG_NUM), head, 2);
	rig.avail++;
	st(RIG_AVAIL + 2, rig.avail, 2);
}

/* The device used the chain, its n-th; nobody tells the monitor. */
static inline void rig_used(uint16_t n, uint32_t head)
{
	poke(RIG_USED + 4 + 8 * (n % RIG_NUM), head, 8);
	poke(RIG_USED + 2, n + 1u, 2);
}

/* Packed: one slot, flags last. round 0 is the first one. */
static inline void rig_slot(unsigned slot, unsigned round, uint64_t addr, uint32_t len, unsigned flags, unsigned id)
{
	unsigned mark = round % 2 ? 1u << 15 : 1u << 7;

	st(RIG_DESC + 16 * slot, addr, 8);
	st(RIG_DESC + 16 * slot + 8, len, 4);
	st(RIG_DESC + 16 * slot + 12, id, 2);
	st(RIG_DESC + 16 * slot + 14, flags | mark, 2);
}

/* Packed: the device used a buffer, and writes so at slot. */
static inline void rig_slot_used(unsigned slot, unsigned round, unsigned id)
{
	poke(RIG_DESC + 16 * slot + 12, id, 2);
	poke(RIG_DESC + 16 * slot + 14, round % 2 ? 0 : 1u << 7 | 1u << 15, 2);
}

#endif
