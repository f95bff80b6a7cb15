// SPDX-License-Identifier: Apache-2.0
// vio_tlm.h: the C model as a SystemC module. It wires, and implements nothing: vio_base.h says how it behaves.
#ifndef VIO_TLM_H
#define VIO_TLM_H

#include "tlm/vio_base.h"

class vio_tlm : public vio_base
{
      public:
	// storage is the caller's, and outlives the module.
	vio_tlm(sc_core::sc_module_name name, const vio_config &config, vio_storage &storage);

	// For tests.
	const vio &state() const { return vio_; }
	const vio_out &pins() const { return out_; }

      protected:
	void tick(const vio_in &pins) override;
	bool idle() const override;
	vio *model() override { return &vio_; }

      private:
	vio vio_;
};

#endif
