/* SPDX-License-Identifier: Apache-2.0
 * test_report.c: a machine whose two devices differ in one clock stops there, and says where, what and how to see it
 * again.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include "unit.h"
#include "fake_dut.h"
#include "lockstep.h"
#include "report.h"
#include "soc/map.h"

enum { DRAM_BYTES = 0x10000, LIE_AT = 37 };

static uint8_t dram[DRAM_BYTES], disk_bytes[512];
static char text[4096];

/* others: slots beside 7 with an honest device each. */
static struct soc *new_soc_beside(enum fake_lie lie, unsigned others)
{
	struct vdev_config device = {
		.dut = lockstep_open(fake_open(FAKE_HONEST, 0), fake_open(lie, LIE_AT)),
		.memory = {.base = MAP_DRAM, .size = DRAM_BYTES, .bytes = dram, .outstanding = 8, .seed = 1},
		.disk = {.fd = -1, .bytes = disk_bytes, .size = sizeof disk_bytes, .seed = 2},
		.seed = 3,
		.trace = true,
	};
	struct soc_config config = {
		.dram = dram, .dram_size = DRAM_BYTES, .entry = MAP_DRAM, .devices[7] = &device, .max_cycles = 1000};
	struct vdev_config beside[MAP_VIRTIO_SLOTS];

	memcpy(dram, (uint32_t[]){0x0000006f}, 4); /* jal zero, . */
	for (unsigned i = 0; i < MAP_VIRTIO_SLOTS; i++) {
		if (!(others >> i & 1))
			continue;
		beside[i] = device;
		beside[i].dut = lockstep_open(fake_open(FAKE_HONEST, 0), fake_open(FAKE_HONEST, 0));
		config.devices[i] = &beside[i];
	}
	return soc_new(&config);
}

static struct soc *new_soc(enum fake_lie lie)
{
	return new_soc_beside(lie, 0);
}

static void read_report(const struct soc *soc)
{
	struct options o = {.seed = 4711};
	FILE *f = tmpfile();

	o.command = (char[]){"ringwalk -kernel 'my elf'"};
	assert_non_null(f);
	report_failure(f, soc, &o);
	report_summary(f, soc);
	rewind(f);
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	fclose(f);
}

static void assert_says(const char *what)
{
	if (!strstr(text, what))
		fail_msg("'%s' is not in:\n%s", what, text);
}

static void test_mismatch(void **state)
{
	struct soc *soc = new_soc(FAKE_PIN);

	(void)state;
	assert_int_equal(soc_run(soc), SOC_DEVICE);
	assert_int_equal(vdev_cycle(soc->vdev[7]), LIE_AT + 1);
	read_report(soc);
	assert_says("mismatch after the edge of cycle 37\n");
	assert_says("m_axi_awid: model 0x0, rtl 0x5\n");
	assert_says("pc 0x80000000");
	assert_says("seed 4711\n");
	assert_says("again: ringwalk -kernel 'my elf'\n");
	assert_says(", 1 mismatches\n");
	soc_free(soc);
}

static void test_states(void **state)
{
	struct soc *soc = new_soc(FAKE_STATES);

	(void)state;
	assert_int_equal(soc_run(soc), SOC_DEVICE);
	read_report(soc);
	assert_says("dbg_states: model 0x20, rtl 0x21\n");
	assert_says("regs       IDLE       RESET   <-- differ\n");
	soc_free(soc);
}

static void test_max_cycles(void **state)
{
	struct soc *soc = new_soc(FAKE_HONEST);

	(void)state;
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	read_report(soc);
	assert_says("stopped by -max-cycles at cycle 1000\n");
	assert_says("states: regs IDLE");
	assert_says("lockstep: 1000 cycles, 0 requests, 0.0 MB, 0 mismatches\n");
	soc_free(soc);
}

/* Of several devices the report names the one that differed, and the machine stops for it alone. */
static void test_several(void **state)
{
	struct soc *soc = new_soc_beside(FAKE_PIN, 1u << 2 | 1u << 6);

	(void)state;
	assert_int_equal(soc->device_count, 3);
	assert_int_equal(soc_run(soc), SOC_DEVICE);
	assert_int_equal(soc->failed, 7);
	read_report(soc);
	assert_says("mismatch after the edge of cycle 37\n");
	assert_says("the device is that of slot 7\n");
	assert_says("slot 2:\nstates: regs IDLE");
	assert_says("lockstep: slot 6: 0 requests, 0.0 MB\n");
	assert_says("lockstep: 38 cycles, 0 requests, 0.0 MB, 1 mismatches\n");
	soc_free(soc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mismatch),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_max_cycles),
		cmocka_unit_test(test_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
