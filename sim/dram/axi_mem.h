/* SPDX-License-Identifier: Apache-2.0
 * axi_mem.h: an AXI4 subordinate on an array of bytes: the simulated DRAM as the device's DMA sees it.
 *
 * Timing without stalls: a read whose AR is accepted in clock t shows its first beat in clock t + read_latency (at
 * least 1), then one beat a clock, back to back with the reads before it. A write whose last W is accepted in clock t
 * shows B in clock t + write_latency. All pins are registers.
 *
 * Order: writes land when B is sent, not before. Read beats are taken from memory as they are sent; with reorder, half
 * of the reads are taken whole when AR is accepted, the earliest time that AXI allows. So the
 * answers of one ID come in order, but what they saw may not be. A manager that relies on more than AXI promises is seen
 * to fail.
 */
#ifndef AXI_MEM_H
#define AXI_MEM_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

struct axi_mem_config {
	uint64_t base;           /* first address; a multiple of 4096 */
	uint64_t size;           /* bytes; a multiple of 4096 */
	uint8_t *bytes;          /* the memory, owned by the caller */
	unsigned read_latency;   /* clocks from AR to the first R; 0 counts as 1 */
	unsigned write_latency;  /* clocks from the last W to B; 0 counts as 1 */
	unsigned outstanding;    /* reads, and as many writes, that are accepted at once; 1..1024 */
	unsigned stall_per_1024; /* chance of each handshake to pause, each clock */
	bool reorder; /* reads of different IDs answer out of order, interleaved, and up to 3 latencies late */
	uint64_t seed;
};

struct axi_mem_counts {
	uint64_t reads, read_beats;   /* accepted AR, sent R */
	uint64_t writes, write_beats; /* accepted AW, accepted W */
	uint64_t errors;              /* responses with SLVERR or DECERR */
};

struct axi_mem;
struct stream;

struct axi_mem *axi_mem_new(const struct axi_mem_config *config);
void axi_mem_free(struct axi_mem *m);

/* From now on accesses that touch [addr, addr + len) answer SLVERR; a write that does lands nowhere. At most 16
 * ranges, false when there is no room. Outside [base, base + size) the answer is DECERR. */
bool axi_mem_fault(struct axi_mem *m, uint64_t addr, uint64_t len, bool on_read, bool on_write);
void axi_mem_fault_clear(struct axi_mem *m);
/* From the next clock on no read, and no write, is accepted or answered, until it is called again with false. */
void axi_mem_hold(struct axi_mem *m, bool reads, bool writes);

/* Sets the m_axi_* inputs of the device from this side's registers. */
void axi_mem_drive(const struct axi_mem *m, struct vio_in *in);
/* One clock: in and out are the pins before the edge. */
void axi_mem_step(struct axi_mem *m, const struct vio_in *in, const struct vio_out *out);
/* Nothing is in flight and every ready is up: steps without a valid from the device change nothing, draw no random
 * number, and may be left out. */
bool axi_mem_idle(const struct axi_mem *m);
/* Forgets everything in flight, as after a power-on reset of both sides. Faults and counts stay. */
void axi_mem_reset(struct axi_mem *m);

/* Between two clocks: what is in flight, counts, the generator; neither the memory's bytes nor the faults. Not with an error, and only
 * into one of the same configuration. */
void axi_mem_state(struct axi_mem *m, struct stream *s);

/* The first rule of AXI that the device broke, as a sentence, or NULL. */
const char *axi_mem_error(const struct axi_mem *m);
const struct axi_mem_counts *axi_mem_counts(const struct axi_mem *m);

#endif
