/* SPDX-License-Identifier: Apache-2.0
 * check.h: watches a driver, and names the clause of virtio 1.2 that it breaks. rules.def has the rules.
 *
 * The monitor sees what the driver does: its register accesses, and its stores to the pages of DRAM that it asks to
 * watch, each before the driver's next instruction. What the device did it reads from DRAM at these moments, as the
 * driver could. It never writes; a run is the same with and without.
 *
 * A finding is one line:
 *
 *     check: cycle 812: INIT-06 MUST (virtio 1.2, 3.1.1): notify before DRIVER_OK (virtio_mmio_notify+0x12)
 *
 * with the function and the bytes into it, or the pc where no symbol is. A rule broken again by the same instruction is
 * not told again.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "symbols.h"

enum check_rule {
#define RULE(row, section, level, text) CHECK_##row,
#include "check/rules.def"
	CHECK_RULES
};

enum check_level { CHECK_MAY, CHECK_SHOULD, CHECK_MUST };

struct check_config {
	const uint8_t *dram;           /* as the driver sees it; owned by the caller */
	uint64_t dram_base, dram_size; /* bytes */
	unsigned slot;                 /* of the device; the others are empty, or somebody else's */
	bool say_slot;                 /* findings name the slot, as others have monitors too */
	uint64_t features;             /* that the device offers, as far as the driver does not read them */
	uint64_t capacity;             /* of the disk, sectors, likewise */
	uint32_t queue_num_max;        /* likewise */
	const struct symbols *symbols; /* or NULL */
	FILE *to;                      /* findings; or NULL */
	/* Tell check_stored of every store to the pages that [addr, addr + len) lies on, until unwatch. */
	void (*watch)(void *ctx, uint64_t addr, uint64_t len);
	void (*unwatch)(void *ctx); /* no page any more */
	void *ctx;
};

/* Where the driver is. */
struct check_place {
	uint64_t cycle, pc;
};

struct check;
struct stream;

/* The machine is in power-on reset. Ends the program with status 2 when memory runs out. */
struct check *check_new(const struct check_config *config);
void check_free(struct check *c);

/* The machine went through power-on reset. Findings stay. */
void check_reset(struct check *c);

/* All it knows and has found, so that one who restores it goes on watching where this one was. */
void check_state(struct check *c, struct stream *s);

/* The driver read, and got data; or is about to write data. len is 1, 2, 4 or 8 bytes; offset, in the slot, is a
 * multiple of it. */
void check_read(struct check *c, struct check_place at, unsigned slot, uint32_t offset, unsigned len, uint64_t data);
void check_write(struct check *c, struct check_place at, unsigned slot, uint32_t offset, unsigned len, uint64_t data);

/* The driver wrote DRAM: [addr, addr + len) is as the store left it. */
void check_stored(struct check *c, struct check_place at, uint64_t addr, uint64_t len);

/* Lines so far: of a level and above, and of a rule. */
unsigned check_findings(const struct check *c, enum check_level level);
unsigned check_broken(const struct check *c, enum check_rule rule);

/* The row's id, as in `INIT-06`, into buf. */
void check_row(enum check_rule rule, char buf[16]);

/* `check: N findings, M rules watched` */
void check_summary(const struct check *c, FILE *to);

#endif
