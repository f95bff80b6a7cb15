// SPDX-License-Identifier: Apache-2.0
// parts.h: the small parts of the platform: a target round two functions, a router, and monitors.
#ifndef PARTS_H
#define PARTS_H

#include <functional>
#include <memory>
#include <vector>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include "vio_params.h"

// A target whose registers are functions: UART, PLIC, CLINT, finisher, an empty slot. It answers in no time.
class mmio : public sc_core::sc_module
{
      public:
	// len is 1, 2, 4 or 8. false: there is no such access.
	using access_fn = std::function<bool(bool write, uint64_t offset, unsigned len, uint64_t &data)>;
	tlm_utils::simple_target_socket<mmio, 32> socket;
	mmio(sc_core::sc_module_name name, access_fn access);

      private:
	void b_transport(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	access_fn access_;
};

// One initiator, targets by address; a target sees its own offsets. Both coding styles.
class router : public sc_core::sc_module
{
      public:
	tlm_utils::simple_target_socket<router, 32> socket;
	explicit router(sc_core::sc_module_name name);
	// The initiator socket for addresses [base, base + size), to be bound.
	tlm_utils::simple_initiator_socket_tagged<router, 32> &add(uint64_t base, uint64_t size);

      private:
	struct range {
		uint64_t base, size;
		std::unique_ptr<tlm_utils::simple_initiator_socket_tagged<router, 32>> out;
	};
	range *find(const tlm::tlm_generic_payload &p);
	void b_transport(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	tlm::tlm_sync_enum nb_transport_bw(int id, tlm::tlm_generic_payload &p, tlm::tlm_phase &phase,
					   sc_core::sc_time &delay);
	unsigned transport_dbg(tlm::tlm_generic_payload &p);
	std::vector<range> ranges_;
};

// What passed, and when.
struct passed {
	enum kind { BEGIN_REQ, END_REQ, BEGIN_RESP, END_RESP, CALL, IRQ } what;
	uint64_t ns;
	bool write;
	uint64_t addr, len;
	uint64_t data;   // a digest of all bytes; of up to 8 the bytes themselves. IRQ: the level
	uint64_t strobe; // a digest of the byte enables
	int response;    // tlm_response_status
	bool operator==(const passed &o) const;
};
using passed_fn = std::function<void(const passed &)>;

// Between an initiator and a target of one bus width: passes everything on, and tells what it saw.
template <unsigned width> class monitor : public sc_core::sc_module
{
      public:
	tlm_utils::simple_target_socket<monitor, width> from;
	tlm_utils::simple_initiator_socket<monitor, width> to;
	passed_fn tell;

	explicit monitor(sc_core::sc_module_name name);

      private:
	void see(passed::kind what, const tlm::tlm_generic_payload &p, const sc_core::sc_time &delay);
	void b_transport(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	tlm::tlm_sync_enum forward(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	tlm::tlm_sync_enum backward(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
};

extern template class monitor<32>;
#if VIO_DATA_W != 32
extern template class monitor<VIO_DATA_W>;
#endif

#endif
