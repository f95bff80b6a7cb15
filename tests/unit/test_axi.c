/* SPDX-License-Identifier: Apache-2.0
 * test_axi.c: axi: handshakes, routing by ID, write data behind its address, errors; nothing new under stop.
 *
 * The test is memory: it works on the pins. */
#include "device.h"

static void tick(void)
{
	begin();
	axi_tick(v, clk, &in, &out);
}

static void reply(unsigned id, uint64_t data, unsigned resp, bool last)
{
	in.m_axi_rvalid = 1;
	in.m_axi_rid = (uint8_t)id;
	in.m_axi_rdata = data;
	in.m_axi_rresp = (uint8_t)resp;
	in.m_axi_rlast = last;
	tick();
	in.m_axi_rvalid = 0;
}

static void an_address_stays_until_it_is_taken(void **state)
{
	(void)state;
	in.m_axi_arready = 0;
	give_data_ar((struct vio_burst){.addr = 0x1000, .len = 3});
	tick();
	assert_int_equal(out.m_axi_arvalid, 1);
	/* A better one comes: what is on the pins stays. */
	give_event_ar((struct vio_burst){.addr = 0x2000, .len = 0});
	for (unsigned i = 0; i < 10; i++) {
		tick();
		assert_int_equal(out.m_axi_arvalid, 1);
		assert_int_equal(out.m_axi_araddr, 0x1000);
		assert_int_equal(out.m_axi_arlen, 3);
		assert_int_equal(out.m_axi_arid, VIO_ID_DATA);
	}
	in.m_axi_arready = 1;
	tick();
	assert_int_equal(out.m_axi_araddr, 0x2000);
	assert_int_equal(out.m_axi_arid, VIO_ID_EVENT);
	tick();
	assert_int_equal(out.m_axi_arvalid, 0);
	assert_int_equal(v->axi.reads, 2);
}

/* Every reader has its ID, and every read is full width, INCR. */
static void each_reader_has_its_id(void **state)
{
	uint64_t addr[16] = {0};

	(void)state;
	give_avail_ar((struct vio_burst){.addr = 0x100});
	give_desc_ar((struct vio_burst){.addr = 0x200});
	give_header_ar((struct vio_burst){.addr = 0x300});
	give_data_ar((struct vio_burst){.addr = 0x400});
	give_event_ar((struct vio_burst){.addr = 0x500});
	for (unsigned i = 0; i < 5; i++) {
		tick();
		assert_int_equal(out.m_axi_arvalid, 1);
		assert_int_equal(out.m_axi_arsize, 3);
		assert_int_equal(out.m_axi_arburst, 1);
		addr[out.m_axi_arid] = out.m_axi_araddr;
	}
	assert_int_equal(addr[VIO_ID_AVAIL], 0x100);
	assert_int_equal(addr[VIO_ID_DESC], 0x200);
	assert_int_equal(addr[VIO_ID_HEADER], 0x300);
	assert_int_equal(addr[VIO_ID_DATA], 0x400);
	assert_int_equal(addr[VIO_ID_EVENT], 0x500);
}

static void beats_go_back_by_id(void **state)
{
	(void)state;
	v->axi.reads = 5;
	reply(VIO_ID_HEADER, 33, 0, true);
	reply(VIO_ID_AVAIL, 11, 0, true);
	reply(VIO_ID_EVENT, 55, 0, true);
	reply(VIO_ID_DATA, 44, 0, false);
	reply(VIO_ID_DESC, 22, 0, true);
	assert_int_equal(take_avail_rbeat().data, 11);
	assert_int_equal(take_desc_rbeat().data, 22);
	assert_int_equal(take_header_rbeat().data, 33);
	assert_int_equal(take_data_rbeat().data, 44);
	assert_int_equal(take_event_rbeat().data, 55);
	assert_int_equal(v->axi.reads, 1);
	assert_int_equal(v->erred, 0);
	assert_int_equal(out.m_axi_rready, 1);
}

/* Reads of the ring: raised, with queue. The first one counts. */
static void a_ring_read_error_names_its_reader(void **state)
{
	static const struct {
		unsigned id, resp;
		enum vio_error code;
		uint8_t queue;
	} reader[] = {{VIO_ID_AVAIL, 2, ERR_READ_AVAIL, 3},
		      {VIO_ID_AVAIL, 3, ERR_DECODE_AVAIL, 3},
		      {VIO_ID_EVENT, 2, ERR_READ_EVENT, 2},
		      {VIO_ID_EVENT, 3, ERR_DECODE_EVENT, 2}};

	for (unsigned i = 0; i < 4; i++) {
		device_setup(state);
		v->axi.reads = 2;
		v->fetch.queue = 3;
		v->used.queue = 2;
		reply(reader[i].id, 0, reader[i].resp, true);
		assert_int_equal(v->erred, ERRED_AXI);
		assert_int_equal(v->axi.err.code, reader[i].code);
		assert_int_equal(v->axi.err.queue, reader[i].queue);
		reply(reader[3 - i].id, 0, 2, true);
		assert_int_equal(v->axi.err.code, reader[i].code);
	}
}

/* Whoever asked decides; that payload could not be read is noted. */
static void other_read_errors_go_with_their_beat(void **state)
{
	(void)state;
	v->axi.reads = 4;
	reply(VIO_ID_DESC, 1, 2, true);
	reply(VIO_ID_HEADER, 2, 3, true);
	reply(VIO_ID_RANGE, 3, 2, true);
	assert_false(has_axi_mishap());
	reply(VIO_ID_DATA, 4, 3, true);
	assert_int_equal(take_desc_rbeat().resp, 2);
	assert_int_equal(take_header_rbeat().resp, 3);
	assert_int_equal(take_range_rbeat().resp, 2);
	assert_int_equal(take_data_rbeat().resp, 3);
	assert_int_equal(take_axi_mishap().code, ERR_REQ_DECODE_DATA);
	assert_int_equal(v->erred, 0);
}

/* Random bursts and random ready: no beat on the pins before its address is, beats and bursts in order. */
static void write_data_never_runs_ahead(void **state)
{
	unsigned bursts = 0, beats_left = 0, taken_aw = 0, taken_last = 0, offered_aw, data = 0, seen = 0;
	bool aw_held = false, w_held = false;
	struct vio_out before;

	(void)state;
	for (unsigned i = 0; i < 50000; i++) {
		if (beats_left == 0 && !full_aw() && below(3) == 0) {
			beats_left = 1 + below(6);
			give_aw((struct vio_burst){.addr = 64ull * bursts++, .len = (uint8_t)(beats_left - 1)});
		}
		if (beats_left != 0 && !full_wbeat()) {
			beats_left--;
			give_wbeat((struct vio_wbeat){.data = data++, .strb = 0xff, .last = beats_left == 0});
		}
		in.m_axi_awready = below(3) == 0;
		in.m_axi_wready = below(2) == 0;
		before = out;
		taken_aw += out.m_axi_awvalid && in.m_axi_awready;
		if (out.m_axi_wvalid && in.m_axi_wready) {
			assert_int_equal(out.m_axi_wdata, seen++);
			taken_last += out.m_axi_wlast;
		}
		aw_held = out.m_axi_awvalid && !in.m_axi_awready;
		w_held = out.m_axi_wvalid && !in.m_axi_wready;
		tick();
		if (aw_held) {
			assert_int_equal(out.m_axi_awvalid, 1);
			assert_int_equal(out.m_axi_awaddr, before.m_axi_awaddr);
			assert_int_equal(out.m_axi_awlen, before.m_axi_awlen);
		}
		if (w_held) {
			assert_int_equal(out.m_axi_wvalid, 1);
			assert_int_equal(out.m_axi_wdata, before.m_axi_wdata);
			assert_int_equal(out.m_axi_wlast, before.m_axi_wlast);
		}
		if (out.m_axi_awvalid && !aw_held)
			assert_int_equal(out.m_axi_awaddr, 64ull * taken_aw);
		offered_aw = taken_aw + out.m_axi_awvalid;
		if (out.m_axi_wvalid)
			assert_true(taken_last < offered_aw);
	}
	assert_true(taken_last > 1000);
	assert_int_equal(out.m_axi_awid, VIO_ID_WRITE);
}

static void responses_mean_what_btag_says(void **state)
{
	(void)state;
	give_btag((struct vio_btag){.kind = BTAG_DATA});
	give_btag((struct vio_btag){.kind = BTAG_USED, .queue = 2});
	give_btag((struct vio_btag){.kind = BTAG_INDEX, .queue = 3});
	in.m_axi_bvalid = 1;
	tick();
	assert_false(has_udone());
	tick();
	assert_int_equal(HEAD(udone)->kind, BTAG_USED);
	assert_int_equal(take_udone().queue, 2);
	tick();
	assert_int_equal(HEAD(udone)->kind, BTAG_INDEX);
	assert_int_equal(take_udone().queue, 3);
	assert_false(has_btag());
	assert_int_equal(out.m_axi_bready, 1);
}

/* After a write error nothing may be shown to the driver any more. */
static void a_write_error_ends_completions(void **state)
{
	(void)state;
	give_btag((struct vio_btag){.kind = BTAG_STATUS, .queue = 1});
	give_btag((struct vio_btag){.kind = BTAG_USED, .queue = 2});
	in.m_axi_bvalid = 1;
	in.m_axi_bresp = 2;
	tick();
	assert_int_equal(v->axi.err.code, ERR_WRITE_STATUS);
	assert_int_equal(v->axi.err.queue, 1);
	in.m_axi_bresp = 0;
	tick();
	assert_false(has_udone() || has_btag());
}

static void a_write_error_says_what_was_written(void **state)
{
	static const struct {
		uint8_t kind, resp;
		enum vio_error code;
	} writes[] = {{BTAG_USED, 2, ERR_WRITE_USED},     {BTAG_USED, 3, ERR_NOWHERE_USED},
		      {BTAG_PART, 2, ERR_WRITE_USED},     {BTAG_INDEX, 2, ERR_WRITE_IDX},
		      {BTAG_INDEX, 3, ERR_NOWHERE_IDX},   {BTAG_EVENT, 2, ERR_WRITE_EVENT},
		      {BTAG_EVENT, 3, ERR_NOWHERE_EVENT}, {BTAG_STATUS, 3, ERR_NOWHERE_STATUS}};

	for (unsigned i = 0; i < sizeof writes / sizeof writes[0]; i++) {
		device_setup(state);
		give_btag((struct vio_btag){.kind = writes[i].kind, .queue = 3});
		in.m_axi_bvalid = 1;
		in.m_axi_bresp = writes[i].resp;
		tick();
		assert_int_equal(v->axi.err.code, writes[i].code);
		assert_int_equal(v->axi.err.queue, 3);
		assert_false(has_udone());
	}
}

/* Payload that could not be written is writer's affair; completions go on. */
static void a_payload_error_goes_to_writer(void **state)
{
	(void)state;
	give_btag((struct vio_btag){.kind = BTAG_DATA, .queue = 2, .turn = 33});
	give_btag((struct vio_btag){.kind = BTAG_USED, .queue = 1});
	in.m_axi_bvalid = 1;
	in.m_axi_bresp = 3;
	tick();
	in.m_axi_bresp = 0;
	tick();
	assert_int_equal(HEAD(werr)->turn, 33);
	assert_int_equal(HEAD(werr)->queue, 2);
	assert_int_equal(take_werr().resp, 3);
	assert_int_equal(take_udone().queue, 1);
	assert_int_equal(v->erred, 0);
}

/* Under stop: no new reads, what comes back is dropped and raises nothing, issued writes go out. */
static void stop_finishes_what_was_issued(void **state)
{
	(void)state;
	in.m_axi_arready = 0;
	give_data_ar((struct vio_burst){.addr = 0x1000, .len = 1});
	give_data_ar((struct vio_burst){.addr = 0x2000, .len = 1});
	tick();
	v->pub.stop = true;
	tick();
	assert_int_equal(out.m_axi_arvalid, 1);
	in.m_axi_arready = 1;
	tick();
	assert_int_equal(out.m_axi_arvalid, 0);
	assert_int_equal(v->axi.reads, 1);
	reply(VIO_ID_DATA, 1, 2, false);
	reply(VIO_ID_DATA, 2, 0, true);
	assert_int_equal(v->axi.reads, 0);
	assert_false(has_data_rbeat());
	assert_int_equal(v->axi.err.code, ERR_NONE);
	give_aw((struct vio_burst){.addr = 0x3000});
	give_wbeat((struct vio_wbeat){.last = 1});
	give_btag((struct vio_btag){.kind = BTAG_USED, .queue = 1});
	tick();
	assert_int_equal(out.m_axi_awvalid, 1);
	tick();
	assert_int_equal(out.m_axi_wvalid, 1);
	in.m_axi_bvalid = 1;
	in.m_axi_bresp = 3;
	tick();
	assert_false(has_btag() || has_udone());
	assert_int_equal(v->axi.err.code, ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_address_stays_until_it_is_taken),
		CASE(each_reader_has_its_id),
		CASE(beats_go_back_by_id),
		CASE(a_ring_read_error_names_its_reader),
		CASE(other_read_errors_go_with_their_beat),
		CASE(write_data_never_runs_ahead),
		CASE(responses_mean_what_btag_says),
		CASE(a_write_error_ends_completions),
		CASE(a_write_error_says_what_was_written),
		CASE(a_payload_error_goes_to_writer),
		CASE(stop_finishes_what_was_issued),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
