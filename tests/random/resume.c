/* SPDX-License-Identifier: Apache-2.0
 * resume.c: see resume.h. */
#include "resume.h"

#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "stream.h"

struct resume {
	struct dut dut;
	struct dut *active, *other;
	bool together;   /* the other one is clocked, too */
	uint32_t clocks; /* between two saves, on average */
	uint32_t left;   /* clocks up to the next change */
	uint64_t saves;
	struct sim_rng rng;
	struct stream_memory saved, again;
	const char *error;
};

static const struct dut_ops resume_ops;

static struct resume *of(struct dut *dut)
{
	return (struct resume *)dut;
}

static void fail(struct resume *r, const char *what)
{
	if (!r->error)
		r->error = what;
}

static void compare(struct resume *r)
{
	const struct dut *a = r->active, *b = r->other;

	if (memcmp(&a->out, &b->out, sizeof a->out) != 0)
		fail(r, "a pin of the restored device differs");
	if (a->ops->idle(a) != b->ops->idle(b))
		fail(r, "idle of the restored device differs");
	if (a->ops->states(a) != b->ops->states(b))
		fail(r, "the unit states of the restored device differ");
}

/* The other one becomes what the active one is, and takes its place. */
static void resume(struct resume *r)
{
	struct dut *restored = r->other;

	r->active->ops->save(r->active, stream_memory_save(&r->saved));
	restored->ops->restore(restored, stream_memory_restore(&r->saved));
	restored->ops->save(restored, stream_memory_save(&r->again));
	if (r->saved.at != r->saved.len)
		fail(r, "a device was not restored from all that was saved");
	if (r->saved.len != r->again.len || memcmp(r->saved.bytes, r->again.bytes, r->saved.len) != 0)
		fail(r, "a restored device does not save what it was restored from");
	r->other = r->active;
	r->active = restored;
	r->saves++;
	compare(r);
}

static void change(struct resume *r)
{
	if (!r->together)
		resume(r);
	r->together = !r->together;
	r->left = sim_rng_below(&r->rng, r->clocks) + 1;
}

static void tick(struct dut *dut, const struct vio_in *in)
{
	struct resume *r = of(dut);

	if (--r->left == 0)
		change(r);
	dut_tick(r->active, in);
	if (r->together) {
		dut_tick(r->other, in);
		compare(r);
	}
	dut->out = r->active->out;
}

static bool idle(const struct dut *dut)
{
	return dut_idle(((const struct resume *)dut)->active);
}

static uint64_t states(const struct dut *dut)
{
	const struct dut *active = ((const struct resume *)dut)->active;

	return active->ops->states(active);
}

static void reset(struct dut *dut)
{
	struct resume *r = of(dut);

	r->active->ops->reset(r->active);
	if (r->together)
		r->other->ops->reset(r->other);
	dut->out = r->active->out;
}

static void save(struct dut *dut, struct stream *s)
{
	of(dut)->active->ops->save(of(dut)->active, s);
}

static void restore(struct dut *dut, struct stream *s)
{
	struct resume *r = of(dut);

	r->active->ops->restore(r->active, s);
	r->together = false;
	dut->out = r->active->out;
}

static void close(struct dut *dut)
{
	struct resume *r = of(dut);

	r->active->ops->close(r->active);
	r->other->ops->close(r->other);
	stream_memory_free(&r->saved);
	stream_memory_free(&r->again);
	free(r);
}

static const struct dut_ops resume_ops = {"resume", tick, idle, states, reset, save, restore, close, NULL};

struct dut *resume_open(struct dut *first, struct dut *second, uint32_t clocks, uint64_t seed)
{
	struct resume *r = sim_alloc(sizeof *r);

	r->dut.ops = &resume_ops;
	r->active = first;
	r->other = second;
	r->clocks = clocks;
	sim_rng_init(&r->rng, seed);
	r->left = sim_rng_below(&r->rng, clocks) + 1;
	r->dut.out = first->out;
	return &r->dut;
}

struct dut *resume_active(struct dut *dut)
{
	return dut->ops == &resume_ops ? of(dut)->active : dut;
}

const char *resume_error(const struct dut *dut)
{
	return dut->ops == &resume_ops ? ((const struct resume *)dut)->error : NULL;
}

uint64_t resume_saves(const struct dut *dut)
{
	return dut->ops == &resume_ops ? ((const struct resume *)dut)->saves : 0;
}
