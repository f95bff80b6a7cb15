/* SPDX-License-Identifier: Apache-2.0
 * axil.h: an AXI4-Lite manager for the device's registers: one access at a time.
 *
 * Post with axil_read or axil_write, clock on, and fetch the answer with axil_done, which is true once for each
 * access. Without stalls the next axil_drive shows the valids, and ready with them.
 */
#ifndef AXIL_H
#define AXIL_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

struct axil;
struct stream;

struct axil *axil_new(unsigned stall_per_1024, uint64_t seed);
void axil_free(struct axil *a);

/* Posts one access. The one before must have been fetched. */
void axil_read(struct axil *a, uint16_t addr);
void axil_write(struct axil *a, uint16_t addr, uint32_t data, uint8_t strb);
/* True once the access is answered: data (of a read; else 0) and resp may be NULL. */
bool axil_done(struct axil *a, uint32_t *data, unsigned *resp);
/* No access is posted or waits to be fetched. */
bool axil_idle(const struct axil *a);

void axil_drive(const struct axil *a, struct vio_in *in);
void axil_step(struct axil *a, const struct vio_in *in, const struct vio_out *out);
/* Between two clocks. Not with an error. */
void axil_state(struct axil *a, struct stream *s);
/* Forgets the access, as after a power-on reset of both sides. */
void axil_reset(struct axil *a);
/* The first rule of AXI4-Lite that the device broke, as a sentence, or NULL. */
const char *axil_error(const struct axil *a);

#endif
