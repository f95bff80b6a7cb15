/* SPDX-License-Identifier: Apache-2.0
 * test_check.c: each rule of the monitor fires, alone, on a driver that breaks it; none fires on what drivers may do.
 */
#include "check_legal.h"
#include "soc.h"
#include "soc/map.h"

/* A rule without a case does not compile. */
static const struct {
	const char *name;
	void (*run)(void);
} cases[CHECK_RULES] = {
#define RULE(row, section, level, text) [CHECK_##row] = {#row, break_##row},
#include "check/rules.def"
};

static void test_rules(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CHECK_RULES; i++) {
		cases[i].run();
		if (check_broken(rig.check, (enum check_rule)i) == 0)
			fail_msg("%s was not found", cases[i].name);
		for (unsigned other = 0; other < CHECK_RULES; other++)
			if (other != i && check_broken(rig.check, (enum check_rule)other))
				fail_msg("the case of %s also broke %s", cases[i].name, cases[other].name);
	}
}

/* The line that a finding is, and that the same instruction is not told twice. */
static void test_line(void **state)
{
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct check_config config = {.dram = rig.dram, .dram_base = RIG_BASE, .dram_size = RIG_DRAM, .to = to};
	struct check_place at = {812, 0x80000404};
	struct check *c = check_new(&config);
	char row[16];

	(void)state;
	check_read(c, at, 0, 0x000, 4, 0x74726976);
	check_read(c, at, 0, 0x004, 4, 2);
	check_read(c, at, 0, 0x008, 4, 2);
	check_write(c, at, 0, 0x050, 4, 0);
	check_write(c, at, 0, 0x050, 4, 0);
	check_summary(c, to);
	fclose(to);
	assert_string_equal(text, "check: cycle 812: INIT-06 MUST (virtio 1.2, 3.1.1): notify before DRIVER_OK "
				  "(pc 0x80000404)\ncheck: 1 findings, 81 rules watched\n");
	check_row(CHECK_MMIO_46_hole, row);
	assert_string_equal(row, "MMIO-46");
	assert_int_equal(check_findings(c, CHECK_MUST), 1);
	free(text);
	check_free(c);
}

/* In the machine: the hart's stores reach the monitor with the pc of the store, and registers by the bus. */
static void test_machine(void **state)
{
	static uint8_t dram[0x10000], bytes[8192];
	static const uint32_t words[] = {
		0x00b51023, /* sh a1, 0(a0) */
		0x00000013, /* nop */
	};
	struct vdev_config device = {.dut = dut_open_model(),
				     .memory = {MAP_DRAM, sizeof dram, dram, 8, 8, 8, 0, false, 1},
				     .disk = {.fd = -1, .bytes = bytes, .size = sizeof bytes},
				     .features = BIT(VERSION_1),
				     .straps = {.queues = 1, .queue_num = 1024},
				     .idle_skip = true};
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct soc_config config = {.dram = dram,
				    .dram_size = sizeof dram,
				    .entry = MAP_DRAM,
				    .devices[RIG_SLOT] = &device,
				    .idle_skip = true,
				    .check = true,
				    .check_to = to};
	static const uint16_t writes[][2] = {
		{STATUS, 0}, {STATUS, 1}, {STATUS, 3},     {0x014, 1},      {0x024, 1},      {0x020, 1}, {STATUS, 11},
		{0x030, 0},  {0x038, 8},  {0x080, 0x1000}, {0x090, 0x2000}, {0x0a0, 0x3000}, {0x044, 1}, {STATUS, 15}};
	struct soc *soc = soc_new(&config);
	const uint64_t base = MAP_VIRTIO + RIG_SLOT * MAP_VIRTIO_STRIDE;
	uint64_t data;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_true(soc_load(soc, base + 4 * i, 4, &data));
	for (unsigned i = 0; i < sizeof writes / sizeof writes[0]; i++) {
		uint32_t value = writes[i][1];

		if (writes[i][0] >= 0x080 && writes[i][0] < 0x100)
			value += (uint32_t)MAP_DRAM;
		assert_true(soc_store(soc, base + writes[i][0], 4, value));
		assert_true(soc_load(soc, base + STATUS, 4, &data));
	}
	assert_int_equal(data, 15);
	assert_int_equal(check_findings(soc->check[RIG_SLOT], CHECK_MAY), 0);
	memcpy(dram, words, sizeof words);
	soc->cpu->x[10] = MAP_DRAM + 0x2002;
	soc->cpu->x[11] = 9;
	cpu_run(soc->cpu, 2);
	assert_int_equal(check_broken(soc->check[RIG_SLOT], CHECK_AVAIL_05), 1);
	fclose(to);
	assert_non_null(strstr(text, "(pc 0x80000000)\n"));
	free(text);
	soc_free(soc);
}

static uint32_t noise_seed = 1;

static uint32_t noise(uint32_t n)
{
	noise_seed = noise_seed * 1664525u + 1013904223u;
	return (noise_seed >> 8) % n;
}

/* A store of a ring's own kind of numbers to a ring's own kind of places. */
static void noise_store(void)
{
	static const uint64_t areas[] = {RIG_DESC, RIG_AVAIL, RIG_USED, RIG_TABLE, RIG_HEADER};
	static const uint64_t values[] = {0,   1,        2,         4,          16,         48,
					  512, RIG_DESC, RIG_TABLE, RIG_HEADER, RIG_STATUS, UINT64_MAX};
	uint64_t addr = areas[noise(5)] + noise(160);
	unsigned len = 1u << noise(4);

	st(addr & ~(uint64_t)(len - 1), values[noise(12)], len);
}

/* A driver, and a device, that do anything at all: the monitor survives, and writes nothing. The sanitizers look on. */
static void test_noise(void **state)
{
	static const uint32_t features[] = {0, 1u << 2, 3u << 2, 1u << 3, 1u << 6 | 1u << 2, 1u << 8};
	static const uint16_t hot[] = {0x014, 0x020, 0x024, 0x030, 0x038, 0x044, 0x050, 0x064, 0x070, 0x0c0, 0x120};
	static uint8_t before[RIG_DRAM];

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		uint64_t offered =
			(uint64_t)features[noise(6)] << 32 | noise(2) << INDIRECT_DESC | noise(2) << EVENT_IDX;

		if (noise(2))
			rig_live(offered);
		else
			rig_features(offered, offered);
		for (unsigned i = 0; i < 600; i++) {
			uint32_t offset = noise(2) ? hot[noise(11)] : noise(0x200) & ~3u;

			switch (noise(20)) {
			case 0:
				rd_slot(noise(8), offset, 1u << noise(4), noise(3));
				break;
			case 1:
				wr(offset, noise(2) ? noise(16) : noise(UINT32_MAX));
				break;
			case 2:
				rig_offer((uint16_t)noise(RIG_NUM + 1));
				break;
			case 3:
				rig_used((uint16_t)noise(12), noise(RIG_NUM + 1));
				break;
			default:
				noise_store();
			}
		}
		memcpy(before, rig.dram, sizeof before);
		wr(0x050, 0);
		assert_memory_equal(before, rig.dram, sizeof before);
	}
}

/* Features that change under a live queue do not change what the queue is: a packed one at the end of DRAM. */
static void test_flip(void **state)
{
	(void)state;
	rig_features(BIT(RING_PACKED), BIT(RING_PACKED));
	wr(0x030, 0);
	wr(0x038, RIG_NUM);
	rig_areas(RIG_DESC, RIG_BASE + RIG_DRAM - 8, RIG_BASE + RIG_DRAM - 4);
	wr(0x044, 1);
	wr(STATUS, 15);
	rd(STATUS, 7);
	wr(0x024, 1);
	wr(0x020, 0);
	rig_slot(0, 0, RIG_STATUS, 1, WRITE, 7);
	st(RIG_DESC + 8, 2, 4);
	assert_int_equal(check_broken(rig.check, CHECK_PACK_39), 1);
}

/* IN_ORDER: what stands in the used ring behind the element of a batch means nothing. */
static void test_batch_ends(void **state)
{
	(void)state;
	rig_live(BIT(IN_ORDER));
	rig_header(FLUSH, 0);
	for (unsigned i = 0; i < 4; i++) {
		st_desc(RIG_DESC, 2 * i, RIG_HEADER, 16, NEXT, 2 * i + 1);
		st_desc(RIG_DESC, 2 * i + 1, RIG_STATUS, 1, WRITE, 0);
		rig_offer((uint16_t)(2 * i));
	}
	poke(RIG_USED + 4, 2, 8);
	poke(RIG_USED + 12, 6, 8);
	poke(RIG_USED + 2, 2, 2);
	st(RIG_DESC + 16 * 2, 0, 8);
	clean();
	st(RIG_DESC + 16 * 4, 0, 8);
	assert_int_equal(check_broken(rig.check, CHECK_INIT_12), 1);
}

static int done(void **state)
{
	(void)state;
	check_free(rig.check);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),      cmocka_unit_test(test_linux),
		cmocka_unit_test(test_uboot),      cmocka_unit_test(test_negotiation),
		cmocka_unit_test(test_order),      cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_packed),     cmocka_unit_test(test_long_table),
		cmocka_unit_test(test_again),      cmocka_unit_test(test_line),
		cmocka_unit_test(test_machine),    cmocka_unit_test(test_noise),
		cmocka_unit_test(test_flip),       cmocka_unit_test(test_legacy),
		cmocka_unit_test(test_batch_ends),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
