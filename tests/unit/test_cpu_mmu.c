/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_mmu.c: page tables: what maps where, who may, faults with their addresses, A and D, and what is remembered.
 *
 * The rig's DRAM: code at +0, tables at +0x1000 (root), +0x2000, +0x3000 and (Sv48) +0x6000, pages at +0x4000 and
 * +0x5000. The last level, at +0x3000, maps the virtual pages from VA on.
 */
#include "cpu_rig.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128, RW = V | R | W | A | D };
enum { LB = 0x00050603, LH = 0x00051603, LD = 0x00053603, SB = 0x00b50023, SD = 0x00b53023 };
enum { AMOADD_D = 0x00b5362f, LR_D = 0x1005362f, SC_D = 0x18b5362f, SFENCE_ALL = 0x12000073, SFENCE_A0 = 0x12050073 };
enum { SATP = 0x180 };

#define ROOT (RIG_BASE + 0x1000)
#define MIDDLE (RIG_BASE + 0x2000)
#define LAST (RIG_BASE + 0x3000)
#define PAGE_0 (RIG_BASE + 0x4000)
#define PAGE_1 (RIG_BASE + 0x5000)
#define TOP (RIG_BASE + 0x6000)
#define VA 0x40000000ull
#define HANDLER 0x1000ull /* where there is nothing: no test goes on there */
#define SV39 (8ull << 60)
#define SV48 (9ull << 60)

static struct rig *rig;
static struct cpu *cpu;

static uint64_t pte(uint64_t to, uint64_t bits)
{
	return to >> 12 << 10 | bits;
}

static void map(unsigned page, uint64_t to, uint64_t bits)
{
	rig_put(rig, LAST + 8 * page, pte(to, bits), 8);
}

static uint64_t bits_of(unsigned page)
{
	return rig_get(rig, LAST + 8 * page, 8) & 0x3ff;
}

/* S mode, with an identity page for its code. */
static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	cpu = rig->cpu;
	rig_open_pmp(rig);
	cpu->mtvec = HANDLER;
	rig_put(rig, ROOT + 8 * (VA >> 30), pte(MIDDLE, V), 8);
	rig_put(rig, ROOT + 8 * (RIG_BASE >> 30), pte(RIG_BASE, V | R | W | X | A | D), 8);
	rig_put(rig, MIDDLE, pte(LAST, V), 8);
	cpu->satp = SV39 | ROOT >> 12;
	cpu->priv = CPU_S;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(rig);
	return 0;
}

static void fence(void)
{
	cpu->priv = CPU_M;
	rig_do(rig, SFENCE_ALL);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
}

/* The instruction on addr, in this mode. 0, or the cause; the trap's address must be tval. The code is found by a page for
 * this mode alone. */
static unsigned fault_at(unsigned priv, uint32_t word, uint64_t addr, uint64_t tval)
{
	cpu->priv = priv;
	cpu->x[A0] = addr;
	rig_put(rig, ROOT + 8 * (RIG_BASE >> 30), pte(RIG_BASE, V | R | W | X | A | D | (priv == CPU_U ? U : 0)), 8);
	rig_do(rig, word);
	if (cpu->pc == RIG_BASE + 4)
		return 0;
	assert_int_equal(cpu->mepc, RIG_BASE);
	assert_int_equal(cpu->mtval, tval);
	assert_int_equal(cpu->pc, HANDLER);
	return (unsigned)cpu->mcause;
}

static unsigned fault(unsigned priv, uint32_t word, uint64_t addr)
{
	return fault_at(priv, word, addr, addr);
}

static void test_sv39(void **state)
{
	(void)state;
	map(0, PAGE_0, RW);
	map(511, PAGE_1, RW);
	rig_put(rig, PAGE_0 + 8, 0x1234, 8);
	rig_put(rig, PAGE_1 + 0xff8, 0x5678, 8);
	assert_int_equal(fault(CPU_S, LD, VA + 8), 0);
	assert_int_equal(cpu->x[A2], 0x1234);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1ffff8), 0);
	assert_int_equal(cpu->x[A2], 0x5678);
	cpu->x[A1] = 0x9abc;
	assert_int_equal(fault(CPU_S, SD, VA + 16), 0);
	assert_int_equal(rig_get(rig, PAGE_0 + 16, 8), 0x9abc);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, SD, VA + 0x1000), CPU_CAUSE_STORE_PAGE);
	assert_int_equal(fault(CPU_S, LD, VA + 0x200000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, 0), CPU_CAUSE_LOAD_PAGE);
	cpu->priv = CPU_M;
	rig_do(rig, enc_csrrw(0, SATP, 0));
	assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_ACCESS);
}

static void test_canonical(void **state)
{
	(void)state;
	rig_put(rig, ROOT + 8 * 511, pte(MIDDLE, V), 8);
	map(0, PAGE_0, RW);
	assert_int_equal(fault(CPU_S, LD, 0xffffffffc0000000), 0);
	assert_int_equal(fault(CPU_S, LD, 0x7fc0000000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, 0xffffff8040000000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(fault(CPU_S, LD, VA | 1ull << 39), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, VA | 1ull << 63), CPU_CAUSE_LOAD_PAGE);
	cpu->priv = CPU_S;
	cpu->pc = 1ull << 40;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mcause, CPU_CAUSE_FETCH_PAGE);
	assert_int_equal(cpu->mtval, 1ull << 40);
}

static void test_sv48(void **state)
{
	uint64_t paddr;

	(void)state;
	rig_put(rig, TOP, pte(ROOT, V), 8);
	rig_put(rig, TOP + 8 * 511, pte(ROOT, V), 8);
	cpu->satp = SV48 | TOP >> 12;
	map(3, PAGE_0, RW);
	rig_put(rig, PAGE_0 + 8, 77, 8);
	assert_int_equal(fault(CPU_S, LD, VA + 0x3008), 0);
	assert_int_equal(cpu->x[A2], 77);
	assert_int_equal(fault(CPU_S, LD, VA + 0x3008 + 0xffffff8000000000), 0);
	assert_int_equal(fault(CPU_S, LD, VA + 0x3008 + 0x8000000000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, VA + 0x3008 + 0xff8000000000), CPU_CAUSE_LOAD_PAGE); /* not canonical */
	cpu->priv = CPU_S;
	assert_true(cpu_translate(cpu, VA + 0x3008, &paddr));
	assert_int_equal(paddr, PAGE_0 + 8);
}

/* Which leaf lets whom do what: bits of the leaf, mode, SUM, MXR; and then fetch, load, store. */
static void test_permissions(void **state)
{
	static const struct {
		uint32_t bits;
		unsigned priv;
		uint64_t status;
		char allowed[4];
	} rows[] = {
		{R, CPU_S, 0, "-l-"},
		{R | W, CPU_S, 0, "-ls"},
		{X, CPU_S, 0, "f--"},
		{R | X, CPU_S, 0, "fl-"},
		{R | W | X, CPU_S, 0, "fls"},
		{R | W | X, CPU_U, 0, "---"},
		{R | W | X, CPU_U, CPU_MSTATUS_SUM, "---"},
		{R | W | X | U, CPU_U, 0, "fls"},
		{R | U, CPU_U, 0, "-l-"},
		{X | U, CPU_U, 0, "f--"},
		{X | U, CPU_U, CPU_MSTATUS_MXR, "fl-"},
		{X, CPU_S, CPU_MSTATUS_MXR, "fl-"},
		{R | W | X | U, CPU_S, 0, "---"},
		{R | W | X | U, CPU_S, CPU_MSTATUS_SUM, "-ls"},
		{X | U, CPU_S, CPU_MSTATUS_SUM, "---"},
		{X | U, CPU_S, CPU_MSTATUS_SUM | CPU_MSTATUS_MXR, "-l-"},
		{W, CPU_S, 0, "---"}, /* reserved */
		{W | X, CPU_S, 0, "---"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		map(0, PAGE_0, V | A | D | rows[i].bits);
		rig_put(rig, PAGE_0, NOP, 4);
		fence();
		cpu->mstatus = CPU_MSTATUS_XL | rows[i].status;
		assert_int_equal(fault(rows[i].priv, LB, VA), rows[i].allowed[1] == 'l' ? 0 : CPU_CAUSE_LOAD_PAGE);
		cpu->mstatus = CPU_MSTATUS_XL | rows[i].status;
		cpu->x[A1] = NOP;
		assert_int_equal(fault(rows[i].priv, SB, VA), rows[i].allowed[2] == 's' ? 0 : CPU_CAUSE_STORE_PAGE);
		cpu->mstatus = CPU_MSTATUS_XL | rows[i].status;
		cpu->priv = rows[i].priv;
		cpu->pc = VA;
		cpu_run(cpu, 1);
		if (rows[i].allowed[0] == 'f') {
			assert_int_equal(cpu->pc, VA + 4);
		} else {
			assert_int_equal(cpu->mcause, CPU_CAUSE_FETCH_PAGE);
			assert_int_equal(cpu->mtval, VA);
			assert_int_equal(cpu->mepc, VA);
		}
	}
}

/* SUM and MXR take effect at once, in both directions, on pages that were reached before. */
static void test_status_changes(void **state)
{
	(void)state;
	map(0, PAGE_0, V | R | W | U | A | D);
	map(1, PAGE_1, V | X | A);
	for (unsigned i = 0; i < 3; i++) {
		cpu->priv = CPU_S;
		cpu->x[A0] = CPU_MSTATUS_SUM | CPU_MSTATUS_MXR;
		rig_do(rig, enc_csrrs(0, 0x100, A0));
		assert_int_equal(fault(CPU_S, LD, VA), 0);
		assert_int_equal(fault(CPU_S, SD, VA), 0);
		assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
		cpu->priv = CPU_S;
		cpu->x[A0] = 0;
		rig_do(rig, enc_csrrw(0, 0x100, A0));
		assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_PAGE);
		assert_int_equal(fault(CPU_S, SD, VA), CPU_CAUSE_STORE_PAGE);
		assert_int_equal(fault(CPU_S, LD, VA + 0x1000), CPU_CAUSE_LOAD_PAGE);
	}
}

static void test_reserved_bits(void **state)
{
	(void)state;
	for (unsigned bit = 54; bit < 64; bit++) {
		map(0, PAGE_0, RW | 1ull << bit);
		assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_PAGE);
		map(0, PAGE_0, RW);
		rig_put(rig, MIDDLE, pte(LAST, V | 1ull << bit), 8);
		assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_PAGE);
		rig_put(rig, MIDDLE, pte(LAST, V), 8);
	}
	for (unsigned bits = U; bits <= D; bits <<= 1) {
		rig_put(rig, MIDDLE, pte(LAST, V | bits), 8);
		assert_int_equal(fault(CPU_S, LD, VA), bits == G ? 0 : CPU_CAUSE_LOAD_PAGE);
		fence();
	}
	rig_put(rig, MIDDLE, pte(LAST, V), 8);
	map(0, LAST, V); /* a table below the last level */
	assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_PAGE);
	map(0, PAGE_0, RW | 0x300); /* bits for software */
	assert_int_equal(fault(CPU_S, LD, VA), 0);
}

static void test_superpages(void **state)
{
	(void)state;
	rig_put(rig, PAGE_1 + 0x18, 99, 8);
	rig_put(rig, MIDDLE + 8, pte(RIG_BASE, RW), 8); /* 2 MiB */
	assert_int_equal(fault(CPU_S, LD, VA + 0x200000 + (PAGE_1 - RIG_BASE) + 0x18), 0);
	assert_int_equal(cpu->x[A2], 99);
	rig_put(rig, MIDDLE + 8, pte(RIG_BASE + 0x1000, RW), 8); /* not at a multiple of its size */
	fence();
	assert_int_equal(fault(CPU_S, LD, VA + 0x200000), CPU_CAUSE_LOAD_PAGE);
	rig_put(rig, ROOT + 8 * 3, pte(RIG_BASE, RW), 8); /* 1 GiB */
	assert_int_equal(fault(CPU_S, LD, 0xc0000000 + (PAGE_1 - RIG_BASE) + 0x18), 0);
	assert_int_equal(cpu->x[A2], 99);
	assert_int_equal(fault(CPU_S, LD, 0xc0000000 + RIG_SIZE), CPU_CAUSE_LOAD_ACCESS); /* behind DRAM */
	rig_put(rig, ROOT + 8 * 3, pte(RIG_BASE + 0x200000, RW), 8);
	fence();
	assert_int_equal(fault(CPU_S, LD, 0xc0000000), CPU_CAUSE_LOAD_PAGE);
}

static void test_accessed_and_dirty(void **state)
{
	(void)state;
	map(0, PAGE_0, V | R | W);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(bits_of(0), V | R | W | A);
	assert_int_equal(fault(CPU_S, SD, VA), 0);
	assert_int_equal(bits_of(0), V | R | W | A | D);
	map(1, PAGE_0, V | R | W);
	assert_int_equal(fault(CPU_S, SD, VA + 0x1000), 0);
	assert_int_equal(bits_of(1), V | R | W | A | D);
	map(2, PAGE_0, V | R);
	assert_int_equal(fault(CPU_S, SD, VA + 0x2000), CPU_CAUSE_STORE_PAGE);
	assert_int_equal(bits_of(2), V | R); /* a fault sets nothing */
	map(3, PAGE_0, V | X);
	rig_put(rig, PAGE_0, NOP, 4);
	cpu->priv = CPU_S;
	cpu->pc = VA + 0x3000;
	cpu_run(cpu, 1);
	assert_int_equal(bits_of(3), V | X | A);
	map(4, PAGE_0, V | R | W);
	assert_int_equal(fault(CPU_S, LR_D, VA + 0x4000), 0);
	assert_int_equal(bits_of(4), V | R | W | A);
	assert_int_equal(fault(CPU_S, AMOADD_D, VA + 0x4000), 0);
	assert_int_equal(bits_of(4), V | R | W | A | D);
}

/* The bits are written under PMP, as S mode; and tables are read so. */
static void test_pmp_of_tables(void **state)
{
	(void)state;
	map(0, PAGE_0, V | R | W);
	map(1, PAGE_0, RW);
	pmp_write_addr(cpu, 0, LAST >> 2 | 0x1ff);
	pmp_write_cfg(cpu, 0, 0x19); /* R, NAPOT: 4 KiB */
	assert_int_equal(fault(CPU_S, LD, VA), CPU_CAUSE_LOAD_ACCESS);
	assert_int_equal(fault(CPU_S, SD, VA), CPU_CAUSE_STORE_ACCESS);
	assert_int_equal(bits_of(0), V | R | W);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
	pmp_write_cfg(cpu, 0, 0x18);
	fence();
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), CPU_CAUSE_LOAD_ACCESS);
	pmp_write_cfg(cpu, 0, 0);
	rig_put(rig, MIDDLE, pte(0x1000, V), 8); /* a table in a device */
	fence();
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), CPU_CAUSE_LOAD_ACCESS);
	assert_int_equal(rig->accesses, 0);
}

/* The part that fails gives its address, and nothing is done, in memory or tables, unless all is. */
static void test_across_pages(void **state)
{
	const uint64_t at = VA + 0xffc;

	(void)state;
	map(0, PAGE_1, V | R | W);
	map(1, PAGE_0, V | R | W);
	rig_put(rig, PAGE_1 + 0xffc, 0x11223344, 4);
	rig_put(rig, PAGE_0, 0x55667788, 4);
	assert_int_equal(fault(CPU_S, LD, at), 0);
	assert_int_equal(cpu->x[A2], 0x5566778811223344);
	assert_int_equal(bits_of(0), V | R | W | A);
	assert_int_equal(bits_of(1), V | R | W | A);
	cpu->x[A1] = 0x0102030405060708;
	assert_int_equal(fault(CPU_S, SD, at), 0);
	assert_int_equal(rig_get(rig, PAGE_1 + 0xffc, 4), 0x05060708);
	assert_int_equal(rig_get(rig, PAGE_0, 4), 0x01020304);
	assert_int_equal(bits_of(1), V | R | W | A | D);
	map(1, PAGE_0, V | R);
	map(0, PAGE_1, V | R | W);
	fence();
	assert_int_equal(fault_at(CPU_S, SD, at, VA + 0x1000), CPU_CAUSE_STORE_PAGE);
	assert_int_equal(bits_of(0), V | R | W);
	assert_int_equal(rig_get(rig, PAGE_1 + 0xffc, 4), 0x05060708);
	map(1, 0, 0);
	fence();
	assert_int_equal(fault_at(CPU_S, LD, at, VA + 0x1000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault_at(CPU_S, LH, VA + 0xfff, VA + 0x1000), CPU_CAUSE_LOAD_PAGE);
	map(0, 0, 0);
	fence();
	assert_int_equal(fault(CPU_S, LD, at), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, SD, at), CPU_CAUSE_STORE_PAGE);
}

static void test_fetch_across_pages(void **state)
{
	const uint64_t at = VA + 0xffe;

	(void)state;
	map(0, PAGE_1, V | X);
	map(1, PAGE_0, V | X);
	rig_put(rig, PAGE_1 + 0xffe, enc_addi(A2, 0, 9) & 0xffff, 2);
	rig_put(rig, PAGE_0, enc_addi(A2, 0, 9) >> 16, 2);
	rig_put(rig, PAGE_0 + 2, NOP, 4);
	cpu->priv = CPU_S;
	cpu->pc = at;
	cpu_run(cpu, 2);
	assert_int_equal(cpu->x[A2], 9);
	assert_int_equal(cpu->pc, VA + 0x1006);
	assert_int_equal(bits_of(1), V | X | A);
	map(1, 0, 0);
	fence();
	cpu->priv = CPU_S;
	cpu->pc = at;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mcause, CPU_CAUSE_FETCH_PAGE);
	assert_int_equal(cpu->mepc, at);
	assert_int_equal(cpu->mtval, VA + 0x1000);
}

/* Reservations are of physical addresses. */
static void test_atomics(void **state)
{
	(void)state;
	map(0, PAGE_0, RW);
	map(1, PAGE_0, RW);
	map(2, PAGE_0, V | R | A);
	rig_put(rig, PAGE_0, 5, 8);
	cpu->x[A1] = 6;
	assert_int_equal(fault(CPU_S, LR_D, VA), 0);
	assert_int_equal(fault(CPU_S, SC_D, VA + 0x1000), 0);
	assert_int_equal(cpu->x[A2], 0);
	assert_int_equal(rig_get(rig, PAGE_0, 8), 6);
	assert_int_equal(fault(CPU_S, AMOADD_D, VA), 0);
	assert_int_equal(rig_get(rig, PAGE_0, 8), 12);
	assert_int_equal(fault(CPU_S, LR_D, VA + 0x2000), 0);
	assert_int_equal(fault(CPU_S, SC_D, VA + 0x2000), CPU_CAUSE_STORE_PAGE);
	assert_int_equal(fault(CPU_S, AMOADD_D, VA + 0x2000), CPU_CAUSE_STORE_PAGE);
	assert_int_equal(fault(CPU_S, LR_D, VA + 0x5000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(rig_get(rig, PAGE_0, 8), 12);
}

static void test_device(void **state)
{
	(void)state;
	map(0, RIG_DEVICE, RW);
	rig->device = 0x77;
	assert_int_equal(fault(CPU_S, LB, VA), 0);
	assert_int_equal(cpu->x[A2], 0x77);
	assert_int_equal(fault(CPU_S, LB, VA + 8), CPU_CAUSE_LOAD_ACCESS);
	assert_int_equal(fault(CPU_S, SB, VA + 8), CPU_CAUSE_STORE_ACCESS);
	assert_int_equal(rig->accesses, 1);
}

/* With MPRV M mode loads by MPP's tables and fetches by none. */
static void test_mprv(void **state)
{
	(void)state;
	map(0, PAGE_0, RW);
	rig_put(rig, PAGE_0, 0x42, 8);
	cpu->mstatus = CPU_MSTATUS_XL | CPU_MSTATUS_MPRV | 1ull << CPU_MSTATUS_MPP_BIT;
	assert_int_equal(fault(CPU_M, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 0x42);
	cpu->mstatus = CPU_MSTATUS_XL | CPU_MSTATUS_MPRV;
	assert_int_equal(fault(CPU_M, LD, VA), CPU_CAUSE_LOAD_PAGE);
	cpu->mstatus = CPU_MSTATUS_XL;
	assert_int_equal(fault(CPU_M, LD, VA), CPU_CAUSE_LOAD_ACCESS);
}

/* What was found stays until a fence; a fence of another page does not end it. Only what was not allowed is looked at
 * again. */
static void test_fences(void **state)
{
	(void)state;
	map(0, PAGE_0, RW);
	map(1, PAGE_0, V | R | A);
	rig_put(rig, PAGE_0, 1, 8);
	rig_put(rig, PAGE_1, 2, 8);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
	map(0, PAGE_1, RW);
	map(1, PAGE_1, RW);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 1);
	assert_int_equal(fault(CPU_S, SFENCE_A0, VA + 0x2000), 0);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 1);
	assert_int_equal(fault(CPU_S, SFENCE_A0, VA + 8), 0);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 2);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
	assert_int_equal(cpu->x[A2], 1);
	cpu->x[A1] = 3;
	assert_int_equal(fault(CPU_S, SD, VA + 0x1000), 0); /* more is allowed now */
	assert_int_equal(rig_get(rig, PAGE_1, 8), 3);
	map(0, PAGE_0, RW);
	fence();
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 1);
	map(0, PAGE_1, RW);
	cpu->priv = CPU_M;
	cpu->x[A0] = cpu->satp;
	rig_do(rig, enc_csrrw(0, SATP, A0)); /* there are no ASIDs: a write of satp is a fence */
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 3);
}

/* A fence for one address of a superpage is for all of it. */
static void test_fence_of_superpage(void **state)
{
	const uint64_t at = VA + 0x200000;

	(void)state;
	rig_put(rig, MIDDLE + 8, pte(RIG_BASE, RW), 8);
	assert_int_equal(fault(CPU_S, LD, at + 0x4000), 0);
	assert_int_equal(fault(CPU_S, LD, at + 0x5000), 0);
	rig_put(rig, MIDDLE + 8, 0, 8);
	assert_int_equal(fault(CPU_S, LD, at + 0x4000), 0);
	assert_int_equal(fault(CPU_S, SFENCE_A0, at), 0);
	assert_int_equal(fault(CPU_S, LD, at + 0x4000), CPU_CAUSE_LOAD_PAGE);
	assert_int_equal(fault(CPU_S, LD, at + 0x5000), CPU_CAUSE_LOAD_PAGE);
	rig_put(rig, ROOT + 8 * 3, pte(RIG_BASE, V | R | X | A), 8);
	cpu->priv = CPU_S;
	rig_put(rig, RIG_BASE + 0x100, NOP, 4);
	cpu->pc = 0xc0000100;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, 0xc0000104);
	rig_put(rig, ROOT + 8 * 3, 0, 8);
	assert_int_equal(fault(CPU_S, SFENCE_A0, 0xf0000000), 0);
	cpu->priv = CPU_S;
	cpu->pc = 0xc0000100;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mcause, CPU_CAUSE_FETCH_PAGE);
}

/* One virtual page in a kept entry's place, and back: batches of any length give the same, though the fast tables
 * hold fewer pages than the hart remembers. */
static void test_places(void **state)
{
	(void)state;
	rig_put(rig, MIDDLE + 16, pte(LAST, V), 8);
	for (unsigned i = 0; i < 512; i++)
		map(i, i & 1 ? PAGE_1 : PAGE_0, RW);
	rig_put(rig, PAGE_0, 1, 8);
	rig_put(rig, PAGE_1, 2, 8);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned i = 0; i < 512; i++) {
			assert_int_equal(fault(CPU_S, LD, VA + 0x1000 * i), 0);
			assert_int_equal(cpu->x[A2], i & 1 ? 2 : 1);
		}
	}
	map(1, PAGE_0, RW);
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
	assert_int_equal(cpu->x[A2], 2); /* remembered, though 510 others came after it */
	assert_int_equal(fault(CPU_S, LD, VA + 0x400000 + 0x1000), 0);
	assert_int_equal(cpu->x[A2], 1); /* which has its place from now on */
	assert_int_equal(fault(CPU_S, LD, VA + 0x1000), 0);
	assert_int_equal(cpu->x[A2], 1);
}

/* No access, no A bit, nothing remembered. */
static void test_translate(void **state)
{
	static uint8_t before[CPU_STATE_BYTES];
	uint64_t paddr;

	(void)state;
	map(0, PAGE_0, V | X | U);
	memcpy(before, cpu, sizeof before);
	assert_true(cpu_translate(cpu, VA + 0x123, &paddr));
	assert_int_equal(paddr, PAGE_0 + 0x123);
	assert_false(cpu_translate(cpu, VA + 0x1000, &paddr));
	assert_false(cpu_translate(cpu, 1ull << 50, &paddr));
	assert_int_equal(bits_of(0), V | X | U);
	assert_memory_equal(before, cpu, sizeof before);
	cpu->priv = CPU_M;
	assert_true(cpu_translate(cpu, VA, &paddr));
	assert_int_equal(paddr, VA);
}

/* All that is kept besides the state may go at any time. */
static void test_restored(void **state)
{
	(void)state;
	map(0, PAGE_0, RW);
	rig_put(rig, PAGE_0, 1, 8);
	rig_put(rig, PAGE_1, 2, 8);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	map(0, PAGE_1, RW);
	cpu_restored(cpu);
	assert_int_equal(fault(CPU_S, LD, VA), 0);
	assert_int_equal(cpu->x[A2], 1); /* cpu->tlb is state */
	memcpy(rig->dram, &(uint32_t){enc_addi(A2, 0, 3)}, 4);
	cpu_restored(cpu);
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->x[A2], 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_sv39),
		TEST(test_canonical),
		TEST(test_sv48),
		TEST(test_permissions),
		TEST(test_status_changes),
		TEST(test_reserved_bits),
		TEST(test_superpages),
		TEST(test_accessed_and_dirty),
		TEST(test_pmp_of_tables),
		TEST(test_across_pages),
		TEST(test_fetch_across_pages),
		TEST(test_atomics),
		TEST(test_device),
		TEST(test_mprv),
		TEST(test_fences),
		TEST(test_fence_of_superpage),
		TEST(test_places),
		TEST(test_translate),
		TEST(test_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
