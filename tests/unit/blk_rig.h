/* SPDX-License-Identifier: Apache-2.0
 * blk_rig.h: a whole device, model and RTL in lockstep, between memory that stalls, a disk and a register master. One
 * request at a time, from queue 0; every clock is checked against the rules of all three buses. */
#ifndef BLK_RIG_H
#define BLK_RIG_H

#include "unit.h"
#include "backend/disk.h"
#include "bus/axil.h"
#include "dram/axi_mem.h"
#include "lockstep.h"
#include "vio.h"

enum {
	BASE = 0x80000000,
	MEM = 0x10000,
	DESC = 0x1000,
	AVAIL = 0x2000,
	USED = 0x3000,
	HEADER = 0x4008,
	STATUS = 0x4020
};
enum { OUT_AT = 0x5000, SECOND_AT = 0x7001, IN_AT = 0x9003, NUM = 8, UNTOUCHED = 0xee };
/* Request types and status bytes, virtio 1.2, 5.2.6. */
enum { IN = 0, OUT = 1, FLUSH = 4, LIFETIME = 10, DISCARD = 11, ZEROES = 13, ERASE = 14 };
enum { OK, IOERR, UNSUPP };

enum { SECTORS = VIO_RANGE_MAX + 100, PATTERNED = 64, BYTES = PATTERNED * 512 };

#define BIT(name) (1ull << F_BIT_##name)
#define EVERY                                                                                               \
	(BIT(VERSION_1) | BIT(BLK_FLUSH) | BIT(BLK_CONFIG_WCE) | BIT(BLK_DISCARD) | BIT(BLK_WRITE_ZEROES) | \
	 BIT(BLK_LIFETIME) | BIT(BLK_SECURE_ERASE))

static struct {
	struct dut *dut;
	struct axi_mem *mem;
	struct disk *disk;
	struct axil *axil;
	struct vio_in in;
	uint8_t dram[MEM];
	uint8_t *bytes; /* of the disk, when it is in memory */
	unsigned count; /* requests made */
	uint32_t used;  /* length in the last used entry */
	unsigned cmds;  /* commands to the disk since rig_open, and the last one */
	uint8_t op;
	uint64_t sector;
	uint32_t len;
} rig;

/* What sector n of a fresh disk holds; never 0. */
static inline uint8_t pattern(unsigned at)
{
	return (uint8_t)(1 + at % 251);
}

static inline void rig_clock(void)
{
	const char *error;

	axi_mem_drive(rig.mem, &rig.in);
	disk_drive(rig.disk, &rig.in);
	axil_drive(rig.axil, &rig.in);
	axi_mem_step(rig.mem, &rig.in, &rig.dut->out);
	disk_step(rig.disk, &rig.in, &rig.dut->out);
	axil_step(rig.axil, &rig.in, &rig.dut->out);
	if ((error = axi_mem_error(rig.mem)) != NULL || (error = disk_error(rig.disk)) != NULL ||
	    (error = axil_error(rig.axil)) != NULL)
		fail_msg("%s", error);
	if (rig.in.be_cmd_ready && rig.dut->out.be_cmd_valid) {
		rig.cmds++;
		rig.op = rig.dut->out.be_cmd_op;
		rig.sector = rig.dut->out.be_cmd_sector;
		rig.len = rig.dut->out.be_cmd_len;
	}
	dut_tick(rig.dut, &rig.in);
	if (lockstep_mismatch(rig.dut) != NULL)
		fail_msg("model and RTL differ in %s", lockstep_mismatch(rig.dut)->pin);
}

static inline uint32_t rig_access(void)
{
	uint32_t data = 0;
	unsigned resp = 1;

	for (unsigned i = 0; !axil_done(rig.axil, &data, &resp); i++) {
		assert_true(i < 10000);
		rig_clock();
	}
	assert_int_equal(resp, 0);
	return data;
}

static inline uint32_t rd(uint16_t addr)
{
	axil_read(rig.axil, addr);
	return rig_access();
}

static inline void wr_lanes(uint16_t addr, uint32_t value, uint8_t strb)
{
	axil_write(rig.axil, addr, value, strb);
	rig_access();
}

static inline void wr(uint16_t addr, uint32_t value)
{
	wr_lanes(addr, value, 0xf);
}

static inline void put(unsigned at, uint64_t value, unsigned bytes)
{
	memcpy(rig.dram + at, &value, bytes);
}

static inline uint32_t get(unsigned at, unsigned bytes)
{
	uint32_t value = 0;

	memcpy(&value, rig.dram + at, bytes);
	return value;
}

/* Reset as a driver does it, then up to DRIVER_OK with these features. */
static inline void rig_start(uint64_t accepted)
{
	wr(REG_Status, 0);
	wr(REG_Status, 3);
	wr(REG_DriverFeaturesSel, 0);
	wr(REG_DriverFeatures, (uint32_t)accepted);
	wr(REG_DriverFeaturesSel, 1);
	wr(REG_DriverFeatures, (uint32_t)(accepted >> 32));
	wr(REG_Status, 11);
	assert_int_equal(rd(REG_Status), 11);
	memset(rig.dram, 0, MEM);
	rig.count = 0;
	wr(REG_QueueSel, 0);
	wr(REG_QueueNum, NUM);
	wr(REG_QueueDescLow, BASE + DESC);
	wr(REG_QueueDriverLow, BASE + AVAIL);
	wr(REG_QueueDeviceLow, BASE + USED);
	wr(REG_QueueReady, 1);
	wr(REG_Status, 15);
}

/* fd: the disk's file of file_bytes, or -1: SECTORS in memory, the first PATTERNED with the pattern. */
static inline void rig_open(uint64_t offered, uint64_t accepted, int fd, uint64_t file_bytes)
{
	struct axi_mem_config mem = {.base = BASE,
				     .size = MEM,
				     .bytes = rig.dram,
				     .read_latency = 9,
				     .write_latency = 5,
				     .outstanding = 8,
				     .stall_per_1024 = 100,
				     .reorder = true,
				     .seed = 7};
	struct disk_config disk = {.fd = fd, .size = file_bytes, .latency = 3, .stall_per_1024 = 100, .seed = 8};

	if (fd < 0) {
		disk.size = SECTORS * 512;
		disk.bytes = rig.bytes = calloc(SECTORS, 512);
		assert_non_null(rig.bytes);
		for (unsigned i = 0; i < BYTES; i++)
			rig.bytes[i] = pattern(i);
	}
	rig.dut = lockstep_open(dut_open_model(), dut_open_rtl());
	rig.mem = axi_mem_new(&mem);
	rig.disk = disk_new(&disk);
	rig.axil = axil_new(50, 9);
	rig.cmds = 0;
	rig.in = (struct vio_in){.strap_features = offered,
				 .strap_capacity = disk_sectors(rig.disk),
				 .strap_queues = VIO_QUEUES,
				 .strap_queue_num = VIO_QUEUE_NUM_MAX};
	rig_start(accepted);
}

static inline void rig_close(void)
{
	assert_false(disk_host_failed(rig.disk));
	axil_free(rig.axil);
	disk_free(rig.disk);
	axi_mem_free(rig.mem);
	rig.dut->ops->close(rig.dut);
	free(rig.bytes);
	rig.bytes = NULL;
}

static inline unsigned descriptor(unsigned n, unsigned addr, uint32_t len, bool write, bool last)
{
	put(DESC + n * 16, BASE + addr, 8);
	put(DESC + n * 16 + 8, len, 4);
	put(DESC + n * 16 + 12, (write ? 2u : 0) | (last ? 0 : 1u), 2);
	put(DESC + n * 16 + 14, last ? 0 : n + 1, 2);
	return n + 1;
}

/* One request, to its end. split > 0: the payload is in two descriptors, the second from byte split on. in_len bytes lie
 * before the status. Returns the status byte. */
static inline int request(uint32_t type, uint64_t sector, const void *out, uint32_t out_len, uint32_t split,
			  uint32_t in_len)
{
	const uint32_t first = split != 0 ? split : out_len;
	unsigned n;

	put(HEADER, type, 8);
	put(HEADER + 8, sector, 8);
	memset(rig.dram + IN_AT, UNTOUCHED, 0x1000);
	rig.dram[STATUS] = UNTOUCHED;
	n = descriptor(0, HEADER, 16, false, false);
	if (out_len != 0) {
		memcpy(rig.dram + OUT_AT + split, out, first);
		n = descriptor(n, OUT_AT + split, first, false, false);
	}
	if (first != out_len) {
		memcpy(rig.dram + SECOND_AT, (const uint8_t *)out + first, out_len - first);
		n = descriptor(n, SECOND_AT, out_len - first, false, false);
	}
	if (in_len != 0)
		n = descriptor(n, IN_AT, in_len, true, false);
	descriptor(n, STATUS, 1, true, true);
	put(AVAIL + 4 + rig.count % NUM * 2, 0, 2);
	put(AVAIL + 2, ++rig.count, 2);
	wr(REG_QueueNotify, 0);
	for (unsigned i = 0; get(USED + 2, 2) != rig.count; i++) {
		assert_true(i < 50000);
		rig_clock();
	}
	while (!dut_idle(rig.dut) || !axi_mem_idle(rig.mem) || !disk_idle(rig.disk))
		rig_clock();
	assert_int_equal(get(USED + 4 + (rig.count - 1) % NUM * 8, 4), 0);
	rig.used = get(USED + 8 + (rig.count - 1) % NUM * 8, 4);
	assert_int_equal(rd(REG_Status), 15);
	return rig.dram[STATUS];
}

/* Everything that EVERY names, offered and accepted. */
static inline int rig_setup(void **state)
{
	(void)state;
	rig_open(EVERY, EVERY, -1, 0);
	return 0;
}

static inline int rig_teardown(void **state)
{
	(void)state;
	rig_close();
	return 0;
}

#define RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

#endif
