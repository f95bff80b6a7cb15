/* SPDX-License-Identifier: Apache-2.0
 * vio_params.h: the parameters of def/params.def as the constants VIO_<name>. */
#ifndef VIO_PARAMS_H
#define VIO_PARAMS_H

enum vio_param {
#define PARAM(name, value, what) VIO_##name = value,
#include "def/params.def"
#undef PARAM
};

#endif
