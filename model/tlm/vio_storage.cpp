// SPDX-License-Identifier: Apache-2.0
// vio_storage.cpp: see vio_storage.h.
#include "tlm/vio_storage.h"

vio_disk::vio_disk(const disk_config &config) : disk_(disk_new(&config)) {}

vio_disk::~vio_disk()
{
	disk_free(disk_);
}

uint64_t vio_disk::sectors() const
{
	return disk_sectors(disk_);
}

void vio_disk::drive(vio_in &in) const
{
	disk_drive(disk_, &in);
}

void vio_disk::step(const vio_in &in, const vio_out &out)
{
	disk_step(disk_, &in, &out);
}

bool vio_disk::idle() const
{
	return disk_idle(disk_);
}

uint64_t vio_disk::leap_clocks(const vio_out &out) const
{
	return disk_leap_clocks(disk_, &out);
}

void vio_disk::leap(const vio_out &out, uint64_t n, vio_data *rdata, const vio_data *wdata)
{
	disk_leap(disk_, &out, n, rdata, wdata);
}
