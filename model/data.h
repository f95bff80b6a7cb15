/* SPDX-License-Identifier: Apache-2.0
 * data.h: what a data bus carries in one clock, and how bytes move in it.
 *
 * vio_data is a beat of VIO_DATA_BYTES bytes, byte n in lane n; vio_word is the 64 bits that rings and headers are made
 * of, on a bus of any width. Both have the same operations, so that the readers have one form. vio_strb has a bit for
 * each lane of a beat. Up to 64 bits a beat is a plain integer; beyond, it is made of words, lowest first.
 */
#ifndef VIO_DATA_H
#define VIO_DATA_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_params.h"

#ifdef __cplusplus
#define VIO_STATIC_ASSERT static_assert
#else
#define VIO_STATIC_ASSERT _Static_assert
#endif
VIO_STATIC_ASSERT(VIO_DATA_W == 32 || VIO_DATA_W == 64 || VIO_DATA_W == 128 || VIO_DATA_W == 256 || VIO_DATA_W == 512,
		  "DATA_W is 32, 64, 128, 256 or 512");

enum {
	VIO_WORD_BYTES = 8,
	VIO_DATA_WORDS = (VIO_DATA_BYTES + VIO_WORD_BYTES - 1) / VIO_WORD_BYTES /* words that hold a beat */
};

typedef uint64_t vio_word;

#if VIO_DATA_W == 32
typedef uint32_t vio_data;
#elif VIO_DATA_W == 64
typedef uint64_t vio_data;
#else
typedef struct {
	uint64_t w[VIO_DATA_WORDS];
} vio_data;
#endif

#if VIO_DATA_BYTES <= 8
typedef uint8_t vio_strb;
#elif VIO_DATA_BYTES == 16
typedef uint16_t vio_strb;
#elif VIO_DATA_BYTES == 32
typedef uint32_t vio_strb;
#else
typedef uint64_t vio_strb;
#endif

#define VIO_STRB_ALL ((vio_strb)(~UINT64_C(0) >> (64 - VIO_DATA_BYTES)))

/* Lane of an address. */
static inline unsigned vio_lane(uint64_t addr)
{
	return (unsigned)(addr & (VIO_DATA_BYTES - 1));
}

/* Beats that len bytes from addr lie in. */
static inline uint32_t vio_beats(uint64_t addr, uint32_t len)
{
	return (vio_lane(addr) + len + VIO_DATA_BYTES - 1) / VIO_DATA_BYTES;
}

/* A word moved up or down by bytes, 0..7; the lowest bytes of it, 0..8. */
static inline vio_word vio_word_up(vio_word a, unsigned bytes)
{
	return a << (8 * bytes);
}
static inline vio_word vio_word_down(vio_word a, unsigned bytes)
{
	return a >> (8 * bytes);
}
static inline vio_word vio_word_low(vio_word a, unsigned bytes)
{
	return bytes < 8 ? a & ((UINT64_C(1) << (8 * bytes)) - 1) : a;
}
static inline vio_word vio_word_or(vio_word a, vio_word b)
{
	return a | b;
}

/* The same for a beat, moved by less than VIO_DATA_BYTES. vio_data_word is word n of a beat, vio_data_of a beat with word in
 * its lowest lanes, as far as they go. */
#if VIO_DATA_W <= 64
static inline vio_data vio_data_up(vio_data a, unsigned bytes)
{
	return (vio_data)(a << (8 * bytes));
}
static inline vio_data vio_data_down(vio_data a, unsigned bytes)
{
	return a >> (8 * bytes);
}
static inline vio_data vio_data_low(vio_data a, unsigned bytes)
{
	return bytes < VIO_DATA_BYTES ? (vio_data)(a & ((UINT64_C(1) << (8 * bytes)) - 1)) : a;
}
static inline vio_data vio_data_or(vio_data a, vio_data b)
{
	return a | b;
}
static inline bool vio_data_equal(vio_data a, vio_data b)
{
	return a == b;
}
static inline vio_word vio_data_word(vio_data a, unsigned n)
{
	(void)n;
	return a;
}
static inline vio_data vio_data_of(vio_word word)
{
	return (vio_data)word;
}
#else
static inline vio_word vio_data_word(vio_data a, unsigned n)
{
	return a.w[n];
}
static inline vio_data vio_data_of(vio_word word)
{
	vio_data a = {{0}};

	a.w[0] = word;
	return a;
}
static inline vio_data vio_data_up(vio_data a, unsigned bytes)
{
	const unsigned words = bytes / 8, bits = 8 * (bytes % 8);
	vio_data r = {{0}};

	for (unsigned n = words; n < VIO_DATA_WORDS; n++) {
		r.w[n] = a.w[n - words] << bits;
		if (bits != 0 && n > words)
			r.w[n] |= a.w[n - words - 1] >> (64 - bits);
	}
	return r;
}
static inline vio_data vio_data_down(vio_data a, unsigned bytes)
{
	const unsigned words = bytes / 8, bits = 8 * (bytes % 8);
	vio_data r = {{0}};

	for (unsigned n = 0; n + words < VIO_DATA_WORDS; n++) {
		r.w[n] = a.w[n + words] >> bits;
		if (bits != 0 && n + words + 1 < VIO_DATA_WORDS)
			r.w[n] |= a.w[n + words + 1] << (64 - bits);
	}
	return r;
}
static inline vio_data vio_data_low(vio_data a, unsigned bytes)
{
	for (unsigned n = 0; n < VIO_DATA_WORDS; n++)
		a.w[n] = bytes > 8 * n ? vio_word_low(a.w[n], bytes - 8 * n < 8 ? bytes - 8 * n : 8) : 0;
	return a;
}
static inline vio_data vio_data_or(vio_data a, vio_data b)
{
	for (unsigned n = 0; n < VIO_DATA_WORDS; n++)
		a.w[n] |= b.w[n];
	return a;
}
static inline bool vio_data_equal(vio_data a, vio_data b)
{
	uint64_t differ = 0;

	for (unsigned n = 0; n < VIO_DATA_WORDS; n++)
		differ |= a.w[n] ^ b.w[n];
	return differ == 0;
}
#endif

/* What a reader takes of a beat at once, from this lane on: what is left of the beat, or of the word in it. */
static inline vio_data vio_data_from(vio_data beat, unsigned lane)
{
	return vio_data_down(beat, lane);
}
static inline vio_word vio_word_from(vio_data beat, unsigned lane)
{
	return vio_data_word(beat, lane / 8) >> (8 * (lane % 8));
}

/* One byte of a beat. */
static inline uint8_t vio_data_byte(vio_data a, unsigned lane)
{
	return (uint8_t)vio_word_from(a, lane);
}

#endif
