/* SPDX-License-Identifier: Apache-2.0
 * code.h: decoded instructions, kept by DRAM page.
 *
 * A page has one slot for every half-word, so that an op's place gives its pc and a jump inside the page is an addition.
 * It knows nothing of virtual addresses: all that map it share it. Slots are decoded when they are first executed and
 * forgotten when anyone writes what they were decoded from; so execution always sees memory as it is, and FENCE.I has
 * nothing left to do. A page whose code is written all the time is given up, so that stores to it are fast again.
 *
 * An instruction that lies on two pages, or in a page that PMP lets the hart fetch in part, is not kept: it is decoded
 * into cpu->single, all of whose other slots are OP_END, every time.
 */
#ifndef CPU_CODE_H
#define CPU_CODE_H

#include "cpu/cpu.h"
#include "cpu/decode.h"

enum { CODE_PAGE_BYTES = 4096, CODE_SLOTS = CODE_PAGE_BYTES / 2 };

struct code_page {
	struct op ops[CODE_SLOTS + 2]; /* the last two are OP_END: what follows the last slot */
	const uint8_t *bytes;          /* what they are decoded from; NULL: single */
	unsigned slot;                 /* single: the one that is not OP_END */
	uint32_t word;                 /* single: its instruction */
	unsigned stores;               /* to the page since something was decoded */
};

/* All of cpu's pages, and none of them decoded. Exits with status 2 when memory runs out. */
void code_init(struct cpu *cpu);
void code_free(struct cpu *cpu);

/* The page to execute cpu->pc from, its slot decoded if the page is single; NULL: a trap was taken. */
struct code_page *code_enter(struct cpu *cpu);

/* cpu->single with the instruction at cpu->pc in its slot; NULL: a trap was taken. */
struct code_page *code_single(struct cpu *cpu);

/* Decode a slot of a page that is not single: afterwards it is not OP_DECODE. */
void code_decode(struct code_page *page, struct op *op);

/* The instruction in a decoded slot, as it is in memory. */
uint32_t code_word(const struct code_page *page, const struct op *op);

/* Bytes [offset, offset + len) of DRAM were written. */
void code_written(struct cpu *cpu, uint64_t offset, uint64_t len);

/* Forget this slot of every page. */
void code_forget_slot(struct cpu *cpu, unsigned slot);

/* No page is decoded any more. */
void code_forget(struct cpu *cpu);

#endif
