/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_modes.c: supervisor and user mode without paging: who may do what, delegation, interrupts, S mode's registers.
 */
#include "cpu_rig.h"

enum {
	SSTATUS = 0x100,
	SIE = 0x104,
	STVEC = 0x105,
	SCOUNTEREN = 0x106,
	SENVCFG = 0x10a,
	SSCRATCH = 0x140,
	SEPC = 0x141
};
enum { SCAUSE = 0x142, STVAL = 0x143, SIP = 0x144, STIMECMP = 0x14d, SATP = 0x180 };
enum { MSTATUS = 0x300, MEDELEG = 0x302, MIDELEG = 0x303, MIE = 0x304, MCOUNTEREN = 0x306, MENVCFG = 0x30a };
enum {
	MCOUNTINHIBIT = 0x320,
	MIP = 0x344,
	MCYCLE = 0xb00,
	MINSTRET = 0xb02,
	CYCLE = 0xc00,
	TIME = 0xc01,
	INSTRET = 0xc02
};
enum { SRET = 0x10200073, SFENCE_VMA = 0x12000073 };

#define HANDLER_M (RIG_BASE + 0x1000)
#define HANDLER_S (RIG_BASE + 0x1800)
#define BIT(n) (1ull << (n))

static struct rig *rig;
static struct cpu *cpu;

/* PMP lets everyone do everything. */
static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	cpu = rig->cpu;
	cpu->mtvec = HANDLER_M;
	cpu->stvec = HANDLER_S;
	cpu->timer_changed = false;
	rig_open_pmp(rig);
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

static void do_in(unsigned priv, uint32_t word)
{
	cpu->priv = priv;
	rig_do(rig, word);
}

static uint64_t read_in(unsigned priv, uint32_t csr)
{
	do_in(priv, enc_csrrs(A2, csr, 0));
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	return cpu->x[A2];
}

static void write_in(unsigned priv, uint32_t csr, uint64_t value)
{
	cpu->x[A0] = value;
	do_in(priv, enc_csrrw(0, csr, A0));
	assert_int_equal(cpu->pc, RIG_BASE + 4);
}

/* It trapped to M mode. */
static void illegal_in(unsigned priv, uint32_t word)
{
	do_in(priv, word);
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, word);
	assert_int_equal(cpu->priv, CPU_M);
	assert_int_equal(cpu->mstatus >> CPU_MSTATUS_MPP_BIT & 3, priv);
}

static void test_ecall(void **state)
{
	static const struct {
		unsigned priv;
		enum cpu_cause cause;
	} calls[] = {{CPU_U, CPU_CAUSE_ECALL_U}, {CPU_S, CPU_CAUSE_ECALL_S}, {CPU_M, CPU_CAUSE_ECALL_M}};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		do_in(calls[i].priv, ECALL);
		rig_trapped(rig, calls[i].cause, RIG_BASE, 0);
		assert_int_equal(cpu->mstatus >> CPU_MSTATUS_MPP_BIT & 3, calls[i].priv);
	}
}

static void test_delegated_exceptions(void **state)
{
	uint64_t lost = cpu->lost;

	(void)state;
	cpu->medeleg = BIT(CPU_CAUSE_ECALL_U) | BIT(CPU_CAUSE_ILLEGAL);
	cpu->mstatus |= CPU_MSTATUS_SIE;
	do_in(CPU_U, ECALL);
	assert_int_equal(cpu->scause, CPU_CAUSE_ECALL_U);
	assert_int_equal(cpu->sepc, RIG_BASE);
	assert_int_equal(cpu->stval, 0);
	assert_int_equal(cpu->pc, HANDLER_S);
	assert_int_equal(cpu->priv, CPU_S);
	assert_int_equal(cpu->mstatus & (CPU_MSTATUS_SPP | CPU_MSTATUS_SPIE | CPU_MSTATUS_SIE), CPU_MSTATUS_SPIE);
	assert_int_equal(cpu->mcause, 0);
	do_in(CPU_S, 0xffffffff);
	assert_int_equal(cpu->scause, CPU_CAUSE_ILLEGAL);
	assert_int_equal(cpu->stval, 0xffffffff);
	assert_int_equal(cpu->mstatus & (CPU_MSTATUS_SPP | CPU_MSTATUS_SPIE | CPU_MSTATUS_SIE), CPU_MSTATUS_SPP);
	do_in(CPU_M, 0xffffffff); /* never down from M mode */
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, 0xffffffff);
	assert_int_equal(cpu->priv, CPU_M);
	assert_int_equal(cpu->lost, lost + 3);
}

static void test_returns(void **state)
{
	const uint64_t stack = CPU_MSTATUS_SIE | CPU_MSTATUS_SPIE | CPU_MSTATUS_SPP | CPU_MSTATUS_MIE |
			       CPU_MSTATUS_MPIE | CPU_MSTATUS_MPP | CPU_MSTATUS_MPRV;

	(void)state;
	cpu->sepc = RIG_BASE + 0x100;
	cpu->mepc = RIG_BASE + 0x200;
	cpu->mstatus = CPU_MSTATUS_SPP | CPU_MSTATUS_SPIE | CPU_MSTATUS_MPRV;
	do_in(CPU_S, SRET); /* to S mode */
	assert_int_equal(cpu->pc, RIG_BASE + 0x100);
	assert_int_equal(cpu->priv, CPU_S);
	assert_int_equal(cpu->mstatus & stack, CPU_MSTATUS_SIE | CPU_MSTATUS_SPIE);
	do_in(CPU_S, SRET); /* and then to U mode */
	assert_int_equal(cpu->priv, CPU_U);
	cpu->mstatus = 1ull << CPU_MSTATUS_MPP_BIT | CPU_MSTATUS_MPIE | CPU_MSTATUS_MPRV;
	do_in(CPU_M, MRET);
	assert_int_equal(cpu->pc, RIG_BASE + 0x200);
	assert_int_equal(cpu->priv, CPU_S);
	assert_int_equal(cpu->mstatus & stack, CPU_MSTATUS_MIE | CPU_MSTATUS_MPIE);
	cpu->mstatus = CPU_MSTATUS_MPP | CPU_MSTATUS_MPRV;
	do_in(CPU_M, MRET); /* only a return to a lower mode clears MPRV */
	assert_int_equal(cpu->priv, CPU_M);
	assert_int_equal(cpu->mstatus & stack, CPU_MSTATUS_MPIE | CPU_MSTATUS_MPRV);
	cpu->mstatus = 0;
	do_in(CPU_M, SRET);
	assert_int_equal(cpu->priv, CPU_U);
}

static void test_illegal_by_mode(void **state)
{
	(void)state;
	illegal_in(CPU_U, SRET);
	illegal_in(CPU_U, MRET);
	illegal_in(CPU_S, MRET);
	illegal_in(CPU_U, WFI);
	illegal_in(CPU_U, SFENCE_VMA);
	illegal_in(CPU_U, enc_csrrs(A2, SSTATUS, 0));
	illegal_in(CPU_S, enc_csrrs(A2, MSTATUS, 0));
	illegal_in(CPU_S, enc_csrrs(A2, 0x3a0, 0)); /* pmpcfg0 */
	do_in(CPU_S, SFENCE_VMA);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	read_in(CPU_S, SATP);
	cpu->mstatus |= CPU_MSTATUS_TSR | CPU_MSTATUS_TW | CPU_MSTATUS_TVM;
	illegal_in(CPU_S, SRET);
	illegal_in(CPU_S, WFI);
	illegal_in(CPU_S, SFENCE_VMA);
	illegal_in(CPU_S, enc_csrrs(A2, SATP, 0));
	illegal_in(CPU_S, enc_csrrw(0, SATP, A2));
	read_in(CPU_M, SATP);
	do_in(CPU_M, SFENCE_VMA);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	do_in(CPU_M, WFI);
	assert_true(cpu->waiting);
}

static void test_sstatus(void **state)
{
	(void)state;
	write_in(CPU_M, MSTATUS, UINT64_MAX);
	assert_int_equal(read_in(CPU_S, SSTATUS), 0x80000002000c6122);
	write_in(CPU_S, SSTATUS, 0);
	assert_int_equal(read_in(CPU_M, MSTATUS), 0xa00721888);
	write_in(CPU_S, SSTATUS, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MSTATUS), 0x8000000a007e79aa);
	write_in(CPU_S, SSCRATCH, 5);
	assert_int_equal(read_in(CPU_S, SSCRATCH), 5);
	write_in(CPU_S, SEPC, 7);
	assert_int_equal(read_in(CPU_S, SEPC), 6);
	write_in(CPU_S, STVEC, HANDLER_S | 1);
	assert_int_equal(read_in(CPU_S, STVEC), HANDLER_S | 1);
	write_in(CPU_S, STVAL, 8);
	write_in(CPU_S, SCAUSE, 9);
	assert_int_equal(read_in(CPU_S, STVAL), 8);
	assert_int_equal(read_in(CPU_S, SCAUSE), 9);
	write_in(CPU_S, SENVCFG, UINT64_MAX);
	assert_int_equal(read_in(CPU_S, SENVCFG), CPU_ENVCFG_FIOM);
	write_in(CPU_M, MEDELEG, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MEDELEG), 0xb3ff);
	write_in(CPU_M, MIDELEG, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MIDELEG), 0x222);
}

static void test_satp(void **state)
{
	(void)state;
	write_in(CPU_S, SATP, 8ull << 60 | 0xffffull << 44 | 0x123);
	assert_int_equal(read_in(CPU_M, SATP), 8ull << 60 | 0x123); /* there are no ASIDs */
	write_in(CPU_M, SATP, 10ull << 60 | 5);                     /* Sv57: nothing is written */
	assert_int_equal(read_in(CPU_M, SATP), 8ull << 60 | 0x123);
	write_in(CPU_M, SATP, 9ull << 60 | 7);
	assert_int_equal(read_in(CPU_M, SATP), 9ull << 60 | 7);
}

/* S mode sees what is delegated to it, and sets SSIP alone. */
static void test_sie_sip(void **state)
{
	(void)state;
	write_in(CPU_M, MIE, UINT64_MAX);
	assert_int_equal(read_in(CPU_S, SIE), 0);
	write_in(CPU_M, MIDELEG, BIT(CPU_IRQ_SSI) | BIT(CPU_IRQ_SEI));
	assert_int_equal(read_in(CPU_S, SIE), 0x202);
	write_in(CPU_S, SIE, 0);
	assert_int_equal(read_in(CPU_M, MIE), 0x8a8);
	write_in(CPU_M, MIE, 0);
	write_in(CPU_S, SIP, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MIP), 2);
	write_in(CPU_M, MIP, 0x222);
	assert_int_equal(read_in(CPU_S, SIP), 0x202);
	write_in(CPU_S, SIP, 0);
	assert_int_equal(read_in(CPU_M, MIP), 0x220);
}

/* The pin of SEI and its bit of software are or-ed; a read-modify-write does not copy the pin to the bit. */
static void test_seip(void **state)
{
	(void)state;
	cpu_set_irq(cpu, CPU_IRQ_SEI, true);
	cpu->x[A0] = BIT(CPU_IRQ_SSI);
	do_in(CPU_M, enc_csrrs(A2, MIP, A0));
	assert_int_equal(cpu->x[A2], BIT(CPU_IRQ_SEI));
	cpu_set_irq(cpu, CPU_IRQ_SEI, false);
	assert_int_equal(read_in(CPU_M, MIP), BIT(CPU_IRQ_SSI));
	write_in(CPU_M, MIP, BIT(CPU_IRQ_SEI));
	cpu_set_irq(cpu, CPU_IRQ_SEI, true);
	cpu_set_irq(cpu, CPU_IRQ_SEI, false);
	assert_int_equal(read_in(CPU_M, MIP), BIT(CPU_IRQ_SEI));
}

static void test_counter_enables(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 32; i++) {
		illegal_in(CPU_S, enc_csrrs(A2, CYCLE + i, 0));
		illegal_in(CPU_U, enc_csrrs(A2, CYCLE + i, 0));
		write_in(CPU_M, MCOUNTEREN, BIT(i));
		read_in(CPU_S, CYCLE + i);
		illegal_in(CPU_U, enc_csrrs(A2, CYCLE + i, 0));
		write_in(CPU_S, SCOUNTEREN, BIT(i));
		read_in(CPU_U, CYCLE + i);
		write_in(CPU_M, MCOUNTEREN, 0);
		illegal_in(CPU_U, enc_csrrs(A2, CYCLE + i, 0));
		write_in(CPU_S, SCOUNTEREN, 0);
	}
}

static void test_counter_inhibit(void **state)
{
	uint64_t value;

	(void)state;
	write_in(CPU_M, MCOUNTINHIBIT, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MCOUNTINHIBIT), 5);
	value = read_in(CPU_M, MCYCLE);
	assert_int_equal(value, 1); /* the write was the last that it counted */
	assert_int_equal(read_in(CPU_M, MCYCLE), value);
	assert_int_equal(read_in(CPU_M, MINSTRET), 1);
	write_in(CPU_M, MCYCLE, 100);
	assert_int_equal(read_in(CPU_M, MCYCLE), 100);
	write_in(CPU_M, MCOUNTINHIBIT, 4);
	assert_int_equal(read_in(CPU_M, MCYCLE), 100);
	assert_int_equal(read_in(CPU_M, MCYCLE), 101);
	assert_int_equal(read_in(CPU_M, MINSTRET), 1);
	write_in(CPU_M, MCOUNTINHIBIT, 0);
	assert_int_equal(read_in(CPU_M, MINSTRET), 1);
	assert_int_equal(read_in(CPU_M, MINSTRET), 2);
}

/* One interrupt in a mode: where it goes; -1: nowhere. */
static int taken_in(unsigned priv, enum cpu_irq irq)
{
	cpu->priv = priv;
	cpu->pc = RIG_BASE;
	cpu_set_irq(cpu, irq, true);
	cpu_run(cpu, 1);
	cpu_set_irq(cpu, irq, false);
	if (cpu->pc == RIG_BASE + 4)
		return -1;
	if (cpu->priv == CPU_M) {
		assert_int_equal(cpu->mcause, CPU_CAUSE_INTERRUPT | irq);
		assert_int_equal(cpu->mepc, RIG_BASE);
		assert_int_equal(cpu->pc, HANDLER_M + 4);
		return CPU_M;
	}
	assert_int_equal(cpu->scause, CPU_CAUSE_INTERRUPT | irq);
	assert_int_equal(cpu->sepc, RIG_BASE);
	assert_int_equal(cpu->pc, HANDLER_S + 4);
	return CPU_S;
}

static void test_interrupt_modes(void **state)
{
	static const enum cpu_irq irqs[] = {CPU_IRQ_SSI, CPU_IRQ_SEI, CPU_IRQ_MTI};

	(void)state;
	cpu->mie = UINT64_MAX;
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned enables = 0; enables < 8; enables++) {
			uint64_t set = (enables & 1 ? CPU_MSTATUS_SIE : 0) | (enables & 2 ? CPU_MSTATUS_MIE : 0);
			bool to_s = enables & 4 && irqs[i] != CPU_IRQ_MTI;

			cpu->mideleg = to_s ? BIT(irqs[i]) : 0;
			cpu->mstatus = CPU_MSTATUS_XL | set;
			assert_int_equal(taken_in(CPU_U, irqs[i]), to_s ? CPU_S : CPU_M);
			cpu->mstatus = CPU_MSTATUS_XL | set;
			assert_int_equal(taken_in(CPU_S, irqs[i]), !to_s ? CPU_M : enables & 1 ? CPU_S : -1);
			cpu->mstatus = CPU_MSTATUS_XL | set;
			assert_int_equal(taken_in(CPU_M, irqs[i]), to_s || !(enables & 2) ? -1 : CPU_M);
		}
	}
}

/* M mode's before S mode's, then external, software, timer. */
static void test_interrupt_order(void **state)
{
	static const enum cpu_irq order[] = {CPU_IRQ_MEI, CPU_IRQ_MSI, CPU_IRQ_MTI,
					     CPU_IRQ_SEI, CPU_IRQ_SSI, CPU_IRQ_STI};
	uint64_t pending = 0;

	(void)state;
	cpu->mie = UINT64_MAX;
	cpu->mideleg = 0x222;
	cpu->soft_irqs = BIT(CPU_IRQ_STI);
	for (unsigned i = 0; i < 5; i++)
		cpu_set_irq(cpu, order[i], true);
	for (unsigned i = 0; i < 6; i++) {
		cpu->priv = CPU_U;
		cpu->pc = RIG_BASE;
		pending = cpu->mip;
		cpu_run(cpu, 1);
		assert_int_equal(i < 3 ? cpu->mcause : cpu->scause, CPU_CAUSE_INTERRUPT | order[i]);
		assert_int_equal(cpu->priv, i < 3 ? CPU_M : CPU_S);
		cpu_set_irq(cpu, order[i], false);
		assert_int_equal(cpu->mip, pending & ~(i < 5 ? BIT(order[i]) : 0));
	}
}

static void test_vectored_stvec(void **state)
{
	(void)state;
	cpu->stvec = HANDLER_S | 1;
	cpu->mie = cpu->mideleg = 0x222;
	cpu->medeleg = BIT(CPU_CAUSE_ECALL_U);
	cpu->priv = CPU_U;
	cpu->pc = RIG_BASE;
	cpu_set_irq(cpu, CPU_IRQ_SEI, true);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, HANDLER_S + 4 * CPU_IRQ_SEI + 4);
	cpu_set_irq(cpu, CPU_IRQ_SEI, false);
	do_in(CPU_U, ECALL);
	assert_int_equal(cpu->pc, HANDLER_S);
}

/* Writing a bit of sstatus, or returning, lets a pending interrupt in at the next instruction, within one long batch. */
static void test_let_in(void **state)
{
	(void)state;
	cpu->mie = cpu->mideleg = 0x222;
	cpu->priv = CPU_S;
	cpu_set_irq(cpu, CPU_IRQ_SEI, true);
	rig_put(rig, RIG_BASE, 0x10016073, 4); /* csrrsi zero, sstatus, 2 */
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1000);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->sepc, RIG_BASE + 4);
	rig_put(rig, HANDLER_S + 4, SRET, 4);
	cpu_run(cpu, 1000);
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	rig_put(rig, RIG_BASE, enc_csrrw(0, SSCRATCH, A0), 4); /* another write does not end a batch */
	rig_put(rig, RIG_BASE + 4, WFI, 4);
	cpu_set_irq(cpu, CPU_IRQ_SEI, false);
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1000);
	assert_true(cpu->waiting);
}

static void test_stimecmp(void **state)
{
	(void)state;
	illegal_in(CPU_S, enc_csrrs(A2, STIMECMP, 0));
	assert_int_equal(cpu_stimecmp(cpu), UINT64_MAX);
	cpu_set_irq(cpu, CPU_IRQ_STI, true);
	assert_int_equal(cpu->mip, 0); /* not the timer's while it is not enabled */
	write_in(CPU_M, MIP, BIT(CPU_IRQ_STI));
	assert_int_equal(read_in(CPU_M, MIP), BIT(CPU_IRQ_STI));
	cpu->timer_changed = false;
	write_in(CPU_M, MENVCFG, UINT64_MAX);
	assert_int_equal(read_in(CPU_M, MENVCFG), CPU_ENVCFG_STCE | CPU_ENVCFG_FIOM);
	assert_true(cpu->timer_changed);
	cpu->timer_changed = false;
	illegal_in(CPU_S, enc_csrrs(A2, STIMECMP, 0)); /* mcounteren.TM */
	write_in(CPU_M, MCOUNTEREN, 2);
	cpu_set_irq(cpu, CPU_IRQ_STI, false);
	write_in(CPU_M, MIP, BIT(CPU_IRQ_STI));
	assert_int_equal(read_in(CPU_M, MIP), 0); /* now the timer's alone */
	rig_put(rig, RIG_BASE + 4, NOP, 4);
	cpu->x[A0] = 77;
	rig_put(rig, RIG_BASE, enc_csrrw(0, STIMECMP, A0), 4);
	cpu->priv = CPU_S;
	cpu->pc = RIG_BASE;
	cpu_run(cpu, 1000); /* the machine has to look at once */
	assert_int_equal(cpu->pc, RIG_BASE + 4);
	assert_true(cpu->timer_changed);
	assert_int_equal(cpu_stimecmp(cpu), 77);
	assert_int_equal(read_in(CPU_S, STIMECMP), 77);
	cpu_set_irq(cpu, CPU_IRQ_STI, true);
	assert_int_equal(read_in(CPU_M, MIP), BIT(CPU_IRQ_STI));
	write_in(CPU_M, MENVCFG, 0);
	assert_int_equal(cpu_stimecmp(cpu), UINT64_MAX);
}

/* What wakes is pending and enabled in mie, wherever it would go. */
static void test_wfi_in_s(void **state)
{
	(void)state;
	cpu->mie = cpu->mideleg = BIT(CPU_IRQ_SEI);
	do_in(CPU_S, WFI);
	assert_true(cpu->waiting);
	cpu_run(cpu, 100);
	assert_true(cpu->waiting);
	cpu_set_irq(cpu, CPU_IRQ_SEI, true);
	cpu_run(cpu, 1);
	assert_false(cpu->waiting);
	assert_int_equal(cpu->pc, RIG_BASE + 8); /* SIE is 0: it goes on */
	assert_int_equal(cpu->priv, CPU_S);
}

static void test_reset(void **state)
{
	uint64_t cycle;

	(void)state;
	write_in(CPU_M, SATP, 8ull << 60 | 1);
	write_in(CPU_M, STIMECMP, 1);
	cpu->x[A0] = 3;
	cpu->priv = CPU_U;
	cycle = cpu->cycle;
	cpu_reset(cpu, RIG_BASE + 0x40);
	assert_int_equal(cpu->pc, RIG_BASE + 0x40);
	assert_int_equal(cpu->priv, CPU_M);
	assert_int_equal(cpu->satp, 0);
	assert_int_equal(cpu->x[A0], 0);
	assert_int_equal(cpu->cycle, cycle);
	assert_int_equal(cpu->stimecmp, UINT64_MAX);
	cpu_run(cpu, 1);
	assert_int_equal(cpu->pc, RIG_BASE + 0x44);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_ecall),           TEST(test_delegated_exceptions),
		TEST(test_returns),         TEST(test_illegal_by_mode),
		TEST(test_sstatus),         TEST(test_satp),
		TEST(test_sie_sip),         TEST(test_seip),
		TEST(test_counter_enables), TEST(test_counter_inhibit),
		TEST(test_interrupt_modes), TEST(test_interrupt_order),
		TEST(test_vectored_stvec),  TEST(test_let_in),
		TEST(test_stimecmp),        TEST(test_wfi_in_s),
		TEST(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
