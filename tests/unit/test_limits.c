/* SPDX-License-Identifier: Apache-2.0
 * test_limits.c: the last queue with the most entries that a queue can have, model and RTL in lockstep. */
#include "blk_rig.h"

enum { NUM_MAX = VIO_QUEUE_NUM_MAX, LAST = VIO_QUEUES - 1, ROOM = 2 << 20 };
enum { BIG_DESC = 0x10000, BIG_AVAIL = 0x100000, BIG_USED = 0x120000, BIG_DATA = 0x1f0000 };
#define FEATURES (EVERY | BIT(EVENT_IDX))

static uint8_t memory[ROOM];

static void store(unsigned at, uint64_t value, unsigned bytes)
{
	memcpy(memory + at, &value, bytes);
}

static unsigned load(unsigned at, unsigned bytes)
{
	unsigned value = 0;

	memcpy(&value, memory + at, bytes);
	return value;
}

static void entry(unsigned n, unsigned addr, uint32_t len, unsigned flags, unsigned next)
{
	store(BIG_DESC + n * 16, BASE + addr, 8);
	store(BIG_DESC + n * 16 + 8, len, 4);
	store(BIG_DESC + n * 16 + 12, flags, 2);
	store(BIG_DESC + n * 16 + 14, next, 2);
}

static int setup(void **state)
{
	const struct axi_mem_config mem = {.base = BASE,
					   .size = ROOM,
					   .bytes = memory,
					   .read_latency = 9,
					   .write_latency = 5,
					   .outstanding = 16,
					   .seed = 7};

	(void)state;
	rig_open(FEATURES, FEATURES, -1, 0);
	while (!dut_idle(rig.dut) || !axi_mem_idle(rig.mem))
		rig_clock();
	axi_mem_free(rig.mem);
	rig.mem = axi_mem_new(&mem);
	memset(memory, 0, ROOM);
	wr(REG_QueueSel, LAST);
	assert_int_equal(rd(REG_QueueNumMax), NUM_MAX);
	wr(REG_QueueNum, NUM_MAX);
	wr(REG_QueueDescLow, BASE + BIG_DESC);
	wr(REG_QueueDriverLow, BASE + BIG_AVAIL);
	wr(REG_QueueDeviceLow, BASE + BIG_USED);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 1);
	return 0;
}

/* Posts the chain at head as the first entry of the ring. */
static void post(unsigned head)
{
	store(BIG_AVAIL + 4, head, 2);
	store(BIG_AVAIL + 2, 1, 2);
	wr(REG_QueueNotify, LAST);
}

static void wait_until_quiet(void)
{
	for (unsigned i = 0; i < 200 || !dut_idle(rig.dut) || !axi_mem_idle(rig.mem) || !disk_idle(rig.disk); i++) {
		assert_true(i < 1000000);
		rig_clock();
	}
}

/* Descriptors, both event words and the interrupt at the far ends of their areas. */
static void the_last_descriptors(void **state)
{
	(void)state;
	store(BIG_DATA, FLUSH, 8);
	memory[BIG_DATA + 16] = UNTOUCHED;
	entry(NUM_MAX - 1, BIG_DATA, 16, 1, NUM_MAX - 2);
	entry(NUM_MAX - 2, BIG_DATA + 16, 1, 2, 0);
	store(BIG_AVAIL + 4 + 2 * NUM_MAX, 0, 2); /* used_event */
	post(NUM_MAX - 1);
	wait_until_quiet();
	assert_int_equal(rd(REG_Status), 15);
	assert_int_equal(load(BIG_USED + 2, 2), 1);
	assert_int_equal(load(BIG_USED + 4, 4), NUM_MAX - 1);
	assert_int_equal(load(BIG_USED + 8, 4), 1);
	assert_int_equal(load(BIG_USED + 4 + 8 * NUM_MAX, 2), 1); /* avail_event */
	assert_int_equal(memory[BIG_DATA + 16], OK);
	assert_int_equal(rd(REG_InterruptStatus), 1);
}

/* A chain through the whole table is legal; one descriptor more is a loop. */
static void the_longest_chain(void **state)
{
	(void)state;
	store(BIG_DATA, FLUSH, 8);
	for (unsigned i = 0; i < NUM_MAX; i++)
		entry(i, BIG_DATA + (i < 16 ? i : 16), 1, i == NUM_MAX - 1 ? 2 : i < 16, i + 1);
	for (unsigned i = 16; i < NUM_MAX - 1; i++)
		entry(i, BIG_DATA + 32, 1, 1 | 2, i + 1);
	post(0);
	wait_until_quiet();
	assert_int_equal(rd(REG_Status), 15);
	assert_int_equal(load(BIG_USED + 2, 2), 1);
	assert_int_equal(memory[BIG_DATA + 16], OK);
}

static void a_loop(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NUM_MAX; i++)
		entry(i, BIG_DATA, 1, 1, (i + 1) % NUM_MAX);
	post(0);
	for (unsigned i = 0; rd(REG_Status) != (15 | 0x40); i++)
		assert_true(i < 100000);
	assert_int_equal(rd(REG_ErrorCode), ERR_CHAIN_LOOP);
	assert_int_equal(rd(REG_ErrorWhere), LAST << 16 | (NUM_MAX - 1));
}

#define LIMITS(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIMITS(the_last_descriptors),
		LIMITS(the_longest_chain),
		LIMITS(a_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
