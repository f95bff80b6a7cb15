// SPDX-License-Identifier: Apache-2.0
// random.cpp: random requests to the TLM model, approximately timed, and to the RTL, each with memory, disk and driver of its own.
// Every phase of every register access and burst, and every edge of irq, is the same at the same time; payload and status are
// checked against the disk; memory and disk are equal in the end. Memory stalls at random.
//
// usage: random [SEED [REQUESTS]]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "rig.h"
#include "tlm/platform/compare.h"
#include "tlm/vio_rtl_sc.h"
#include "tlm/vio_tlm.h"

using namespace sc_core;

namespace
{

template <typename device> struct side : sc_module {
	rig_store store;
	device dut;
	dram memory;
	monitor<32> regs_seen;
	monitor<VIO_DATA_W> dma_seen;
	tlm_utils::simple_initiator_socket<side, 32> regs;
	sc_signal<bool> irq;
	traffic driver;
	uint64_t requests;
	std::function<void()> ended;
	passed_fn on_irq;

	static vio_config config_of()
	{
		vio_config c;
		c.at = 1;
		return c;
	}
	static dram_config memory_of(rig_store &store, uint64_t seed)
	{
		dram_config c = rig_memory(store, 1 + static_cast<unsigned>(seed * 7 % 50), DMI_OFF);
		c.stall_per_1024 = seed % 3 == 0 ? 0 : 100;
		c.outstanding = seed % 4 == 1 ? 3 : 64;
		c.seed = seed;
		return c;
	}
	SC_HAS_PROCESS(side);
	side(sc_module_name name, uint64_t seed, uint64_t n)
	    : sc_module(name), store(static_cast<unsigned>(seed % 5) * 20), dut("dut", config_of(), *store.storage),
	      memory("memory", memory_of(store, seed)), regs_seen("regs_seen"), dma_seen("dma_seen"), regs("regs"),
	      irq("irq"), driver(traffic_machine{store.memory.data(), store.disk.data(),
						 [this](uint16_t a, uint32_t d) { access(true, a, d); },
						 [this](uint16_t a) { return access(false, a, 0); }},
				 seed),
	      requests(n)
	{
		regs.bind(regs_seen.from);
		regs_seen.to.bind(dut.in);
		dut.out.bind(dma_seen.from);
		dma_seen.to.bind(memory.socket);
		dut.irq(irq);
		regs.register_nb_transport_bw(this, &side::backward);
		SC_THREAD(run);
		set_stack_size(1 << 20);
		SC_METHOD(edge);
		dont_initialize();
		sensitive << irq;
	}
	void edge()
	{
		on_irq(passed{passed::IRQ, static_cast<uint64_t>(sc_time_stamp().to_seconds() * 1e9 + 0.5), false, 0, 0,
			      irq.read(), 0, 0});
	}
	tlm::tlm_generic_payload payload;
	sc_event answered;
	bool have = false;
	unsigned hold = 0;
	tlm::tlm_sync_enum backward(tlm::tlm_generic_payload &, tlm::tlm_phase &phase, sc_time &delay)
	{
		if (phase != tlm::BEGIN_RESP)
			return tlm::TLM_ACCEPTED;
		have = true;
		answered.notify(delay);
		if (hold != 0)
			return tlm::TLM_ACCEPTED;
		phase = tlm::END_RESP;
		return tlm::TLM_COMPLETED;
	}
	// In the middle of a clock; some answers are held.
	uint32_t access(bool write, uint16_t addr, uint32_t data)
	{
		tlm::tlm_phase phase = tlm::BEGIN_REQ;
		sc_time delay = SC_ZERO_TIME;

		payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
		payload.set_address(addr);
		payload.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
		payload.set_data_length(4);
		payload.set_streaming_width(4);
		payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
		hold = driver.random(8) == 0 ? 1 + driver.random(6) : 0;
		have = false;
		regs->nb_transport_fw(payload, phase, delay);
		if (!have)
			wait(answered);
		wait(hold * 10 + 5, SC_NS);
		if (hold != 0) {
			phase = tlm::END_RESP;
			regs->nb_transport_fw(payload, phase, delay);
		}
		wait(10, SC_NS);
		if (!payload.is_response_ok())
			driver.error = "a register access failed";
		return data;
	}
	void run()
	{
		wait(105, SC_NS);
		while (driver.finished < requests && driver.error.empty()) {
			const traffic_shape shape = driver.draw_shape();
			driver.start(shape);
			for (unsigned turns = 10 + driver.random(60); turns != 0 && driver.error.empty(); turns--) {
				driver.take();
				if (driver.post(1 + driver.random(shape.depth)) != 0)
					driver.notify();
				if (irq.read())
					driver.ack();
				wait((1 + driver.random(600)) * 10, SC_NS);
			}
		}
		ended();
	}
};

} // namespace

int sc_main(int argc, char **argv)
{
	static const char *const names[2] = {"tlm-at", "rtl-sc"};
	const uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 0) : 1;
	const uint64_t requests = argc > 2 ? strtoull(argv[2], nullptr, 0) : 2000;
	unsigned running = 2;
	bool ok;

	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	compare watch([] { sc_stop(); });
	side<vio_tlm> tlm("tlm", seed, requests);
	side<vio_rtl_sc> rtl("rtl", seed, requests);
	tlm.ended = rtl.ended = [&] {
		if (--running == 0)
			sc_stop();
	};
	tlm.regs_seen.tell = watch.side(0, "registers");
	rtl.regs_seen.tell = watch.side(1, "registers");
	tlm.dma_seen.tell = watch.side(0, "DMA");
	rtl.dma_seen.tell = watch.side(1, "DMA");
	tlm.on_irq = watch.side(0, "interrupts");
	rtl.on_irq = watch.side(1, "interrupts");
	sc_start();
	watch.finish();
	ok = !watch.failed() && tlm.driver.error.empty() && rtl.driver.error.empty() &&
	     tlm.store.memory == rtl.store.memory && tlm.store.disk == rtl.store.disk;
	watch.report(stdout, names);
	if (!ok)
		printf("%s\n%s\nagain: random %llu %llu\n", tlm.driver.error.c_str(), rtl.driver.error.c_str(),
		       static_cast<unsigned long long>(seed), static_cast<unsigned long long>(requests));
	printf("random: seed %llu, %llu requests, %llu clocks, %llu events compared, %d mismatches\n",
	       static_cast<unsigned long long>(seed), static_cast<unsigned long long>(tlm.driver.finished),
	       static_cast<unsigned long long>(tlm.dut.clocks()), static_cast<unsigned long long>(watch.compared()),
	       watch.failed());
	return ok ? 0 : 1;
}
