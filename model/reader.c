/* SPDX-License-Identifier: Apache-2.0
 * reader.c: reads bytes by AXI bursts and packs them. Twin of rtl/reader.v.
 *
 * One form, used six times: vio.c includes this file with READER set to the instance's name. Jobs {addr, len} of any
 * alignment and length become INCR bursts that never cross 4 KiB, several in flight; their bytes come out packed from
 * lane 0, one beat a clock, jobs joined without gaps until one says flush. Knows nothing of virtio.
 *
 * Promises: a burst is asked for only when its beats have room, so the R channel never waits for a reader. An error
 * response goes on with its bytes.
 */

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define R(name) CAT(READER, name)

static inline void R(ask)(struct vio *v, const struct vio_clk *clk, uint16_t room)
{
	struct vio_reader *r = &v->READER;
	const struct vio_job *job = R2(HEAD, job);
	uint64_t addr;
	uint32_t bytes, limit, beats;

	if (!R2(CAN_POP, job) || !R2(CAN_PUSH, ar) || !R2(CAN_PUSH, lanes))
		return;
	addr = job->addr + r->off;
	bytes = job->len - r->off;
	limit = VIO_BURST_BEATS * 8 - (uint32_t)(addr & 7);
	if (limit > 4096 - (uint32_t)(addr & 4095))
		limit = 4096 - (uint32_t)(addr & 4095);
	if (bytes > limit)
		bytes = limit;
	beats = ((uint32_t)(addr & 7) + bytes + 7) >> 3;
	if (beats > room)
		return;
	R3(PUSH, ar, .addr = addr & ~7ull, .len = (uint8_t)(beats - 1));
	R3(PUSH, lanes, .off = (uint8_t)(addr & 7), .bytes = (uint16_t)bytes,
	   .flush = job->flush && bytes == job->len - r->off);
	r->room = (uint16_t)(r->room - beats);
	if (bytes == job->len - r->off) {
		r->off = 0;
		R2(POP, job);
	} else {
		r->off += bytes;
	}
}

/* Takes the bytes of one beat that belong to the job, and hands on 8 when there are 8. */
static inline void R(pack)(struct vio *v, const struct vio_clk *clk)
{
	struct vio_reader *r = &v->READER;
	const struct vio_lanes *lanes = R2(HEAD, lanes);
	uint64_t data, joined;
	uint8_t resp;
	unsigned off, left, take, count;
	bool last;

	if (!R2(CAN_PUSH, beat))
		return;
	if (r->flushing) {
		R3(PUSH, beat, .data = r->rest, .resp = r->resp);
		r->flushing = false;
		r->count = 0;
		r->rest = 0;
		r->resp = 0;
		return;
	}
	if (!R2(CAN_POP, rbeat))
		return;
	resp = R2(HEAD, rbeat)->resp;
	off = r->done == 0 ? lanes->off : 0;
	left = (unsigned)(lanes->bytes - r->done);
	take = left < 8 - off ? left : 8 - off;
	last = take == left;
	data = R2(HEAD, rbeat)->data >> (8 * off);
	if (take < 8)
		data &= (1ull << (8 * take)) - 1;
	count = r->count + take;
	joined = r->rest | data << (8 * r->count);
	R2(POP, rbeat);
	r->room++;
	if (count >= 8 || (last && lanes->flush)) {
		R3(PUSH, beat, .data = joined, .resp = r->resp | resp);
		r->resp = count > 8 ? resp : 0;
		r->rest = count > 8 ? data >> (8 * (8 - r->count)) : 0;
		r->count = count > 8 ? (uint8_t)(count - 8) : 0;
		r->flushing = count > 8 && last && lanes->flush;
	} else {
		r->rest = joined;
		r->count = (uint8_t)count;
		r->resp |= resp;
	}
	r->done = last ? 0 : (uint16_t)(r->done + take);
	if (last)
		R2(POP, lanes);
}

static inline void R(reader_tick)(struct vio *v, const struct vio_clk *clk)
{
	R(ask)(v, clk, v->READER.room);
	R(pack)(v, clk);
}

static inline void R(reader_reset)(struct vio *v)
{
	v->READER = (struct vio_reader){.room = R2(DEPTH, rbeat)};
}

#undef READER
