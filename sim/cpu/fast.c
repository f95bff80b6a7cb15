/* SPDX-License-Identifier: Apache-2.0
 * fast.c: see fast.h.
 */
#include "cpu/fast.h"

unsigned fast_data_set(const struct cpu *cpu)
{
	switch (fast_data_priv(cpu)) {
	case CPU_U:
		return FAST_U;
	case CPU_S:
		return cpu->mstatus & CPU_MSTATUS_SUM ? FAST_S_SUM : FAST_S;
	default:
		return FAST_M;
	}
}

unsigned fast_code_set(const struct cpu *cpu)
{
	return cpu->priv == CPU_U ? FAST_U : cpu->priv == CPU_S ? FAST_S : FAST_M;
}

static uint64_t host_page(const struct cpu *cpu, uint64_t offset)
{
	return (uint64_t)(uintptr_t)cpu->config.dram + offset / FAST_PAGE * FAST_PAGE;
}

static struct fast_data data_entry(const struct cpu *cpu, uint64_t vaddr, uint64_t offset)
{
	uint64_t tag = fast_tag(vaddr, 1);

	return (struct fast_data){tag, host_page(cpu, offset) - tag};
}

void fast_add_load(struct cpu *cpu, uint64_t vaddr, uint64_t offset)
{
	if (cpu->code_map[offset / FAST_PAGE] & CPU_DEBUGGED)
		return;
	cpu->fast->load[fast_data_set(cpu)][fast_index(vaddr)] = data_entry(cpu, vaddr, offset);
}

void fast_add_store(struct cpu *cpu, uint64_t vaddr, uint64_t offset)
{
	uint8_t *map = &cpu->code_map[offset / FAST_PAGE];

	if (*map & (CPU_CODE | CPU_WATCHED | CPU_DEBUGGED))
		return;
	*map |= CPU_STORES;
	cpu->fast->store[fast_data_set(cpu)][fast_index(vaddr)] = data_entry(cpu, vaddr, offset);
}

void fast_add_code(struct cpu *cpu, uint64_t vaddr, struct code_page *page)
{
	cpu->fast->code[fast_code_set(cpu)][fast_index(vaddr)] = (struct fast_code){fast_tag(vaddr, 1), page};
}

static void forget_sets(struct cpu *cpu, unsigned first)
{
	for (unsigned set = first; set < FAST_SETS; set++) {
		for (unsigned i = 0; i < FAST_ENTRIES; i++) {
			cpu->fast->load[set][i].tag = FAST_NONE;
			cpu->fast->store[set][i].tag = FAST_NONE;
			cpu->fast->code[set][i].tag = FAST_NONE;
		}
	}
}

void fast_forget(struct cpu *cpu)
{
	forget_sets(cpu, 0);
}

void fast_forget_translated(struct cpu *cpu)
{
	forget_sets(cpu, FAST_S);
}

void fast_forget_loads(struct cpu *cpu)
{
	for (unsigned set = FAST_S; set < FAST_SETS; set++)
		for (unsigned i = 0; i < FAST_ENTRIES; i++)
			cpu->fast->load[set][i].tag = FAST_NONE;
}

void fast_forget_data_at(struct cpu *cpu, unsigned index)
{
	for (unsigned set = FAST_S; set < FAST_SETS; set++) {
		cpu->fast->load[set][index % FAST_ENTRIES].tag = FAST_NONE;
		cpu->fast->store[set][index % FAST_ENTRIES].tag = FAST_NONE;
	}
}

void fast_forget_code_at(struct cpu *cpu, unsigned index)
{
	for (unsigned set = FAST_S; set < FAST_SETS; set++)
		cpu->fast->code[set][index % FAST_ENTRIES].tag = FAST_NONE;
}

void fast_forget_stores(struct cpu *cpu, uint64_t page)
{
	uint64_t host = host_page(cpu, page * FAST_PAGE);

	if (!(cpu->code_map[page] & CPU_STORES))
		return;
	cpu->code_map[page] = (uint8_t)(cpu->code_map[page] & ~CPU_STORES);
	for (unsigned set = 0; set < FAST_SETS; set++) {
		for (unsigned i = 0; i < FAST_ENTRIES; i++) {
			struct fast_data *entry = &cpu->fast->store[set][i];

			if (entry->tag + entry->addend == host)
				entry->tag = FAST_NONE;
		}
	}
}

void fast_forget_code(struct cpu *cpu, const struct code_page *code)
{
	for (unsigned set = 0; set < FAST_SETS; set++) {
		for (unsigned i = 0; i < FAST_ENTRIES; i++) {
			if (cpu->fast->code[set][i].page == code)
				cpu->fast->code[set][i] = (struct fast_code){FAST_NONE, NULL};
		}
	}
}
