/* SPDX-License-Identifier: Apache-2.0
 * test_store.c: the bytes of a disk in a file, in memory, and in a file that nothing is written to.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "unit.h"
#include "backend/store.h"
#include "vio_params.h"

enum { SIZE = 20000, PADDED = 20480 }; /* ends within a sector, and within a page */

static char path[] = "/tmp/test_store.XXXXXX";
static uint8_t want[PADDED], got[PADDED], original[SIZE];
static int fd;

static int setup(void **state)
{
	(void)state;
	strcpy(path, "/tmp/test_store.XXXXXX");
	fd = mkstemp(path);
	for (unsigned i = 0; i < SIZE; i++)
		original[i] = (uint8_t)(i * 7 + i / 256 + 1);
	memset(want, 0, sizeof want);
	memcpy(want, original, SIZE);
	return fd < 0 || !store_transfer(fd, true, original, 0, SIZE);
}

static int teardown(void **state)
{
	(void)state;
	close(fd);
	return unlink(path);
}

static uint32_t noise(uint32_t n)
{
	static uint32_t x = 1;

	x = x * 1664525u + 1013904223u;
	return (x >> 8) % n;
}

static void compare(struct store *s)
{
	memset(got, 0xee, sizeof got);
	assert_true(store_read(s, got, 0, PADDED));
	assert_memory_equal(got, want, PADDED);
}

/* Writes and zeros of any length anywhere, against an array. */
static void exercise(struct store *s)
{
	static const unsigned ops[] = {VIO_BE_ZERO, VIO_BE_ZERO_UNMAP, VIO_BE_ERASE};
	uint8_t data[9000];

	compare(s);
	for (unsigned i = 0; i < 300; i++) {
		uint32_t len = noise(noise(2) ? 600 : sizeof data), at = noise(SIZE - len);

		for (uint32_t k = 0; k < len; k++)
			data[k] = (uint8_t)noise(256);
		if (noise(4) == 0) {
			assert_true(store_range(s, ops[noise(3)], at, len));
			memset(want + at, 0, len);
		} else {
			assert_true(store_write(s, data, at, len));
			memcpy(want + at, data, len);
		}
		at = noise(PADDED - 100);
		assert_true(store_read(s, got, at, 100));
		assert_memory_equal(got, want + at, 100);
	}
	compare(s);
	assert_true(store_sync(s));
	assert_false(store_failed(s));
}

static void test_memory(void **state)
{
	struct store *s = store_new(&(struct store_config){.fd = -1, .bytes = original, .size = SIZE});

	(void)state;
	exercise(s);
	assert_memory_equal(original, want, SIZE);
	store_free(s);
}

static void test_file(void **state)
{
	struct store *s = store_new(&(struct store_config){.fd = fd, .size = SIZE});

	(void)state;
	exercise(s);
	memset(got, 0, sizeof got);
	assert_true(store_transfer(fd, false, got, 0, SIZE));
	assert_memory_equal(got, want, SIZE);
	store_free(s);
}

/* The last sector keeps what is written behind the file's end. */
static void test_grows(void **state)
{
	struct store *s = store_new(&(struct store_config){.fd = fd, .size = SIZE});
	uint8_t sector[512];

	(void)state;
	memset(sector, 0x55, sizeof sector);
	assert_true(store_write(s, sector, PADDED - 512, 512));
	memcpy(want + PADDED - 512, sector, 512);
	compare(s);
	assert_int_equal(lseek(fd, 0, SEEK_END), PADDED);
	store_free(s);
}

/* The guest sees what it wrote, also behind the end of the file; the file stays as it was, and could be read-only. */
static void test_snapshot(void **state)
{
	int readonly = open(path, O_RDONLY);
	struct store *s = store_new(&(struct store_config){.fd = readonly, .size = SIZE, .snapshot = true});
	uint8_t sector[512];

	(void)state;
	exercise(s);
	memset(sector, 0x55, sizeof sector);
	assert_true(store_write(s, sector, PADDED - 512, 512));
	memcpy(want + PADDED - 512, sector, 512);
	compare(s);
	assert_true(store_range(s, VIO_BE_DISCARD, 4096, 8192));
	memset(want + 4096, 0, 8192);
	compare(s);
	assert_true(store_transfer(readonly, false, got, 0, SIZE));
	assert_memory_equal(got, original, SIZE);
	assert_int_equal(lseek(readonly, 0, SEEK_END), SIZE);
	store_free(s);
	close(readonly);
}

/* A file that shrank, and one that cannot be written: the call says so. */
static void test_failures(void **state)
{
	int readonly = open(path, O_RDONLY);
	struct store *s = store_new(&(struct store_config){.fd = readonly, .size = SIZE});
	uint8_t sector[512] = {0};

	(void)state;
	assert_false(store_write(s, sector, 0, 512));
	assert_true(store_failed(s));
	store_free(s);
	assert_int_equal(ftruncate(fd, 8192), 0);
	for (unsigned snapshot = 0; snapshot < 2; snapshot++) {
		s = store_new(&(struct store_config){.fd = readonly, .size = SIZE, .snapshot = snapshot});
		assert_true(store_read(s, got, 0, 8192));
		assert_false(store_failed(s));
		assert_false(store_read(s, got, 8192, 512));
		assert_true(store_failed(s));
		store_free(s);
	}
	close(readonly);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_grows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failures, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
