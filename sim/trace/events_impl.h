/* SPDX-License-Identifier: Apache-2.0
 * events_impl.h: what events.c (pins), events_registers.c, events_ring.c (split rings) and events_packed.c share.
 *
 * Nothing here trusts the device or the driver: what does not fit is left out of the log, never an assert,
 * because the monitor also watches devices that are broken on purpose.
 */
#ifndef EVENTS_IMPL_H
#define EVENTS_IMPL_H

#include "trace/events.h"
#include "trace/meter.h"
#include "vio_params.h"

enum {
	BURSTS = 256,  /* bursts in flight that are told apart, each of the lists */
	BEATS = 512,   /* W beats that may come before their AW */
	CMDS = 64,     /* storage commands without a response */
	CHAINS = 1024, /* chains whose request header is not read yet */
	IDS = 16,
	HEADER_BYTES = 16,
	TABLES = 64, /* indirect tables of packed rings that are being read */
	DESC_F_NEXT = 1,
	DESC_F_WRITE = 2,
	DESC_F_INDIRECT = 4,
	QUEUE_NUM = VIO_QUEUE_NUM_MAX,
	AVAIL_BYTES = 4 + 2 * QUEUE_NUM,
	DESC_BYTES = 16 * QUEUE_NUM,
	USED_BYTES = 4 + 8 * QUEUE_NUM
};

struct burst {
	uint64_t addr;
	uint64_t first; /* writes: first byte with a strobe */
	uint32_t bytes; /* writes: strobes so far */
	uint16_t beat;  /* next beat */
	uint8_t len;    /* beats - 1 */
	uint8_t value;  /* writes: the last byte with a strobe */
	bool failed;    /* an error was told already */
	uint8_t ring;   /* writes: the queue whose used ring it touches, as events_ref */
};

struct burst_list {
	struct burst slot[BURSTS];
	unsigned head, count;
};

struct beat {
	vio_data data;
	vio_strb strb;
	bool last;
};

struct queue {
	uint64_t desc, driver, device; /* as the registers hold them, or as the page number places them */
	uint32_t num;
	unsigned index;
	bool live;      /* QueueReady was 1, or QueuePFN not 0, and nothing has drained it since */
	bool reset;     /* QueueReset was 1: the next set-up counts */
	bool packed;    /* the ring is; slots and wrap counters then take the place of indices */
	uint16_t seen;  /* the available index last read */
	uint16_t taken; /* available entries told so far */
	uint16_t used;  /* the used index last written */
	uint8_t avail_copy[AVAIL_BYTES], desc_copy[DESC_BYTES], used_copy[USED_BYTES]; /* as last seen on the bus */
	bool wanted[QUEUE_NUM]; /* descriptors that a chain named and that were not read since */

	/* Packed ring. */
	uint16_t behind;           /* the slot that was used last */
	bool behind_wrap;          /* in a lap of this wrap counter */
	bool told[QUEUE_NUM];      /* slots told to be heads and not used since */
	uint16_t owner[QUEUE_NUM]; /* head of the chain that named a slot */
};

/* A chain on the way to its request header. */
struct chain {
	uint8_t queue; /* as events_ref */
	uint16_t head;
	uint8_t asked, got; /* header bytes that bursts cover, and that were read */
	uint8_t header[HEADER_BYTES];
	unsigned pieces; /* packed: buffers so far, as many as may hold the header */
	struct {
		uint64_t addr;
		uint32_t len;
	} piece[HEADER_BYTES];
};

/* The indirect table of a packed ring's chain. */
struct table {
	uint8_t queue; /* as events_ref; 0: none */
	uint16_t head;
	uint64_t base, bytes, got; /* got: bytes that were read, from the start on */
	uint8_t entry[16];         /* the one under way */
};

struct cmd {
	uint64_t sector;
	uint8_t op;
};

struct events {
	uint64_t cycle;
	struct meter meter;

	char last[EVENTS_KEPT][EVENTS_LINE];
	uint64_t told; /* events so far */

	uint16_t awaddr, araddr;
	uint32_t wdata;
	uint8_t wstrb;
	bool aw_taken, w_taken;
	uint32_t queue_sel, features_sel;
	bool packed;        /* the driver accepted RING_PACKED */
	bool legacy;        /* the interface is that of Version 1 */
	uint8_t page_shift; /* log2 of GuestPageSize */
	uint32_t align;     /* QueueAlign */

	struct burst_list reads[IDS];
	struct burst_list writes, unanswered; /* before the last W beat, and before B */
	struct beat beats[BEATS];
	unsigned beat_head, beat_count;

	struct cmd cmds[CMDS];
	unsigned cmd_head, cmd_count;
	bool irq, stop, stopped;

	struct queue queue[VIO_QUEUES];
	struct chain chain[CHAINS];
	unsigned chain_head, chain_count;
	struct table table[TABLES];
	unsigned tables; /* so far: the oldest one makes room */

	/* Wiring: what is above is the state, and has no pointers. */
	FILE *log;
	events_tap_fn *tap;
	void *tap_ctx;
};

/* A queue, or NULL, as a number, and back. */
static inline uint8_t events_ref(const struct queue *q)
{
	return (uint8_t)(q ? q->index + 1 : 0);
}

static inline struct queue *events_queue(struct events *e, uint8_t ref)
{
	return ref ? &e->queue[ref - 1] : NULL;
}

/* Little endian fields, and whether n bytes from base on share any with [addr, end). */
static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
	return (uint32_t)le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint64_t le64(const uint8_t *p)
{
	return (uint64_t)le32(p) | (uint64_t)le32(p + 4) << 32;
}

static inline bool overlaps(uint64_t base, uint64_t bytes, uint64_t addr, uint64_t end)
{
	return addr - base < bytes || base - addr < end - addr;
}

/* Tells one event. */
void events_tell(struct events *e, enum events_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* One clock of the register channels. */
void events_step_registers(struct events *e, const struct vio_in *in, const struct vio_out *out);

const char *events_resp_name(unsigned resp);

/* The bytes of a word of a beat whose strobe is set, at addr, belong to the rings of q or
 * to any queue's; each tells what they complete. The index and the first entries may share a beat: which of
 * them the device wanted is not told by the address, so both count as read. */
void events_avail_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb);
void events_desc_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb);
void events_header_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb);
void events_suppression_read(struct events *e, uint64_t addr, uint64_t data, unsigned strb);
void events_used_write(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb);

/* A header burst [addr, end) was asked for: finds the chain that waits for it. */
void events_header_asked(struct events *e, uint64_t addr, uint64_t end);

/* The live queue whose used ring overlaps [addr, end), or NULL. */
struct queue *events_used_queue(struct events *e, uint64_t addr, uint64_t end);

/* The same for a queue with a packed ring. */
void packed_flags_read(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb);
void packed_desc_read(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb);
void packed_suppression_read(struct events *e, const struct queue *q, uint64_t addr, uint64_t data, unsigned strb);
void packed_used_write(struct events *e, struct queue *q, uint64_t addr, uint64_t data, unsigned strb);
bool packed_device_area(const struct queue *q, uint64_t addr, uint64_t end);
void packed_queue_start(struct queue *q);
void packed_queue_stop(struct events *e, const struct queue *q);

/* A chain whose request header is to be told. */
void events_chain_add(struct events *e, struct queue *q, uint16_t head);

/* Forgets the chains of q, or that of one head. */
void events_chain_drop(struct events *e, const struct queue *q, int head);

/* A queue starts from index 0, or is drained and dropped with its chains. */
void events_queue_start(struct events *e, struct queue *q);
void events_queue_stop(struct events *e, struct queue *q);

#endif
