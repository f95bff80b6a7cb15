/* SPDX-License-Identifier: Apache-2.0
 * broken.c: sequences of a driver that breaks the rules. Device and QEMU need a reset afterwards, and work again.
 */
#include "sequences.h"

enum { NEXT = 1, WRITE = 2 };

static const struct request read_two = {.type = BLK_IN, .sector = 2, .in = 1024, .header_bytes = 16};

/* After a reset everything works. */
static void again(struct driver *d)
{
	struct pair *p = d->pair;

	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_write(p, R_Status, pair_get(p, R_Status, MASK_NONE)); /* as drivers do that add a bit */
	pair_read(p, R_Status, MASK_NONE);
	pair_write(p, R_InterruptACK, 3);
	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_write(p, R_QueueNotify, 0);
	pair_settle(p, d->ring.format->progress(&d->ring));
	pair_write(p, R_Status, 0);
	pair_read(p, R_Status, MASK_NONE);
	pair_read(p, R_InterruptStatus, MASK_NONE);
	pair_settle(p, 0);
	p->scope = MASK_NONE;
	pair_fill(p, ARENA, ARENA_BYTES, 0x77);
	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick(d);
	driver_ack(d);
}

/* The chain of three or four descriptors, spoilt. */
static void bad_chain(struct driver *d, unsigned n)
{
	static const struct ring_chain how[] = {
		{.bad = 1, .next_set = true, .next = 16},                              /* next past the table */
		{.bad = 2, .next_set = true, .next = 0xffff},                          /* the same, further on */
		{.bad = 2, .next_set = true, .next = 1},                               /* a loop of one */
		{.bad = RING_PIECES, .flags_flip = NEXT, .next_set = true, .next = 1}, /* a loop of writable ones */
		{.bad = 1, .flags_flip = WRITE},           /* header writable, nothing readable */
		{.bad = RING_PIECES, .flags_flip = WRITE}, /* status readable behind data writable */
		{.bad = RING_PIECES, .flags_flip = NEXT, .next_set = true, .next = 700},
		{.bad = 1, .next_set = true, .next = 0x8000},
	};
	enum mask mask = n == 4 ? MASK_short_header : MASK_NONE;

	driver_start(d, 16);
	d->pair->scope = mask;
	driver_post_bad(d, &read_two, &shapes[0], &how[n % 8]);
	driver_kick_broken(d, 0);
	again(d);
}

static void index_jump(struct driver *d, unsigned n)
{
	static const unsigned jumps[] = {16, 17, 100, 0x7fff, 0x8000, 0xff00};

	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick_broken(d, jumps[n]);
	again(d);
}

/* An entry of the available ring that is no descriptor. */
static void bad_head(struct driver *d, unsigned n)
{
	static const uint16_t heads[] = {16, 17, 0x100, 0x7fff, 0xffff};

	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	pair_poke(d->pair, d->ring.driver + 4, &heads[n], 2);
	driver_kick_broken(d, 0);
	again(d);
}

static void no_status(struct driver *d, unsigned n)
{
	const struct request r = {
		.type = n % 2 ? BLK_FLUSH : BLK_OUT, .out = 512 * (n % 3), .header_bytes = 16, .no_status = true};

	driver_start(d, 16);
	driver_post(d, &r, &shapes[n]);
	driver_kick_broken(d, 0);
	again(d);
}

static void short_header(struct driver *d, unsigned n)
{
	static const uint32_t lengths[] = {1, 4, 8, 15};
	const struct request r = {.type = BLK_FLUSH, .header_bytes = lengths[n]};

	driver_start(d, 16);
	d->pair->scope = MASK_short_header;
	driver_post(d, &r, &shapes[0]);
	driver_kick(d);
	again(d);
}

static void zero_length(struct driver *d, unsigned n)
{
	static const uint8_t zeros[4];

	driver_start(d, 16);
	d->pair->scope = MASK_zero_length;
	driver_post(d, &read_two, &shapes[0]);
	pair_poke(d->pair, d->ring.desc + 16ull * n + 8, zeros, 4);
	driver_kick(d);
	again(d);
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
	again(d);
}

/* Direct descriptors, then a table. */
static void indirect_tail(struct driver *d, unsigned n)
{
	const struct shape tail = {.name = "table behind the header", .data_piece = 128 << n, .indirect = 2};

	driver_start(d, 16);
	d->pair->scope = MASK_indirect_tail;
	driver_post(d, &read_two, &tail);
	driver_kick(d);
	again(d);
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

static void without_version_1(struct driver *d, unsigned n)
{
	driver_negotiate(d, d->both & ~FEATURE_BIT(VERSION_1));
	driver_queue(d, 16, n);
	for (unsigned i = 0; i < 3; i++) {
		driver_post(d, &read_two, &shapes[n]);
		driver_kick(d);
		driver_ack(d);
	}
	d->pair->scope = MASK_error_without_version_1;
	driver_kick_broken(d, 100);
	again(d);
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

static void live_queue(struct driver *d, unsigned n)
{
	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick(d);
	d->pair->scope = MASK_live_queue;
	if (n)
		pair_write(d->pair, R_QueueNum, 8);
	else
		pair_write(d->pair, R_QueueDeviceLow, (uint32_t)d->ring.device + 0x100);
	pair_write(d->pair, R_QueueReady, 1);
	for (unsigned i = 0; i < 12 && !d->pair->failed; i++) {
		driver_post(d, &read_two, &shapes[0]);
		driver_kick(d);
	}
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
		pair_settle(d->pair, 0);
		d->posts = 0;
	}
}

const struct family broken_families[] = {
	{"bad_chain", 8, bad_chain},
	{"index_jump", 6, index_jump},
	{"bad_head", 5, bad_head},
	{"no_status", 6, no_status},
	{"short_header", 4, short_header},
	{"zero_length", 3, zero_length},
	{"indirect_unnegotiated", 1, indirect_unnegotiated},
	{"indirect_tail", 3, indirect_tail},
	{"queue_reset", 3, queue_reset},
	{"without_version_1", 4, without_version_1},
	{"early", 1, early},
	{"stop_queue", 1, stop_queue},
	{"live_queue", 2, live_queue},
	{"reset", 10, reset_between},
	{NULL, 0, NULL},
};
