/* SPDX-License-Identifier: Apache-2.0
 * test_fp_corner.c: what RISC-V says of NaNs, zeros, infinities, saturation and classes, value by value.
 *
 * Results are from the text of the unprivileged specification 20191213, 11.3 to 11.9, and IEEE 754, 6 and 7.
 */
#include "unit.h"
#include "cpu/fp.h"

#define ONE 0x3f800000u
#define MINUS 0x80000000u
#define INF 0x7f800000u
#define QNAN 0x7fc00000u
#define OTHER_QNAN 0xffc12345u
#define SNAN 0x7f800001u
#define GREATEST 0x7f7fffffu
#define LEAST 0x00800000u
#define TINY 0x00000001u

typedef uint64_t binary(const struct fp_format *, uint64_t, uint64_t, enum fp_rm, unsigned *);

static uint64_t minimum(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	(void)rm;
	return fp_min(format, a, b, flags);
}
static uint64_t maximum(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	(void)rm;
	return fp_max(format, a, b, flags);
}
static uint64_t equal(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	(void)rm;
	return fp_equal(format, a, b, flags);
}
static uint64_t less(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	(void)rm;
	return fp_less(format, a, b, flags);
}
static uint64_t less_equal(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags)
{
	(void)rm;
	return fp_less_equal(format, a, b, flags);
}

static const struct {
	binary *op;
	enum fp_rm rm;
	uint32_t a, b, result;
	unsigned flags;
} pairs[] = {
	{fp_add, FP_RNE, INF, INF | MINUS, QNAN, FP_NV},
	{fp_add, FP_RNE, INF, GREATEST | MINUS, INF, 0},
	{fp_add, FP_RNE, QNAN, SNAN, QNAN, FP_NV},
	{fp_add, FP_RNE, OTHER_QNAN, ONE, QNAN, 0},
	{fp_add, FP_RNE, 0, MINUS, 0, 0},
	{fp_add, FP_RDN, 0, MINUS, MINUS, 0},
	{fp_add, FP_RUP, MINUS, MINUS, MINUS, 0},
	{fp_add, FP_RNE, GREATEST, GREATEST, INF, FP_OF | FP_NX},
	{fp_add, FP_RTZ, GREATEST, GREATEST, GREATEST, FP_OF | FP_NX},
	{fp_add, FP_RDN, GREATEST, GREATEST, GREATEST, FP_OF | FP_NX},
	{fp_add, FP_RMM, GREATEST, 0x73000000, INF, FP_OF | FP_NX}, /* half of its last bit */
	{fp_add, FP_RTZ, GREATEST, 0x73000000, GREATEST, FP_NX},
	{fp_add, FP_RMM, ONE, 0x33800000, ONE + 1, FP_NX},
	{fp_add, FP_RNE, ONE, 0x33800000, ONE, FP_NX},
	{fp_add, FP_RMM, ONE | MINUS, 0x33800000 | MINUS, (ONE + 1) | MINUS, FP_NX},
	{fp_sub, FP_RDN, ONE, ONE, MINUS, 0},
	{fp_sub, FP_RMM, ONE, ONE, 0, 0},
	{fp_sub, FP_RNE, LEAST, TINY, LEAST - 1, 0}, /* tiny, but exact */
	{fp_mul, FP_RNE, 0, INF, QNAN, FP_NV},
	{fp_mul, FP_RNE, MINUS, QNAN, QNAN, 0},
	{fp_mul, FP_RNE, ONE | MINUS, 0, MINUS, 0},
	{fp_mul, FP_RMM, TINY, 0x3f000000, TINY, FP_UF | FP_NX},
	{fp_mul, FP_RNE, TINY, 0x3f000000, 0, FP_UF | FP_NX},
	{fp_mul, FP_RUP, TINY, TINY, TINY, FP_UF | FP_NX},
	{fp_mul, FP_RNE, LEAST, 0x3f7fffff, LEAST, FP_UF | FP_NX}, /* 2^-126 - 2^-150: tiny, to the even one */
	{fp_mul, FP_RUP, LEAST + 1, 0x3f7fffff, LEAST + 1, FP_NX},
	{fp_div, FP_RNE, ONE, 0, INF, FP_DZ},
	{fp_div, FP_RNE, ONE, MINUS, INF | MINUS, FP_DZ},
	{fp_div, FP_RNE, INF, 0, INF, 0},
	{fp_div, FP_RNE, 0, 0, QNAN, FP_NV},
	{fp_div, FP_RNE, INF, INF, QNAN, FP_NV},
	{fp_div, FP_RNE, SNAN, 0, QNAN, FP_NV},
	{fp_div, FP_RNE, ONE, INF | MINUS, MINUS, 0},
	{minimum, FP_RNE, 0, MINUS, MINUS, 0},
	{minimum, FP_RNE, MINUS, 0, MINUS, 0},
	{maximum, FP_RNE, 0, MINUS, 0, 0},
	{maximum, FP_RNE, MINUS, 0, 0, 0},
	{minimum, FP_RNE, OTHER_QNAN, ONE, ONE, 0},
	{minimum, FP_RNE, ONE, SNAN, ONE, FP_NV},
	{maximum, FP_RNE, OTHER_QNAN, OTHER_QNAN, QNAN, 0},
	{maximum, FP_RNE, SNAN, OTHER_QNAN, QNAN, FP_NV},
	{maximum, FP_RNE, INF | MINUS, ONE | MINUS, ONE | MINUS, 0},
	{minimum, FP_RNE, INF | MINUS, ONE | MINUS, INF | MINUS, 0},
	{equal, FP_RNE, 0, MINUS, 1, 0},
	{equal, FP_RNE, QNAN, QNAN, 0, 0},
	{equal, FP_RNE, SNAN, ONE, 0, FP_NV},
	{less, FP_RNE, MINUS, 0, 0, 0},
	{less, FP_RNE, ONE | MINUS, TINY | MINUS, 1, 0},
	{less, FP_RNE, QNAN, ONE, 0, FP_NV},
	{less_equal, FP_RNE, 0, MINUS, 1, 0},
	{less_equal, FP_RNE, INF, INF, 1, 0},
	{less_equal, FP_RNE, ONE, OTHER_QNAN, 0, FP_NV},
	{less_equal, FP_RNE, ONE, ONE | MINUS, 0, 0},
};

static void test_pairs(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		unsigned flags = 0;
		uint64_t result = pairs[i].op(&fp_single, pairs[i].a, pairs[i].b, pairs[i].rm, &flags);

		if (result != pairs[i].result || flags != pairs[i].flags)
			fail_msg("row %u: 0x%llx flags %x, not 0x%x flags %x", i, (unsigned long long)result, flags,
				 pairs[i].result, pairs[i].flags);
	}
}

static void test_fma(void **state)
{
	static const struct {
		enum fp_rm rm;
		uint32_t a, b, c, result;
		unsigned flags;
	} rows[] = {
		{FP_RNE, INF, 0, QNAN, QNAN, FP_NV}, /* whatever is added */
		{FP_RNE, MINUS, INF, ONE, QNAN, FP_NV},
		{FP_RNE, INF, ONE, INF | MINUS, QNAN, FP_NV},
		{FP_RNE, INF, ONE, QNAN, QNAN, 0},
		{FP_RNE, ONE, ONE, SNAN, QNAN, FP_NV},
		{FP_RNE, GREATEST, GREATEST, INF | MINUS, INF | MINUS,
		 0}, /* the product does not overflow on its own */
		{FP_RNE, ONE, ONE, ONE | MINUS, 0, 0},
		{FP_RDN, ONE, ONE, ONE | MINUS, MINUS, 0},
		{FP_RNE, 0, MINUS, MINUS, MINUS, 0},
		{FP_RNE, 0, ONE, MINUS, 0, 0},
		{FP_RNE, 0, ONE, TINY, TINY, 0},
		{FP_RNE, ONE + 1, ONE - 1, ONE | MINUS, 0x337ffffe, 0}, /* once rounded, it would be 2^-24 */
		{FP_RUP, TINY, TINY, ONE, ONE + 1, FP_NX},
		{FP_RTZ, TINY, TINY | MINUS, ONE, ONE - 1, FP_NX},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned flags = 0;
		uint64_t result = fp_fma(&fp_single, rows[i].a, rows[i].b, rows[i].c, rows[i].rm, &flags);

		if (result != rows[i].result || flags != rows[i].flags)
			fail_msg("row %u: 0x%llx flags %x", i, (unsigned long long)result, flags);
	}
}

static void test_sqrt(void **state)
{
	static const struct {
		uint32_t a, result;
		unsigned flags;
	} rows[] = {
		{MINUS, MINUS, 0},           {0, 0, 0},           {INF, INF, 0},         {INF | MINUS, QNAN, FP_NV},
		{TINY | MINUS, QNAN, FP_NV}, {SNAN, QNAN, FP_NV}, {OTHER_QNAN, QNAN, 0}, {0x41100000, 0x40400000, 0},
		{TINY, 0x1a3504f3, FP_NX},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned flags = 0;

		assert_int_equal(fp_sqrt(&fp_single, rows[i].a, FP_RNE, &flags), rows[i].result);
		assert_int_equal(flags, rows[i].flags);
	}
}

static void test_classes(void **state)
{
	static const uint32_t singles[10] = {
		INF | MINUS, GREATEST | MINUS, (LEAST - 1) | MINUS, MINUS, 0, TINY, LEAST, INF, SNAN, OTHER_QNAN};
	static const uint64_t doubles[10] = {
		0xfff0000000000000, 0x8010000000000000, 0x8000000000000001, 0x8000000000000000, 0,
		0x000fffffffffffff, 0x7fefffffffffffff, 0x7ff0000000000000, 0xfff7ffffffffffff, 0x7ff8000000000000};

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(fp_class(&fp_single, singles[i]), 1 << i);
		assert_int_equal(fp_class(&fp_double, doubles[i]), 1 << i);
	}
}

/* Table 11.4: where each conversion ends, and what lies beyond. */
static void test_saturation(void **state)
{
	static const struct {
		uint64_t a; /* a double */
		uint64_t w, wu, l, lu;
		unsigned w_flags, wu_flags, l_flags, lu_flags;
	} rows[] = {
		{0xfff0000000000000, 0xffffffff80000000, 0, 1ull << 63, 0, FP_NV, FP_NV, FP_NV, FP_NV},
		{0x7ff0000000000000, INT32_MAX, UINT64_MAX, INT64_MAX, UINT64_MAX, FP_NV, FP_NV, FP_NV, FP_NV},
		{0xfff8000000000000, INT32_MAX, UINT64_MAX, INT64_MAX, UINT64_MAX, FP_NV, FP_NV, FP_NV, FP_NV},
		{0x8000000000000000, 0, 0, 0, 0, 0, 0, 0, 0},
		{0xbfeccccccccccccd, 0, 0, 0, 0, FP_NX, FP_NX, FP_NX, FP_NX}, /* -0.9, cut */
		{0xbff0000000000000, UINT64_MAX, 0, UINT64_MAX, 0, 0, FP_NV, 0, FP_NV},
		{0x41dfffffffe00000, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, FP_NX, FP_NX, FP_NX, FP_NX},
		{0x41e0000000000000, INT32_MAX, 0xffffffff80000000, 1u << 31, 1u << 31, FP_NV, 0, 0, 0},
		{0xc1e0000000000000, 0xffffffff80000000, 0, 0xffffffff80000000, 0, 0, FP_NV, 0, FP_NV},
		{0x43e0000000000000, INT32_MAX, UINT64_MAX, INT64_MAX, 1ull << 63, FP_NV, FP_NV, FP_NV, 0},
		{0xc3e0000000000000, 0xffffffff80000000, 0, 1ull << 63, 0, FP_NV, FP_NV, 0, FP_NV},
		{0x43efffffffffffff, INT32_MAX, UINT64_MAX, INT64_MAX, 0xfffffffffffff800, FP_NV, FP_NV, FP_NV, 0},
		{0x0000000000000001, 0, 0, 0, 0, FP_NX, FP_NX, FP_NX, FP_NX},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned flags[4] = {0, 0, 0, 0};

		assert_int_equal(fp_to_i32(&fp_double, rows[i].a, FP_RTZ, &flags[0]), rows[i].w);
		assert_int_equal(fp_to_u32(&fp_double, rows[i].a, FP_RTZ, &flags[1]), rows[i].wu);
		assert_int_equal(fp_to_i64(&fp_double, rows[i].a, FP_RTZ, &flags[2]), rows[i].l);
		assert_int_equal(fp_to_u64(&fp_double, rows[i].a, FP_RTZ, &flags[3]), rows[i].lu);
		assert_int_equal(flags[0], rows[i].w_flags);
		assert_int_equal(flags[1], rows[i].wu_flags);
		assert_int_equal(flags[2], rows[i].l_flags);
		assert_int_equal(flags[3], rows[i].lu_flags);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),   cmocka_unit_test(test_fma),        cmocka_unit_test(test_sqrt),
		cmocka_unit_test(test_classes), cmocka_unit_test(test_saturation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
