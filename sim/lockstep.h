/* SPDX-License-Identifier: Apache-2.0
 * lockstep.h: two devices behind one seam, compared on every clock: every output pin, idle and the unit states.
 *
 * The pair shows the model's pins. After the first difference it freezes: no device is clocked again, and the
 * difference can be fetched.
 */
#ifndef LOCKSTEP_H
#define LOCKSTEP_H

#include <stdint.h>
#include "dut/dut.h"

struct lockstep_mismatch {
	uint64_t cycle;      /* clocks since reset, counting from 0: the edge after which they differ */
	const char *pin;     /* as in pins.def, or "idle" or "dbg_states" */
	uint64_t model, rtl; /* the values; of a wide pin 64 bits of them */
	unsigned low;        /* which: from this bit on */
	uint64_t model_states, rtl_states;
};

/* Owns both from now on: close closes both. They must be in reset. */
struct dut *lockstep_open(struct dut *model, struct dut *rtl);
/* The first difference, or NULL. Only for a device that lockstep_open made; NULL for any other. */
const struct lockstep_mismatch *lockstep_mismatch(const struct dut *dut);
/* The two sides; NULL for any other device. */
struct dut *lockstep_model(struct dut *dut);
struct dut *lockstep_rtl(struct dut *dut);

#endif
