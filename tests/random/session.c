/* SPDX-License-Identifier: Apache-2.0
 * session.c: bringing the device up, and taking it down in the middle of things (virtio 1.2, 3.1 and 4.2.3). */
#include <assert.h>
#include <string.h>
#include "driver.h"

enum {
	REG_DEVICE_FEATURES = 0x010,
	REG_DEVICE_FEATURES_SEL = 0x014,
	REG_DRIVER_FEATURES = 0x020,
	REG_DRIVER_FEATURES_SEL = 0x024,
	REG_QUEUE_SEL = 0x030,
	REG_QUEUE_NUM_MAX = 0x034,
	REG_QUEUE_NUM = 0x038,
	REG_QUEUE_READY = 0x044,
	REG_STATUS = 0x070,
	REG_QUEUE_RESET = 0x0c0,
	REG_QUEUE_DESC = 0x080,
	REG_QUEUE_DRIVER = 0x090,
	REG_QUEUE_DEVICE = 0x0a0,
	REG_CAPACITY = 0x100
};

static void expect_reg(struct driver *d, uint16_t addr, uint32_t want, const char *name)
{
	uint32_t is = machine_read(d->m, addr);

	if (is != want && !machine_failed(d->m))
		machine_fail(d->m, "%s reads 0x%x, not 0x%x", name, is, want);
}

static void write_addr(struct driver *d, uint16_t reg, uint64_t addr)
{
	machine_write(d->m, reg, (uint32_t)addr);
	machine_write(d->m, (uint16_t)(reg + 4), (uint32_t)(addr >> 32));
}

/* A place of so many bytes in [from, from + room), aligned. */
static uint64_t ring_place(struct driver *d, uint64_t from, uint32_t room, uint32_t bytes, uint32_t align)
{
	return (from + sim_rng_below(&d->rng, room - bytes) + align - 1) & ~(uint64_t)(align - 1);
}

/* Lays a queue's areas out and fills them: garbage where the device must not look, zeros where it starts. */
static void lay_out_queue(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t base = d->score.base + 4096 + (uint64_t)qi * DRIVER_RING_BYTES;
	const uint32_t drawn = 1u << sim_rng_below(&d->rng, d->s.max_num_log2 + 1);
	const uint32_t num = drawn < VIO_QUEUE_NUM_MAX ? drawn : VIO_QUEUE_NUM_MAX;

	memset(q, 0, sizeof(*q));
	q->num = (uint16_t)num;
	q->desc = ring_place(d, base, 40960 - 16, 16 * num, 16);
	q->avail = ring_place(d, base + 40960, 8192 - 2, 6 + 2 * num, 2);
	q->used = ring_place(d, base + 49152, 16384 - 4, 6 + 8 * num, 4);
	score_fill(&d->score, base, (uint8_t)(sim_rng_next(&d->rng) | 1), DRIVER_RING_BYTES);
	driver_put32(d, q->avail, 0);
	driver_put32(d, q->used, 0);
	q->used_event = driver_get16(d, q->avail + 4 + 2u * num);
	if (driver_has(d, F_EVENT_IDX))
		driver_put16(d, q->used + 4 + 8u * num, 0);
	for (unsigned i = 0; i < num; i++)
		q->free[q->free_count++] = (uint16_t)i;
}

static void enable_queue(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	lay_out_queue(d, qi);
	machine_write(d->m, REG_QUEUE_SEL, qi);
	expect_reg(d, REG_QUEUE_READY, 0, "QueueReady");
	expect_reg(d, REG_QUEUE_NUM_MAX, VIO_QUEUE_NUM_MAX, "QueueNumMax");
	machine_write(d->m, REG_QUEUE_NUM, q->num);
	write_addr(d, REG_QUEUE_DESC, q->desc);
	write_addr(d, REG_QUEUE_DRIVER, q->avail);
	write_addr(d, REG_QUEUE_DEVICE, q->used);
	machine_write(d->m, REG_QUEUE_READY, 1);
	q->ready = true;
	if (sim_rng_chance(&d->rng, 200)) { /* ignored while the queue is live */
		machine_write(d->m, REG_QUEUE_NUM, 3);
		write_addr(d, REG_QUEUE_DRIVER, 0x10);
	}
	expect_reg(d, REG_QUEUE_READY, 1, "QueueReady");
	machine_log(d->m, "QUEUE q%u num %u", qi, q->num);
}

static void negotiate(struct driver *d)
{
	uint64_t offered = d->s.offered & F_KNOWN;

	machine_write(d->m, REG_DEVICE_FEATURES_SEL, 1);
	expect_reg(d, REG_DEVICE_FEATURES, (uint32_t)(offered >> 32), "DeviceFeatures word 1");
	machine_write(d->m, REG_DEVICE_FEATURES_SEL, 0);
	expect_reg(d, REG_DEVICE_FEATURES, (uint32_t)offered, "DeviceFeatures word 0");
	for (uint32_t word = 2; word-- > 0;) {
		machine_write(d->m, REG_DRIVER_FEATURES_SEL, word);
		machine_write(d->m, REG_DRIVER_FEATURES, (uint32_t)(d->s.accepted >> 32 * word));
	}
	machine_write(d->m, REG_STATUS, 0xb);
	expect_reg(d, REG_STATUS, 0xb, "Status");
}

/* A strap has drivers refused that do not accept VERSION_1. */
static void refused_without_version_1(struct driver *d)
{
	machine_write(d->m, REG_DRIVER_FEATURES_SEL, 1);
	machine_write(d->m, REG_DRIVER_FEATURES, (uint32_t)((d->s.accepted & ~F_VERSION_1) >> 32));
	machine_write(d->m, REG_STATUS, 0xb);
	expect_reg(d, REG_STATUS, 3, "Status without VERSION_1");
}

static void check_reset_state(struct driver *d)
{
	expect_reg(d, REG_STATUS, 0, "Status after reset");
	expect_reg(d, 0x060, 0, "InterruptStatus after reset");
	expect_reg(d, 0x800, 0, "ErrorCode after reset");
	for (unsigned i = 0; i < d->s.queues; i++) {
		machine_write(d->m, REG_QUEUE_SEL, i);
		expect_reg(d, REG_QUEUE_READY, 0, "QueueReady after reset");
	}
}

void driver_reset(struct driver *d)
{
	machine_log(d->m, "W Status 0x0 with %u in flight", d->in_flight);
	machine_write(d->m, REG_STATUS, 0);
	machine_log(d->m, "RESET done");
	driver_forget_all(d);
	check_reset_state(d);
	machine_settle(d->m);
	d->irq_credit = 0;
	d->irq_due = d->irq_unsure = false;
	d->isr_allowed = 1;
	score_compare(&d->score);
	if (score_failed(&d->score))
		machine_fail(d->m, "%s", d->score.error);
}

/* The stable-writes rule, virtio 1.2, 5.2.6.2: FLUSH offered and not accepted makes every write stable at once. */
static void check_commands(struct driver *d)
{
	struct machine *m = d->m;

	if ((d->s.offered & F_FLUSH) && !(d->s.accepted & F_FLUSH) && m->commands[VIO_BE_WRITE] != 0)
		machine_fail(m, "a write was not stable before it completed, though FLUSH was not negotiated");
	if (!(d->s.accepted & F_FLUSH) && m->commands[VIO_BE_FLUSH] != 0)
		machine_fail(m, "the backend was told to flush, though FLUSH was not negotiated");
	memset(m->commands, 0, sizeof(m->commands));
}

/* New memory timing, disk timing and pauses; nothing may be in flight. */
static void replace_surroundings(struct driver *d)
{
	struct machine *m = d->m;

	if (m->mem != NULL) {
		axi_mem_free(m->mem);
		disk_free(m->disk);
		axil_free(m->axil);
	}
	m->mem = axi_mem_new(&d->s.mem);
	m->disk = disk_new(&d->s.disk);
	m->axil = axil_new(d->s.axil_stall, d->s.mem.seed + 2);
	m->in.strap_features = d->s.offered;
	m->in.strap_capacity = d->s.capacity;
	m->in.strap_queues = (uint8_t)d->s.queues;
	m->in.strap_queue_num = (uint16_t)VIO_QUEUE_NUM_MAX;
	m->in.strap_need_v1 = d->s.need_v1;
}

/* Some sectors fail, so that the request's own status byte tells. */
static void set_faults(struct driver *d)
{
	static const unsigned ops[16] = {[TYPE_IN] = 1u << VIO_BE_READ,
					 [TYPE_OUT] = 1u << VIO_BE_WRITE | 1u << VIO_BE_WRITE_FUA,
					 [TYPE_FLUSH] = 1u << VIO_BE_FLUSH,
					 [TYPE_GET_ID] = 1u << VIO_BE_GET_ID};
	static const uint8_t types[] = {TYPE_IN, TYPE_OUT, TYPE_FLUSH, TYPE_GET_ID};

	d->score.fault_count = 0;
	for (unsigned i = 0; d->s.faults && i < SCORE_FAULTS; i++) {
		struct score_fault *f = &d->score.faults[d->score.fault_count++];
		uint8_t type = types[i < 2 ? i : sim_rng_below(&d->rng, 4)];

		f->sector = sim_rng_below(&d->rng, (uint32_t)d->s.capacity);
		f->types = 1u << type;
		disk_fault(d->m->disk, f->sector, ops[type]);
	}
}

void driver_start(struct driver *d, const struct session *s)
{
	bool first = d->m->mem == NULL;

	if (!first) {
		driver_reset(d);
		check_commands(d);
	}
	if (machine_failed(d->m))
		return;
	d->s = *s;
	replace_surroundings(d);
	set_faults(d);
	d->score.capacity = s->capacity;
	d->score.read_only = (s->offered & F_RO) != 0;
	d->score.flush = (s->accepted & F_FLUSH) != 0;
	if (first)
		driver_reset(d);
	machine_log(d->m, "START L %u/%u out %u stall %u/%u/%u reorder %d disk %u features 0x%llx capacity %llu",
		    s->mem.read_latency, s->mem.write_latency, s->mem.outstanding, s->mem.stall_per_1024,
		    s->disk.stall_per_1024, s->axil_stall, s->mem.reorder, s->disk.latency,
		    (unsigned long long)s->accepted, (unsigned long long)s->capacity);
	machine_write(d->m, REG_STATUS, 1);
	machine_write(d->m, REG_STATUS, 3);
	if (s->need_v1)
		refused_without_version_1(d);
	negotiate(d);
	expect_reg(d, REG_CAPACITY, (uint32_t)s->capacity, "capacity");
	expect_reg(d, REG_CAPACITY + 4, (uint32_t)(s->capacity >> 32), "capacity, high half");
	machine_write(d->m, REG_QUEUE_SEL, s->queues);
	expect_reg(d, REG_QUEUE_NUM_MAX, 0, "QueueNumMax of a queue that does not exist");
	for (unsigned i = 0; i < s->queues_used; i++)
		enable_queue(d, i);
	machine_write(d->m, REG_STATUS, 0xf);
	expect_reg(d, REG_STATUS, 0xf, "Status");
}

/* A queue was stopped: what it has not completed is lost, and it starts anew. */
static void start_again(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	unsigned lost = q->count;

	q->ready = false;
	for (unsigned i = 0; i < lost; i++) {
		struct request *r = q->order[(q->first + i) % DRIVER_SLABS];

		score_accept(&d->score, q->used + 4 + 8u * ((q->used_idx + i) & (q->num - 1u)), 8);
		score_forget(&d->score, r);
		r->in_use = false;
	}
	d->in_flight -= lost;
	d->abandoned += lost;
	machine_log(d->m, "STOPPED q%u lost %u", qi, lost);
	d->irq_credit++; /* one may still be on its way */
	enable_queue(d, qi);
}

void driver_restart_queue(struct driver *d, unsigned qi)
{
	driver_publish(d, qi);
	machine_log(d->m, "W QueueReady 0 q%u with %u in flight", qi, d->queues[qi].count);
	machine_write(d->m, REG_QUEUE_SEL, qi);
	machine_write(d->m, REG_QUEUE_READY, 0);
	expect_reg(d, REG_QUEUE_READY, 0, "QueueReady");
	if (!machine_failed(d->m))
		start_again(d, qi);
}

/* A little traffic on another queue, if there is one. */
static void serve_others(struct driver *d, unsigned qi)
{
	unsigned other = sim_rng_below(&d->rng, d->s.queues_used);

	if (other == qi)
		return;
	driver_post(d, other);
	driver_publish(d, other);
	if (d->queues[other].kick)
		driver_kick(d, other);
}

void driver_reset_queue(struct driver *d, unsigned qi)
{
	bool has = driver_has(d, F_RING_RESET);
	uint64_t start = d->m->cycle;
	uint32_t busy = 0;

	driver_publish(d, qi);
	machine_log(d->m, "W QueueReset 1 q%u with %u in flight", qi, d->queues[qi].count);
	machine_write(d->m, REG_QUEUE_SEL, qi);
	machine_write(d->m, REG_QUEUE_RESET, 0); /* of no effect */
	machine_write(d->m, REG_QUEUE_RESET, 1);
	while (!machine_failed(d->m) && (busy = machine_read(d->m, REG_QUEUE_RESET)) != 0) {
		if (busy != 1 || !has)
			machine_fail(d->m, "QueueReset reads 0x%x", busy);
		serve_others(d, qi);
		for (unsigned i = sim_rng_below(&d->rng, 30); i > 0; i--)
			machine_clock(d->m);
		if (d->m->cycle - start > d->m->limit)
			machine_fail(d->m, "QueueReset still reads 1 after %llu clocks",
				     (unsigned long long)d->m->limit);
	}
	expect_reg(d, REG_QUEUE_READY, has ? 0 : 1, "QueueReady after QueueReset");
	if (!machine_failed(d->m) && has)
		start_again(d, qi);
}
