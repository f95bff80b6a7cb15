/* SPDX-License-Identifier: Apache-2.0
 * mem.c: the slow ways to memory.
 */
#include "cpu/mem.h"

#include <string.h>
#include "cpu/code.h"
#include "cpu/debug.h"
#include "cpu/trap.h"

static bool in_dram(const struct cpu *cpu, uint64_t addr, unsigned len)
{
	uint64_t offset = addr - cpu->config.dram_base;

	return offset < cpu->config.dram_size && cpu->config.dram_size - offset >= len;
}

void mem_stored(struct cpu *cpu, uint64_t offset, unsigned len)
{
	uint8_t kind = cpu->code_map[offset / CODE_PAGE_BYTES] | cpu->code_map[(offset + len - 1) / CODE_PAGE_BYTES];

	code_written(cpu, offset, len);
	if (kind & CPU_DEBUGGED)
		debug_stored(cpu, offset, len);
	if (kind & CPU_WATCHED && cpu->stored)
		cpu->stored(cpu->stored_ctx, cpu->config.dram_base + offset, len);
}

bool mem_load(struct cpu *cpu, uint64_t addr, unsigned len, uint64_t *data)
{
	uint64_t start = cpu->cycle;

	*data = 0;
	if (in_dram(cpu, addr, len)) {
		memcpy(data, cpu->config.dram + (addr - cpu->config.dram_base), len);
		if (cpu->debug)
			debug_loaded(cpu, addr - cpu->config.dram_base, len);
		return true;
	}
	if (addr % len == 0 && cpu->config.bus.load(cpu->config.bus.ctx, addr, len, data)) {
		cpu->lost += cpu->cycle - start;
		return true;
	}
	cpu->lost += cpu->cycle - start;
	trap_exception(cpu, CPU_CAUSE_LOAD_ACCESS, addr);
	return false;
}

bool mem_store(struct cpu *cpu, uint64_t addr, unsigned len, uint64_t data)
{
	uint64_t start = cpu->cycle, offset = addr - cpu->config.dram_base;

	if (in_dram(cpu, addr, len)) {
		memcpy(cpu->config.dram + offset, &data, len);
		mem_stored(cpu, offset, len);
		return true;
	}
	if (addr % len == 0 && cpu->config.bus.store(cpu->config.bus.ctx, addr, len, data)) {
		cpu->lost += cpu->cycle - start;
		return true;
	}
	cpu->lost += cpu->cycle - start;
	trap_exception(cpu, CPU_CAUSE_STORE_ACCESS, addr);
	return false;
}

static uint8_t *atomic_bytes(struct cpu *cpu, uint64_t offset, unsigned len)
{
	if (cpu->debug)
		debug_loaded(cpu, offset, len);
	return cpu->config.dram + offset;
}

uint8_t *mem_atomic(struct cpu *cpu, uint64_t addr, unsigned len, bool store)
{
	if (addr % len != 0)
		trap_exception(cpu, store ? CPU_CAUSE_STORE_MISALIGNED : CPU_CAUSE_LOAD_MISALIGNED, addr);
	else if (!in_dram(cpu, addr, len))
		trap_exception(cpu, store ? CPU_CAUSE_STORE_ACCESS : CPU_CAUSE_LOAD_ACCESS, addr);
	else
		return atomic_bytes(cpu, addr - cpu->config.dram_base, len);
	return NULL;
}

void mem_atomic_stored(struct cpu *cpu, uint64_t addr, unsigned len)
{
	mem_stored(cpu, addr - cpu->config.dram_base, len);
}
