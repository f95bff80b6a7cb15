/* SPDX-License-Identifier: Apache-2.0
 * model.c: the C reference model behind the seam of dut.h. */
#include <stdlib.h>
#include "dut/dut.h"
#include "sim.h"
#include "stream.h"
#include "vio.h"

struct model {
	struct dut dut;
	struct vio vio;
};

static void model_tick(struct dut *dut, const struct vio_in *in)
{
	struct model *m = (struct model *)dut;

	vio_tick(&m->vio, in, &dut->out);
}

static bool model_idle(const struct dut *dut)
{
	return vio_idle(&((const struct model *)dut)->vio, &dut->out);
}

static uint64_t model_states(const struct dut *dut)
{
	return vio_states(&((const struct model *)dut)->vio);
}

static void model_reset(struct dut *dut)
{
	struct model *m = (struct model *)dut;

	vio_reset(&m->vio, &dut->out);
}

/* struct vio is plain data. */
static void model_state(struct dut *dut, struct stream *s)
{
	struct model *m = (struct model *)dut;

	stream_section(s, "model");
	stream_all(s, &dut->out);
	stream_all(s, &m->vio);
}

static void model_close(struct dut *dut)
{
	free(dut);
}

static const struct dut_ops model_ops = {
	.name = "model",
	.tick = model_tick,
	.idle = model_idle,
	.states = model_states,
	.reset = model_reset,
	.save = model_state,
	.restore = model_state,
	.close = model_close,
};

void dut_model_shuffle(struct dut *model, uint64_t seed)
{
	vio_shuffle(&((struct model *)model)->vio, seed);
}

const struct vio *dut_vio(const struct dut *dut)
{
	return dut->ops == &model_ops ? &((const struct model *)dut)->vio : NULL;
}

struct dut *dut_open_model(void)
{
	struct model *m = sim_alloc(sizeof(*m));

	m->dut.ops = &model_ops;
	model_reset(&m->dut);
	return &m->dut;
}
