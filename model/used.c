/* SPDX-License-Identifier: Apache-2.0
 * used.c: the used ring and its interrupts, virtio 1.2, 2.7.8, 2.7.7 and 2.8. Twin of rtl/used.v.
 *
 *   IDLE -> INDEX -> EVENT -> WAIT -> IDLE
 *   IDLE -> EVENT -> WAIT -> IDLE             a packed ring
 *
 * Elements are written as requests finish, behind their payload and status, without waiting. Promises: idx moves only
 * when the responses of all elements that it covers, and so of all payload before them, have come; the suppression
 * flag or used_event is read only when the response of idx has come; then the interrupt is raised. Completions that pile up
 * meanwhile share the next idx.
 *
 * In a packed ring the element is what the driver looks at: a descriptor is written, its bytes 8 to 15 in one beat, when
 * the responses of its request's payload and status have come, and the event structure is read when its own has.
 */

#define USED_OUT 12 /* elements in flight: fewer than udone holds */

/* virtio 1.2, 2.8: the bits that a used descriptor carries at a place. */
static uint16_t used_flags(uint16_t place, uint32_t written)
{
	return (uint16_t)((place_wrap(place) ? 0x8080 : 0) | (written != 0 ? DESC_WRITE : 0));
}

/* virtio 1.2, 2.8.6: one descriptor for a chain, at the place of its first slot. */
static uint16_t used_descriptor(struct vio *v, const struct vio_fin *fin, uint16_t place)
{
	const struct vio_queue *q = &v->pub.queue[fin->queue];
	const uint16_t slots = HEAD(span)->slots;

	PUSH(ujob, .addr = q->desc + 16ull * place_slot(place) + 8,
	     .data = (uint64_t)used_flags(place, fin->used) << 48 | (uint64_t)fin->head << 32 | fin->used, .len = 8,
	     .queue = fin->queue, .kind = BTAG_USED);
	POP(span);
	v->used.landed--;
	return place_after(place, slots, q->num);
}

static uint16_t used_entry(struct vio *v, const struct vio_fin *fin, uint16_t index)
{
	const struct vio_queue *q = &v->pub.queue[fin->queue];
	const uint16_t slot = index & (uint16_t)(q->num - 1);

	PUSH(ujob, .addr = q->used + 4 + 8ull * slot, .data = (uint64_t)fin->used << 32 | fin->head, .len = 8,
	     .queue = fin->queue, .kind = BTAG_USED);
	return (uint16_t)(index + 1);
}

static void used_element(struct vio *v, const struct vio_fin *fin)
{
	struct vio_used *u = &v->used;
	const uint16_t here = u->next[fin->queue];
	const uint16_t next = is_packed(v) ? used_descriptor(v, fin, here) : used_entry(v, fin, here);

	PUSH(place, .next = next);
	u->next[fin->queue] = next;
	u->out++;
	POP(fin);
}

/* The next queue after the last one whose driver is to be told of new elements, or -1. */
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

	u->was = u->shown[index];
	u->queue = (uint8_t)index;
	u->shown[index] = u->acked[index];
	if (is_packed(v)) {
		u->state = S(used, EVENT);
		return;
	}
	PUSH(ujob, .addr = v->pub.queue[index].used + 2, .data = u->acked[index], .len = 2, .queue = (uint8_t)index,
	     .kind = BTAG_INDEX);
	u->state = S(used, INDEX);
}

/* The driver is asked to notify when it makes a certain entry available: by avail_event behind the used ring (virtio
 * 1.2, 2.7.10), or in a packed ring by the device event structure (2.8.10). */
static void used_arm(struct vio *v)
{
	const struct vio_arm *arm = HEAD(arm);
	const struct vio_queue *q = &v->pub.queue[arm->queue];
	const bool packed = is_packed(v);

	PUSH(ujob, .addr = packed ? q->used : q->used + 4 + 8ull * q->num, .data = arm->event, .len = packed ? 4 : 2,
	     .queue = arm->queue, .kind = BTAG_EVENT);
	POP(arm);
}

/* Where the driver says whether it wants an interrupt: avail.flags, used_event behind the ring, or the driver event
 * structure. */
static uint64_t event_addr(const struct vio *v)
{
	const struct vio_queue *q = &v->pub.queue[v->used.queue];

	if (is_packed(v))
		return q->avail;
	return has_feature(v->pub.features, F_BIT_EVENT_IDX) ? q->avail + 4 + 2ull * q->num : q->avail;
}

/* virtio 1.2, 2.8.10: whether the slot that the driver waits for is among those from was to shown. An unknown flag asks
 * for an interrupt. */
static bool wants_packed(const struct vio *v, uint32_t word)
{
	const struct vio_used *u = &v->used;
	const uint16_t num = v->pub.queue[u->queue].num, event = (uint16_t)word ^ PLACE_LAP;
	const uint16_t shown = u->shown[u->queue], lap = shown & PLACE_LAP, new = place_slot(shown);
	const uint16_t old = (uint16_t)(place_slot(u->was) - ((u->was & PLACE_LAP) != lap ? num : 0));
	const uint16_t at = (uint16_t)(place_slot(event) - ((event & PLACE_LAP) != lap ? num : 0));
	const unsigned flags = word >> 16 & 3;

	if (flags == 2 && has_feature(v->pub.features, F_BIT_EVENT_IDX))
		return (uint16_t)(new - at - 1) < (uint16_t)(new - old);
	return flags != 1;
}

/* virtio 1.2, 2.7.7.2 and 2.7.10: flag bit 0 suppresses; with EVENT_IDX idx must have moved past used_event. */
static bool wants_interrupt(const struct vio *v, uint16_t word)
{
	const uint16_t shown = v->used.shown[v->used.queue];

	if (has_feature(v->pub.features, F_BIT_EVENT_IDX))
		return (uint16_t)(shown - word - 1) < (uint16_t)(shown - v->used.was);
	return (word & 1) == 0;
}

/* The oldest finished request may have its element. In a packed ring its data must have landed, and elements run less
 * than a lap ahead of what the driver was told of: further on, places would be equal that are not. */
static bool used_may_write(const struct vio *v)
{
	const struct vio_used *u = &v->used;
	const unsigned queue = HEAD(fin)->queue;

	return u->out != USED_OUT &&
	       (!is_packed(v) || (u->landed != 0 && place_within_lap(u->shown[queue], u->next[queue])));
}

static void used_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_used *u = &v->used;
	const uint8_t state = u->state;
	const int behind = state == S(used, IDLE) ? used_behind(u) : -1;
	const bool packed = is_packed(v), ready = CAN_POP(fin) && used_may_write(v);

	if (behind >= 0 && CAN_PUSH(ujob))
		used_index(v, (unsigned)behind);
	else if (ready && CAN_PUSH(ujob))
		used_element(v, HEAD(fin));
	else if (CAN_POP(arm) && CAN_PUSH(ujob))
		used_arm(v);
	if (state == S(used, EVENT) && CAN_PUSH(event_job)) {
		PUSH(event_job, .addr = event_addr(v), .len = packed ? 4 : 2, .flush = 1);
		u->state = S(used, WAIT);
	} else if (state == S(used, WAIT) && CAN_POP(event_beat) && CAN_PUSH(raise)) {
		const uint32_t word = (uint32_t)HEAD(event_beat)->data;

		if (packed ? wants_packed(v, word) : wants_interrupt(v, (uint16_t)word))
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
		} else if (tag.kind == BTAG_LANDED) {
			u->landed++;
		} else {
			u->acked[tag.queue] = HEAD(place)->next;
			u->given[tag.queue]++;
			POP(place);
			u->out--;
		}
	}
	if (v->pub.start)
		u->next[v->pub.start_queue] = u->acked[v->pub.start_queue] = u->shown[v->pub.start_queue] = 0;
}
