/* SPDX-License-Identifier: Apache-2.0
 * registers.c: sequences on registers, features, status and queue set-up.
 */
#include "sequences.h"

static const struct request write_some = {.type = BLK_OUT, .sector = 7, .out = 1024, .header_bytes = 16};

/* A word below 0x100, before and after something is written to it. */
static void each_register(struct driver *d, unsigned n)
{
	static const uint32_t values[] = {0xffffffff, 0, 1, 0x12345678};
	const uint16_t at = (uint16_t)(4 * n);
	enum mask mask = at == R_SHMBaseLow || at == R_SHMBaseHigh ? MASK_shm_base : MASK_NONE;

	if (at == R_QueueReady || at == R_Status) { /* they have sequences of their own */
		pair_read(d->pair, at, mask);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		pair_read(d->pair, at, mask);
		pair_write(d->pair, at, values[i]);
		pair_read(d->pair, at, mask);
		pair_read(d->pair, R_InterruptStatus, MASK_NONE);
		pair_read(d->pair, R_Status, MASK_NONE);
		pair_read(d->pair, R_QueueReady, MASK_NONE);
	}
	pair_write(d->pair, R_QueueSel, 0);
}

static void narrow_register(struct driver *d, unsigned n)
{
	static const uint16_t regs[] = {R_MagicValue, R_Version, R_DeviceID, R_VendorID, R_Status, R_QueueNumMax};

	pair_write(d->pair, R_Status, ACKNOWLEDGE);
	pair_write_width(d->pair, R_Status, 1, ACKNOWLEDGE | DRIVER);
	pair_write_width(d->pair, R_Status, 2, ACKNOWLEDGE | DRIVER);
	pair_read(d->pair, R_Status, MASK_NONE);
	for (unsigned i = 0; i < 2; i++)
		pair_read_width(d->pair, (uint16_t)(regs[n] + 2 * i), 2, MASK_narrow_access);
	for (unsigned i = 0; i < 4; i++)
		pair_read_width(d->pair, (uint16_t)(regs[n] + i), 1, MASK_narrow_access);
}

/* Config space by word, half and byte; QEMU's ends with the byte write_zeroes_may_unmap. writeback may be read from
 * FEATURES_OK on (virtio 1.2, 5.2.5.1). */
static void config(struct driver *d, unsigned n)
{
	const uint16_t at = (uint16_t)(0x100 + 4 * n);
	enum mask mask = at >= R_ZeroesMayUnmap ? MASK_config_past_end
			 : at == R_Writeback    ? MASK_num_queues
						: MASK_NONE;

	if (at == R_Writeback)
		driver_negotiate(d, d->both);
	pair_read(d->pair, at, mask);
	for (uint16_t i = 0; i < 4; i += 2)
		pair_read_width(d->pair, (uint16_t)(at + i), 2, mask);
	for (uint16_t i = 0; i < 4; i++)
		pair_read_width(d->pair, (uint16_t)(at + i), 1, at + i == R_ZeroesMayUnmap ? MASK_NONE : mask);
	if (at != R_Writeback)
		pair_write(d->pair, at, 0x5a5a5a5a);
	pair_read(d->pair, at, mask);
	pair_read(d->pair, R_ConfigGeneration, MASK_NONE);
}

/* The cache mode, by the features that say something about it (bits of n), and as it is written. */
static void writeback(struct driver *d, unsigned n)
{
	static const uint32_t values[] = {0, 1, 0, 0xff, 1};
	const bool flush = n & 1, wce = n & 2;

	driver_negotiate(d,
			 d->both & ~((flush ? 0 : FEATURE_BIT(BLK_FLUSH)) | (wce ? 0 : FEATURE_BIT(BLK_CONFIG_WCE))));
	driver_queue(d, 16, 0);
	pair_read_width(d->pair, R_Writeback, 1, wce && !flush ? MASK_writeback_at_first : MASK_NONE);
	for (unsigned i = 0; wce && i < 5; i++) {
		pair_write_width(d->pair, R_Writeback, 1, values[i]);
		pair_read_width(d->pair, R_Writeback, 1, MASK_NONE);
		pair_read_width(d->pair, R_Writeback, 2, MASK_NONE);
		driver_post(d, &write_some, &shapes[0]);
		driver_kick(d);
	}
	pair_read(d->pair, R_ConfigGeneration, MASK_NONE);
}

static void device_features_sel(struct driver *d, unsigned n)
{
	static const uint32_t sels[] = {0,         1, 2, 3, 31, 32, 0x10000, 0x80000000, 0x100000001ull & 0xffffffff,
					0xffffffff};

	pair_write(d->pair, R_DeviceFeaturesSel, sels[n]);
	pair_read(d->pair, R_DeviceFeaturesSel, MASK_NONE);
	pair_read(d->pair, R_DeviceFeatures, sels[n] > 1 ? MASK_features_sel_past_1 : MASK_NONE);
	pair_write(d->pair, R_DeviceFeaturesSel, 0);
	pair_read(d->pair, R_DeviceFeatures, MASK_NONE);
}

static void driver_features_sel(struct driver *d, unsigned n)
{
	struct pair *p = d->pair;

	pair_write(p, R_Status, ACKNOWLEDGE | DRIVER);
	pair_write(p, R_DriverFeaturesSel, n);
	pair_write(p, R_DriverFeatures, n == 0 ? 1 << 6 : 1);
	pair_read(p, R_DriverFeatures, MASK_NONE);
	pair_write(p, R_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK);
	if (n > 1)
		p->scope = MASK_driver_sel_past_1;
	pair_read(p, R_Status, MASK_NONE);
}

static void queue_sel(struct driver *d, unsigned n)
{
	static const uint32_t sels[] = {0,       1,         2,          3,          4,         7,      15,
					16,      63,        64,         255,        256,       1000,   1022,
					1023,    1024,      1025,       4095,       0x8000,    0xffff, 0x10000,
					0x10001, 0x1000000, 0x7fffffff, 0x80000000, 0xffffffff};

	pair_write(d->pair, R_QueueSel, sels[n]);
	if (sels[n] > 1023)
		d->pair->scope = MASK_queue_sel_past_1023;
	pair_read(d->pair, R_QueueSel, MASK_NONE);
	pair_read(d->pair, R_QueueNumMax, MASK_NONE);
	pair_read(d->pair, R_QueueReady, MASK_NONE);
	pair_write(d->pair, R_QueueNum, 8);
	if (sels[n] != 0 && !d->pair->scope) {
		pair_write(d->pair, R_QueueReady, 1);
		pair_read(d->pair, R_QueueReady, MASK_queue_ready_bits);
		pair_write(d->pair, R_QueueReady, 0);
	}
	pair_write(d->pair, R_QueueSel, 0);
	pair_read(d->pair, R_QueueNumMax, MASK_NONE);
	pair_read(d->pair, R_QueueReady, MASK_NONE);
}

/* The legal path in different steps, and ends of it. */
static void status_legal(struct driver *d, unsigned n)
{
	static const uint8_t paths[][6] = {{1},
					   {1, 3},
					   {1, 3, 11},
					   {1, 3, 11, 15},
					   {3},
					   {3, 11},
					   {3, 11, 15},
					   {11},
					   {11, 15},
					   {15},
					   {1, 3, 131},
					   {1, 129},
					   {1, 3, 11, 139},
					   {1, 3, 11, 15, 143},
					   {128},
					   {131, 131},
					   {1, 1, 3, 3, 11, 11},
					   {9, 11, 15},
					   {2, 3, 11, 15},
					   {8, 9, 11, 15}};

	for (unsigned i = 0; i < 6 && paths[n][i]; i++) {
		pair_write(d->pair, R_Status, paths[n][i]);
		pair_read(d->pair, R_Status, MASK_NONE);
		pair_read(d->pair, R_InterruptStatus, MASK_NONE);
	}
	pair_write(d->pair, R_Status, 0);
	pair_read(d->pair, R_Status, MASK_NONE);
	pair_write(d->pair, R_Status, ACKNOWLEDGE | DRIVER);
	pair_read(d->pair, R_Status, MASK_NONE);
}

static void status_illegal(struct driver *d, unsigned n)
{
	static const uint8_t paths[][4] = {{4},       {7},        {1, 5},   {3, 7, 15}, {11, 3},
					   {11, 1},   {15, 11},   {15, 7},  {15, 1},    {16, 48},
					   {0x40},    {0x4f},     {0x7f},   {0xff},     {0xf0, 0x0f},
					   {1, 3, 2}, {8, 12, 4}, {131, 3}, {15, 8},    {1, 3, 11, 4}};

	d->pair->scope = MASK_status_stored;
	for (unsigned i = 0; i < 4 && paths[n][i]; i++) {
		pair_write(d->pair, R_Status, paths[n][i]);
		pair_read(d->pair, R_Status, MASK_NONE);
	}
}

/* Each feature that both have, alone and missing, then subsets at random. */
static void negotiate(struct driver *d, unsigned n)
{
	uint64_t wanted = (uint64_t)sim_rng_next(&d->rng) << 32 | sim_rng_next(&d->rng);

	if (n < 128)
		wanted = n < 64 ? 1ull << n : ~(1ull << (n - 64));
	driver_negotiate(d, d->pair->both & wanted);
	pair_write(d->pair, R_DriverFeaturesSel, 0);
	pair_write(d->pair, R_DriverFeatures, 0xffffffff); /* too late */
	pair_read(d->pair, R_Status, MASK_NONE);
	pair_write(d->pair, R_Status, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
	pair_read(d->pair, R_Status, MASK_NONE);
	pair_read(d->pair, R_ConfigGeneration, MASK_NONE);
}

static void negotiate_too_much(struct driver *d, unsigned n)
{
	static const uint64_t bad[] = {1ull << 0,  1ull << 3,  1ull << 7,  1ull << 31,
				       1ull << 33, 1ull << 39, 1ull << 63, ~0ull};

	pair_write(d->pair, R_Status, ACKNOWLEDGE | DRIVER);
	d->pair->scope = MASK_features_refused;
	driver_negotiate(d, d->both | bad[n]);
}

static void selectors_after_reset(struct driver *d, unsigned n)
{
	static const uint16_t sels[] = {R_DeviceFeaturesSel, R_QueueSel};

	(void)n;
	for (unsigned i = 0; i < 2; i++)
		pair_write(d->pair, sels[i], 1);
	pair_write(d->pair, R_Status, 0);
	pair_read(d->pair, R_DeviceFeatures, MASK_selectors_after_reset);
	pair_read(d->pair, R_QueueNumMax, MASK_selectors_after_reset);
}

static void bad_queue_num(struct driver *d, unsigned n)
{
	static const uint32_t nums[] = {0, 3, 5, 1000, 1025, 2048, 0x10000, 0x10008, 0xffffffff};

	driver_negotiate(d, d->both);
	d->pair->scope = MASK_bad_queue_num;
	pair_write(d->pair, R_QueueNum, nums[n]);
	pair_write(d->pair, R_QueueReady, 1);
	pair_read(d->pair, R_QueueReady, MASK_NONE);
	pair_write(d->pair, R_QueueReady, 0);
}

static void queue_ready_values(struct driver *d, unsigned n)
{
	static const uint32_t values[] = {2, 4, 0x80000000, 0xfffffffe, 0x100};

	driver_negotiate(d, d->both);
	pair_write(d->pair, R_QueueNum, 8);
	pair_write(d->pair, R_QueueReady, values[n]);
	pair_read(d->pair, R_QueueReady, MASK_queue_ready_bits);
	pair_write(d->pair, R_QueueReady, 0);
}

/* Every size that is legal, once round the ring and more where that is short. */
static void queue_sizes(struct driver *d, unsigned n)
{
	const struct request flush = {.type = BLK_FLUSH, .header_bytes = 16},
			     id = {.type = BLK_GET_ID, .in = 20, .header_bytes = 16};
	const unsigned num = 4u << n;

	driver_negotiate(d, d->both);
	driver_queue(d, num, n);
	for (unsigned i = 0; i < 9; i++) {
		driver_post(d, i % 2 ? &flush : &id, &shapes[0]);
		if (num >= 8)
			driver_post(d, &id, &shapes[0]);
		driver_kick(d);
		driver_ack(d);
	}
}

static void notify_others(struct driver *d, unsigned n)
{
	static const uint32_t queues[] = {1, 2, 3, 15, 1023, 1024, 0xffff, 0x10000, 0x80000000};
	const struct request id = {.type = BLK_GET_ID, .in = 20, .header_bytes = 16};

	driver_start(d, 8);
	driver_post(d, &id, &shapes[0]);
	d->ring.format->publish(&d->ring, 0);
	pair_write(d->pair, R_QueueNotify, queues[n]);
	driver_settle(d);
	driver_kick(d);
	pair_write(d->pair, R_QueueNotify, queues[n]);
	driver_settle(d);
	driver_ack(d);
}

const struct family register_families[] = {
	{"register", 64, each_register},
	{"narrow", 6, narrow_register},
	{"config", 24, config},
	{"writeback", 4, writeback},
	{"device_features_sel", 10, device_features_sel},
	{"driver_features_sel", 4, driver_features_sel},
	{"queue_sel", 26, queue_sel},
	{"status", 20, status_legal},
	{"status_illegal", 20, status_illegal},
	{"negotiate", 192, negotiate},
	{"negotiate_too_much", 8, negotiate_too_much},
	{"selectors_after_reset", 1, selectors_after_reset},
	{"bad_queue_num", 9, bad_queue_num},
	{"queue_ready", 5, queue_ready_values},
	{"queue_size", 9, queue_sizes},
	{"notify_others", 9, notify_others},
	{NULL, 0, NULL},
};
