// SPDX-License-Identifier: Apache-2.0
// hart.cpp: see hart.h.
#include "tlm/platform/hart.h"

#include <algorithm>
extern "C" {
#include "soc/map.h"
}

using namespace sc_core;

hart::hart(sc_module_name name, const hart_config &config) : sc_module(name), bus("bus"), config_(config)
{
	const cpu_config c = {MAP_DRAM, config.dram_size, config.dram, {this, load, store, time}};

	bus.register_nb_transport_bw(this, &hart::nb_transport_bw);
	core = cpu_new(&c);
	cpu_reset(core, config.entry);
	clint_reset(&timer);
	plic_reset(&irqs);
	uart_reset(&serial);
	rtc_reset(&calendar);
	rtc_start(&calendar, config.rtc_start);
	for (unsigned i = 0; i < 3; i++)
		core->x[10 + i] = config.args[i];
	SC_HAS_PROCESS(hart);
	SC_THREAD(run);
	set_stack_size(1 << 20);
}

hart::~hart()
{
	cpu_free(core);
}

void hart::attach(unsigned slot, vio_base &device, sc_signal<bool> &irq)
{
	slots_[slot].device = &device;
	slots_[slot].irq = &irq;
	device.watch_dma([this](bool write, uint64_t addr, unsigned len) {
		if (write)
			cpu_memory_written(core, addr, len);
	});
}

bool hart::load(void *ctx, uint64_t addr, unsigned len, uint64_t *data)
{
	*data = 0;
	return static_cast<hart *>(ctx)->access(false, addr, len, data);
}

bool hart::store(void *ctx, uint64_t addr, unsigned len, uint64_t data)
{
	return static_cast<hart *>(ctx)->access(true, addr, len, &data);
}

uint64_t hart::time(void *ctx)
{
	const hart *h = static_cast<hart *>(ctx);

	return clint_mtime(&h->timer, h->core->cycle);
}

tlm::tlm_sync_enum hart::nb_transport_bw(tlm::tlm_generic_payload &, tlm::tlm_phase &phase, sc_time &delay)
{
	if (phase != tlm::BEGIN_RESP)
		return tlm::TLM_ACCEPTED;
	answer_ = true;
	answered_.notify(delay);
	phase = tlm::END_RESP;
	return tlm::TLM_COMPLETED;
}

// BEGIN_REQ now; returns in the middle of the clock behind that of the answer.
void hart::four_phases()
{
	tlm::tlm_phase phase = tlm::BEGIN_REQ;
	sc_time delay = SC_ZERO_TIME;

	answer_ = false;
	if (bus->nb_transport_fw(payload_, phase, delay) == tlm::TLM_COMPLETED)
		return;
	if (!answer_)
		wait(answered_);
	core->cycle = clock_of(sc_time_stamp()) + 1;
	sync();
}

bool hart::access(bool write, uint64_t addr, unsigned len, uint64_t *data)
{
	sc_time delay = middle(core->cycle) - sc_time_stamp();

	payload_.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
	payload_.set_address(addr);
	payload_.set_data_ptr(reinterpret_cast<unsigned char *>(data));
	payload_.set_data_length(len);
	payload_.set_streaming_width(len);
	payload_.set_byte_enable_ptr(nullptr);
	payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	const uint64_t slot = (addr - MAP_VIRTIO) / MAP_VIRTIO_STRIDE;
	if (config_.at && addr >= MAP_VIRTIO && slot < MAP_VIRTIO_SLOTS && slots_[slot].device != nullptr) {
		sync();
		four_phases();
	} else {
		bus->b_transport(payload_, delay);
		core->cycle = clock_of(sc_time_stamp() + delay);
	}
	return payload_.is_response_ok();
}

bool hart::quiet() const
{
	return std::all_of(std::begin(slots_), std::end(slots_),
			   [](const slot &s) { return s.device == nullptr || s.device->quiet(); });
}

void hart::update_irqs()
{
	const uint64_t cycle = core->cycle;

	plic_set_level(&irqs, MAP_UART_IRQ, uart_interrupt(&serial));
	plic_set_level(&irqs, MAP_RTC_IRQ, rtc_interrupt(&calendar, cycle));
	for (unsigned i = 0; i < MAP_VIRTIO_SLOTS; i++)
		if (slots_[i].device != nullptr)
			plic_set_level(&irqs, MAP_VIRTIO_IRQ + i, slots_[i].irq->read());
	cpu_set_irq(core, CPU_IRQ_MSI, timer.msip);
	cpu_set_irq(core, CPU_IRQ_MTI, clint_timer(&timer, cycle));
	cpu_set_irq(core, CPU_IRQ_MEI, plic_interrupt(&irqs, 0));
	cpu_set_irq(core, CPU_IRQ_SEI, plic_interrupt(&irqs, 1));
	cpu_set_irq(core, CPU_IRQ_STI, clint_due(&timer, cycle, cpu_stimecmp(core)));
	next_timer_ = std::min({clint_next(&timer, cycle), clint_next_due(&timer, cycle, cpu_stimecmp(core)),
				rtc_next(&calendar, cycle)});
	core->timer_changed = false;
}

void hart::sync()
{
	const sc_time due = middle(core->cycle);

	if (due > sc_time_stamp())
		wait(due - sc_time_stamp());
	synced_ = core->cycle;
}

// In WFI while a device is at work: until an interrupt line changes, or the timer's clock comes.
void hart::sleep()
{
	sc_event_or_list lines;
	uint64_t until = next_timer_;

	for (const slot &s : slots_)
		if (s.irq != nullptr)
			lines |= s.irq->value_changed_event();
	if (config_.max_cycles != 0)
		until = std::min(until, config_.max_cycles);
	until = std::min(until, core->cycle + 1000000); // now and then, look whether anything can come at all
	sync();
	wait(middle(until) - sc_time_stamp(), lines);
	const uint64_t now = clock_of(sc_time_stamp());
	if (now > core->cycle)
		cpu_run(core, now - core->cycle);
	sync();
}

void hart::step()
{
	update_irqs();
	const bool asleep = core->waiting && !cpu_interrupt_pending(core), at_rest = quiet();
	uint64_t n = 1;

	if (asleep && at_rest && next_timer_ == UINT64_MAX) {
		end = HART_STUCK;
		return;
	}
	if (asleep && !at_rest) {
		sleep();
		return;
	}
	if (at_rest) {
		n = next_timer_ - core->cycle;
		if (!asleep)
			n = std::min(n, std::max<uint64_t>(synced_ + config_.quantum, core->cycle + 1) - core->cycle);
		if (config_.max_cycles != 0)
			n = std::min(n, config_.max_cycles - core->cycle);
	}
	cpu_run(core, n);
	if (cpu_is_lost(core))
		end = HART_LOST;
	if (core->cycle - synced_ >= config_.quantum || !quiet())
		sync();
}

void hart::run()
{
	sync();
	while (end == HART_RUNNING) {
		step();
		if (config_.max_cycles != 0 && core->cycle >= config_.max_cycles && end == HART_RUNNING)
			end = HART_MAX_CYCLES;
	}
	sync();
	ended();
}
