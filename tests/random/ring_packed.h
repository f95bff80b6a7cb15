/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.h: positions on a packed ring, virtio 1.2, 2.8.1. They count slots modulo twice the size: the first half is
 * wrap counter 1, the second is 0. So a lap has no special case, whatever the size is. */
#ifndef RING_PACKED_H
#define RING_PACKED_H

#include "ring.h"

enum { FLAG_AVAIL = 1 << 7, FLAG_USED = 1 << 15 };
enum { EVENT_ENABLE, EVENT_DISABLE, EVENT_DESC };

static inline uint32_t packed_past(const struct queue *q, uint32_t pos, uint32_t slots)
{
	return (pos + slots) % (2u * q->num);
}

static inline bool packed_wrap(const struct queue *q, uint32_t pos)
{
	return pos < q->num;
}

static inline uint64_t packed_slot(const struct queue *q, uint32_t pos)
{
	return q->desc + (uint64_t)DESC_BYTES * (pos % q->num);
}

/* Offset and wrap counter as both event structures and NOTIFICATION_DATA have them. */
static inline uint16_t packed_off_wrap(const struct queue *q, uint32_t pos)
{
	return (uint16_t)(pos % q->num | (packed_wrap(q, pos) ? 0x8000u : 0));
}

static inline unsigned packed_slots(const struct request *r)
{
	return r->indirect ? 1 : r->count;
}

/* True when the chain from..to passes the event (virtio 1.2, 2.8.10): it may fall into the skipped part. */
static inline bool packed_passed(const struct queue *q, uint32_t event, uint32_t from, uint32_t to)
{
	const uint32_t laps = 2u * q->num;

	return (event + laps - from) % laps < (to + laps - from) % laps;
}

static inline uint32_t packed_event(const struct queue *q, uint16_t off_and_wrap)
{
	return (off_and_wrap & 0x7fffu) + (off_and_wrap & 0x8000 ? 0 : q->num);
}

/* ring_packed_used.c: what the device's event structure says of a driver that went from..to. */
bool packed_wants_notification(struct driver *d, const struct queue *q, uint32_t from, uint32_t to);
void packed_watch(struct driver *d, unsigned q);
void packed_set_flags(struct driver *d, unsigned q, uint16_t flags);
void packed_set_event(struct driver *d, unsigned q);
void packed_check_quiet(struct driver *d, unsigned q);
void packed_lose(struct driver *d, struct queue *q);

#endif
