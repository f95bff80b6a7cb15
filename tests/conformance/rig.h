/* SPDX-License-Identifier: Apache-2.0
 * rig.h: a device between memory, a disk and two register masters, as a conformance test holds it.
 *
 * A test gets a rig whose device has just been powered on with the usual setup. It may change r->setup and power on
 * again. Whatever goes wrong (a CHECK, an access that is not answered within r->limit clocks, a broken bus rule, a
 * difference in lockstep, a write to memory that was not granted) ends the test, with a message, by longjmp to the
 * runner; so nothing here returns an error.
 *
 * Clocks are counted from power-on. Addresses are those of the DMA port; memory is read and written behind its back.
 */
#ifndef RIG_H
#define RIG_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include "access.h"
#include "backend/disk.h"
#include "bus/axil.h"
#include "dram/axi_mem.h"
#include "dut/dut.h"
#include "ring.h"
#include "vio.h"

#define F(name) (UINT64_C(1) << F_BIT_##name) /* a feature of model/def/features.def */
#define RIG_ANYWHERE 0, UINT64_MAX            /* as address and length of the questions below */

enum { RIG_READ = 1, RIG_WRITE = 2, RIG_BOTH = 3 };
enum { OKAY = 0, SLVERR = 2, DECERR = 3 };
/* Virtio 1.2, 2.1, and the bits of InterruptStatus, 4.2.2. */
enum { ACKNOWLEDGE = 0x01, DRIVER = 0x02, DRIVER_OK = 0x04, FEATURES_OK = 0x08, NEEDS_RESET = 0x40, FAILED = 0x80 };
enum { INT_USED = 1, INT_CONFIG = 2 };

/* Takes effect at rig_power_on. */
struct rig_setup {
	uint64_t offered; /* strap_features: bits of features.def; those that the device does not have are masked */
	uint64_t sectors; /* capacity */
	unsigned queues;
	unsigned queue_num; /* QueueNumMax */
	bool legacy;
	bool need_v1;            /* a driver without VERSION_1 is refused */
	uint64_t base, memory;   /* of DRAM: address and bytes, multiples of 4096 */
	unsigned read_latency;   /* clocks, see axi_mem.h */
	unsigned write_latency;  /* clocks */
	unsigned outstanding;    /* reads, and as many writes */
	unsigned stall_per_1024; /* of memory */
	bool reorder;            /* of memory */
	unsigned disk_latency;   /* clocks */
	unsigned bus_stall;      /* of the register masters, in 1024 */
	const char *serial;
};

struct rig {
	struct rig_setup setup;
	struct dut *dut; /* NULL before the first power-on */
	struct axi_mem *mem;
	struct disk *disk;
	struct axil *reader, *writer;
	struct vio_in in;    /* straps may be changed here while the device runs */
	uint8_t *bytes;      /* memory, setup.memory bytes; 0 at power-on */
	uint8_t *writable;   /* for each byte of it: the device may write it */
	uint8_t *disk_bytes; /* setup.sectors * 512, with rig_pattern at power-on */
	uint64_t clock;
	uint64_t limit;        /* clocks that one access or one wait may take; 50000 */
	uint64_t irq_rises;    /* since power-on */
	uint64_t irq_rose;     /* clock of the last one */
	uint8_t fault_resp;    /* what rig_fault answers: SLVERR, or DECERR */
	uint64_t taken;        /* bytes of memory that rig_take gave */
	uint64_t commands[16]; /* storage commands taken, by op */
	struct ring ring[VIO_QUEUES];
	struct access_log log;
	/* The runner's. */
	struct dut *(*open)(void);
	unsigned checks;
	char message[512];
	jmp_buf out;
};

/* The usual setup: all features but BLK_RO, 1024 sectors, VIO_QUEUES queues, 1 MiB at 0x80000000, 8 clocks of latency, no
 * stalls. */
struct rig_setup rig_usual(void);

/* A device just out of power-on reset under r->setup, with new memory and a new disk. */
void rig_power_on(struct rig *r);
void rig_free(struct rig *r);

/* What byte `at` of a new disk holds; never 0. */
uint8_t rig_pattern(uint64_t at);

/* One clock; n clocks; until device, memory, disk and bus are idle. */
void rig_clock(struct rig *r);
void rig_run(struct rig *r, uint64_t n);
void rig_settle(struct rig *r);
/* When all is idle: whether a used-buffer notification was pending. It is acknowledged. */
bool rig_notified(struct rig *r);

/* Register accesses, REG_* of vio.h, clocked to the end; each must answer OKAY. rd8 to wr16 are narrow accesses at any
 * byte address; rd64 reads two words. */
uint32_t rd(struct rig *r, uint16_t addr);
uint8_t rd8(struct rig *r, uint16_t addr);
uint16_t rd16(struct rig *r, uint16_t addr);
uint64_t rd64(struct rig *r, uint16_t addr);
void wr(struct rig *r, uint16_t addr, uint32_t value);
void wr8(struct rig *r, uint16_t addr, uint8_t value);
void wr16(struct rig *r, uint16_t addr, uint16_t value);
void wr_lanes(struct rig *r, uint16_t addr, uint32_t value, uint8_t strobes);
/* The same in two steps: post, do other things, finish. One read and one write may be posted at once. */
void rd_post(struct rig *r, uint16_t addr);
uint32_t rd_finish(struct rig *r);
void wr_post(struct rig *r, uint16_t addr, uint32_t value);
void wr_finish(struct rig *r);
/* True when the posted write was answered; it is finished then. */
bool wr_answered(struct rig *r);

/* Memory. rig_take gives fresh bytes, set to 0, with 64 bytes of nobody's behind them. */
uint64_t rig_take(struct rig *r, uint64_t bytes, uint64_t align);
uint8_t *rig_at(struct rig *r, uint64_t addr, uint64_t len);
void put(struct rig *r, uint64_t addr, uint64_t value, unsigned bytes);
uint64_t get(struct rig *r, uint64_t addr, unsigned bytes);
/* The device may write these bytes, or no longer. A write to any other byte, in memory or not, ends the test. */
void rig_grant(struct rig *r, uint64_t addr, uint64_t len);
void rig_revoke(struct rig *r, uint64_t addr, uint64_t len);

/* Accesses (RIG_READ, RIG_WRITE, RIG_BOTH) that touch the range answer r->fault_resp from now on. */
void rig_fault(struct rig *r, unsigned kinds, uint64_t addr, uint64_t len);
void rig_fault_clear(struct rig *r);
/* Memory answers and accepts nothing of these kinds; 0 ends it. */
void rig_hold(struct rig *r, unsigned kinds);

/* The log of the DMA port. A mark is a place in it. */
uint64_t rig_mark(const struct rig *r);
unsigned rig_count(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len);
const struct access *rig_first(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len);
const struct access *rig_last(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len);
/* The next one, from the mark on, which moves behind it; or NULL. */
const struct access *rig_next(struct rig *r, uint64_t *mark, unsigned kinds, uint64_t addr, uint64_t len);
/* Bursts since the mark whose last response has not come. */
unsigned rig_unfinished(struct rig *r, uint64_t mark);
/* Up to 8 bytes at addr as the burst carried them, little-endian; they must all be in it. */
uint64_t rig_carried(struct rig *r, const struct access *a, uint64_t addr, unsigned bytes);

/* Ends the test. file may be NULL. */
_Noreturn void rig_fail(struct rig *r, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void rig_check_equal(struct rig *r, const char *file, int line, const char *what, uint64_t found, uint64_t expected);
void rig_check_bytes(struct rig *r, const char *file, int line, uint64_t addr, const void *expected, uint64_t len);

/* CHECK(r, condition, "what is wrong", ...) and its short forms. */
#define CHECK(r, condition, ...)                                        \
	do {                                                            \
		(r)->checks++;                                          \
		if (!(condition))                                       \
			rig_fail((r), __FILE__, __LINE__, __VA_ARGS__); \
	} while (0)
#define CHECK_EQ(r, found, expected) \
	rig_check_equal((r), __FILE__, __LINE__, #found, (uint64_t)(found), (uint64_t)(expected))
#define CHECK_BYTES(r, addr, expected, len) rig_check_bytes((r), __FILE__, __LINE__, (addr), (expected), (len))

/* Clocks until the condition holds, at most r->limit. */
#define WAIT_UNTIL(r, condition)                                                            \
	for (uint64_t wait_end_ = (r)->clock + (r)->limit; !(condition); rig_clock(r))      \
		if ((r)->clock >= wait_end_)                                                \
	rig_fail((r), __FILE__, __LINE__, "expected within %llu clocks, and not found: %s", \
		 (unsigned long long)(r)->limit, #condition)

#endif
