// SPDX-License-Identifier: Apache-2.0
// hart.h: the project's CPU (sim/cpu/) as a TLM initiator.
//
// The hart executes the instruction of clock n in the middle of that clock, so that nothing else happens at the same time:
// edges are at multiples of the period. Devices on the bus it reaches by the socket, DRAM by the pointer that the CPU is given.
// It runs ahead of SystemC by up to the quantum, but gives the quantum up while a device can change: then both go clock by
// clock. So a quantum, or DMI, changes no clock of any event, in either coding style.
#ifndef HART_H
#define HART_H

#include <functional>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include "tlm/vio_base.h"
extern "C" {
#include "cpu/cpu.h"
#include "soc/clint.h"
#include "soc/map.h"
#include "soc/plic.h"
#include "soc/rtc.h"
#include "soc/uart.h"
}

enum hart_end { HART_RUNNING, HART_FINISHED, HART_MAX_CYCLES, HART_STUCK, HART_RESET, HART_LOST };

struct hart_config {
	uint64_t dram_size, entry, max_cycles, quantum; // clocks; max_cycles 0: no limit
	uint8_t *dram;
	uint64_t args[3];   // a0, a1, a2
	uint64_t rtc_start; // seconds since 1970
	bool at;            // accesses to device slots are four-phase
	sc_core::sc_time period{10, sc_core::SC_NS};
};

class hart : public sc_core::sc_module
{
      public:
	tlm_utils::simple_initiator_socket<hart, 32> bus;

	hart(sc_core::sc_module_name name, const hart_config &config);
	~hart() override;
	// A device and its interrupt line, in this slot.
	void attach(unsigned slot, vio_base &device, sc_core::sc_signal<bool> &irq);

	cpu *core;
	clint timer{};
	plic irqs{};
	uart serial{};
	rtc calendar{};
	hart_end end = HART_RUNNING;
	uint32_t code = 0;
	std::function<void()> ended;

      private:
	struct slot {
		vio_base *device = nullptr;
		sc_core::sc_signal<bool> *irq = nullptr;
	};
	static bool load(void *ctx, uint64_t addr, unsigned len, uint64_t *data);
	static bool store(void *ctx, uint64_t addr, unsigned len, uint64_t data);
	static uint64_t time(void *ctx);
	bool access(bool write, uint64_t addr, unsigned len, uint64_t *data);
	void four_phases();
	tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	sc_core::sc_time middle(uint64_t clock) const
	{
		return config_.period * static_cast<double>(clock) + config_.period / 2;
	}
	uint64_t clock_of(const sc_core::sc_time &t) const { return t.value() / config_.period.value(); }
	bool quiet() const;
	void update_irqs();
	void sync();
	void sleep();
	void step();
	void run();

	hart_config config_;
	slot slots_[MAP_VIRTIO_SLOTS];
	sc_core::sc_event answered_, irq_changed_;
	bool answer_ = false;
	uint64_t next_timer_ = UINT64_MAX, synced_ = 0;
	tlm::tlm_generic_payload payload_;
};

#endif
