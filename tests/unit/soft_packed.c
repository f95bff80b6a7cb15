/* SPDX-License-Identifier: Apache-2.0
 * soft_packed.c: see soft_packed.h. */
#include "soft_packed.h"

#include <string.h>
#include "soft_blk.h"

enum {
	NEXT = 1,
	WRITE = 2,
	INDIRECT = 4,
	AVAIL = 0x80,
	USED = 0x8000,
	DESC = 16,
	WORKS_PER_1024 = 100,
	IRQ_CLOCKS = 200
};
enum { ENABLE, DISABLE, AT_DESC };

static const uint64_t event_idx = 1ull << 29, in_order = 1ull << 35;

uint64_t soft_features(void)
{
	return 1ull << 9 | 1ull << 28 | event_idx | 1ull << 32 | 1ull << 34 | in_order | 1ull << 38 | 1ull << 40;
}

static uint64_t get(const struct soft *s, uint64_t addr, unsigned bytes)
{
	uint64_t value = 0;

	memcpy(&value, s->mem + (addr - s->base), bytes);
	return value;
}

static void put(struct soft *s, uint64_t addr, uint64_t value, unsigned bytes)
{
	memcpy(s->mem + (addr - s->base), &value, bytes);
}

static uint64_t slot(const struct soft_queue *q, uint32_t pos)
{
	return q->desc + DESC * (pos % q->num);
}

static bool available(const struct soft *s, const struct soft_queue *q, uint32_t pos)
{
	bool wrap = pos % (2 * q->num) < q->num;
	uint64_t flags = get(s, slot(q, pos) + 14, 2);

	return ((flags & AVAIL) != 0) == wrap && ((flags & USED) != 0) != wrap;
}

static void add_segment(struct soft *s, struct soft_chain *c, uint64_t at)
{
	c->segments[c->count++] =
		(struct soft_segment){get(s, at, 8), (uint32_t)get(s, at + 8, 4), (get(s, at + 14, 2) & WRITE) != 0};
}

static void read_table(struct soft *s, struct soft_chain *c, uint64_t link)
{
	uint64_t table = get(s, link, 8), entries = get(s, link + 8, 4) / DESC;

	for (uint64_t i = 0; i < entries; i++) {
		add_segment(s, c, table + DESC * i);
		if (s->wrong == SOFT_TABLE_NEXT && (get(s, table + DESC * i + 14, 2) & NEXT) == 0)
			break;
	}
}

/* Takes the chain at this position. */
static void take(struct soft *s, unsigned index, uint32_t pos)
{
	struct soft_queue *q = &s->queues[index];
	struct soft_chain *c = &s->taken[s->count++];
	uint64_t at, flags;

	c->queue = index;
	c->slots = c->count = 0;
	do {
		at = slot(q, pos + c->slots++);
		flags = get(s, at + 14, 2);
		if (c->slots == 1 || s->wrong != SOFT_ID_OF_HEAD)
			c->id = (uint16_t)get(s, at + 12, 2);
		if (flags & INDIRECT)
			read_table(s, c, at);
		else
			add_segment(s, c, at);
	} while ((flags & NEXT) && c->slots < q->num);
	q->at = (pos + c->slots) % (2 * q->num);
}

static bool wants_interrupt(const struct soft *s, const struct soft_queue *q, uint32_t from, uint32_t slots)
{
	uint64_t flags = get(s, q->driver + 2, 2), event = get(s, q->driver, 2);
	uint32_t laps = 2 * q->num, pos = (uint32_t)(event & 0x7fff) + (event & 0x8000 ? 0 : q->num);

	if (s->wrong == SOFT_NO_IRQ)
		return false;
	if (s->wrong == SOFT_IRQ || flags != AT_DESC || !(s->features & event_idx))
		return s->wrong == SOFT_IRQ || flags != DISABLE;
	return (pos + laps - from) % laps < slots;
}

/* The used descriptor: id, len and flags at once; addr is left alone. */
static void write_used(struct soft *s, struct soft_queue *q, const struct soft_chain *c, uint32_t len)
{
	uint32_t pos = q->used + (s->wrong == SOFT_PLACE);
	bool wrap = (pos % (2 * q->num) < q->num) != (s->wrong == SOFT_WRAP);
	uint64_t flags = wrap ? AVAIL | USED : 0;

	if (s->wrong != SOFT_NO_WRITE)
		flags |= WRITE;
	if (s->wrong == SOFT_RESERVED)
		flags |= NEXT;
	if (s->wrong == SOFT_ADDR)
		put(s, slot(q, pos), 0, 8);
	if (s->wrong == SOFT_WRITES_EVENT)
		put(s, q->driver, get(s, q->driver, 4) ^ 1u << 14, 4);
	put(s, slot(q, pos) + 8,
	    (uint64_t)(len + (s->wrong == SOFT_LEN)) | (uint64_t)(uint16_t)(c->id ^ (s->wrong == SOFT_ID)) << 32 |
		    flags << 48,
	    8);
}

/* Executes and uses one of the chains that were taken. */
static void finish(struct soft *s)
{
	bool any = !(s->features & in_order) || s->wrong == SOFT_ORDER;
	unsigned i = any ? sim_rng_below(&s->rng, s->count) : 0;
	struct soft_chain *c = &s->taken[i];
	struct soft_queue *q = &s->queues[c->queue];
	unsigned skip = s->wrong == SOFT_SKIP ? 1 : c->slots;
	uint32_t len = soft_blk(s, c);

	write_used(s, q, c, len);
	if (wants_interrupt(s, q, q->used, c->slots))
		s->raise = IRQ_CLOCKS;
	q->used = (q->used + skip) % (2 * q->num);
	if (s->wrong == SOFT_TWICE && sim_rng_chance(&s->rng, 100))
		return;
	memmove(c, c + 1, (--s->count - i) * sizeof(*c));
}

static void set_event(struct soft *s, struct soft_queue *q, unsigned flags)
{
	put(s, q->device, flags << 16 | q->at % q->num | (q->at < q->num ? 0x8000u : 0), 4);
}

/* Notifications are on again, and the ring is looked at once more; only then the queue sleeps. */
static void rearm(struct soft *s, struct soft_queue *q)
{
	unsigned flags = (s->features & event_idx) && sim_rng_chance(&s->rng, 700) ? AT_DESC : ENABLE;

	if (s->wrong != SOFT_NO_REARM)
		set_event(s, q, s->wrong == SOFT_EVENT_FLAGS ? flags | 4 : flags);
	q->busy = s->wrong != SOFT_NO_RECHECK && available(s, q, q->at);
}

static void work_queue(struct soft *s, unsigned index)
{
	struct soft_queue *q = &s->queues[index];

	if (!q->ready || !q->busy)
		return;
	if (q->rearm != 0 && --q->rearm == 0) {
		rearm(s, q);
	} else if (q->rearm != 0 || s->count == SOFT_TAKEN) {
		return;
	} else if (available(s, q, q->at)) {
		if (sim_rng_chance(&s->rng, 300))
			set_event(s, q, DISABLE);
		take(s, index, q->at);
	} else if (s->wrong == SOFT_AHEAD && available(s, q, q->at + 1) && q->num > 1) {
		take(s, index, q->at + 1);
	} else {
		q->rearm = 1 + sim_rng_below(&s->rng, 30);
	}
}

static void forget(struct soft *s, unsigned index)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->count; i++)
		if (s->taken[i].queue != index)
			memmove(&s->taken[kept++], &s->taken[i], sizeof(s->taken[0]));
	s->count = kept;
	if (s->wrong == SOFT_KEEPS_PLACE)
		s->queues[index].ready = s->queues[index].busy = false;
	else
		memset(&s->queues[index], 0, sizeof(s->queues[index]));
}

static void write_queue(struct soft *s, const struct vio_in *in, uint16_t addr, uint32_t value)
{
	struct soft_queue *q = &s->queues[s->regs[0x030 / 4] % SOFT_QUEUES];
	uint64_t *area = addr < 0x090 ? &q->desc : addr < 0x0a0 ? &q->driver : &q->device;

	if (s->regs[0x030 / 4] >= in->strap_queues)
		return;
	if (addr == 0x0c0 ? value && q->ready : addr == 0x044 && !value) {
		forget(s, s->regs[0x030 / 4]);
	} else if (addr == 0x044) {
		q->ready = q->busy = true;
	} else if (q->ready) {
		return;
	} else if (addr == 0x038) {
		q->num = value;
	} else if (addr >= 0x080 && addr < 0x0a8) {
		*area = addr & 4 ? (*area & 0xffffffff) | (uint64_t)value << 32 : (*area & ~0xffffffffull) | value;
	}
}

static void write_reg(struct soft *s, const struct vio_in *in, uint16_t addr, uint32_t value)
{
	uint64_t *f = &s->features;

	if (addr == 0x020)
		*f = s->regs[0x024 / 4] ? (*f & 0xffffffff) | (uint64_t)value << 32 : (*f & ~0xffffffffull) | value;
	else if (addr == 0x050 && (value & 0xffff) < in->strap_queues && s->queues[value % SOFT_QUEUES].ready)
		s->queues[value % SOFT_QUEUES].busy = true;
	else if (addr == 0x064)
		s->isr &= ~value;
	else if (addr == 0x0c0 && !(s->features >> 40 & 1))
		return;
	else if ((addr >= 0x038 && addr < 0x050) || (addr >= 0x080 && addr <= 0x0c0))
		write_queue(s, in, addr, value);
	else if (addr < 0x100)
		s->regs[addr / 4] = value;
	if (addr != 0x070)
		return;
	s->status = value;
	for (unsigned i = 0; i < SOFT_QUEUES && value == 0; i++)
		forget(s, i);
	if (value == 0)
		s->isr = s->raise = 0;
}

static uint32_t read_reg(const struct soft *s, const struct vio_in *in, uint16_t addr)
{
	const uint32_t queue = s->regs[0x030 / 4];

	switch (addr) {
	case 0x004:
		return 2;
	case 0x010:
		return (uint32_t)((in->strap_features & soft_features()) >> 32 * (s->regs[0x014 / 4] & 1));
	case 0x034:
		return queue < in->strap_queues ? VIO_QUEUE_NUM_MAX : 0;
	case 0x044:
		return queue < in->strap_queues && s->queues[queue % SOFT_QUEUES].ready;
	case 0x060:
		return s->isr;
	case 0x070:
		return s->status;
	case 0x100:
	case 0x104:
		return (uint32_t)(in->strap_capacity >> 8 * (addr & 4));
	default:
		return 0;
	}
}

/* One access at a time, each way. */
static void registers(struct soft *s, const struct vio_in *in, struct vio_out *out)
{
	if (out->s_axil_awready && in->s_axil_awvalid) {
		s->addr = in->s_axil_awaddr;
		s->aw = true;
	}
	if (out->s_axil_wready && in->s_axil_wvalid) {
		s->data = in->s_axil_wdata;
		s->w = true;
	}
	out->s_axil_bvalid = out->s_axil_bvalid && !in->s_axil_bready;
	if (s->aw && s->w) {
		write_reg(s, in, s->addr, s->data);
		s->aw = s->w = false;
		out->s_axil_bvalid = 1;
	}
	out->s_axil_awready = !s->aw && !out->s_axil_bvalid;
	out->s_axil_wready = !s->w && !out->s_axil_bvalid;
	out->s_axil_rvalid = out->s_axil_rvalid && !in->s_axil_rready;
	if (out->s_axil_arready && in->s_axil_arvalid) {
		out->s_axil_rdata = read_reg(s, in, in->s_axil_araddr);
		out->s_axil_rvalid = 1;
	}
	out->s_axil_arready = !out->s_axil_rvalid;
}

static void tick(struct dut *dut, const struct vio_in *in)
{
	struct soft *s = (struct soft *)dut;

	s->capacity = in->strap_capacity;
	registers(s, in, &dut->out);
	for (unsigned i = 0; i < SOFT_QUEUES && (s->status & 4); i++)
		if (sim_rng_chance(&s->rng, WORKS_PER_1024))
			work_queue(s, i);
	if (s->count != 0 && sim_rng_chance(&s->rng, WORKS_PER_1024))
		finish(s);
	if (s->raise != 0 && --s->raise == 0)
		s->isr |= 1;
	dut->out.irq = s->isr != 0;
}

static bool idle(const struct dut *dut)
{
	const struct soft *s = (const struct soft *)dut;
	bool busy = s->count != 0 || s->raise != 0 || s->aw || s->w;

	for (unsigned i = 0; i < SOFT_QUEUES; i++)
		busy |= s->queues[i].ready && s->queues[i].busy && (s->status & 4);
	return !busy;
}

static uint64_t states(const struct dut *dut)
{
	(void)dut;
	return 0;
}

static void reset(struct dut *dut)
{
	struct soft *s = (struct soft *)dut;

	memset(&s->dut.out, 0, sizeof(s->dut.out));
	memset(s->regs, 0, sizeof(s->regs));
	s->aw = s->w = false;
	s->isr = s->status = s->raise = 0;
	for (unsigned i = 0; i < SOFT_QUEUES; i++)
		forget(s, i);
}

void soft_open(struct soft *s, uint64_t seed, enum soft_wrong wrong)
{
	static const struct dut_ops ops = {
		.name = "soft", .tick = tick, .idle = idle, .states = states, .reset = reset};

	memset(s, 0, sizeof(*s));
	s->dut.ops = &ops;
	s->wrong = wrong;
	sim_rng_init(&s->rng, seed);
}
