/* SPDX-License-Identifier: Apache-2.0
 * writer.c: writes bytes by AXI bursts. Twin of rtl/writer.v.
 *
 * Two stages with wburst between them. The first cuts jobs into INCR bursts that never cross 4 KiB, used ring first,
 * and says in btag what each response will mean. The second lays bytes into lanes, one beat a clock.
 *
 * All writes share one AXI ID, so responses come in order: that of a status or used element says that everything
 * before it has landed. A burst of payload is issued when its first beat has come from storage, so a slow disk does not
 * hold the bus. Once issued, a burst is finished whatever happens: after stop its beats have no strobes.
 */

/* Bytes of the next burst from addr, of at most len. */
static uint32_t burst_bytes(uint64_t addr, uint32_t len)
{
	const uint32_t page = 4096 - (uint32_t)(addr & 4095);
	const uint32_t burst = VIO_BURST_BEATS * VIO_DATA_BYTES - vio_lane(addr);
	const uint32_t limit = page < burst ? page : burst;

	return len < limit ? len : limit;
}

static uint8_t burst_len(uint64_t addr, uint32_t bytes)
{
	return (uint8_t)(vio_beats(addr, bytes) - 1);
}

static void issue_used(struct vio *v)
{
	struct vio_writer *w = &v->writer;
	const struct vio_ujob *u = HEAD(ujob);
	const uint64_t addr = u->addr + w->uoff;
	const uint32_t left = (uint32_t)(u->len - w->uoff);
	const uint32_t bytes = burst_bytes(addr, left);
	const bool last = bytes == left;

	PUSH(aw, .addr = addr - vio_lane(addr), .len = burst_len(addr, bytes));
	PUSH(wburst, .data = u->data >> (8 * w->uoff), .off = (uint8_t)vio_lane(addr), .bytes = (uint16_t)bytes);
	PUSH(btag, .kind = last ? u->kind : BTAG_PART, .queue = u->queue);
	w->uoff = last ? 0 : (uint8_t)(w->uoff + bytes);
	if (last)
		POP(ujob);
}

/* An error response to payload. While the request is open its status byte can tell; once that is on its way, nothing
 * but DEVICE_NEEDS_RESET can. */
static void payload_failed(struct vio *v, const struct vio_clk *clk)
{
	struct vio_writer *w = &v->writer;
	const struct vio_werr *e = HEAD(werr);

	if (!CAN_POP(werr))
		return;
	if (e->turn == w->turn) {
		w->resp |= e->resp;
	} else if (w->err.code == ERR_NONE) {
		w->err = (struct vio_err){.code = (uint8_t)bus_error(ERR_WRITE_DATA, e->resp), .queue = e->queue};
		v->erred |= ERRED_WRITER;
	}
	POP(werr);
}

/* The status byte; used learns of the request once its write is issued. */
static void issue_byte(struct vio *v, const struct vio_clk *clk, const struct vio_wjob *j)
{
	struct vio_writer *w = &v->writer;
	const bool late = j->kind == WJOB_LATE;
	uint8_t status, code;

	if (!CAN_PUSH(fin) || (late && !CAN_POP(rsp)))
		return;
	status = late ? HEAD(rsp)->status : j->byte;
	code = late && status != BLK_S_OK ? ERR_REQ_STORAGE : ERR_NONE;
	if (w->resp != 0) {
		status = BLK_S_IOERR;
		code = (uint8_t)bus_error(ERR_REQ_WRITE_DATA, w->resp);
	}
	if (code != ERR_NONE)
		PUSH(writer_mishap, .code = code, .queue = j->queue, .head = j->head);
	PUSH(aw, .addr = j->addr - vio_lane(j->addr), .len = 0);
	PUSH(wburst, .data = status, .off = (uint8_t)vio_lane(j->addr), .bytes = 1);
	PUSH(btag, .kind = is_packed(v) ? BTAG_LANDED : BTAG_STATUS, .queue = j->queue);
	v->did.request = true;
	w->resp = 0;
	w->turn = (w->turn + 1) & 63;
	PUSH(fin, .used = j->used, .head = j->head, .queue = j->queue);
	if (late)
		POP(rsp);
	POP(wjob);
}

static void issue_stream(struct vio *v, const struct vio_clk *clk, const struct vio_wjob *j)
{
	struct vio_writer *w = &v->writer;
	const uint64_t addr = j->addr + w->woff;
	const uint32_t left = j->len - w->woff;
	const uint32_t bytes = burst_bytes(addr, left);
	const uint32_t beats = bytes <= w->sres ? 0 : vio_beats(0, bytes - w->sres);
	const bool last = j->last && bytes == left;

	if (beats != 0 && clk->store_level <= w->owed)
		return;
	PUSH(aw, .addr = addr - vio_lane(addr), .len = burst_len(addr, bytes));
	PUSH(wburst, .data = 0, .off = (uint8_t)vio_lane(addr), .bytes = (uint16_t)bytes, .stream = 1, .last = last);
	PUSH(btag, .kind = BTAG_DATA, .queue = j->queue, .turn = w->turn);
	w->owed = (uint16_t)(w->owed + beats);
	w->sres = last ? 0 : (uint8_t)(w->sres + VIO_DATA_BYTES * beats - bytes);
	w->woff = bytes == left ? 0 : w->woff + bytes;
	if (bytes == left)
		POP(wjob);
}

static void writer_issue(struct vio *v, const struct vio_clk *clk)
{
	if (!CAN_PUSH(aw) || !CAN_PUSH(wburst) || !CAN_PUSH(btag))
		return;
	if (CAN_POP(ujob))
		issue_used(v);
	else if (CAN_POP(wjob) && HEAD(wjob)->kind == WJOB_STREAM)
		issue_stream(v, clk, HEAD(wjob));
	else if (CAN_POP(wjob))
		issue_byte(v, clk, HEAD(wjob));
}

/* One beat of the burst at the head of wburst. */
static void writer_beat(struct vio *v, const struct vio_clk *clk, bool stop)
{
	struct vio_writer *w = &v->writer;
	const struct vio_wburst *b = HEAD(wburst);
	unsigned off, left, take;
	vio_data data;
	bool last, pop;

	if (!CAN_POP(wburst) || !CAN_PUSH(wbeat))
		return;
	off = w->done == 0 ? b->off : 0;
	left = (unsigned)(b->bytes - w->done);
	take = left < VIO_DATA_BYTES - off ? left : VIO_DATA_BYTES - off;
	last = take == left;
	pop = b->stream && take > w->count && !stop;
	if (pop && !CAN_POP(store))
		return;
	if (!b->stream) {
		data = vio_data_of(vio_word_down(b->data, w->done));
	} else if (pop) {
		const vio_data beat = HEAD(store)->data;
		const unsigned spent = take - w->count;

		data = vio_data_or(w->rest, vio_data_up(beat, w->count));
		w->rest = spent == VIO_DATA_BYTES ? (vio_data){0} : vio_data_down(beat, spent);
		w->count = (uint8_t)(VIO_DATA_BYTES - spent);
		w->owed--;
		POP(store);
	} else {
		data = w->rest;
		w->rest = vio_data_down(w->rest, take % VIO_DATA_BYTES);
		w->count = (uint8_t)(w->count - take);
	}
	PUSH(wbeat, .data = vio_data_up(vio_data_low(data, take), off),
	     .strb = (vio_strb)(stop ? 0 : VIO_STRB_ALL >> (VIO_DATA_BYTES - take) << off), .last = last);
	if (b->stream && b->last && last) {
		w->count = 0;
		w->rest = (vio_data){0};
	}
	w->done = last ? 0 : (uint16_t)(w->done + take);
	if (last)
		POP(wburst);
}

static void writer_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_writer *w = &v->writer;

	if (!v->pub.stop) {
		payload_failed(v, clk);
		writer_issue(v, clk);
	}
	writer_beat(v, clk, v->pub.stop);
	if (v->pub.stop) {
		w->woff = 0;
		w->uoff = w->sres = w->count = 0;
		w->owed = 0;
		w->turn = w->resp = 0;
		w->rest = (vio_data){0};
		w->err.code = ERR_NONE;
	}
}
