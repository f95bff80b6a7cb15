/* SPDX-License-Identifier: Apache-2.0
 * hash.c: see hash.h. */
#include "hash.h"

#include <string.h>

static uint64_t mix(uint64_t value, uint64_t word)
{
	value = (value ^ word) * 0x9e3779b97f4a7c15u;
	return value ^ value >> 32;
}

void hash_add(struct hash *h, const void *p, size_t n)
{
	const uint8_t *from = p;
	uint64_t word;

	while (n && h->bytes % 8) {
		h->word |= (uint64_t)*from++ << h->bytes++ % 8 * 8;
		n--;
		if (h->bytes % 8 == 0) {
			h->value = mix(h->value, h->word);
			h->word = 0;
		}
	}
	for (; n >= 8; n -= 8, from += 8) {
		memcpy(&word, from, 8);
		h->value = mix(h->value, word);
		h->bytes += 8;
	}
	for (; n; n--)
		h->word |= (uint64_t)*from++ << h->bytes++ % 8 * 8;
}

uint64_t hash_end(const struct hash *h)
{
	return mix(mix(h->value, h->word), h->bytes);
}
