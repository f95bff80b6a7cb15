/* SPDX-License-Identifier: Apache-2.0
 * spoil.h: good requests with one thing spoiled, so that only that can be reported. hostile.def lists the kinds. */
#ifndef SPOIL_H
#define SPOIL_H

#include "ring.h"

enum error_code {
#define ERROR(name, code, what) ERR_##name = code,
#include "def/errors.def"
#undef ERROR
};

/* Formats of rings that a kind is for. */
enum { SPLIT = 1, PACKED = 2, BOTH = 3 };

enum kind {
#define KIND(name, rings, what) name,
#include "hostile.def"
#undef KIND
	KINDS
};

extern const char *const spoil_names[KINDS];

/* Whether this wrong can be shown with what was negotiated. */
bool spoil_possible(const struct driver *d, enum kind kind);
bool spoil_needs_table(enum kind kind);
/* Memory fails, rather than the driver. */
static inline bool spoil_is_fault(enum kind kind)
{
	return kind >= FAULT_AVAIL;
}
/* A type with a range that was negotiated, or 0. */
uint32_t spoil_range_type(const struct driver *d);
/* Spoils a request that is submitted and not published, and gives the code that the device must report. */
int spoil(struct driver *d, unsigned q, struct request *r, enum kind kind);
/* The descriptor that refers to the table: a new address and length, and flag bits that turn over. */
void spoil_link(struct driver *d, struct queue *q, struct request *r, uint64_t addr, uint32_t len, uint16_t flags);
void spoil_len(struct driver *d, const struct queue *q, const struct request *r, unsigned piece, uint32_t len);
/* The next access of this kind to this byte fails, and all later ones. */
void spoil_fault(struct driver *d, uint64_t addr, bool on_write);

#endif
