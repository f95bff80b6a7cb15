/* SPDX-License-Identifier: Apache-2.0
 * uart.c: see uart.h. No modem: the lines read as connected and never change.
 */
#include "soc/uart.h"

#include <string.h>
#include "stream.h"

enum { RBR_THR_DLL, IER_DLM, IIR_FCR, LCR, MCR, LSR, MSR, SCR };
enum { IER_RX = 1, IER_TX = 2, IER_LINE = 4 };
enum { IIR_NONE = 1, IIR_TX = 2, IIR_RX = 4, IIR_LINE = 6, IIR_FIFOS = 0xc0 };
enum { LCR_DLAB = 0x80, FCR_ENABLE = 1, FCR_CLEAR_RX = 2, MCR_LOOP = 0x10 };
enum { LSR_DATA = 1, LSR_OVERRUN = 2, LSR_TX_EMPTY = 0x60 };
enum { MSR_CONNECTED = 0xb0 };

void uart_reset(struct uart *u)
{
	*u = (struct uart){.last = u->last, .out = u->out, .sent = u->sent, .ctx = u->ctx};
}

void uart_state(struct uart *u, struct stream *s)
{
	stream_section(s, "uart");
	stream_before(s, u, out);
}

unsigned uart_room(const struct uart *u)
{
	return UART_FIFO - u->count;
}

void uart_receive(struct uart *u, uint8_t byte)
{
	if (u->count == UART_FIFO)
		u->overrun = true;
	else
		u->fifo[u->count++] = byte;
}

static unsigned interrupt_id(const struct uart *u)
{
	if ((u->ier & IER_LINE) && u->overrun)
		return IIR_LINE;
	if ((u->ier & IER_RX) && u->count)
		return IIR_RX;
	if ((u->ier & IER_TX) && u->thr_empty_due)
		return IIR_TX;
	return IIR_NONE;
}

bool uart_interrupt(const struct uart *u)
{
	return interrupt_id(u) != IIR_NONE;
}

static uint8_t take(struct uart *u)
{
	uint8_t byte = u->fifo[0];

	if (u->count == 0)
		return 0;
	u->count--;
	memmove(u->fifo, u->fifo + 1, u->count);
	return byte;
}

static void transmit(struct uart *u, uint8_t byte)
{
	u->thr_empty_due = true;
	if (u->mcr & MCR_LOOP) {
		uart_receive(u, byte);
		return;
	}
	u->last = byte;
	if (u->out)
		putc(byte, u->out);
	if (u->sent)
		u->sent(u->ctx, byte);
}

static uint8_t read_iir(struct uart *u)
{
	unsigned id = interrupt_id(u);

	if (id == IIR_TX)
		u->thr_empty_due = false;
	return (uint8_t)(id | (u->fcr & FCR_ENABLE ? IIR_FIFOS : 0));
}

static uint8_t read_lsr(struct uart *u)
{
	unsigned lsr = LSR_TX_EMPTY | (u->count ? LSR_DATA : 0) | (u->overrun ? LSR_OVERRUN : 0);

	u->overrun = false;
	return (uint8_t)lsr;
}

bool uart_load(struct uart *u, uint64_t offset, unsigned len, uint64_t *data)
{
	bool dlab = u->lcr & LCR_DLAB;

	*data = 0;
	if (len != 1)
		return false;
	switch (offset) {
	case RBR_THR_DLL:
		*data = dlab ? u->dll : take(u);
		break;
	case IER_DLM:
		*data = dlab ? u->dlm : u->ier;
		break;
	case IIR_FCR:
		*data = read_iir(u);
		break;
	case LCR:
		*data = u->lcr;
		break;
	case MCR:
		*data = u->mcr;
		break;
	case LSR:
		*data = read_lsr(u);
		break;
	case MSR:
		*data = MSR_CONNECTED;
		break;
	case SCR:
		*data = u->scr;
		break;
	}
	return true;
}

static void write_ier(struct uart *u, uint8_t byte)
{
	if ((byte & ~u->ier) & IER_TX)
		u->thr_empty_due = true;
	u->ier = byte & 0xf;
}

bool uart_store(struct uart *u, uint64_t offset, unsigned len, uint64_t data)
{
	uint8_t byte = (uint8_t)data;
	bool dlab = u->lcr & LCR_DLAB;

	if (len != 1)
		return false;
	switch (offset) {
	case RBR_THR_DLL:
		if (dlab)
			u->dll = byte;
		else
			transmit(u, byte);
		break;
	case IER_DLM:
		if (dlab)
			u->dlm = byte;
		else
			write_ier(u, byte);
		break;
	case IIR_FCR:
		u->fcr = byte;
		if (byte & FCR_CLEAR_RX)
			u->count = 0;
		break;
	case LCR:
		u->lcr = byte;
		break;
	case MCR:
		u->mcr = byte & 0x1f;
		break;
	case SCR:
		u->scr = byte;
		break;
	}
	return true;
}
