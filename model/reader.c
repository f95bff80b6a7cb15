/* SPDX-License-Identifier: Apache-2.0
 * reader.c: reads bytes by AXI bursts and packs them. Twin of rtl/reader.v.
 *
 * One form, used six times: vio.c includes this file with READER set to the instance's name, and WORD to the type that
 * it hands on: vio_word, whatever the width of the bus, or vio_data, whole beats. Jobs {addr, len} of any alignment and
 * length become INCR bursts that never cross 4 KiB, several in flight; their bytes come out packed from lane 0, a word a
 * clock, jobs joined without gaps until one says flush. Knows nothing of virtio.
 *
 * Promises: a burst is asked for only when its beats have room, so the R channel never waits for a reader. An error
 * response goes on with its bytes.
 */

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)
#define R(name) CAT(READER, name)
#define W(name) CAT(WORD, name)

enum {
	R(BYTES) = sizeof(WORD),
	R(UNIT) = R(BYTES) < VIO_DATA_BYTES ? R(BYTES) : VIO_DATA_BYTES,                  /* bytes taken in a clock */
	R(MOST) = R2(DEPTH, rbeat) < VIO_BURST_BEATS ? R2(DEPTH, rbeat) : VIO_BURST_BEATS /* beats of a burst */
};

static inline void R(ask)(struct vio *v, const struct vio_clk *clk, uint16_t room)
{
	struct W(reader) *r = &v->READER;
	const struct vio_job *job = R2(HEAD, job);
	uint64_t addr;
	uint32_t bytes, limit, beats;

	if (!R2(CAN_POP, job) || !R2(CAN_PUSH, ar) || !R2(CAN_PUSH, lanes))
		return;
	addr = job->addr + r->off;
	bytes = job->len - r->off;
	limit = R(MOST) * VIO_DATA_BYTES - vio_lane(addr);
	if (limit > 4096 - (uint32_t)(addr & 4095))
		limit = 4096 - (uint32_t)(addr & 4095);
	if (bytes > limit)
		bytes = limit;
	beats = vio_beats(addr, bytes);
	if (beats > room)
		return;
	R3(PUSH, ar, .addr = addr - vio_lane(addr), .len = (uint8_t)(beats - 1));
	R3(PUSH, lanes, .off = (uint8_t)vio_lane(addr), .bytes = (uint16_t)bytes,
	   .flush = job->flush && bytes == job->len - r->off);
	r->room = (uint16_t)(r->room - beats);
	if (bytes == job->len - r->off) {
		r->off = 0;
		R2(POP, job);
	} else {
		r->off += bytes;
	}
}

/* Takes the bytes of one beat, or of one word in it, that belong to the job, and hands on a word when it is full. */
static inline void R(pack)(struct vio *v, const struct vio_clk *clk)
{
	struct W(reader) *r = &v->READER;
	const struct vio_lanes *lanes = R2(HEAD, lanes);
	WORD data, joined;
	uint8_t resp;
	unsigned lane, room, left, take, count;
	bool last;

	if (!R2(CAN_PUSH, beat))
		return;
	if (r->flushing) {
		R3(PUSH, beat, .data = r->rest, .resp = r->resp);
		r->flushing = false;
		r->count = 0;
		r->rest = (WORD){0};
		r->resp = 0;
		return;
	}
	if (!R2(CAN_POP, rbeat))
		return;
	resp = R2(HEAD, rbeat)->resp;
	lane = (unsigned)(lanes->off + r->done) % VIO_DATA_BYTES;
	room = R(UNIT) - lane % R(UNIT);
	left = (unsigned)(lanes->bytes - r->done);
	take = left < room ? left : room;
	last = take == left;
	data = W(low)(W(from)(R2(HEAD, rbeat)->data, lane), take);
	count = r->count + take;
	joined = W(or)(r->rest, W(up)(data, r->count));
	if (last || lane + take == VIO_DATA_BYTES) {
		R2(POP, rbeat);
		r->room++;
	}
	if (count >= R(BYTES) || (last && lanes->flush)) {
		R3(PUSH, beat, .data = joined, .resp = r->resp | resp);
		r->resp = count > R(BYTES) ? resp : 0;
		r->rest = count > R(BYTES) ? W(down)(data, R(BYTES) - r->count) : (WORD){0};
		r->count = count > R(BYTES) ? (uint8_t)(count - R(BYTES)) : 0;
		r->flushing = count > R(BYTES) && last && lanes->flush;
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
	v->READER = (struct W(reader)){.room = R2(DEPTH, rbeat)};
}

#undef READER
