/* SPDX-License-Identifier: Apache-2.0
 * slots.c: see slots.h.
 */
#include "soc/slots.h"

#include "soc/htif.h"

static void dma_written(void *ctx, uint64_t addr, uint64_t len)
{
	struct soc *soc = ctx;

	cpu_memory_written(soc->cpu, addr, len);
}

static void before_wave(void *ctx, struct wave *wave)
{
	struct soc *soc = ctx;
	uint64_t offset;
	const char *function = soc->config.symbols ? symbols_find(soc->config.symbols, soc->shown_pc, &offset) : NULL;

	wave_pc(wave, soc->shown_pc);
	if (function && function != soc->shown_function)
		wave_text(wave, WAVE_FUNCTION, function);
	soc->shown_function = function;
}

static void watch(void *ctx, uint64_t addr, uint64_t len)
{
	struct soc *soc = ctx;

	cpu_watch(soc->cpu, addr, len);
}

/* A page may be watched for several monitors, and nobody counts: it stays watched. That costs host time only. */
static void unwatch(void *ctx)
{
	struct soc *soc = ctx;

	if (soc->device_count > 1)
		return;
	cpu_unwatch(soc->cpu);
	htif_watch(soc);
}

void slots_stored(struct soc *soc, uint64_t addr, unsigned len)
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->check[slot])
			check_stored(soc->check[slot], (struct check_place){soc->cpu->cycle, soc->cpu->pc}, addr, len);
}

static void new_check(struct soc *soc, unsigned slot)
{
	const struct soc_config *s = &soc->config;
	const struct vdev_config *device = s->devices[slot];
	struct check_config config = {.dram = s->dram,
				      .dram_base = MAP_DRAM,
				      .dram_size = s->dram_size,
				      .slot = slot,
				      .say_slot = soc->device_count > 1,
				      .features = device->features,
				      .capacity = disk_sectors(vdev_disk(soc->vdev[slot])),
				      .queue_num_max = device->straps.queue_num,
				      .symbols = s->symbols,
				      .to = s->check_to,
				      .watch = watch,
				      .unwatch = unwatch,
				      .ctx = soc};

	soc->check[slot] = check_new(&config);
}

static void new_device(struct soc *soc, unsigned slot)
{
	struct vdev_config device = *soc->config.devices[slot];

	device.dma_written = dma_written;
	device.before_wave = before_wave;
	device.ctx = soc;
	soc->legacy |= device.straps.legacy;
	soc->vdev[slot] = soc->devices[soc->device_count++] = vdev_new(&device);
}

void slots_new(struct soc *soc)
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->config.devices[slot])
			new_device(soc, slot);
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->vdev[slot] && soc->config.check)
			new_check(soc, slot);
}

void slots_free(struct soc *soc)
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		vdev_free(soc->vdev[slot]);
		check_free(soc->check[slot]);
	}
}

void slots_reset(struct soc *soc)
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		if (soc->vdev[slot])
			vdev_reset(soc->vdev[slot]);
		if (soc->check[slot])
			check_reset(soc->check[slot]);
	}
}

bool slots_quiet(const struct soc *soc)
{
	for (unsigned i = 0; i < soc->device_count; i++)
		if (!vdev_quiet(soc->devices[i]))
			return false;
	return true;
}

void slots_irqs(struct soc *soc)
{
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->vdev[slot])
			plic_set_level(&soc->plic, MAP_VIRTIO_IRQ + slot, vdev_irq(soc->vdev[slot]));
}

static void end_of(struct soc *soc, const struct vdev *failed)
{
	soc->end = SOC_DEVICE;
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->vdev[slot] == failed)
			soc->failed = slot;
}

/* All devices to this clock; the one that is accessed runs a clock in any case. */
static void advance(struct soc *soc, uint64_t cycle, const struct vdev *accessed)
{
	for (unsigned i = 0; i < soc->device_count && soc->end != SOC_DEVICE; i++) {
		struct vdev *v = soc->devices[i];
		bool irq = vdev_irq(v);

		if (v == accessed)
			vdev_clock(v);
		else
			vdev_advance(v, cycle);
		if (vdev_irq(v) != irq)
			soc->irqs_due = true;
		if (vdev_failure(v))
			end_of(soc, v);
	}
}

void slots_advance(struct soc *soc)
{
	uint64_t cycle = soc->cpu->cycle;

	if (soc->device_count > 1 && !(soc->config.idle_skip && slots_quiet(soc)))
		for (uint64_t c = vdev_cycle(soc->devices[0]) + 1; c < cycle && soc->end != SOC_DEVICE; c++)
			advance(soc, c, NULL);
	advance(soc, cycle, NULL);
}

bool slots_access(struct soc *soc, unsigned slot, uint16_t offset, uint32_t *data, uint8_t strb, uint64_t limit,
		  bool *ok)
{
	struct vdev *v = soc->vdev[slot];

	slots_advance(soc);
	if (soc->end == SOC_DEVICE)
		return false;
	vdev_start(v, offset, *data, strb);
	for (uint64_t i = 0; i < limit && soc->end != SOC_DEVICE; i++) {
		advance(soc, ++soc->cpu->cycle, v);
		if (vdev_answered(v, strb ? NULL : data, ok))
			return true;
	}
	return false;
}

struct check *slots_check(const struct soc *soc, unsigned slot)
{
	for (unsigned first = 0; first < MAP_VIRTIO_SLOTS && !soc->check[slot]; first++)
		if (soc->check[first])
			return soc->check[first];
	return soc->check[slot];
}
