/* SPDX-License-Identifier: Apache-2.0
 * ring.h: the driver's side of a virtqueue, written into both machines. struct ring_format is what a ring format must give:
 * the split ring is in ring_split.c, the packed one in ring_packed.c.
 */
#ifndef QTEST_RING_H
#define QTEST_RING_H

#include "pair.h"

enum { RING_MAX = 1024, RING_PIECES = 200, RING_BATCH = 64, RING_PACKED_BIT = 34 };

/* A buffer of a chain. */
struct ring_piece {
	uint64_t addr;
	uint32_t len;
	bool write;
};

/* How a chain is put into the ring. */
struct ring_chain {
	unsigned count;
	struct ring_piece pieces[RING_PIECES];
	bool backwards;      /* descriptors in falling order */
	unsigned direct;     /* with indirect: pieces that stay outside of the table */
	bool indirect;       /* the rest goes to a table at table */
	uint64_t table;      /* 16 * (count - direct) bytes */
	bool id_last;        /* packed: the id stands in the last descriptor alone */
	unsigned bad;        /* the descriptor that is spoilt by one of the next three; 0: none, 1: the first */
	uint16_t flags_flip; /* its flags are changed by these */
	bool next_set;       /* its next is next */
	uint16_t next;
};

/* A chain that the device has given back. */
struct ring_done {
	uint32_t id, our_len, qemu_len;
};

struct ring {
	struct pair *pair;
	const struct ring_format *format;
	unsigned num;
	uint64_t desc, driver, device; /* areas */
	bool event_idx;
	bool wanted;          /* interrupts */
	uint16_t avail, used; /* indices: made available, seen used; in a packed ring places */
	unsigned frees;       /* descriptors */
	uint16_t free[RING_MAX];
	uint16_t taken[RING_MAX]; /* split: next descriptor of the chain */
	/* Packed: */
	unsigned ids;             /* in free */
	uint16_t count[RING_MAX]; /* slots of a chain that is out, by id */
	uint64_t head;            /* what is published last, 0: nothing */
	uint16_t head_flags;
};

struct ring_format {
	uint32_t feature;      /* bit that selects it; 0: none */
	bool in_place;         /* what is given back lies in all areas, not in the device area alone */
	uint64_t driver_align; /* of the driver area */
	/* Bytes of the three areas. */
	void (*sizes)(unsigned num, uint64_t *desc, uint64_t *driver, uint64_t *device);
	void (*setup)(struct ring *r);
	/* Makes a chain ready, and returns its id; the device sees it at publish. There must be room. */
	uint32_t (*post)(struct ring *r, const struct ring_chain *chain);
	/* jump is added to what the index should be: 0 but for a broken driver. */
	void (*publish)(struct ring *r, unsigned jump);
	/* Counts what was given back since the last collect. */
	struct pair_watch (*watch)(const struct ring *r);
	/* What was given back since the last call, as both machines say, ours in order; its chains are free again. */
	unsigned (*collect)(struct ring *r, struct ring_done *done, unsigned most);
	void (*set_interrupts)(struct ring *r, bool wanted);
	/* With event_idx: an interrupt when the device passes the place that is `ahead` of the one it uses next. */
	void (*set_event)(struct ring *r, unsigned ahead);
};

extern const struct ring_format ring_split, ring_packed;

#endif
