/* SPDX-License-Identifier: Apache-2.0
 * vio.c: the whole device. Twin of rtl/vio.v, which wires the same units.
 *
 * The units are compiled as one translation unit, so that they inline. In a clock each looks at its own registers, at
 * the FIFOs as clk shows them, and at what regs publishes; publishing is committed when all have run. A unit is skipped
 * when it has nothing to look at, which changes nothing but speed.
 */
#include <string.h>
#include "vio.h"

/* The start of the clock, for whoever runs late in it. */
struct vio_clk {
	uint64_t ne, nf;
	uint16_t store_level, rsp_level;
	uint8_t erred;
	bool quiet;   /* nothing of ours is left on AXI */
	bool drained; /* no chain of the queue that regs drains is left */
};

/* The code of a bus error, from that of a SLVERR. */
static enum vio_error bus_error(unsigned slverr, unsigned resp)
{
	return (enum vio_error)(slverr + (resp == 3 ? 8 : 0));
}

#include "regs.h"
#include "queues.c"
#include "blk_config.c"
#include "regs.c"
#include "sched.c"
#include "fetch.c"
#include "walk.c"
#include "frame.c"
#include "blk.c"

#define R2_(op, fifo) op(fifo)
#define R3_(op, fifo, ...) op(fifo, __VA_ARGS__)
#define DEPTH(f) D_##f
#define R2(op, name) R2_(op, R(name))
#define R3(op, name, ...) R3_(op, R(name), __VA_ARGS__)
#define WORD vio_word
#define READER avail
#include "reader.c"
#define READER desc
#include "reader.c"
#define READER header
#include "reader.c"
#define READER event
#include "reader.c"
#define READER range
#include "reader.c"
#undef WORD
#define WORD vio_data
#define READER data
#include "reader.c"
#undef WORD

#include "writer.c"
#include "used.c"
#include "port.c"
#include "axi.c"
#include "count.c"

static const uint64_t kept_fifos = 0
#define FIFO(f, payload, depth, producer, consumer)
#define FIFO_KEPT(f, payload, depth, producer, consumer) | FIFO_BIT(f)
#include "def/fifos.def"
	;

#define ALL_FIFOS ((1ull << VIO_FIFOS) - 1)

static void clear_fifos(struct vio *v, uint64_t which)
{
	for (unsigned f = 0; f < VIO_FIFOS; f++)
		if ((which >> f & 1) != 0)
			v->fifo[f] = (struct vio_fifo){0, 0};
	v->ne &= ~which;
	v->nf |= which & ALL_FIFOS;
}

/* Registers of all units but regs, axi and writer. */
static void reset_units(struct vio *v)
{
	v->sched = (struct vio_sched){0};
	fetch_reset(&v->fetch);
	walk_reset(&v->walk);
	v->frame = (struct vio_frame){0};
	v->blk = (struct vio_blk){0};
	v->used = (struct vio_used){0};
	avail_reader_reset(v);
	desc_reader_reset(v);
	header_reader_reset(v);
	data_reader_reset(v);
	event_reader_reset(v);
	range_reader_reset(v);
	v->erred = 0;
}

void vio_reset(struct vio *v, struct vio_out *out)
{
	memset(v, 0, sizeof *v);
	memset(out, 0, sizeof *out);
	v->nf = ALL_FIFOS;
	reset_units(v);
	out->s_axil_awready = out->s_axil_wready = out->s_axil_arready = 1;
	out->m_axi_awsize = out->m_axi_arsize = VIO_LANE_BITS;
	out->m_axi_awburst = out->m_axi_arburst = 1;
	out->m_axi_awid = VIO_ID_WRITE;
	out->m_axi_rready = out->m_axi_bready = 1;
}

static bool is_quiet(const struct vio *v, const struct vio_out *out)
{
	return v->axi.reads == 0 && !out->m_axi_awvalid && !out->m_axi_wvalid && (v->ne & kept_fifos) == 0;
}

static bool is_drained(const struct vio *v)
{
	const unsigned q = v->regs.drain_queue;

	return (v->fetch.state == S(fetch, IDLE) || v->fetch.queue != q) && v->fetch.taken[q] == v->used.given[q] &&
	       v->used.acked[q] == v->used.shown[q] && (v->used.state == S(used, IDLE) || v->used.queue != q);
}

/* Whether regs has anything to do, from what only it or an input pin can change. */
static bool regs_awake(const struct vio *v, const struct vio_clk *clk, const struct vio_in *in,
		       const struct vio_out *out)
{
	const struct vio_regs *r = &v->regs;

	return (in->s_axil_awvalid | in->s_axil_wvalid | in->s_axil_arvalid | out->s_axil_bvalid | out->s_axil_rvalid |
		r->state | v->pub.stop | v->pub.start) != 0 ||
	       r->aw_have || r->w_have || r->ar_have || r->ring_reset || clk->erred != 0 || CAN_POP(raise) ||
	       in->strap_capacity != r->pub.capacity || !r->booted || offered(in) != r->offered;
}

#define ANY_OF(...) ((clk->ne & (__VA_ARGS__)) != 0)

static inline void run_regs(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (regs_awake(v, clk, in, out))
		regs_tick(v, clk, in, out);
}

static inline void run_sched(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (ANY_OF(FIFO_BIT(bell) | FIFO_BIT(served)) || v->sched.pending != 0 || v->sched.live != v->pub.live)
		sched_tick(v, clk);
}

static inline void run_fetch(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (CAN_POP(serve) || v->fetch.state != S(fetch, IDLE) || v->pub.start)
		fetch_tick(v, clk);
}

static inline void run_walk(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (CAN_POP(head) || CAN_POP(tag) || v->walk.used != 0)
		walk_tick(v, clk);
}

static inline void run_frame(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (ANY_OF(FIFO_BIT(chain) | FIFO_BIT(seg)))
		frame_tick(v, clk);
}

static inline void run_blk(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (CAN_POP(req) || v->blk.state != S(blk, IDLE))
		blk_tick(v, clk);
}

#define RUN_READER(r)                                                                                 \
	static inline void run_##r(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, \
				   struct vio_out *out)                                               \
	{                                                                                             \
		(void)in, (void)out;                                                                  \
		if (ANY_OF(FIFO_BIT(r##_job) | FIFO_BIT(r##_rbeat)) || v->r.flushing)                 \
			r##_reader_tick(v, clk);                                                      \
	}
RUN_READER(avail)
RUN_READER(desc)
RUN_READER(header)
RUN_READER(data)
RUN_READER(event)
RUN_READER(range)

static inline void run_writer(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (ANY_OF(FIFO_BIT(ujob) | FIFO_BIT(wjob) | FIFO_BIT(wburst) | FIFO_BIT(werr)) || v->pub.stop)
		writer_tick(v, clk);
}

static inline void run_used(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	(void)in, (void)out;
	if (ANY_OF(FIFO_BIT(fin) | FIFO_BIT(udone) | FIFO_BIT(arm)) || v->used.state != S(used, IDLE) || v->pub.start ||
	    memcmp(v->used.acked, v->used.shown, sizeof v->used.acked) != 0)
		used_tick(v, clk);
}

static inline void run_port(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if ((in->be_rvalid | in->be_rsp_valid | out->be_cmd_valid | out->be_wvalid) != 0 || !out->be_rready ||
	    !out->be_rsp_ready || ANY_OF(FIFO_BIT(cmd) | FIFO_BIT(data_beat) | FIFO_BIT(store) | FIFO_BIT(rsp)))
		port_tick(v, clk, in, out);
}

static inline void run_axi(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if ((in->m_axi_rvalid | in->m_axi_bvalid | out->m_axi_arvalid | out->m_axi_awvalid | out->m_axi_wvalid) != 0 ||
	    ANY_OF(AR_FIFOS | FIFO_BIT(aw) | FIFO_BIT(wbeat)) || v->pub.stop)
		axi_tick(v, clk, in, out);
}

/* Every unit but regs, which publishes. */
#define RUN_ORDER(X) \
	X(sched)     \
	X(fetch)     \
	X(walk)      \
	X(frame) X(blk) X(avail) X(desc) X(header) X(data) X(event) X(range) X(writer) X(used) X(port) X(axi) X(regs)

typedef void run_fn(struct vio *, const struct vio_clk *, const struct vio_in *, struct vio_out *);

static run_fn *const run_table[] = {
#define RUN(unit) run_##unit,
	RUN_ORDER(RUN)
#undef RUN
};

#define RUN_COUNT (sizeof run_table / sizeof run_table[0])

static void run_stopped(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	run_regs(v, clk, in, out);
	run_axi(v, clk, in, out);
	run_writer(v, clk, in, out);
	port_reset(out);
	reset_units(v);
	clear_fifos(v, ALL_FIFOS & ~kept_fifos);
}

__attribute__((flatten)) void vio_tick(struct vio *v, const struct vio_in *in, struct vio_out *out)
{
	struct vio_clk clk = {.ne = v->ne,
			      .nf = v->nf,
			      .store_level = LEVEL(store),
			      .rsp_level = LEVEL(rsp),
			      .erred = v->erred,
			      .quiet = (v->regs.state != 0 || v->regs.ring_reset) && is_quiet(v, out),
			      .drained = (v->regs.state == S(regs, DRAIN) || v->regs.ring_reset) && is_drained(v)};

	const struct vio_pins pins = count_look(v, in, out);

	if (v->pub.stop) {
		run_stopped(v, &clk, in, out);
	} else if (v->shuffled) {
		for (unsigned i = 0; i < RUN_COUNT; i++)
			run_table[v->order[i]](v, &clk, in, out);
	} else {
#define RUN(unit) run_##unit(v, &clk, in, out);
		RUN_ORDER(RUN)
#undef RUN
	}
	count_tick(v, &clk, &pins, out);
	if (v->regs.changed) {
		v->pub = v->regs.pub;
		v->regs.changed = false;
	}
}

bool vio_idle(const struct vio *v, const struct vio_out *out)
{
	const struct vio_regs *r = &v->regs;

	return v->ne == 0 && (v->fetch.state | v->frame.state | v->blk.state | v->used.state | v->sched.state) == 0 &&
	       v->walk.used == 0 && v->used.out == 0 && v->sched.pending == 0 && v->sched.live == v->pub.live &&
	       memcmp(v->used.acked, v->used.shown, sizeof v->used.acked) == 0 && v->axi.reads == 0 && v->erred == 0 &&
	       (out->m_axi_awvalid | out->m_axi_wvalid | out->be_cmd_valid | out->be_wvalid | out->s_axil_bvalid |
		out->s_axil_rvalid | r->state | v->pub.start) == 0 &&
	       !r->aw_have && !r->w_have && !r->ar_have && !r->ring_reset && r->booted &&
	       (v->pub.stop || (out->be_rready && out->be_rsp_ready));
}

uint64_t vio_states(const struct vio *v)
{
	uint64_t states = 0;

#define UNIT(unit) states |= (uint64_t)v->unit.state << (4 * UNIT_##unit);
#include "def/states.def"
	return states;
}

void vio_shuffle(struct vio *v, uint64_t seed)
{
	v->shuffled = seed != 0;
	for (unsigned i = 0; i < RUN_COUNT; i++)
		v->order[i] = (uint8_t)i;
	for (unsigned i = RUN_COUNT - 1; i > 0; i--) {
		unsigned j;
		uint8_t swap;

		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		j = (unsigned)(seed >> 33) % (i + 1);
		swap = v->order[i];
		v->order[i] = v->order[j];
		v->order[j] = swap;
	}
}
#include "leap.c"
