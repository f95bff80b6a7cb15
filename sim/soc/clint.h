/* SPDX-License-Identifier: Apache-2.0
 * clint.h: core-local interruptor of one hart: msip, mtimecmp, mtime.
 *
 * mtime is not stored: it follows from the clock.
 */
#ifndef SOC_CLINT_H
#define SOC_CLINT_H

#include <stdbool.h>
#include <stdint.h>

/* Plain data. */
struct clint {
	uint64_t mtimecmp;
	uint64_t mtime_offset; /* mtime is clock / MAP_CLOCKS_PER_TICK + this */
	bool msip;
};

void clint_reset(struct clint *c);

/* offset from MAP_CLINT; len 4 or 8, aligned. false: no such access. Registers that other harts would have read 0. */
bool clint_load(const struct clint *c, uint64_t cycle, uint64_t offset, unsigned len, uint64_t *data);
bool clint_store(struct clint *c, uint64_t cycle, uint64_t offset, unsigned len, uint64_t data);

uint64_t clint_mtime(const struct clint *c, uint64_t cycle);
bool clint_timer(const struct clint *c, uint64_t cycle);

/* The first clock after cycle with a pending timer; UINT64_MAX when it pends already, or never will. */
uint64_t clint_next(const struct clint *c, uint64_t cycle);

/* The same two for a timer of the hart's own that compares mtime with timecmp. */
bool clint_due(const struct clint *c, uint64_t cycle, uint64_t timecmp);
uint64_t clint_next_due(const struct clint *c, uint64_t cycle, uint64_t timecmp);

#endif
