/* SPDX-License-Identifier: Apache-2.0
 * exec.c: the interpreter's loop.
 *
 * Ops jump to each other by computed goto. While it runs, the hart's pc is op's place in its page, and its clock is
 * end - left; SYNC writes both back for whoever needs them. The ops_*.def files say what each op does; they are included
 * twice, for 4-byte and for 2-byte instructions (STEP is the distance to the next slot).
 */
#include "cpu/exec.h"

#include <string.h>
#include "cpu/code.h"
#include "cpu/csr.h"
#include "cpu/debug.h"
#include "cpu/mem.h"
#include "cpu/muldiv.h"
#include "cpu/trap.h"

#define LIKELY(c) __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)

#define X(n) cpu->x[n]
#define RD X(op->rd)
#define RS1 X(op->rs1)
#define RS2 X(op->rs2)
#define IMM ((uint64_t)(int64_t)op->imm)
#define WORD(value) ((uint64_t)(int64_t)(int32_t)(uint32_t)(value))
#define PC (base + (uint64_t)(op - ops) * 2)

#define DISPATCH() goto *labels[op->code]

#define NEXT()                             \
	do {                               \
		op += STEP;                \
		if (UNLIKELY(--left == 0)) \
			goto out;          \
		DISPATCH();                \
	} while (0)

/* Jump by bytes, a multiple of 2; most jumps stay in the page. */
#define JUMP_BY(bytes)                                                                    \
	do {                                                                              \
		uint64_t slot = (uint64_t)(op - ops) + (uint64_t)((int64_t)(bytes) >> 1); \
		if (UNLIKELY(slot >= CODE_SLOTS)) {                                       \
			pc = base + slot * 2;                                             \
			goto jump;                                                        \
		}                                                                         \
		op = ops + slot;                                                          \
		if (UNLIKELY(--left == 0))                                                \
			goto out;                                                         \
		DISPATCH();                                                               \
	} while (0)

#define JUMP_TO(target)        \
	do {                   \
		pc = (target); \
		goto jump;     \
	} while (0)

#define SYNC() (cpu->pc = PC, cpu->cycle = end - left)

/* After SYNC: let this instruction be the last of the batch; its clock is still to come. */
#define LAST() (end = cpu->cycle + 1, left = 1)

/* After SYNC: NEXT, but behind a watchpoint's hit the batch ends. */
#define NEXT_SYNCED()                    \
	do {                             \
		if (UNLIKELY(cpu->halt)) \
			LAST();          \
		NEXT();                  \
	} while (0)

/* A trap was taken: go on at its handler. */
#define TRAPPED() JUMP_TO(cpu->pc)

#define TRAP(cause, tval)                                       \
	do {                                                    \
		SYNC();                                         \
		trap_exception(cpu, CPU_CAUSE_##cause, (tval)); \
		TRAPPED();                                      \
	} while (0)

#define LOAD(type, extend)                                                  \
	do {                                                                \
		uint64_t addr = RS1 + IMM, offset = addr - dram_base, data; \
		if (LIKELY(offset < load_size)) {                           \
			type value;                                         \
			memcpy(&value, dram + offset, sizeof value);        \
			RD = extend value;                                  \
			NEXT();                                             \
		}                                                           \
		SYNC();                                                     \
		bool ok = mem_load(cpu, addr, sizeof(type), &data);         \
		LAST();                                                     \
		if (!ok)                                                    \
			TRAPPED();                                          \
		RD = extend(type) data;                                     \
		NEXT();                                                     \
	} while (0)

#define STORE(type)                                                              \
	do {                                                                     \
		uint64_t addr = RS1 + IMM, offset = addr - dram_base;            \
		type value = (type)RS2;                                          \
		if (LIKELY(offset < fast_size && offset % sizeof value == 0)) {  \
			memcpy(dram + offset, &value, sizeof value);             \
			if (UNLIKELY(cpu->code_map[offset / CODE_PAGE_BYTES])) { \
				SYNC();                                          \
				mem_stored(cpu, offset, sizeof value);           \
				NEXT_SYNCED();                                   \
			}                                                        \
			NEXT();                                                  \
		}                                                                \
		SYNC();                                                          \
		bool ok = mem_store(cpu, addr, sizeof value, value);             \
		LAST();                                                          \
		if (!ok)                                                         \
			TRAPPED();                                               \
		NEXT();                                                          \
	} while (0)

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)
#define OP(name) GLUE(op_##name, SUFFIX)

void exec_run(struct cpu *cpu, uint64_t clocks)
{
	static const void *const labels[OP_CODES] = {
		[OP_DECODE] = &&op_decode,       [OP_END] = &&op_end,
		[OP_CROSS] = &&op_cross,         [OP_BREAK] = &&op_break,
		[OP_ILLEGAL_4] = &&op_ILLEGAL_4, [OP_ILLEGAL_2] = &&op_ILLEGAL_2,
#define INSN(name, mask, match, format) [OP_##name##_4] = &&op_##name##_4, [OP_##name##_2] = &&op_##name##_2,
#include "cpu/insn.def"
	};
	uint8_t *const dram = cpu->config.dram;
	const uint64_t dram_base = cpu->config.dram_base;
	const uint64_t fast_size = cpu->config.dram_size - 7; /* where an access of up to 8 bytes may start */
	const uint64_t load_size = debug_watches_loads(cpu) ? 0 : fast_size;
	uint64_t left = clocks, end = cpu->cycle + clocks, base, pc = cpu->pc;
	struct code_page *page;
	struct op *ops, *op, *beside;

	goto enter;
jump: /* the clock of the instruction that jumps, or traps, to pc */
	if (--left == 0) {
		cpu->pc = pc;
		cpu->cycle = end;
		return;
	}
enter:
	page = code_find(cpu, pc);
	if (UNLIKELY(!page)) {
		cpu->pc = pc;
		cpu->cycle = end - left;
		trap_exception(cpu, CPU_CAUSE_FETCH_ACCESS, pc);
		TRAPPED();
	}
	ops = page->ops;
	base = pc & ~(uint64_t)(CODE_PAGE_BYTES - 1);
	op = ops + (pc - base) / 2;
	DISPATCH();

op_decode:
	code_decode(cpu, op, PC);
	DISPATCH();
op_end:
	pc = PC;
	goto enter;
op_cross:
	if (UNLIKELY(!code_decode_cross(cpu, PC)))
		TRAP(FETCH_ACCESS, PC + 2);
	op = cpu->cross->ops + (op - ops);
	ops = cpu->cross->ops;
	DISPATCH();
op_break:
	SYNC();
	beside = debug_op(cpu, cpu->pc);
	if (!beside)
		return;
	op = beside + (op - ops);
	ops = beside;
	DISPATCH();

#define STEP 2
#define SUFFIX _4
#include "cpu/ops_int.def"
#include "cpu/ops_mem.def"
#include "cpu/ops_system.def"
#undef STEP
#undef SUFFIX
#define STEP 1
#define SUFFIX _2
#include "cpu/ops_int.def"
#include "cpu/ops_mem.def"
#include "cpu/ops_system.def"

out:
	cpu->pc = PC;
	cpu->cycle = end;
}
