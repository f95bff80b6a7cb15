/* SPDX-License-Identifier: Apache-2.0
 * virtq.h: the driver's side of a split virtqueue, virtio 1.2, 2.7.
 */
#ifndef VIRTQ_H
#define VIRTQ_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_NUM_MAX 1024u

#define VIRTQ_DESC_NEXT 1u
#define VIRTQ_DESC_WRITE 2u
#define VIRTQ_DESC_INDIRECT 4u

#define VIRTQ_AVAIL_NO_INTERRUPT 1u
#define VIRTQ_USED_NO_NOTIFY 1u

struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct virtq_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[];
};

struct virtq_used_elem {
	uint32_t id;
	uint32_t len;
};

struct virtq_used {
	uint16_t flags;
	uint16_t idx;
	struct virtq_used_elem ring[];
};

/* Memory of one queue of up to VIRTQ_NUM_MAX entries, with the alignment that 2.7 asks for. */
struct virtq_memory {
	struct virtq_desc desc[VIRTQ_NUM_MAX];
	uint16_t avail[VIRTQ_NUM_MAX + 4];
	uint64_t used[VIRTQ_NUM_MAX + 1];
} __attribute__((aligned(4096)));

/* The shared areas are volatile: the device reads and writes them at any time. */
struct virtq {
	unsigned num;
	volatile struct virtq_desc *desc;
	volatile struct virtq_avail *avail;
	volatile struct virtq_used *used;
	uint16_t avail_idx; /* entries put in the ring, published or not */
	uint16_t used_idx;  /* entries taken from the used ring */
	uint16_t free_head; /* free descriptors, linked by next */
	uint16_t free_count;
	void *cookie[VIRTQ_NUM_MAX];
	uint16_t chain_len[VIRTQ_NUM_MAX];
};

/* One piece of a chain. Pieces that the device reads come before those that it writes. */
struct virtq_piece {
	const volatile void *addr;
	uint32_t len;
	bool write;
};

struct virtq_done {
	void *cookie;
	uint16_t head;
	uint32_t len;
};

/* Empty rings of num entries (a power of two, at most VIRTQ_NUM_MAX) in zeroed memory. */
void virtq_init(struct virtq *q, unsigned num, struct virtq_memory *memory);

/* Builds a chain and puts it in the available ring, not yet published. Returns its head, or -1 if descriptors
 * lack. */
int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned count, void *cookie);

/* Lets the device see all that was added. Returns whether it wants to be notified. */
bool virtq_publish(struct virtq *q);

/* Takes one finished chain. False if there is none now. */
bool virtq_take(struct virtq *q, struct virtq_done *done);

/* Whether a finished chain waits. */
bool virtq_has_used(const struct virtq *q);

/* Asks the device not to interrupt, or to interrupt again. After asking again, look at the ring once more:
 * what finished before the request was seen raises no interrupt. */
void virtq_suppress(struct virtq *q, bool suppress);

#endif
