/* SPDX-License-Identifier: Apache-2.0
 * spoil.c: see spoil.h. */
#include "spoil.h"

const char *const spoil_names[KINDS] = {
#define KIND(name, rings, what) #name,
#include "hostile.def"
#undef KIND
};

static const unsigned kind_rings[KINDS] = {
#define KIND(name, rings, what) rings,
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

void spoil_len(struct driver *d, const struct queue *q, const struct request *r, unsigned piece, uint32_t len)
{
	driver_put32(d, ring_desc(q, r, piece) + 8, len);
}

/* Past the end of a table of so many entries. */
static uint16_t bad_index(struct driver *d, uint32_t entries)
{
	return (uint16_t)(entries + (below(d, 2) ? 0 : below(d, 65536u - entries)));
}

static void turn_flags(struct driver *d, struct queue *q, struct request *r, unsigned piece, uint16_t flags,
		       int32_t next)
{
	q->ops->turn_flags(d, q, r, piece, flags, next);
}

void spoil_link(struct driver *d, struct queue *q, struct request *r, uint64_t addr, uint32_t len, uint16_t flags)
{
	score_write(&d->score, ring_link(q, r), &addr, 8);
	driver_put32(d, ring_link(q, r) + 8, len);
	turn_flags(d, q, r, r->count, flags, -1);
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
		spoil_len(d, q, r, 0, 0xffffffff - below(d, 100));
		spoil_len(d, q, r, last, 0xffffffff - below(d, 100));
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
		spoil_len(d, q, r, any, 100);
		set_desc_addr(d, q, r, any, 0 - (uint64_t)(1 + below(d, 99)));
		return ERR_ADDR_WRAP;
	}
}

void spoil_fault(struct driver *d, uint64_t addr, bool on_write)
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
	const bool packed = driver_has(d, F_RING_PACKED);
	unsigned piece;

	switch (kind) {
	case FAULT_AVAIL:
		spoil_fault(d, q->avail + (below(d, 2) ? 2 : 4 + 2 * slot), false);
		return ERR_READ_AVAIL;
	case FAULT_DESC:
		piece = below(d, r->count);
		spoil_fault(d, ring_desc(q, r, piece) + below(d, 16), false);
		return piece < r->direct ? ERR_READ_DESC : ERR_READ_TABLE;
	case FAULT_TABLE:
		spoil_fault(d, ring_desc(q, r, r->direct + below(d, r->count - r->direct)) + below(d, 16), false);
		return ERR_READ_TABLE;
	case NOWHERE_TABLE:
		spoil_link(d, q, r, nowhere(d), 16 * r->entries, 0);
		return ERR_DECODE_TABLE;
	case FAULT_HEADER:
		spoil_fault(d, r->pieces[0].addr + below(d, 8), false);
		return ERR_REQ_READ_HEADER;
	case FAULT_DATA:
		spoil_fault(d, r->pieces[2].addr + 16 + below(d, SCORE_SECTOR - 32), false);
		return ERR_REQ_READ_DATA;
	case FAULT_RANGE:
		spoil_fault(d, r->pieces[2].addr + below(d, 16), false);
		return ERR_REQ_READ_RANGE;
	case NOWHERE_RANGE:
		set_desc_addr(d, q, r, 2, nowhere(d));
		return ERR_REQ_DECODE_RANGE;
	case FAULT_WRITE_DATA:
		spoil_fault(d, r->pieces[2].addr + below(d, SCORE_SECTOR), true);
		return ERR_REQ_WRITE_DATA;
	case FAULT_STATUS:
		spoil_fault(d, r->pieces[last].addr, true);
		return ERR_WRITE_STATUS;
	case FAULT_ELEMENT:
		spoil_fault(d, packed ? q->desc + 16u * (r->start % q->num) + 8 : q->used + 4 + 8 * slot, true);
		return ERR_WRITE_USED;
	case FAULT_USED_IDX:
		spoil_fault(d, q->used + 2, true);
		return ERR_WRITE_IDX;
	case FAULT_ARM:
		spoil_fault(d, q->used + 4 + 8u * q->num, true);
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

bool spoil_needs_table(enum kind kind)
{
	return (kind >= INDIRECT_NEXT && kind <= INDIRECT_LEN) || kind == TABLE_WRAP || kind == FAULT_TABLE ||
	       kind == NOWHERE_TABLE;
}

/* A type with a range that was negotiated, or 0. */
uint32_t spoil_range_type(const struct driver *d)
{
	static const uint32_t types[] = {TYPE_DISCARD, TYPE_WRITE_ZEROES, TYPE_SECURE_ERASE};

	for (unsigned i = 0; i < 3; i++)
		if (d->score.types >> types[i] & 1)
			return types[i];
	return 0;
}

/* Some wrongs need a feature, some its absence. */
bool spoil_possible(const struct driver *d, enum kind kind)
{
	if ((kind_rings[kind] & (driver_has(d, F_RING_PACKED) ? PACKED : SPLIT)) == 0)
		return false;
	if (kind == INDIRECT)
		return !driver_has(d, F_INDIRECT_DESC);
	if (kind == EVENT_PAST)
		return driver_has(d, F_EVENT_IDX);
	if (kind == FAULT_DATA)
		return !d->score.read_only;
	if (kind == FAULT_RANGE || kind == NOWHERE_RANGE)
		return !d->score.read_only && spoil_range_type(d) != 0;
	if (kind == FAULT_ARM)
		return driver_has(d, F_EVENT_IDX);
	return !spoil_needs_table(kind) || driver_has(d, F_INDIRECT_DESC);
}

int spoil(struct driver *d, unsigned q, struct request *r, enum kind kind)
{
	return spoil_is_fault(kind) ? spoil_memory(d, q, r, kind) : spoil_ring(d, q, r, kind);
}
