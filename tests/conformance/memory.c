/* SPDX-License-Identifier: Apache-2.0
 * memory.c: the part of the rig that is about memory: what is in it, who may write it, how it fails, and what the device
 * did to it. See rig.h. */
#include <string.h>
#include "rig.h"

enum { GAP = 64 }; /* bytes of nobody's behind each piece that rig_take gives */

uint8_t *rig_at(struct rig *r, uint64_t addr, uint64_t len)
{
	const uint64_t at = addr - r->setup.base;

	if (at > r->setup.memory || len > r->setup.memory - at)
		rig_fail(r, NULL, 0, "the test asks for %llu bytes at 0x%llx, which is not memory",
			 (unsigned long long)len, (unsigned long long)addr);
	return r->bytes + at;
}

uint64_t rig_take(struct rig *r, uint64_t bytes, uint64_t align)
{
	const uint64_t addr = (r->setup.base + r->taken + align - 1) / align * align;

	rig_at(r, addr, bytes + GAP);
	r->taken = addr + bytes + GAP - r->setup.base;
	return addr;
}

void put(struct rig *r, uint64_t addr, uint64_t value, unsigned bytes)
{
	memcpy(rig_at(r, addr, bytes), &value, bytes);
}

uint64_t get(struct rig *r, uint64_t addr, unsigned bytes)
{
	uint64_t value = 0;

	memcpy(&value, rig_at(r, addr, bytes), bytes);
	return value;
}

void rig_grant(struct rig *r, uint64_t addr, uint64_t len)
{
	memset(r->writable + (rig_at(r, addr, len) - r->bytes), 1, len);
}

void rig_revoke(struct rig *r, uint64_t addr, uint64_t len)
{
	memset(r->writable + (rig_at(r, addr, len) - r->bytes), 0, len);
}

void rig_fault(struct rig *r, unsigned kinds, uint64_t addr, uint64_t len)
{
	if (!axi_mem_fault(r->mem, addr, len, (kinds & RIG_READ) != 0, (kinds & RIG_WRITE) != 0))
		rig_fail(r, NULL, 0, "the test has too many faults at once");
}

void rig_fault_clear(struct rig *r)
{
	axi_mem_fault_clear(r->mem);
}

void rig_hold(struct rig *r, unsigned kinds)
{
	axi_mem_hold(r->mem, (kinds & RIG_READ) != 0, (kinds & RIG_WRITE) != 0);
}

uint64_t rig_mark(const struct rig *r)
{
	return r->log.count;
}

/* Burst number n if it is of these kinds and touches the range, or NULL. */
static const struct access *match(struct rig *r, uint64_t n, unsigned kinds, uint64_t addr, uint64_t len)
{
	const struct access *a = access_at(&r->log, n);

	if (a == NULL)
		rig_fail(r, NULL, 0, "the test asks about more bursts than the log keeps");
	return (kinds & (a->write ? RIG_WRITE : RIG_READ)) != 0 && access_touches(a, addr, len) ? a : NULL;
}

unsigned rig_count(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len)
{
	unsigned count = 0;

	for (uint64_t n = mark; n < r->log.count; n++)
		count += match(r, n, kinds, addr, len) != NULL;
	return count;
}

const struct access *rig_first(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len)
{
	const struct access *a = NULL;

	for (uint64_t n = mark; n < r->log.count && a == NULL; n++)
		a = match(r, n, kinds, addr, len);
	return a;
}

const struct access *rig_last(struct rig *r, uint64_t mark, unsigned kinds, uint64_t addr, uint64_t len)
{
	const struct access *a = NULL;

	for (uint64_t n = r->log.count; n > mark && a == NULL; n--)
		a = match(r, n - 1, kinds, addr, len);
	return a;
}

const struct access *rig_next(struct rig *r, uint64_t *mark, unsigned kinds, uint64_t addr, uint64_t len)
{
	const struct access *a = NULL;

	while (a == NULL && *mark < r->log.count)
		a = match(r, (*mark)++, kinds, addr, len);
	return a;
}

unsigned rig_unfinished(struct rig *r, uint64_t mark)
{
	unsigned count = 0;

	for (uint64_t n = mark; n < r->log.count; n++) {
		const struct access *a = access_at(&r->log, n);

		count += a == NULL || a->done == 0;
	}
	return count;
}

uint64_t rig_carried(struct rig *r, const struct access *a, uint64_t addr, unsigned bytes)
{
	uint64_t value = 0;
	uint8_t byte = 0;

	for (unsigned i = 0; i < bytes; i++) {
		if (!access_byte(&r->log, a, addr + i, &byte))
			rig_fail(r, NULL, 0, "expected 0x%llx in a burst, and it is not",
				 (unsigned long long)(addr + i));
		value |= (uint64_t)byte << 8 * i;
	}
	return value;
}
