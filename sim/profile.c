/* SPDX-License-Identifier: Apache-2.0
 * profile.c: see profile.h.
 */
#define _XOPEN_SOURCE 700
#include "profile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/profile.h"
#include "sim.h"

enum { MODES = 4, ENTRIES = 4096 /* of the cache, a power of two */, NO_MODE = ~0u >> 1 };

struct row {
	uint64_t low, high; /* [low, high) */
	uint64_t clocks;
	const char *name;
};

/* A pc and the row that it is in. */
struct entry {
	uint64_t pc;
	struct row *row;
	uint64_t low, span;
};

struct profile {
	struct cpu_profile cpu; /* first: what the hart has is what the profile has */
	const char *path;
	FILE *file;
	struct row *rows; /* by low, without overlaps */
	size_t count, room;
	struct row rest[MODES]; /* code without a name, by mode */
	struct row *running;    /* NULL at first */
	uint64_t start;         /* clock from which on it counts */
	uint64_t since, slept;  /* clock, and clocks asleep, up to which all is counted */
	struct entry cache[ENTRIES];
};

static void moved(struct cpu_profile *cpu, uint64_t pc, unsigned priv, uint64_t clock);

struct profile *profile_new(const char *path)
{
	static const char *const names[MODES] = {"[user mode]", "[supervisor mode, no symbol]", "[reserved mode]",
						 "[machine mode, no symbol]"};
	struct profile *p = sim_alloc(sizeof *p);

	p->cpu.moved = moved;
	p->cpu.priv = NO_MODE;
	p->path = path;
	p->file = fopen(path, "w");
	if (!p->file) {
		free(p);
		sim_die("%s: %s", path, strerror(errno));
	}
	for (unsigned i = 0; i < MODES; i++)
		p->rest[i] = (struct row){.high = UINT64_MAX, .name = names[i]};
	return p;
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	if (p->file)
		fclose(p->file);
	free(p->rows);
	free(p);
}

void profile_add(struct profile *p, const struct symbols *symbols)
{
	struct row row = {.clocks = 0};

	for (size_t i = 0; symbols && i < symbols_count(symbols); i++) {
		row.name = symbols_get(symbols, i, &row.low, &row.high);
		if (p->count == p->room) {
			p->room = p->room ? 2 * p->room : 256;
			p->rows = realloc(p->rows, p->room * sizeof p->rows[0]);
			if (!p->rows)
				sim_die("out of memory for the profile");
		}
		p->rows[p->count++] = row;
	}
}

static int by_low(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Of names of one place the last is kept; a function ends where the next begins. */
static void untangle(struct profile *p)
{
	size_t kept = 0;

	if (p->count)
		qsort(p->rows, p->count, sizeof p->rows[0], by_low);
	for (size_t i = 0; i < p->count; i++) {
		if (kept && p->rows[kept - 1].low == p->rows[i].low)
			kept--;
		p->rows[kept++] = p->rows[i];
	}
	p->count = kept;
	for (size_t i = 0; i + 1 < kept; i++)
		if (p->rows[i].high > p->rows[i + 1].low)
			p->rows[i].high = p->rows[i + 1].low;
}

void profile_start(struct profile *p, struct soc *soc)
{
	untangle(p);
	p->start = p->since = soc->cpu->cycle;
	soc->cpu->profile = &p->cpu;
}

/* Where pc is: a function, or what lies between two of them. */
static struct entry find(struct profile *p, uint64_t pc, unsigned priv)
{
	size_t low = 0, high = p->count;
	struct row *row = &p->rest[priv % MODES];
	uint64_t from = 0, to = UINT64_MAX;

	if (priv == CPU_U)
		return (struct entry){pc, row, 0, UINT64_MAX};
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->rows[middle].low <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < p->count)
		to = p->rows[low].low;
	if (low > 0)
		from = p->rows[low - 1].high;
	if (low > 0 && pc < from) {
		row = &p->rows[low - 1];
		from = row->low;
		to = row->high;
	}
	return (struct entry){pc, row, from, to - from};
}

static void account(struct profile *p, uint64_t clock)
{
	uint64_t slept = p->cpu.asleep - p->slept;

	if (p->running)
		p->running->clocks += clock - p->since - slept;
	p->since = clock;
	p->slept = p->cpu.asleep;
}

static void moved(struct cpu_profile *cpu, uint64_t pc, unsigned priv, uint64_t clock)
{
	struct profile *p = (struct profile *)cpu;
	struct entry *e = &p->cache[(pc >> 1 ^ pc >> 13) % ENTRIES];

	account(p, clock);
	if (!e->row || e->pc != pc || priv != cpu->priv)
		*e = find(p, pc, priv);
	p->running = e->row;
	cpu->low = e->low;
	cpu->span = e->span;
	cpu->priv = priv;
}

static int by_clocks(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->clocks != y->clocks)
		return x->clocks > y->clocks ? -1 : 1;
	return by_low(a, b);
}

static void print_row(struct profile *p, uint64_t clocks, uint64_t all, const char *name)
{
	if (clocks)
		fprintf(p->file, "%16" PRIu64 " %6.2f  %s\n", clocks, 100.0 * (double)clocks / (double)all, name);
}

static void print_functions(struct profile *p, uint64_t all)
{
	struct row asleep = {.clocks = p->cpu.asleep, .name = "[asleep in WFI]"}, *rows;
	size_t count = p->count;

	rows = sim_alloc((count + MODES + 1) * sizeof *rows);
	memcpy(rows, p->rows, count * sizeof *rows);
	for (unsigned i = 0; i < MODES; i++)
		rows[count++] = p->rest[i];
	rows[count++] = asleep;
	qsort(rows, count, sizeof *rows, by_clocks);
	fprintf(p->file, "%16s %6s  %s\n", "cycles", "%", "function");
	for (size_t i = 0; i < count; i++)
		print_row(p, rows[i].clocks, all, rows[i].name);
	print_row(p, all, all, "all");
	free(rows);
}

static void print_device(struct profile *p, const struct vdev *v, unsigned slot)
{
	const struct activity *a = vdev_activity(v);

	fprintf(p->file, "%4u %16" PRIu64 " %16" PRIu64 " %16" PRIu64 " %16" PRIu64 "\n", slot, a->busy, a->stalled,
		a->idle, a->busy + a->stalled + a->idle);
}

void profile_write(struct profile *p, const struct soc *soc)
{
	bool failed;

	account(p, soc->cpu->cycle);
	print_functions(p, soc->cpu->cycle - p->start);
	if (soc->device_count)
		fprintf(p->file, "\n%4s %16s %16s %16s %16s\n", "slot", "busy", "stalled", "idle", "all");
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->vdev[slot])
			print_device(p, soc->vdev[slot], slot);
	failed = ferror(p->file);
	if (fclose(p->file) != 0)
		failed = true;
	p->file = NULL;
	if (failed)
		sim_die("%s: could not be written", p->path);
}
