/* SPDX-License-Identifier: Apache-2.0
 * test_port.c: port: nothing is lost, doubled or changed between FIFOs and the storage port's pins. */
#include "device.h"

static void tick(void)
{
	begin();
	port_tick(v, clk, &in, &out);
}

/* Commands and write beats at a backend that is ready at random. */
static void what_is_offered_stays_until_it_is_taken(void **state)
{
	unsigned given = 0, taken = 0, data_given = 0, data_taken = 0;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		if (!full_cmd() && below(3) == 0) {
			give_cmd((struct vio_cmd){.sector = given, .len = given * 3u, .op = (uint8_t)(given % 5)});
			given++;
		}
		if (!full_data_beat() && below(2))
			give_data_beat((struct vio_dbeat){.data = vio_data_of(data_given++)});
		in.be_cmd_ready = below(3) == 0;
		in.be_wready = below(3) != 0;
		if (out.be_cmd_valid) {
			assert_int_equal(out.be_cmd_sector, taken);
			assert_int_equal(out.be_cmd_len, taken * 3u);
			assert_int_equal(out.be_cmd_op, taken % 5);
		}
		if (out.be_wvalid)
			assert_int_equal(vio_data_word(out.be_wdata, 0), data_taken);
		taken += out.be_cmd_valid && in.be_cmd_ready;
		data_taken += out.be_wvalid && in.be_wready;
		tick();
	}
	assert_true(taken > 1000 && data_taken > 5000);
	assert_true(given - taken <= D_cmd + 1 && data_given - data_taken <= D_data_beat + 1);
}

/* Read beats and responses from a backend that offers all the time, and a device that takes at random. */
static void what_is_accepted_has_room(void **state)
{
	unsigned sent = 0, came = 0, rsp_sent = 0, rsp_came = 0;

	(void)state;
	in.be_rvalid = in.be_rsp_valid = 1;
	for (unsigned i = 0; i < 20000; i++) {
		const bool slow = i / 500 % 2 != 0;

		in.be_rdata = vio_data_of(sent);
		in.be_rsp_status = (uint8_t)rsp_sent;
		assert_false(out.be_rready && full_store());
		assert_false(out.be_rsp_ready && full_rsp());
		sent += out.be_rready;
		rsp_sent += out.be_rsp_ready;
		tick();
		if (has_store() && (!slow || below(20) == 0))
			assert_int_equal(vio_data_word(take_store().data, 0), came++);
		if (has_rsp() && (!slow || below(20) == 0))
			assert_int_equal(take_rsp().status, (uint8_t)rsp_came++);
	}
	assert_int_equal(sent - came, LEVEL(store));
	assert_int_equal(rsp_sent - rsp_came, LEVEL(rsp));
	/* A taker that keeps up gets a beat a clock. */
	assert_true(came > 9000);
}

static void stop_offers_nothing(void **state)
{
	(void)state;
	give_cmd((struct vio_cmd){.sector = 1});
	give_data_beat((struct vio_dbeat){.data = vio_data_of(1)});
	tick();
	assert_int_equal(out.be_cmd_valid & out.be_wvalid, 1);
	port_reset(&out);
	assert_int_equal(out.be_cmd_valid | out.be_wvalid | out.be_rready | out.be_rsp_ready, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_offered_stays_until_it_is_taken),
		CASE(what_is_accepted_has_room),
		CASE(stop_offers_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
