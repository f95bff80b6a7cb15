/* SPDX-License-Identifier: Apache-2.0
 * test_events.c: hand-made pin sequences against the lines that events.h promises.
 */
#include "events_rig.h"

static void registers_by_name(void **state)
{
	struct bench *b = *state;

	put(b, 0x070, 0xf);
	put(b, 0x050, 2);
	put(b, 0x050, 0x80050001); /* the upper half is NOTIFICATION_DATA */
	b->in.s_axil_arvalid = b->out.s_axil_arready = 1;
	b->in.s_axil_araddr = 0x1f3;
	clock_once(b);
	clock_once(b);
	b->out.s_axil_rvalid = b->in.s_axil_rready = 1;
	b->out.s_axil_rdata = 7;
	clock_once(b);
	expect(b, "0 W Status 0x0000000f\n2 NOTIFY q2\n4 NOTIFY q1\n8 R config[0xf0] 0x00000007\n");
}

static void write_halves_in_any_order(void **state)
{
	struct bench *b = *state;

	b->in.s_axil_wvalid = b->out.s_axil_wready = 1;
	b->in.s_axil_wdata = 5;
	b->in.s_axil_wstrb = 1;
	clock_once(b);
	b->in.s_axil_awvalid = 1; /* not ready yet */
	b->in.s_axil_awaddr = 0x030;
	clock_once(b);
	b->in.s_axil_awvalid = b->out.s_axil_awready = 1;
	b->in.s_axil_awaddr = 0x030;
	clock_once(b);
	expect(b, "2 W QueueSel 0x00000005 strb 0x1\n");
}

static void chain_from_index_to_used(void **state)
{
	struct bench *b = *state;

	set_queue(b);
	ask(b, VIO_ID_AVAIL, DRIVER + 2, 1);
	answer(b, VIO_ID_AVAIL, UINT64_C(0x77) << 48 | UINT64_C(5) << 32 | 1 << 16, 0);
	ask(b, VIO_ID_AVAIL, DRIVER, 1); /* the same beat again tells nothing new */
	answer(b, VIO_ID_AVAIL, UINT64_C(0x77) << 48 | UINT64_C(5) << 32 | 1 << 16, 0);
	expect(b, "101 AVAIL q0 idx 1\n101 HEAD q0 [0] #5\n");

	ask(b, VIO_ID_DESC, DESC + 5 * 16, 4);
	answer(b, VIO_ID_DESC, 0x8004, 0);
	answer(b, VIO_ID_DESC, desc_tail(16, 1, 6), 0);
	answer(b, VIO_ID_DESC, 0x9000, 0);
	answer(b, VIO_ID_DESC, desc_tail(4097, 2, 0), 0);
	ask(b, VIO_ID_DESC, DESC, 1 * 2);
	answer(b, VIO_ID_DESC, 0xa000, 0);
	answer(b, VIO_ID_DESC, desc_tail(1, 0, 0), 0);
	expect(b, "106 DESC q0 #5 len 16 R next 6 at 0x8004\n108 DESC q0 #6 len 4097 W at 0x9000\n"
		  "111 DESC q0 #0 len 1 R at 0xa000 ahead\n");

	/* The header lies across three beats. */
	ask(b, VIO_ID_HEADER, 0x8004, 3);
	answer(b, VIO_ID_HEADER, 0xeeeeeeee, 0);
	answer(b, VIO_ID_HEADER, UINT64_C(0x80) << 32, 0);
	answer(b, VIO_ID_HEADER, UINT64_C(0xdddddddd) << 32, 0);
	expect(b, "115 REQ q0 #5 IN sector 128\n");

	/* The used ring starts in the middle of a beat here, so each element fills one. */
	store_addr(b, DEVICE + 4, 1);
	store_data(b, UINT64_C(4097) << 32 | 5, 0xff, true);
	store_addr(b, DEVICE + 2, 1);
	store_data(b, UINT64_C(1) << 48, 0xc0, true);
	ask(b, VIO_ID_EVENT, DRIVER, 1);
	answer(b, VIO_ID_EVENT, 1, 0);
	b->out.irq = 1;
	clock_once(b);
	clock_once(b);
	expect(b, "117 USED q0 [0] #5 len 4097\n119 USED q0 idx 1\n121 EVENT q0 flags 0x0001\n122 IRQ 1\n");
}

static void header_in_pieces(void **state)
{
	struct bench *b = *state;

	set_queue(b);
	ask(b, VIO_ID_AVAIL, DRIVER + 2, 1);
	answer(b, VIO_ID_AVAIL, 1 << 16, 0);
	ask(b, VIO_ID_AVAIL, DRIVER + 4, 1);
	answer(b, VIO_ID_AVAIL, 0, 0);
	ask(b, VIO_ID_DESC, DESC, 4);
	answer(b, VIO_ID_DESC, 0x8007, 0);
	answer(b, VIO_ID_DESC, desc_tail(9, 1, 1), 0);
	answer(b, VIO_ID_DESC, 0x9000, 0);
	answer(b, VIO_ID_DESC, desc_tail(600, 0, 0), 0);
	forget(b);
	ask(b, VIO_ID_HEADER, 0x8007, 2);
	ask(b, VIO_ID_HEADER, 0x9000, 1);
	answer(b, VIO_ID_HEADER, UINT64_C(1) << 56, 0);
	answer(b, VIO_ID_HEADER, UINT64_C(0x34) << 56, 0);
	answer(b, VIO_ID_HEADER, 0x12, 0);
	expect(b, "113 REQ q0 #0 OUT sector 4660\n");
}

/* The used ring's elements straddle beats when its address is a multiple of 8. */
static void used_element_across_beats(void **state)
{
	struct bench *b = *state;

	set_queue(b);
	put(b, 0x044, 0);
	put(b, 0x0a0, 0x3000);
	put(b, 0x044, 1);
	forget(b);
	store_data(b, UINT64_C(3) << 32, 0xf0, false); /* data before its address */
	store_data(b, 1, 0x0f, true);
	store_addr(b, 0x3004 + 8 * 7, 2);
	expect(b, "108 USED q0 [7] #3 len 1\n");
}

static void storage_and_meter(void **state)
{
	struct bench *b = *state;

	b->out.be_cmd_valid = 1; /* not taken */
	clock_once(b);
	b->out.be_cmd_valid = b->in.be_cmd_ready = 1;
	b->out.be_cmd_op = VIO_BE_READ;
	b->out.be_cmd_sector = 8;
	b->out.be_cmd_len = 512;
	clock_once(b);
	b->out.be_cmd_valid = b->in.be_cmd_ready = 1;
	b->out.be_cmd_op = VIO_BE_GET_ID;
	b->out.be_cmd_len = 20;
	clock_once(b);
	b->in.be_rsp_valid = b->out.be_rsp_ready = 1;
	b->in.be_rsp_status = 1;
	clock_once(b);
	b->in.be_rsp_valid = b->out.be_rsp_ready = 1;
	clock_once(b);
	expect(b, "1 CMD READ sector 8 len 512\n2 CMD GET_ID\n3 RSP READ sector 8 IOERR\n4 RSP GET_ID OK\n");
	assert_int_equal(events_requests(b->events), 2);
	assert_int_equal(events_bytes(b->events), 512);
}

static void bus_errors_and_payload(void **state)
{
	struct bench *b = *state;

	ask(b, VIO_ID_DATA, 0x5000, 2);
	answer(b, VIO_ID_DATA, 0, 2);
	answer(b, VIO_ID_DATA, 0, 2);
	store_addr(b, 0x6000, 1);
	store_data(b, 0, 0x02, true);
	b->in.m_axi_bvalid = b->out.m_axi_bready = 1;
	b->in.m_axi_bresp = 3;
	clock_once(b);
	store_addr(b, 0x7000, 2);
	store_data(b, 0, 0xf0, false);
	store_data(b, 0, 0x7f, true);
	expect(b, "0 LOAD 0x5000 2 beats\n1 BUS read 0x5000 SLVERR\n4 STORE 0x6001 1 byte 0x00\n"
		  "5 BUS write 0x6001 DECERR\n8 STORE 0x7004 11 bytes\n");
}

static void last_sixteen(void **state)
{
	struct bench *b = *state;
	char line[EVENTS_LINE];

	assert_false(events_last(b->events, 0, line));
	for (uint32_t n = 0; n < 20; n++)
		put(b, 0x050, n);
	assert_true(events_last(b->events, 0, line));
	assert_string_equal(line, "38 NOTIFY q19");
	assert_true(events_last(b->events, EVENTS_KEPT - 1, line));
	assert_string_equal(line, "8 NOTIFY q4");
	assert_false(events_last(b->events, EVENTS_KEPT, line));
}

/* The one entry of a chain, from its index to its used element, at these areas of queue 0. */
static void serve_legacy(struct bench *b, uint64_t desc, uint64_t driver, uint64_t device)
{
	ask(b, VIO_ID_AVAIL, driver, 1);
	answer(b, VIO_ID_AVAIL, UINT64_C(5) << 32 | 1 << 16, 0);
	ask(b, VIO_ID_DESC, desc + 5 * 16, 2);
	answer(b, VIO_ID_DESC, 0x9000, 0);
	answer(b, VIO_ID_DESC, desc_tail(600, 0, 0), 0);
	ask(b, VIO_ID_HEADER, 0x9000, 2);
	answer(b, VIO_ID_HEADER, 1, 0);
	answer(b, VIO_ID_HEADER, 7, 0);
	store_addr(b, device, 2);
	store_data(b, UINT64_C(5) << 32, 0xf0, false);
	store_data(b, 1, 0x0f, true);
	store_addr(b, device, 1);
	store_data(b, 1 << 16, 0x0c, true);
	ask(b, VIO_ID_EVENT, driver, 1);
	answer(b, VIO_ID_EVENT, 1, 0);
}

/* A page number places the queue: table, available ring with used_event, used ring at the next multiple of QueueAlign,
 * which is 4096 when it was not written. The page size outlives a reset, the alignment does not. */
static void legacy_rings(void **state)
{
	struct bench *b = *state;

	b->in.strap_legacy = 1;
	put(b, 0x028, 1024);
	put(b, 0x030, 0);
	put(b, 0x038, NUM);
	put(b, 0x03c, 4);
	put(b, 0x024, 1);
	put(b, 0x020, 4); /* feature 34, which a legacy device does not have */
	put(b, 0x040, 5);
	put(b, 0x038, 2);      /* live: ignored */
	put(b, 0x0a0, 0x7000); /* no register */
	forget(b);
	b->cycle = 100;
	serve_legacy(b, 0x1400, 0x1480, 0x1498);
	expect(b, "101 AVAIL q0 idx 1\n101 HEAD q0 [0] #5\n104 DESC q0 #5 len 600 R at 0x9000\n107 REQ q0 #5 OUT "
		  "sector 7\n"
		  "110 USED q0 [0] #5 len 1\n112 USED q0 idx 1\n114 EVENT q0 flags 0x0001\n");

	put(b, 0x040, 0); /* drained: the same address is payload now */
	forget(b);
	b->cycle = 200;
	store_addr(b, 0x1498, 1);
	store_data(b, 0, 0xff, true);
	expect(b, "201 STORE 0x1498 8 bytes\n");

	put(b, 0x040, 5); /* starts over from index 0 */
	put(b, 0x070, 0);
	put(b, 0x030, 0);
	put(b, 0x038, NUM);
	put(b, 0x040, 5);
	forget(b);
	b->cycle = 300;
	serve_legacy(b, 0x1400, 0x1480, 0x2000);
	expect(b, "301 AVAIL q0 idx 1\n301 HEAD q0 [0] #5\n304 DESC q0 #5 len 600 R at 0x9000\n307 REQ q0 #5 OUT "
		  "sector 7\n"
		  "310 USED q0 [0] #5 len 1\n312 USED q0 idx 1\n314 EVENT q0 flags 0x0001\n");
}

/* A modern device does not have the legacy registers. */
static void modern_without_pfn(void **state)
{
	struct bench *b = *state;

	set_queue(b);
	put(b, 0x028, 4096);
	put(b, 0x040, 9);
	put(b, 0x040, 0);
	forget(b);
	b->cycle = 100;
	store_addr(b, DEVICE + 4, 1);
	store_data(b, UINT64_C(4097) << 32 | 5, 0xff, true);
	expect(b, "101 USED q0 [0] #5 len 4097\n");
}

/* Reset forgets the rings: the same address is then payload. */
static void reset_forgets_rings(void **state)
{
	struct bench *b = *state;

	set_queue(b);
	put(b, 0x070, 0);
	forget(b);
	store_addr(b, DEVICE + 4, 1);
	store_data(b, 0, 0xff, true);
	expect(b, "103 STORE 0x3008 8 bytes\n");
}

/* Power-on reset forgets what was in flight, and tells the interrupt's fall. */
static void power_on_reset(void **state)
{
	struct bench *b = *state;
	char line[EVENTS_LINE];

	set_queue(b);
	ask(b, VIO_ID_AVAIL, DRIVER, 1);
	b->out.irq = 1;
	clock_once(b);
	forget(b);
	events_reset(b->events);
	b->out.irq = 0;
	answer(b, VIO_ID_AVAIL, 1 << 16, 0);
	expect(b, "102 IRQ 0\n");
	assert_true(events_last(b->events, 1, line));
	assert_string_equal(line, "101 IRQ 1");
}

/* A broken device may do anything: more of everything than the monitor can hold is dropped, not fatal. */
static void nonsense_is_survived(void **state)
{
	set_queue(*state);
	survive_nonsense(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(registers_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(write_halves_in_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(chain_from_index_to_used, setup, teardown),
		cmocka_unit_test_setup_teardown(header_in_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(used_element_across_beats, setup, teardown),
		cmocka_unit_test_setup_teardown(storage_and_meter, setup, teardown),
		cmocka_unit_test_setup_teardown(bus_errors_and_payload, setup, teardown),
		cmocka_unit_test_setup_teardown(last_sixteen, setup, teardown),
		cmocka_unit_test_setup_teardown(legacy_rings, setup, teardown),
		cmocka_unit_test_setup_teardown(modern_without_pfn, setup, teardown),
		cmocka_unit_test_setup_teardown(reset_forgets_rings, setup, teardown),
		cmocka_unit_test_setup_teardown(power_on_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(nonsense_is_survived, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
