/* SPDX-License-Identifier: Apache-2.0
 * test_reader.c: reader: any address and length becomes legal bursts, and exactly its bytes come out, packed.
 *
 * The test is axi and memory: byte_at tells what memory holds. The instance is the payload reader. */
#include "device.h"

enum { MOST = 1 << 16 };

static uint64_t burst_addr;
static unsigned burst_left, in_flight;
static uint8_t want[MOST], came[MOST];
static unsigned wanted, arrived;

/* Checks the rules of AXI for one burst. */
static void accept_burst(void)
{
	struct vio_burst b;

	if (burst_left != 0 || !has_data_ar())
		return;
	b = take_data_ar();
	assert_int_equal(b.addr % 8, 0);
	assert_true(b.len < VIO_BURST_BEATS);
	assert_true(b.addr / 4096 == (b.addr + 8 * b.len) / 4096);
	burst_addr = b.addr;
	burst_left = b.len + 1u;
}

static void answer_beat(void)
{
	if (burst_left == 0)
		return;
	/* Room was kept before the burst was asked for. */
	assert_false(full_data_rbeat());
	give_data_rbeat((struct vio_rbeat){.data = beat_at(burst_addr)});
	burst_addr += 8;
	burst_left--;
}

static void take_beat(void)
{
	uint64_t data;

	if (!has_data_beat())
		return;
	data = take_data_beat().data;
	for (unsigned i = 0; i < 8; i++)
		came[arrived++ % MOST] = (uint8_t)(data >> (8 * i));
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		data_reader_tick(v, clk);
		accept_burst();
		if (below(3) != 0)
			answer_beat();
		if (below(3) != 0)
			take_beat();
	}
}

static void read_job(uint64_t addr, uint32_t len, bool flush)
{
	for (unsigned wait = 0; full_data_job(); wait++) {
		assert_true(wait < 100000);
		run(1);
	}
	give_data_job((struct vio_job){.addr = addr, .len = len, .flush = flush});
	for (uint32_t i = 0; i < len; i++)
		want[wanted++] = byte_at(addr + i);
	while (flush && wanted % 8 != 0)
		want[wanted++] = 0;
}

static void compare(void)
{
	for (unsigned wait = 0; arrived < wanted; wait++) {
		assert_true(wait < 1000000);
		run(1);
	}
	run(50);
	assert_int_equal(arrived, wanted);
	assert_memory_equal(came, want, wanted);
	assert_int_equal(burst_left, 0);
	wanted = arrived = 0;
}

static int setup(void **state)
{
	burst_left = in_flight = wanted = arrived = 0;
	return device_setup(state);
}

static void every_alignment(void **state)
{
	(void)state;
	for (unsigned off = 0; off < 8; off++) {
		for (uint32_t len = 1; len <= 40; len++) {
			read_job(0x1000 + off, len, true);
			compare();
		}
	}
}

static void around_a_page_border(void **state)
{
	(void)state;
	for (unsigned off = 0; off < 24; off++) {
		for (uint32_t len = 1; len <= 48; len++) {
			read_job(0x7fffffe8 + off, len, true);
			compare();
		}
	}
}

/* Jobs are joined without a gap until one says flush. */
static void streams_of_jobs(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		const unsigned jobs = 1 + below(20);

		for (unsigned i = 0; i < jobs; i++) {
			const uint64_t addr = (uint64_t)below(1 << 20) << below(30) | below(4096);
			const uint32_t len = 1 + below(below(4) ? 30 : 2500);

			read_job(addr, len, i + 1 == jobs);
		}
		compare();
	}
}

static void bursts_are_as_long_as_they_may_be(void **state)
{
	(void)state;
	read_job(0x10000, 8 * VIO_BURST_BEATS * 2, true);
	begin();
	data_reader_tick(v, clk);
	assert_int_equal(HEAD(data_ar)->len, VIO_BURST_BEATS - 1);
	compare();
}

/* What is in flight never exceeds the room for the answers, however slow the taker is. */
static void no_more_in_flight_than_there_is_room(void **state)
{
	unsigned beats = 0;

	(void)state;
	give_data_job((struct vio_job){.addr = 3, .len = 1 << 20, .flush = 1});
	for (unsigned i = 0; i < 5000; i++) {
		begin();
		data_reader_tick(v, clk);
		if (has_data_ar())
			beats += take_data_ar().len + 1u;
	}
	assert_true(beats <= D_data_rbeat);
	assert_true(beats > D_data_rbeat / 2);
}

/* An error response goes on with the beats that hold its bytes, and with no other. */
static void an_error_goes_with_its_bytes(void **state)
{
	for (unsigned off = 0; off < 8; off++) {
		setup(state);
		give_data_job((struct vio_job){.addr = 0x1000 + off, .len = 64, .flush = 1});
		begin();
		data_reader_tick(v, clk);
		for (unsigned i = 0; i < 8 + (off != 0); i++)
			give_data_rbeat((struct vio_rbeat){.data = beat_at(0x1000 + 8 * i), .resp = i == 3 ? 2 : 0});
		for (unsigned i = 0, beat = 0; i < 100; i++) {
			begin();
			data_reader_tick(v, clk);
			if (!has_data_beat())
				continue;
			assert_int_equal(take_data_beat().resp, beat == 3 || (off != 0 && beat == 2) ? 2 : 0);
			beat++;
			assert_true(i < 99 || beat == 8);
		}
	}
}

#define READ(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READ(every_alignment),
		READ(around_a_page_border),
		READ(streams_of_jobs),
		READ(bursts_are_as_long_as_they_may_be),
		READ(no_more_in_flight_than_there_is_room),
		READ(an_error_goes_with_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
