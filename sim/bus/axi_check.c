/* SPDX-License-Identifier: Apache-2.0
 * axi_check.c: see axi_check.h. */
#include "bus/axi_check.h"

#include <string.h>
#include "vio_params.h"

#define MASK (AXI_CHECK_WRITES - 1)
#define LANES VIO_DATA_BYTES

void axi_check_reset(struct axi_check *c)
{
	memset(c, 0, sizeof(*c));
}

const char *axi_check_error(const struct axi_check *c)
{
	return c->error;
}

static void fail(struct axi_check *c, const char *what)
{
	if (c->error == NULL)
		c->error = what;
}

/* The rules of one address, read or write alike. */
static void check_address(struct axi_check *c, uint64_t addr, unsigned len, unsigned size, unsigned burst)
{
	if (1u << size != LANES)
		fail(c, "AXI burst narrower than the bus");
	if (burst != 1)
		fail(c, "AXI burst that is not INCR");
	if ((addr & 4095 & ~(uint64_t)(LANES - 1)) + (len + 1) * LANES > 4096)
		fail(c, "AXI burst crosses 4 KiB");
}

static void step_ar(struct axi_check *c, const struct vio_in *in, const struct vio_out *out)
{
	const struct vio_out *h = &c->held;

	if (c->ar_held) {
		if (!out->m_axi_arvalid)
			fail(c, "m_axi_arvalid fell before arready");
		else if (out->m_axi_araddr != h->m_axi_araddr || out->m_axi_arid != h->m_axi_arid ||
			 out->m_axi_arlen != h->m_axi_arlen || out->m_axi_arsize != h->m_axi_arsize ||
			 out->m_axi_arburst != h->m_axi_arburst)
			fail(c, "m_axi_ar* changed before arready");
	}
	c->ar_held = out->m_axi_arvalid && !in->m_axi_arready;
	if (!out->m_axi_arvalid)
		return;
	if (c->ar_held) {
		c->held.m_axi_araddr = out->m_axi_araddr;
		c->held.m_axi_arid = out->m_axi_arid;
		c->held.m_axi_arlen = out->m_axi_arlen;
		c->held.m_axi_arsize = out->m_axi_arsize;
		c->held.m_axi_arburst = out->m_axi_arburst;
	}
	if (out->m_axi_arid > VIO_ID_RANGE)
		fail(c, "m_axi_arid is none of params.def");
	check_address(c, out->m_axi_araddr, out->m_axi_arlen, out->m_axi_arsize, out->m_axi_arburst);
}

/* An address was accepted: it opens a burst, or meets the data that came first. */
static void take_aw(struct axi_check *c, const struct vio_out *out)
{
	unsigned i = c->aw_seen & MASK;
	uint16_t beats = (uint16_t)(out->m_axi_awlen + 1);
	uint8_t lane = out->m_axi_awaddr & (LANES - 1);

	if (c->aw_seen == c->w_seen && c->w_beat >= beats)
		fail(c, "m_axi_wlast missing: more data than m_axi_awlen says");
	if ((int32_t)(c->w_seen - c->aw_seen) > 0) {
		if (c->lens[i] != beats)
			fail(c, "m_axi_awlen differs from the data that came first");
		if (c->lanes[i] < lane)
			fail(c, "m_axi_wstrb below the start of the burst");
	}
	c->lens[i] = beats;
	c->lanes[i] = lane;
	c->aw_seen++;
	if ((int32_t)(c->aw_seen - c->w_seen) >= AXI_CHECK_WRITES)
		fail(c, "too many write addresses without data");
}

static void step_aw(struct axi_check *c, const struct vio_in *in, const struct vio_out *out)
{
	const struct vio_out *h = &c->held;

	if (c->aw_held) {
		if (!out->m_axi_awvalid)
			fail(c, "m_axi_awvalid fell before awready");
		else if (out->m_axi_awaddr != h->m_axi_awaddr || out->m_axi_awid != h->m_axi_awid ||
			 out->m_axi_awlen != h->m_axi_awlen || out->m_axi_awsize != h->m_axi_awsize ||
			 out->m_axi_awburst != h->m_axi_awburst)
			fail(c, "m_axi_aw* changed before awready");
	}
	c->aw_held = out->m_axi_awvalid && !in->m_axi_awready;
	if (!out->m_axi_awvalid)
		return;
	if (c->aw_held) {
		c->held.m_axi_awaddr = out->m_axi_awaddr;
		c->held.m_axi_awid = out->m_axi_awid;
		c->held.m_axi_awlen = out->m_axi_awlen;
		c->held.m_axi_awsize = out->m_axi_awsize;
		c->held.m_axi_awburst = out->m_axi_awburst;
	} else {
		take_aw(c, out);
	}
	if (out->m_axi_awid != VIO_ID_WRITE)
		fail(c, "m_axi_awid is not that of params.def");
	check_address(c, out->m_axi_awaddr, out->m_axi_awlen, out->m_axi_awsize, out->m_axi_awburst);
}

/* A data beat was accepted. */
static void take_w(struct axi_check *c, const struct vio_out *out)
{
	unsigned i = c->w_seen & MASK;
	bool addressed = (int32_t)(c->aw_seen - c->w_seen) > 0;

	if (c->w_beat == 0) {
		uint8_t lowest = out->m_axi_wstrb != 0 ? (uint8_t)__builtin_ctzll(out->m_axi_wstrb) : LANES;

		if (!addressed)
			c->lanes[i] = lowest;
		else if (lowest < c->lanes[i])
			fail(c, "m_axi_wstrb below the start of the burst");
	}
	c->w_beat++;
	if (addressed && (c->w_beat == c->lens[i]) != (out->m_axi_wlast != 0))
		fail(c, out->m_axi_wlast ? "m_axi_wlast early: less data than m_axi_awlen says"
					 : "m_axi_wlast missing: more data than m_axi_awlen says");
	if (c->w_beat > 256)
		fail(c, "write burst of more than 256 beats");
	if (!out->m_axi_wlast)
		return;
	if (!addressed)
		c->lens[i] = (uint16_t)c->w_beat;
	c->w_beat = 0;
	c->w_seen++;
	if ((int32_t)(c->w_seen - c->aw_seen) >= AXI_CHECK_WRITES)
		fail(c, "too much write data without an address");
}

static void step_w(struct axi_check *c, const struct vio_in *in, const struct vio_out *out)
{
	const struct vio_out *h = &c->held;

	if (c->w_held) {
		if (!out->m_axi_wvalid)
			fail(c, "m_axi_wvalid fell before wready");
		else if (!vio_data_equal(out->m_axi_wdata, h->m_axi_wdata) || out->m_axi_wstrb != h->m_axi_wstrb ||
			 out->m_axi_wlast != h->m_axi_wlast)
			fail(c, "m_axi_w* changed before wready");
	}
	c->w_held = out->m_axi_wvalid && !in->m_axi_wready;
	if (!out->m_axi_wvalid)
		return;
	if (!c->w_held) {
		take_w(c, out);
		return;
	}
	c->held.m_axi_wdata = out->m_axi_wdata;
	c->held.m_axi_wstrb = out->m_axi_wstrb;
	c->held.m_axi_wlast = out->m_axi_wlast;
}

void axi_check_step(struct axi_check *c, const struct vio_in *in, const struct vio_out *out)
{
	if (out->m_axi_arvalid | c->ar_held)
		step_ar(c, in, out);
	if (out->m_axi_awvalid | c->aw_held)
		step_aw(c, in, out);
	if (out->m_axi_wvalid | c->w_held)
		step_w(c, in, out);
}
