/* SPDX-License-Identifier: Apache-2.0
 * virtq_ops.h: what a ring format is to virtq.c. The functions promise what virtq.h says of those that call them.
 */
#ifndef VIRTQ_OPS_H
#define VIRTQ_OPS_H

#include "virtq.h"

struct virtq_ops {
	/* Lays out the areas in zeroed memory from `base` on; returns the end of them. */
	uint8_t *(*init)(struct virtq *q, uint8_t *base);
	/* Descriptors of the ring that the list takes; 0: it cannot be. */
	unsigned (*slots)(const struct virtq_list *list);
	/* Puts the list, which fits, in the ring. Returns its id. */
	uint16_t (*add)(struct virtq *q, const struct virtq_list *list);
	bool (*publish)(struct virtq *q);
	bool (*has_used)(const struct virtq *q);
	/* Reads the used element that waits: id and len. */
	void (*read_used)(const struct virtq *q, struct virtq_done *done);
	/* One buffer of the device's is the driver's again; its used element is behind us. */
	void (*release)(struct virtq *q, uint16_t id);
	/* Writes to the driver's area what q->quiet says; ahead: see virtq_interrupt_after. */
	void (*ask)(struct virtq *q, uint16_t ahead);
};

extern const struct virtq_ops virtq_split_ops, virtq_packed_ops;

#endif
