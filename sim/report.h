/* SPDX-License-Identifier: Apache-2.0
 * report.h: what the run's end looks like: to a reader, and as JSON.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>
#include <stdio.h>
#include "lockstep.h"
#include "options.h"
#include "soc.h"

/* Why a run that the guest did not finish ended: cycle, pin, both values, states in words, the last events, pc and
 * function, seed, and the command that replays it. */
void report_failure(FILE *to, const struct soc *soc, const struct options *o);

/* A lockstep difference without a machine, as in a replay: cycle counts from the recording's start. */
void report_mismatch(FILE *to, const struct lockstep_mismatch *m, uint64_t cycle);

/* The name of a unit, NULL behind the last, and of one of its states, as states.def has them. */
const char *report_unit(unsigned unit);
const char *report_state(unsigned unit, unsigned state);

/* One line: clocks, requests, bytes, mismatches. */
void report_summary(FILE *to, const struct soc *soc);

/* Counts of the run as JSON, none of them the host's; those of several devices are in an array. sim_die when the file cannot be written. */
void report_stats(const char *path, const struct soc *soc, const struct options *o);

#endif
