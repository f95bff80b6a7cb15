/* SPDX-License-Identifier: Apache-2.0
 * rig.c: see rig.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "rig.h"
#include "sim.h"

#define REG(name, offset, access, reset, what) REG_##name = (offset),
enum {
#include "def/regs.def"
};
#undef REG

enum {
	BASE = 0x80000000,
	DESC = 0x1000, /* offsets into memory */
	AVAIL = 0x3000,
	USED = 0x4000,
	HEADERS = 0x6000,
	STATUSES = 0x7000,
	PAYLOADS = 0x10000,
	OUTSTANDING = 64,
	PATIENCE = 100000, /* clocks without a finished request before the bench gives up */
	F_NEXT = 1,
	F_WRITE = 2,
	T_IN = 0,
	T_OUT = 1
};

static void put16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, 2);
}
static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}
static void put64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

static uint16_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return v;
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return v;
}

static bool is_out(const struct rig *r, unsigned slot)
{
	return r->config.mix == RIG_WRITE || (r->config.mix == RIG_MIXED && slot % 2);
}

void rig_clock(struct rig *r)
{
	struct dut *dut = r->config.dut;
	struct vio_in *in = &r->in;

	axi_mem_drive(r->memory, in);
	disk_drive(r->disk, in);
	if (r->bus_busy) {
		axil_drive(r->bus, in);
		if (in->s_axil_awvalid & dut->out.s_axil_awready && in->s_axil_awaddr == REG_QueueNotify)
			r->notify_aw = true;
		if (in->s_axil_wvalid & dut->out.s_axil_wready)
			r->notify_w = true;
		if (r->notify_aw && r->notify_w) {
			r->notify_aw = r->notify_w = false;
			r->notified = r->cycle;
		}
	}
	if (r->events)
		events_step(r->events, r->cycle, in, &dut->out);
	axi_mem_step(r->memory, in, &dut->out);
	disk_step(r->disk, in, &dut->out);
	if (r->bus_busy)
		axil_step(r->bus, in, &dut->out);
	dut_tick(dut, in);
	r->cycle++;
}

static void check_rules(const struct rig *r)
{
	const char *error = axi_mem_error(r->memory);

	if (!error)
		error = disk_error(r->disk);
	if (!error)
		error = axil_error(r->bus);
	if (error)
		sim_die("bench, %s, by clock %" PRIu64 ": %s", r->config.dut->ops->name, r->cycle, error);
}

/* Clocks until the access is answered; one clock more shows the bus at rest. */
static uint32_t finish_access(struct rig *r)
{
	uint32_t data = 0;
	unsigned resp = 0;

	r->bus_busy = true;
	for (unsigned n = 0; !axil_done(r->bus, &data, &resp); n++) {
		if (n == PATIENCE)
			sim_die("bench, %s: a register access is never answered", r->config.dut->ops->name);
		rig_clock(r);
	}
	rig_clock(r);
	r->bus_busy = false;
	r->notify_aw = r->notify_w = false;
	if (resp)
		sim_die("bench, %s: a register access failed", r->config.dut->ops->name);
	return data;
}

void rig_write(struct rig *r, uint16_t addr, uint32_t data)
{
	axil_write(r->bus, addr, data, 0xf);
	finish_access(r);
}

uint32_t rig_read(struct rig *r, uint16_t addr)
{
	axil_read(r->bus, addr);
	return finish_access(r);
}

/* Virtio 1.2, 3.1.1, with the features that the device must have. */
static void bring_up(struct rig *r)
{
	rig_write(r, REG_Status, 0);
	rig_write(r, REG_Status, 1);
	rig_write(r, REG_Status, 3);
	rig_write(r, REG_DriverFeaturesSel, 1);
	rig_write(r, REG_DriverFeatures, 1);
	rig_write(r, REG_Status, 0xb);
	rig_write(r, REG_QueueSel, 0);
	rig_write(r, REG_QueueNum, r->queue_num);
	rig_write(r, REG_QueueDescLow, BASE + DESC);
	rig_write(r, REG_QueueDriverLow, BASE + AVAIL);
	rig_write(r, REG_QueueDeviceLow, BASE + USED);
	rig_write(r, REG_QueueReady, 1);
	rig_write(r, REG_Status, 0xf);
	if (rig_read(r, REG_Status) != 0xf)
		sim_die("bench, %s: the device refuses the driver", r->config.dut->ops->name);
}

static void write_desc(struct rig *r, unsigned index, uint64_t offset, uint32_t len, uint16_t flags)
{
	uint8_t *d = r->bytes + DESC + 16 * index;

	put64(d, BASE + offset);
	put32(d + 8, len);
	put16(d + 12, flags);
	put16(d + 14, flags & F_NEXT ? (uint16_t)(index + 1) : 0);
}

static void write_chains(struct rig *r)
{
	for (unsigned slot = 0; slot < r->config.depth; slot++) {
		uint16_t payload = is_out(r, slot) ? F_NEXT : F_NEXT | F_WRITE;

		write_desc(r, 3 * slot, HEADERS + 16 * slot, 16, F_NEXT);
		write_desc(r, 3 * slot + 1, PAYLOADS + RIG_PAYLOAD * slot, r->config.bytes, payload);
		write_desc(r, 3 * slot + 2, STATUSES + 8 * slot, 1, F_WRITE);
	}
}

struct rig *rig_new(const struct rig_config *config)
{
	struct rig *r = sim_alloc(sizeof *r);
	struct axi_mem_config memory = {.base = BASE, .size = RIG_MEMORY, .outstanding = OUTSTANDING};
	struct disk_config disk = {.fd = -1, .size = RIG_DISK};

	r->config = *config;
	r->bytes = sim_alloc(RIG_MEMORY);
	r->disk_bytes = sim_alloc(RIG_DISK);
	for (uint32_t n = 0; n < RIG_DISK / 4; n++)
		put32(r->disk_bytes + 4 * n, n * 0x9e3779b1u);
	memory.bytes = r->bytes;
	memory.read_latency = memory.write_latency = config->latency;
	disk.bytes = r->disk_bytes;
	r->memory = axi_mem_new(&memory);
	r->disk = disk_new(&disk);
	r->bus = axil_new(0, 1);
	r->events = config->log ? events_new(config->log) : NULL;
	r->in.strap_features = ~UINT64_C(0) & ~(UINT64_C(1) << 5); /* all but BLK_RO */
	r->in.strap_capacity = RIG_DISK / 512;
	r->in.strap_queues = 1;
	r->in.strap_queue_num = 1024;
	for (r->queue_num = 4; r->queue_num < 3 * config->depth; r->queue_num = (uint16_t)(r->queue_num * 2))
		;
	axil_drive(r->bus, &r->in);
	bring_up(r);
	write_chains(r);
	return r;
}

void rig_free(struct rig *r)
{
	check_rules(r);
	if (r->events)
		events_free(r->events);
	axil_free(r->bus);
	disk_free(r->disk);
	axi_mem_free(r->memory);
	r->config.dut->ops->close(r->config.dut);
	free(r->disk_bytes);
	free(r->bytes);
	free(r);
}

/* Makes the slot's next request available. */
static void post(struct rig *r, unsigned slot)
{
	uint64_t sectors = r->config.bytes / 512;
	uint8_t *header = r->bytes + HEADERS + 16 * slot;
	uint16_t idx = (uint16_t)r->posted;

	r->sector[slot] = r->posted * sectors % (RIG_DISK / 512);
	put32(header, is_out(r, slot) ? T_OUT : T_IN);
	put64(header + 8, r->sector[slot]);
	r->bytes[STATUSES + 8 * slot] = 0xff;
	if (is_out(r, slot)) /* marks the buffer, so that a stale write shows */
		put64(r->bytes + PAYLOADS + RIG_PAYLOAD * slot, r->posted);
	put16(r->bytes + AVAIL + 4 + 2 * (idx % r->queue_num), (uint16_t)(3 * slot));
	put16(r->bytes + AVAIL + 2, (uint16_t)(idx + 1));
	r->posted++;
}

void rig_fill(struct rig *r)
{
	for (unsigned slot = 0; slot < r->config.depth; slot++)
		post(r, slot);
	r->want_notify = true;
}

/* A finished request is right: status, length, and payload against the disk. */
static void check_finished(const struct rig *r, unsigned slot, uint32_t len)
{
	const uint8_t *payload = r->bytes + PAYLOADS + RIG_PAYLOAD * slot;
	uint32_t expected = is_out(r, slot) ? 1 : r->config.bytes + 1;

	if (r->bytes[STATUSES + 8 * slot] != 0 || len != expected)
		sim_die("bench, %s, clock %" PRIu64 ": status %u, used length %" PRIu32, r->config.dut->ops->name,
			r->cycle, r->bytes[STATUSES + 8 * slot], len);
	if (memcmp(payload, r->disk_bytes + 512 * r->sector[slot], r->config.bytes))
		sim_die("bench, %s, clock %" PRIu64 ": wrong payload at sector %" PRIu64, r->config.dut->ops->name,
			r->cycle, r->sector[slot]);
}

/* Takes what the used ring holds, and posts it again. */
static void take_used(struct rig *r, uint16_t used_idx, bool refill)
{
	for (; r->used_seen != used_idx; r->used_seen++) {
		const uint8_t *element = r->bytes + USED + 4 + 8 * (r->used_seen % r->queue_num);
		unsigned slot = get32(element) / 3;

		if (get32(element) % 3 || slot >= r->config.depth)
			sim_die("bench, %s: used element names no chain", r->config.dut->ops->name);
		check_finished(r, slot, get32(element + 4));
		r->finished++;
		if (refill) {
			post(r, slot);
			r->want_notify = true;
		}
	}
}

/* One clock of device and driver. */
static inline void step(struct rig *r, bool refill)
{
	uint16_t used_idx = get16(r->bytes + USED + 2);

	if (used_idx != r->used_seen)
		take_used(r, used_idx, refill);
	if (r->bus_busy && axil_done(r->bus, NULL, NULL)) {
		axil_drive(r->bus, &r->in);
		r->bus_busy = false;
	}
	if (r->want_notify && !r->bus_busy) {
		axil_write(r->bus, REG_QueueNotify, 0, 0xf);
		r->want_notify = false;
		r->bus_busy = true;
	}
	rig_clock(r);
}

void rig_run(struct rig *r, uint64_t finished, bool refill)
{
	uint64_t last = r->finished, since = r->cycle;

	while (r->finished < finished) {
		step(r, refill);
		if (r->finished != last) {
			last = r->finished;
			since = r->cycle;
		}
		if (r->cycle - since > PATIENCE) {
			check_rules(r);
			sim_die("bench, %s, clock %" PRIu64 ": requests no longer finish; error code %" PRIu32,
				r->config.dut->ops->name, r->cycle, r->bus_busy ? 0 : rig_read(r, REG_ErrorCode));
		}
	}
	check_rules(r);
}

void rig_run_clocks(struct rig *r, uint64_t clocks)
{
	for (uint64_t end = r->cycle + clocks; r->cycle < end;)
		step(r, true);
	check_rules(r);
}
