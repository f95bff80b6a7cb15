/* SPDX-License-Identifier: Apache-2.0
 * port.c: the storage port's pins. Twin of rtl/port.v.
 *
 * Registers between FIFOs and pins, nothing else. Ready pins are registers too, so they fall while there is still room
 * for the beat that may be on its way. Under stop it offers nothing; the backend drops what it had.
 */

/* A ready pin is up: there is room for this beat, and for two that may be on their way. */
#define PORT_ROOM(f, level) ((level) <= D_##f - 3)

static void port_cmd(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (out->be_cmd_valid && !in->be_cmd_ready)
		return;
	out->be_cmd_valid = CAN_POP(cmd);
	if (!CAN_POP(cmd))
		return;
	out->be_cmd_op = HEAD(cmd)->op;
	out->be_cmd_sector = HEAD(cmd)->sector;
	out->be_cmd_len = HEAD(cmd)->len;
	POP(cmd);
}

static void port_w(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (out->be_wvalid && !in->be_wready)
		return;
	out->be_wvalid = CAN_POP(data_beat);
	if (!CAN_POP(data_beat))
		return;
	out->be_wdata = HEAD(data_beat)->data;
	out->be_werr = HEAD(data_beat)->resp != 0;
	POP(data_beat);
}

static void port_r(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (in->be_rvalid && out->be_rready)
		PUSH(store, .data = in->be_rdata);
	out->be_rready = PORT_ROOM(store, clk->store_level);
}

static void port_rsp(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (in->be_rsp_valid && out->be_rsp_ready)
		PUSH(rsp, .status = in->be_rsp_status);
	out->be_rsp_ready = PORT_ROOM(rsp, clk->rsp_level);
}

static void port_tick(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	port_cmd(v, clk, in, out);
	port_w(v, clk, in, out);
	port_r(v, clk, in, out);
	port_rsp(v, clk, in, out);
}

static void port_reset(struct vio_out *out)
{
	out->be_cmd_valid = out->be_wvalid = 0;
	out->be_rready = out->be_rsp_ready = 0;
}
