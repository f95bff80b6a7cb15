/* SPDX-License-Identifier: Apache-2.0
 * hostile_packed.h: what can only be done wrong on a packed ring, and what hostile.c and hostile_packed.c share. */
#ifndef HOSTILE_PACKED_H
#define HOSTILE_PACKED_H

#include "spoil.h"

/* ENDLESS to FLIPPED, on a queue that is drained. False when there is no room. */
bool hostile_packed(struct driver *d, unsigned q, enum kind kind);
/* The driver's slots get a len of 0: a chain that runs on into them finds nothing to write to. */
void hostile_clear_slots(struct driver *d, unsigned q);
/* The request is completed, and good, or the device reports just this code; 0 allows any. */
void hostile_either(struct driver *d, unsigned q, const struct request *r, enum kind kind, int code);

/* hostile.c: header, one sector or one range, status: submitted, not published; or NULL. */
struct request *hostile_request(struct driver *d, unsigned q, uint32_t type, bool with_status, bool table);
/* Waits for DEVICE_NEEDS_RESET with one of two codes. */
void hostile_expect(struct driver *d, unsigned q, enum kind kind, int first, int second);

#endif
