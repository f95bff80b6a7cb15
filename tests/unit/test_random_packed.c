/* SPDX-License-Identifier: Apache-2.0
 * test_random_packed.c: the packed driver and scoreboard of tests/random, on a device in software: all is well when the
 * device is good, and each wrong thing that it can do is complained about, with the right words. */
#include "unit.h"

#include "../random/traffic.h"
#include "soft_packed.h"

static struct soft soft;
static struct driver driver;
static struct machine machine;
static uint8_t memory[DRIVER_MEM_BYTES], shadow[DRIVER_MEM_BYTES], disk[DRIVER_DISK_BYTES],
	disk_shadow[DRIVER_DISK_BYTES];

static void open_all(uint64_t seed, enum soft_wrong wrong)
{
	struct score *s = &driver.score;

	memset(&driver, 0, sizeof(driver));
	memset(&machine, 0, sizeof(machine));
	sim_rng_init(&driver.rng, seed);
	soft_open(&soft, seed, wrong);
	*s = (struct score){.mem = memory, .shadow = shadow, .base = 0x80000000, .size = DRIVER_MEM_BYTES};
	s->disk = disk;
	s->disk_shadow = disk_shadow;
	s->disk_size = DRIVER_DISK_BYTES;
	memcpy(s->serial, "twenty-bytes-serial!", SCORE_ID_LEN);
	for (uint32_t i = 0; i < DRIVER_DISK_BYTES; i++)
		disk[i] = disk_shadow[i] = (uint8_t)(i * 7 + i / 256 + i / 65536);
	memcpy(shadow, memory, sizeof(memory));
	soft.mem = memory;
	soft.disk = disk;
	soft.base = s->base;
	soft.serial = s->serial;
	machine.dut = &soft.dut;
	machine.limit = 30000;
	machine.watch = driver_watch;
	machine.command = driver_command;
	machine.context = &driver;
	driver.m = &machine;
	driver.isr_allowed = 1;
	driver.device_has = soft_features();
}

static void close_all(void)
{
	axi_mem_free(machine.mem);
	disk_free(machine.disk);
	axil_free(machine.axil);
}

/* Random sessions, all with these features, until so many requests are done or one is wrong. */
static void run(unsigned requests, uint64_t force)
{
	driver.goal = requests;
	while (driver.done < requests && !machine_failed(&machine)) {
		struct session s = draw_session(&driver, MIXED);

		s.legacy = s.faults = s.need_v1 = false;
		s.offered = (s.offered | force | F_VERSION_1 | F_RING_PACKED) & ~(F_RO | F_CONFIG_WCE);
		s.accepted = ((s.accepted & s.offered) | force | F_VERSION_1 | F_RING_PACKED) & soft_features();
		driver_start(&driver, &s);
		traffic_run(&driver, MIXED, driver.posted + 60);
		traffic_end(&driver, MIXED);
	}
}

static void test_good(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 9; seed++) {
		open_all(seed, SOFT_GOOD);
		run(2000, 0);
		assert_string_equal(machine.error, "");
		assert_true(driver.wrapped);
		close_all();
	}
}

static const struct {
	enum soft_wrong wrong;
	uint64_t force;   /* features */
	const char *part; /* of the complaint; "": what comes of it is open */
} cases[] = {
	{SOFT_WRAP, 0, "changed where it must not"},
	{SOFT_ID, 0, "of no chain that was made available"},
	{SOFT_ID_OF_HEAD, 0, "of no chain that was made available"},
	{SOFT_LEN, 0, "used len"},
	{SOFT_PLACE, 0, "changed where it must not"},
	{SOFT_SKIP, 0, "changed where it must not"},
	{SOFT_ADDR, 0, "changed where it must not"},
	{SOFT_RESERVED, 0, "reserved bits"},
	{SOFT_NO_WRITE, 0, "without WRITE"},
	{SOFT_TWICE, 0, "changed where it must not"},
	{SOFT_AHEAD, 0, ""},
	{SOFT_TABLE_NEXT, F_INDIRECT_DESC, "request"},
	{SOFT_ORDER, F_IN_ORDER, "not the oldest"},
	{SOFT_NO_IRQ, 0, "interrupt was due"},
	{SOFT_IRQ, F_EVENT_IDX, "interrupt without a reason"},
	{SOFT_EVENT_FLAGS, 0, "the device's event flags"},
	{SOFT_NO_REARM, 0, "no progress"},
	{SOFT_NO_RECHECK, 0, "no progress"},
	{SOFT_KEEPS_PLACE, 0, ""},
	{SOFT_WRITES_EVENT, 0, "memory changed"},
};

static void test_wrong(void **state)
{
	(void)state;
	assert_int_equal(sizeof(cases) / sizeof(cases[0]), SOFT_WRONGS - 1);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_all(3, cases[i].wrong);
		run(20000, cases[i].force);
		if (machine.error[0] == 0 || strstr(machine.error, cases[i].part) == NULL)
			fail_msg("case %u: \"%s\" says nothing of \"%s\"", i, machine.error, cases[i].part);
		close_all();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
