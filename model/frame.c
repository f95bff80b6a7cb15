/* SPDX-License-Identifier: Apache-2.0
 * frame.c: cuts a chain into a request, virtio 1.2, 5.2.6 and 2.6.4. Twin of rtl/frame.v.
 *
 *   IDLE -> SEGS -> IDLE
 *
 * The first 16 readable bytes are the header, the last writable byte is the status, the rest is data, wherever the
 * descriptors' borders are. Header bytes go to the header reader, everything else becomes pieces for blk. A chain with
 * fewer than 16 readable bytes has no header: all of it is data, and blk answers IOERR. One without a writable byte
 * cannot be answered: ERR_NO_STATUS.
 */

#define HEADER_BYTES 16

enum { PIECE_OUT, PIECE_IN, PIECE_STATUS };

static void frame_fail(struct vio *v, enum vio_error code, uint8_t queue, uint16_t head)
{
	v->frame.err = (struct vio_err){.code = (uint8_t)code, .queue = queue, .desc = head};
	v->frame.state = S(frame, DEAD);
	v->erred |= ERRED_FRAME;
}

static void frame_idle(struct vio *v, const struct vio_clk *clk)
{
	struct vio_frame *f = &v->frame;
	const struct vio_chain *c = HEAD(chain);

	if (!CAN_POP(chain) || !CAN_PUSH(req))
		return;
	f->queue = c->queue;
	f->head = c->head;
	f->header = c->rlen < HEADER_BYTES ? 0 : HEADER_BYTES;
	f->rleft = c->rlen;
	f->wleft = c->wlen;
	f->segs = c->segs;
	f->off = 0;
	if (c->wlen == 0) {
		frame_fail(v, ERR_NO_STATUS, c->queue, c->head);
	} else {
		PUSH(req, .queue = c->queue, .head = c->head, .rlen = c->rlen, .wlen = c->wlen);
		f->state = S(frame, SEGS);
	}
	POP(chain);
}

/* Passes on the first part of what is left of a segment. Returns its bytes, 0 to wait. */
static uint32_t frame_cut(struct vio *v, const struct vio_clk *clk, const struct vio_seg *s, uint32_t left)
{
	struct vio_frame *f = &v->frame;
	const uint64_t addr = s->addr + f->off;

	if (f->header != 0 && !s->write) {
		const uint32_t take = left < f->header ? left : f->header;

		if (!CAN_PUSH(header_job))
			return 0;
		PUSH(header_job, .addr = addr, .len = take, .flush = take == f->header);
		f->header = (uint8_t)(f->header - take);
		return take;
	}
	if (!CAN_PUSH(piece))
		return 0;
	if (s->write && left == f->wleft) {
		const bool status = left == 1;

		PUSH(piece, .addr = addr, .len = status ? 1 : left - 1, .kind = status ? PIECE_STATUS : PIECE_IN);
		return status ? 1 : left - 1;
	}
	PUSH(piece, .addr = addr, .len = left, .kind = s->write ? PIECE_IN : PIECE_OUT);
	return left;
}

static void frame_segs(struct vio *v, const struct vio_clk *clk)
{
	struct vio_frame *f = &v->frame;
	const struct vio_seg *s = HEAD(seg);
	uint32_t left, take;

	if (!CAN_POP(seg))
		return;
	left = s->len - f->off;
	if (left > (s->write ? f->wleft : f->rleft)) {
		frame_fail(v, ERR_CHAIN_CHANGED, f->queue, f->head);
		return;
	}
	take = frame_cut(v, clk, s, left);
	if (take == 0)
		return;
	if (s->write)
		f->wleft -= take;
	else
		f->rleft -= take;
	if (take != left) {
		f->off += take;
		return;
	}
	f->off = 0;
	POP(seg);
	if (--f->segs != 0)
		return;
	if (f->wleft != 0 || f->rleft != 0)
		frame_fail(v, ERR_CHAIN_CHANGED, f->queue, f->head);
	else
		f->state = S(frame, IDLE);
}

static void frame_tick(struct vio *v, const struct vio_clk *clk)
{
	if (v->frame.state == S(frame, IDLE))
		frame_idle(v, clk);
	else if (v->frame.state == S(frame, SEGS))
		frame_segs(v, clk);
}
