/* SPDX-License-Identifier: Apache-2.0
 * beats.h: the data beats that virtio forces on the memory bus, and the bounds that follow.
 *
 * What is counted for one request of a header, payload in one or more segments, and status:
 *
 *   R   available entry    2 bytes of a split ring: neighbours share a beat
 *       descriptors        16 bytes each; one more that refers to the table, if they are in one. On a bus wider than
 *                          that, as parts of a beat, for they are neighbours
 *       header             16 bytes, rounded up to beats
 *       payload of OUT     each segment's bytes and what lies before them in their first beat, rounded up to beats
 *   W   payload of IN      the same
 *       status             1 beat
 *       used element       8 bytes, rounded up to beats: the least, although elements of a split ring straddle beats
 *                          when it is aligned to 8
 *
 * Not counted, because batches make them vanish: reads of the available index and of the suppression words, writes of
 * the used index; in a packed ring, reads of flags that say whether a head is available. So an efficiency of 1 cannot
 * quite be reached.
 */
#ifndef BEATS_H
#define BEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "vio_params.h"

enum { BEATS_BYTES = VIO_DATA_BYTES };

struct beats_request {
	bool out; /* payload is read from memory */
	bool packed, indirect;
	uint32_t bytes;    /* payload */
	unsigned segments; /* at least 1 */
	unsigned offset;   /* of each segment from a boundary of a beat, modulo BEATS_BYTES */
};

/* Whole beats that hold the payload. */
static inline double beats_payload(const struct beats_request *q)
{
	const uint32_t each = q->bytes / q->segments;

	return (double)q->segments * ((q->offset % BEATS_BYTES + each + BEATS_BYTES - 1) / BEATS_BYTES);
}

/* Forced beats of one request on the R channel. */
static inline double beats_read(const struct beats_request *q)
{
	const unsigned descriptors = q->segments + 2 + q->indirect;

	return (q->packed ? 0 : 2.0 / BEATS_BYTES) + descriptors * 16.0 / BEATS_BYTES +
	       (16 + BEATS_BYTES - 1) / BEATS_BYTES + (q->out ? beats_payload(q) : 0);
}

/* Forced beats of one request on the W channel. */
static inline double beats_write(const struct beats_request *q)
{
	return (q->out ? 0 : beats_payload(q)) + 1 + (8 + BEATS_BYTES - 1) / BEATS_BYTES;
}

/* Forced beats of one request on the busier of both. */
static inline double beats_forced(const struct beats_request *q)
{
	const double r = beats_read(q), w = beats_write(q);

	return r > w ? r : w;
}

/* Clocks from the notify to the interrupt that nothing can beat: six round trips that wait for each other
 * (index and entry; descriptors; header; payload, status and element; used index; suppression) and the payload's
 * beats. In a packed ring the first is that of the head's flags, and the payload's comes before the used
 * descriptor's. */
static inline double beats_latency_bound(unsigned latency, const struct beats_request *q)
{
	return 6.0 * (latency + 2) + beats_payload(q);
}

#endif
