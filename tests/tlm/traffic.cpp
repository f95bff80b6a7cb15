// SPDX-License-Identifier: Apache-2.0
// traffic.cpp: see traffic.h.
#include "traffic.h"
#include "vio.h"

#include <cstring>

namespace
{
enum { RINGS = 0, HEADERS = 0x10000, STATUSES = 0x11000, TABLES = 0x18000, PAYLOADS = 0x80000, STRIDE = 0xc000 };
enum { T_IN = 0, T_OUT = 1, GUARD = 0xa5 };
} // namespace

traffic::traffic(traffic_machine machine, uint64_t seed)
    : m_(std::move(machine)), disk_(m_.disk, m_.disk + traffic_disk)
{
	sim_rng_init(&rng_, seed);
}

void traffic::set_memory(uint8_t *memory)
{
	m_.memory = memory;
	ring_.config.memory = memory;
}

traffic_shape traffic::draw_shape()
{
	static const unsigned lengths[] = {512, 512, 1024, 2048, 4096};
	traffic_shape s{};

	s.packed = random(2) != 0;
	s.indirect = random(4) == 0;
	s.bytes = lengths[random(5)];
	s.segments = 1;
	if (random(3) == 0) { // odd pieces that make whole sectors
		s.segments = 4;
		s.bytes = 128 * (1 + random(4));
	} else if (random(3) == 0) {
		s.segments = 1 + random(4);
	}
	s.depth = 1 + random(12);
	s.offset = random(2) != 0 ? 0 : random(200);
	s.mix = static_cast<int>(random(4));
	s.skew = random(2) != 0 ? 0 : random(9);
	return s;
}

uint32_t traffic::segment_at(unsigned id, unsigned n) const
{
	return PAYLOADS + id * STRIDE + n * 0x3000 + 4096 + shape_.offset + n * shape_.skew;
}

void traffic::start(const traffic_shape &shape)
{
	const ring_config config = {shape.packed, shape.indirect, shape.segments + 2, m_.memory, traffic_base,
				    RINGS,        TABLES};

	shape_ = shape;
	m_.write(REG_Status, 0);
	disk_.assign(m_.disk, m_.disk + traffic_disk); // what was in flight may have been done, or not
	memset(m_.memory + RINGS, 0, RING_BYTES);
	ring_init(&ring_, &config);
	slots_.assign(shape.depth, slot{});
	in_flight_ = 0;
	m_.write(REG_Status, 1);
	m_.write(REG_Status, 3);
	m_.write(REG_DriverFeaturesSel, 0);
	m_.write(REG_DriverFeatures, shape.indirect ? 1u << 28 : 0);
	m_.write(REG_DriverFeaturesSel, 1);
	m_.write(REG_DriverFeatures, 1u | (shape.packed ? 4u : 0));
	m_.write(REG_Status, 0xb);
	m_.write(REG_QueueSel, 0);
	m_.write(REG_QueueNum, ring_.num);
	m_.write(REG_QueueDescLow, static_cast<uint32_t>(ring_desc(&ring_)));
	m_.write(REG_QueueDriverLow, static_cast<uint32_t>(ring_driver(&ring_)));
	m_.write(REG_QueueDeviceLow, static_cast<uint32_t>(ring_device(&ring_)));
	m_.write(REG_QueueReady, 1);
	m_.write(REG_Status, 0xf);
	if (m_.read(REG_Status) != 0xf && error.empty())
		error = "the device refuses the driver";
}

unsigned traffic::post(unsigned most)
{
	const uint64_t sectors = traffic_disk / 512, span = bytes() / 512;
	unsigned posted = 0;

	for (unsigned id = 0; id < shape_.depth && posted < most; id++) {
		slot &s = slots_[id];
		ring_buffer buffers[RING_CHAIN];
		uint8_t *header = m_.memory + HEADERS + 16 * id;
		if (s.busy)
			continue;
		s.busy = true;
		s.out = shape_.mix == 3 ? random(2) != 0 : shape_.mix == 2 ? id % 2 != 0 : shape_.mix == 1;
		// Those in flight must not meet on the disk: each id has a part of it.
		s.sector = id * (sectors / 32) + random(static_cast<uint32_t>(sectors / 32 - span + 1));
		memset(header, 0, 16);
		header[0] = s.out ? T_OUT : T_IN;
		memcpy(header + 8, &s.sector, 8);
		memset(m_.memory + STATUSES + 8 * id, GUARD, 8);
		buffers[0] = ring_buffer{traffic_base + HEADERS + 16 * id, 16, false};
		for (unsigned n = 0; n < shape_.segments; n++) {
			uint8_t *at = m_.memory + segment_at(id, n);
			memset(at - 8, GUARD, 8);
			memset(at + shape_.bytes, GUARD, 8);
			buffers[1 + n] = ring_buffer{traffic_base + segment_at(id, n), shape_.bytes, !s.out};
			for (unsigned i = 0; s.out && i < shape_.bytes; i += 64) {
				const uint32_t mark = sim_rng_next(&rng_);
				memcpy(at + i, &mark, 4);
			}
			if (!s.out)
				at[random(shape_.bytes)] ^= 0x5a;
			if (s.out)
				memcpy(disk_.data() + s.sector * 512 + n * shape_.bytes, at, shape_.bytes);
		}
		buffers[1 + shape_.segments] = ring_buffer{traffic_base + STATUSES + 8 * id, 1, true};
		ring_post(&ring_, id, buffers);
		posted++;
		in_flight_++;
	}
	return posted;
}

void traffic::notify()
{
	m_.write(REG_QueueNotify, 0);
}

void traffic::ack()
{
	const uint32_t status = m_.read(REG_InterruptStatus);

	if (status != 0)
		m_.write(REG_InterruptACK, status);
}

// Bytes beside a buffer are nobody's to write.
static bool guarded(const uint8_t *bytes, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		if (bytes[i] != GUARD)
			return false;
	return true;
}

void traffic::check(unsigned id, uint32_t len)
{
	slot &s = slots_[id];

	if (m_.memory[STATUSES + 8 * id] != 0 || len != (s.out ? 1 : bytes() + 1))
		error = "request " + std::to_string(finished) + ": status " +
			std::to_string(m_.memory[STATUSES + 8 * id]) + ", used length " + std::to_string(len);
	for (unsigned n = 0; n < shape_.segments && error.empty(); n++) {
		const uint8_t *want = disk_.data() + s.sector * 512 + n * shape_.bytes;
		if (memcmp(m_.memory + segment_at(id, n), want, shape_.bytes) != 0)
			error = "request " + std::to_string(finished) + ": wrong payload in memory";
		const uint8_t *at = m_.memory + segment_at(id, n);
		if (!guarded(at - 8, 8) || !guarded(at + shape_.bytes, 8))
			error = "request " + std::to_string(finished) + ": bytes beside its payload were written";
	}
	if (!guarded(m_.memory + STATUSES + 8 * id + 1, 7))
		error = "request " + std::to_string(finished) + ": bytes beside its status were written";
	if (s.out && memcmp(m_.disk + s.sector * 512, disk_.data() + s.sector * 512, bytes()) != 0)
		error = "request " + std::to_string(finished) + ": wrong payload on the disk";
}

unsigned traffic::take()
{
	unsigned id, n = 0;
	uint32_t len;

	while (error.empty() && ring_take(&ring_, &id, &len)) {
		if (id >= shape_.depth || !slots_[id].busy) {
			error = "a used element names no chain in flight";
			break;
		}
		check(id, len);
		slots_[id].busy = false;
		in_flight_--;
		finished++;
		n++;
	}
	return n;
}
