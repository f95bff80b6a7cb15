/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_rvc.c: every compressed instruction is the 4-byte one that the manual says; what is reserved is illegal.
 *
 * Both columns are GNU as's.
 */
#include "cpu_rig.h"
#include "cpu/decode.h"

struct row {
	const char *text;
	uint16_t half;
	uint32_t word;
};

static const struct row rows[] = {
	{"c.addi4spn a0, sp, 4", 0x0048, 0x00410513},
	{"c.addi4spn s1, sp, 1020", 0x1fe4, 0x3fc10493},
	{"c.addi4spn a5, sp, 680", 0x153c, 0x2a810793},
	{"c.lw a0, 124(a1)", 0x5de8, 0x07c5a503},
	{"c.lw s0, 64(a5)", 0x43a0, 0x0407a403},
	{"c.lw a3, 4(s1)", 0x40d4, 0x0044a683},
	{"c.ld a0, 248(a1)", 0x7de8, 0x0f85b503},
	{"c.ld s1, 64(a4)", 0x6324, 0x04073483},
	{"c.sw a0, 124(a1)", 0xdde8, 0x06a5ae23},
	{"c.sw a2, 68(s0)", 0xc070, 0x04c42223},
	{"c.sd a0, 248(a1)", 0xfde8, 0x0ea5bc23},
	{"c.sd a4, 8(a5)", 0xe798, 0x00e7b423},
	{"c.nop", 0x0001, 0x00000013},
	{"c.addi t0, -32", 0x1281, 0xfe028293},
	{"c.addi a0, 31", 0x057d, 0x01f50513},
	{"c.addiw a0, -1", 0x357d, 0xfff5051b},
	{"c.addiw t6, 0", 0x2f81, 0x000f8f9b},
	{"c.li a0, -32", 0x5501, 0xfe000513},
	{"c.li t6, 31", 0x4ffd, 0x01f00f93},
	{"c.addi16sp sp, -512", 0x7101, 0xe0010113},
	{"c.addi16sp sp, 496", 0x617d, 0x1f010113},
	{"c.addi16sp sp, 336", 0x6171, 0x15010113},
	{"c.lui a0, 0xfffe0", 0x7501, 0xfffe0537},
	{"c.lui t6, 31", 0x6ffd, 0x0001ffb7},
	{"c.srli a0, 63", 0x917d, 0x03f55513},
	{"c.srli s1, 1", 0x8085, 0x0014d493},
	{"c.srai a0, 63", 0x957d, 0x43f55513},
	{"c.srai a5, 21", 0x87d5, 0x4157d793},
	{"c.andi a0, -32", 0x9901, 0xfe057513},
	{"c.andi a5, 31", 0x8bfd, 0x01f7f793},
	{"c.sub a0, a1", 0x8d0d, 0x40b50533},
	{"c.xor s0, a5", 0x8c3d, 0x00f44433},
	{"c.or a0, a1", 0x8d4d, 0x00b56533},
	{"c.and s1, a2", 0x8cf1, 0x00c4f4b3},
	{"c.subw a0, a1", 0x9d0d, 0x40b5053b},
	{"c.addw a4, a3", 0x9f35, 0x00d7073b},
	{"c.j .-2048", 0xb001, 0x801ff06f},
	{"c.j .+2046", 0xaffd, 0x7fe0006f},
	{"c.j .+682", 0xa46d, 0x2aa0006f},
	{"c.beqz a0, .-256", 0xd101, 0xf00500e3},
	{"c.beqz s1, .+254", 0xccfd, 0x0e048f63},
	{"c.bnez a5, .+170", 0xe7cd, 0x0a079563},
	{"c.slli a0, 63", 0x157e, 0x03f51513},
	{"c.slli t6, 1", 0x0f86, 0x001f9f93},
	{"c.lwsp a0, 252(sp)", 0x557e, 0x0fc12503},
	{"c.lwsp t6, 68(sp)", 0x4f96, 0x04412f83},
	{"c.ldsp a0, 504(sp)", 0x757e, 0x1f813503},
	{"c.ldsp ra, 72(sp)", 0x60a6, 0x04813083},
	{"c.jr ra", 0x8082, 0x00008067},
	{"c.mv a0, t6", 0x857e, 0x01f00533},
	{"c.ebreak", 0x9002, 0x00100073},
	{"c.jalr a0", 0x9502, 0x000500e7},
	{"c.add t6, a0", 0x9faa, 0x00af8fb3},
	{"c.swsp a0, 252(sp)", 0xdfaa, 0x0ea12e23},
	{"c.swsp t6, 68(sp)", 0xc2fe, 0x05f12223},
	{"c.sdsp a0, 504(sp)", 0xffaa, 0x1ea13c23},
	{"c.sdsp ra, 72(sp)", 0xe486, 0x04113423},
	{"c.fld fa0, 248(a1)", 0x3de8, 0x0f85b507},
	{"c.fld fs1, 64(a4)", 0x2324, 0x04073487},
	{"c.fsd fa0, 248(a1)", 0xbde8, 0x0ea5bc27},
	{"c.fsd fa4, 8(a5)", 0xa798, 0x00e7b427},
	{"c.fldsp fa0, 504(sp)", 0x357e, 0x1f813507},
	{"c.fldsp ft0, 72(sp)", 0x2026, 0x04813007},
	{"c.fsdsp fa0, 504(sp)", 0xbfaa, 0x1ea13c27},
	{"c.fsdsp ft11, 72(sp)", 0xa4fe, 0x05f13427},
};

static void test_rows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rvc_expand(rows[i].half) != rows[i].word)
			fail_msg("%s: 0x%08x, not 0x%08x", rows[i].text, rvc_expand(rows[i].half), rows[i].word);
}

/* Unprivileged 16.8: all zeros; addi4spn, addiw, addi16sp, lui, lwsp, ldsp, jr with a zero where none may be; the
 * reserved row of quadrant 1. */
static void test_reserved(void **state)
{
	static const uint16_t halves[] = {0x0000, 0x0004, 0x2001, 0x6101, 0x6501, 0x4002,
					  0x6002, 0x8002, 0x9c41, 0x9c61, 0x8000};
	struct rig *rig = rig_new();

	(void)state;
	rig->cpu->mtvec = RIG_BASE + 0x1000;
	for (unsigned i = 0; i < sizeof halves / sizeof halves[0]; i++) {
		assert_int_equal(rvc_expand(halves[i]), 0);
		rig_put(rig, RIG_BASE, halves[i] | 0xffff0000, 4);
		rig->cpu->pc = RIG_BASE;
		cpu_run(rig->cpu, 1);
		rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, halves[i]);
	}
	rig_free(rig);
}

/* The steps and links of 2-byte code. */
static void test_steps(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	rig_put(rig, RIG_BASE, 0x0505, 2);     /* c.addi a0, 1 */
	rig_put(rig, RIG_BASE + 2, 0x9582, 2); /* c.jalr a1 */
	rig->cpu->x[A1] = RIG_BASE + 0x20;
	cpu_run(rig->cpu, 1);
	assert_int_equal(rig->cpu->pc, RIG_BASE + 2);
	assert_int_equal(rig->cpu->x[A0], 1);
	cpu_run(rig->cpu, 1);
	assert_int_equal(rig->cpu->pc, RIG_BASE + 0x20);
	assert_int_equal(rig->cpu->x[RA], RIG_BASE + 4);
	rig->cpu->mtvec = RIG_BASE + 0x1000;
	rig_put(rig, RIG_BASE + 0x20, 0x9002, 2); /* c.ebreak */
	cpu_run(rig->cpu, 1);
	rig_trapped(rig, CPU_CAUSE_BREAKPOINT, RIG_BASE + 0x20, RIG_BASE + 0x20);
	rig_free(rig);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
