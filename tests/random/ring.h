/* SPDX-License-Identifier: Apache-2.0
 * ring.h: what the driver does with a ring, whatever its format: ring_split.c and ring_packed.c are the two. */
#ifndef RING_H
#define RING_H

#include "driver.h"

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_BYTES = 16 };

struct ring_ops {
	/* Draws the size and the places of the three areas. */
	void (*place)(struct driver *d, struct queue *q, uint64_t base);
	/* Contents of the areas of a queue that starts. */
	void (*begin)(struct driver *d, struct queue *q);
	/* Takes descriptors for a chain, and writes what may be written before it is published. */
	void (*submit)(struct driver *d, struct queue *q, struct request *r);
	/* Frees the descriptors of a chain that is over. */
	void (*release)(struct queue *q, const struct request *r);
	/* Makes submitted chains available. True when the device wants to be told. */
	bool (*publish)(struct driver *d, unsigned qi);
	/* What NOTIFICATION_DATA tells besides the queue (virtio 1.2, 2.9). */
	uint16_t (*position)(const struct queue *q);
	/* After each clock: chains that were used, and what the device says of notifications. */
	void (*watch)(struct driver *d, unsigned qi);
	/* Everything in flight is lost: the device may have begun to say that it is used. */
	void (*lose)(struct driver *d, struct queue *q);
	void (*set_flags)(struct driver *d, unsigned qi, uint16_t flags);
	void (*set_event)(struct driver *d, unsigned qi);
	/* Nothing is in flight: complains when the device would not be told of the next chain. */
	void (*check_quiet)(struct driver *d, unsigned qi);
	/* A chain that is not published yet: flag bits turn over; next is set where it is not negative and there is one. */
	void (*turn_flags)(struct driver *d, struct queue *q, struct request *r, unsigned piece, uint16_t flags,
			   int32_t next);
};

extern const struct ring_ops ring_split, ring_packed;

/* A place of so many bytes in [from, from + room), aligned. */
uint64_t ring_place(struct driver *d, uint64_t from, uint32_t room, uint32_t bytes, uint32_t align);
/* The last pieces of a chain with pieces go into an indirect table; at least one does. */
void ring_use_table(struct driver *d, const struct queue *q, struct request *r);
/* Where the descriptor of a piece is. */
uint64_t ring_desc(const struct queue *q, const struct request *r, unsigned piece);
/* The descriptor that refers to the table of r. */
uint64_t ring_link(const struct queue *q, const struct request *r);
/* A request at this place of q->order was used: its descriptors are free, and the scoreboard judges it. */
void ring_complete(struct driver *d, unsigned qi, unsigned place, uint32_t id, uint32_t len);
/* There was a reason for an interrupt just now. */
void ring_owe(struct driver *d, struct queue *q);
/* All requests of a queue are lost; the queue is not ready any more. */
void ring_forget(struct driver *d, struct queue *q);

#endif
