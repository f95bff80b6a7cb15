/* SPDX-License-Identifier: Apache-2.0
 * boot.c: see boot.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "boot.h"
#include "sim.h"

enum { TURNS = 2, ABSENT = 77 };

static const char script[] = "tests/guests/boot.sh";

const char *const boot_names[BOOT_MACHINES] = {"qemu", "model", "rtl", "lockstep"};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void child(const char *machine, int out)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execl(script, script, machine, (char *)NULL);
	_exit(2);
}

/* `selftest: N ok, M failed` is the last line; M is *failed then. */
static bool is_last_line(const char *line, unsigned *failed)
{
	return sscanf(line, "selftest: %*u ok, %u failed", failed) == 1;
}

/* The moment at which the last line came, or a negative number when it never did. Reads on until the machine is
 * off. */
static double last_line_at(FILE *uart, unsigned *failed)
{
	char line[1024];
	double at = -1;

	while (fgets(line, sizeof line, uart)) {
		if (is_last_line(line, failed))
			at = now();
	}
	return at;
}

static double boot_once(const char *machine)
{
	int out[2], status = 0;
	unsigned failed = 0;
	double start = now(), end;
	FILE *uart;
	pid_t pid;

	fflush(stdout);
	if (pipe(out) != 0 || (pid = fork()) < 0)
		sim_die("bench: cannot start %s: %s", script, strerror(errno));
	if (!pid)
		child(machine, out[1]);
	close(out[1]);
	uart = fdopen(out[0], "r");
	if (!uart)
		sim_die("bench: %s", strerror(errno));
	end = last_line_at(uart, &failed);
	fclose(uart);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			sim_die("bench: cannot wait for %s: %s", script, strerror(errno));
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == ABSENT)
		exit(ABSENT);
	if (end < 0 || failed || !WIFEXITED(status) || WEXITSTATUS(status))
		sim_die("bench: Linux on %s fails: try %s %s", machine, script, machine);
	return end - start;
}

struct boot boot_measure(const bool wanted[BOOT_MACHINES])
{
	struct boot best = {0};

	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (int m = 0; m < BOOT_MACHINES; m++) {
			double t = wanted[m] ? boot_once(boot_names[m]) : 0;

			if (!turn || t < best.seconds[m])
				best.seconds[m] = t;
		}
	}
	return best;
}
