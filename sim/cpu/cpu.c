/* SPDX-License-Identifier: Apache-2.0
 * cpu.c: a hart's life, and what the machine around it does to it.
 */
#include "cpu/cpu.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/code.h"
#include "cpu/debug.h"
#include "cpu/exec.h"
#include "cpu/fast.h"
#include "cpu/profile.h"
#include "cpu/trap.h"
#include "sim.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "DRAM is accessed as the host's own words");

static void *zeroed(uint64_t size)
{
	void *p = calloc(1, size);

	if (!p)
		sim_die("out of memory for the CPU");
	return p;
}

struct cpu *cpu_new(const struct cpu_config *config)
{
	struct cpu *cpu = zeroed(sizeof *cpu);

	assert(config->dram_base % CODE_PAGE_BYTES == 0 && config->dram_size % CODE_PAGE_BYTES == 0);
	assert(config->dram_size > 0);
	cpu->config = *config;
	cpu->fast = zeroed(sizeof *cpu->fast);
	code_init(cpu);
	cpu_reset(cpu, config->dram_base);
	return cpu;
}

void cpu_free(struct cpu *cpu)
{
	if (!cpu)
		return;
	debug_detach(cpu);
	code_free(cpu);
	free(cpu->fast);
	free(cpu);
}

void cpu_reset(struct cpu *cpu, uint64_t pc)
{
	uint64_t cycle = cpu->cycle, lost = cpu->lost;

	memset(cpu, 0, CPU_STATE_BYTES);
	cpu->pc = pc;
	cpu->cycle = cycle;
	cpu->lost = lost;
	cpu->priv = CPU_M;
	cpu->mstatus = CPU_MSTATUS_XL;
	cpu->stimecmp = UINT64_MAX;
	cpu->timer_changed = true;
	for (unsigned i = 0; i < CPU_PMP_ENTRIES; i++)
		cpu->pmp.first[i] = 1;
	cpu_restored(cpu);
}

void cpu_restored(struct cpu *cpu)
{
	code_forget(cpu);
	fast_forget(cpu);
}

void cpu_run(struct cpu *cpu, uint64_t clocks)
{
	assert(clocks > 0);
	if (cpu->waiting && !cpu_interrupt_pending(cpu)) {
		cpu->cycle += clocks;
		cpu->lost += clocks;
		if (cpu->profile)
			cpu->profile->asleep += clocks;
		return;
	}
	cpu->waiting = false;
	trap_interrupt(cpu);
	if (cpu->profile)
		exec_run_profiled(cpu, clocks);
	else
		exec_run(cpu, clocks);
}

bool cpu_take_interrupt(struct cpu *cpu)
{
	if (!trap_due(cpu))
		return false;
	cpu->waiting = false;
	trap_interrupt(cpu);
	return true;
}

void cpu_set_irq(struct cpu *cpu, enum cpu_irq irq, bool level)
{
	cpu->irqs = (cpu->irqs & ~(1ull << irq)) | (uint64_t)level << irq;
	trap_update_pending(cpu);
}

uint64_t cpu_stimecmp(const struct cpu *cpu)
{
	return cpu->menvcfg & CPU_ENVCFG_STCE ? cpu->stimecmp : UINT64_MAX;
}

void cpu_memory_written(struct cpu *cpu, uint64_t addr, uint64_t len)
{
	uint64_t base = cpu->config.dram_base, size = cpu->config.dram_size, offset = addr - base;

	if (offset >= size)
		return;
	if (len > size - offset)
		len = size - offset;
	if (cpu->reserved_addr - addr < len || addr - cpu->reserved_addr < cpu->reserved_bytes)
		cpu->reserved_bytes = 0;
	code_written(cpu, offset, len);
	if (cpu->debug)
		debug_device_stored(cpu, offset, len);
}

void cpu_watch(struct cpu *cpu, uint64_t addr, uint64_t len)
{
	uint64_t offset = addr - cpu->config.dram_base, size = cpu->config.dram_size;

	if (len == 0 || offset >= size || len > size - offset)
		return;
	for (uint64_t page = offset / CODE_PAGE_BYTES; page <= (offset + len - 1) / CODE_PAGE_BYTES; page++) {
		cpu->code_map[page] |= CPU_WATCHED;
		fast_forget_stores(cpu, page);
	}
}

void cpu_unwatch(struct cpu *cpu)
{
	for (uint64_t page = 0; page < cpu->config.dram_size / CODE_PAGE_BYTES; page++)
		cpu->code_map[page] = (uint8_t)(cpu->code_map[page] & ~CPU_WATCHED);
}
