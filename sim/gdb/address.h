/* SPDX-License-Identifier: Apache-2.0
 * address.h: where the debugger's server listens.
 */
#ifndef GDB_ADDRESS_H
#define GDB_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct gdb_address {
	const char *path; /* of a Unix socket; NULL: TCP on the loopback interface */
	uint16_t port;    /* 0: any that is free */
};

/* "tcp::PORT", "tcp:127.0.0.1:PORT", "tcp:localhost:PORT" or "unix:PATH"; path points into text. False: none of them. */
bool gdb_address_parse(struct gdb_address *address, const char *text);

#endif
