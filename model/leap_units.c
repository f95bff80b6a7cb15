/* SPDX-License-Identifier: Apache-2.0
 * leap_units.c: a clock in which units that have nothing to do are left out. Part of leap.c.
 *
 * A unit that changed no register and no FIFO in a clock does not in the next, if the FIFOs that it looks at are as empty
 * and as full as they were: nothing else of its view can differ, unless regs ran. The units of the stream run always. regs, and
 * with it all others, runs in clocks in which it may have something to do, from what only it, the bus or a FIFO changes.
 */

/* UNIT(unit, its name in fifos.def, bytes of its registers that cannot stay the same when it acts without a FIFO). Of walk
 * these are all but the slots. */
#define WHOLE(unit) sizeof v->unit
#define ALL_UNITS(UNIT)                                   \
	UNIT(sched, sched, WHOLE(sched))                  \
	UNIT(fetch, fetch, WHOLE(fetch))                  \
	UNIT(walk, walk, offsetof(struct vio_walk, slot)) \
	UNIT(frame, frame, WHOLE(frame))                  \
	UNIT(blk, blk, WHOLE(blk))                        \
	UNIT(avail, avail_reader, WHOLE(avail))           \
	UNIT(desc, desc_reader, WHOLE(desc))              \
	UNIT(header, header_reader, WHOLE(header))        \
	UNIT(event, event_reader, WHOLE(event))           \
	UNIT(range, range_reader, WHOLE(range))           \
	UNIT(used, used, WHOLE(used))

/* A bit for each unit; and those that run always, of which none sleeps. */
enum leap_unit {
#define UNIT(unit, name, bytes) LEAP_##name,
	ALL_UNITS(UNIT)
#undef UNIT
		LEAP_UNITS,
	LEAP_regs,
	LEAP_count,
	LEAP_writer,
	LEAP_port,
	LEAP_axi,
	LEAP_data_reader
};
#define LEAP_ALL ((1u << LEAP_UNITS) - 1)
#define IN_STREAM(u) ((u) >= LEAP_writer)

/* The FIFOs whose emptiness a unit looks at, and those whose fullness. unit is constant, and so is what these give. */
static inline __attribute__((always_inline)) uint64_t popped_by(enum leap_unit unit)
{
	return 0
#define FIFO(f, payload, depth, producer, consumer) | (LEAP_##consumer == unit ? FIFO_BIT(f) : 0)
#include "def/fifos.def"
		;
}

static inline __attribute__((always_inline)) uint64_t pushed_by(enum leap_unit unit)
{
	return 0
#define FIFO(f, payload, depth, producer, consumer) | (LEAP_##producer == unit ? FIFO_BIT(f) : 0)
#include "def/fifos.def"
		;
}

/* How far a unit got in its FIFOs: changes with every entry that it takes or adds. */
static inline __attribute__((always_inline)) uint32_t heads_of(const struct vio *v, enum leap_unit unit)
{
	return 0u
#define FIFO(f, payload, depth, producer, consumer) +(LEAP_##consumer == unit ? v->fifo[F_##f].head : 0u)
#include "def/fifos.def"
		;
}

static inline __attribute__((always_inline)) uint32_t tails_of(const struct vio *v, enum leap_unit unit)
{
	return 0u
#define FIFO(f, payload, depth, producer, consumer) +(LEAP_##producer == unit ? v->fifo[F_##f].tail : 0u)
#include "def/fifos.def"
		;
}

/* A unit's clock. Whether it did nothing. */
#define UNIT(unit, name, bytes)                                                                                 \
	static inline bool nothing_by_##unit(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, \
					     struct vio_out *out)                                               \
	{                                                                                                       \
		const uint32_t heads = heads_of(v, LEAP_##name), tails = tails_of(v, LEAP_##name);              \
		uint8_t kept[bytes];                                                                            \
                                                                                                                \
		memcpy(kept, &v->unit, sizeof kept);                                                            \
		run_##unit(v, clk, in, out);                                                                    \
		return heads == heads_of(v, LEAP_##name) && tails == tails_of(v, LEAP_##name) &&                \
		       memcmp(kept, &v->unit, sizeof kept) == 0;                                                \
	}
ALL_UNITS(UNIT)
#undef UNIT

/* FIFOs that only the units of the stream look at. */
static const uint64_t stream_fifos = 0
#define FIFO(f, payload, depth, producer, consumer) \
	| (IN_STREAM(LEAP_##producer) && IN_STREAM(LEAP_##consumer) ? FIFO_BIT(f) : 0)
#include "def/fifos.def"
	;

/* Units that sleep in the clock that begins. */
static inline uint32_t asleep(const struct vio_leap *l, const struct vio *v)
{
	const uint64_t ne = (v->ne ^ l->ne) & ~stream_fifos, nf = (v->nf ^ l->nf) & ~stream_fifos;
	uint32_t awake = ~l->idle;

	if ((ne | nf) == 0)
		return l->idle;
#define UNIT(unit, name, bytes) \
	awake |= (uint32_t)(((ne & popped_by(LEAP_##name)) | (nf & pushed_by(LEAP_##name))) != 0) << LEAP_##name;
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
#define UNIT(unit, name, bytes)              \
	if ((sleep >> LEAP_##name & 1) == 0) \
		l->idle |= (uint32_t)nothing_by_##unit(v, &clk, in, out) << LEAP_##name;
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
#undef WHOLE
#undef IN_STREAM
