/* SPDX-License-Identifier: Apache-2.0
 * attend.c: see attend.h.
 */
#define _XOPEN_SOURCE 700
#include "attend.h"

#include <stdlib.h>
#include <unistd.h>
#include "console.h"
#include "gdb/gdb.h"
#include "interrupt.h"
#include "progress.h"
#include "sim.h"

struct attend {
	const struct options *options;
	struct gdb_server *gdb;    /* or NULL */
	struct progress *progress; /* or NULL */
	struct soc *soc;           /* while it runs */
};

struct attend *attend_new(const struct options *o)
{
	struct attend *a = sim_alloc(sizeof *a);

	a->options = o;
	if (o->gdb)
		a->gdb = gdb_listen("-gdb", o->gdb);
	if (o->progress_plain || (o->progress && isatty(STDERR_FILENO)))
		a->progress = progress_new(stderr, o->progress_plain);
	return a;
}

void attend_free(struct attend *a)
{
	if (!a)
		return;
	progress_free(a->progress);
	gdb_close(a->gdb);
	free(a);
}

/* A line of progress and the guest's output take turns on one terminal. */
static bool take_turns(struct attend *a, struct console *console)
{
	if (!a->progress || a->options->progress_plain || !console || console_file(console) != stdout ||
	    !isatty(STDOUT_FILENO))
		return false;
	console_through(console, progress_stream(a->progress, stdout));
	return true;
}

static void look(void *ctx)
{
	struct attend *a = ctx;

	if (a->progress)
		progress_look(a->progress, a->soc);
	if (interrupt_signal() && (a->soc->end == SOC_RUNNING || a->soc->end == SOC_HALTED))
		a->soc->end = SOC_INTERRUPTED;
}

void attend_run(struct attend *a, struct soc *soc)
{
	struct console *console = soc->config.console;
	bool turns;

	interrupt_watch();
	a->soc = soc;
	turns = take_turns(a, console);
	if (turns)
		soc->uart.out = console_file(console);
	soc->observer = (struct soc_observer){.look = look, .ctx = a};
	if (a->gdb)
		gdb_run(a->gdb, soc, a->options->halted);
	else
		soc_run(soc);
	if (turns)
		console_through(console, stdout);
	progress_free(a->progress);
	a->progress = NULL;
}

int attend_status(void)
{
	return interrupt_signal() ? 128 + interrupt_signal() : 1;
}
