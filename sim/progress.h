/* SPDX-License-Identifier: Apache-2.0
 * progress.h: how far the run is, for whoever waits for it: instructions a second of the host, simulated time, requests, bytes.
 *
 *     ringwalk: 1.234567 s simulated, 231.0 MIPS, 521 requests, 17.0 MB
 *
 * On a terminal it is one line, written over some times a second, which makes way for the guest's output; else a line each
 * second. It looks at the machine and changes nothing.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdio.h>
#include "soc.h"

struct progress;

/* to: the terminal's stderr, or anything if plain. */
struct progress *progress_new(FILE *to, bool plain);
/* Takes the line away. */
void progress_free(struct progress *p);

/* Shows the line if it is time. */
void progress_look(struct progress *p, const struct soc *soc);

/* A stream that takes the line away before it writes to out; belongs to p. */
FILE *progress_stream(struct progress *p, FILE *out);

/* The text, for to. */
void progress_print(FILE *to, const struct soc *soc, double mips);

#endif
