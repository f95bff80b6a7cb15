/* SPDX-License-Identifier: Apache-2.0
 * progress.c: see progress.h.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include "sim.h"

#define EVERY_SECONDS 0.25
#define EVERY_SECONDS_PLAIN 1.0

enum { CLOCKS_PER_US = 100 };

struct progress {
	FILE *to;
	bool plain, shown;
	double last;      /* when a line was shown */
	uint64_t instret; /* and the instructions so far */
	FILE *stream, *out;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct progress *progress_new(FILE *to, bool plain)
{
	struct progress *p = sim_alloc(sizeof *p);

	p->to = to;
	p->plain = plain;
	p->last = seconds();
	return p;
}

static void erase(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", p->to);
	p->shown = false;
}

void progress_free(struct progress *p)
{
	if (!p)
		return;
	if (p->stream)
		fclose(p->stream);
	erase(p);
	free(p);
}

void progress_print(FILE *to, const struct soc *soc, double mips)
{
	uint64_t us = soc->cpu->cycle / CLOCKS_PER_US, requests = 0, bytes = 0;

	for (unsigned i = 0; i < soc->device_count; i++) {
		requests += vdev_meter(soc->devices[i])->requests;
		bytes += vdev_meter(soc->devices[i])->bytes;
	}
	fprintf(to, "ringwalk: %" PRIu64 ".%06" PRIu64 " s simulated, %.1f MIPS, %" PRIu64 " requests, %.1f MB",
		us / 1000000, us % 1000000, mips, requests, (double)bytes * 1e-6);
}

/* Behind text of the guest that waits for the rest of its line, a line of ours would be in the way. */
static bool in_the_way(const struct progress *p, const struct soc *soc)
{
	return p->stream && soc->uart.last != '\n' && soc->uart.last != 0;
}

void progress_look(struct progress *p, const struct soc *soc)
{
	double now = seconds(), elapsed = now - p->last;
	uint64_t instret = cpu_instret(soc->cpu);

	if (elapsed < (p->plain ? EVERY_SECONDS_PLAIN : EVERY_SECONDS) || in_the_way(p, soc))
		return;
	if (p->stream)
		fflush(p->stream);
	erase(p);
	progress_print(p->to, soc, (double)(instret - p->instret) / elapsed * 1e-6);
	if (p->plain)
		putc('\n', p->to);
	p->shown = !p->plain;
	fflush(p->to);
	p->last = now;
	p->instret = instret;
}

static ssize_t write_through(void *cookie, const char *bytes, size_t len)
{
	struct progress *p = cookie;

	erase(p);
	fflush(p->to);
	len = fwrite(bytes, 1, len, p->out);
	fflush(p->out);
	return (ssize_t)len;
}

FILE *progress_stream(struct progress *p, FILE *out)
{
	p->out = out;
	p->stream = fopencookie(p, "w", (cookie_io_functions_t){.write = write_through});
	if (!p->stream)
		sim_die("out of memory for standard output");
	setvbuf(p->stream, NULL, _IOLBF, BUFSIZ);
	return p->stream;
}
