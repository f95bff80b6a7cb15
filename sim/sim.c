/* SPDX-License-Identifier: Apache-2.0
 * sim.c: see sim.h. */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t splitmix64(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void sim_rng_init(struct sim_rng *rng, uint64_t seed)
{
	for (unsigned i = 0; i < 4; i += 2) {
		uint64_t z = splitmix64(&seed);

		rng->s[i] = (uint32_t)z;
		rng->s[i + 1] = (uint32_t)(z >> 32);
	}
	if ((rng->s[0] | rng->s[1] | rng->s[2] | rng->s[3]) == 0) /* the one state that never leaves itself */
		rng->s[0] = 1;
}

void sim_die(const char *fmt, ...)
{
	char text[2000];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fflush(stdout);
	fprintf(stderr, "ringwalk: %s\n", text);
	exit(2);
}

void *sim_alloc(size_t bytes)
{
	void *p = calloc(1, bytes != 0 ? bytes : 1);

	if (p == NULL)
		sim_die("out of memory (%zu bytes)", bytes);
	return p;
}
