/* SPDX-License-Identifier: Apache-2.0
 * test_frame.c: frame: header, data and status are found wherever the descriptors' borders are.
 *
 * Every byte of a random chain has an address of its own, so what comes out can be compared byte by byte. */
#include "device.h"

enum { BYTES = 2048 };

static uint64_t header[BYTES], data_out[BYTES], data_in[BYTES], status_at[BYTES];
static unsigned headers, outs, ins, statuses;

static void gather(uint64_t *list, unsigned *count, uint64_t addr, uint32_t len)
{
	assert_true(len != 0 && *count + len <= BYTES);
	for (uint32_t i = 0; i < len; i++)
		list[(*count)++] = addr + i;
}

/* Takes what came out. The flush of a header job must mark the end of the header, and nothing else. */
static void collect(void)
{
	if (has_header_job()) {
		const struct vio_job j = take_header_job();

		gather(header, &headers, j.addr, j.len);
		assert_int_equal(j.flush, headers == HEADER_BYTES);
	}
	if (has_piece()) {
		const struct vio_piece p = take_piece();

		switch (p.kind) {
		case PIECE_OUT:
			gather(data_out, &outs, p.addr, p.len);
			break;
		case PIECE_IN:
			assert_int_equal(statuses, 0);
			gather(data_in, &ins, p.addr, p.len);
			break;
		default:
			gather(status_at, &statuses, p.addr, p.len);
			break;
		}
	}
}

static void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		frame_tick(v, clk);
		if (below(4) != 0)
			collect();
	}
}

static int setup(void **state)
{
	headers = outs = ins = statuses = 0;
	return device_setup(state);
}

/* Cuts total bytes into segments at random addresses, and notes each byte's address. */
static unsigned cut(struct vio_seg *list, unsigned segs, uint32_t total, bool write, uint64_t *where)
{
	for (uint32_t at = 0; at < total; segs++) {
		const uint32_t len = 1 + below(below(3) ? 40 : 3), take = len < total - at ? len : total - at;
		const uint64_t addr = (uint64_t)below(1 << 24) * 64 + below(64);

		for (uint32_t i = 0; i < take; i++)
			where[at + i] = addr + i;
		list[segs] = (struct vio_seg){.addr = addr, .len = take, .write = write};
		at += take;
	}
	return segs;
}

static void feed(const struct vio_seg *list, unsigned segs)
{
	for (unsigned i = 0; i < segs; i++) {
		for (unsigned wait = 0; full_seg(); wait++) {
			assert_true(wait < 1000);
			run(1);
		}
		give_seg(list[i]);
	}
	run(3000);
}

static void every_split(void **state)
{
	static uint64_t readable[BYTES], writable[BYTES];
	static struct vio_seg list[BYTES];

	for (unsigned round = 0; round < 2000; round++) {
		const uint32_t rlen = below(5) ? 16 + below(600) : below(16), wlen = 1 + below(below(2) ? 600 : 3);
		const uint32_t first = rlen < 16 ? 0 : 16;
		unsigned segs = cut(list, 0, rlen, false, readable);
		struct vio_req r;

		setup(state);
		segs = cut(list, segs, wlen, true, writable);
		give_chain((struct vio_chain){.queue = 2, .head = 77, .rlen = rlen, .wlen = wlen, .segs = segs});
		feed(list, segs);
		r = take_req();
		assert_int_equal(r.queue, 2);
		assert_int_equal(r.head, 77);
		assert_int_equal(r.rlen, rlen);
		assert_int_equal(r.wlen, wlen);
		assert_int_equal(v->frame.state, S(frame, IDLE));
		assert_int_equal(headers, first);
		assert_int_equal(outs, rlen - first);
		assert_int_equal(ins, wlen - 1);
		assert_int_equal(statuses, 1);
		assert_memory_equal(header, readable, first * sizeof *readable);
		assert_memory_equal(data_out, readable + first, outs * sizeof *readable);
		assert_memory_equal(data_in, writable, ins * sizeof *writable);
		assert_int_equal(status_at[0], writable[wlen - 1]);
	}
}

static void refused(enum vio_error code)
{
	run(100);
	assert_int_equal(v->erred, ERRED_FRAME);
	assert_int_equal(v->frame.err.code, code);
	assert_int_equal(v->frame.err.queue, 1);
	assert_int_equal(v->frame.err.desc, 9);
	assert_int_equal(v->frame.state, S(frame, DEAD));
	assert_int_equal(statuses, 0);
}

static void no_byte_for_the_status(void **state)
{
	(void)state;
	give_chain((struct vio_chain){.queue = 1, .head = 9, .rlen = 16, .segs = 1});
	give_seg((struct vio_seg){.addr = 0x1000, .len = 16});
	refused(ERR_NO_STATUS);
	assert_false(has_req());
}

/* walk's second pass found other bytes than were announced. */
static void a_segment_that_grew(void **state)
{
	(void)state;
	give_chain((struct vio_chain){.queue = 1, .head = 9, .rlen = 16, .wlen = 4, .segs = 2});
	give_seg((struct vio_seg){.addr = 0x1000, .len = 17});
	refused(ERR_CHAIN_CHANGED);
	assert_int_equal(headers, 0);
}

static void a_segment_that_turned(void **state)
{
	(void)state;
	give_chain((struct vio_chain){.queue = 1, .head = 9, .rlen = 16, .wlen = 4, .segs = 2});
	give_seg((struct vio_seg){.addr = 0x1000, .len = 16, .write = 1});
	refused(ERR_CHAIN_CHANGED);
	assert_int_equal(ins, 0);
}

static void segments_that_shrank(void **state)
{
	(void)state;
	give_chain((struct vio_chain){.queue = 1, .head = 9, .rlen = 16, .wlen = 4, .segs = 2});
	give_seg((struct vio_seg){.addr = 0x1000, .len = 16});
	give_seg((struct vio_seg){.addr = 0x2000, .len = 3, .write = 1});
	refused(ERR_CHAIN_CHANGED);
}

/* Lengths near 2^32 do not wrap. */
static void the_longest_request(void **state)
{
	(void)state;
	give_chain((struct vio_chain){.queue = 1, .head = 9, .rlen = 16, .wlen = 0xffffffef, .segs = 2});
	give_seg((struct vio_seg){.addr = 0x1000, .len = 16});
	give_seg((struct vio_seg){.addr = 0x2000, .len = 0xffffffef, .write = 1});
	for (unsigned i = 0; i < 20; i++) {
		begin();
		frame_tick(v, clk);
	}
	assert_int_equal(HEAD(piece)->addr, 0x2000);
	assert_int_equal(take_piece().len, 0xffffffee);
	assert_int_equal(HEAD(piece)->kind, PIECE_STATUS);
	assert_int_equal(take_piece().addr, 0x2000 + 0xffffffeeull);
	assert_int_equal(v->erred, 0);
}

#define FRAME(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRAME(every_split),           FRAME(no_byte_for_the_status), FRAME(a_segment_that_grew),
		FRAME(a_segment_that_turned), FRAME(segments_that_shrank),   FRAME(the_longest_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
