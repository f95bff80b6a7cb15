/* SPDX-License-Identifier: Apache-2.0
 * test_profile.c: where the hart's clocks go, and what a device's clocks are called.
 */
#include "unit.h"
#include "cpu/cpu.h"
#include "cpu/profile.h"
#include "trace/activity.h"

enum { DRAM_BYTES = 0x4000, STRETCH = 64, STRETCHES = 4 };

#define BASE 0x80000000ull

/* Stretch 0 calls stretches 1 and 2 three times, waits, and stays.
 *
 *         li s0, 3
 * 1:      call f; call g; addi s0, s0, -1; bnez s0, 1b; wfi
 * 2:      j 2b
 *         .balign 64
 * f:      li a0, 10; 1: addi a0, a0, -1; bnez a0, 1b; ret
 *         .balign 64
 * g:      li a0, 20; 1: lw a1, 0x100(t2); addi a0, a0, -1; bnez a0, 1b; ret
 */
static const uint32_t program[] = {
	[0] = 0x00300413, 0x03c000ef,        0x078000ef, 0xfff40413, 0xfe041ae3, 0x10500073,
	0x0000006f,       [16] = 0x00a00513, 0xfff50513, 0xfe051ee3, 0x00008067, [32] = 0x01400513,
	0x1003a583,       0xfff50513,        0xfe051ce3, 0x00008067,
};

struct counts {
	struct cpu_profile profile; /* first */
	uint64_t clocks[STRETCHES], since, slept;
	unsigned running;
	bool any;
};

static uint8_t dram[DRAM_BYTES];

static uint64_t no_time(void *ctx)
{
	(void)ctx;
	return 0;
}

static void account(struct counts *c, uint64_t clock)
{
	if (c->any)
		c->clocks[c->running] += clock - c->since - (c->profile.asleep - c->slept);
	c->since = clock;
	c->slept = c->profile.asleep;
}

static void moved(struct cpu_profile *p, uint64_t pc, unsigned priv, uint64_t clock)
{
	struct counts *c = (struct counts *)p;

	account(c, clock);
	c->any = true;
	c->running = (unsigned)((pc - BASE) / STRETCH);
	assert_true(c->running < STRETCHES);
	p->low = pc / STRETCH * STRETCH;
	p->span = STRETCH;
	p->priv = priv;
}

/* Runs it in batches of so many clocks. */
static struct counts profiled(uint64_t batch)
{
	struct cpu_config config = {BASE, DRAM_BYTES, dram, {.time = no_time}};
	struct counts c = {.profile = {.moved = moved, .priv = 9}};
	struct cpu *cpu = cpu_new(&config);

	memset(dram, 0, sizeof dram);
	memcpy(dram, program, sizeof program);
	cpu->x[7] = BASE;
	cpu->profile = &c.profile;
	while (!cpu->waiting)
		cpu_run(cpu, batch);
	account(&c, cpu->cycle);
	for (unsigned i = 0; i < 10; i++)
		cpu_run(cpu, 100);
	cpu->mie = 1u << CPU_IRQ_MSI;
	cpu_set_irq(cpu, CPU_IRQ_MSI, true);
	while (cpu->cycle < 2000)
		cpu_run(cpu, batch < 2000 - cpu->cycle ? batch : 2000 - cpu->cycle);
	account(&c, cpu->cycle);
	cpu_free(cpu);
	return c;
}

static void test_clocks(void **state)
{
	static const uint64_t batches[] = {1, 2, 3, 7, 100, 100000};

	(void)state;
	for (unsigned i = 0; i < sizeof batches / sizeof batches[0]; i++) {
		struct counts c = profiled(batches[i]);

		assert_int_equal(c.clocks[1], 3 * (1 + 10 * 2 + 1));
		assert_int_equal(c.clocks[2], 3 * (1 + 20 * 3 + 1));
		assert_int_equal(c.clocks[3], 0);
		assert_int_equal(c.profile.asleep + c.clocks[0] + c.clocks[1] + c.clocks[2], 2000);
		assert_in_range(c.profile.asleep, 1000, 1099);
	}
}

static void test_activity(void **state)
{
	struct activity a = {0};
	struct vio_out out = {0};
	struct vio_in in = {0};

	(void)state;
	activity_step(&a, true, &in, &out);
	activity_step(&a, false, &in, &out); /* works within */
	assert_int_equal(a.idle, 1);
	assert_int_equal(a.busy, 1);
	out.m_axi_arvalid = 1;
	activity_step(&a, false, &in, &out); /* nobody takes it */
	assert_int_equal(a.stalled, 1);
	in.m_axi_arready = 1;
	activity_step(&a, false, &in, &out);
	assert_int_equal(a.busy, 2);
	out.m_axi_arvalid = 0;
	activity_step(&a, false, &in, &out); /* no data yet */
	assert_int_equal(a.stalled, 2);
	in.m_axi_rvalid = out.m_axi_rready = in.m_axi_rlast = 1;
	activity_step(&a, false, &in, &out);
	assert_int_equal(a.busy, 3);
	in.m_axi_rvalid = 0;
	activity_step(&a, false, &in, &out); /* nothing is under way any more */
	assert_int_equal(a.busy, 4);
	out.be_cmd_valid = in.be_cmd_ready = 1;
	activity_step(&a, false, &in, &out);
	out.be_cmd_valid = 0;
	activity_step(&a, false, &in, &out);
	assert_int_equal(a.stalled, 3);
	activity_reset(&a);
	activity_step(&a, false, &in, &out);
	assert_int_equal(a.busy, 6);
	assert_int_equal(a.busy + a.stalled + a.idle, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_activity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
