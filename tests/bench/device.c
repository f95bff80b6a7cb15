/* SPDX-License-Identifier: Apache-2.0
 * device.c: see device.h.
 */
#include "beats.h"
#include "device.h"
#include "sim.h"

enum { REQUESTS = 1000, ROUNDS = 8, ALONE = 8, PATIENCE = 100000, INTERRUPT_ACK = 0x064 };

static struct rig *rig_open(const struct rig_config *config, device_open *open)
{
	struct rig_config opened = *config;

	opened.dut = open();
	return rig_new(&opened);
}

double device_clocks(const struct rig_config *config, device_open *open)
{
	struct rig *r = rig_open(config, open);
	uint64_t requests, cycles;

	rig_fill(r);
	rig_run(r, (uint64_t)ROUNDS * config->depth, true);
	requests = r->finished;
	cycles = r->cycle;
	rig_run(r, requests + REQUESTS, true);
	requests = r->finished - requests;
	cycles = r->cycle - cycles;
	rig_free(r);
	return (double)cycles / (double)requests;
}

static struct beats_request request_of(const struct rig_config *c)
{
	return (struct beats_request){.out = c->mix == RIG_WRITE,
				      .packed = c->packed,
				      .indirect = c->indirect,
				      .bytes = c->bytes,
				      .segments = c->segments ? c->segments : 1,
				      .offset = c->offset};
}

double device_efficiency(const struct rig_config *config, device_open *open)
{
	const struct beats_request request = request_of(config);

	return beats_forced(&request) / device_clocks(config, open);
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

double device_latency(const struct rig_config *config, device_open *open)
{
	const struct beats_request request = request_of(config);
	struct rig *r = rig_open(config, open);
	uint64_t sum = 0;

	for (unsigned n = 0; n < ALONE; n++) {
		rig_fill(r);
		rig_run(r, n + 1, false);
		wait_irq(r, 1);
		sum += r->cycle - r->notified;
		rig_write(r, INTERRUPT_ACK, 1);
		wait_irq(r, 0);
		for (unsigned quiet = 0; quiet < 8 * config->latency; quiet++)
			rig_clock(r);
	}
	rig_free(r);
	return (double)sum / ALONE / beats_latency_bound(config->latency, &request);
}

double device_queues(const struct rig_config *config, device_open *open)
{
	struct rig_config one = *config;

	one.queues = 1;
	return device_clocks(&one, open) / device_clocks(config, open);
}
