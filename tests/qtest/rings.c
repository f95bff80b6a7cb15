/* SPDX-License-Identifier: Apache-2.0
 * rings.c: sequences of one ring format alone: the split ring's indices and links, the packed ring's lists and laps.
 *
 * A packed ring with a list that is none cannot be compared: QEMU 7.2 takes no descriptor of a broken device, finds that the
 * ring is not empty, and tries again for ever.
 */
#include "sequences.h"

enum { NEXT = 1, WRITE = 2 };

static const struct request read_two = {.type = BLK_IN, .sector = 2, .in = 1024, .header_bytes = 16};
static const struct request get_id = {.type = BLK_GET_ID, .in = 20, .header_bytes = 16};

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
	broken_again(d);
}

static void index_jump(struct driver *d, unsigned n)
{
	static const unsigned jumps[] = {16, 17, 100, 0x7fff, 0x8000, 0xff00};

	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	driver_kick_broken(d, jumps[n]);
	broken_again(d);
}

/* An entry of the available ring that is no descriptor. */
static void bad_head(struct driver *d, unsigned n)
{
	static const uint16_t heads[] = {16, 17, 0x100, 0x7fff, 0xffff};

	driver_start(d, 16);
	driver_post(d, &read_two, &shapes[0]);
	pair_poke(d->pair, d->ring.driver + 4, &heads[n], 2);
	driver_kick_broken(d, 0);
	broken_again(d);
}

/* Direct descriptors, then a table. */
static void indirect_tail(struct driver *d, unsigned n)
{
	const struct shape tail = {.name = "table behind the header", .data_piece = 128u << n, .indirect = 2};

	driver_start(d, 16);
	d->pair->scope = MASK_indirect_tail;
	driver_post(d, &read_two, &tail);
	driver_kick(d);
	broken_again(d);
}

static void zero_length(struct driver *d, unsigned n)
{
	static const uint8_t zeros[4];

	driver_start(d, 16);
	d->pair->scope = MASK_zero_length;
	driver_post(d, &read_two, &shapes[0]);
	pair_poke(d->pair, d->ring.desc + 16ull * n + 8, zeros, 4);
	driver_kick(d);
	broken_again(d);
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
	broken_again(d);
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

/* A list whose header is writable: the ring is sound, the request is none. */
static void bad_list(struct driver *d, unsigned n)
{
	const struct ring_chain how = {.bad = 1, .flags_flip = WRITE};

	driver_start(d, 16);
	d->pair->scope = MASK_short_header;
	driver_post_bad(d, &read_two, &shapes[n], &how);
	driver_kick_broken(d, 0);
	broken_again(d);
}

static void id_in_last(struct driver *d, unsigned n)
{
	const struct ring_chain how = {.id_last = true};

	driver_start(d, 16);
	d->pair->scope = MASK_buffer_id;
	driver_post_bad(d, &read_two, &shapes[n], &how);
	driver_kick(d);
}

/* Any size will do; lists run over the end of the ring, in every shape, for more than three laps. */
static void laps(struct driver *d, unsigned n)
{
	static const unsigned nums[] = {3, 4, 5, 7, 13, 31, 33, 63, 100, 127};
	const unsigned num = nums[n / 4];

	driver_negotiate(d, d->both);
	driver_queue(d, num, n);
	for (unsigned slots = 0, i = 0; slots < 4 * num && !d->pair->failed; slots += 3, i++) {
		const struct shape *shape = &shapes[(i + n) % 4 * (num > 12)];

		d->ring.format->set_interrupts(&d->ring, (i + n) % 4 != 3);
		driver_post(d, i % 3 == n % 3 ? &read_two : &get_id, shape);
		if (num > 6 && i % 4 == n % 4)
			driver_post(d, &get_id, shape);
		driver_kick(d);
		driver_ack(d);
	}
}

/* The largest rings, over their end. */
static void large(struct driver *d, unsigned n)
{
	static const unsigned nums[] = {1000, 1023, 1024};

	driver_negotiate(d, d->both);
	driver_queue(d, nums[n], 0);
	for (unsigned i = 0; i < 30 && !d->pair->failed; i++) {
		for (unsigned k = 0; k < 20; k++)
			driver_post(d, &get_id, &shapes[k % 2]);
		driver_kick(d);
		driver_ack(d);
	}
}

const struct family split_families[] = {
	{"bad_chain", 8, bad_chain},
	{"index_jump", 6, index_jump},
	{"bad_head", 5, bad_head},
	{"indirect_tail", 3, indirect_tail},
	{"live_queue", 2, live_queue},
	{"zero_length", 3, zero_length},
	{"without_version_1", 4, without_version_1},
	{NULL, 0, NULL},
};

const struct family packed_families[] = {
	{"bad_list", 2, bad_list}, {"id_in_last", 4, id_in_last}, {"laps", 40, laps}, {"large", 3, large},
	{NULL, 0, NULL},
};
