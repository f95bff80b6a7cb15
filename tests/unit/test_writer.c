/* SPDX-License-Identifier: Apache-2.0
 * test_writer.c: writer: bytes land where they belong and nowhere else, by legal bursts; after stop nothing lands.
 *
 * The test is axi and memory: a map of bytes, written by beats and strobes. */
#include "device.h"

enum { MEMORY = 1 << 16, EMPTY = -1 };

static int16_t memory[MEMORY], want[MEMORY];
static struct vio_burst burst;
static unsigned burst_left;
static struct {
	uint8_t kind, queue;
} done[4096];
static unsigned dones;

static void take_write(void)
{
	struct vio_wbeat b;

	if (burst_left == 0 && has_aw()) {
		burst = take_aw();
		burst_left = burst.len + 1u;
		assert_int_equal(burst.addr % VIO_DATA_BYTES, 0);
		assert_true(burst.len < VIO_BURST_BEATS);
		assert_true(burst.addr / 4096 == (burst.addr + VIO_DATA_BYTES * burst.len) / 4096);
	}
	if (burst_left == 0 || !has_wbeat())
		return;
	b = take_wbeat();
	assert_int_equal(b.last, --burst_left == 0);
	assert_true(burst.addr < MEMORY);
	for (unsigned i = 0; i < VIO_DATA_BYTES; i++)
		if ((b.strb >> i & 1) != 0)
			memory[burst.addr + i] = vio_data_byte(b.data, i);
	burst.addr += VIO_DATA_BYTES;
	if (b.last && has_btag()) {
		const struct vio_btag tag = take_btag();

		done[dones].kind = tag.kind;
		done[dones++ % 4096].queue = tag.queue;
	}
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		writer_tick(v, clk);
		if (below(4) != 0)
			take_write();
	}
}

static int setup(void **state)
{
	for (unsigned i = 0; i < MEMORY; i++)
		memory[i] = want[i] = EMPTY;
	burst_left = dones = 0;
	return device_setup(state);
}

/* A request's stream, in jobs of random length at random places; its beats come packed, padded at the end. */
static void a_request(unsigned jobs, uint32_t most)
{
	static uint8_t bytes[MEMORY + VIO_DATA_BYTES];
	struct vio_wjob list[40];
	uint32_t total = 0, beats, given = 0;

	for (unsigned i = 0; i < jobs; i++) {
		const uint32_t len = 1 + below(most), addr = below(MEMORY - len);

		list[i] = (struct vio_wjob){.addr = addr, .len = len, .kind = WJOB_STREAM, .last = i + 1 == jobs};
		for (uint32_t k = 0; k < len; k++) {
			bytes[total + k] = (uint8_t)below(256);
			want[addr + k] = bytes[total + k];
		}
		total += len;
	}
	memset(bytes + total, 0xee, VIO_DATA_BYTES);
	beats = (total + VIO_DATA_BYTES - 1) / VIO_DATA_BYTES;
	for (unsigned i = 0, wait = 0; i < jobs || given < beats; wait++) {
		assert_true(wait < 1000000);
		if (i < jobs && !full_wjob() && below(2))
			give_wjob(list[i++]);
		if (given < beats && !full_store() && below(3)) {
			struct vio_store beat;

			memcpy(&beat.data, bytes + VIO_DATA_BYTES * given++, VIO_DATA_BYTES);
			give_store(beat);
		}
		run(1);
	}
}

static void settle(void)
{
	for (unsigned wait = 0; has_wjob() || has_wburst() || has_wbeat() || has_aw() || burst_left != 0; wait++) {
		assert_true(wait < 100000);
		run(1);
	}
	assert_false(has_store());
	assert_memory_equal(memory, want, sizeof want);
}

static void streams_land_where_they_belong(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 150; round++) {
		a_request(1 + below(12), below(3) ? 30 : 2000);
		settle();
	}
	assert_int_equal(v->writer.owed, 0);
}

static void every_alignment(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		a_request(1 + below(3), 12);
		settle();
	}
}

/* The status byte: at once, or what the storage port said; used hears of it. */
static void status_bytes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		const bool late = below(2) != 0;
		const uint8_t byte = (uint8_t)below(256);
		const uint64_t addr = below(MEMORY);
		struct vio_fin f;

		give_wjob((struct vio_wjob){.addr = addr,
					    .len = 1,
					    .kind = late ? WJOB_LATE : WJOB_BYTE,
					    .byte = late ? (uint8_t)~byte : byte,
					    .queue = 2,
					    .head = (uint16_t)i,
					    .used = 513});
		if (late) {
			run(30);
			assert_false(has_fin());
			give_rsp((struct vio_rsp){.status = byte});
		}
		want[addr] = byte;
		run(30);
		settle();
		f = take_fin();
		assert_int_equal(f.queue, 2);
		assert_int_equal(f.head, i);
		assert_int_equal(f.used, 513);
		assert_false(has_rsp());
	}
}

/* The used ring overtakes payload, and its last burst says what its response means. */
static void used_ring_writes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		const uint8_t kind = (uint8_t)(BTAG_USED + below(3));
		const unsigned len = kind == BTAG_USED ? 8 : 2;
		const uint64_t addr = below(MEMORY - 8), data = (uint64_t)below(1 << 24) << 40 | below(1 << 24);

		dones = 0;
		give_ujob((struct vio_ujob){
			.addr = addr, .data = data, .len = (uint8_t)len, .queue = (uint8_t)(i % 4), .kind = kind});
		for (unsigned k = 0; k < len; k++)
			want[addr + k] = (uint8_t)(data >> (8 * k));
		run(40);
		settle();
		assert_true(dones == 1 || dones == 2);
		assert_int_equal(done[dones - 1].kind, kind);
		assert_int_equal(done[dones - 1].queue, i % 4);
		if (dones == 2)
			assert_int_equal(done[0].kind, BTAG_PART);
	}
}

/* An error under payload is told by the status byte of that request, or by DEVICE_NEEDS_RESET once that is issued. */
static void payload_errors(void **state)
{
	const struct vio_wjob status = {.addr = 0x8000, .len = 1, .kind = WJOB_BYTE, .head = 7, .queue = 3};

	(void)state;
	give_werr((struct vio_werr){.resp = 3, .turn = 0, .queue = 3});
	give_wjob(status);
	want[0x8000] = BLK_S_IOERR;
	run(20);
	settle();
	assert_int_equal(take_writer_mishap().code, ERR_REQ_NOWHERE_DATA);
	assert_int_equal(take_fin().head, 7);
	assert_int_equal(v->erred, 0);
	/* The next request is another one. */
	give_wjob(status);
	want[0x8000] = BLK_S_OK;
	run(20);
	settle();
	assert_false(has_writer_mishap());
	give_werr((struct vio_werr){.resp = 2, .turn = 1, .queue = 3});
	run(2);
	assert_int_equal(v->erred, ERRED_WRITER);
	assert_int_equal(v->writer.err.code, ERR_WRITE_DATA);
	assert_int_equal(v->writer.err.queue, 3);
}

/* A slow disk does not hold the bus: no burst is issued before its first beat came. */
static void payload_waits_for_storage(void **state)
{
	(void)state;
	give_wjob((struct vio_wjob){.addr = 0x100, .len = 64, .kind = WJOB_STREAM, .last = 1});
	run(100);
	assert_false(has_aw());
	assert_int_equal(burst_left, 0);
	give_ujob((struct vio_ujob){.addr = 0x8000, .data = 1, .len = 2, .kind = BTAG_INDEX});
	run(20);
	assert_int_equal(dones, 1);
	for (unsigned i = 0; i < 64; i += VIO_DATA_BYTES)
		give_store((struct vio_store){0});
	run(60);
	assert_int_equal(dones, 2);
}

/* A burst that was issued is finished under stop, and its beats have no strobes. */
static void stop_finishes_bursts_without_strobes(void **state)
{
	const uint32_t len = 62 * VIO_DATA_BYTES; /* 63 beats */
	unsigned beats = 0;

	(void)state;
	give_wjob((struct vio_wjob){.addr = 0x1000 + VIO_DATA_BYTES / 2, .len = len, .kind = WJOB_STREAM, .last = 1});
	give_store((struct vio_store){0});
	for (unsigned i = 0; i < 6; i++) {
		begin();
		writer_tick(v, clk);
	}
	assert_true(has_aw());
	while (has_wbeat()) {
		take_wbeat();
		beats++;
	}
	v->pub.stop = true;
	for (unsigned i = 0; i < 200; i++) {
		begin();
		writer_tick(v, clk);
		v->fifo[F_wjob] = (struct vio_fifo){0, 0};
		v->ne &= ~FIFO_BIT(wjob);
		if (has_wbeat()) {
			const struct vio_wbeat b = take_wbeat();

			assert_int_equal(b.strb, 0);
			assert_int_equal(b.last, ++beats == take_aw().len + 1u ? 1 : 0);
			give_aw((struct vio_burst){.len = 62});
		}
	}
	assert_int_equal(beats, 63);
	assert_false(has_wburst());
}

#define WRITES(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WRITES(streams_land_where_they_belong),
		WRITES(every_alignment),
		WRITES(status_bytes),
		WRITES(used_ring_writes),
		WRITES(payload_errors),
		WRITES(payload_waits_for_storage),
		WRITES(stop_finishes_bursts_without_strobes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
