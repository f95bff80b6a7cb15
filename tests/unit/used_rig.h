/* SPDX-License-Identifier: Apache-2.0
 * used_rig.h: used alone, in a packed ring. The rig is writer, axi and event reader: responses come when a test says so,
 * and a descriptor that comes too early, at a wrong place or with wrong bytes fails it. Slots are counted from the start
 * of the queue, laps and all. */
#ifndef USED_RIG_H
#define USED_RIG_H

#include "device.h"

enum { SLOTS_MAX = 1024, AVAIL_USED = 0x8080 };

struct used_chain {
	unsigned at, slots; /* where its descriptor goes */
	uint64_t data;
};

/* A queue: slots finished, and of them used as memory shows it. */
static struct {
	unsigned num, finished, shown;
	uint64_t tail[SLOTS_MAX]; /* bytes 8 to 15 of the descriptors */
	struct used_chain chain[64];
	unsigned chains, written, landed, asked; /* given to used; descriptors it wrote; their responses; questions */
	bool unasked;                            /* a descriptor landed, and the event structure was not read since */
} ring[VIO_QUEUES];

static struct vio_ujob waiting[64]; /* written, response not yet given */
static unsigned first, count, raised, questions;
static unsigned requests, descriptors; /* whose data landed; that were written */
static uint32_t event;                 /* what the driver says */
static uint32_t armed_at[VIO_QUEUES];

static inline uint16_t place_of(unsigned slots_from_start, unsigned num)
{
	return (uint16_t)(slots_from_start % num + (slots_from_start / num % 2 != 0 ? PLACE_LAP : 0));
}

static inline void take_descriptor(const struct vio_ujob *j)
{
	const struct used_chain *c = &ring[j->queue].chain[ring[j->queue].written++ % 64];

	assert_true(++descriptors <= requests);
	assert_int_equal(j->len, 8);
	assert_int_equal(j->addr, RING_DESC + (uint64_t)j->queue * RING_STEP + 16 * (c->at % ring[j->queue].num) + 8);
	assert_true(j->data == c->data);
}

static inline void take_jobs(void)
{
	if (has_ujob() && count < 64) {
		const struct vio_ujob j = take_ujob();

		if (j.kind == BTAG_USED)
			take_descriptor(&j);
		else
			assert_int_equal(j.kind, BTAG_EVENT);
		waiting[(first + count++) % 64] = j;
	}
	if (has_event_job()) {
		const struct vio_job j = take_event_job();
		const uint64_t q = (j.addr - RING_AVAIL) / RING_STEP;

		assert_int_equal(j.addr, RING_AVAIL + q * RING_STEP);
		assert_int_equal(j.len, 4);
		assert_int_equal(j.flush, 1);
		assert_true(++ring[q].asked <= ring[q].landed);
		ring[q].unasked = false;
		questions++;
		give_event_beat((struct vio_beat){.data = 0xabcdabcd00000000 | event});
	}
	while (has_raise()) {
		assert_int_equal(take_raise().bits, ISR_USED);
		raised++;
	}
}

/* The response of the oldest write: now it has landed. */
static inline void respond(void)
{
	struct vio_ujob j;

	if (count == 0 || full_udone())
		return;
	j = waiting[first++ % 64];
	count--;
	if (j.kind == BTAG_EVENT) {
		armed_at[j.queue] = (uint32_t)j.data;
	} else {
		const struct used_chain *c = &ring[j.queue].chain[ring[j.queue].landed++ % 64];

		ring[j.queue].tail[c->at % ring[j.queue].num] = j.data;
		ring[j.queue].shown += c->slots;
		ring[j.queue].unasked = true;
	}
	give_udone((struct vio_udone){.kind = j.kind, .queue = j.queue});
}

static inline void clock_once(void)
{
	begin();
	used_tick(v, clk);
	take_jobs();
}

static inline void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		clock_once();
		respond();
	}
}

/* A request of a chain of so many slots was answered; the response of its status is still to come. */
static inline void finish(unsigned q, uint16_t id, uint32_t bytes, unsigned slots)
{
	const bool wrap = ring[q].finished / ring[q].num % 2 == 0;

	ring[q].chain[ring[q].chains++ % 64] =
		(struct used_chain){.at = ring[q].finished,
				    .slots = slots,
				    .data = (uint64_t)((wrap ? AVAIL_USED : 0) | (bytes != 0 ? DESC_WRITE : 0)) << 48 |
					    (uint64_t)id << 32 | bytes};
	ring[q].finished += slots;
	give_span((struct vio_span){.slots = (uint16_t)slots});
	give_fin((struct vio_fin){.queue = (uint8_t)q, .head = id, .used = bytes});
}

static inline void land(void)
{
	requests++;
	give_udone((struct vio_udone){.kind = BTAG_LANDED});
}

static inline void set_num(unsigned q, unsigned num)
{
	ring[q].num = num;
	v->pub.queue[q].num = (uint16_t)num;
}

static inline int setup(void **state)
{
	memset(ring, 0, sizeof ring);
	first = count = raised = questions = requests = descriptors = 0;
	event = 0;
	device_setup(state);
	v->pub.features = 1ull << F_BIT_RING_PACKED;
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		set_num(q, RING_NUM);
	return 0;
}

#endif
