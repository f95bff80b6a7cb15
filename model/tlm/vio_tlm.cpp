// SPDX-License-Identifier: Apache-2.0
// vio_tlm.cpp: see vio_tlm.h.
#include "tlm/vio_tlm.h"

vio_tlm::vio_tlm(sc_core::sc_module_name name, const vio_config &config, vio_storage &storage)
    : vio_base(name, config, storage)
{
	vio_reset(&vio_, &out_);
}

void vio_tlm::tick(const vio_in &pins)
{
	vio_tick(&vio_, &pins, &out_);
}

bool vio_tlm::idle() const
{
	return vio_idle(&vio_, &out_);
}
