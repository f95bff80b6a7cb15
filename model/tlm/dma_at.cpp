// SPDX-License-Identifier: Apache-2.0
// dma_at.cpp: see dma_at.h.
#include "tlm/dma_at.h"

using tlm::tlm_phase;

dma_at::~dma_at()
{
	for (const answer &a : r_)
		a.b->release();
	for (const answer &a : b_)
		a.b->release();
}

// BEGIN_REQ, if the request channel is free in this clock.
bool dma_at::send(request &r, uint64_t clock)
{
	tlm_phase phase = tlm::BEGIN_REQ;
	uint64_t when = clock;

	if (free_ > clock)
		return false;
	r.sent = true;
	requesting_ = r.b;
	free_ = never;
	switch (bus_.forward(*r.b, phase, when)) {
	case tlm::TLM_ACCEPTED:
		break;
	case tlm::TLM_UPDATED:
		r.taken = when;
		requesting_ = nullptr;
		free_ = when;
		if (phase == tlm::BEGIN_RESP)
			respond(*r.b, when, false);
		break;
	case tlm::TLM_COMPLETED:
		r.taken = when;
		requesting_ = nullptr;
		free_ = when;
		respond(*r.b, when, true);
		break;
	}
	return true;
}

void dma_at::respond(burst &b, uint64_t clock, bool ended)
{
	(b.is_read() ? r_ : b_).push_back(answer{&b, clock, ended});
}

tlm::tlm_sync_enum dma_at::backward(burst &b, tlm_phase &phase, uint64_t clock)
{
	if (&b == requesting_) { // END_REQ, or BEGIN_RESP which implies it
		(b.is_read() ? read_ : write_).taken = clock;
		requesting_ = nullptr;
		free_ = clock + 1;
	}
	if (phase != tlm::BEGIN_RESP)
		return tlm::TLM_ACCEPTED;
	std::deque<answer> &answers = b.is_read() ? r_ : b_;
	const bool now = answers.empty() && (!b.is_read() || b.beats == 1);
	respond(b, clock, now);
	if (!now)
		return tlm::TLM_ACCEPTED;
	phase = tlm::END_RESP;
	return tlm::TLM_COMPLETED;
}

void dma_at::end(answer &a, uint64_t clock)
{
	tlm_phase phase = tlm::END_RESP;
	uint64_t when = clock;

	a.ended = true;
	bus_.forward(*a.b, phase, when);
}

// The device takes every beat and every response in the clock that shows it: its readies never fall (model/axi.c).
void dma_at::present(const vio_out &out, uint64_t clock)
{
	if (!b_.empty() && !b_.front().ended && b_.front().clock <= clock)
		end(b_.front(), clock);
	if (!r_.empty() && !r_.front().ended && r_.front().clock <= clock &&
	    r_.front().b->sent + 1 == r_.front().b->beats)
		end(r_.front(), clock);
	last_shows_ = (out.m_axi_wvalid & out.m_axi_wlast) != 0;
	if (last_shows_ && write_.b == nullptr)
		write_ = request{pool_.get()};
	if (last_shows_ && !write_.sent && !aws_.empty() && writes_ < limit_) {
		burst &b = *write_.b;
		b.put(b.beats, out.m_axi_wdata, out.m_axi_wstrb);
		b.id = aws_.front().second;
		b.set(true, aws_.front().first, (b.beats + 1) * VIO_DATA_BYTES);
		send(write_, clock);
	}
	if (out.m_axi_arvalid && read_.b == nullptr) {
		read_ = request{pool_.get()};
		read_.b->beats = out.m_axi_arlen + 1u;
		read_.b->id = out.m_axi_arid;
		read_.b->set(false, out.m_axi_araddr, read_.b->beats * VIO_DATA_BYTES);
	}
	if (read_.b != nullptr && !read_.sent && reads_ < limit_)
		send(read_, clock);
}

void dma_at::drive(vio_in &in, uint64_t clock) const
{
	in.m_axi_arready = read_.b != nullptr && read_.taken <= clock;
	in.m_axi_awready = aws_.size() + writes_ < limit_;
	in.m_axi_wready = !aws_.empty() && (!last_shows_ || write_.taken <= clock);
	in.m_axi_rvalid = !r_.empty() && r_.front().clock <= clock;
	if (in.m_axi_rvalid) {
		const burst &b = *r_.front().b;
		in.m_axi_rid = b.id;
		in.m_axi_rresp = b.axi_response();
		in.m_axi_rdata = in.m_axi_rresp == AXI_OKAY ? b.data[b.sent] : vio_data{};
		in.m_axi_rlast = b.sent + 1 == b.beats;
	}
	in.m_axi_bvalid = !b_.empty() && b_.front().clock <= clock;
	if (in.m_axi_bvalid) {
		in.m_axi_bid = b_.front().b->id;
		in.m_axi_bresp = b_.front().b->axi_response();
	}
}

// A beat of the W channel. The last one was put into the burst when it showed.
void dma_at::collect(const vio_in &in, const vio_out &out)
{
	if (!(out.m_axi_wvalid & in.m_axi_wready))
		return;
	if (write_.b == nullptr)
		write_ = request{pool_.get()};
	if (!out.m_axi_wlast) {
		write_.b->put(write_.b->beats++, out.m_axi_wdata, out.m_axi_wstrb);
		return;
	}
	write_ = request{};
	aws_.pop_front();
	writes_++;
}

void dma_at::step(const vio_in &in, const vio_out &out, uint64_t)
{
	if (in.m_axi_rvalid && ++r_.front().b->sent == r_.front().b->beats) {
		r_.front().b->release();
		r_.pop_front();
		reads_--;
	}
	if (in.m_axi_bvalid) {
		b_.front().b->release();
		b_.pop_front();
		writes_--;
	}
	collect(in, out);
	if (out.m_axi_awvalid & in.m_axi_awready)
		aws_.emplace_back(out.m_axi_awaddr, out.m_axi_awid);
	if (out.m_axi_arvalid & in.m_axi_arready) {
		read_ = request{};
		reads_++;
	}
}

bool dma_at::idle() const
{
	return reads_ == 0 && writes_ == 0 && aws_.empty() && read_.b == nullptr && write_.b == nullptr;
}
