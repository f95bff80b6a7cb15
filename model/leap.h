/* SPDX-License-Identifier: Apache-2.0
 * leap.h: many clocks of the model in one step, with the same state afterwards as the clocks one by one.
 *
 * The units look at their registers, at FIFOs, at what regs publishes, and at pins. So when a clock changes nothing of a
 * unit, the next one does not either, until a FIFO that it looks at becomes empty, or full, or is so no more, or a pin
 * changes: a unit that had nothing to do is left out until it may have. And payload moves by one beat a clock through the
 * same stages, until a burst or a FIFO comes to its end, which counters tell before: such a stream is moved at once, at
 * the end of a leap. Meanwhile the rest of the device runs clock by clock, and not at all in clocks in which nothing but
 * streams moves. The straps must not change.
 *
 *     vio_leap_tick(&l, v, &in, &out);                          // a clock, as vio_tick
 *
 *     most = vio_leap_begin(&l, v, &in, &out);                  // the streams, and for how many clocks; 0: no leap
 *     while (n < most)
 *         if ((k = vio_leap_rest(&l, v, &in, &out)) != 0)       // payload rests but for the streams; up to k clocks:
 *             if (vio_leap_stirs(&l, v, &in, &out))
 *                 vio_leap_rest_tick(&l, v, &in, &out), n += 1; // others move
 *             else
 *                 vio_leap_skip(&l, v, &in, &out, k), n += k;   // until an input pin changes
 *         else if (vio_leap_may(&l, v, &in, &out))
 *             vio_leap_tick(&l, v, &in, &out), n += 1;
 *         else
 *             break;
 *     vio_leap_end(&l, v, &out, n, &flow);                      // the streams
 *
 * The pins of streams, and those of storage, stay as they are at the beginning of a leap until its end.
 * tests/tlm/ compares the whole struct vio with a shadow that is clocked one by one, after each step.
 */
#ifndef VIO_LEAP_H
#define VIO_LEAP_H

#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
#include "vio.h"

enum { VIO_LEAP_MAX = 128 }; /* most clocks of a leap with payload; without it there is no limit */

/* The units that stand still, and the streams. All 0: nothing is known. While one is in use, only the functions here may
 * clock the device. */
struct vio_leap {
	uint32_t awake;          /* units that may have something to do in the next clock: a bit each */
	bool regs_idle;          /* regs does nothing until an access, an error or an interrupt comes */
	bool doubt;              /* there may be a beat with an error response on the way to storage */
	bool store, take, drain; /* streams: from storage to memory; arrives from memory; goes to storage */
	bool joins;              /* one of them goes over a seam of two bursts */
	uint16_t last;           /* of store: beats from the pins on before the one that ends a burst; 0: none does */
	uint64_t others;         /* most clocks, if store goes on */
};

/* What pins show in n clocks of streams. Given are m_axi_rdata, be_rdata with room for VIO_LEAP_HELD beats before it,
 * and room for VIO_LEAP_HELD + n beats at be_wdata, which is filled. m_axi_wdata is set, to a place in be_rdata. */
struct vio_flow {
	const vio_data *m_axi_rdata;
	vio_data *be_rdata, *be_wdata;
	const vio_data *m_axi_wdata;
	unsigned rlasts; /* given: how many of the clocks show m_axi_rlast */
	bool wlast;      /* set: the last clock shows m_axi_wlast */
};
enum { VIO_LEAP_HELD = 1 + D_store + (D_wbeat > D_data_beat ? D_wbeat : D_data_beat) };

/* A clock, as vio_tick; in a leap all but its streams. */
void vio_leap_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in, struct vio_out *out);

/* Finds the streams. Gives for how many clocks they go on: UINT64_MAX without any, never more than VIO_LEAP_MAX with
 * some; 0 when one starts or ends at the pins of storage, which takes single clocks. */
uint64_t vio_leap_begin(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out);

/* After these n clocks: for how many more. */
uint64_t vio_leap_more(struct vio_leap *l, const struct vio *v, uint64_t n);

/* Whether a clock with these pins may be part of the leap. */
bool vio_leap_may(const struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out);

/* For how many clocks payload rests but for the streams, if others do not change that: vio_leap_rest_tick tells. */
uint64_t vio_leap_rest(const struct vio_leap *l, const struct vio *v, const struct vio_in *in,
		       const struct vio_out *out);

/* Of these, one. Whether it leaves payload at rest. */
bool vio_leap_rest_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in, struct vio_out *out);

/* Of these, n in which the others stand still as well. */
void vio_leap_skip(const struct vio_leap *l, struct vio *v, const struct vio_in *in, const struct vio_out *out,
		   uint64_t n);

/* Whether the others move in the next of these: units, R, AR, AW, B, and W when it carries no stream. */
static inline bool vio_leap_stirs(const struct vio_leap *l, const struct vio *v, const struct vio_in *in,
				  const struct vio_out *out)
{
	const uint64_t w = FIFO_BIT(wburst) | FIFO_BIT(wbeat);

	return l->awake != 0 || (v->ne & (AR_FIFOS | FIFO_BIT(aw))) != 0 ||
	       (in->m_axi_bvalid | out->m_axi_arvalid | out->m_axi_awvalid) != 0 || (in->m_axi_rvalid && !l->take) ||
	       (!l->store && ((v->ne & w) != 0 || out->m_axi_wvalid));
}

/* Whether a beat of payload comes that is no stream: no rest. */
static inline bool vio_leap_comes(const struct vio_leap *l, const struct vio_in *in)
{
	return in->m_axi_rvalid && in->m_axi_rid == VIO_ID_DATA && !l->take;
}

/* Moves the streams of the n clocks of the leap; there are none afterwards. */
void vio_leap_end(struct vio_leap *l, struct vio *v, struct vio_out *out, uint64_t n, struct vio_flow *flow);

/* A read of a register of an idle device without a pause of the manager: two clocks. Gives RDATA. */
uint32_t vio_leap_read(struct vio *v, const struct vio_in *in, struct vio_out *out, uint16_t addr);
enum { VIO_LEAP_READ_CLOCKS = 2 };

#ifdef __cplusplus
}
#endif
#endif
