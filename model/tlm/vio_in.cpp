// SPDX-License-Identifier: Apache-2.0
// vio_in.cpp: accesses to the registers, see vio_base.h.
#include "tlm/vio_base.h"

#include <algorithm>
#include <cstring>

using namespace sc_core;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

static constexpr uint64_t registers = 0x1000;
static constexpr uint64_t patience = 10000000; // clocks that an access may take

// What is wrong with the attributes, or TLM_OK_RESPONSE.
static tlm::tlm_response_status judge(const tlm_generic_payload &p)
{
	const uint64_t addr = p.get_address(), span = std::min(p.get_data_length(), p.get_streaming_width());

	if (p.get_data_length() == 0 || p.get_streaming_width() == 0)
		return tlm::TLM_BURST_ERROR_RESPONSE;
	if (p.get_data_ptr() == nullptr)
		return tlm::TLM_GENERIC_ERROR_RESPONSE;
	if (p.get_byte_enable_ptr() != nullptr && p.get_byte_enable_length() == 0)
		return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
	if (addr >= registers || span > registers - addr)
		return tlm::TLM_ADDRESS_ERROR_RESPONSE;
	return tlm::TLM_OK_RESPONSE;
}

static bool enabled(const tlm_generic_payload &p, unsigned pos)
{
	const unsigned char *enables = p.get_byte_enable_ptr();

	return enables == nullptr || enables[pos % p.get_byte_enable_length()] == TLM_BYTE_ENABLED;
}

// Splits a sound transaction and posts its words. False when there is nothing to do.
bool vio_base::begin(tlm_generic_payload &p, uint64_t clock, bool blocking)
{
	const unsigned len = p.get_data_length(), width = p.get_streaming_width();
	job j{&p, {}, 0, blocking};

	if (p.get_command() == tlm::TLM_IGNORE_COMMAND)
		return false;
	for (unsigned pos = 0; pos < len;) {
		const unsigned at = static_cast<unsigned>(p.get_address()) + pos % width, lane = at % 4;
		const unsigned n = std::min({4 - lane, len - pos, width - pos % width});
		piece w{static_cast<uint16_t>(at - lane), 0, static_cast<uint8_t>(lane), pos, n};

		for (unsigned i = 0; i < n; i++)
			w.strb |= static_cast<uint8_t>(enabled(p, pos + i) << (lane + i));
		if (w.strb != 0)
			j.pieces.push_back(w);
		pos += n;
	}
	if (j.pieces.empty())
		return false;
	for (const piece &w : j.pieces) {
		uint32_t data = 0;
		if (p.is_write())
			memcpy(reinterpret_cast<uint8_t *>(&data) + w.lane, p.get_data_ptr() + w.pos, w.len);
		axil_.post(axil_access{p.is_write(), w.strb, w.addr, data, clock});
	}
	jobs_.push_back(std::move(j));
	return true;
}

// The answer to the current word, which shows on the pins.
void vio_base::collect(job &j)
{
	const piece &w = j.pieces[j.done];
	const uint32_t data = axil_.data(out_);

	if (axil_.resp(out_) != 0)
		j.failed = true;
	for (unsigned i = 0; j.p->is_read() && i < w.len; i++)
		if ((w.strb >> (w.lane + i) & 1) != 0)
			j.p->get_data_ptr()[w.pos + i] = static_cast<uint8_t>(data >> 8 * (w.lane + i));
	if (j.last())
		j.p->set_response_status(j.failed ? tlm::TLM_GENERIC_ERROR_RESPONSE : tlm::TLM_OK_RESPONSE);
}

// A clock begins: what shows on the pins is told.
void vio_base::present()
{
	if (at_ != nullptr)
		at_->present(out_, clock_);
	if (jobs_.empty())
		return;
	job &j = jobs_.front();
	if (axil_.answered(out_) && !j.begin_resp) {
		collect(j);
		if (j.last() && !j.blocking)
			send_begin_resp(j);
		else
			axil_.take(clock_);
	}
	if (!j.end_req && !j.blocking && j.last() && axil_.accepted(out_, clock_))
		send_end_req(j);
}

void vio_base::send_end_req(job &j)
{
	tlm_phase phase = tlm::END_REQ;
	sc_time delay = std::max(time_of(clock_), sc_time_stamp()) - sc_time_stamp();

	j.end_req = true;
	in->nb_transport_bw(*j.p, phase, delay);
}

void vio_base::send_begin_resp(job &j)
{
	tlm_phase phase = tlm::BEGIN_RESP;
	sc_time delay = std::max(time_of(clock_), sc_time_stamp()) - sc_time_stamp();

	j.begin_resp = true;
	if (in->nb_transport_bw(*j.p, phase, delay) != tlm::TLM_ACCEPTED)
		axil_.take(clock_of(sc_time_stamp() + delay));
}

// A whole register of an idle device: the answer and the clocks are known.
bool vio_base::fast_read(tlm_generic_payload &p, sc_time &delay)
{
	vio *v = quiet_ && leaping_ && !on_pins_ ? model() : nullptr;
	const sc_time now = sc_time_stamp() + delay;

	if (v == nullptr || !p.is_read() || p.get_data_length() != 4 || p.get_address() >= registers ||
	    p.get_address() % 4 != 0 || p.get_byte_enable_ptr() != nullptr || p.get_streaming_width() < 4 ||
	    p.get_data_ptr() == nullptr)
		return false;
	if (now < busy_until_)
		delay += busy_until_ - now;
	const uint32_t data = vio_leap_read(v, &in_, &out_, static_cast<uint16_t>(p.get_address()));
	memcpy(p.get_data_ptr(), &data, 4);
	for (unsigned i = 0; i < VIO_LEAP_READ_CLOCKS; i++)
		delay += period_;
	busy_until_ = std::max(now, busy_until_) + period_ + period_;
	p.set_response_status(tlm::TLM_OK_RESPONSE);
	return true;
}

void vio_base::b_transport(tlm_generic_payload &p, sc_time &delay)
{
	p.set_dmi_allowed(false);
	if (fast_read(p, delay))
		return;
	const tlm::tlm_response_status status = judge(p);
	if (status != tlm::TLM_OK_RESPONSE)
		p.set_response_status(status);
	else if (at_ != nullptr)
		access_at(p, delay);
	else
		access_lt(p, delay);
}

void vio_base::access_lt(tlm_generic_payload &p, sc_time &delay)
{
	while (running_)
		wait(free_event_);
	running_ = true;
	const sc_time start = std::max(sc_time_stamp() + delay, busy_until_);
	const uint64_t first = clock_of(start);
	while (clock_ < first && !quiet_)
		run(first);
	wake(first);
	p.set_response_status(tlm::TLM_OK_RESPONSE);
	if (begin(p, clock_, true)) {
		for (uint64_t n = 0; !jobs_.empty() && n < patience; n++) {
			present();
			edge();
		}
		if (!jobs_.empty())
			SC_REPORT_FATAL("ringwalk", "a register access is never answered");
	}
	const sc_time end = time_of(clock_) + (start - time_of(first));
	delay = end > sc_time_stamp() ? end - sc_time_stamp() : SC_ZERO_TIME;
	quiet_ = find_quiet();
	running_ = false;
	free_event_.notify();
	if (!quiet_)
		wake_event_.notify(SC_ZERO_TIME);
}

void vio_base::access_at(tlm_generic_payload &p, sc_time &delay)
{
	sc_event over;

	if (delay > SC_ZERO_TIME)
		wait(delay);
	delay = SC_ZERO_TIME;
	p.set_response_status(tlm::TLM_OK_RESPONSE);
	wake(clock_of(sc_time_stamp()));
	if (!begin(p, clock_of(sc_time_stamp()), true))
		return;
	jobs_.back().over = &over;
	wait(over);
}

tlm::tlm_sync_enum vio_base::nb_transport_fw(tlm_generic_payload &p, tlm_phase &phase, sc_time &delay)
{
	const uint64_t clock = clock_of(sc_time_stamp() + delay);

	if (phase == tlm::END_RESP) {
		axil_.take(clock);
		return tlm::TLM_COMPLETED;
	}
	if (phase != tlm::BEGIN_REQ)
		return tlm::TLM_ACCEPTED;
	p.set_dmi_allowed(false);
	p.set_response_status(judge(p));
	wake(clock);
	if (!p.is_response_ok() || !begin(p, std::max(clock, clock_), false))
		return tlm::TLM_COMPLETED;
	if (jobs_.size() != 1 || clock_ != clock || !jobs_.front().last() || !axil_.accepted(out_, clock))
		return tlm::TLM_ACCEPTED;
	jobs_.front().end_req = true;
	phase = tlm::END_REQ;
	return tlm::TLM_UPDATED;
}

// Reads a copy of the model: its device goes on as if nothing had been. Of the RTL there is no copy: 0 bytes.
unsigned vio_base::transport_dbg(tlm_generic_payload &p)
{
	const unsigned len = p.get_data_length();
	const uint64_t addr = p.get_address();
	unsigned done = 0;

	if (!p.is_read() || model() == nullptr || addr >= registers)
		return 0;
	auto copy = std::make_unique<vio>(*model());
	vio_in pins = in_;
	vio_out shown = out_;
	pins.m_axi_rvalid = pins.m_axi_bvalid = pins.m_axi_arready = pins.m_axi_awready = pins.m_axi_wready = 0;
	pins.be_rvalid = pins.be_rsp_valid = pins.be_cmd_ready = pins.be_wready = 0;
	pins.s_axil_arvalid = pins.s_axil_awvalid = pins.s_axil_wvalid = pins.s_axil_rready = 0;
	for (; done < len && addr + done < registers; done++) {
		const uint32_t word =
			vio_leap_read(copy.get(), &pins, &shown, static_cast<uint16_t>((addr + done) & ~3ull));
		p.get_data_ptr()[done] = static_cast<uint8_t>(word >> 8 * ((addr + done) % 4));
	}
	return done;
}
