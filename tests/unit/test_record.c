/* SPDX-License-Identifier: Apache-2.0
 * test_record.c: what was recorded comes back, pin by pin and clock by clock; bad files end in one line and exit 2. */
#define _XOPEN_SOURCE 700
#include "unit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fake_dut.h"
#include "lockstep.h"
#include "record.h"

enum { CLOCKS = 5000 };

static char path[64];
static struct vio_in pins[CLOCKS];

static int setup(void **state)
{
	struct sim_rng rng;

	(void)state;
	strcpy(path, "/tmp/ringwalk-record-XXXXXX");
	close(mkstemp(path));
	sim_rng_init(&rng, 4);
	memset(pins, 0, sizeof(pins));
	for (unsigned i = 1; i < CLOCKS; i++) {
		pins[i] = pins[i - 1];
		if (sim_rng_chance(&rng, 300)) {
			pins[i].m_axi_rdata = (uint64_t)sim_rng_next(&rng) << 32 | sim_rng_next(&rng);
			pins[i].be_rvalid = sim_rng_next(&rng) & 1;
		}
		if (sim_rng_chance(&rng, 50)) {
			pins[i].s_axil_wdata = sim_rng_next(&rng);
			pins[i].strap_queues = sim_rng_next(&rng) & 31;
			pins[i].s_axil_awaddr = sim_rng_next(&rng) & 0xfff;
		}
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

/* Clocks 1000 to 1999 are equal and skipped at once; reset before 3000. */
static void write_recording(void)
{
	struct record *r = record_open(path, 0x123456789abcdef0, "ringwalk --seed 1 -drive x");

	for (unsigned i = 1001; i < 2000; i++)
		pins[i] = pins[1000];
	for (unsigned i = 0; i < CLOCKS; i++) {
		if (i == 3000)
			record_reset(r);
		if (i == 1000) {
			record_skip(r, &pins[i], 1000);
			i = 1999;
		} else {
			record_step(r, &pins[i]);
		}
	}
	record_close(r);
}

static void test_round_trip(void **state)
{
	struct replay *p;
	struct vio_in in;
	uint64_t clocks, at = 0, runs = 0;
	bool reset;

	(void)state;
	write_recording();
	p = replay_open(path);
	assert_int_equal(replay_seed(p), 0x123456789abcdef0);
	assert_string_equal(replay_command(p), "ringwalk --seed 1 -drive x");
	while (replay_next(p, &in, &clocks, &reset)) {
		assert_int_equal(reset, at == 3000);
		for (uint64_t i = 0; i < clocks; i++)
			assert_memory_equal(&in, &pins[at + i], sizeof(in));
		at += clocks;
		runs++;
	}
	assert_int_equal(at, CLOCKS);
	assert_true(runs < CLOCKS / 2);
	replay_close(p);
}

static void test_replay(void **state)
{
	struct record_result honest, again, lying;
	struct dut *one = fake_open(FAKE_HONEST, 0), *two = fake_open(FAKE_HONEST, 0), *three = fake_open(FAKE_PIN, 0),
		   *pair;

	(void)state;
	write_recording();
	honest = record_replay(path, one);
	again = record_replay(path, two);
	lying = record_replay(path, three);
	assert_int_equal(honest.cycles, CLOCKS);
	assert_false(honest.mismatch);
	assert_int_equal(honest.pins_hash, again.pins_hash);
	assert_true(honest.pins_hash != lying.pins_hash);
	fake_close(one);
	fake_close(two);
	fake_close(three);
	pair = lockstep_open(fake_open(FAKE_HONEST, 0), fake_open(FAKE_PIN, 20));
	lying = record_replay(path, pair);
	assert_true(lying.mismatch);
	assert_string_equal(lockstep_mismatch(pair)->pin, "m_axi_awid");
	pair->ops->close(pair);
}

/* Replays the file in a child and expects one line with this text on stderr, and exit status 2. */
static void expect_refusal(const char *part)
{
	char text[500];
	int ends[2], status, lines = 0;
	ssize_t n = 0;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(ends[1], 2);
		record_replay(path, fake_open(FAKE_HONEST, 0));
		_exit(0);
	}
	close(ends[1]);
	for (;;) {
		ssize_t more = read(ends[0], text + n, sizeof(text) - 1 - (size_t)n);

		if (more <= 0)
			break;
		n += more;
	}
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_true(n > 0);
	text[n] = 0;
	assert_non_null(strstr(text, part));
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 1);
}

/* Replaces the byte at this place; -1 cuts the file there. */
static void damage(long at, int byte)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	if (byte < 0) {
		assert_int_equal(ftruncate(fileno(f), at), 0);
	} else {
		fseek(f, at, SEEK_SET);
		putc(byte, f);
	}
	fclose(f);
}

static void test_bad_files(void **state)
{
	FILE *f;
	long size;

	(void)state;
	write_recording();
	f = fopen(path, "rb");
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	fclose(f);
	damage(size - 1, -1);
	expect_refusal("truncated");
	damage(size / 2, -1);
	expect_refusal("truncated");
	damage(30, -1);
	expect_refusal("truncated");
	write_recording();
	damage(10, 0x5a);
	expect_refusal("other pins");
	write_recording();
	damage(7, 9);
	expect_refusal("version 9");
	damage(0, 'x');
	expect_refusal("not a Ringwalk recording");
	damage(0, -1);
	expect_refusal("not a Ringwalk recording");
	unlink(path);
	expect_refusal("cannot open");
}

static void test_full_disk(void **state)
{
	pid_t child;
	int status;

	(void)state;
	if (access("/dev/full", W_OK) != 0)
		skip();
	child = fork();
	if (child == 0) {
		struct record *r;

		close(2);
		r = record_open("/dev/full", 1, "x");
		for (unsigned i = 0; i < CLOCKS; i++)
			record_step(r, &pins[i]);
		record_close(r);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {T(round_trip), T(replay), T(bad_files), T(full_disk)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
