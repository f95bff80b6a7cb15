/* SPDX-License-Identifier: Apache-2.0
 * score.c: see score.h. */
#include "score.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "judge.h"

void score_fail(struct score *s, const char *fmt, ...)
{
	va_list args;

	if (score_failed(s))
		return;
	va_start(args, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, args);
	va_end(args);
}

void score_write(struct score *s, uint64_t addr, const void *data, uint64_t len)
{
	memcpy(s->mem + (addr - s->base), data, (size_t)len);
	memcpy(s->shadow + (addr - s->base), data, (size_t)len);
}

void score_fill(struct score *s, uint64_t addr, uint8_t value, uint64_t len)
{
	memset(s->mem + (addr - s->base), value, (size_t)len);
	memset(s->shadow + (addr - s->base), value, (size_t)len);
}

void score_accept(struct score *s, uint64_t addr, uint64_t len)
{
	memcpy(s->shadow + (addr - s->base), s->mem + (addr - s->base), (size_t)len);
}

/* Walks the bytes of one direction of a chain: gives the next run of at most max bytes, or 0 at the end. */
struct cursor {
	const struct request *r;
	unsigned piece;
	uint32_t offset;
	bool write;
};

static uint32_t next_run(struct cursor *c, uint32_t max, uint64_t *addr)
{
	for (; c->piece < c->r->count; c->piece++, c->offset = 0) {
		const struct piece *p = &c->r->pieces[c->piece];
		uint32_t n = p->len - c->offset;

		if (p->write != c->write || n == 0)
			continue;
		if (n > max)
			n = max;
		*addr = p->addr + c->offset;
		c->offset += n;
		return n;
	}
	return 0;
}

/* The next len readable bytes, as the driver wrote them. */
static void gather(const struct score *s, struct cursor *c, void *to, uint32_t len)
{
	uint8_t *p = to;
	uint64_t addr;
	uint32_t n;

	while (len != 0 && (n = next_run(c, len, &addr)) != 0) {
		memcpy(p, s->shadow + (addr - s->base), n);
		p += n;
		len -= n;
	}
}

/* The next len writable bytes must hold these; the shadow follows. */
static void expect_bytes(struct score *s, struct cursor *c, const uint8_t *want, uint32_t len, const char *what)
{
	uint64_t addr;
	uint32_t n;

	while (len != 0 && (n = next_run(c, len, &addr)) != 0) {
		const uint8_t *is = s->mem + (addr - s->base);

		for (uint32_t i = 0; memcmp(is, want, n) != 0 && i < n; i++)
			if (is[i] != want[i])
				score_fail(s, "request %u: %s byte at 0x%llx is 0x%02x, not 0x%02x", c->r->number, what,
					   (unsigned long long)(addr + i), is[i], want[i]);
		memcpy(s->shadow + (addr - s->base), want, n);
		want += n;
		len -= n;
	}
}

/* The next len writable bytes must be as the driver left them, or with any they may hold what they like. */
static void skip_bytes(struct score *s, struct cursor *c, uint32_t len, bool any)
{
	uint64_t addr;
	uint32_t n;

	while (len != 0 && (n = next_run(c, len, &addr)) != 0) {
		if (any)
			score_accept(s, addr, n);
		else if (memcmp(s->mem + (addr - s->base), s->shadow + (addr - s->base), n) != 0)
			score_fail(s, "request %u: %u bytes at 0x%llx changed without a reason", c->r->number, n,
				   (unsigned long long)addr);
		len -= n;
	}
}

/* The sectors of an OUT on the disk: as the data says, or where the request failed, each old or new. */
static void check_sectors(struct score *s, const struct request *r, bool partial)
{
	struct cursor c = {.r = r};
	uint8_t data[SCORE_SECTOR];
	uint64_t sector = r->sector;

	gather(s, &c, data, SCORE_HEADER);
	for (uint32_t left = r->readable - SCORE_HEADER; left >= SCORE_SECTOR; left -= SCORE_SECTOR, sector++) {
		uint8_t *is = s->disk + sector * SCORE_SECTOR, *shadow = s->disk_shadow + sector * SCORE_SECTOR;

		gather(s, &c, data, SCORE_SECTOR);
		if (memcmp(is, data, SCORE_SECTOR) != 0 && !(partial && memcmp(is, shadow, SCORE_SECTOR) == 0))
			score_fail(s, "request %u: sector %llu of the disk is not what was written", r->number,
				   (unsigned long long)sector);
		memcpy(shadow, is, SCORE_SECTOR);
	}
}

static bool uniform(const uint8_t *bytes)
{
	return memcmp(bytes, bytes + 1, SCORE_SECTOR - 1) == 0;
}

/* One sector of a range: zeros, or anything after DISCARD, or anything but what it was after SECURE_ERASE. Where the
 * request failed, it may be as it was. */
static void check_range_sector(struct score *s, const struct request *r, uint64_t sector, bool partial)
{
	uint8_t *is = s->disk + sector * SCORE_SECTOR, *shadow = s->disk_shadow + sector * SCORE_SECTOR;
	bool same = memcmp(is, shadow, SCORE_SECTOR) == 0;

	if (r->type == TYPE_WRITE_ZEROES && !(partial && same) && (is[0] != 0 || !uniform(is)))
		score_fail(s, "request %u: sector %llu of the disk is not zero", r->number, (unsigned long long)sector);
	if (r->type == TYPE_SECURE_ERASE && !partial && same && !uniform(is))
		score_fail(s, "request %u: sector %llu of the disk was not erased", r->number,
			   (unsigned long long)sector);
	memcpy(shadow, is, SCORE_SECTOR);
}

static void check_disk(struct score *s, const struct request *r, bool partial)
{
	if (r->type == TYPE_OUT)
		check_sectors(s, r, partial);
	for (unsigned i = 0; judge_is_range(r->type) && i < judge_ranges(r); i++)
		for (uint32_t k = 0; k < r->ranges[i].sectors; k++)
			check_range_sector(s, r, r->ranges[i].sector + k, partial);
}

/* The lifetime holds no reserved values, virtio 1.2, 5.2.6. The shadow follows. */
static void check_lifetime(struct score *s, struct cursor *c, uint32_t len)
{
	uint8_t value[6] = {0};
	uint64_t addr;

	for (uint32_t i = 0; i < len && next_run(c, 1, &addr) != 0; i++) {
		value[i] = s->mem[addr - s->base];
		score_accept(s, addr, 1);
	}
	if (value[0] > 3 || value[2] > 11 || value[4] > 11 || (value[1] | value[3] | value[5]) != 0)
		score_fail(s, "request %u: the lifetime holds reserved values", c->r->number);
}

/* The driver's table is the driver's: the device only reads it. */
static void check_table(struct score *s, const struct request *r)
{
	const uint64_t at = r->table - s->base;

	if (r->indirect && memcmp(s->mem + at, s->shadow + at, 16ull * r->entries) != 0)
		score_fail(s, "request %u: its indirect table at 0x%llx changed", r->number,
			   (unsigned long long)r->table);
}

uint8_t score_complete(struct score *s, const struct request *r, uint32_t used_id, uint32_t used_len)
{
	struct verdict v = judge(s, r);
	struct cursor c = {.r = r, .write = true};
	uint8_t status;
	uint64_t addr = 0;

	if (r->wild && used_id == r->head) {
		score_forget(s, r);
		return STATUS_IOERR;
	}
	if (r->writable == 0) {
		score_fail(s, "request %u: completed, though it has no byte for a status", r->number);
		return STATUS_IOERR;
	}
	if (used_id != r->head)
		score_fail(s, "request %u: used id %u, not head %u", r->number, used_id, r->head);
	check_table(s, r);
	if (used_len != judge_used_len(r, &v) && !(v.data_free && used_len == judge_most_len(r)))
		score_fail(s, "request %u: used len %u, not %u (type %u, readable %u, writable %u)", r->number,
			   used_len, judge_used_len(r, &v), r->type, r->readable, r->writable);
	if (v.data_in)
		expect_bytes(s, &c, s->disk_shadow + r->sector * SCORE_SECTOR, r->writable - 1, "data");
	if (r->type == TYPE_LIFETIME)
		check_lifetime(s, &c, v.answer_bytes);
	else
		expect_bytes(s, &c, (const uint8_t *)s->serial, v.answer_bytes, "serial");
	if (!v.data_in)
		skip_bytes(s, &c, r->writable - 1 - v.answer_bytes, v.data_free);
	next_run(&c, 1, &addr);
	status = s->mem[addr - s->base];
	if (status != v.status && status != v.other_status)
		score_fail(s, "request %u: status %u, not %u (type %u, sector %llu, readable %u, writable %u)",
			   r->number, status, v.status, r->type, (unsigned long long)r->sector, r->readable,
			   r->writable);
	score_accept(s, addr, 1);
	if (v.data_out)
		check_disk(s, r, v.status != STATUS_OK);
	return status;
}

void score_forget(struct score *s, const struct request *r)
{
	struct verdict v = {.data_out = false};

	for (unsigned i = 0; i < r->count; i++)
		if ((r->pieces[i].write || r->wild) && r->pieces[i].len != 0)
			score_accept(s, r->pieces[i].addr, r->pieces[i].len);
	if (r->writable != 0)
		v = judge(s, r);
	if (v.data_out)
		check_disk(s, r, true);
}

static void compare(struct score *s, const uint8_t *is, const uint8_t *want, uint64_t size, uint64_t base,
		    const char *what)
{
	uint64_t first = 0, last = size;

	if (memcmp(is, want, (size_t)size) == 0)
		return;
	while (is[first] == want[first])
		first++;
	while (is[last - 1] == want[last - 1])
		last--;
	score_fail(s, "%s changed where it must not: 0x%llx to 0x%llx; the first byte is 0x%02x, not 0x%02x", what,
		   (unsigned long long)(base + first), (unsigned long long)(base + last - 1), is[first], want[first]);
}

void score_same(struct score *s, uint64_t addr, uint64_t len, const char *what)
{
	compare(s, s->mem + (addr - s->base), s->shadow + (addr - s->base), len, addr, what);
}

void score_compare(struct score *s)
{
	compare(s, s->mem, s->shadow, s->size, s->base, "memory");
	compare(s, s->disk, s->disk_shadow, s->disk_size, 0, "disk");
}
