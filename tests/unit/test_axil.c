/* SPDX-License-Identifier: Apache-2.0
 * test_axil.c: the AXI4-Lite manager against a small subordinate, with and without pauses, and each rule seen to fail. */
#include "unit.h"

#include "bus/axil.h"
#include "sim.h"

static struct axil *a;
static struct vio_in in;
static struct vio_out out;
static uint32_t regs[16];
static bool have_aw, have_w, slow;
static uint16_t aw;
static uint32_t w;
static uint8_t strb;
static struct sim_rng rng;
static unsigned clocks, pauses;

static void open_axil(unsigned stall)
{
	a = axil_new(stall, 3);
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	memset(regs, 0, sizeof(regs));
	out.s_axil_arready = out.s_axil_awready = out.s_axil_wready = 1;
	have_aw = have_w = slow = false;
	sim_rng_init(&rng, 9);
	clocks = pauses = 0;
}

static int teardown(void **state)
{
	(void)state;
	axil_free(a);
	return 0;
}

static bool maybe(void)
{
	return !slow || sim_rng_chance(&rng, 400);
}

/* The subordinate's edge: registers of 32 bits, byte strobes. */
static void subordinate(void)
{
	struct vio_out next = out;

	if (out.s_axil_rvalid && in.s_axil_rready)
		next.s_axil_rvalid = 0;
	if (out.s_axil_bvalid && in.s_axil_bready)
		next.s_axil_bvalid = 0;
	if (in.s_axil_arvalid && out.s_axil_arready) {
		next.s_axil_rvalid = 1;
		next.s_axil_rdata = regs[in.s_axil_araddr / 4 % 16];
		next.s_axil_rresp = in.s_axil_araddr >= 64 ? 2 : 0;
	}
	if (in.s_axil_awvalid && out.s_axil_awready) {
		have_aw = true;
		aw = in.s_axil_awaddr;
	}
	if (in.s_axil_wvalid && out.s_axil_wready) {
		have_w = true;
		w = in.s_axil_wdata;
		strb = in.s_axil_wstrb;
	}
	if (have_aw && have_w) {
		for (unsigned i = 0; i < 4; i++)
			if (strb >> i & 1)
				memcpy((uint8_t *)&regs[aw / 4 % 16] + i, (uint8_t *)&w + i, 1);
		have_aw = have_w = false;
		next.s_axil_bvalid = 1;
		next.s_axil_bresp = 0;
	}
	next.s_axil_arready = maybe();
	next.s_axil_awready = maybe() && !have_aw;
	next.s_axil_wready = maybe() && !have_w;
	out = next;
}

static void clock(void)
{
	axil_drive(a, &in);
	pauses += out.s_axil_rvalid && !in.s_axil_rready;
	axil_step(a, &in, &out);
	subordinate();
	clocks++;
	assert_true(clocks < 1000000);
}

static uint32_t do_read(uint16_t addr, unsigned *resp)
{
	uint32_t data;

	axil_read(a, addr);
	assert_false(axil_idle(a));
	while (!axil_done(a, &data, resp))
		clock();
	assert_false(axil_done(a, NULL, NULL));
	assert_true(axil_idle(a));
	return data;
}

static void do_write(uint16_t addr, uint32_t data, uint8_t lanes)
{
	unsigned resp;

	axil_write(a, addr, data, lanes);
	while (!axil_done(a, NULL, &resp))
		clock();
	assert_int_equal(resp, 0);
}

static void test_access(void **state)
{
	unsigned resp;

	(void)state;
	open_axil(0);
	do_write(8, 0x12345678, 15);
	assert_int_equal(clocks, 2); /* address and data, then the answer */
	assert_int_equal(do_read(8, &resp), 0x12345678);
	assert_int_equal(clocks, 4);
	assert_int_equal(resp, 0);
	do_write(8, 0xaabbccdd, 5);
	assert_int_equal(do_read(8, NULL), 0x12bb56dd);
	do_read(64, &resp);
	assert_int_equal(resp, 2);
	assert_null(axil_error(a));
}

static void test_pauses(void **state)
{
	uint32_t shadow[16] = {0};

	(void)state;
	open_axil(600);
	slow = true;
	for (unsigned i = 0; i < 2000; i++) {
		uint16_t addr = (uint16_t)(sim_rng_below(&rng, 16) * 4);

		if (sim_rng_chance(&rng, 512)) {
			shadow[addr / 4] = sim_rng_next(&rng);
			do_write(addr, shadow[addr / 4], 15);
		} else {
			assert_int_equal(do_read(addr, NULL), shadow[addr / 4]);
		}
	}
	assert_true(pauses > 100); /* back-pressure was there */
	assert_null(axil_error(a));
}

static void expect_error(const char *part)
{
	axil_drive(a, &in);
	axil_step(a, &in, &out);
	assert_non_null(axil_error(a));
	assert_non_null(strstr(axil_error(a), part));
}

/* Goes on until the subordinate's answer meets a ready that is down. */
static void held_answer(bool write)
{
	open_axil(1000);
	if (write)
		axil_write(a, 0, 1, 15);
	else
		axil_read(a, 0);
	for (;;) {
		axil_drive(a, &in);
		if ((out.s_axil_rvalid && !in.s_axil_rready) || (out.s_axil_bvalid && !in.s_axil_bready))
			break;
		clock();
	}
	axil_step(a, &in, &out);
	assert_null(axil_error(a));
}

static void test_rvalid_falls(void **state)
{
	(void)state;
	held_answer(false);
	out.s_axil_rvalid = 0;
	expect_error("s_axil_rvalid fell");
}

static void test_rdata_changes(void **state)
{
	(void)state;
	held_answer(false);
	out.s_axil_rdata ^= 1;
	expect_error("s_axil_r* changed");
}

static void test_bvalid_falls(void **state)
{
	(void)state;
	held_answer(true);
	out.s_axil_bvalid = 0;
	expect_error("s_axil_bvalid fell");
}

static void test_bresp_changes(void **state)
{
	(void)state;
	held_answer(true);
	out.s_axil_bresp ^= 2;
	expect_error("s_axil_bresp changed");
}

static void test_answer_without_question(void **state)
{
	(void)state;
	open_axil(0);
	out.s_axil_rvalid = 1;
	expect_error("s_axil_rvalid without");
}

static void test_response_without_question(void **state)
{
	(void)state;
	open_axil(0);
	axil_write(a, 0, 1, 15);
	out.s_axil_bvalid = 1;
	expect_error("s_axil_bvalid without");
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(test_##name, teardown)
	const struct CMUnitTest tests[] = {
		T(access),        T(pauses),
		T(rvalid_falls),  T(rdata_changes),
		T(bvalid_falls),  T(answer_without_question),
		T(bresp_changes), T(response_without_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
