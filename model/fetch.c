/* SPDX-License-Identifier: Apache-2.0
 * fetch.c: heads from the available ring, virtio 1.2, 2.7.6, or from a packed ring, 2.8. Twin of rtl/fetch.v.
 *
 *   IDLE -> ENTRY -> INDEX -> FIRST -> EARLY -> MORE -> PUSH -> (READ -> MORE -> PUSH ...) -> DONE -> IDLE
 *   IDLE -> PROBE -> (DROP -> PROBE ...) -> DONE -> IDLE                                    a packed ring
 *
 * An entry counts only when it was read after the idx that covers it. To save that round trip, the next entries are
 * asked for together with idx, and handed to walk as early heads; then they are read again, with those behind them, and
 * each is confirmed. AXI does not order reads of different addresses, so the early ones may be stale: walk reads
 * descriptors for them, and nothing else, until they are confirmed. After a burst the turn goes back to sched.
 * Promises: every entry between the last idx and this one is handed on once; an idx that jumps by more than the queue
 * size, or an entry past the table, ends in an error. With EVENT_IDX, a queue sleeps only when idx was read again after
 * the response of an avail_event that asks for the next entry: ARM, ARMED, and another turn.
 *
 * A packed ring has no index: a head counts when its own flags say so, and its descriptors count when they were read
 * after that. Where the next head is only its chain tells, but chains tend to be as long as the last one. So the flags
 * of several slots are read at once, each the length of the last chain behind the other. The first is a head for
 * certain; the others are early heads, confirmed one by one as walk tells how long the chain before them is, or dropped.
 */

#include "place.h"

#define FETCH_BATCH 32 /* entries a burst */
#define FETCH_TURN 32  /* chains of a packed ring before the next queue has its turn */

#define EVENT_DESC 0x20000u /* device event structure: notify when the slot in the low half is available */

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

/* Packed: asks for the flags of the slot where the next head should be. */
static void fetch_probe(struct vio *v, const struct vio_queue *q, uint16_t place)
{
	struct vio_fetch *f = &v->fetch;

	PUSH(avail_job, .addr = q->desc + 16ull * place_slot(place) + 8, .len = 8, .flush = 1);
	f->ask = place_after(place, f->span, q->num);
	f->asked++;
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
	if (has_feature(v->pub.features, F_BIT_RING_PACKED)) {
		f->asked = f->heads = f->good = 0;
		f->missed = false;
		f->at = f->last[f->queue];
		fetch_probe(v, q, f->last[f->queue]);
		f->state = S(fetch, PROBE);
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

/* Nothing is available. The queue sleeps when the driver knows from where on to notify. */
static void fetch_empty(struct vio *v, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const bool asleep =
		!has_feature(v->pub.features, F_BIT_EVENT_IDX) || !q->ready || f->armed[f->queue] == f->last[f->queue];

	f->state = asleep ? S(fetch, DONE) : S(fetch, ARM);
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
		fetch_empty(v, q);
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
	f->taken[f->queue]++;
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

/* virtio 1.2, 2.8.1: a slot is available when its AVAIL bit is the wrap counter and its USED bit is not. */
static bool is_available(uint64_t word, uint16_t place)
{
	const bool avail = (word >> 55 & 1) != 0, used = (word >> 63) != 0;

	return avail == place_wrap(place) && used != place_wrap(place);
}

/* The flags of a slot came. One that is not available ends the looking ahead: answers behind it do not count. */
static void fetch_judge(struct vio *v, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;

	if (!q->ready || !is_available(HEAD(avail_beat)->data, f->at))
		f->missed = true;
	POP(avail_beat);
	f->asked--;
	if (f->missed) {
		f->ahead = 1;
		return;
	}
	PUSH(head, .queue = f->queue, .head = place_slot(f->at), .early = f->heads != 0);
	f->at = place_after(f->at, f->span, q->num);
	f->heads++;
	if (f->ahead < VIO_PROBES / 2)
		f->ahead = (uint8_t)(2 * f->ahead);
}

/* walk knows how long the oldest chain is, and so where the next head is. */
static void fetch_step(struct vio *v, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;
	const uint16_t slots = HEAD(step)->slots;
	const uint16_t next = place_after(f->last[f->queue], slots, q->num);

	POP(step);
	f->last[f->queue] = next;
	f->taken[f->queue]++;
	f->heads--;
	f->good++;
	f->sure = slots == f->span;
	f->span = slots;
	if (!f->sure)
		f->state = S(fetch, DROP);
	else if (f->heads != 0)
		PUSH(confirm, .head = place_slot(next));
}

/* Whether one more slot may be looked at: not far ahead of what is known, and not for ever in one turn. */
static bool fetch_may_ask(const struct vio_fetch *f, const struct vio_queue *q)
{
	const unsigned ahead = f->sure && f->span <= q->num ? f->ahead : 1;
	const unsigned heads = f->sure ? 0 : f->heads;

	return q->ready && f->good < FETCH_TURN && f->asked + heads < ahead && f->asked + f->heads < VIO_PROBES;
}

/* A turn ends when nothing is under way and nothing more may be asked, or nothing is available. While chains are being
 * walked, a slot that was not available is looked at again. */
static void fetch_packed(struct vio *v, const struct vio_clk *clk, const struct vio_queue *q)
{
	struct vio_fetch *f = &v->fetch;

	if (CAN_POP(avail_beat) && CAN_PUSH(head))
		fetch_judge(v, q);
	if (CAN_POP(step) && CAN_PUSH(confirm))
		fetch_step(v, q);
	if (f->state != S(fetch, PROBE) || (f->missed && f->asked != 0))
		return;
	if (f->heads == 0 && f->asked == 0 && (f->missed || !fetch_may_ask(f, q))) {
		f->more = f->good != 0;
		f->state = S(fetch, DONE);
		if (!f->more)
			fetch_empty(v, q);
		return;
	}
	if (f->missed) {
		f->missed = false;
		f->ask = f->at;
	}
	if (CAN_PUSH(avail_job) && fetch_may_ask(f, q) && place_within_lap(f->last[f->queue], f->ask))
		fetch_probe(v, q, f->ask);
}

/* Early heads are taken back, and answers under way thrown away; then it goes on behind the chain whose length was
 * another. */
static void fetch_drop(struct vio *v, const struct vio_clk *clk)
{
	struct vio_fetch *f = &v->fetch;

	if (CAN_POP(avail_beat) && f->asked != 0) {
		POP(avail_beat);
		f->asked--;
	}
	if (CAN_PUSH(confirm) && f->heads != 0) {
		PUSH(confirm, .drop = 1);
		f->heads--;
	}
	if (f->asked != 0 || f->heads != 0)
		return;
	f->missed = false;
	f->ask = f->at = f->last[f->queue];
	f->state = S(fetch, PROBE);
}

/* Where the driver is to notify. */
static uint32_t fetch_event(const struct vio *v)
{
	const uint16_t last = v->fetch.last[v->fetch.queue];

	return has_feature(v->pub.features, F_BIT_RING_PACKED) ? EVENT_DESC | (last ^ PLACE_LAP) : last;
}

static void fetch_reset(struct vio_fetch *f)
{
	*f = (struct vio_fetch){.span = 1, .ahead = 1};
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
	case S(fetch, PROBE):
		fetch_packed(v, clk, q);
		break;
	case S(fetch, DROP):
		fetch_drop(v, clk);
		break;
	case S(fetch, ARM):
		if (CAN_PUSH(arm)) {
			PUSH(arm, .event = fetch_event(v), .queue = f->queue);
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
