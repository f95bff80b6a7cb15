/* SPDX-License-Identifier: Apache-2.0
 * virtq.h: the driver's side of a virtqueue, split or packed, virtio 1.2, 2.7 and 2.8.
 *
 * One set of functions serves both ring formats; virtq_split.c and virtq_packed.c hold what differs. The features that
 * were negotiated choose the format, the use of event suppression by position (EVENT_IDX), and the order of use
 * (IN_ORDER).
 */
#ifndef VIRTQ_H
#define VIRTQ_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_NUM_MAX 1024u
#define VIRTQ_ALIGN 4096u /* of the used ring, unless a legacy driver chooses another */

#define FEATURE_INDIRECT_DESC (1ull << 28)
#define FEATURE_EVENT_IDX (1ull << 29)
#define FEATURE_RING_PACKED (1ull << 34)
#define FEATURE_IN_ORDER (1ull << 35)

#define VIRTQ_DESC_NEXT 1u
#define VIRTQ_DESC_WRITE 2u
#define VIRTQ_DESC_INDIRECT 4u
#define VIRTQ_DESC_AVAIL (1u << 7)
#define VIRTQ_DESC_USED (1u << 15)

#define VIRTQ_AVAIL_NO_INTERRUPT 1u
#define VIRTQ_USED_NO_NOTIFY 1u

/* Flags of an event suppression structure, 2.8.14. */
#define VIRTQ_EVENT_ENABLE 0u
#define VIRTQ_EVENT_DISABLE 1u
#define VIRTQ_EVENT_DESC 2u

struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct virtq_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[]; /* used_event follows the last entry */
};

struct virtq_used_elem {
	uint32_t id;
	uint32_t len;
};

struct virtq_used {
	uint16_t flags;
	uint16_t idx;
	struct virtq_used_elem ring[]; /* avail_event follows the last entry */
};

struct virtq_packed_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id;
	uint16_t flags;
};

/* off_wrap in the low half, flags in the high half. */
struct virtq_event {
	uint16_t off_wrap;
	uint16_t flags;
};

/* Memory of one queue of up to VIRTQ_NUM_MAX entries, in any format. */
struct virtq_memory {
	uint8_t bytes[36864];
} __attribute__((aligned(4096)));

/* Where the device finds a queue. */
struct virtq_areas {
	const volatile void *desc;
	const volatile void *driver;
	const volatile void *device;
	uint32_t align; /* legacy: of the device area, behind the driver area */
};

/* A buffer that the device has. */
struct virtq_buffer {
	void *cookie;
	uint32_t write_len; /* bytes that the device may write */
	uint16_t slots;     /* descriptors in the ring; 0: the driver has it */
};

struct virtq_done {
	void *cookie;
	uint16_t id; /* of the buffer; in a split ring its head */
	uint32_t len;
};

/* The fields of the format that is not in use mean nothing. The shared areas are volatile: the device reads and writes
 * them at any time. */
struct virtq {
	const struct virtq_ops *ops;
	struct virtq_areas areas;
	unsigned num;
	bool event_idx;
	bool in_order;
	bool quiet;    /* no interrupt is wanted */
	bool position; /* one at a position that virtq_interrupt_after gave */
	uint16_t free_count;
	struct virtq_buffer buffer[VIRTQ_NUM_MAX]; /* by id */
	/* IN_ORDER: ids as they were made available, and the batch that the device used by one element */
	uint16_t order[VIRTQ_NUM_MAX];
	uint16_t order_in, order_out; /* count on and on */
	bool in_batch;
	struct virtq_done batch; /* of the last buffer of the batch */
	/* split */
	volatile struct virtq_desc *desc;
	volatile struct virtq_avail *avail;
	volatile struct virtq_used *used;
	uint16_t avail_idx;     /* entries put in the ring, published or not */
	uint16_t published_idx; /* entries published */
	uint16_t used_idx;      /* entries taken from the used ring */
	uint16_t free_head;     /* free descriptors, linked by next; IN_ORDER: in ring order */
	/* packed */
	volatile struct virtq_packed_desc *ring;
	volatile struct virtq_event *driver_event;
	volatile struct virtq_event *device_event;
	uint16_t avail_slot, used_slot;
	bool avail_wrap, used_wrap;
	uint16_t added_slots; /* written and not yet published; the first of them */
	uint16_t first_slot;  /* waits for its flags */
	uint16_t first_flags;
	uint16_t free_id; /* free ids, linked by next_id */
	uint16_t next_id[VIRTQ_NUM_MAX];
};

/* One piece of a chain. Pieces that the device reads come before those that it writes. */
struct virtq_piece {
	const volatile void *addr;
	uint32_t len;
	bool write;
};

/* The first `direct` pieces are descriptors of the ring; those behind them, if any, go into `table`. */
struct virtq_list {
	const struct virtq_piece *pieces;
	unsigned count;
	unsigned direct;
	volatile struct virtq_desc *table; /* room for count - direct; belongs to the device until the chain is used */
	void *cookie;
};

/* An empty queue of num entries (at most VIRTQ_NUM_MAX; a power of two in a split ring) in zeroed memory, in the format
 * of these features. A split ring has the legacy layout, 2.7.2, which is good for the modern interface too. */
void virtq_init(struct virtq *q, unsigned num, uint64_t features, uint32_t align, struct virtq_memory *memory);

/* Builds a chain and puts it in the ring, not yet published. Returns the id that the device will give back, or -1 if
 * descriptors lack or, in virtq_add_list, the format cannot hold such a list (packed: all pieces in the table, or none).
 */
int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned count, void *cookie);
int virtq_add_list(struct virtq *q, const struct virtq_list *list);

/* Lets the device see all that was added. Returns whether it wants to be notified. */
bool virtq_publish(struct virtq *q);

/* Takes one finished chain. False if there is none now. */
bool virtq_take(struct virtq *q, struct virtq_done *done);

/* Whether a finished chain waits. */
bool virtq_has_used(const struct virtq *q);

/* Asks the device not to interrupt, or to interrupt again. After asking again, look at the ring once more:
 * what finished before the request was seen raises no interrupt. */
void virtq_suppress(struct virtq *q, bool suppress);

/* EVENT_IDX: asks for an interrupt when the chain (packed: the ring slot) that is `ahead` behind the next one is used.
 * Holds until virtq_suppress is called again. The same race. */
void virtq_interrupt_after(struct virtq *q, uint16_t ahead);

/* Whether an event at `event` lies in what an index passed on its way from `old` to `now`, 2.7.10. */
static inline bool virtq_event_passed(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

#endif
