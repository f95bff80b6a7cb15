/* SPDX-License-Identifier: Apache-2.0
 * vio_pins.h: the device's pins as two plain structs, from def/pins.def.
 *
 * A pin of width w holds its value in the low w bits; the bits above are 0. Only the data pins may have more than 64.
 */
#ifndef VIO_PINS_H
#define VIO_PINS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "data.h"

struct vio_in {
#define PIN_IN(ctype, name, width) ctype name;
#include "def/pins.def"
};

struct vio_out {
#define PIN_OUT(ctype, name, width) ctype name;
#include "def/pins.def"
};

/* Bits 64 * n and up of a pin of so many bytes, for those who go through all pins alike. */
static inline uint64_t vio_pin_word(const void *pin, size_t bytes, unsigned n)
{
	uint64_t word = 0;

	memcpy(&word, (const uint8_t *)pin + 8 * (size_t)n, bytes < 8 ? bytes : 8);
	return word;
}

#endif
