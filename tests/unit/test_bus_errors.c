/* SPDX-License-Identifier: Apache-2.0
 * test_bus_errors.c: memory fails under each class of access; model and RTL in lockstep. R ROB-14. */
#include "blk_rig.h"

enum { NEEDS_RESET = 0x40, GONE = -1, TABLE = 0xb000 };

static uint8_t sector[1024];

/* The chain of a request, and what it asks for, without running it. */
static void post(uint32_t type, uint32_t out_len, uint32_t in_len)
{
	unsigned n;

	put(HEADER, type, 8);
	put(HEADER + 8, 3, 8);
	rig.dram[STATUS] = UNTOUCHED;
	n = descriptor(0, HEADER, 16, false, false);
	if (out_len != 0)
		n = descriptor(n, OUT_AT, out_len, false, false);
	if (in_len != 0)
		n = descriptor(n, IN_AT, in_len, true, false);
	descriptor(n, STATUS, 1, true, true);
	put(AVAIL + 4 + rig.count % NUM * 2, 0, 2);
}

/* Until the request is used: its status byte; or until the device needs a reset: GONE. */
static int finish(void)
{
	put(AVAIL + 2, ++rig.count, 2);
	wr(REG_QueueNotify, 0);
	for (unsigned i = 0; get(USED + 2, 2) != rig.count; i++) {
		assert_true(i < 2000);
		if ((rd(REG_Status) & NEEDS_RESET) != 0)
			return GONE;
	}
	return rig.dram[STATUS];
}

static void fault_at(unsigned at, bool on_read)
{
	axi_mem_fault_clear(rig.mem);
	axi_mem_fault(rig.mem, BASE + at, 1, on_read, !on_read);
}

static void reset(void)
{
	axi_mem_fault_clear(rig.mem);
	rig_start(EVERY | BIT(EVENT_IDX) | BIT(INDIRECT_DESC));
}

static int setup(void **state)
{
	(void)state;
	rig_open(EVERY | BIT(EVENT_IDX) | BIT(INDIRECT_DESC), EVERY | BIT(EVENT_IDX) | BIT(INDIRECT_DESC), -1, 0);
	memset(sector, 0x5a, sizeof sector);
	return 0;
}

/* Rings, status and used ring: the device needs a reset, says why and of which queue, and serves again after it. */
static void rings_need_a_reset(void **state)
{
	static const struct {
		unsigned at;
		bool on_read;
		enum vio_error code, also;
	} places[] = {
		{AVAIL + 2, true, ERR_READ_AVAIL, ERR_READ_EVENT},
		{DESC + 20, true, ERR_READ_DESC, ERR_READ_DESC},
		{AVAIL + 4 + 2 * NUM, true, ERR_READ_EVENT, ERR_READ_EVENT},
		{STATUS, false, ERR_WRITE_STATUS, ERR_WRITE_STATUS},
		{USED + 4 + 4, false, ERR_WRITE_USED, ERR_WRITE_USED},
		{USED + 4 + 8 * NUM, false, ERR_WRITE_EVENT, ERR_WRITE_USED},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
		reset();
		post(IN, 0, 512);
		fault_at(places[i].at, places[i].on_read);
		for (unsigned k = 0; finish() != GONE; k++) {
			assert_true(k < NUM);
			post(IN, 0, 512);
		}
		if (rd(REG_ErrorCode) != places[i].also)
			assert_int_equal(rd(REG_ErrorCode), places[i].code);
		assert_int_equal(rd(REG_ErrorWhere) >> 16, 0);
		reset();
		assert_int_equal(rd(REG_ErrorCode), ERR_NONE);
		assert_int_equal(request(IN, 0, NULL, 0, 0, 512), OK);
	}
}

/* The descriptor that could not be read is named; neighbours that are not wanted do not matter. */
static void descriptors(void **state)
{
	(void)state;
	post(IN, 0, 512);
	fault_at(DESC + 2 * 16, true);
	assert_int_equal(finish(), GONE);
	assert_int_equal(rd(REG_ErrorCode), ERR_READ_DESC);
	assert_int_equal(rd(REG_ErrorWhere), 2);
	reset();
	post(IN, 0, 512);
	fault_at(DESC + 3 * 16, true);
	assert_int_equal(finish(), OK);
}

static void indirect_tables(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		reset();
		post(FLUSH, 0, 0);
		memcpy(rig.dram + TABLE, rig.dram + DESC, 32);
		put(DESC, i == 0 ? BASE + TABLE : 0x1000, 8);
		put(DESC + 8, 32, 4);
		put(DESC + 12, 4, 4);
		fault_at(TABLE + 16, true);
		assert_int_equal(finish(), GONE);
		assert_int_equal(rd(REG_ErrorCode), i == 0 ? ERR_READ_TABLE : ERR_DECODE_TABLE);
		assert_int_equal(rd(REG_ErrorWhere), 0);
	}
}

/* Header, payload and range: that request ends in IOERR, and the device goes on. */
static void a_request_tells_by_its_status(void **state)
{
	static const struct {
		uint32_t type, out_len;
		unsigned at;
		enum vio_error code;
	} cases[] = {
		{IN, 0, HEADER + 3, ERR_REQ_READ_HEADER},     {OUT, 1024, HEADER + 12, ERR_REQ_READ_HEADER},
		{OUT, 512, OUT_AT, ERR_REQ_READ_DATA},        {OUT, 1024, OUT_AT + 1023, ERR_REQ_READ_DATA},
		{ZEROES, 16, OUT_AT + 2, ERR_REQ_READ_RANGE}, {DISCARD, 16, OUT_AT + 15, ERR_REQ_READ_RANGE},
	};
	static uint8_t before[BYTES];

	(void)state;
	memcpy(before, rig.bytes, BYTES);
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		reset();
		memset(rig.dram + OUT_AT, 0x5a, 1024);
		if (cases[i].type == ZEROES || cases[i].type == DISCARD) {
			put(OUT_AT, 1, 8);
			put(OUT_AT + 8, 8, 8);
		}
		post(cases[i].type, cases[i].out_len, cases[i].type == IN ? 512 : 0);
		fault_at(cases[i].at, true);
		assert_int_equal(finish(), IOERR);
		assert_int_equal(rd(REG_RequestError), cases[i].code);
		assert_int_equal(rd(REG_Status), 15);
		assert_memory_equal(rig.bytes, before, BYTES);
		axi_mem_fault_clear(rig.mem);
		assert_int_equal(request(IN, 3, NULL, 0, 0, 512), OK);
		assert_memory_equal(rig.dram + IN_AT, rig.bytes + 3 * 512, 512);
	}
}

/* A payload that cannot be written: told by the status byte when there is time, else by DEVICE_NEEDS_RESET. */
static void payload_that_cannot_be_written(void **state)
{
	unsigned told = 0, gone = 0;

	(void)state;
	for (unsigned len = 512; len <= 4096; len += 512) {
		reset();
		post(IN, 0, len);
		fault_at(IN_AT, false);
		if (finish() == GONE) {
			assert_int_equal(rd(REG_ErrorCode), ERR_WRITE_DATA);
			gone++;
		} else {
			assert_int_equal(rig.dram[STATUS], IOERR);
			assert_int_equal(rd(REG_RequestError), ERR_REQ_WRITE_DATA);
			told++;
		}
	}
	assert_true(told != 0 && gone != 0);
}

static void nowhere(void **state)
{
	(void)state;
	post(OUT, 512, 0);
	put(DESC + 16, 0x1000, 8);
	assert_int_equal(finish(), IOERR);
	assert_int_equal(rd(REG_RequestError), ERR_REQ_DECODE_DATA);
	reset();
	post(FLUSH, 0, 0);
	put(DESC, 0x1000, 8);
	assert_int_equal(finish(), IOERR);
	assert_int_equal(rd(REG_RequestError), ERR_REQ_DECODE_HEADER);
	assert_int_equal(rd(REG_RequestWhere), 0);
	reset();
	post(DISCARD, 16, 0);
	put(DESC + 16, 0x1000, 8);
	assert_int_equal(finish(), IOERR);
	assert_int_equal(rd(REG_RequestError), ERR_REQ_DECODE_RANGE);
}

#define BUS(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BUS(rings_need_a_reset),
		BUS(descriptors),
		BUS(indirect_tables),
		BUS(a_request_tells_by_its_status),
		BUS(nowhere),
		BUS(payload_that_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
