/* SPDX-License-Identifier: Apache-2.0
 * axi.c: the AXI4 pins. Twin of rtl/axi.v.
 *
 * Read addresses of the six readers share one channel, short reads first; beats go back by their ID. Readers keep
 * room for what they ask, and btag for every response, so rready and bready stay high. Write data never runs ahead of
 * its address. Promises: what is on a channel stays until it is taken; bursts that were issued are finished under stop,
 * and what comes back then is dropped. An error response to a read of descriptors, headers,
 * ranges and payload goes on with the beat; one to a write of payload goes to writer, which knows whether the request
 * can still tell. The first of all others is raised.
 */

static void axi_fail(struct vio *v, enum vio_error code, uint8_t queue)
{
	if (v->axi.err.code != ERR_NONE)
		return;
	v->axi.err = (struct vio_err){.code = (uint8_t)code, .queue = queue};
	v->erred |= ERRED_AXI;
}

#define TAKE_AR(r, axi_id)                              \
	if (CAN_POP(r##_ar)) {                          \
		out->m_axi_araddr = HEAD(r##_ar)->addr; \
		out->m_axi_arlen = HEAD(r##_ar)->len;   \
		out->m_axi_arid = (axi_id);             \
		POP(r##_ar);                            \
	}

static void axi_ar(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (out->m_axi_arvalid && !in->m_axi_arready)
		return;
	out->m_axi_arvalid = (clk->ne & AR_FIFOS) != 0 && !v->pub.stop;
	if (!out->m_axi_arvalid)
		return;
	v->axi.reads++;
	TAKE_AR(event, VIO_ID_EVENT)
	else TAKE_AR(avail, VIO_ID_AVAIL) else TAKE_AR(desc, VIO_ID_DESC) else TAKE_AR(
		header, VIO_ID_HEADER) else TAKE_AR(range, VIO_ID_RANGE) else TAKE_AR(data, VIO_ID_DATA)
}

static void axi_r(struct vio *v, const struct vio_in *in)
{
	const uint8_t resp = in->m_axi_rresp;

	if (!in->m_axi_rvalid)
		return;
	if (in->m_axi_rlast)
		v->axi.reads--;
	if (v->pub.stop)
		return;
	switch (in->m_axi_rid) {
	case VIO_ID_AVAIL:
		PUSH(avail_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	case VIO_ID_DESC:
		PUSH(desc_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	case VIO_ID_HEADER:
		PUSH(header_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	case VIO_ID_DATA:
		PUSH(data_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	case VIO_ID_EVENT:
		PUSH(event_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	case VIO_ID_RANGE:
		PUSH(range_rbeat, .data = in->m_axi_rdata, .resp = resp);
		break;
	default:
		return;
	}
	if (resp == 0)
		return;
	if (in->m_axi_rid == VIO_ID_AVAIL)
		axi_fail(v, bus_error(ERR_READ_AVAIL, resp), v->fetch.queue);
	else if (in->m_axi_rid == VIO_ID_EVENT)
		axi_fail(v, bus_error(ERR_READ_EVENT, resp), v->used.queue);
	else if (in->m_axi_rid == VIO_ID_DATA)
		PUSH(axi_mishap, .code = (uint8_t)bus_error(ERR_REQ_READ_DATA, resp));
}

static void axi_aw(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (out->m_axi_awvalid && !in->m_axi_awready)
		return;
	out->m_axi_awvalid = CAN_POP(aw);
	if (!CAN_POP(aw))
		return;
	out->m_axi_awaddr = HEAD(aw)->addr;
	out->m_axi_awlen = HEAD(aw)->len;
	v->axi.ahead++;
	POP(aw);
}

/* Runs before axi_aw: the address must be out when the clock begins. */
static void axi_w(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	struct vio_axi *a = &v->axi;

	if (out->m_axi_wvalid && !in->m_axi_wready)
		return;
	out->m_axi_wvalid = CAN_POP(wbeat) && a->ahead != 0;
	if (!out->m_axi_wvalid)
		return;
	out->m_axi_wdata = HEAD(wbeat)->data;
	out->m_axi_wstrb = HEAD(wbeat)->strb;
	out->m_axi_wlast = HEAD(wbeat)->last;
	a->ahead = (uint8_t)(a->ahead - HEAD(wbeat)->last);
	POP(wbeat);
}

/* Payload may fail without harm to others; nothing else may. */
static void axi_b_error(struct vio *v, const struct vio_btag *tag, uint8_t resp)
{
	static const uint8_t codes[] = {
		[BTAG_USED] = ERR_WRITE_USED,     [BTAG_INDEX] = ERR_WRITE_IDX,     [BTAG_EVENT] = ERR_WRITE_EVENT,
		[BTAG_LANDED] = ERR_WRITE_STATUS, [BTAG_STATUS] = ERR_WRITE_STATUS, [BTAG_PART] = ERR_WRITE_USED};

	if (tag->kind == BTAG_DATA)
		PUSH(werr, .resp = resp, .queue = tag->queue, .turn = tag->turn);
	else
		axi_fail(v, bus_error(codes[tag->kind], resp), tag->queue);
}

static void axi_b(struct vio *v, const struct vio_clk *clk, const struct vio_in *in)
{
	if (!in->m_axi_bvalid || !CAN_POP(btag))
		return;
	if (in->m_axi_bresp != 0 && !v->pub.stop)
		axi_b_error(v, HEAD(btag), in->m_axi_bresp);
	else if (HEAD(btag)->kind != BTAG_DATA && HEAD(btag)->kind < BTAG_STATUS && !v->pub.stop &&
		 v->axi.err.code == ERR_NONE)
		PUSH(udone, .kind = HEAD(btag)->kind, .queue = HEAD(btag)->queue);
	POP(btag);
}

static void axi_tick(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	axi_ar(v, clk, in, out);
	axi_r(v, in);
	axi_w(v, clk, in, out);
	axi_aw(v, clk, in, out);
	axi_b(v, clk, in);
	if (v->pub.stop)
		v->axi.err.code = ERR_NONE;
}
