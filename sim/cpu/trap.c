/* SPDX-License-Identifier: Apache-2.0
 * trap.c: machine-mode traps; privileged architecture 1.12, 3.1.6 to 3.1.9.
 */
#include "cpu/trap.h"

static void enter(struct cpu *cpu, uint64_t cause, uint64_t tval, uint64_t handler)
{
	uint64_t pie = cpu->mstatus & CPU_MSTATUS_MIE ? CPU_MSTATUS_MPIE : 0;

	cpu->mepc = cpu->pc;
	cpu->mcause = cause;
	cpu->mtval = tval;
	cpu->mstatus = (cpu->mstatus & ~(CPU_MSTATUS_MIE | CPU_MSTATUS_MPIE)) | pie | CPU_MSTATUS_MPP;
	cpu->priv = 3;
	cpu->reserved_bytes = 0;
	cpu->pc = handler;
}

void trap_exception(struct cpu *cpu, enum cpu_cause cause, uint64_t tval)
{
	cpu->lost++;
	enter(cpu, cause, tval, cpu->mtvec & ~3ull);
}

void trap_interrupt(struct cpu *cpu)
{
	static const enum cpu_irq order[] = {CPU_IRQ_MEI, CPU_IRQ_MSI, CPU_IRQ_MTI};
	uint64_t pending = cpu->mip & cpu->mie;

	if (!pending || !(cpu->mstatus & CPU_MSTATUS_MIE))
		return;
	for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (pending >> order[i] & 1) {
			uint64_t vector = cpu->mtvec & 1 ? 4ull * order[i] : 0;

			enter(cpu, CPU_CAUSE_INTERRUPT | order[i], 0, (cpu->mtvec & ~3ull) + vector);
			return;
		}
	}
}

void trap_return(struct cpu *cpu)
{
	uint64_t ie = cpu->mstatus & CPU_MSTATUS_MPIE ? CPU_MSTATUS_MIE : 0;

	cpu->mstatus = (cpu->mstatus & ~CPU_MSTATUS_MIE) | ie | CPU_MSTATUS_MPIE | CPU_MSTATUS_MPP;
	cpu->reserved_bytes = 0;
	cpu->pc = cpu->mepc;
}
