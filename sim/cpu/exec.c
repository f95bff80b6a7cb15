/* SPDX-License-Identifier: Apache-2.0
 * exec.c: the interpreter's loop.
 *
 * Ops jump to each other by computed goto. While it runs, the hart's pc is op's place in its page, and its clock is
 * end - left; SYNC writes both back for whoever needs them. The ops_*.def files say what each op does; they are included
 * twice, for 4-byte and for 2-byte instructions (STEP is the distance to the next slot).
 *
 * loads, stores and codes are the tables of fast.h for the mode that the hart is in. What may change the mode, or what
 * the current page's address means, goes on at `remap`.
 */
#include "cpu/exec.h"

#include <string.h>
#include "cpu/code.h"
#include "cpu/csr.h"
#include "cpu/debug.h"
#include "cpu/fast.h"
#include "cpu/fp_regs.h"
#include "cpu/mem.h"
#include "cpu/mmu.h"
#include "cpu/muldiv.h"
#include "cpu/profile.h"
#include "cpu/trap.h"

#define LIKELY(c) __builtin_expect(!!(c), 1)
#define UNLIKELY(c) __builtin_expect(!!(c), 0)

#define X(n) cpu->x[n]
#define RD X(op->rd)
#define RS1 X(op->rs1)
#define RS2 X(op->rs2)
#define F(n) cpu->f[n]
#define IMM ((uint64_t)(int64_t)op->imm)
#define OFFSET ((uint64_t)(int64_t)op->offset)
#define WORD(value) ((uint64_t)(int64_t)(int32_t)(uint32_t)(value))
#define PC (base + (uint64_t)(op - page->ops) * 2)

#define DISPATCH() goto *labels[op->code]

#define NEXT()                             \
	do {                               \
		op += STEP;                \
		if (UNLIKELY(--left == 0)) \
			goto out;          \
		DISPATCH();                \
	} while (0)

/* Jump by bytes, a multiple of 2; most jumps stay in the page. */
#define JUMP_BY(bytes)                                                                          \
	do {                                                                                    \
		uint64_t slot = (uint64_t)(op - page->ops) + (uint64_t)((int64_t)(bytes) >> 1); \
		if (UNLIKELY(slot >= CODE_SLOTS)) {                                             \
			pc = base + slot * 2;                                                   \
			JUMP();                                                                 \
		}                                                                               \
		op = page->ops + slot;                                                          \
		PROFILE_AT(base + slot * 2, end - left + 1);                                    \
		if (UNLIKELY(--left == 0))                                                      \
			goto out;                                                               \
		DISPATCH();                                                                     \
	} while (0)

/* To pc: a page that the hart came to before is found at once. */
#define JUMP()                                                       \
	do {                                                         \
		const struct fast_code *to = &codes[fast_index(pc)]; \
		PROFILE_AT(pc, end - left + 1);                      \
		if (UNLIKELY(--left == 0))                           \
			goto out_pc;                                 \
		if (UNLIKELY(to->tag != fast_tag(pc, 1)))            \
			goto enter_slowly;                           \
		page = to->page;                                     \
		base = to->tag;                                      \
		op = page->ops + pc % CODE_PAGE_BYTES / 2;           \
		DISPATCH();                                          \
	} while (0)

#define SYNC() (cpu->pc = PC, cpu->cycle = end - left, cpu->running = page)

/* After SYNC: let this instruction be the last of the batch; its clock is still to come. */
#define LAST() (end = cpu->cycle + 1, left = 1)

/* After SYNC and an access: the hart halts behind it if that is watched. */
#define WATCHED()                        \
	do {                             \
		if (UNLIKELY(cpu->halt)) \
			LAST();          \
	} while (0)

/* To cpu->pc, perhaps in another mode, or with other tables. */
#define REMAP()               \
	do {                  \
		pc = cpu->pc; \
		goto remap;   \
	} while (0)

#define TRAP(cause, tval)                                       \
	do {                                                    \
		SYNC();                                         \
		trap_exception(cpu, CPU_CAUSE_##cause, (tval)); \
		REMAP();                                        \
	} while (0)

#define TRAP_ILLEGAL() TRAP(ILLEGAL, code_word(page, op))

/* After an access by mem.h: goes on when it is done. */
#define ENDED(ending)                    \
	do {                             \
		unsigned how = (ending); \
		if (how & MEM_BUS)       \
			LAST();          \
		if (how & MEM_TRAPPED)   \
			REMAP();         \
	} while (0)

#define LOAD(type, extend)                                             \
	do {                                                           \
		uint64_t addr = RS1 + IMM, data;                       \
		const struct fast_data *at = &loads[fast_index(addr)]; \
		if (LIKELY(at->tag == fast_tag(addr, sizeof(type)))) { \
			type value;                                    \
			memcpy(&value, HOST(addr, at), sizeof value);  \
			RD = extend value;                             \
			NEXT();                                        \
		}                                                      \
		SYNC();                                                \
		ENDED(mem_load(cpu, addr, sizeof(type), &data));       \
		RD = extend(type) data;                                \
		NEXT();                                                \
	} while (0)

#define STORE(type)                                                     \
	do {                                                            \
		uint64_t addr = RS1 + OFFSET;                           \
		const struct fast_data *at = &stores[fast_index(addr)]; \
		type value = (type)RS2;                                 \
		if (LIKELY(at->tag == fast_tag(addr, sizeof value))) {  \
			memcpy(HOST(addr, at), &value, sizeof value);   \
			NEXT();                                         \
		}                                                       \
		SYNC();                                                 \
		ENDED(mem_store(cpu, addr, sizeof value, value));       \
		NEXT();                                                 \
	} while (0)

#define HOST(addr, entry) ((void *)(uintptr_t)((addr) + (entry)->addend))

#define GLUE_(a, b) a##b
#define GLUE(a, b) GLUE_(a, b)
#define OP(name) GLUE(op_##name, SUFFIX)

#ifdef EXEC_PROFILED
#define EXEC_RUN exec_run_profiled
#define PROFILE_AT(pc, clock) cpu_profile_at(cpu->profile, pc, clock)
#define PROFILE_MODE(pc, clock) cpu_profile_mode(cpu->profile, pc, cpu->priv, clock)
#else
#define EXEC_RUN exec_run
#define PROFILE_AT(pc, clock) (void)0
#define PROFILE_MODE(pc, clock) (void)0
#endif

void EXEC_RUN(struct cpu *cpu, uint64_t clocks)
{
	static const void *const labels[OP_CODES] = {
		[OP_DECODE] = &&op_decode,       [OP_END] = &&op_end,
		[OP_CROSS] = &&op_cross,         [OP_BREAK] = &&op_break,
		[OP_ILLEGAL_4] = &&op_ILLEGAL_4, [OP_ILLEGAL_2] = &&op_ILLEGAL_2,
#define INSN(name, mask, match, format) [OP_##name##_4] = &&op_##name##_4, [OP_##name##_2] = &&op_##name##_2,
#include "cpu/insn.def"
	};
	const struct fast_data *loads, *stores;
	const struct fast_code *codes;
	uint64_t left = clocks + 1, end = cpu->cycle + clocks, base = 0, pc = cpu->pc;
	struct code_page *page;
	struct op *op;

remap: /* the clock of the instruction that leads to pc is over, but for `left` */
	loads = cpu->fast->load[fast_data_set(cpu)];
	stores = cpu->fast->store[fast_data_set(cpu)];
	codes = cpu->fast->code[fast_code_set(cpu)];
	PROFILE_MODE(pc, end - left + 1);
	if (UNLIKELY(cpu_is_lost(cpu)))
		goto out_lost;
	JUMP();

enter: /* at the start of the clock of the instruction at pc */
	left++;
	JUMP();

enter_slowly:
	cpu->pc = pc;
	cpu->cycle = end - left;
	page = code_enter(cpu);
	if (UNLIKELY(!page))
		REMAP();
	base = fast_tag(pc, 1);
	op = page->ops + pc % CODE_PAGE_BYTES / 2;
	if (UNLIKELY(page == cpu->single && debug_at(cpu, pc)))
		goto op_break;
	DISPATCH();

op_decode:
	code_decode(page, op);
	if (UNLIKELY(debug_at(cpu, PC)))
		op->code = OP_BREAK;
	DISPATCH();
op_break:
	SYNC();
	if (debug_stops(cpu))
		return;
	goto single;
op_end:
	pc = PC;
	goto enter;
op_cross:
	SYNC();
single:
	page = code_single(cpu);
	if (UNLIKELY(!page))
		REMAP();
	op = page->ops + page->slot;
	DISPATCH();

#define STEP 2
#define SUFFIX _4
#include "cpu/ops_int.def"
#include "cpu/ops_fp.def"
#include "cpu/ops_mem.def"
#include "cpu/ops_system.def"
#undef STEP
#undef SUFFIX
#define STEP 1
#define SUFFIX _2
#include "cpu/ops_int.def"
#include "cpu/ops_fp.def"
#include "cpu/ops_mem.def"
#include "cpu/ops_system.def"

out_lost:
	left--;
	end -= left;
	goto out_pc;

out:
	pc = PC;
out_pc:
	cpu->pc = pc;
	cpu->cycle = end;
}
