// SPDX-License-Identifier: Apache-2.0
// dram.h: a memory target for one initiator, in both coding styles; several may stand on the same bytes.
//
// b_transport: done at once, the latency is annotated. nb_transport: END_REQ at once while fewer than `outstanding` are under
// way; answers in the order of the requests, `latency` clocks after BEGIN_REQ, one at a time: the next one a clock after
// END_RESP at the earliest. Bytes move when BEGIN_RESP is sent. With stalls, END_REQ and BEGIN_RESP are late by a few clocks at
// random. Requests outside [base, base + size) end in ADDRESS_ERROR, those that touch a fault in GENERIC_ERROR; a
// faulty write lands nowhere.
// DMI: DMI_RANDOM grants random parts of the memory, or nothing, and takes them back at random times.
#ifndef DRAM_H
#define DRAM_H

#include <deque>
#include <functional>
#include <vector>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>
extern "C" {
#include "sim.h"
}
#include "vio_params.h"

enum dmi_mode { DMI_OFF, DMI_ON, DMI_RANDOM };

struct dram_config {
	uint64_t base, size;
	uint8_t *bytes;
	unsigned read_latency = 1, write_latency = 1, outstanding = 64, stall_per_1024 = 0;
	uint64_t seed = 1;
	dmi_mode dmi = DMI_ON;
	sc_core::sc_time period{10, sc_core::SC_NS};
};

class dram : public sc_core::sc_module
{
      public:
	tlm_utils::simple_target_socket<dram, VIO_DATA_W> socket;

	dram(sc_core::sc_module_name name, const dram_config &config);
	void fault(uint64_t addr, uint64_t len) { faults_.emplace_back(addr, addr + len - 1); }
	void set_bytes(uint8_t *bytes) { config_.bytes = bytes; }
	// Takes all DMI back now.
	void invalidate() { socket->invalidate_direct_mem_ptr(0, UINT64_MAX); }
	uint64_t grants() const { return grants_; }
	// Called for each write but those by DMI.
	std::function<void(uint64_t addr, uint64_t len)> written;

      private:
	struct pending {
		tlm::tlm_generic_payload *p;
		sc_core::sc_time due;
	};

	void b_transport(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	bool get_direct_mem_ptr(tlm::tlm_generic_payload &p, tlm::tlm_dmi &dmi);
	unsigned transport_dbg(tlm::tlm_generic_payload &p);
	void access(tlm::tlm_generic_payload &p);
	bool faulty(uint64_t addr, uint64_t len) const;
	sc_core::sc_time latency(const tlm::tlm_generic_payload &p);
	sc_core::sc_time stall();
	void step();
	void take_back();
	void schedule();

	dram_config config_;
	sim_rng rng_;
	std::vector<std::pair<uint64_t, uint64_t>> faults_; // first, last
	std::deque<pending> queue_;
	tlm::tlm_generic_payload *held_ = nullptr;          // BEGIN_REQ without END_REQ
	sc_core::sc_time held_until_, free_at_;             // when it gets END_REQ; when the next answer may begin
	sc_core::sc_time left_at_ = sc_core::sc_max_time(); // when the last answer began
	bool responding_ = false;
	sc_core::sc_event event_;
	uint64_t grants_ = 0;
};

#endif
