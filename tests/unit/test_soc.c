/* SPDX-License-Identifier: Apache-2.0
 * test_soc.c: the machine: its map, its ends, and that batches, idle skip and single steps change
 * nothing.
 */
#include "unit.h"
#include "soc.h"
#include "soc/map.h"

enum { DRAM_BYTES = 0x10000, SLOT = 7, SECTORS = 16 };

#define SLOT_AT(n) (MAP_VIRTIO + (n)*MAP_VIRTIO_STRIDE)

/* A timer interrupts 20 times: between loads, stores and multiplications, and out of WFI. The handler mixes mcycle,
 * minstret and mepc into a2, and reads and writes Status of slot 7.
 *
 *         la t0, handler; csrw mtvec, t0; li s0, 0x2004000; li s1, 0x10008000; li s2, 0x100000; li s3, 20
 *         li t0, 3; sd t0, 0(s0); li t0, 0x80; csrw mie, t0; csrwi mstatus, 8
 * loop:   addi a0, a0, 1; mul a3, a0, a0; xor a2, a2, a3; sd a2, 0x400(sp); ld a4, 0x400(sp); add a2, a2, a4
 *         andi t0, a1, 1; beqz t0, 1f; wfi
 * 1:      blt a1, s3, loop; li t0, 0x5555; sw t0, 0(s2)
 * 2:      j 2b
 * handler: addi a1, a1, 1; ld t1, 0(s0); addi t1, t1, 7; sd t1, 0(s0); csrr t1, mcycle; add a2, a2, t1
 *         csrr t1, minstret; xor a2, a2, t1; csrr t1, mepc; add a2, a2, t1; slli a2, a2, 1
 *         lw t1, 0x70(s1); sw t1, 0x70(s1); mret
 */
static const uint32_t program[] = {
	0x00000297, 0x05c28293, 0x30529073, 0x02004437, 0x100084b7, 0x00100937, 0x428d49d1, 0x00543023, 0x08000293,
	0x30429073, 0x30045073, 0x06b30505, 0x8e3502a5, 0x40c13023, 0x40013703, 0xf293963a, 0x84630015, 0x00730002,
	0xc1e31050, 0x6295ff35, 0x5552829b, 0x00592023, 0x0001a001, 0x33030585, 0x031d0004, 0x00643023, 0xb0002373,
	0x2373961a, 0x4633b020, 0x23730066, 0x961a3410, 0xa3030606, 0xa8230704, 0x00730664, 0x00013020,
};

static uint8_t dram[DRAM_BYTES], disk_bytes[SECTORS * 512];
static struct soc_config config;
static struct vdev_config device;
static struct soc *soc;

static void load_program(void *ctx, uint8_t *to)
{
	(void)ctx;
	memcpy(to, program, sizeof program);
}

static int setup(void **state)
{
	(void)state;
	memset(dram, 0, sizeof dram);
	device = (struct vdev_config){
		.dut = dut_open_model(),
		.memory = {.base = MAP_DRAM,
			   .size = DRAM_BYTES,
			   .bytes = dram,
			   .read_latency = 8,
			   .write_latency = 8,
			   .outstanding = 8,
			   .seed = 1},
		.disk = {.fd = -1, .bytes = disk_bytes, .size = sizeof disk_bytes, .seed = 2},
		.features = 1ull << 32,
		.straps = {.queues = 1, .queue_num = 1024},
		.seed = 3,
		.idle_skip = true,
	};
	config = (struct soc_config){.dram = dram,
				     .dram_size = DRAM_BYTES,
				     .entry = MAP_DRAM,
				     .load = load_program,
				     .devices[SLOT] = &device,
				     .idle_skip = true,
				     .max_cycles = 1000000};
	soc = soc_new(&config);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	soc_free(soc);
	return 0;
}

static void put(uint64_t offset, uint32_t word)
{
	memcpy(dram + offset, &word, sizeof word);
	cpu_memory_written(soc->cpu, MAP_DRAM + offset, sizeof word);
}

static uint64_t load(uint64_t addr, unsigned len)
{
	uint64_t data;

	assert_true(soc_load(soc, addr, len, &data));
	return data;
}

static void store(uint64_t addr, unsigned len, uint64_t data)
{
	assert_true(soc_store(soc, addr, len, data));
}

static void test_empty_slots(void **state)
{
	uint64_t cycle = soc->cpu->cycle;

	(void)state;
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		if (slot == SLOT)
			continue;
		assert_int_equal(load(SLOT_AT(slot), 4), 0x74726976);
		assert_int_equal(load(SLOT_AT(slot) + 4, 4), 2);
		assert_int_equal(load(SLOT_AT(slot) + 8, 4), 0);
		assert_int_equal(load(SLOT_AT(slot) + 12, 4), 0x554d4551);
		assert_int_equal(load(SLOT_AT(slot), 8), 0x274726976);
		assert_int_equal(load(SLOT_AT(slot) + 1, 1), 0x69);
		assert_int_equal(load(SLOT_AT(slot) + 2, 2), 0x7472);
		store(SLOT_AT(slot) + 0x70, 4, 1);
		assert_int_equal(load(SLOT_AT(slot) + 0x70, 4), 0);
		assert_int_equal(load(SLOT_AT(slot) + 0x100, 8), 0);
	}
	assert_int_equal(soc->cpu->cycle, cycle);
}

/* The device's registers by every size; an access takes clocks. */
static void test_device_slot(void **state)
{
	uint64_t cycle = soc->cpu->cycle;

	(void)state;
	assert_int_equal(load(SLOT_AT(SLOT), 4), 0x74726976);
	assert_true(soc->cpu->cycle >= cycle + 2);
	assert_int_equal(soc->cpu->cycle, vdev_cycle(soc->vdev[SLOT]));
	assert_int_equal(load(SLOT_AT(SLOT) + 8, 4), 2);
	assert_int_equal(load(SLOT_AT(SLOT), 8), 0x274726976);
	store(SLOT_AT(SLOT) + 0x70, 4, 1);
	store(SLOT_AT(SLOT) + 0x70, 4, 3);
	assert_int_equal(load(SLOT_AT(SLOT) + 0x70, 4), 3);
	assert_int_equal(load(SLOT_AT(SLOT) + 0x100, 8), SECTORS);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(load(SLOT_AT(SLOT) + 0x100 + i, 1), (unsigned)SECTORS >> 8 * i & 255);
		assert_int_equal(load(SLOT_AT(SLOT) + i, 1), 0x74726976u >> 8 * i & 255);
	}
	assert_int_equal(load(SLOT_AT(SLOT) + 2, 2), 0x7472);
}

static void test_outside(void **state)
{
	static const uint64_t holes[] = {0,          0x1000,     MAP_RTC + MAP_RTC_SIZE,
					 0x03000000, 0x0c600000, MAP_UART + MAP_UART_SIZE,
					 0x10009000, 0x40000000, UINT64_MAX - 7};
	uint64_t data;

	(void)state;
	for (unsigned i = 0; i < sizeof holes / sizeof holes[0]; i++) {
		assert_false(soc_load(soc, holes[i], 4, &data));
		assert_false(soc_store(soc, holes[i], 4, 0));
	}
}

/* The ROM reads what is in it, then 0, and cannot be written. */
static void test_rom(void **state)
{
	static const uint8_t rom[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

	(void)state;
	soc->config.rom = rom;
	soc->config.rom_bytes = sizeof rom;
	assert_int_equal(load(MAP_ROM, 8), 0x0807060504030201);
	assert_int_equal(load(MAP_ROM + 6, 2), 0x0807);
	store(MAP_ROM, 4, 0);
	assert_int_equal(load(MAP_ROM + 8, 8), 9);
	assert_int_equal(load(MAP_ROM + 16, 8), 0);
	assert_int_equal(load(MAP_ROM + MAP_ROM_SIZE - 4, 4), 0);
}

/* The alarm wakes a hart that waits, at its clock, through source 11; nothing else would. */
static void test_rtc_alarm(void **state)
{
	(void)state;
	soc->config.load = NULL;
	store(MAP_PLIC + 4 * MAP_RTC_IRQ, 4, 1);
	store(MAP_PLIC + 0x2000, 4, 1u << MAP_RTC_IRQ);
	store(MAP_RTC + 0x10, 4, 1);
	store(MAP_RTC + 0x0c, 4, 0);
	store(MAP_RTC + 0x08, 4, 12345 * MAP_CLOCK_NS);
	soc->cpu->mie = 1 << 11;
	put(0, 0x10500073); /* wfi */
	put(4, 0x0000006f); /* jal zero, . */
	soc->config.max_cycles = 12346;
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	assert_int_equal(soc->cpu->cycle, 12346);
	assert_int_equal(cpu_instret(soc->cpu), 2);
	assert_int_equal(load(MAP_PLIC + 0x200004, 4), MAP_RTC_IRQ);
}

static void test_no_reboot(void **state)
{
	(void)state;
	soc->config.no_reboot = true;
	store(MAP_FINISHER, 4, 0x7777);
	assert_int_equal(soc->end, SOC_FINISHED);
	assert_int_equal(soc->code, 0);
	assert_false(soc->reset_due);
}

/* From 0 the hart traps to 0, for good. The run ends in the same clock however it is cut into batches. */
static void test_lost(void **state)
{
	uint64_t cycle = 0;

	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		teardown(NULL);
		setup(NULL);
		soc->config.load = NULL;
		soc->config.batch = way == 1 ? 7 : 0;
		soc->config.idle_skip = way != 2;
		put(0, 0x00000067); /* jalr zero, 0(zero) */
		assert_int_equal(soc_run(soc), SOC_LOST);
		assert_int_equal(soc->cpu->pc, 0);
		assert_int_equal(soc->cpu->mepc, 0);
		assert_int_equal(cpu_instret(soc->cpu), 1);
		if (cycle)
			assert_int_equal(soc->cpu->cycle, cycle);
		cycle = soc->cpu->cycle;
	}
	assert_true(cycle < 2 * CPU_TRAP_LOOPS);
}

/* A handler that can be executed is no such thing, though it ends where it began. */
static void test_not_lost(void **state)
{
	(void)state;
	soc->config.load = NULL;
	soc->cpu->mtvec = MAP_DRAM + 0x100;
	put(0, 0x00000073);     /* ecall */
	put(0x100, 0x34101073); /* csrrw zero, mepc, zero */
	put(0x104, 0x00000073); /* ecall */
	soc->config.max_cycles = 100000;
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
}

static void test_finisher(void **state)
{
	(void)state;
	store(MAP_FINISHER, 4, 0x1234);
	assert_int_equal(soc->end, SOC_RUNNING);
	store(MAP_FINISHER, 4, 0x00073333);
	assert_int_equal(soc->end, SOC_FINISHED);
	assert_int_equal(soc->code, 7);
	store(MAP_FINISHER, 4, 0x3333);
	assert_int_equal(soc->code, 1);
	store(MAP_FINISHER, 2, 0x5555);
	assert_int_equal(soc->code, 0);
	assert_false(soc_store(soc, MAP_FINISHER, 8, 0x5555));
	assert_false(soc_store(soc, MAP_FINISHER, 1, 0x55));
}

struct result {
	uint64_t x[32], cycle, instret, pc;
};

/* Halted behind each instruction, and before each handler's first one; how often. */
static uint64_t run_stepping(void)
{
	uint64_t halts = 0;

	soc->stepping = true;
	for (; soc_run(soc) == SOC_HALTED; halts++)
		soc->end = SOC_RUNNING;
	return halts;
}

static struct result run(uint64_t batch, bool idle_skip, bool stepping)
{
	struct result r;

	teardown(NULL);
	setup(NULL);
	teardown(NULL);
	memset(dram, 0, sizeof dram);
	device.dut = dut_open_model();
	device.idle_skip = idle_skip;
	config.idle_skip = idle_skip;
	config.batch = batch;
	soc = soc_new(&config);
	soc->cpu->x[2] = MAP_DRAM + 0x8000;
	if (stepping)
		assert_true(run_stepping() >= cpu_instret(soc->cpu) + 19);
	assert_int_equal(soc_run(soc), SOC_FINISHED);
	memcpy(r.x, soc->cpu->x, sizeof r.x);
	r.cycle = soc->cpu->cycle;
	r.instret = cpu_instret(soc->cpu);
	r.pc = soc->cpu->pc;
	return r;
}

static void test_batches(void **state)
{
	static const uint64_t batches[] = {1, 2, 3, 7, 10, 64};
	struct result want = run(0, true, false), got;

	(void)state;
	assert_true(want.x[11] >= 20);
	assert_true(want.instret < want.cycle);
	for (unsigned i = 0; i < sizeof batches / sizeof batches[0]; i++) {
		got = run(batches[i], true, false);
		assert_memory_equal(&got, &want, sizeof want);
	}
	got = run(0, false, false);
	assert_memory_equal(&got, &want, sizeof want);
	got = run(0, true, true);
	assert_memory_equal(&got, &want, sizeof want);
	got = run(0, false, true);
	assert_memory_equal(&got, &want, sizeof want);
}

static void test_max_cycles(void **state)
{
	(void)state;
	soc->config.max_cycles = 12345;
	put(0, 0x0000006f); /* jal zero, . */
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	assert_int_equal(soc->cpu->cycle, 12345);
	assert_int_equal(vdev_cycle(soc->vdev[SLOT]), 12345);
}

/* Sstc's interrupt is pending at the first clock of its tick, though nothing else happens then. */
static void test_supervisor_timer(void **state)
{
	(void)state;
	put(0, 0x0000006f); /* jal zero, . */
	soc->cpu->menvcfg = CPU_ENVCFG_STCE;
	soc->cpu->stimecmp = 50;
	soc->config.max_cycles = 50 * MAP_CLOCKS_PER_TICK;
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	assert_int_equal(soc->cpu->mip, 0);
	soc->config.max_cycles++;
	soc->end = SOC_RUNNING;
	soc_run(soc);
	assert_int_equal(soc->cpu->mip, 1u << CPU_IRQ_STI);
}

/* Context 1 of the PLIC is S mode's. */
static void test_supervisor_external(void **state)
{
	(void)state;
	put(0, 0x0000006f);
	soc->config.max_cycles = 100;
	store(MAP_PLIC + 4 * MAP_UART_IRQ, 4, 1);
	store(MAP_PLIC + 0x2080, 4, 1u << MAP_UART_IRQ);
	store(MAP_UART + 1, 1, 1);
	uart_receive(&soc->uart, 'x');
	soc_run(soc);
	assert_int_equal(soc->cpu->mip, 1u << CPU_IRQ_SEI);
	assert_int_equal(load(MAP_PLIC + 0x201004, 4), MAP_UART_IRQ);
}

/* Writing tohost ends the run at that instruction, or prints. */
static void test_tohost(void **state)
{
	static const uint32_t words[] = {
		0x00001537, /* lui a0, 1 */
		0x00a50533, /* add a0, a0, a0 */
		0x40000593, /* li a1, 0x400 */
		0x01559593, /* slli a1, a1, 21 */
		0x00b50533, /* add a0, a0, a1: DRAM + 0x2000 */
		0x10100613, /* li a2, 0x101 */
		0x03061613, /* slli a2, a2, 48 */
		0x02160613, /* addi a2, a2, 33: '!' */
		0x00c53023, /* sd a2, 0(a0) */
		0x00053683, /* ld a3, 0(a0) */
		0x00d00713, /* li a4, 13 */
		0x00e53023, /* sd a4, 0(a0) */
		0x0000006f, /* jal zero, . */
	};
	char out[8] = "";
	FILE *f = fmemopen(out, sizeof out, "w");

	(void)state;
	assert_non_null(f);
	config.tohost = MAP_DRAM + 0x2000;
	config.load = NULL;
	memset(disk_bytes, 0, sizeof disk_bytes);
	soc_free(soc);
	memset(dram, 0, sizeof dram);
	device.dut = dut_open_model();
	soc = soc_new(&config);
	soc->uart.out = f;
	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
		put(4 * i, words[i]);
	soc->cpu->x[13] = 1;
	assert_int_equal(soc_run(soc), SOC_FINISHED);
	assert_int_equal(soc->code, 6);
	assert_int_equal(soc->cpu->cycle, 12);
	assert_int_equal(soc->cpu->x[13], 0);
	fclose(f);
	assert_string_equal(out, "!");
}

static void test_stuck(void **state)
{
	(void)state;
	put(0, 0x10500073); /* wfi, with nothing enabled */
	assert_int_equal(soc_run(soc), SOC_STUCK);
	assert_true(soc->cpu->cycle < 100);
}

/* The guest resets the machine once: DRAM but the images stays, the hart starts over, the device is in reset. */
static void test_reset(void **state)
{
	static const uint32_t words[] = {
		0x000012b7, /* lui t0, 1 */
		0x00129293, /* slli t0, t0, 1 */
		0x40000313, /* li t1, 0x400 */
		0x01531313, /* slli t1, t1, 21: DRAM */
		0x7ff33383, /* ld t2, 0x7ff(t1) */
		0x00100413, /* li s0, 1 */
		0x7e833fa3, /* sd s0, 0x7ff(t1) */
		0x001004b7, /* lui s1, 0x100: the finisher */
		0x00039863, /* bnez t2, .+16 */
		0x00007537, /* lui a0, 7 */
		0x77750513, /* addi a0, a0, 0x777 */
		0x00a4a023, /* sw a0, 0(s1) */
		0x00005537, /* lui a0, 5 */
		0x55550513, /* addi a0, a0, 0x555 */
		0x00a4a023, /* sw a0, 0(s1) */
	};
	uint64_t cycle;

	(void)state;
	soc->config.load = NULL;
	store(SLOT_AT(SLOT) + 0x70, 4, 1);
	cycle = soc->cpu->cycle;
	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
		put(4 * i, words[i]);
	assert_int_equal(soc_run(soc), SOC_FINISHED);
	assert_int_equal(soc->code, 0);
	assert_int_equal(soc->cpu->x[7], 1);
	assert_int_equal(soc->cpu->cycle - cycle, 12 + 12);
	assert_int_equal(load(SLOT_AT(SLOT) + 0x70, 4), 0);
}

/* An access to the device that raises an access fault in the hart: none does, but a hole beside it. */
static void test_fault_in_guest(void **state)
{
	(void)state;
	soc->cpu->mtvec = MAP_DRAM + 0x100;
	soc->cpu->x[10] = 0x10009000;
	put(0, 0x00052603);     /* lw a2, 0(a0) */
	put(0x100, 0x0000006f); /* jal zero, . */
	soc->config.max_cycles = 100;
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	assert_int_equal(soc->cpu->mcause, CPU_CAUSE_LOAD_ACCESS);
	assert_int_equal(soc->cpu->mtval, 0x10009000);
	assert_int_equal(soc->cpu->mepc, MAP_DRAM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_empty_slots, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device_slot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_outside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_finisher, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rom, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_lost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rtc_alarm, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_reboot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_batches, setup, teardown),
		cmocka_unit_test_setup_teardown(test_max_cycles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_supervisor_timer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_supervisor_external, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tohost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stuck, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fault_in_guest, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
