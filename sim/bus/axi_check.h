/* SPDX-License-Identifier: Apache-2.0
 * axi_check.h: the rules that an AXI4 manager must keep, judged on the device's m_axi_* pins each clock.
 *
 * Checked: valid and its payload hold until ready; bursts are full-width INCR and do not cross 4 KiB; IDs are those of
 * params.def; data beats match the address they belong to, with wlast on the last one and only there, and no strobe
 * below an unaligned start. The first violation is kept and fetched, never printed.
 */
#ifndef AXI_CHECK_H
#define AXI_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

#define AXI_CHECK_WRITES 2048 /* a power of two; write addresses and bursts that may wait for each other */

struct axi_check {
	bool ar_held, aw_held, w_held;
	struct vio_out held;             /* the payload that must not change, for the channels held */
	uint16_t lens[AXI_CHECK_WRITES]; /* beats of write bursts: of addresses, or of data that came first */
	uint8_t lanes[AXI_CHECK_WRITES]; /* low bits of the start address; of data that came first: lowest lane used */
	uint32_t aw_seen, w_seen;        /* addresses, and complete data bursts */
	uint32_t w_beat;                 /* beats so far in the current data burst */

	const char *error; /* the first violation, or NULL; what is above is the state */
};

void axi_check_reset(struct axi_check *c);
void axi_check_step(struct axi_check *c, const struct vio_in *in, const struct vio_out *out);
const char *axi_check_error(const struct axi_check *c);

#endif
