/* SPDX-License-Identifier: Apache-2.0
 * fp_convert.c: between the formats, and to and from integers.
 */
#include "cpu/fp_parts.h"

uint64_t fp_convert(const struct fp_format *to, const struct fp_format *from, uint64_t a, enum fp_rm rm,
		    unsigned *flags)
{
	struct fp_parts x = fp_unpack(from, a);

	switch (x.kind) {
	case FP_ZERO:
		return fp_signed(to, x.sign, 0);
	case FP_INFINITE:
		return fp_infinity(to, x.sign);
	case FP_NAN:
		if (x.signaling)
			*flags |= FP_NV;
		return fp_nan(to);
	default:
		return fp_round(to, x.sign, x.exp, x.sig, rm, flags);
	}
}

/* The magnitude of a finite number as an integer, rounded; *over when it has more than 64 bits. (One of 64 bits has
 * nothing behind the point, so rounding cannot overflow.) */
static uint64_t integer_of(const struct fp_parts *x, enum fp_rm rm, bool *over, bool *inexact)
{
	uint64_t whole, half = 1ull << 63, behind;
	fp_wide fixed; /* in units of 2^-64 */

	*over = x->exp > 63;
	if (*over)
		return UINT64_MAX;
	if (x->exp >= -1)
		fixed = (fp_wide)x->sig << (x->exp + 1);
	else
		fixed = fp_shift_sticky(x->sig, (unsigned)(-1 - x->exp));
	whole = (uint64_t)(fixed >> 64);
	behind = (uint64_t)fixed;
	*inexact = behind != 0;
	return whole + fp_rounds_up(rm, x->sign, whole & 1, (behind & half) != 0, (behind & (half - 1)) != 0);
}

/* Between -most_negative and most, saturated. */
static uint64_t to_integer(const struct fp_format *format, uint64_t a, uint64_t most_negative, uint64_t most,
			   enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a);
	bool sign = x.sign && x.kind != FP_NAN, over = true, inexact = false;
	uint64_t limit = sign ? most_negative : most, magnitude = 0;

	if (x.kind == FP_ZERO)
		return 0;
	if (x.kind == FP_FINITE)
		magnitude = integer_of(&x, rm, &over, &inexact);
	if (over || magnitude > limit) {
		*flags |= FP_NV;
		magnitude = limit;
	} else if (inexact) {
		*flags |= FP_NX;
	}
	return sign ? 0 - magnitude : magnitude;
}

static uint64_t extend_word(uint64_t value)
{
	return (uint64_t)(int64_t)(int32_t)(uint32_t)value;
}

uint64_t fp_to_i32(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags)
{
	return to_integer(format, a, 1ull << 31, INT32_MAX, rm, flags);
}

uint64_t fp_to_u32(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags)
{
	return extend_word(to_integer(format, a, 0, UINT32_MAX, rm, flags));
}

uint64_t fp_to_i64(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags)
{
	return to_integer(format, a, 1ull << 63, INT64_MAX, rm, flags);
}

uint64_t fp_to_u64(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags)
{
	return to_integer(format, a, 0, UINT64_MAX, rm, flags);
}

static uint64_t from_magnitude(const struct fp_format *format, bool sign, uint64_t magnitude, enum fp_rm rm,
			       unsigned *flags)
{
	unsigned zeros;

	if (magnitude == 0)
		return 0;
	zeros = (unsigned)__builtin_clzll(magnitude);
	return fp_round(format, sign, 63 - (int)zeros, magnitude << zeros, rm, flags);
}

uint64_t fp_from_i64(const struct fp_format *format, int64_t value, enum fp_rm rm, unsigned *flags)
{
	return from_magnitude(format, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, rm, flags);
}

uint64_t fp_from_u64(const struct fp_format *format, uint64_t value, enum fp_rm rm, unsigned *flags)
{
	return from_magnitude(format, false, value, rm, flags);
}
