// SPDX-License-Identifier: Apache-2.0
// burst.h: a DMA burst as a generic payload, with its data; and the pool that bursts return to (IEEE 1666-2011, 14.5).
#ifndef BURST_H
#define BURST_H

#include <cstring>
#include <memory>
#include <vector>
#include <tlm>
#include "vio_params.h"
#include "vio_pins.h"
#include "tlm/dma_pins.h"

struct burst : tlm::tlm_generic_payload {
	explicit burst(tlm::tlm_mm_interface *pool) : tlm::tlm_generic_payload(pool) {}
	vio_data data[VIO_BURST_BEATS];
	uint8_t enables[VIO_BURST_BEATS * VIO_DATA_BYTES];
	unsigned beats = 0, sent = 0;
	uint8_t id = 0;
	bool whole = true; // no byte is disabled

	// All attributes as the standard asks. Byte enables are there only when one is 0.
	void set(bool write, uint64_t addr, unsigned len)
	{
		set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
		set_address(addr);
		set_data_ptr(reinterpret_cast<unsigned char *>(data));
		set_data_length(len);
		set_streaming_width(len);
		set_byte_enable_ptr(write && !whole ? enables : nullptr);
		set_byte_enable_length(write && !whole ? len : 0);
		set_dmi_allowed(false);
		set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	}
	// What RRESP and BRESP say of it.
	uint8_t axi_response() const
	{
		if (is_response_ok())
			return AXI_OKAY;
		return get_response_status() == tlm::TLM_ADDRESS_ERROR_RESPONSE ? AXI_DECERR : AXI_SLVERR;
	}
	// Beat n of a write.
	void put(unsigned n, const vio_data &beat, vio_strb strb)
	{
		data[n] = beat;
		if (strb != VIO_STRB_ALL && whole) {
			memset(enables, TLM_BYTE_ENABLED, sizeof enables);
			whole = false;
		}
		if (strb != VIO_STRB_ALL)
			for (unsigned i = 0; i < VIO_DATA_BYTES; i++)
				enables[n * VIO_DATA_BYTES + i] =
					(strb >> i & 1) != 0 ? TLM_BYTE_ENABLED : TLM_BYTE_DISABLED;
	}
};

class burst_pool : public tlm::tlm_mm_interface
{
      public:
	burst *get()
	{
		if (free_.empty()) {
			all_.push_back(std::make_unique<burst>(this));
			free_.push_back(all_.back().get());
		}
		burst *b = free_.back();
		free_.pop_back();
		b->beats = b->sent = 0;
		b->whole = true;
		b->acquire();
		return b;
	}
	void free(tlm::tlm_generic_payload *b) override
	{
		b->reset();
		free_.push_back(static_cast<burst *>(b));
	}

      private:
	std::vector<std::unique_ptr<burst>> all_;
	std::vector<burst *> free_;
};

#endif
