/* SPDX-License-Identifier: Apache-2.0
 * operands.c: words that are worth computing with, as integers and as numbers of both formats.
 */
#include "gen.h"

static uint64_t integer(struct gen *g)
{
	uint64_t word = draw64(g);

	switch (below(g, 6)) {
	case 0:
		return (uint64_t)(int64_t)between(g, -4, 4);
	case 1:
		return ((uint64_t)1 << below(g, 64)) + (uint64_t)(int64_t)between(g, -1, 1);
	case 2:
		return UINT64_MAX << below(g, 64);
	case 3:
		return (uint64_t)(int64_t)(int32_t)word; /* a word, extended */
	case 4:
		return word >> below(g, 64);
	default:
		return word;
	}
}

/* Few bits, a run of them, or any. */
static uint64_t fraction(struct gen *g, unsigned bits)
{
	uint64_t any = draw64(g), mask = (1ull << bits) - 1;

	switch (below(g, 6)) {
	case 0:
		return 0;
	case 1:
		return mask;
	case 2:
		return (1ull << below(g, bits) | 1ull << below(g, bits)) & mask;
	case 3:
		return UINT64_MAX << below(g, bits) & mask;
	default:
		return any & mask;
	}
}

/* Mostly near 1, so that sums and products meet; and the ends of the range. */
static uint64_t exponent(struct gen *g, unsigned bits, unsigned fraction_bits)
{
	uint32_t most = (1u << bits) - 1, bias = most / 2;

	switch (below(g, 8)) {
	case 0:
		return below(g, 3);
	case 1:
		return most - below(g, 3);
	case 2:
		return below(g, most + 1);
	case 3:
		return bias + below(g, 66); /* about integers */
	case 4:                             /* products of these are at the ends */
		return chance(g, 50) ? bias / 2 + below(g, 30) : bias + bias / 2 - below(g, 30);
	default:
		return bias - fraction_bits + below(g, 2 * fraction_bits);
	}
}

static uint64_t number(struct gen *g, unsigned exponent_bits, unsigned fraction_bits)
{
	uint64_t sign = below(g, 2), exp = exponent(g, exponent_bits, fraction_bits);

	return (sign << exponent_bits | exp) << fraction_bits | fraction(g, fraction_bits);
}

uint64_t draw_operand(struct gen *g)
{
	uint64_t single;

	switch (below(g, 4)) {
	case 0:
		return integer(g);
	case 1:
	case 2:
		return number(g, 11, 52);
	default:
		single = number(g, 8, 23);
		return chance(g, 95) ? 0xffffffff00000000 | single : (draw64(g) & 0xffffffff00000000) | single;
	}
}
