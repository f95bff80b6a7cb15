// SPDX-License-Identifier: Apache-2.0
// axil_pins.cpp: see axil_pins.h.
#include "tlm/axil_pins.h"

bool axil_pins::accepted(const vio_out &out, uint64_t clock) const
{
	if (queue_.empty() || sent_ || queue_.front().clock > clock)
		return false;
	if (!queue_.front().write)
		return out.s_axil_arready;
	return (aw_sent_ || out.s_axil_awready) && (w_sent_ || out.s_axil_wready);
}

bool axil_pins::answered(const vio_out &out) const
{
	return sent_ && (queue_.front().write ? out.s_axil_bvalid : out.s_axil_rvalid);
}

void axil_pins::drive(vio_in &in, const vio_out &out, uint64_t clock) const
{
	const bool shows = !queue_.empty() && !sent_ && queue_.front().clock <= clock;
	const bool takes = answered(out) && take_ <= clock;

	in.s_axil_arvalid = in.s_axil_awvalid = in.s_axil_wvalid = 0;
	in.s_axil_rready = in.s_axil_bready = 0;
	if (queue_.empty())
		return;
	const axil_access &a = queue_.front();
	if (a.write) {
		in.s_axil_awaddr = a.addr;
		in.s_axil_wdata = a.data;
		in.s_axil_wstrb = a.strb;
		in.s_axil_awvalid = shows && !aw_sent_;
		in.s_axil_wvalid = shows && !w_sent_;
		in.s_axil_bready = takes;
	} else {
		in.s_axil_araddr = a.addr;
		in.s_axil_arvalid = shows;
		in.s_axil_rready = takes;
	}
}

bool axil_pins::step(const vio_in &in, const vio_out &out)
{
	if ((in.s_axil_rready & out.s_axil_rvalid) | (in.s_axil_bready & out.s_axil_bvalid)) {
		queue_.pop_front();
		sent_ = aw_sent_ = w_sent_ = false;
		take_ = never;
		return true;
	}
	aw_sent_ |= (in.s_axil_awvalid & out.s_axil_awready) != 0;
	w_sent_ |= (in.s_axil_wvalid & out.s_axil_wready) != 0;
	sent_ |= (in.s_axil_arvalid & out.s_axil_arready) != 0 || (aw_sent_ && w_sent_);
	return false;
}
