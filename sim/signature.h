/* SPDX-License-Identifier: Apache-2.0
 * signature.h: what a program of riscv-arch-test leaves in memory, to be compared with a reference.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stdint.h>
#include "symbols.h"

/* Where the program has it: from begin_signature to end_signature. sim_die, naming the program, when it has none or one
 * that is not made of words in DRAM. */
struct signature {
	uint64_t offset, bytes; /* in DRAM */
};
struct signature signature_find(const struct symbols *symbols, const char *program, uint64_t dram_size);

/* Its words of 32 bits in hexadecimal, a line each. sim_die when the file cannot be written. */
void signature_write(struct signature s, const uint8_t *dram, const char *path);

#endif
