/* SPDX-License-Identifier: Apache-2.0
 * debug.h: breakpoints and watchpoints of a hart, for a debugger outside the machine. They change nothing that the guest
 * could see: memory stays as it is, and a stop takes no clock.
 *
 * A breakpoint is a virtual address, in whatever mode: the hart stops before the instruction there. A watchpoint is a range
 * of DRAM by physical address: the hart stops behind the instruction that stores or loads there, or, when a device wrote
 * there, behind the instruction of that clock. A hit sets cpu->halt, which ends the batch of cpu_run.
 *
 * What they cost: nothing for code that no breakpoint shares its place in a page with; loads from and
 * stores to the page of a watchpoint leave the fast path.
 */
#ifndef CPU_DEBUG_H
#define CPU_DEBUG_H

#include "cpu/cpu.h"

enum { DEBUG_BREAKS = 1024, DEBUG_WATCHES = 32, DEBUG_WATCH_BYTES = 4096 };

enum debug_kind { DEBUG_NONE, DEBUG_BREAK, DEBUG_WRITE, DEBUG_READ, DEBUG_ACCESS };

struct debug_hit {
	enum debug_kind kind; /* of what was hit; DEBUG_NONE: nothing was */
	uint64_t shown;       /* the watchpoint's address as the debugger gave it */
	bool device;          /* a device wrote there */
};

/* Gives the hart a debugger, without any points yet; takes it away. Exits with status 2 when memory runs out. */
void debug_attach(struct cpu *cpu);
void debug_detach(struct cpu *cpu);

/* Only with a debugger. Setting what is set already, and clearing what is not, does nothing. False: there are too many, or
 * the range is empty, longer than DEBUG_WATCH_BYTES, or not in DRAM. */
bool debug_set_break(struct cpu *cpu, uint64_t pc);
void debug_clear_break(struct cpu *cpu, uint64_t pc);
bool debug_set_watch(struct cpu *cpu, enum debug_kind kind, uint64_t addr, uint64_t len, uint64_t shown);
void debug_clear_watch(struct cpu *cpu, enum debug_kind kind, uint64_t len, uint64_t shown);
void debug_clear_all(struct cpu *cpu);

/* The hart is to run on: forgets the hit, and a breakpoint at pc does not stop the next instruction. */
void debug_resume(struct cpu *cpu);
/* The first hit since debug_resume. */
struct debug_hit debug_hit(const struct cpu *cpu);

/* For the hart itself. A breakpoint may lie at pc, or at the same place of another page: its slot is to hold OP_BREAK. */
bool debug_is_place(const struct cpu *cpu, uint64_t pc);
static inline bool debug_at(const struct cpu *cpu, uint64_t pc)
{
	return cpu->debug && debug_is_place(cpu, pc);
}
/* At OP_BREAK: the hart stops before the instruction at cpu->pc. */
bool debug_stops(struct cpu *cpu);
/* After the access: [offset, offset + len) of DRAM. */
void debug_stored(struct cpu *cpu, uint64_t offset, uint64_t len);
void debug_loaded(struct cpu *cpu, uint64_t offset, uint64_t len);
void debug_device_stored(struct cpu *cpu, uint64_t offset, uint64_t len);

#endif
