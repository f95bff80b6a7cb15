// SPDX-License-Identifier: Apache-2.0
// vio_rtl_sc.cpp: see vio_rtl_sc.h.
#include "tlm/vio_rtl_sc.h"

vio_rtl_sc::vio_rtl_sc(sc_core::sc_module_name name, const vio_config &config, vio_storage &storage)
    : vio_base(name, config, storage), rtl_(dut_open_rtl())
{
	out_ = rtl_->out;
}

vio_rtl_sc::~vio_rtl_sc()
{
	rtl_->ops->close(rtl_);
}

void vio_rtl_sc::tick(const vio_in &pins)
{
	dut_tick(rtl_, &pins);
	out_ = rtl_->out;
}

bool vio_rtl_sc::idle() const
{
	return dut_idle(rtl_);
}
