/* SPDX-License-Identifier: Apache-2.0
 * fp_regs.h: what F and D instructions do to the hart beside their arithmetic.
 */
#ifndef CPU_FP_REGS_H
#define CPU_FP_REGS_H

#include "cpu/cpu.h"
#include "cpu/fp.h"

/* f[n], to be written: FS is dirty from now on. */
static inline uint64_t *fp_written(struct cpu *cpu, unsigned n)
{
	cpu->mstatus |= CPU_MSTATUS_FS;
	return &cpu->f[n];
}

static inline void fp_raise(struct cpu *cpu, unsigned flags)
{
	if (flags) {
		cpu->fflags |= flags;
		cpu->mstatus |= CPU_MSTATUS_FS;
	}
}

/* The rounding mode of an instruction whose rm field is mode; false: it is illegal, for FS is off or the mode is reserved. */
static inline bool fp_ready(const struct cpu *cpu, unsigned mode, enum fp_rm *rm)
{
	if (mode == FP_DYN)
		mode = cpu->frm;
	*rm = (enum fp_rm)mode;
	return mode <= FP_RMM && cpu->mstatus & CPU_MSTATUS_FS;
}

#endif
