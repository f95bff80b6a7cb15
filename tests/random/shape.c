/* SPDX-License-Identifier: Apache-2.0
 * shape.c: what random requests look like: their kind, their bytes, how those are cut into descriptors, and where the
 * pieces lie in memory. virtio 1.2, 2.7.4: the device must not care how a request is framed.
 */
#include <string.h>
#include "driver.h"
#include "judge.h"

enum { HEADER = 16, CUTS = SCORE_PIECES + 16 };

static uint32_t below(struct driver *d, uint32_t n)
{
	return sim_rng_below(&d->rng, n);
}

static bool chance(struct driver *d, uint32_t per_1024)
{
	return sim_rng_chance(&d->rng, per_1024);
}

/* Where the next piece goes: after the last one, with a random gap, sometimes across the next page's start. */
static uint64_t place(struct driver *d, uint64_t *at, uint64_t end, uint32_t len, bool aligned)
{
	uint64_t addr = *at;

	if (aligned)
		addr = (addr + 7) & ~7ull;
	else if (chance(d, 700))
		addr += below(d, 40);
	if (!aligned && len > 1 && chance(d, 60) && addr + len + 8192 < end)
		addr = ((addr + 4096 + 16) & ~4095ull) - 1 - below(d, len < 16 ? len - 1 : 16);
	*at = addr + len;
	return addr;
}

static void place_pieces(struct driver *d, struct request *r)
{
	uint64_t slab_bytes = DRIVER_SLABS_BYTES / d->s.slabs;
	uint64_t base = d->score.base + DRIVER_SLABS_AT + r->slab * slab_bytes;
	uint64_t at = base + 64 + (d->s.classic ? 0 : below(d, 4096)), end = base + slab_bytes;
	bool backwards = !d->s.classic && chance(d, 300), roomy = r->count < 400 && slab_bytes > 65536;

	for (unsigned i = 0; i < r->count; i++) {
		struct piece *p = &r->pieces[backwards ? r->count - 1 - i : i];

		p->addr = place(d, &at, roomy ? end - 49152 : 0, p->len, d->s.classic);
		if (p->len == 0 && chance(d, 512))
			p->addr = (uint64_t)sim_rng_next(&d->rng) << 32 | sim_rng_next(&d->rng);
	}
}

static void add_pieces(struct request *r, uint32_t bytes, const uint32_t *cuts, unsigned n, bool write)
{
	uint32_t start = 0;

	for (unsigned i = 0; i <= n && (bytes != 0 || n != 0); i++) {
		uint32_t end = i < n ? cuts[i] : bytes;

		r->pieces[r->count++] = (struct piece){.len = end - start, .write = write};
		start = end;
	}
}

/* Random bytes to read; a pattern that is unlike the disk's where the device writes. */
static void fill_pieces(struct driver *d, struct request *r)
{
	uint8_t bytes[256];

	for (unsigned i = 0; i < r->count; i++) {
		const struct piece *p = &r->pieces[i];

		if (p->len != 0 && p->write)
			score_fill(&d->score, p->addr, (uint8_t)sim_rng_next(&d->rng), p->len);
		for (uint32_t done = 0; !p->write && done < p->len;) {
			uint32_t n = p->len - done < sizeof(bytes) ? p->len - done : sizeof(bytes);

			for (uint32_t k = 0; k < n; k += 4) {
				uint32_t word = sim_rng_next(&d->rng);

				memcpy(bytes + k, &word, 4);
			}
			score_write(&d->score, p->addr + done, bytes, n);
			done += n;
		}
	}
}

void shape_chain(struct driver *d, struct request *r, const uint32_t *cuts_r, unsigned n_r, const uint32_t *cuts_w,
		 unsigned n_w)
{
	r->count = 0;
	add_pieces(r, r->readable, cuts_r, n_r, false);
	add_pieces(r, r->writable, cuts_w, n_w, true);
	place_pieces(d, r);
	fill_pieces(d, r);
}

/* Writes over the first readable bytes, as far as there are any. */
static void write_readable(struct driver *d, const struct request *r, const uint8_t *bytes, unsigned len)
{
	unsigned at = 0;

	for (unsigned i = 0; i < r->count && !r->pieces[i].write; i++)
		for (uint32_t k = 0; k < r->pieces[i].len && at < len; k++)
			score_write(&d->score, r->pieces[i].addr + k, &bytes[at++], 1);
}

/* On the legacy interface FLUSH has a second number, and BARRIER may stand beside a type (virtio 1.2, 5.2.6.3). */
static uint32_t written_type(struct driver *d, uint32_t type)
{
	if (!d->s.legacy || !chance(d, 200))
		return type;
	if (type == TYPE_FLUSH)
		return below(d, 2) ? 5 : 5 | 1u << 31;
	return type <= TYPE_OUT ? type | 1u << 31 : type;
}

void shape_header(struct driver *d, struct request *r, uint32_t type, uint64_t sector)
{
	uint8_t bytes[HEADER + sizeof(r->ranges)];
	const uint32_t reserved = sim_rng_next(&d->rng), written = written_type(d, type);

	r->type = type;
	r->sector = sector;
	memcpy(bytes, &written, 4);
	memcpy(bytes + 4, &reserved, 4);
	memcpy(bytes + 8, &sector, 8);
	memcpy(bytes + HEADER, r->ranges, sizeof(r->ranges));
	write_readable(d, r, bytes, judge_is_range(type) ? sizeof(bytes) : HEADER);
}

/* Sorted cut places in 0..bytes; equal ones make descriptors of no bytes, where that is wanted. */
static unsigned random_cuts(struct driver *d, uint32_t *cuts, unsigned n, uint32_t bytes, bool zeros)
{
	unsigned kept = 0;

	if (bytes == 0 && !zeros)
		return 0;
	for (unsigned i = 0; i < n; i++) {
		uint32_t cut = below(d, bytes + 1);
		unsigned k = i;

		if (chance(d, 200))
			cut = bytes - (bytes != 0 && chance(d, 512)); /* before the status byte, or after it */
		for (; k > 0 && cuts[k - 1] > cut; k--)
			cuts[k] = cuts[k - 1];
		cuts[k] = cut;
	}
	for (unsigned i = 0; i < n; i++)
		if (zeros || (cuts[i] != 0 && cuts[i] != bytes && (kept == 0 || cuts[kept - 1] != cuts[i])))
			cuts[kept++] = cuts[i];
	return kept;
}

/* Header, data and status each by themselves; data in one piece. */
static unsigned classic_cuts(const struct request *r, bool writable, uint32_t *cuts)
{
	if (writable && r->writable > 1) {
		cuts[0] = r->writable - 1;
		return 1;
	}
	if (!writable && r->readable > HEADER) {
		cuts[0] = HEADER;
		return 1;
	}
	return 0;
}

static void cut_chain(struct driver *d, struct request *r, unsigned max_pieces)
{
	static uint32_t cuts_r[CUTS], cuts_w[CUTS];
	unsigned n_r = 0, n_w = 0, room = max_pieces - (r->readable != 0) - (r->writable != 0), most;
	bool zeros = chance(d, 300) && r->readable != 0 && r->writable != 0;

	if ((d->s.classic || chance(d, 250)) && room >= 2) {
		n_r = classic_cuts(r, false, cuts_r);
		n_w = classic_cuts(r, true, cuts_w);
	} else if (chance(d, 900) && room != 0) {
		most = chance(d, 900) && room > 8 ? 8 : room;
		n_r = below(d, most + 1);
		n_w = below(d, most - n_r + 1);
		if (r->readable >= HEADER && chance(d, 60) && room - n_w >= 24)
			n_r = 16 + below(d, room - n_w - 22);
		n_r = random_cuts(d, cuts_r, n_r, r->readable, zeros);
		n_w = random_cuts(d, cuts_w, n_w, r->writable, zeros);
	}
	shape_chain(d, r, cuts_r, n_r, cuts_w, n_w);
}

/* The sectors that a request may touch, clipped to the disk: [*first, *end). */
static void find_extent(const struct driver *d, const struct request *r, uint64_t *first, uint64_t *end)
{
	const uint64_t capacity = d->s.capacity;
	uint64_t bytes = r->type == TYPE_IN ? r->writable : r->readable;

	*first = *end = 0;
	if (r->type == TYPE_IN || r->type == TYPE_OUT) {
		*first = r->sector < capacity ? r->sector : capacity;
		*end = *first + bytes / SCORE_SECTOR + 1;
	}
	for (unsigned i = 0; judge_is_range(r->type) && i < judge_ranges(r); i++) {
		const struct score_range *range = &r->ranges[i];

		if (range->sector > capacity || range->sectors > capacity - range->sector)
			continue;
		if (*end == 0 || range->sector < *first)
			*first = range->sector;
		if (range->sector + range->sectors > *end)
			*end = range->sector + range->sectors;
	}
}

bool shape_conflict(const struct driver *d, const struct request *r)
{
	uint64_t first, end, o_first, o_end;

	find_extent(d, r, &first, &end);
	for (unsigned i = 0; i < DRIVER_SLABS; i++) {
		const struct request *o = &d->requests[i];

		if (!o->in_use || o == r || (o->type == TYPE_IN && r->type == TYPE_IN))
			continue;
		find_extent(d, o, &o_first, &o_end);
		if (first < o_end && o_first < end)
			return true;
	}
	return false;
}

static uint32_t random_type(struct driver *d)
{
	static const uint32_t odd[] = {2, 3, 5, 6, 7, 9, 12, 15, 0xffffffff, 0x80000001, 0x100, 0x40000000};
	static const uint32_t rare[] = {TYPE_LIFETIME,     TYPE_DISCARD,      TYPE_WRITE_ZEROES,
					TYPE_WRITE_ZEROES, TYPE_SECURE_ERASE, TYPE_FLUSH};
	uint32_t dice = below(d, 100), type;

	if (dice < 35)
		return TYPE_IN;
	if (dice < 70)
		return TYPE_OUT;
	if (dice < 76)
		return TYPE_FLUSH;
	if (dice < 82)
		return TYPE_GET_ID;
	if (dice < 94)
		return rare[below(d, sizeof(rare) / sizeof(rare[0]))];
	type = odd[below(d, sizeof(odd) / sizeof(odd[0]))];
	/* On the legacy interface these may mean FLUSH, and OUT with a barrier (virtio 1.2, 5.2.6.3). */
	return d->s.legacy && (type == 5 || type == 0x80000001) ? 7 : type;
}

static uint64_t random_sector(struct driver *d, uint64_t sectors)
{
	static const uint64_t wild[] = {1ull << 55, 1ull << 54, ~0ull, ~0ull - 1, 1ull << 32, 1ull << 63};
	uint32_t dice = below(d, 100);

	if (dice < 3)
		return wild[below(d, sizeof(wild) / sizeof(wild[0]))];
	if (dice < 8)
		return d->s.capacity - sectors + below(d, 4); /* just inside, and just past the end */
	return below(d, (uint32_t)(d->s.capacity > sectors ? d->s.capacity - sectors : 0) + 1);
}

static uint32_t random_data_bytes(struct driver *d)
{
	uint32_t dice = below(d, 100), most = d->s.max_sectors;

	if (d->s.short_requests)
		return dice < 90 ? 0 : SCORE_SECTOR;
	if (dice < 5)
		return 0;
	if (dice < 10)
		return 1 + below(d, most * SCORE_SECTOR); /* most likely no whole sectors */
	if (dice < 60)
		return (1 + below(d, most < 4 ? most : 4)) * SCORE_SECTOR;
	return (1 + below(d, most)) * SCORE_SECTOR;
}

/* Mostly something that the device must do; the rest is out of limits, past the end, or has flags that mean nothing. */
static void random_range(struct driver *d, uint32_t type, struct score_range *range)
{
	static const uint32_t wild[] = {0, 0xffffffff, 0x800000, 0x8000, 0x8001, 0x10000};

	range->sectors = below(d, 100) < 90 ? 1 + below(d, 2 * d->s.max_sectors) : wild[below(d, 6)];
	range->sector = random_sector(d, range->sectors);
	range->flags = type == TYPE_WRITE_ZEROES ? below(d, 2) : 0;
	if (chance(d, 60))
		range->flags = chance(d, 512) ? 1u << below(d, 32) : sim_rng_next(&d->rng);
}

/* One range, and now and then none, more, or a broken one. */
static uint32_t random_range_bytes(struct driver *d)
{
	uint32_t dice = below(d, 100);

	return dice < 85 ? 16 : dice < 90 ? 16 * below(d, 5) : below(d, 80);
}

/* Where on the disk: not where a request in flight is, if one of them writes. */
static void place_request(struct driver *d, struct request *r, uint64_t sectors)
{
	r->sector = random_sector(d, sectors);
	for (unsigned i = 0; i < SCORE_RANGES; i++)
		random_range(d, r->type, &r->ranges[i]);
	for (unsigned tries = 0; tries < 8 && shape_conflict(d, r); tries++) {
		r->sector = below(d, (uint32_t)d->s.capacity);
		for (unsigned i = 0; i < SCORE_RANGES; i++) {
			r->ranges[i].sector = r->sector;
			r->ranges[i].sectors = 1 + below(d, 4);
		}
	}
	if (shape_conflict(d, r))
		r->type = TYPE_FLUSH;
}

void shape_request(struct driver *d, struct request *r, unsigned max_pieces)
{
	uint32_t type = random_type(d), bytes = random_data_bytes(d);

	r->readable = HEADER;
	r->writable = 1;
	if (type == TYPE_IN)
		r->writable += bytes;
	else if (type == TYPE_GET_ID || type == TYPE_LIFETIME)
		r->writable += chance(d, 500) ? (type == TYPE_GET_ID ? 20 : 6) : below(d, 40);
	else if (judge_is_range(type))
		r->readable += random_range_bytes(d);
	else if (type == TYPE_OUT || chance(d, 300))
		r->readable += bytes;
	if (type != TYPE_IN && type != TYPE_GET_ID && chance(d, 50))
		r->writable += below(d, 100); /* status is the last of them */
	if (chance(d, 20))
		r->readable = below(d, HEADER); /* not even a header */
	if (max_pieces == 1)
		r->readable = 0;
	r->type = type;
	place_request(d, r, bytes / SCORE_SECTOR);
	cut_chain(d, r, max_pieces);
	shape_header(d, r, r->type, r->sector);
}
