/* SPDX-License-Identifier: Apache-2.0
 * test_fp_host.c: the arithmetic of F and D against the host's, in value and flags, in all modes; fp_host.h says how.
 */
#include "fp_host.h"

enum { ROUNDS = 30000 };

static const struct fp_format *format_of(bool wide)
{
	return wide ? &fp_double : &fp_single;
}

static uint64_t ours(bool wide, enum host_op op, uint64_t a, uint64_t b, uint64_t c, enum fp_rm rm, unsigned *flags)
{
	const struct fp_format *format = format_of(wide);

	switch (op) {
	case HOST_ADD:
		return fp_add(format, a, b, rm, flags);
	case HOST_SUB:
		return fp_sub(format, a, b, rm, flags);
	case HOST_MUL:
		return fp_mul(format, a, b, rm, flags);
	case HOST_DIV:
		return fp_div(format, a, b, rm, flags);
	case HOST_SQRT:
		return fp_sqrt(format, a, rm, flags);
	default:
		return fp_fma(format, a, b, c, rm, flags);
	}
}

static void check(const char *what, enum fp_rm rm, const uint64_t *arg, struct host_result got, struct host_result want)
{
	if (got.bits == want.bits && got.flags == want.flags)
		return;
	fail_msg("%s rm %d of 0x%llx 0x%llx 0x%llx: 0x%llx flags %x, not 0x%llx flags %x", what, (int)rm,
		 (unsigned long long)arg[0], (unsigned long long)arg[1], (unsigned long long)arg[2],
		 (unsigned long long)got.bits, got.flags, (unsigned long long)want.bits, want.flags);
}

/* Whether a quiet NaN that is added to infinity times zero is invalid is left to the machine: RISC-V says yes, x86 no. */
static bool left_open(bool wide, enum host_op op, const uint64_t *arg)
{
	long double x = host_value(wide, arg[0]), y = host_value(wide, arg[1]);

	return op == HOST_FMA && ((isinf(x) && y == 0) || (x == 0 && isinf(y))) && isnan(host_value(wide, arg[2]));
}

static void check_modes(const char *what, bool wide, enum host_op op, const uint64_t *arg)
{
	struct host_result want[FP_RMM + 1], got = {0, 0};
	long double value;
	bool exact;

	if (left_open(wide, op, arg))
		return;
	for (enum fp_rm rm = FP_RNE; rm <= FP_RUP; rm++)
		want[rm] = host_do(wide, op, arg[0], arg[1], arg[2], rm);
	exact = host_exact(wide, op, arg[0], arg[1], arg[2], &value);
	want[FP_RMM] = want[FP_RNE];
	want[FP_RMM].bits = host_rmm(wide, exact, value, want[FP_RNE].bits, want[FP_RTZ].bits,
				     want[signbit(value) ? FP_RDN : FP_RUP].bits);
	for (enum fp_rm rm = FP_RNE; rm <= FP_RMM; rm++) {
		got.flags = 0;
		got.bits = ours(wide, op, arg[0], arg[1], arg[2], rm, &got.flags);
		check(what, rm, arg, got, want[rm]);
	}
}

static void test_arithmetic(void **state)
{
	static const char *const names[HOST_OPS] = {"add", "sub", "mul", "div", "sqrt", "fma"};
	struct sim_rng rng;

	(void)state;
	sim_rng_init(&rng, 1);
	for (unsigned wide = 0; wide < 2; wide++) {
		for (enum host_op op = 0; op < HOST_OPS; op++) {
			for (unsigned i = 0; i < ROUNDS; i++) {
				int exponent = wide ? 1023 : 127;
				uint64_t arg[3];

				for (unsigned k = 0; k < 3; k++)
					arg[k] = draw_operand(&rng, wide, &exponent);
				if (op == HOST_FMA && i % 2) { /* an addend near the product */
					struct host_result near = host_do(wide, HOST_MUL, arg[0], arg[1], 0, FP_RNE);

					arg[2] = (near.bits ^ (uint64_t)(i >> 1 & 1) << (wide ? 63 : 31)) +
						 (i >> 2) % 3 - 1;
				}
				check_modes(names[op], wide, op, arg);
			}
		}
	}
}

/* Products whose last bits make ties, of subnormals too, and sums that do. */
static void test_ties(void **state)
{
	struct sim_rng rng;
	unsigned ties = 0;

	(void)state;
	sim_rng_init(&rng, 2);
	for (unsigned i = 0; i < 4 * ROUNDS; i++) {
		bool wide = i & 1;
		unsigned fraction_bits = wide ? 52 : 23;
		uint64_t one = (wide ? 1023ull : 127ull) << fraction_bits;
		uint64_t odd = one | (draw64(&rng) & ((1ull << fraction_bits) - 1)) | 1;
		uint64_t half = one - ((uint64_t)(fraction_bits + 1) << fraction_bits);
		uint64_t least = (uint64_t)(1 + sim_rng_below(&rng, 40)) << 1 | 1;
		uint64_t sum[3] = {odd, half, 0}, product[3] = {least, one - (1ull << fraction_bits), 0};
		long double value;

		check_modes("tie", wide, sim_rng_next(&rng) & 1 ? HOST_ADD : HOST_SUB, sum);
		check_modes("tie", wide, HOST_MUL, product);
		ties += host_exact(wide, HOST_ADD, sum[0], sum[1], 0, &value);
	}
	assert_true(ties > ROUNDS);
}

static void test_formats(void **state)
{
	struct sim_rng rng;

	(void)state;
	sim_rng_init(&rng, 3);
	for (unsigned i = 0; i < 4 * ROUNDS; i++) {
		enum fp_rm rm = i % 4;
		int exponent = 1023 - 127 + (int)sim_rng_below(&rng, 255);
		uint64_t arg[3] = {draw_operand(&rng, true, &exponent), 0, 0};
		struct host_result want, got = {0, 0};
		volatile double d = host_double(arg[0]);
		volatile float f;

		host_begin(rm);
		f = (float)d;
		want = (struct host_result){.flags = host_end(), .bits = host_float_bits(f)};
		got.bits = fp_convert(&fp_single, &fp_double, arg[0], rm, &got.flags);
		check("to single", rm, arg, got, want);

		exponent = 127;
		arg[0] = draw_operand(&rng, false, &exponent);
		f = host_float(arg[0]);
		host_begin(rm);
		d = f;
		want = (struct host_result){.flags = host_end(), .bits = host_double_bits(d)};
		got.flags = 0;
		got.bits = fp_convert(&fp_double, &fp_single, arg[0], rm, &got.flags);
		check("to double", rm, arg, got, want);
	}
}

/* Rounded by the host as a long double, which holds all the limits; ties of RMM go away from zero. */
static struct host_result integer_of(long double value, long double least, long double most, enum fp_rm rm)
{
	struct host_result result = {0, 0};
	volatile long double x = value, rounded;

	if (rm == FP_RMM) {
		rounded = roundl(x);
	} else {
		host_begin(rm);
		rounded = rintl(x);
		(void)host_end();
	}
	if (isnan(value) || rounded > most)
		result = (struct host_result){(uint64_t)most, FP_NV};
	else if (rounded < least)
		result = (struct host_result){(uint64_t)(int64_t)least, FP_NV};
	else
		result = (struct host_result){rounded < 0 ? (uint64_t)(int64_t)rounded : (uint64_t)rounded,
					      rounded != value ? FP_NX : 0};
	return result;
}

static void test_to_integers(void **state)
{
	static const struct {
		const char *name;
		uint64_t (*convert)(const struct fp_format *, uint64_t, enum fp_rm, unsigned *);
		long double least, most;
		bool word;
	} kinds[] = {
		{"to i32", fp_to_i32, -0x1p31L, 0x1p31L - 1, true},
		{"to u32", fp_to_u32, 0, 0x1p32L - 1, true},
		{"to i64", fp_to_i64, -0x1p63L, 0x1p63L - 1, false},
		{"to u64", fp_to_u64, 0, 0x1p64L - 1, false},
	};
	struct sim_rng rng;

	(void)state;
	sim_rng_init(&rng, 4);
	for (unsigned i = 0; i < 8 * ROUNDS; i++) {
		bool wide = i & 1;
		unsigned k = i / 2 % 4;
		enum fp_rm rm = i / 8 % 5;
		int exponent = (wide ? 1023 : 127) + (int)sim_rng_below(&rng, 66) - 2;
		uint64_t arg[3] = {draw_operand(&rng, wide, &exponent), 0, 0};
		struct host_result got = {0, 0}, want;

		want = integer_of(host_value(wide, arg[0]), kinds[k].least, kinds[k].most, rm);
		if (kinds[k].word)
			want.bits = (uint64_t)(int64_t)(int32_t)(uint32_t)want.bits;
		got.bits = kinds[k].convert(format_of(wide), arg[0], rm, &got.flags);
		check(kinds[k].name, rm, arg, got, want);
	}
}

static void test_from_integers(void **state)
{
	struct sim_rng rng;

	(void)state;
	sim_rng_init(&rng, 5);
	for (unsigned i = 0; i < 8 * ROUNDS; i++) {
		bool wide = i & 1, is_signed = i & 2;
		uint64_t arg[3] = {draw64(&rng) >> sim_rng_below(&rng, 64), 0, 0}, modes[4];
		struct host_result got = {0, 0}, want = {0, 0};
		enum fp_rm rm = i / 4 % 5;
		unsigned nearest_flags = 0;
		long double value;

		if (i & 8)
			arg[0] &= UINT64_MAX << sim_rng_below(&rng, 64);
		if (i & 16)
			arg[0] = 0 - arg[0];
		value = is_signed ? (long double)(int64_t)arg[0] : (long double)arg[0];
		for (enum fp_rm mode = FP_RNE; mode <= FP_RUP; mode++) {
			volatile long double x = value;
			volatile double d;
			volatile float f;

			host_begin(mode);
			if (wide)
				d = (double)x, f = 0;
			else
				f = (float)x, d = 0;
			want.flags = host_end();
			nearest_flags = mode == FP_RNE ? want.flags : nearest_flags;
			modes[mode] = wide ? host_double_bits(d) : host_float_bits(f);
		}
		want.flags = nearest_flags;
		want.bits = rm < FP_RMM ? modes[rm]
					: host_rmm(wide, true, value, modes[FP_RNE], modes[FP_RTZ],
						   modes[value < 0 ? FP_RDN : FP_RUP]);
		got.bits = is_signed ? fp_from_i64(format_of(wide), (int64_t)arg[0], rm, &got.flags)
				     : fp_from_u64(format_of(wide), arg[0], rm, &got.flags);
		check(is_signed ? "from i64" : "from u64", rm, arg, got, want);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arithmetic),    cmocka_unit_test(test_ties),
		cmocka_unit_test(test_formats),       cmocka_unit_test(test_to_integers),
		cmocka_unit_test(test_from_integers),
	};

#ifndef __x86_64__
	print_message("the host detects tininess in another way than x86-64\n");
	return 77;
#endif
	return cmocka_run_group_tests(tests, NULL, NULL);
}
