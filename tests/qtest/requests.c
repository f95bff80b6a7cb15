/* SPDX-License-Identifier: Apache-2.0
 * requests.c: sequences of virtio-blk requests: types, framings, sizes, ranges, interrupts.
 */
#include "sequences.h"

const struct shape shapes[SHAPES] = {
	{.name = "three descriptors"},
	{.name = "unaligned", .skew = 15},
	{.name = "header joins data", .join_header = true},
	{.name = "status joins data", .join_status = true},
	{.name = "all joined", .join_header = true, .join_status = true, .skew = 7},
	{.name = "header in bytes", .header_piece = 1, .skew = 3},
	{.name = "header in halves, data in sectors", .header_piece = 8, .data_piece = 512},
	{.name = "data in 100s", .data_piece = 100, .skew = 5},
	{.name = "joined in 77s", .data_piece = 77, .join_header = true, .join_status = true, .skew = 15},
	{.name = "descriptors backwards", .header_piece = 5, .data_piece = 256, .backwards = true},
	{.name = "random cuts", .data_piece = 300, .random = true, .skew = 15},
	{.name = "random cuts, joined", .data_piece = 300, .random = true, .join_header = true, .join_status = true},
	{.name = "table", .data_piece = 256, .indirect = 1},
	{.name = "table, joined in 77s",
	 .data_piece = 77,
	 .indirect = 1,
	 .join_header = true,
	 .join_status = true,
	 .skew = 15},
};

static const struct request kinds[] = {
	{.type = BLK_IN, .sector = 3, .in = 1024, .header_bytes = 16},
	{.type = BLK_OUT, .sector = 9, .out = 1024, .header_bytes = 16},
	{.type = BLK_FLUSH, .header_bytes = 16},
	{.type = BLK_GET_ID, .in = 20, .header_bytes = 16},
	{.type = BLK_GET_ID, .in = 7, .header_bytes = 16},
	{.type = BLK_GET_ID, .in = 64, .header_bytes = 16},
	{.type = BLK_GET_ID, .header_bytes = 16},
	{.type = 6, .in = 512, .header_bytes = 16},
	{.type = 0x100, .out = 512, .header_bytes = 16},
	{.type = 0x7fffff00, .header_bytes = 16},
	{.type = BLK_IN, .sector = 100, .in = 512, .out = 33, .header_bytes = 16},
	{.type = BLK_OUT, .sector = 101, .out = 512, .in = 33, .header_bytes = 16},
	{.type = BLK_FLUSH, .sector = 77, .out = 16, .in = 40, .header_bytes = 16},
	{.type = BLK_IN, .sector = 0, .header_bytes = 16},
	{.type = BLK_OUT, .sector = 0, .header_bytes = 16},
	{.type = BLK_DISCARD, .out = 16, .header_bytes = 16, .range = {.sector = 8, .sectors = 8}},
	{.type = BLK_DISCARD, .out = 16, .header_bytes = 16, .range = {.sector = 9, .sectors = 1}},
	{.type = BLK_WRITE_ZEROES, .out = 16, .header_bytes = 16, .range = {.sector = 9, .sectors = 1}},
	{.type = BLK_WRITE_ZEROES,
	 .out = 16,
	 .in = 5,
	 .header_bytes = 16,
	 .range = {.sector = 10, .sectors = 40, .flags = 1}},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Each kind in each framing, twice, then read back. */
static void framing(struct driver *d, unsigned n)
{
	const struct request back = {.type = BLK_IN, .sector = 9, .in = 1024, .header_bytes = 16};

	driver_negotiate(d, d->both);
	driver_queue(d, 64, n);
	for (unsigned i = 0; i < 2; i++) {
		driver_post(d, &kinds[n % KINDS], &shapes[n / KINDS]);
		driver_kick(d);
		driver_ack(d);
	}
	driver_post(d, &back, &shapes[n / KINDS]);
	driver_kick(d);
}

static void size(struct driver *d, unsigned n)
{
	static const uint32_t sizes[] = {1, 2, 511, 512, 513, 1023, 1024, 1536, 2048, 4095, 4096, 4608, 8192, 12288};
	struct request r = {.type = n % 2 ? BLK_OUT : BLK_IN, .sector = 40, .header_bytes = 16};

	*(n % 2 ? &r.out : &r.in) = sizes[n / 2];
	driver_start(d, 256);
	for (unsigned i = 0; i < 3; i++) {
		driver_post(d, &r, &shapes[i * 3]);
		driver_kick(d);
	}
}

static void range(struct driver *d, unsigned n)
{
	static const uint64_t sectors[] = {
		0,          DISK_SECTORS - 2, DISK_SECTORS - 1, DISK_SECTORS, DISK_SECTORS + 1, 1ull << 32, 1ull << 54,
		1ull << 55, (1ull << 55) - 1, 1ull << 63,       ~0ull,        ~0ull - 1};
	struct request r = {.type = n % 2 ? BLK_OUT : BLK_IN, .sector = sectors[n / 2], .header_bytes = 16};

	driver_start(d, 16);
	for (uint32_t len = 0; len <= 1536; len += 512) {
		*(n % 2 ? &r.out : &r.in) = len;
		driver_post(d, &r, &shapes[0]);
		driver_kick(d);
		driver_ack(d);
	}
}

/* Many at once, disjoint. */
static void batch(struct driver *d, unsigned n)
{
	struct request r = {.header_bytes = 16};

	driver_start(d, 128);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 4 + n; i++) {
			r.type = (i + n) % 3 ? BLK_IN : BLK_OUT;
			r.sector = 4 * i;
			r.in = r.type == BLK_IN ? 512 : 0;
			r.out = r.type == BLK_OUT ? 512 : 0;
			driver_post(d, &r, &shapes[n % 4]);
		}
		driver_kick(d);
		driver_ack(d);
	}
}

/* Bits of n: interrupts unwanted, acknowledged in between, with what value, notified twice. */
static void interrupts(struct driver *d, unsigned n)
{
	static const uint32_t acks[] = {1, 3, 2, 0xfffffffe};
	const struct request r = {.type = BLK_IN, .sector = 5, .in = 512, .header_bytes = 16};

	driver_start(d, 16);
	for (unsigned i = 0; i < 4; i++) {
		d->ring.format->set_interrupts(&d->ring, !(n & 1) || i == 3);
		driver_post(d, &r, &shapes[0]);
		driver_kick(d);
		if (n & 2)
			pair_write(d->pair, R_InterruptACK, acks[n >> 2 & 3]);
		if (n & 16)
			pair_write(d->pair, R_QueueNotify, 0);
		driver_settle(d);
	}
}

/* A batch that ends before, at or behind the event; n / 6: 0: the first batch of all. */
static void events(struct driver *d, unsigned n)
{
	const struct request id = {.type = BLK_GET_ID, .in = 20, .header_bytes = 16};
	const unsigned ahead = n % 6, before = n / 6;

	driver_start(d, 64);
	for (unsigned i = 0; i < before; i++) {
		driver_post(d, &id, &shapes[0]);
		driver_kick(d);
		driver_ack(d);
	}
	d->ring.format->set_event(&d->ring, d->ring.format->in_place ? 3 * ahead : ahead);
	if (before == 0 && ahead)
		d->pair->scope = MASK_event_at_first;
	for (unsigned i = 0; i < 3; i++) {
		driver_post(d, &id, &shapes[i]);
		driver_post(d, &id, &shapes[0]);
		d->ring.wanted = false; /* keep the event */
		driver_kick(d);
		driver_ack(d);
	}
}

static void disk_type(struct driver *d, uint32_t type, uint32_t out, uint32_t in, enum mask mask)
{
	const struct request r = {.type = type, .sector = 1, .out = out, .in = in, .header_bytes = 16};

	driver_start(d, 16);
	d->pair->scope = mask;
	driver_post(d, &r, &shapes[0]);
	driver_kick(d);
}

static void masked_types(struct driver *d, unsigned n)
{
	static const struct {
		uint32_t type, out, in;
		enum mask mask;
	} rows[] = {
		{5, 0, 0, MASK_type_bits},
		{9, 0, 20, MASK_type_bits},
		{0x80000000, 0, 512, MASK_type_bits},
		{0x80000001, 512, 0, MASK_type_bits},
		{2, 0, 0, MASK_type_scsi},
		{3, 16, 0, MASK_type_scsi},
	};

	disk_type(d, rows[n].type, rows[n].out, rows[n].in, rows[n].mask);
}

static void ranges_unnegotiated(struct driver *d, unsigned n)
{
	const struct request r = {.type = n ? BLK_DISCARD : BLK_WRITE_ZEROES,
				  .out = 16,
				  .header_bytes = 16,
				  .range = {.sector = 3, .sectors = 5}};

	driver_negotiate(d, d->both & ~(n ? FEATURE_BIT(BLK_DISCARD) : FEATURE_BIT(BLK_WRITE_ZEROES)));
	driver_queue(d, 16, 0);
	d->pair->scope = MASK_type_unnegotiated;
	driver_post(d, &r, &shapes[0]);
	driver_kick(d);
}

/* Each range with no flag and with unmap; whether it is out of bounds. */
static void ranges(struct driver *d, unsigned n)
{
	static const struct {
		uint64_t sector;
		uint32_t sectors;
		bool outside;
	} rows[] = {{0, DISK_SECTORS, false},
		    {0, 0, false},
		    {DISK_SECTORS, 0, false},
		    {DISK_SECTORS - 1, 1, false},
		    {DISK_SECTORS - 1, 2, true},
		    {DISK_SECTORS + 1, 0, true},
		    {0, 32769, true},
		    {0, 32768, true},
		    {~0ull, 1, true},
		    {1ull << 55, 8, true},
		    {1, 0xffffffff, true},
		    {17, 23, false},
		    {0, 16, false}};
	static const uint32_t flags[] = {0, 1, 2, 0x80000000, 3};
	const unsigned row = n / 10, flag = n / 2 % 5;
	const struct request r = {.type = n % 2 ? BLK_DISCARD : BLK_WRITE_ZEROES,
				  .out = 16,
				  .header_bytes = 16,
				  .range = {rows[row].sector, rows[row].sectors, flags[flag]}};

	driver_start(d, 64);
	if (rows[row].outside && (flags[flag] > 1 || (flags[flag] && r.type == BLK_DISCARD)))
		d->pair->scope = MASK_range_flags;
	for (unsigned i = 0; i < 2; i++) {
		driver_post(d, &r, &shapes[n % SHAPES]);
		driver_kick(d);
		driver_ack(d);
	}
}

static void range_length(struct driver *d, unsigned n)
{
	static const uint32_t lengths[] = {0, 1, 15, 17, 32, 48, 512};
	const struct request r = {.type = n % 2 ? BLK_DISCARD : BLK_WRITE_ZEROES,
				  .out = lengths[n / 2],
				  .header_bytes = 16,
				  .range = {.sector = 3, .sectors = 5}};

	driver_start(d, 16);
	d->pair->scope = MASK_range_length;
	driver_post(d, &r, &shapes[0]);
	driver_kick(d);
}

static void flush_unnegotiated(struct driver *d, unsigned n)
{
	(void)n;
	driver_negotiate(d, d->both & ~FEATURE_BIT(BLK_FLUSH));
	driver_queue(d, 16, 0);
	d->pair->scope = MASK_flush_unnegotiated;
	driver_post(d, &kinds[2], &shapes[0]);
	driver_kick(d);
}

/* A device without FLUSH in its features writes through; data must be the same. */
static void write_through(struct driver *d, unsigned n)
{
	driver_negotiate(d, d->both & ~FEATURE_BIT(BLK_FLUSH));
	driver_queue(d, 64, n);
	driver_post(d, &kinds[1], &shapes[n]);
	driver_kick(d);
	driver_post(d, &kinds[0], &shapes[n]);
	driver_kick(d);
}

const struct family request_families[] = {
	{"framing", KINDS *SHAPES, framing},
	{"size", 28, size},
	{"range", 24, range},
	{"batch", 12, batch},
	{"interrupts", 32, interrupts},
	{"event", 36, events},
	{"masked_type", 6, masked_types},
	{"range_unnegotiated", 2, ranges_unnegotiated},
	{"ranges", 130, ranges},
	{"range_length", 14, range_length},
	{"flush_unnegotiated", 1, flush_unnegotiated},
	{"write_through", 12, write_through},
	{NULL, 0, NULL},
};
