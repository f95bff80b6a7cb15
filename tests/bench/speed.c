/* SPDX-License-Identifier: Apache-2.0
 * speed.c: see speed.h.
 */
#include <time.h>
#include "lockstep.h"
#include "rig.h"
#include "sim.h"
#include "speed.h"

enum { WARM_UP = 20000, CLOCKS = 400000, TURNS = 12 };
enum { MODEL, RTL, LOCKSTEP, DUTS };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct dut *open_dut(int which)
{
	if (which == MODEL)
		return dut_open_model();
	if (which == RTL)
		return dut_open_rtl();
	return lockstep_open(dut_open_model(), dut_open_rtl());
}

static double seconds(int which)
{
	const struct rig_config config = {
		.dut = open_dut(which), .latency = 64, .depth = 8, .bytes = 4096, .mix = RIG_MIXED};
	struct rig *r = rig_new(&config);
	double start;

	rig_fill(r);
	rig_run_clocks(r, WARM_UP);
	start = now();
	rig_run_clocks(r, CLOCKS);
	start = now() - start;
	if (lockstep_mismatch(config.dut))
		sim_die("bench: the twins differ at clock %llu",
			(unsigned long long)lockstep_mismatch(config.dut)->cycle);
	rig_free(r);
	return start;
}

struct speed speed_measure(void)
{
	double best[DUTS] = {0};
	struct speed s;

	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (int which = MODEL; which < DUTS; which++) {
			double t = seconds(which);

			if (!turn || t < best[which])
				best[which] = t;
		}
	}
	s.model_over_rtl = best[RTL] / best[MODEL];
	s.lockstep_over_rtl = best[LOCKSTEP] / best[RTL];
	s.model_hz = CLOCKS / best[MODEL];
	s.rtl_hz = CLOCKS / best[RTL];
	s.lockstep_hz = CLOCKS / best[LOCKSTEP];
	return s;
}
