/* SPDX-License-Identifier: Apache-2.0
 * session.c: bringing the device up, and taking it down in the middle of things (virtio 1.2, 3.1 and 4.2.3). */
#include <assert.h>
#include <string.h>
#include "ring.h"

enum {
	REG_VERSION = 0x004,
	REG_DEVICE_FEATURES = 0x010,
	REG_DEVICE_FEATURES_SEL = 0x014,
	REG_DRIVER_FEATURES = 0x020,
	REG_DRIVER_FEATURES_SEL = 0x024,
	REG_PAGE_SIZE = 0x028,
	REG_QUEUE_SEL = 0x030,
	REG_QUEUE_NUM_MAX = 0x034,
	REG_QUEUE_NUM = 0x038,
	REG_QUEUE_ALIGN = 0x03c,
	REG_QUEUE_PFN = 0x040,
	REG_QUEUE_READY = 0x044,
	REG_STATUS = 0x070,
	REG_QUEUE_RESET = 0x0c0,
	REG_QUEUE_DESC = 0x080,
	REG_QUEUE_DRIVER = 0x090,
	REG_QUEUE_DEVICE = 0x0a0
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

/* The legacy layout, virtio 1.2, 2.7.2: all in one piece that starts on a page. Gives the alignment of the used ring. */
static uint32_t place_legacy(struct driver *d, struct queue *q, uint64_t base)
{
	const uint32_t page = 1u << d->page_log2, align = 1u << sim_rng_below(&d->rng, 15);
	const uint32_t most = 16u * q->num + 6 + 2u * q->num + align + 6 + 8u * q->num;

	q->desc = ring_place(d, base, DRIVER_RING_BYTES - page, most, page);
	q->pfn = (uint32_t)(q->desc >> d->page_log2);
	q->avail = q->desc + 16u * q->num;
	q->used = (q->avail + 6 + 2u * q->num + align - 1) & ~(uint64_t)(align - 1);
	return align;
}

/* Lays a queue's areas out and fills them: garbage where the device must not look. Gives QueueAlign of a legacy queue. */
static uint32_t lay_out_queue(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];
	uint64_t base = d->score.base + 4096 + (uint64_t)qi * DRIVER_RING_BYTES;
	uint32_t align = 0;

	memset(q, 0, sizeof(*q));
	q->ops = driver_has(d, F_RING_PACKED) ? &ring_packed : &ring_split;
	q->ops->place(d, q, base);
	if (d->s.legacy)
		align = place_legacy(d, q, base);
	score_fill(&d->score, base, (uint8_t)(sim_rng_next(&d->rng) | 1), DRIVER_RING_BYTES);
	q->ops->begin(d, q);
	q->free_count = q->num;
	return align;
}

static void enable_legacy(struct driver *d, unsigned qi, uint32_t align)
{
	struct queue *q = &d->queues[qi];

	expect_reg(d, REG_QUEUE_PFN, 0, "QueuePFN");
	machine_write(d->m, REG_QUEUE_NUM, q->num);
	machine_write(d->m, REG_QUEUE_ALIGN, align);
	machine_write(d->m, REG_QUEUE_PFN, q->pfn);
	if (sim_rng_chance(&d->rng, 200)) { /* the layout of a live queue stays as it is */
		machine_write(d->m, REG_QUEUE_NUM, 0);
		machine_write(d->m, REG_QUEUE_ALIGN, 0);
	}
	expect_reg(d, REG_QUEUE_PFN, q->pfn, "QueuePFN");
}

static void enable_modern(struct driver *d, unsigned qi)
{
	struct queue *q = &d->queues[qi];

	expect_reg(d, REG_QUEUE_READY, 0, "QueueReady");
	machine_write(d->m, REG_QUEUE_NUM, q->num);
	write_addr(d, REG_QUEUE_DESC, q->desc);
	write_addr(d, REG_QUEUE_DRIVER, q->avail);
	write_addr(d, REG_QUEUE_DEVICE, q->used);
	machine_write(d->m, REG_QUEUE_READY, 1);
	if (sim_rng_chance(&d->rng, 200)) { /* ignored while the queue is live */
		machine_write(d->m, REG_QUEUE_NUM, 3);
		write_addr(d, REG_QUEUE_DRIVER, 0x10);
	}
	expect_reg(d, REG_QUEUE_READY, 1, "QueueReady");
}

static void enable_queue(struct driver *d, unsigned qi)
{
	uint32_t align = lay_out_queue(d, qi);

	machine_write(d->m, REG_QUEUE_SEL, qi);
	expect_reg(d, REG_QUEUE_NUM_MAX, VIO_QUEUE_NUM_MAX, "QueueNumMax");
	if (d->s.legacy)
		enable_legacy(d, qi, align);
	else
		enable_modern(d, qi);
	d->queues[qi].ready = true;
	machine_log(d->m, "QUEUE q%u num %u", qi, d->queues[qi].num);
}

static void negotiate(struct driver *d)
{
	uint64_t offered = driver_offered(d);

	machine_write(d->m, REG_DEVICE_FEATURES_SEL, 1);
	expect_reg(d, REG_DEVICE_FEATURES, (uint32_t)(offered >> 32), "DeviceFeatures word 1");
	machine_write(d->m, REG_DEVICE_FEATURES_SEL, 0);
	expect_reg(d, REG_DEVICE_FEATURES, (uint32_t)offered, "DeviceFeatures word 0");
	for (uint32_t word = 2; word-- > 0;) {
		machine_write(d->m, REG_DRIVER_FEATURES_SEL, word);
		machine_write(d->m, REG_DRIVER_FEATURES, (uint32_t)(d->s.accepted >> 32 * word));
	}
	if (d->s.legacy) /* no FEATURES_OK */
		return;
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
		expect_reg(d, REG_QUEUE_PFN, 0, "QueuePFN after reset");
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
	m->in.strap_legacy = d->s.legacy;
	m->in.strap_queue_num = (uint16_t)VIO_QUEUE_NUM_MAX;
	m->in.strap_need_v1 = d->s.need_v1;
}

/* Some sectors fail, so that the request's own status byte tells. */
static void set_faults(struct driver *d)
{
	static const unsigned ops[SCORE_TYPES] = {[TYPE_IN] = 1u << VIO_BE_READ,
						  [TYPE_OUT] = 1u << VIO_BE_WRITE | 1u << VIO_BE_WRITE_FUA,
						  [TYPE_FLUSH] = 1u << VIO_BE_FLUSH,
						  [TYPE_GET_ID] = 1u << VIO_BE_GET_ID,
						  [TYPE_LIFETIME] = 1u << VIO_BE_LIFETIME,
						  [TYPE_DISCARD] = 1u << VIO_BE_DISCARD,
						  [TYPE_WRITE_ZEROES] = 1u << VIO_BE_ZERO | 1u << VIO_BE_ZERO_UNMAP,
						  [TYPE_SECURE_ERASE] = 1u << VIO_BE_ERASE};
	static const uint8_t types[] = {TYPE_IN,       TYPE_OUT,     TYPE_FLUSH,        TYPE_GET_ID,
					TYPE_LIFETIME, TYPE_DISCARD, TYPE_WRITE_ZEROES, TYPE_SECURE_ERASE};

	d->score.fault_count = 0;
	for (unsigned i = 0; d->s.faults && i < SCORE_FAULTS; i++) {
		struct score_fault *f = &d->score.faults[d->score.fault_count++];
		uint8_t type = types[i < 2 ? i : sim_rng_below(&d->rng, sizeof(types))];

		f->sector = sim_rng_below(&d->rng, (uint32_t)d->s.capacity);
		f->types = 1u << type;
		disk_fault(d->m->disk, f->sector, ops[type]);
	}
}

/* What the scoreboard has to know of the negotiation. */
static void tell_score(struct driver *d)
{
	struct score *score = &d->score;

	score->capacity = d->s.capacity;
	score->read_only = (d->s.offered & F_RO) != 0;
	score->types = 0;
	score->types |= driver_has(d, F_FLUSH) ? 1u << TYPE_FLUSH : 0;
	score->types |= driver_has(d, F_LIFETIME) ? 1u << TYPE_LIFETIME : 0;
	score->types |= driver_has(d, F_DISCARD) ? 1u << TYPE_DISCARD : 0;
	score->types |= driver_has(d, F_WRITE_ZEROES) ? 1u << TYPE_WRITE_ZEROES : 0;
	score->types |= driver_has(d, F_SECURE_ERASE) ? 1u << TYPE_SECURE_ERASE : 0;
}

/* virtio 1.2, 4.2.4: GuestPageSize stays over a reset by Status, and drivers write it before they reset, or after. */
static void set_page_size(struct driver *d)
{
	if (!d->s.legacy || (d->page_log2 != 0 && sim_rng_chance(&d->rng, 512)))
		return;
	d->page_log2 = 9 + sim_rng_below(&d->rng, 5);
	if (d->score.base >> d->page_log2 >> 32 != 0)
		d->page_log2 = 13;
	machine_write(d->m, REG_PAGE_SIZE, 1u << d->page_log2);
}

static void begin_session(struct driver *d, const struct session *s)
{
	bool first = d->m->mem == NULL, power_on = first || s->legacy != d->s.legacy;

	if (!first)
		driver_reset(d);
	if (machine_failed(d->m))
		return;
	d->s = *s;
	replace_surroundings(d);
	set_faults(d);
	tell_score(d);
	if (!power_on) {
		set_page_size(d);
		return;
	}
	machine_power_on(d->m);
	d->page_log2 = 0;
	if (sim_rng_chance(&d->rng, 512))
		set_page_size(d);
	driver_reset(d);
	if (d->page_log2 == 0)
		set_page_size(d);
}

void driver_start(struct driver *d, const struct session *s)
{
	const uint8_t ok = s->legacy ? 0x7 : 0xf;

	begin_session(d, s);
	if (machine_failed(d->m))
		return;
	machine_log(d->m, "START %s L %u/%u out %u stall %u/%u/%u reorder %d disk %u features 0x%llx capacity %llu",
		    s->legacy ? "legacy" : "modern", s->mem.read_latency, s->mem.write_latency, s->mem.outstanding,
		    s->mem.stall_per_1024, s->disk.stall_per_1024, s->axil_stall, s->mem.reorder, s->disk.latency,
		    (unsigned long long)s->accepted, (unsigned long long)s->capacity);
	expect_reg(d, REG_VERSION, s->legacy ? 1 : 2, "Version");
	machine_write(d->m, REG_STATUS, 1);
	machine_write(d->m, REG_STATUS, 3);
	if (s->need_v1 && !s->legacy)
		refused_without_version_1(d);
	negotiate(d);
	config_start(d);
	machine_write(d->m, REG_QUEUE_SEL, s->queues);
	expect_reg(d, REG_QUEUE_NUM_MAX, 0, "QueueNumMax of a queue that does not exist");
	for (unsigned i = 0; i < s->queues_used; i++)
		enable_queue(d, i);
	if (s->legacy && sim_rng_chance(&d->rng, 200) && driver_post(d, 0)) { /* virtio 1.2, 3.1.2: they may */
		driver_publish(d, 0);
		driver_kick(d, 0);
	}
	machine_write(d->m, REG_STATUS, ok);
	expect_reg(d, REG_STATUS, ok, "Status");
}

/* A queue was stopped: what it has not completed is lost, and it starts anew. */
static void start_again(struct driver *d, unsigned qi)
{
	machine_log(d->m, "STOPPED q%u lost %u", qi, d->queues[qi].count);
	ring_forget(d, &d->queues[qi]);
	d->irq_credit++; /* one may still be on its way */
	enable_queue(d, qi);
}

void driver_restart_queue(struct driver *d, unsigned qi)
{
	const uint16_t reg = d->s.legacy ? REG_QUEUE_PFN : REG_QUEUE_READY;

	driver_publish(d, qi);
	machine_log(d->m, "W Queue%s 0 q%u with %u in flight", d->s.legacy ? "PFN" : "Ready", qi, d->queues[qi].count);
	machine_write(d->m, REG_QUEUE_SEL, qi);
	machine_write(d->m, reg, 0);
	expect_reg(d, reg, 0, "QueueReady or QueuePFN");
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
	if (d->s.legacy)
		expect_reg(d, REG_QUEUE_PFN, d->queues[qi].pfn, "QueuePFN after QueueReset");
	else
		expect_reg(d, REG_QUEUE_READY, has ? 0 : 1, "QueueReady after QueueReset");
	if (!machine_failed(d->m) && has)
		start_again(d, qi);
}
