// SPDX-License-Identifier: Apache-2.0
// dma_lt.h: bursts for a loosely timed memory: each is done at once, and what it says of its time is kept.
//
// A read is done in the clock that takes its AR, a write in the clock that takes its last W: AXI promises nothing later. The
// first R shows `latency` clocks after AR, at least 1, then one a clock; B shows `latency` clocks after the last W.
//
// In a leap (leap.h) the beats of streams move at its end, by leap_r and leap_w: take is R, store is W.
#ifndef DMA_LT_H
#define DMA_LT_H

#include <algorithm>
#include "leap.h"
#include "tlm/dma_pins.h"

// What does the transfers.
class dma_lt_bus
{
      public:
	virtual ~dma_lt_bus() = default;
	// len bytes of the burst that is accepted in this clock. strb: a byte for each byte, 0: leave it alone; NULL: all.
	// Gives the response, and the clocks until it may show.
	virtual uint8_t transfer(bool write, uint64_t addr, uint8_t *data, const uint8_t *strb, unsigned len,
				 uint64_t clock, uint64_t &latency) = 0;
	// Such a transfer is a copy, in which nobody else can run.
	virtual bool is_copy(bool write, uint64_t addr, unsigned len) const = 0;
};

class dma_lt final : public dma_pins
{
      public:
	dma_lt(dma_lt_bus &bus, unsigned outstanding) : bus_(bus), limit_(outstanding) {}
	void drive(vio_in &in, uint64_t clock) const override;
	void step(const vio_in &in, const vio_out &out, uint64_t clock) override;
	void present(const vio_out &, uint64_t) override {}
	bool idle() const override;

	// How many clocks from this one on the beats of R and of W go on.
	uint64_t stream_clocks(const struct vio_leap &l, uint64_t clock) const;
	// How many clocks from this one on no other pin of this side changes, while none of the device's does.
	uint64_t rest(const struct vio_leap &l, uint64_t clock) const;
	// This clock is the next one, after a rest.
	void wake(const struct vio_leap &l, uint64_t clock);
	// The edge of this clock, but for the streams; and whether a leap may have it.
	void step_rest(const struct vio_leap &l, const vio_in &in, const vio_out &out, uint64_t clock);
	bool may(const struct vio_leap &l, const vio_in &in, const vio_out &out) const;
	// n beats of R, which become m_axi_rdata of each clock. Gives how many of these show m_axi_rlast.
	unsigned leap_r(uint64_t n, vio_data *rdata);
	// n beats of W, the last of them in this clock. last: it shows m_axi_wlast.
	void leap_w(uint64_t n, const vio_data *wdata, bool last, uint64_t clock);

      private:
	struct read {
		uint64_t due;
		uint16_t beats, sent;
		uint8_t id, resp;
	};
	struct answer {
		uint64_t due;
		uint8_t id, resp;
	};
	struct address {
		uint64_t addr;
		uint8_t id;
	};
	enum { MASK = DMA_OUTSTANDING - 1 };

	void accept_read(const vio_out &out, uint64_t clock);
	void accept_beat(const vio_out &out, uint64_t clock);
	void write(uint64_t clock);
	void show_r(uint64_t clock);
	void show_b(uint64_t clock);
	uint64_t beats_due(uint64_t clock) const;

	dma_lt_bus &bus_;
	unsigned limit_;
	// Pins.
	uint8_t rvalid_ = 0, rlast_ = 0, rid_ = 0, rresp_ = 0, bvalid_ = 0, bid_ = 0, bresp_ = 0;
	vio_data rdata_{};
	// Rings, indexed by free-running counts.
	read reads_[DMA_OUTSTANDING];
	address aws_[DMA_OUTSTANDING];
	answer answers_[DMA_OUTSTANDING];
	uint32_t r_in_ = 0, r_out_ = 0, aw_in_ = 0, aw_out_ = 0, b_in_ = 0, b_out_ = 0;
	unsigned w_beats_ = 0; // of the burst that is coming in
	bool w_whole_ = true;  // every strobe so far was set
	vio_data rbuf_[DMA_OUTSTANDING][VIO_BURST_BEATS];
	vio_data wbuf_[VIO_BURST_BEATS];
	uint8_t wstrb_[VIO_BURST_BEATS * VIO_DATA_BYTES];
};

inline void dma_lt::drive(vio_in &in, uint64_t) const
{
	in.m_axi_rdata = rdata_;
	in.m_axi_rvalid = rvalid_;
	in.m_axi_rlast = rlast_;
	in.m_axi_rid = rid_;
	in.m_axi_rresp = rresp_;
	in.m_axi_bvalid = bvalid_;
	in.m_axi_bid = bid_;
	in.m_axi_bresp = bresp_;
	in.m_axi_arready = r_in_ - r_out_ < limit_;
	in.m_axi_awready = aw_in_ - b_out_ < limit_;
	in.m_axi_wready = aw_in_ != aw_out_;
}

inline bool dma_lt::idle() const
{
	return r_in_ == r_out_ && aw_in_ == b_out_ && !rvalid_ && !bvalid_;
}

// The pins of the clock that comes.
inline void dma_lt::show_r(uint64_t clock)
{
	rvalid_ = 0;
	if (r_in_ != r_out_ && reads_[r_out_ & MASK].due <= clock) {
		read &r = reads_[r_out_ & MASK];
		rvalid_ = 1;
		rdata_ = rbuf_[r_out_ & MASK][r.sent++];
		rid_ = r.id;
		rresp_ = r.resp;
		rlast_ = r.sent == r.beats;
		if (rlast_)
			r_out_++;
	}
}

inline void dma_lt::show_b(uint64_t clock)
{
	bvalid_ = 0;
	if (b_in_ != b_out_ && answers_[b_out_ & MASK].due <= clock) {
		const answer &b = answers_[b_out_++ & MASK];
		bvalid_ = 1;
		bid_ = b.id;
		bresp_ = b.resp;
	}
}

// The device takes every beat and every response: its readies never fall (model/axi.c).
inline void dma_lt::step_rest(const struct vio_leap &l, const vio_in &in, const vio_out &out, uint64_t clock)
{
	if (idle() && !(out.m_axi_arvalid | out.m_axi_awvalid | out.m_axi_wvalid))
		return;
	if (out.m_axi_arvalid & in.m_axi_arready)
		accept_read(out, clock);
	if (out.m_axi_awvalid & in.m_axi_awready)
		aws_[aw_in_++ & MASK] = address{out.m_axi_awaddr, out.m_axi_awid};
	if (!l.store && (out.m_axi_wvalid & in.m_axi_wready))
		accept_beat(out, clock);
	if (!l.take)
		show_r(clock + 1);
	show_b(clock + 1);
}

inline void dma_lt::step(const vio_in &in, const vio_out &out, uint64_t clock)
{
	step_rest(vio_leap{}, in, out, clock);
}

inline uint64_t dma_lt::rest(const struct vio_leap &l, uint64_t clock) const
{
	uint64_t n = UINT64_MAX;

	if (!l.take && r_in_ != r_out_)
		n = reads_[r_out_ & MASK].due - clock;
	if (b_in_ != b_out_)
		n = std::min(n, answers_[b_out_ & MASK].due - clock);
	return n;
}

inline void dma_lt::wake(const struct vio_leap &l, uint64_t clock)
{
	if (!l.take)
		show_r(clock);
	show_b(clock);
}

// Nor when arready may be low for a burst of which the leap has shown the end.
inline bool dma_lt::may(const struct vio_leap &l, const vio_in &in, const vio_out &out) const
{
	if (l.take && r_in_ - r_out_ >= limit_)
		return false;
	if ((out.m_axi_arvalid & in.m_axi_arready) &&
	    !bus_.is_copy(false, out.m_axi_araddr, (out.m_axi_arlen + 1u) * VIO_DATA_BYTES))
		return false;
	return l.store || !(out.m_axi_wvalid & in.m_axi_wready & out.m_axi_wlast) ||
	       bus_.is_copy(true, aws_[aw_out_ & MASK].addr, (w_beats_ + 1) * VIO_DATA_BYTES);
}

#endif
