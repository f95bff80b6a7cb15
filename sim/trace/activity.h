/* SPDX-License-Identifier: Apache-2.0
 * activity.h: how a device spends its clocks. Each clock is one of
 *
 *     idle     nothing can change in the device until a pin does
 *     stalled  nothing moves at its pins, and it waits: for an answer of memory or storage that is under way, or for
 *              something that it offers to be taken
 *     busy     all others
 *
 * so the three add up to the clocks that there were, and are the same whether idle clocks are skipped or run.
 */
#ifndef ACTIVITY_H
#define ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

/* Plain data; all zeros at first. */
struct activity {
	uint64_t busy, stalled, idle;
	uint32_t reads, writes, commands; /* under way: bursts, and storage commands */
};

/* One clock, before its edge; idle: what the device says. */
void activity_step(struct activity *a, bool idle, const struct vio_in *in, const struct vio_out *out);

/* What is under way is dropped by a power-on reset. */
void activity_reset(struct activity *a);

#endif
