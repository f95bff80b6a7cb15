/* SPDX-License-Identifier: Apache-2.0
 * packet.c: see packet.h.
 */
#include "gdb/packet.h"

#include <assert.h>
#include "gdb/hex.h"

static void start(struct gdb_packet *p)
{
	p->state = GDB_DATA;
	p->sum = p->sent = 0;
	p->bad_digit = p->too_long = false;
	p->len = 0;
}

static void keep(struct gdb_packet *p, uint8_t byte)
{
	if (p->len == GDB_PACKET_BYTES)
		p->too_long = true;
	else
		p->data[p->len++] = byte;
}

static enum gdb_event between(struct gdb_packet *p, uint8_t byte)
{
	switch (byte) {
	case '$':
		start(p);
		return GDB_NOTHING;
	case '+':
		return GDB_ACK;
	case '-':
		return GDB_NAK;
	case 0x03:
		return GDB_INTERRUPT;
	default:
		return GDB_NOTHING;
	}
}

static enum gdb_event in_data(struct gdb_packet *p, uint8_t byte)
{
	if (byte == '$') {
		start(p);
		return GDB_NOTHING;
	}
	if (byte == '#') {
		p->state = GDB_SUM_HIGH;
		return GDB_NOTHING;
	}
	p->sum = (uint8_t)(p->sum + byte);
	if (p->state == GDB_ESCAPED) {
		keep(p, byte ^ 0x20);
		p->state = GDB_DATA;
	} else if (byte == '}') {
		p->state = GDB_ESCAPED;
	} else {
		keep(p, byte);
	}
	return GDB_NOTHING;
}

static void digit(struct gdb_packet *p, uint8_t byte)
{
	int value = gdb_hex_digit((char)byte);

	p->bad_digit |= value < 0;
	p->sent = (uint8_t)(p->sent << 4 | (value & 15));
}

enum gdb_event gdb_packet_byte(struct gdb_packet *p, uint8_t byte)
{
	switch (p->state) {
	case GDB_BETWEEN:
		return between(p, byte);
	case GDB_DATA:
	case GDB_ESCAPED:
		return in_data(p, byte);
	case GDB_SUM_HIGH:
		digit(p, byte);
		p->state = GDB_SUM_LOW;
		return GDB_NOTHING;
	case GDB_SUM_LOW:
		break;
	}
	digit(p, byte);
	p->state = GDB_BETWEEN;
	if (p->bad_digit || p->sum != p->sent)
		return GDB_DAMAGED;
	p->data[p->len] = 0;
	return p->too_long ? GDB_TOO_LONG : GDB_PACKET;
}

size_t gdb_packet_frame(char *to, const char *data, size_t len)
{
	uint8_t sum = 0;
	char *at = to;

	assert(len <= GDB_PACKET_BYTES);
	*at++ = '$';
	for (size_t i = 0; i < len; i++) {
		char byte = data[i];

		/* `*` would be taken for a repetition. */
		if (byte == '$' || byte == '#' || byte == '}' || byte == '*') {
			*at++ = '}';
			sum = (uint8_t)(sum + '}');
			byte = (char)(byte ^ 0x20);
		}
		*at++ = byte;
		sum = (uint8_t)(sum + (uint8_t)byte);
	}
	*at++ = '#';
	gdb_hex_put(at, &sum, 1);
	return (size_t)(at + 2 - to);
}
