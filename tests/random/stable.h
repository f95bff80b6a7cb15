/* SPDX-License-Identifier: Apache-2.0
 * stable.h: which sectors would be lost with the power: written through the storage port, and not stable yet. It knows
 * the port's promises (pins.def) and the times of requests; virtio 1.2, 5.2.6.2 is judged on it. */
#ifndef STABLE_H
#define STABLE_H

#include <stdbool.h>
#include <stdint.h>

enum { STABLE_SECTORS = 1024 };

struct stable {
	bool lost[STABLE_SECTORS];     /* by a power cut now */
	uint64_t done[STABLE_SECTORS]; /* clock in which the request that wrote it was seen completed, or 0 */
};

void stable_clear(struct stable *st);
/* The backend took a command. */
void stable_command(struct stable *st, unsigned op, uint64_t sector, uint32_t len);
/* A write of these sectors was completed now. False when that had to be stable and is not. */
bool stable_written(struct stable *st, uint64_t sector, uint64_t sectors, uint64_t now, bool must);
/* A FLUSH that was posted then is completed. False when a write that had been completed before is not stable. */
bool stable_flushed(const struct stable *st, uint64_t then);

#endif
