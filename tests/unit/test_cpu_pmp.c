/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_pmp.c: physical memory protection.
 */
#include "cpu_rig.h"

enum { PMPCFG0 = 0x3a0, PMPCFG2 = 0x3a2, PMPADDR0 = 0x3b0 };
enum { R = 1, W = 2, X = 4, TOR = 0x08, NA4 = 0x10, NAPOT = 0x18, LOCK = 0x80 };
enum { LB = 0x00050603, LD = 0x00053603, SB = 0x00b50023, SD = 0x00b53023, AMOADD_D = 0x00b5362f, LR_D = 0x1005362f };

static struct rig *rig;
static struct cpu *cpu;

static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	cpu = rig->cpu;
	cpu->mtvec = RIG_BASE + 0x1000;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(rig);
	return 0;
}

static void write_csr(uint32_t csr, uint64_t value)
{
	cpu->priv = CPU_M;
	cpu->x[A0] = value;
	rig_do(rig, enc_csrrw(0, csr, A0));
	assert_int_equal(cpu->pc, RIG_BASE + 4);
}

static uint64_t read_csr(uint32_t csr)
{
	cpu->priv = CPU_M;
	rig_do(rig, enc_csrrs(A2, csr, 0));
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	return cpu->x[A2];
}

static void entry(unsigned i, uint8_t cfg, uint64_t addr)
{
	uint32_t number = PMPCFG0 + i / 8 * 2, shift = i % 8 * 8;

	write_csr(PMPADDR0 + i, addr);
	write_csr(number, (read_csr(number) & ~(0xffull << shift)) | (uint64_t)cfg << shift);
}

static uint64_t napot(uint64_t base, uint64_t size)
{
	return base >> 2 | (size / 8 - 1);
}

/* U mode does this to addr; whether it is allowed. The instruction is in a page that may be fetched. */
static bool allowed(uint32_t word, uint64_t addr)
{
	enum cpu_cause cause =
		word == SB || word == SD || word == AMOADD_D ? CPU_CAUSE_STORE_ACCESS : CPU_CAUSE_LOAD_ACCESS;

	cpu->priv = CPU_U;
	cpu->x[A0] = addr;
	rig_do(rig, word);
	if (cpu->pc == RIG_BASE + 4)
		return true;
	rig_trapped(rig, cause, RIG_BASE, addr);
	return false;
}

static void open_code(void)
{
	entry(0, NAPOT | X, napot(RIG_BASE, 4096));
}

static void test_nothing_set(void **state)
{
	(void)state;
	cpu->priv = CPU_S;
	rig_do(rig, NOP);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, RIG_BASE, RIG_BASE);
	cpu->priv = CPU_M;
	rig_do(rig, NOP);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
}

static void test_modes_of_addresses(void **state)
{
	(void)state;
	open_code();
	assert_false(allowed(LB, RIG_DATA));
	entry(2, NA4 | R, RIG_DATA >> 2);
	assert_true(allowed(LB, RIG_DATA));
	assert_true(allowed(LB, RIG_DATA + 3));
	assert_false(allowed(LB, RIG_DATA + 4));
	assert_false(allowed(LB, RIG_DATA - 1));
	assert_false(allowed(SB, RIG_DATA));
	entry(2, NAPOT | R | W, napot(RIG_DATA, 64));
	assert_true(allowed(SB, RIG_DATA + 63));
	assert_false(allowed(SB, RIG_DATA + 64));
	entry(1, 0, (RIG_DATA + 16) >> 2);
	entry(2, TOR | R, (RIG_DATA + 32) >> 2);
	assert_false(allowed(LB, RIG_DATA + 15));
	assert_true(allowed(LB, RIG_DATA + 16));
	assert_true(allowed(LB, RIG_DATA + 31));
	assert_false(allowed(LB, RIG_DATA + 32));
	entry(1, 0, (RIG_DATA + 32) >> 2); /* an empty range */
	assert_false(allowed(LB, RIG_DATA + 31));
	entry(2, NAPOT | R | W, UINT64_MAX); /* everything */
	assert_true(allowed(SD, RIG_DATA + 0x1ff8));
	assert_int_equal(read_csr(PMPADDR0 + 2), (1ull << 54) - 1);
}

/* The first entry in TOR mode starts at 0. */
static void test_tor_of_entry_0(void **state)
{
	(void)state;
	entry(0, TOR | R | X, RIG_DATA >> 2);
	assert_true(allowed(LB, RIG_DATA - 1));
	assert_false(allowed(LB, RIG_DATA));
	assert_false(allowed(SB, RIG_DATA - 1));
}

/* The lowest entry that touches an access decides, and must hold all of it. */
static void test_priority(void **state)
{
	(void)state;
	open_code();
	entry(3, NAPOT | R | W, napot(RIG_DATA, 4096));
	assert_true(allowed(LD, RIG_DATA));
	entry(2, NA4, RIG_DATA >> 2);
	assert_false(allowed(LB, RIG_DATA));
	assert_true(allowed(LB, RIG_DATA + 4));
	assert_false(allowed(LD, RIG_DATA));
	assert_true(allowed(LD, RIG_DATA + 8));
	entry(2, NA4 | R | W, RIG_DATA >> 2);
	assert_true(allowed(LB, RIG_DATA));
	assert_false(allowed(LD, RIG_DATA)); /* half of it in an entry that would allow it */
	assert_false(allowed(AMOADD_D, RIG_DATA));
	assert_true(allowed(AMOADD_D, RIG_DATA + 8));
	assert_true(allowed(LR_D, RIG_DATA + 8));
}

/* A change takes effect though the page was reached before. */
static void test_changes(void **state)
{
	(void)state;
	open_code();
	for (unsigned i = 0; i < 3; i++) {
		entry(2, NAPOT | R | W, napot(RIG_DATA, 4096));
		assert_true(allowed(SD, RIG_DATA));
		assert_true(allowed(LD, RIG_DATA));
		entry(2, NAPOT | R, napot(RIG_DATA, 4096));
		assert_false(allowed(SD, RIG_DATA));
		assert_true(allowed(LD, RIG_DATA));
		entry(2, 0, 0);
		assert_false(allowed(LD, RIG_DATA));
	}
}

/* M mode is bound by locked entries only, and they cannot be changed; nor can the bottom of a locked TOR range. */
static void test_lock(void **state)
{
	(void)state;
	cpu->x[A0] = RIG_DATA;
	entry(4, NAPOT | R, napot(RIG_DATA, 4096));
	cpu->x[A0] = RIG_DATA;
	rig_do(rig, SD);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	entry(5, 0, RIG_DATA >> 2);
	entry(6, TOR | R | LOCK, (RIG_DATA + 4096) >> 2);
	entry(4, 0, 0);
	cpu->x[A0] = RIG_DATA;
	rig_do(rig, LD);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	rig_do(rig, SD);
	rig_trapped(rig, CPU_CAUSE_STORE_ACCESS, RIG_BASE, RIG_DATA);
	write_csr(PMPADDR0 + 5, 0);
	assert_int_equal(read_csr(PMPADDR0 + 5), RIG_DATA >> 2);
	write_csr(PMPADDR0 + 6, 0);
	assert_int_equal(read_csr(PMPADDR0 + 6), (RIG_DATA + 4096) >> 2);
	write_csr(PMPCFG0, UINT64_MAX);
	assert_int_equal(read_csr(PMPCFG0) >> 48 & 0xff, TOR | R | LOCK);
	assert_int_equal(read_csr(PMPCFG0) >> 56, 0x9f);
}

static void test_fields(void **state)
{
	(void)state;
	write_csr(PMPCFG2, 0x0000000000000073);
	assert_int_equal(read_csr(PMPCFG2), 0x13); /* reserved bits */
	write_csr(PMPCFG2, NAPOT | W);             /* W without R is reserved: as it was */
	assert_int_equal(read_csr(PMPCFG2), NAPOT | R | W);
	write_csr(PMPADDR0 + 15, UINT64_MAX);
	assert_int_equal(read_csr(PMPADDR0 + 15), (1ull << 54) - 1);
}

/* A page of which only a part may be fetched: each instruction is asked for. */
static void test_fetch_in_part(void **state)
{
	uint64_t at = RIG_BASE + 0x100;

	(void)state;
	entry(0, NAPOT | X, napot(at, 16));
	for (unsigned i = 0; i < 8; i++)
		rig_put(rig, at + 4 * i, enc_addi(A2, A2, 1), 4);
	rig_put(rig, at + 12, 0xff9ff06f, 4); /* jal zero, .-8 */
	cpu->priv = CPU_S;
	cpu->x[A2] = 0;
	cpu->pc = at;
	cpu_run(cpu, 10); /* 3, jump, 2, jump, 2, jump */
	assert_int_equal(cpu->x[A2], 7);
	rig_put(rig, at + 12, NOP, 4);
	cpu_run(cpu, 4);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, at + 16, at + 16);
	cpu->priv = CPU_S;
	rig_put(rig, at + 14, 0x0013, 2); /* its second half is outside */
	cpu->pc = at + 14;
	cpu_run(cpu, 1);
	rig_trapped(rig, CPU_CAUSE_FETCH_ACCESS, at + 14, at + 16);
	cpu->priv = CPU_S;
	rig_put(rig, at, 0xffffffff, 4);
	cpu->pc = at;
	cpu_run(cpu, 1);
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, at, 0xffffffff);
}

/* MPRV: M mode's data accesses are those of MPP, its fetches are not. */
static void test_mprv(void **state)
{
	(void)state;
	open_code();
	entry(2, NAPOT | R, napot(RIG_DATA, 4096));
	cpu->priv = CPU_M;
	cpu->mstatus = CPU_MSTATUS_XL | CPU_MSTATUS_MPRV;
	cpu->x[A0] = RIG_DATA;
	rig_do(rig, LD);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	rig_do(rig, SD);
	rig_trapped(rig, CPU_CAUSE_STORE_ACCESS, RIG_BASE, RIG_DATA);
	assert_int_equal(cpu->mstatus >> CPU_MSTATUS_MPP_BIT & 3, CPU_M);
	rig_do(rig, SD); /* MPP is M now */
	assert_int_equal(cpu->pc, RIG_BASE + 4);
}

static void test_device(void **state)
{
	(void)state;
	open_code();
	assert_false(allowed(LB, RIG_DEVICE));
	assert_int_equal(rig->accesses, 0);
	entry(3, NA4 | R, RIG_DEVICE >> 2);
	assert_true(allowed(LB, RIG_DEVICE));
	assert_false(allowed(SB, RIG_DEVICE));
	assert_int_equal(rig->accesses, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_nothing_set),    TEST(test_modes_of_addresses),
		TEST(test_tor_of_entry_0), TEST(test_priority),
		TEST(test_changes),        TEST(test_lock),
		TEST(test_fields),         TEST(test_fetch_in_part),
		TEST(test_mprv),           TEST(test_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
