/* SPDX-License-Identifier: Apache-2.0
 * sha256.h: SHA-256, FIPS 180-4.
 */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BLOCK_BYTES 64u

struct sha256 {
	uint32_t state[8];
	uint64_t total_bytes;
	uint8_t tail[2 * SHA256_BLOCK_BYTES] __attribute__((aligned(8))); /* bytes that do not fill a block yet */
	size_t tail_bytes;
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t bytes);
void sha256_end(struct sha256 *s, uint8_t digest[32]);

#endif
