/* SPDX-License-Identifier: Apache-2.0
 * refused.h: what the user must not ask for ends in status 2 and one line on stderr.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include "unit.h"
#include <sys/wait.h>
#include <unistd.h>

/* Of a child under ASan: leaks are looked for once, by the test itself, not in each of a thousand children. */
static inline void refused_leave(int status, void *none)
{
	(void)none;
	_exit(status);
}

/* fn(ctx) ends the program, here a child of the test, with status 2 and one line that has both texts in it. */
static inline void refused(void (*fn)(void *), void *ctx, const char *name, const char *why)
{
	char line[512] = "";
	int fds[2], status = 0;
	size_t got = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		on_exit(refused_leave, NULL);
		fn(ctx);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], line + got, sizeof line - 1 - got)) > 0)
		got += (size_t)n;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 2 || !strstr(line, name) || !strstr(line, why))
		fail_msg("status 0x%x, wanted 2 with '%s' and '%s': %s", (unsigned)status, name, why, line);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

#endif
