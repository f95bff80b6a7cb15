/* SPDX-License-Identifier: Apache-2.0
 * used.c: the used ring and its interrupts, virtio 1.2, 2.7.8 and 2.7.7. Twin of rtl/used.v.
 *
 *   IDLE -> INDEX -> EVENT -> WAIT -> IDLE
 *
 * Elements are written as requests finish, behind their payload and status, without waiting. Promises: idx moves only
 * when the responses of all elements that it covers, and so of all payload before them, have come; the suppression
 * flag or used_event is read only when the response of idx has come; then the interrupt is raised. Completions that pile up
 * meanwhile share the next idx.
 */

#define USED_OUT 12 /* elements in flight: fewer than udone holds */

static void used_element(struct vio *v, const struct vio_fin *fin)
{
	struct vio_used *u = &v->used;
	const struct vio_queue *q = &v->pub.queue[fin->queue];
	const uint16_t slot = u->next[fin->queue] & (uint16_t)(q->num - 1);

	PUSH(ujob, .addr = q->used + 4 + 8ull * slot, .data = (uint64_t)fin->used << 32 | fin->head, .len = 8,
	     .queue = fin->queue, .kind = BTAG_USED);
	u->next[fin->queue]++;
	u->out++;
	POP(fin);
}

/* The next queue after the last one whose idx is behind, or -1. */
static int used_behind(const struct vio_used *u)
{
	for (unsigned i = 1; i <= VIO_QUEUES; i++) {
		const unsigned q = (u->queue + i) % VIO_QUEUES;

		if (u->acked[q] != u->shown[q])
			return (int)q;
	}
	return -1;
}

static void used_index(struct vio *v, unsigned index)
{
	struct vio_used *u = &v->used;

	PUSH(ujob, .addr = v->pub.queue[index].used + 2, .data = u->acked[index], .len = 2, .queue = (uint8_t)index,
	     .kind = BTAG_INDEX);
	u->was = u->shown[index];
	u->queue = (uint8_t)index;
	u->shown[index] = u->acked[index];
	u->state = S(used, INDEX);
}

/* avail_event asks for a notification when the driver makes the entry of that index available (virtio 1.2, 2.7.10). */
static void used_arm(struct vio *v)
{
	const struct vio_arm *arm = HEAD(arm);
	const struct vio_queue *q = &v->pub.queue[arm->queue];

	PUSH(ujob, .addr = q->used + 4 + 8ull * q->num, .data = arm->event, .len = 2, .queue = arm->queue,
	     .kind = BTAG_EVENT);
	POP(arm);
}

/* Where the driver says whether it wants an interrupt: avail.flags, or used_event behind the ring. */
static uint64_t event_addr(const struct vio *v)
{
	const struct vio_queue *q = &v->pub.queue[v->used.queue];

	return has_feature(v->pub.features, F_BIT_EVENT_IDX) ? q->avail + 4 + 2ull * q->num : q->avail;
}

/* virtio 1.2, 2.7.7.2 and 2.7.10: flag bit 0 suppresses; with EVENT_IDX idx must have moved past used_event. */
static bool wants_interrupt(const struct vio *v, uint16_t word)
{
	const uint16_t shown = v->used.shown[v->used.queue];

	if (has_feature(v->pub.features, F_BIT_EVENT_IDX))
		return (uint16_t)(shown - word - 1) < (uint16_t)(shown - v->used.was);
	return (word & 1) == 0;
}

static void used_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_used *u = &v->used;
	const int behind = u->state == S(used, IDLE) ? used_behind(u) : -1;
	const bool full = u->out == USED_OUT;

	if (behind >= 0 && CAN_PUSH(ujob))
		used_index(v, (unsigned)behind);
	else if (CAN_POP(fin) && CAN_PUSH(ujob) && !full)
		used_element(v, HEAD(fin));
	else if (CAN_POP(arm) && CAN_PUSH(ujob))
		used_arm(v);
	if (u->state == S(used, EVENT) && CAN_PUSH(event_job)) {
		PUSH(event_job, .addr = event_addr(v), .len = 2, .flush = 1);
		u->state = S(used, WAIT);
	} else if (u->state == S(used, WAIT) && CAN_POP(event_beat) && CAN_PUSH(raise)) {
		if (wants_interrupt(v, (uint16_t)HEAD(event_beat)->data))
			PUSH(raise, .bits = ISR_USED);
		POP(event_beat);
		u->state = S(used, IDLE);
	}
	if (CAN_POP(udone)) {
		const struct vio_udone tag = *HEAD(udone);

		POP(udone);
		if (tag.kind == BTAG_INDEX) {
			u->state = S(used, EVENT);
		} else if (tag.kind == BTAG_EVENT) {
			PUSH(armed, .queue = tag.queue);
		} else {
			u->acked[tag.queue]++;
			u->out--;
		}
	}
	if (v->pub.start)
		u->next[v->pub.start_queue] = u->acked[v->pub.start_queue] = u->shown[v->pub.start_queue] = 0;
}
