/* SPDX-License-Identifier: Apache-2.0
 * legacy_rig.h: model and RTL in lockstep, as a legacy device (Version 1), between memory, a disk and a register master;
 * and a driver that reads sectors. */
#ifndef LEGACY_RIG_H
#define LEGACY_RIG_H

#include "unit.h"
#include "backend/disk.h"
#include "bus/axil.h"
#include "dram/axi_mem.h"
#include "dut/dut.h"
#include "lockstep.h"
#include "vio.h"

enum { ACK = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, FAILED = 0x80 };
enum { DRAM = 0x100000, DRAM_BYTES = 0x80000, SECTORS = 64, BUFFERS = DRAM + 0x70000, BUFFER_STEP = 0x1000 };

static uint8_t memory[DRAM_BYTES], sectors[SECTORS * 512];
static struct dut *dut;
static struct axi_mem *mem;
static struct disk *disk;
static struct axil *axil;
static struct vio_in in;

/* A queue as the driver sees it; request buffers by its number. */
struct ring {
	unsigned queue;
	uint64_t desc, avail, used;
	uint16_t num, made;
};

static inline void tick(void)
{
	axi_mem_drive(mem, &in);
	disk_drive(disk, &in);
	axil_drive(axil, &in);
	axi_mem_step(mem, &in, &dut->out);
	disk_step(disk, &in, &dut->out);
	axil_step(axil, &in, &dut->out);
	assert_null(axi_mem_error(mem));
	assert_null(disk_error(disk));
	assert_null(axil_error(axil));
	dut_tick(dut, &in);
	if (lockstep_mismatch(dut) != NULL)
		fail_msg("model and RTL differ in %s", lockstep_mismatch(dut)->pin);
}

static inline void ticks(unsigned n)
{
	while (n-- > 0)
		tick();
}

/* Until nothing is left to do. */
static inline void settle(void)
{
	ticks(4);
	for (unsigned i = 0; !dut_idle(dut) || !axi_mem_idle(mem) || !(disk_idle(disk) || in.be_stopped); i++) {
		assert_true(i < 5000);
		tick();
	}
}

static inline uint32_t answer(void)
{
	uint32_t data;
	unsigned resp;

	for (unsigned i = 0; !axil_done(axil, &data, &resp); i++) {
		assert_true(i < 5000);
		tick();
	}
	assert_int_equal(resp, 0);
	return data;
}

static inline uint32_t rd(uint16_t addr)
{
	axil_read(axil, addr);
	return answer();
}

static inline void wr(uint16_t addr, uint32_t value)
{
	axil_write(axil, addr, value, 0xf);
	answer();
}

static inline int close_all(void **state)
{
	(void)state;
	dut->ops->close(dut);
	axi_mem_free(mem);
	disk_free(disk);
	axil_free(axil);
	return 0;
}

static inline int open_all(void **state)
{
	const struct axi_mem_config dram = {.base = DRAM,
					    .size = DRAM_BYTES,
					    .bytes = memory,
					    .read_latency = 20,
					    .write_latency = 20,
					    .outstanding = 16,
					    .reorder = true,
					    .seed = 1};
	const struct disk_config store = {.fd = -1, .bytes = sectors, .size = sizeof sectors, .latency = 100};

	(void)state;
	memset(memory, 0, sizeof memory);
	for (unsigned i = 0; i < sizeof sectors; i++)
		sectors[i] = (uint8_t)(i * 31 + (i >> 9));
	dut = lockstep_open(dut_open_model(), dut_open_rtl());
	mem = axi_mem_new(&dram);
	disk = disk_new(&store);
	axil = axil_new(100, 1);
	in = (struct vio_in){.strap_legacy = 1, .strap_queues = 2, .strap_queue_num = VIO_QUEUE_NUM_MAX};
	in.strap_capacity = SECTORS;
	in.strap_features = ~0ull & ~(1ull << F_BIT_BLK_RO);
	ticks(2);
	return 0;
}

static inline void put(uint64_t addr, uint64_t value, unsigned bytes)
{
	memcpy(&memory[addr - DRAM], &value, bytes);
}

static inline uint16_t get16(uint64_t addr)
{
	return (uint16_t)(memory[addr - DRAM] | memory[addr - DRAM + 1] << 8);
}

/* The layout of virtio 1.2, 2.7.2, at page pfn; clears it, and makes the queue live. */
static inline struct ring start(unsigned queue, uint32_t pfn, uint64_t page, uint16_t num, uint64_t align)
{
	struct ring r = {.queue = queue, .desc = pfn * page, .num = num};

	r.avail = r.desc + 16u * num;
	r.used = (r.avail + 6 + 2u * num + align - 1) / align * align;
	memset(&memory[r.desc - DRAM], 0, r.used + 6 + 8u * num - r.desc);
	wr(REG_QueueSel, queue);
	wr(REG_QueueNum, num);
	wr(REG_QueuePFN, pfn);
	assert_int_equal(rd(REG_QueuePFN), pfn);
	return r;
}

static inline uint64_t buffer(const struct ring *r)
{
	return BUFFERS + r->queue * BUFFER_STEP;
}

/* Makes IN of a sector, 512 bytes, available, and tells the device. */
static inline void submit(struct ring *r, uint64_t sector)
{
	const uint64_t header = buffer(r);
	const struct vio_desc_words {
		uint64_t addr, rest;
	} chain[] = {{header, 16 | 1ull << 32 | 1ull << 48},
		     {header + 0x100, 512 | 3ull << 32 | 2ull << 48},
		     {header + 0x80, 1 | 2ull << 32}};

	memset(&memory[header - DRAM], 0xee, BUFFER_STEP);
	put(header, 0, 8);
	put(header + 8, sector, 8);
	memcpy(&memory[r->desc - DRAM], chain, sizeof chain);
	put(r->avail + 4 + 2u * (r->made % r->num), 0, 2);
	put(r->avail + 2, ++r->made, 2);
	wr(REG_QueueNotify, r->queue);
}

static inline void assert_served(const struct ring *r, uint64_t sector)
{
	const uint64_t element = r->used + 4 + 8u * ((r->made - 1u) % r->num);

	assert_int_equal(get16(r->used + 2), r->made);
	assert_int_equal(get16(element), 0);
	assert_int_equal(get16(element + 4), 513);
	assert_int_equal(memory[buffer(r) + 0x80 - DRAM], 0);
	assert_memory_equal(&memory[buffer(r) + 0x100 - DRAM], &sectors[sector * 512], 512);
}

static inline void serve(struct ring *r, uint64_t sector)
{
	submit(r, sector);
	settle();
	assert_served(r, sector);
	assert_int_equal(rd(REG_InterruptStatus), 1);
	assert_int_equal(dut->out.irq, 1);
	wr(REG_InterruptACK, 1);
	assert_int_equal(dut->out.irq, 0);
}

/* The device takes nothing, and says nothing. */
static inline void assert_silent(struct ring *r)
{
	const uint64_t reads = axi_mem_counts(mem)->reads, writes = axi_mem_counts(mem)->writes;

	submit(r, 0);
	ticks(500);
	assert_int_equal(axi_mem_counts(mem)->reads, reads);
	assert_int_equal(axi_mem_counts(mem)->writes, writes);
	assert_int_equal(dut->out.irq, 0);
}

static inline void driver(void)
{
	wr(REG_Status, ACK);
	wr(REG_Status, ACK | DRIVER);
}

enum { PFN = DRAM / 4096 + 1 };

/* Page size 4096, one queue of 16 at page PFN, the driver live. */
static inline struct ring bring_up(void)
{
	struct ring r;

	wr(REG_GuestPageSize, 4096);
	driver();
	r = start(0, PFN, 4096, 16, 4096);
	wr(REG_Status, ACK | DRIVER | DRIVER_OK);
	return r;
}

#define LEGACY(test) cmocka_unit_test_setup_teardown(test, open_all, close_all)

#endif
