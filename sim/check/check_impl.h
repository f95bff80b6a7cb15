/* SPDX-License-Identifier: Apache-2.0
 * check_impl.h: what the parts of the monitor share.
 *
 *   check.c    findings, slots, dispatch        queues.c  Queue registers, life of a queue
 *   regs.c     status, features, interrupts     split.c   split rings      chain.c  buffers of a chain
 *   config.c   config space                     packed.c  packed rings     blk.c    block requests
 *
 * The driver is not trusted, and neither is the device: what makes no sense is passed over, never an assert.
 */
#ifndef CHECK_IMPL_H
#define CHECK_IMPL_H

#include "check/check.h"

enum {
	SLOTS = 8,
	QUEUES = 64,
	NUM_LIMIT = 32768, /* largest queue */
	TABLES = 256,      /* indirect tables that are watched at once, each queue */
	SEGS = 512,        /* buffers of a chain that are looked into */
	CONFIG_BYTES = 72,
	BLOCK_DEVICE = 2,
	DESC_BYTES = 16
};

enum { ACKNOWLEDGE = 0x01, DRIVER = 0x02, DRIVER_OK = 0x04, FEATURES_OK = 0x08, NEEDS_RESET = 0x40, FAILED = 0x80 };

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_AVAIL = 1 << 7, DESC_USED = 1 << 15 };

enum feature {
	F_BLK_RO = 5,
	F_ANY_LAYOUT = 27,
	F_INDIRECT = 28,
	F_EVENT_IDX = 29,
	F_VERSION_1 = 32,
	F_ACCESS_PLATFORM = 33,
	F_PACKED = 34,
	F_IN_ORDER = 35,
	F_ORDER_PLATFORM = 36,
	F_NOTIF_CONFIG_DATA = 39,
	F_NOTIFICATION_DATA = 38,
	F_RING_RESET = 40
};

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next; /* split; packed has id and flags in their places, see packed.c */
};

/* An indirect table that the device may read. */
struct table {
	uint64_t addr;
	uint32_t len;
	uint32_t owner; /* chain's head + 1; 0: no table */
};

/* A packed chain that is the device's; slots 0: none. */
struct packed_chain {
	uint16_t id, slots;
	uint32_t order; /* counts chains as they were made available; never 0 */
};

struct queue {
	unsigned index;
	uint64_t desc, driver, device; /* as the registers hold them */
	uint32_t num, num_max;
	bool num_max_known;
	bool ready, stopping, resetting;
	bool live;   /* ready, and DRIVER_OK: everything below is in use */
	bool packed; /* as it was negotiated when it last started */
	struct table tables[TABLES];
	/* split */
	uint16_t avail, used; /* indices as far as they were followed */
	uint16_t stale;       /* used idx as the queue started, before the device wrote it */
	bool fresh;           /* the device has written it */
	uint32_t expected;    /* IN_ORDER: where the next chain begins */
	/* packed: slots counted from the start */
	uint64_t published, done;
	uint32_t chain_order;
	bool lost; /* the driver broke the ring: it means nothing from here on */

	/* While live, num of each. What is above, and what they point at, is the state. */
	uint8_t *copy;               /* descriptors as they were made available */
	uint32_t *owner;             /* of each descriptor: head + 1, 0 is the driver */
	uint16_t *heads;             /* available entries as they were published */
	struct packed_chain *chains; /* in no order */
	uint8_t *table_copy[TABLES]; /* len bytes each, while the table has an owner */
};

/* The buffers of one chain, in order. */
struct chain {
	unsigned count; /* in seg */
	uint64_t read_len, write_len;
	bool wrote, overflow; /* a writable one came; seg is not all */
	bool broken;          /* it is no chain: what it asks for means nothing */
	struct segment {
		uint64_t addr;
		uint32_t len;
		bool write;
	} seg[SEGS];
};

/* One slot's way through the probe. */
struct probe {
	bool magic, version, id, wrong, empty;
};

struct check {
	struct check_place at;
	unsigned counts[CHECK_RULES];
	unsigned told_count;

	struct probe probe[SLOTS];
	uint32_t device_id;
	bool legacy;

	uint8_t status; /* as the driver left it, as far as the device kept it */
	bool was_reset; /* since power-on */
	bool resetting; /* Status was written 0, not read as 0 yet */
	bool features_ok_read, needs_reset_read;

	uint32_t features_sel, driver_sel;
	bool features_sel_known, driver_sel_known;
	uint64_t offered, accepted;

	uint32_t isr;  /* bits that InterruptStatus showed and that are not acknowledged */
	bool isr_read; /* since the last acknowledge */

	bool generation_read, generation_due;
	uint8_t halves; /* of capacity, read since generation: low, high */
	uint8_t config_space[CONFIG_BYTES];
	uint64_t config_known[2]; /* a bit for each byte that was read */

	uint32_t queue_sel, guest_page_size, queue_align;

	/* What is above, and what these have, is the state; but for config. */
	struct told {
		uint64_t pc;
		enum check_rule rule;
	} * told;
	unsigned told_room;
	struct queue queue[QUEUES];
	struct check_config config;
};

/* Tells one finding; fmt, which may be "", goes behind the rule's text. */
void check_tell(struct check *c, enum check_rule rule, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static inline bool check_accepted(const struct check *c, enum feature bit)
{
	return c->accepted >> bit & 1;
}

/* DRAM at [addr, addr + len), NULL where there is none; and words of it, 0 where there is none. */
const uint8_t *check_bytes(const struct check *c, uint64_t addr, uint64_t len);
uint16_t check_le16(const uint8_t *p);
uint32_t check_le32(const uint8_t *p);
uint64_t check_le64(const uint8_t *p);
struct desc check_desc(const uint8_t *p);

/* [addr, addr + len) and [base, base + bytes) have a byte in common. */
bool check_overlap(uint64_t addr, uint64_t len, uint64_t base, uint64_t bytes);

/* regs.c: a word of a register, after the rules on width. */
void check_reg_read(struct check *c, uint32_t offset, uint32_t data);
void check_reg_write(struct check *c, uint32_t offset, uint32_t data);
/* What a device reset forgets. */
void check_forget(struct check *c);

/* config.c */
void check_config_access(struct check *c, uint32_t offset, unsigned len, bool write, uint64_t data);
void check_generation_read(struct check *c);
void check_config_done(struct check *c);
/* A 32-bit config field, if the driver read it all. */
bool check_config_word(const struct check *c, uint32_t offset, uint32_t *value);
uint64_t check_capacity(const struct check *c);

/* queues.c */
void check_queue_alloc(struct queue *q); /* what is num of each */
void check_queue_drop(struct queue *q);
/* Tell us of stores to all that the driver must not write, or whose writes mean something. */
void check_queue_watch(const struct check *c, const struct queue *q);
bool check_queue_read(struct check *c, uint32_t offset, uint32_t data);
bool check_queue_write(struct check *c, uint32_t offset, uint32_t data);
void check_queues_live(struct check *c); /* DRIVER_OK was set */
void check_queues_forget(struct check *c);
uint64_t check_driver_bytes(const struct queue *q);
uint64_t check_device_bytes(const struct queue *q);

/* chain.c: adds a buffer to the chain, and tells what is wrong with it. */
void check_segment(struct check *c, const struct queue *q, struct chain *chain, const struct desc *d);
/* The indirect table of d: adds its buffers, and watches it for owner. */
void check_table(struct check *c, struct queue *q, struct chain *chain, const struct desc *d, uint32_t owner);
void check_tables_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len);
void check_tables_release(struct queue *q, uint32_t owner);
/* len bytes of the readable part of the chain from offset on; false where they are not all there. */
bool check_chain_bytes(const struct check *c, const struct chain *chain, uint64_t offset, void *to, uint32_t len);

/* blk.c: the request that the chain holds. */
void check_request(struct check *c, const struct chain *chain);

/* split.c, packed.c: the queue starts, someone stored to its areas, the queue is notified. */
void check_split_start(struct check *c, struct queue *q);
void check_split_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len);
void check_packed_start(struct check *c, struct queue *q);
void check_packed_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len);
void check_packed_notified(struct check *c, struct queue *q, uint32_t data);

#endif
