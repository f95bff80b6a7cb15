/* SPDX-License-Identifier: Apache-2.0
 * interrupt.c: see interrupt.h.
 */
#define _XOPEN_SOURCE 700
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void keep(int number)
{
	came = number;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

void interrupt_watch(void)
{
	struct sigaction action = {.sa_handler = keep, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int interrupt_signal(void)
{
	return came;
}
