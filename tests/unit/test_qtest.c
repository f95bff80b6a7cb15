/* SPDX-License-Identifier: Apache-2.0
 * test_qtest.c: the commands of the qtest protocol, good and bad, and what they do to the machine.
 */
#include "refused.h"
#include "unit.h"
#include "qtest.h"
#include "soc/map.h"

enum { DRAM_BYTES = 0x10000, SLOT = 7, SECTORS = 16, SAID = 8192 };

#define REG(offset) (MAP_VIRTIO + SLOT * MAP_VIRTIO_STRIDE + (offset))

static uint8_t dram[DRAM_BYTES], disk_bytes[SECTORS * 512];
static struct vdev_config device;
static struct soc_config config;
static struct soc *soc;
static struct qtest *qtest;
static char said[SAID];
static size_t said_len;

static void hear(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	assert_true(said_len + len < SAID);
	memcpy(said + said_len, text, len);
	said_len += len;
	said[said_len] = 0;
}

static int setup(void **state)
{
	(void)state;
	memset(dram, 0, sizeof dram);
	for (unsigned i = 0; i < sizeof disk_bytes; i++)
		disk_bytes[i] = (uint8_t)(i * 7);
	device = (struct vdev_config){
		.dut = dut_open_model(),
		.memory = {.base = MAP_DRAM,
			   .size = DRAM_BYTES,
			   .bytes = dram,
			   .read_latency = 8,
			   .write_latency = 8,
			   .outstanding = 8},
		.disk = {.fd = -1, .bytes = disk_bytes, .size = sizeof disk_bytes},
		.features = 1ull << 32,
		.straps = {.queues = 1, .queue_num = 1024},
		.idle_skip = true,
	};
	config = (struct soc_config){
		.dram = dram, .dram_size = DRAM_BYTES, .entry = MAP_DRAM, .devices[SLOT] = &device, .idle_skip = true};
	soc = soc_new(&config);
	qtest = qtest_new(soc, hear, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	qtest_free(qtest);
	soc_free(soc);
	return 0;
}

/* What is answered to a line. */
static const char *ask(const char *line)
{
	static char text[8192];

	assert_true(strlen(line) < sizeof text);
	strcpy(text, line);
	said_len = 0;
	said[0] = 0;
	qtest_line(qtest, text);
	return said;
}

static void put(uint64_t addr, uint32_t value)
{
	char line[64];

	snprintf(line, sizeof line, "writel 0x%llx 0x%x", (unsigned long long)addr, value);
	ask(line);
	assert_non_null(strstr(said, "OK\n"));
}

static void test_memory(void **state)
{
	(void)state;
	assert_string_equal(ask("writeq 0x80000000 0x1122334455667788"), "OK\n");
	assert_string_equal(ask("readq 0x80000000"), "OK 0x1122334455667788\n");
	assert_string_equal(ask("readl 0x80000002"), "OK 0x0000000033445566\n");
	assert_string_equal(ask("readw 2147483649"), "OK 0x0000000000006677\n");
	assert_string_equal(ask("readb 0x80000007"), "OK 0x0000000000000011\n");
	assert_string_equal(ask("writeb 0x80000001 0xffaa"), "OK\n");
	assert_string_equal(ask("read 0x80000000 4"), "OK 0x88aa6655\n");
	assert_string_equal(ask("write 0x80000000 4 0x0aBc"), "OK\n");
	assert_string_equal(ask("read 0x80000000 5"), "OK 0x0abc000044\n");
	assert_string_equal(ask("memset 0x80000001 3 0x5a"), "OK\n");
	assert_string_equal(ask("memset 0x80000001 0 0x77"), "OK\n");
	assert_string_equal(ask("read 0x80000000 5"), "OK 0x0a5a5a5a44\n");
	assert_string_equal(ask("endianness"), "OK little\n");
	assert_true(soc->cpu->cycle <= 1);
}

static void test_base64(void **state)
{
	(void)state;
	ask("write 0x80000000 5 0x0001fdfeff");
	assert_string_equal(ask("b64read 0x80000000 0"), "OK \n");
	assert_string_equal(ask("b64read 0x80000000 1"), "OK AA==\n");
	assert_string_equal(ask("b64read 0x80000000 2"), "OK AAE=\n");
	assert_string_equal(ask("b64read 0x80000000 3"), "OK AAH9\n");
	assert_string_equal(ask("b64read 0x80000000 5"), "OK AAH9/v8=\n");
	assert_string_equal(ask("b64write 0x80000100 5 AAH9/v8="), "OK\n");
	assert_string_equal(ask("read 0x80000100 6"), "OK 0x0001fdfeff00\n");
	assert_string_equal(ask("b64write 0x80000100 2 ////"), "OK\n");
	assert_string_equal(ask("read 0x80000100 4"), "OK 0xfffffdfe\n");
}

/* What QEMU answers is answered; where it aborts, FAIL says so; memory and clock are as before. */
static void test_malformed(void **state)
{
	static const char *const lines[][2] = {
		{"", "FAIL Unknown command ''\n"},
		{" ", "FAIL Unknown command ''\n"},
		{"foo bar", "FAIL Unknown command 'foo'\n"},
		{"readx 0x80000000", "FAIL Unknown command 'readx'\n"},
		{"READL 0x80000000", "FAIL Unknown command 'READL'\n"},
		{"readl", "FAIL Invalid arguments of 'readl'\n"},
		{"readl ", "FAIL Invalid arguments of 'readl'\n"},
		{"readl  0x80000000", "FAIL Invalid arguments of 'readl'\n"},
		{"readl 0x8000000g", "FAIL Invalid arguments of 'readl'\n"},
		{"readl -1", "FAIL Invalid arguments of 'readl'\n"},
		{"readl 0x10000000000000000", "FAIL Invalid arguments of 'readl'\n"},
		{"writel 0x80000000", "FAIL Invalid arguments of 'writel'\n"},
		{"writel 0x80000000 x", "FAIL Invalid arguments of 'writel'\n"},
		{"read 0x80000000", "FAIL Invalid arguments of 'read'\n"},
		{"read 0x80000000 0", "FAIL Invalid arguments of 'read'\n"},
		{"read 0x80000000 0xffffffffffffffff", "FAIL Invalid arguments of 'read'\n"},
		{"write 0x80000000 4", "FAIL Invalid arguments of 'write'\n"},
		{"write 0x80000000 4 0", "ERR invalid argument size\n"},
		{"write 0x80000000 4 0xzz", "FAIL Invalid arguments of 'write'\n"},
		{"b64write 0x80000000 4 A", "ERR invalid argument size\n"},
		{"b64write 0x80000000 4 A*AA", "FAIL Invalid arguments of 'b64write'\n"},
		{"memset 0x80000000 4", "FAIL Invalid arguments of 'memset'\n"},
		{"memset 0x80000000 0x100000000 1", "FAIL Invalid arguments of 'memset'\n"},
		{"clock_step x", "FAIL Invalid arguments of 'clock_step'\n"},
		{"clock_set", "FAIL Invalid arguments of 'clock_set'\n"},
		{"clock_set -5", "FAIL Invalid arguments of 'clock_set'\n"},
		{"irq_intercept_in", "FAIL Invalid arguments of 'irq_intercept_in'\n"},
		{"irq_intercept_in /nowhere", "FAIL Unknown device\n"},
	};
	static const uint8_t zeros[DRAM_BYTES];
	char line[300];

	(void)state;
	for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_string_equal(ask(lines[i][0]), lines[i][1]);
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = 0;
	ask(line);
	assert_memory_equal(said, "FAIL Unknown command 'xxx", 25);
	assert_int_equal(said[said_len - 1], '\n');
	assert_memory_equal(dram, zeros, sizeof dram);
	assert_int_equal(soc->cpu->cycle, 0);
}

/* Any bytes at all, as lines of up to four words: never more or less than one answer line. */
static void test_noise(void **state)
{
	static const char *const words[] = {
		"readl",      "write",      "read", "b64write", "memset", "clock_step",
		"0x10008070", "0x80000000", "0",    "16",       "0xab",   "\xff",
		"%s%n",       "-1",         "AAAA", "b64read",  "writeq", "18446744073709551615"};
	uint32_t x = 1;
	char line[200];

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		line[0] = 0;
		for (unsigned n = 0; n < 1 + i % 4; n++) {
			x = x * 1664525 + 1013904223;
			strcat(line, n ? " " : "");
			strcat(line, words[(x >> 16) % (sizeof words / sizeof words[0])]);
		}
		ask(line);
		assert_int_equal(said[said_len - 1], '\n');
		assert_ptr_equal(strchr(said, '\n'), said + said_len - 1);
		assert_true(strncmp(said, "OK", 2) == 0 || strncmp(said, "FAIL ", 5) == 0 ||
			    strncmp(said, "ERR ", 4) == 0);
	}
}

/* A register takes clocks; narrow and long accesses are cut as QEMU cuts them; a hole reads 0. */
static void test_registers(void **state)
{
	(void)state;
	assert_string_equal(ask("readl 0x10008000"), "OK 0x0000000074726976\n");
	assert_true(soc->cpu->cycle >= 2);
	assert_string_equal(ask("readq 0x10008000"), "OK 0x0000000274726976\n");
	assert_string_equal(ask("read 0x10008000 16"), "OK 0x76697274020000000200000051454d55\n");
	assert_string_equal(ask("readl 0x10007008"), "OK 0x0000000000000000\n");
	assert_string_equal(ask("readl 0x40000000"), "OK 0x0000000000000000\n");
	assert_string_equal(ask("writel 0x40000000 1"), "OK\n");
	ask("writel 0x10008070 3");
	assert_string_equal(ask("readl 0x10008070"), "OK 0x0000000000000003\n");
	/* across the end of DRAM */
	assert_string_equal(ask("write 0x8000fffe 4 0x01020304"), "OK\n");
	assert_string_equal(ask("read 0x8000fffe 4"), "OK 0x01020000\n");
}

static void test_clock(void **state)
{
	(void)state;
	assert_string_equal(ask("clock_step 100"), "OK 100\n");
	assert_string_equal(ask("clock_step 1"), "OK 110\n");
	assert_string_equal(ask("clock_step 0"), "OK 110\n");
	assert_string_equal(ask("clock_set 1000000000"), "OK 1000000000\n");
	assert_string_equal(ask("clock_set 5"), "OK 1000000000\n");
	assert_string_equal(ask("clock_step"), "OK 1000000000\n");
	assert_string_equal(ask("readq 0x200bff8"), "OK 0x0000000000989680\n");
	ask("writeq 0x2004000 10000100");
	assert_string_equal(ask("clock_step"), "OK 1000010000\n");
	assert_string_equal(ask("clock_step 9223372036854775807"), "OK 9223372036854775800\n");
	assert_string_equal(ask("clock_step 9223372036854775807"), "OK 9223372036854775800\n");
	assert_int_equal(vdev_cycle(soc->vdev[SLOT]), soc->cpu->cycle);
}

/* Queue 0 of size 8 with one read of a sector. */
static void set_up_request(void)
{
	static const uint32_t queue[][2] = {{0x070, 3}, {0x024, 1},          {0x020, 1},          {0x070, 11},
					    {0x038, 8}, {0x080, 0x80001000}, {0x090, 0x80002000}, {0x0a0, 0x80003000},
					    {0x044, 1}, {0x070, 15}};

	for (unsigned i = 0; i < sizeof queue / sizeof queue[0]; i++)
		put(REG(queue[i][0]), queue[i][1]);
	ask("write 0x80001000 48 0x"
	    "00400080000000001000000001000100"
	    "00500080000000000002000003000200"
	    "00600080000000000100000002000000");
	ask("write 0x80004000 16 0x00000000000000000100000000000000");
	ask("write 0x80002000 6 0x000001000000");
	ask("memset 0x80006000 1 0xff");
}

/* The request is complete, and its interrupt told, before the notification is answered. */
static void test_request(void **state)
{
	(void)state;
	assert_string_equal(ask("irq_intercept_in " QTEST_PLIC), "OK\n");
	set_up_request();
	assert_string_equal(ask("writel 0x10008050 0"), "IRQ raise 8\nOK\n");
	assert_string_equal(ask("read 0x80003000 12"), "OK 0x000001000000000001020000\n");
	assert_string_equal(ask("readb 0x80006000"), "OK 0x0000000000000000\n");
	assert_memory_equal(dram + 0x5000, disk_bytes + 512, 512);
	assert_string_equal(ask("readl 0x10008060"), "OK 0x0000000000000001\n");
	assert_string_equal(ask("writel 0x10008064 1"), "IRQ lower 8\nOK\n");
	assert_string_equal(ask("readl 0x10008060"), "OK 0x0000000000000000\n");
	assert_string_equal(ask("irq_intercept_in " QTEST_PLIC), "OK\n");
}

/* Without irq_intercept_in no line is told; the PLIC sees it all the same. */
static void test_not_intercepted(void **state)
{
	(void)state;
	set_up_request();
	assert_string_equal(ask("writel 0x10008050 0"), "OK\n");
	assert_string_equal(ask("readl 0xc001000"), "OK 0x0000000000000100\n");
	assert_string_equal(ask("irq_intercept_in " QTEST_PLIC), "IRQ raise 8\nOK\n");
}

/* A device that needs a reset is not idle, and must not hold up each command for long. */
static void test_broken_device(void **state)
{
	uint64_t cycle;

	(void)state;
	set_up_request();
	ask("write 0x80002000 6 0x000000100000");
	ask("writel 0x10008050 0");
	assert_string_equal(ask("readl 0x10008070"), "OK 0x000000000000004f\n");
	cycle = soc->cpu->cycle;
	ask("readl 0x10008070");
	assert_true(soc->cpu->cycle - cycle < 2 * QTEST_STILL_CLOCKS);
}

/* The machine's reset and end, by the finisher. */
static void test_finisher(void **state)
{
	(void)state;
	put(REG(0x070), 3);
	ask("writel 0x100000 0x7777");
	assert_string_equal(ask("readl 0x10008070"), "OK 0x0000000000000000\n");
	assert_int_equal(soc->end, SOC_RUNNING);
	ask("writel 0x100000 0x5555");
	assert_int_equal(soc->end, SOC_FINISHED);
}

static void connect_to(void *path)
{
	qtest_run(soc, path);
}

static void test_no_one_listens(void **state)
{
	char path[200] = "no/such/socket";

	(void)state;
	refused(connect_to, path, "-qtest: no/such/socket", "No such file");
	memset(path, 'x', sizeof path - 1);
	path[sizeof path - 1] = 0;
	refused(connect_to, path, "xxx: longer than", "a socket's path");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_memory),        TEST(test_base64),    TEST(test_malformed),      TEST(test_noise),
		TEST(test_clock),         TEST(test_registers), TEST(test_request),        TEST(test_not_intercepted),
		TEST(test_broken_device), TEST(test_finisher),  TEST(test_no_one_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
