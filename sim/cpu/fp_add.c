/* SPDX-License-Identifier: Apache-2.0
 * fp_add.c: sums, products, and both at once.
 *
 * All of them are a product of 128 bits, exact, plus a number of 64 bits; a sum has a product by one, and a product has
 * nothing to add.
 */
#include "cpu/fp_parts.h"

/* sig * 2^(exp - 126), bit 126 or 125 of sig set: the bit above takes a carry. */
struct term {
	bool sign;
	int exp;
	fp_wide sig;
};

static struct term term_of(const struct fp_parts *a)
{
	return (struct term){a->sign, a->exp, (fp_wide)a->sig << 63};
}

/* Exact, for the last bits of a significand are 0. */
static struct term product_of(const struct fp_parts *a, const struct fp_parts *b)
{
	return (struct term){a->sign != b->sign, a->exp + b->exp + 1, (fp_wide)a->sig * b->sig >> 1};
}

static uint64_t round_term(const struct fp_format *format, const struct term *a, enum fp_rm rm, unsigned *flags)
{
	return fp_round_wide(format, a->sign, a->exp + 1, a->sig, rm, flags);
}

/* Where the lesser term loses bits it is so much less that at most one leading bit cancels: what is lost may be sticky.
 * (A product of two doubles has 21 zeros below, so it loses nothing before it is shifted by 21.) */
static uint64_t add_terms(const struct fp_format *format, struct term a, struct term b, enum fp_rm rm, unsigned *flags)
{
	struct term sum;

	if (a.exp < b.exp || (a.exp == b.exp && a.sig < b.sig)) {
		struct term other = a;

		a = b;
		b = other;
	}
	b.sig = fp_shift_sticky_wide(b.sig, (unsigned)(a.exp - b.exp));
	sum = a;
	if (a.sign == b.sign) {
		sum.sig = a.sig + b.sig;
	} else if (a.sig >= b.sig) {
		sum.sig = a.sig - b.sig;
	} else { /* a's first bit is 125, and b is less by one exponent */
		sum.sig = b.sig - a.sig;
		sum.sign = b.sign;
	}
	if (sum.sig == 0) /* of two that are not zero: IEEE 754, 6.3 */
		return fp_signed(format, rm == FP_RDN, 0);
	return round_term(format, &sum, rm, flags);
}

/* A zero plus a zero. */
static uint64_t add_zeros(const struct fp_format *format, bool a, bool b, enum fp_rm rm)
{
	return fp_signed(format, a == b ? a : rm == FP_RDN, 0);
}

static uint64_t add_parts(const struct fp_format *format, const struct fp_parts *a, const struct fp_parts *b,
			  enum fp_rm rm, unsigned *flags)
{
	if (a->kind == FP_NAN || b->kind == FP_NAN) {
		if (a->signaling || b->signaling)
			*flags |= FP_NV;
		return fp_nan(format);
	}
	if (a->kind == FP_INFINITE || b->kind == FP_INFINITE) {
		if (a->kind == b->kind && a->sign != b->sign)
			return fp_invalid(format, flags);
		return fp_infinity(format, a->kind == FP_INFINITE ? a->sign : b->sign);
	}
	if (a->kind == FP_ZERO && b->kind == FP_ZERO)
		return add_zeros(format, a->sign, b->sign, rm);
	if (a->kind == FP_ZERO)
		return fp_round(format, b->sign, b->exp, b->sig, rm, flags);
	if (b->kind == FP_ZERO)
		return fp_round(format, a->sign, a->exp, a->sig, rm, flags);
	return add_terms(format, term_of(a), term_of(b), rm, flags);
}

uint64_t fp_add(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a), y = fp_unpack(format, b);

	return add_parts(format, &x, &y, rm, flags);
}

uint64_t fp_sub(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	return fp_add(format, a, b ^ fp_sign_bit(format), rm, flags);
}

/* The kind of a product, as far as it can be told without multiplying; FP_NAN covers infinity times zero. */
static enum fp_kind kind_of_product(const struct fp_parts *a, const struct fp_parts *b, unsigned *flags)
{
	if (a->kind == FP_NAN || b->kind == FP_NAN) {
		if (a->signaling || b->signaling)
			*flags |= FP_NV;
		return FP_NAN;
	}
	if (a->kind == FP_INFINITE || b->kind == FP_INFINITE) {
		if (a->kind == FP_ZERO || b->kind == FP_ZERO) {
			*flags |= FP_NV;
			return FP_NAN;
		}
		return FP_INFINITE;
	}
	return a->kind == FP_ZERO || b->kind == FP_ZERO ? FP_ZERO : FP_FINITE;
}

uint64_t fp_mul(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a), y = fp_unpack(format, b);
	struct term product = product_of(&x, &y);

	switch (kind_of_product(&x, &y, flags)) {
	case FP_NAN:
		return fp_nan(format);
	case FP_INFINITE:
		return fp_infinity(format, product.sign);
	case FP_ZERO:
		return fp_signed(format, product.sign, 0);
	default:
		return round_term(format, &product, rm, flags);
	}
}

uint64_t fp_fma(const struct fp_format *format, uint64_t a, uint64_t b, uint64_t c, enum fp_rm rm, unsigned *flags)
{
	struct fp_parts x = fp_unpack(format, a), y = fp_unpack(format, b), z = fp_unpack(format, c);
	struct term product = product_of(&x, &y);
	enum fp_kind kind = kind_of_product(&x, &y, flags);

	if (kind == FP_FINITE && z.kind == FP_FINITE)
		return add_terms(format, product, term_of(&z), rm, flags);
	if (kind == FP_FINITE && z.kind == FP_ZERO)
		return round_term(format, &product, rm, flags);
	x = (struct fp_parts){.kind = kind, .sign = product.sign, .exp = 0, .sig = 1ull << 63};
	return add_parts(format, &x, &z, rm, flags);
}
