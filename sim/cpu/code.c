/* SPDX-License-Identifier: Apache-2.0
 * code.c: the cache of decoded instructions.
 */
#include "cpu/code.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/debug.h"
#include "sim.h"

struct code_page *code_page_new(bool ends)
{
	struct code_page *page = calloc(1, sizeof *page);

	if (!page)
		sim_die("out of memory for decoded instructions");
	for (unsigned i = ends ? 0 : CODE_SLOTS; i < CODE_SLOTS + 2; i++)
		page->ops[i].code = OP_END;
	return page;
}

struct code_page *code_find(struct cpu *cpu, uint64_t pc)
{
	uint64_t offset = pc - cpu->config.dram_base, index = offset / CODE_PAGE_BYTES;

	if (offset >= cpu->config.dram_size)
		return NULL;
	if (!cpu->codes[index]) {
		cpu->codes[index] = code_page_new(false);
		cpu->code_map[index] |= CPU_CODE;
	}
	return cpu->codes[index];
}

static uint16_t half_at(const struct cpu *cpu, uint64_t pc)
{
	uint16_t half;

	memcpy(&half, cpu->config.dram + (pc - cpu->config.dram_base), sizeof half);
	return half;
}

void code_decode_plain(struct cpu *cpu, struct op *slot, uint64_t pc)
{
	uint32_t word = half_at(cpu, pc);

	if (op_is_short(word)) {
		*slot = op_decode(word);
	} else if (pc % CODE_PAGE_BYTES == CODE_PAGE_BYTES - 2) {
		*slot = (struct op){.code = OP_CROSS};
	} else {
		*slot = op_decode(word | (uint32_t)half_at(cpu, pc + 2) << 16);
	}
	assert(slot->code != OP_DECODE);
}

void code_decode(struct cpu *cpu, struct op *slot, uint64_t pc)
{
	if (cpu->debug && debug_at(cpu, pc))
		*slot = (struct op){.code = OP_BREAK};
	else
		code_decode_plain(cpu, slot, pc);
}

bool code_decode_cross(struct cpu *cpu, uint64_t pc)
{
	if (pc + 2 - cpu->config.dram_base >= cpu->config.dram_size)
		return false;
	cpu->cross->ops[CODE_SLOTS - 1] = op_decode(half_at(cpu, pc) | (uint32_t)half_at(cpu, pc + 2) << 16);
	return true;
}

/* Forget slots first to last of the page. Where the page begins, the 4-byte instruction of the page before it is not
 * kept at all. */
static void forget(struct code_page *page, uint64_t first, uint64_t last)
{
	memset(&page->ops[first], 0, (last - first + 1) * sizeof page->ops[0]);
}

void code_forget_place(struct cpu *cpu, unsigned slot)
{
	for (uint64_t i = 0; i < cpu->config.dram_size / CODE_PAGE_BYTES; i++)
		if (cpu->codes[i])
			forget(cpu->codes[i], slot, slot);
}

void code_written(struct cpu *cpu, uint64_t offset, uint64_t len)
{
	uint64_t end = offset + len;

	while (offset < end) {
		uint64_t index = offset / CODE_PAGE_BYTES, page_end = (index + 1) * CODE_PAGE_BYTES;
		uint64_t stop = end < page_end ? end : page_end;
		uint64_t first = offset % CODE_PAGE_BYTES / 2, last = (stop - 1) % CODE_PAGE_BYTES / 2;

		if (cpu->codes[index])
			forget(cpu->codes[index], first ? first - 1 : 0, last);
		offset = stop;
	}
}
