/* SPDX-License-Identifier: Apache-2.0
 * random.c: random programs on our hart and on QEMU's; all registers are compared every few instructions.
 *
 * Ends with status 1 at the first difference, which it locates by running the program again with a look at the registers
 * after each instruction.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "compare.h"
#include "gen.h"
#include "machines.h"
#include "pages.h"

enum { ITERATIONS = 16 };

struct settings {
	const char *qemu;
	uint64_t seed, count;
	int program; /* the only one, or -1 */
	bool pages;  /* modes and page tables instead of instructions */
};

static void write_counts(const struct settings *s, const uint64_t *counts, uint64_t traps, unsigned programs)
{
	printf("seed %" PRIu64 ", %u programs, equal:", s->seed, programs);
	for (unsigned i = 0; i < EXTS; i++)
		printf(" %s %" PRIu64, ext_names[i], counts[i]);
	printf(", traps %" PRIu64 "\n", traps);
}

/* Both machines on what is in ours, but the log. */
static bool run_both(const struct settings *s, struct ram *qemu, struct ram *ours, uint64_t bytes)
{
	bool ended;
	pid_t pid;

	memcpy(qemu->bytes, ours->bytes, bytes);
	pid = qemu_start(s->qemu, qemu);
	ended = ours_run(ours->bytes);
	qemu_wait(s->qemu, pid);
	if (!ended)
		printf("  ours does not come to an end\n");
	return ended;
}

static bool run_pages(const struct settings *s, unsigned program, unsigned *traps)
{
	struct ram qemu = ram_new(), ours = ram_new();
	bool ended, equal;

	pages_program(ours.bytes, s->seed << 20 | program);
	ended = run_both(s, &qemu, &ours, PAGES_LOG);
	equal = pages_compare(qemu.bytes, ours.bytes, traps, stdout);
	ram_free(&qemu);
	ram_free(&ours);
	return equal && ended;
}

static bool run(const struct settings *s, unsigned program, bool fine, struct gen *g)
{
	struct ram qemu = ram_new(), ours = ram_new();
	bool ended, equal;

	gen_program(g, ours.bytes, s->seed << 20 | program, ITERATIONS, fine);
	g->dram = qemu.bytes;
	ended = run_both(s, &qemu, &ours, IMAGE_LOG);
	equal = compare_runs(g, qemu.bytes, ours.bytes, stdout);
	ram_free(&qemu);
	ram_free(&ours);
	free(g->pieces);
	return equal && ended;
}

static int report(const struct settings *s, unsigned program)
{
	struct gen g;

	printf("the same, looked at after each instruction:\n");
	if (run(s, program, true, &g))
		printf("  equal: what differs is above\n");
	printf("again: build/cpu-random --seed %" PRIu64 " --program %u\n", s->seed, program);
	return 1;
}

static bool enough(const struct settings *s, const uint64_t *counts)
{
	for (unsigned i = 0; i < EXTS; i++)
		if (counts[i] < s->count)
			return false;
	return true;
}

static int run_all(const struct settings *s)
{
	uint64_t counts[EXTS] = {0}, traps = 0;
	unsigned program = s->program < 0 ? 0 : (unsigned)s->program, programs = 0;
	struct gen g;

	do {
		printf("seed %" PRIu64 ", program %u\n", s->seed, program);
		if (!run(s, program, false, &g))
			return report(s, program);
		for (unsigned i = 0; i < EXTS; i++)
			counts[i] += g.counts[i] * ITERATIONS;
		traps += g.traps * ITERATIONS;
		program++;
		programs++;
	} while (s->program < 0 && !enough(s, counts));
	write_counts(s, counts, traps, programs);
	return 0;
}

/* Until there are count cases. */
static int run_all_pages(const struct settings *s)
{
	unsigned program = s->program < 0 ? 0 : (unsigned)s->program, programs = 0, traps;
	uint64_t all_traps = 0;

	do {
		printf("seed %" PRIu64 ", program %u\n", s->seed, program);
		if (!run_pages(s, program, &traps)) {
			printf("again: build/cpu-random --pages --seed %" PRIu64 " --program %u\n", s->seed, program);
			return 1;
		}
		all_traps += traps;
		program++;
		programs++;
	} while (s->program < 0 && programs * (uint64_t)PAGES_CASES < s->count);
	printf("seed %" PRIu64 ", %u programs, equal: %" PRIu64 " cases, of which %" PRIu64 " trapped\n", s->seed,
	       programs, programs * (uint64_t)PAGES_CASES, all_traps);
	return 0;
}

static uint64_t number_of(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (*text == '\0' || *end != '\0')
		sim_die("%s is no number", text);
	return value;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"seed", required_argument, NULL, 's'},    {"count", required_argument, NULL, 'c'},
		{"program", required_argument, NULL, 'p'}, {"qemu", required_argument, NULL, 'q'},
		{"pages", no_argument, NULL, 'm'},         {NULL, 0, NULL, 0}};
	struct settings s = {.qemu = "qemu-system-riscv64", .seed = 1, .count = 1, .program = -1};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			s.seed = number_of(optarg);
			break;
		case 'c':
			s.count = number_of(optarg);
			break;
		case 'p':
			s.program = (int)number_of(optarg);
			break;
		case 'm':
			s.pages = true;
			break;
		case 'q':
			s.qemu = optarg;
			break;
		default:
			fprintf(stderr,
				"usage: %s [--pages] [--seed N] [--count INSTRUCTIONS OF EACH EXTENSION] [--program N] "
				"[--qemu "
				"PROGRAM]\n",
				argv[0]);
			return 2;
		}
	}
	return s.pages ? run_all_pages(&s) : run_all(&s);
}
