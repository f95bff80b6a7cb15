/* SPDX-License-Identifier: Apache-2.0
 * fake_dut.h: a device that is easy to foresee: m_axi_araddr counts the clocks in which be_rvalid is up. From a chosen
 * clock on it lies on one pin, in idle or in states. */
#ifndef FAKE_DUT_H
#define FAKE_DUT_H

#include "dut/dut.h"
#include "sim.h"
#include "stream.h"

enum fake_lie { FAKE_HONEST, FAKE_PIN, FAKE_LAST_PIN, FAKE_IDLE, FAKE_STATES };

struct fake {
	struct dut dut;
	uint64_t ticks, lie_at;
	enum fake_lie lie;
};

static inline bool fake_lies(const struct fake *f, enum fake_lie lie)
{
	return f->lie == lie && f->ticks > f->lie_at;
}

static inline void fake_tick(struct dut *dut, const struct vio_in *in)
{
	struct fake *f = (struct fake *)dut;

	f->ticks++;
	dut->out.m_axi_araddr += in->be_rvalid;
	dut->out.m_axi_awid = fake_lies(f, FAKE_PIN) ? 5 : 0;
	dut->out.irq = fake_lies(f, FAKE_LAST_PIN);
}

static inline bool fake_idle(const struct dut *dut)
{
	const struct fake *f = (const struct fake *)dut;

	return !fake_lies(f, FAKE_IDLE);
}

static inline uint64_t fake_states(const struct dut *dut)
{
	const struct fake *f = (const struct fake *)dut;

	return fake_lies(f, FAKE_STATES) ? 0x21 : 0x20;
}

static inline void fake_reset(struct dut *dut)
{
	struct fake *f = (struct fake *)dut;

	f->ticks = 0;
	dut->out = (struct vio_out){0};
}

static inline void fake_state(struct dut *dut, struct stream *s)
{
	struct fake *f = (struct fake *)dut;

	stream_all(s, &dut->out);
	stream_all(s, &f->ticks);
}

static inline void fake_close(struct dut *dut)
{
	free(dut);
}

static inline struct dut *fake_open(enum fake_lie lie, uint64_t lie_at)
{
	static const struct dut_ops ops = {.name = "fake",
					   .tick = fake_tick,
					   .idle = fake_idle,
					   .states = fake_states,
					   .reset = fake_reset,
					   .save = fake_state,
					   .restore = fake_state,
					   .close = fake_close};
	struct fake *f = sim_alloc(sizeof(*f));

	f->dut.ops = &ops;
	f->lie = lie;
	f->lie_at = lie_at;
	return &f->dut;
}

#endif
