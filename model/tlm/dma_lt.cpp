// SPDX-License-Identifier: Apache-2.0
// dma_lt.cpp: see dma_lt.h.
#include "tlm/dma_lt.h"

#include <algorithm>
#include <cstring>

void dma_lt::accept_read(const vio_out &out, uint64_t clock)
{
	read &r = reads_[r_in_ & MASK];
	uint64_t latency = 0;

	r.beats = static_cast<uint16_t>(out.m_axi_arlen + 1);
	r.sent = 0;
	r.id = out.m_axi_arid;
	r.resp = bus_.transfer(false, out.m_axi_araddr, reinterpret_cast<uint8_t *>(rbuf_[r_in_ & MASK]), nullptr,
			       r.beats * VIO_DATA_BYTES, clock, latency);
	if (r.resp != AXI_OKAY)
		memset(rbuf_[r_in_ & MASK], 0, r.beats * VIO_DATA_BYTES);
	r.due = clock + std::max<uint64_t>(latency, 1);
	r_in_++;
}

void dma_lt::accept_beat(const vio_out &out, uint64_t clock)
{
	wbuf_[w_beats_] = out.m_axi_wdata;
	if (out.m_axi_wstrb != VIO_STRB_ALL) {
		if (w_whole_)
			memset(wstrb_, 0xff, out.m_axi_wlast ? VIO_DATA_BYTES * (w_beats_ + 1) : sizeof wstrb_);
		w_whole_ = false;
		for (unsigned i = 0; i < VIO_DATA_BYTES; i++)
			wstrb_[w_beats_ * VIO_DATA_BYTES + i] = (out.m_axi_wstrb >> i & 1) != 0 ? 0xff : 0;
	}
	w_beats_++;
	if (out.m_axi_wlast)
		write(clock);
}

// The burst that has come in.
void dma_lt::write(uint64_t clock)
{
	const address &aw = aws_[aw_out_++ & MASK];
	answer &b = answers_[b_in_++ & MASK];
	uint64_t latency = 0;

	b.id = aw.id;
	b.resp = bus_.transfer(true, aw.addr, reinterpret_cast<uint8_t *>(wbuf_), w_whole_ ? nullptr : wstrb_,
			       w_beats_ * VIO_DATA_BYTES, clock, latency);
	b.due = clock + std::max<uint64_t>(latency, 1);
	w_beats_ = 0;
	w_whole_ = true;
}

// Beats that follow the one on the pins without a pause, and are like it.
uint64_t dma_lt::beats_due(uint64_t clock) const
{
	uint64_t n = 0;

	for (uint32_t i = r_out_; i != r_in_ && n < VIO_BURST_BEATS; i++) {
		const read &r = reads_[i & MASK];
		if (r.due > clock || r.id != rid_ || r.resp != rresp_)
			break;
		n += r.beats - r.sent;
	}
	return n;
}

uint64_t dma_lt::stream_clocks(const struct vio_leap &l, uint64_t clock) const
{
	const uint64_t r = l.take ? beats_due(clock) : UINT64_MAX;

	return l.store ? std::min<uint64_t>(r, VIO_BURST_BEATS - w_beats_) : r;
}

unsigned dma_lt::leap_r(uint64_t n, vio_data *rdata)
{
	unsigned lasts = 0;

	for (uint64_t i = 0; i < n;) {
		read &r = reads_[r_out_ & MASK];
		const uint64_t beats = std::min<uint64_t>(n - i, r.beats - r.sent);
		lasts += rlast_;
		rdata[i] = rdata_;
		memcpy(rdata + i + 1, rbuf_[r_out_ & MASK] + r.sent, (beats - 1) * sizeof *rdata);
		r.sent = static_cast<uint16_t>(r.sent + beats);
		rdata_ = rbuf_[r_out_ & MASK][r.sent - 1];
		rlast_ = r.sent == r.beats;
		r_out_ += rlast_;
		i += beats;
	}
	return lasts;
}

void dma_lt::leap_w(uint64_t n, const vio_data *wdata, bool last, uint64_t clock)
{
	memcpy(wbuf_ + w_beats_, wdata, n * sizeof *wdata);
	w_beats_ += static_cast<unsigned>(n);
	if (!last)
		return;
	write(clock);
	if (!bvalid_)
		show_b(clock + 1);
}
