/* SPDX-License-Identifier: Apache-2.0
 * shape.c: what random requests look like: their kind, their bytes, how those are cut into descriptors, and where the
 * pieces lie in memory. virtio 1.2, 2.7.4: the device must not care how a request is framed.
 */
#include <string.h>
#include "driver.h"

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

/* Writes the header over the first readable bytes, as far as there are any. */
void shape_header(struct driver *d, struct request *r, uint32_t type, uint64_t sector)
{
	uint8_t header[HEADER];
	uint32_t reserved = sim_rng_next(&d->rng);
	unsigned at = 0;

	r->type = type;
	r->sector = sector;
	memcpy(header, &type, 4);
	memcpy(header + 4, &reserved, 4);
	memcpy(header + 8, &sector, 8);
	for (unsigned i = 0; i < r->count && !r->pieces[i].write; i++)
		for (uint32_t k = 0; k < r->pieces[i].len && at < HEADER; k++)
			score_write(&d->score, r->pieces[i].addr + k, &header[at++], 1);
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

bool shape_conflict(const struct driver *d, const struct request *r, uint64_t sectors)
{
	for (unsigned i = 0; i < DRIVER_SLABS; i++) {
		const struct request *o = &d->requests[i];
		uint64_t o_sectors;

		if (!o->in_use || o == r || (o->type != TYPE_IN && o->type != TYPE_OUT) ||
		    (o->type == TYPE_IN && r->type == TYPE_IN))
			continue;
		o_sectors = (o->type == TYPE_IN ? o->writable : o->readable) / SCORE_SECTOR + 1;
		if (r->sector < o->sector + o_sectors && o->sector < r->sector + sectors + 1)
			return true;
	}
	return false;
}

static uint32_t random_type(struct driver *d)
{
	static const uint32_t odd[] = {2,  3,  5,  6,  7,          9,          10,    11,
				       12, 13, 14, 15, 0xffffffff, 0x80000001, 0x100, 0x40000000};
	uint32_t dice = below(d, 100);

	if (dice < 40)
		return TYPE_IN;
	if (dice < 80)
		return TYPE_OUT;
	if (dice < 87)
		return TYPE_FLUSH;
	if (dice < 93)
		return TYPE_GET_ID;
	return odd[below(d, sizeof(odd) / sizeof(odd[0]))];
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

void shape_request(struct driver *d, struct request *r, unsigned max_pieces)
{
	uint32_t type = random_type(d), bytes = random_data_bytes(d);

	r->readable = HEADER;
	r->writable = 1;
	if (type == TYPE_IN)
		r->writable += bytes;
	else if (type == TYPE_GET_ID)
		r->writable += chance(d, 500) ? 20 : below(d, 40);
	else if (type == TYPE_OUT || chance(d, 300))
		r->readable += bytes;
	if (type != TYPE_IN && type != TYPE_GET_ID && chance(d, 50))
		r->writable += below(d, 100); /* status is the last of them */
	if (chance(d, 20))
		r->readable = below(d, HEADER); /* not even a header */
	if (max_pieces == 1)
		r->readable = 0;
	r->type = type;
	r->sector = random_sector(d, bytes / SCORE_SECTOR);
	for (unsigned tries = 0; tries < 8 && shape_conflict(d, r, bytes / SCORE_SECTOR); tries++)
		r->sector = below(d, (uint32_t)d->s.capacity);
	if ((type == TYPE_IN || type == TYPE_OUT) && shape_conflict(d, r, bytes / SCORE_SECTOR))
		type = TYPE_FLUSH;
	cut_chain(d, r, max_pieces);
	shape_header(d, r, type, r->sector);
}
