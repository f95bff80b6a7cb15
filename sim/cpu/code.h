/* SPDX-License-Identifier: Apache-2.0
 * code.h: decoded instructions, kept by DRAM page.
 *
 * A page has one slot for every half-word, so that an op's place gives its pc and a jump inside the page is an addition.
 * Slots are decoded when they are first executed and forgotten when anyone writes what they were decoded from; so
 * execution always sees memory as it is, and FENCE.I has nothing left to do. An instruction that lies on two pages is
 * not kept: it is decoded into cpu->cross, which holds that one op in its last slot, every time.
 */
#ifndef CPU_CODE_H
#define CPU_CODE_H

#include "cpu/cpu.h"
#include "cpu/decode.h"

enum { CODE_PAGE_BYTES = 4096, CODE_SLOTS = CODE_PAGE_BYTES / 2 };

struct code_page {
	struct op ops[CODE_SLOTS + 2]; /* the last two are OP_END: what follows the last slot */
};

/* A page without decoded ops; with every op OP_END if ends. Exits with status 2 when memory runs out. */
struct code_page *code_page_new(bool ends);

/* The page of pc, new if need be; NULL when pc is outside DRAM. */
struct code_page *code_find(struct cpu *cpu, uint64_t pc);

/* Decode the slot that holds the instruction at pc, which lies in DRAM: afterwards it is not OP_DECODE. */
void code_decode(struct cpu *cpu, struct op *slot, uint64_t pc);

/* The same, whatever breakpoint is there. */
void code_decode_plain(struct cpu *cpu, struct op *slot, uint64_t pc);

/* Forget this slot of every page. */
void code_forget_place(struct cpu *cpu, unsigned slot);

/* Decode the instruction at pc, the last half-word of a page, into cpu->cross; false when its second half is outside
 * DRAM. */
bool code_decode_cross(struct cpu *cpu, uint64_t pc);

/* Bytes [offset, offset + len) of DRAM were written. */
void code_written(struct cpu *cpu, uint64_t offset, uint64_t len);

#endif
