/* SPDX-License-Identifier: Apache-2.0
 * dut.h: the seam between a device and whatever drives its pins.
 *
 * The C model, the Verilated RTL and lockstep (which holds two and compares) all stand behind it. A clock is
 *
 *     drive in from the environment's registers;
 *     let the environment look at in and dut->out, and compute its next state;
 *     dut_tick(dut, in);                      // the edge: dut->out now shows the pins after it
 *
 * so both sides of a handshake judge the same pair of pin values.
 */
#ifndef DUT_H
#define DUT_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dut;
struct dut_view;
struct stream;
struct vio;

struct dut_ops {
	const char *name;                                       /* "model", "rtl" or "lockstep" */
	void (*tick)(struct dut *dut, const struct vio_in *in); /* one rising edge of clk */
	bool (*idle)(const struct dut *dut);                    /* nothing can change until an input pin does */
	uint64_t (*states)(const struct dut *dut);              /* four bits a unit, in the order of states.def */
	void (*reset)(struct dut *dut);                         /* power-on reset; out shows the reset values */
	void (*save)(struct dut *dut, struct stream *s);        /* all its registers and out, in sections of its own */
	void (*restore)(struct dut *dut,
			struct stream *s); /* what a device of this kind saved: it goes on from there */
	void (*close)(struct dut *dut);
	void (*view)(const struct dut *dut, struct dut_view *view); /* view.h; all of *view is written */
};

/* A device under test. Implementations embed it as their first member. */
struct dut {
	const struct dut_ops *ops;
	struct vio_out out; /* output pins after the last edge */
};

static inline void dut_tick(struct dut *dut, const struct vio_in *in)
{
	dut->ops->tick(dut, in);
}
static inline bool dut_idle(const struct dut *dut)
{
	return dut->ops->idle(dut);
}

/* Each returns a device in reset, or exits with status 2 when memory runs out. */
struct dut *dut_open_model(void);
struct dut *dut_open_rtl(void);

/* For a device that dut_open_model gave: runs its units in an order drawn from seed; 0 is the usual order. */
void dut_model_shuffle(struct dut *model, uint64_t seed);

/* Registers of a device that dut_open_model gave, valid until it is closed; NULL for any other. */
const struct vio *dut_vio(const struct dut *dut);

#ifdef __cplusplus
}
#endif
#endif
