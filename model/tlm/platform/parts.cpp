// SPDX-License-Identifier: Apache-2.0
// parts.cpp: see parts.h.
#include "tlm/platform/parts.h"

#include <cstring>

using namespace sc_core;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

mmio::mmio(sc_module_name name, access_fn access) : sc_module(name), socket("socket"), access_(std::move(access))
{
	socket.register_b_transport(this, &mmio::b_transport);
}

void mmio::b_transport(tlm_generic_payload &p, sc_time &)
{
	const unsigned len = p.get_data_length();
	uint64_t data = 0;
	bool ok = false;

	if (len == 0 || len > 8 || (len & (len - 1)) != 0 || p.get_streaming_width() < len) {
		p.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
		return;
	}
	if (p.get_byte_enable_ptr() != nullptr) {
		p.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
		return;
	}
	if (p.is_write())
		memcpy(&data, p.get_data_ptr(), len);
	if (p.get_command() == tlm::TLM_IGNORE_COMMAND)
		ok = true;
	else
		ok = access_(p.is_write(), p.get_address(), len, data);
	if (p.is_read())
		memcpy(p.get_data_ptr(), &data, len);
	p.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

router::router(sc_module_name name) : sc_module(name), socket("socket")
{
	socket.register_b_transport(this, &router::b_transport);
	socket.register_nb_transport_fw(this, &router::nb_transport_fw);
	socket.register_transport_dbg(this, &router::transport_dbg);
}

tlm_utils::simple_initiator_socket_tagged<router, 32> &router::add(uint64_t base, uint64_t size)
{
	auto out = std::make_unique<tlm_utils::simple_initiator_socket_tagged<router, 32>>(sc_gen_unique_name("out"));

	out->register_nb_transport_bw(this, &router::nb_transport_bw, static_cast<int>(ranges_.size()));
	ranges_.push_back(range{base, size, std::move(out)});
	return *ranges_.back().out;
}

router::range *router::find(const tlm_generic_payload &p)
{
	for (range &r : ranges_)
		if (p.get_address() - r.base < r.size)
			return &r;
	return nullptr;
}

void router::b_transport(tlm_generic_payload &p, sc_time &delay)
{
	range *r = find(p);
	const uint64_t addr = p.get_address();

	if (r == nullptr) {
		p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		return;
	}
	p.set_address(addr - r->base);
	(*r->out)->b_transport(p, delay);
	p.set_address(addr);
}

tlm::tlm_sync_enum router::nb_transport_fw(tlm_generic_payload &p, tlm_phase &phase, sc_time &delay)
{
	range *r = find(p);

	if (r == nullptr) {
		p.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		return tlm::TLM_COMPLETED;
	}
	const uint64_t addr = p.get_address();
	p.set_address(addr - r->base);
	const tlm::tlm_sync_enum answer = (*r->out)->nb_transport_fw(p, phase, delay);
	p.set_address(addr); // the target has what it needs: it splits the access when it begins
	return answer;
}

tlm::tlm_sync_enum router::nb_transport_bw(int, tlm_generic_payload &p, tlm_phase &phase, sc_time &delay)
{
	return socket->nb_transport_bw(p, phase, delay);
}

unsigned router::transport_dbg(tlm_generic_payload &p)
{
	range *r = find(p);
	const uint64_t addr = p.get_address();

	if (r == nullptr)
		return 0;
	p.set_address(addr - r->base);
	const unsigned done = (*r->out)->transport_dbg(p);
	p.set_address(addr);
	return done;
}

bool passed::operator==(const passed &o) const
{
	return what == o.what && ns == o.ns && write == o.write && addr == o.addr && len == o.len && data == o.data &&
	       strobe == o.strobe && response == o.response;
}

// FNV-1a by words; up to 8 bytes are their own digest.
static uint64_t digest(const unsigned char *bytes, unsigned len)
{
	uint64_t hash = 0xcbf29ce484222325u, word;

	if (len <= 8) {
		word = 0;
		memcpy(&word, bytes, len);
		return word;
	}
	for (unsigned i = 0; i < len; i += 8) {
		word = 0;
		memcpy(&word, bytes + i, len - i < 8 ? len - i : 8);
		hash = (hash ^ word) * 0x100000001b3u;
		hash ^= hash >> 29;
	}
	return hash;
}

template <unsigned width> monitor<width>::monitor(sc_module_name name) : sc_module(name), from("from"), to("to")
{
	from.register_b_transport(this, &monitor::b_transport);
	from.register_nb_transport_fw(this, &monitor::forward);
	to.register_nb_transport_bw(this, &monitor::backward);
}

template <unsigned width>
void monitor<width>::see(passed::kind what, const tlm_generic_payload &p, const sc_time &delay)
{
	const bool has_data = (p.is_write() && what == passed::BEGIN_REQ) ||
			      (p.is_read() && what == passed::BEGIN_RESP) || what == passed::CALL;
	const bool answered = what == passed::BEGIN_RESP || what == passed::END_RESP || what == passed::CALL;
	const unsigned enables = p.get_byte_enable_ptr() != nullptr ? p.get_byte_enable_length() : 0;

	if (!tell)
		return;
	tell(passed{what, static_cast<uint64_t>((sc_time_stamp() + delay).to_seconds() * 1e9 + 0.5), p.is_write(),
		    p.get_address(), p.get_data_length(), has_data ? digest(p.get_data_ptr(), p.get_data_length()) : 0,
		    enables != 0 ? digest(p.get_byte_enable_ptr(), enables) : 0,
		    answered ? static_cast<int>(p.get_response_status()) : 0});
}

template <unsigned width> void monitor<width>::b_transport(tlm_generic_payload &p, sc_time &delay)
{
	to->b_transport(p, delay);
	see(passed::CALL, p, delay);
}

static passed::kind kind_of(const tlm_phase &phase)
{
	return phase == tlm::BEGIN_REQ    ? passed::BEGIN_REQ
	       : phase == tlm::END_REQ    ? passed::END_REQ
	       : phase == tlm::BEGIN_RESP ? passed::BEGIN_RESP
					  : passed::END_RESP;
}

template <unsigned width>
tlm::tlm_sync_enum monitor<width>::forward(tlm_generic_payload &p, tlm_phase &phase, sc_time &delay)
{
	const tlm_phase sent = phase;

	see(kind_of(sent), p, delay);
	const tlm::tlm_sync_enum answer = to->nb_transport_fw(p, phase, delay);
	if (answer == tlm::TLM_UPDATED && phase != sent)
		see(kind_of(phase), p, delay);
	else if (answer == tlm::TLM_COMPLETED && sent == tlm::BEGIN_REQ)
		see(passed::CALL, p, delay);
	return answer;
}

template <unsigned width>
tlm::tlm_sync_enum monitor<width>::backward(tlm_generic_payload &p, tlm_phase &phase, sc_time &delay)
{
	const tlm_phase sent = phase;

	see(kind_of(sent), p, delay);
	const tlm::tlm_sync_enum answer = from->nb_transport_bw(p, phase, delay);
	if (sent == tlm::BEGIN_RESP && answer != tlm::TLM_ACCEPTED)
		see(passed::END_RESP, p, delay);
	return answer;
}

template class monitor<32>;
#if VIO_DATA_W != 32
template class monitor<VIO_DATA_W>;
#endif
