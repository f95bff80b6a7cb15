/* SPDX-License-Identifier: Apache-2.0
 * beats.h: the data beats that virtio forces on the memory bus, and the bounds that follow.
 *
 * What is counted for one request of a header, payload and status descriptor:
 *
 *   R   available entry    2 bytes, as a part of a beat: neighbours share it
 *       descriptors        3 x 16 bytes; on a bus wider than that, as parts of a beat, for they are neighbours
 *       header             16 bytes, rounded up to beats
 *       payload of OUT     rounded up to beats
 *   W   payload of IN      rounded up to beats
 *       status             1 beat
 *       used element       8 bytes, rounded up to beats: the least, although elements straddle beats when the
 *                          ring is aligned to 8
 *
 * Not counted, because batches make them vanish: reads of the available index and of the suppression flags,
 * writes of the used index. So an efficiency of 1 cannot quite be reached.
 */
#ifndef BEATS_H
#define BEATS_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_params.h"

enum { BEATS_BYTES = VIO_DATA_BYTES };

static inline double beats_payload(uint32_t bytes)
{
	return (double)((bytes + BEATS_BYTES - 1) / BEATS_BYTES);
}

/* Forced beats of one request on the R channel. */
static inline double beats_read(bool is_write_request, uint32_t bytes)
{
	return (2.0 + 3 * 16) / BEATS_BYTES + beats_payload(16) + (is_write_request ? beats_payload(bytes) : 0);
}

/* Forced beats of one request on the W channel. */
static inline double beats_write(bool is_write_request, uint32_t bytes)
{
	return (is_write_request ? 0 : beats_payload(bytes)) + 1 + beats_payload(8);
}

/* Forced beats of one request on the busier of both. */
static inline double beats_forced(bool is_write_request, uint32_t bytes)
{
	double r = beats_read(is_write_request, bytes), w = beats_write(is_write_request, bytes);

	return r > w ? r : w;
}

static inline double beats_efficiency(bool is_write_request, uint32_t bytes, uint64_t requests, uint64_t cycles)
{
	return beats_forced(is_write_request, bytes) * (double)requests / (double)cycles;
}

/* Clocks from the notify to the interrupt that nothing can beat: six round trips that wait for each other
 * (index and entry; descriptors; header; payload, status and element; used index; suppression) and the
 * payload's beats. */
static inline double beats_latency_bound(unsigned latency, uint32_t bytes)
{
	return 6.0 * (latency + 2) + beats_payload(bytes);
}

#endif
