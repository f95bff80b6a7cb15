/* SPDX-License-Identifier: Apache-2.0
 * address.c: see address.h.
 */
#include "gdb/address.h"

#include <stdlib.h>
#include <string.h>

static bool parse_port(struct gdb_address *address, const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	address->port = (uint16_t)port;
	return *text >= '0' && *text <= '9' && !*end && port <= UINT16_MAX;
}

bool gdb_address_parse(struct gdb_address *address, const char *text)
{
	static const char *const hosts[] = {"tcp::", "tcp:127.0.0.1:", "tcp:localhost:"};

	*address = (struct gdb_address){.path = NULL};
	if (strncmp(text, "unix:", 5) == 0) {
		address->path = text + 5;
		return text[5] && !strchr(text, ',');
	}
	for (unsigned i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (strncmp(text, hosts[i], strlen(hosts[i])) == 0)
			return parse_port(address, text + strlen(hosts[i]));
	return false;
}
