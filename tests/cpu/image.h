/* SPDX-License-Identifier: Apache-2.0
 * image.h: what a random program is in memory, and what it writes down of the hart while it runs.
 *
 * Two harts run the same DRAM, each on a copy: ours, and QEMU's. The program calls DUMP between its instructions, which
 * appends all registers to a log in DRAM; its trap handler appends each trap. So a run needs nobody to watch it, and the
 * logs of the two are compared afterwards.
 *
 *   base            stubs.c: from reset to the program, DUMP, the trap handler, NEXT (an iteration is over)
 *   + CODE          the program
 *   + SEEDS         of each iteration the registers that it starts with: a struct record
 *   + DATA          of each iteration 8 KiB; x30 points to the middle, and nobody writes it. Below: operands, above: scratch
 *   + LOG           struct records and struct traps
 *
 * x31 is DUMP's link, so it says where the program was.
 */
#ifndef CPU_IMAGE_H
#define CPU_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#define IMAGE_BASE UINT64_C(0x80000000)
#define IMAGE_FINISHER UINT64_C(0x100000)  /* the store of 0x5555 to it ends the run: QEMU virt's own */
#define IMAGE_MTIMECMP UINT64_C(0x2004000) /* the CLINT's */
#define IMAGE_HOLE UINT64_C(0x01000000)    /* nothing is there on either machine */

enum {
	IMAGE_BYTES = 128 << 20,
	IMAGE_CODE = 0x1000,
	IMAGE_CODE_BYTES = 0xe0000, /* in reach of JAL */
	IMAGE_SEEDS = 0x100000,
	IMAGE_DATA = 0x200000,
	IMAGE_DATA_BYTES = 8192, /* of one iteration */
	IMAGE_ITERATIONS = 128,  /* at most */
	IMAGE_LOG = 0x400000,
	IMAGE_LOG_BYTES = IMAGE_BYTES - IMAGE_LOG - (4 << 20) /* QEMU puts its device tree behind it */
};

enum { LINK = 31, DATA = 30 }; /* the registers that have a task */

/* At the end of the stubs' page: iterations to come, the seeds of the next one, where the log ended (0: it has not). */
enum { IMAGE_STATE = 0xf00 };
struct image_state {
	uint64_t left, seed, log_end;
};

/* fcsr is where x0 would be. */
struct record {
	union {
		uint64_t fcsr;
		uint64_t x[32];
	};
	uint64_t f[32];
};

/* mark is no fcsr. tval is 0 for a breakpoint, where machines may say pc or 0 (privileged 3.1.16). */
#define TRAP_MARK UINT64_MAX
struct trap {
	uint64_t mark, cause, epc, tval, status, x5, x6, unused;
};

/* Puts the stubs into DRAM; the program starts at IMAGE_CODE. */
void stubs_write(uint8_t *dram, unsigned iterations);

/* Where the program calls, or jumps to. */
uint64_t stubs_dump(void);
uint64_t stubs_next(void);

#endif
