// SPDX-License-Identifier: Apache-2.0
// bench.cpp: the rows tlm.* of the bench, as ratios of times taken in turn in one run: of the first two, the median.
//
//   tlm.regread_over_bare   a read of a register through LT b_transport, over one of an empty TLM target
//   tlm.lt_over_clocked     4 KiB requests a second, LT with DMI, over those of the clocked C model: reads and writes in turn,
//                           8 in flight, L = 64, as the row speed.model_over_rtl has them
//   tlm.rtl_sc_over_rtl     clocks a second of the platform with rtl-sc, over ringwalk --dut rtl, on the same firmware
//
// usage: bench JSON [PLATFORM RINGWALK ELF DISK]: the last row only with programs, a firmware image and a disk image
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <sys/resource.h>
#include <vector>
#include "rig.h"
#include "tlm/vio_tlm.h"
extern "C" {
#include "../bench/report.h"
#include "../bench/rig.h"
}

using namespace sc_core;

namespace
{

enum { TURNS = 15, READS = 1000000, REQUESTS = 4000, QUANTUM_NS = 20000 };

// The processor's time, of which others take nothing: each measure is one thread that never waits.
double now()
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// Of ratios taken turn by turn: a busy machine slows both sides of most turns, and both of none by much.
double median(std::vector<double> ratios)
{
	std::sort(ratios.begin(), ratios.end());
	return ratios[ratios.size() / 2];
}

// What a TLM target costs that does nothing.
struct bare : sc_module {
	tlm_utils::simple_target_socket<bare, 32> in;
	explicit bare(sc_module_name name) : sc_module(name), in("in")
	{
		in.register_b_transport(this, &bare::b_transport);
	}
	void b_transport(tlm::tlm_generic_payload &p, sc_time &) { p.set_response_status(tlm::TLM_OK_RESPONSE); }
};

vio_config lt_config()
{
	vio_config c;
	c.run_ahead = QUANTUM_NS / 10;
	return c;
}

double clocked_rate()
{
	const rig_config config = {dut_open_model(), 64, 0, 8, 4096, RIG_MIXED, false, false, 0, 0, 0, nullptr};
	struct ::rig *r = rig_new(&config);
	double start;
	uint64_t finished;

	rig_fill(r);
	rig_run_clocks(r, 20000);
	start = now();
	finished = r->finished;
	rig_run(r, finished + REQUESTS / 4, true);
	finished = r->finished - finished;
	start = now() - start;
	rig_free(r);
	return static_cast<double>(finished) / start;
}

struct measure : sc_module {
	tlm_rig<vio_tlm> lt;
	bare target;
	tlm_utils::simple_initiator_socket<measure, 32> to_bare;
	double over_bare = 0, over_clocked = 0;

	SC_HAS_PROCESS(measure);
	explicit measure(sc_module_name name)
	    : sc_module(name), lt("lt", lt_config(), 64, DMI_ON), target("target"), to_bare("to_bare")
	{
		to_bare.bind(target.in);
		SC_THREAD(run);
		set_stack_size(1 << 20);
	}
	template <typename socket> double reads(socket &s)
	{
		tlm::tlm_generic_payload p;
		uint32_t data = 0, sum = 0;
		double start = now();

		p.set_command(tlm::TLM_READ_COMMAND);
		p.set_address(0x070);
		p.set_data_ptr(reinterpret_cast<unsigned char *>(&data));
		p.set_data_length(4);
		p.set_streaming_width(4);
		for (unsigned i = 0; i < READS; i++) {
			sc_time delay = SC_ZERO_TIME;
			p.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
			s->b_transport(p, delay);
			sum += data;
		}
		if (sum == 1)
			puts("");
		return now() - start;
	}
	double lt_requests(traffic &t)
	{
		const uint64_t first = t.finished;
		double start = now();

		while (t.finished - first < REQUESTS && t.error.empty()) {
			wait(QUANTUM_NS, SC_NS);
			t.take();
			if (t.post(32) != 0)
				t.notify();
		}
		start = now() - start;
		if (!t.error.empty())
			sim_die("bench: tlm: %s", t.error.c_str());
		return static_cast<double>(t.finished - first) / start;
	}
	void run()
	{
		const traffic_shape shape = {false, false, 1, 8, 4096, 0, 2, 0};
		traffic t(lt.machine(), 1);
		std::vector<double> read_ratios, lt_ratios;
		double bare = 0, read = 0, lt_rate = 0, clocked = 0;

		wait(1, SC_US);
		for (unsigned turn = 0; turn < TURNS; turn++) {
			bare = reads(to_bare);
			read = reads(lt.regs);
			read_ratios.push_back(read / bare);
		}
		t.start(shape);
		t.post(32);
		t.notify();
		for (unsigned turn = 0; turn < TURNS; turn++) {
			lt_rate = lt_requests(t);
			clocked = clocked_rate();
			lt_ratios.push_back(lt_rate / clocked);
		}
		over_bare = median(read_ratios);
		over_clocked = median(lt_ratios);
		printf("register reads a second, last turn: bare target %.1f M, LT %.1f M\n", READS / bare * 1e-6,
		       READS / read * 1e-6);
		printf("4 KiB requests a second, last turn: clocked model %.0f, LT %.0f\n", clocked, lt_rate);
		sc_stop();
	}
};

// The processor's time of all programs that this one has waited for.
double of_children()
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return static_cast<double>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	       static_cast<double>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

// That of a program that must end well.
double seconds(const std::string &command)
{
	const double start = of_children();

	if (system((command + " >/dev/null 2>&1 </dev/null").c_str()) != 0)
		sim_die("bench: does not run: %s", command.c_str());
	return of_children() - start;
}

// The same firmware, and so the same clocks but for a few, on both.
double rtl_rate(char **argv)
{
	const std::string tail = std::string(" -bios none -kernel ") + argv[2] +
				 " -drive if=none,id=d,format=raw,readonly=on,file=" + argv[3] +
				 " -device virtio-blk-device,drive=d";
	double sc = 1e9, rtl = 1e9;

	for (unsigned turn = 0; turn < 3; turn++) {
		sc = std::min(sc, seconds(argv[0] + std::string(" --dut rtl-sc") + tail));
		rtl = std::min(rtl, seconds(argv[1] + std::string(" --dut rtl") + tail));
	}
	printf("seconds for %s: platform --dut rtl-sc %.2f, ringwalk --dut rtl %.2f\n", argv[2], sc, rtl);
	return rtl / sc;
}

} // namespace

int sc_main(int argc, char **argv)
{
	struct report *report = report_new();
	bool ok;

	if (argc != 2 && argc != 6)
		sim_die("bench: usage: bench JSON [PLATFORM RINGWALK ELF DISK]");
	measure m("bench");
	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	sc_start();
	report_add(report, "tlm.regread_over_bare", REPORT_OTHER, m.over_bare, REPORT_AT_MOST, 4);
	report_add(report, "tlm.lt_over_clocked", REPORT_OTHER, m.over_clocked, REPORT_AT_LEAST, 5);
	if (argc == 6)
		report_add(report, "tlm.rtl_sc_over_rtl", REPORT_OTHER, rtl_rate(argv + 2), REPORT_AT_LEAST, 0.5);
	report_print(report);
	report_write_json(report, argv[1]);
	ok = report_ok(report);
	report_free(report);
	return ok ? 0 : 1;
}
