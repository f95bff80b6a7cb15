// SPDX-License-Identifier: Apache-2.0
// machine.cpp: see machine.h.
#include "tlm/platform/machine.h"

#include <cstring>
#include "tlm/vio_rtl_sc.h"
#include "tlm/vio_tlm.h"
extern "C" {
#include "soc/fixed.h"
#include "trace/events.h"
}

using namespace sc_core;

namespace
{

uint64_t slot_base(unsigned slot)
{
	return MAP_VIRTIO + slot * MAP_VIRTIO_STRIDE;
}

hart_config hart_of(const machine_config &c, uint8_t *memory)
{
	hart_config h{};

	h.dram_size = c.o->dram_size;
	h.entry = c.start->entry;
	memcpy(h.args, c.start->args, sizeof h.args);
	h.rtc_start = c.o->rtc_start;
	h.max_cycles = c.o->max_cycles;
	h.quantum = c.quantum;
	h.dram = memory;
	h.at = c.style != TLM_LT;
	return h;
}

vio_config device_of(const machine_config &c, const device &d)
{
	vio_config v;

	v.features = d.features | static_cast<uint64_t>(d.drive->readonly) << 5;
	v.queues = d.straps.queues;
	v.queue_num = d.straps.queue_num;
	v.legacy = d.straps.legacy;
	v.need_v1 = d.straps.need_v1;
	v.at = c.style != TLM_LT;
	v.dmi = c.dmi != DMI_OFF;
	v.outstanding = c.o->outstanding;
	v.run_ahead = 0; // hart and device meet in each clock: hart.h
	v.leap = c.o->no_idle_skip ? 0 : 1;
	return v;
}

dram_config memory_of(const machine_config &c, uint8_t *bytes, unsigned n)
{
	dram_config d{MAP_DRAM, c.o->dram_size, bytes};

	d.read_latency = static_cast<unsigned>(c.o->read_latency);
	d.write_latency = static_cast<unsigned>(c.o->write_latency);
	d.outstanding = static_cast<unsigned>(c.o->outstanding);
	d.stall_per_1024 = static_cast<unsigned>(c.o->stalls);
	d.seed = c.o->seed + 3 * n;
	d.dmi = c.dmi;
	return d;
}
} // namespace

machine::machine(sc_module_name name, const machine_config &config)
    : sc_module(name), config_(config), memory_(config.o->dram_size), bus_("router")
{
	boot_load(config.start, memory_.data());
	cpu = std::make_unique<hart>("hart", hart_of(config, memory_.data()));
	cpu->serial.out = config.uart;
	cpu->bus.bind(bus_.socket);
	add_peripherals();
	add_empty_slots();
	for (unsigned n = 0; n < config.o->device_count; n++)
		add_device(n);
}

machine::~machine()
{
	if (events_ != nullptr)
		events_free(events_);
}

void machine::add(const char *name, uint64_t base, uint64_t size, mmio::access_fn access)
{
	parts_.push_back(std::make_unique<mmio>(name, std::move(access)));
	bus_.add(base, size).bind(parts_.back()->socket);
}

bool machine::finish(uint64_t offset, unsigned len, uint64_t data)
{
	if (len != 2 && len != 4)
		return false;
	if (offset != 0)
		return true;
	switch (finisher_word(data, &cpu->code)) {
	case FINISHER_NOTHING:
		break;
	case FINISHER_END:
		cpu->end = HART_FINISHED;
		break;
	case FINISHER_RESET:
		cpu->end = HART_RESET;
		break;
	}
	return true;
}

void machine::add_peripherals()
{
	hart *h = cpu.get();

	add("uart", MAP_UART, MAP_UART_SIZE, [h](bool write, uint64_t offset, unsigned len, uint64_t &data) {
		return write ? uart_store(&h->serial, offset, len, data) : uart_load(&h->serial, offset, len, &data);
	});
	add("plic", MAP_PLIC, MAP_PLIC_SIZE, [h](bool write, uint64_t offset, unsigned len, uint64_t &data) {
		return write ? plic_store(&h->irqs, offset, len, data) : plic_load(&h->irqs, offset, len, &data);
	});
	add("clint", MAP_CLINT, MAP_CLINT_SIZE, [h](bool write, uint64_t offset, unsigned len, uint64_t &data) {
		return write ? clint_store(&h->timer, h->core->cycle, offset, len, data)
			     : clint_load(&h->timer, h->core->cycle, offset, len, &data);
	});
	add("finisher", MAP_FINISHER, MAP_FINISHER_SIZE,
	    [this](bool write, uint64_t offset, unsigned len, uint64_t &data) {
		    return write ? finish(offset, len, data) : len == 2 || len == 4;
	    });
	add("rtc", MAP_RTC, MAP_RTC_SIZE, [h](bool write, uint64_t offset, unsigned len, uint64_t &data) {
		return write ? rtc_store(&h->calendar, h->core->cycle, offset, len, data)
			     : rtc_load(&h->calendar, h->core->cycle, offset, len, &data);
	});
	const boot *start = config_.start;
	add("rom", MAP_ROM, MAP_ROM_SIZE, [start](bool, uint64_t offset, unsigned len, uint64_t &data) {
		data = 0;
		if (offset + len <= sizeof start->rom)
			memcpy(&data, start->rom + offset, len);
		return true;
	});
}

void machine::add_empty_slots()
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		bool taken = false;
		for (unsigned n = 0; n < config_.o->device_count; n++)
			taken |= config_.o->devices[n].slot == slot;
		if (taken)
			continue;
		const bool legacy = config_.o->legacy;
		add(sc_gen_unique_name("empty"), slot_base(slot), MAP_VIRTIO_STRIDE,
		    [legacy](bool, uint64_t offset, unsigned len, uint64_t &data) {
			    const uint64_t word = empty_slot(offset & ~3ull, legacy);
			    data = (word >> offset % 4 * 8) & (len < 4 ? (1ull << 8 * len) - 1 : 0xffffffff);
			    return true;
		    });
	}
}

void machine::add_device(unsigned n)
{
	const device &d = config_.o->devices[n];
	const vio_config config = device_of(config_, d);
	const std::string tail = std::to_string(n);

	disks.push_back(std::make_unique<vio_disk>(config_.disks[n]));
	if (config_.style == RTL_SC)
		devices.push_back(std::make_unique<vio_rtl_sc>(("dut" + tail).c_str(), config, *disks[n]));
	else
		devices.push_back(std::make_unique<vio_tlm>(("dut" + tail).c_str(), config, *disks[n]));
	memories_.push_back(std::make_unique<dram>(("dram" + tail).c_str(), memory_of(config_, memory_.data(), n)));
	for (unsigned i = 0; i < config_.o->inject_count; i++) {
		const inject &f = config_.o->injects[i];
		if (f.kind == INJECT_DISK_ERROR)
			disk_fault(disks[n]->get(), f.at, ~0u);
		else if (f.len != 0)
			memories_[n]->fault(f.at, f.len);
	}
	irqs_.push_back(std::make_unique<sc_signal<bool>>(("irq" + tail).c_str()));
	devices[n]->irq(*irqs_[n]);
	cpu->attach(d.slot, *devices[n], *irqs_[n]);
	regs_.push_back(std::make_unique<monitor<32>>(("regs" + tail).c_str()));
	bus_.add(slot_base(d.slot), MAP_VIRTIO_STRIDE).bind(regs_[n]->from);
	regs_[n]->to.bind(devices[n]->in);
	// A monitor passes no DMI on, so the loosely timed device has its memory without one.
	if (config_.style == TLM_LT) {
		dma_.push_back(nullptr);
		devices[n]->out.bind(memories_[n]->socket);
	} else {
		dma_.push_back(std::make_unique<monitor<VIO_DATA_W>>(("dma" + tail).c_str()));
		devices[n]->out.bind(dma_[n]->from);
		dma_[n]->to.bind(memories_[n]->socket);
	}
	on_irq_.emplace_back();
	watch_irq(n);
	if (n == 0 && config_.log != nullptr) {
		events_ = events_new(config_.log);
		devices[n]->watch_pins([this](uint64_t clock, const vio_in &in, const vio_out &out) {
			events_step(events_, clock, &in, &out);
		});
	}
}

void machine::watch_irq(unsigned n)
{
	sc_spawn_options options;

	options.spawn_method();
	options.dont_initialize();
	options.set_sensitivity(irqs_[n].get());
	sc_spawn([this, n] { irq_edge(n); }, sc_gen_unique_name("irq_edge"), &options);
}

void machine::irq_edge(unsigned n)
{
	if (on_irq_[n])
		on_irq_[n](passed{passed::IRQ, static_cast<uint64_t>(sc_time_stamp().to_seconds() * 1e9 + 0.5), false,
				  0, 0, irqs_[n]->read(), 0, 0});
}

void machine::watch(unsigned n, passed_fn regs, passed_fn dma, passed_fn irq)
{
	regs_[n]->tell = std::move(regs);
	if (dma_[n] != nullptr)
		dma_[n]->tell = std::move(dma);
	on_irq_[n] = std::move(irq);
}

uint64_t machine::grants() const
{
	uint64_t sum = 0;

	for (const auto &m : memories_)
		sum += m->grants();
	return sum;
}
