/* SPDX-License-Identifier: Apache-2.0
 * score.h: the scoreboard. It knows virtio 1.2 and this test's own requests, and nothing of the device's insides.
 *
 * It keeps a second copy of memory and disk, changed only by what the driver wrote and by what the specification lets
 * the device write. Every byte of both must agree whenever nothing is in flight.
 */
#ifndef SCORE_H
#define SCORE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SCORE_SECTOR = 512,
	SCORE_HEADER = 16,
	SCORE_PIECES = 1024,
	SCORE_FAULTS = 4,
	SCORE_ID_LEN = 20,
	SCORE_RANGES = 4,
	SCORE_TYPES = 15
};

enum score_type {
	TYPE_IN = 0,
	TYPE_OUT = 1,
	TYPE_FLUSH = 4,
	TYPE_GET_ID = 8,
	TYPE_LIFETIME = 10,
	TYPE_DISCARD = 11,
	TYPE_WRITE_ZEROES = 13,
	TYPE_SECURE_ERASE = 14
};
enum score_status { STATUS_OK = 0, STATUS_IOERR = 1, STATUS_UNSUPP = 2 };

/* One descriptor of a chain. */
struct piece {
	uint64_t addr;
	uint32_t len;
	bool write;
};

/* What DISCARD, WRITE_ZEROES and SECURE_ERASE carry, virtio 1.2, 5.2.6. */
struct score_range {
	uint64_t sector;
	uint32_t sectors, flags;
};

struct request {
	struct piece pieces[SCORE_PIECES];
	uint16_t descs
		[SCORE_PIECES]; /* where each piece stands: in the ring's table, or from piece direct on in table */
	unsigned count;
	unsigned direct; /* pieces in the ring's table: all, unless the chain ends in an indirect descriptor */
	bool indirect;   /* it does */
	uint16_t link;   /* that descriptor */
	uint64_t table;  /* its table: address and entries */
	uint32_t entries;
	uint16_t head;       /* what the device calls it: its first descriptor, or the buffer id of a packed ring */
	uint32_t start;      /* packed ring: position of its first slot */
	uint16_t head_flags; /* those that will make it available */
	bool held, shown;    /* not written before it is published; published */
	uint32_t readable, writable; /* bytes in all */
	uint64_t sector;
	uint32_t type;
	struct score_range ranges[SCORE_RANGES]; /* of those types, as far as the readable bytes reach */
	unsigned number;                         /* in the order of posting, for messages */
	unsigned slab;                           /* the driver's */
	uint64_t posted;                         /* clock */
	bool in_use;
	bool bus_error; /* memory fails under its header or data: IOERR, and nothing of it reaches the disk */
	bool wild;      /* the driver changes the chain while the device walks it: any result, within its own pieces */
};

/* A sector at which the backend fails the commands of these types; bit 1 << type. Those without sectors fail anywhere. */
struct score_fault {
	uint64_t sector;
	uint32_t types;
};

/* What config space says of one type: most sectors of a range, most ranges of a request. */
struct score_limit {
	uint32_t sectors, segments;
};

struct score {
	uint8_t *mem, *shadow; /* size bytes from base on */
	uint64_t base, size;
	uint8_t *disk, *disk_shadow; /* disk_size bytes */
	uint64_t disk_size;
	uint64_t capacity; /* sectors that the device offers */
	bool read_only;    /* RO is offered */
	uint32_t types;    /* that were negotiated, bit 1 << type; IN, OUT and GET_ID need not be */
	struct score_limit limits[SCORE_TYPES];
	char serial[SCORE_ID_LEN];
	struct score_fault faults[SCORE_FAULTS];
	unsigned fault_count;
	char error[300]; /* the first thing that was wrong; "" when nothing was */
};

/* The driver writes to memory: both copies change. */
void score_write(struct score *s, uint64_t addr, const void *data, uint64_t len);
void score_fill(struct score *s, uint64_t addr, uint8_t value, uint64_t len);

/* The device has put this element into the used ring, and idx tells of it: all its effects must be there, and no
 * others on the memory of this request. Gives its status byte. */
uint8_t score_complete(struct score *s, const struct request *r, uint32_t used_id, uint32_t used_len);
/* A request that reset took away: it may have happened in part, within its own buffers and sectors. */
void score_forget(struct score *s, const struct request *r);
/* The driver's own copy follows the device at a place where it may write: an element of the used ring, or idx. */
void score_accept(struct score *s, uint64_t addr, uint64_t len);
/* Here nobody but the driver wrote: a complaint about what when the copies differ. */
void score_same(struct score *s, uint64_t addr, uint64_t len, const char *what);
/* All of memory and disk; only when nothing is in flight. */
void score_compare(struct score *s);
/* Only the first is kept. */
void score_fail(struct score *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline bool score_failed(const struct score *s)
{
	return s->error[0] != 0;
}

#endif
