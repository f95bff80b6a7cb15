// SPDX-License-Identifier: Apache-2.0
// traffic.h: a driver that makes random requests of a device, for the tests of model/tlm/ and for its bench.
//
// It knows virtio from the specification, and of the device its registers only. A session has a shape: split or packed ring,
// indirect or not, so many segments, such lengths. Each finished request is checked: status, used length, payload against
// the disk. The first thing that is wrong stays in error.
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>
extern "C" {
#include "../bench/ring.h"
#include "sim.h"
}

struct traffic_shape {
	bool packed, indirect;
	unsigned segments, depth; // depth: at most 32, and its chains fit the ring
	uint32_t bytes;           // of each segment: a multiple of 4 below 8192; all together of 512
	unsigned offset;          // of each segment from 4 KiB
	int mix;                  // 0: reads, 1: writes, 2: both in turn, 3: anything at random
	unsigned skew;            // more offset from one segment to the next
};

// What the driver works with. Registers are accessed by these; both may block.
struct traffic_machine {
	uint8_t *memory; // traffic_memory bytes at address traffic_base
	uint8_t *disk;   // traffic_disk bytes, whose state after each write is known to the driver
	std::function<void(uint16_t, uint32_t)> write;
	std::function<uint32_t(uint16_t)> read;
};

enum : uint64_t { traffic_base = 0x80000000, traffic_memory = 1 << 21, traffic_disk = 1 << 20 };

class traffic
{
      public:
	traffic(traffic_machine machine, uint64_t seed);

	traffic_shape draw_shape();
	void start(const traffic_shape &shape); // resets the device and brings it up
	unsigned post(unsigned most);           // posts up to so many, gives how many
	void notify();
	unsigned take(); // takes what is finished, and checks it
	void ack();      // InterruptStatus, and its acknowledgement
	uint32_t random(uint32_t below) { return sim_rng_below(&rng_, below); }
	unsigned in_flight() const { return in_flight_; }
	// The memory moved.
	void set_memory(uint8_t *memory);

	std::string error;
	uint64_t finished = 0;

      private:
	struct slot {
		bool busy, out;
		uint64_t sector;
	};
	uint32_t segment_at(unsigned id, unsigned n) const;
	uint32_t bytes() const { return shape_.bytes * shape_.segments; }
	void check(unsigned id, uint32_t len);

	traffic_machine m_;
	sim_rng rng_;
	traffic_shape shape_{};
	ring ring_{};
	std::vector<slot> slots_;
	std::vector<uint8_t> disk_; // as it must be
	unsigned in_flight_ = 0;
};

#endif
