/* SPDX-License-Identifier: Apache-2.0
 * hostile.c: see hostile.h. Every kind is a good request with one thing spoiled, so that only that can be reported. */
#include "hostile.h"

#include <string.h>
#include "judge.h"
#include "ring.h"

enum error_code {
#define ERROR(name, code, what) ERR_##name = code,
#include "def/errors.def"
#undef ERROR
};

enum { NEEDS_RESET = 0x40, HEADER = 16 };

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

/* Bytes of a good request behind its header. */
static uint32_t data_bytes(uint32_t type)
{
	return type == TYPE_OUT ? SCORE_SECTOR : judge_is_range(type) ? 16 : 0;
}

/* header (in two pieces), one sector or one range, status: a good request, with or without an indirect table. */
static struct request *good_request(struct driver *d, unsigned qi, uint32_t type, bool with_status, bool table)
{
	struct request *r = driver_claim(d, qi);
	const uint32_t cut_r[2] = {8, HEADER}, cut_w[1] = {SCORE_SECTOR};

	if (r == NULL || d->queues[qi].free_count < 5)
		return NULL;
	r->readable = HEADER + data_bytes(type);
	r->writable = (type == TYPE_IN ? SCORE_SECTOR : 0u) + with_status;
	r->type = type;
	r->sector = below(d, (uint32_t)d->s.capacity);
	for (unsigned i = 0; i < SCORE_RANGES; i++)
		r->ranges[i] = (struct score_range){.sector = r->sector, .sectors = 1};
	if (shape_conflict(d, r))
		return NULL;
	shape_chain(d, r, cut_r, data_bytes(type) != 0 ? 2 : 1, cut_w, type == TYPE_IN && with_status ? 1 : 0);
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
		return ERR_NEXT_INDEX;
	case CHAIN_LOOP:
		turn_flags(d, q, r, last, DESC_NEXT, r->descs[last]);
		return ERR_CHAIN_LOOP;
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
		return ERR_ADDR_WRAP;
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

	switch (kind) {
	case FAULT_AVAIL:
		fault(d, q->avail + (below(d, 2) ? 2 : 4 + 2 * slot), false);
		return ERR_READ_AVAIL;
	case FAULT_DESC:
		fault(d, ring_desc(q, r, below(d, r->count)) + below(d, 16), false);
		return ERR_READ_DESC;
	case FAULT_TABLE:
		fault(d, ring_desc(q, r, r->direct + below(d, r->count - r->direct)) + below(d, 16), false);
		return ERR_READ_DESC;
	case NOWHERE_TABLE:
		spoil_link(d, q, r, nowhere(d), 16 * r->entries, 0);
		return ERR_READ_DESC;
	case FAULT_HEADER:
		fault(d, r->pieces[0].addr + below(d, 8), false);
		return ERR_READ_HEADER;
	case FAULT_DATA:
		fault(d, r->pieces[2].addr + 16 + below(d, SCORE_SECTOR - 32), false);
		return ERR_READ_DATA;
	case FAULT_RANGE:
		fault(d, r->pieces[2].addr + below(d, 16), false);
		return ERR_READ_RANGE;
	case NOWHERE_RANGE:
		set_desc_addr(d, q, r, 2, nowhere(d));
		return ERR_READ_RANGE;
	case FAULT_WRITE_DATA:
		fault(d, r->pieces[2].addr + below(d, SCORE_SECTOR), true);
		return ERR_WRITE_BUS;
	case FAULT_STATUS:
		fault(d, r->pieces[last].addr, true);
		return ERR_WRITE_BUS;
	case FAULT_ELEMENT:
		fault(d, q->used + 4 + 8 * slot, true);
		return ERR_WRITE_BUS;
	case FAULT_USED_IDX:
		fault(d, q->used + 2, true);
		return ERR_WRITE_BUS;
	case FAULT_ARM:
		fault(d, q->used + 4 + 8u * q->num, true);
		return ERR_WRITE_BUS;
	case NOWHERE_HEADER:
		set_desc_addr(d, q, r, 0, nowhere(d));
		return ERR_READ_HEADER;
	case NOWHERE_DATA:
		set_desc_addr(d, q, r, 2, nowhere(d));
		return r->type == TYPE_OUT ? ERR_READ_DATA : ERR_WRITE_BUS;
	default:
		set_desc_addr(d, q, r, last, nowhere(d));
		return ERR_WRITE_BUS;
	}
}

/* Polls until the device says that it needs a reset. The legacy interface has no such bit: there the device falls silent,
 * and only the debug register tells. */
static void wait_needs_reset(struct driver *d, enum kind kind)
{
	uint64_t start = d->m->cycle;

	while (!machine_failed(d->m)) {
		if (d->s.legacy ? machine_read(d->m, 0x800) != 0 : (machine_read(d->m, 0x070) & NEEDS_RESET) != 0)
			return;
		for (unsigned i = below(d, 100); i > 0; i--)
			machine_clock(d->m);
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "%s: DEVICE_NEEDS_RESET is not set after %llu clocks", kind_names[kind],
				     (unsigned long long)d->m->limit);
	}
}

/* How the driver hears of it: by a configuration interrupt, which a legacy driver does not get. */
static void expect_notice(struct driver *d, enum kind kind)
{
	bool config = (machine_read(d->m, 0x060) & 2) != 0;

	if (d->s.legacy && (config || (machine_read(d->m, 0x070) & NEEDS_RESET) != 0))
		machine_fail(d->m, "%s: a legacy driver was told that a reset is needed", kind_names[kind]);
	if (!d->s.legacy && (!config || !d->m->irq))
		machine_fail(d->m, "%s: no configuration interrupt for DEVICE_NEEDS_RESET", kind_names[kind]);
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
	if ((int)code != first && (int)code != second)
		machine_fail(d->m, "%s: ErrorCode is %u, not %d", kind_names[kind], code, first);
	else if (!is_fault(kind) && where >> 16 != qi)
		machine_fail(d->m, "%s: ErrorWhere names queue %u, not %u", kind_names[kind], where >> 16, qi);
	else
		expect_notice(d, kind);
	if (below(d, 2))
		driver_kick(d, qi); /* of no effect any more */
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
	while (r->in_use && machine_read(d->m, 0x800) == 0 && !machine_failed(d->m))
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

/* A type with a range that was negotiated, or 0. */
static uint32_t range_type(const struct driver *d)
{
	static const uint32_t types[] = {TYPE_DISCARD, TYPE_WRITE_ZEROES, TYPE_SECURE_ERASE};

	for (unsigned i = 0; i < 3; i++)
		if (d->score.types >> types[i] & 1)
			return types[i];
	return 0;
}

/* Some wrongs need a feature, some its absence. */
static bool possible(const struct driver *d, enum kind kind)
{
	if (kind == INDIRECT)
		return !driver_has(d, F_INDIRECT_DESC);
	if (kind == FAULT_DATA)
		return !d->score.read_only;
	if (kind == FAULT_RANGE || kind == NOWHERE_RANGE)
		return !d->score.read_only && range_type(d) != 0;
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

	if (!q->ready || q->free_count < 8 || !possible(d, kind))
		return false;
	if (kind == FAULT_DATA || kind == CHAIN_ORDER || kind == NO_STATUS)
		type = TYPE_OUT;
	if (kind == FAULT_WRITE_DATA)
		type = TYPE_IN;
	if (kind == FAULT_RANGE || kind == NOWHERE_RANGE)
		type = range_type(d);
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
	if (code == ERR_READ_RANGE)
		other = ERR_READ_HEADER; /* so may header and range */
	driver_publish(d, qi);
	driver_kick(d, qi);
	expect_error(d, qi, kind, code, other);
	if (!r->in_use && kind != FAULT_ARM)
		machine_fail(d->m, "%s: the request was completed all the same", kind_names[kind]);
	return true;
}
