/* SPDX-License-Identifier: Apache-2.0
 * bend.h: split rings that break the rules, and what the device must make of them: DEVICE_NEEDS_RESET with a
 * configuration interrupt, nothing served after it, everything served after a reset (virtio 1.2, 2.1.2).
 */
#ifndef BEND_H
#define BEND_H

#include <stdint.h>
#include "virtio_blk.h"

/* Bends a sound chain in descriptors 0, 1 and 2 (header, 512 bytes of data, status; a read of sector 0) and
 * offers it. */
typedef void bend_fn(struct virtq *q);

bend_fn bend_head, bend_head_far, bend_next, bend_next_far, bend_self_loop, bend_long_loop, bend_idx_by_one,
	bend_idx_half, bend_idx_back, bend_no_status, bend_order, bend_4_gib, bend_indirect, bend_data_nowhere,
	bend_status_nowhere, bend_address_wraps;

/* Puts a head in the available ring. */
void bend_offer(struct virtq *q, unsigned head);

/* What held after a bend. */
#define BEND_NEEDS_RESET 0x01u /* the status bit came */
#define BEND_CONFIG_INT 0x02u  /* InterruptStatus showed the configuration bit */
#define BEND_SILENT 0x04u      /* a sound request after it was not served */
#define BEND_STATUS 0x08u      /* Status was 0x4f throughout */
#define BEND_RESET 0x10u       /* Status and InterruptStatus read 0 after the reset */
#define BEND_SERVES 0x20u      /* the device works again */
#define BEND_ALL 0x3fu

/* Starts the device, whose driver wants BLK_SPLIT, bends, and returns the BEND_ bits that held. Called, if there is one, before the reset:
 * `look`. */
unsigned bend_run(struct blk *b, bend_fn *bend, void (*look)(struct blk *b));

/* Writes and reads back sector 1. */
bool bend_serves(struct blk *b);

#endif
