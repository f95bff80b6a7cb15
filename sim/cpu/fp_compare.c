/* SPDX-License-Identifier: Apache-2.0
 * fp_compare.c: order and class.
 */
#include "cpu/fp_parts.h"

static bool is_nan(const struct fp_format *format, uint64_t a)
{
	return (a & (fp_sign_bit(format) - 1)) > fp_infinity(format, false);
}
static bool is_signaling(const struct fp_format *format, uint64_t a)
{
	return is_nan(format, a) && !(a >> (format->fraction_bits - 1) & 1);
}
static bool either_is_nan(const struct fp_format *format, uint64_t a, uint64_t b)
{
	return is_nan(format, a) || is_nan(format, b);
}
static bool either_is_signaling(const struct fp_format *format, uint64_t a, uint64_t b)
{
	return is_signaling(format, a) || is_signaling(format, b);
}

/* Numbers in their order as integers, where -0 comes right before +0. */
static int64_t rank(const struct fp_format *format, uint64_t a)
{
	uint64_t magnitude = a & (fp_sign_bit(format) - 1);

	return (int64_t)(a & fp_sign_bit(format) ? ~magnitude : magnitude);
}

static bool are_zeros(const struct fp_format *format, uint64_t a, uint64_t b)
{
	return ((a | b) & (fp_sign_bit(format) - 1)) == 0;
}

/* What fp_min and fp_max do about NaNs. true: *result is it. */
static bool nan_result(const struct fp_format *format, uint64_t a, uint64_t b, uint64_t *result, unsigned *flags)
{
	if (!either_is_nan(format, a, b))
		return false;
	if (either_is_signaling(format, a, b))
		*flags |= FP_NV;
	*result = !is_nan(format, a) ? a : !is_nan(format, b) ? b : fp_nan(format);
	return true;
}

uint64_t fp_min(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags)
{
	uint64_t result;

	if (nan_result(format, a, b, &result, flags))
		return result;
	return rank(format, a) < rank(format, b) ? a : b;
}

uint64_t fp_max(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags)
{
	uint64_t result;

	if (nan_result(format, a, b, &result, flags))
		return result;
	return rank(format, a) > rank(format, b) ? a : b;
}

bool fp_equal(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags)
{
	if (either_is_signaling(format, a, b))
		*flags |= FP_NV;
	return !either_is_nan(format, a, b) && (a == b || are_zeros(format, a, b));
}

bool fp_less(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags)
{
	if (either_is_nan(format, a, b)) {
		*flags |= FP_NV;
		return false;
	}
	return rank(format, a) < rank(format, b) && !are_zeros(format, a, b);
}

bool fp_less_equal(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags)
{
	if (either_is_nan(format, a, b)) {
		*flags |= FP_NV;
		return false;
	}
	return rank(format, a) <= rank(format, b) || are_zeros(format, a, b);
}

/* From minus infinity up: infinity, normal, subnormal, zero; the same mirrored; signaling and quiet NaN. */
unsigned fp_class(const struct fp_format *format, uint64_t a)
{
	bool sign = (a & fp_sign_bit(format)) != 0;
	uint64_t magnitude = a & (fp_sign_bit(format) - 1);
	unsigned distance; /* from zero */

	if (is_nan(format, a))
		return is_signaling(format, a) ? 1u << 8 : 1u << 9;
	if (magnitude == fp_infinity(format, false))
		distance = 3;
	else if (magnitude >> format->fraction_bits)
		distance = 2;
	else
		distance = magnitude != 0;
	return 1u << (sign ? 3 - distance : 4 + distance);
}
