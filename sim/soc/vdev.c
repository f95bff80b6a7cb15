/* SPDX-License-Identifier: Apache-2.0
 * vdev.c: see vdev.h.
 */
#include "soc/vdev.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "bus/axil.h"
#include "lockstep.h"
#include "sim.h"
#include "stream.h"

enum { DMA_WRITES = 64 }; /* a power of two, above what the device has in flight */

struct dma_write {
	uint64_t addr, len;
};

struct vdev {
	struct vio_in in; /* as the last clock saw it */
	bool in_valid;    /* there was one since reset */
	bool shown;       /* the first of the clocks that are left out went to the log and the wave */
	uint64_t cycle, skipped;
	struct meter meter;
	struct dma_write writes[DMA_WRITES]; /* accepted, not answered, in order */
	unsigned write_head, write_tail;

	/* Wiring: what is above, and what the parts have, is the state. */
	struct vdev_config config;
	struct dut *dut;
	struct axi_mem *memory;
	struct disk *disk;
	struct axil *axil;
	struct events *events;
	events_tap_fn *tap; /* or NULL */
	void *tap_ctx;
	struct activity activity;
	const char *failure;
};

static void tap(void *ctx, uint64_t cycle, enum events_kind kind, const char *text)
{
	struct vdev *v = ctx;

	if (v->config.wave)
		wave_tap(v->config.wave, cycle, kind, text);
	if (v->tap)
		v->tap(v->tap_ctx, cycle, kind, text);
}

struct vdev *vdev_new(const struct vdev_config *config)
{
	struct vdev *v = sim_alloc(sizeof *v);

	v->config = *config;
	v->dut = config->dut;
	v->memory = axi_mem_new(&config->memory);
	v->disk = disk_new(&config->disk);
	v->axil = axil_new(config->axil_stall_per_1024, config->seed);
	if (config->trace || config->log || config->wave)
		v->events = events_new(config->log);
	if (config->wave)
		events_set_tap(v->events, tap, v);
	return v;
}

void vdev_free(struct vdev *v)
{
	if (!v)
		return;
	v->dut->ops->close(v->dut);
	axi_mem_free(v->memory);
	disk_free(v->disk);
	axil_free(v->axil);
	if (v->events)
		events_free(v->events);
	free(v);
}

void vdev_reset(struct vdev *v)
{
	v->dut->ops->reset(v->dut);
	axi_mem_reset(v->memory);
	disk_reset(v->disk);
	axil_reset(v->axil);
	activity_reset(&v->activity);
	if (v->events)
		events_reset(v->events);
	if (v->config.record)
		record_reset(v->config.record);
	v->in_valid = v->shown = false;
	v->write_head = v->write_tail = 0;
}

void vdev_state(struct vdev *v, struct stream *s)
{
	assert(!v->failure);
	stream_section(s, "device");
	stream_before(s, v, config);
	if (s->saving)
		v->dut->ops->save(v->dut, s);
	else
		v->dut->ops->restore(v->dut, s);
	axi_mem_state(v->memory, s);
	disk_state(v->disk, s);
	axil_state(v->axil, s);
	if (v->events)
		events_state(v->events, s);
}

static void drive(const struct vdev *v, struct vio_in *in)
{
	memset(in, 0, sizeof *in);
	in->strap_features = v->config.features;
	in->strap_legacy = v->config.straps.legacy;
	in->strap_capacity = disk_sectors(v->disk);
	in->strap_queues = v->config.straps.queues;
	in->strap_queue_num = v->config.straps.queue_num;
	in->strap_need_v1 = v->config.straps.need_v1;
	axi_mem_drive(v->memory, in);
	disk_drive(v->disk, in);
	axil_drive(v->axil, in);
}

static void show_wave(struct vdev *v, const struct vio_in *in)
{
	struct dut *a = lockstep_model(v->dut), *b = lockstep_rtl(v->dut);

	if (!a)
		a = v->dut;
	if (v->config.before_wave)
		v->config.before_wave(v->config.ctx, v->config.wave);
	wave_step(v->config.wave, v->cycle, in, &a->out, b ? &b->out : NULL, a->ops->states(a),
		  b ? b->ops->states(b) : 0);
}

static void show(struct vdev *v, const struct vio_in *in)
{
	events_step(v->events, v->cycle, in, &v->dut->out);
	if (v->config.wave)
		show_wave(v, in);
}

/* Writes land with their response at the latest. All have one ID, so the responses come in order. */
static void watch_dma(struct vdev *v, const struct vio_in *in)
{
	const struct vio_out *out = &v->dut->out;
	struct dma_write *w;

	if ((in->m_axi_bvalid & out->m_axi_bready) && v->write_head != v->write_tail) {
		w = &v->writes[v->write_head++ % DMA_WRITES];
		if (v->config.dma_written)
			v->config.dma_written(v->config.ctx, w->addr, w->len);
	}
	if (out->m_axi_awvalid & in->m_axi_awready) {
		if (v->write_tail - v->write_head == DMA_WRITES)
			v->write_head++;
		w = &v->writes[v->write_tail++ % DMA_WRITES];
		w->addr = out->m_axi_awaddr & ~(uint64_t)(sizeof out->m_axi_wdata - 1);
		w->len = (out->m_axi_awlen + 1ull) * sizeof out->m_axi_wdata;
	}
}

static void check(struct vdev *v)
{
	if (lockstep_mismatch(v->dut))
		v->failure = "lockstep";
	else if (axi_mem_error(v->memory))
		v->failure = axi_mem_error(v->memory);
	else if (disk_error(v->disk))
		v->failure = disk_error(v->disk);
	else
		v->failure = axil_error(v->axil);
}

static void run_clock(struct vdev *v)
{
	struct vio_in *in = &v->in;
	const struct vio_out *out = &v->dut->out;

	drive(v, in);
	v->in_valid = true;
	v->shown = false;
	if (v->events)
		show(v, in);
	if (v->config.record)
		record_step(v->config.record, in);
	meter_step(&v->meter, in, out);
	if (v->config.activity)
		activity_step(&v->activity, dut_idle(v->dut), in, out);
	if (in->m_axi_bvalid | out->m_axi_awvalid)
		watch_dma(v, in);
	axi_mem_step(v->memory, in, out);
	disk_step(v->disk, in, out);
	axil_step(v->axil, in, out);
	dut_tick(v->dut, in);
	v->cycle++;
	check(v);
}

static bool environment_idle(const struct vdev *v)
{
	return axi_mem_idle(v->memory) && disk_idle(v->disk) && axil_idle(v->axil);
}

bool vdev_around_idle(const struct vdev *v)
{
	return axi_mem_idle(v->memory) && axil_idle(v->axil) && (disk_idle(v->disk) || v->in.be_stopped);
}

bool vdev_quiet(const struct vdev *v)
{
	struct vio_in in;

	if (!dut_idle(v->dut) || !v->in_valid || !environment_idle(v))
		return false;
	drive(v, &in);
	return memcmp(&in, &v->in, sizeof in) == 0;
}

static void skip(struct vdev *v, uint64_t clocks)
{
	if (v->events && !v->shown)
		show(v, &v->in);
	v->shown = true;
	if (v->config.record)
		record_skip(v->config.record, &v->in, clocks);
	v->cycle += clocks;
	v->skipped += clocks;
	v->activity.idle += clocks;
}

void vdev_advance(struct vdev *v, uint64_t cycle)
{
	assert(cycle >= v->cycle || v->failure);
	while (v->cycle < cycle && !v->failure) {
		if (v->config.idle_skip && vdev_quiet(v))
			skip(v, cycle - v->cycle);
		else
			run_clock(v);
	}
}

void vdev_start(struct vdev *v, uint16_t offset, uint32_t data, uint8_t strb)
{
	if (strb)
		axil_write(v->axil, offset, data, strb);
	else
		axil_read(v->axil, offset);
}

bool vdev_answered(struct vdev *v, uint32_t *data, bool *ok)
{
	unsigned resp = 0;
	bool done = axil_done(v->axil, data, &resp);

	*ok = resp == 0;
	return done;
}

void vdev_clock(struct vdev *v)
{
	run_clock(v);
}

uint64_t vdev_cycle(const struct vdev *v)
{
	return v->cycle;
}
uint64_t vdev_skipped(const struct vdev *v)
{
	return v->skipped;
}
bool vdev_irq(const struct vdev *v)
{
	return v->dut->out.irq;
}
const char *vdev_failure(const struct vdev *v)
{
	return v->failure;
}
struct dut *vdev_dut(struct vdev *v)
{
	return v->dut;
}
struct axi_mem *vdev_memory(struct vdev *v)
{
	return v->memory;
}
struct disk *vdev_disk(struct vdev *v)
{
	return v->disk;
}
const struct events *vdev_events(const struct vdev *v)
{
	return v->events;
}
void vdev_set_tap(struct vdev *v, events_tap_fn *to, void *ctx)
{
	v->tap = to;
	v->tap_ctx = ctx;
	if (v->events)
		events_set_tap(v->events, tap, v);
}
const struct meter *vdev_meter(const struct vdev *v)
{
	return &v->meter;
}
const struct activity *vdev_activity(const struct vdev *v)
{
	return &v->activity;
}
