/* SPDX-License-Identifier: Apache-2.0
 * soft_blk.c: see soft_blk.h. */
#include "soft_blk.h"

#include <string.h>

enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, HEADER = 16, SECTOR = 512, ID = 20 };
enum { OK = 0, IOERR = 1, UNSUPP = 2 };

static uint32_t total(const struct soft_chain *c, bool write)
{
	uint32_t bytes = 0;

	for (unsigned i = 0; i < c->count; i++)
		bytes += c->segments[i].write == write ? c->segments[i].len : 0;
	return bytes;
}

/* Copies len bytes between p and the bytes of one direction, from an offset on. */
static void transfer(struct soft *s, const struct soft_chain *c, bool write, uint32_t from, uint8_t *p, uint32_t len)
{
	for (unsigned i = 0; i < c->count && len != 0; i++) {
		const struct soft_segment *x = &c->segments[i];
		uint32_t n = x->len > from ? x->len - from : 0;

		if (x->write != write)
			continue;
		n = n < len ? n : len;
		if (n != 0 && write)
			memcpy(s->mem + (x->addr + from - s->base), p, n);
		else if (n != 0)
			memcpy(p, s->mem + (x->addr + from - s->base), n);
		from = n != 0 ? 0 : from - x->len;
		p += n;
		len -= n;
	}
}

static bool in_range(const struct soft *s, uint64_t sector, uint32_t bytes)
{
	return bytes % SECTOR == 0 && sector <= s->capacity && bytes / SECTOR <= s->capacity - sector;
}

uint32_t soft_blk(struct soft *s, const struct soft_chain *c)
{
	uint32_t readable = total(c, false), data_w = total(c, true) - 1, filled = 0, type = 0;
	uint8_t header[HEADER] = {0}, status = OK, id[ID];
	uint64_t sector;

	transfer(s, c, false, 0, header, HEADER);
	memcpy(&type, header, 4);
	memcpy(&sector, header + 8, 8);
	memcpy(id, s->serial, ID);
	if (readable < HEADER) {
		status = IOERR;
	} else if (type == IN && in_range(s, sector, data_w)) {
		transfer(s, c, true, 0, s->disk + sector * SECTOR, filled = data_w);
	} else if (type == OUT && in_range(s, sector, readable - HEADER)) {
		transfer(s, c, false, HEADER, s->disk + sector * SECTOR, readable - HEADER);
	} else if (type == GET_ID) {
		transfer(s, c, true, 0, id, filled = data_w < ID ? data_w : ID);
	} else if (type == IN || type == OUT) {
		status = IOERR;
	} else if (type != FLUSH || (s->features >> 9 & 1) == 0) {
		status = UNSUPP;
	}
	transfer(s, c, true, data_w, &status, 1);
	return filled == data_w ? data_w + 1 : filled;
}
