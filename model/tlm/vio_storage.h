// SPDX-License-Identifier: Apache-2.0
// vio_storage.h: what is behind the device's storage port (be_* in def/pins.def): an interface, and a raw disk.
//
// A storage stands at pins, so that its timing is its own. Implement vio_storage to bring another.
#ifndef VIO_STORAGE_H
#define VIO_STORAGE_H

#include <cstdint>
extern "C" {
#include "backend/disk.h"
}

class vio_storage
{
      public:
	virtual ~vio_storage() = default;
	// 512-byte sectors: strap_capacity.
	virtual uint64_t sectors() const = 0;
	// Sets the be_* inputs of the device from this side's registers.
	virtual void drive(vio_in &in) const = 0;
	// One clock: in and out are the pins before the edge.
	virtual void step(const vio_in &in, const vio_out &out) = 0;
	// Steps without a valid or be_stop from the device change nothing.
	virtual bool idle() const = 0;
	// Many clocks in one step, as disk.h has it; a storage that cannot says 0.
	virtual uint64_t leap_clocks(const vio_out &) const { return 0; }
	virtual void leap(const vio_out &, uint64_t, vio_data *, const vio_data *) {}
};

// A raw disk: a file or memory, which the caller owns. disk.h has the timing.
class vio_disk : public vio_storage
{
      public:
	explicit vio_disk(const disk_config &config);
	~vio_disk() override;
	vio_disk(const vio_disk &) = delete;
	vio_disk &operator=(const vio_disk &) = delete;
	uint64_t sectors() const override;
	void drive(vio_in &in) const override;
	void step(const vio_in &in, const vio_out &out) override;
	bool idle() const override;
	uint64_t leap_clocks(const vio_out &out) const override;
	void leap(const vio_out &out, uint64_t n, vio_data *rdata, const vio_data *wdata) override;
	disk *get() { return disk_; } // for faults and counts

      private:
	disk *disk_;
};

#endif
