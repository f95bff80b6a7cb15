/* SPDX-License-Identifier: Apache-2.0
 * sha256.c: SHA-256 for a 64-bit machine without rotate instructions.
 *
 * Working variables live in 64-bit registers of which only the low half means anything. The three rotations
 * of a sigma are shifts of the word doubled, word << 32 | word: after x >> n its low half is the rotation,
 * for n up to 32.
 */
#include "sha256.h"

#include "mem.h"

/* Scheduling before register allocation makes more words live at once than there are registers. */
#ifndef __clang__
#pragma GCC optimize("no-schedule-insns")
#endif

static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint64_t doubled(uint64_t x)
{
	uint64_t high = x << 32;

	return high | high >> 32;
}

static inline uint64_t big_sigma0(uint64_t x)
{
	uint64_t d = doubled(x);

	return d >> 2 ^ d >> 13 ^ d >> 22;
}

static inline uint64_t big_sigma1(uint64_t x)
{
	uint64_t d = doubled(x);

	return d >> 6 ^ d >> 11 ^ d >> 25;
}

/* A word whose upper half is 0 is doubled by one multiplication. */
static inline uint64_t small_sigma0(uint64_t x, uint64_t twice)
{
	uint64_t d = x * twice;

	return d >> 7 ^ d >> 18 ^ x >> 3;
}

static inline uint64_t small_sigma1(uint64_t x, uint64_t twice)
{
	uint64_t d = x * twice;

	return d >> 17 ^ d >> 19 ^ x >> 10;
}

/* The next message word, in the low half of the result. The empty asm makes later uses load the word again: a
 * load clears the upper half for free, and clearing it in a register takes two instructions. */
static inline uint64_t expanded(uint32_t w[16], unsigned i, uint64_t twice)
{
	uint64_t word = (uint64_t)w[i] + w[(i + 9) & 15];

	word += small_sigma0(w[(i + 1) & 15], twice);
	word += small_sigma1(w[(i + 14) & 15], twice);
	w[i] = (uint32_t)word;
	__asm__("" : "+m"(w[i]));
	return word;
}

/* maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)); a round's a ^ b is the next one's b ^ c. */
#define ROUND(a, b, c, d, e, f, g, h, i, word)                                                   \
	do {                                                                                     \
		uint64_t t1 = (h) + k[i] + (word) + ((g) ^ ((e) & ((f) ^ (g)))) + big_sigma1(e); \
		uint64_t ab = (a) ^ (b);                                                         \
		(d) += t1;                                                                       \
		(h) = t1 + big_sigma0(a) + ((b) ^ (ab & bc));                                    \
		bc = ab;                                                                         \
	} while (0)

#define EIGHT_ROUNDS(i, WORD)                                          \
	do {                                                           \
		ROUND(a, b, c, d, e, f, g, h, (i) + 0, WORD((i) + 0)); \
		ROUND(h, a, b, c, d, e, f, g, (i) + 1, WORD((i) + 1)); \
		ROUND(g, h, a, b, c, d, e, f, (i) + 2, WORD((i) + 2)); \
		ROUND(f, g, h, a, b, c, d, e, (i) + 3, WORD((i) + 3)); \
		ROUND(e, f, g, h, a, b, c, d, (i) + 4, WORD((i) + 4)); \
		ROUND(d, e, f, g, h, a, b, c, (i) + 5, WORD((i) + 5)); \
		ROUND(c, d, e, f, g, h, a, b, (i) + 6, WORD((i) + 6)); \
		ROUND(b, c, d, e, f, g, h, a, (i) + 7, WORD((i) + 7)); \
	} while (0)

#define LOADED(i) w[i]
#define EXPANDED(i) expanded(w, i, twice)

/* Bytes are big-endian: swaps two 32-bit words at once in a 64-bit one. The block is 8-byte aligned. */
static void load(uint32_t w[16], const uint8_t *block)
{
	const uint64_t odd = 0x00ff00ff00ff00ff;
	const uint64_t half = 0x0000ffff0000ffff;

	for (unsigned i = 0; i < 16; i += 2) {
		uint64_t x = *(const uint64_t *)(const void *)(block + (size_t)i * 4);

		x = (x >> 8 & odd) | (x & odd) << 8;
		x = (x >> 16 & half) | (x & half) << 16;
		w[i] = (uint32_t)x;
		w[i + 1] = (uint32_t)(x >> 32);
	}
}

static void compress(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[16];
	uint64_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint64_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint64_t bc = b ^ c;
	const uint32_t *k = round_constants;
	uint64_t twice = 0x100000001;

	/* Keeps the compiler from making three instructions of the multiplication. */
	__asm__("" : "+r"(twice));
	load(w, block);
	EIGHT_ROUNDS(0, LOADED);
	EIGHT_ROUNDS(8, LOADED);
	for (unsigned part = 1; part < 4; part++) {
		k += 16;
		EIGHT_ROUNDS(0, EXPANDED);
		EIGHT_ROUNDS(8, EXPANDED);
	}
	state[0] += (uint32_t)a;
	state[1] += (uint32_t)b;
	state[2] += (uint32_t)c;
	state[3] += (uint32_t)d;
	state[4] += (uint32_t)e;
	state[5] += (uint32_t)f;
	state[6] += (uint32_t)g;
	state[7] += (uint32_t)h;
}

void sha256_init(struct sha256 *s)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(s->state, start, sizeof(start));
	s->total_bytes = 0;
	s->tail_bytes = 0;
}

void sha256_add(struct sha256 *s, const void *data, size_t bytes)
{
	const uint8_t *from = data;

	s->total_bytes += bytes;
	while (bytes > 0) {
		size_t take = SHA256_BLOCK_BYTES - s->tail_bytes;

		if (s->tail_bytes == 0 && bytes >= SHA256_BLOCK_BYTES && ((uintptr_t)from & 7) == 0) {
			compress(s->state, from);
			from += SHA256_BLOCK_BYTES;
			bytes -= SHA256_BLOCK_BYTES;
			continue;
		}
		if (take > bytes)
			take = bytes;
		memcpy(s->tail + s->tail_bytes, from, take);
		s->tail_bytes += take;
		from += take;
		bytes -= take;
		if (s->tail_bytes == SHA256_BLOCK_BYTES) {
			compress(s->state, s->tail);
			s->tail_bytes = 0;
		}
	}
}

void sha256_end(struct sha256 *s, uint8_t digest[32])
{
	uint64_t bits = s->total_bytes * 8;
	size_t padded = s->tail_bytes + 9 <= SHA256_BLOCK_BYTES ? SHA256_BLOCK_BYTES : 2 * SHA256_BLOCK_BYTES;

	s->tail[s->tail_bytes] = 0x80;
	memset(s->tail + s->tail_bytes + 1, 0, padded - s->tail_bytes - 1);
	for (unsigned i = 0; i < 8; i++)
		s->tail[padded - 1 - i] = (uint8_t)(bits >> (8 * i));
	for (size_t at = 0; at < padded; at += SHA256_BLOCK_BYTES)
		compress(s->state, s->tail + at);
	for (unsigned i = 0; i < 32; i++)
		digest[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}
