/* SPDX-License-Identifier: Apache-2.0
 * cpu.c: instructions a second beside QEMU, see speed.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "sim.h"
#include "speed.h"

enum { TURNS = 5, NOT_FOUND = 127 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void child(char *const argv[])
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		_exit(NOT_FOUND);
	execvp(argv[0], argv);
	_exit(NOT_FOUND);
}

/* Wall time of a program that runs an ELF and must end with status 0. */
static double seconds(char *const argv[], const char *elf)
{
	double start = now();
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		sim_die("bench: cannot start %s: %s", argv[0], strerror(errno));
	if (!pid)
		child(argv);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			sim_die("bench: cannot wait for %s: %s", argv[0], strerror(errno));
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND && strstr(argv[0], "qemu")) {
		fputs("bench: qemu-system-riscv64 is missing: install the package qemu-system-misc\n", stderr);
		exit(77);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		sim_die("bench: %s does not run %s", argv[0], elf);
	return now() - start;
}

static double run_ringwalk(const char *ringwalk, const char *elf, const char *stats)
{
	char *const argv[] = {
		(char *)(uintptr_t)ringwalk, "--dut", "model", "--stats", (char *)(uintptr_t)stats, "-kernel",
		(char *)(uintptr_t)elf,      NULL};

	return seconds(argv, elf);
}

/* way: -singlestep, one instruction a block, or -nographic, which is as good as nothing here. */
static double run_qemu(const char *elf, const char *way)
{
	char *const argv[] = {"qemu-system-riscv64",
			      (char *)(uintptr_t)way,
			      "-M",
			      "virt",
			      "-m",
			      "128",
			      "-display",
			      "none",
			      "-serial",
			      "null",
			      "-monitor",
			      "none",
			      "-bios",
			      (char *)(uintptr_t)elf,
			      NULL};

	return seconds(argv, elf);
}

/* Instructions of the last run, from its statistics. */
static double instructions(const char *stats)
{
	static const char key[] = "\"instructions\":";
	char text[4096];
	FILE *f = fopen(stats, "r");
	size_t n;
	const char *at;

	if (!f)
		sim_die("bench: cannot read %s: %s", stats, strerror(errno));
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = 0;
	at = strstr(text, key);
	if (!at)
		sim_die("bench: no instructions in %s", stats);
	return strtod(at + sizeof key - 1, NULL);
}

static void keep_least(double *best, double value, unsigned turn)
{
	if (!turn || value < *best)
		*best = value;
}

enum { OURS, SINGLESTEP, TCG, MACHINES };

struct cpu_speed cpu_measure(const char *ringwalk, const char *loop_elf, const char *empty_elf, const char *stats_path)
{
	double loop[MACHINES] = {0}, empty[MACHINES] = {0}, count;

	run_ringwalk(ringwalk, loop_elf, stats_path);
	count = instructions(stats_path);
	run_ringwalk(ringwalk, empty_elf, stats_path);
	count -= instructions(stats_path);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		keep_least(&loop[OURS], run_ringwalk(ringwalk, loop_elf, stats_path), turn);
		keep_least(&loop[SINGLESTEP], run_qemu(loop_elf, "-singlestep"), turn);
		keep_least(&loop[TCG], run_qemu(loop_elf, "-nographic"), turn);
		keep_least(&empty[OURS], run_ringwalk(ringwalk, empty_elf, stats_path), turn);
		keep_least(&empty[SINGLESTEP], run_qemu(empty_elf, "-singlestep"), turn);
		keep_least(&empty[TCG], run_qemu(empty_elf, "-nographic"), turn);
	}
	count *= 1e-6;
	return (struct cpu_speed){.ours_mips = count / (loop[OURS] - empty[OURS]),
				  .singlestep_mips = count / (loop[SINGLESTEP] - empty[SINGLESTEP]),
				  .tcg_mips = count / (loop[TCG] - empty[TCG])};
}
