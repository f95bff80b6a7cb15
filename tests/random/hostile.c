/* SPDX-License-Identifier: Apache-2.0
 * hostile.c: see hostile.h. */
#include "hostile.h"

#include <string.h>
#include "judge.h"
#include "hostile_packed.h"

enum { NEEDS_RESET = 0x40, HEADER = 16 };

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

/* Bytes of a good request behind its header. */
static uint32_t data_bytes(uint32_t type)
{
	return type == TYPE_OUT ? SCORE_SECTOR : judge_is_range(type) ? 16 : 0;
}

/* header (in two pieces), one sector or one range, status: a good request, with or without an indirect table. */
struct request *hostile_request(struct driver *d, unsigned qi, uint32_t type, bool with_status, bool table)
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
			machine_fail(d->m, "%s: DEVICE_NEEDS_RESET is not set after %llu clocks", spoil_names[kind],
				     (unsigned long long)d->m->limit);
	}
}

/* How the driver hears of it: by a configuration interrupt, which a legacy driver does not get. */
static void expect_notice(struct driver *d, enum kind kind)
{
	bool config = (machine_read(d->m, 0x060) & 2) != 0;

	if (d->s.legacy && (config || (machine_read(d->m, 0x070) & NEEDS_RESET) != 0))
		machine_fail(d->m, "%s: a legacy driver was told that a reset is needed", spoil_names[kind]);
	if (!d->s.legacy && (!config || !d->m->irq))
		machine_fail(d->m, "%s: no configuration interrupt for DEVICE_NEEDS_RESET", spoil_names[kind]);
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
void hostile_expect(struct driver *d, unsigned qi, enum kind kind, int first, int second)
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
		machine_fail(d->m, "%s: ErrorCode is %u, not %d", spoil_names[kind], code, first);
	else if (!spoil_is_fault(kind) && where >> 16 != qi)
		machine_fail(d->m, "%s: ErrorWhere names queue %u, not %u", spoil_names[kind], where >> 16, qi);
	else
		expect_notice(d, kind);
	if (below(d, 2))
		driver_kick(d, qi); /* of no effect any more */
}

/* A second code that is as good: several things may share a beat, or be wrong with one descriptor. */
static int other_code(const struct driver *d, int code)
{
	const bool packed = driver_has(d, F_RING_PACKED);

	if (code == ERR_READ_AVAIL)
		return ERR_READ_EVENT;
	if (code == ERR_REQ_READ_HEADER)
		return ERR_REQ_READ_DATA;
	if (code == ERR_REQ_READ_RANGE)
		return ERR_REQ_READ_HEADER;
	if (packed && code == ERR_READ_DESC)
		return ERR_READ_AVAIL;
	if (packed && code == ERR_INDIRECT)
		return ERR_INDIRECT_NEXT;
	return code;
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
		broken = machine_read(d->m, 0x800) != 0;
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "%s: neither completed nor given up", spoil_names[kind]);
	}
	if (broken && written) {
		hostile_expect(d, qi, kind, code == ERR_REQ_WRITE_DATA ? ERR_WRITE_DATA : ERR_NOWHERE_DATA,
			       ERR_WRITE_STATUS);
		return;
	}
	is = (int)machine_read(d->m, 0x808);
	machine_log(d->m, "IOERR code %d where 0x%x", is, machine_read(d->m, 0x80c));
	if (broken)
		machine_fail(d->m, "%s: DEVICE_NEEDS_RESET, though the status byte could tell", spoil_names[kind]);
	else if (first && is != code && is != other_code(d, code))
		machine_fail(d->m, "%s: RequestError is %d, not %d", spoil_names[kind], is, code);
	driver_drain(d);
}

/* The suppression word fails just when idx has become visible. */
static void inject_event_fault(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	bool split_event;

	driver_drain(d);
	if (hostile_request(d, qi, TYPE_IN, true, false) == NULL)
		return;
	driver_publish(d, qi);
	driver_kick(d, qi);
	if (q->count == 0) { /* the register access took longer than the request */
		driver_drain(d);
		return;
	}
	while (q->count != 0 && !machine_failed(d->m))
		machine_clock(d->m);
	split_event = driver_has(d, F_EVENT_IDX) && !driver_has(d, F_RING_PACKED);
	spoil_fault(d, split_event ? q->avail + 4 + 2u * q->num : q->avail, false);
	hostile_expect(d, qi, FAULT_EVENT, ERR_READ_EVENT, ERR_READ_AVAIL);
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
	if (driver_has(d, F_RING_PACKED))
		hostile_clear_slots(d, qi);
	driver_submit(d, qi, r);
	driver_publish(d, qi);
	driver_kick(d, qi);
	for (unsigned i = below(d, 3 * d->s.mem.read_latency + 100); i > 0 && r->in_use; i--)
		machine_clock(d->m);
	piece = below(d, r->count);
	if (r->indirect && below(d, 4) == 0)
		spoil_link(d, q, r, r->table, below(d, 2) ? 16 * below(d, r->entries) : below(d, 10000), 0);
	else if (below(d, 2))
		q->ops->turn_flags(d, q, r, piece, (uint16_t)(1u << below(d, 2)), -1);
	else if (below(d, 2))
		q->ops->turn_flags(d, q, r, piece, 0, r->descs[below(d, r->count)]);
	else
		spoil_len(d, q, r, piece, below(d, r->pieces[piece].len + 1));
	start = d->m->cycle;
	while (r->in_use && !q->adrift && machine_read(d->m, 0x800) == 0 && !machine_failed(d->m))
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "CHAIN_CHANGED: neither completed nor given up after %llu clocks",
				     (unsigned long long)d->m->limit);
	machine_log(d->m, "CHANGED %s, code %u", r->in_use && !q->adrift ? "given up" : "completed",
		    machine_read(d->m, 0x800));
	return true;
}

static uint32_t choose_type(struct driver *d, enum kind kind)
{
	if (kind == FAULT_DATA || kind == CHAIN_ORDER || kind == NO_STATUS)
		return TYPE_OUT;
	if (kind == FAULT_WRITE_DATA)
		return TYPE_IN;
	if (kind == FAULT_RANGE || kind == NOWHERE_RANGE)
		return spoil_range_type(d);
	return below(d, 2) && !d->score.read_only ? TYPE_OUT : TYPE_IN;
}

/* A request that is spoiled before it is published. False when there is no room for one. */
static bool inject_spoiled(struct driver *d, unsigned qi, enum kind kind)
{
	bool table = spoil_needs_table(kind) || (driver_has(d, F_INDIRECT_DESC) && below(d, 2));
	struct request *r = hostile_request(d, qi, choose_type(d, kind), kind != NO_STATUS, table);
	int code;
	bool first;

	if (r == NULL)
		return false;
	code = spoil(d, qi, r, kind);
	r->bus_error = code >= ERR_REQ_TYPE;
	first = d->in_flight == 1 && machine_read(d->m, 0x808) == 0;
	driver_publish(d, qi);
	driver_kick(d, qi);
	if (r->bus_error) {
		expect_ioerr(d, qi, r, kind, code, first);
		return true;
	}
	if (kind == INDIRECT_NESTED && driver_has(d, F_RING_PACKED)) {
		hostile_either(d, qi, r, kind, code); /* in a table only WRITE means something (virtio 1.2, 2.8.7) */
		return true;
	}
	hostile_expect(d, qi, kind, code, other_code(d, code));
	if (!r->in_use && kind != FAULT_ARM)
		machine_fail(d->m, "%s: the request was completed all the same", spoil_names[kind]);
	return true;
}

bool hostile_inject(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	enum kind kind = (enum kind)below(d, KINDS);
	const bool special = kind >= ENDLESS && kind <= FLIPPED;
	bool done = true;

	if (!q->ready || q->free_count < 8 || !spoil_possible(d, kind))
		return false;
	/* nothing may have been read ahead of a fault in the available ring */
	if (d->s.faults || kind == FAULT_AVAIL || special || below(d, 2))
		driver_drain(d);
	d->score.fault_count = 0;
	disk_fault_clear(d->m->disk);
	d->isr_allowed = 3;
	d->hasty = true;
	machine_log(d->m, "HOSTILE %s q%u", spoil_names[kind], qi);
	if (kind == CHAIN_CHANGED)
		done = inject_change(d, qi);
	else if (kind == FAULT_EVENT)
		inject_event_fault(d, qi);
	else
		done = special ? hostile_packed(d, qi, kind) : inject_spoiled(d, qi, kind);
	d->hasty = false;
	return done;
}
