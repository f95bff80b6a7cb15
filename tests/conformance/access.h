/* SPDX-License-Identifier: Apache-2.0
 * access.h: what the device did on its DMA port, burst by burst, for tests to ask about.
 *
 * The newest ACCESS_BURSTS bursts are kept. A read covers whole beats; a write covers the bytes from the first to the
 * last that had a strobe, and none when it had no strobe at all.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

enum { ACCESS_BURSTS = 1 << 14, ACCESS_BEATS = 1 << 17, ACCESS_OPEN = 1 << 12, ACCESS_IDS = 16 };

struct access {
	uint64_t addr, bytes; /* what it covers */
	uint64_t asked;       /* clock in which the address was accepted */
	uint64_t done;        /* clock of the last R beat, or of B; 0: not yet */
	uint64_t base;        /* address of its first beat */
	uint64_t data;        /* number of its first beat in the log */
	uint16_t beats;
	uint8_t id, resp; /* resp: the worst of its responses */
	bool write, addressed, filled;
};

struct access_log {
	uint64_t count;       /* bursts so far */
	uint64_t data_count;  /* beats so far */
	uint64_t write_count; /* write bursts so far */
	uint64_t aw_count, w_count, b_count;
	uint64_t reads_in[ACCESS_IDS], reads_out[ACCESS_IDS];
	uint64_t reads[ACCESS_IDS][ACCESS_OPEN]; /* the open reads of each ID: numbers of bursts */
	uint64_t writes[ACCESS_OPEN];            /* the open writes */
	uint16_t beat[ACCESS_IDS];               /* of the read that is answered */
	struct access bursts[ACCESS_BURSTS];
	uint64_t data[ACCESS_BEATS];
	uint8_t strobes[ACCESS_BEATS];
};

void access_reset(struct access_log *log);

/* One clock: in and out are the pins before its edge. Gives the write burst that became complete, address and data, in
 * this clock, or NULL. */
const struct access *access_step(struct access_log *log, uint64_t clock, const struct vio_in *in,
				 const struct vio_out *out);

/* Burst number n, or NULL when the log no longer has it. */
const struct access *access_at(const struct access_log *log, uint64_t n);

/* The burst touches [addr, addr + len). */
bool access_touches(const struct access *a, uint64_t addr, uint64_t len);

/* A byte of the burst as it was read or written; false when it is outside, had no strobe, or is no longer kept. */
bool access_byte(const struct access_log *log, const struct access *a, uint64_t addr, uint8_t *value);

#endif
