/* SPDX-License-Identifier: Apache-2.0
 * hostile.c: see hostile.h. Every kind is a good request with one thing spoiled, so that only that can be reported. */
#include "hostile.h"

#include <string.h>

enum error_code {
#define ERROR(name, code, what) ERR_##name = code,
#include "def/errors.def"
#undef ERROR
};

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, NEEDS_RESET = 0x40, HEADER = 16 };

enum kind {
#define KIND(name, what) name,
#include "hostile.def"
#undef KIND
	KINDS
};

static const char *const kind_names[KINDS] = {
#define KIND(name, what) #name,
#include "hostile.def"
#undef KIND
};

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static void set_desc_addr(struct driver *d, const struct queue *q, const struct request *r, unsigned piece,
			  uint64_t addr)
{
	score_write(&d->score, ring_desc(q, r, piece), &addr, 8);
}

static void set_desc_len(struct driver *d, const struct queue *q, const struct request *r, unsigned piece, uint32_t len)
{
	driver_put32(d, ring_desc(q, r, piece) + 8, len);
}

/* Turns flag bits over, and sets next where it is given. */
static void turn_flags(struct driver *d, const struct queue *q, const struct request *r, unsigned piece, uint16_t flags,
		       int32_t next)
{
	uint64_t at = ring_desc(q, r, piece) + 12;

	driver_put16(d, at, driver_get16(d, at) ^ flags);
	if (next >= 0)
		driver_put16(d, at + 2, (uint16_t)next);
}

/* Past the end of a table of so many entries. */
static uint16_t bad_index(struct driver *d, uint32_t entries)
{
	return (uint16_t)(entries + (below(d, 2) ? 0 : below(d, 65536u - entries)));
}

/* The descriptor that refers to the table: the driver's changes to it. */
static void spoil_link(struct driver *d, const struct queue *q, const struct request *r, uint64_t addr, uint32_t len,
		       uint16_t flags)
{
	uint64_t at = q->desc + 16u * r->link;

	score_write(&d->score, at, &addr, 8);
	driver_put32(d, at + 8, len);
	driver_put16(d, at + 12, driver_get16(d, at + 12) ^ flags);
}

/* header (in two pieces), one sector, status: a good IN or OUT, with or without an indirect table. */
static struct request *good_request(struct driver *d, unsigned qi, uint32_t type, bool with_status, bool table)
{
	struct request *r = driver_claim(d, qi);
	const uint32_t cut_r[2] = {8, HEADER}, cut_w[1] = {SCORE_SECTOR};

	if (r == NULL || d->queues[qi].free_count < 5)
		return NULL;
	r->readable = type == TYPE_OUT ? HEADER + SCORE_SECTOR : HEADER;
	r->writable = (type == TYPE_IN ? SCORE_SECTOR : 0u) + with_status;
	r->type = type;
	r->sector = below(d, (uint32_t)d->s.capacity);
	if (shape_conflict(d, r, 1))
		return NULL;
	shape_chain(d, r, cut_r, type == TYPE_OUT ? 2 : 1, cut_w, type == TYPE_IN && with_status ? 1 : 0);
	shape_header(d, r, type, r->sector);
	if (table)
		ring_use_table(d, &d->queues[qi], r);
	driver_submit(d, qi, r);
	return r;
}

static bool is_fault(enum kind kind)
{
	return kind >= FAULT_AVAIL;
}

/* Spoils descriptors or the available ring, and gives the code that the device must report. */
static int spoil_ring(struct driver *d, unsigned qi, struct request *r, enum kind kind)
{
	struct queue *q = &d->queues[qi];
	unsigned last = r->count - 1, any = below(d, r->count);
	uint32_t len;

	switch (kind) {
	case AVAIL_JUMP:
		q->avail_idx = (uint16_t)(q->avail_idx + q->num + (below(d, 2) ? 0 : below(d, 30000)));
		return ERR_AVAIL_JUMP;
	case HEAD_INDEX:
		driver_put16(d, q->avail + 4 + 2u * ((q->avail_idx - 1u) & (q->num - 1u)), bad_index(d, q->num));
		return ERR_HEAD_INDEX;
	case NEXT_INDEX:
		turn_flags(d, q, r, any, any == last ? DESC_NEXT : 0,
			   bad_index(d, any < r->direct ? q->num : r->entries));
		return any < r->direct ? ERR_NEXT_INDEX : ERR_TABLE_NEXT;
	case CHAIN_LOOP:
		turn_flags(d, q, r, last, DESC_NEXT, r->descs[last]);
		return last < r->direct ? ERR_CHAIN_LOOP : ERR_TABLE_LOOP;
	case CHAIN_ORDER:
		turn_flags(d, q, r, 0, DESC_WRITE, -1);
		return ERR_CHAIN_ORDER;
	case CHAIN_BYTES:
		set_desc_addr(d, q, r, 0, 4096); /* far from the end of all addresses */
		set_desc_addr(d, q, r, last, 4096);
		set_desc_len(d, q, r, 0, 0xffffffff - below(d, 100));
		set_desc_len(d, q, r, last, 0xffffffff - below(d, 100));
		return ERR_CHAIN_BYTES;
	case INDIRECT:
		turn_flags(d, q, r, any, DESC_INDIRECT, -1);
		return ERR_INDIRECT;
	case INDIRECT_NEXT:
		spoil_link(d, q, r, r->table, 16 * r->entries, DESC_NEXT);
		return ERR_INDIRECT_NEXT;
	case INDIRECT_NESTED:
		turn_flags(d, q, r, r->direct + below(d, r->count - r->direct), DESC_INDIRECT, -1);
		return ERR_INDIRECT_NESTED;
	case INDIRECT_LEN:
		spoil_link(d, q, r, r->table, below(d, 3) ? 16 * r->entries + 1 + below(d, 15) : 0, 0);
		return ERR_INDIRECT_LEN;
	case TABLE_WRAP:
		len = 16 * (1 + below(d, 1000));
		spoil_link(d, q, r, 0 - (uint64_t)(1 + below(d, len - 1)), len, 0);
		return ERR_TABLE_WRAP;
	case NO_STATUS:
		return ERR_NO_STATUS;
	default:
		set_desc_len(d, q, r, any, 100);
		set_desc_addr(d, q, r, any, 0 - (uint64_t)(1 + below(d, 99)));
		return ERR_ADDR_WRAP;
	}
}

static void fault(struct driver *d, uint64_t addr, bool on_write)
{
	axi_mem_fault(d->m->mem, addr, 1, !on_write, on_write);
}

static uint64_t nowhere(struct driver *d)
{
	return d->score.base + d->score.size + 4096ull * below(d, 1000) + below(d, 1000);
}

static int spoil_memory(struct driver *d, unsigned qi, struct request *r, enum kind kind)
{
	struct queue *q = &d->queues[qi];
	unsigned last = r->count - 1;
	uint64_t slot = (q->avail_idx - 1u) & (q->num - 1u);
	unsigned piece;

	switch (kind) {
	case FAULT_AVAIL:
		fault(d, q->avail + (below(d, 2) ? 2 : 4 + 2 * slot), false);
		return ERR_READ_AVAIL;
	case FAULT_DESC:
		piece = below(d, r->count);
		fault(d, ring_desc(q, r, piece) + below(d, 16), false);
		return piece < r->direct ? ERR_READ_DESC : ERR_READ_TABLE;
	case FAULT_TABLE:
		fault(d, ring_desc(q, r, r->direct + below(d, r->count - r->direct)) + below(d, 16), false);
		return ERR_READ_TABLE;
	case NOWHERE_TABLE:
		spoil_link(d, q, r, nowhere(d), 16 * r->entries, 0);
		return ERR_DECODE_TABLE;
	case FAULT_HEADER:
		fault(d, r->pieces[0].addr + below(d, 8), false);
		return ERR_REQ_READ_HEADER;
	case FAULT_DATA:
		fault(d, r->pieces[2].addr + 16 + below(d, SCORE_SECTOR - 32), false);
		return ERR_REQ_READ_DATA;
	case FAULT_WRITE_DATA:
		fault(d, r->pieces[2].addr + below(d, SCORE_SECTOR), true);
		return ERR_REQ_WRITE_DATA;
	case FAULT_STATUS:
		fault(d, r->pieces[last].addr, true);
		return ERR_WRITE_STATUS;
	case FAULT_ELEMENT:
		fault(d, q->used + 4 + 8 * slot, true);
		return ERR_WRITE_USED;
	case FAULT_USED_IDX:
		fault(d, q->used + 2, true);
		return ERR_WRITE_IDX;
	case FAULT_ARM:
		fault(d, q->used + 4 + 8u * q->num, true);
		return ERR_WRITE_EVENT;
	case NOWHERE_HEADER:
		set_desc_addr(d, q, r, 0, nowhere(d));
		return ERR_REQ_DECODE_HEADER;
	case NOWHERE_DATA:
		set_desc_addr(d, q, r, 2, nowhere(d));
		return r->type == TYPE_OUT ? ERR_REQ_DECODE_DATA : ERR_REQ_NOWHERE_DATA;
	default:
		set_desc_addr(d, q, r, last, nowhere(d));
		return ERR_NOWHERE_STATUS;
	}
}

/* Polls until the device says that it needs a reset. */
static void wait_needs_reset(struct driver *d, enum kind kind)
{
	uint64_t start = d->m->cycle;

	while (!machine_failed(d->m)) {
		uint32_t status = machine_read(d->m, 0x070);

		if (status & NEEDS_RESET)
			return;
		for (unsigned i = below(d, 100); i > 0; i--)
			machine_clock(d->m);
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "%s: DEVICE_NEEDS_RESET is not set after %llu clocks", kind_names[kind],
				     (unsigned long long)d->m->limit);
	}
}

/* Words of one burst or beat fail together: payload and status, or what is in the used ring. */
static bool neighbours(int a, int b)
{
	const bool buffer_a = a == ERR_WRITE_DATA || a == ERR_WRITE_STATUS;
	const bool buffer_b = b == ERR_WRITE_DATA || b == ERR_WRITE_STATUS;

	return (buffer_a && buffer_b) ||
	       (a >= ERR_WRITE_USED && a <= ERR_WRITE_EVENT && b >= ERR_WRITE_USED && b <= ERR_WRITE_EVENT);
}

/* first and second: codes that the specification of errors.def allows here; the same where there is one. */
static void expect_error(struct driver *d, unsigned qi, enum kind kind, int first, int second)
{
	uint32_t code, where;

	wait_needs_reset(d, kind);
	machine_settle(d->m);
	code = machine_read(d->m, 0x800);
	where = machine_read(d->m, 0x804);
	machine_log(d->m, "NEEDS_RESET code %u where 0x%x", code, where);
	if (machine_failed(d->m))
		return;
	if ((int)code != first && (int)code != second && !neighbours((int)code, first))
		machine_fail(d->m, "%s: ErrorCode is %u, not %d", kind_names[kind], code, first);
	else if (!is_fault(kind) && where >> 16 != qi)
		machine_fail(d->m, "%s: ErrorWhere names queue %u, not %u", kind_names[kind], where >> 16, qi);
	else if ((machine_read(d->m, 0x060) & 2) == 0 || !d->m->irq)
		machine_fail(d->m, "%s: no configuration interrupt for DEVICE_NEEDS_RESET", kind_names[kind]);
	if (below(d, 2))
		driver_kick(d, qi); /* of no effect any more */
}

/* A bus error under header or payload ends that request alone, in IOERR; but under payload that is written, it may come
 * when the status byte is on its way. A beat may hold both header and payload. first: no other request can have failed. */
static void expect_ioerr(struct driver *d, unsigned qi, struct request *r, enum kind kind, int code, bool first)
{
	const uint64_t start = d->m->cycle;
	const bool written = code == ERR_REQ_WRITE_DATA || code == ERR_REQ_NOWHERE_DATA;
	bool broken = false;
	int is;

	while (r->in_use && !broken && !machine_failed(d->m)) {
		broken = (machine_read(d->m, 0x070) & NEEDS_RESET) != 0;
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "%s: neither completed nor given up", kind_names[kind]);
	}
	if (broken && written) {
		expect_error(d, qi, kind, code == ERR_REQ_WRITE_DATA ? ERR_WRITE_DATA : ERR_NOWHERE_DATA,
			     ERR_WRITE_STATUS);
		return;
	}
	is = (int)machine_read(d->m, 0x808);
	machine_log(d->m, "IOERR code %d where 0x%x", is, machine_read(d->m, 0x80c));
	if (broken)
		machine_fail(d->m, "%s: DEVICE_NEEDS_RESET, though the status byte could tell", kind_names[kind]);
	else if (first && is != code && !(code == ERR_REQ_READ_HEADER && is == ERR_REQ_READ_DATA))
		machine_fail(d->m, "%s: RequestError is %d, not %d", kind_names[kind], is, code);
	driver_drain(d);
}

/* The suppression word fails just when idx has become visible. */
static void inject_event_fault(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	driver_drain(d);
	if (good_request(d, qi, TYPE_IN, true, false) == NULL)
		return;
	driver_publish(d, qi);
	driver_kick(d, qi);
	if (q->count == 0) { /* the register access took longer than the request */
		driver_drain(d);
		return;
	}
	while (q->count != 0 && !machine_failed(d->m))
		machine_clock(d->m);
	fault(d, driver_has(d, F_EVENT_IDX) ? q->avail + 4 + 2u * q->num : q->avail, false);
	expect_error(d, qi, FAULT_EVENT, ERR_READ_EVENT, ERR_READ_AVAIL);
}

/* A chain too long to be kept as it is walked, one of whose descriptors changes meanwhile. The device may serve it in any
 * way or give up, but it must do one of them, within the buffers that it was given. */
static bool inject_change(struct driver *d, unsigned qi)
{
	static uint32_t cuts[100];
	struct queue *q = &d->queues[qi];
	struct request *r = driver_claim(d, qi);
	unsigned n = VIO_SEGS + below(d, 60), piece;
	uint64_t start;

	if (r == NULL || q->free_count < n + 3)
		return false;
	r->readable = HEADER;
	r->writable = 4 * SCORE_SECTOR + 1;
	for (unsigned i = 0; i < n; i++)
		cuts[i] = 1 + i * 20 + below(d, 20);
	shape_chain(d, r, cuts, 0, cuts, n);
	shape_header(d, r, TYPE_IN, 0);
	if (driver_has(d, F_INDIRECT_DESC) && below(d, 2))
		ring_use_table(d, q, r);
	r->wild = true;
	driver_submit(d, qi, r);
	driver_publish(d, qi);
	driver_kick(d, qi);
	for (unsigned i = below(d, 3 * d->s.mem.read_latency + 100); i > 0 && r->in_use; i--)
		machine_clock(d->m);
	piece = below(d, r->count);
	if (r->indirect && below(d, 4) == 0)
		spoil_link(d, q, r, r->table, below(d, 2) ? 16 * below(d, r->entries) : below(d, 10000), 0);
	else if (below(d, 2))
		turn_flags(d, q, r, piece, (uint16_t)(1u << below(d, 2)), -1);
	else if (below(d, 2))
		turn_flags(d, q, r, piece, 0, r->descs[below(d, r->count)]);
	else
		set_desc_len(d, q, r, piece, below(d, r->pieces[piece].len + 1));
	start = d->m->cycle;
	while (r->in_use && !(machine_read(d->m, 0x070) & NEEDS_RESET) && !machine_failed(d->m))
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "CHAIN_CHANGED: neither completed nor given up after %llu clocks",
				     (unsigned long long)d->m->limit);
	machine_log(d->m, "CHANGED %s, code %u", r->in_use ? "given up" : "completed", machine_read(d->m, 0x800));
	return true;
}

static bool needs_table(enum kind kind)
{
	return (kind >= INDIRECT_NEXT && kind <= INDIRECT_LEN) || kind == TABLE_WRAP || kind == FAULT_TABLE ||
	       kind == NOWHERE_TABLE;
}

/* Some wrongs need a feature, some its absence. */
static bool possible(const struct driver *d, enum kind kind)
{
	if (kind == INDIRECT)
		return !driver_has(d, F_INDIRECT_DESC);
	if (kind == FAULT_DATA)
		return !d->score.read_only;
	if (kind == FAULT_ARM)
		return driver_has(d, F_EVENT_IDX);
	return !needs_table(kind) || driver_has(d, F_INDIRECT_DESC);
}

bool hostile_inject(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	enum kind kind = (enum kind)below(d, KINDS);
	uint32_t type = below(d, 2) && !d->score.read_only ? TYPE_OUT : TYPE_IN;
	bool table = needs_table(kind) || (driver_has(d, F_INDIRECT_DESC) && below(d, 2));
	struct request *r;
	int code, other;
	bool first;

	if (!q->ready || q->free_count < 8 || !possible(d, kind))
		return false;
	if (kind == FAULT_DATA || kind == CHAIN_ORDER || kind == NO_STATUS)
		type = TYPE_OUT;
	if (kind == FAULT_WRITE_DATA)
		type = TYPE_IN;
	if (d->s.faults || kind == FAULT_AVAIL || below(d, 2)) /* nothing may have been read ahead of the fault */
		driver_drain(d);
	d->score.fault_count = 0;
	disk_fault_clear(d->m->disk);
	d->isr_allowed = 3;
	machine_log(d->m, "HOSTILE %s q%u", kind_names[kind], qi);
	if (kind == CHAIN_CHANGED)
		return inject_change(d, qi);
	if (kind == FAULT_EVENT) {
		inject_event_fault(d, qi);
		return true;
	}
	r = good_request(d, qi, type, kind != NO_STATUS, table);
	if (r == NULL)
		return false;
	code = other = is_fault(kind) ? spoil_memory(d, qi, r, kind) : spoil_ring(d, qi, r, kind);
	if (code == ERR_READ_AVAIL)
		other = ERR_READ_EVENT; /* flags, idx and entries may share a beat */
	r->bus_error = code >= ERR_REQ_TYPE;
	first = d->in_flight == 1 && machine_read(d->m, 0x808) == 0;
	driver_publish(d, qi);
	driver_kick(d, qi);
	if (r->bus_error) {
		expect_ioerr(d, qi, r, kind, code, first);
		return true;
	}
	expect_error(d, qi, kind, code, other);
	if (!r->in_use && kind != FAULT_ARM)
		machine_fail(d->m, "%s: the request was completed all the same", kind_names[kind]);
	return true;
}
