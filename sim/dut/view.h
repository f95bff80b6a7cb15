/* SPDX-License-Identifier: Apache-2.0
 * view.h: what a debugger shows of a device's registers. They are looked at from outside, without an access: no clock passes
 * and nothing changes. The names are those of model/vio.h, of which rtl/ has the same registers.
 */
#ifndef DUT_VIEW_H
#define DUT_VIEW_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_params.h"

struct dut_view_queue {
	uint64_t desc, avail, used; /* the three areas of the ring */
	uint16_t num;
	bool ready;
	uint16_t taken; /* avail idx, or place of a packed ring, up to which heads were taken */
	uint16_t armed; /* avail_event, or event place */
	uint16_t next;  /* used idx, or place, up to which elements were written */
	uint16_t shown; /* and up to which the driver was told */
};

struct dut_view {
	uint8_t status, isr;
	uint8_t err_code, err_queue; /* ErrorCode, ErrorWhere */
	uint16_t err_desc;
	uint8_t req_code, req_queue; /* RequestError, RequestWhere */
	uint16_t req_head;
	uint32_t generation;
	uint64_t driver; /* features that the driver accepted */
	bool live;       /* it serves its queues */
	uint64_t states; /* four bits a unit, in the order of states.def */
	struct dut_view_queue queue[VIO_QUEUES];
};

#endif
