/* SPDX-License-Identifier: Apache-2.0
 * activity.c: see activity.h.
 */
#include "trace/activity.h"

static bool moves(const struct vio_in *in, const struct vio_out *out)
{
	return (out->m_axi_arvalid & in->m_axi_arready) | (in->m_axi_rvalid & out->m_axi_rready) |
	       (out->m_axi_awvalid & in->m_axi_awready) | (out->m_axi_wvalid & in->m_axi_wready) |
	       (in->m_axi_bvalid & out->m_axi_bready) | (out->be_cmd_valid & in->be_cmd_ready) |
	       (out->be_wvalid & in->be_wready) | (in->be_rvalid & out->be_rready) |
	       (in->be_rsp_valid & out->be_rsp_ready) | (in->s_axil_awvalid & out->s_axil_awready) |
	       (in->s_axil_wvalid & out->s_axil_wready) | (out->s_axil_bvalid & in->s_axil_bready) |
	       (in->s_axil_arvalid & out->s_axil_arready) | (out->s_axil_rvalid & in->s_axil_rready);
}

static bool offers(const struct vio_out *out)
{
	return out->m_axi_arvalid | out->m_axi_awvalid | out->m_axi_wvalid | out->be_cmd_valid | out->be_wvalid;
}

static void follow(struct activity *a, const struct vio_in *in, const struct vio_out *out)
{
	a->reads += out->m_axi_arvalid & in->m_axi_arready;
	a->reads -= a->reads && (in->m_axi_rvalid & out->m_axi_rready & in->m_axi_rlast);
	a->writes += out->m_axi_awvalid & in->m_axi_awready;
	a->writes -= a->writes && (in->m_axi_bvalid & out->m_axi_bready);
	a->commands += out->be_cmd_valid & in->be_cmd_ready;
	a->commands -= a->commands && (in->be_rsp_valid & out->be_rsp_ready);
}

void activity_step(struct activity *a, bool idle, const struct vio_in *in, const struct vio_out *out)
{
	if (idle)
		a->idle++;
	else if (!moves(in, out) && (a->reads || a->writes || a->commands || offers(out)))
		a->stalled++;
	else
		a->busy++;
	follow(a, in, out);
	if (in->be_stopped)
		a->commands = 0;
}

void activity_reset(struct activity *a)
{
	a->reads = a->writes = a->commands = 0;
}
