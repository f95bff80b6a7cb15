/* SPDX-License-Identifier: Apache-2.0
 * main.c: the program qtest: the same sequences on QEMU's virtio-mmio disk and on ours, over the qtest protocol.
 *
 *     qtest [--ringwalk PROGRAM] [--qemu PROGRAM] [--dut KIND] [--seed N] [--random N] [--only NAME] [--list] [--fake N]
 *
 * A sequence is called FAMILY/N, packed.FAMILY/N or random/N; it depends on its name and the seed alone. The first difference ends the
 * run with status 1. --fake N falsifies the comparison N, from 0; status 3: there are fewer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "machines.h"
#include "sequences.h"

struct job {
	struct machines machines;
	uint64_t seed, random;
	const char *only; /* NULL: all */
	long fake;
	bool list;
};

static const struct group {
	const struct family *families;
	bool packed;
} groups[] = {
	{register_families, false}, {request_families, false}, {broken_families, false}, {split_families, false},
	{request_families, true},   {broken_families, true},   {packed_families, true},
};
enum { GROUPS = sizeof groups / sizeof groups[0] };

static const struct {
	const char *name, *clause, *what;
} masks[] = {
	{"", "", ""},
#define MASK(name, clause, what) {#name, clause, what},
#include "masks.def"
};

struct sequence {
	char name[40];
	const struct family *family; /* NULL: a random one, which may use both rings */
	bool packed;
	unsigned place;
};

/* Sequence `number` of a run, from 0: those of the families first. False when there are no more. */
static bool find(const struct job *job, uint64_t number, struct sequence *s)
{
	*s = (struct sequence){.family = NULL};
	for (const struct group *g = groups; g < groups + GROUPS; g++) {
		for (const struct family *f = g->families; f->name; f++) {
			if (number >= f->count) {
				number -= f->count;
				continue;
			}
			s->family = f;
			s->packed = g->packed;
			s->place = (unsigned)number;
			snprintf(s->name, sizeof s->name, "%s%s/%u", g->packed ? "packed." : "", f->name, s->place);
			return true;
		}
	}
	s->place = (unsigned)number;
	snprintf(s->name, sizeof s->name, "random/%u", s->place);
	return number < job->random;
}

static uint64_t seed_of(const struct job *job, const struct sequence *s)
{
	uint64_t hash = job->seed * 1000003;

	for (const char *c = s->name; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 0x100000001b3;
	return hash;
}

static bool run_one(const struct job *job, struct pair *p, const struct sequence *s)
{
	static struct driver driver;

	driver_begin(&driver, p, seed_of(job, s), s->packed || !s->family);
	if (s->family)
		s->family->run(&driver, s->place);
	else
		sequence_random(&driver);
	driver_end(&driver);
	return !p->failed;
}

static void report_failure(const struct job *job, const struct pair *p, const struct sequence *s)
{
	printf("sequence %s, seed %llu: %s\n", s->name, (unsigned long long)job->seed, p->why);
	for (unsigned long i = p->steps > PAIR_HISTORY ? p->steps - PAIR_HISTORY : 0; i < p->steps; i++)
		printf("  %3lu %s\n", i + 1, p->history[i % PAIR_HISTORY]);
	printf("again: %s --ringwalk %s --dut %s --seed %llu --only %s\n", program_invocation_name,
	       job->machines.ringwalk, job->machines.dut, (unsigned long long)job->seed, s->name);
}

/* Each mask, and on stderr how often it excused something, which hangs on QEMU's timing. Returns how many never did. */
static unsigned report_masks(const struct pair *p)
{
	unsigned unused = 0;

	for (unsigned m = 1; m < MASKS; m++) {
		printf("  masked  %-24s %s: %s\n", masks[m].name, masks[m].clause, masks[m].what);
		fprintf(stderr, "%6lu %s\n", p->hits[m], masks[m].name);
		if (p->hits[m])
			continue;
		printf("unused mask: %s\n", masks[m].name);
		unused++;
	}
	return unused;
}

static uint64_t number_of(const char *name, const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);

	if (!*text || *end)
		sim_die("qtest: %s: '%s' is not a number", name, text);
	return value;
}

static void read_option(struct job *job, const char *name, const char *value)
{
	if (strcmp(name, "--ringwalk") == 0)
		job->machines.ringwalk = value;
	else if (strcmp(name, "--qemu") == 0)
		job->machines.qemu = value;
	else if (strcmp(name, "--dut") == 0)
		job->machines.dut = value;
	else if (strcmp(name, "--seed") == 0)
		job->seed = number_of(name, value);
	else if (strcmp(name, "--random") == 0)
		job->random = number_of(name, value);
	else if (strcmp(name, "--only") == 0)
		job->only = value;
	else if (strcmp(name, "--fake") == 0)
		job->fake = (long)number_of(name, value);
	else
		sim_die("qtest: %s: unknown option", name);
}

static void read_options(struct job *job, char **argv)
{
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "--list") == 0) {
			job->list = true;
			continue;
		}
		if (!argv[1])
			sim_die("qtest: %s: unknown, or its argument is missing", *argv);
		read_option(job, argv[0], argv[1]);
		argv++;
	}
}

/* The sequences that were asked for; how many ran. */
static uint64_t run_all(const struct job *job, struct pair *p, uint64_t *random)
{
	struct sequence s;
	uint64_t scripted = 0;

	for (uint64_t n = 0; find(job, n, &s) && !p->failed; n++) {
		if (job->only && strcmp(job->only, s.name) != 0)
			continue;
		scripted += s.family != NULL;
		*random += s.family == NULL;
		if (!run_one(job, p, &s))
			report_failure(job, p, &s);
	}
	if (scripted + *random == 0)
		sim_die("qtest: no sequence is called %s", job->only);
	return scripted;
}

static int run(struct job *job)
{
	static struct pair pair;
	struct timespec start, end;
	unsigned unused = 0;
	uint64_t scripted, random = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	pair.fake = job->fake;
	machines_open(&job->machines, &pair);
	scripted = run_all(job, &pair, &random);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!pair.failed && !job->only)
		unused = report_masks(&pair);
	printf("%s: %llu scripted and %llu random sequences: %s\n", job->machines.dut, (unsigned long long)scripted,
	       (unsigned long long)random, pair.failed ? "they differ" : "no difference but the masked ones");
	fprintf(stderr, "%lu accesses to each, %lu comparisons, %.1f s\n", pair.accesses, pair.compared,
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
	machines_close(&job->machines, &pair);
	if (pair.fake >= 0 && !pair.failed)
		return 3;
	return pair.failed || unused ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct job job = {
		.machines = {.ringwalk = "build/ringwalk", .qemu = "qemu-system-riscv64", .dut = "model"},
		.seed = 1,
		.random = 2000,
		.fake = -1,
	};
	struct sequence s;

	(void)argc;
	read_options(&job, argv);
	for (uint64_t n = 0; job.list && find(&job, n, &s); n++)
		puts(s.name);
	return job.list ? 0 : run(&job);
}
