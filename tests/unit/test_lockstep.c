/* SPDX-License-Identifier: Apache-2.0
 * test_lockstep.c: lockstep sees a difference in any pin, in idle and in the states, in the very clock, and freezes. */
#include "unit.h"

#include "lockstep.h"
#include "fake_dut.h"

static const struct lockstep_mismatch *run(struct dut *pair, unsigned clocks)
{
	struct vio_in in = {.be_rvalid = 1};

	for (unsigned i = 0; i < clocks; i++)
		dut_tick(pair, &in);
	return lockstep_mismatch(pair);
}

static void test_equal(void **state)
{
	struct dut *model = fake_open(FAKE_HONEST, 0), *rtl = fake_open(FAKE_HONEST, 0);
	struct dut *pair = lockstep_open(model, rtl);

	(void)state;
	assert_null(run(pair, 1000));
	assert_int_equal(pair->out.m_axi_araddr, 1000);
	assert_true(dut_idle(pair));
	assert_int_equal(pair->ops->states(pair), 0x20);
	assert_ptr_equal(lockstep_model(pair), model);
	assert_ptr_equal(lockstep_rtl(pair), rtl);
	assert_null(lockstep_model(model));
	assert_null(lockstep_mismatch(model));
	pair->ops->close(pair);
}

static void lie(enum fake_lie what, const char *pin, uint64_t good, uint64_t bad, bool model_lies)
{
	struct dut *pair = lockstep_open(fake_open(model_lies ? what : FAKE_HONEST, 100),
					 fake_open(model_lies ? FAKE_HONEST : what, 100));
	const struct lockstep_mismatch *m;

	assert_null(run(pair, 100));
	m = run(pair, 1);
	assert_non_null(m);
	assert_int_equal(m->cycle, 100);
	assert_string_equal(m->pin, pin);
	assert_int_equal(m->model, model_lies ? bad : good);
	assert_int_equal(m->rtl, model_lies ? good : bad);
	assert_int_equal(m->model_states, what == FAKE_STATES && model_lies ? 0x21 : 0x20);
	assert_int_equal(m->rtl_states, what == FAKE_STATES && !model_lies ? 0x21 : 0x20);
	assert_int_equal(run(pair, 50)->cycle, 100); /* frozen */
	assert_int_equal(pair->out.m_axi_araddr, 101);
	pair->ops->reset(pair);
	assert_null(lockstep_mismatch(pair));
	assert_int_equal(pair->out.m_axi_araddr, 0);
	pair->ops->close(pair);
}

static void test_lies(void **state)
{
	(void)state;
	for (unsigned side = 0; side < 2; side++) {
		lie(FAKE_PIN, "m_axi_awid", 0, 5, side);
		lie(FAKE_LAST_PIN, "irq", 0, 1, side);
		lie(FAKE_IDLE, "idle", 1, 0, side);
		lie(FAKE_STATES, "dbg_states", 0x20, 0x21, side);
	}
}

static void test_difference_in_reset(void **state)
{
	struct dut *rtl = fake_open(FAKE_HONEST, 0), *pair;

	(void)state;
	rtl->out.be_stop = 1;
	pair = lockstep_open(fake_open(FAKE_HONEST, 0), rtl);
	assert_non_null(lockstep_mismatch(pair));
	assert_string_equal(lockstep_mismatch(pair)->pin, "be_stop");
	pair->ops->close(pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_difference_in_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
