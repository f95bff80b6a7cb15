/* SPDX-License-Identifier: Apache-2.0
 * test_reader.c: reader: any address and length becomes legal bursts, and exactly its bytes come out, packed.
 *
 * The test is axi and memory: byte_at tells what memory holds. The instances are the payload reader, which hands on
 * beats, and the descriptor reader, which hands on words. */
#include "device.h"

enum { MOST = 1 << 16 };

/* A reader, and what its neighbours do with it. */
struct instance {
	void (*tick)(struct vio *, const struct vio_clk *);
	bool (*full_job)(void), (*has_ar)(void), (*full_rbeat)(void), (*has_beat)(void);
	void (*give_job)(struct vio_job), (*give_rbeat)(struct vio_rbeat);
	struct vio_burst (*take_ar)(void);
	uint8_t (*take_word)(uint8_t *bytes); /* returns resp */
	unsigned word_bytes, room;
};

#define INSTANCE(r, word)                                            \
	static uint8_t take_word_##r(uint8_t *bytes)                 \
	{                                                            \
		const FIFO_TYPE_##r##_beat beat = take_##r##_beat(); \
                                                                     \
		memcpy(bytes, &beat.data, sizeof beat.data);         \
		return beat.resp;                                    \
	}                                                            \
	static const struct instance instance_##r = {                \
		.tick = r##_reader_tick,                             \
		.full_job = full_##r##_job,                          \
		.has_ar = has_##r##_ar,                              \
		.full_rbeat = full_##r##_rbeat,                      \
		.has_beat = has_##r##_beat,                          \
		.give_job = give_##r##_job,                          \
		.give_rbeat = give_##r##_rbeat,                      \
		.take_ar = take_##r##_ar,                            \
		.take_word = take_word_##r,                          \
		.word_bytes = sizeof(word),                          \
		.room = D_##r##_rbeat,                               \
	};
INSTANCE(data, vio_data)
INSTANCE(desc, vio_word)

static const struct instance *reader;
static uint64_t burst_addr;
static unsigned burst_left, in_flight;
static uint8_t want[MOST], came[MOST];
static unsigned wanted, arrived;

/* Checks the rules of AXI for one burst. */
static void accept_burst(void)
{
	struct vio_burst b;

	if (burst_left != 0 || !reader->has_ar())
		return;
	b = reader->take_ar();
	assert_int_equal(b.addr % VIO_DATA_BYTES, 0);
	assert_true(b.len < VIO_BURST_BEATS);
	assert_true(b.addr / 4096 == (b.addr + VIO_DATA_BYTES * b.len) / 4096);
	burst_addr = b.addr;
	burst_left = b.len + 1u;
}

static void answer_beat(void)
{
	if (burst_left == 0)
		return;
	/* Room was kept before the burst was asked for. */
	assert_false(reader->full_rbeat());
	reader->give_rbeat((struct vio_rbeat){.data = beat_at(burst_addr)});
	burst_addr += VIO_DATA_BYTES;
	burst_left--;
}

static void take_beat(void)
{
	if (!reader->has_beat())
		return;
	assert_true(arrived + reader->word_bytes <= MOST);
	reader->take_word(came + arrived);
	arrived += reader->word_bytes;
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		reader->tick(v, clk);
		accept_burst();
		if (below(3) != 0)
			answer_beat();
		if (below(3) != 0)
			take_beat();
	}
}

static void read_job(uint64_t addr, uint32_t len, bool flush)
{
	for (unsigned wait = 0; reader->full_job(); wait++) {
		assert_true(wait < 100000);
		run(1);
	}
	reader->give_job((struct vio_job){.addr = addr, .len = len, .flush = flush});
	for (uint32_t i = 0; i < len; i++)
		want[wanted++] = byte_at(addr + i);
	while (flush && wanted % reader->word_bytes != 0)
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
	reader = &instance_data;
	burst_left = in_flight = wanted = arrived = 0;
	return device_setup(state);
}

static void every_alignment(void **state)
{
	(void)state;
	for (unsigned off = 0; off < VIO_DATA_BYTES; off++) {
		for (uint32_t len = 1; len <= 5 * VIO_DATA_BYTES; len++) {
			read_job(0x1000 + off, len, true);
			compare();
		}
	}
}

static void around_a_page_border(void **state)
{
	(void)state;
	for (unsigned off = 0; off < 3 * VIO_DATA_BYTES; off++) {
		for (uint32_t len = 1; len <= 6 * VIO_DATA_BYTES; len += VIO_DATA_BYTES > 16 ? 5 : 1) {
			read_job(0x80000000 - 3 * VIO_DATA_BYTES + off, len, true);
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
	read_job(0x10000, VIO_DATA_BYTES * VIO_BURST_BEATS * 2, true);
	begin();
	reader->tick(v, clk);
	assert_int_equal(HEAD(data_ar)->len, VIO_BURST_BEATS - 1);
	compare();
}

/* What is in flight never exceeds the room for the answers, however slow the taker is. */
static void no_more_in_flight_than_there_is_room(void **state)
{
	unsigned beats = 0;

	(void)state;
	reader->give_job((struct vio_job){.addr = 3, .len = 1 << 20, .flush = 1});
	for (unsigned i = 0; i < 5000; i++) {
		begin();
		reader->tick(v, clk);
		if (reader->has_ar())
			beats += reader->take_ar().len + 1u;
	}
	assert_true(beats <= reader->room);
	assert_true(beats > reader->room / 2);
}

/* An error response goes on with the words that hold bytes of its beat, and with no other. */
static void an_error_goes_with_its_bytes(void **state)
{
	const unsigned words = 8 * VIO_DATA_BYTES / reader->word_bytes;

	(void)state;
	for (unsigned off = 0; off < VIO_DATA_BYTES; off++) {
		const unsigned first = 3 * VIO_DATA_BYTES - off, end = first + VIO_DATA_BYTES;
		unsigned word = 0;

		reader->give_job((struct vio_job){.addr = 0x1000 + off, .len = 8 * VIO_DATA_BYTES, .flush = 1});
		begin();
		reader->tick(v, clk);
		reader->take_ar();
		for (unsigned i = 0; i < 8 + (off != 0); i++)
			reader->give_rbeat((struct vio_rbeat){.data = beat_at(0x1000 + VIO_DATA_BYTES * i),
							      .resp = i == 3 ? 2 : 0});
		for (unsigned i = 0; i < 200; i++) {
			begin();
			reader->tick(v, clk);
			if (!reader->has_beat())
				continue;
			assert_int_equal(reader->take_word(came) != 0,
					 word * reader->word_bytes < end && (word + 1) * reader->word_bytes > first);
			word++;
		}
		assert_int_equal(word, words);
	}
}

static int setup_words(void **state)
{
	setup(state);
	reader = &instance_desc;
	return 0;
}

#define READ(test) cmocka_unit_test_setup(test, setup)
#define READ_WORDS(test) cmocka_unit_test_setup(test, setup_words)

int main(void)
{
	const struct CMUnitTest tests[] = {
		READ(every_alignment),
		READ(around_a_page_border),
		READ(streams_of_jobs),
		READ(bursts_are_as_long_as_they_may_be),
		READ(no_more_in_flight_than_there_is_room),
		READ(an_error_goes_with_its_bytes),
		READ_WORDS(every_alignment),
		READ_WORDS(around_a_page_border),
		READ_WORDS(streams_of_jobs),
		READ_WORDS(no_more_in_flight_than_there_is_room),
		READ_WORDS(an_error_goes_with_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
