/* SPDX-License-Identifier: Apache-2.0
 * test_axi_check.c: every rule of the AXI checker is seen to hold, and to fail. */
#include "unit.h"

#include "bus/axi_check.h"
#include "vio_params.h"

static struct axi_check check;
static struct vio_in in;
static struct vio_out out;

static int setup(void **state)
{
	(void)state;
	axi_check_reset(&check);
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	in.m_axi_arready = in.m_axi_awready = in.m_axi_wready = 1;
	return 0;
}

static void clock(void)
{
	axi_check_step(&check, &in, &out);
}

static void expect(const char *part)
{
	clock();
	if (part == NULL) {
		assert_null(axi_check_error(&check));
		return;
	}
	assert_non_null(axi_check_error(&check));
	assert_non_null(strstr(axi_check_error(&check), part));
}

static void put_ar(uint64_t addr, unsigned beats)
{
	out.m_axi_arvalid = 1;
	out.m_axi_araddr = addr;
	out.m_axi_arlen = (uint8_t)(beats - 1);
	out.m_axi_arsize = 3;
	out.m_axi_arburst = 1;
	out.m_axi_arid = 3;
}

static void put_aw(uint64_t addr, unsigned beats)
{
	out.m_axi_awvalid = 1;
	out.m_axi_awaddr = addr;
	out.m_axi_awlen = (uint8_t)(beats - 1);
	out.m_axi_awsize = 3;
	out.m_axi_awburst = 1;
}

static void put_w(uint8_t strb, bool last)
{
	out.m_axi_wvalid = 1;
	out.m_axi_wstrb = strb;
	out.m_axi_wlast = last;
}

static void test_good_traffic(void **state)
{
	(void)state;
	put_ar(0x1000, 64);
	put_aw(0x2ff8, 1);
	put_w(0xff, true);
	expect(NULL);
	put_ar(0x1e00, 64);
	put_aw(0x3003, 2);
	put_w(0xf8, false);
	in.m_axi_arready = 0;
	expect(NULL);
	out.m_axi_awvalid = 0;
	put_w(0x01, true);
	expect(NULL); /* ar holds still */
	in.m_axi_arready = 1;
	out.m_axi_wvalid = 0;
	expect(NULL);
	/* Data before its address. */
	out.m_axi_arvalid = 0;
	put_w(0xff, false);
	expect(NULL);
	put_w(0xff, true);
	expect(NULL);
	out.m_axi_wvalid = 0;
	put_aw(0x4000, 2);
	expect(NULL);
}

static void test_ar_falls(void **state)
{
	(void)state;
	in.m_axi_arready = 0;
	put_ar(0, 1);
	expect(NULL);
	out.m_axi_arvalid = 0;
	expect("m_axi_arvalid fell");
}

static void test_ar_changes(void **state)
{
	(void)state;
	in.m_axi_arready = 0;
	put_ar(0, 1);
	expect(NULL);
	out.m_axi_arid = 2;
	expect("m_axi_ar* changed");
}

static void test_aw_falls(void **state)
{
	(void)state;
	in.m_axi_awready = 0;
	put_aw(0, 1);
	expect(NULL);
	out.m_axi_awvalid = 0;
	expect("m_axi_awvalid fell");
}

static void test_aw_changes(void **state)
{
	(void)state;
	in.m_axi_awready = 0;
	put_aw(0, 1);
	expect(NULL);
	out.m_axi_awaddr = 8;
	expect("m_axi_aw* changed");
}

static void test_w_falls(void **state)
{
	(void)state;
	in.m_axi_wready = 0;
	put_w(0xff, true);
	expect(NULL);
	out.m_axi_wvalid = 0;
	expect("m_axi_wvalid fell");
}

static void test_w_changes(void **state)
{
	(void)state;
	in.m_axi_wready = 0;
	put_w(0xff, true);
	expect(NULL);
	out.m_axi_wdata = 1;
	expect("m_axi_w* changed");
}

static void test_page_crossing(void **state)
{
	(void)state;
	put_ar(0x1ff8, 2);
	expect("crosses 4 KiB");
}

static void test_page_crossing_write(void **state)
{
	(void)state;
	put_aw(0x1e08, 64);
	expect("crosses 4 KiB");
}

static void test_narrow(void **state)
{
	(void)state;
	put_ar(0, 1);
	out.m_axi_arsize = 2;
	expect("narrower");
}

static void test_not_incr(void **state)
{
	(void)state;
	put_aw(0, 1);
	out.m_axi_awburst = 2;
	expect("not INCR");
}

static void test_read_id(void **state)
{
	(void)state;
	put_ar(0, 1);
	out.m_axi_arid = VIO_ID_RANGE + 1;
	expect("m_axi_arid");
}

static void test_write_id(void **state)
{
	(void)state;
	put_aw(0, 1);
	out.m_axi_awid = 1;
	expect("m_axi_awid");
}

static void test_wlast_early(void **state)
{
	(void)state;
	put_aw(0, 2);
	put_w(0xff, true);
	expect("m_axi_wlast early");
}

static void test_wlast_missing(void **state)
{
	(void)state;
	put_aw(0, 1);
	put_w(0xff, false);
	expect("m_axi_wlast missing");
}

static void test_wlast_missing_before_address(void **state)
{
	(void)state;
	put_w(0xff, false);
	expect(NULL);
	put_aw(0, 1);
	out.m_axi_wvalid = 0;
	expect("m_axi_wlast missing");
}

static void test_length_differs_from_early_data(void **state)
{
	(void)state;
	put_w(0xff, true);
	expect(NULL);
	out.m_axi_wvalid = 0;
	put_aw(0, 2);
	expect("differs from the data");
}

static void test_strobe_below_start(void **state)
{
	(void)state;
	put_aw(0x1004, 1);
	put_w(0xf8, true);
	expect("below the start");
}

static void test_strobe_below_start_early_data(void **state)
{
	(void)state;
	put_w(0xff, true);
	expect(NULL);
	out.m_axi_wvalid = 0;
	put_aw(0x1004, 1);
	expect("below the start");
}

static void test_endless_burst(void **state)
{
	(void)state;
	put_w(0xff, false);
	for (unsigned i = 0; i < 256; i++)
		expect(NULL);
	expect("more than 256");
}

static void test_addresses_without_data(void **state)
{
	(void)state;
	put_aw(0, 1);
	for (unsigned i = 0; i < AXI_CHECK_WRITES - 1; i++)
		expect(NULL);
	expect("without data");
}

static void test_data_without_address(void **state)
{
	(void)state;
	put_w(0xff, true);
	for (unsigned i = 0; i < AXI_CHECK_WRITES - 1; i++)
		expect(NULL);
	expect("without an address");
}

static void test_first_error_stays(void **state)
{
	(void)state;
	put_ar(0x1ff8, 2);
	expect("crosses 4 KiB");
	put_ar(0, 1);
	out.m_axi_arsize = 0;
	expect("crosses 4 KiB");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(test_##name, setup)
	const struct CMUnitTest tests[] = {
		T(good_traffic),
		T(ar_falls),
		T(ar_changes),
		T(aw_falls),
		T(aw_changes),
		T(w_falls),
		T(w_changes),
		T(page_crossing),
		T(page_crossing_write),
		T(narrow),
		T(not_incr),
		T(read_id),
		T(write_id),
		T(wlast_early),
		T(wlast_missing),
		T(wlast_missing_before_address),
		T(strobe_below_start),
		T(length_differs_from_early_data),
		T(endless_burst),
		T(strobe_below_start_early_data),
		T(first_error_stays),
		T(addresses_without_data),
		T(data_without_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
