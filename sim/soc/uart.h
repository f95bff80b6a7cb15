/* SPDX-License-Identifier: Apache-2.0
 * uart.h: a 16550A. What is sent goes out in the same clock; what is received waits in a FIFO of 16.
 */
#ifndef SOC_UART_H
#define SOC_UART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { UART_FIFO = 16 };

struct stream;

struct uart {
	uint8_t ier, lcr, mcr, scr, fcr, dll, dlm;
	bool thr_empty_due; /* the transmitter-empty interrupt was not seen yet */
	bool overrun;
	uint8_t fifo[UART_FIFO];
	unsigned count;
	uint8_t last; /* the byte sent last; 0 at first */

	/* Wiring: what is above is the state. */
	FILE *out;                             /* owned by the caller, who looks for errors; or NULL */
	void (*sent)(void *ctx, uint8_t byte); /* behind out; or NULL */
	void *ctx;
};

/* Keeps last and the wiring. */
void uart_reset(struct uart *u);

/* offset from MAP_UART; only bytes. false: no such access. */
bool uart_load(struct uart *u, uint64_t offset, unsigned len, uint64_t *data);
bool uart_store(struct uart *u, uint64_t offset, unsigned len, uint64_t data);

void uart_state(struct uart *u, struct stream *s);

/* A byte arrives on the line. */
void uart_receive(struct uart *u, uint8_t byte);
/* Free room in the receive FIFO. */
unsigned uart_room(const struct uart *u);
/* The interrupt pin. */
bool uart_interrupt(const struct uart *u);

#endif
