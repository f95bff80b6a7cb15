// SPDX-License-Identifier: Apache-2.0
// axil_pins.h: the transactor between register accesses and the s_axil_* pins. It knows clocks, and neither SystemC nor TLM.
//
// Accesses wait in order, one is on the pins. post() puts one in the queue: its valids show from that clock on, or when
// those before it are answered. Its address and data are taken in the clock in which accepted() says so; its answer shows in
// the clock in which answered() says so, and stays until the clock for which take() was called.
#ifndef AXIL_PINS_H
#define AXIL_PINS_H

#include <cstdint>
#include <deque>
#include "vio_pins.h"

struct axil_access {
	bool write;
	uint8_t strb; // of a write
	uint16_t addr;
	uint32_t data;
	uint64_t clock; // the first in which it may show
};

class axil_pins
{
      public:
	void post(const axil_access &access) { queue_.push_back(access); }
	bool idle() const { return queue_.empty(); }
	// Accesses that are not yet taken, the one on the pins included.
	size_t waiting() const { return queue_.size(); }

	// Judged in clock, when the device shows out: the access on the pins is taken by its edge.
	bool accepted(const vio_out &out, uint64_t clock) const;
	// An answer shows.
	bool answered(const vio_out &out) const;
	uint32_t data(const vio_out &out) const { return queue_.front().write ? 0 : out.s_axil_rdata; }
	unsigned resp(const vio_out &out) const { return queue_.front().write ? out.s_axil_bresp : out.s_axil_rresp; }
	// The answer is taken by the edge of this clock, or of the first later one.
	void take(uint64_t clock) { take_ = clock; }

	void drive(vio_in &in, const vio_out &out, uint64_t clock) const;
	// The edge. True when it took an answer: the access is gone.
	bool step(const vio_in &in, const vio_out &out);

      private:
	static constexpr uint64_t never = UINT64_MAX;
	std::deque<axil_access> queue_;
	bool sent_ = false, aw_sent_ = false, w_sent_ = false;
	uint64_t take_ = never;
};

#endif
