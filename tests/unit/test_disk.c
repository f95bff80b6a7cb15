/* SPDX-License-Identifier: Apache-2.0
 * test_disk.c: the storage backend on memory and on files: timing, order, faults, padding, stop, a full host disk. */
#define _XOPEN_SOURCE 700
#include "unit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include "backend/disk.h"
#include "sim.h"
#include "vio_params.h"

enum { SIZE = 400 * 1024 };

static uint8_t bytes[SIZE];
static uint8_t data[SIZE];
static struct disk *d;
static struct vio_in in;
static struct vio_out out;
static uint64_t now;
static int file = -1;
static uint8_t last_status;

static struct disk_config config(void)
{
	for (unsigned i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 5 + i / 512);
	return (struct disk_config){
		.fd = -1, .bytes = bytes, .size = SIZE, .seed = 5, .serial = "ringwalk-0123456789abcdef"};
}

static void open_disk(const struct disk_config *cfg)
{
	d = disk_new(cfg);
	memset(&in, 0, sizeof(in));
	memset(&out, 0, sizeof(out));
	out.be_rready = out.be_rsp_ready = 1;
	now = 0;
	disk_drive(d, &in);
}

/* A file with the same bytes, gone from its directory already. */
static void open_file(struct disk_config *cfg, uint64_t size)
{
	char name[] = "/tmp/ringwalk-test-XXXXXX";

	file = mkstemp(name);
	assert_true(file >= 0);
	unlink(name);
	assert_int_equal(pwrite(file, bytes, (size_t)size, 0), (ssize_t)size);
	cfg->fd = file;
	cfg->bytes = NULL;
	cfg->size = size;
}

static int teardown(void **state)
{
	(void)state;
	disk_free(d);
	d = NULL;
	if (file >= 0)
		close(file);
	file = -1;
	return 0;
}

static void clock(void)
{
	disk_step(d, &in, &out);
	disk_drive(d, &in);
	now++;
	assert_true(now < 10000000);
}

static void put_cmd(unsigned op, uint64_t sector, uint32_t len)
{
	out.be_cmd_valid = 1;
	out.be_cmd_op = (uint8_t)op;
	out.be_cmd_sector = sector;
	out.be_cmd_len = len;
}

enum { NO_POISON = ~0u >> 1 };
static uint32_t poison = NO_POISON; /* the beat that has be_werr */

/* Runs one command to its end, with data to or from the array data. */
static uint8_t run(unsigned op, uint64_t sector, uint32_t len)
{
	uint32_t done = 0, beats = (len + 7) / 8;
	bool is_write = op == VIO_BE_WRITE || op == VIO_BE_WRITE_FUA, taken = false;

	put_cmd(op, sector, len);
	if (!is_write)
		memset(data, 0xee, len);
	for (;;) {
		bool cmd = out.be_cmd_valid && in.be_cmd_ready, answered = in.be_rsp_valid;

		out.be_wvalid = is_write && taken && done < beats;
		if (out.be_wvalid)
			memcpy(&out.be_wdata, data + 8 * done, 8);
		out.be_werr = out.be_wvalid && done == poison;
		if (out.be_wvalid && in.be_wready)
			done++;
		if (in.be_rvalid) {
			assert_true(done < beats && !is_write);
			memcpy(data + 8 * done++, &in.be_rdata, 8);
		}
		last_status = in.be_rsp_status;
		clock();
		taken |= cmd;
		if (cmd)
			out.be_cmd_valid = 0;
		if (answered)
			break;
	}
	out.be_wvalid = 0;
	assert_true(taken);
	assert_int_equal(done, beats);
	assert_null(disk_error(d));
	return last_status;
}

static void test_read_timing(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	for (unsigned latency = 0; latency < 100; latency += 33) {
		cfg.latency = latency;
		open_disk(&cfg);
		assert_true(disk_idle(d));
		put_cmd(VIO_BE_READ, 2, 512);
		assert_true(in.be_cmd_ready);
		clock();
		out.be_cmd_valid = 0;
		while (!in.be_rvalid)
			clock();
		assert_int_equal(now, 1 + latency);
		for (unsigned i = 0; i < 64; i++) {
			assert_true(in.be_rvalid && !in.be_rsp_valid);
			assert_memory_equal(&in.be_rdata, bytes + 1024 + 8 * i, 8);
			clock();
		}
		assert_true(in.be_rsp_valid && !in.be_rvalid);
		assert_int_equal(in.be_rsp_status, 0);
		clock();
		assert_true(disk_idle(d));
		disk_free(d);
	}
	d = NULL;
}

static void test_write_timing(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	cfg.latency = 9;
	open_disk(&cfg);
	put_cmd(VIO_BE_WRITE, 3, 512);
	clock();
	out.be_cmd_valid = 0;
	for (unsigned i = 0; i < 64; i++) {
		assert_true(in.be_wready);
		out.be_wvalid = 1;
		out.be_wdata = i;
		clock();
	}
	out.be_wvalid = 0;
	assert_false(in.be_wready);
	for (unsigned i = 0; i < 9; i++, clock())
		assert_false(in.be_rsp_valid);
	assert_true(in.be_rsp_valid);
	assert_int_equal(bytes[3 * 512 + 8 * 63], 63);
	for (unsigned op = VIO_BE_FLUSH; op <= VIO_BE_GET_ID; op++) {
		put_cmd(op, 0, 0);
		clock();
		out.be_cmd_valid = 0;
		for (unsigned i = 0; i < 9; i++, clock())
			assert_false(in.be_rsp_valid);
		assert_true(in.be_rsp_valid);
	}
}

static void test_reads_back_to_back(void **state)
{
	struct disk_config cfg = config();
	unsigned asked = 0, beats = 0, answers = 0;

	(void)state;
	open_disk(&cfg);
	while (answers < 20) {
		put_cmd(VIO_BE_READ, asked, 512);
		out.be_cmd_valid = asked < 20;
		asked += out.be_cmd_valid && in.be_cmd_ready;
		if (in.be_rvalid)
			assert_memory_equal(&in.be_rdata, bytes + 8 * beats++, 8);
		answers += in.be_rsp_valid;
		clock();
	}
	assert_int_equal(beats, 20 * 64);
	assert_int_equal(now, 1 + 20 * 64 + 1);
}

static void test_writes_back_to_back(void **state)
{
	struct disk_config cfg = config();
	unsigned asked = 0, beats = 0, answers = 0;

	(void)state;
	cfg.latency = 30; /* does not cost bandwidth */
	open_disk(&cfg);
	while (answers < 20) {
		put_cmd(VIO_BE_WRITE, asked, 512);
		out.be_cmd_valid = asked < 20;
		out.be_wvalid = beats < 64 * asked;
		out.be_wdata = beats;
		asked += out.be_cmd_valid && in.be_cmd_ready;
		beats += out.be_wvalid && in.be_wready;
		answers += in.be_rsp_valid;
		clock();
	}
	assert_int_equal(beats, 20 * 64);
	assert_int_equal(now, 1 + 20 * 64 + 1 + 30);
	for (unsigned i = 0; i < 20 * 64; i++) {
		uint64_t word;

		memcpy(&word, bytes + 8 * i, 8);
		assert_int_equal(word, i);
	}
}

static void test_big_and_odd_lengths(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	for (unsigned on_file = 0; on_file < 2; on_file++) {
		cfg = config();
		if (on_file)
			open_file(&cfg, SIZE);
		open_disk(&cfg);
		assert_int_equal(run(VIO_BE_READ, 1, 300 * 1024), 0);
		assert_memory_equal(data, bytes + 512, 300 * 1024);
		for (unsigned i = 0; i < SIZE; i++)
			data[i] = (uint8_t)(i * 3 + 1);
		assert_int_equal(run(VIO_BE_WRITE, 5, 200 * 1024), 0);
		assert_int_equal(run(VIO_BE_READ, 5, 200 * 1024), 0);
		for (unsigned i = 0; i < 200 * 1024; i++)
			assert_int_equal(data[i], (uint8_t)(i * 3 + 1));
		assert_int_equal(run(VIO_BE_READ, 7, 13), 0);
		assert_int_equal(data[12], (uint8_t)((2 * 512 + 12) * 3 + 1));
		assert_int_equal(run(VIO_BE_READ, 0, 0), 0);
		assert_int_equal(run(VIO_BE_WRITE, 0, 0), 0);
		assert_int_equal(run(VIO_BE_READ, SIZE / 512, 512), 1);
		assert_int_equal(run(VIO_BE_READ, UINT64_MAX, 512), 1);
		assert_int_equal(data[511], 0); /* a read that fails gives its beats, and no stale bytes */
		assert_false(disk_host_failed(d));
		disk_free(d);
	}
	d = NULL;
}

static void test_serial(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	assert_int_equal(run(VIO_BE_GET_ID, 0, 20), 0);
	assert_memory_equal(data, "ringwalk-0123456789a", 20);
	assert_int_equal(run(VIO_BE_GET_ID, 0, 5), 0);
	assert_memory_equal(data, "ringw\0\0\0", 8);
	disk_free(d);
	cfg.serial = "abc";
	open_disk(&cfg);
	assert_int_equal(run(VIO_BE_GET_ID, 0, 20), 0);
	assert_memory_equal(data, "abc\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
}

static void test_padding(void **state)
{
	struct disk_config cfg = config();
	uint8_t tail[512];

	(void)state;
	open_file(&cfg, 1000);
	open_disk(&cfg);
	assert_int_equal(disk_sectors(d), 2);
	assert_int_equal(run(VIO_BE_READ, 1, 512), 0);
	assert_memory_equal(data, bytes + 512, 488);
	for (unsigned i = 488; i < 512; i++)
		assert_int_equal(data[i], 0);
	memset(data, 0x55, 512);
	assert_int_equal(run(VIO_BE_WRITE_FUA, 1, 512), 0);
	assert_int_equal(pread(file, tail, 512, 512), 512); /* the file grew: the padding was written too */
	assert_int_equal(tail[511], 0x55);
	assert_int_equal(run(VIO_BE_READ, 1, 512), 0);
	assert_int_equal(data[511], 0x55);
	assert_int_equal(run(VIO_BE_READ, 1, 513), 1);
}

/* be_werr beside a beat: nothing of the buffer that holds it is written, and the command fails. */
static void test_poisoned_write(void **state)
{
	struct disk_config cfg = config();
	uint8_t before[1024];

	(void)state;
	memcpy(before, bytes, sizeof before);
	open_disk(&cfg);
	memset(data, 1, 1024);
	poison = 70;
	assert_int_equal(run(VIO_BE_WRITE, 0, 1024), 1);
	assert_memory_equal(before, bytes, sizeof before);
	poison = NO_POISON;
	assert_int_equal(run(VIO_BE_WRITE, 0, 1024), 0);
	assert_memory_equal(data, bytes, 1024);
}

static void test_readonly_and_faults(void **state)
{
	struct disk_config cfg = config();
	uint8_t before[1024];

	(void)state;
	memcpy(before, bytes, sizeof(before));
	cfg.readonly = true;
	open_disk(&cfg);
	memset(data, 1, 1024);
	assert_int_equal(run(VIO_BE_WRITE, 0, 1024), 1);
	assert_memory_equal(before, bytes, sizeof(before));
	assert_int_equal(run(VIO_BE_READ, 0, 1024), 0);
	disk_free(d);
	cfg.readonly = false;
	open_disk(&cfg);
	assert_true(disk_fault(d, 4, 1u << VIO_BE_READ));
	assert_true(disk_fault(d, 1, 1u << VIO_BE_WRITE | 1u << VIO_BE_FLUSH));
	assert_int_equal(run(VIO_BE_READ, 2, 1024), 0);
	assert_int_equal(run(VIO_BE_READ, 3, 1024), 1);
	assert_int_equal(run(VIO_BE_READ, 4, 512), 1);
	assert_int_equal(run(VIO_BE_READ, 5, 512), 0);
	assert_int_equal(run(VIO_BE_WRITE, 0, 1024), 1);
	assert_memory_equal(before, bytes, sizeof(before));
	assert_int_equal(run(VIO_BE_WRITE, 4, 512), 0);
	assert_int_equal(run(VIO_BE_FLUSH, 0, 0), 1);
	disk_fault_clear(d);
	assert_int_equal(run(VIO_BE_FLUSH, 0, 0), 0);
	assert_int_equal(run(VIO_BE_READ, 4, 512), 0);
	assert_int_equal(disk_counts(d)->errors, 4);
	assert_false(disk_host_failed(d));
}

static void test_stop(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	put_cmd(VIO_BE_READ, 0, 4096);
	clock();
	clock();
	out.be_cmd_valid = 0;
	for (unsigned i = 0; i < 20; i++)
		clock();
	assert_true(in.be_rvalid);
	out.be_stop = 1;
	out.be_rready = 0;
	clock();
	assert_true(in.be_stopped && !in.be_rvalid && !in.be_rsp_valid && !in.be_cmd_ready && !in.be_wready);
	put_cmd(VIO_BE_READ, 0, 512); /* not taken meanwhile */
	for (unsigned i = 0; i < 5; i++, clock())
		assert_true(in.be_stopped && !in.be_cmd_ready);
	assert_false(disk_idle(d));
	out.be_stop = 0;
	out.be_cmd_valid = 0;
	out.be_rready = 1;
	clock();
	assert_true(!in.be_stopped && in.be_cmd_ready);
	for (unsigned i = 0; i < 5; i++, clock())
		assert_false(in.be_rvalid || in.be_rsp_valid);
	assert_true(disk_idle(d));
	assert_int_equal(run(VIO_BE_READ, 1, 512), 0);
	assert_memory_equal(data, bytes + 512, 512);
	/* A write that is stopped in the middle leaves no torn sector. */
	put_cmd(VIO_BE_WRITE, 0, 1024);
	clock();
	out.be_cmd_valid = 0;
	out.be_wvalid = 1;
	out.be_wdata = 0x5555555555555555;
	for (unsigned i = 0; i < 100; i++)
		clock();
	out.be_stop = 1;
	out.be_wvalid = 0;
	clock();
	for (unsigned s = 0; s < 2; s++)
		for (unsigned i = 1; i < 512; i++)
			assert_int_equal(bytes[512 * s + i] == 0x55 && bytes[512 * s + i - 1] == 0x55,
					 bytes[512 * s] == 0x55 && bytes[512 * s + 1] == 0x55);
	assert_null(disk_error(d));
}

static void test_stalls_change_nothing(void **state)
{
	struct disk_config cfg = config();
	struct vio_in before;

	(void)state;
	cfg.stall_per_1024 = 400;
	cfg.latency = 3;
	open_disk(&cfg);
	for (unsigned i = 0; i < 50; i++) {
		uint64_t sector = i * 7 % 100;

		memset(data, (int)i, 2048);
		assert_int_equal(run(VIO_BE_WRITE, sector, 2048), 0);
		assert_int_equal(bytes[sector * 512 + 2047], i);
		assert_int_equal(run(VIO_BE_READ, sector + 1, 1024), 0);
		assert_int_equal(data[1023], i);
	}
	while (!disk_idle(d))
		clock();
	before = in;
	for (unsigned i = 0; i < 100; i++)
		clock();
	assert_memory_equal(&before, &in, sizeof(in));
}

/* A file that may not grow: what a full disk looks like to us. Standard error is caught and must be one line. */
static void test_host_failure(void **state)
{
	struct disk_config cfg = config();
	struct rlimit old, tight;
	char text[1000];
	int err = dup(2), pipe_ends[2];
	ssize_t n;
	unsigned lines = 0;

	(void)state;
	open_file(&cfg, 4096);
	cfg.size = SIZE; /* as if sparse: the rest has to be allocated */
	open_disk(&cfg);
	assert_int_equal(pipe(pipe_ends), 0);
	dup2(pipe_ends[1], 2);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	tight = old;
	tight.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &tight);
	uint8_t first = run(VIO_BE_WRITE, 7, 512), second = run(VIO_BE_WRITE, 8, 512),
		third = run(VIO_BE_WRITE, 9, 512);
	setrlimit(RLIMIT_FSIZE, &old);
	dup2(err, 2);
	close(err);
	close(pipe_ends[1]);
	n = read(pipe_ends[0], text, sizeof(text) - 1);
	close(pipe_ends[0]);
	assert_true(n > 0);
	text[n] = 0;
	for (ssize_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, 1);
	assert_non_null(strstr(text, "ringwalk: disk: write at byte 4096 failed: "));
	assert_int_equal(first, 0);
	assert_int_equal(second, 1);
	assert_int_equal(third, 1);
	assert_true(disk_host_failed(d));
	assert_int_equal(run(VIO_BE_READ, 7, 512), 0);
}

static void expect_error(const char *part)
{
	clock();
	assert_non_null(disk_error(d));
	assert_non_null(strstr(disk_error(d), part));
}

/* Fills the command ring, so that one waits. */
static void held_command(void)
{
	struct disk_config cfg = config();

	open_disk(&cfg);
	out.be_rready = 0;
	put_cmd(VIO_BE_READ, 0, 512);
	while (in.be_cmd_ready)
		clock();
	clock();
	assert_null(disk_error(d));
}

static void test_cmd_falls(void **state)
{
	(void)state;
	held_command();
	out.be_cmd_valid = 0;
	expect_error("be_cmd_valid fell");
}

static void test_cmd_changes(void **state)
{
	(void)state;
	held_command();
	out.be_cmd_sector = 1;
	expect_error("be_cmd_* changed");
}

static void test_cmd_may_fall_for_stop(void **state)
{
	(void)state;
	held_command();
	out.be_cmd_valid = 0;
	out.be_stop = 1;
	clock();
	out.be_stop = 0;
	clock();
	assert_null(disk_error(d));
}

static void test_w_falls(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	out.be_wvalid = 1;
	clock();
	assert_null(disk_error(d));
	out.be_wvalid = 0;
	put_cmd(VIO_BE_READ, 0, 8);
	expect_error("be_wvalid fell");
}

static void test_w_changes(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	out.be_wvalid = 1;
	clock();
	out.be_wdata = 1;
	expect_error("be_wdata changed");
}

static void test_bad_op(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	put_cmd(VIO_BE_LIFETIME + 1, 0, 8);
	expect_error("be_cmd_op");
}

static void test_long_id(void **state)
{
	struct disk_config cfg = config();

	(void)state;
	open_disk(&cfg);
	put_cmd(VIO_BE_GET_ID, 0, 21);
	expect_error("more than 20");
}

int main(void)
{
#define T(name) cmocka_unit_test_teardown(test_##name, teardown)
	const struct CMUnitTest tests[] = {
		T(read_timing),
		T(write_timing),
		T(reads_back_to_back),
		T(writes_back_to_back),
		T(big_and_odd_lengths),
		T(serial),
		T(padding),
		T(readonly_and_faults),
		T(poisoned_write),
		T(stop),
		T(host_failure),
		T(stalls_change_nothing),
		T(cmd_falls),
		T(cmd_changes),
		T(cmd_may_fall_for_stop),
		T(w_falls),
		T(w_changes),
		T(bad_op),
		T(long_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
