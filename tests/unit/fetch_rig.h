/* SPDX-License-Identifier: Apache-2.0
 * fetch_rig.h: fetch alone, in a packed ring.
 *
 * The rig is the driver, who writes chains into an array of flags; the avail reader, which answers each job from there,
 * late, and refuses one that leaves the ring; walk, which tells how long a chain was, and drops early heads when told to;
 * used, which marks the first slot of a chain used; and sched. */
#ifndef FETCH_RIG_H
#define FETCH_RIG_H

#include "device.h"

enum { SLOTS_MAX = 32768, AVAIL_BIT = 0x80, USED_BIT = 0x8000 };

/* The ring, and the driver: slots are counted from the start of the queue. */
static unsigned num;
static uint16_t flags[SLOTS_MAX], length[SLOTS_MAX];
static unsigned made, owned; /* slots made available; of them, not used yet */

/* Chains: all that were made available, those that fetch handed on, those that were used. */
static struct {
	unsigned slot, slots;
} chain[4096];
static unsigned chains, taken, used;

/* fetch's neighbours. */
static struct vio_head waiting[64]; /* heads that walk has and whose chain it has not announced */
static unsigned first, count, jobs, drops, served, more, reader_delay;
static unsigned walk_chance, used_chance; /* in 8 */
static uint32_t event;                    /* device event structure, as the driver sees it */
static struct vio_arm arm;
static unsigned arms, arm_delay;

static inline uint16_t flags_of(unsigned slots_from_start, bool is_used)
{
	const bool wrap = slots_from_start / num % 2 == 0;

	return (uint16_t)((wrap ? AVAIL_BIT : 0) | ((is_used ? wrap : !wrap) ? USED_BIT : 0));
}

static inline bool make_available(unsigned slots)
{
	if (owned + slots > num)
		return false;
	chain[chains % 4096].slot = made % num;
	chain[chains++ % 4096].slots = slots;
	length[made % num] = (uint16_t)slots;
	for (unsigned i = slots; i-- > 0;)
		flags[(made + i) % num] = flags_of(made + i, false);
	made += slots;
	owned += slots;
	return true;
}

/* virtio 1.2, 2.8.6: only the first slot is written; the others keep their flags. */
static inline void use_oldest(void)
{
	const unsigned slots = chain[used % 4096].slots;

	flags[chain[used % 4096].slot] = flags_of(made - owned, true);
	owned -= slots;
	used++;
}

static inline void play_reader(void)
{
	struct vio_job job;
	uint64_t at;

	if (!has_avail_job() || full_avail_beat() || (reader_delay != 0 && below(reader_delay) != 0))
		return;
	job = take_avail_job();
	jobs++;
	at = job.addr - RING_DESC;
	assert_int_equal(job.len, 8);
	assert_int_equal(job.flush, 1);
	assert_int_equal(at % 16, 8);
	assert_true(at / 16 < num);
	give_avail_beat((struct vio_beat){.data = (uint64_t)flags[at / 16] << 48 | below(0x10000)});
}

/* The oldest chain is announced once it is known to be one. */
static inline void play_walk(void)
{
	struct vio_head h;

	if (has_head() && count < 64)
		waiting[(first + count++) % 64] = take_head();
	h = waiting[first % 64];
	if (count == 0 || below(8) >= walk_chance || full_step() || (h.early && !has_confirm()))
		return;
	first++;
	count--;
	if (h.early) {
		const struct vio_confirm c = take_confirm();

		drops += c.drop;
		if (c.drop)
			return;
		assert_int_equal(c.head, h.head);
	}
	assert_true(taken != chains);
	assert_int_equal(h.queue, 0);
	assert_int_equal(h.head, chain[taken % 4096].slot);
	assert_int_equal(length[h.head], chain[taken % 4096].slots);
	give_step((struct vio_span){.slots = length[h.head]});
	taken++;
}

static inline void play_used(void)
{
	if (used != taken && below(8) < used_chance)
		use_oldest();
	if (arm_delay != 0) {
		if (--arm_delay == 0) {
			event = arm.event;
			give_armed((struct vio_armed){.queue = 0});
		}
	} else if (has_arm()) {
		arm = take_arm();
		assert_int_equal(arm.queue, 0);
		arm_delay = 1 + below(40);
		arms++;
	}
}

static inline void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		fetch_tick(v, clk);
		v->pub.start = false;
		play_reader();
		play_walk();
		play_used();
		if (has_served()) {
			served++;
			more = take_served().more;
		}
	}
}

/* One turn. */
static inline void serve(void)
{
	served = 0;
	give_serve((struct vio_serve){.queue = 0});
	for (unsigned i = 0; served == 0; i++) {
		assert_true(i < 20000);
		run(1);
	}
}

static inline void serve_to_sleep(void)
{
	unsigned turns = 0;

	for (serve(); more; serve())
		assert_true(++turns < 5000);
	assert_int_equal(taken, chains);
	/* The last heads may be on their way to be dropped. */
	for (unsigned i = 0; count != 0 || has_head(); i++) {
		assert_true(i < 5000);
		run(1);
	}
	assert_false(has_head() || has_confirm() || has_step() || has_avail_job() || has_avail_beat());
}

static inline void start_ring(unsigned size)
{
	num = size;
	memset(flags, 0, sizeof flags);
	made = owned = chains = taken = used = first = count = drops = arms = arm_delay = more = 0;
	event = 0;
	device_setup(NULL);
	v->pub.features = 1ull << F_BIT_RING_PACKED;
	v->pub.queue[0].num = (uint16_t)size;
}

static inline int setup(void **state)
{
	(void)state;
	walk_chance = used_chance = 8;
	reader_delay = 0;
	start_ring(RING_NUM);
	return 0;
}

static inline void expect_last(void)
{
	assert_int_equal(v->fetch.last[0], made % num + (made / num % 2 != 0 ? PLACE_LAP : 0));
}

#endif
