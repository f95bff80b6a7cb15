/* SPDX-License-Identifier: Apache-2.0
 * judge.h: what the specification wants of one request, from the request and what was negotiated alone. */
#ifndef JUDGE_H
#define JUDGE_H

#include "score.h"

struct verdict {
	uint8_t status, other_status; /* two where the specification leaves a choice */
	bool data_in;                 /* the writable bytes before the status byte are filled from the disk */
	bool data_out;                /* the sectors are written, zeroed, discarded or erased */
	bool data_free;               /* a failed command: the writable data bytes may hold anything */
	uint32_t answer_bytes;        /* of the serial number or of the lifetime that are filled */
};

struct verdict judge(const struct score *s, const struct request *r);
/* Bytes written without a gap from the first writable byte on (virtio 1.2, 2.7.8.2). */
uint32_t judge_used_len(const struct request *r, const struct verdict *v);
/* The same when a command failed, but filled the data bytes all the same: the device may. */
uint32_t judge_most_len(const struct request *r);
/* Whole ranges that a request carries; at most SCORE_RANGES are kept. */
unsigned judge_ranges(const struct request *r);
/* The type is about ranges of sectors: DISCARD, WRITE_ZEROES, SECURE_ERASE. */
static inline bool judge_is_range(uint32_t type)
{
	return type == TYPE_DISCARD || type == TYPE_WRITE_ZEROES || type == TYPE_SECURE_ERASE;
}

#endif
