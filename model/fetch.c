/* SPDX-License-Identifier: Apache-2.0
 * fetch.c: heads from the available ring, virtio 1.2, 2.7.6. Twin of rtl/fetch.v.
 *
 *   IDLE -> ENTRY -> INDEX -> FIRST -> EARLY -> MORE -> PUSH -> (READ -> MORE -> PUSH ...) -> DONE -> IDLE
 *
 * An entry counts only when it was read after the idx that covers it. To save that round trip, the next entries are
 * asked for together with idx, and handed to walk as early heads; then they are read again, with those behind them, and
 * each is confirmed. AXI does not order reads of different addresses, so the early ones may be stale: walk reads
 * descriptors for them, and nothing else, until they are confirmed. After a burst the turn goes back to sched.
 * Promises: every entry between the last idx and this one is handed on once; an idx that jumps by more than the queue
 * size, or an entry past the table, ends in an error. With EVENT_IDX, a queue sleeps only when idx was read again after
 * the response of an avail_event that asks for the next entry: ARM, ARMED, and another turn.
 */

#define FETCH_BATCH 32 /* entries a burst */

static void fetch_fail(struct vio *v, enum vio_error code, uint16_t desc)
{
	v->fetch.err = (struct vio_err){.code = (uint8_t)code, .queue = v->fetch.queue, .desc = desc};
	v->fetch.state = S(fetch, DEAD);
	v->erred |= ERRED_FETCH;
}

static uint64_t entry_addr(const struct vio *v, const struct vio_queue *q)
{
	const uint16_t slot = v->fetch.last[v->fetch.queue] & (uint16_t)(q->num - 1);

	return q->avail + 4 + 2ull * slot;
}

/* Entries from the next one to the end of the ring. */
static uint16_t to_ring_end(const struct vio *v, const struct vio_queue *q)
{
	return (uint16_t)(q->num - (v->fetch.last[v->fetch.queue] & (q->num - 1)));
}

static void fetch_idle(struct vio *v, const struct vio_clk *clk)
{
	struct vio_fetch *f = &v->fetch;
	const struct vio_queue *q;

	if (!CAN_POP(serve) || !CAN_PUSH(avail_job))
		return;
	f->queue = HEAD(serve)->queue;
	POP(serve);
	q = &v->pub.queue[f->queue];
	f->again = false;
	f->more = false;
	f->left = 0;
	if (!q->ready || !v->pub.live) {
		f->state = S(fetch, DONE);
		return;
	}
	PUSH(avail_job, .addr = q->avail + 2, .len = 2, .flush = 1);
	f->state = S(fetch, ENTRY);
}

static void fetch_entry(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const uint64_t addr = entry_addr(v, q);
	const uint16_t in_beat = (uint16_t)(4 - (addr >> 1 & 3));
	const uint16_t in_ring = to_ring_end(v, q);

	if (!CAN_PUSH(avail_job))
		return;
	f->spec = (uint8_t)(in_beat < in_ring ? in_beat : in_ring);
	PUSH(avail_job, .addr = addr, .len = 2u * f->spec, .flush = 1);
	f->state = S(fetch, INDEX);
}

static void fetch_index(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;

	if (!CAN_POP(avail_beat))
		return;
	f->left = q->ready ? (uint16_t)(HEAD(avail_beat)->data - f->last[f->queue]) : 0;
	POP(avail_beat);
	if (f->left > q->num)
		fetch_fail(v, ERR_AVAIL_JUMP, f->left);
	else
		f->state = S(fetch, FIRST);
}

/* Asks for a burst of entries, from the next one. */
static void fetch_ask(struct vio *v, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const uint16_t in_ring = to_ring_end(v, q);
	uint16_t count = f->left < FETCH_BATCH ? f->left : FETCH_BATCH;

	if (count > in_ring)
		count = in_ring;
	PUSH(avail_job, .addr = entry_addr(v, q), .len = 2u * count, .flush = 1);
	f->batch = count;
}

static void fetch_first(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;

	if (!CAN_POP(avail_beat) || !CAN_PUSH(avail_job))
		return;
	f->entries = HEAD(avail_beat)->data;
	POP(avail_beat);
	f->have = (uint8_t)(f->left < f->spec ? f->left : f->spec);
	f->early = 0;
	if (f->left == 0) {
		const bool asleep = !has_feature(v->pub.features, F_BIT_EVENT_IDX) || !q->ready ||
				    f->armed[f->queue] == f->last[f->queue];

		f->state = asleep ? S(fetch, DONE) : S(fetch, ARM);
		return;
	}
	f->more = has_feature(v->pub.features, F_BIT_EVENT_IDX);
	fetch_ask(v, q);
	f->state = S(fetch, EARLY);
}

/* An early entry past the table may be stale: it is judged when it is read again. */
static void fetch_early(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const uint16_t head = (uint16_t)f->entries;

	if (!CAN_PUSH(head))
		return;
	if (head >= q->num) {
		f->state = S(fetch, MORE);
		return;
	}
	PUSH(head, .queue = f->queue, .head = head, .early = 1);
	f->entries >>= 16;
	f->early++;
	if (--f->have == 0)
		f->state = S(fetch, MORE);
}

static void fetch_push(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const uint16_t head = (uint16_t)f->entries;

	if (f->early != 0 ? !CAN_PUSH(confirm) : !CAN_PUSH(head))
		return;
	if (head >= q->num) {
		fetch_fail(v, ERR_HEAD_INDEX, head);
		return;
	}
	if (f->early != 0) {
		PUSH(confirm, .head = head);
		f->early--;
	} else {
		PUSH(head, .queue = f->queue, .head = head);
	}
	f->entries >>= 16;
	f->last[f->queue]++;
	f->left--;
	if (--f->have != 0)
		return;
	if (f->batch != 0)
		f->state = S(fetch, MORE);
	else if (f->left == 0 || f->again || !q->ready)
		f->state = S(fetch, DONE);
	else
		f->state = S(fetch, READ);
}

static void fetch_read(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;

	if (!CAN_PUSH(avail_job))
		return;
	fetch_ask(v, q);
	f->again = true;
	f->state = S(fetch, MORE);
}

static void fetch_more(struct vio *v, const struct vio_clk *clk)
{
	struct vio_fetch *f = &v->fetch;

	if (!CAN_POP(avail_beat))
		return;
	f->entries = HEAD(avail_beat)->data;
	POP(avail_beat);
	f->have = (uint8_t)(f->batch < 4 ? f->batch : 4);
	f->batch = (uint16_t)(f->batch - f->have);
	f->state = S(fetch, PUSH);
}

static void fetch_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_fetch *f = &v->fetch;
	const struct vio_queue *q = &v->pub.queue[f->queue];

	switch (f->state) {
	case S(fetch, IDLE):
		fetch_idle(v, clk);
		break;
	case S(fetch, ENTRY):
		fetch_entry(v, clk, q);
		break;
	case S(fetch, INDEX):
		fetch_index(v, clk, q);
		break;
	case S(fetch, FIRST):
		fetch_first(v, clk, q);
		break;
	case S(fetch, EARLY):
		fetch_early(v, clk, q);
		break;
	case S(fetch, PUSH):
		fetch_push(v, clk, q);
		break;
	case S(fetch, READ):
		fetch_read(v, clk, q);
		break;
	case S(fetch, MORE):
		fetch_more(v, clk);
		break;
	case S(fetch, ARM):
		if (CAN_PUSH(arm)) {
			PUSH(arm, .event = f->last[f->queue], .queue = f->queue);
			f->state = S(fetch, ARMED);
		}
		break;
	case S(fetch, ARMED):
		if (CAN_POP(armed)) {
			POP(armed);
			f->armed[f->queue] = f->last[f->queue];
			f->more = true;
			f->state = S(fetch, DONE);
		}
		break;
	case S(fetch, DONE):
		if (CAN_PUSH(served)) {
			PUSH(served, .queue = f->queue, .more = f->left != 0 || f->more);
			f->state = S(fetch, IDLE);
		}
		break;
	default:
		break;
	}
	if (v->pub.start)
		f->last[v->pub.start_queue] = f->armed[v->pub.start_queue] = 0;
}
