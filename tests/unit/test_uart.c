/* SPDX-License-Identifier: Apache-2.0
 * test_uart.c: a 16550A as a driver sees it.
 */
#include <stdio.h>
#include "unit.h"
#include "soc/uart.h"

enum { DATA, IER, IIR, LCR, MCR, LSR, MSR, SCR, FCR = IIR, DLL = DATA, DLM = IER };

static struct uart u;

static int setup(void **state)
{
	(void)state;
	memset(&u, 0, sizeof u);
	uart_reset(&u);
	return 0;
}

static unsigned load(uint64_t offset)
{
	uint64_t data;

	assert_true(uart_load(&u, offset, 1, &data));
	return (unsigned)data;
}

static void store(uint64_t offset, uint64_t data)
{
	assert_true(uart_store(&u, offset, 1, data));
}

static void test_transmit(void **state)
{
	char text[8] = "";

	(void)state;
	u.out = tmpfile();
	assert_non_null(u.out);
	assert_int_equal(load(LSR) & 0x60, 0x60);
	for (const char *s = "hello\n"; *s; s++)
		store(DATA, (uint8_t)*s);
	assert_int_equal(u.last, '\n');
	rewind(u.out);
	assert_int_equal(fread(text, 1, sizeof text, u.out), 6);
	assert_string_equal(text, "hello\n");
	fclose(u.out);
}

static void test_divisor_latch(void **state)
{
	(void)state;
	store(IER, 5);
	store(LCR, 0x83);
	store(DLL, 0x12);
	store(DLM, 0x34);
	assert_int_equal(load(DLL), 0x12);
	assert_int_equal(load(DLM), 0x34);
	store(LCR, 0x03);
	assert_int_equal(load(IER), 5);
	assert_int_equal(load(LCR), 3);
	assert_int_equal(u.last, 0);
	store(SCR, 0xa5);
	assert_int_equal(load(SCR), 0xa5);
}

static void test_receive(void **state)
{
	(void)state;
	assert_int_equal(load(LSR) & 1, 0);
	assert_int_equal(load(DATA), 0);
	for (unsigned i = 0; i < UART_FIFO; i++)
		uart_receive(&u, (uint8_t)(i + 1));
	assert_int_equal(uart_room(&u), 0);
	uart_receive(&u, 99);
	assert_int_equal(load(LSR) & 3, 3); /* data and an overrun */
	assert_int_equal(load(LSR) & 3, 1); /* which reading clears */
	for (unsigned i = 0; i < UART_FIFO; i++)
		assert_int_equal(load(DATA), i + 1);
	assert_int_equal(load(LSR) & 1, 0);
	uart_receive(&u, 5);
	store(FCR, 3);
	assert_int_equal(load(LSR) & 1, 0);
	assert_int_equal(load(IIR) & 0xc0, 0xc0);
}

static void test_interrupts(void **state)
{
	(void)state;
	assert_int_equal(load(IIR), 1);
	uart_receive(&u, 7);
	assert_false(uart_interrupt(&u));
	store(IER, 1);
	assert_true(uart_interrupt(&u));
	store(IER, 3); /* enabling raises transmitter-empty too, below data */
	assert_int_equal(load(IIR), 4);
	assert_int_equal(load(DATA), 7);
	assert_int_equal(load(IIR), 2);
	assert_int_equal(load(IIR), 1); /* reading it took it back */
	assert_false(uart_interrupt(&u));
	store(DATA, 'x');
	assert_true(uart_interrupt(&u));
	for (unsigned i = 0; i <= UART_FIFO; i++)
		uart_receive(&u, 1);
	store(IER, 7);
	assert_int_equal(load(IIR), 6);
	load(LSR);
	assert_int_equal(load(IIR), 4);
}

static void test_loopback(void **state)
{
	(void)state;
	store(MCR, 0x10);
	store(DATA, 0x5a);
	assert_int_equal(u.last, 0);
	assert_int_equal(load(DATA), 0x5a);
}

/* As Linux looks for a 16550A: outputs looped to the modem's inputs, transmitter-empty told each time that it is enabled
 * anew, and a FIFO that forgets when it is switched. */
static void test_probe(void **state)
{
	static const uint8_t loops[][2] = {{0x1, 0x20}, {0x2, 0x10}, {0x4, 0x40}, {0x8, 0x80}, {0xa, 0x90}, {0, 0}};

	(void)state;
	for (unsigned i = 0; i < sizeof loops / sizeof loops[0]; i++) {
		store(MCR, 0x10 | loops[i][0]);
		assert_int_equal(load(MSR) & 0xf0, loops[i][1]);
	}
	store(MCR, 0);
	assert_int_equal(load(MSR) & 0xb0, 0xb0);
	for (unsigned i = 0; i < 2; i++) {
		store(IER, 2);
		assert_int_equal(load(IIR) & 0xf, 2);
		store(IER, 0);
		assert_int_equal(load(IIR) & 0xf, 1);
	}
	store(FCR, 1);
	uart_receive(&u, 7);
	store(FCR, 1);
	assert_int_equal(load(LSR) & 1, 1);
	store(FCR, 0);
	assert_int_equal(load(LSR) & 1, 0);
	assert_int_equal(load(IIR) & 0xc0, 0);
}

static uint8_t said[4];
static unsigned said_count;

static void hear(void *ctx, uint8_t byte)
{
	assert_ptr_equal(ctx, said);
	said[said_count++ & 3] = byte;
}

/* Who listens hears what goes out, and nothing of the loop; a reset does not make it deaf. */
static void test_listener(void **state)
{
	(void)state;
	u.sent = hear;
	u.ctx = said;
	store(DATA, 'a');
	store(MCR, 0x10);
	store(DATA, 'b');
	uart_reset(&u);
	store(DATA, 'c');
	assert_int_equal(said_count, 2);
	assert_memory_equal(said, "ac", 2);
}

static void test_sizes(void **state)
{
	uint64_t data;

	(void)state;
	assert_false(uart_load(&u, LSR, 4, &data));
	assert_false(uart_store(&u, DATA, 2, 'x'));
	assert_int_equal(load(8), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_transmit, setup), cmocka_unit_test_setup(test_divisor_latch, setup),
		cmocka_unit_test_setup(test_receive, setup),  cmocka_unit_test_setup(test_interrupts, setup),
		cmocka_unit_test_setup(test_loopback, setup), cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_probe, setup),    cmocka_unit_test_setup(test_listener, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
