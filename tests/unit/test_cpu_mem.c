/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_mem.c: loads, stores, A, device accesses with their wait states, and code that is written.
 */
#include "cpu_rig.h"

#define PATTERN 0x8182838485868788ull

static struct rig *rig;

static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	rig->cpu->mtvec = RIG_BASE + 0x1000;
	rig->cpu->x[A0] = RIG_DATA;
	rig_put(rig, RIG_DATA, PATTERN, 8);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(rig);
	return 0;
}

static void test_loads(void **state)
{
	static const struct {
		uint32_t word;
		uint64_t want;
	} loads[] = {
		{0x00050603, 0xffffffffffffff88}, /* lb a2, 0(a0) */
		{0x00054603, 0x88},               /* lbu */
		{0x00051603, 0xffffffffffff8788}, /* lh */
		{0x00055603, 0x8788},             /* lhu */
		{0x00052603, 0xffffffff85868788}, /* lw */
		{0x00056603, 0x85868788},         /* lwu */
		{0x00053603, PATTERN},            /* ld */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof loads / sizeof loads[0]; i++) {
		rig_do(rig, loads[i].word);
		assert_int_equal(rig->cpu->x[A2], loads[i].want);
	}
	rig->cpu->x[A0] = RIG_DATA + 8;
	rig_do(rig, 0xff853603); /* ld a2, -8(a0) */
	assert_int_equal(rig->cpu->x[A2], PATTERN);
}

static void test_stores(void **state)
{
	static const uint32_t words[] = {0x00b50023, 0x00b51023, 0x00b52023, 0x00b53023}; /* sb sh sw sd a1, 0(a0) */

	(void)state;
	rig->cpu->x[A1] = 0x1112131415161718;
	for (unsigned i = 0; i < 4; i++) {
		uint64_t mask = i == 3 ? UINT64_MAX : (1ull << (8u << i)) - 1;

		rig_put(rig, RIG_DATA, PATTERN, 8);
		rig_do(rig, words[i]);
		assert_int_equal(rig_get(rig, RIG_DATA, 8), (PATTERN & ~mask) | (0x1112131415161718 & mask));
	}
	rig->cpu->x[A0] = RIG_DATA + 16;
	rig_do(rig, 0xfeb53c23); /* sd a1, -8(a0) */
	assert_int_equal(rig_get(rig, RIG_DATA + 8, 8), 0x1112131415161718);
}

/* Any alignment is done in DRAM, across pages too. */
static void test_misaligned(void **state)
{
	(void)state;
	for (unsigned at = 1; at < 8; at++) {
		uint64_t addr = RIG_DATA + 0x1000 - at;

		rig->cpu->x[A0] = addr;
		rig->cpu->x[A1] = PATTERN + at;
		rig_do(rig, 0x00b53023); /* sd */
		assert_int_equal(rig_get(rig, addr, 8), PATTERN + at);
		rig_do(rig, 0x00053603); /* ld */
		assert_int_equal(rig->cpu->x[A2], PATTERN + at);
	}
}

static void test_end_of_dram(void **state)
{
	(void)state;
	rig->cpu->x[A0] = RIG_END - 4;
	rig->cpu->x[A1] = PATTERN;
	rig_do(rig, 0x00b52023); /* sw: the last word */
	assert_int_equal(rig_get(rig, RIG_END - 4, 4), PATTERN & 0xffffffff);
	rig_do(rig, 0x00056603); /* lwu */
	assert_int_equal(rig->cpu->x[A2], PATTERN & 0xffffffff);
	rig_do(rig, 0x00053603); /* ld: half of it is outside, and that half is told */
	rig_trapped(rig, CPU_CAUSE_LOAD_ACCESS, RIG_BASE, RIG_END);
	rig_do(rig, 0x00b53023); /* sd */
	rig_trapped(rig, CPU_CAUSE_STORE_ACCESS, RIG_BASE, RIG_END);
	assert_int_equal(rig_get(rig, RIG_END - 4, 4), PATTERN & 0xffffffff);
	rig->cpu->x[A0] = RIG_BASE - 1;
	rig_do(rig, 0x00050603); /* lb */
	rig_trapped(rig, CPU_CAUSE_LOAD_ACCESS, RIG_BASE, RIG_BASE - 1);
}

static void test_device(void **state)
{
	uint64_t cycle = rig->cpu->cycle, instret = cpu_instret(rig->cpu);

	(void)state;
	rig->cpu->x[A0] = RIG_DEVICE;
	rig->device = 0x80000001;
	rig_do(rig, 0x00052603); /* lw */
	assert_int_equal(rig->cpu->x[A2], 0xffffffff80000001);
	assert_int_equal(rig->cpu->cycle - cycle, 1 + RIG_WAIT);
	assert_int_equal(cpu_instret(rig->cpu) - instret, 1);
	rig->cpu->x[A1] = 77;
	rig_do(rig, 0x00b52023); /* sw */
	assert_int_equal(rig->device, 77);
	assert_int_equal(rig->accesses, 2);
	rig->cpu->x[A0] = RIG_DEVICE + 1;
	rig_do(rig, 0x00052603); /* lw, misaligned */
	rig_trapped(rig, CPU_CAUSE_LOAD_ACCESS, RIG_BASE, RIG_DEVICE + 1);
	rig_do(rig, 0x00b52023); /* sw, misaligned */
	rig_trapped(rig, CPU_CAUSE_STORE_ACCESS, RIG_BASE, RIG_DEVICE + 1);
	assert_int_equal(rig->accesses, 2);
}

/* An access to a device ends the batch, so that the machine may look. */
static void test_device_ends_batch(void **state)
{
	(void)state;
	rig_put(rig, RIG_BASE, 0x00052603, 4); /* lw a2, 0(a0) */
	rig_put(rig, RIG_BASE + 4, enc_addi(A1, A1, 1), 4);
	rig->cpu->x[A0] = RIG_DEVICE;
	cpu_run(rig->cpu, 1000);
	assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
	assert_int_equal(rig->cpu->cycle, 1 + RIG_WAIT);
}

static void test_amo(void **state)
{
	static const struct {
		uint32_t word, dword;
		uint64_t memory, arg, want; /* for .d; .w has the same in the low word, sign-extended */
	} amos[] = {
		{0x08b5262f, 0x08b5362f, 5, 9, 9},                           /* amoswap */
		{0x00b5262f, 0x00b5362f, 5, UINT64_MAX, 4},                  /* amoadd */
		{0x20b5262f, 0x20b5362f, 12, 10, 6},                         /* amoxor */
		{0x60b5262f, 0x60b5362f, 12, 10, 8},                         /* amoand */
		{0x40b5262f, 0x40b5362f, 12, 10, 14},                        /* amoor */
		{0x80b5262f, 0x80b5362f, UINT64_MAX - 1, 3, UINT64_MAX - 1}, /* amomin */
		{0xa0b5262f, 0xa0b5362f, UINT64_MAX - 1, 3, 3},              /* amomax */
		{0xc0b5262f, 0xc0b5362f, UINT64_MAX - 1, 3, 3},              /* amominu */
		{0xe0b5262f, 0xe0b5362f, 3, UINT64_MAX - 1, UINT64_MAX - 1}, /* amomaxu */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof amos / sizeof amos[0]; i++) {
		rig->cpu->x[A1] = amos[i].arg;
		rig_put(rig, RIG_DATA, amos[i].memory, 8);
		rig_do(rig, amos[i].dword);
		assert_int_equal(rig->cpu->x[A2], amos[i].memory);
		assert_int_equal(rig_get(rig, RIG_DATA, 8), amos[i].want);
		rig_put(rig, RIG_DATA, (amos[i].memory & 0xffffffff) | 0x7700000000, 8);
		rig_do(rig, amos[i].word);
		assert_int_equal(rig->cpu->x[A2], amos[i].memory);
		assert_int_equal(rig_get(rig, RIG_DATA, 8), (amos[i].want & 0xffffffff) | 0x7700000000);
	}
}

/* rd may be the address or the operand. */
static void test_amo_same_register(void **state)
{
	(void)state;
	rig_put(rig, RIG_DATA, 5, 8);
	rig->cpu->x[A1] = 3;
	rig_do(rig, 0x00b5352f); /* amoadd.d a0, a1, (a0) */
	assert_int_equal(rig->cpu->x[A0], 5);
	assert_int_equal(rig_get(rig, RIG_DATA, 8), 8);
}

static void test_amo_faults(void **state)
{
	(void)state;
	rig->cpu->x[A0] = RIG_DATA + 4;
	rig_do(rig, 0x1005362f); /* lr.d */
	rig_trapped(rig, CPU_CAUSE_LOAD_MISALIGNED, RIG_BASE, RIG_DATA + 4);
	rig_do(rig, 0x00b5362f); /* amoadd.d */
	rig_trapped(rig, CPU_CAUSE_STORE_MISALIGNED, RIG_BASE, RIG_DATA + 4);
	rig_do(rig, 0x18b5362f); /* sc.d */
	rig_trapped(rig, CPU_CAUSE_STORE_MISALIGNED, RIG_BASE, RIG_DATA + 4);
	rig->cpu->x[A0] = RIG_DEVICE;
	rig_do(rig, 0x1005262f); /* lr.w */
	rig_trapped(rig, CPU_CAUSE_LOAD_ACCESS, RIG_BASE, RIG_DEVICE);
	rig_do(rig, 0x00b5262f); /* amoadd.w */
	rig_trapped(rig, CPU_CAUSE_STORE_ACCESS, RIG_BASE, RIG_DEVICE);
	assert_int_equal(rig->accesses, 0);
}

enum { LR_W = 0x1005262f, SC_W = 0x18b5262f, LR_D = 0x1005362f, SC_D = 0x18b5362f };

static void check_sc(uint32_t word, bool stores)
{
	uint64_t before = rig_get(rig, RIG_DATA, 8);

	rig->cpu->x[A1] = before + 1;
	rig_do(rig, word);
	assert_int_equal(rig->cpu->x[A2], stores ? 0 : 1);
	assert_int_equal(rig_get(rig, RIG_DATA, 8), before + stores);
}

static void test_reservation(void **state)
{
	(void)state;
	check_sc(SC_D, false); /* none */
	rig_do(rig, LR_D);
	assert_int_equal(rig->cpu->x[A2], PATTERN);
	check_sc(SC_D, true);
	check_sc(SC_D, false); /* it is used up */
	rig_do(rig, LR_W);
	assert_int_equal(rig->cpu->x[A2], 0xffffffff85868789);
	check_sc(SC_W, true);
	rig_do(rig, LR_W);
	check_sc(SC_D, false); /* another size */
	rig_do(rig, LR_D);
	rig->cpu->x[A0] += 8;
	rig->cpu->x[A1] = 0;
	rig_do(rig, SC_D); /* another address */
	assert_int_equal(rig->cpu->x[A2], 1);
	rig->cpu->x[A0] -= 8;
	check_sc(SC_D, false); /* and a failed one uses it up as well */
	rig_do(rig, LR_D);
	rig_do(rig, ECALL);
	check_sc(SC_D, false); /* a trap in between */
}

/* DMA into the reservation breaks it; beside it, it does not. */
static void test_reservation_and_dma(void **state)
{
	(void)state;
	for (unsigned at = 0; at < 8; at++) {
		rig_do(rig, LR_D);
		rig_put(rig, RIG_DATA + at, at, 1);
		check_sc(SC_D, false);
	}
	rig_do(rig, LR_D);
	rig_put(rig, RIG_DATA - 8, 0, 8);
	rig_put(rig, RIG_DATA + 8, 0, 8);
	check_sc(SC_D, true);
	rig_do(rig, LR_D);
	rig_put(rig, RIG_DATA - 7, 0, 8);
	check_sc(SC_D, false);
}

/* The hart executes what it wrote, fence or not: here a loop body, a word, then each half of a word. */
static void test_own_code(void **state)
{
	(void)state;
	rig_put(rig, RIG_BASE, 0x00b52023, 4);              /* sw a1, 0(a0) */
	rig_put(rig, RIG_BASE + 4, enc_addi(A2, A2, 1), 4); /* which overwrites this */
	rig_put(rig, RIG_BASE + 8, 0xff9ff06f, 4);          /* jal zero, .-8 */
	rig->cpu->x[A0] = RIG_DATA;
	cpu_run(rig->cpu, 3);
	assert_int_equal(rig->cpu->x[A2], 1);
	rig->cpu->x[A0] = RIG_BASE + 4;
	rig->cpu->x[A1] = enc_addi(A2, A2, 100);
	cpu_run(rig->cpu, 3);
	assert_int_equal(rig->cpu->x[A2], 101);
	rig_put(rig, RIG_BASE, 0x00b51023, 4); /* sh a1, 0(a0) */
	rig->cpu->x[A0] = RIG_BASE + 6;
	rig->cpu->x[A1] = enc_addi(A2, A2, 7) >> 16;
	cpu_run(rig->cpu, 3);
	assert_int_equal(rig->cpu->x[A2], 108);
}

/* A 4-byte instruction on two pages: executed, then changed in its second half. */
static void test_code_across_pages(void **state)
{
	uint64_t pc = RIG_BASE + 0xffe;

	(void)state;
	rig->cpu->x[A2] = 0;
	rig_do_at(rig, pc, enc_addi(A2, A2, 1));
	rig_put(rig, pc + 4, NOP, 4);
	assert_int_equal(rig->cpu->pc, pc + 4);
	cpu_run(rig->cpu, 1);
	assert_int_equal(rig->cpu->pc, pc + 8);
	rig_put(rig, pc + 2, enc_addi(A2, A2, 16) >> 16, 2);
	rig->cpu->pc = pc;
	cpu_run(rig->cpu, 2);
	assert_int_equal(rig->cpu->x[A2], 17);
	assert_int_equal(rig->cpu->pc, pc + 8);
	rig_do_at(rig, pc, 0xff1ff0ef); /* jal ra, .-16: into the page where it starts */
	assert_int_equal(rig->cpu->pc, pc - 16);
	assert_int_equal(rig->cpu->x[RA], pc + 4);
	rig_put(rig, pc - 16, enc_addi(A2, A2, 1), 4);
	rig->cpu->pc = pc;
	cpu_run(rig->cpu, 2);
	assert_int_equal(rig->cpu->x[A2], 18);
}

static void test_fetch_faults(void **state)
{
	(void)state;
	rig->cpu->pc = RIG_END;
	cpu_run(rig->cpu, 1);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, RIG_END, RIG_END);
	rig_put(rig, RIG_END - 2, 0x0013, 2); /* the first half of a nop, the last of DRAM */
	rig->cpu->pc = RIG_END - 2;
	cpu_run(rig->cpu, 1);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, RIG_END - 2, RIG_END);
	rig->cpu->mtvec = 0; /* a handler that cannot be fetched: time goes on, and nothing else */
	rig->cpu->pc = 0x4000;
	cpu_run(rig->cpu, 10);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, 0, 0);
}

struct told {
	unsigned count;
	uint64_t addr, pc, cycle;
	unsigned len;
};

static void note(void *ctx, uint64_t addr, unsigned len)
{
	struct told *told = ctx;

	told->count++;
	told->addr = addr;
	told->len = len;
	told->pc = rig->cpu->pc;
	told->cycle = rig->cpu->cycle;
}

/* Every kind of store to a watched page is told, with the instruction and the clock it is in; no other store is. */
static void test_watch(void **state)
{
	static const uint32_t words[] = {NOP, 0x00b51023 /* sh a1, 0(a0) */, NOP};
	const uint64_t page = RIG_BASE + 0x3000;
	struct told told = {0};
	uint64_t cycle;

	(void)state;
	rig->cpu->stored = note;
	rig->cpu->stored_ctx = &told;
	cpu_watch(rig->cpu, page + 100, 8);
	rig->cpu->x[A0] = page;
	for (unsigned i = 0; i < 3; i++)
		rig_put(rig, RIG_BASE + 4 * i, words[i], 4);
	rig->cpu->pc = RIG_BASE;
	cycle = rig->cpu->cycle;
	while (rig->cpu->cycle < cycle + 3)
		cpu_run(rig->cpu, cycle + 3 - rig->cpu->cycle);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.addr, page);
	assert_int_equal(told.len, 2);
	assert_int_equal(told.pc, RIG_BASE + 4);
	assert_int_equal(told.cycle, cycle + 1);
	assert_int_equal(rig->cpu->pc, RIG_BASE + 12);
	rig->cpu->x[A0] = page - 4;
	rig_do(rig, 0x00b53023); /* sd a1, 0(a0), half of it in the page */
	assert_int_equal(told.count, 2);
	rig->cpu->x[A0] = page + 16;
	rig_do(rig, 0x00b5262f); /* amoadd.w a2, a1, (a0) */
	rig_do(rig, 0x1005262f); /* lr.w a2, (a0) */
	rig_do(rig, 0x18b5262f); /* sc.w a2, a1, (a0) */
	assert_int_equal(told.count, 4);
	rig_do(rig, 0x18b5262f); /* and one that fails */
	rig->cpu->x[A0] = page - 16;
	rig_do(rig, 0x00b51023);
	cpu_memory_written(rig->cpu, page, 64); /* not the hart's */
	assert_int_equal(told.count, 4);
	rig->cpu->x[A0] = page;
	cpu_unwatch(rig->cpu);
	rig_do(rig, 0x00b51023);
	assert_int_equal(told.count, 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_loads, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stores, setup, teardown),
		cmocka_unit_test_setup_teardown(test_misaligned, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_of_dram, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device_ends_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_amo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_amo_same_register, setup, teardown),
		cmocka_unit_test_setup_teardown(test_amo_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reservation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reservation_and_dma, setup, teardown),
		cmocka_unit_test_setup_teardown(test_own_code, setup, teardown),
		cmocka_unit_test_setup_teardown(test_code_across_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fetch_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_watch, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
