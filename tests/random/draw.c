/* SPDX-License-Identifier: Apache-2.0
 * draw.c: see draw.h. */
#include "draw.h"

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static bool chance(struct driver *d, uint32_t per_1024)
{
	return sim_rng_chance(&d->rng, per_1024);
}

static uint64_t random_bits(struct driver *d)
{
	uint64_t high = sim_rng_next(&d->rng);

	return high << 32 | sim_rng_next(&d->rng);
}

static unsigned random_latency(struct driver *d)
{
	static const unsigned most[] = {1, 4, 16, 64, 150};

	return 1 + below(d, most[below(d, 5)]);
}

static unsigned random_stall(struct driver *d, enum profile profile)
{
	static const unsigned most[] = {1, 1, 100, 500, 900};

	if (profile == FAST || profile == WRAP)
		return 0;
	return below(d, most[profile == STALL ? 3 + below(d, 2) : below(d, 5)]);
}

/* A subset of what the device has; bits that it does not have, it must mask. */
static uint64_t random_offer(struct driver *d)
{
	const uint64_t half = F_SEG_MAX | F_BLK_SIZE | F_GEOMETRY | F_TOPOLOGY | F_MQ | F_ACCESS_PLATFORM | F_IN_ORDER |
			      F_ORDER_PLATFORM;
	uint64_t offer = F_VERSION_1 | (half & random_bits(d));

	if (chance(d, 800))
		offer |= F_FLUSH;
	if (chance(d, 100))
		offer |= F_RO;
	if (chance(d, 700))
		offer |= F_INDIRECT_DESC;
	if (chance(d, 700))
		offer |= F_EVENT_IDX;
	if (chance(d, 700))
		offer |= F_NOTIFICATION_DATA;
	if (chance(d, 700))
		offer |= F_RING_RESET;
	if (chance(d, 300))
		offer |= ~(F_KNOWN | F_NOT_HERE);
	return offer;
}

/* Mostly all that is offered. */
static uint64_t random_choice(struct driver *d, uint64_t offered)
{
	uint64_t some = random_bits(d) | random_bits(d) | F_VERSION_1;

	return offered & F_KNOWN & (chance(d, 500) ? ~0ull : some);
}

struct session draw_session(struct driver *d, enum profile profile)
{
	struct score *score = &d->score;
	struct session s = {.offered = random_offer(d)};

	s.accepted = random_choice(d, s.offered);
	s.mem = (struct axi_mem_config){
		.base = score->base,
		.size = score->size,
		.bytes = score->mem,
		.read_latency = random_latency(d),
		.write_latency = random_latency(d),
		.outstanding = 1 + below(d, 64),
		.stall_per_1024 = random_stall(d, profile),
		.reorder = profile != FAST && chance(d, 500),
		.seed = (uint64_t)sim_rng_next(&d->rng),
	};
	s.disk = (struct disk_config){
		.fd = -1,
		.bytes = score->disk,
		.size = DRIVER_DISK_BYTES,
		.latency = chance(d, 512) ? 0 : below(d, 200),
		.stall_per_1024 = random_stall(d, profile),
		.seed = s.mem.seed + 1,
		.serial = score->serial,
	};
	s.need_v1 = (s.mem.seed & 1) != 0;
	s.axil_stall = random_stall(d, profile);
	s.capacity = 1 + below(d, DRIVER_DISK_BYTES / SCORE_SECTOR);
	s.queues = 1 + below(d, VIO_QUEUES);
	s.queues_used = 1 + below(d, s.queues);
	s.max_num_log2 = chance(d, 400) ? below(d, 5) : 10;
	s.max_sectors = chance(d, 700) ? 8 : 64;
	if (s.max_sectors > s.capacity)
		s.max_sectors = (unsigned)s.capacity;
	s.max_pieces = chance(d, 700) ? 16 : chance(d, 800) ? 100 : 1024;
	s.slabs = 32;
	if (chance(d, 300)) { /* many small requests: more than the device fetches at once */
		s.slabs = DRIVER_SLABS;
		s.max_pieces = 16;
		if (s.max_sectors > 4)
			s.max_sectors = 4;
	}
	s.classic = chance(d, 150);
	s.contiguous = chance(d, 512) || (s.accepted & F_IN_ORDER) != 0; /* virtio 1.2, 2.7.9 */
	s.faults = chance(d, 200);
	s.toggle_flags = chance(d, 512);
	s.free_kicks = chance(d, 400);
	if (profile == WRAP) {
		s.queues = s.queues_used = 1;
		s.short_requests = true;
		s.max_num_log2 = 5;
		s.max_pieces = 4;
		s.faults = false;
		s.mem.outstanding = 64;
		s.mem.read_latency = s.mem.write_latency = 4;
	}
	if (profile == HOSTILE)
		s.max_num_log2 = 10;
	return s;
}
