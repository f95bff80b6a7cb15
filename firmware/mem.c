/* SPDX-License-Identifier: Apache-2.0
 * mem.c: memory functions, by words where both sides are aligned. The empty asm keeps the compiler from
 * turning a loop into a call of the very function it is in.
 */
#include "mem.h"

#define KEEP_LOOP() __asm__ volatile("")

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if ((((uintptr_t)t | (uintptr_t)f) & 7) == 0) {
		for (; bytes >= 8; bytes -= 8, t += 8, f += 8) {
			*(uint64_t *)(void *)t = *(const uint64_t *)(const void *)f;
			KEEP_LOOP();
		}
	}
	for (; bytes > 0; bytes--) {
		*t++ = *f++;
		KEEP_LOOP();
	}
	return to;
}

void *memset(void *to, int value, size_t bytes)
{
	uint8_t *t = to;
	uint64_t word = (uint8_t)value * 0x0101010101010101u;

	for (; bytes > 0 && ((uintptr_t)t & 7) != 0; bytes--) {
		*t++ = (uint8_t)value;
		KEEP_LOOP();
	}
	for (; bytes >= 8; bytes -= 8, t += 8) {
		*(uint64_t *)(void *)t = word;
		KEEP_LOOP();
	}
	for (; bytes > 0; bytes--) {
		*t++ = (uint8_t)value;
		KEEP_LOOP();
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const uint8_t *x = a;
	const uint8_t *y = b;

	for (size_t i = 0; i < bytes; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

size_t strlen(const char *text)
{
	size_t n = 0;

	while (text[n] != '\0') {
		n++;
		KEEP_LOOP();
	}
	return n;
}

static uint8_t pattern_byte(uint64_t seed, size_t i)
{
	uint64_t x = (seed + i) * 0x9e3779b97f4a7c15u;

	return (uint8_t)(x >> 56);
}

void mem_pattern(void *to, size_t bytes, uint64_t seed)
{
	uint8_t *t = to;

	for (size_t i = 0; i < bytes; i++)
		t[i] = pattern_byte(seed, i);
}

size_t mem_pattern_differs(const void *from, size_t bytes, uint64_t seed)
{
	const uint8_t *f = from;
	size_t i = 0;

	while (i < bytes && f[i] == pattern_byte(seed, i))
		i++;
	return i;
}
