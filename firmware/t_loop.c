/* SPDX-License-Identifier: Apache-2.0
 * t_loop: an integer loop that measures a simulator's speed. About 15 instructions a turn: shifts, adds, a
 * branch that is hard to guess, a multiply every other turn, one load and one store. 13 million turns: 200
 * million instructions.
 */
#include <stdint.h>
#include "print.h"

#ifndef T_LOOP_TURNS
#define T_LOOP_TURNS 13000000u
#endif

static uint64_t table[256];

int main(void)
{
	uint64_t x = 0x243f6a8885a308d3u;

	for (uint64_t i = 0; i < T_LOOP_TURNS; i++) {
		uint64_t *slot = &table[x >> 56];

		x = (x ^ (x << 13)) + i;
		x ^= x >> 7;
		if ((x & 1) != 0)
			x *= 0x9e3779b97f4a7c15u;
		*slot += x;
	}
	for (unsigned i = 0; i < 256; i++)
		x ^= table[i] >> (i & 31);
	print("checksum %016lx\n", x);
	return 0;
}
