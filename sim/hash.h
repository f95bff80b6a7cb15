/* SPDX-License-Identifier: Apache-2.0
 * hash.h: 64 bits that tell whether bytes are the same: for damage and mistakes, not against an enemy.
 *
 * Each step maps hash and word one to one, so a change within one word of 8 bytes is always seen. The same bytes give the
 * same hash however they are cut into pieces.
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

/* All zeros: nothing yet. */
struct hash {
	uint64_t value, word; /* word: the bytes that do not fill one yet */
	uint64_t bytes;
};

void hash_add(struct hash *h, const void *p, size_t n);
/* Of all bytes so far. */
uint64_t hash_end(const struct hash *h);

#endif
