/* SPDX-License-Identifier: Apache-2.0
 * mem.h: the four functions that a C compiler expects of its library.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);

/* Fills a buffer with bytes that depend on the seed and on the position. */
void mem_pattern(void *to, size_t bytes, uint64_t seed);

/* The index of the first byte that differs from mem_pattern's, or bytes if none does. */
size_t mem_pattern_differs(const void *from, size_t bytes, uint64_t seed);

#endif
