/* SPDX-License-Identifier: Apache-2.0
 * leap.h: many clocks of the model in one step, with the same state afterwards as the clocks one by one.
 *
 * The units look at their registers, at FIFOs, at what regs publishes, and at pins. So when a clock changes nothing of a
 * unit, the next one does not either, until a FIFO that it looks at becomes empty, or full, or is so no more, or a pin changes.
 * Two uses are made of that. A unit that had nothing to do is left out until it may have. While all but the four that carry
 * payload are, and these do the same in clock after clock, as their counters tell, the clocks are taken in one step until a
 * counter comes to its end. The straps must not change meanwhile.
 *
 *     vio_leap_tick(&l, v, &in, &out);          // a clock as vio_tick
 *     n = vio_leap_clocks(&l, v, &in, &out);    // so many clocks from this one on are alike; 0: none
 *     vio_leap(&l, v, &out, n, &flow);          // the input pins of these clocks are in's, but for those in flow
 *
 * tests/tlm/ compares the whole struct vio with a shadow that is clocked one by one, after each step.
 */
#ifndef VIO_LEAP_H
#define VIO_LEAP_H

#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
#include "vio.h"

enum { VIO_LEAP_MAX = 64 }; /* most clocks of one step with payload; without it there is no limit */

/* The units that stand still, and what moves. All 0: nothing is known. Only
 * vio_leap_tick and vio_leap may clock the device while one is in use. */
struct vio_leap {
	uint64_t ne, nf;         /* FIFOs at the start of the last clock */
	uint32_t idle;           /* units that did nothing in it: a bit each */
	bool regs_idle;          /* regs does nothing until an access, an error or an interrupt comes */
	bool doubt;              /* there may be a beat with an error response on the way to storage */
	bool store, take, drain; /* payload: storage to memory; arrives from memory; goes to storage */
	uint8_t read_beat, write_beat, read_wait, stall_w; /* what each clock adds to the counters */
};

/* The payload of n clocks: what the input pins show in each, and room for what the output pins show. */
struct vio_flow {
	const vio_data *be_rdata, *m_axi_rdata;
	vio_data *be_wdata, *m_axi_wdata;
	unsigned lasts; /* how many of the clocks show m_axi_rlast */
};

/* A clock, as vio_tick. */
void vio_leap_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in, struct vio_out *out);

/* How many clocks, from that with these pins on, do the same while only the data pins of in change, and m_axi_rlast: UINT64_MAX when nothing
 * moves, and never more than VIO_LEAP_MAX when payload does. */
uint64_t vio_leap_clocks(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out);

/* These clocks, or fewer, but not 0. flow's arrays have n entries, where the pins have a valid; others may be NULL. */
void vio_leap(const struct vio_leap *l, struct vio *v, struct vio_out *out, uint64_t n, const struct vio_flow *flow);

/* A read of a register of an idle device without a pause of the manager: two clocks. Gives RDATA. */
uint32_t vio_leap_read(struct vio *v, const struct vio_in *in, struct vio_out *out, uint16_t addr);
enum { VIO_LEAP_READ_CLOCKS = 2 };

#ifdef __cplusplus
}
#endif
#endif
