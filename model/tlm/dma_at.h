// SPDX-License-Identifier: Apache-2.0
// dma_at.h: bursts by the four phases of nb_transport (IEEE 1666-2011, 15.2), at the clocks of the pins.
//
//                 read                                       write
//     BEGIN_REQ   AR shows                                   the last W shows: the payload is complete
//     END_REQ     AR is taken (ARREADY)                      the last W is taken (WREADY)
//     BEGIN_RESP  the first R shows                          B shows
//     END_RESP    the last R is taken                        B is taken
//
// The base protocol has one request and one response under way at a time (15.2.6), AXI has channels of each direction. So a
// write whose BEGIN_REQ meets a request without END_REQ waits a clock or more, with WREADY low, and the other way round;
// when both may begin in one clock the write goes first. END_REQ counts in the clock in which it comes: a clock begins at
// its multiple of the period, and a phase at that very time belongs to the clock that begins.
#ifndef DMA_AT_H
#define DMA_AT_H

#include <deque>
#include "tlm/burst.h"
#include "tlm/dma_pins.h"

// What makes the calls.
class dma_at_bus
{
      public:
	virtual ~dma_at_bus() = default;
	// nb_transport_fw now. clock becomes that of the annotated time.
	virtual tlm::tlm_sync_enum forward(burst &b, tlm::tlm_phase &phase, uint64_t &clock) = 0;
};

class dma_at : public dma_pins
{
      public:
	dma_at(dma_at_bus &bus, unsigned outstanding) : bus_(bus), limit_(outstanding) {}
	~dma_at() override;
	void drive(vio_in &in, uint64_t clock) const override;
	void step(const vio_in &in, const vio_out &out, uint64_t clock) override;
	void present(const vio_out &out, uint64_t clock) override;
	bool idle() const override;
	// nb_transport_bw, in this clock.
	tlm::tlm_sync_enum backward(burst &b, tlm::tlm_phase &phase, uint64_t clock);

      private:
	static constexpr uint64_t never = UINT64_MAX;
	// What a channel shows, and what became of it.
	struct request {
		burst *b = nullptr;
		bool sent = false;
		uint64_t taken = never; // clock of END_REQ
	};
	struct answer {
		burst *b;
		uint64_t clock; // of BEGIN_RESP
		bool ended;     // END_RESP was given
	};

	bool send(request &r, uint64_t clock);
	void respond(burst &b, uint64_t clock, bool ended);
	void end(answer &a, uint64_t clock);
	void collect(const vio_in &in, const vio_out &out);

	dma_at_bus &bus_;
	burst_pool pool_;
	unsigned limit_;
	request read_, write_; // on AR; the burst of the W channel
	uint64_t free_ = 0;    // clock from which on a request may begin; never: one is under way
	const burst *requesting_ = nullptr;
	std::deque<std::pair<uint64_t, uint8_t>> aws_; // taken addresses whose data is not complete
	unsigned reads_ = 0, writes_ = 0;              // under way
	std::deque<answer> r_, b_;
	bool last_shows_ = false; // the last W of a burst is on the pins
};

#endif
