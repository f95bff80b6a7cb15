/* SPDX-License-Identifier: Apache-2.0
 * sched.c: which queue fetch serves next. Twin of rtl/sched.v.
 *
 *   IDLE -> BUSY -> IDLE
 *
 * Promises: a doorbell is never lost. It sets a sticky bit that only serving the queue clears, so one that rings
 * while its queue is served makes fetch read idx again. Queues with a bit set are served round robin. Going live
 * rings every ready queue once: buffers may have been made available before DRIVER_OK.
 */

static uint16_t ready_queues(const struct vio *v)
{
	uint16_t ready = 0;

	for (unsigned q = 0; q < VIO_QUEUES; q++)
		ready |= (uint16_t)(v->pub.queue[q].ready << q);
	return ready;
}

static void sched_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_sched *s = &v->sched;
	uint16_t pending = s->pending;

	if (v->pub.live && !s->live)
		pending |= ready_queues(v);
	s->live = v->pub.live;
	if (CAN_POP(bell)) {
		pending |= (uint16_t)(1u << HEAD(bell)->queue);
		POP(bell);
	}
	if (s->state == S(sched, BUSY)) {
		if (CAN_POP(served)) {
			if (HEAD(served)->more)
				pending |= (uint16_t)(1u << HEAD(served)->queue);
			POP(served);
			s->state = S(sched, IDLE);
		}
	} else if (pending != 0 && CAN_PUSH(serve)) {
		unsigned q = s->last;

		do
			q = (q + 1) % VIO_QUEUES;
		while ((pending >> q & 1) == 0);
		PUSH(serve, .queue = (uint8_t)q);
		pending &= (uint16_t) ~(1u << q);
		s->last = (uint8_t)q;
		s->state = S(sched, BUSY);
	}
	s->pending = pending;
}
