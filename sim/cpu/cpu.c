/* SPDX-License-Identifier: Apache-2.0
 * cpu.c: a hart's life, and what the machine around it does to it.
 */
#include "cpu/cpu.h"

#include <assert.h>
#include <stdlib.h>
#include "cpu/code.h"
#include "cpu/debug.h"
#include "cpu/exec.h"
#include "cpu/trap.h"
#include "sim.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "DRAM is accessed as the host's own words");

static void *zeroed(uint64_t count, uint64_t size)
{
	void *p = calloc(count, size);

	if (!p)
		sim_die("out of memory for the CPU");
	return p;
}

struct cpu *cpu_new(const struct cpu_config *config)
{
	struct cpu *cpu = zeroed(1, sizeof *cpu);
	uint64_t pages = config->dram_size / CODE_PAGE_BYTES;

	assert(config->dram_base % CODE_PAGE_BYTES == 0 && config->dram_size % CODE_PAGE_BYTES == 0 && pages > 0);
	cpu->config = *config;
	cpu->code_map = zeroed(pages, 1);
	cpu->codes = zeroed(pages, sizeof cpu->codes[0]);
	cpu->cross = code_page_new(true);
	cpu_reset(cpu, config->dram_base);
	return cpu;
}

void cpu_free(struct cpu *cpu)
{
	if (!cpu)
		return;
	debug_detach(cpu);
	for (uint64_t i = 0; i < cpu->config.dram_size / CODE_PAGE_BYTES; i++)
		free(cpu->codes[i]);
	free(cpu->codes);
	free(cpu->code_map);
	free(cpu->cross);
	free(cpu);
}

void cpu_reset(struct cpu *cpu, uint64_t pc)
{
	struct cpu fresh = {.pc = pc,
			    .cycle = cpu->cycle,
			    .lost = cpu->lost,
			    .priv = 3,
			    .mstatus = CPU_MSTATUS_MPP,
			    .config = cpu->config,
			    .code_map = cpu->code_map,
			    .codes = cpu->codes,
			    .cross = cpu->cross,
			    .stored = cpu->stored,
			    .stored_ctx = cpu->stored_ctx,
			    .debug = cpu->debug,
			    .halt = cpu->halt};

	*cpu = fresh;
	cpu_memory_written(cpu, cpu->config.dram_base, cpu->config.dram_size);
}

void cpu_run(struct cpu *cpu, uint64_t clocks)
{
	assert(clocks > 0);
	if (cpu->waiting && !cpu_interrupt_pending(cpu)) {
		cpu->cycle += clocks;
		cpu->lost += clocks;
		return;
	}
	cpu->waiting = false;
	trap_interrupt(cpu);
	exec_run(cpu, clocks);
}

bool cpu_take_interrupt(struct cpu *cpu)
{
	uint64_t pc = cpu->pc;

	if (!cpu_interrupt_pending(cpu))
		return false;
	trap_interrupt(cpu);
	if (cpu->pc == pc)
		return false;
	cpu->waiting = false;
	return true;
}

void cpu_set_irq(struct cpu *cpu, enum cpu_irq irq, bool level)
{
	cpu->mip = (cpu->mip & ~(1ull << irq)) | (uint64_t)level << irq;
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
	for (uint64_t page = offset / CODE_PAGE_BYTES; page <= (offset + len - 1) / CODE_PAGE_BYTES; page++)
		cpu->code_map[page] |= CPU_WATCHED;
}

void cpu_unwatch(struct cpu *cpu)
{
	for (uint64_t page = 0; page < cpu->config.dram_size / CODE_PAGE_BYTES; page++)
		cpu->code_map[page] &= (uint8_t)~CPU_WATCHED;
}
