/* SPDX-License-Identifier: Apache-2.0
 * main.c: the program qtest: the same sequences on QEMU's virtio-mmio disk and on ours, over the qtest protocol.
 *
 *     qtest [--ringwalk PROGRAM] [--qemu PROGRAM] [--dut KIND] [--seed N] [--random N] [--only N] [--list] [--fake N]
 *
 * Sequences are numbered from 1: those of the families first, then the random ones; each depends on its number and the
 * seed alone. The first difference ends the run with status 1. --fake N falsifies the Nth comparison.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "sequences.h"

#define SERIAL "abcdefghijklmnopqrst"

struct job {
	const char *ringwalk, *qemu, *dut;
	uint64_t seed, random;
	uint64_t only; /* 0: all */
	long fake;
	bool list;
	char folder[64];
};

static const struct family *const all_families[] = {register_families, request_families, broken_families};
enum { GROUPS = sizeof all_families / sizeof all_families[0] };

static const struct {
	const char *name, *clause, *what;
} masks[] = {
	{"", "", ""},
#define MASK(name, clause, what) {#name, clause, what},
#include "masks.def"
};

static uint64_t scripted(void)
{
	uint64_t n = 0;

	for (unsigned g = 0; g < GROUPS; g++)
		for (const struct family *f = all_families[g]; f->name; f++)
			n += f->count;
	return n;
}

/* The family of a number, which becomes the place in it; NULL: a random one. */
static const struct family *find(uint64_t *number)
{
	(*number)--;
	for (unsigned g = 0; g < GROUPS; g++)
		for (const struct family *f = all_families[g]; f->name; *number -= f->count, f++)
			if (*number < f->count)
				return f;
	return NULL;
}

static const char *path_in(const struct job *job, const char *name)
{
	static char paths[8][128];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof paths[0], "%s/%s", job->folder, name);
	return path;
}

static uint8_t *make_disk(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	void *map;

	if (fd < 0 || ftruncate(fd, DISK_BYTES) != 0)
		sim_die("%s: %s", path, strerror(errno));
	map = mmap(NULL, DISK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		sim_die("%s: %s", path, strerror(errno));
	close(fd);
	return map;
}

static char *format(const char *f, const char *path)
{
	char *text = sim_alloc(300);

	snprintf(text, 300, f, path);
	return text;
}

static void open_ours(const struct job *job, struct pair *p)
{
	const char *path = path_in(job, "ours.sock"), *disk = path_in(job, "ours.img");
	char *argv[] = {(char *)(uintptr_t)job->ringwalk,
			(char[]){"-m"},
			(char[]){"16M"},
			(char[]){"-dut"},
			(char *)(uintptr_t)job->dut,
			(char[]){"-qtest"},
			format("unix:%s", path),
			(char[]){"-drive"},
			format("if=none,id=d,format=raw,file=%s", disk),
			(char[]){"-device"},
			(char[]){"virtio-blk-device,drive=d,serial=" SERIAL},
			NULL};

	p->our_disk = make_disk(disk);
	peer_open(&p->ours, "ours", path, path_in(job, "ours.log"), argv);
}

/* What QEMU offers beside is switched off where it can be; seg_max follows from queue-size. */
static void open_qemu(const struct job *job, struct pair *p)
{
	const char *path = path_in(job, "qemu.sock"), *disk = path_in(job, "qemu.img");
	char *argv[] = {(char *)(uintptr_t)job->qemu,
			(char[]){"-M"},
			(char[]){"virt"},
			(char[]){"-m"},
			(char[]){"16M"},
			(char[]){"-S"},
			(char[]){"-nodefaults"},
			(char[]){"-display"},
			(char[]){"none"},
			(char[]){"-bios"},
			(char[]){"none"},
			(char[]){"-qtest-log"},
			(char[]){"none"},
			(char[]){"-qtest"},
			format("unix:%s", path),
			(char[]){"-global"},
			(char[]){"virtio-mmio.force-legacy=false"},
			(char[]){"-drive"},
			format("if=none,id=d,format=raw,file=%s", disk),
			(char[]){"-device"},
			(char[]){"virtio-blk-device,drive=d,queue-size=128,num-queues=1,config-wce=off,discard=off,"
				 "write-zeroes=off,serial=" SERIAL},
			NULL};

	p->qemu_disk = make_disk(disk);
	peer_open(&p->qemu, "QEMU", path, path_in(job, "qemu.log"), argv);
}

/* The PLIC's inputs, and the features that both offer. */
static void introduce(struct pair *p)
{
	static const char *const commands[] = {
		"endianness",          "irq_intercept_in /machine/unattached/device[2]",
		"writel 0x10008014 1", "readl 0x10008010",
		"writel 0x10008014 0", "readl 0x10008010",
	};
	struct peer *const peers[] = {&p->ours, &p->qemu};

	p->both = ~0ull;
	for (unsigned k = 0; k < 2; k++) {
		uint64_t offered = 0;

		for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
			const char *text;

			peer_send(peers[k], "%s", commands[i]);
			peer_flush(peers[k]);
			text = peer_answer(peers[k]);
			if (strncmp(text, "OK", 2) != 0)
				sim_die("%s answered '%s' to '%s'", peers[k]->name, text, commands[i]);
			if (commands[i][0] == 'r')
				offered = offered << 32 | strtoull(text + 3, NULL, 16);
		}
		p->both &= offered;
	}
}

static bool run_one(const struct job *job, struct pair *p, uint64_t number)
{
	static struct driver driver;
	uint64_t place = number;
	const struct family *f = find(&place);

	driver_begin(&driver, p, job->seed * 1000003 + number);
	if (f)
		f->run(&driver, (unsigned)place);
	else
		sequence_random(&driver);
	driver_end(&driver);
	return !p->failed;
}

static void report_failure(const struct job *job, const struct pair *p, uint64_t number)
{
	uint64_t place = number;
	const struct family *f = find(&place);

	printf("sequence %llu (%s %llu), seed %llu: %s\n", (unsigned long long)number, f ? f->name : "random",
	       (unsigned long long)place, (unsigned long long)job->seed, p->why);
	for (unsigned long i = p->steps > PAIR_HISTORY ? p->steps - PAIR_HISTORY : 0; i < p->steps; i++)
		printf("  %3lu %s\n", i + 1, p->history[i % PAIR_HISTORY]);
	printf("again: %s --ringwalk %s --dut %s --seed %llu --only %llu\n", program_invocation_name, job->ringwalk,
	       job->dut, (unsigned long long)job->seed, (unsigned long long)number);
}

/* Each mask, and on stderr how often it excused something, which hangs on QEMU's timing. Returns how many never did. */
static unsigned report_masks(const struct pair *p)
{
	unsigned unused = 0;

	for (unsigned m = 1; m < MASKS; m++) {
		printf("  masked  %-24s %s: %s\n", masks[m].name, masks[m].clause, masks[m].what);
		fprintf(stderr, "%6lu %s\n", p->hits[m], masks[m].name);
		unused += p->hits[m] == 0;
	}
	for (unsigned m = 1; m < MASKS; m++)
		if (p->hits[m] == 0)
			printf("unused mask: %s\n", masks[m].name);
	return unused;
}

static uint64_t number_of(const char *name, const char *text)
{
	char *end;
	uint64_t value = text ? strtoull(text, &end, 0) : 0;

	if (!text || !*text || *end)
		sim_die("qtest: %s: '%s' is not a number", name, text ? text : "");
	return value;
}

static void read_options(struct job *job, char **argv)
{
	for (argv++; *argv; argv++) {
		const char *name = *argv, *value = argv[1];

		if (strcmp(name, "--list") == 0) {
			job->list = true;
			continue;
		}
		if (!value)
			sim_die("qtest: %s: unknown, or its argument is missing", name);
		argv++;
		if (strcmp(name, "--ringwalk") == 0)
			job->ringwalk = value;
		else if (strcmp(name, "--qemu") == 0)
			job->qemu = value;
		else if (strcmp(name, "--dut") == 0)
			job->dut = value;
		else if (strcmp(name, "--seed") == 0)
			job->seed = number_of(name, value);
		else if (strcmp(name, "--random") == 0)
			job->random = number_of(name, value);
		else if (strcmp(name, "--only") == 0)
			job->only = number_of(name, value);
		else if (strcmp(name, "--fake") == 0)
			job->fake = (long)number_of(name, value);
		else
			sim_die("qtest: %s: unknown option", name);
	}
}

static int list(void)
{
	uint64_t number = 1;

	for (unsigned g = 0; g < GROUPS; g++) {
		for (const struct family *f = all_families[g]; f->name; number += f->count, f++)
			printf("%4llu to %4llu  %s\n", (unsigned long long)number,
			       (unsigned long long)number + f->count - 1, f->name);
	}
	return 0;
}

static void clean(const struct job *job)
{
	static const char *const names[] = {"ours.sock", "ours.img", "ours.log", "qemu.sock", "qemu.img", "qemu.log"};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(path_in(job, names[i]));
	rmdir(job->folder);
}

static int run(const struct job *job)
{
	static struct pair pair;
	const uint64_t fixed = scripted(), total = fixed + job->random;
	struct timespec start, end;
	unsigned unused = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	pair.fake = job->fake;
	open_ours(job, &pair);
	open_qemu(job, &pair);
	introduce(&pair);
	for (uint64_t n = job->only ? job->only : 1; n <= (job->only ? job->only : total) && !pair.failed; n++)
		if (!run_one(job, &pair, n))
			report_failure(job, &pair, n);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!pair.failed && !job->only)
		unused = report_masks(&pair);
	printf("%s: %llu scripted and %llu random sequences: %s\n", job->dut, job->only ? 1 : (unsigned long long)fixed,
	       job->only ? 0 : (unsigned long long)job->random,
	       pair.failed ? "they differ" : "no difference but the masked ones");
	fprintf(stderr, "%lu accesses to each, %lu comparisons, %.1f s\n", pair.accesses, pair.compared,
		(double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9);
	peer_close(&pair.ours);
	peer_close(&pair.qemu);
	clean(job);
	return pair.failed || unused ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct job job = {.ringwalk = "build/ringwalk",
			  .qemu = "qemu-system-riscv64",
			  .dut = "model",
			  .seed = 1,
			  .random = 2000,
			  .fake = -1};

	(void)argc;
	read_options(&job, argv);
	if (job.list)
		return list();
	snprintf(job.folder, sizeof job.folder, "%s/ringwalk-qtest-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
	if (!mkdtemp(job.folder))
		sim_die("%s: %s", job.folder, strerror(errno));
	return run(&job);
}
