/* SPDX-License-Identifier: Apache-2.0
 * test_cpu_fp.c: F and D instructions: each one does its own arithmetic on its own registers; boxing, mstatus.FS, fcsr.
 *
 * The words are GNU as's. The arithmetic itself is judged by test_fp_host.c and test_fp_corner.c.
 */
#include "cpu_rig.h"
#include "cpu/fp.h"

enum { FFLAGS = 1, FRM = 2, FCSR = 3, MSTATUS = 0x300, FA0 = 10, FA1 = 11, FA2 = 12, FA3 = 13 };

#define S(bits) (FP_BOX | 0x##bits)
#define D(bits) (0x##bits##ull << 48) /* the first 16 bits; the rest is zero */
#define FS_OFF 0ull
#define FS_CLEAN (2ull << 13)
#define FS_DIRTY (3ull << 13)
#define NAN_D D(7ff8)
#define SIGNALING_D 0x7ff0000000000001ull

static struct rig *rig;

static int setup(void **state)
{
	(void)state;
	rig = rig_new();
	rig->cpu->mtvec = RIG_BASE + 0x1000;
	rig->cpu->mstatus |= FS_CLEAN;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(rig);
	return 0;
}

static uint64_t fs(void)
{
	return rig->cpu->mstatus & FS_DIRTY;
}

/* fa0, fa1, fa3 are 5, 3 and 7 in the format of the instruction. */
static const struct {
	const char *text;
	uint32_t word;
	bool wide;
	uint64_t fa2;
} rows[] = {
	{"fadd.s fa2, fa0, fa1", 0x00b57653, false, S(41000000)},
	{"fsub.d fa2, fa0, fa1, rtz", 0x0ab51653, true, D(4000)},
	{"fadd.d fa2, fa0, fa1, rmm", 0x02b54653, true, D(4020)},
	{"fmadd.s fa2, fa0, fa1, fa3", 0x68b57643, false, S(41b00000)},
	{"fmsub.d fa2, fa0, fa1, fa3", 0x6ab57647, true, D(4020)},
	{"fnmsub.s fa2, fa0, fa1, fa3", 0x68b5764b, false, S(c1000000)},
	{"fnmadd.d fa2, fa0, fa1, fa3", 0x6ab5764f, true, D(c036)},
	{"fmul.s fa2, fa0, fa1", 0x10b57653, false, S(41700000)},
	{"fdiv.d fa2, fa0, fa1", 0x1ab57653, true, 0x3ffaaaaaaaaaaaab},
	{"fsqrt.s fa2, fa0", 0x58057653, false, S(400f1bbd)},
	{"fsqrt.d fa2, fa0", 0x5a057653, true, 0x4001e3779b97f4a8},
	{"fsgnj.s fa2, fa0, fa1", 0x20b50653, false, S(40a00000)},
	{"fsgnjn.s fa2, fa0, fa1", 0x20b51653, false, S(c0a00000)},
	{"fsgnjx.s fa2, fa0, fa1", 0x20b52653, false, S(40a00000)},
	{"fsgnj.d fa2, fa0, fa1", 0x22b50653, true, D(4014)},
	{"fsgnjn.d fa2, fa0, fa1", 0x22b51653, true, D(c014)},
	{"fsgnjx.d fa2, fa0, fa1", 0x22b52653, true, D(4014)},
	{"fmin.s fa2, fa0, fa1", 0x28b50653, false, S(40400000)},
	{"fmax.d fa2, fa0, fa1", 0x2ab51653, true, D(4014)},
	{"fcvt.s.d fa2, fa0", 0x40157653, true, S(40a00000)},
	{"fcvt.d.s fa2, fa0", 0x42050653, false, D(4014)},
};

static void set_operands(bool wide)
{
	rig->cpu->f[FA0] = wide ? D(4014) : S(40a00000);
	rig->cpu->f[FA1] = wide ? D(4008) : S(40400000);
	rig->cpu->f[FA3] = wide ? D(401c) : S(40e00000);
	rig->cpu->f[FA2] = 0x5555555555555555;
}

static void test_rows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		set_operands(rows[i].wide);
		rig->cpu->mstatus = FS_CLEAN;
		rig_do(rig, rows[i].word);
		if (rig->cpu->f[FA2] != rows[i].fa2 || rig->cpu->pc != RIG_BASE + 4)
			fail_msg("%s: 0x%llx, not 0x%llx", rows[i].text, (unsigned long long)rig->cpu->f[FA2],
				 (unsigned long long)rows[i].fa2);
		assert_int_equal(fs(), FS_DIRTY);
	}
}

/* To x registers, of 5 and 3. None changes the floating-point state. */
static void test_to_integer(void **state)
{
	static const struct {
		uint32_t word;
		bool wide;
		uint64_t a2;
	} to[] = {
		{0xa0b50653, false, 0},      {0xa0b51653, false, 0}, {0xa0b52653, false, 0}, /* fle, flt, feq */
		{0xa2b50653, true, 0},       {0xa2b51653, true, 0},  {0xa2b52653, true, 0},
		{0xa0a50653, false, 1},      {0xa0a51653, false, 0}, {0xa0a52653, false, 1}, /* of fa0 and itself */
		{0xc0057653, false, 5},      {0xc0157653, false, 5}, {0xc0257653, false, 5},
		{0xc0357653, false, 5},      {0xc2051653, true, 5},  {0xc2151653, true, 5},
		{0xc2251653, true, 5},       {0xc2351653, true, 5},  {0xe0050653, false, 0x40a00000}, /* fmv.x.w */
		{0xe2050653, true, D(4014)},                                                          /* fmv.x.d */
		{0xe0051653, false, 1 << 6},                                                          /* fclass */
		{0xe2051653, true, 1 << 6},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof to / sizeof to[0]; i++) {
		set_operands(to[i].wide);
		rig_do(rig, to[i].word);
		if (rig->cpu->x[A2] != to[i].a2)
			fail_msg("0x%08x: 0x%llx", to[i].word, (unsigned long long)rig->cpu->x[A2]);
		assert_int_equal(fs(), FS_CLEAN);
	}
	rig->cpu->f[FA0] = 0x00000000c0a00000; /* moved as it is, boxed or not, and extended */
	rig_do(rig, 0xe0050653);
	assert_int_equal(rig->cpu->x[A2], 0xffffffffc0a00000);
}

static void test_from_integer(void **state)
{
	static const struct {
		uint32_t word;
		uint64_t fa2;
	} from[] = {
		{0xd0057653, S(c0a00000)}, {0xd0157653, S(4f800000)},
		{0xd0257653, S(c0a00000)}, {0xd0357653, S(5f800000)},
		{0xd2050653, D(c014)},     {0xd2150653, 0x41efffffff600000},
		{0xd2257653, D(c014)},     {0xd2357653, D(43f0)},
		{0xf0050653, S(fffffffb)}, {0xf2050653, 0xfffffffffffffffb},
	};

	(void)state;
	rig->cpu->x[A0] = (uint64_t)-5;
	for (unsigned i = 0; i < sizeof from / sizeof from[0]; i++) {
		rig_do(rig, from[i].word);
		if (rig->cpu->f[FA2] != from[i].fa2)
			fail_msg("0x%08x: 0x%llx", from[i].word, (unsigned long long)rig->cpu->f[FA2]);
	}
}

/* What is not boxed is the canonical NaN to arithmetic, but is moved and stored as it is. */
static void test_boxing(void **state)
{
	(void)state;
	rig->cpu->f[FA0] = 0xfffffffe40a00000;
	rig->cpu->f[FA1] = S(40400000);
	rig_do(rig, 0x00b57653); /* fadd.s */
	assert_int_equal(rig->cpu->f[FA2], S(7fc00000));
	assert_int_equal(rig->cpu->fflags, 0);
	rig_do(rig, 0x20b50653); /* fsgnj.s: of the NaN, too */
	assert_int_equal(rig->cpu->f[FA2], S(7fc00000));
	rig_do(rig, 0xe0051653); /* fclass.s */
	assert_int_equal(rig->cpu->x[A2], 1 << 9);
	rig->cpu->x[A0] = RIG_DATA;
	rig->cpu->f[FA1] = 0x1234567840a00000;
	rig_do(rig, 0x00b52227); /* fsw fa1, 4(a0) */
	assert_int_equal(rig_get(rig, RIG_DATA, 8), 0x40a0000000000000);
}

static void test_memory(void **state)
{
	(void)state;
	rig->cpu->x[A0] = RIG_DATA + 8;
	rig_put(rig, RIG_DATA + 8, 0x8899aabbccddeeff, 8);
	rig_put(rig, RIG_DATA, 0x0123456789abcdef, 8);
	rig_do(rig, 0x00452607); /* flw fa2, 4(a0) */
	assert_int_equal(rig->cpu->f[FA2], S(8899aabb));
	rig_do(rig, 0xff853607); /* fld fa2, -8(a0) */
	assert_int_equal(rig->cpu->f[FA2], 0x0123456789abcdef);
	rig_do(rig, 0x00053007); /* fld ft0, 0(a0): f0 is like any other */
	assert_int_equal(rig->cpu->f[0], 0x8899aabbccddeeff);
	assert_int_equal(fs(), FS_DIRTY);
	rig->cpu->mstatus = FS_CLEAN;
	rig->cpu->f[FA1] = 0x1122334455667788;
	rig_do(rig, 0xfeb53c27); /* fsd fa1, -8(a0) */
	assert_int_equal(rig_get(rig, RIG_DATA, 8), 0x1122334455667788);
	rig_do(rig, 0x00053027); /* fsd ft0, 0(a0) */
	assert_int_equal(rig_get(rig, RIG_DATA + 8, 8), 0x8899aabbccddeeff);
	assert_int_equal(fs(), FS_CLEAN);
	rig->cpu->x[A0] = RIG_DEVICE - 4; /* a device's bytes, and a fault, which changes nothing */
	rig->device = 0x12345678;
	rig_do(rig, 0x00452607);
	assert_int_equal(rig->cpu->f[FA2], S(12345678));
	rig->cpu->mstatus = FS_CLEAN;
	rig->cpu->x[A0] = 8;
	rig_do(rig, 0xff853607);
	rig_trapped(rig, CPU_CAUSE_LOAD_ACCESS, RIG_BASE, 0);
	assert_int_equal(rig->cpu->f[FA2], S(12345678));
	assert_int_equal(fs(), FS_CLEAN);
}

static void test_compressed(void **state)
{
	(void)state;
	rig->cpu->x[SP] = RIG_DATA;
	rig_put(rig, RIG_DATA + 72, 0x0123456789abcdef, 8);
	rig_do(rig, 0xaaaa2026); /* c.fldsp ft0, 72(sp); c.fsdsp fa0, ... */
	assert_int_equal(rig->cpu->f[0], 0x0123456789abcdef);
	assert_int_equal(rig->cpu->pc, RIG_BASE + 2);
}

static void illegal(uint32_t word)
{
	rig_do(rig, word);
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, word);
}

static void test_off(void **state)
{
	(void)state;
	rig->cpu->mstatus = FS_OFF;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		illegal(rows[i].word);
	illegal(0x00452607); /* flw, fld, fsw, fsd */
	illegal(0xff853607);
	illegal(0x00b52227);
	illegal(0xfeb53c27);
	illegal(0xe2050653); /* fmv.x.d */
	illegal(0xf2050653); /* fmv.d.x */
	illegal(0xe0051653); /* fclass.s */
	illegal(0xc0057653); /* fcvt.w.s */
	for (unsigned csr = FFLAGS; csr <= FCSR; csr++)
		illegal(enc_csrrs(A2, csr, 0));
	rig_put(rig, RIG_BASE, 0xffff2026, 4); /* c.fldsp: its own two bytes are mtval */
	rig->cpu->pc = RIG_BASE;
	cpu_run(rig->cpu, 1);
	rig_trapped(rig, CPU_CAUSE_ILLEGAL, RIG_BASE, 0x2026);
	assert_int_equal(fs(), FS_OFF);
}

static void test_rounding_modes(void **state)
{
	(void)state;
	rig->cpu->f[FA0] = D(3ff0);
	rig->cpu->f[FA1] = D(3ca0); /* 2^-53, half of 1's last bit */
	illegal(0x02b55653);        /* fadd.d with modes 5 and 6 */
	illegal(0x02b56653);
	for (unsigned frm = 0; frm < 8; frm++) {
		rig->cpu->frm = frm;
		rig->cpu->f[FA2] = 0;
		if (frm > FP_RMM) {
			illegal(0x02b57653);
			continue;
		}
		rig_do(rig, 0x02b57653);
		assert_int_equal(rig->cpu->f[FA2], D(3ff0) + (frm == FP_RUP || frm == FP_RMM));
		assert_int_equal(rig->cpu->fflags, FP_NX);
	}
	rig_do(rig, 0x02b50653); /* its own mode, whatever frm is */
	assert_int_equal(rig->cpu->f[FA2], D(3ff0));
	rig_do(rig, 0x22b50653); /* fsgnj.d has no mode */
	assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
}

/* Flags stay until they are cleared; with them FS gets dirty, also by an instruction that writes an x register. */
static void test_flags(void **state)
{
	(void)state;
	rig->cpu->f[FA0] = D(3ff0);
	rig->cpu->f[FA1] = 0;
	rig_do(rig, 0x1ab57653); /* fdiv.d */
	assert_int_equal(rig->cpu->f[FA2], D(7ff0));
	rig->cpu->f[FA0] = SIGNALING_D;
	rig->cpu->mstatus = FS_CLEAN;
	rig_do(rig, 0xa2b52653); /* feq.d */
	assert_int_equal(rig->cpu->x[A2], 0);
	assert_int_equal(rig->cpu->fflags, FP_DZ | FP_NV);
	assert_int_equal(fs(), FS_DIRTY);
	rig->cpu->fflags = 0;
	rig->cpu->f[FA0] = NAN_D;
	rig_do(rig, 0xa2b52653);
	assert_int_equal(rig->cpu->fflags, 0);
	rig_do(rig, 0xc2051653); /* fcvt.w.d */
	assert_int_equal(rig->cpu->x[A2], INT32_MAX);
	assert_int_equal(rig->cpu->fflags, FP_NV);
}

static uint64_t swap_csr(uint32_t csr, uint64_t value)
{
	rig->cpu->x[A0] = value;
	rig_do(rig, enc_csrrw(A2, csr, A0));
	assert_int_equal(rig->cpu->pc, RIG_BASE + 4);
	return rig->cpu->x[A2];
}

static void test_csrs(void **state)
{
	(void)state;
	rig_do(rig, enc_csrrs(A2, FCSR, 0));
	assert_int_equal(fs(), FS_CLEAN);
	assert_int_equal(swap_csr(FCSR, UINT64_MAX), 0);
	assert_int_equal(fs(), FS_DIRTY);
	assert_int_equal(swap_csr(FFLAGS, 0x15), 0x1f);
	assert_int_equal(swap_csr(FRM, 0xfa), 7);
	assert_int_equal(swap_csr(FCSR, 0x83), 0x55);
	assert_int_equal(swap_csr(FRM, 0), 4);
	assert_int_equal(swap_csr(FFLAGS, 0), 3);
	assert_int_equal(swap_csr(MSTATUS, FS_CLEAN) & FS_DIRTY, FS_DIRTY);
	assert_int_equal(swap_csr(MSTATUS, FS_DIRTY) >> 63, 0);
	assert_int_equal(swap_csr(MSTATUS, 0) >> 63, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_rows),   TEST(test_to_integer), TEST(test_from_integer), TEST(test_boxing),
		TEST(test_memory), TEST(test_compressed), TEST(test_off),          TEST(test_rounding_modes),
		TEST(test_flags),  TEST(test_csrs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
