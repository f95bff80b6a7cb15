// SPDX-License-Identifier: Apache-2.0
// dmi.cpp: random requests over a memory that moves: at random times, in the middle of bursts as well, its bytes go elsewhere, what
// they leave is poisoned, and DMI is taken back. Who still uses an old pointer reads poison, or writes where nobody looks.
//
// usage: dmi on|off|random [SEED [REQUESTS]]: how the memory grants DMI
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "rig.h"
#include "tlm/vio_tlm.h"

using namespace sc_core;

namespace
{

struct top : sc_module {
	tlm_rig<vio_tlm> r;
	traffic driver;
	std::vector<uint8_t> other;
	uint64_t requests, moves = 0;

	static vio_config config_of()
	{
		vio_config c;
		c.run_ahead = 200;
		return c;
	}
	SC_HAS_PROCESS(top);
	top(sc_module_name name, dmi_mode mode, uint64_t seed, uint64_t n)
	    : sc_module(name), r("rig", config_of(), 40, mode), driver(r.machine(), seed), other(traffic_memory),
	      requests(n)
	{
		SC_THREAD(run);
		set_stack_size(1 << 20);
	}
	void move()
	{
		std::vector<uint8_t> &now = r.store.memory;

		memcpy(other.data(), now.data(), now.size());
		memset(now.data(), 0xdb, now.size());
		now.swap(other);
		r.memory.set_bytes(now.data());
		driver.set_memory(now.data());
		r.memory.invalidate();
		moves++;
	}
	void run()
	{
		r.serve(driver, requests, [this] {
			wait((1 + driver.random(400)) * 10, SC_NS);
			if (driver.random(3) == 0)
				move();
			wait((1 + driver.random(400)) * 10, SC_NS);
		});
		sc_stop();
	}
};

} // namespace

int sc_main(int argc, char **argv)
{
	const std::string mode = argc > 1 ? argv[1] : "on";
	const uint64_t seed = argc > 2 ? strtoull(argv[2], nullptr, 0) : 1;
	const uint64_t requests = argc > 3 ? strtoull(argv[3], nullptr, 0) : 500;

	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	top t("top", mode == "off" ? DMI_OFF : mode == "on" ? DMI_ON : DMI_RANDOM, seed, requests);
	sc_start();
	if (!t.driver.error.empty())
		printf("%s\n", t.driver.error.c_str());
	const bool used = (mode == "off") == (t.r.memory.grants() == 0);
	printf("dmi %s: seed %llu, %llu requests, %llu moves, DMI granted %llu times: %s\n", mode.c_str(),
	       static_cast<unsigned long long>(seed), static_cast<unsigned long long>(t.driver.finished),
	       static_cast<unsigned long long>(t.moves), static_cast<unsigned long long>(t.r.memory.grants()),
	       t.driver.error.empty() && used ? "right" : "FAIL");
	return t.driver.error.empty() && used ? 0 : 1;
}
