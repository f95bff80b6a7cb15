/* SPDX-License-Identifier: Apache-2.0
 * test_resume.c: what tests/random --saves stands on sees a device that forgets something when it is saved or restored.
 */
#include "unit.h"
#include "../random/resume.h"
#include "sim.h"
#include "stream.h"

/* A register that shows on a pin only later, and one that never does. */
enum forgets { NOTHING, HIDDEN_BOTH, HIDDEN_RESTORE, OUT, SHIFTED };

struct keeper {
	struct dut dut;
	enum forgets forgets;
	uint64_t hidden; /* on m_axi_araddr every 16 clocks */
	uint64_t clocks;
};

static void tick(struct dut *dut, const struct vio_in *in)
{
	struct keeper *k = (struct keeper *)dut;

	k->hidden = k->hidden * 5 + in->be_rvalid + 1;
	if (++k->clocks % 16 == 0)
		dut->out.m_axi_araddr = k->hidden;
}

static bool idle(const struct dut *dut)
{
	(void)dut;
	return false;
}

static uint64_t states(const struct dut *dut)
{
	return ((const struct keeper *)dut)->clocks & 0xf;
}

static void reset(struct dut *dut)
{
	struct keeper *k = (struct keeper *)dut;

	k->hidden = k->clocks = 0;
	dut->out = (struct vio_out){0};
}

static void state(struct dut *dut, struct stream *s)
{
	struct keeper *k = (struct keeper *)dut;
	uint64_t ignored;

	if (k->forgets != OUT)
		stream_all(s, &dut->out);
	stream_all(s, &k->clocks);
	if (k->forgets == HIDDEN_BOTH)
		return;
	if (k->forgets == HIDDEN_RESTORE && !s->saving)
		stream_all(s, &ignored);
	else
		stream_all(s, &k->hidden);
	if (k->forgets == SHIFTED && s->saving)
		stream_all(s, &k->hidden);
}

static void shut(struct dut *dut)
{
	free(dut);
}

static const struct dut_ops ops = {"keeper", tick, idle, states, reset, state, state, shut, NULL};

static struct dut *keeper(enum forgets forgets)
{
	struct keeper *k = sim_alloc(sizeof *k);

	k->dut.ops = &ops;
	k->forgets = forgets;
	return &k->dut;
}

static const char *run(enum forgets forgets, uint64_t *saves)
{
	struct dut *dut = resume_open(keeper(forgets), keeper(forgets), 50, 7);
	struct vio_in in = {0};
	const char *error;

	for (unsigned i = 0; i < 5000 && !resume_error(dut); i++) {
		in.be_rvalid = i % 7 == 3;
		dut_tick(dut, &in);
	}
	error = resume_error(dut);
	*saves = resume_saves(dut);
	dut->ops->close(dut);
	return error;
}

static void test_honest(void **context)
{
	struct dut *plain = keeper(NOTHING), *dut = resume_open(keeper(NOTHING), keeper(NOTHING), 50, 7);
	struct vio_in in = {0};

	(void)context;
	for (unsigned i = 0; i < 5000; i++) {
		in.be_rvalid = i % 7 == 3;
		dut_tick(plain, &in);
		dut_tick(dut, &in);
		assert_memory_equal(&plain->out, &dut->out, sizeof plain->out);
		if (i == 3000) {
			plain->ops->reset(plain);
			dut->ops->reset(dut);
		}
	}
	assert_null(resume_error(dut));
	assert_true(resume_saves(dut) > 50);
	assert_ptr_equal(resume_active(plain), plain);
	assert_ptr_not_equal(resume_active(dut), dut);
	plain->ops->close(plain);
	dut->ops->close(dut);
}

static void test_forgetful(void **context)
{
	uint64_t saves;

	(void)context;
	assert_null(run(NOTHING, &saves));
	assert_non_null(strstr(run(HIDDEN_BOTH, &saves), "pin"));
	assert_non_null(strstr(run(HIDDEN_RESTORE, &saves), "does not save what"));
	assert_non_null(strstr(run(OUT, &saves), "pin"));
	assert_int_equal(saves, 2); /* nothing was on the pins at first */
	assert_non_null(strstr(run(SHIFTED, &saves), "not restored from all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest),
		cmocka_unit_test(test_forgetful),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
