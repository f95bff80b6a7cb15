/* SPDX-License-Identifier: Apache-2.0
 * test_soc_console.c: what is typed on a terminal, and when the guest gets it. The terminal is a pseudo-terminal in the
 * place of standard input and output.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "unit.h"
#include "soc.h"
#include "soc/map.h"

enum { DRAM_BYTES = 0x1000, POLL = 1 << 16 };

static const uint32_t loop = 0x0000006f, wfi = 0x10500073;
static uint8_t dram[DRAM_BYTES];
static struct console *console;
static struct soc *soc;
static int user, keep_in, keep_out; /* who types; standard input and output as they were */

/* Nothing is printed in between. */
static void open_terminal(void)
{
	int end;

	fflush(stdout);
	keep_in = dup(STDIN_FILENO);
	keep_out = dup(STDOUT_FILENO);
	user = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(user >= 0 && grantpt(user) == 0 && unlockpt(user) == 0);
	end = open(ptsname(user), O_RDWR | O_NOCTTY);
	assert_true(end >= 0);
	dup2(end, STDIN_FILENO);
	dup2(end, STDOUT_FILENO);
	close(end);
	console = console_open("stdio", true);
}

static void close_terminal(void)
{
	console_close(console);
	dup2(keep_in, STDIN_FILENO);
	dup2(keep_out, STDOUT_FILENO);
	close(keep_in);
	close(keep_out);
	close(user);
}

static int setup(void **state)
{
	struct soc_config config = {.dram = dram, .dram_size = DRAM_BYTES, .entry = MAP_DRAM, .idle_skip = true};

	(void)state;
	open_terminal();
	memcpy(dram, &loop, sizeof loop);
	config.console = console;
	soc = soc_new(&config);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	soc_free(soc);
	close_terminal();
	return 0;
}

static void type(const char *text)
{
	assert_int_equal(write(user, text, strlen(text)), strlen(text));
}

/* Up to this clock and the look at the console in it. */
static enum soc_end run_to(uint64_t cycle)
{
	soc->config.max_cycles = cycle + 1;
	soc->end = SOC_RUNNING;
	return soc_run(soc);
}

/* The guest takes what the UART has: the byte, or -1. */
static int take(void)
{
	uint64_t data;

	assert_true(soc_load(soc, MAP_UART + 5, 1, &data));
	if (!(data & 1))
		return -1;
	assert_true(soc_load(soc, MAP_UART, 1, &data));
	return (int)data;
}

static void test_prompt(void **state)
{
	static const char want[] = "ab\x01"
				   "c";
	uint64_t at = 0;

	(void)state;
	assert_true(console_is_terminal(console));
	type("ab\x01\x01"
	     "c");
	for (const char *byte = want; *byte; byte++, at += POLL) {
		at += *byte == 1 ? POLL : 0; /* the escape takes a look of its own */
		if (at) {
			assert_int_equal(run_to(at - 1), SOC_MAX_CYCLES);
			assert_int_equal(take(), -1);
		}
		assert_int_equal(run_to(at), SOC_MAX_CYCLES);
		assert_int_equal(take(), *byte);
		assert_int_equal(take(), -1);
	}
}

/* One byte waits in the UART and the rest with the console: none is lost, and they come in order. */
static void test_late(void **state)
{
	static char typed[3000];
	uint64_t at = 20 * POLL;

	(void)state;
	for (unsigned i = 0; i < sizeof typed - 1; i++)
		typed[i] = (char)('!' + i % 90);
	type(typed);
	assert_int_equal(run_to(at), SOC_MAX_CYCLES);
	assert_int_equal(uart_room(&soc->uart), UART_FIFO - 1);
	for (unsigned i = 0; i < sizeof typed - 1; i++, at += POLL) {
		if (i == 1000)
			type("more");
		if (i > 0)
			assert_int_equal(run_to(at), SOC_MAX_CYCLES);
		assert_int_equal(take(), typed[i]);
		assert_int_equal(take(), -1);
		if (i % 7 == 0) /* now and then it takes its time */
			run_to(at += 5 * POLL);
		if (i % 7 == 0 && i + 2 < sizeof typed)
			assert_int_equal(take(), typed[++i]);
	}
	for (unsigned i = 0; i < 4; i++, at += POLL) {
		assert_int_equal(run_to(at), SOC_MAX_CYCLES);
		assert_int_equal(take(), "more"[i]);
	}
}

static void test_quit(void **state)
{
	(void)state;
	type("abc\x01");
	assert_int_equal(run_to(10 * POLL), SOC_MAX_CYCLES);
	type("x");
	assert_int_equal(run_to(20 * POLL), SOC_FINISHED);
	assert_int_equal(take(), 'a');
}

/* A hart that nothing can wake waits for the user alone. */
static void test_quit_asleep(void **state)
{
	(void)state;
	memcpy(dram, &wfi, sizeof wfi);
	type("abc\x01x");
	soc->config.max_cycles = 0;
	assert_int_equal(soc_run(soc), SOC_FINISHED);
	assert_true(soc->cpu->cycle < POLL);
}

/* From a pipe nobody asks to quit: a byte that the guest does not want is the end. */
static void test_pipe(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "ab\x01x", 4), 4);
	dup2(fds[0], STDIN_FILENO);
	close(fds[0]);
	console_close(console);
	console = soc->config.console = console_open("stdio", true);
	memcpy(dram, &wfi, sizeof wfi);
	soc->config.max_cycles = 0;
	assert_int_equal(soc_run(soc), SOC_STUCK);
	assert_int_equal(take(), 'a');
	close(fds[1]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_prompt, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quit_asleep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipe, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
