/* SPDX-License-Identifier: Apache-2.0
 * fp_host.h: the host's floating point as a judge of sim/cpu/fp*.c, and operands that are worth trying.
 *
 * x86-64 rounds in four of the five modes, and detects tininess after rounding as RISC-V does. Its long double, with 64
 * bits of significand, tells the ties that the fifth mode, RMM, is about.
 */
#ifndef FP_HOST_H
#define FP_HOST_H

#include <fenv.h>
#include <math.h>
#include "unit.h"
#include "sim.h"
#include "cpu/fp.h"

enum host_op { HOST_ADD, HOST_SUB, HOST_MUL, HOST_DIV, HOST_SQRT, HOST_FMA, HOST_OPS };

struct host_result {
	uint64_t bits;
	unsigned flags;
};

static inline double host_double(uint64_t bits)
{
	double d;

	memcpy(&d, &bits, sizeof d);
	return d;
}
static inline uint64_t host_double_bits(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	return isnan(d) ? 0x7ff8000000000000 : bits;
}
static inline float host_float(uint64_t bits)
{
	uint32_t word = (uint32_t)bits;
	float f;

	memcpy(&f, &word, sizeof f);
	return f;
}
static inline uint64_t host_float_bits(float f)
{
	uint32_t word;

	memcpy(&word, &f, sizeof word);
	return isnan(f) ? 0x7fc00000 : word;
}

static inline void host_begin(enum fp_rm rm)
{
	static const int mode[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};

	assert_true(rm <= FP_RUP);
	fesetround(mode[rm]);
	feclearexcept(FE_ALL_EXCEPT);
}

/* The flags since host_begin, as RISC-V has them. */
static inline unsigned host_end(void)
{
	int raised = fetestexcept(FE_ALL_EXCEPT);

	fesetround(FE_TONEAREST);
	return (raised & FE_INEXACT ? FP_NX : 0u) | (raised & FE_UNDERFLOW ? FP_UF : 0u) |
	       (raised & FE_OVERFLOW ? FP_OF : 0u) | (raised & FE_DIVBYZERO ? FP_DZ : 0u) |
	       (raised & FE_INVALID ? FP_NV : 0u);
}

/* One body for each type: volatile keeps the operation between host_begin and host_end. */
#define HOST_ARITHMETIC(name, type, from, to, root, fused)                                                        \
	static inline struct host_result name(enum host_op op, uint64_t a, uint64_t b, uint64_t c, enum fp_rm rm) \
	{                                                                                                         \
		volatile type x = from(a), y = from(b), z = from(c), r = 0;                                       \
                                                                                                                  \
		host_begin(rm);                                                                                   \
		switch (op) {                                                                                     \
		case HOST_ADD:                                                                                    \
			r = x + y;                                                                                \
			break;                                                                                    \
		case HOST_SUB:                                                                                    \
			r = x - y;                                                                                \
			break;                                                                                    \
		case HOST_MUL:                                                                                    \
			r = x * y;                                                                                \
			break;                                                                                    \
		case HOST_DIV:                                                                                    \
			r = x / y;                                                                                \
			break;                                                                                    \
		case HOST_SQRT:                                                                                   \
			r = root(x);                                                                              \
			break;                                                                                    \
		default:                                                                                          \
			r = fused(x, y, z);                                                                       \
		}                                                                                                 \
		return (struct host_result){.flags = host_end(), .bits = to(r)};                                  \
	}
HOST_ARITHMETIC(host_single, float, host_float, host_float_bits, sqrtf, fmaf)
HOST_ARITHMETIC(host_doubles, double, host_double, host_double_bits, sqrt, fma)

static inline struct host_result host_do(bool wide, enum host_op op, uint64_t a, uint64_t b, uint64_t c, enum fp_rm rm)
{
	return wide ? host_doubles(op, a, b, c, rm) : host_single(op, a, b, c, rm);
}

static inline long double host_value(bool wide, uint64_t bits)
{
	return wide ? host_double(bits) : host_float(bits);
}

/* The result in long double; false when even that is not exact. */
static inline bool host_exact(bool wide, enum host_op op, uint64_t a, uint64_t b, uint64_t c, long double *value)
{
	volatile long double x = host_value(wide, a), y = host_value(wide, b), z = host_value(wide, c), r = 0;

	host_begin(FP_RNE);
	switch (op) {
	case HOST_ADD:
		r = x + y;
		break;
	case HOST_SUB:
		r = x - y;
		break;
	case HOST_MUL:
		r = x * y;
		break;
	case HOST_DIV:
		r = x / y;
		break;
	case HOST_SQRT:
		r = sqrtl(x);
		break;
	default:
		r = fmal(x, y, z);
	}
	*value = r;
	return !(host_end() & FP_NX);
}

/* What RMM gives, from the neighbours that RTZ and the mode away from zero give: as RNE, but that a tie goes away from
 * zero. The flags are those of RNE, for at the ends of the range its ties are even, and go away from zero as well. */
static inline uint64_t host_rmm(bool wide, bool exact, long double value, uint64_t nearest, uint64_t inner,
				uint64_t outer)
{
	long double in = fabsl(host_value(wide, inner)), out = fabsl(host_value(wide, outer));

	if (!exact || !isfinite(value) || inner == outer)
		return nearest;
	if (isinf(out))
		out = wide ? 0x1p1024L : 0x1p128L;
	return fabsl(value) - in == out - fabsl(value) ? outer : nearest;
}

static inline uint64_t draw64(struct sim_rng *rng)
{
	uint64_t high = sim_rng_next(rng);

	return high << 32 | sim_rng_next(rng);
}

/* A number with a few set bits, a long run of them, or any; near an exponent that matters. */
static inline uint64_t draw_operand(struct sim_rng *rng, bool wide, int *exponent)
{
	unsigned fraction_bits = wide ? 52 : 23;
	int most = wide ? 2047 : 255, exp;
	uint64_t fraction = draw64(rng), mask = (1ull << fraction_bits) - 1;

	switch (sim_rng_below(rng, 6)) {
	case 0:
		fraction = 0;
		break;
	case 1:
		fraction = UINT64_MAX;
		break;
	case 2:
		fraction = 1ull << sim_rng_below(rng, fraction_bits) | 1ull << sim_rng_below(rng, fraction_bits);
		break;
	case 3:
		fraction = UINT64_MAX << sim_rng_below(rng, fraction_bits);
		break;
	default:
		break;
	}
	switch (sim_rng_below(rng, 8)) {
	case 0:
		exp = (int)sim_rng_below(rng, 3); /* zero, subnormal, least */
		break;
	case 1:
		exp = most - (int)sim_rng_below(rng, 3); /* infinite, NaN, greatest */
		break;
	case 2:
		exp = (int)sim_rng_below(rng, (uint32_t)most + 1);
		break;
	case 3:
		exp = most / 2 + (int)sim_rng_below(rng, 70) - 4; /* about integers */
		break;
	default:
		exp = *exponent + (int)sim_rng_below(rng, 2 * fraction_bits + 8) - (int)fraction_bits - 4;
	}
	exp = exp < 0 ? 0 : exp > most ? most : exp;
	*exponent = exp;
	return (uint64_t)(sim_rng_next(rng) & 1) << (wide ? 63 : 31) | (uint64_t)exp << fraction_bits |
	       (fraction & mask);
}

#endif
