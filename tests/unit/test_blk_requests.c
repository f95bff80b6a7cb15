/* SPDX-License-Identifier: Apache-2.0
 * test_blk_requests.c: requests other than plain reads and writes, by a whole device in lockstep; virtio 1.2, 5.2.6.
 * Then sim/backend/ranges.c by itself.
 *
 * R names the rows of tests/conformance/rows.tsv that a test is for. */
#include "blk_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "backend/ranges.h"

static const uint32_t range_types[] = {DISCARD, ZEROES, ERASE};

struct range {
	uint64_t sector;
	uint32_t sectors, flags;
};

/* A discard or its like, its range in one descriptor, or two of which the first has split bytes. */
static int range_split(uint32_t type, struct range r, uint32_t split)
{
	return request(type, 0, &r, sizeof r, split, 0);
}

static int range(uint32_t type, uint64_t sector, uint32_t sectors, uint32_t flags)
{
	return range_split(type, (struct range){sector, sectors, flags}, 0);
}

/* Sectors [from, to) are zeros, all others are as they were at first. */
static void assert_zeros(const uint8_t *bytes, unsigned from, unsigned to)
{
	for (unsigned i = 0; i < BYTES; i++)
		if (bytes[i] != (i / 512 >= from && i / 512 < to ? 0 : pattern(i)))
			fail_msg("byte %u of the disk is 0x%02x", i, bytes[i]);
}

/* R BLK-29 */
static void not_negotiated(void **state)
{
	static const uint64_t bit[] = {BIT(BLK_DISCARD), BIT(BLK_WRITE_ZEROES), BIT(BLK_SECURE_ERASE)};

	(void)state;
	for (unsigned t = 0; t < 3; t++) {
		rig_start(EVERY & ~bit[t]);
		assert_int_equal(range(range_types[t], 8, 8, 0), UNSUPP);
		assert_int_equal(rig.used, 1);
		rig_start(BIT(VERSION_1) | bit[t]);
		assert_int_equal(range(range_types[t], 8, 0, 0), OK);
	}
	rig_start(EVERY & ~BIT(BLK_LIFETIME));
	assert_int_equal(request(LIFETIME, 0, NULL, 0, 0, 6), UNSUPP);
	assert_int_equal(rig.used, 0);
	assert_int_equal(rig.dram[IN_AT], UNTOUCHED);
	rig_start(EVERY & ~BIT(BLK_FLUSH));
	assert_int_equal(request(FLUSH, 0, NULL, 0, 0, 0), UNSUPP);
	assert_int_equal(rig.cmds, 0);
	assert_zeros(rig.bytes, 0, 0);
}

static void asked(unsigned op, uint64_t sector, uint32_t len)
{
	assert_int_equal(rig.cmds, 1);
	assert_int_equal(rig.op, op);
	assert_true(rig.sector == sector);
	assert_int_equal(rig.len, len);
	rig.cmds = 0;
}

static void discards_and_erases(void **state)
{
	(void)state;
	assert_int_equal(range(DISCARD, 8, 16, 0), OK);
	assert_int_equal(rig.used, 1);
	asked(VIO_BE_DISCARD, 8, 16);
	assert_zeros(rig.bytes, 8, 24);
	assert_int_equal(range(ERASE, 24, 1, 0), OK);
	asked(VIO_BE_ERASE, 24, 1);
	assert_zeros(rig.bytes, 8, 25);
}

/* R BLK-51 */
static void zeroes_read_back(void **state)
{
	static const uint8_t zeros[3 * 512];

	(void)state;
	for (uint32_t unmap = 0; unmap < 2; unmap++) {
		const uint64_t at = 3 + 3 * unmap;

		assert_int_equal(range(ZEROES, at, 3, unmap), OK);
		assert_int_equal(rig.used, 1);
		asked(unmap ? VIO_BE_ZERO_UNMAP : VIO_BE_ZERO, at, 3);
		assert_zeros(rig.bytes, 3, (unsigned)at + 3);
		assert_int_equal(request(IN, at, NULL, 0, 0, sizeof zeros), OK);
		assert_memory_equal(rig.dram + IN_AT, zeros, sizeof zeros);
		assert_int_equal(rig.used, sizeof zeros + 1);
		rig.cmds = 0;
	}
}

/* R BLK-48 BLK-49 */
static void flags(void **state)
{
	(void)state;
	for (unsigned t = 0; t < 3; t++)
		for (unsigned k = range_types[t] == ZEROES ? 1 : 0; k < 32; k++) {
			assert_int_equal(range(range_types[t], 8, 8, 1u << k), UNSUPP);
			assert_int_equal(range(range_types[t], 8, 8, 1u << k | 1), UNSUPP);
		}
	assert_int_equal(rig.cmds, 0);
	assert_zeros(rig.bytes, 0, 0);
}

/* R BLK-40 BLK-43: max_..._seg is 1, so that 32 bytes are one range too many. */
static void payload_sizes(void **state)
{
	static const struct range two[2] = {{8, 8, 0}, {24, 8, 0}};
	static const uint32_t lens[] = {0, 1, 15, 17, 32};

	(void)state;
	for (unsigned t = 0; t < 3; t++)
		for (unsigned i = 0; i < sizeof lens / sizeof lens[0]; i++) {
			assert_int_equal(request(range_types[t], 0, two, lens[i], 0, 0), IOERR);
			assert_int_equal(request(range_types[t], 0, two, lens[i], lens[i] / 2, 0), IOERR);
			assert_int_equal(rig.used, 1);
		}
	assert_int_equal(rig.cmds, 0);
	assert_zeros(rig.bytes, 0, 0);
}

/* R BLK-33 BLK-43 */
static void limits(void **state)
{
	static const struct {
		uint64_t sector;
		uint32_t sectors;
		int status;
	} cases[] = {
		{0, VIO_RANGE_MAX + 1, IOERR},
		{0, 0x80000000u, IOERR},
		{0, 0xffffffffu, IOERR},
		{SECTORS, 1, IOERR},
		{SECTORS - 1, 2, IOERR},
		{SECTORS - VIO_RANGE_MAX + 1, VIO_RANGE_MAX, IOERR},
		{UINT64_MAX, 1, IOERR},
		{UINT64_MAX, 2, IOERR},
		{UINT64_MAX - 1, 3, IOERR},
		{1ull << 55, 1, IOERR},
		{1ull << 32, 1, IOERR},
		{0, 0, OK},
		{SECTORS, 0, OK},
	};

	(void)state;
	for (unsigned t = 0; t < 3; t++) {
		for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
			assert_int_equal(range(range_types[t], cases[i].sector, cases[i].sectors, 0), cases[i].status);
		assert_int_equal(rig.cmds, 0);
		assert_zeros(rig.bytes, 0, 0);
	}
	assert_int_equal(range(ZEROES, SECTORS - 1, 1, 0), OK);
	assert_zeros(rig.bytes, 0, 0);
	assert_int_equal(range(ZEROES, SECTORS - VIO_RANGE_MAX, VIO_RANGE_MAX, 0), OK);
	assert_int_equal(range(ZEROES, 0, VIO_RANGE_MAX, 0), OK);
	assert_zeros(rig.bytes, 0, PATTERNED);
}

/* R BLK-47: whether or not the driver accepted RO. */
static void read_only(void **state)
{
	uint8_t data[512] = {0};

	(void)state;
	rig.in.strap_features |= BIT(BLK_RO);
	for (unsigned accepted = 0; accepted < 2; accepted++) {
		rig_start(EVERY | (accepted ? BIT(BLK_RO) : 0));
		for (unsigned t = 0; t < 3; t++)
			assert_int_equal(range(range_types[t], 8, 8, 0), IOERR);
		assert_int_equal(request(OUT, 8, data, sizeof data, 0, 0), IOERR);
		assert_int_equal(rig.cmds, 0);
		assert_int_equal(request(IN, 8, NULL, 0, 0, 512), OK);
		rig.cmds = 0;
	}
	assert_zeros(rig.bytes, 0, 0);
}

/* R BLK-31 */
static void split_range(void **state)
{
	(void)state;
	for (uint32_t split = 1; split < 16; split++) {
		assert_int_equal(range_split(ZEROES, (struct range){split, 1, 0}, split), OK);
		asked(VIO_BE_ZERO, split, 1);
		assert_zeros(rig.bytes, 1, split + 1);
		assert_int_equal(range_split(DISCARD, (struct range){0, 1, 1u << 31}, split), UNSUPP);
	}
}

/* The disk fails in the middle of the range: the driver is told, and nothing has changed. */
static void disk_fails(void **state)
{
	(void)state;
	assert_true(disk_fault(rig.disk, 10, 1u << VIO_BE_DISCARD | 1u << VIO_BE_ZERO | 1u << VIO_BE_ERASE));
	for (unsigned t = 0; t < 3; t++) {
		assert_int_equal(range(range_types[t], 8, 8, 0), IOERR);
		assert_int_equal(rig.used, 1);
	}
	assert_zeros(rig.bytes, 0, 0);
}

/* R BLK-59 */
static void lifetime(void **state)
{
	static const uint32_t lens[] = {1, 3, 5, 6, 7, 64};

	(void)state;
	for (unsigned i = 0; i < sizeof lens / sizeof lens[0]; i++) {
		const uint32_t len = lens[i], given = len < 6 ? len : 6;

		assert_int_equal(request(LIFETIME, 0, NULL, 0, 0, len), OK);
		asked(VIO_BE_LIFETIME, 0, given);
		/* No more than what was written up to the first byte that was not: virtio 1.2, 2.7.8.2. */
		assert_int_equal(rig.used, len <= 6 ? len + 1 : 6);
		for (unsigned at = 0; at < 64; at++)
			assert_int_equal(rig.dram[IN_AT + at] == UNTOUCHED, at >= given);
		if (given < 6)
			continue;
		assert_in_range(get(IN_AT, 2), 0, 3);
		assert_in_range(get(IN_AT + 2, 2), 0, 11);
		assert_in_range(get(IN_AT + 4, 2), 0, 11);
	}
	assert_int_equal(request(LIFETIME, 0, NULL, 0, 0, 0), OK);
	assert_int_equal(rig.used, 1);
}

/* A file that ends within its last sector. */
static void on_a_file(void **state)
{
	static uint8_t bytes[BYTES];
	const int size = BYTES - 100;
	FILE *file = tmpfile();
	struct stat st;

	(void)state;
	assert_non_null(file);
	for (unsigned i = 0; i < BYTES; i++)
		bytes[i] = pattern(i);
	assert_int_equal(pwrite(fileno(file), bytes, (size_t)size, 0), size);
	rig_open(EVERY, EVERY, fileno(file), (uint64_t)size);
	assert_int_equal(range(ZEROES, 20, 8, 0), OK);
	assert_int_equal(range(ZEROES, 28, 9, 1), OK);
	assert_int_equal(range(ERASE, 37, 5, 0), OK);
	assert_int_equal(pread(fileno(file), bytes, (size_t)size, 0), size);
	assert_zeros(bytes, 20, 42);
	assert_int_equal(range(ZEROES, 42, 22, 0), OK);
	assert_int_equal(range(DISCARD, 63, 1, 0), OK);
	assert_int_equal(range(ERASE, 63, 1, 0), OK);
	rig_close();
	memset(bytes + size, 0, BYTES - (size_t)size);
	assert_int_equal(pread(fileno(file), bytes, BYTES, 0), size);
	assert_zeros(bytes, 20, 64);
	assert_int_equal(fstat(fileno(file), &st), 0);
	assert_int_equal(st.st_size, size);
	fclose(file);
}

/* [4096, 4096 + len) of 200000 bytes of 0xaa; memory files have no ZERO_RANGE, so zeros are written there. */
static void ranges_on(int fd, bool (*act)(int, uint64_t, uint64_t))
{
	enum { SIZE = 200000, FROM = 4096, LEN = 150016 };
	static uint8_t bytes[SIZE + 1];

	memset(bytes, 0xaa, SIZE);
	assert_int_equal(pwrite(fd, bytes, SIZE, 0), SIZE);
	assert_true(act(fd, FROM, 0));
	assert_true(act(fd, FROM, LEN));
	assert_int_equal(pread(fd, bytes, SIZE + 1, 0), SIZE);
	for (unsigned i = 0; i < SIZE; i++)
		assert_int_equal(bytes[i], i >= FROM && i < FROM + LEN ? 0 : 0xaa);
}

static bool zero_kept(int fd, uint64_t at, uint64_t len)
{
	return ranges_zero(fd, at, len, false);
}

static bool zero_unmapped(int fd, uint64_t at, uint64_t len)
{
	return ranges_zero(fd, at, len, true);
}

static void ranges(void **state)
{
	bool (*const acts[])(int, uint64_t, uint64_t) = {zero_kept, zero_unmapped, ranges_erase, ranges_discard};
	int fd = memfd_create("ranges", MFD_ALLOW_SEALING);
	struct stat st;

	(void)state;
	assert_true(fd >= 0);
	for (unsigned i = 0; i < 4; i++) {
		ranges_on(fd, acts[i]);
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(st.st_blocks * 512 < 150016, acts[i] == zero_unmapped || acts[i] == ranges_discard);
	}
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	for (unsigned i = 0; i < 4; i++) {
		assert_false(acts[i](fd, 0, 4096));
		assert_int_equal(errno, EPERM);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIG(not_negotiated),
		RIG(discards_and_erases),
		RIG(zeroes_read_back),
		RIG(flags),
		RIG(payload_sizes),
		RIG(limits),
		RIG(read_only),
		RIG(split_range),
		RIG(disk_fails),
		RIG(lifetime),
		cmocka_unit_test(on_a_file),
		cmocka_unit_test(ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
