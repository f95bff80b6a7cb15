/* SPDX-License-Identifier: Apache-2.0
 * test_axi_mem.c: the simulated DRAM: exact latency, full bandwidth, errors, order, and that it never hangs. */
#include "unit.h"

#include "dram/axi_mem.h"
#include "sim.h"

enum { BASE = 0x80000000, SIZE = 65536 };

static uint8_t bytes[SIZE];
static struct axi_mem *m;
static struct vio_in in;
static struct vio_out out;
static uint64_t now; /* clocks since open */

static void open_mem(unsigned rl, unsigned wl, unsigned outstanding, unsigned stall, bool reorder)
{
	const struct axi_mem_config cfg = {
		.base = BASE,
		.size = SIZE,
		.bytes = bytes,
		.read_latency = rl,
		.write_latency = wl,
		.outstanding = outstanding,
		.stall_per_1024 = stall,
		.reorder = reorder,
		.seed = 7,
	};

	for (unsigned i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	m = axi_mem_new(&cfg);
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	out.m_axi_rready = out.m_axi_bready = 1;
	now = 0;
	axi_mem_drive(m, &in);
}

static int teardown(void **state)
{
	(void)state;
	axi_mem_free(m);
	m = NULL;
	return 0;
}

/* One clock; in shows the pins of the next one. */
static void clock(void)
{
	axi_mem_step(m, &in, &out);
	axi_mem_drive(m, &in);
	now++;
	assert_null(axi_mem_error(m));
}

static void put_ar(uint64_t addr, unsigned beats, unsigned id)
{
	out.m_axi_arvalid = 1;
	out.m_axi_araddr = addr;
	out.m_axi_arlen = (uint8_t)(beats - 1);
	out.m_axi_arsize = 3;
	out.m_axi_arburst = 1;
	out.m_axi_arid = (uint8_t)id;
}

static void put_aw(uint64_t addr, unsigned beats)
{
	out.m_axi_awvalid = 1;
	out.m_axi_awaddr = addr;
	out.m_axi_awlen = (uint8_t)(beats - 1);
	out.m_axi_awsize = 3;
	out.m_axi_awburst = 1;
}

static void put_w(uint64_t data, uint8_t strb, bool last)
{
	out.m_axi_wvalid = 1;
	out.m_axi_wdata = data;
	out.m_axi_wstrb = strb;
	out.m_axi_wlast = last;
}

static uint64_t word(uint64_t addr)
{
	uint64_t value;

	memcpy(&value, bytes + (addr - BASE), 8);
	return value;
}

static void test_read_latency(void **state)
{
	(void)state;
	for (unsigned latency = 1; latency < 70; latency += 17) {
		open_mem(latency, 1, 4, 0, false);
		assert_true(axi_mem_idle(m));
		put_ar(BASE + 0x100, 4, 2);
		assert_true(in.m_axi_arready);
		clock(); /* AR was accepted in clock 0 */
		out.m_axi_arvalid = 0;
		while (!in.m_axi_rvalid)
			clock();
		assert_int_equal(now, latency);
		for (unsigned i = 0; i < 4; i++) {
			assert_true(in.m_axi_rvalid);
			assert_int_equal(in.m_axi_rdata, word(BASE + 0x100 + 8 * i));
			assert_int_equal(in.m_axi_rid, 2);
			assert_int_equal(in.m_axi_rresp, 0);
			assert_int_equal(in.m_axi_rlast, i == 3);
			clock();
		}
		assert_false(in.m_axi_rvalid);
		assert_true(axi_mem_idle(m));
		axi_mem_free(m);
	}
	m = NULL;
}

static void test_reads_back_to_back(void **state)
{
	unsigned beats = 0, asked = 0;

	(void)state;
	open_mem(64, 1, 64, 0, false);
	while (beats < 512) {
		if (asked < 512)
			put_ar(BASE + 8 * asked, 1, 3);
		else
			out.m_axi_arvalid = 0;
		if (out.m_axi_arvalid && in.m_axi_arready)
			asked++;
		if (in.m_axi_rvalid)
			assert_int_equal(in.m_axi_rdata, word(BASE + 8 * beats++));
		clock();
	}
	assert_int_equal(now, 64 + 512); /* not one clock lost, even with single beats */
	assert_int_equal(axi_mem_counts(m)->reads, 512);
	assert_int_equal(axi_mem_counts(m)->read_beats, 512);
}

static void test_read_holds_until_ready(void **state)
{
	(void)state;
	open_mem(3, 1, 1, 0, false);
	put_ar(BASE, 2, 1);
	clock();
	out.m_axi_arvalid = 0;
	out.m_axi_rready = 0;
	assert_false(in.m_axi_arready); /* one outstanding only */
	for (unsigned i = 0; i < 10; i++)
		clock();
	assert_true(in.m_axi_rvalid);
	assert_int_equal(in.m_axi_rdata, word(BASE));
	out.m_axi_rready = 1;
	clock();
	assert_int_equal(in.m_axi_rdata, word(BASE + 8));
	assert_true(in.m_axi_rlast);
	clock();
	assert_true(in.m_axi_arready);
}

static void test_write_latency_and_strobes(void **state)
{
	uint64_t old;

	(void)state;
	open_mem(1, 20, 4, 0, false);
	old = word(BASE + 0x208);
	put_aw(BASE + 0x200, 2);
	put_w(0x1111111111111111, 0xff, false);
	clock();
	out.m_axi_awvalid = 0;
	put_w(0x2222222222222222, 0x81, true);
	clock(); /* the last W was accepted in clock 1 */
	out.m_axi_wvalid = 0;
	while (!in.m_axi_bvalid) {
		assert_int_equal(word(BASE + 0x208), old); /* lands when B is sent, not before */
		clock();
	}
	assert_int_equal(now, 1 + 20);
	assert_int_equal(in.m_axi_bresp, 0);
	assert_int_equal(word(BASE + 0x200), 0x1111111111111111);
	assert_int_equal(word(BASE + 0x208), (old & 0x00ffffffffffff00) | 0x2200000000000022);
	clock();
	assert_false(in.m_axi_bvalid);
	assert_true(axi_mem_idle(m));
}

static void test_every_strobe(void **state)
{
	(void)state;
	open_mem(1, 1, 4, 0, false);
	for (unsigned strb = 0; strb < 256; strb++) {
		uint64_t old = word(BASE + 0x80), expected = old, data = ~old ^ strb;

		for (unsigned lane = 0; lane < 8; lane++)
			if (strb >> lane & 1)
				expected = (expected & ~(0xffull << 8 * lane)) | (data & 0xffull << 8 * lane);
		put_aw(BASE + 0x80, 1);
		put_w(data, (uint8_t)strb, true);
		clock();
		out.m_axi_awvalid = out.m_axi_wvalid = 0;
		clock();
		assert_int_equal(word(BASE + 0x80), expected);
	}
}

static void test_writes_back_to_back(void **state)
{
	unsigned sent = 0, addressed = 0, answers = 0;

	(void)state;
	open_mem(1, 64, 64, 0, false);
	while (answers < 32) {
		put_aw(BASE + 512 * addressed, 64);
		out.m_axi_awvalid = addressed < 32;
		put_w(sent, 0xff, sent % 64 == 63);
		out.m_axi_wvalid = sent < 32 * 64;
		if (out.m_axi_awvalid && in.m_axi_awready)
			addressed++;
		if (out.m_axi_wvalid && in.m_axi_wready)
			sent++;
		answers += in.m_axi_bvalid;
		clock();
	}
	assert_int_equal(now, 32 * 64 - 1 + 64 + 1); /* last W in clock 2047, B 64 later, seen in that clock */
	for (unsigned i = 0; i < 32 * 64; i++)
		assert_int_equal(word(BASE + 8 * i), i);
}

static void test_data_before_address(void **state)
{
	(void)state;
	open_mem(1, 5, 4, 0, false);
	put_w(42, 0xff, true);
	clock();
	out.m_axi_wvalid = 0;
	for (unsigned i = 0; i < 10; i++)
		clock();
	assert_false(in.m_axi_bvalid);
	assert_false(axi_mem_idle(m));
	put_aw(BASE + 0x40, 1);
	clock();
	out.m_axi_awvalid = 0;
	while (!in.m_axi_bvalid)
		clock();
	assert_int_equal(word(BASE + 0x40), 42);
	assert_int_equal(now, 11 + 5 - 0);
}

/* Reads two beats from addr and gives both responses. */
static void read_two(uint64_t addr, unsigned *first, unsigned *second)
{
	put_ar(addr, 2, 0);
	clock();
	out.m_axi_arvalid = 0;
	while (!in.m_axi_rvalid)
		clock();
	*first = in.m_axi_rresp;
	clock();
	*second = in.m_axi_rresp;
	assert_true(in.m_axi_rlast);
	clock();
}

static unsigned write_one(uint64_t addr, uint64_t data)
{
	unsigned resp;

	put_aw(addr, 1);
	put_w(data, 0xff, true);
	clock();
	out.m_axi_awvalid = out.m_axi_wvalid = 0;
	while (!in.m_axi_bvalid)
		clock();
	resp = in.m_axi_bresp;
	clock();
	return resp;
}

static void test_errors(void **state)
{
	unsigned a, b;
	uint64_t old;

	(void)state;
	open_mem(4, 4, 4, 0, false);
	assert_true(axi_mem_fault(m, BASE + 0x10c, 1, true, false));
	assert_true(axi_mem_fault(m, BASE + 0x200, 8, false, true));
	read_two(BASE + 0x100, &a, &b);
	assert_int_equal(a, 0);
	assert_int_equal(b, 2);
	read_two(BASE + 0x200, &a, &b);
	assert_int_equal(a | b, 0);
	old = word(BASE + 0x200);
	assert_int_equal(write_one(BASE + 0x200, ~old), 2);
	assert_int_equal(word(BASE + 0x200), old);
	assert_int_equal(write_one(BASE + 0x108, 5), 0);
	axi_mem_fault_clear(m);
	assert_int_equal(write_one(BASE + 0x200, 6), 0);
	assert_int_equal(word(BASE + 0x200), 6);
	read_two(BASE + SIZE, &a, &b);
	assert_true(a == 3 && b == 3);
	read_two(BASE - 16, &a, &b);
	assert_true(a == 3 && b == 3);
	assert_int_equal(write_one(0xfffffffffffffff8, 1), 3);
	assert_int_equal(axi_mem_counts(m)->errors, 1 + 1 + 4 + 1);
}

static void test_reorder_and_stalls(void **state)
{
	struct sim_rng rng;
	unsigned expected[5][256], head[5] = {0}, tail[5] = {0}, asked = 0, done = 0, overtaken = 0, woven = 0;
	unsigned order[5][256], last_done = 0, last_id = 9;
	bool in_burst = false;

	(void)state;
	open_mem(16, 16, 16, 300, true);
	sim_rng_init(&rng, 1);
	while (done < 200) {
		if (!out.m_axi_arvalid && asked < 200) {
			unsigned id = sim_rng_below(&rng, 5);

			expected[id][tail[id]] = asked * 16;
			order[id][tail[id]++] = asked;
			put_ar(BASE + asked * 16, 2, id);
			asked++;
		}
		bool taken = out.m_axi_arvalid && in.m_axi_arready;

		out.m_axi_rready = sim_rng_chance(&rng, 700);
		if (in.m_axi_rvalid && out.m_axi_rready) {
			unsigned id = in.m_axi_rid;

			assert_true(head[id] < tail[id]);
			assert_int_equal(in.m_axi_rdata, word(BASE + expected[id][head[id]]));
			expected[id][head[id]] += 8;
			woven += in_burst && id != last_id;
			in_burst = !in.m_axi_rlast;
			last_id = id;
			if (in.m_axi_rlast) {
				overtaken += order[id][head[id]] < last_done;
				last_done = order[id][head[id]++];
				done++;
			}
		}
		clock();
		if (taken)
			out.m_axi_arvalid = 0;
		assert_true(now < 100000);
	}
	assert_true(overtaken > 10);
	assert_true(woven > 10);
}

static void test_same_seed_same_pins(void **state)
{
	uint64_t hash[2];

	(void)state;
	for (unsigned run = 0; run < 2; run++) {
		open_mem(8, 8, 8, 200, true);
		hash[run] = 0;
		for (unsigned i = 0; i < 2000; i++) {
			put_ar(BASE + 64 * (i % 512), 4, i % 5);
			hash[run] = hash[run] * 31 + in.m_axi_rvalid * 7u + in.m_axi_rdata + in.m_axi_arready;
			bool taken = in.m_axi_arready;

			while (!taken) {
				clock();
				taken = in.m_axi_arready;
			}
			clock();
		}
		axi_mem_free(m);
	}
	m = NULL;
	assert_int_equal(hash[0], hash[1]);
}

static void test_idle_is_still(void **state)
{
	struct vio_in before;

	(void)state;
	open_mem(8, 8, 8, 500, true);
	write_one(BASE, 1);
	while (!axi_mem_idle(m))
		clock();
	before = in;
	for (unsigned i = 0; i < 100; i++)
		clock();
	assert_memory_equal(&before, &in, sizeof(in));
	assert_true(in.m_axi_arready && in.m_axi_awready && in.m_axi_wready);
}

/* What is held back comes when the hold ends, reads and writes apart. */
static void test_hold(void **state)
{
	(void)state;
	open_mem(4, 4, 8, 0, false);
	axi_mem_hold(m, true, false);
	clock();
	assert_false(in.m_axi_arready);
	put_ar(BASE, 1, 0);
	for (unsigned i = 0; i < 100; i++) {
		clock();
		assert_false(in.m_axi_arready || in.m_axi_rvalid);
	}
	write_one(BASE + 8, 1);
	axi_mem_hold(m, false, false);
	clock();
	assert_true(in.m_axi_arready);
	clock();
	out.m_axi_arvalid = 0;
	axi_mem_hold(m, true, false);
	for (unsigned i = 0; i < 100; i++) {
		clock();
		assert_false(in.m_axi_rvalid);
	}
	axi_mem_hold(m, false, false);
	clock();
	assert_true(in.m_axi_rvalid);
	assert_int_equal(in.m_axi_rdata, word(BASE));
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(test_##name, teardown)
	const struct CMUnitTest tests[] = {
		T(read_latency),        T(reads_back_to_back),        T(read_holds_until_ready), T(every_strobe),
		T(writes_back_to_back), T(write_latency_and_strobes), T(data_before_address),    T(errors),
		T(reorder_and_stalls),  T(same_seed_same_pins),       T(idle_is_still),          T(hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
