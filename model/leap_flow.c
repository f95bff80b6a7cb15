/* SPDX-License-Identifier: Apache-2.0
 * leap_flow.c: what streams moved in the clocks of a leap, at once: their beats, and the registers that go with them. Part of
 * leap.c.
 */

/* COPY(entry, i) for n entries of a ring from entry at on, and i from 0 on. */
#define RING_COPY(f, at, n, COPY)                                        \
	for (unsigned i_ = 0, k_; i_ < (n); i_ += k_) {                  \
		const unsigned r_ = (uint16_t)((at) + i_) & (D_##f - 1); \
		k_ = (unsigned)least((n)-i_, D_##f - r_);                \
		for (unsigned j_ = 0; j_ < k_; j_++)                     \
			COPY(v->ring_##f[r_ + j_], i_ + j_);             \
	}

/* Bytes that shift through a register of count bytes from beat to beat: beats becomes the beats that leave it. */
static void shift(vio_data *rest, unsigned count, vio_data *beats, unsigned n)
{
	if (count == 0)
		return;
	for (unsigned i = 0; i < n; i++) {
		const vio_data beat = beats[i];

		beats[i] = vio_data_or(*rest, vio_data_up(beat, count));
		*rest = vio_data_down(beat, VIO_DATA_BYTES - count);
	}
}

#define TO_LIST(entry, i) list[i] = (entry).data
#define TO_RBEAT(entry, i) (entry).data = from[i], (entry).resp = 0

/* What comes from storage goes through its FIFO, whose entries are data and nothing else. */
static void through_store(struct vio *v, unsigned n, const vio_data *from)
{
	const uint16_t tail = v->fifo[F_store].tail;
	const unsigned late = n > D_store ? n - D_store : 0;

	_Static_assert(sizeof v->ring_store == D_store * sizeof(vio_data), "struct vio_store is one vio_data");
	for (unsigned i = late, k; i < n; i += k) {
		const unsigned r = (uint16_t)(tail + i) & (D_store - 1);
		k = (unsigned)least(n - i, D_store - r);
		memcpy(&v->ring_store[r], from + i, k * sizeof *from);
	}
}

/* The way of the beats, in order: those that the pin and wbeat hold; those of store, shifted; then what comes. */
static void leap_store(const struct vio_leap *l, struct vio *v, struct vio_out *out, unsigned n, struct vio_flow *flow)
{
	struct vio_writer *w = &v->writer;
	struct vio_fifo *wbeat = &v->fifo[F_wbeat], *store = &v->fifo[F_store];
	const uint16_t held = LEVEL(wbeat), level = LEVEL(store), bytes = HEAD(wburst)->bytes;
	vio_data *const beats = flow->be_rdata - level - held - 1, *list;

	beats[0] = out->m_axi_wdata;
	list = beats + 1;
	RING_COPY(wbeat, wbeat->head, held, TO_LIST)
	list += held;
	RING_COPY(store, store->head, level, TO_LIST)
	through_store(v, n, flow->be_rdata);
	shift(&w->rest, w->count, list, n);
	for (unsigned i = n > D_wbeat ? n - D_wbeat : 0; i < n; i++)
		v->ring_wbeat[(uint16_t)(wbeat->tail + i) & (D_wbeat - 1)] = (struct vio_wbeat){
			.data = list[i], .strb = VIO_STRB_ALL, .last = l->last != 0 && 1u + held + i == l->last};
	flow->m_axi_wdata = beats;
	flow->wlast = l->last != 0 && n == l->last + 1u;
	out->m_axi_wdata = beats[n];
	out->m_axi_wlast = l->last != 0 && n == l->last;
	v->axi.ahead = (uint8_t)(v->axi.ahead - (l->last != 0 && n >= l->last));
	store->head = (uint16_t)(store->head + n);
	store->tail = (uint16_t)(store->tail + n);
	wbeat->head = (uint16_t)(wbeat->head + n);
	wbeat->tail = (uint16_t)(wbeat->tail + n);
	w->done = (uint16_t)(w->done + n * VIO_DATA_BYTES);
	if (w->done >= bytes) {
		w->done = (uint16_t)(w->done - bytes);
		v->fifo[F_wburst].head++;
		v->nf |= FIFO_BIT(wburst);
	}
}

static void leap_take(struct vio *v, unsigned n, const struct vio_flow *flow)
{
	struct vio_fifo *rbeat = &v->fifo[F_data_rbeat];
	const vio_data *from = flow->m_axi_rdata;

	RING_COPY(data_rbeat, rbeat->tail, n, TO_RBEAT)
	rbeat->tail = (uint16_t)(rbeat->tail + n);
	v->axi.reads = (uint16_t)(v->axi.reads - flow->rlasts);
}

/* As leap_store. What comes is in data_rbeat by now. */
static void leap_drain(struct vio *v, struct vio_out *out, unsigned n, struct vio_flow *flow)
{
	struct vio_data_reader *r = &v->data;
	struct vio_fifo *rbeat = &v->fifo[F_data_rbeat], *beat = &v->fifo[F_data_beat];
	const uint16_t held = LEVEL(data_beat), bytes = HEAD(data_lanes)->bytes;
	vio_data *const beats = flow->be_wdata, *list = beats + 1;

	beats[0] = out->be_wdata;
	RING_COPY(data_beat, beat->head, held, TO_LIST)
	list += held;
	RING_COPY(data_rbeat, rbeat->head, n, TO_LIST)
	shift(&r->rest, r->count, list, n);
	for (unsigned i = n > D_data_beat ? n - D_data_beat : 0; i < n; i++)
		v->ring_data_beat[(uint16_t)(beat->tail + i) & (D_data_beat - 1)] = (struct vio_dbeat){.data = list[i]};
	out->be_wdata = beats[n];
	rbeat->head = (uint16_t)(rbeat->head + n);
	v->nf |= FIFO_BIT(data_rbeat);
	beat->head = (uint16_t)(beat->head + n);
	beat->tail = (uint16_t)(beat->tail + n);
	r->done = (uint16_t)(r->done + n * VIO_DATA_BYTES);
	if (r->done >= bytes) {
		r->done = (uint16_t)(r->done - bytes);
		v->fifo[F_data_lanes].head++;
		v->nf |= FIFO_BIT(data_lanes);
	}
}

void vio_leap_end(struct vio_leap *l, struct vio *v, struct vio_out *out, uint64_t n, struct vio_flow *flow)
{
	flow->wlast = false;
	if (l->store && n != 0)
		leap_store(l, v, out, (unsigned)n, flow);
	if (l->take)
		leap_take(v, (unsigned)n, flow);
	if (l->drain && n != 0)
		leap_drain(v, out, (unsigned)n, flow);
	l->store = l->take = l->drain = false;
}

#undef TO_LIST
#undef TO_RBEAT
#undef RING_COPY
