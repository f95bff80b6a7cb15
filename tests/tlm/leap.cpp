// SPDX-License-Identifier: Apache-2.0
// leap.cpp: the model that takes many clocks in one step, beside one that is clocked one by one: every register, every FIFO
// and every pin is equal after each step, over random traffic.
// Nor is it ever further ahead of SystemC than run_ahead clocks.
//
// usage: leap [SEED [REQUESTS]]
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "rig.h"
#include "tlm/vio_tlm.h"

using namespace sc_core;

namespace
{

// What is drawn: clocks that memory takes, how it grants DMI to the one that leaps, bursts under way, clocks of run_ahead.
struct drawn {
	unsigned latency;
	uint64_t run_ahead;
	dmi_mode dmi;
	uint64_t outstanding;
};

drawn draw(uint64_t seed)
{
	static const dmi_mode modes[] = {DMI_ON, DMI_ON, DMI_OFF, DMI_RANDOM};
	sim_rng rng;
	drawn d;

	sim_rng_init(&rng, seed);
	d.latency = 1 + sim_rng_below(&rng, 80);
	d.run_ahead = 1 + sim_rng_below(&rng, 2000);
	d.dmi = modes[sim_rng_below(&rng, 4)];
	d.outstanding = sim_rng_below(&rng, 2) != 0 ? 64 : 1 + sim_rng_below(&rng, 8);
	return d;
}

vio_config config_of(bool leap, uint64_t run_ahead, uint64_t outstanding)
{
	vio_config c;
	c.leap = leap;
	c.run_ahead = run_ahead;
	c.outstanding = outstanding;
	return c;
}

struct bench : sc_module {
	tlm_rig<vio_tlm> fast, slow;
	traffic a, b;
	uint64_t requests, seen = 0, steps = 0, limit;
	bool comparing = false, failed = false;

	SC_HAS_PROCESS(bench);
	bench(sc_module_name name, uint64_t seed, uint64_t n, const drawn &d)
	    : sc_module(name), fast("fast", config_of(true, d.run_ahead, d.outstanding), d.latency, d.dmi),
	      slow("slow", config_of(false, 0, d.outstanding), d.latency, DMI_OFF), a(fast.machine(), seed),
	      b(slow.machine(), seed), requests(n), limit(d.run_ahead)
	{
		SC_THREAD(run);
		set_stack_size(1 << 20);
		fast.dut.watch_steps([this] { compare(); });
	}
	// memcmp of the structs: what a FIFO no longer holds counts too.
	void compare()
	{
		const uint64_t clock = fast.dut.clocks();

		steps++;
		if (!comparing || failed)
			return;
		// The bound of temporal decoupling that vio_params.def promises.
		if (clock > sc_time_stamp().value() / sc_time(10, SC_NS).value() + limit) {
			printf("the device is more than run_ahead clocks ahead, at clock %llu\n",
			       static_cast<unsigned long long>(clock));
			failed = true;
			sc_stop();
		}
		slow.dut.catch_up(clock);
		seen++;
		if (slow.dut.clocks() == clock && memcmp(&fast.dut.state(), &slow.dut.state(), sizeof(vio)) == 0 &&
		    memcmp(&fast.dut.pins(), &slow.dut.pins(), sizeof(vio_out)) == 0)
			return;
		failed = true;
		const uint8_t *x = reinterpret_cast<const uint8_t *>(&fast.dut.state()),
			      *y = reinterpret_cast<const uint8_t *>(&slow.dut.state());
		size_t at = 0;
		while (at < sizeof(vio) && x[at] == y[at])
			at++;
		printf("the models differ after clock %llu (the other is at %llu): byte %zu of struct vio\n",
		       static_cast<unsigned long long>(clock), static_cast<unsigned long long>(slow.dut.clocks()), at);
		sc_stop();
	}
	// The same for both, at one time. Accesses are where the clocks meet.
	void both(const std::function<void(traffic &)> &fn)
	{
		comparing = false;
		fn(a);
		fn(b);
		comparing = true;
		fast.sync();
		slow.local = SC_ZERO_TIME;
	}
	void run()
	{
		while (a.finished < requests && !failed) {
			const traffic_shape shape = a.draw_shape();
			b.draw_shape();
			both([&](traffic &t) { t.start(shape); });
			b.random(1);
			for (unsigned turns = 20 + a.random(40); turns != 0 && !failed; turns--) {
				const unsigned most = 1 + a.random(shape.depth), clocks = 1 + a.random(3000);
				b.random(1), b.random(1);
				both([&](traffic &t) {
					t.take();
					if (t.post(most) != 0)
						t.notify();
					t.ack();
				});
				wait(10 * clocks, SC_NS);
				if (!a.error.empty() || !b.error.empty())
					failed = true;
			}
		}
		sc_stop();
	}
};

} // namespace

int sc_main(int argc, char **argv)
{
	const uint64_t seed = argc > 1 ? strtoull(argv[1], nullptr, 0) : 1;
	const uint64_t requests = argc > 2 ? strtoull(argv[2], nullptr, 0) : 3000;

	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	bench top("top", seed, requests, draw(seed));
	sc_start();
	if (!top.a.error.empty() || !top.b.error.empty())
		printf("%s\n", (top.a.error + top.b.error).c_str());
	printf("leap: seed %llu, %llu requests, %llu clocks in %llu steps, %llu of them compared: %s\n",
	       static_cast<unsigned long long>(seed), static_cast<unsigned long long>(top.a.finished),
	       static_cast<unsigned long long>(top.fast.dut.clocks()), static_cast<unsigned long long>(top.steps),
	       static_cast<unsigned long long>(top.seen), top.failed ? "FAIL" : "equal");
	return top.failed ? 1 : 0;
}
