/* SPDX-License-Identifier: Apache-2.0
 * driver.h: a virtio-blk driver that drives both machines: set-up, requests in any framing, and what must agree afterwards.
 */
#ifndef QTEST_DRIVER_H
#define QTEST_DRIVER_H

#include "ring.h"
#include "sim.h"

/* Feature bits, by the names of features.def. */
enum feature {
#define FEATURE(name, bit, what) F_##name = (bit),
#include "def/features.def"
#undef FEATURE
};
#define FEATURE_BIT(name) (1ull << F_##name)

enum { BLK_IN = 0, BLK_OUT = 1, BLK_FLUSH = 4, BLK_GET_ID = 8, BLK_DISCARD = 11, BLK_WRITE_ZEROES = 13 };
enum { SHAPE_FORCED = 3 /* a table though it was not negotiated */ };
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, NEEDS_RESET = 0x40, FAILED = 0x80 };

/* How a request is cut into descriptors. Piece sizes of 0: whole. */
struct shape {
	const char *name;
	uint32_t header_piece, data_piece;
	bool join_header; /* header and data out are one stream, cut by data_piece */
	bool join_status; /* data in and the status byte likewise */
	bool random;      /* cut anywhere */
	bool backwards;
	uint8_t skew; /* buffers begin at multiples of 16 plus up to this */
	uint8_t indirect; /* 1: whole chain in a table; 2: the header stays outside; both only if negotiated; SHAPE_FORCED */
};

/* What DISCARD and WRITE_ZEROES carry, virtio 1.2, 5.2.6. */
struct request_range {
	uint64_t sector;
	uint32_t sectors, flags;
};

struct request {
	uint32_t type;
	uint64_t sector;
	uint32_t out, in;      /* bytes of data each way */
	uint32_t header_bytes; /* 16 */
	bool no_status;
	struct request_range range; /* the first bytes of the data of DISCARD and WRITE_ZEROES */
};

struct driver {
	struct pair *pair;
	struct sim_rng rng;
	struct ring ring;
	uint64_t both;   /* features that both machines offer */
	uint64_t wanted; /* features that are accepted */
	unsigned num;
	uint64_t used_bytes; /* of the device area */
	uint64_t free;       /* first free byte of the buffers */
	uint64_t high;       /* end of all that was used */
	struct {
		uint32_t id, in;
		uint32_t type;
		bool live;
	} posted[RING_BATCH];
	unsigned posts;
};

bool driver_has(const struct driver *d, unsigned feature);

/* Nothing is set up; on split rings unless `packed`. */
void driver_begin(struct driver *d, struct pair *p, uint64_t seed, bool packed);
/* ACKNOWLEDGE, DRIVER, features, FEATURES_OK. */
void driver_negotiate(struct driver *d, uint64_t wanted);
/* Queue 0 of this size; skew moves the areas. */
void driver_queue_alone(struct driver *d, unsigned num, unsigned skew);
/* The same, and DRIVER_OK. */
void driver_queue(struct driver *d, unsigned num, unsigned skew);
/* All of it, with what both have. */
void driver_start(struct driver *d, unsigned num);

/* Puts a request into the ring; false: no room. */
bool driver_post(struct driver *d, const struct request *r, const struct shape *s);
/* The same, changed as `how` has it: id_last, bad, flags_flip, next_set, next. */
bool driver_post_bad(struct driver *d, const struct request *r, const struct shape *s, const struct ring_chain *how);
/* Publishes, notifies, waits for both, compares what came back. */
void driver_kick(struct driver *d);
/* Publishes, notifies, waits; the ring is not looked at: the device must have stopped. */
void driver_kick_broken(struct driver *d, unsigned jump);
/* Waits for both. */
void driver_settle(struct driver *d);
void driver_ack(struct driver *d);
void driver_end(struct driver *d);

#endif
