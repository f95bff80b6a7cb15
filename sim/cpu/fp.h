/* SPDX-License-Identifier: Apache-2.0
 * fp.h: IEEE 754 arithmetic on integers, as the F and D extensions want it (unprivileged 20191213, chapters 11 and 12).
 *
 * Every function takes and gives numbers as bit patterns in the low bits of a uint64_t, in the format that is named: 32
 * bits of single or 64 of double; boxing is done outside. Results are exact in value and in every flag, in all five
 * rounding modes; tininess is detected after rounding. A result that is a NaN is the canonical one. Flags are added to
 * *flags and never taken away. Nothing here can fail, and nothing depends on the host's own floating point.
 */
#ifndef CPU_FP_H
#define CPU_FP_H

#include <stdbool.h>
#include <stdint.h>

/* The rm field; 5 and 6 are reserved, 7 means "as frm says" and is not for these functions. */
enum fp_rm { FP_RNE, FP_RTZ, FP_RDN, FP_RUP, FP_RMM, FP_DYN = 7 };

/* fflags. */
enum fp_flag { FP_NX = 1, FP_UF = 2, FP_OF = 4, FP_DZ = 8, FP_NV = 16 };

struct fp_format {
	unsigned fraction_bits;
	unsigned exponent_bits;
};

extern const struct fp_format fp_single, fp_double;

uint64_t fp_add(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags);
uint64_t fp_sub(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags);
uint64_t fp_mul(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags);
uint64_t fp_div(const struct fp_format *format, uint64_t a, uint64_t b, enum fp_rm rm, unsigned *flags);
uint64_t fp_sqrt(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags);

/* a * b + c, rounded once. Infinity times zero is invalid whatever c is. */
uint64_t fp_fma(const struct fp_format *format, uint64_t a, uint64_t b, uint64_t c, enum fp_rm rm, unsigned *flags);

/* minimumNumber and maximumNumber of IEEE 754-2019: a NaN loses against a number, and -0 is less than +0. */
uint64_t fp_min(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags);
uint64_t fp_max(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags);

/* fp_equal is quiet; the other two are invalid on any NaN. */
bool fp_equal(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags);
bool fp_less(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags);
bool fp_less_equal(const struct fp_format *format, uint64_t a, uint64_t b, unsigned *flags);

/* The ten bits of FCLASS, of which one is set. */
unsigned fp_class(const struct fp_format *format, uint64_t a);

uint64_t fp_convert(const struct fp_format *to, const struct fp_format *from, uint64_t a, enum fp_rm rm,
		    unsigned *flags);

/* To integers. What does not fit is invalid and saturates; a NaN counts as plus infinity. The narrow ones are
 * sign-extended to 64 bits, the unsigned one too. */
uint64_t fp_to_i32(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags);
uint64_t fp_to_u32(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags);
uint64_t fp_to_i64(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags);
uint64_t fp_to_u64(const struct fp_format *format, uint64_t a, enum fp_rm rm, unsigned *flags);

uint64_t fp_from_i64(const struct fp_format *format, int64_t value, enum fp_rm rm, unsigned *flags);
uint64_t fp_from_u64(const struct fp_format *format, uint64_t value, enum fp_rm rm, unsigned *flags);

/* A single in a 64-bit register is boxed: the upper half is all ones. What is not boxed reads as the canonical NaN. */
#define FP_BOX 0xffffffff00000000ull

static inline uint64_t fp_box(uint64_t single)
{
	return FP_BOX | single;
}
static inline uint64_t fp_unbox(uint64_t reg)
{
	return reg >= FP_BOX ? (uint32_t)reg : 0x7fc00000;
}

#endif
