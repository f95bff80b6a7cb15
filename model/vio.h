/* SPDX-License-Identifier: Apache-2.0
 * vio.h: the reference model of the virtio-mmio block device, exact to the clock.
 *
 * struct vio is plain data: no pointers, no I/O, no allocation. Copy it to take a snapshot, compare it to test it.
 * Each struct below holds the registers of one unit; model/<unit>.c and rtl/<unit>.v are its twins.
 */
#ifndef VIO_H
#define VIO_H

#include <stdbool.h>
#include <stdint.h>
#include "data.h"
#include "fifo.h"
#include "vio_params.h"
#include "vio_pins.h"

enum vio_error {
#define ERROR(name, code, what) ERR_##name = code,
#include "def/errors.def"
#undef ERROR
};

enum vio_feature {
#define FEATURE(name, bit, what) F_BIT_##name = bit,
#include "def/features.def"
#undef FEATURE
};

#define REG(name, offset, access, reset, what) enum { REG_##name = offset };
#include "def/regs.def"
#undef REG

/* States. Each unit's first state is its reset state. */
#define UNIT(unit)
#define STATE(unit, name) unit##_##name,
enum vio_state_all {
#include "def/states.def"
};
enum vio_unit {
#define UNIT(unit) UNIT_##unit,
#include "def/states.def"
	VIO_UNITS
};

/* S(unit, name) is the state's ordinal within its unit, as in Verilog. */
#define S(unit, name) ((uint8_t)(unit##_##name - VIO_FIRST_##unit))
enum {
	VIO_FIRST_regs = regs_IDLE,
	VIO_FIRST_sched = sched_IDLE,
	VIO_FIRST_fetch = fetch_IDLE,
	VIO_FIRST_walk = walk_CHAIN,
	VIO_FIRST_frame = frame_IDLE,
	VIO_FIRST_blk = blk_IDLE,
	VIO_FIRST_used = used_IDLE
};

/* Payloads: struct vio_<payload>. */
#define PAYLOAD(p) struct vio_##p {
#define FIELD(p, field, width, ctype) ctype field;
#define PAYLOAD_END(p) \
	}              \
	;
#include "def/payloads.def"

enum vio_fifo_id {
#define FIFO(f, payload, depth, producer, consumer) F_##f,
#include "def/fifos.def"
	VIO_FIFOS
};
enum vio_fifo_depth {
#define FIFO(f, payload, depth, producer, consumer) D_##f = depth < VIO_FIFO_MAX ? depth : VIO_FIFO_MAX,
#include "def/fifos.def"
};
#define FIFO(f, payload, depth, producer, consumer) typedef struct vio_##payload FIFO_TYPE_##f;
#include "def/fifos.def"

enum { ERRED_AXI = 1, ERRED_FETCH = 2, ERRED_WALK = 4, ERRED_FRAME = 8, ERRED_WRITER = 16 };

/* An error that a unit raised: it stops there until reset. */
struct vio_err {
	uint8_t code; /* enum vio_error */
	uint8_t queue;
	uint16_t desc;
};

struct vio_queue {
	uint64_t desc, avail, used; /* the three areas of the ring */
	uint16_t num;               /* entries; a power of two unless the ring is packed */
	bool ready;
};

/* What regs publishes: others see a change one clock after regs makes it. */
struct vio_pub {
	struct vio_queue queue[VIO_QUEUES];
	uint64_t capacity; /* sectors */
	uint64_t features; /* negotiated; 0 before FEATURES_OK */
	bool live;         /* DRIVER_OK, and neither FAILED nor DEVICE_NEEDS_RESET */
	bool reset;        /* Status = 0 is at work */
	bool stop;         /* every unit goes back to its reset state; what was issued on AXI is finished */
	bool start;        /* queue start_queue was enabled: its indices begin at 0 */
	bool legacy;       /* the interface is that of Version 1 */
	bool read_only;    /* RO is offered */
	bool fua;          /* write-through: writes are stable before they complete */
	uint8_t start_queue;
};

struct vio_regs {
	uint8_t state, status, isr, err_queue, err_code;
	bool aw_have, w_have, ar_have, booted, dead, driver_bad;
	uint8_t wstrb, settle, drain_queue;
	bool ring_reset; /* queue drain_queue is being reset by QueueReset */
	bool writeback;
	uint8_t page_shift; /* log2 of GuestPageSize */
	uint32_t align;     /* QueueAlign */
	uint32_t pfn[VIO_QUEUES];
	uint64_t offered; /* as the last tick saw them */
	uint16_t awaddr, araddr, err_desc;
	uint32_t wdata, features_sel, driver_sel, queue_sel, generation;
	uint64_t driver;
	bool changed;       /* pub is to be committed at the end of the clock */
	struct vio_pub pub; /* next value of vio.pub */
};

struct vio_sched {
	uint8_t state, last;
	uint16_t pending; /* a bit for each queue */
	bool live;
};

struct vio_fetch {
	uint8_t state, queue, spec, have;
	uint8_t early;  /* heads handed on before their entry was read behind idx */
	bool again;     /* the first burst of entries was asked for */
	bool more;      /* idx is to be read again before this queue sleeps */
	uint16_t left;  /* heads known but not handed on */
	uint16_t batch; /* entries still to come from the read under way */
	uint64_t entries;
	uint16_t last[VIO_QUEUES];  /* avail idx, or place, up to which heads were taken */
	uint8_t taken[VIO_QUEUES];  /* chains, modulo 256: more than can be under way */
	uint16_t armed[VIO_QUEUES]; /* avail_event, or event place, as the driver sees it */
	uint16_t ask, at;           /* packed: places where a head is looked for next; whose answer comes next */
	uint16_t span;              /* packed: slots that the last chain took */
	uint8_t ahead;              /* packed: answers that may be under way */
	uint8_t asked, heads, good; /* packed: answers to come; heads whose length is not known; chains of this turn */
	bool missed, sure;          /* packed: a slot was not available; the last chain was as long as the one before */
	struct vio_err err;
};

/* One chain that is being walked. */
struct vio_slot {
	uint8_t queue;
	bool want, done, again, seen_write; /* wants a read; walked; in a second pass */
	bool table, resume_table;           /* next and resume count in an indirect table */
	bool early;                         /* its head is yet to be confirmed */
	uint8_t err;                        /* enum vio_error that ended the walk */
	uint16_t head, next, resume;
	uint16_t id;    /* packed: the buffer's */
	uint32_t count; /* descriptors seen in this pass */
	uint32_t segs;  /* segments of the whole chain */
	uint32_t kept;  /* segments in the slot */
	uint32_t rlen, wlen;
	uint32_t entries; /* of the indirect table, at most 2^16 */
	uint64_t base;    /* address of the indirect table */
};

struct vio_walk {
	uint8_t state, first, used; /* oldest slot, slots in use */
	uint8_t guess, seen;        /* descriptors to ask for; descriptors seen of this read */
	uint8_t resp;               /* of the first half of a descriptor */
	bool half, skip;
	uint64_t addr;  /* first half of a descriptor */
	uint32_t out;   /* segments of the slot handed on */
	uint32_t total; /* segments of the chain handed on */
	struct vio_slot slot[VIO_SLOTS];
	struct vio_seg seg[VIO_SLOTS][VIO_SEGS];
	struct vio_err err;
};

struct vio_frame {
	uint8_t state, queue, header;
	uint16_t head;
	uint32_t off, rleft, wleft, segs;
	struct vio_err err;
};

struct vio_blk {
	uint8_t state, queue, result, op;
	bool late, range; /* the status comes from storage; a range is to be read first */
	uint8_t resp;     /* of the first half of header or range */
	uint16_t head;
	uint32_t type, rlen, wlen, used, out, in;
	uint64_t sector;
};

/* Registers of a reader that hands on words, or whole beats. */
#define VIO_READER(word)                                                     \
	{                                                                    \
		uint32_t off;  /* bytes of the head job already asked for */ \
		uint16_t room; /* beats that may still be asked for */       \
		uint16_t done; /* bytes of the head burst already taken */   \
		uint8_t count; /* bytes in rest */                           \
		uint8_t resp;  /* of the bytes in rest */                    \
		bool flushing;                                               \
		word rest;                                                   \
	}
struct vio_word_reader VIO_READER(vio_word);
struct vio_data_reader VIO_READER(vio_data);

struct vio_writer {
	uint32_t woff;
	uint8_t uoff, sres, count;
	uint16_t done;
	uint16_t owed; /* stream beats that issued bursts will take */
	uint8_t turn;  /* counts requests, modulo 64 */
	uint8_t resp;  /* of the payload of this one */
	vio_data rest;
	struct vio_err err;
};

/* Indices of the used ring; places when it is packed. */
struct vio_used {
	uint8_t state, queue, out;
	uint8_t landed; /* packed: requests whose data is in memory, and whose descriptor is not yet written */
	uint16_t was;   /* shown before it moved */
	uint8_t given[VIO_QUEUES];  /* chains whose element's response came, modulo 256 */
	uint16_t next[VIO_QUEUES];  /* elements written */
	uint16_t acked[VIO_QUEUES]; /* elements whose response came */
	uint16_t shown[VIO_QUEUES]; /* elements that the driver was told of */
};

struct vio_axi {
	uint8_t ahead;  /* bursts whose address is on the pins or past them, and whose last beat is not */
	uint16_t reads; /* read bursts in flight */
	struct vio_err err;
};

/* Counters, in the order of their registers. */
#define COUNT(name) ((REG_Count##name - REG_CountRequests) / 4)
#define COUNTS (COUNT(Rejected) + 1)

struct vio_count {
	uint32_t count[COUNTS]; /* since power-on */
	uint8_t code, queue;    /* the first error of a request */
	uint16_t head;
};

struct vio {
	uint64_t ne, nf; /* FIFOs not empty, not full: a bit each */
	struct vio_pub pub;
	struct vio_regs regs;
	struct vio_sched sched;
	struct vio_fetch fetch;
	struct vio_walk walk;
	struct vio_frame frame;
	struct vio_blk blk;
	struct vio_word_reader avail, desc, header, event, range;
	struct vio_data_reader data;
	struct vio_writer writer;
	struct vio_used used;
	struct vio_axi axi;
	struct vio_count count;
	uint8_t erred; /* units whose err is not NONE: ERRED_* */
	struct {
		bool request, notify, rejected;
		uint32_t read_sectors, write_sectors;
	} did; /* what units did in this clock, for count */
	bool shuffled;
	uint8_t order[16]; /* units in the order in which they run, when shuffled */
	struct vio_fifo fifo[VIO_FIFOS];
#define FIFO(f, payload, depth, producer, consumer) struct vio_##payload ring_##f[D_##f];
#include "def/fifos.def"
};

/* The bursts that readers ask for: what AR waits for. */
#define AR_FIFOS                                                                                                  \
	(FIFO_BIT(event_ar) | FIFO_BIT(avail_ar) | FIFO_BIT(desc_ar) | FIFO_BIT(header_ar) | FIFO_BIT(range_ar) | \
	 FIFO_BIT(data_ar))

/* Power-on reset. out shows the pins' reset values, and stays with v: every tick rewrites only pins that change. */
void vio_reset(struct vio *v, struct vio_out *out);

/* One rising edge of clk. in: pins before the edge; out: pins before it, and after it on return. */
void vio_tick(struct vio *v, const struct vio_in *in, struct vio_out *out);

/* True when no register can change until an input pin does. out: the pins as the last tick left them. */
bool vio_idle(const struct vio *v, const struct vio_out *out);

/* Unit states, four bits each, in the order of states.def. */
uint64_t vio_states(const struct vio *v);

/* Runs the units in an order drawn from seed from now on; 0 restores the usual order. For tests: the order must not
 * matter. */
void vio_shuffle(struct vio *v, uint64_t seed);

#endif
