/* SPDX-License-Identifier: Apache-2.0
 * muldiv.h: the M extension's results where C leaves them undefined or has no operator; unprivileged 7.2.
 */
#ifndef CPU_MULDIV_H
#define CPU_MULDIV_H

#include <stdint.h>

__extension__ typedef __int128 muldiv_wide; /* C11 has no struct for this one */

static inline uint64_t muldiv_mulh(uint64_t a, uint64_t b)
{
	return (uint64_t)((muldiv_wide)(int64_t)a * (int64_t)b >> 64);
}

static inline uint64_t muldiv_mulhsu(uint64_t a, uint64_t b)
{
	return (uint64_t)((muldiv_wide)(int64_t)a * (muldiv_wide)b >> 64);
}

static inline uint64_t muldiv_mulhu(uint64_t a, uint64_t b)
{
	return muldiv_mulhsu(a, b) + (a >> 63 ? b : 0);
}

/* Division by 0 gives all ones and the dividend; the one overflow gives the dividend and 0. */
static inline uint64_t muldiv_div(uint64_t a, uint64_t b)
{
	if (b == 0)
		return UINT64_MAX;
	return b == UINT64_MAX ? 0 - a : (uint64_t)((int64_t)a / (int64_t)b);
}

static inline uint64_t muldiv_rem(uint64_t a, uint64_t b)
{
	if (b == 0)
		return a;
	return b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
}

static inline uint64_t muldiv_divu(uint64_t a, uint64_t b)
{
	return b ? a / b : UINT64_MAX;
}
static inline uint64_t muldiv_remu(uint64_t a, uint64_t b)
{
	return b ? a % b : a;
}

/* A signed or unsigned word as 64 bits: the word operations are these on extended words. */
static inline uint64_t muldiv_sext(uint64_t a)
{
	return (uint64_t)(int64_t)(int32_t)(uint32_t)a;
}
static inline uint64_t muldiv_zext(uint64_t a)
{
	return (uint32_t)a;
}

#endif
