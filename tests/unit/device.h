/* SPDX-License-Identifier: Apache-2.0
 * device.h: one unit of the model alone. The test plays its neighbours: it pushes into the unit's FIFOs and pops what
 * comes out.
 *
 * The model's source is part of the test, so that a unit's tick can be called by itself: begin(), then the tick, is one
 * clock of that unit. What the test does between two clocks happened before the second one.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "unit.h"
#include "vio.c"

static struct vio device;
static struct vio_in in;
static struct vio_out out;
static struct vio_clk start;

/* The names that the macros of fifo.h expect. */
static struct vio *const v = &device;
static const struct vio_clk *const clk = &start;

/* take_<fifo>() pops the oldest entry; give_<fifo>(e) pushes one. Both fail the test when they cannot. */
#define FIFO(f, payload, depth, producer, consumer)                 \
	static inline struct vio_##payload take_##f(void)           \
	{                                                           \
		struct vio_##payload e = *HEAD(f);                  \
                                                                    \
		assert_true((v->ne & FIFO_BIT(f)) != 0);            \
		POP(f);                                             \
		return e;                                           \
	}                                                           \
	static inline bool has_##f(void)                            \
	{                                                           \
		return (v->ne & FIFO_BIT(f)) != 0;                  \
	}                                                           \
	static inline bool full_##f(void)                           \
	{                                                           \
		return (v->nf & FIFO_BIT(f)) == 0;                  \
	}                                                           \
	static inline void give_##f(struct vio_##payload e)         \
	{                                                           \
		assert_false(full_##f());                           \
		v->ring_##f[v->fifo[F_##f].tail & (D_##f - 1)] = e; \
		v->fifo[F_##f].tail++;                              \
		v->ne |= FIFO_BIT(f);                               \
		if (LEVEL(f) == D_##f)                              \
			v->nf &= ~FIFO_BIT(f);                      \
	}
#include "def/fifos.def"

/* The start of a clock. */
static inline void begin(void)
{
	start = (struct vio_clk){
		.ne = v->ne, .nf = v->nf, .store_level = LEVEL(store), .rsp_level = LEVEL(rsp), .erred = v->erred};
}

enum { RING_DESC = 0x10000, RING_AVAIL = 0x20000, RING_USED = 0x30000, RING_STEP = 0x100000, RING_NUM = 16 };

/* Every queue is ready with RING_NUM entries, queue q's areas RING_STEP * q further on; the driver is live. */
static inline int device_setup(void **state)
{
	(void)state;
	vio_reset(v, &out);
	memset(&in, 0, sizeof in);
	in.strap_queues = VIO_QUEUES;
	in.strap_queue_num = VIO_QUEUE_NUM_MAX;
	in.strap_capacity = 1000;
	in.m_axi_arready = in.m_axi_awready = in.m_axi_wready = 1;
	v->pub.live = true;
	v->pub.capacity = 1000;
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		v->pub.queue[q] = (struct vio_queue){.desc = RING_DESC + q * RING_STEP,
						     .avail = RING_AVAIL + q * RING_STEP,
						     .used = RING_USED + q * RING_STEP,
						     .num = RING_NUM,
						     .ready = true};
	return 0;
}

/* A small generator: the same numbers in every run. */
static uint32_t device_seed = 1;

static inline uint32_t below(uint32_t n)
{
	device_seed = device_seed * 1664525u + 1013904223u;
	return (device_seed >> 8) % n;
}

/* The byte that memory holds at an address. */
static inline uint8_t byte_at(uint64_t addr)
{
	return (uint8_t)(addr * 29 + (addr >> 8) * 7 + 3);
}

/* The beat that holds it. */
static inline vio_data beat_at(uint64_t addr)
{
	vio_data beat;
	uint8_t bytes[VIO_DATA_BYTES];

	for (unsigned i = 0; i < VIO_DATA_BYTES; i++)
		bytes[i] = byte_at(addr - vio_lane(addr) + i);
	memcpy(&beat, bytes, sizeof beat);
	return beat;
}

#define CASE(test) cmocka_unit_test_setup(test, device_setup)

#endif
