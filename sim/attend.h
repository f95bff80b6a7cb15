/* SPDX-License-Identifier: Apache-2.0
 * attend.h: a run in the hands of its user: signals that end it, its progress on a terminal, a debugger. Without them it is
 * soc_run, and with them the machine's run is the same.
 */
#ifndef ATTEND_H
#define ATTEND_H

#include "options.h"
#include "soc.h"

struct attend;

/* Listens for a debugger, if o has one, and watches for signals from now on. sim_die when the address is not to be had. */
struct attend *attend_new(const struct options *o);
void attend_free(struct attend *a);

/* Runs the machine to its end. */
void attend_run(struct attend *a, struct soc *soc);

/* The exit status of a run that ended as SOC_INTERRUPTED: 128 and the signal's number, or 1: the debugger killed it. */
int attend_status(void);

#endif
