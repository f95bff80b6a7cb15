/* SPDX-License-Identifier: Apache-2.0
 * plic.c: see plic.h.
 */
#include "soc/plic.h"

#include <assert.h>

enum {
	PENDING = 0x1000,
	ENABLE = 0x2000,
	ENABLE_STRIDE = 0x80,
	CONTEXT = 0x200000,
	CONTEXT_STRIDE = 0x1000,
	THRESHOLD = 0,
	CLAIM = 4,
	PRIORITY_MAX = 7
};

void plic_reset(struct plic *p)
{
	*p = (struct plic){0};
}

static void forward(struct plic *p)
{
	p->pending |= p->level & ~p->claimed;
}

void plic_set_level(struct plic *p, unsigned source, bool level)
{
	assert(source > 0 && source < PLIC_SOURCES);
	p->level = (p->level & ~(1ull << source)) | (uint64_t)level << source;
	forward(p);
}

/* The pending and enabled source of the highest priority above floor, the lowest number among equals; 0: none. */
static unsigned best(const struct plic *p, unsigned context, unsigned floor)
{
	uint64_t candidates = p->pending & p->enable[context];
	unsigned found = 0;

	for (unsigned i = 1; i < PLIC_SOURCES && candidates >> i; i++) {
		if ((candidates >> i & 1) && p->priority[i] > floor) {
			floor = p->priority[i];
			found = i;
		}
	}
	return found;
}

bool plic_interrupt(const struct plic *p, unsigned context)
{
	return best(p, context, p->threshold[context]) != 0;
}

/* A claim does not look at the threshold (PLIC 1.0.0, 9). */
static unsigned claim(struct plic *p, unsigned context)
{
	unsigned source = best(p, context, 0);

	if (source) {
		p->pending &= ~(1ull << source);
		p->claimed |= 1ull << source;
	}
	return source;
}

static void complete(struct plic *p, unsigned context, uint64_t source)
{
	if (source == 0 || source >= PLIC_SOURCES || !(p->enable[context] >> source & 1))
		return;
	p->claimed &= ~(1ull << source);
	forward(p);
}

/* The word of 64 bits that holds 32 at byte index of a bit array. */
static uint32_t word_of(uint64_t bits, uint64_t index)
{
	return index < 8 ? (uint32_t)(bits >> (index & 4) * 8) : 0;
}

bool plic_load(struct plic *p, uint64_t offset, unsigned len, uint64_t *data)
{
	uint64_t context;

	*data = 0;
	if (len != 4)
		return false;
	if (offset < PENDING) {
		if (offset / 4 < PLIC_SOURCES)
			*data = p->priority[offset / 4];
	} else if (offset < ENABLE) {
		*data = word_of(p->pending, offset - PENDING);
	} else if (offset < CONTEXT) {
		context = (offset - ENABLE) / ENABLE_STRIDE;
		if (context < PLIC_CONTEXTS)
			*data = word_of(p->enable[context], offset % ENABLE_STRIDE);
	} else {
		context = (offset - CONTEXT) / CONTEXT_STRIDE;
		if (context < PLIC_CONTEXTS && offset % CONTEXT_STRIDE == THRESHOLD)
			*data = p->threshold[context];
		else if (context < PLIC_CONTEXTS && offset % CONTEXT_STRIDE == CLAIM)
			*data = claim(p, (unsigned)context);
	}
	return true;
}

bool plic_store(struct plic *p, uint64_t offset, unsigned len, uint64_t data)
{
	uint64_t context, shift;

	if (len != 4)
		return false;
	if (offset < PENDING) {
		if (offset > 0 && offset / 4 < PLIC_SOURCES)
			p->priority[offset / 4] = data & PRIORITY_MAX;
	} else if (offset >= ENABLE && offset < CONTEXT) {
		context = (offset - ENABLE) / ENABLE_STRIDE;
		shift = (offset & 4) * 8;
		if (context < PLIC_CONTEXTS && offset % ENABLE_STRIDE < 8)
			p->enable[context] =
				((p->enable[context] & ~(0xffffffffull << shift)) | (uint64_t)(uint32_t)data << shift) &
				~1ull;
	} else if (offset >= CONTEXT) {
		context = (offset - CONTEXT) / CONTEXT_STRIDE;
		if (context < PLIC_CONTEXTS && offset % CONTEXT_STRIDE == THRESHOLD)
			p->threshold[context] = data & PRIORITY_MAX;
		else if (context < PLIC_CONTEXTS && offset % CONTEXT_STRIDE == CLAIM)
			complete(p, (unsigned)context, data);
	}
	return true;
}
