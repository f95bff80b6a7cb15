// SPDX-License-Identifier: Apache-2.0
// machine.h: one machine of the platform: hart, router, peripherals, DRAM, and the devices of the command line in their slots.
#ifndef MACHINE_H
#define MACHINE_H

#include <memory>
#include <vector>
#include "tlm/platform/dram.h"
#include "tlm/platform/hart.h"
#include "tlm/platform/parts.h"
#include "tlm/vio_storage.h"
extern "C" {
#include "boot.h"
#include "devices.h"
}

enum dut_style { TLM_LT, TLM_AT, RTL_SC };

struct machine_config {
	const options *o;
	dut_style style;
	dmi_mode dmi;
	uint64_t quantum; // clocks
	const boot *start;
	std::vector<disk_config> disks; // of each device; features are those of o
	FILE *uart, *log;               // or NULL; log: of the first device
};

class machine : public sc_core::sc_module
{
      public:
	machine(sc_core::sc_module_name name, const machine_config &config);
	~machine() override;
	// Transactions and interrupt edges go here: registers, DMA and interrupts of device n.
	void watch(unsigned n, passed_fn regs, passed_fn dma, passed_fn irq);
	const std::vector<uint8_t> &memory() const { return memory_; }
	uint64_t grants() const;

	std::unique_ptr<hart> cpu;
	std::vector<std::unique_ptr<vio_base>> devices;
	std::vector<std::unique_ptr<vio_disk>> disks;

      private:
	void add_device(unsigned n);
	void add_peripherals();
	void add_empty_slots();
	void watch_irq(unsigned n);
	void add(const char *name, uint64_t base, uint64_t size, mmio::access_fn access);
	bool finish(uint64_t offset, unsigned len, uint64_t data);
	void irq_edge(unsigned n);

	machine_config config_;
	std::vector<uint8_t> memory_;
	router bus_;
	std::vector<std::unique_ptr<mmio>> parts_;
	std::vector<std::unique_ptr<monitor<32>>> regs_;
	std::vector<std::unique_ptr<monitor<VIO_DATA_W>>> dma_;
	std::vector<std::unique_ptr<dram>> memories_;
	std::vector<std::unique_ptr<sc_core::sc_signal<bool>>> irqs_;
	std::vector<passed_fn> on_irq_;
	events *events_ = nullptr;
};

#endif
