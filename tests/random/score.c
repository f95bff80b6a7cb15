/* SPDX-License-Identifier: Apache-2.0
 * score.c: see score.h. */
#include "score.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HEADER = 16 };

/* What the specification wants of a request. */
struct verdict {
	uint8_t status, other_status; /* two where the specification leaves a choice */
	bool data_in;                 /* the writable bytes before the status byte are filled from the disk */
	bool data_out;                /* the sectors are written */
	bool data_free;               /* a failed command: the writable data bytes may hold anything */
	uint32_t id_bytes;            /* of the serial number that are filled */
};

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

static bool faulty(const struct score *s, const struct request *r, uint32_t data_len)
{
	bool anywhere = r->type == TYPE_FLUSH || r->type == TYPE_GET_ID;

	for (unsigned i = 0; i < s->fault_count; i++)
		if ((s->faults[i].types >> r->type & 1) &&
		    (anywhere || s->faults[i].sector - r->sector < data_len / SCORE_SECTOR))
			return true;
	return false;
}

/* IN and OUT, virtio 1.2, 5.2.6. A request of no bytes past the end is left to the device. */
static void judge_transfer(const struct score *s, const struct request *r, uint32_t data_len, struct verdict *v)
{
	uint64_t sectors = data_len / SCORE_SECTOR;
	bool beyond = r->sector > s->capacity || sectors > s->capacity - r->sector;

	v->status = v->other_status = STATUS_OK;
	if (data_len % SCORE_SECTOR != 0 || (r->type == TYPE_OUT && s->read_only) || (beyond && data_len != 0)) {
		v->status = v->other_status = STATUS_IOERR;
	} else if (data_len == 0) {
		if (beyond)
			v->other_status = STATUS_IOERR;
	} else if (faulty(s, r, data_len)) {
		v->status = v->other_status = STATUS_IOERR;
		v->data_out = r->type == TYPE_OUT; /* in part */
		v->data_free = r->type == TYPE_IN;
	} else {
		v->data_in = r->type == TYPE_IN;
		v->data_out = r->type == TYPE_OUT;
	}
}

static struct verdict judge(const struct score *s, const struct request *r)
{
	struct verdict v = {.status = STATUS_UNSUPP, .other_status = STATUS_UNSUPP};
	uint32_t data_w = r->writable - 1;

	if (r->readable < HEADER || r->bus_error) {
		v.status = v.other_status = STATUS_IOERR;
		v.data_free = r->bus_error && r->type == TYPE_IN;
	} else if (r->type == TYPE_IN || r->type == TYPE_OUT) {
		judge_transfer(s, r, r->type == TYPE_IN ? data_w : r->readable - HEADER, &v);
	} else if (r->type == TYPE_FLUSH && s->flush) {
		v.status = v.other_status = faulty(s, r, 0) ? STATUS_IOERR : STATUS_OK;
	} else if (r->type == TYPE_GET_ID && faulty(s, r, 0)) {
		v.status = STATUS_IOERR;
		v.other_status = data_w == 0 ? STATUS_OK : STATUS_IOERR; /* nothing to ask the backend for */
		v.data_free = true;
	} else if (r->type == TYPE_GET_ID) {
		v.status = v.other_status = STATUS_OK;
		v.id_bytes = data_w < SCORE_ID_LEN ? data_w : SCORE_ID_LEN;
	}
	return v;
}

/* Bytes written without a gap from the first writable byte on (virtio 1.2, 2.7.8.2). */
static uint32_t used_len_of(const struct request *r, const struct verdict *v)
{
	uint32_t data_w = r->writable - 1;

	if (v->data_in || v->id_bytes == data_w)
		return data_w + 1;
	return v->id_bytes;
}

/* The same when a command failed, but filled the data bytes all the same: the device may. */
static uint32_t most_len(const struct request *r)
{
	uint32_t data_w = r->writable - 1;

	return r->type == TYPE_GET_ID && data_w > SCORE_ID_LEN ? SCORE_ID_LEN : data_w + 1;
}

/* The sectors of an OUT on the disk: as the data says, or where the request failed, each old or new. */
static void check_sectors(struct score *s, const struct request *r, bool partial)
{
	struct cursor c = {.r = r};
	uint8_t data[SCORE_SECTOR];
	uint64_t sector = r->sector;

	gather(s, &c, data, HEADER);
	for (uint32_t left = r->readable - HEADER; left >= SCORE_SECTOR; left -= SCORE_SECTOR, sector++) {
		uint8_t *is = s->disk + sector * SCORE_SECTOR, *shadow = s->disk_shadow + sector * SCORE_SECTOR;

		gather(s, &c, data, SCORE_SECTOR);
		if (memcmp(is, data, SCORE_SECTOR) != 0 && !(partial && memcmp(is, shadow, SCORE_SECTOR) == 0))
			score_fail(s, "request %u: sector %llu of the disk is not what was written", r->number,
				   (unsigned long long)sector);
		memcpy(shadow, is, SCORE_SECTOR);
	}
}

/* The driver's table is the driver's: the device only reads it. */
static void check_table(struct score *s, const struct request *r)
{
	const uint64_t at = r->table - s->base;

	if (r->indirect && memcmp(s->mem + at, s->shadow + at, 16ull * r->entries) != 0)
		score_fail(s, "request %u: its indirect table at 0x%llx changed", r->number,
			   (unsigned long long)r->table);
}

void score_complete(struct score *s, const struct request *r, uint32_t used_id, uint32_t used_len)
{
	struct verdict v = judge(s, r);
	struct cursor c = {.r = r, .write = true};
	uint8_t status;
	uint64_t addr = 0;

	if (r->wild && used_id == r->head) {
		score_forget(s, r);
		return;
	}
	if (r->writable == 0) {
		score_fail(s, "request %u: completed, though it has no byte for a status", r->number);
		return;
	}
	if (used_id != r->head)
		score_fail(s, "request %u: used id %u, not head %u", r->number, used_id, r->head);
	check_table(s, r);
	if (used_len != used_len_of(r, &v) && !(v.data_free && used_len == most_len(r)))
		score_fail(s, "request %u: used len %u, not %u (type %u, readable %u, writable %u)", r->number,
			   used_len, used_len_of(r, &v), r->type, r->readable, r->writable);
	if (v.data_in)
		expect_bytes(s, &c, s->disk_shadow + r->sector * SCORE_SECTOR, r->writable - 1, "data");
	expect_bytes(s, &c, (const uint8_t *)s->serial, v.id_bytes, "serial");
	if (!v.data_in)
		skip_bytes(s, &c, r->writable - 1 - v.id_bytes, v.data_free);
	next_run(&c, 1, &addr);
	status = s->mem[addr - s->base];
	if (status != v.status && status != v.other_status)
		score_fail(s, "request %u: status %u, not %u (type %u, sector %llu, readable %u, writable %u)",
			   r->number, status, v.status, r->type, (unsigned long long)r->sector, r->readable,
			   r->writable);
	score_accept(s, addr, 1);
	if (v.data_out)
		check_sectors(s, r, v.status != STATUS_OK);
}

void score_forget(struct score *s, const struct request *r)
{
	uint32_t data_len = r->readable - HEADER;

	for (unsigned i = 0; i < r->count; i++)
		if ((r->pieces[i].write || r->wild) && r->pieces[i].len != 0)
			score_accept(s, r->pieces[i].addr, r->pieces[i].len);
	if (r->readable >= HEADER && r->type == TYPE_OUT && !s->read_only && data_len % SCORE_SECTOR == 0 &&
	    r->sector <= s->capacity && data_len / SCORE_SECTOR <= s->capacity - r->sector)
		check_sectors(s, r, true);
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

void score_compare(struct score *s)
{
	compare(s, s->mem, s->shadow, s->size, s->base, "memory");
	compare(s, s->disk, s->disk_shadow, s->disk_size, 0, "disk");
}
