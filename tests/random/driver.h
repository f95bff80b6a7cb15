/* SPDX-License-Identifier: Apache-2.0
 * driver.h: a virtio-blk driver without a CPU: sets up queues of random shape, posts random requests, and hands what
 * comes back to the scoreboard.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "machine.h"
#include "score.h"
#include "stable.h"
#include "vio_params.h"

enum {
	DRIVER_SLABS = 128,           /* most requests in flight, over all queues */
	DRIVER_SLABS_BYTES = 3 << 20, /* memory for the buffers of all; each has an equal part, its slab */
	DRIVER_RING_BYTES = 65536,    /* memory for the three areas of one queue */
	DRIVER_ENTRIES = 512,         /* most entries of an indirect table */
	DRIVER_TABLE_BYTES = 12288,   /* memory for the table of one request: at any place in its first page */
	DRIVER_TABLES_AT = 4096 + VIO_QUEUES * DRIVER_RING_BYTES + 4096,
	DRIVER_SLABS_AT = DRIVER_TABLES_AT + DRIVER_SLABS * DRIVER_TABLE_BYTES,
	DRIVER_MEM_BYTES = (DRIVER_SLABS_AT + DRIVER_SLABS_BYTES + 8191) / 4096 * 4096,
	DRIVER_DISK_BYTES = 512 * 1024
};

/* Feature bits, virtio 1.2, 5.2.3 and 6. */
#define F_SIZE_MAX (1ull << 1)
#define F_SEG_MAX (1ull << 2)
#define F_GEOMETRY (1ull << 4)
#define F_RO (1ull << 5)
#define F_BLK_SIZE (1ull << 6)
#define F_FLUSH (1ull << 9)
#define F_TOPOLOGY (1ull << 10)
#define F_CONFIG_WCE (1ull << 11)
#define F_MQ (1ull << 12)
#define F_DISCARD (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)
#define F_LIFETIME (1ull << 15)
#define F_SECURE_ERASE (1ull << 16)
#define F_INDIRECT_DESC (1ull << 28)
#define F_EVENT_IDX (1ull << 29)
#define F_VERSION_1 (1ull << 32)
#define F_ACCESS_PLATFORM (1ull << 33)
#define F_RING_PACKED (1ull << 34)
#define F_IN_ORDER (1ull << 35)
#define F_ORDER_PLATFORM (1ull << 36)
#define F_NOTIFICATION_DATA (1ull << 38)
#define F_RING_RESET (1ull << 40)
/* What this driver can accept. A feature of the device that is not among them is never offered here; one of them that the
 * device does not have is offered, and the device must mask it. */
#define F_DRIVER                                                                                                  \
	(F_SIZE_MAX | F_SEG_MAX | F_GEOMETRY | F_RO | F_BLK_SIZE | F_FLUSH | F_TOPOLOGY | F_CONFIG_WCE | F_MQ |   \
	 F_DISCARD | F_WRITE_ZEROES | F_LIFETIME | F_SECURE_ERASE | F_INDIRECT_DESC | F_EVENT_IDX | F_VERSION_1 | \
	 F_ACCESS_PLATFORM | F_RING_PACKED | F_IN_ORDER | F_ORDER_PLATFORM | F_NOTIFICATION_DATA | F_RING_RESET)

/* What one session looks like: chosen at random, constant from one device reset to the next. */
struct session {
	struct axi_mem_config mem;
	struct disk_config disk;
	unsigned axil_stall;
	bool legacy;                  /* the strap: Version 1 */
	bool need_v1;                 /* a driver without VERSION_1 is refused */
	uint64_t offered, accepted;   /* feature bits: the strap's, and the driver's choice */
	uint64_t capacity;            /* sectors */
	unsigned queues, queues_used; /* that exist; that the driver sets up */
	unsigned max_num_log2;
	unsigned max_sectors; /* of one request */
	unsigned max_pieces;
	unsigned slabs;      /* requests in flight: 32, or more when they are small */
	bool classic;        /* header, data, status: one descriptor each, aligned */
	bool contiguous;     /* descriptors in the order of the table */
	bool short_requests; /* next to no data */
	bool faults;         /* the backend fails here and there */
	bool toggle_flags;   /* avail.flags changes as we go */
	bool slow_publish;   /* packed rings: descriptors are written one by one, as time passes */
	bool free_kicks;     /* notifications without a reason, too */
};

struct ring_ops;

struct queue {
	const struct ring_ops *ops; /* of its format; NULL before it was ready the first time */
	bool ready;
	uint16_t num;
	uint64_t desc, avail, used; /* the three areas; of a packed ring: descriptors, driver's and device's event */
	uint32_t pfn;               /* legacy: QueuePFN */
	uint16_t flags;             /* avail.flags, or the flags of the driver's event structure */
	uint16_t used_event;        /* as it stands in memory; of a packed ring, offset and wrap counter */
	bool kick;                  /* published, and not notified of */
	unsigned free_count;        /* descriptors */
	struct request *order[DRIVER_SLABS]; /* in flight, oldest first; a ring */
	unsigned first, count;
	bool owed; /* the driver has an interrupt to get, at owed_from or later */
	uint64_t owed_from;

	/* ring_split.c */
	uint16_t avail_idx;            /* as posted */
	uint16_t shown_idx;            /* as published in memory */
	uint16_t used_idx;             /* up to which used elements were taken */
	uint16_t avail_event;          /* as it stands in memory; with EVENT_IDX */
	uint16_t batch_from, batch_to; /* the last move of used idx; equal once its interrupt is decided */
	uint16_t free[SCORE_PIECES];   /* descriptors */
	unsigned cursor;               /* where contiguous tables go on */

	/* ring_packed.c: positions count slots modulo twice the size */
	uint32_t next_pos;     /* next slot to fill */
	uint32_t shown_pos;    /* next slot that is not made available */
	uint32_t used_pos;     /* where the device puts its next used descriptor */
	uint32_t device_event; /* the device's event structure as it stands in memory */
	bool adrift;           /* a chain that the driver spoiled was used: what follows cannot be judged */
	bool unsettled;        /* something was used since the last quiet moment */
};

struct driver {
	struct machine *m;
	struct score score;
	struct session s;
	struct sim_rng rng;
	uint64_t device_has; /* feature bits that the device has */
	uint64_t goal;       /* requests that are to be done in all */
	unsigned page_log2;  /* legacy: of GuestPageSize as the device has it, or 0 */
	struct stable stable;
	uint32_t writeback;    /* config space */
	uint64_t stable_since; /* writes that are posted since then must be stable when they complete */
	struct queue queues[VIO_QUEUES];
	struct request requests[DRIVER_SLABS]; /* one each slab */
	unsigned in_flight;
	unsigned posted, done, abandoned; /* requests since the start */
	unsigned irq_credit;              /* reasons for an interrupt since the last quiet moment */
	bool irq_due;                     /* there was a reason since the last acknowledgement in a quiet moment */
	bool irq_unsure;                  /* irq_due depends on what came first */
	uint8_t isr_allowed;              /* bits that InterruptStatus may show */
	uint16_t highest_idx;             /* used idx, over all queues: has it wrapped? */
	bool wrapped;
	bool hasty; /* packed rings: chains are written when they are submitted */
};

/* Resets the device, puts the session's surroundings in place, and brings the device to DRIVER_OK. */
void driver_start(struct driver *d, const struct session *s);
/* Status = 0 with whatever is in flight. */
void driver_reset(struct driver *d);
/* QueueReady = 0 with whatever is in flight, then the queue starts anew. */
void driver_restart_queue(struct driver *d, unsigned q);
/* The same by QueueReset, while other queues go on; without RING_RESET that must have no effect. */
void driver_reset_queue(struct driver *d, unsigned q);
/* Posts one random request; false when the queue or memory is full. */
bool driver_post(struct driver *d, unsigned q);
/* A request and a chain without pieces to fill by hand, or NULL; then driver_submit. */
struct request *driver_claim(struct driver *d, unsigned q);
/* Reads InterruptStatus and acknowledges what it shows. */
void driver_ack(struct driver *d);
/* Until nothing is in flight and all is quiet; then compares everything. */
void driver_drain(struct driver *d);
/* Takes everything that is in flight as lost. */
void driver_forget_all(struct driver *d);
/* Looks for used elements and interrupts; the machine calls it after each clock. */
void driver_watch(void *driver, struct machine *m);
/* The backend took a command; the machine calls it. */
void driver_command(void *driver, unsigned op, uint64_t sector, uint32_t len);

static inline void driver_put32(struct driver *d, uint64_t addr, uint32_t value)
{
	score_write(&d->score, addr, &value, 4);
}
static inline void driver_put16(struct driver *d, uint64_t addr, uint16_t value)
{
	score_write(&d->score, addr, &value, 2);
}
uint16_t driver_get16(const struct driver *d, uint64_t addr);
uint32_t driver_get32(const struct driver *d, uint64_t addr);

static inline bool driver_has(const struct driver *d, uint64_t feature)
{
	return (d->s.accepted & feature) != 0;
}

/* The features that the device must offer: those of the strap that it has, and on the legacy interface bits 0 to 31. */
static inline uint64_t driver_offered(const struct driver *d)
{
	const uint64_t offered = d->s.offered & d->device_has & (d->s.legacy ? 0xffffffff : ~0ull);

	return (offered & F_FLUSH) != 0 ? offered : offered & ~F_CONFIG_WCE; /* virtio 1.2, 5.2.5.2 */
}

/* config.c: after negotiation: checks config space, and learns limits and the cache mode from it. */
void config_start(struct driver *d);
/* Each word reads as it must. */
void config_check(struct driver *d);
/* Switches the cache mode; only with CONFIG_WCE. */
void config_switch_cache(struct driver *d);
/* Writes to a word that cannot be written. */
void config_scribble(struct driver *d);

/* ring.c: takes descriptors for a claimed request, and writes them. */
void driver_submit(struct driver *d, unsigned q, struct request *r);
/* Makes posted requests visible to the device, and tells it, if it asked for that. */
void driver_publish(struct driver *d, unsigned q);
void driver_kick(struct driver *d, unsigned q);
/* Interrupts are not wanted (1), or wanted (0). */
void driver_set_flags(struct driver *d, unsigned q, uint16_t flags);
/* An interrupt is wanted at some used descriptor, mostly near the next. Without EVENT_IDX too: it means nothing then. */
void driver_set_event(struct driver *d, unsigned q);
/* A request is over: the scoreboard judges it. */
void driver_judge(struct driver *d, const struct request *r, uint32_t id, uint32_t len);

/* shape.c: fills a claimed request with random bytes in random pieces of at most max_pieces. */
void shape_request(struct driver *d, struct request *r, unsigned max_pieces);
/* Lays out a chain: readable bytes cut at the given places, then writable ones; every piece gets an address. */
void shape_chain(struct driver *d, struct request *r, const uint32_t *cuts_r, unsigned n_r, const uint32_t *cuts_w,
		 unsigned n_w);
/* Type and sector into the first readable bytes; behind them the ranges of r, when its type has some. */
void shape_header(struct driver *d, struct request *r, uint32_t type, uint64_t sector);
/* True when r's sectors meet those of a request in flight, and one of them writes: virtio promises no order then. */
bool shape_conflict(const struct driver *d, const struct request *r);

#endif
