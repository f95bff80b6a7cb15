/* SPDX-License-Identifier: Apache-2.0
 * trap.c: traps and their delegation; privileged architecture 1.12, 3.1.6 to 3.1.9, 4.1.
 */
#include "cpu/trap.h"

#define STI_BIT (1ull << CPU_IRQ_STI)

void trap_update_pending(struct cpu *cpu)
{
	uint64_t timer = cpu->menvcfg & CPU_ENVCFG_STCE ? cpu->irqs : cpu->soft_irqs;

	cpu->mip = ((cpu->irqs | cpu->soft_irqs) & ~STI_BIT) | (timer & STI_BIT);
}

static void enter_m(struct cpu *cpu, uint64_t cause, uint64_t tval)
{
	uint64_t keep = ~(CPU_MSTATUS_MIE | CPU_MSTATUS_MPIE | CPU_MSTATUS_MPP);
	uint64_t pie = cpu->mstatus & CPU_MSTATUS_MIE ? CPU_MSTATUS_MPIE : 0;

	cpu->mepc = cpu->pc;
	cpu->mcause = cause;
	cpu->mtval = tval;
	cpu->mstatus = (cpu->mstatus & keep) | pie | (uint64_t)cpu->priv << CPU_MSTATUS_MPP_BIT;
	cpu->priv = CPU_M;
}

static void enter_s(struct cpu *cpu, uint64_t cause, uint64_t tval)
{
	uint64_t keep = ~(CPU_MSTATUS_SIE | CPU_MSTATUS_SPIE | CPU_MSTATUS_SPP);
	uint64_t pie = cpu->mstatus & CPU_MSTATUS_SIE ? CPU_MSTATUS_SPIE : 0;

	cpu->sepc = cpu->pc;
	cpu->scause = cause;
	cpu->stval = tval;
	cpu->mstatus = (cpu->mstatus & keep) | pie | (cpu->priv == CPU_S ? CPU_MSTATUS_SPP : 0);
	cpu->priv = CPU_S;
}

/* What is delegated goes to S mode, but never down from M mode. */
static void enter(struct cpu *cpu, uint64_t cause, uint64_t tval, bool delegated)
{
	bool to_s = delegated && cpu->priv != CPU_M;
	uint64_t tvec = to_s ? cpu->stvec : cpu->mtvec;

	if (to_s)
		enter_s(cpu, cause, tval);
	else
		enter_m(cpu, cause, tval);
	cpu->reserved_bytes = 0;
	cpu->pc = tvec & ~3ull;
	if (cause & CPU_CAUSE_INTERRUPT && tvec & 1)
		cpu->pc += 4 * (cause & ~CPU_CAUSE_INTERRUPT);
}

void trap_exception(struct cpu *cpu, enum cpu_cause cause, uint64_t tval)
{
	cpu->lost++;
	enter(cpu, cause, tval, cpu->medeleg >> cause & 1);
}

/* Interrupts that would be taken: those for M mode before those for S mode. */
static uint64_t takeable(const struct cpu *cpu)
{
	uint64_t pending = cpu->mip & cpu->mie, to_m = pending & ~cpu->mideleg, to_s = pending & cpu->mideleg;

	if (to_m && (cpu->priv < CPU_M || cpu->mstatus & CPU_MSTATUS_MIE))
		return to_m;
	if (to_s && (cpu->priv < CPU_S || (cpu->priv == CPU_S && cpu->mstatus & CPU_MSTATUS_SIE)))
		return to_s;
	return 0;
}

bool trap_due(const struct cpu *cpu)
{
	return cpu_interrupt_pending(cpu) && takeable(cpu);
}

void trap_interrupt(struct cpu *cpu)
{
	static const enum cpu_irq order[] = {CPU_IRQ_MEI, CPU_IRQ_MSI, CPU_IRQ_MTI,
					     CPU_IRQ_SEI, CPU_IRQ_SSI, CPU_IRQ_STI};
	uint64_t set = cpu_interrupt_pending(cpu) ? takeable(cpu) : 0;

	if (!set)
		return;
	for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
		if (set >> order[i] & 1) {
			enter(cpu, CPU_CAUSE_INTERRUPT | order[i], 0, cpu->mideleg >> order[i] & 1);
			return;
		}
	}
}

static void leave_to(struct cpu *cpu, unsigned priv, uint64_t pc)
{
	if (priv != CPU_M)
		cpu->mstatus &= ~CPU_MSTATUS_MPRV;
	cpu->priv = priv;
	cpu->reserved_bytes = 0;
	cpu->pc = pc;
}

void trap_return_m(struct cpu *cpu)
{
	uint64_t ie = cpu->mstatus & CPU_MSTATUS_MPIE ? CPU_MSTATUS_MIE : 0;
	unsigned priv = (unsigned)(cpu->mstatus >> CPU_MSTATUS_MPP_BIT & 3);

	cpu->mstatus = (cpu->mstatus & ~(CPU_MSTATUS_MIE | CPU_MSTATUS_MPP)) | ie | CPU_MSTATUS_MPIE;
	leave_to(cpu, priv, cpu->mepc);
}

void trap_return_s(struct cpu *cpu)
{
	uint64_t ie = cpu->mstatus & CPU_MSTATUS_SPIE ? CPU_MSTATUS_SIE : 0;
	unsigned priv = cpu->mstatus & CPU_MSTATUS_SPP ? CPU_S : CPU_U;

	cpu->mstatus = (cpu->mstatus & ~(CPU_MSTATUS_SIE | CPU_MSTATUS_SPP)) | ie | CPU_MSTATUS_SPIE;
	leave_to(cpu, priv, cpu->sepc);
}
