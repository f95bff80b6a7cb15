/* SPDX-License-Identifier: Apache-2.0
 * blk.c: what a virtio-blk request asks for, virtio 1.2, 5.2.6. Twin of rtl/blk.v.
 *
 *   IDLE -> SECTOR -> CHECK -> (CMD ->) PIECES -> IDLE
 *
 * Knows the request format and nothing of rings. Requests are taken in order; each ends in one status write, which the
 * writer hands to used. A request is checked whole before the disk sees anything of it.
 */

enum { TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4, TYPE_GET_ID = 8 };
enum { BLK_S_OK = 0, BLK_S_IOERR = 1, BLK_S_UNSUPP = 2 };
enum { WJOB_STREAM, WJOB_BYTE, WJOB_LATE };
enum { BTAG_NONE, BTAG_USED, BTAG_INDEX, BTAG_EVENT };

#define GET_ID_BYTES 20

static void blk_idle(struct vio *v, const struct vio_clk *clk)
{
	struct vio_blk *b = &v->blk;
	const struct vio_req *r = HEAD(req);

	if (!CAN_POP(req))
		return;
	b->queue = r->queue;
	b->head = r->head;
	b->rlen = r->rlen - 16;
	b->wlen = r->wlen - 1;
	b->late = false;
	b->out = 0;
	b->in = 0;
	b->used = r->wlen == 1;
	if (r->rlen < 16) {
		b->result = BLK_S_IOERR;
		b->state = S(blk, PIECES);
		POP(req);
	} else if (CAN_POP(header_beat)) {
		b->type = (uint32_t)HEAD(header_beat)->data;
		b->state = S(blk, SECTOR);
		POP(header_beat);
		POP(req);
	}
}

/* Whether len bytes from the sector lie on the disk, without overflow. */
static bool in_range(const struct vio_blk *b, uint64_t capacity, uint32_t len)
{
	return b->sector <= capacity && len / 512 <= capacity - b->sector;
}

static void blk_command(struct vio_blk *b, uint8_t op)
{
	b->op = op;
	b->late = true;
	b->state = S(blk, CMD);
}

static void check_in(struct vio_blk *b, uint64_t capacity)
{
	if (b->wlen % 512 != 0 || !in_range(b, capacity, b->wlen)) {
		b->result = BLK_S_IOERR;
	} else if (b->wlen != 0) {
		b->in = b->wlen;
		b->used = b->wlen + 1;
		blk_command(b, VIO_BE_READ);
	}
}

static void check_out(struct vio_blk *b, const struct vio_pub *pub)
{
	if (pub->read_only || b->rlen % 512 != 0 || !in_range(b, pub->capacity, b->rlen)) {
		b->result = BLK_S_IOERR;
	} else if (b->rlen != 0) {
		b->out = b->rlen;
		blk_command(b, pub->fua ? VIO_BE_WRITE_FUA : VIO_BE_WRITE);
	}
}

static void check_get_id(struct vio_blk *b)
{
	if (b->wlen == 0)
		return;
	b->in = b->wlen < GET_ID_BYTES ? b->wlen : GET_ID_BYTES;
	b->used = b->wlen <= GET_ID_BYTES ? b->wlen + 1 : GET_ID_BYTES;
	blk_command(b, VIO_BE_GET_ID);
}

static void blk_check(struct vio *v)
{
	struct vio_blk *b = &v->blk;

	b->result = BLK_S_OK;
	b->state = S(blk, PIECES);
	switch (b->type) {
	case TYPE_IN:
		check_in(b, v->pub.capacity);
		break;
	case TYPE_OUT:
		check_out(b, &v->pub);
		break;
	case TYPE_FLUSH:
		if (v->pub.flush)
			blk_command(b, VIO_BE_FLUSH);
		else
			b->result = BLK_S_UNSUPP;
		break;
	case TYPE_GET_ID:
		check_get_id(b);
		break;
	default:
		b->result = BLK_S_UNSUPP;
		break;
	}
}

/* Pieces that the request does not need are dropped. */
static void blk_pieces(struct vio *v, const struct vio_clk *clk)
{
	struct vio_blk *b = &v->blk;
	const struct vio_piece *p = HEAD(piece);
	uint32_t take;

	if (!CAN_POP(piece) || !CAN_PUSH(wjob) || !CAN_PUSH(data_job))
		return;
	switch (p->kind) {
	case PIECE_OUT:
		if (b->out != 0) {
			PUSH(data_job, .addr = p->addr, .len = p->len, .flush = p->len == b->out);
			b->out -= p->len;
		}
		break;
	case PIECE_IN:
		take = p->len < b->in ? p->len : b->in;
		if (take != 0)
			PUSH(wjob, .addr = p->addr, .len = take, .kind = WJOB_STREAM, .last = take == b->in);
		b->in -= take;
		break;
	default:
		PUSH(wjob, .addr = p->addr, .len = 1, .kind = b->late ? WJOB_LATE : WJOB_BYTE, .byte = b->result,
		     .queue = b->queue, .head = b->head, .used = b->used);
		b->state = S(blk, IDLE);
		break;
	}
	POP(piece);
}

static void blk_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_blk *b = &v->blk;

	switch (b->state) {
	case S(blk, IDLE):
		blk_idle(v, clk);
		break;
	case S(blk, SECTOR):
		if (CAN_POP(header_beat)) {
			b->sector = HEAD(header_beat)->data;
			b->state = S(blk, CHECK);
			POP(header_beat);
		}
		break;
	case S(blk, CHECK):
		blk_check(v);
		break;
	case S(blk, CMD):
		if (CAN_PUSH(cmd)) {
			PUSH(cmd, .sector = b->sector, .op = b->op,
			     .len = b->op == VIO_BE_FLUSH                            ? 0
				    : b->op == VIO_BE_READ || b->op == VIO_BE_GET_ID ? b->in
										     : b->out);
			b->state = S(blk, PIECES);
		}
		break;
	default:
		blk_pieces(v, clk);
		break;
	}
}
