/* SPDX-License-Identifier: Apache-2.0
 * fp_parts.h: numbers taken apart, for the fp_*.c files only.
 *
 * A finite number other than zero is sig * 2^(exp - 63) with bit 63 of sig set, whether it was normal or not; so what
 * follows need not know subnormals. A result is put together from the same form, where bit 0 of sig may be sticky: set
 * when anything that is not zero was cut off below it.
 */
#ifndef CPU_FP_PARTS_H
#define CPU_FP_PARTS_H

#include "cpu/fp.h"

__extension__ typedef unsigned __int128 fp_wide;

enum fp_kind { FP_ZERO, FP_FINITE, FP_INFINITE, FP_NAN };

struct fp_parts {
	enum fp_kind kind;
	bool sign;
	bool signaling; /* of a NaN */
	int exp;
	uint64_t sig;
};

struct fp_parts fp_unpack(const struct fp_format *format, uint64_t a);

/* sig * 2^(exp - 63) rounded to the format. Bit 63 of sig is set. */
uint64_t fp_round(const struct fp_format *format, bool sign, int exp, uint64_t sig, enum fp_rm rm, unsigned *flags);

/* The same of sig * 2^(exp - 127); sig is not 0, and any bit may be its first. */
uint64_t fp_round_wide(const struct fp_format *format, bool sign, int exp, fp_wide sig, enum fp_rm rm, unsigned *flags);

/* Does a magnitude that was cut go up? odd: its last bit; half: the first bit behind; rest: any bit behind that. */
bool fp_rounds_up(enum fp_rm rm, bool sign, bool odd, bool half, bool rest);

/* value / 2^count; bit 0 is sticky. */
static inline uint64_t fp_shift_sticky(uint64_t value, unsigned count)
{
	if (count == 0)
		return value;
	if (count > 63)
		return value != 0;
	return value >> count | (value << (64 - count) != 0);
}

static inline fp_wide fp_shift_sticky_wide(fp_wide value, unsigned count)
{
	if (count == 0)
		return value;
	if (count > 127)
		return value != 0;
	return value >> count | (value << (128 - count) != 0);
}

static inline uint64_t fp_sign_bit(const struct fp_format *format)
{
	return 1ull << (format->fraction_bits + format->exponent_bits);
}
static inline uint64_t fp_signed(const struct fp_format *format, bool sign, uint64_t magnitude)
{
	return magnitude | (sign ? fp_sign_bit(format) : 0);
}
static inline uint64_t fp_infinity(const struct fp_format *format, bool sign)
{
	return fp_signed(format, sign, ((1ull << format->exponent_bits) - 1) << format->fraction_bits);
}

/* The canonical NaN: positive, and of the fraction only the quiet bit. */
static inline uint64_t fp_nan(const struct fp_format *format)
{
	return ((2ull << format->exponent_bits) - 1) << (format->fraction_bits - 1);
}
static inline uint64_t fp_invalid(const struct fp_format *format, unsigned *flags)
{
	*flags |= FP_NV;
	return fp_nan(format);
}

#endif
