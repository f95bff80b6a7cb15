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
	RINGS = 0, /* offsets into memory */
	HEADERS = 0x40000,
	STATUSES = 0x41000,
	TABLES = 0x48000,
	PAYLOADS = 0x100000,
	SMALL = 0x2000, /* room for a payload of 4096 bytes */
	LARGE = 0x20000,
	OUTSTANDING = 64,
	PATIENCE = 100000, /* clocks without a finished request before the bench gives up */
	T_IN = 0,
	T_OUT = 1,
	T_GET_ID = 8,
	F_INDIRECT = 1u << 28, /* word 0 of the features */
	F_VERSION_1 = 1u << 0, /* word 1 */
	F_PACKED = 1u << 2
};

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
}

static void put64(uint8_t *p, uint64_t v)
{
	memcpy(p, &v, 8);
}

static bool is_out(const struct rig *r, unsigned slot)
{
	return r->config.mix == RIG_WRITE || (r->config.mix == RIG_MIXED && slot % 2);
}

static unsigned queue_of(const struct rig *r, unsigned slot)
{
	return slot % r->config.queues;
}

static uint32_t segment_bytes(const struct rig *r)
{
	return r->config.bytes / r->config.segments;
}

/* Offset of a segment of a slot's payload: a page free behind each. */
static uint32_t segment_at(const struct rig *r, unsigned slot, unsigned segment)
{
	const uint32_t stride = r->config.bytes > 4096 ? LARGE : SMALL;

	return PAYLOADS + slot * stride + r->config.offset + segment * (segment_bytes(r) + 4096);
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

/* Queues and their rings. */
static void bring_up_queue(struct rig *r, unsigned queue)
{
	const struct ring_config config = {.packed = r->config.packed,
					   .indirect = r->config.indirect,
					   .chain = r->config.segments + 2,
					   .memory = r->bytes,
					   .base = BASE,
					   .offset = RINGS + RING_BYTES * queue,
					   .tables = TABLES};
	struct ring *ring = &r->ring[queue];

	ring_init(ring, &config);
	rig_write(r, REG_QueueSel, queue);
	rig_write(r, REG_QueueNum, ring->num);
	rig_write(r, REG_QueueDescLow, (uint32_t)ring_desc(ring));
	rig_write(r, REG_QueueDriverLow, (uint32_t)ring_driver(ring));
	rig_write(r, REG_QueueDeviceLow, (uint32_t)ring_device(ring));
	rig_write(r, REG_QueueReady, 1);
}

/* Virtio 1.2, 3.1.1, with the features that the rings need. */
static void bring_up(struct rig *r)
{
	rig_write(r, REG_Status, 0);
	rig_write(r, REG_Status, 1);
	rig_write(r, REG_Status, 3);
	rig_write(r, REG_DriverFeaturesSel, 0);
	rig_write(r, REG_DriverFeatures, r->config.indirect ? F_INDIRECT : 0);
	rig_write(r, REG_DriverFeaturesSel, 1);
	rig_write(r, REG_DriverFeatures, F_VERSION_1 | (r->config.packed ? F_PACKED : 0u));
	rig_write(r, REG_Status, 0xb);
	for (unsigned queue = 0; queue < r->config.queues; queue++)
		bring_up_queue(r, queue);
	rig_write(r, REG_Status, 0xf);
	if (rig_read(r, REG_Status) != 0xf)
		sim_die("bench, %s: the device refuses the driver", r->config.dut->ops->name);
}

static void take_config(struct rig *r, const struct rig_config *config)
{
	r->config = *config;
	if (r->config.queues == 0)
		r->config.queues = 1;
	if (r->config.segments == 0)
		r->config.segments = 1;
	if (r->config.outstanding == 0)
		r->config.outstanding = OUTSTANDING;
}

struct rig *rig_new(const struct rig_config *config)
{
	struct rig *r = sim_alloc(sizeof *r);
	struct axi_mem_config memory = {.base = BASE, .size = RIG_MEMORY};
	struct disk_config disk = {.fd = -1, .size = RIG_DISK};

	take_config(r, config);
	r->bytes = sim_alloc(RIG_MEMORY);
	r->disk_bytes = sim_alloc(RIG_DISK);
	for (uint32_t n = 0; n < RIG_DISK / 4; n++)
		put32(r->disk_bytes + 4 * n, n * 0x9e3779b1u);
	memory.bytes = r->bytes;
	memory.read_latency = memory.write_latency = config->latency;
	memory.outstanding = r->config.outstanding;
	disk.bytes = r->disk_bytes;
	r->memory = axi_mem_new(&memory);
	r->disk = disk_new(&disk);
	r->bus = axil_new(0, 1);
	r->events = config->log ? events_new(config->log) : NULL;
	r->in.strap_features = ~UINT64_C(0) & ~(UINT64_C(1) << 5); /* all but BLK_RO */
	r->in.strap_capacity = RIG_DISK / 512;
	r->in.strap_queues = (uint8_t)r->config.queues;
	r->in.strap_queue_num = RING_NUM;
	axil_drive(r->bus, &r->in);
	bring_up(r);
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

static uint32_t type_of(const struct rig *r, unsigned slot)
{
	return r->config.mix == RIG_GET_ID ? T_GET_ID : is_out(r, slot) ? T_OUT : T_IN;
}

/* Makes the slot's next request available. */
static void post(struct rig *r, unsigned slot)
{
	const uint64_t sectors = r->config.bytes / 512;
	const unsigned segments = r->config.segments;
	uint8_t *header = r->bytes + HEADERS + 16 * slot;
	struct ring_buffer buffers[RIG_SEGMENTS + 2];

	r->sector[slot] = r->posted * sectors % (RIG_DISK / 512);
	put32(header, type_of(r, slot));
	put64(header + 8, r->sector[slot]);
	r->bytes[STATUSES + 8 * slot] = 0xff;
	if (is_out(r, slot)) /* marks the buffer, so that a stale write shows */
		put64(r->bytes + segment_at(r, slot, 0), r->posted);
	buffers[0] = (struct ring_buffer){.addr = BASE + HEADERS + 16 * slot, .len = 16};
	for (unsigned n = 0; n < segments; n++)
		buffers[1 + n] = (struct ring_buffer){
			.addr = BASE + segment_at(r, slot, n), .len = segment_bytes(r), .write = !is_out(r, slot)};
	buffers[1 + segments] = (struct ring_buffer){.addr = BASE + STATUSES + 8 * slot, .len = 1, .write = true};
	ring_post(&r->ring[queue_of(r, slot)], slot, buffers);
	r->posted++;
	r->want_notify |= 1u << queue_of(r, slot);
}

void rig_fill(struct rig *r)
{
	for (unsigned slot = 0; slot < r->config.depth; slot++)
		post(r, slot);
}

static bool payload_right(const struct rig *r, unsigned slot)
{
	const uint8_t *disk = r->disk_bytes + 512 * r->sector[slot];

	if (r->config.mix == RIG_GET_ID)
		return true;
	for (unsigned n = 0; n < r->config.segments; n++)
		if (memcmp(r->bytes + segment_at(r, slot, n), disk + n * segment_bytes(r), segment_bytes(r)))
			return false;
	return true;
}

/* A finished request is right: status, length, and payload against the disk. */
static void check_finished(const struct rig *r, unsigned slot, uint32_t len)
{
	const uint32_t expected = is_out(r, slot) ? 1 : r->config.bytes + 1;

	if (r->bytes[STATUSES + 8 * slot] != 0 || len != expected)
		sim_die("bench, %s, clock %" PRIu64 ": status %u, used length %" PRIu32, r->config.dut->ops->name,
			r->cycle, r->bytes[STATUSES + 8 * slot], len);
	if (!payload_right(r, slot))
		sim_die("bench, %s, clock %" PRIu64 ": wrong payload at sector %" PRIu64, r->config.dut->ops->name,
			r->cycle, r->sector[slot]);
}

/* Takes what the rings hold as used, and posts it again. */
static void take_used(struct rig *r, bool refill)
{
	unsigned slot;
	uint32_t len;

	for (unsigned queue = 0; queue < r->config.queues; queue++) {
		while (ring_take(&r->ring[queue], &slot, &len)) {
			if (slot >= r->config.depth)
				sim_die("bench, %s: used element names no chain", r->config.dut->ops->name);
			check_finished(r, slot, len);
			r->finished++;
			if (refill)
				post(r, slot);
		}
	}
}

static void notify(struct rig *r)
{
	const unsigned queue = (unsigned)__builtin_ctz(r->want_notify);

	axil_write(r->bus, REG_QueueNotify, queue, 0xf);
	r->want_notify &= ~(1u << queue);
	r->bus_busy = true;
}

/* One clock of device and driver. */
static inline void step(struct rig *r, bool refill)
{
	take_used(r, refill);
	if (r->bus_busy && axil_done(r->bus, NULL, NULL)) {
		axil_drive(r->bus, &r->in);
		r->bus_busy = false;
	}
	if (r->want_notify && !r->bus_busy)
		notify(r);
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
