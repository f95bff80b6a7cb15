/* SPDX-License-Identifier: Apache-2.0
 * debug.c: see debug.h.
 */
#include "cpu/debug.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/code.h"
#include "cpu/fast.h"
#include "sim.h"

struct watch {
	enum debug_kind kind;
	uint64_t offset, len; /* in DRAM */
	uint64_t shown;
	uint8_t *was; /* what a device's writes are compared with: they are told by the beat */
};

struct cpu_debug {
	uint64_t breaks[DEBUG_BREAKS];
	unsigned break_count;
	uint16_t at[CODE_SLOTS]; /* breakpoints at this place of any page */
	struct watch watches[DEBUG_WATCHES];
	unsigned watch_count;
	struct debug_hit hit;
	uint64_t pass_pc, pass_cycle; /* the one instruction that no breakpoint stops */
	bool pass;
};

static unsigned slot_of(uint64_t pc)
{
	return (unsigned)(pc % CODE_PAGE_BYTES / 2);
}

void debug_attach(struct cpu *cpu)
{
	assert(!cpu->debug);
	cpu->debug = sim_alloc(sizeof *cpu->debug);
}

void debug_detach(struct cpu *cpu)
{
	if (!cpu->debug)
		return;
	debug_clear_all(cpu);
	free(cpu->debug);
	cpu->debug = NULL;
	cpu->halt = false;
}

static bool find_break(const struct cpu_debug *d, uint64_t pc, unsigned *at)
{
	for (*at = 0; *at < d->break_count; ++*at)
		if (d->breaks[*at] == pc)
			return true;
	return false;
}

bool debug_set_break(struct cpu *cpu, uint64_t pc)
{
	struct cpu_debug *d = cpu->debug;
	unsigned at;

	if (find_break(d, pc, &at))
		return true;
	if (d->break_count == DEBUG_BREAKS)
		return false;
	d->breaks[d->break_count++] = pc;
	d->at[slot_of(pc)]++;
	code_forget_slot(cpu, slot_of(pc));
	return true;
}

void debug_clear_break(struct cpu *cpu, uint64_t pc)
{
	struct cpu_debug *d = cpu->debug;
	unsigned at;

	if (!find_break(d, pc, &at))
		return;
	d->breaks[at] = d->breaks[--d->break_count];
	d->at[slot_of(pc)]--;
	code_forget_slot(cpu, slot_of(pc));
}

static bool sees_stores(const struct watch *w)
{
	return w->kind != DEBUG_READ;
}
static bool sees_loads(const struct watch *w)
{
	return w->kind != DEBUG_WRITE;
}

static void mark_pages(struct cpu *cpu)
{
	const struct cpu_debug *d = cpu->debug;

	for (uint64_t page = 0; page < cpu->config.dram_size / CODE_PAGE_BYTES; page++)
		cpu->code_map[page] = (uint8_t)(cpu->code_map[page] & ~CPU_DEBUGGED);
	for (unsigned i = 0; i < d->watch_count; i++) {
		const struct watch *w = &d->watches[i];

		for (uint64_t at = w->offset / CODE_PAGE_BYTES; at <= (w->offset + w->len - 1) / CODE_PAGE_BYTES; at++)
			cpu->code_map[at] |= CPU_DEBUGGED;
	}
	fast_forget(cpu);
}

static bool find_watch(const struct cpu_debug *d, enum debug_kind kind, uint64_t len, uint64_t shown, unsigned *at)
{
	for (*at = 0; *at < d->watch_count; ++*at) {
		const struct watch *w = &d->watches[*at];

		if (w->kind == kind && w->len == len && w->shown == shown)
			return true;
	}
	return false;
}

bool debug_set_watch(struct cpu *cpu, enum debug_kind kind, uint64_t addr, uint64_t len, uint64_t shown)
{
	struct cpu_debug *d = cpu->debug;
	uint64_t offset = addr - cpu->config.dram_base;
	unsigned at;

	if (find_watch(d, kind, len, shown, &at))
		return true;
	if (d->watch_count == DEBUG_WATCHES || len == 0 || len > DEBUG_WATCH_BYTES || offset >= cpu->config.dram_size ||
	    cpu->config.dram_size - offset < len)
		return false;
	d->watches[d->watch_count] = (struct watch){kind, offset, len, shown, sim_alloc(len)};
	memcpy(d->watches[d->watch_count++].was, cpu->config.dram + offset, len);
	mark_pages(cpu);
	return true;
}

void debug_clear_watch(struct cpu *cpu, enum debug_kind kind, uint64_t len, uint64_t shown)
{
	struct cpu_debug *d = cpu->debug;
	unsigned at;

	if (!find_watch(d, kind, len, shown, &at))
		return;
	free(d->watches[at].was);
	d->watches[at] = d->watches[--d->watch_count];
	mark_pages(cpu);
}

void debug_clear_all(struct cpu *cpu)
{
	struct cpu_debug *d = cpu->debug;

	while (d->break_count)
		debug_clear_break(cpu, d->breaks[0]);
	while (d->watch_count)
		debug_clear_watch(cpu, d->watches[0].kind, d->watches[0].len, d->watches[0].shown);
}

static void remember(const struct cpu *cpu, struct watch *w)
{
	memcpy(w->was, cpu->config.dram + w->offset, w->len);
}

void debug_resume(struct cpu *cpu)
{
	struct cpu_debug *d = cpu->debug;

	d->hit = (struct debug_hit){.kind = DEBUG_NONE};
	d->pass = true;
	d->pass_pc = cpu->pc;
	d->pass_cycle = cpu->cycle;
	cpu->halt = false;
	for (unsigned i = 0; i < d->watch_count; i++)
		remember(cpu, &d->watches[i]);
}

struct debug_hit debug_hit(const struct cpu *cpu)
{
	return cpu->debug->hit;
}

static void hit(struct cpu *cpu, enum debug_kind kind, uint64_t shown, bool device)
{
	cpu->halt = true;
	if (cpu->debug->hit.kind == DEBUG_NONE)
		cpu->debug->hit = (struct debug_hit){kind, shown, device};
}

bool debug_is_place(const struct cpu *cpu, uint64_t pc)
{
	return cpu->debug->at[slot_of(pc)] != 0;
}

/* A clock that has passed since debug_resume ends the pass: the instruction is behind. */
static bool passes(const struct cpu *cpu)
{
	const struct cpu_debug *d = cpu->debug;

	return d->pass && d->pass_pc == cpu->pc && d->pass_cycle == cpu->cycle;
}

bool debug_stops(struct cpu *cpu)
{
	unsigned at;

	if (!find_break(cpu->debug, cpu->pc, &at) || passes(cpu))
		return false;
	hit(cpu, DEBUG_BREAK, cpu->pc, false);
	return true;
}

static bool overlaps(const struct watch *w, uint64_t offset, uint64_t len)
{
	return offset - w->offset < w->len || w->offset - offset < len;
}

void debug_stored(struct cpu *cpu, uint64_t offset, uint64_t len)
{
	struct cpu_debug *d = cpu->debug;

	for (unsigned i = 0; i < d->watch_count; i++) {
		struct watch *w = &d->watches[i];

		if (!overlaps(w, offset, len))
			continue;
		remember(cpu, w);
		if (sees_stores(w))
			hit(cpu, w->kind, w->shown, false);
	}
}

void debug_loaded(struct cpu *cpu, uint64_t offset, uint64_t len)
{
	const struct cpu_debug *d = cpu->debug;

	for (unsigned i = 0; i < d->watch_count; i++)
		if (sees_loads(&d->watches[i]) && overlaps(&d->watches[i], offset, len))
			hit(cpu, d->watches[i].kind, d->watches[i].shown, false);
}

void debug_device_stored(struct cpu *cpu, uint64_t offset, uint64_t len)
{
	struct cpu_debug *d = cpu->debug;

	for (unsigned i = 0; i < d->watch_count; i++) {
		struct watch *w = &d->watches[i];

		if (!overlaps(w, offset, len) || memcmp(w->was, cpu->config.dram + w->offset, w->len) == 0)
			continue;
		remember(cpu, w);
		if (sees_stores(w))
			hit(cpu, w->kind, w->shown, true);
	}
}
