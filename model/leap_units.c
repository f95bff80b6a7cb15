/* SPDX-License-Identifier: Apache-2.0
 * leap_units.c: a clock in which units that have nothing to do are left out. Part of leap.c.
 *
 * A unit that changed no register and no FIFO in a clock does not in the next, if the FIFOs that it looks at are as empty
 * and as full as they were: nothing else of its view can differ, unless regs ran. The units that carry payload run always,
 * but for what a leap moves. regs, and with it all others, runs in clocks in which an access, an error or a change of what
 * it publishes may come; an interrupt is its business alone.
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
#define LEAP_BIT(name) (1u << LEAP_##name & LEAP_ALL)

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

/* A unit's clock. Whether it did anything. */
#define UNIT(unit, name, bytes)                                                                       \
	__attribute__((flatten)) static bool act_##unit(struct vio *v, const struct vio_clk *clk,     \
							const struct vio_in *in, struct vio_out *out) \
	{                                                                                             \
		const uint32_t heads = heads_of(v, LEAP_##name), tails = tails_of(v, LEAP_##name);    \
		uint8_t kept[bytes];                                                                  \
                                                                                                      \
		memcpy(kept, &v->unit, sizeof kept);                                                  \
		run_##unit(v, clk, in, out);                                                          \
		return heads != heads_of(v, LEAP_##name) || tails != tails_of(v, LEAP_##name) ||      \
		       memcmp(kept, &v->unit, sizeof kept) != 0;                                      \
	}
ALL_UNITS(UNIT)
#undef UNIT

/* The unit that looks whether a FIFO is empty. */
static const uint32_t taker[VIO_FIFOS] = {
#define FIFO(f, payload, depth, producer, consumer) [F_##f] = LEAP_BIT(consumer),
#include "def/fifos.def"
};

/* The one that looks whether it is full. */
static const uint32_t giver[VIO_FIFOS] = {
#define FIFO(f, payload, depth, producer, consumer) [F_##f] = LEAP_BIT(producer),
#include "def/fifos.def"
};

/* Units that may have something to do in the clock that begins: those that had in the one before, which began with ne and
 * nf, and those whose FIFOs have changed. */
static inline uint32_t woken(uint32_t awake, const struct vio *v, uint64_t ne, uint64_t nf)
{
	for (ne = v->ne ^ ne; ne != 0; ne &= ne - 1)
		awake |= taker[__builtin_ctzll(ne)];
	for (nf = v->nf ^ nf; nf != 0; nf &= nf - 1)
		awake |= giver[__builtin_ctzll(nf)];
	return awake;
}

/* Whether regs has more to do than an interrupt, given that it had nothing when it ran last. */
static inline bool wakes_regs(const struct vio *v, const struct vio_in *in)
{
	return (in->s_axil_awvalid | in->s_axil_wvalid | in->s_axil_arvalid | v->erred) != 0;
}

/* Raises the interrupt. Nothing that regs publishes changes with it. */
__attribute__((noinline)) static void run_interrupt(struct vio *v, const struct vio_clk *clk, const struct vio_in *in,
						    struct vio_out *out)
{
	regs_tick(v, clk, in, out);
	v->regs.changed = false;
}

/* The clock of AR, AW and B. */
static inline void run_bus(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	axi_ar(v, clk, in, out);
	axi_aw(v, clk, in, out);
	axi_b(v, clk, in);
}

/* The clock of the units that carry payload, without the streams of a leap. */
static inline void carry(const struct vio_leap *l, struct vio *v, const struct vio_clk *clk, const struct vio_in *in,
			 struct vio_out *out)
{
	if (!l->drain) {
		run_data(v, clk, in, out);
		port_w(v, clk, in, out);
	} else {
		data_ask(v, clk, v->data.room);
		v->data.room++;
	}
	payload_failed(v, clk);
	writer_issue(v, clk);
	if (!l->store) {
		writer_beat(v, clk, false);
		port_r(v, clk, in, out);
		axi_w(v, clk, in, out);
	} else {
		v->writer.owed--;
	}
	port_cmd(v, clk, in, out);
	port_rsp(v, clk, in, out);
	if (!l->take)
		axi_r(v, in);
	run_bus(v, clk, in, out);
}

/* The clock of these units. Those that did something. */
static inline uint32_t wake(uint32_t units, struct vio *v, const struct vio_clk *clk, const struct vio_in *in,
			    struct vio_out *out)
{
	static bool (*const act[])(struct vio *, const struct vio_clk *, const struct vio_in *, struct vio_out *) = {
#define UNIT(unit, name, bytes) act_##unit,
		ALL_UNITS(UNIT)
#undef UNIT
	};
	uint32_t awake = 0;

	for (; units != 0; units &= units - 1) {
		const unsigned u = (unsigned)__builtin_ctz(units);
		awake |= (uint32_t)act[u](v, clk, in, out) << u;
	}
	return awake;
}

__attribute__((flatten)) static void units_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in,
						struct vio_out *out)
{
	const struct vio_clk clk = {
		.ne = v->ne, .nf = v->nf, .store_level = LEVEL(store), .rsp_level = LEVEL(rsp), .erred = v->erred};
	const struct vio_pins pins = count_look(v, in, out);
	const uint32_t awake = wake(l->awake, v, &clk, in, out);

	carry(l, v, &clk, in, out);
	if ((clk.ne & FIFO_BIT(raise)) != 0)
		run_interrupt(v, &clk, in, out);
	count_tick(v, &clk, &pins, out);
	l->awake = woken(awake, v, clk.ne, clk.nf);
}

void vio_leap_tick(struct vio_leap *l, struct vio *v, const struct vio_in *in, struct vio_out *out)
{
	l->doubt |= (in->m_axi_rvalid && in->m_axi_rresp != 0);
	if (l->regs_idle && !wakes_regs(v, in)) {
		units_tick(l, v, in, out);
		return;
	}
	vio_tick(v, in, out);
	l->awake = LEAP_ALL;
	l->regs_idle = regs_asleep(v, in, out);
}
#undef ALL_UNITS
#undef WHOLE
#undef LEAP_BIT
