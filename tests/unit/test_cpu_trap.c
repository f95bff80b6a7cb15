/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_trap.c: exceptions, interrupts, WFI and the control and status registers.
 */
#include "cpu_rig.h"

enum { MSTATUS = 0x300, MISA = 0x301, MIE = 0x304, MTVEC = 0x305, MSCRATCH = 0x340, MEPC = 0x341, MCAUSE = 0x342 };
enum { MIP = 0x344, MCYCLE = 0xb00, MINSTRET = 0xb02, CYCLE = 0xc00, TIME = 0xc01, INSTRET = 0xc02, MHARTID = 0xf14 };

#define HANDLER (RIG_BASE + 0x1000)
#define INTERRUPT(n) (CPU_CAUSE_INTERRUPT | CPU_IRQ_##n)

static struct rig *rig;

static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	rig->cpu->mtvec = HANDLER;
	for (uint64_t at = 0; at < 0x2000; at += 4)
		rig_put(rig, RIG_BASE + at, NOP, 4);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(rig);
	return 0;
}

static uint64_t read_csr(uint32_t csr)
{
	rig_do(rig, enc_csrrs(A2, csr, 0));
	assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
	return rig->cpu->x[A2];
}

static void write_csr(uint32_t csr, uint64_t value)
{
	rig->cpu->x[A0] = value;
	rig_do(rig, enc_csrrw(0, csr, A0));
	assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
}

static void test_environment_calls(void **state)
{
	uint64_t instret = cpu_instret(rig->cpu), cycle = rig->cpu->cycle;

	(void)state;
	rig_do(rig, ECALL);
	rig_trapped(rig, CPU_CAUSE_ECALL_M, RIG_BASE, 0);
	rig_do(rig, EBREAK);
	rig_trapped(rig, CPU_CAUSE_BREAKPOINT, RIG_BASE, RIG_BASE);
	assert_int_equal(cpu_instret(rig->cpu), instret); /* they take clocks but do not retire */
	assert_int_equal(rig->cpu->cycle, cycle + 2);
}

static void test_illegal(void **state)
{
	static const uint32_t words[] = {
		0xffffffff, 0x0000007f,        0x82007033, /* an unknown funct7 */
		0x10300073, 0x12000013 | 0x40,             /* no sret, no sfence.vma */
		0x00b52063,                                /* branch 2 */
		0x00007003,                                /* load 7 */
		0x00004023,                                /* store 4 */
		0x0200101b,                                /* slliw by 32 */
		0x1010262f,                                /* lr.w with an rs2 */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
		rig_do(rig, words[i]);
		rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, words[i]);
	}
}

static void test_mstatus_stack(void **state)
{
	struct cpu *cpu = rig->cpu;

	(void)state;
	write_csr(MSTATUS, CPU_MSTATUS_MIE);
	rig_do(rig, ECALL);
	assert_int_equal(cpu->mstatus, CPU_MSTATUS_XL | CPU_MSTATUS_MPP | CPU_MSTATUS_MPIE);
	rig_do(rig, ECALL);
	assert_int_equal(cpu->mstatus, CPU_MSTATUS_XL | CPU_MSTATUS_MPP);
	write_csr(MEPC, RIG_BASE + 0x101);
	write_csr(MSTATUS, CPU_MSTATUS_MPIE | CPU_MSTATUS_MPP);
	rig_do(rig, MRET);
	assert_int_equal(cpu->pc, RIG_BASE + 0x100);
	assert_int_equal(cpu->priv, CPU_M);
	assert_int_equal(cpu->mstatus, CPU_MSTATUS_XL | CPU_MSTATUS_MPIE | CPU_MSTATUS_MIE);
}

static void test_csr_operations(void **state)
{
	struct cpu *cpu = rig->cpu;

	(void)state;
	cpu->mscratch = 12;
	cpu->x[A0] = 10;
	rig_do(rig, 0x34051673); /* csrrw a2, mscratch, a0 */
	assert_int_equal(cpu->x[A2], 12);
	assert_int_equal(cpu->mscratch, 10);
	cpu->x[A0] = 5;
	rig_do(rig, 0x34052673); /* csrrs */
	assert_int_equal(cpu->x[A2], 10);
	assert_int_equal(cpu->mscratch, 15);
	rig_do(rig, 0x34053673); /* csrrc */
	assert_int_equal(cpu->mscratch, 10);
	rig_do(rig, 0x340ad673); /* csrrwi 21 */
	assert_int_equal(cpu->mscratch, 21);
	rig_do(rig, 0x34056673); /* csrrsi 10 */
	assert_int_equal(cpu->mscratch, 31);
	rig_do(rig, 0x3401f673); /* csrrci 3 */
	assert_int_equal(cpu->x[A2], 31);
	assert_int_equal(cpu->mscratch, 28);
	cpu->x[A0] = 1;
	rig_do(rig, enc_csrrw(A0, MSCRATCH, A0)); /* rd is rs1: they swap */
	assert_int_equal(cpu->x[A0], 28);
	assert_int_equal(cpu->mscratch, 1);
}

static void test_csr_access(void **state)
{
	static const uint32_t absent[] = {0x200, 0x3a1, 0x3a4, 0x3c0, 0x7b0, 0xda0, 0xfff};

	(void)state;
	for (unsigned i = 0; i < sizeof absent / sizeof absent[0]; i++) {
		rig_do(rig, enc_csrrs(A2, absent[i], 0));
		rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, enc_csrrs(A2, absent[i], 0));
	}
	assert_int_equal(read_csr(MHARTID), 0);
	assert_int_equal(read_csr(0xb03), 0);
	rig->cpu->x[A0] = 0;
	rig_do(rig, enc_csrrs(A2, MHARTID, A0)); /* writes, even if nothing */
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, enc_csrrs(A2, MHARTID, A0));
	rig_do(rig, enc_csrrw(0, CYCLE, A0));
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, enc_csrrw(0, CYCLE, A0));
}

static void test_csr_fields(void **state)
{
	(void)state;
	assert_int_equal(read_csr(MISA), 0x800000000014112d); /* 64 bits; A, C, D, F, I, M, S, U */
	write_csr(MSTATUS, UINT64_MAX);
	assert_int_equal(read_csr(MSTATUS), 0x8000000a007e79aa);
	write_csr(MSTATUS, 0);
	assert_int_equal(read_csr(MSTATUS), 0xa00000000);
	write_csr(MSTATUS, 0x1000); /* MPP 2 is no mode: it keeps the one that it had */
	assert_int_equal(read_csr(MSTATUS), 0xa00000000);
	write_csr(MIE, UINT64_MAX);
	assert_int_equal(read_csr(MIE), 0xaaa);
	write_csr(MIE, 0);
	write_csr(MIP, UINT64_MAX);
	assert_int_equal(read_csr(MIP), 0x222);
	write_csr(MIP, 0);
	write_csr(MTVEC, RIG_BASE + 5);
	assert_int_equal(read_csr(MTVEC), RIG_BASE + 5);
	write_csr(MTVEC, RIG_BASE + 2); /* a reserved mode is not taken */
	assert_int_equal(read_csr(MTVEC), RIG_BASE + 1);
	write_csr(MEPC, 0x1003);
	assert_int_equal(read_csr(MEPC), 0x1002);
}

static void test_counters(void **state)
{
	(void)state;
	write_csr(MCYCLE, 1000);
	assert_int_equal(read_csr(MCYCLE), 1000);
	assert_int_equal(read_csr(CYCLE), 1001);
	write_csr(MINSTRET, 500);
	assert_int_equal(read_csr(MINSTRET), 500);
	rig_do(rig, ECALL);
	assert_int_equal(read_csr(INSTRET), 501);
	rig->cpu->cycle = 12345;
	assert_int_equal(read_csr(TIME), 1234);
}

static void raise(enum cpu_irq irq, bool level)
{
	cpu_set_irq(rig->cpu, irq, level);
}

static void test_interrupt_priority(void **state)
{
	static const enum cpu_irq order[] = {CPU_IRQ_MEI, CPU_IRQ_MSI, CPU_IRQ_MTI};
	struct cpu *cpu = rig->cpu;

	(void)state;
	write_csr(MIE, 0x888);
	for (unsigned i = 0; i < 3; i++)
		raise(order[i], true);
	for (unsigned i = 0; i < 3; i++) {
		cpu->pc = RIG_BASE + 0x40;
		cpu->mstatus |= CPU_MSTATUS_MIE;
		cpu_run(cpu, 1);
		assert_int_equal(cpu->mcause, CPU_CAUSE_INTERRUPT | order[i]);
		assert_int_equal(cpu->mepc, RIG_BASE + 0x40);
		assert_int_equal(cpu->mtval, 0);
		assert_int_equal(cpu->pc, HANDLER + 4); /* the handler's first instruction had the clock */
		raise(order[i], false);
	}
}

static void test_interrupt_enables(void **state)
{
	struct cpu *cpu = rig->cpu;

	(void)state;
	raise(CPU_IRQ_MTI, true);
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, RIG_BASE + 4); /* neither MIE nor mie */
	cpu->mstatus |= CPU_MSTATUS_MIE;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, RIG_BASE + 8);
	cpu->mie = 1u << CPU_IRQ_MSI;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, RIG_BASE + 12);
	cpu->mie = 1u << CPU_IRQ_MTI;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mcause, INTERRUPT(MTI));
	assert_int_equal(cpu->mepc, RIG_BASE + 12);
}

static void test_vectored(void **state)
{
	struct cpu *cpu = rig->cpu;

	(void)state;
	cpu->mtvec = HANDLER | 1;
	cpu->mie = 0x888;
	cpu->mstatus |= CPU_MSTATUS_MIE;
	raise(CPU_IRQ_MEI, true);
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, HANDLER + 4 * CPU_IRQ_MEI + 4);
	rig_do(rig, ECALL); /* exceptions go to the base */
	assert_int_equal(cpu->pc, HANDLER);
}

/* A write that lets an interrupt in is followed by the interrupt, also within one long batch. */
static void test_enable_takes_at_once(void **state)
{
	struct cpu *cpu = rig->cpu;

	(void)state;
	cpu->mie = 0x888;
	raise(CPU_IRQ_MSI, true);
	rig_put(rig, RIG_BASE, 0x30046073, 4); /* csrrsi zero, mstatus, 8 */
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1000);
	assert_int_equal(cpu->cycle, 1);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mcause, INTERRUPT(MSI));
	assert_int_equal(cpu->mepc, RIG_BASE + 4);
	rig_put(rig, HANDLER + 4, MRET, 4);
	cpu_run(cpu, 1000); /* MRET enables again, and ends the batch */
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mepc, RIG_BASE + 4);
	assert_int_equal(cpu->pc, HANDLER + 4);
}

static void test_wfi(void **state)
{
	struct cpu *cpu = rig->cpu;
	uint64_t instret;

	(void)state;
	cpu->mie = 1u << CPU_IRQ_MTI;
	rig_put(rig, RIG_BASE, WFI, 4);
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1000);
	assert_true(cpu->waiting);
	assert_int_equal(cpu->cycle, 1);
	instret = cpu_instret(cpu);
	cpu_run(cpu, 500);
	assert_int_equal(cpu->cycle, 501);
	raise(CPU_IRQ_MSI, true); /* not enabled */
	cpu_run(cpu, 10);
	assert_true(cpu->waiting);
	assert_int_equal(cpu_instret(cpu), instret);
	raise(CPU_IRQ_MTI, true); /* wakes, and with MIE off goes on after WFI */
	cpu_run(cpu, 1);
	assert_false(cpu->waiting);
	assert_int_equal(cpu->pc, RIG_BASE + 8);
	assert_int_equal(cpu_instret(cpu), instret + 1);
	rig_do(rig, WFI); /* pending: no sleep */
	assert_false(cpu->waiting);
	raise(CPU_IRQ_MTI, false);
	rig_do(rig, WFI);
	cpu->mstatus |= CPU_MSTATUS_MIE;
	raise(CPU_IRQ_MTI, true);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->mepc, RIG_BASE + 4); /* the interrupt comes after WFI */
	assert_int_equal(cpu->mcause, INTERRUPT(MTI));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_environment_calls, setup, teardown),
		cmocka_unit_test_setup_teardown(test_illegal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mstatus_stack, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csr_operations, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csr_access, setup, teardown),
		cmocka_unit_test_setup_teardown(test_csr_fields, setup, teardown),
		cmocka_unit_test_setup_teardown(test_counters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interrupt_priority, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interrupt_enables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vectored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_enable_takes_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_wfi, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
