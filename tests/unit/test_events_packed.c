/* SPDX-License-Identifier: Apache-2.0
 * test_events_packed.c: hand-made pin sequences of packed rings against the lines that events.h promises. */
#include "events_rig.h"

/* A list of two, from the flags of its first slot to the interrupt. */
static void packed_list(void **state)
{
	struct bench *b = *state;

	set_packed_queue(b);
	probe(b, 0, 0);
	probe(b, 0, 0x8080);
	probe(b, 0, 0x8000);
	expect(b, "");
	probe(b, 0, 0x80 | 1);
	probe(b, 0, 0x80 | 1); /* once more */
	expect(b, "107 HEAD q0 [0]\n");
	ask(b, VIO_ID_DESC, DESC, 6);
	answer(b, VIO_ID_DESC, 0x8000, 0);
	answer(b, VIO_ID_DESC, packed_tail(16, 9, 0x80 | 1), 0);
	answer(b, VIO_ID_DESC, 0x9000, 0);
	answer(b, VIO_ID_DESC, packed_tail(513, 5, 0x80 | 2), 0);
	answer(b, VIO_ID_DESC, 0xa000, 0);
	answer(b, VIO_ID_DESC, packed_tail(1, 6, 0), 0);
	expect(b, "112 DESC q0 [0] #9 len 16 R NEXT at 0x8000\n114 DESC q0 [1] #5 len 513 W at 0x9000\n"
		  "116 DESC q0 [2] #6 len 1 R at 0xa000 ahead\n");
	ask(b, VIO_ID_HEADER, 0x8000, 2);
	answer(b, VIO_ID_HEADER, 0, 0);
	answer(b, VIO_ID_HEADER, 3, 0);
	write_used(b, 0, packed_tail(513, 5, 0x8082));
	expect(b, "119 REQ q0 [0] IN sector 3\n121 USED q0 [0] #5 len 513\n");
}

/* An entry of the table that is read a second time is told once; where it lies does not matter. */
static void packed_table(void **state)
{
	struct bench *b = *state;
	const uint8_t flags[2] = {0xff, 2};

	set_packed_queue(b);
	probe(b, 0, 0x80);
	ask(b, VIO_ID_DESC, DESC, 2);
	answer(b, VIO_ID_DESC, 0x8004, 0);
	answer(b, VIO_ID_DESC, packed_tail(32, 3, 0x80 | 4), 0);
	expect(b, "101 HEAD q0 [0]\n104 DESC q0 [0] #3 len 32 R INDIRECT at 0x8004\n");
	for (unsigned again = 0; again < 2; again++) {
		ask(b, VIO_ID_DESC, 0x8004, 5);
		answer(b, VIO_ID_DESC, UINT64_C(0xa000) << 32, 0);
		answer(b, VIO_ID_DESC, UINT64_C(16) << 32, 0);
		answer(b, VIO_ID_DESC, UINT64_C(0xb000) << 32 | UINT64_C(0xfffd) << 16, 0);
		answer(b, VIO_ID_DESC, UINT64_C(1) << 32, 0);
		answer(b, VIO_ID_DESC, (uint64_t)flags[1] << 16, 0);
	}
	expect(b, "108 DESC q0 [0].0 len 16 R at 0xa000\n110 DESC q0 [0].1 len 1 W at 0xb000\n");
	ask(b, VIO_ID_HEADER, 0xa000, 2);
	answer(b, VIO_ID_HEADER, 4, 0);
	answer(b, VIO_ID_HEADER, 0, 0);
	write_used(b, 0, packed_tail(1, 3, 0x8082));
	expect(b, "119 REQ q0 [0] FLUSH\n121 USED q0 [0] #3 len 1\n");
}

/* Three laps of chains of three slots in a ring of eight: each head once, whatever else the ring still shows. */
static void packed_laps(void **state)
{
	struct bench *b = *state;

	set_packed_queue(b);
	for (unsigned at = 0; at < 3 * NUM; at += 3) {
		const unsigned slot = at % NUM;
		const bool wrap = at / NUM % 2 == 0;
		char want[80];

		probe(b, slot, wrap ? 0x8000 : 0x80);
		expect(b, "");
		probe(b, slot, wrap ? 0x80 : 0x8000);
		snprintf(want, sizeof want, "%u HEAD q0 [%u]\n", (unsigned)b->cycle - 1, slot);
		expect(b, want);
		write_used(b, slot, packed_tail(0, at, wrap ? 0x8080 : 0));
		snprintf(want, sizeof want, "%u USED q0 [%u] #%u len 0\n", (unsigned)b->cycle - 1, slot, at);
		expect(b, want);
		probe(b, slot, wrap ? 0x8080 : 0);
		probe(b, slot, wrap ? 0x80 : 0x8000); /* as the last lap left it */
		expect(b, "");
	}
}

static void packed_events(void **state)
{
	static const struct {
		uint32_t word;
		const char *text;
	} events[] = {
		{0x00008005, "ENABLE"},          {0x00010000, "DISABLE"}, {0x00028005, "DESC [5] wrap 1"},
		{0xfffe0007, "DESC [7] wrap 0"}, {0x00030000, "flags 3"},
	};
	struct bench *b = *state;

	set_packed_queue(b);
	for (unsigned i = 0; i < sizeof events / sizeof *events; i++) {
		char want[120];

		ask(b, VIO_ID_EVENT, DRIVER, 1);
		answer(b, VIO_ID_EVENT, UINT64_C(0xdddddddd) << 32 | events[i].word, 0);
		snprintf(want, sizeof want, "%u EVENT q0 driver %s\n", (unsigned)b->cycle - 1, events[i].text);
		expect(b, want);
		store_addr(b, DEVICE, 1);
		store_data(b, (uint64_t)events[i].word << 32, 0xf0, true);
		snprintf(want, sizeof want, "%u EVENT q0 device %s\n", (unsigned)b->cycle - 1, events[i].text);
		expect(b, want);
	}
}

/* A size that is no power of two is one of a packed ring only; another session forgets the feature. */
static void packed_is_forgotten(void **state)
{
	struct bench *b = *state;

	set_packed_queue(b);
	put(b, 0x070, 0);
	set_queue(b);
	probe(b, 0, 0x80);
	expect(b, "");
	put(b, 0x044, 0);
	put(b, 0x038, 7);
	put(b, 0x044, 1);
	forget(b);
	store_addr(b, DESC + 8, 1);
	store_data(b, 0, 0xff, true);
	expect(b, "109 STORE 0x1008 8 bytes\n");
	put(b, 0x070, 0);
	accept_features(b, UINT64_C(1) << 34);
	put(b, 0x044, 1);
	forget(b);
	b->cycle = 200;
	write_used(b, 6, packed_tail(2, 1, 0x8080));
	expect(b, "201 USED q0 [6] #1 len 2\n");
}

/* The set-up of a live queue stays, as in the device; after QueueReset it counts. */
static void a_live_queue_keeps_its_size(void **state)
{
	for (unsigned packed = 0; packed < 2; packed++) {
		struct bench *b = *state;

		put(b, 0x070, 0);
		accept_features(b, (uint64_t)packed << 34);
		set_queue(b);
		put(b, 0x038, 0x10000);
		forget(b);
		ask(b, VIO_ID_DESC, DESC + 16 * NUM, 2);
		answer(b, VIO_ID_DESC, 0, 0);
		answer(b, VIO_ID_DESC, 0, 0);
		expect(b, "");
		put(b, 0x0c0, 1);
		put(b, 0x038, 2 * NUM);
		put(b, 0x044, 1);
		forget(b);
		b->cycle = 100;
		ask(b, VIO_ID_DESC, DESC + 16 * NUM, 2);
		answer(b, VIO_ID_DESC, 0, 0);
		answer(b, VIO_ID_DESC, 0, 0);
		expect(b,
		       packed ? "102 DESC q0 [8] #0 len 0 R at 0x0 ahead\n" : "102 DESC q0 #8 len 0 R at 0x0 ahead\n");
	}
}

static void packed_nonsense_is_survived(void **state)
{
	set_packed_queue(*state);
	survive_nonsense(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(packed_list, setup, teardown),
		cmocka_unit_test_setup_teardown(packed_table, setup, teardown),
		cmocka_unit_test_setup_teardown(packed_laps, setup, teardown),
		cmocka_unit_test_setup_teardown(packed_events, setup, teardown),
		cmocka_unit_test_setup_teardown(packed_is_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(a_live_queue_keeps_its_size, setup, teardown),
		cmocka_unit_test_setup_teardown(packed_nonsense_is_survived, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
