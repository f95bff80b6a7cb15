/* SPDX-License-Identifier: Apache-2.0
 * fp_div.c: quotients and square roots.
 */
#include "cpu/fp_parts.h"

/* The quotient of two finite numbers that are not zero. 64 bits and a sticky one are more than any format needs. */
static uint64_t divide(const struct fp_format *format, const struct fp_parts *a, const struct fp_parts *b,
		       enum fp_rm rm, unsigned *flags)
{
	fp_wide dividend = (fp_wide)a->sig << 63, quotient = dividend / b->sig;
	bool rest = dividend % b->sig != 0;

	/* Between 2^62 and 2^64: with the sticky bit below, at most 65 bits. */
	return fp_round_wide(format, a->sign != b->sign, a->exp - b->exp + 63, quotient << 1 | rest, rm, flags);
}

uint64_t fp_div(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a), y = fp_unpack(format, b);
	bool sign = x.sign != y.sign;

	if (x.kind == FP_NAN || y.kind == FP_NAN) {
		if (x.signaling || y.signaling)
			*flags |= FP_NV;
		return fp_nan(format);
	}
	if (x.kind == y.kind && x.kind != FP_FINITE) /* infinities, or zeros */
		return fp_invalid(format, flags);
	if (x.kind == FP_INFINITE)
		return fp_infinity(format, sign);
	if (x.kind == FP_ZERO || y.kind == FP_INFINITE)
		return fp_signed(format, sign, 0);
	if (y.kind == FP_ZERO) {
		*flags |= FP_DZ;
		return fp_infinity(format, sign);
	}
	return divide(format, &x, &y, rm, flags);
}

/* The integer square root of value, whose bit 127 or 126 is set, and whether it is exact: one bit a step, from the
 * first on. */
static uint64_t root_of(fp_wide value, bool *exact)
{
	fp_wide rest = value;
	uint64_t root = 0;

	for (int at = 63; at >= 0; at--) {
		/* (root + 2^at)^2 is root^2 + step * 2^at; rest is value - root^2. */
		fp_wide step = ((fp_wide)root << 1) + ((fp_wide)1 << at);

		if (rest >> at >= step) {
			rest -= step << at;
			root |= 1ull << at;
		}
	}
	*exact = rest == 0;
	return root;
}

uint64_t fp_sqrt(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a);
	bool odd = x.exp & 1, exact;
	uint64_t root;

	if (x.kind == FP_NAN) {
		if (x.signaling)
			*flags |= FP_NV;
		return fp_nan(format);
	}
	if (x.kind == FP_ZERO) /* -0 as well */
		return a;
	if (x.sign)
		return fp_invalid(format, flags);
	if (x.kind == FP_INFINITE)
		return a;
	/* With an even exponent, sig is from 1 to 4 in units of 2^126, and its root from 1 to 2 in units of 2^63. */
	root = root_of((fp_wide)x.sig << (odd ? 64 : 63), &exact);
	return fp_round(format, false, (x.exp - odd) / 2, root | !exact, rm, flags);
}
