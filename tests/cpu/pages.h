/* SPDX-License-Identifier: Apache-2.0
 * pages.h: random page tables, modes and PMP entries, and one access or privileged instruction at a time under them.
 *
 * A case is an excursion from M mode: all that may matter is set, one gadget, an instruction and an ECALL, is executed in
 * S or U mode (or in M mode, with MPRV), and the trap that ends it is put down in the log. Both machines run the same
 * cases on the same tables; the logs are compared, and so are the tables, of which the harts set A and D bits.
 *
 * In every address space there is a good way to the gadgets: in S mode where they are, for U mode 1 GiB above it.
 */
#ifndef CPU_PAGES_H
#define CPU_PAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "image.h"

enum { PAGES_CASES = 20000 };

/* What the driver in pages_stubs.c sets before an excursion, in this order. */
struct pages_case {
	uint64_t satp, status, medeleg, epc, sepc, mcounteren, scounteren;
	uint64_t cfg, addr[4];
	uint64_t a0, a1;
	uint64_t in_m; /* jump to epc rather than return to it */
	uint64_t unused;
};

/* What it puts down when it is back in M mode. */
struct pages_result {
	uint64_t cause, epc, tval, status, a0;
	uint64_t scause, sepc, stval;
};

enum {
	PAGES_GADGETS = 0x1000, /* offsets to IMAGE_BASE */
	PAGES_TABLES = 0x100000,
	PAGES_TABLE_COUNT = 32,
	PAGES_TARGETS = 0x200000,
	PAGES_TARGET_COUNT = 16,
	PAGES_CASE_AT = 0x400000,
	PAGES_LOG = 0x800000
};
#define PAGES_GIB UINT64_C(0x40000000)

/* Writes the image; the same seed gives the same. */
void pages_program(uint8_t *dram, uint64_t seed);

/* Driver, trap handler and gadgets. */
void pages_stubs(uint8_t *dram);

enum { PAGES_CALL = 0 };               /* the first gadget is an ECALL alone: it is stvec */
unsigned pages_gadgets(void);          /* how many gadgets there are */
uint64_t pages_gadget(unsigned index); /* its offset to IMAGE_BASE */
uint32_t pages_instruction(unsigned index);
bool pages_waits(unsigned index); /* WFI: it must trap */

/* As compare_runs; *traps becomes the number of cases that did not end in the gadget's ECALL. */
bool pages_compare(const uint8_t *qemu, const uint8_t *ours, unsigned *traps, FILE *out);

#endif
