/* SPDX-License-Identifier: Apache-2.0
 * axil.c: see axil.h. */
#include "bus/axil.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "stream.h"

enum phase { FREE, READING, WRITING, ANSWERED };

struct axil {
	/* Pins. */
	uint32_t wdata;
	uint16_t awaddr, araddr;
	uint8_t awvalid, wvalid, wstrb, bready, arvalid, rready;

	enum phase phase;
	bool ar_due, aw_due, w_due; /* posted, not yet shown */
	bool ar_sent, aw_sent, w_sent;
	uint32_t data;
	unsigned resp;
	struct sim_rng rng;
	bool r_held, b_held;
	uint32_t held_data;
	uint8_t held_rresp, held_bresp;

	/* Wiring: what is above is the state. */
	unsigned stall;
	const char *error;
};

struct axil *axil_new(unsigned stall_per_1024, uint64_t seed)
{
	struct axil *a = sim_alloc(sizeof(*a));

	a->stall = stall_per_1024;
	sim_rng_init(&a->rng, seed);
	return a;
}

void axil_free(struct axil *a)
{
	free(a);
}

void axil_reset(struct axil *a)
{
	unsigned stall = a->stall;
	struct sim_rng rng = a->rng;

	memset(a, 0, sizeof(*a));
	a->stall = stall;
	a->rng = rng;
}

void axil_state(struct axil *a, struct stream *s)
{
	assert(a->error == NULL);
	stream_section(s, "axil");
	stream_before(s, a, stall);
}

const char *axil_error(const struct axil *a)
{
	return a->error;
}

bool axil_idle(const struct axil *a)
{
	return a->phase == FREE;
}

static bool pause(struct axil *a)
{
	return a->stall != 0 && sim_rng_chance(&a->rng, a->stall);
}

/* What is due goes up, each channel by itself; a valid that is up stays. */
static void raise(struct axil *a)
{
	if (a->ar_due && !pause(a)) {
		a->arvalid = 1;
		a->ar_due = false;
	}
	if (a->aw_due && !pause(a)) {
		a->awvalid = 1;
		a->aw_due = false;
	}
	if (a->w_due && !pause(a)) {
		a->wvalid = 1;
		a->w_due = false;
	}
}

void axil_read(struct axil *a, uint16_t addr)
{
	assert(a->phase == FREE);
	a->phase = READING;
	a->araddr = addr;
	a->ar_due = true;
	a->ar_sent = false;
	a->rready = !pause(a);
	raise(a);
}

void axil_write(struct axil *a, uint16_t addr, uint32_t data, uint8_t strb)
{
	assert(a->phase == FREE);
	a->phase = WRITING;
	a->awaddr = addr;
	a->wdata = data;
	a->wstrb = strb;
	a->aw_due = a->w_due = true;
	a->aw_sent = a->w_sent = false;
	a->bready = !pause(a);
	raise(a);
}

bool axil_done(struct axil *a, uint32_t *data, unsigned *resp)
{
	if (a->phase != ANSWERED)
		return false;
	if (data != NULL)
		*data = a->data;
	if (resp != NULL)
		*resp = a->resp;
	a->phase = FREE;
	return true;
}

void axil_drive(const struct axil *a, struct vio_in *in)
{
	in->s_axil_wdata = a->wdata;
	in->s_axil_awaddr = a->awaddr;
	in->s_axil_araddr = a->araddr;
	in->s_axil_awvalid = a->awvalid;
	in->s_axil_wstrb = a->wstrb;
	in->s_axil_wvalid = a->wvalid;
	in->s_axil_bready = a->bready;
	in->s_axil_arvalid = a->arvalid;
	in->s_axil_rready = a->rready;
}

static void fail(struct axil *a, const char *what)
{
	if (a->error == NULL)
		a->error = what;
}

static void check(struct axil *a, const struct vio_in *in, const struct vio_out *out)
{
	if (a->r_held && !out->s_axil_rvalid)
		fail(a, "s_axil_rvalid fell before rready");
	else if (a->r_held && (out->s_axil_rdata != a->held_data || out->s_axil_rresp != a->held_rresp))
		fail(a, "s_axil_r* changed before rready");
	if (a->b_held && !out->s_axil_bvalid)
		fail(a, "s_axil_bvalid fell before bready");
	else if (a->b_held && out->s_axil_bresp != a->held_bresp)
		fail(a, "s_axil_bresp changed before bready");
	if (out->s_axil_rvalid && !(a->phase == READING && a->ar_sent))
		fail(a, "s_axil_rvalid without an accepted read");
	if (out->s_axil_bvalid && !(a->phase == WRITING && a->aw_sent && a->w_sent))
		fail(a, "s_axil_bvalid without an accepted write");
	a->r_held = out->s_axil_rvalid && !in->s_axil_rready;
	a->b_held = out->s_axil_bvalid && !in->s_axil_bready;
	a->held_data = out->s_axil_rdata;
	a->held_rresp = out->s_axil_rresp;
	a->held_bresp = out->s_axil_bresp;
}

static void answer(struct axil *a, uint32_t data, unsigned resp)
{
	a->data = data;
	a->resp = resp;
	a->phase = ANSWERED;
	a->rready = a->bready = 0;
}

void axil_step(struct axil *a, const struct vio_in *in, const struct vio_out *out)
{
	if ((a->phase == FREE || a->phase == ANSWERED) && !(out->s_axil_rvalid | out->s_axil_bvalid))
		return;
	check(a, in, out);
	if (a->arvalid && out->s_axil_arready) {
		a->arvalid = 0;
		a->ar_sent = true;
	}
	if (a->awvalid && out->s_axil_awready) {
		a->awvalid = 0;
		a->aw_sent = true;
	}
	if (a->wvalid && out->s_axil_wready) {
		a->wvalid = 0;
		a->w_sent = true;
	}
	if (a->phase == READING && a->rready && out->s_axil_rvalid)
		answer(a, out->s_axil_rdata, out->s_axil_rresp);
	else if (a->phase == WRITING && a->bready && out->s_axil_bvalid)
		answer(a, 0, out->s_axil_bresp);
	if (a->phase == READING)
		a->rready = !pause(a);
	if (a->phase == WRITING)
		a->bready = !pause(a);
	raise(a);
}
