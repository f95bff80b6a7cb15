/* SPDX-License-Identifier: Apache-2.0
 * vio_pins.h: the device's pins as two plain structs, from def/pins.def.
 *
 * A pin of width w holds its value in the low w bits; the bits above are 0.
 */
#ifndef VIO_PINS_H
#define VIO_PINS_H

#include <stdint.h>

struct vio_in {
#define PIN_IN(ctype, name, width) ctype name;
#include "def/pins.def"
};

struct vio_out {
#define PIN_OUT(ctype, name, width) ctype name;
#include "def/pins.def"
};

#endif
