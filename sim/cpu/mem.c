/* SPDX-License-Identifier: Apache-2.0
 * mem.c: the slow ways to memory.
 */
#include "cpu/mem.h"

#include <string.h>
#include "cpu/code.h"
#include "cpu/debug.h"
#include "cpu/fast.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"

static unsigned trapped(struct cpu *cpu, unsigned cause, uint64_t tval)
{
	trap_exception(cpu, cause, tval);
	return MEM_TRAPPED;
}

static bool in_dram(const struct cpu *cpu, uint64_t offset)
{
	return offset < cpu->config.dram_size;
}

/* How an access to DRAM ends. */
static unsigned done(const struct cpu *cpu)
{
	return cpu->halt ? MEM_BUS : MEM_DONE;
}

unsigned mem_stored(struct cpu *cpu, uint64_t offset, unsigned len)
{
	uint8_t kind = cpu->code_map[offset / CODE_PAGE_BYTES];

	if (kind & CPU_CODE)
		code_written(cpu, offset, len);
	if (kind & CPU_DEBUGGED)
		debug_stored(cpu, offset, len);
	if (!(kind & CPU_WATCHED) || !cpu->stored)
		return done(cpu);
	cpu->stored(cpu->stored_ctx, cpu->config.dram_base + offset, len);
	return MEM_BUS;
}

static void loaded(struct cpu *cpu, uint64_t offset, unsigned len)
{
	if (cpu->code_map[offset / CODE_PAGE_BYTES] & CPU_DEBUGGED)
		debug_loaded(cpu, offset, len);
}

/* The next accesses to the page are to be fast if all of them are alike. */
static void add_fast(struct cpu *cpu, uint64_t vaddr, uint64_t offset, enum access access)
{
	if (!mmu_whole_page(cpu, cpu->config.dram_base + offset, access))
		return;
	if (access == ACCESS_LOAD)
		fast_add_load(cpu, vaddr, offset);
	else
		fast_add_store(cpu, vaddr, offset);
}

/* The parts of an access in its one page or two. */
struct parts {
	unsigned count;
	uint64_t vaddr[2], offset[2];
	unsigned len[2];
};

/* Nothing is changed, in DRAM or page tables, before both parts are known to be allowed. */
static unsigned find_parts(struct cpu *cpu, uint64_t vaddr, unsigned len, enum access access, struct parts *p)
{
	unsigned first = FAST_PAGE - (unsigned)(vaddr % FAST_PAGE), cause;
	uint64_t paddr;

	*p = (struct parts){.count = first < len ? 2 : 1, .vaddr = {vaddr, vaddr + first}, .len = {len}};
	if (p->count == 2) {
		p->len[0] = first;
		p->len[1] = len - first;
	}
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < p->count; i++) {
			cause = pass ? mmu_translate(cpu, p->vaddr[i], p->len[i], access, &paddr)
				     : mmu_probe(cpu, p->vaddr[i], p->len[i], access, &paddr);
			p->offset[i] = paddr - cpu->config.dram_base;
			if (!cause && !in_dram(cpu, p->offset[i]))
				cause = mmu_access_fault(access);
			if (cause)
				return trapped(cpu, cause, p->vaddr[i]);
		}
	}
	return MEM_DONE;
}

static unsigned load_misaligned(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t *data)
{
	struct parts p;
	unsigned end = find_parts(cpu, vaddr, len, ACCESS_LOAD, &p);

	if (end != MEM_DONE)
		return end;
	memcpy(data, cpu->config.dram + p.offset[0], p.len[0]);
	memcpy((uint8_t *)data + p.len[0], cpu->config.dram + p.offset[1], p.len[1]);
	for (unsigned i = 0; i < p.count; i++)
		loaded(cpu, p.offset[i], p.len[i]);
	return done(cpu);
}

static unsigned store_misaligned(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t data)
{
	struct parts p;
	unsigned end = find_parts(cpu, vaddr, len, ACCESS_STORE, &p);

	if (end != MEM_DONE)
		return end;
	memcpy(cpu->config.dram + p.offset[0], &data, p.len[0]);
	memcpy(cpu->config.dram + p.offset[1], (uint8_t *)&data + p.len[0], p.len[1]);
	for (unsigned i = 0; i < p.count; i++)
		end |= mem_stored(cpu, p.offset[i], p.len[i]);
	return end;
}

unsigned mem_load(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t *data)
{
	uint64_t start = cpu->cycle, paddr, offset;
	unsigned cause;
	bool ok;

	*data = 0;
	if (vaddr % len)
		return load_misaligned(cpu, vaddr, len, data);
	cause = mmu_translate(cpu, vaddr, len, ACCESS_LOAD, &paddr);
	if (cause)
		return trapped(cpu, cause, vaddr);
	offset = paddr - cpu->config.dram_base;
	if (in_dram(cpu, offset)) {
		memcpy(data, cpu->config.dram + offset, len);
		loaded(cpu, offset, len);
		add_fast(cpu, vaddr, offset, ACCESS_LOAD);
		return done(cpu);
	}
	ok = cpu->config.bus.load(cpu->config.bus.ctx, paddr, len, data);
	cpu->lost += cpu->cycle - start;
	return MEM_BUS | (ok ? MEM_DONE : trapped(cpu, CPU_CAUSE_LOAD_ACCESS, vaddr));
}

unsigned mem_store(struct cpu *cpu, uint64_t vaddr, unsigned len, uint64_t data)
{
	uint64_t start = cpu->cycle, paddr, offset;
	unsigned cause;
	bool ok;

	if (vaddr % len)
		return store_misaligned(cpu, vaddr, len, data);
	cause = mmu_translate(cpu, vaddr, len, ACCESS_STORE, &paddr);
	if (cause)
		return trapped(cpu, cause, vaddr);
	offset = paddr - cpu->config.dram_base;
	if (in_dram(cpu, offset)) {
		memcpy(cpu->config.dram + offset, &data, len);
		add_fast(cpu, vaddr, offset, ACCESS_STORE);
		return mem_stored(cpu, offset, len);
	}
	ok = cpu->config.bus.store(cpu->config.bus.ctx, paddr, len, data);
	cpu->lost += cpu->cycle - start;
	return MEM_BUS | (ok ? MEM_DONE : trapped(cpu, CPU_CAUSE_STORE_ACCESS, vaddr));
}

bool mem_atomic(struct cpu *cpu, uint64_t vaddr, unsigned len, bool store, uint64_t *offset)
{
	enum access access = store ? ACCESS_STORE : ACCESS_LOAD;
	unsigned cause = store ? CPU_CAUSE_STORE_MISALIGNED : CPU_CAUSE_LOAD_MISALIGNED;
	uint64_t paddr = 0;

	if (vaddr % len == 0)
		cause = mmu_translate(cpu, vaddr, len, access, &paddr);
	*offset = paddr - cpu->config.dram_base;
	if (!cause && !in_dram(cpu, *offset))
		cause = mmu_access_fault(access);
	if (cause)
		trap_exception(cpu, cause, vaddr);
	else
		loaded(cpu, *offset, len);
	return !cause;
}
