/* SPDX-License-Identifier: Apache-2.0
 * lockstep.c: see lockstep.h. */
#include "lockstep.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "stream.h"

struct pair {
	struct dut dut;
	struct dut *model, *rtl;
	uint64_t cycle;
	bool failed;
	struct lockstep_mismatch mismatch;
};

static const struct dut_ops pair_ops;

static bool is_pair(const struct dut *dut)
{
	return dut->ops == &pair_ops;
}

static void report(struct pair *p, const char *pin, unsigned low, uint64_t model, uint64_t rtl)
{
	p->failed = true;
	p->mismatch = (struct lockstep_mismatch){
		.cycle = p->cycle,
		.pin = pin,
		.model = model,
		.rtl = rtl,
		.low = low,
		.model_states = p->model->ops->states(p->model),
		.rtl_states = p->rtl->ops->states(p->rtl),
	};
}

static void compare_pin(struct pair *p, const char *name, const void *model, const void *rtl, size_t bytes)
{
	for (unsigned n = 0; 8 * n < bytes && !p->failed; n++) {
		const uint64_t a = vio_pin_word(model, bytes, n), b = vio_pin_word(rtl, bytes, n);

		if (a != b)
			report(p, name, 64 * n, a, b);
	}
}

/* Finds the first pin that differs; the structs are known to differ, perhaps in their padding only. */
static void find_pin(struct pair *p)
{
	const struct vio_out *a = &p->model->out, *b = &p->rtl->out;

#define PIN_OUT(ctype, name, width) compare_pin(p, #name, &a->name, &b->name, sizeof(a->name));
#include "def/pins.def"
}

static void compare(struct pair *p)
{
	bool model_idle = p->model->ops->idle(p->model), rtl_idle = p->rtl->ops->idle(p->rtl);
	uint64_t model_states = p->model->ops->states(p->model), rtl_states = p->rtl->ops->states(p->rtl);

	if (memcmp(&p->model->out, &p->rtl->out, sizeof(p->model->out)) != 0)
		find_pin(p);
	if (!p->failed && model_idle != rtl_idle)
		report(p, "idle", 0, model_idle, rtl_idle);
	if (!p->failed && model_states != rtl_states)
		report(p, "dbg_states", 0, model_states, rtl_states);
}

static void pair_tick(struct dut *dut, const struct vio_in *in)
{
	struct pair *p = (struct pair *)dut;

	if (p->failed)
		return;
	p->model->ops->tick(p->model, in);
	p->rtl->ops->tick(p->rtl, in);
	compare(p);
	p->cycle++;
	dut->out = p->model->out;
}

static bool pair_idle(const struct dut *dut)
{
	const struct pair *p = (const struct pair *)dut;

	return p->model->ops->idle(p->model);
}

static uint64_t pair_states(const struct dut *dut)
{
	const struct pair *p = (const struct pair *)dut;

	return p->model->ops->states(p->model);
}

static void pair_reset(struct dut *dut)
{
	struct pair *p = (struct pair *)dut;

	p->model->ops->reset(p->model);
	p->rtl->ops->reset(p->rtl);
	p->cycle = 0;
	p->failed = false;
	compare(p);
	dut->out = p->model->out;
}

/* Each side has a section of its own, so that one of them may be restored alone. */
static void pair_save(struct dut *dut, struct stream *s)
{
	struct pair *p = (struct pair *)dut;

	assert(!p->failed);
	p->model->ops->save(p->model, s);
	p->rtl->ops->save(p->rtl, s);
	stream_section(s, "lockstep");
	stream_all(s, &p->cycle);
}

static void pair_restore(struct dut *dut, struct stream *s)
{
	struct pair *p = (struct pair *)dut;

	p->model->ops->restore(p->model, s);
	p->rtl->ops->restore(p->rtl, s);
	stream_section(s, "lockstep");
	stream_all(s, &p->cycle);
	p->failed = false;
	compare(p);
	dut->out = p->model->out;
}

static void pair_close(struct dut *dut)
{
	struct pair *p = (struct pair *)dut;

	p->model->ops->close(p->model);
	p->rtl->ops->close(p->rtl);
	free(p);
}

static void pair_view(const struct dut *dut, struct dut_view *view)
{
	const struct pair *p = (const struct pair *)dut;

	p->model->ops->view(p->model, view);
}

static const struct dut_ops pair_ops = {
	.name = "lockstep",
	.tick = pair_tick,
	.idle = pair_idle,
	.states = pair_states,
	.reset = pair_reset,
	.save = pair_save,
	.restore = pair_restore,
	.close = pair_close,
	.view = pair_view,
};

struct dut *lockstep_open(struct dut *model, struct dut *rtl)
{
	struct pair *p = sim_alloc(sizeof(*p));

	p->dut.ops = &pair_ops;
	p->model = model;
	p->rtl = rtl;
	compare(p);
	p->dut.out = model->out;
	return &p->dut;
}

const struct lockstep_mismatch *lockstep_mismatch(const struct dut *dut)
{
	const struct pair *p = (const struct pair *)dut;

	return is_pair(dut) && p->failed ? &p->mismatch : NULL;
}

struct dut *lockstep_model(struct dut *dut)
{
	return is_pair(dut) ? ((struct pair *)dut)->model : NULL;
}

struct dut *lockstep_rtl(struct dut *dut)
{
	return is_pair(dut) ? ((struct pair *)dut)->rtl : NULL;
}
