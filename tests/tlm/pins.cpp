// SPDX-License-Identifier: Apache-2.0
// pins.cpp: the RTL as `verilator --sc` makes a module of it, with SystemC signals at its pins, beside vio_rtl_sc under random
// requests: each clock's input pins are put on the signals, and every output pin must show what vio_rtl_sc says.
//
// usage: pins [SEED [REQUESTS]]
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <type_traits>
#include "rig.h"
#include "tlm/vio_rtl_sc.h"
#include "Vvio_sc.h"

using namespace sc_core;

namespace
{

// Verilator's type of a port of this width.
template <unsigned width>
using pin = std::conditional_t<width == 1, bool, std::conditional_t<(width > 32), uint64_t, uint32_t>>;

struct clock_seen {
	uint64_t number;
	vio_in in;
	vio_out out;
};

// Runs behind the device that it is compared with, in deltas: time does not pass.
struct signals : sc_module {
	Vvio_sc rtl;
	sc_signal<bool> clk, rst, idle;
	sc_signal<uint64_t> dbg_states;
#define PIN_IN(ctype, name, width) sc_signal<pin<width>> name;
#define PIN_OUT(ctype, name, width) sc_signal<pin<width>> name;
#include "def/pins.def"
	std::deque<clock_seen> waiting;
	sc_event come;
	uint64_t compared = 0;
	bool failed = false;

	SC_HAS_PROCESS(signals);
	explicit signals(sc_module_name name) : sc_module(name), rtl("rtl")
	{
		rtl.clk(clk);
		rtl.rst(rst);
		rtl.idle(idle);
		rtl.dbg_states(dbg_states);
#define PIN_IN(ctype, name, width) rtl.name(name);
#define PIN_OUT(ctype, name, width) rtl.name(name);
#include "def/pins.def"
		SC_THREAD(run);
	}
	void see(uint64_t number, const vio_in &in, const vio_out &out)
	{
		waiting.push_back(clock_seen{number, in, out});
		come.notify(SC_ZERO_TIME);
	}
	void settle()
	{
		wait(SC_ZERO_TIME); // the signals show what was written
		wait(SC_ZERO_TIME); // the module was evaluated
		wait(SC_ZERO_TIME); // its ports show it
	}
	void edge()
	{
		clk.write(true);
		settle();
		clk.write(false);
		settle();
	}
	void differs(uint64_t number, const char *name, uint64_t want, uint64_t shown)
	{
		if (!failed)
			printf("clock %llu: pin %s is 0x%llx in vio_rtl_sc and 0x%llx in the module of verilator "
			       "--sc\n",
			       static_cast<unsigned long long>(number), name, static_cast<unsigned long long>(want),
			       static_cast<unsigned long long>(shown));
		failed = true;
		sc_stop();
	}
	void run()
	{
		rst.write(true);
		settle();
		edge();
		rst.write(false);
		for (;;) {
			while (waiting.empty())
				wait(come);
			const clock_seen c = waiting.front();
			waiting.pop_front();
#define PIN_OUT(ctype, name, width)    \
	if (c.out.name != name.read()) \
		differs(c.number, #name, c.out.name, name.read());
#define PIN_IN(ctype, name, width) name.write(static_cast<pin<width>>(c.in.name));
#include "def/pins.def"
			compared++;
			settle();
			edge();
		}
	}
};

struct top : sc_module {
	tlm_rig<vio_rtl_sc> r;
	signals other;
	traffic driver;
	uint64_t requests;

	SC_HAS_PROCESS(top);
	top(sc_module_name name, uint64_t seed, uint64_t n)
	    : sc_module(name), r("rig", vio_config(), 20, DMI_ON), other("signals"), driver(r.machine(), seed),
	      requests(n)
	{
		r.dut.watch_pins(
			[this](uint64_t clock, const vio_in &in, const vio_out &out) { other.see(clock, in, out); });
		SC_THREAD(run);
		set_stack_size(1 << 20);
	}
	void run()
	{
		r.serve(driver, requests, [this] {
			wait((1 + driver.random(600)) * 10, SC_NS);
			driver.ack();
		});
		sc_stop();
	}
};

} // namespace

int sc_main(int argc, char **argv)
{
	const uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 0) : 1;
	const uint64_t requests = argc > 2 ? strtoull(argv[2], nullptr, 0) : 500;

	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	top t("top", seed, requests);
	sc_start();
	const bool ok = !t.other.failed && t.driver.error.empty() && t.other.compared > requests;
	if (!t.driver.error.empty())
		printf("%s\n", t.driver.error.c_str());
	printf("pins: seed %llu, %llu requests, %llu clocks compared: %s\n", static_cast<unsigned long long>(seed),
	       static_cast<unsigned long long>(t.driver.finished), static_cast<unsigned long long>(t.other.compared),
	       ok ? "equal" : "FAIL");
	return ok ? 0 : 1;
}
