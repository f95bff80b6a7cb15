// SPDX-License-Identifier: Apache-2.0
// vio_base.h: what vio_tlm and vio_rtl_sc share: sockets, transactors, storage, and the clock between them.
//
//     in    --- axil_pins ---+
//     out   --- dma_lt|at ---+--- pins --- the device (C model or RTL)
//     storage (be_*) --------+
//     irq   <----------------+
//
// Nothing of virtio is here. Clock n begins at n * period and ends with edge n. What begins with a clock is told at that time; a
// phase counts in the clock in which it comes. An idle device is not clocked, which changes no time (vio_idle).
//
// Loosely timed (at = 0): b_transport on in runs the device to the access's time and until the access is answered, and
// annotates these clocks. Between accesses a thread keeps the device up to run_ahead clocks ahead of SystemC. Each
// burst on out is one b_transport with the device's own time annotated, or a copy where DMI was granted.
// Approximately timed (at = 1): four phases on both sockets, see dma_at.h for out. On in:
//
//     BEGIN_REQ   the valids may show       END_REQ   address, and data of a write, are taken
//     BEGIN_RESP  R or B shows              END_RESP  it is taken: RREADY and BREADY are low until then
//
// An access is split into those of its words. Its phases are those of the last one. On in: any length and alignment inside
// 0x000 to 0xfff, byte enables, streaming width; no DMI. A word whose bytes are all disabled is not accessed.
// Response status: ADDRESS_ERROR outside the registers, BURST_ERROR for a length or streaming width of 0, BYTE_ENABLE_ERROR
// for enables of length 0, GENERIC_ERROR for a NULL pointer or an error on the pins; TLM_IGNORE_COMMAND does nothing, well.
#ifndef VIO_BASE_H
#define VIO_BASE_H

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include "leap.h"
#include "tlm/axil_pins.h"
#include "tlm/dma_at.h"
#include "tlm/dma_lt.h"
#include "tlm/vio_config.h"
#include "tlm/vio_storage.h"

class vio_base : public sc_core::sc_module, dma_lt_bus, dma_at_bus
{
      public:
	tlm_utils::simple_target_socket<vio_base, 32> in;
	tlm_utils::simple_initiator_socket<vio_base, VIO_DATA_W> out;
	sc_core::sc_out<bool> irq;

	~vio_base() override;

	// Parameters by name, as vio_params.def has them; unknown names, and changes after elaboration, are SC_REPORT_ERRORs.
	static std::vector<std::string> param_names();
	void set_value(const std::string &name, uint64_t value);
	uint64_t get_value(const std::string &name) const;

	// Nothing can change until an access comes, and SystemC has seen all that did.
	bool quiet() const { return quiet_ && irqs_.empty(); }
	// Clocks that ran or were left out.
	uint64_t clocks() const { return clock_; }

	// Called before each clock's edge with its pins. Without one, clocks may be taken many at once.
	using pins_fn = std::function<void(uint64_t clock, const vio_in &in, const vio_out &out)>;
	void watch_pins(pins_fn fn) { on_pins_ = std::move(fn); }
	// Called for each burst that memory did, DMI included.
	using dma_fn = std::function<void(bool write, uint64_t addr, unsigned len)>;
	void watch_dma(dma_fn fn) { on_dma_ = std::move(fn); }
	// For tests, loosely timed: called after each step of one clock or many; and clocks up to this one, at once.
	void watch_steps(std::function<void()> fn) { on_step_ = std::move(fn); }
	void catch_up(uint64_t clock);

      protected:
	vio_base(sc_core::sc_module_name name, const vio_config &config, vio_storage &storage);

	// The device: out_ shows its output pins. tick is one rising edge.
	virtual void tick(const vio_in &pins) = 0;
	virtual bool idle() const = 0;
	virtual vio *model() { return nullptr; } // the C model, for leaps and for transport_dbg
	void end_of_elaboration() override;
	vio_out out_{};

      private:
	// Bytes of a transaction that lie in one word.
	struct piece {
		uint16_t addr;
		uint8_t strb, lane;
		unsigned pos, len;
	};
	struct job {
		tlm::tlm_generic_payload *p;
		std::vector<piece> pieces;
		size_t done = 0;
		bool blocking, failed = false, end_req = false, begin_resp = false;
		sc_core::sc_event *over = nullptr;
		bool last() const { return done + 1 == pieces.size(); }
	};

	// vio_base.cpp: the clock.
	void drive(vio_in &pins, uint64_t clock) const;
	void edge();
	void finish_edge();
	bool leap(uint64_t limit);
	uint64_t leap_clocks(uint64_t n, uint64_t most);
	uint64_t leap_rest(uint64_t n, uint64_t most);
	void end_leap(uint64_t n);
	bool is_still() const { return vio_->ne == 0 && lt_->idle(); } // and there may be nothing to wait for
	void leap_edge();
	void run_leaping(uint64_t limit);
	void run(uint64_t limit);
	bool find_quiet();
	void post_irq();
	void clocked();
	void thread();
	void show_irq();
	void wake(uint64_t clock);
	uint64_t clock_of(const sc_core::sc_time &t) const { return t.value() / period_.value(); }
	sc_core::sc_time time_of(uint64_t clock) const { return sc_core::sc_time::from_value(period_.value() * clock); }

	// vio_in.cpp: accesses.
	void b_transport(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	unsigned transport_dbg(tlm::tlm_generic_payload &p);
	bool fast_read(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	void access_lt(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	void access_at(tlm::tlm_generic_payload &p, sc_core::sc_time &delay);
	bool begin(tlm::tlm_generic_payload &p, uint64_t clock, bool blocking);
	void collect(job &j);
	void present();
	void send_end_req(job &j);
	void send_begin_resp(job &j);

	// vio_out.cpp: DMA.
	uint8_t transfer(bool write, uint64_t addr, uint8_t *data, const uint8_t *strb, unsigned len, uint64_t clock,
			 uint64_t &latency) override;
	bool is_copy(bool write, uint64_t addr, unsigned len) const override;
	tlm::tlm_sync_enum forward(burst &b, tlm::tlm_phase &phase, uint64_t &clock) override;
	tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_core::sc_time &delay);
	void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);
	const tlm::tlm_dmi *find_dmi(bool write, uint64_t addr, unsigned len) const;
	void ask_dmi(tlm::tlm_generic_payload &p);

	vio_config config_;
	vio_storage &storage_;
	sc_core::sc_time period_;
	uint64_t run_ahead_ = 0;
	vio_in in_{};
	axil_pins axil_;
	std::unique_ptr<dma_pins> dma_;
	dma_at *at_ = nullptr;
	dma_lt *lt_ = nullptr;
	std::deque<job> jobs_;
	std::vector<tlm::tlm_dmi> dmis_;
	burst_pool pool_;
	uint64_t clock_ = 0;
	bool elaborated_ = false, quiet_ = false, running_ = false;
	bool leaping_ = false;
	vio *vio_ = nullptr; // model()
	struct vio_leap leap_ {
	};
	sc_core::sc_time busy_until_; // of fast reads
	sc_core::sc_event edge_event_, wake_event_, free_event_, irq_event_;
	std::deque<std::pair<sc_core::sc_time, bool>> irqs_; // what irq is to show, and when
	bool irq_level_ = false;
	pins_fn on_pins_;
	dma_fn on_dma_;
	std::function<void()> on_step_;
};

#endif
