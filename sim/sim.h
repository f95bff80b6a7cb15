/* SPDX-License-Identifier: Apache-2.0
 * sim.h: what every part of the simulator uses: seeded random numbers and the way out for host errors.
 *
 * The generator is xoshiro128++, seeded through splitmix64: the same seed gives the same numbers on every machine.
 * Each part owns its generator, so that the draws of one cannot move another's.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_rng {
	uint32_t s[4];
};

void sim_rng_init(struct sim_rng *rng, uint64_t seed);

static inline uint32_t sim_rng_rotl(uint32_t x, unsigned k)
{
	return (x << k) | (x >> (32 - k));
}

/* 32 fresh bits. */
static inline uint32_t sim_rng_next(struct sim_rng *rng)
{
	uint32_t *s = rng->s;
	uint32_t result = sim_rng_rotl(s[0] + s[3], 7) + s[0];
	uint32_t t = s[1] << 9;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = sim_rng_rotl(s[3], 11);
	return result;
}

/* A number from 0 to n - 1; n must not be 0. The bias is below n / 2^32. */
static inline uint32_t sim_rng_below(struct sim_rng *rng, uint32_t n)
{
	return (uint32_t)(((uint64_t)sim_rng_next(rng) * n) >> 32);
}

/* True with a chance of per_1024 in 1024; draws even when the chance is 0 or 1. */
static inline bool sim_rng_chance(struct sim_rng *rng, uint32_t per_1024)
{
	return (sim_rng_next(rng) >> 22) < per_1024;
}

/* The user or the host failed: one line on stderr, prefixed with the program's name, and exit status 2. */
void sim_die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Memory that is set to 0, or sim_die. */
void *sim_alloc(size_t bytes);

#endif
