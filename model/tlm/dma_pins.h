// SPDX-License-Identifier: Apache-2.0
// dma_pins.h: the transactors between the m_axi_* pins and bursts: what both coding styles share.
//
// A burst is one transaction: a read from its AR to its last R, a write from its last W to its B. Reads answer in the order
// in which they were asked, one beat a clock; so do writes.
#ifndef DMA_PINS_H
#define DMA_PINS_H

#include <cstdint>
#include "vio_params.h"
#include "vio_pins.h"

enum { DMA_OUTSTANDING = 64 }; // a power of two: bursts of each direction

class dma_pins
{
      public:
	virtual ~dma_pins() = default;
	// Pins of this clock, from this side's registers.
	virtual void drive(vio_in &in, uint64_t clock) const = 0;
	// The edge of this clock.
	virtual void step(const vio_in &in, const vio_out &out, uint64_t clock) = 0;
	// This clock begins, and the device shows out: what begins with it is told to the socket.
	virtual void present(const vio_out &out, uint64_t clock) = 0;
	// Nothing is under way: steps without a valid from the device change nothing.
	virtual bool idle() const = 0;
};

// AXI responses.
enum : uint8_t { AXI_OKAY = 0, AXI_SLVERR = 2, AXI_DECERR = 3 };

#endif
