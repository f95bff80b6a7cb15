/* SPDX-License-Identifier: Apache-2.0
 * t_framing: one request cut into descriptors in every odd way. A device assumes nothing about the cuts
 * (virtio 1.2, 2.7.4.1).
 *
 * A request is two streams of bytes: what the device reads (header, then data of an OUT) and what it writes
 * (data of an IN, then status). Each stream is cut into pieces and the pieces are spread over an arena with
 * guard bytes between, which must keep their value.
 */
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 1024u
#define ARENA_BYTES 65536u
#define STREAM_BYTES 16384u
#define TEST_SECTORS 64u
#define GUARD 0xa5u
#define HEADER_BYTES 16u

/* Piece lengths; the last one repeats until the stream ends. */
struct cuts {
	const uint32_t *lens;
	unsigned count;
};

#define CUTS(...) \
	((struct cuts){(const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t)})

struct layout {
	struct virtq_piece pieces[QUEUE_NUM];
	uint32_t offset[QUEUE_NUM]; /* of the piece in the arena */
	unsigned count;
	uint32_t cursor;
	uint32_t gap;
};

static struct blk blk;
static uint8_t arena[ARENA_BYTES] __attribute__((aligned(4096)));
static uint8_t stream[STREAM_BYTES] __attribute__((aligned(8)));
static uint8_t mirror[TEST_SECTORS * BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static struct layout layout;
static struct blk_request request;

static void place(struct layout *l, struct cuts cuts, uint32_t bytes, bool write)
{
	for (unsigned i = 0; bytes > 0; i++) {
		uint32_t len = cuts.lens[i < cuts.count ? i : cuts.count - 1];

		if (len > bytes)
			len = bytes;
		if (l->count == QUEUE_NUM || l->cursor + len > ARENA_BYTES)
			check_give_up("the shape does not fit");
		l->offset[l->count] = l->cursor;
		l->pieces[l->count++] = (struct virtq_piece){arena + l->cursor, len, write};
		l->cursor += len + l->gap;
		bytes -= len;
	}
}

/* Copies between the stream and the pieces of one direction. */
static void spread(const struct layout *l, bool write, bool gather)
{
	uint32_t at = 0;

	for (unsigned i = 0; i < l->count; i++) {
		uint32_t len = l->pieces[i].len;

		if (l->pieces[i].write != write)
			continue;
		if (gather)
			memcpy(stream + at, arena + l->offset[i], len);
		else
			memcpy(arena + l->offset[i], stream + at, len);
		at += len;
	}
}

static bool guards_hold(const struct layout *l)
{
	uint32_t at = 0;

	for (unsigned i = 0; i < l->count; i++) {
		for (; at < l->offset[i]; at++)
			if (arena[at] != GUARD)
				return false;
		at = l->offset[i] + l->pieces[i].len;
	}
	for (unsigned n = 0; n < 64 && at < ARENA_BYTES; n++, at++)
		if (arena[at] != GUARD)
			return false;
	return true;
}

struct shape {
	uint32_t type;
	uint64_t sector;
	uint32_t bytes; /* of data */
	struct cuts out;
	struct cuts in;
	uint32_t start; /* arena offset of the first piece */
	uint32_t gap;
};

enum verdict { GOOD, NOT_DONE, BAD_STATUS, BAD_LEN, BAD_GUARD, BAD_DATA };

static void put_header(const struct shape *s)
{
	struct blk_header header = {s->type, 0, s->sector};

	memcpy(stream, &header, sizeof(header));
	if (s->type == BLK_T_OUT)
		memcpy(stream + HEADER_BYTES, mirror + s->sector * BLK_SECTOR_BYTES, s->bytes);
}

/* Runs one shape. Data of an OUT comes from the mirror; data of an IN must equal it. */
static enum verdict run(const struct shape *s)
{
	uint32_t out_bytes = HEADER_BYTES + (s->type == BLK_T_OUT ? s->bytes : 0);
	uint32_t in_bytes = 1 + (s->type == BLK_T_OUT ? 0 : s->bytes);

	layout.count = 0;
	layout.cursor = s->start;
	layout.gap = s->gap;
	place(&layout, s->out, out_bytes, false);
	place(&layout, s->in, in_bytes, true);
	memset(arena, GUARD, layout.cursor + 64 < ARENA_BYTES ? layout.cursor + 64 : ARENA_BYTES);
	put_header(s);
	spread(&layout, false, false);
	if (!blk_submit_pieces(&blk, &request, layout.pieces, layout.count))
		check_give_up("the queue is full");
	blk_kick(&blk);
	if (!blk_wait(&blk, &request))
		return NOT_DONE;
	spread(&layout, true, true);
	if (stream[in_bytes - 1] != BLK_S_OK)
		return BAD_STATUS;
	if (request.used_len != in_bytes)
		return BAD_LEN;
	if (!guards_hold(&layout))
		return BAD_GUARD;
	if (s->type == BLK_T_IN && memcmp(stream, mirror + s->sector * BLK_SECTOR_BYTES, s->bytes) != 0)
		return BAD_DATA;
	return GOOD;
}

/* The shape at every byte alignment, with and without gaps. An OUT writes new data and reads it back plainly.
 */
static void run_aligned(const char *what, struct shape s)
{
	struct check_fold fold = {.what = what};

	for (uint32_t start = 0; start < 8; start++) {
		uint8_t *area = mirror + s.sector * BLK_SECTOR_BYTES;

		if (s.type == BLK_T_OUT)
			mem_pattern(area, s.bytes, 1000 + start);
		s.start = start;
		s.gap = start % 3;
		check_fold_eq(&fold, start, run(&s), GOOD);
		if (s.type != BLK_T_OUT)
			continue;
		check_fold_eq(&fold, start, blk_read(&blk, s.sector, stream, s.bytes), BLK_S_OK);
		check_fold_eq(&fold, start, memcmp(stream, area, s.bytes) == 0, true);
	}
	check_fold_end(&fold);
}

static void read_shape(const char *what, uint32_t sectors, struct cuts out, struct cuts in)
{
	run_aligned(what,
		    (struct shape){
			    .type = BLK_T_IN, .sector = 3, .bytes = sectors * BLK_SECTOR_BYTES, .out = out, .in = in});
}

static void write_shape(const char *what, uint32_t sectors, struct cuts out)
{
	run_aligned(what, (struct shape){.type = BLK_T_OUT,
					 .sector = 5,
					 .bytes = sectors * BLK_SECTOR_BYTES,
					 .out = out,
					 .in = CUTS(1)});
}

static void reads(void)
{
	read_shape("plain", 1, CUTS(16), CUTS(512, 1));
	read_shape("header_in_16_descriptors", 1, CUTS(1), CUTS(512, 1));
	read_shape("header_15_and_1", 2, CUTS(15, 1), CUTS(1024, 1));
	read_shape("header_by_threes", 1, CUTS(3), CUTS(512, 1));
	read_shape("status_shares_with_data", 1, CUTS(16), CUTS(513));
	read_shape("status_with_last_data_byte", 2, CUTS(16), CUTS(1023, 2));
	read_shape("data_in_bytes", 1, CUTS(16), CUTS(1));
	read_shape("data_by_sevens", 2, CUTS(16), CUTS(7));
	read_shape("first_byte_alone", 2, CUTS(16), CUTS(1, 1023, 1));
	read_shape("cuts_off_sector_bounds", 4, CUTS(8), CUTS(511, 2, 513));
	read_shape("across_pages", 20, CUTS(16), CUTS(4095, 4097, 10000));
}

static void writes(void)
{
	write_shape("plain", 1, CUTS(16, 512));
	write_shape("header_and_data_in_one", 1, CUTS(528));
	write_shape("header_and_first_data_byte", 2, CUTS(17, 1023));
	write_shape("header_straddles", 2, CUTS(15, 2, 1023));
	write_shape("all_in_bytes", 1, CUTS(1));
	write_shape("all_by_fives", 2, CUTS(5));
	write_shape("cuts_off_sector_bounds", 4, CUTS(16, 511, 2, 513));
	write_shape("across_pages", 20, CUTS(16, 4095, 4097, 10000));
}

/* FLUSH and GET_ID in pieces. */
static void others(void)
{
	struct shape flush = {.type = BLK_T_FLUSH, .out = CUTS(1), .in = CUTS(1), .start = 3, .gap = 1};
	struct shape id = {.type = BLK_T_GET_ID, .bytes = BLK_ID_BYTES, .out = CUTS(9), .start = 1};

	check_eq("flush_in_bytes", run(&flush), GOOD);
	id.in = CUTS(BLK_ID_BYTES, 1);
	check_eq("id_plain", run(&id), GOOD);
	id.in = CUTS(BLK_ID_BYTES + 1);
	check_eq("id_with_status", run(&id), GOOD);
	id.in = CUTS(1);
	check_eq("id_in_bytes", run(&id), GOOD);
}

/* A chain of as many descriptors as the queue has: the header, single bytes, and the rest in the last one. */
static void longest_chain(const char *what, uint32_t num)
{
	static uint32_t lens[QUEUE_NUM];
	struct shape s = {.type = BLK_T_IN, .sector = 1, .bytes = 2 * BLK_SECTOR_BYTES, .out = CUTS(16)};

	if (!blk_start(&blk, num))
		check_give_up("the device does not start again");
	for (uint32_t i = 0; i + 2 < num; i++)
		lens[i] = 1;
	lens[num - 2] = s.bytes + 1;
	s.in = (struct cuts){lens, num - 1};
	check_eq(what, run(&s), GOOD);
	if (layout.count != num)
		check_give_up("the chain is not as long as the queue");
}

static void longest_chains(void)
{
	longest_chain("num_2", 2);
	longest_chain("num_4", 4);
	longest_chain("num_32", 32);
	longest_chain("num_256", 256);
	longest_chain("num_1024", 1024);
	blk_start(&blk, QUEUE_NUM);
}

/* Links descriptors of a split ring backwards, so that each next points to a lower index. */
static void backward_chain(void)
{
	struct virtq *q = &blk.queue;
	struct shape s = {.type = BLK_T_IN, .sector = 2, .bytes = 512, .out = CUTS(2), .in = CUTS(10), .start = 5};

	blk.wanted = BLK_SPLIT;
	blk_start(&blk, 512);
	for (unsigned i = 0; i < q->num; i++)
		q->desc[i].next = (uint16_t)(i - 1);
	q->free_head = (uint16_t)(q->num - 1);
	check_eq("read", run(&s), GOOD);
	s.type = BLK_T_OUT;
	mem_pattern(mirror + s.sector * BLK_SECTOR_BYTES, s.bytes, 77);
	s.in = CUTS(1);
	check_eq("write", run(&s), GOOD);
	blk.wanted = BLK_FEATURES;
	blk_start(&blk, QUEUE_NUM);
}

static uint64_t random_state = 0x5eed;

static uint32_t random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % n;
}

static void random_shapes(void)
{
	struct check_fold fold = {.what = "every_shape"};
	uint32_t out[40];
	uint32_t in[40];

	for (uint64_t round = 0; round < 150; round++) {
		uint32_t sectors = 1 + random_below(4);
		struct shape s = {.type = random_below(2), .bytes = sectors * BLK_SECTOR_BYTES};

		for (unsigned i = 0; i < 40; i++) {
			out[i] = 1 + random_below(random_below(4) == 0 ? 600 : 20);
			in[i] = 1 + random_below(random_below(4) == 0 ? 600 : 20);
		}
		out[39] = 1000;
		in[39] = 1000;
		s.out = (struct cuts){out, 40};
		s.in = (struct cuts){in, 40};
		s.sector = random_below(TEST_SECTORS - sectors);
		s.start = random_below(5000);
		s.gap = random_below(9);
		if (s.type == BLK_T_OUT)
			mem_pattern(mirror + s.sector * BLK_SECTOR_BYTES, s.bytes, round);
		check_fold_eq(&fold, round, run(&s), GOOD);
	}
	check_fold_end(&fold);
	check_eq("read_all", blk_read(&blk, 0, arena, sizeof(mirror)), BLK_S_OK);
	check_true("disk_equals_mirror", memcmp(arena, mirror, sizeof(mirror)) == 0);
}

/* Descriptors of length 0 carry nothing and are passed over, wherever they stand. */
static void zero_length(void)
{
	static const uint8_t nothing[1];
	static uint8_t data[BLK_SECTOR_BYTES];
	struct virtq_piece pieces[6] = {
		{nothing, 0, false},        {&request.header, HEADER_BYTES, false},
		{nothing, 0, true},         {data, BLK_SECTOR_BYTES, true},
		{&request.status, 1, true}, {nothing, 0, true},
	};

	request.header = (struct blk_header){BLK_T_IN, 0, 3};
	request.status = BLK_S_NONE;
	blk.wanted = BLK_SPLIT; /* QEMU would hang, not refuse, on a packed ring */
	blk_start(&blk, QUEUE_NUM);
	blk_submit_pieces(&blk, &request, pieces, 6);
	blk_kick(&blk);
	check_true("done", blk_wait(&blk, &request));
	check_eq("status", request.status, BLK_S_OK);
	check_eq("used_len", request.used_len, BLK_SECTOR_BYTES + 1);
	check_true("data", memcmp(data, mirror + 3 * BLK_SECTOR_BYTES, BLK_SECTOR_BYTES) == 0);
	blk_start(&blk, QUEUE_NUM);
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	if (blk.readonly || blk.capacity_sectors < TEST_SECTORS)
		check_give_up("needs a writable disk of 64 sectors");
	mem_pattern(mirror, sizeof(mirror), 42);
	check_eq("fill", blk_write(&blk, 0, mirror, sizeof(mirror)), BLK_S_OK);
	TEST(reads);
	TEST(writes);
	TEST(others);
	TEST(longest_chains);
	TEST(backward_chain);
	TEST(random_shapes);
	TEST_OURS(zero_length);
	return check_end("t_framing");
}
