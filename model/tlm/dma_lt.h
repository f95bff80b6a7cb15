// SPDX-License-Identifier: Apache-2.0
// dma_lt.h: bursts for a loosely timed memory: each is done at once, and what it says of its time is kept.
//
// A read is done in the clock that takes its AR, a write in the clock that takes its last W: AXI promises nothing later. The
// first R shows `latency` clocks after AR, at least 1, then one a clock; B shows `latency` clocks after the last W.
#ifndef DMA_LT_H
#define DMA_LT_H

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
};

class dma_lt final : public dma_pins
{
      public:
	dma_lt(dma_lt_bus &bus, unsigned outstanding) : bus_(bus), limit_(outstanding) {}
	void drive(vio_in &in, uint64_t clock) const override;
	void step(const vio_in &in, const vio_out &out, uint64_t clock) override;
	void present(const vio_out &, uint64_t) override {}
	bool idle() const override;
	uint64_t leap_clocks(const vio_out &out, uint64_t clock) const override;
	unsigned leap(uint64_t n, vio_data *rdata, const vio_data *wdata) override;

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
	void show(uint64_t clock);
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
inline void dma_lt::show(uint64_t clock)
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
	bvalid_ = 0;
	if (b_in_ != b_out_ && answers_[b_out_ & MASK].due <= clock) {
		const answer &b = answers_[b_out_++ & MASK];
		bvalid_ = 1;
		bid_ = b.id;
		bresp_ = b.resp;
	}
}

// The device takes every beat and every response: its readies never fall (model/axi.c).
inline void dma_lt::step(const vio_in &in, const vio_out &out, uint64_t clock)
{
	if (idle() && !(out.m_axi_arvalid | out.m_axi_awvalid | out.m_axi_wvalid))
		return;
	if (out.m_axi_arvalid & in.m_axi_arready)
		accept_read(out, clock);
	if (out.m_axi_awvalid & in.m_axi_awready)
		aws_[aw_in_++ & MASK] = address{out.m_axi_awaddr, out.m_axi_awid};
	if (out.m_axi_wvalid & in.m_axi_wready)
		accept_beat(out, clock);
	show(clock + 1);
}

#endif
