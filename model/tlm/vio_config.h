// SPDX-License-Identifier: Apache-2.0
// vio_config.h: parameters and straps of vio_tlm and vio_rtl_sc, as a struct; vio_params.def says what they mean.
#ifndef VIO_CONFIG_H
#define VIO_CONFIG_H

#include <cstdint>

struct vio_config {
#define VIO_PARAM(name, type, initial, what) type name = initial;
#include "tlm/vio_params.def"
};

#endif
