/* SPDX-License-Identifier: Apache-2.0
 * meter.c: requests and payload bytes, see meter.h.
 */
#include "trace/meter.h"
#include "vio_params.h"

void meter_command(struct meter *m, const struct vio_out *out)
{
	m->requests++;
	if (out->be_cmd_op == VIO_BE_READ || out->be_cmd_op == VIO_BE_WRITE || out->be_cmd_op == VIO_BE_WRITE_FUA)
		m->bytes += out->be_cmd_len;
}
