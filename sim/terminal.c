/* SPDX-License-Identifier: Apache-2.0
 * terminal.c: see terminal.h.
 */
#define _XOPEN_SOURCE 700
#include "terminal.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile sig_atomic_t raw;

void terminal_restore(void)
{
	if (raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	raw = 0;
}

/* The signal ends the program as it would have. */
static void restore_and_end(int number)
{
	terminal_restore();
	signal(number, SIG_DFL);
	raise(number);
}

/* Who has a handler of his own ends by exit. */
static void handle(int number)
{
	struct sigaction old, new = {.sa_handler = restore_and_end};

	if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(number, &new, NULL);
}

void terminal_raw(void)
{
	static const int ends[] = {SIGHUP,  SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGABRT,
				   SIGSEGV, SIGBUS, SIGFPE,  SIGILL,  SIGALRM, SIGXFSZ};
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return;
	mode = before;
	mode.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON);
	mode.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	atexit(terminal_restore);
	for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++)
		handle(ends[i]);
	raw = 1;
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}
