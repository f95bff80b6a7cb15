/* SPDX-License-Identifier: Apache-2.0
 * broken.c: sequences of a driver that breaks the rules. Device and QEMU need a reset afterwards, and work again.
 */
#include "sequences.h"

static const struct request read_two = {.type = BLK_IN, .sector = 2, .in = 1024, .header_bytes = 16};

void broken_again(struct driver *d)
{
	struct pair *p = d->pair;

	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_write(p, R_Status, pair_get(p, R_Status, MASK_NONE)); /* as drivers do that add a bit */
	pair_read(p, R_Status, MASK_NONE);
	pair_write(p, R_InterruptACK, 3);
	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_write(p, R_QueueNotify, 0);
	driver_settle(d);
	pair_write(p, R_Status, 0);
	pair_read(p, R_Status, MASK_NONE);
	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_settle(p, NULL);
	p->scope = MASK_NONE;
	pair_fill(p, ARENA, ARENA_BYTES, 0x77);
	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick(d);
	driver_ack(d);
}

static void no_status(struct driver *d, unsigned n)
{
	const struct request r = {
		.type = n % 2 ? BLK_FLUSH : BLK_OUT, .out = 512 * (n % 3), .header_bytes = 16, .no_status = true};

	driver_start(d, 16);
	driver_post(d, &r, &shapes[n]);
	driver_kick_broken(d, 0);
	broken_again(d);
}

static void short_header(struct driver *d, unsigned n)
{
	static const uint32_t lengths[] = {1, 4, 8, 15};
	const struct request r = {.type = BLK_FLUSH, .header_bytes = lengths[n]};

	driver_start(d, 16);
	d->pair->scope = MASK_short_header;
	driver_post(d, &r, &shapes[0]);
	driver_kick(d);
	broken_again(d);
}

static void indirect_unnegotiated(struct driver *d, unsigned n)
{
	const struct shape table = {.name = "table", .indirect = SHAPE_FORCED};

	(void)n;
	driver_negotiate(d, d->both & ~FEATURE_BIT(INDIRECT_DESC));
	driver_queue(d, 16, 0);
	d->pair->scope = MASK_indirect_unnegotiated;
	driver_post(d, &read_two, &table);
	driver_kick_broken(d, 0);
	broken_again(d);
}

/* QueueReset at rest, then the queue is set up again. */
static void queue_reset(struct driver *d, unsigned n)
{
	driver_start(d, 16);
	for (unsigned i = 0; i < n; i++) {
		driver_post(d, &read_two, &shapes[i]);
		driver_kick(d);
	}
	pair_read(d->pair, R_QueueReset, MASK_NONE);
	d->pair->scope = MASK_queue_reset;
	pair_write(d->pair, R_QueueReset, 1);
	pair_read(d->pair, R_QueueReset, MASK_NONE);
	pair_read(d->pair, R_QueueReady, MASK_NONE);
}

/* A request before DRIVER_OK. */
static void early(struct driver *d, unsigned n)
{
	(void)n;
	driver_negotiate(d, d->both);
	driver_queue_alone(d, 16, 0);
	d->pair->scope = MASK_served_early;
	driver_post(d, &read_two, &shapes[0]);
	driver_kick_broken(d, 0);
}

/* A request for a stopped queue; its data tells who served it. */
static void stop_queue(struct driver *d, unsigned n)
{
	const struct request other = {.type = BLK_IN, .sector = 30, .in = 1024, .header_bytes = 16};

	(void)n;
	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick(d);
	pair_write(d->pair, R_QueueReady, 0);
	pair_read(d->pair, R_QueueReady, MASK_NONE);
	d->pair->scope = MASK_stop_queue;
	driver_post(d, &other, &shapes[0]);
	driver_kick_broken(d, 0);
}

/* Reset at rest, with work posted but not notified, and with interrupts pending. */
static void reset_between(struct driver *d, unsigned n)
{
	for (unsigned i = 0; i < 3; i++) {
		driver_start(d, 16);
		driver_post(d, &read_two, &shapes[n]);
		if (n % 2)
			driver_kick(d);
		if (n % 3 == 0)
			driver_ack(d);
		pair_write(d->pair, R_Status, 0);
		pair_read(d->pair, R_Status, MASK_NONE);
		pair_read(d->pair, R_InterruptStatus, MASK_NONE);
		pair_read(d->pair, R_QueueReady, MASK_NONE);
		pair_settle(d->pair, NULL);
		d->posts = 0;
	}
}

const struct family broken_families[] = {
	{"no_status", 6, no_status},
	{"short_header", 4, short_header},
	{"indirect_unnegotiated", 1, indirect_unnegotiated},
	{"queue_reset", 3, queue_reset},
	{"early", 1, early},
	{"stop_queue", 1, stop_queue},
	{"reset", 10, reset_between},
	{NULL, 0, NULL},
};
