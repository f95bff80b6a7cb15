/* SPDX-License-Identifier: Apache-2.0
 * leap_units.c: a clock in which units that have nothing to do are left out. Part of leap.c.
 *
 * A unit that changed no register and no FIFO in a clock does not in the next, if the FIFOs that it looks at are as empty
 * and as full as they were: nothing else of its view can differ, unless regs ran. The units of the stream run always. regs, and
 * with it all others, runs in clocks in which it may have something to do, from what only it, the bus or a FIFO changes.
 */

/* UNIT(unit, what of its registers cannot stay the same when it acts without a FIFO, FIFOs it pops, FIFOs it pushes). Of walk
 * these are all but the slots. */
#define WHOLE(unit) sizeof v->unit
#define READER_UNIT(UNIT, r) UNIT(r, WHOLE(r), X(r##_job) X(r##_lanes) X(r##_rbeat), X(r##_ar) X(r##_lanes) X(r##_beat))
#define ALL_UNITS(UNIT)                                                                     \
	UNIT(sched, WHOLE(sched), X(bell) X(served), X(serve))                              \
	UNIT(fetch, WHOLE(fetch), X(armed) X(avail_beat) X(serve) X(step),                  \
	     X(arm) X(avail_job) X(confirm) X(head) X(served))                              \
	UNIT(walk, offsetof(struct vio_walk, slot), X(confirm) X(desc_beat) X(head) X(tag), \
	     X(chain) X(desc_job) X(seg) X(span) X(step) X(tag))                            \
	UNIT(frame, WHOLE(frame), X(chain) X(seg), X(header_job) X(piece) X(req))           \
	UNIT(blk, WHOLE(blk), X(header_beat) X(piece) X(range_beat) X(req),                 \
	     X(blk_mishap) X(cmd) X(data_job) X(range_job) X(wjob))                         \
	READER_UNIT(UNIT, avail)                                                            \
	READER_UNIT(UNIT, desc)                                                             \
	READER_UNIT(UNIT, header)                                                           \
	READER_UNIT(UNIT, event)                                                            \
	READER_UNIT(UNIT, range)                                                            \
	UNIT(used, WHOLE(used), X(arm) X(event_beat) X(fin) X(place) X(span) X(udone),      \
	     X(armed) X(event_job) X(place) X(raise) X(ujob))

/* A bit for each unit. */
enum {
#define UNIT(unit, bytes, pops, pushes) LEAP_AT_##unit,
	ALL_UNITS(UNIT)
#undef UNIT
		LEAP_UNITS
};
#define LEAP_ALL ((1u << LEAP_UNITS) - 1)

/* The FIFOs whose emptiness a unit looks at, and those whose fullness. */
#define X(f) | FIFO_BIT(f)
#define UNIT(unit, bytes, pops, pushes) static const uint64_t pops_of_##unit = 0 pops, pushes_of_##unit = 0 pushes;
ALL_UNITS(UNIT)
#undef UNIT
#undef X

/* How far a unit got in its FIFOs: grows with every entry that it takes or adds. */
#define X(f) +v->fifo[F_##f].head
#define UNIT(unit, bytes, pops, pushes)                             \
	static inline uint32_t heads_of_##unit(const struct vio *v) \
	{                                                           \
		return 0u pops;                                     \
	}
ALL_UNITS(UNIT)
#undef UNIT
#undef X
#define X(f) +v->fifo[F_##f].tail
#define UNIT(unit, bytes, pops, pushes)                             \
	static inline uint32_t tails_of_##unit(const struct vio *v) \
	{                                                           \
		return 0u pushes;                                   \
	}
ALL_UNITS(UNIT)
#undef UNIT
#undef X

/* A unit's clock. Whether it did nothing. */
#define UNIT(unit, bytes, pops, pushes)                                                                         \
	static inline bool nothing_by_##unit(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, \
					     struct vio_out *out)                                               \
	{                                                                                                       \
		const uint32_t heads = heads_of_##unit(v), tails = tails_of_##unit(v);                          \
		uint8_t kept[bytes];                                                                            \
                                                                                                                \
		memcpy(kept, &v->unit, sizeof kept);                                                            \
		run_##unit(v, clk, in, out);                                                                    \
		return heads == heads_of_##unit(v) && tails == tails_of_##unit(v) &&                            \
		       memcmp(kept, &v->unit, sizeof kept) == 0;                                                \
	}
ALL_UNITS(UNIT)
#undef UNIT

/* FIFOs that only the units of the stream look at. */
static const uint64_t stream_fifos = FIFO_BIT(store) | FIFO_BIT(rsp) | FIFO_BIT(wbeat) | FIFO_BIT(wburst) |
				     FIFO_BIT(aw) | FIFO_BIT(btag) | FIFO_BIT(werr) | FIFO_BIT(data_ar) |
				     FIFO_BIT(data_lanes) | FIFO_BIT(data_rbeat) | FIFO_BIT(data_beat);

/* Units that sleep in the clock that begins. */
static inline uint32_t asleep(const struct vio_leap *l, const struct vio *v)
{
	const uint64_t ne = (v->ne ^ l->ne) & ~stream_fifos, nf = (v->nf ^ l->nf) & ~stream_fifos;
	uint32_t awake = ~l->idle;

	if ((ne | nf) == 0)
		return l->idle;
#define UNIT(unit, bytes, pops, pushes) \
	awake |= (uint32_t)(((ne & pops_of_##unit) | (nf & pushes_of_##unit)) != 0) << LEAP_AT_##unit;
	ALL_UNITS(UNIT)
#undef UNIT
	return ~awake & LEAP_ALL;
}

/* Whether regs has something to do, given that it had not when it ran last. */
static inline bool wakes_regs(const struct vio *v, const struct vio_in *in)
{
	return (in->s_axil_awvalid | in->s_axil_wvalid | in->s_axil_arvalid | v->erred) != 0 ||
	       (v->ne & FIFO_BIT(raise)) != 0;
}

/* The clock of the units that do not sleep, and of the stream. */
__attribute__((flatten)) static void units_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in,
						struct vio_out *out, uint32_t sleep)
{
	const struct vio_clk clk = {
		.ne = v->ne, .nf = v->nf, .store_level = LEVEL(store), .rsp_level = LEVEL(rsp), .erred = v->erred};
	const struct vio_pins pins = count_look(v, in, out);

	l->idle = sleep;
	if (sleep != LEAP_ALL) {
#define UNIT(unit, bytes, pops, pushes)         \
	if ((sleep >> LEAP_AT_##unit & 1) == 0) \
		l->idle |= (uint32_t)nothing_by_##unit(v, &clk, in, out) << LEAP_AT_##unit;
		ALL_UNITS(UNIT)
#undef UNIT
	}
	run_data(v, &clk, in, out);
	run_writer(v, &clk, in, out);
	run_port(v, &clk, in, out);
	run_axi(v, &clk, in, out);
	count_tick(v, &clk, &pins, out);
}

void vio_leap_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in, struct vio_out *out)
{
	const uint64_t ne = v->ne, nf = v->nf;

	l->doubt |= in->m_axi_rvalid && in->m_axi_rresp != 0;
	if (l->regs_idle && !wakes_regs(v, in)) {
		units_tick(l, v, in, out, asleep(l, v));
	} else {
		vio_tick(v, in, out);
		l->idle = 0;
		l->regs_idle = regs_asleep(v, in, out);
	}
	l->ne = ne;
	l->nf = nf;
}
#undef ALL_UNITS
#undef READER_UNIT
#undef WHOLE
