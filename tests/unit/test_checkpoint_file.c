/* SPDX-License-Identifier: Apache-2.0
 * test_checkpoint_file.c: what was saved comes back; no damaged, cut, foreign or unfitting file is taken for a checkpoint.
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <sys/stat.h>
#include "checkpoint_file.h"
#include "hash.h"
#include "refused.h"

enum { PAGES = 5, BIG = PAGES * STREAM_PAGE + 100, ROOM = 4 * STREAM_PAGE };

static char folder[] = "/tmp/checkpoint.XXXXXX", path[64], whole[64];
static uint8_t file[ROOM];
static size_t file_len;
static uint8_t big[BIG];
static uint64_t number;

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/x", folder);
	snprintf(whole, sizeof whole, "%s/whole", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	unlink(whole);
	return rmdir(folder); /* nothing else is left there */
}

static void fill(void)
{
	memset(big, 0, sizeof big);
	big[2 * STREAM_PAGE + 7] = 1;
	big[BIG - 1] = 2;
	number = 4711;
}

static void number_state(struct stream *s)
{
	stream_section(s, "number");
	stream_all(s, &number);
}

static void big_state(struct stream *s)
{
	s->slot = 3;
	stream_section(s, "big");
	stream_pages(s, big, sizeof big);
	s->slot = STREAM_NO_SLOT;
}

static void write_whole(void)
{
	struct checkpoint_file *f = checkpoint_file_create(whole);
	FILE *in;

	fill();
	number_state(checkpoint_file_stream(f));
	stream_section(checkpoint_file_stream(f), "empty");
	big_state(checkpoint_file_stream(f));
	checkpoint_file_commit(f);
	in = fopen(whole, "r");
	assert_non_null(in);
	file_len = fread(file, 1, sizeof file, in);
	fclose(in);
	assert_true(file_len > 2 * STREAM_PAGE / 2 && file_len < sizeof file);
}

static void write_file(const uint8_t *bytes, size_t len)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

static void test_round(void **state)
{
	struct checkpoint_file *f;

	(void)state;
	write_whole();
	memset(big, 0xee, sizeof big);
	number = 0;
	f = checkpoint_file_open(whole);
	assert_true(checkpoint_file_has(f, "big", 3));
	assert_false(checkpoint_file_has(f, "big", 2));
	assert_false(checkpoint_file_has(f, "numbe", STREAM_NO_SLOT));
	big_state(checkpoint_file_stream(f)); /* in another order */
	number_state(checkpoint_file_stream(f));
	assert_int_equal(checkpoint_file_section_bytes(f), sizeof number);
	checkpoint_file_close(f);
	assert_int_equal(number, 4711);
	for (size_t i = 0; i < sizeof big; i++)
		assert_int_equal(big[i], i == 2 * STREAM_PAGE + 7 ? 1 : i == BIG - 1 ? 2 : 0);
}

static void open_path(void *name)
{
	checkpoint_file_open(name);
}

static void test_truncated(void **state)
{
	(void)state;
	write_whole();
	for (size_t len = 0; len < file_len; len += len < 200 || file_len - len < 200 ? 1 : 97) {
		write_file(file, len);
		refused(open_path, path, path, len < 8 ? "no checkpoint" : "truncated");
	}
	write_file(file, file_len);
	checkpoint_file_close(checkpoint_file_open(path));
}

/* In every byte; the more so in those that are not data. */
static void test_damaged(void **state)
{
	(void)state;
	write_whole();
	for (size_t at = 0; at < file_len; at += at < 200 || file_len - at < 400 ? 1 : 61) {
		file[at] ^= 1 << at % 8;
		write_file(file, file_len);
		refused(open_path, path, path, at < 8 ? "no checkpoint" : at < 12 ? "version" : at < 40 ? "build" : "");
		file[at] ^= 1 << at % 8;
	}
}

static void test_longer(void **state)
{
	(void)state;
	write_whole();
	write_file(file, file_len + 1);
	refused(open_path, path, path, "behind its end");
}

static void take_more(void *ctx)
{
	struct checkpoint_file *f = checkpoint_file_open(ctx);

	number_state(checkpoint_file_stream(f));
	stream_all(checkpoint_file_stream(f), &number);
}

static void take_less(void *ctx)
{
	struct checkpoint_file *f = checkpoint_file_open(ctx);

	stream_section(checkpoint_file_stream(f), "number");
	stream_bytes(checkpoint_file_stream(f), &number, 7);
	checkpoint_file_close(f);
}

static void take_another(void *ctx)
{
	struct checkpoint_file *f = checkpoint_file_open(ctx);

	checkpoint_file_stream(f)->slot = 2;
	stream_section(checkpoint_file_stream(f), "big");
}

static void test_unfitting(void **state)
{
	(void)state;
	write_whole();
	refused(take_more, whole, "'number'", "less in it");
	refused(take_less, whole, "'number'", "more in it");
	refused(take_another, whole, "'big' of slot 2", "not there");
}

static void create(void *name)
{
	struct checkpoint_file *f = checkpoint_file_create(name);

	number_state(checkpoint_file_stream(f));
	checkpoint_file_commit(f);
}

/* A file that cannot be put in its place leaves nothing behind; teardown looks. */
static void test_not_written(void **state)
{
	(void)state;
	refused(open_path, "no/such/file", "no/such/file", "");
	refused(open_path, folder, folder, "regular");
	refused(create, "no/such/dir/x", "no/such/dir/x", "");
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	refused(create, path, path, "");
	assert_int_equal(rmdir(path), 0);
}

/* The same however it is cut; another with any bit of it, and with zeros behind it. */
static void test_hash(void **state)
{
	uint8_t bytes[37] = {3, 1, 4, 1, 5, 9, 2, 6, 5};
	struct hash a = {0}, b;
	uint64_t want;

	(void)state;
	hash_add(&a, bytes, sizeof bytes);
	want = hash_end(&a);
	for (size_t cut = 0; cut <= sizeof bytes; cut++) {
		b = (struct hash){0};
		hash_add(&b, bytes, cut);
		hash_add(&b, bytes + cut, sizeof bytes - cut);
		assert_true(hash_end(&b) == want);
		b = (struct hash){0};
		hash_add(&b, bytes, cut);
		assert_true((hash_end(&b) == want) == (cut == sizeof bytes));
	}
	for (unsigned bit = 0; bit < 8 * sizeof bytes; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		b = (struct hash){0};
		hash_add(&b, bytes, sizeof bytes);
		assert_true(hash_end(&b) != want);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),  cmocka_unit_test(test_truncated), cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_longer), cmocka_unit_test(test_unfitting), cmocka_unit_test(test_not_written),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
