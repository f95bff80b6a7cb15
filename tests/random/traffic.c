/* SPDX-License-Identifier: Apache-2.0
 * traffic.c: see traffic.h. */
#include "traffic.h"

#include "hostile.h"

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static bool chance(struct driver *d, uint32_t per_1024)
{
	return sim_rng_chance(&d->rng, per_1024);
}

/* Something besides posting, now and then. */
static void disturb(struct driver *d, enum profile profile)
{
	unsigned q = below(d, d->s.queues_used);

	switch (below(d, 11)) {
	case 0:
	case 1:
		driver_ack(d);
		break;
	case 2:
		if (d->s.free_kicks || d->queues[q].kick)
			driver_kick(d, q);
		break;
	case 3:
		machine_log(d->m, "W QueueNotify of a queue that does not exist");
		machine_write(d->m, 0x050,
			      d->s.queues + below(d, 100) +
				      (driver_has(d, F_NOTIFICATION_DATA) ? below(d, 65536) << 16 : 0));
		break;
	case 4:
	case 5:
		if (d->s.toggle_flags)
			driver_set_flags(d, q, (uint16_t)below(d, 2));
		break;
	case 6:
		if (profile != WRAP && chance(d, 200))
			driver_reset_queue(d, q);
		break;
	case 7:
		machine_read(d->m, (uint16_t)(chance(d, 512) ? 0x800 + 4 * below(d, 32) : below(d, 0x120) * 4));
		break;
	case 8:
		if (driver_has(d, F_CONFIG_WCE))
			config_switch_cache(d);
		break;
	case 9:
		config_scribble(d);
		break;
	default:
		for (unsigned i = below(d, 2000); i > 0 && d->in_flight != 0; i--)
			machine_clock(d->m);
		break;
	}
}

void traffic_run(struct driver *d, enum profile profile, uint64_t target)
{
	unsigned burst = 1 + below(d, d->s.slabs > 32 ? 150 : d->s.short_requests ? 32 : 12);

	if (target > d->goal + d->abandoned)
		target = d->goal + d->abandoned;
	while (d->posted < target && !machine_failed(d->m)) {
		unsigned q = below(d, d->s.queues_used), posted = 0;

		for (unsigned i = 1 + below(d, burst); i > 0 && d->posted < target; i--)
			posted += driver_post(d, q);
		if (chance(d, 900))
			driver_publish(d, q);
		if (d->queues[q].kick && (chance(d, 800) || posted == 0))
			driver_kick(d, q);
		if (chance(d, driver_has(d, F_EVENT_IDX) ? 400 : 20))
			driver_set_event(d, q);
		if (chance(d, d->s.short_requests ? 20 : 200))
			disturb(d, profile);
		for (unsigned i = posted == 0 ? 100 : below(d, 60); i > 0; i--)
			machine_clock(d->m);
		if (chance(d, driver_has(d, F_EVENT_IDX) ? 20 : 4))
			driver_drain(d);
	}
}

void traffic_end(struct driver *d, enum profile profile)
{
	unsigned dice = below(d, 100), q = below(d, d->s.queues_used);

	if (profile == HOSTILE) {
		for (unsigned tries = 0; tries < 20 && !machine_failed(d->m); tries++)
			if (hostile_inject(d, q))
				return;
	}
	if (dice < 25 && profile != WRAP) {
		driver_publish(d, q);
		if (chance(d, 512))
			driver_kick(d, q);
		for (unsigned i = below(d, 300); i > 0; i--)
			machine_clock(d->m);
		return; /* the reset of the next start comes in the middle */
	}
	if (dice < 45 && profile != WRAP) {
		if (chance(d, 512))
			driver_reset_queue(d, q);
		else
			driver_restart_queue(d, q);
		traffic_run(d, profile, d->posted + 1 + below(d, 20));
	}
	driver_drain(d);
}
