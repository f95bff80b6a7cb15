// SPDX-License-Identifier: Apache-2.0
// rig.h: a device with memory and disk in SystemC, for the tests of model/tlm/ and for its bench.
#ifndef TLM_TESTS_RIG_H
#define TLM_TESTS_RIG_H

#include <memory>
#include <tlm_utils/simple_initiator_socket.h>
#include "tlm/platform/dram.h"
#include "tlm/vio_base.h"
#include "traffic.h"

// What comes before the module: bytes and storage. Base-from-member, so that the device finds its storage.
struct rig_store {
	std::vector<uint8_t> memory, disk;
	std::unique_ptr<vio_disk> storage;

	explicit rig_store(unsigned disk_latency = 0) : memory(traffic_memory), disk(traffic_disk)
	{
		disk_config config{};

		for (size_t i = 0; i < disk.size(); i++)
			disk[i] = static_cast<uint8_t>((i * 0x9e3779b1u) >> 13);
		config.fd = -1;
		config.bytes = disk.data();
		config.size = disk.size();
		config.latency = disk_latency;
		storage = std::make_unique<vio_disk>(config);
	}
};

inline dram_config rig_memory(rig_store &store, unsigned latency, dmi_mode dmi)
{
	dram_config c{traffic_base, traffic_memory, store.memory.data()};

	c.read_latency = c.write_latency = latency;
	c.dmi = dmi;
	return c;
}

// A device of this kind, its memory, and a socket to its registers. Accesses keep a local time: sync() waits for it.
template <typename device> class tlm_rig : public sc_core::sc_module
{
      public:
	rig_store store;
	device dut;
	dram memory;
	tlm_utils::simple_initiator_socket<tlm_rig, 32> regs;
	sc_core::sc_signal<bool> irq;
	sc_core::sc_time local;

	tlm_rig(sc_core::sc_module_name name, const vio_config &config, unsigned latency, dmi_mode dmi)
	    : sc_module(name), dut("dut", config, *store.storage), memory("memory", rig_memory(store, latency, dmi)),
	      regs("regs"), irq("irq")
	{
		regs.bind(dut.in);
		dut.out.bind(memory.socket);
		dut.irq(irq);
	}
	uint32_t access(bool write, uint16_t addr, uint32_t data)
	{
		payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
		payload.set_address(addr);
		payload.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
		payload.set_data_length(4);
		payload.set_streaming_width(4);
		payload.set_byte_enable_ptr(nullptr);
		payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
		regs->b_transport(payload, local);
		if (!payload.is_response_ok())
			SC_REPORT_ERROR("rig", "a register access failed");
		return data;
	}
	void sync()
	{
		sc_core::wait(local);
		local = sc_core::SC_ZERO_TIME;
	}
	// Random requests, until so many are done or one is wrong. between: how a turn ends, after its requests were posted.
	void serve(traffic &driver, uint64_t requests, const std::function<void()> &between)
	{
		while (driver.finished < requests && driver.error.empty()) {
			const traffic_shape shape = driver.draw_shape();
			driver.start(shape);
			for (unsigned turns = 30; turns != 0 && driver.error.empty(); turns--) {
				sync();
				driver.take();
				if (driver.post(1 + driver.random(shape.depth)) != 0)
					driver.notify();
				between();
			}
		}
	}
	traffic_machine machine()
	{
		return traffic_machine{store.memory.data(), store.disk.data(),
				       [this](uint16_t a, uint32_t d) { access(true, a, d); },
				       [this](uint16_t a) { return access(false, a, 0); }};
	}

      private:
	tlm::tlm_generic_payload payload;
};

#endif
