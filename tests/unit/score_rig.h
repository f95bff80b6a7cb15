/* SPDX-License-Identifier: Apache-2.0
 * score_rig.h: the scoreboard of tests/random with a memory, a disk and one request; and what a good device does with it. */
#ifndef SCORE_RIG_H
#define SCORE_RIG_H

#include "unit.h"

#include "../random/judge.c"
#include "../random/score.c"

enum {
	BASE = 0x80000000,
	SIZE = 65536,
	DISK = 8192,
	DATA = 512,
	STATUS_AT = 0x4000,
	IN_AT = 0x3000,
	OUT_AT = 0x2000,
	TABLE_AT = 0x5003
};

static uint8_t mem[SIZE], shadow[SIZE], disk[DISK], disk_shadow[DISK];
static struct score s;
static struct request r;

static inline int setup(void **state)
{
	(void)state;
	memset(&s, 0, sizeof(s));
	s.mem = mem;
	s.shadow = shadow;
	s.base = BASE;
	s.size = SIZE;
	s.disk = disk;
	s.disk_shadow = disk_shadow;
	s.disk_size = DISK;
	s.capacity = DISK / SCORE_SECTOR;
	s.types = 1u << TYPE_FLUSH;
	memcpy(s.serial, "abcdefghijklmnopqrst", SCORE_ID_LEN);
	for (unsigned i = 0; i < SIZE; i++)
		mem[i] = shadow[i] = (uint8_t)(i * 7);
	for (unsigned i = 0; i < DISK; i++)
		disk[i] = disk_shadow[i] = (uint8_t)(i * 3 + i / 256);
	return 0;
}

static inline void add_piece(uint64_t at, uint32_t len, bool write)
{
	r.descs[r.count] = (uint16_t)(r.count + 5);
	r.pieces[r.count++] = (struct piece){BASE + at, len, write};
	*(write ? &r.writable : &r.readable) += len;
}

/* header | readable data | writable data in two pieces | status, after a descriptor of no bytes. */
static inline void build(uint32_t type, uint64_t sector, uint32_t readable, uint32_t writable)
{
	memset(&r, 0, sizeof(r));
	r.type = type;
	r.sector = sector;
	r.head = 5;
	add_piece(0x1000, 16, false);
	if (readable != 0)
		add_piece(OUT_AT, readable, false);
	if (writable > 1)
		add_piece(IN_AT, writable / 2, true);
	if (writable != 0)
		add_piece(IN_AT + writable / 2, writable - writable / 2, true);
	add_piece(~0ull - BASE, 0, true);
	add_piece(STATUS_AT, 1, true);
	r.direct = r.count;
}

/* What a good device does with an IN. */
static inline void serve_in(void)
{
	memcpy(mem + IN_AT, disk + r.sector * SCORE_SECTOR, DATA);
	mem[STATUS_AT] = STATUS_OK;
}

static inline void serve_out(void)
{
	memcpy(disk + r.sector * SCORE_SECTOR, mem + OUT_AT, DATA);
	mem[STATUS_AT] = STATUS_OK;
}

static inline void expect(const char *part)
{
	score_compare(&s);
	if (part == NULL) {
		assert_string_equal(s.error, "");
		return;
	}
	if (strstr(s.error, part) == NULL)
		fail_msg("\"%s\" says nothing of \"%s\"", s.error, part);
}

/* Completes with this status and len, and expects these words. */
static inline void finish(uint8_t status, uint32_t len, const char *part)
{
	mem[STATUS_AT] = status;
	score_complete(&s, &r, 5, len);
	expect(part);
}

#endif
