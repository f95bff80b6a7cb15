/* SPDX-License-Identifier: Apache-2.0
 * leap.c: see leap.h. Part of vio.c: it asks what the units ask. Has no twin: hardware runs every clock.
 *
 * A stream of payload moves by one beat a clock in every stage, so that the FIFOs in between keep their levels. Each has its
 * *_clocks, which say for how long:
 *
 *   store   be_rdata -> store -> writer -> wbeat -> m_axi_wdata       whole beats, over one seam of bursts that join
 *   take    m_axi_rdata -> data_rbeat                                 over the ends of bursts
 *   drain   data_rbeat -> reader -> data_beat -> be_wdata             whole beats, over one seam of bursts that join
 *
 * What others see of a stream are two counters, which go with the clocks: the writer's owed and the reader's room.
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

/* The burst behind the writer's present one joins it: no byte of one beat belongs to both. */
static bool writes_join(const struct vio *v)
{
	const struct vio_wburst *b = HEAD(wburst), *next = HEAD_AFTER(wburst);

	return LEVEL(wburst) > 1 && (v->nf & FIFO_BIT(wburst)) != 0 &&
	       (b->bytes - v->writer.done) % VIO_DATA_BYTES == 0 && !(b->last && v->writer.count != 0) &&
	       next->stream && next->off == 0;
}

/* Of the beats on their way, those from beat `from` on: how many come before the one that ends a burst. 0: none ends one. */
static uint16_t last_ahead(const struct vio *v, uint16_t from)
{
	const uint16_t head = v->fifo[F_wbeat].head;

	for (uint16_t i = from; i < LEVEL(wbeat); i++)
		if (v->ring_wbeat[(head + i) & (D_wbeat - 1)].last)
			return (uint16_t)(i + 1);
	return 0;
}

/* What is on its way has full strobes. */
static bool whole_ahead(const struct vio *v, const struct vio_out *out)
{
	const struct vio_fifo *f = &v->fifo[F_wbeat];

	for (uint16_t i = f->head; i != f->tail; i++)
		if (v->ring_wbeat[i & (D_wbeat - 1)].strb != VIO_STRB_ALL)
			return false;
	return out->m_axi_wstrb == VIO_STRB_ALL;
}

/* Clocks of store before the writer ends its burst, or W does. */
static uint64_t store_clocks(struct vio_leap *l, const struct vio *v, const struct vio_out *out)
{
	const struct vio_writer *w = &v->writer;
	const struct vio_wburst *b = HEAD(wburst);
	uint64_t n;

	if (!b->stream || (w->done == 0 && b->off != 0) || out->m_axi_wlast || !PORT_ROOM(store, LEVEL(store)) ||
	    !whole_ahead(v, out))
		return 0;
	n = whole_beats((uint32_t)(b->bytes - w->done));
	l->last = last_ahead(v, 0);
	if (l->last == 0)
		return n;
	if (last_ahead(v, l->last) != 0)
		l->others = least(l->others, l->last);
	return least(l->last, n);
}

/* After these n clocks: how many more, as by now the next burst may be issued, or its address out. */
static uint64_t more_store(struct vio_leap *l, const struct vio *v, uint64_t n)
{
	const uint32_t bytes = (uint32_t)(HEAD(wburst)->bytes - v->writer.done);
	uint64_t laid = whole_beats(bytes); /* before the writer ends a burst for which there is no next one */

	if (l->last == 0 && writes_join(v)) {
		l->joins = true;
		l->last = (uint16_t)(LEVEL(wbeat) + bytes / VIO_DATA_BYTES);
	}
	if (l->last == 0)
		return 0;
	if (l->last > LEVEL(wbeat))
		laid = bytes / VIO_DATA_BYTES + whole_beats(HEAD_AFTER(wburst)->bytes);
	return least(l->last + (v->axi.ahead > 1 ? 1u : 0u), laid) - n;
}

/* The next burst follows the reader's present one without a seam, and nobody waits for room in data_lanes. */
static bool ends_whole(const struct vio *v)
{
	return v->data.count == 0 && (HEAD(data_lanes)->bytes - v->data.done) % VIO_DATA_BYTES == 0 &&
	       LEVEL(data_lanes) > 1 && (v->nf & FIFO_BIT(data_lanes)) != 0;
}

/* Clocks of drain. */
static uint64_t drain_clocks(struct vio_leap *l, const struct vio *v, const struct vio_out *out)
{
	const struct vio_data_reader *r = &v->data;
	const struct vio_lanes *lanes = HEAD(data_lanes);
	const uint32_t left = (uint32_t)(lanes->bytes - r->done);

	if (l->doubt || out->be_werr || r->flushing || (lanes->off + r->done) % VIO_DATA_BYTES != 0)
		return 0;
	if (!ends_whole(v) || HEAD_AFTER(data_lanes)->off != 0)
		return whole_beats(left);
	l->joins = true;
	return left / VIO_DATA_BYTES + whole_beats(HEAD_AFTER(data_lanes)->bytes);
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

/* The beat that comes next needs bytes from storage. */
static bool waits_for_store(const struct vio *v)
{
	const struct vio_writer *w = &v->writer;
	const struct vio_wburst *b = HEAD(wburst);
	const unsigned off = w->done == 0 ? b->off : 0;

	return b->stream && least((unsigned)(b->bytes - w->done), VIO_DATA_BYTES - off) > w->count;
}

/* The writer lays a beat. */
static bool lays(const struct vio *v)
{
	return (v->ne & FIFO_BIT(wburst)) != 0 && (v->nf & FIFO_BIT(wbeat)) != 0 &&
	       ((v->ne & FIFO_BIT(store)) != 0 || !waits_for_store(v));
}

/* A beat follows on W. */
static bool follows(const struct vio *v)
{
	return (v->ne & FIFO_BIT(wbeat)) != 0 && v->axi.ahead != 0;
}

/* The reader packs a beat of payload. */
static bool packs(const struct vio *v)
{
	return (v->nf & FIFO_BIT(data_beat)) != 0 && ((v->ne & FIFO_BIT(data_rbeat)) != 0 || v->data.flushing);
}

/* A read beat of payload can wait in data_rbeat: it goes on as drain, or not at all. */
static bool can_take(const struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	const bool stuck = (v->nf & FIFO_BIT(data_beat)) == 0 && out->be_wvalid && !in->be_wready;

	return in->m_axi_rvalid && in->m_axi_rid == VIO_ID_DATA && in->m_axi_rresp == 0 &&
	       (l->drain || (stuck && (v->ne & FIFO_BIT(data_rbeat)) != 0));
}

uint64_t vio_leap_begin(struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	uint64_t n = UINT64_MAX;

	if (l->doubt)
		l->doubt = v->data.resp != 0 || (v->ne & (FIFO_BIT(data_rbeat) | FIFO_BIT(data_beat))) != 0;
	l->joins = false;
	l->last = 0;
	l->store = (in->be_rvalid & out->be_rready) != 0;
	l->drain = (out->be_wvalid & in->be_wready) != 0;
	if (l->store && l->drain)
		return 0;
	if (l->store && !((out->m_axi_wvalid & in->m_axi_wready) != 0 && lays(v) && follows(v)))
		return 0;
	if (l->drain && !((v->ne & FIFO_BIT(data_beat)) != 0 && packs(v)))
		return 0;
	l->take = can_take(l, v, in, out);
	if (l->drain)
		n = least(n, drain_clocks(l, v, out));
	if (l->take || l->drain)
		n = least(n, level_clocks(l, v));
	if (l->store || l->take || l->drain)
		n = least(n, VIO_LEAP_MAX);
	l->others = n;
	return l->store ? least(n, store_clocks(l, v, out)) : n;
}

/* The writer lays beats of payload that are no stream. */
static bool lays_payload(const struct vio_leap *l, const struct vio *v)
{
	return !l->store && (v->ne & FIFO_BIT(wburst)) != 0 && HEAD(wburst)->stream && lays(v);
}

/* No payload moves but the streams: neither on the pins, nor between them and the FIFOs. */
static bool pins_rest(const struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	if ((in->be_rsp_valid | out->be_cmd_valid) != 0 || PORT_ROOM(store, LEVEL(store)) != out->be_rready ||
	    PORT_ROOM(rsp, LEVEL(rsp)) != out->be_rsp_ready)
		return false;
	if (!l->store && (in->be_rvalid & out->be_rready) != 0)
		return false;
	if (!l->drain && (packs(v) || (out->be_wvalid ? in->be_wready != 0 : (v->ne & FIFO_BIT(data_beat)) != 0)))
		return false;
	return !vio_leap_comes(l, in) && !lays_payload(l, v);
}

/* A FIFO is full to which a stream that goes over a seam may have brought room, which only the end of the leap tells. */
static bool seam_full(const struct vio_leap *l, const struct vio *v)
{
	const uint64_t full = FIFO_BIT(wburst) | FIFO_BIT(data_lanes);

	return l->joins && (v->nf & full) != full;
}

/* FIFOs through which other units give those that carry payload something to do, and by which they hold them up. */
#define REST_NE                                                                                     \
	(FIFO_BIT(ujob) | FIFO_BIT(werr) | FIFO_BIT(cmd) | FIFO_BIT(raise) | FIFO_BIT(axi_mishap) | \
	 FIFO_BIT(blk_mishap) | FIFO_BIT(writer_mishap))
#define REST_NF (FIFO_BIT(aw) | FIFO_BIT(btag) | FIFO_BIT(wburst) | FIFO_BIT(data_ar) | FIFO_BIT(fin))

uint64_t vio_leap_rest(const struct vio_leap *l, const struct vio *v, const struct vio_in *in,
		       const struct vio_out *out)
{
	uint64_t asks;

	if ((v->ne & REST_NE) != 0 || !l->regs_idle || wakes_regs(v, in) || seam_full(l, v) ||
	    !pins_rest(l, v, in, out))
		return 0;
	asks = ask_clocks(v);
	return least(l->drain || asks == 0 ? asks : UINT64_MAX, issue_clocks(l, v));
}

uint64_t vio_leap_more(struct vio_leap *l, const struct vio *v, uint64_t n)
{
	return l->store && n < l->others ? least(more_store(l, v, n), l->others - n) : 0;
}

/* What a clock in which payload rests does with it. */
static void rest(const struct vio_leap *l, struct vio *v, uint64_t n)
{
	if (l->store)
		v->writer.owed = (uint16_t)(v->writer.owed - n);
	if (l->drain)
		v->data.room = (uint16_t)(v->data.room + n);
}

void vio_leap_skip(const struct vio_leap *l, struct vio *v, const struct vio_in *in, const struct vio_out *out,
		   uint64_t n)
{
	const struct vio_pins pins = count_look(v, in, out);

	rest(l, v, n);
	count_pins(v, &pins, (uint32_t)n);
}

__attribute__((flatten)) bool vio_leap_rest_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in,
						 struct vio_out *out)
{
	const struct vio_clk clk = {.ne = v->ne, .nf = v->nf};
	const struct vio_pins pins = count_look(v, in, out);
	const uint32_t awake = wake(l->awake, v, &clk, in, out);

	if (!l->take)
		axi_r(v, in);
	if (!l->store) {
		writer_beat(v, &clk, false);
		axi_w(v, &clk, in, out);
	}
	run_bus(v, &clk, in, out);
	rest(l, v, 1);
	count_tick(v, &clk, &pins, out);
	l->awake = woken(awake, v, clk.ne, clk.nf);
	return (((v->ne ^ clk.ne) & (REST_NE | FIFO_BIT(data_job) | FIFO_BIT(wjob))) | ((v->nf ^ clk.nf) & REST_NF) |
		v->erred) == 0 &&
	       !lays_payload(l, v);
}

/* Not with what storage has to see, nor with payload that a stream can move. */
bool vio_leap_may(const struct vio_leap *l, const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	return l->regs_idle && !wakes_regs(v, in) && (out->be_cmd_valid | in->be_rsp_valid) == 0 &&
	       (l->drain || (out->be_wvalid & in->be_wready) == 0) &&
	       (l->store || (in->be_rvalid & out->be_rready) == 0) && !vio_leap_comes(l, in) && !seam_full(l, v);
}

#include "leap_flow.c"

uint32_t vio_leap_read(struct vio *v, const struct vio_in *in, struct vio_out *out, uint16_t addr)
{
	v->regs.araddr = addr;
	out->s_axil_rdata = read_reg(v, in, addr);
	return out->s_axil_rdata;
}
#undef HEAD_AFTER
#undef REST_NE
#undef REST_NF
