/* SPDX-License-Identifier: Apache-2.0
 * walk_rig.h: walk alone. The rig is the descriptor reader: it answers each job from the ring's table or an indirect one,
 * both arrays, and refuses a job that leaves them. */
#ifndef WALK_RIG_H
#define WALK_RIG_H

#include "device.h"

enum { TABLE = 256, INNER = 0x10000, NEXT = DESC_NEXT, WRITE = DESC_WRITE, INDIRECT = DESC_INDIRECT };

static const uint64_t inner_at = 0x80000ff3; /* any alignment will do */
static struct desc table[TABLE], inner[INNER];
static unsigned num, entries, jobs; /* entries: of the indirect table */
static struct vio_job job;
static unsigned job_beat;

/* Bytes 8 to 15 of a descriptor. In a packed ring next stands for the id. */
static inline uint64_t tail_of(const struct desc *d)
{
	const uint64_t flags = d->flags, next = d->next;

	return d->len | (is_packed(v) ? next << 32 | flags << 48 : flags << 32 | next << 48);
}

/* A beat of the job under way, when there is room. */
static inline void play_reader(void)
{
	const bool in_ring = job.addr < inner_at;
	const struct desc *d;

	if (job_beat == 0) {
		uint64_t base, size;

		if (!has_desc_job())
			return;
		job = take_desc_job();
		jobs++;
		base = job.addr < inner_at ? RING_DESC : inner_at;
		size = 16 * (job.addr < inner_at ? num : entries);
		assert_int_equal(job.flush, 1);
		assert_true(job.len != 0 && job.len % 16 == 0 && (job.addr - base) % 16 == 0);
		assert_true(job.addr >= base && job.addr + job.len <= base + size);
		assert_true(job.len <= 16 * VIO_DESC_BURST);
		job_beat = 1;
		return;
	}
	if (full_desc_beat())
		return;
	d = in_ring ? &table[(job.addr - RING_DESC) / 16] : &inner[(job.addr - inner_at) / 16];
	d += (job_beat - 1) / 2;
	if (job_beat % 2 == 1)
		give_desc_beat((struct vio_beat){.data = d->addr});
	else
		give_desc_beat((struct vio_beat){.data = tail_of(d)});
	if (++job_beat > job.len / 8)
		job_beat = 0;
}

static inline void run(unsigned clocks)
{
	for (unsigned i = 0; i < clocks; i++) {
		begin();
		walk_tick(v, clk);
		play_reader();
	}
}

static inline void put(unsigned i, uint64_t addr, uint32_t len, uint16_t flags, unsigned next)
{
	table[i] = (struct desc){.addr = addr, .len = len, .flags = flags, .next = (uint16_t)next};
}

static inline void put_inner(unsigned i, uint64_t addr, uint32_t len, uint16_t flags, unsigned next)
{
	inner[i] = (struct desc){.addr = addr, .len = len, .flags = flags, .next = (uint16_t)next};
}

static inline void walk(unsigned head)
{
	give_head((struct vio_head){.queue = 0, .head = (uint16_t)head});
}

static inline int setup(void **state)
{
	device_setup(state);
	memset(table, 0, sizeof table);
	memset(inner, 0xff, sizeof inner);
	num = v->pub.queue[0].num = TABLE;
	jobs = job_beat = entries = 0;
	return 0;
}

static inline void refused(enum vio_error code, unsigned desc)
{
	run(3000);
	assert_false(has_chain());
	assert_int_equal(v->erred, ERRED_WALK);
	assert_int_equal(v->walk.err.code, code);
	assert_int_equal(v->walk.err.desc, desc);
	assert_int_equal(v->walk.state, S(walk, DEAD));
}

static inline struct vio_chain wait_chain(void)
{
	for (unsigned i = 0; !has_chain(); i++) {
		assert_true(i < 300000);
		run(1);
	}
	return take_chain();
}

static inline struct vio_seg wait_seg(void)
{
	for (unsigned i = 0; !has_seg(); i++) {
		assert_true(i < 5000);
		run(1);
	}
	return take_seg();
}

/* All was handed on, and taken. */
static inline void finished(void)
{
	run(200);
	assert_int_equal(v->erred, 0);
	assert_int_equal(v->walk.used, 0);
	assert_false(has_seg() || has_chain() || has_step() || has_span() || has_tag());
}

#define WALK(test) cmocka_unit_test_setup(test, setup)

#endif
