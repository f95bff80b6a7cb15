// SPDX-License-Identifier: Apache-2.0
// vio_out.cpp: DMA, see vio_base.h.
#include "tlm/vio_base.h"

#include <algorithm>
#include <cstring>

using namespace sc_core;

const tlm::tlm_dmi *vio_base::find_dmi(bool write, uint64_t addr, unsigned len) const
{
	for (const tlm::tlm_dmi &d : dmis_)
		if (addr >= d.get_start_address() && addr <= d.get_end_address() &&
		    len - 1 <= d.get_end_address() - addr && (write ? d.is_write_allowed() : d.is_read_allowed()))
			return &d;
	return nullptr;
}

void vio_base::ask_dmi(tlm::tlm_generic_payload &p)
{
	tlm::tlm_dmi d;

	d.init();
	if (out->get_direct_mem_ptr(p, d) && d.get_dmi_ptr() != nullptr)
		dmis_.push_back(d);
}

// The bus may call this at any time, in the middle of a burst as well.
void vio_base::invalidate(sc_dt::uint64 first, sc_dt::uint64 last)
{
	dmis_.erase(std::remove_if(dmis_.begin(), dmis_.end(),
				   [=](const tlm::tlm_dmi &d) {
					   return d.get_start_address() <= last && first <= d.get_end_address();
				   }),
		    dmis_.end());
}

static void copy_enabled(uint8_t *to, const uint8_t *from, const uint8_t *strb, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		if (strb[i] != 0)
			to[i] = from[i];
}

uint8_t vio_base::transfer(bool write, uint64_t addr, uint8_t *data, const uint8_t *strb, unsigned len, uint64_t clock,
			   uint64_t &latency)
{
	const tlm::tlm_dmi *d = config_.dmi != 0 ? find_dmi(write, addr, len) : nullptr;

	if (d != nullptr) {
		uint8_t *memory = d->get_dmi_ptr() + (addr - d->get_start_address());
		if (!write)
			memcpy(data, memory, len);
		else if (strb == nullptr)
			memcpy(memory, data, len);
		else
			copy_enabled(memory, data, strb, len);
		latency = clock_of(write ? d->get_write_latency() : d->get_read_latency());
		if (on_dma_)
			on_dma_(write, addr, len);
		return AXI_OKAY;
	}
	burst &b = *pool_.get();
	// A device that is behind SystemC cannot ask in the past, but is not answered later for it.
	const sc_time start = std::max(time_of(clock), sc_time_stamp());
	sc_time delay = start - sc_time_stamp();

	b.whole = strb == nullptr;
	b.set(write, addr, len);
	b.set_data_ptr(data);
	b.set_byte_enable_ptr(const_cast<uint8_t *>(strb)); // enabled bytes are 0xff, as TLM_BYTE_ENABLED is
	out->b_transport(b, delay);
	const sc_time end = sc_time_stamp() + delay;
	latency = end > start ? clock_of(end - start + period_ - sc_get_time_resolution()) : 0;
	const uint8_t resp = b.axi_response();
	if (config_.dmi != 0 && b.is_dmi_allowed())
		ask_dmi(b);
	b.release();
	if (on_dma_)
		on_dma_(write, addr, len);
	return resp;
}

bool vio_base::is_copy(bool write, uint64_t addr, unsigned len) const
{
	return config_.dmi != 0 && find_dmi(write, addr, len) != nullptr;
}

tlm::tlm_sync_enum vio_base::forward(burst &b, tlm::tlm_phase &phase, uint64_t &clock)
{
	sc_time delay = SC_ZERO_TIME;
	const tlm::tlm_sync_enum answer = out->nb_transport_fw(b, phase, delay);

	clock = clock_of(sc_time_stamp() + delay);
	return answer;
}

tlm::tlm_sync_enum vio_base::nb_transport_bw(tlm::tlm_generic_payload &p, tlm::tlm_phase &phase, sc_time &delay)
{
	if (at_ == nullptr)
		return tlm::TLM_COMPLETED;
	if (phase == tlm::BEGIN_RESP && p.is_write() && on_dma_)
		on_dma_(true, p.get_address(), p.get_data_length());
	return at_->backward(static_cast<burst &>(p), phase, clock_of(sc_time_stamp() + delay));
}
