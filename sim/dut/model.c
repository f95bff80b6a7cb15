/* SPDX-License-Identifier: Apache-2.0
 * model.c: the C reference model behind the seam of dut.h. */
#include <stdlib.h>
#include "dut/dut.h"
#include "dut/view.h"
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

static void view_queue(const struct vio *v, unsigned q, struct dut_view_queue *to)
{
	const struct vio_queue *queue = &v->pub.queue[q];

	*to = (struct dut_view_queue){.desc = queue->desc,
				      .avail = queue->avail,
				      .used = queue->used,
				      .num = queue->num,
				      .ready = queue->ready,
				      .taken = v->fetch.last[q],
				      .armed = v->fetch.armed[q],
				      .next = v->used.next[q],
				      .shown = v->used.shown[q]};
}

static void model_view(const struct dut *dut, struct dut_view *view)
{
	const struct vio *v = &((const struct model *)dut)->vio;

	*view = (struct dut_view){.status = v->regs.status,
				  .isr = v->regs.isr,
				  .err_code = v->regs.err_code,
				  .err_queue = v->regs.err_queue,
				  .err_desc = v->regs.err_desc,
				  .req_code = v->count.code,
				  .req_queue = v->count.queue,
				  .req_head = v->count.head,
				  .generation = v->regs.generation,
				  .driver = v->regs.driver,
				  .live = v->pub.live,
				  .states = vio_states(v)};
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		view_queue(v, q, &view->queue[q]);
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
	.view = model_view,
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
