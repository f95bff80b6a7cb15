/* SPDX-License-Identifier: Apache-2.0
 * judge.c: see judge.h. virtio 1.2, 5.2.6. */
#include "judge.h"

enum { RANGE_BYTES = 16, LIFETIME_BYTES = 6, UNMAP = 1 };

static bool meets(const struct score_fault *f, uint64_t sector, uint64_t sectors)
{
	return f->sector - sector < sectors;
}

unsigned judge_ranges(const struct request *r)
{
	unsigned n = r->readable < SCORE_HEADER ? 0 : (r->readable - SCORE_HEADER) / RANGE_BYTES;

	return n < SCORE_RANGES ? n : SCORE_RANGES;
}

/* The backend fails this request, which asks something of it. */
static bool faulty(const struct score *s, const struct request *r, uint32_t data_len)
{
	for (unsigned i = 0; i < s->fault_count; i++) {
		const struct score_fault *f = &s->faults[i];

		if (r->type > 31 || (f->types >> r->type & 1) == 0)
			continue;
		if (r->type == TYPE_FLUSH || r->type == TYPE_GET_ID || r->type == TYPE_LIFETIME)
			return true;
		if (!judge_is_range(r->type) && meets(f, r->sector, data_len / SCORE_SECTOR))
			return true;
		for (unsigned k = 0; judge_is_range(r->type) && k < judge_ranges(r); k++)
			if (meets(f, r->ranges[k].sector, r->ranges[k].sectors))
				return true;
	}
	return false;
}

static void set_status(struct verdict *v, uint8_t status, uint8_t other)
{
	v->status = status;
	v->other_status = other;
}

/* IN and OUT. A request of no bytes past the end is left to the device. */
static void judge_transfer(const struct score *s, const struct request *r, uint32_t data_len, struct verdict *v)
{
	uint64_t sectors = data_len / SCORE_SECTOR;
	bool beyond = r->sector > s->capacity || sectors > s->capacity - r->sector;

	set_status(v, STATUS_OK, STATUS_OK);
	if (data_len % SCORE_SECTOR != 0 || (r->type == TYPE_OUT && s->read_only) || (beyond && data_len != 0)) {
		set_status(v, STATUS_IOERR, STATUS_IOERR);
	} else if (data_len == 0) {
		if (beyond)
			v->other_status = STATUS_IOERR;
	} else if (faulty(s, r, data_len)) {
		set_status(v, STATUS_IOERR, STATUS_IOERR);
		v->data_out = r->type == TYPE_OUT; /* in part */
		v->data_free = r->type == TYPE_IN;
	} else {
		v->data_in = r->type == TYPE_IN;
		v->data_out = r->type == TYPE_OUT;
	}
}

/* DISCARD and its like. Unknown flags, and unmap where it has no meaning, are UNSUPP; what is out of the limits that config
 * space shows is IOERR; which comes first when both are wrong is the device's choice. */
static void judge_range(const struct score *s, const struct request *r, struct verdict *v)
{
	const struct score_limit *limit = &s->limits[r->type];
	const uint32_t bytes = r->readable - SCORE_HEADER, known = r->type == TYPE_WRITE_ZEROES ? UNMAP : 0;
	bool bad_flags = false, beyond = false, sectors = false;
	bool bad = s->read_only || bytes == 0 || bytes % RANGE_BYTES != 0 || bytes / RANGE_BYTES > limit->segments;

	for (unsigned i = 0; i < judge_ranges(r); i++) {
		const struct score_range *range = &r->ranges[i];
		bool past = range->sector > s->capacity || range->sectors > s->capacity - range->sector;

		bad_flags |= (range->flags & ~known) != 0;
		bad |= range->sectors > limit->sectors || (past && range->sectors != 0);
		beyond |= past;
		sectors |= range->sectors != 0;
	}
	if (bad || bad_flags) {
		set_status(v, bad ? STATUS_IOERR : STATUS_UNSUPP, bad_flags ? STATUS_UNSUPP : STATUS_IOERR);
		return;
	}
	set_status(v, STATUS_OK, beyond ? STATUS_IOERR : STATUS_OK);
	if (sectors && faulty(s, r, 0))
		set_status(v, STATUS_IOERR, STATUS_IOERR);
	v->data_out = sectors;
}

/* GET_ID and GET_LIFETIME are answered with a few bytes. */
static void judge_answer(const struct score *s, const struct request *r, uint32_t bytes, struct verdict *v)
{
	uint32_t data_w = r->writable - 1;

	set_status(v, STATUS_OK, STATUS_OK);
	if (faulty(s, r, 0)) {
		v->status = STATUS_IOERR;
		v->other_status = data_w == 0 ? STATUS_OK : STATUS_IOERR; /* nothing to ask the backend for */
		v->data_free = true;
	} else {
		v->answer_bytes = data_w < bytes ? data_w : bytes;
	}
}

static bool negotiated(const struct score *s, uint32_t type)
{
	return type < 32 && (s->types >> type & 1) != 0;
}

struct verdict judge(const struct score *s, const struct request *r)
{
	struct verdict v = {.status = STATUS_UNSUPP, .other_status = STATUS_UNSUPP};

	v.data_free = r->bus_error && r->type == TYPE_IN;
	if (r->readable < SCORE_HEADER || r->bus_error)
		set_status(&v, STATUS_IOERR, STATUS_IOERR);
	else if (r->type == TYPE_IN || r->type == TYPE_OUT)
		judge_transfer(s, r, r->type == TYPE_IN ? r->writable - 1 : r->readable - SCORE_HEADER, &v);
	else if (r->type == TYPE_GET_ID)
		judge_answer(s, r, SCORE_ID_LEN, &v);
	else if (!negotiated(s, r->type))
		return v;
	else if (r->type == TYPE_LIFETIME)
		judge_answer(s, r, LIFETIME_BYTES, &v);
	else if (judge_is_range(r->type))
		judge_range(s, r, &v);
	else if (faulty(s, r, 0))
		set_status(&v, STATUS_IOERR, STATUS_IOERR);
	else
		set_status(&v, STATUS_OK, STATUS_OK);
	return v;
}

uint32_t judge_used_len(const struct request *r, const struct verdict *v)
{
	uint32_t data_w = r->writable - 1;

	if (v->data_in || v->answer_bytes == data_w)
		return data_w + 1;
	return v->answer_bytes;
}

uint32_t judge_most_len(const struct request *r)
{
	uint32_t data_w = r->writable - 1, most = r->type == TYPE_GET_ID     ? SCORE_ID_LEN
						  : r->type == TYPE_LIFETIME ? LIFETIME_BYTES
									     : data_w;

	return data_w > most ? most : data_w + 1;
}
