/* SPDX-License-Identifier: Apache-2.0
 * pmp.c: see pmp.h.
 */
#include "cpu/pmp.h"

enum { R = 1, W = 2, X = 4, A = 0x18, A_BIT = 3, LOCK = 0x80, WRITABLE = R | W | X | A | LOCK };
enum { OFF, TOR, NA4, NAPOT };

#define ADDR_BITS 54

static unsigned mode_of(uint8_t cfg)
{
	return (unsigned)(cfg & A) >> A_BIT;
}

static void set_range(struct cpu_pmp *pmp, unsigned i)
{
	uint64_t addr = pmp->addr[i], ones = addr ^ (addr + 1); /* the lowest 0 and the 1s below it */

	pmp->first[i] = 1;
	pmp->last[i] = 0;
	switch (mode_of(pmp->cfg[i])) {
	case TOR:
		if (addr > (i ? pmp->addr[i - 1] : 0)) {
			pmp->first[i] = i ? pmp->addr[i - 1] << 2 : 0;
			pmp->last[i] = (addr << 2) - 1;
		}
		break;
	case NA4:
		pmp->first[i] = addr << 2;
		pmp->last[i] = (addr << 2) + 3;
		break;
	case NAPOT:
		pmp->first[i] = (addr & ~ones) << 2;
		pmp->last[i] = (addr | ones) << 2 | 3;
		break;
	}
}

static void update(struct cpu_pmp *pmp)
{
	pmp->count = 0;
	for (unsigned i = 0; i < CPU_PMP_ENTRIES; i++) {
		set_range(pmp, i);
		if (mode_of(pmp->cfg[i]) != OFF)
			pmp->count = i + 1;
	}
}

/* The lowest-numbered entry that matches any byte decides; it must match all of them (3.7.1, priority). */
bool pmp_allows(const struct cpu *cpu, uint64_t addr, uint64_t len, enum access access, unsigned priv)
{
	static const uint8_t need[] = {[ACCESS_FETCH] = X, [ACCESS_LOAD] = R, [ACCESS_STORE] = W};
	const struct cpu_pmp *pmp = &cpu->pmp;
	uint64_t last = addr + (len - 1);

	for (unsigned i = 0; i < pmp->count; i++) {
		uint8_t cfg = pmp->cfg[i];

		if (pmp->first[i] > pmp->last[i] || last < pmp->first[i] || addr > pmp->last[i])
			continue;
		if (addr < pmp->first[i] || last > pmp->last[i])
			return false;
		return (priv == CPU_M && !(cfg & LOCK)) || (cfg & need[access]);
	}
	return priv == CPU_M;
}

static bool locked(const struct cpu_pmp *pmp, unsigned i)
{
	return pmp->cfg[i] & LOCK;
}

/* The top of a locked TOR range locks its bottom too. */
void pmp_write_addr(struct cpu *cpu, unsigned index, uint64_t value)
{
	struct cpu_pmp *pmp = &cpu->pmp;
	unsigned next = index + 1;

	if (locked(pmp, index) || (next < CPU_PMP_ENTRIES && locked(pmp, next) && mode_of(pmp->cfg[next]) == TOR))
		return;
	pmp->addr[index] = value & ((1ull << ADDR_BITS) - 1);
	update(pmp);
}

/* W without R is reserved: such an entry keeps its permissions. */
void pmp_write_cfg(struct cpu *cpu, unsigned index, uint64_t value)
{
	struct cpu_pmp *pmp = &cpu->pmp;

	for (unsigned i = 0; i < 8; i++) {
		uint8_t cfg = (uint8_t)(value >> 8 * i) & WRITABLE, *old = &pmp->cfg[4 * index + i];

		if ((cfg & (R | W)) == W)
			cfg = (uint8_t)((cfg & ~(R | W | X)) | (*old & (R | W | X)));
		if (!(*old & LOCK))
			*old = cfg;
	}
	update(pmp);
}

uint64_t pmp_read_cfg(const struct cpu *cpu, unsigned index)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)cpu->pmp.cfg[4 * index + i] << 8 * i;
	return value;
}
