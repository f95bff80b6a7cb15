/* SPDX-License-Identifier: Apache-2.0
 * meter.h: how many requests reached the storage port, and how many payload bytes they asked for.
 *
 * Cheap enough for every run: one test a clock. It sees only accepted storage commands, so a request that the
 * device answers by itself (an unknown type, a sector past the end) does not count.
 */
#ifndef METER_H
#define METER_H

#include <stdint.h>
#include "vio_pins.h"

/* Plain data; all zeros is an empty meter. */
struct meter {
	uint64_t requests; /* accepted storage commands of any kind */
	uint64_t bytes;    /* payload of the reads and writes among them */
};

/* Counts the command that this clock accepts. */
void meter_command(struct meter *m, const struct vio_out *out);

/* Call once for each clock, before the edge. */
static inline void meter_step(struct meter *m, const struct vio_in *in, const struct vio_out *out)
{
	if (out->be_cmd_valid & in->be_cmd_ready)
		meter_command(m, out);
}

#endif
