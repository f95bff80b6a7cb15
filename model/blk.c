/* SPDX-License-Identifier: Apache-2.0
 * blk.c: what a virtio-blk request asks for, virtio 1.2, 5.2.6. Twin of rtl/blk.v.
 *
 *   IDLE -> SECTOR -> (CMD ->) PIECES -> IDLE
 *   IDLE -> SECTOR -> PIECES -> RANGE -> LIMITS -> (CMD ->) PIECES -> IDLE    discard and its like
 *
 * Knows the request format and nothing of rings. Requests are taken in order; each ends in one status write, which the
 * writer hands to used. A request is checked whole before the disk sees anything of it.
 */

enum {
	TYPE_IN = 0,
	TYPE_OUT = 1,
	TYPE_FLUSH = 4,
	TYPE_FLUSH_OUT = 5,
	TYPE_GET_ID = 8,
	TYPE_GET_LIFETIME = 10,
	TYPE_DISCARD = 11,
	TYPE_WRITE_ZEROES = 13,
	TYPE_SECURE_ERASE = 14
};
enum { BLK_S_OK = 0, BLK_S_IOERR = 1, BLK_S_UNSUPP = 2 };
enum { WJOB_STREAM, WJOB_BYTE, WJOB_LATE };
enum { BTAG_DATA, BTAG_USED, BTAG_INDEX, BTAG_EVENT, BTAG_LANDED, BTAG_STATUS, BTAG_PART };

#define TYPE_BARRIER 0x80000000u
#define GET_ID_BYTES 20
#define LIFETIME_BYTES 6
#define RANGE_BYTES 16 /* sector, number of sectors, flags */

/* The request ends in this status, and nothing of it is done. */
static void blk_refuse(struct vio *v, uint8_t result, enum vio_error code)
{
	struct vio_blk *b = &v->blk;

	b->result = result;
	b->state = S(blk, PIECES);
	PUSH(blk_mishap, .code = (uint8_t)code, .queue = b->queue, .head = b->head);
}

/* On the legacy interface FLUSH_OUT is FLUSH, and BARRIER, which is never offered, is passed over (virtio 1.2, 5.2.6.3). */
static uint32_t request_type(const struct vio *v, uint32_t word)
{
	const uint32_t type = word & ~TYPE_BARRIER;

	if (!v->pub.legacy)
		return word;
	return type == TYPE_FLUSH_OUT ? TYPE_FLUSH : type;
}

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
	b->range = false;
	b->out = 0;
	b->in = 0;
	b->used = r->wlen == 1;
	if (r->rlen < 16) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_HEADER);
		POP(req);
	} else if (CAN_POP(header_beat)) {
		b->type = request_type(v, (uint32_t)HEAD(header_beat)->data);
		b->resp = HEAD(header_beat)->resp;
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

static void check_in(struct vio *v)
{
	struct vio_blk *b = &v->blk;

	if (b->wlen % 512 != 0) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_LENGTH);
	} else if (!in_range(b, v->pub.capacity, b->wlen)) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_SECTOR);
	} else if (b->wlen != 0) {
		b->in = b->wlen;
		b->used = b->wlen + 1;
		blk_command(b, VIO_BE_READ);
	}
}

static void check_out(struct vio *v)
{
	struct vio_blk *b = &v->blk;

	if (v->pub.read_only) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_READ_ONLY);
	} else if (b->rlen % 512 != 0) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_LENGTH);
	} else if (!in_range(b, v->pub.capacity, b->rlen)) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_SECTOR);
	} else if (b->rlen != 0) {
		b->out = b->rlen;
		blk_command(b, v->pub.fua ? VIO_BE_WRITE_FUA : VIO_BE_WRITE);
	}
}

/* A request that is answered with a few bytes: at most `bytes`, less if the buffer is shorter. */
static void check_short(struct vio_blk *b, uint8_t op, uint32_t bytes)
{
	if (b->wlen == 0)
		return;
	b->in = b->wlen < bytes ? b->wlen : bytes;
	b->used = b->wlen <= bytes ? b->wlen + 1 : bytes;
	blk_command(b, op);
}

/* Discard and its like carry one range, which is read before it is judged. */
static void check_range(struct vio *v)
{
	struct vio_blk *b = &v->blk;

	if (v->pub.read_only) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_READ_ONLY);
	} else if (b->rlen != RANGE_BYTES) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_LENGTH);
	} else {
		b->out = RANGE_BYTES;
		b->range = true;
	}
}

/* Commands of a feature that was not negotiated are unsupported. */
static bool type_supported(const struct vio_pub *pub, uint32_t type)
{
	switch (type) {
	case TYPE_IN:
	case TYPE_OUT:
	case TYPE_GET_ID:
		return true;
	case TYPE_FLUSH:
		return has_feature(pub->features, F_BIT_BLK_FLUSH);
	case TYPE_GET_LIFETIME:
		return has_feature(pub->features, F_BIT_BLK_LIFETIME);
	case TYPE_DISCARD:
		return has_feature(pub->features, F_BIT_BLK_DISCARD);
	case TYPE_WRITE_ZEROES:
		return has_feature(pub->features, F_BIT_BLK_WRITE_ZEROES);
	case TYPE_SECURE_ERASE:
		return has_feature(pub->features, F_BIT_BLK_SECURE_ERASE);
	default:
		return false;
	}
}

static void blk_check(struct vio *v)
{
	struct vio_blk *b = &v->blk;

	b->result = BLK_S_OK;
	b->state = S(blk, PIECES);
	if (!type_supported(&v->pub, b->type)) {
		blk_refuse(v, BLK_S_UNSUPP, ERR_REQ_TYPE);
		return;
	}
	switch (b->type) {
	case TYPE_IN:
		check_in(v);
		break;
	case TYPE_OUT:
		check_out(v);
		break;
	case TYPE_FLUSH:
		blk_command(b, VIO_BE_FLUSH);
		break;
	case TYPE_GET_ID:
		check_short(b, VIO_BE_GET_ID, GET_ID_BYTES);
		break;
	case TYPE_GET_LIFETIME:
		check_short(b, VIO_BE_LIFETIME, LIFETIME_BYTES);
		break;
	default:
		check_range(v);
		break;
	}
}

/* virtio 1.2, 5.2.6.2: only write zeroes may say unmap, and nothing else may be said. */
static void blk_limits(struct vio *v, uint32_t sectors, uint32_t flags)
{
	struct vio_blk *b = &v->blk;
	const uint64_t capacity = v->pub.capacity;
	const bool zeroes = b->type == TYPE_WRITE_ZEROES;

	b->range = false;
	b->state = S(blk, PIECES);
	if (b->resp != 0) {
		blk_refuse(v, BLK_S_IOERR, bus_error(ERR_REQ_READ_RANGE, b->resp));
	} else if ((flags & ~1u) != 0 || (flags != 0 && !zeroes)) {
		blk_refuse(v, BLK_S_UNSUPP, ERR_REQ_FLAGS);
	} else if (sectors > VIO_RANGE_MAX) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_RANGE);
	} else if (b->sector > capacity || sectors > capacity - b->sector) {
		blk_refuse(v, BLK_S_IOERR, ERR_REQ_SECTOR);
	} else if (sectors != 0) {
		b->out = sectors;
		blk_command(b, zeroes ? (flags != 0 ? VIO_BE_ZERO_UNMAP : VIO_BE_ZERO)
				      : (b->type == TYPE_DISCARD ? VIO_BE_DISCARD : VIO_BE_ERASE));
	}
}

/* Pieces that the request does not need are dropped. */
static void blk_pieces(struct vio *v, const struct vio_clk *clk)
{
	struct vio_blk *b = &v->blk;
	const struct vio_piece *p = HEAD(piece);
	uint32_t take;

	if (!CAN_POP(piece) || !CAN_PUSH(wjob) || !CAN_PUSH(data_job) || !CAN_PUSH(range_job))
		return;
	switch (p->kind) {
	case PIECE_OUT:
		if (b->range)
			PUSH(range_job, .addr = p->addr, .len = p->len, .flush = p->len == b->out);
		else if (b->out != 0)
			PUSH(data_job, .addr = p->addr, .len = p->len, .flush = p->len == b->out);
		if (b->out != 0)
			b->out -= p->len;
		break;
	case PIECE_IN:
		take = p->len < b->in ? p->len : b->in;
		if (take != 0)
			PUSH(wjob, .addr = p->addr, .len = take, .queue = b->queue, .kind = WJOB_STREAM,
			     .last = take == b->in);
		b->in -= take;
		break;
	default:
		if (b->range) {
			b->state = S(blk, RANGE);
			return;
		}
		PUSH(wjob, .addr = p->addr, .len = 1, .kind = b->late ? WJOB_LATE : WJOB_BYTE, .byte = b->result,
		     .queue = b->queue, .head = b->head, .used = b->used);
		b->state = S(blk, IDLE);
		break;
	}
	POP(piece);
}

/* Bytes that follow, or sectors that a command without data is for. */
static uint32_t command_len(const struct vio_blk *b)
{
	switch (b->op) {
	case VIO_BE_FLUSH:
		return 0;
	case VIO_BE_READ:
	case VIO_BE_GET_ID:
	case VIO_BE_LIFETIME:
		return b->in;
	default:
		return b->out;
	}
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
			b->resp |= HEAD(header_beat)->resp;
			POP(header_beat);
			if (b->resp != 0)
				blk_refuse(v, BLK_S_IOERR, bus_error(ERR_REQ_READ_HEADER, b->resp));
			else
				blk_check(v);
		}
		break;
	case S(blk, CMD):
		if (CAN_PUSH(cmd)) {
			if (b->op == VIO_BE_READ)
				v->did.read_sectors = b->in / 512;
			else if (b->op == VIO_BE_WRITE || b->op == VIO_BE_WRITE_FUA)
				v->did.write_sectors = b->out / 512;
			PUSH(cmd, .sector = b->sector, .op = b->op, .len = command_len(b));
			b->state = S(blk, PIECES);
		}
		break;
	case S(blk, RANGE):
		if (CAN_POP(range_beat)) {
			b->sector = HEAD(range_beat)->data;
			b->resp = HEAD(range_beat)->resp;
			b->state = S(blk, LIMITS);
			POP(range_beat);
		}
		break;
	case S(blk, LIMITS):
		if (CAN_POP(range_beat)) {
			const uint64_t half = HEAD(range_beat)->data;

			b->resp |= HEAD(range_beat)->resp;
			POP(range_beat);
			blk_limits(v, (uint32_t)half, (uint32_t)(half >> 32));
		}
		break;
	default:
		blk_pieces(v, clk);
		break;
	}
}
