// SPDX-License-Identifier: Apache-2.0
// target.cpp: the register socket as IEEE 1666 has it: response status of every kind of access, byte enables, streaming width,
// debug accesses, annotated delays, and the four phases with several accesses and a held answer.
//
// usage: target lt|at|rtl
#include <cstdio>
#include <cstring>
#include "rig.h"
#include "tlm/vio_rtl_sc.h"
#include "tlm/vio_tlm.h"

using namespace sc_core;

namespace
{

enum : uint64_t { CONFIG = 0x100 }; // the device configuration space begins
enum { PERIOD = 10 };

vio_config config_of(bool at)
{
	vio_config c;
	c.at = at;
	c.run_ahead = 0;
	return c;
}

template <typename device> struct top : sc_module {
	tlm_rig<device> r;
	bool at;
	int checks = 0, failures = 0;

	SC_HAS_PROCESS(top);
	top(sc_module_name name, bool at_) : sc_module(name), r("rig", config_of(at_), 20, DMI_ON), at(at_)
	{
		SC_THREAD(run);
		set_stack_size(1 << 20);
	}
	void check(bool ok, const char *what)
	{
		checks++;
		if (ok)
			return;
		failures++;
		printf("  FAIL  %s\n", what);
	}
	struct result {
		tlm::tlm_response_status status;
		uint64_t clocks;
	};
	result go(tlm::tlm_command command, uint64_t addr, void *data, unsigned len, unsigned width,
		  uint8_t *enables = nullptr, unsigned enable_len = 0)
	{
		tlm::tlm_generic_payload p;
		sc_time delay = SC_ZERO_TIME, start = sc_time_stamp();

		p.set_command(command);
		p.set_address(addr);
		p.set_data_ptr(static_cast<unsigned char *>(data));
		p.set_data_length(len);
		p.set_streaming_width(width);
		p.set_byte_enable_ptr(enables);
		p.set_byte_enable_length(enable_len);
		r.regs->b_transport(p, delay);
		wait(delay);
		check(p.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE, "every access has a response status");
		return {p.get_response_status(), (sc_time_stamp() - start).value() / sc_time(PERIOD, SC_NS).value()};
	}
	void statuses()
	{
		const auto R = tlm::TLM_READ_COMMAND, W = tlm::TLM_WRITE_COMMAND;
		uint32_t word = 0;
		uint8_t enables[4] = {0xff, 0xff, 0xff, 0xff};

		check(go(R, REG_MagicValue, &word, 4, 4).status == tlm::TLM_OK_RESPONSE && word == 0x74726976,
		      "MagicValue");
		check(go(R, 0x1000, &word, 4, 4).status == tlm::TLM_ADDRESS_ERROR_RESPONSE, "an address outside");
		check(go(R, 0xffe, &word, 4, 4).status == tlm::TLM_ADDRESS_ERROR_RESPONSE, "an end outside");
		check(go(R, UINT64_MAX, &word, 4, 4).status == tlm::TLM_ADDRESS_ERROR_RESPONSE,
		      "an address that wraps");
		check(go(R, REG_MagicValue, &word, 4, 0).status == tlm::TLM_BURST_ERROR_RESPONSE,
		      "a streaming width of 0");
		check(go(W, REG_MagicValue, &word, 0, 4).status == tlm::TLM_BURST_ERROR_RESPONSE, "a length of 0");
		check(go(R, REG_MagicValue, nullptr, 4, 4).status == tlm::TLM_GENERIC_ERROR_RESPONSE, "no data");
		check(go(R, REG_MagicValue, &word, 4, 4, enables, 0).status == tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE,
		      "byte enables of length 0");
		word = 0x12345678;
		check(go(tlm::TLM_IGNORE_COMMAND, REG_MagicValue, &word, 4, 4).status == tlm::TLM_OK_RESPONSE &&
			      word == 0x12345678,
		      "the command to ignore");
	}
	void shapes()
	{
		const auto R = tlm::TLM_READ_COMMAND, W = tlm::TLM_WRITE_COMMAND;
		uint8_t bytes[16], some[4] = {0xff, 0, 0xff, 0}, none[1] = {0};
		uint32_t words[4];

		// The page size of a legacy device is not there; the queue's address can be read back by nobody. The disk's
		// configuration can be read byte by byte: capacity, traffic_disk / 512 sectors.
		check(go(R, CONFIG, bytes, 8, 8).status == tlm::TLM_OK_RESPONSE && bytes[1] == 8 && bytes[0] == 0,
		      "8 bytes");
		memset(bytes, 0xee, sizeof bytes);
		check(go(R, CONFIG + 1, bytes, 1, 1).status == tlm::TLM_OK_RESPONSE && bytes[0] == 8 &&
			      bytes[1] == 0xee,
		      "a byte");
		check(go(R, CONFIG + 1, bytes, 6, 6).status == tlm::TLM_OK_RESPONSE && bytes[0] == 8 && bytes[1] == 0 &&
			      bytes[6] == 0xee,
		      "6 bytes over a border of words");
		memset(bytes, 0xee, sizeof bytes);
		check(go(R, REG_MagicValue, bytes, 4, 4, some, 4).status == tlm::TLM_OK_RESPONSE && bytes[0] == 'v' &&
			      bytes[1] == 0xee && bytes[2] == 'r' && bytes[3] == 0xee,
		      "a read with byte enables");
		check(go(R, REG_MagicValue, words, 16, 4).status == tlm::TLM_OK_RESPONSE && words[0] == 0x74726976 &&
			      words[3] == 0x74726976,
		      "a streaming width of one word");
		const uint64_t nothing_clocks = go(W, REG_Status, bytes, 4, 4, none, 1).clocks;
		check(nothing_clocks == 0, "a write without an enabled byte does nothing");
		uint32_t status = 3;
		go(W, REG_Status, &status, 4, 4);
		uint8_t wrong[4] = {0x80, 0xff, 0xff, 0xff}, all_but_first[4] = {0, 0xff, 0xff, 0xff};
		go(W, REG_Status, wrong, 4, 4, all_but_first, 4);
		go(R, REG_Status, &status, 4, 4);
		check(status == 3, "a byte that is not enabled is not written");
		status = 0;
		go(W, REG_Status, &status, 4, 4);
		wait(1, SC_US);
		const uint64_t one = go(R, REG_MagicValue, words, 4, 4).clocks;
		check(one == 2, "a read takes two clocks");
		wait(1, SC_US);
		check(go(R, REG_MagicValue, words, 16, 16).clocks == 8, "four words take four reads");
		wait(1, SC_US);
		status = 1;
		check(go(W, REG_Status, &status, 4, 4).clocks == 2, "a write takes two clocks");
	}
	void debug()
	{
		tlm::tlm_generic_payload p;
		uint32_t word = 0;

		p.set_command(tlm::TLM_READ_COMMAND);
		p.set_address(REG_DeviceID);
		p.set_data_ptr(reinterpret_cast<unsigned char *>(&word));
		p.set_data_length(4);
		p.set_streaming_width(4);
		const unsigned n = r.regs->transport_dbg(p);
		check(std::is_same<device, vio_rtl_sc>::value ? n == 0 : n == 4 && word == 2, "a debug read");
		p.set_address(0x1000);
		check(r.regs->transport_dbg(p) == 0, "a debug read outside");
		p.set_command(tlm::TLM_WRITE_COMMAND);
		p.set_address(REG_Status);
		check(r.regs->transport_dbg(p) == 0, "a debug write is not done");
	}
	void parameters()
	{
		check(r.dut.get_value("queues") == 1 && vio_base::param_names().size() == 11, "parameters by name");
	}
	void run()
	{
		wait(105, SC_NS);
		parameters();
		statuses();
		shapes();
		debug();
		sc_stop();
	}
};

// Four phases: two accesses at once, the first one's answer is held.
template <typename device> struct phases : sc_module {
	rig_store store;
	device dut;
	dram memory;
	tlm_utils::simple_initiator_socket<phases, 32> regs;
	sc_signal<bool> irq;
	tlm::tlm_generic_payload p[2];
	uint32_t data[2] = {0, 0};
	struct seen {
		int which;
		unsigned phase;
		uint64_t ns;
	};
	std::vector<seen> log;
	bool hold = true;
	int failures = 0;

	SC_HAS_PROCESS(phases);
	explicit phases(sc_module_name name)
	    : sc_module(name), dut("dut", config_of(true), *store.storage),
	      memory("memory", rig_memory(store, 20, DMI_OFF)), regs("regs"), irq("irq")
	{
		regs.register_nb_transport_bw(this, &phases::backward);
		regs.bind(dut.in);
		dut.out.bind(memory.socket);
		dut.irq(irq);
		SC_THREAD(run);
	}
	void note(const tlm::tlm_generic_payload &t, unsigned phase, const sc_time &delay)
	{
		log.push_back({&t == &p[1], phase,
			       static_cast<uint64_t>((sc_time_stamp() + delay).to_seconds() * 1e9 + 0.5)});
	}
	tlm::tlm_sync_enum backward(tlm::tlm_generic_payload &t, tlm::tlm_phase &phase, sc_time &delay)
	{
		note(t, phase, delay);
		if (phase != tlm::BEGIN_RESP || (hold && &t == &p[0]))
			return tlm::TLM_ACCEPTED;
		phase = tlm::END_RESP;
		return tlm::TLM_COMPLETED;
	}
	void send(int n, uint64_t addr)
	{
		tlm::tlm_phase phase = tlm::BEGIN_REQ;
		sc_time delay = SC_ZERO_TIME;

		p[n].set_command(tlm::TLM_READ_COMMAND);
		p[n].set_address(addr);
		p[n].set_data_ptr(reinterpret_cast<unsigned char *>(&data[n]));
		p[n].set_data_length(4);
		p[n].set_streaming_width(4);
		if (regs->nb_transport_fw(p[n], phase, delay) == tlm::TLM_UPDATED)
			note(p[n], phase, delay);
	}
	void expect(size_t i, int which, unsigned phase, uint64_t ns)
	{
		if (i < log.size() && log[i].which == which && log[i].phase == phase && log[i].ns == ns)
			return;
		failures++;
		printf("  FAIL  phase %zu is not %u of access %d at %llu ns\n", i, phase, which,
		       static_cast<unsigned long long>(ns));
		if (i < log.size())
			printf("        but %u of access %d at %llu ns\n", log[i].phase, log[i].which,
			       static_cast<unsigned long long>(log[i].ns));
	}
	void run()
	{
		wait(205, SC_NS); // the middle of clock 20
		send(0, REG_MagicValue);
		wait(10, SC_NS);
		send(1, REG_DeviceID);
		wait(100, SC_NS); // clock 31: the first answer was held since clock 21
		tlm::tlm_phase phase = tlm::END_RESP;
		sc_time delay = SC_ZERO_TIME;
		regs->nb_transport_fw(p[0], phase, delay);
		wait(100, SC_NS);
		expect(0, 0, tlm::END_REQ, 205);
		expect(1, 0, tlm::BEGIN_RESP, 210);
		expect(2, 1, tlm::END_REQ, 320);
		expect(3, 1, tlm::BEGIN_RESP, 330);
		if (log.size() != 4 || data[0] != 0x74726976 || data[1] != 2) {
			failures++;
			printf("  FAIL  four phases: %zu calls, data 0x%x and 0x%x\n", log.size(), data[0], data[1]);
		}
	}
};

template <typename device> int run(bool at)
{
	top<device> attributes("attributes", at);
	std::unique_ptr<phases<device>> four;

	if (at)
		four = std::make_unique<phases<device>>("phases");
	sc_start();
	const int failures = attributes.failures + (four ? four->failures : 0);
	printf("target: %d checks, %d failed\n", attributes.checks + (four ? 5 : 0), failures);
	return failures != 0;
}

} // namespace

int sc_main(int argc, char **argv)
{
	const std::string what = argc > 1 ? argv[1] : "lt";

	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	return what == "rtl" ? run<vio_rtl_sc>(true) : run<vio_tlm>(what == "at");
}
