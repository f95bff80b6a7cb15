/* SPDX-License-Identifier: Apache-2.0
 * interrupt.c: see interrupt.h.
 */
#define _XOPEN_SOURCE 700
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;
static struct sigaction old_int, old_term; /* of whoever wants the terminal back */

static void keep(int number)
{
	came = number;
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
}

void interrupt_watch(void)
{
	struct sigaction action = {.sa_handler = keep, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, &old_int);
	sigaction(SIGTERM, &action, &old_term);
}

int interrupt_signal(void)
{
	return came;
}
