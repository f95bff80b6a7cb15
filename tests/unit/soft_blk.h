/* SPDX-License-Identifier: Apache-2.0
 * soft_blk.h: what soft_packed.c does with a request: IN, OUT, FLUSH and GET_ID, virtio 1.2, 5.2.6. */
#ifndef SOFT_BLK_H
#define SOFT_BLK_H

#include "soft_packed.h"

/* Executes a chain, status byte included. Gives the bytes that were written without a gap. */
uint32_t soft_blk(struct soft *s, const struct soft_chain *c);

#endif
