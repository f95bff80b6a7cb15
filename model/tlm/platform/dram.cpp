// SPDX-License-Identifier: Apache-2.0
// dram.cpp: see dram.h.
#include "tlm/platform/dram.h"

#include <algorithm>
#include <cstring>

using namespace sc_core;
using tlm::tlm_generic_payload;

dram::dram(sc_module_name name, const dram_config &config) : sc_module(name), socket("socket"), config_(config)
{
	socket.register_b_transport(this, &dram::b_transport);
	socket.register_nb_transport_fw(this, &dram::nb_transport_fw);
	socket.register_get_direct_mem_ptr(this, &dram::get_direct_mem_ptr);
	socket.register_transport_dbg(this, &dram::transport_dbg);
	sim_rng_init(&rng_, config.seed);
	SC_HAS_PROCESS(dram);
	SC_METHOD(step);
	dont_initialize();
	sensitive << event_;
	if (config.dmi == DMI_RANDOM)
		SC_METHOD(take_back);
}

bool dram::faulty(uint64_t addr, uint64_t len) const
{
	return std::any_of(faults_.begin(), faults_.end(),
			   [=](const auto &f) { return addr <= f.second && addr + len - 1 >= f.first; });
}

// Moves the bytes, and sets the response status.
void dram::access(tlm_generic_payload &p)
{
	const uint64_t offset = p.get_address() - config_.base;
	const unsigned len = p.get_data_length(), width = p.get_streaming_width(), en = p.get_byte_enable_length();
	const unsigned char *enables = p.get_byte_enable_ptr();
	unsigned char *data = p.get_data_ptr();

	if (len == 0 || width < len) {
		p.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
		return;
	}
	if (offset >= config_.size || len > config_.size - offset) {
		p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		return;
	}
	if (faulty(p.get_address(), len)) {
		p.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
		return;
	}
	uint8_t *bytes = config_.bytes + offset;
	if (enables == nullptr && p.is_write())
		memcpy(bytes, data, len);
	else if (enables == nullptr && p.is_read())
		memcpy(data, bytes, len);
	for (unsigned i = 0; enables != nullptr && i < len; i++) {
		if (enables[i % en] != TLM_BYTE_ENABLED)
			continue;
		if (p.is_write())
			bytes[i] = data[i];
		else if (p.is_read())
			data[i] = bytes[i];
	}
	p.set_response_status(tlm::TLM_OK_RESPONSE);
	if (p.is_write() && written)
		written(p.get_address(), len);
}

sc_time dram::stall()
{
	if (config_.stall_per_1024 == 0 || !sim_rng_chance(&rng_, config_.stall_per_1024))
		return SC_ZERO_TIME;
	return config_.period * (1 + sim_rng_below(&rng_, 8));
}

sc_time dram::latency(const tlm_generic_payload &p)
{
	return config_.period * (p.is_write() ? config_.write_latency : config_.read_latency);
}

void dram::b_transport(tlm_generic_payload &p, sc_time &delay)
{
	access(p);
	delay += latency(p);
	p.set_dmi_allowed(config_.dmi == DMI_ON || (config_.dmi == DMI_RANDOM && sim_rng_chance(&rng_, 512)));
}

bool dram::get_direct_mem_ptr(tlm_generic_payload &p, tlm::tlm_dmi &dmi)
{
	uint64_t first = config_.base, last = config_.base + config_.size - 1;

	dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_NONE);
	dmi.set_start_address(first);
	dmi.set_end_address(last);
	if (config_.dmi == DMI_OFF || !faults_.empty() || p.get_address() < first || p.get_address() > last)
		return false;
	if (config_.dmi == DMI_RANDOM) {
		const uint64_t page = p.get_address() & ~UINT64_C(4095);
		first = std::max(first, page - std::min<uint64_t>(page, 4096 * sim_rng_below(&rng_, 4)));
		last = std::min(last, page + 4096 * (1 + sim_rng_below(&rng_, 4)) - 1);
	}
	dmi.set_start_address(first);
	dmi.set_end_address(last);
	dmi.set_dmi_ptr(config_.bytes + (first - config_.base));
	dmi.set_read_latency(config_.period * config_.read_latency);
	dmi.set_write_latency(config_.period * config_.write_latency);
	dmi.allow_read_write();
	grants_++;
	return true;
}

void dram::take_back()
{
	if (sc_time_stamp() != SC_ZERO_TIME)
		invalidate();
	next_trigger(config_.period * (1 + sim_rng_below(&rng_, 3000)));
}

unsigned dram::transport_dbg(tlm_generic_payload &p)
{
	const uint64_t offset = p.get_address() - config_.base;

	if (offset >= config_.size)
		return 0;
	const unsigned len = static_cast<unsigned>(std::min<uint64_t>(p.get_data_length(), config_.size - offset));
	if (p.is_write())
		memcpy(config_.bytes + offset, p.get_data_ptr(), len);
	else if (p.is_read())
		memcpy(p.get_data_ptr(), config_.bytes + offset, len);
	return len;
}

// The next thing that is to be done.
void dram::schedule()
{
	sc_time when = sc_max_time();

	if (held_ != nullptr && queue_.size() < config_.outstanding)
		when = held_until_;
	if (!responding_ && !queue_.empty())
		when = std::min(when, std::max(queue_.front().due, free_at_));
	if (when != sc_max_time())
		event_.notify(when > sc_time_stamp() ? when - sc_time_stamp() : SC_ZERO_TIME);
}

tlm::tlm_sync_enum dram::nb_transport_fw(tlm_generic_payload &p, tlm::tlm_phase &phase, sc_time &delay)
{
	const sc_time now = sc_time_stamp() + delay;

	if (phase == tlm::END_RESP) {
		responding_ = false;
		free_at_ = now + config_.period;
		p.release();
		schedule();
		return tlm::TLM_COMPLETED;
	}
	p.acquire();
	// Whether an answer at this very time left before or after this came must make no difference.
	const sc_time late = stall();
	if (late == SC_ZERO_TIME && queue_.size() + (left_at_ == now) < config_.outstanding) {
		queue_.push_back(pending{&p, now + latency(p) + stall()});
		phase = tlm::END_REQ;
		schedule();
		return tlm::TLM_UPDATED;
	}
	held_ = &p;
	held_until_ = now + late;
	schedule();
	return tlm::TLM_ACCEPTED;
}

void dram::step()
{
	sc_time delay = SC_ZERO_TIME, now = sc_time_stamp();
	tlm::tlm_phase phase;

	if (held_ != nullptr && queue_.size() < config_.outstanding && held_until_ <= now) {
		tlm_generic_payload *p = held_;
		held_ = nullptr;
		queue_.push_back(pending{p, now + latency(*p) + stall()});
		phase = tlm::END_REQ;
		socket->nb_transport_bw(*p, phase, delay);
	}
	if (!responding_ && !queue_.empty() && queue_.front().due <= now && free_at_ <= now) {
		tlm_generic_payload *p = queue_.front().p;
		queue_.pop_front();
		left_at_ = now;
		responding_ = true;
		access(*p);
		phase = tlm::BEGIN_RESP;
		if (socket->nb_transport_bw(*p, phase, delay) == tlm::TLM_COMPLETED) {
			responding_ = false;
			free_at_ = now + config_.period;
			p->release();
		}
	}
	schedule();
}
