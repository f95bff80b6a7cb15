// SPDX-License-Identifier: Apache-2.0
// vio_rtl_sc.h: the Verilated RTL as a SystemC module, behind the sockets and transactors of vio_base.h.
//
// The transactors drive the pins of `verilator --cc` through dut.h, for SystemC signals at each pin would cost most of the
// speed. tests/tlm/pins.cpp runs the module of `verilator --sc` beside it, pin by pin.
#ifndef VIO_RTL_SC_H
#define VIO_RTL_SC_H

#include "tlm/vio_base.h"
extern "C" {
#include "dut/dut.h"
}

class vio_rtl_sc : public vio_base
{
      public:
	// storage is the caller's, and outlives the module.
	vio_rtl_sc(sc_core::sc_module_name name, const vio_config &config, vio_storage &storage);
	~vio_rtl_sc() override;

      protected:
	void tick(const vio_in &pins) override;
	bool idle() const override;

      private:
	dut *rtl_;
};

#endif
