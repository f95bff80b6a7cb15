/* SPDX-License-Identifier: Apache-2.0
 * device.c: see device.h.
 */
#include "beats.h"
#include "device.h"
#include "sim.h"

enum { REQUESTS = 1000, ROUNDS = 8, ALONE = 8, PATIENCE = 100000, INTERRUPT_ACK = 0x064 };

double device_efficiency(struct dut *dut, unsigned latency, uint32_t bytes, unsigned depth, enum rig_mix mix, FILE *log)
{
	const struct rig_config config = {
		.dut = dut, .latency = latency, .depth = depth, .bytes = bytes, .mix = mix, .log = log};
	struct rig *r = rig_new(&config);
	uint64_t requests, cycles;

	rig_fill(r);
	rig_run(r, (uint64_t)ROUNDS * depth, true);
	requests = r->finished;
	cycles = r->cycle;
	rig_run(r, requests + REQUESTS, true);
	requests = r->finished - requests;
	cycles = r->cycle - cycles;
	rig_free(r);
	return beats_efficiency(mix == RIG_WRITE, bytes, requests, cycles);
}

/* Clocks until irq has this level. */
static void wait_irq(struct rig *r, uint8_t level)
{
	for (unsigned n = 0; r->config.dut->out.irq != level; n++) {
		if (n == PATIENCE)
			sim_die("bench, %s: irq stays %u", r->config.dut->ops->name, r->config.dut->out.irq);
		rig_clock(r);
	}
}

double device_latency(struct dut *dut, unsigned latency, uint32_t bytes, FILE *log)
{
	const struct rig_config config = {
		.dut = dut, .latency = latency, .depth = 1, .bytes = bytes, .mix = RIG_READ, .log = log};
	struct rig *r = rig_new(&config);
	uint64_t sum = 0;

	for (unsigned n = 0; n < ALONE; n++) {
		rig_fill(r);
		rig_run(r, n + 1, false);
		wait_irq(r, 1);
		sum += r->cycle - r->notified;
		rig_write(r, INTERRUPT_ACK, 1);
		wait_irq(r, 0);
		for (unsigned quiet = 0; quiet < 8 * latency; quiet++)
			rig_clock(r);
	}
	rig_free(r);
	return (double)sum / ALONE / beats_latency_bound(latency, bytes);
}
