/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_int.c: I and M without memory, one row an instruction and a pair of operands, and the jumps.
 *
 * The words are GNU as's; results were computed with integers of any size.
 */
#include "cpu_rig.h"

struct row {
	const char *text;
	uint32_t word;
	uint64_t a0, a1, a2; /* operands, result */
};

static const struct row rows[] = {
	{"add a2, a0, a1", 0x00b50633, 0x123456789abcdef0, 0xfedcba9876543217, 0x1111111111111107},
	{"add a2, a0, a1", 0x00b50633, 0xffffffffffffffff, 0x5, 0x4},
	{"sub a2, a0, a1", 0x40b50633, 0x123456789abcdef0, 0xfedcba9876543217, 0x13579be02468acd9},
	{"sub a2, a0, a1", 0x40b50633, 0xffffffffffffffff, 0x5, 0xfffffffffffffffa},
	{"sll a2, a0, a1", 0x00b51633, 0x123456789abcdef0, 0xfedcba9876543217, 0x3c4d5e6f78000000},
	{"sll a2, a0, a1", 0x00b51633, 0xffffffffffffffff, 0x5, 0xffffffffffffffe0},
	{"slt a2, a0, a1", 0x00b52633, 0x123456789abcdef0, 0xfedcba9876543217, 0x0},
	{"slt a2, a0, a1", 0x00b52633, 0xffffffffffffffff, 0x5, 0x1},
	{"sltu a2, a0, a1", 0x00b53633, 0x123456789abcdef0, 0xfedcba9876543217, 0x1},
	{"sltu a2, a0, a1", 0x00b53633, 0xffffffffffffffff, 0x5, 0x0},
	{"xor a2, a0, a1", 0x00b54633, 0x123456789abcdef0, 0xfedcba9876543217, 0xece8ece0ece8ece7},
	{"xor a2, a0, a1", 0x00b54633, 0xffffffffffffffff, 0x5, 0xfffffffffffffffa},
	{"srl a2, a0, a1", 0x00b55633, 0x123456789abcdef0, 0xfedcba9876543217, 0x2468acf135},
	{"srl a2, a0, a1", 0x00b55633, 0xffffffffffffffff, 0x5, 0x7ffffffffffffff},
	{"sra a2, a0, a1", 0x40b55633, 0x123456789abcdef0, 0xfedcba9876543217, 0x2468acf135},
	{"sra a2, a0, a1", 0x40b55633, 0xffffffffffffffff, 0x5, 0xffffffffffffffff},
	{"or a2, a0, a1", 0x00b56633, 0x123456789abcdef0, 0xfedcba9876543217, 0xfefcfef8fefcfef7},
	{"or a2, a0, a1", 0x00b56633, 0xffffffffffffffff, 0x5, 0xffffffffffffffff},
	{"and a2, a0, a1", 0x00b57633, 0x123456789abcdef0, 0xfedcba9876543217, 0x1214121812141210},
	{"and a2, a0, a1", 0x00b57633, 0xffffffffffffffff, 0x5, 0x5},
	{"addw a2, a0, a1", 0x00b5063b, 0x123456789abcdef0, 0xfedcba9876543217, 0x11111107},
	{"addw a2, a0, a1", 0x00b5063b, 0xffffffffffffffff, 0x5, 0x4},
	{"subw a2, a0, a1", 0x40b5063b, 0x123456789abcdef0, 0xfedcba9876543217, 0x2468acd9},
	{"subw a2, a0, a1", 0x40b5063b, 0xffffffffffffffff, 0x5, 0xfffffffffffffffa},
	{"sllw a2, a0, a1", 0x00b5163b, 0x123456789abcdef0, 0xfedcba9876543217, 0x78000000},
	{"sllw a2, a0, a1", 0x00b5163b, 0xffffffffffffffff, 0x5, 0xffffffffffffffe0},
	{"srlw a2, a0, a1", 0x00b5563b, 0x123456789abcdef0, 0xfedcba9876543217, 0x135},
	{"srlw a2, a0, a1", 0x00b5563b, 0xffffffffffffffff, 0x5, 0x7ffffff},
	{"sraw a2, a0, a1", 0x40b5563b, 0x123456789abcdef0, 0xfedcba9876543217, 0xffffffffffffff35},
	{"sraw a2, a0, a1", 0x40b5563b, 0xffffffffffffffff, 0x5, 0xffffffffffffffff},
	{"mul a2, a0, a1", 0x02b50633, 0x123456789abcdef0, 0xfedcba9876543217, 0xa2dbe64a9142e790},
	{"mul a2, a0, a1", 0x02b50633, 0xffffffffffffffff, 0x5, 0xfffffffffffffffb},
	{"mul a2, a0, a1", 0x02b50633, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000},
	{"mulh a2, a0, a1", 0x02b51633, 0x123456789abcdef0, 0xfedcba9876543217, 0xffeb49923cc09532},
	{"mulh a2, a0, a1", 0x02b51633, 0xffffffffffffffff, 0x5, 0xffffffffffffffff},
	{"mulh a2, a0, a1", 0x02b51633, 0x8000000000000000, 0xffffffffffffffff, 0x0},
	{"mulhsu a2, a0, a1", 0x02b52633, 0x123456789abcdef0, 0xfedcba9876543217, 0x121fa00ad77d7422},
	{"mulhsu a2, a0, a1", 0x02b52633, 0xffffffffffffffff, 0x5, 0xffffffffffffffff},
	{"mulhsu a2, a0, a1", 0x02b52633, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000},
	{"mulhu a2, a0, a1", 0x02b53633, 0x123456789abcdef0, 0xfedcba9876543217, 0x121fa00ad77d7422},
	{"mulhu a2, a0, a1", 0x02b53633, 0xffffffffffffffff, 0x5, 0x4},
	{"mulhu a2, a0, a1", 0x02b53633, 0x8000000000000000, 0xffffffffffffffff, 0x7fffffffffffffff},
	{"div a2, a0, a1", 0x02b54633, 0xffffffffffffff9c, 0x7, 0xfffffffffffffff2},
	{"div a2, a0, a1", 0x02b54633, 0x123456789abcdef0, 0x0, 0xffffffffffffffff},
	{"div a2, a0, a1", 0x02b54633, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000},
	{"divu a2, a0, a1", 0x02b55633, 0xffffffffffffff9c, 0x7, 0x2492492492492484},
	{"divu a2, a0, a1", 0x02b55633, 0x123456789abcdef0, 0x0, 0xffffffffffffffff},
	{"divu a2, a0, a1", 0x02b55633, 0x8000000000000000, 0xffffffffffffffff, 0x0},
	{"rem a2, a0, a1", 0x02b56633, 0xffffffffffffff9c, 0x7, 0xfffffffffffffffe},
	{"rem a2, a0, a1", 0x02b56633, 0x123456789abcdef0, 0x0, 0x123456789abcdef0},
	{"rem a2, a0, a1", 0x02b56633, 0x8000000000000000, 0xffffffffffffffff, 0x0},
	{"remu a2, a0, a1", 0x02b57633, 0xffffffffffffff9c, 0x7, 0x0},
	{"remu a2, a0, a1", 0x02b57633, 0x123456789abcdef0, 0x0, 0x123456789abcdef0},
	{"remu a2, a0, a1", 0x02b57633, 0x8000000000000000, 0xffffffffffffffff, 0x8000000000000000},
	{"mulw a2, a0, a1", 0x02b5063b, 0x123456789abcdef0, 0xfedcba9876543217, 0xffffffff9142e790},
	{"mulw a2, a0, a1", 0x02b5063b, 0xffffffffffffffff, 0x5, 0xfffffffffffffffb},
	{"mulw a2, a0, a1", 0x02b5063b, 0x8000000000000000, 0xffffffffffffffff, 0x0},
	{"divw a2, a0, a1", 0x02b5463b, 0xffffffffffffff9c, 0x7, 0xfffffffffffffff2},
	{"divw a2, a0, a1", 0x02b5463b, 0x123456789abcdef0, 0xffff00000000, 0xffffffffffffffff},
	{"divw a2, a0, a1", 0x02b5463b, 0xffffffff80000000, 0xffffffff, 0xffffffff80000000},
	{"divuw a2, a0, a1", 0x02b5563b, 0xffffffffffffff9c, 0x7, 0x24924916},
	{"divuw a2, a0, a1", 0x02b5563b, 0x123456789abcdef0, 0xffff00000000, 0xffffffffffffffff},
	{"divuw a2, a0, a1", 0x02b5563b, 0xffffffff80000000, 0xffffffff, 0x0},
	{"remw a2, a0, a1", 0x02b5663b, 0xffffffffffffff9c, 0x7, 0xfffffffffffffffe},
	{"remw a2, a0, a1", 0x02b5663b, 0x123456789abcdef0, 0xffff00000000, 0xffffffff9abcdef0},
	{"remw a2, a0, a1", 0x02b5663b, 0xffffffff80000000, 0xffffffff, 0x0},
	{"remuw a2, a0, a1", 0x02b5763b, 0xffffffffffffff9c, 0x7, 0x2},
	{"remuw a2, a0, a1", 0x02b5763b, 0x123456789abcdef0, 0xffff00000000, 0xffffffff9abcdef0},
	{"remuw a2, a0, a1", 0x02b5763b, 0xffffffff80000000, 0xffffffff, 0xffffffff80000000},
	{"addi a2, a0, -2048", 0x80050613, 0x123456789abcdef0, 0x0, 0x123456789abcd6f0},
	{"addi a2, a0, 2047", 0x7ff50613, 0x7fffffff, 0x0, 0x800007fe},
	{"slti a2, a0, -2048", 0x80052613, 0x123456789abcdef0, 0x0, 0x0},
	{"slti a2, a0, 2047", 0x7ff52613, 0x7fffffff, 0x0, 0x0},
	{"sltiu a2, a0, -2048", 0x80053613, 0x123456789abcdef0, 0x0, 0x1},
	{"sltiu a2, a0, 2047", 0x7ff53613, 0x7fffffff, 0x0, 0x0},
	{"xori a2, a0, -2048", 0x80054613, 0x123456789abcdef0, 0x0, 0xedcba987654326f0},
	{"xori a2, a0, 2047", 0x7ff54613, 0x7fffffff, 0x0, 0x7ffff800},
	{"ori a2, a0, -2048", 0x80056613, 0x123456789abcdef0, 0x0, 0xfffffffffffffef0},
	{"ori a2, a0, 2047", 0x7ff56613, 0x7fffffff, 0x0, 0x7fffffff},
	{"andi a2, a0, -2048", 0x80057613, 0x123456789abcdef0, 0x0, 0x123456789abcd800},
	{"andi a2, a0, 2047", 0x7ff57613, 0x7fffffff, 0x0, 0x7ff},
	{"addiw a2, a0, -2048", 0x8005061b, 0x123456789abcdef0, 0x0, 0xffffffff9abcd6f0},
	{"addiw a2, a0, 2047", 0x7ff5061b, 0x7fffffff, 0x0, 0xffffffff800007fe},
	{"slli a2, a0, 63", 0x03f51613, 0xfedcba9876543217, 0x0, 0x8000000000000000},
	{"slli a2, a0, 4", 0x00451613, 0xfedcba9876543217, 0x0, 0xedcba98765432170},
	{"srli a2, a0, 63", 0x03f55613, 0xfedcba9876543217, 0x0, 0x1},
	{"srli a2, a0, 4", 0x00455613, 0xfedcba9876543217, 0x0, 0xfedcba987654321},
	{"srai a2, a0, 63", 0x43f55613, 0xfedcba9876543217, 0x0, 0xffffffffffffffff},
	{"srai a2, a0, 4", 0x40455613, 0xfedcba9876543217, 0x0, 0xffedcba987654321},
	{"slliw a2, a0, 31", 0x01f5161b, 0xfedcba9896543217, 0x0, 0xffffffff80000000},
	{"slliw a2, a0, 4", 0x0045161b, 0xfedcba9876543217, 0x0, 0x65432170},
	{"srliw a2, a0, 31", 0x01f5561b, 0xfedcba9896543217, 0x0, 0x1},
	{"srliw a2, a0, 4", 0x0045561b, 0xfedcba9876543217, 0x0, 0x7654321},
	{"sraiw a2, a0, 31", 0x41f5561b, 0xfedcba9896543217, 0x0, 0xffffffffffffffff},
	{"sraiw a2, a0, 4", 0x4045561b, 0xfedcba9876543217, 0x0, 0x7654321},
	{"lui a2, 0x80000", 0x80000637, 0x0, 0x0, 0xffffffff80000000},
	{"lui a2, 0x12345", 0x12345637, 0x0, 0x0, 0x12345000},
	{"auipc a2, 0xfffff", 0xfffff617, 0x0, 0x0, 0x7ffff000},
	{"auipc a2, 0x1", 0x00001617, 0x0, 0x0, 0x80001000},
};

static void test_rows(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rig->cpu->x[A0] = rows[i].a0;
		rig->cpu->x[A1] = rows[i].a1;
		rig->cpu->x[A2] = 0x5555555555555555;
		rig_do(rig, rows[i].word);
		if (rig->cpu->x[A2] != rows[i].a2)
			fail_msg("%s: 0x%llx, not 0x%llx", rows[i].text, (unsigned long long)rig->cpu->x[A2],
				 (unsigned long long)rows[i].a2);
		assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
		assert_int_equal(rig->cpu->x[A0], rows[i].a0);
		assert_int_equal(rig->cpu->x[A1], rows[i].a1);
	}
	assert_int_equal(rig->cpu->cycle, sizeof rows / sizeof rows[0]);
	assert_int_equal(cpu_instret(rig->cpu), rig->cpu->cycle);
	rig_free(rig);
}

static void test_x0_stays_zero(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	rig->cpu->x[A0] = 41;
	rig_do(rig, 0x00150013); /* addi zero, a0, 1 */
	assert_int_equal(rig->cpu->x[0], 0);
	rig_do(rig, 0x00000633); /* add a2, zero, zero */
	assert_int_equal(rig->cpu->x[A2], 0);
	rig_free(rig);
}

/* Branches by +16, on all orders of a pair that differs signed and unsigned. */
static void test_branches(void **state)
{
	static const struct {
		uint32_t word;
		bool less, equal, greater; /* taken for (-1, 1), (7, 7), (1, -1), as signed numbers */
	} branches[] = {
		{0x00b50863, false, true, false}, /* beq */
		{0x00b51863, true, false, true},  /* bne */
		{0x00b54863, true, false, false}, /* blt */
		{0x00b55863, false, true, true},  /* bge */
		{0x00b56863, false, false, true}, /* bltu: 1 < 2^64 - 1 */
		{0x00b57863, true, true, false},  /* bgeu */
	};
	static const uint64_t pairs[3][2] = {{UINT64_MAX, 1}, {7, 7}, {1, UINT64_MAX}};
	struct rig *rig = rig_new();

	(void)state;
	for (unsigned i = 0; i < sizeof branches / sizeof branches[0]; i++) {
		for (unsigned p = 0; p < 3; p++) {
			bool taken = p == 0 ? branches[i].less : p == 1 ? branches[i].equal : branches[i].greater;

			rig->cpu->x[A0] = pairs[p][0];
			rig->cpu->x[A1] = pairs[p][1];
			rig_do(rig, branches[i].word);
			assert_int_equal(rig->cpu->pc, RIG_BASE + (taken ? 16 : 4));
		}
	}
	rig_free(rig);
}

static void test_jumps(void **state)
{
	struct rig *rig = rig_new();

	(void)state;
	rig_do_at(rig, RIG_BASE + 0x100, 0x010000ef); /* jal ra, .+16 */
	assert_int_equal(rig->cpu->pc, RIG_BASE + 0x110);
	assert_int_equal(rig->cpu->x[RA], RIG_BASE + 0x104);
	rig_do_at(rig, RIG_BASE + 0x1004, 0xff1ff0ef); /* jal ra, .-16: to the page before */
	assert_int_equal(rig->cpu->pc, RIG_BASE + 0xff4);
	assert_int_equal(rig->cpu->x[RA], RIG_BASE + 0x1008);
	rig->cpu->x[A0] = RIG_BASE + 0x200;
	rig_do(rig, 0x003500e7); /* jalr ra, 3(a0): bit 0 is dropped */
	assert_int_equal(rig->cpu->pc, RIG_BASE + 0x202);
	assert_int_equal(rig->cpu->x[RA], RIG_BASE + 4);
	rig->cpu->x[RA] = RIG_BASE + 0x300;
	rig_do(rig, 0x000080e7); /* jalr ra, 0(ra): the target is the old ra */
	assert_int_equal(rig->cpu->pc, RIG_BASE + 0x300);
	assert_int_equal(rig->cpu->x[RA], RIG_BASE + 4);
	rig_free(rig);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_x0_stays_zero),
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_jumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
