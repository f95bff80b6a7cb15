// SPDX-License-Identifier: Apache-2.0
// example.cpp: the disk in a platform of one's own: a hart that reads registers, and a memory for the disk's DMA.
//
//     g++ -std=c++17 example.cpp $(pkg-config --cflags --libs ringwalk) -o example && ./example
#include <cstdio>
#include "tlm/vio_tlm.h"
using namespace sc_core;

struct memory : sc_module { // DMA comes in bursts; byte enables say which bytes of a write count
	tlm_utils::simple_target_socket<memory, VIO_DATA_W> socket;
	std::vector<unsigned char> bytes;
	explicit memory(sc_module_name name) : sc_module(name), socket("socket"), bytes(1 << 20)
	{
		socket.register_b_transport(this, &memory::b_transport);
	}
	void b_transport(tlm::tlm_generic_payload &p, sc_time &)
	{
		const unsigned char *enables = p.get_byte_enable_ptr();
		if (p.get_address() >= bytes.size() || p.get_data_length() > bytes.size() - p.get_address())
			return p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		for (unsigned i = 0; i < p.get_data_length(); i++) {
			unsigned char &byte = bytes[p.get_address() + i], &data = p.get_data_ptr()[i];
			if (enables == nullptr || enables[i % p.get_byte_enable_length()] == TLM_BYTE_ENABLED)
				(p.is_write() ? byte : data) = p.is_write() ? data : byte;
		}
		p.set_response_status(tlm::TLM_OK_RESPONSE);
	}
};

struct hart : sc_module {
	tlm_utils::simple_initiator_socket<hart, 32> socket;
	SC_CTOR(hart) : socket("socket") { SC_THREAD(run); }
	uint32_t read(uint64_t address, sc_time &delay)
	{
		uint32_t data = 0;
		tlm::tlm_generic_payload p;
		p.set_read();
		p.set_address(address);
		p.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
		p.set_data_length(4);
		p.set_streaming_width(4);
		socket->b_transport(p, delay);
		return data;
	}
	void run()
	{
		sc_time delay = SC_ZERO_TIME;
		const uint32_t magic = read(0x000, delay), kind = read(0x008, delay), sectors = read(0x100, delay);
		printf("magic 0x%08x, device %u, %u sectors, %s\n", magic, kind, sectors, delay.to_string().c_str());
	}
};

int sc_main(int, char **)
{
	std::vector<unsigned char> bytes(1 << 20);
	disk_config config = {};
	config.fd = -1; // memory; or the descriptor of a raw image
	config.bytes = bytes.data();
	config.size = bytes.size();
	vio_disk storage(config);
	vio_tlm disk("disk", vio_config(), storage);
	memory dram("dram");
	hart cpu("cpu");
	sc_signal<bool> irq("irq");
	cpu.socket.bind(disk.in);
	disk.out.bind(dram.socket);
	disk.irq(irq);
	sc_start(1, SC_MS);
	return 0;
}
