/* SPDX-License-Identifier: Apache-2.0
 * test_dtb.c: the device tree, read back by libfdt; tests/system/dtb.sh compares it with QEMU's.
 */
#define _XOPEN_SOURCE 700
#include <libfdt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "refused.h"
#include "unit.h"
#include "dtb.h"
#include "soc/map.h"

static char path[] = "/tmp/test_dtb.XXXXXX";

static const char *string_of(const void *t, const char *node, const char *property)
{
	const char *value = fdt_getprop(t, fdt_path_offset(t, node), property, NULL);

	assert_non_null(value);
	return value;
}

static uint64_t cell_of(const void *t, const char *node, const char *property, unsigned index)
{
	int bytes;
	const uint8_t *value = fdt_getprop(t, fdt_path_offset(t, node), property, &bytes);

	assert_non_null(value);
	assert_true((unsigned)bytes >= 4 * (index + 1));
	return fdt32_ld((const fdt32_t *)(value + 4 * index));
}

static void test_build(void **state)
{
	const struct dtb_config config = {.dram_size = 0x123456000, .seed = 1};
	void *t = dtb_build(&config);
	char node[64];

	(void)state;
	assert_int_equal(fdt_check_full(t, dtb_bytes(t)), 0);
	assert_int_equal(cell_of(t, "/memory@80000000", "reg", 1), 0x80000000);
	assert_int_equal(cell_of(t, "/memory@80000000", "reg", 2), 1);
	assert_int_equal(cell_of(t, "/memory@80000000", "reg", 3), 0x23456000);
	assert_string_equal(string_of(t, "/chosen", "stdout-path"), "/soc/serial@10000000");
	assert_true(fdt_path_offset(t, string_of(t, "/chosen", "stdout-path")) > 0);
	assert_null(fdt_getprop(t, fdt_path_offset(t, "/chosen"), "bootargs", NULL));
	assert_null(fdt_getprop(t, fdt_path_offset(t, "/chosen"), "linux,initrd-start", NULL));
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		snprintf(node, sizeof node, "/soc/virtio_mmio@1000%u000", slot + 1);
		assert_int_equal(cell_of(t, node, "interrupts", 0), slot + 1);
		assert_int_equal(cell_of(t, node, "interrupt-parent", 0),
				 cell_of(t, "/soc/plic@c000000", "phandle", 0));
	}
	assert_int_equal(cell_of(t, "/reboot", "regmap", 0), cell_of(t, "/soc/test@100000", "phandle", 0));
	free(t);
}

static void test_chosen(void **state)
{
	const struct dtb_config config = {.dram_size = 1 << 20,
					  .bootargs = "root=/dev/vda ro",
					  .initrd_start = 0x84200000,
					  .initrd_end = 0x84300001,
					  .seed = 1};
	void *t = dtb_build(&config), *again;

	(void)state;
	assert_string_equal(string_of(t, "/chosen", "bootargs"), "root=/dev/vda ro");
	assert_int_equal(cell_of(t, "/chosen", "linux,initrd-start", 1), 0x84200000);
	assert_int_equal(cell_of(t, "/chosen", "linux,initrd-end", 1), 0x84300001);
	again = dtb_build(&config);
	assert_int_equal(dtb_bytes(t), dtb_bytes(again));
	assert_memory_equal(t, again, dtb_bytes(t));
	free(t);
	free(again);
}

static void test_seed(void **state)
{
	void *a = dtb_build(&(struct dtb_config){.seed = 1}), *b = dtb_build(&(struct dtb_config){.seed = 2});

	(void)state;
	assert_int_not_equal(cell_of(a, "/chosen", "rng-seed", 0), cell_of(b, "/chosen", "rng-seed", 0));
	free(a);
	free(b);
}

/* A file of the user's gets what the command line says, and keeps the rest, though it is as short as can be. */
static void test_read(void **state)
{
	const struct dtb_config config = {.bootargs = "quiet", .initrd_start = 1, .initrd_end = 2};
	uint8_t small[256];
	void *t;
	FILE *f = fopen(path, "wb");

	(void)state;
	assert_int_equal(fdt_create_empty_tree(small, sizeof small), 0);
	assert_int_equal(fdt_setprop_string(small, 0, "model", "mine"), 0);
	assert_int_equal(fdt_pack(small), 0);
	assert_int_equal(fwrite(small, 1, fdt_totalsize(small), f), fdt_totalsize(small));
	fclose(f);
	t = dtb_read(path, &config);
	assert_string_equal(string_of(t, "/", "model"), "mine");
	assert_string_equal(string_of(t, "/chosen", "bootargs"), "quiet");
	assert_int_equal(cell_of(t, "/chosen", "linux,initrd-end", 1), 2);
	dtb_dump(t, path);
	free(t);
	t = dtb_read(path, &(struct dtb_config){0});
	assert_string_equal(string_of(t, "/chosen", "bootargs"), "quiet");
	free(t);
}

static void read_it(void *ctx)
{
	(void)ctx;
	dtb_read(path, &(struct dtb_config){0});
}

static void test_refused(void **state)
{
	void *t = dtb_build(&(struct dtb_config){0});
	size_t bytes = dtb_bytes(t);

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		size_t keep[] = {0, 20, bytes - 1};
		FILE *f = fopen(path, "wb");

		assert_int_equal(fwrite(t, 1, keep[i], f), keep[i]);
		fclose(f);
		refused(read_it, NULL, path, "no device tree");
	}
	free(t);
}

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build), cmocka_unit_test(test_chosen),  cmocka_unit_test(test_seed),
		cmocka_unit_test(test_read),  cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
