/* SPDX-License-Identifier: Apache-2.0
 * plic.h: platform-level interrupt controller, RISC-V PLIC 1.0.0: 63 level-triggered sources, priorities 0 to 7.
 *
 * A source's gateway forwards one request when its level is high, and the next after that one was claimed and
 * completed: a request that was forwarded stays pending though the level falls.
 */
#ifndef SOC_PLIC_H
#define SOC_PLIC_H

#include <stdbool.h>
#include <stdint.h>

enum { PLIC_SOURCES = 64, PLIC_CONTEXTS = 2 };

/* Plain data. Bit i of each word is source i; source 0 does not exist. */
struct plic {
	uint64_t level, pending, claimed;
	uint64_t enable[PLIC_CONTEXTS];
	uint8_t threshold[PLIC_CONTEXTS];
	uint8_t priority[PLIC_SOURCES];
};

void plic_reset(struct plic *p);
void plic_set_level(struct plic *p, unsigned source, bool level);

/* The interrupt pin of a context. */
bool plic_interrupt(const struct plic *p, unsigned context);

/* offset from MAP_PLIC; len must be 4, aligned. false: no such access. A load of a claim register claims. */
bool plic_load(struct plic *p, uint64_t offset, unsigned len, uint64_t *data);
bool plic_store(struct plic *p, uint64_t offset, unsigned len, uint64_t data);

#endif
