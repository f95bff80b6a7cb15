/* SPDX-License-Identifier: Apache-2.0
 * stable.c: see stable.h. Commands are carried out in order, so a flush makes all writes before it stable. */
#include "stable.h"

#include <string.h>
#include "vio_params.h"

enum { SECTOR = 512 };

void stable_clear(struct stable *st)
{
	memset(st, 0, sizeof(*st));
}

void stable_command(struct stable *st, unsigned op, uint64_t sector, uint32_t len)
{
	if (op == VIO_BE_FLUSH)
		memset(st->lost, 0, sizeof(st->lost));
	if (op != VIO_BE_WRITE && op != VIO_BE_WRITE_FUA)
		return;
	for (uint64_t i = sector; i - sector < len / SECTOR && i < STABLE_SECTORS; i++) {
		st->lost[i] = op == VIO_BE_WRITE;
		st->done[i] = 0;
	}
}

bool stable_written(struct stable *st, uint64_t sector, uint64_t sectors, uint64_t now, bool must)
{
	bool all = true;

	for (uint64_t i = sector; i - sector < sectors && i < STABLE_SECTORS; i++) {
		st->done[i] = now;
		all &= !st->lost[i];
	}
	return all || !must;
}

bool stable_flushed(const struct stable *st, uint64_t then)
{
	for (unsigned i = 0; i < STABLE_SECTORS; i++)
		if (st->lost[i] && st->done[i] != 0 && st->done[i] < then)
			return false;
	return true;
}
