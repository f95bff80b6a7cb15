/* SPDX-License-Identifier: Apache-2.0
 * events_rig.h: the monitor of the pins, with hand-made pins: queue 0 has NUM entries at DESC, DRIVER and DEVICE. */
#ifndef EVENTS_RIG_H
#define EVENTS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "trace/events.h"
#include "vio_params.h"

enum { DESC = 0x1000, DRIVER = 0x2000, DEVICE = 0x3004, NUM = 8 };

struct bench {
	struct events *events;
	FILE *log;
	char *text;
	size_t bytes;
	size_t checked; /* bytes of text that were looked at */
	uint64_t cycle;
	struct vio_in in;
	struct vio_out out;
};

/* One clock with the pins as they are, then all pins but irq, the stop pair and the strap of the interface at rest. */
static inline void clock_once(struct bench *b)
{
	uint8_t irq = b->out.irq, stop = b->out.be_stop, stopped = b->in.be_stopped, legacy = b->in.strap_legacy;

	events_step(b->events, b->cycle++, &b->in, &b->out);
	memset(&b->in, 0, sizeof b->in);
	memset(&b->out, 0, sizeof b->out);
	b->out.irq = irq;
	b->out.be_stop = stop;
	b->in.be_stopped = stopped;
	b->in.strap_legacy = legacy;
}

static inline int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);

	assert_non_null(b);
	b->log = open_memstream(&b->text, &b->bytes);
	assert_non_null(b->log);
	b->events = events_new(b->log);
	*state = b;
	return 0;
}

static inline int teardown(void **state)
{
	struct bench *b = *state;

	events_free(b->events);
	fclose(b->log);
	free(b->text);
	free(b);
	return 0;
}

/* The log since the last call equals text. */
static inline void expect(struct bench *b, const char *text)
{
	fflush(b->log);
	assert_string_equal(b->text + b->checked, text);
	b->checked = b->bytes;
}

/* Looks away from the log so far. */
static inline void forget(struct bench *b)
{
	fflush(b->log);
	b->checked = b->bytes;
}

static inline void put(struct bench *b, uint16_t addr, uint32_t data)
{
	b->in.s_axil_awvalid = b->out.s_axil_awready = 1;
	b->in.s_axil_awaddr = addr & 0xfff;
	b->in.s_axil_wvalid = b->out.s_axil_wready = 1;
	b->in.s_axil_wdata = data;
	b->in.s_axil_wstrb = 0xf;
	clock_once(b);
	b->out.s_axil_bvalid = b->in.s_axil_bready = 1;
	clock_once(b);
}

static inline void set_queue(struct bench *b)
{
	put(b, 0x030, 0);
	put(b, 0x038, NUM);
	put(b, 0x080, DESC);
	put(b, 0x090, DRIVER);
	put(b, 0x0a0, DEVICE);
	put(b, 0x044, 1);
	forget(b);
	b->cycle = 100;
}

static inline void ask(struct bench *b, unsigned id, uint64_t addr, unsigned beats)
{
	b->out.m_axi_arvalid = b->in.m_axi_arready = 1;
	b->out.m_axi_arid = id & 0xf;
	b->out.m_axi_araddr = addr;
	b->out.m_axi_arlen = (uint8_t)(beats - 1);
	clock_once(b);
}

static inline void answer(struct bench *b, unsigned id, uint64_t data, unsigned resp)
{
	b->in.m_axi_rvalid = b->out.m_axi_rready = 1;
	b->in.m_axi_rid = id & 0xf;
	b->in.m_axi_rdata = data;
	b->in.m_axi_rresp = resp & 3;
	clock_once(b);
}

static inline void store_addr(struct bench *b, uint64_t addr, unsigned beats)
{
	b->out.m_axi_awvalid = b->in.m_axi_awready = 1;
	b->out.m_axi_awaddr = addr;
	b->out.m_axi_awlen = (uint8_t)(beats - 1);
	clock_once(b);
}

static inline void store_data(struct bench *b, uint64_t data, unsigned strb, bool last)
{
	b->out.m_axi_wvalid = b->in.m_axi_wready = 1;
	b->out.m_axi_wdata = data;
	b->out.m_axi_wstrb = (uint8_t)strb;
	b->out.m_axi_wlast = last;
	clock_once(b);
}

static inline uint64_t desc_tail(uint32_t len, unsigned flags, unsigned next)
{
	return len | (uint64_t)flags << 32 | (uint64_t)next << 48;
}

static inline void accept_features(struct bench *b, uint64_t features)
{
	put(b, 0x024, 0);
	put(b, 0x020, (uint32_t)features);
	put(b, 0x024, 1);
	put(b, 0x020, (uint32_t)(features >> 32));
}

static inline uint64_t packed_tail(uint32_t len, unsigned id, unsigned flags)
{
	return len | (uint64_t)id << 32 | (uint64_t)flags << 48;
}

/* fetch asks for the flags of a slot alone. */
static inline void probe(struct bench *b, unsigned slot, unsigned flags)
{
	ask(b, VIO_ID_AVAIL, DESC + 16 * slot + 8, 1);
	answer(b, VIO_ID_AVAIL, packed_tail(77, 78, flags), 0);
}

static inline void write_used(struct bench *b, unsigned slot, uint64_t tail)
{
	store_addr(b, DESC + 16 * slot + 8, 1);
	store_data(b, tail, 0xff, true);
}

static inline void set_packed_queue(struct bench *b)
{
	accept_features(b, UINT64_C(1) << 34);
	set_queue(b);
}

/* A broken device may do anything: more of everything than the monitor can hold is dropped, not fatal. */
static inline void survive_nonsense(struct bench *b)
{
	for (unsigned n = 0; n < 3000; n++) {
		ask(b, n % 16, DESC + 16 * (n % 64), 2);
		store_data(b, n, 0xff, n & 1);
		b->out.be_cmd_valid = b->in.be_cmd_ready = 1;
		b->out.be_cmd_op = 7;
		clock_once(b);
	}
	for (unsigned n = 0; n < 9000; n++) {
		answer(b, n % 16, UINT64_C(0x0001000100010001) * n, 0);
		store_addr(b, DEVICE + n, 1);
	}
	assert_int_equal(events_requests(b->events), 3000);
}

#endif
