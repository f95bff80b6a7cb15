/* SPDX-License-Identifier: Apache-2.0
 * place.h: places in a packed ring, virtio 1.2, 2.8.1. Twin of rtl/place.vh.
 *
 * A place is a slot in bits 14:0 and, in bit 15, the laps made so far, modulo 2. Both begin at 0, when the wrap counter
 * is 1: the wrap counter is bit 15 inverted.
 */
#ifndef VIO_PLACE_H
#define VIO_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#define PLACE_LAP 0x8000u

static inline uint16_t place_slot(uint16_t place)
{
	return place & (uint16_t)~PLACE_LAP;
}

static inline bool place_wrap(uint16_t place)
{
	return (place & PLACE_LAP) == 0;
}

/* The place that many slots further on; at most num, which may be no power of two. */
static inline uint16_t place_after(uint16_t place, uint16_t slots, uint16_t num)
{
	const uint16_t lap = place & PLACE_LAP, slot = (uint16_t)(place_slot(place) + slots);

	return slot < num ? slot | lap : place_slot((uint16_t)(slot - num)) | (lap ^ PLACE_LAP);
}

/* Whether a place is less than a lap ahead of another. Flags of a slot tell one lap from the next, not from the one
 * behind that. */
static inline bool place_within_lap(uint16_t from, uint16_t place)
{
	const bool same_lap = ((from ^ place) & PLACE_LAP) == 0;

	return (place_slot(place) >= place_slot(from)) == same_lap;
}

#endif
