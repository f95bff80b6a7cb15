/* SPDX-License-Identifier: Apache-2.0
 * leap.c: see leap.h. Part of vio.c: it asks what the units ask. Has no twin: hardware runs every clock.
 *
 * What may move in clocks that are alike, each by one entry a clock. find_streams tells from the FIFOs and pins which do, and that
 * those in between keep their levels; each event has its *_clocks, which say when it comes:
 *
 *   store   be_rdata -> store -> writer -> wbeat -> m_axi_wdata       whole beats inside a burst
 *   take    m_axi_rdata -> data_rbeat                                 over the ends of bursts
 *   drain   data_rbeat -> reader -> data_beat -> be_wdata             whole beats, over one seam of bursts that join
 */
#include "leap.h"

/* The entry behind the oldest. */
#define HEAD_AFTER(f) (&v->ring_##f[(v->fifo[F_##f].head + 1) & (D_##f - 1)])

/* Of the clock that begins. */
static bool regs_asleep(const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	const struct vio_clk clk = {.ne = v->ne, .nf = v->nf, .erred = v->erred};

	return !v->pub.stop && !v->shuffled && !regs_awake(v, &clk, in, out);
}

#include "leap_units.c"

/* Whole beats that are not the last of so many bytes. */
static uint64_t whole_beats(uint32_t bytes)
{
	return bytes == 0 ? 0 : (bytes - 1) / VIO_DATA_BYTES;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Clocks until the writer issues a burst: UINT64_MAX when it waits for others. */
static uint64_t issue_clocks(const struct vio_leap *l, const struct vio *v)
{
	const struct vio_writer *w = &v->writer;
	const struct vio_wjob *j = HEAD(wjob);
	const uint64_t full = FIFO_BIT(aw) | FIFO_BIT(wburst) | FIFO_BIT(btag);
	const uint16_t level = LEVEL(store);

	if ((v->ne & FIFO_BIT(wjob)) == 0 || (v->nf & full) != full)
		return UINT64_MAX;
	if (j->kind != WJOB_STREAM)
		return (v->nf & FIFO_BIT(fin)) == 0 || (j->kind == WJOB_LATE && (v->ne & FIFO_BIT(rsp)) == 0)
			       ? UINT64_MAX
			       : 0;
	if (w->owed < level || burst_bytes(j->addr + w->woff, j->len - w->woff) <= w->sres)
		return 0;
	return l->store ? w->owed - level + 1u : UINT64_MAX;
}

/* Clocks until the writer's burst ends. What is on its way has full strobes and no end. */
static uint64_t store_clocks(const struct vio *v, const struct vio_out *out)
{
	const struct vio_writer *w = &v->writer;
	const struct vio_wburst *b = HEAD(wburst);

	if (!b->stream || (w->done == 0 && b->off != 0) || out->m_axi_wlast || out->m_axi_wstrb != VIO_STRB_ALL)
		return 0;
	for (uint16_t i = v->fifo[F_wbeat].head; i != v->fifo[F_wbeat].tail; i++)
		if (v->ring_wbeat[i & (D_wbeat - 1)].last || v->ring_wbeat[i & (D_wbeat - 1)].strb != VIO_STRB_ALL)
			return 0;
	return whole_beats((uint32_t)(b->bytes - w->done));
}

/* The next burst follows the reader's present one without a seam, and nobody waits for room in data_lanes. */
static bool ends_whole(const struct vio *v)
{
	return v->data.count == 0 && (HEAD(data_lanes)->bytes - v->data.done) % VIO_DATA_BYTES == 0 &&
	       LEVEL(data_lanes) > 1 && (v->nf & FIFO_BIT(data_lanes)) != 0;
}

/* The same for the reader of payload, and for the end of the burst behind that one where they join. */
static uint64_t drain_clocks(const struct vio_leap *l, const struct vio *v, const struct vio_out *out)
{
	const struct vio_data_reader *r = &v->data;
	const struct vio_lanes *lanes = HEAD(data_lanes);
	const uint32_t left = (uint32_t)(lanes->bytes - r->done);

	if (l->doubt || out->be_werr || (lanes->off + r->done) % VIO_DATA_BYTES != 0)
		return 0;
	if (ends_whole(v) && HEAD_AFTER(data_lanes)->off == 0)
		return left / VIO_DATA_BYTES + whole_beats(HEAD_AFTER(data_lanes)->bytes);
	return whole_beats(left);
}

/* Clocks with a beat taken each until the reader asks for its next burst, for which it must have room. */
static uint64_t ask_clocks(const struct vio *v)
{
	const struct vio_data_reader *r = &v->data;
	const struct vio_job *job = HEAD(data_job);
	const uint64_t full = FIFO_BIT(data_ar) | FIFO_BIT(data_lanes);
	uint64_t n = UINT64_MAX;
	uint32_t bytes, beats;

	if ((v->ne & FIFO_BIT(data_job)) != 0 && (v->nf & full) == full) {
		const uint64_t addr = job->addr + r->off;

		bytes = job->len - r->off;
		bytes = (uint32_t)least(bytes, data_MOST * VIO_DATA_BYTES - vio_lane(addr));
		bytes = (uint32_t)least(bytes, 4096 - (addr & 4095));
		beats = vio_beats(addr, bytes);
		n = least(n, beats <= r->room ? 0 : beats - r->room);
	}
	return n;
}

/* The FIFO in front of the reader grows or shrinks until it is full, or empty; and a step fills its ring but once. */
static uint64_t level_clocks(const struct vio_leap *l, const struct vio *v)
{
	const uint16_t level = LEVEL(data_rbeat);

	if (l->take && !l->drain)
		return level + 1u < D_data_rbeat ? D_data_rbeat - level - 1u : 0;
	if (l->drain && !l->take)
		return level > 1 ? level - 1u : 0;
	return D_data_rbeat - level;
}

/* Whether this clock, and so those like it, does nothing but what the counters tell. */
static bool nothing_begins(const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	const uint64_t soon = FIFO_BIT(aw) | FIFO_BIT(ujob) | FIFO_BIT(werr) | FIFO_BIT(cmd) | FIFO_BIT(event_ar) |
			      FIFO_BIT(avail_ar) | FIFO_BIT(desc_ar) | FIFO_BIT(header_ar) | FIFO_BIT(data_ar) |
			      FIFO_BIT(range_ar) | FIFO_BIT(axi_mishap) | FIFO_BIT(blk_mishap) |
			      FIFO_BIT(writer_mishap);
	const bool pins = (in->m_axi_bvalid | in->be_rsp_valid | out->m_axi_arvalid | out->m_axi_awvalid |
			   out->be_cmd_valid | in->s_axil_awvalid | in->s_axil_wvalid | in->s_axil_arvalid) != 0;

	return (v->ne & soon) == 0 && !pins && v->erred == 0 && !v->data.flushing &&
	       (LEVEL(store) <= D_store - 3) == out->be_rready && (LEVEL(rsp) <= D_rsp - 3) == out->be_rsp_ready;
}

/* The beat that comes next needs bytes from storage. */
static bool waits_for_store(const struct vio *v)
{
	const struct vio_writer *w = &v->writer;
	const struct vio_wburst *b = HEAD(wburst);
	const unsigned off = w->done == 0 ? b->off : 0;

	return b->stream && least((unsigned)(b->bytes - w->done), VIO_DATA_BYTES - off) > w->count;
}

/* Every stage of a stream has a beat to hand on, or none has. */
static bool find_streams(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	const bool stored = (in->be_rvalid & out->be_rready) != 0;
	const bool written = (v->ne & FIFO_BIT(wburst)) != 0 && (v->nf & FIFO_BIT(wbeat)) != 0 &&
			     ((v->ne & FIFO_BIT(store)) != 0 || !waits_for_store(v));
	const bool beat = (v->ne & FIFO_BIT(wbeat)) != 0 && v->axi.ahead != 0;
	const bool drained = (v->ne & FIFO_BIT(data_rbeat)) != 0 && (v->nf & FIFO_BIT(data_beat)) != 0;
	const bool shown = (v->ne & FIFO_BIT(data_beat)) != 0;

	l->store = stored;
	l->take = in->m_axi_rvalid != 0;
	l->drain = drained;
	if (written != stored || (out->m_axi_wvalid ? in->m_axi_wready != stored || beat < stored : beat || stored))
		return false;
	if (out->be_wvalid ? in->be_wready != drained || shown < drained : shown || drained)
		return false;
	if (l->take && !l->drain && (v->ne & FIFO_BIT(data_rbeat)) == 0)
		return false;
	return !l->take || (in->m_axi_rid == VIO_ID_DATA && in->m_axi_rresp == 0);
}

static void find_counts(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	const struct vio_pins pins = count_look(v, in, out);

	l->read_beat = pins.read_beat;
	l->write_beat = pins.write_beat;
	l->read_wait = pins.read_wait;
	l->stall_w = pins.stall_w;
}

uint64_t vio_leap_clocks(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	uint64_t n = UINT64_MAX;

	if (l->doubt)
		l->doubt = v->data.resp != 0 || (v->ne & (FIFO_BIT(data_rbeat) | FIFO_BIT(data_beat))) != 0;
	if (!l->regs_idle || asleep(l, v) != LEAP_ALL || !nothing_begins(v, in, out) || !find_streams(l, v, in, out))
		return 0;
	n = issue_clocks(l, v);
	if (l->drain || ask_clocks(v) == 0)
		n = least(n, ask_clocks(v));
	if (l->store)
		n = least(n, store_clocks(v, out));
	if (l->drain)
		n = least(n, drain_clocks(l, v, out));
	if (l->take || l->drain)
		n = least(n, level_clocks(l, v));
	if (l->store || l->take || l->drain)
		n = least(n, VIO_LEAP_MAX);
	if (n != 0)
		find_counts(l, v, in, out);
	return n;
}

/* A ring of beats from entry at on, as far as n beats go, to and from an array. */
#define FROM_RING(f, to, at, n)               \
	for (uint16_t i_ = 0; i_ < (n); i_++) \
		(to)[i_] = v->ring_##f[(uint16_t)((at) + i_) & (D_##f - 1)].data;

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

/* The way of the beats, in order: those that the pin and wbeat hold; those of store, shifted; then what comes. */
static void leap_store(struct vio *v, struct vio_out *out, unsigned n, const struct vio_flow *flow)
{
	struct vio_writer *w = &v->writer;
	struct vio_fifo *wbeat = &v->fifo[F_wbeat], *store = &v->fifo[F_store];
	const uint16_t held = LEVEL(wbeat), level = LEVEL(store);
	vio_data beats[1 + D_wbeat + D_store + VIO_LEAP_MAX];

	beats[0] = out->m_axi_wdata;
	FROM_RING(wbeat, beats + 1, wbeat->head, held)
	FROM_RING(store, beats + 1 + held, store->head, level)
	memcpy(beats + 1 + held + level, flow->be_rdata, n * sizeof *beats);
	for (unsigned i = n > D_store ? n - D_store : 0; i < n; i++)
		v->ring_store[(uint16_t)(store->tail + i) & (D_store - 1)].data = flow->be_rdata[i];
	shift(&w->rest, w->count, beats + 1 + held, n);
	for (unsigned i = n > D_wbeat ? n - D_wbeat : 0; i < n; i++)
		v->ring_wbeat[(uint16_t)(wbeat->tail + i) & (D_wbeat - 1)] =
			(struct vio_wbeat){.data = beats[1 + held + i], .strb = VIO_STRB_ALL};
	memcpy(flow->m_axi_wdata, beats, n * sizeof *beats);
	out->m_axi_wdata = beats[n];
	store->head = (uint16_t)(store->head + n);
	store->tail = (uint16_t)(store->tail + n);
	wbeat->head = (uint16_t)(wbeat->head + n);
	wbeat->tail = (uint16_t)(wbeat->tail + n);
	w->owed = (uint16_t)(w->owed - n);
	w->done = (uint16_t)(w->done + n * VIO_DATA_BYTES);
}

static void leap_take(struct vio *v, unsigned n, const struct vio_flow *flow)
{
	const uint16_t tail = v->fifo[F_data_rbeat].tail;

	for (unsigned i = 0; i < n; i++)
		v->ring_data_rbeat[(uint16_t)(tail + i) & (D_data_rbeat - 1)] =
			(struct vio_rbeat){.data = flow->m_axi_rdata[i]};
	v->fifo[F_data_rbeat].tail = (uint16_t)(tail + n);
	v->axi.reads = (uint16_t)(v->axi.reads - flow->lasts);
}

/* As leap_store. What comes is in data_rbeat by now. */
static void leap_drain(struct vio *v, struct vio_out *out, unsigned n, const struct vio_flow *flow)
{
	struct vio_data_reader *r = &v->data;
	struct vio_fifo *rbeat = &v->fifo[F_data_rbeat], *beat = &v->fifo[F_data_beat];
	const uint16_t held = LEVEL(data_beat), bytes = HEAD(data_lanes)->bytes;
	vio_data beats[1 + D_data_beat + VIO_LEAP_MAX];

	beats[0] = out->be_wdata;
	FROM_RING(data_beat, beats + 1, beat->head, held)
	FROM_RING(data_rbeat, beats + 1 + held, rbeat->head, n)
	shift(&r->rest, r->count, beats + 1 + held, n);
	for (unsigned i = n > D_data_beat ? n - D_data_beat : 0; i < n; i++)
		v->ring_data_beat[(uint16_t)(beat->tail + i) & (D_data_beat - 1)] =
			(struct vio_dbeat){.data = beats[1 + held + i]};
	memcpy(flow->be_wdata, beats, n * sizeof *beats);
	out->be_wdata = beats[n];
	rbeat->head = (uint16_t)(rbeat->head + n);
	beat->head = (uint16_t)(beat->head + n);
	beat->tail = (uint16_t)(beat->tail + n);
	r->done = (uint16_t)(r->done + n * VIO_DATA_BYTES);
	r->room = (uint16_t)(r->room + n);
	if (r->done >= bytes) {
		r->done = (uint16_t)(r->done - bytes);
		v->fifo[F_data_lanes].head++;
	}
}

void vio_leap(const struct vio_leap *l, struct vio *v, struct vio_out *out, uint64_t n, const struct vio_flow *flow)
{
	uint32_t *count = v->count.count;

	if (l->store)
		leap_store(v, out, (unsigned)n, flow);
	if (l->take)
		leap_take(v, (unsigned)n, flow);
	if (l->drain)
		leap_drain(v, out, (unsigned)n, flow);
	count[COUNT(ReadBeats)] += l->read_beat * (uint32_t)n;
	count[COUNT(WriteBeats)] += l->write_beat * (uint32_t)n;
	count[COUNT(ReadWaits)] += l->read_wait * (uint32_t)n;
	count[COUNT(StallsW)] += l->stall_w * (uint32_t)n;
}

uint32_t vio_leap_read(struct vio *v, const struct vio_in *in, struct vio_out *out, uint16_t addr)
{
	v->regs.araddr = addr;
	out->s_axil_rdata = read_reg(v, in, addr);
	return out->s_axil_rdata;
}
#undef FROM_RING
#undef HEAD_AFTER
