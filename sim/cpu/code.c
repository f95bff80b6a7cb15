/* SPDX-License-Identifier: Apache-2.0
 * code.c: the cache of decoded instructions.
 */
#include "cpu/code.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/fast.h"
#include "cpu/mmu.h"
#include "cpu/trap.h"
#include "sim.h"

enum {
	STORES_MAX = 64,
	DROPS_MAX = 8
}; /* a page is given up after STORES_MAX << (how often it was, up to DROPS_MAX) */

static void *zeroed(uint64_t count, uint64_t size)
{
	void *p = calloc(count, size);

	if (!p)
		sim_die("out of memory for decoded instructions");
	return p;
}

static uint64_t pages(const struct cpu *cpu)
{
	return cpu->config.dram_size / CODE_PAGE_BYTES;
}

/* A page without decoded ops; with every op OP_END if ends. */
static struct code_page *new_page(bool ends)
{
	struct code_page *page = zeroed(1, sizeof *page);

	for (unsigned i = ends ? 0 : CODE_SLOTS; i < CODE_SLOTS + 2; i++)
		page->ops[i].code = OP_END;
	return page;
}

void code_init(struct cpu *cpu)
{
	cpu->code_map = zeroed(pages(cpu), 1);
	cpu->code_drops = zeroed(pages(cpu), 1);
	cpu->codes = zeroed(pages(cpu), sizeof cpu->codes[0]);
	cpu->single = new_page(true);
}

void code_free(struct cpu *cpu)
{
	for (uint64_t i = 0; i < pages(cpu); i++)
		free(cpu->codes[i]);
	free(cpu->codes);
	free(cpu->code_map);
	free(cpu->code_drops);
	free(cpu->single);
}

static struct code_page *find(struct cpu *cpu, uint64_t index)
{
	if (!cpu->codes[index]) {
		cpu->codes[index] = new_page(false);
		cpu->codes[index]->bytes = cpu->config.dram + index * CODE_PAGE_BYTES;
		cpu->code_map[index] |= CPU_CODE;
		fast_forget_stores(cpu, index);
	}
	return cpu->codes[index];
}

static void drop(struct cpu *cpu, uint64_t index)
{
	fast_forget_code(cpu, cpu->codes[index]);
	free(cpu->codes[index]);
	cpu->codes[index] = NULL;
	cpu->code_map[index] = (uint8_t)(cpu->code_map[index] & ~CPU_CODE);
	if (cpu->code_drops[index] < DROPS_MAX)
		cpu->code_drops[index]++;
}

/* Where a half-word at vaddr is fetched from; false: a trap was taken. */
static bool fetch_from(struct cpu *cpu, uint64_t vaddr, uint64_t *offset)
{
	uint64_t paddr;
	unsigned cause = mmu_translate(cpu, vaddr, 2, ACCESS_FETCH, &paddr);

	*offset = paddr - cpu->config.dram_base;
	if (!cause && *offset >= cpu->config.dram_size)
		cause = CPU_CAUSE_FETCH_ACCESS;
	if (cause)
		trap_exception(cpu, cause, vaddr);
	return !cause;
}

static uint32_t half_at(const uint8_t *bytes)
{
	uint16_t half;

	memcpy(&half, bytes, sizeof half);
	return half;
}

struct code_page *code_single(struct cpu *cpu)
{
	struct code_page *page = cpu->single;
	uint64_t offset;

	if (!fetch_from(cpu, cpu->pc, &offset))
		return NULL;
	page->word = half_at(cpu->config.dram + offset);
	if (!op_is_short(page->word)) {
		if (!fetch_from(cpu, cpu->pc + 2, &offset))
			return NULL;
		page->word |= half_at(cpu->config.dram + offset) << 16;
	}
	page->ops[page->slot] = (struct op){.code = OP_END};
	page->slot = (unsigned)(cpu->pc % CODE_PAGE_BYTES / 2);
	page->ops[page->slot] = op_decode(page->word);
	return page;
}

struct code_page *code_enter(struct cpu *cpu)
{
	struct code_page *page;
	uint64_t offset;

	if (!fetch_from(cpu, cpu->pc, &offset))
		return NULL;
	if (!mmu_whole_page(cpu, cpu->config.dram_base + offset, ACCESS_FETCH))
		return code_single(cpu);
	page = find(cpu, offset / CODE_PAGE_BYTES);
	fast_add_code(cpu, cpu->pc, page);
	return page;
}

void code_decode(struct code_page *page, struct op *op)
{
	uint64_t slot = (uint64_t)(op - page->ops);
	const uint8_t *bytes = page->bytes + slot * 2;
	uint32_t word = half_at(bytes);

	page->stores = 0;
	if (op_is_short(word))
		*op = op_decode(word);
	else if (slot == CODE_SLOTS - 1)
		*op = (struct op){.code = OP_CROSS};
	else
		*op = op_decode(word | half_at(bytes + 2) << 16);
	assert(op->code != OP_DECODE);
}

uint32_t code_word(const struct code_page *page, const struct op *op)
{
	const uint8_t *bytes = page->bytes + (op - page->ops) * 2;
	uint32_t word;

	if (!page->bytes)
		return page->word;
	word = half_at(bytes);
	return op_is_short(word) ? word : word | half_at(bytes + 2) << 16;
}

/* Forget slots first to last of the page. Where the page begins, the 4-byte instruction of the page before it is not
 * kept at all. */
static void forget(struct code_page *page, uint64_t first, uint64_t last)
{
	memset(&page->ops[first], 0, (last - first + 1) * sizeof page->ops[0]);
}

/* The page that executes stays. */
static void page_written(struct cpu *cpu, uint64_t index, uint64_t first, uint64_t last)
{
	struct code_page *page = cpu->codes[index];

	if (++page->stores > (unsigned)STORES_MAX << cpu->code_drops[index] && page != cpu->running)
		drop(cpu, index);
	else
		forget(page, first ? first - 1 : 0, last);
}

void code_written(struct cpu *cpu, uint64_t offset, uint64_t len)
{
	uint64_t end = offset + len;

	while (offset < end) {
		uint64_t index = offset / CODE_PAGE_BYTES, page_end = (index + 1) * CODE_PAGE_BYTES;
		uint64_t stop = end < page_end ? end : page_end;

		if (cpu->codes[index])
			page_written(cpu, index, offset % CODE_PAGE_BYTES / 2, (stop - 1) % CODE_PAGE_BYTES / 2);
		offset = stop;
	}
}

void code_forget_slot(struct cpu *cpu, unsigned slot)
{
	for (uint64_t i = 0; i < pages(cpu); i++)
		if (cpu->codes[i])
			forget(cpu->codes[i], slot, slot);
}

void code_forget(struct cpu *cpu)
{
	cpu->running = NULL;
	for (uint64_t i = 0; i < pages(cpu); i++)
		if (cpu->codes[i])
			drop(cpu, i);
	memset(cpu->code_drops, 0, pages(cpu));
}
