/* SPDX-License-Identifier: Apache-2.0
 * mmu.c: see mmu.h.
 */
#include "cpu/mmu.h"

#include <string.h>
#include "cpu/fast.h"
#include "cpu/mem.h"

enum { PAGE_BITS = 12, INDEX_BITS = 9, PTE_BYTES = 8, PTE_PPN_BIT = 10, LEVEL_BIT = 8 };
enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128, FLAGS = 255 }; /* of a PTE */
enum { SATP_MODE_BIT = 60, SV39 = 8, SV48 = 9 };
enum result { FOUND, PAGE_FAULT, ACCESS_FAULT };

#define PPN_MASK ((1ull << 44) - 1)
#define PTE_RESERVED (~0ull << 54) /* Svnapot's N and Svpbmt's PBMT are reserved without them */
#define PAGE_OF(addr) ((addr) >> PAGE_BITS << PAGE_BITS)

struct request {
	uint64_t vaddr;
	enum access access;
	unsigned priv;
	bool any;    /* whatever the permissions */
	bool update; /* A and D */
};

static unsigned mode_of(const struct cpu *cpu)
{
	return (unsigned)(cpu->satp >> SATP_MODE_BIT);
}

unsigned mmu_access_fault(enum access access)
{
	return access == ACCESS_FETCH  ? CPU_CAUSE_FETCH_ACCESS
	       : access == ACCESS_LOAD ? CPU_CAUSE_LOAD_ACCESS
				       : CPU_CAUSE_STORE_ACCESS;
}

static unsigned page_fault(enum access access)
{
	return access == ACCESS_FETCH  ? CPU_CAUSE_FETCH_PAGE
	       : access == ACCESS_LOAD ? CPU_CAUSE_LOAD_PAGE
				       : CPU_CAUSE_STORE_PAGE;
}

/* 4.3.1; SUM never lets S mode fetch from a page of U mode. */
static bool permits(const struct cpu *cpu, uint64_t pte, const struct request *r)
{
	bool sum = cpu->mstatus & CPU_MSTATUS_SUM, mxr = cpu->mstatus & CPU_MSTATUS_MXR;

	if (r->any)
		return true;
	if (r->priv == CPU_U ? !(pte & U) : (pte & U) && (r->access == ACCESS_FETCH || !sum))
		return false;
	switch (r->access) {
	case ACCESS_FETCH:
		return pte & X;
	case ACCESS_LOAD:
		return pte & R || (mxr && pte & X);
	default:
		return pte & W;
	}
}

static uint64_t wanted_bits(enum access access)
{
	return access == ACCESS_STORE ? A | D : A;
}

static bool in_dram(const struct cpu *cpu, uint64_t addr)
{
	return addr - cpu->config.dram_base < cpu->config.dram_size;
}

static bool read_pte(const struct cpu *cpu, uint64_t at, uint64_t *pte)
{
	if (!in_dram(cpu, at) || !pmp_allows(cpu, at, PTE_BYTES, ACCESS_LOAD, CPU_S))
		return false;
	memcpy(pte, cpu->config.dram + (at - cpu->config.dram_base), PTE_BYTES);
	return true;
}

static bool write_pte(struct cpu *cpu, uint64_t at, uint64_t pte)
{
	if (!pmp_allows(cpu, at, PTE_BYTES, ACCESS_STORE, CPU_S))
		return false;
	memcpy(cpu->config.dram + (at - cpu->config.dram_base), &pte, PTE_BYTES);
	mem_stored(cpu, at - cpu->config.dram_base, PTE_BYTES);
	return true;
}

/* 4.3.2, steps 5 to 7: the leaf that lies at `at`. */
static enum result take_leaf(struct cpu *cpu, const struct request *r, uint64_t at, uint64_t pte, unsigned level,
			     uint64_t *leaf)
{
	uint64_t ppn = pte >> PTE_PPN_BIT & PPN_MASK, inside = (1ull << INDEX_BITS * level) - 1;
	uint64_t bits = wanted_bits(r->access);

	if (!permits(cpu, pte, r) || ppn & inside)
		return PAGE_FAULT;
	if (r->update && (pte & bits) != bits) {
		pte |= bits;
		if (!write_pte(cpu, at, pte))
			return ACCESS_FAULT;
	}
	ppn |= r->vaddr >> PAGE_BITS & inside;
	*leaf = ppn << PAGE_BITS | (pte & FLAGS) | level << LEVEL_BIT;
	return FOUND;
}

static enum result walk(struct cpu *cpu, const struct request *r, uint64_t *leaf)
{
	unsigned level = mode_of(cpu) == SV48 ? 4 : 3;
	int64_t top = (int64_t)r->vaddr >> (PAGE_BITS + INDEX_BITS * level - 1);
	uint64_t table = (cpu->satp & PPN_MASK) << PAGE_BITS, at, pte;

	if (top != 0 && top != -1)
		return PAGE_FAULT;
	while (level-- > 0) {
		at = table + (r->vaddr >> (PAGE_BITS + INDEX_BITS * level) & ((1u << INDEX_BITS) - 1)) * PTE_BYTES;
		if (!read_pte(cpu, at, &pte))
			return ACCESS_FAULT;
		if (!(pte & V) || (pte & (R | W)) == W || pte & PTE_RESERVED)
			return PAGE_FAULT;
		if (pte & (R | X))
			return take_leaf(cpu, r, at, pte, level, leaf);
		if (pte & (U | A | D))
			return PAGE_FAULT;
		table = (pte >> PTE_PPN_BIT & PPN_MASK) << PAGE_BITS;
	}
	return PAGE_FAULT;
}

static struct cpu_tlb_entry *slot_of(struct cpu *cpu, const struct request *r)
{
	struct cpu_tlb_entry *entries = r->access == ACCESS_FETCH ? cpu->tlb.code : cpu->tlb.data;

	return &entries[r->vaddr / FAST_PAGE % CPU_TLB_ENTRIES];
}

/* What the entry held before is no longer in the fast tables either. */
static void remember(struct cpu *cpu, const struct request *r, uint64_t leaf)
{
	unsigned level = leaf >> LEVEL_BIT & 3;

	*slot_of(cpu, r) = (struct cpu_tlb_entry){PAGE_OF(r->vaddr) | 1, leaf};
	if (level)
		cpu->tlb.super[level] |= 1ull << (r->vaddr >> (PAGE_BITS + INDEX_BITS * level) & 63);
	if (r->access == ACCESS_FETCH)
		fast_forget_code_at(cpu, fast_index(r->vaddr));
	else
		fast_forget_data_at(cpu, fast_index(r->vaddr));
}

static enum result find_leaf(struct cpu *cpu, const struct request *r, uint64_t *leaf)
{
	const struct cpu_tlb_entry *slot = slot_of(cpu, r);
	uint64_t bits = wanted_bits(r->access);
	enum result result;

	if (slot->tag == (PAGE_OF(r->vaddr) | 1) && (slot->leaf & bits) == bits && permits(cpu, slot->leaf, r)) {
		*leaf = slot->leaf;
		return FOUND;
	}
	result = walk(cpu, r, leaf);
	if (result == FOUND && r->update)
		remember(cpu, r, *leaf);
	return result;
}

static unsigned translate(struct cpu *cpu, const struct request *r, unsigned len, uint64_t *paddr)
{
	uint64_t leaf;

	*paddr = r->vaddr;
	if (r->priv != CPU_M && mode_of(cpu)) {
		switch (find_leaf(cpu, r, &leaf)) {
		case PAGE_FAULT:
			return page_fault(r->access);
		case ACCESS_FAULT:
			return mmu_access_fault(r->access);
		case FOUND:
			*paddr = PAGE_OF(leaf) | r->vaddr % FAST_PAGE;
		}
	}
	return pmp_allows(cpu, *paddr, len, r->access, r->priv) ? 0 : mmu_access_fault(r->access);
}

static unsigned priv_of(const struct cpu *cpu, enum access access)
{
	return access == ACCESS_FETCH ? cpu->priv : fast_data_priv(cpu);
}

unsigned mmu_translate(struct cpu *cpu, uint64_t vaddr, unsigned len, enum access access, uint64_t *paddr)
{
	struct request r = {.vaddr = vaddr, .access = access, .priv = priv_of(cpu, access), .update = true};

	return translate(cpu, &r, len, paddr);
}

unsigned mmu_probe(struct cpu *cpu, uint64_t vaddr, unsigned len, enum access access, uint64_t *paddr)
{
	struct request r = {.vaddr = vaddr, .access = access, .priv = priv_of(cpu, access)};

	return translate(cpu, &r, len, paddr);
}

bool cpu_translate(const struct cpu *cpu, uint64_t vaddr, uint64_t *paddr)
{
	struct request r = {.vaddr = vaddr, .access = ACCESS_LOAD, .priv = cpu->priv, .any = true};
	uint64_t leaf;

	*paddr = vaddr;
	if (cpu->priv == CPU_M || !mode_of(cpu))
		return true;
	/* Without update a walk changes nothing. */
	if (walk((struct cpu *)(uintptr_t)cpu, &r, &leaf) != FOUND)
		return false;
	*paddr = PAGE_OF(leaf) | vaddr % FAST_PAGE;
	return true;
}

bool mmu_whole_page(const struct cpu *cpu, uint64_t paddr, enum access access)
{
	return pmp_allows(cpu, PAGE_OF(paddr), FAST_PAGE, access, priv_of(cpu, access));
}

void mmu_forget(struct cpu *cpu)
{
	memset(&cpu->tlb, 0, sizeof cpu->tlb);
	fast_forget_translated(cpu);
}

static void forget_super(struct cpu_tlb_entry *entries, uint64_t vaddr, unsigned level, struct cpu *cpu,
			 void (*forget_at)(struct cpu *, unsigned))
{
	for (unsigned i = 0; i < CPU_TLB_ENTRIES; i++) {
		if (!entries[i].tag || (entries[i].leaf >> LEVEL_BIT & 3) != level ||
		    (entries[i].tag ^ vaddr) >> (PAGE_BITS + INDEX_BITS * level))
			continue;
		entries[i].tag = 0;
		forget_at(cpu, i);
	}
}

void mmu_forget_page(struct cpu *cpu, uint64_t vaddr)
{
	unsigned index = (unsigned)(vaddr / FAST_PAGE % CPU_TLB_ENTRIES);

	cpu->tlb.code[index].tag = cpu->tlb.data[index].tag = 0;
	fast_forget_data_at(cpu, index);
	fast_forget_code_at(cpu, index);
	for (unsigned level = 1; level < 4; level++) {
		if (!(cpu->tlb.super[level] >> (vaddr >> (PAGE_BITS + INDEX_BITS * level) & 63) & 1))
			continue;
		forget_super(cpu->tlb.code, vaddr, level, cpu, fast_forget_code_at);
		forget_super(cpu->tlb.data, vaddr, level, cpu, fast_forget_data_at);
	}
}
