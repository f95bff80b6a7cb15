/* SPDX-License-Identifier: Apache-2.0
 * pair.h: the same accesses to two machines, QEMU and ours, and what they answer compared.
 *
 * Accesses are collected and go out at pair_sync, or when a value is asked for. The first difference that no mask
 * excuses ends the sequence: from then on every call does nothing and reads 0.
 */
#ifndef QTEST_PAIR_H
#define QTEST_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "peer.h"

enum mask {
	MASK_NONE,
#define MASK(name, clause, what) MASK_##name,
#include "masks.def"
	MASKS
};

/* Registers, by the names of regs.def. */
enum reg {
#define REG(name, offset, access, reset, what) R_##name = (offset),
#include "def/regs.def"
#undef REG
};

enum {
	ARENA_BYTES = 0x10000,
	ARENA_RINGS = 0x7000, /* rings below, buffers from here on */
	DISK_SECTORS = 1027,  /* more than one of our cylinders, and no whole ones */
	DISK_BYTES = DISK_SECTORS * 512,
	PAIR_OPS = 512,
	PAIR_HISTORY = 24
};
#define ARENA 0x80100000ull

struct pair_op {
	char kind; /* 'w' write, 'p' poke, 'r' read */
	uint8_t width;
	uint16_t offset;
	uint32_t value;
	enum mask mask;
};

struct pair_range {
	uint64_t addr;
	size_t len;
};

/* What shows how far a device is: memory of the machine, and a number that its bytes tell. */
struct pair_watch {
	struct pair_range at;
	uint32_t (*count)(const void *ctx, const uint8_t *bytes);
	const void *ctx;
};

struct pair {
	struct peer ours, qemu;
	uint8_t *our_disk, *qemu_disk; /* the images, mapped */
	struct pair_op ops[PAIR_OPS];
	unsigned count;
	uint32_t our_generation, qemu_generation; /* ConfigGeneration as the sequence found it; the difference counts */
	uint32_t got;                             /* what ours answered to the last read */
	uint64_t both;                            /* features that both machines offer */
	enum mask scope;                          /* excuses every difference up to the end of the sequence */
	bool broken;     /* the driver broke a rule: MASK_error_isr and _line, up to the next reset */
	bool was_broken; /* ... when interrupts were compared last */
	bool failed;
	char why[600];
	char history[PAIR_HISTORY][80];
	unsigned long steps; /* of this sequence */
	unsigned long compared, accesses, hits[MASKS];
	long fake; /* that many comparisons from now one is made to differ; negative: none */
	uint8_t qemu_arena[ARENA_BYTES + 4], our_arena[ARENA_BYTES + 4];
};

/* Resets both devices, fills arena and disks from the seed. */
void pair_begin(struct pair *p, uint64_t seed);
/* Resets both; compares arena [from 0 to high), disk, interrupts. What was `given` back was compared before. */
void pair_end(struct pair *p, uint64_t high, struct pair_range given);

void pair_write(struct pair *p, uint16_t reg, uint32_t value);
void pair_write_width(struct pair *p, uint16_t reg, unsigned width, uint32_t value);
void pair_read(struct pair *p, uint16_t reg, enum mask mask);
void pair_read_width(struct pair *p, uint16_t reg, unsigned width, enum mask mask);
/* As pair_read, and returns what ours answered. */
uint32_t pair_get(struct pair *p, uint16_t reg, enum mask mask);
void pair_poke(struct pair *p, uint64_t addr, const void *bytes, size_t len);
/* len bytes of memory become byte. */
void pair_fill(struct pair *p, uint64_t addr, size_t len, uint8_t byte);
void pair_sync(struct pair *p);

/* From both machines, a synchronous read of memory that is not compared. */
void pair_peek(struct pair *p, uint64_t addr, size_t len, uint8_t *ours, uint8_t *qemu);

/* Waits until QEMU has done what ours has: InterruptStatus, Status, and what is watched (NULL: nothing) agree. Compares
 * them and the interrupts since the last call. */
void pair_settle(struct pair *p, const struct pair_watch *watch);

/* Memory of both, compared. */
void pair_memory(struct pair *p, uint64_t addr, size_t len);

/* Bytes of both, which lay at base. */
void pair_bytes(struct pair *p, const char *what, uint64_t base, uint8_t *ours, const uint8_t *qemu, size_t len);

/* A comparison of something else; false: they differ and nothing excuses it. */
bool pair_equal(struct pair *p, const char *what, uint64_t ours, uint64_t qemu, enum mask mask);
void pair_fail(struct pair *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A remark in the history that a failure prints. */
void pair_note(struct pair *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
