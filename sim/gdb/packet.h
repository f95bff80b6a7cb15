/* SPDX-License-Identifier: Apache-2.0
 * packet.h: packets of GDB's remote protocol, as bytes on a line: `$data#sum`, sum the bytes of data as they were sent,
 * modulo 256, in two hexadecimal digits. In data `}` escapes a byte, which is sent XOR 0x20.
 *
 * The other end is not trusted: whatever bytes come, each gives one of the events below.
 */
#ifndef GDB_PACKET_H
#define GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GDB_PACKET_BYTES = 16384,                   /* most bytes of data, either way */
	GDB_FRAME_BYTES = 2 * GDB_PACKET_BYTES + 4, /* most bytes that gdb_packet_frame writes */
};

enum gdb_event {
	GDB_NOTHING,   /* in the middle of something */
	GDB_PACKET,    /* data[0..len) is a packet, and data[len] is 0 */
	GDB_DAMAGED,   /* a packet whose sum is wrong: to be sent again */
	GDB_TOO_LONG,  /* a packet of more than GDB_PACKET_BYTES, its sum right; data is lost */
	GDB_ACK,       /* + */
	GDB_NAK,       /* - */
	GDB_INTERRUPT, /* Ctrl-C, byte 0x03 between packets */
};

/* Plain data; all zeros waits for a packet. */
struct gdb_packet {
	enum { GDB_BETWEEN, GDB_DATA, GDB_ESCAPED, GDB_SUM_HIGH, GDB_SUM_LOW } state;
	uint8_t sum;  /* of the bytes so far */
	uint8_t sent; /* as the other end has it */
	bool bad_digit, too_long;
	size_t len;
	uint8_t data[GDB_PACKET_BYTES + 1];
};

/* The next byte of the line. A `$` inside a packet starts another: the first was cut off. */
enum gdb_event gdb_packet_byte(struct gdb_packet *p, uint8_t byte);

/* The packet of len <= GDB_PACKET_BYTES bytes of data, as it goes on the line, to to: GDB_FRAME_BYTES of room. Returns
 * its bytes. */
size_t gdb_packet_frame(char *to, const char *data, size_t len);

#endif
