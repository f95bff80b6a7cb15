/* SPDX-License-Identifier: Apache-2.0
 * fp_round.c: numbers taken apart, rounded and put together.
 */
#include "cpu/fp_parts.h"

#include <assert.h>

const struct fp_format fp_single = {.fraction_bits = 23, .exponent_bits = 8};
const struct fp_format fp_double = {.fraction_bits = 52, .exponent_bits = 11};

static int bias_of(const struct fp_format *format)
{
	return (1 << (format->exponent_bits - 1)) - 1;
}

struct fp_parts fp_unpack(const struct fp_format *format, uint64_t a)
{
	const unsigned fraction_bits = format->fraction_bits, all_ones = (1u << format->exponent_bits) - 1;
	unsigned biased = (unsigned)(a >> fraction_bits) & all_ones;
	uint64_t fraction = a & ((1ull << fraction_bits) - 1);
	struct fp_parts parts = {.kind = FP_FINITE, .sign = (a & fp_sign_bit(format)) != 0};

	if (biased == all_ones) {
		parts.kind = fraction ? FP_NAN : FP_INFINITE;
		parts.signaling = fraction && !(fraction >> (fraction_bits - 1));
	} else if (biased != 0) {
		parts.exp = (int)biased - bias_of(format);
		parts.sig = 1ull << 63 | fraction << (63 - fraction_bits);
	} else if (fraction != 0) {
		unsigned zeros = (unsigned)__builtin_clzll(fraction);

		parts.exp = 1 - bias_of(format) + (int)(63 - fraction_bits) - (int)zeros;
		parts.sig = fraction << zeros;
	} else {
		parts.kind = FP_ZERO;
	}
	return parts;
}

bool fp_rounds_up(enum fp_rm rm, bool sign, bool odd, bool half, bool rest)
{
	switch (rm) {
	case FP_RNE:
		return half && (rest || odd);
	case FP_RMM:
		return half;
	case FP_RDN:
		return sign && (half || rest);
	case FP_RUP:
		return !sign && (half || rest);
	default:
		return false;
	}
}

/* sig without its last `drop` bits (1 to 63), rounded. The result may be one bit longer than it looks: 2^(64 - drop). */
static uint64_t cut(uint64_t sig, unsigned drop, bool sign, enum fp_rm rm, bool *inexact)
{
	uint64_t kept = sig >> drop, half = 1ull << (drop - 1), tail = sig & (2 * half - 1);

	*inexact = tail != 0;
	return kept + fp_rounds_up(rm, sign, kept & 1, (tail & half) != 0, (tail & (half - 1)) != 0);
}

static uint64_t overflowed(const struct fp_format *format, bool sign, enum fp_rm rm, unsigned *flags)
{
	uint64_t infinity = fp_infinity(format, sign);

	*flags |= FP_OF | FP_NX;
	return fp_rounds_up(rm, sign, true, true, true) ? infinity : infinity - 1;
}

uint64_t fp_round(const struct fp_format *format, bool sign, int exp, uint64_t sig, enum fp_rm rm, unsigned *flags)
{
	const int bias = bias_of(format), least = 1 - bias;
	const unsigned drop = 63 - format->fraction_bits;
	bool inexact, tiny = false;
	uint64_t kept, magnitude;

	assert(sig >> 63);
	if (exp > bias)
		return overflowed(format, sign, rm, flags);
	if (exp < least) {
		/* Tiny is what stays below 2^least even when it is rounded as if the exponent had no end. */
		tiny = exp < least - 1 || !(cut(sig, drop, sign, rm, &inexact) >> (format->fraction_bits + 1));
		sig = fp_shift_sticky(sig, (unsigned)(least - exp));
		exp = least;
	}
	kept = cut(sig, drop, sign, rm, &inexact);
	/* The first bit of kept, when it is there, counts the exponent up by one. */
	magnitude = ((uint64_t)(exp - least) << format->fraction_bits) + kept;
	if (magnitude >= fp_infinity(format, false))
		return overflowed(format, sign, rm, flags);
	if (inexact)
		*flags |= tiny ? FP_UF | FP_NX : FP_NX;
	return fp_signed(format, sign, magnitude);
}

uint64_t fp_round_wide(const struct fp_format *format, bool sign, int exp, fp_wide sig, enum fp_rm rm, unsigned *flags)
{
	uint64_t high = (uint64_t)(sig >> 64);
	unsigned zeros = high ? (unsigned)__builtin_clzll(high) : 64 + (unsigned)__builtin_clzll((uint64_t)sig);

	assert(sig != 0);
	sig = fp_shift_sticky_wide(sig << zeros, 64);
	return fp_round(format, sign, exp - (int)zeros, (uint64_t)sig, rm, flags);
}
