/* SPDX-License-Identifier: Apache-2.0
 * clint.c: see clint.h.
 */
#include "soc/clint.h"

#include "soc/map.h"

enum { MSIP = 0x0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

void clint_reset(struct clint *c)
{
	*c = (struct clint){.mtimecmp = UINT64_MAX};
}

uint64_t clint_mtime(const struct clint *c, uint64_t cycle)
{
	return cycle / MAP_CLOCKS_PER_TICK + c->mtime_offset;
}

bool clint_due(const struct clint *c, uint64_t cycle, uint64_t timecmp)
{
	return clint_mtime(c, cycle) >= timecmp;
}

uint64_t clint_next_due(const struct clint *c, uint64_t cycle, uint64_t timecmp)
{
	uint64_t ticks, now = cycle / MAP_CLOCKS_PER_TICK;

	if (clint_due(c, cycle, timecmp))
		return UINT64_MAX;
	ticks = timecmp - clint_mtime(c, cycle);
	if (ticks >= UINT64_MAX / MAP_CLOCKS_PER_TICK - now)
		return UINT64_MAX;
	return (now + ticks) * MAP_CLOCKS_PER_TICK;
}

bool clint_timer(const struct clint *c, uint64_t cycle)
{
	return clint_due(c, cycle, c->mtimecmp);
}

uint64_t clint_next(const struct clint *c, uint64_t cycle)
{
	return clint_next_due(c, cycle, c->mtimecmp);
}

static uint64_t half_of(uint64_t value, uint64_t offset, unsigned len)
{
	if (len == 8)
		return value;
	return offset & 4 ? value >> 32 : (uint32_t)value;
}

static uint64_t merged(uint64_t old, uint64_t offset, unsigned len, uint64_t data)
{
	if (len == 8)
		return data;
	if (offset & 4)
		return (uint32_t)old | data << 32;
	return (old & ~0xffffffffull) | (uint32_t)data;
}

bool clint_load(const struct clint *c, uint64_t cycle, uint64_t offset, unsigned len, uint64_t *data)
{
	if (len < 4)
		return false;
	*data = 0;
	if (offset == MSIP)
		*data = c->msip;
	else if ((offset & ~4ull) == MTIMECMP)
		*data = half_of(c->mtimecmp, offset, len);
	else if ((offset & ~4ull) == MTIME)
		*data = half_of(clint_mtime(c, cycle), offset, len);
	return true;
}

bool clint_store(struct clint *c, uint64_t cycle, uint64_t offset, unsigned len, uint64_t data)
{
	if (len < 4)
		return false;
	if (offset == MSIP)
		c->msip = data & 1;
	else if ((offset & ~4ull) == MTIMECMP)
		c->mtimecmp = merged(c->mtimecmp, offset, len, data);
	else if ((offset & ~4ull) == MTIME)
		c->mtime_offset = merged(clint_mtime(c, cycle), offset, len, data) - cycle / MAP_CLOCKS_PER_TICK;
	return true;
}
