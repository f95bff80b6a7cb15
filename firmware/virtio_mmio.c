/* SPDX-License-Identifier: Apache-2.0
 * virtio_mmio.c: device discovery and set-up.
 */
#include "virtio_mmio.h"

#include "riscv.h"

#define VERSION_LEGACY 1u
#define VERSION_MODERN 2u
#define RESET_READS 1000000u

uint32_t virtio_mmio_read(const struct virtio_mmio *m, uint32_t offset)
{
	return riscv_read32(m->base + offset);
}

void virtio_mmio_write(const struct virtio_mmio *m, uint32_t offset, uint32_t value)
{
	riscv_write32(m->base + offset, value);
}

bool virtio_mmio_probe(struct virtio_mmio *m, unsigned slot)
{
	uint32_t version;

	m->base = VIRTIO_MMIO_SLOT0 + (uintptr_t)slot * VIRTIO_MMIO_SLOT_BYTES;
	m->irq = 1 + slot;
	m->device_id = 0;
	m->offered = 0;
	m->accepted = 0;
	if (virtio_mmio_read(m, MMIO_MAGIC_VALUE) != MMIO_MAGIC)
		return false;
	version = virtio_mmio_read(m, MMIO_VERSION);
	if (version != VERSION_MODERN && version != VERSION_LEGACY)
		return false;
	m->legacy = version == VERSION_LEGACY;
	m->device_id = virtio_mmio_read(m, MMIO_DEVICE_ID);
	return m->device_id != 0;
}

bool virtio_mmio_find(struct virtio_mmio *m, uint32_t device_id)
{
	for (unsigned slot = 0; slot < VIRTIO_MMIO_SLOTS; slot++)
		if (virtio_mmio_probe(m, slot) && m->device_id == device_id)
			return true;
	return false;
}

uint32_t virtio_mmio_status(const struct virtio_mmio *m)
{
	return virtio_mmio_read(m, MMIO_STATUS);
}

/* The driver only ever adds bits; clearing one is not legal (2.1.1). */
void virtio_mmio_status_add(const struct virtio_mmio *m, uint32_t bits)
{
	virtio_mmio_write(m, MMIO_STATUS, virtio_mmio_status(m) | bits);
}

bool virtio_mmio_reset(const struct virtio_mmio *m)
{
	riscv_fence();
	virtio_mmio_write(m, MMIO_STATUS, 0);
	for (unsigned i = 0; i < RESET_READS; i++) {
		if (virtio_mmio_status(m) == 0) {
			riscv_fence();
			return true;
		}
	}
	return false;
}

uint64_t virtio_mmio_offered(const struct virtio_mmio *m)
{
	uint64_t low;
	uint64_t high;

	virtio_mmio_write(m, MMIO_DEVICE_FEATURES_SEL, 0);
	low = virtio_mmio_read(m, MMIO_DEVICE_FEATURES);
	virtio_mmio_write(m, MMIO_DEVICE_FEATURES_SEL, 1);
	high = virtio_mmio_read(m, MMIO_DEVICE_FEATURES);
	return high << 32 | low;
}

void virtio_mmio_accept(const struct virtio_mmio *m, uint64_t features)
{
	virtio_mmio_write(m, MMIO_DRIVER_FEATURES_SEL, 0);
	virtio_mmio_write(m, MMIO_DRIVER_FEATURES, (uint32_t)features);
	if (m->legacy)
		return;
	virtio_mmio_write(m, MMIO_DRIVER_FEATURES_SEL, 1);
	virtio_mmio_write(m, MMIO_DRIVER_FEATURES, (uint32_t)(features >> 32));
}

bool virtio_mmio_negotiate(struct virtio_mmio *m, uint64_t wanted)
{
	if (!virtio_mmio_reset(m))
		return false;
	virtio_mmio_status_add(m, STATUS_ACKNOWLEDGE);
	virtio_mmio_status_add(m, STATUS_DRIVER);
	m->offered = virtio_mmio_offered(m);
	m->accepted = m->offered & (wanted | FEATURE_VERSION_1);
	virtio_mmio_accept(m, m->accepted);
	if (m->legacy) {
		virtio_mmio_write(m, MMIO_GUEST_PAGE_SIZE, MMIO_PAGE_BYTES);
		return true;
	}
	virtio_mmio_status_add(m, STATUS_FEATURES_OK);
	if ((virtio_mmio_status(m) & STATUS_FEATURES_OK) != 0)
		return true;
	virtio_mmio_status_add(m, STATUS_FAILED);
	return false;
}

static void write_address(const struct virtio_mmio *m, uint32_t offset, const volatile void *area)
{
	virtio_mmio_write(m, offset, (uint32_t)(uintptr_t)area);
	virtio_mmio_write(m, offset + 4, (uint32_t)((uintptr_t)area >> 32));
}

static uint32_t live_register(const struct virtio_mmio *m)
{
	return m->legacy ? MMIO_QUEUE_PFN : MMIO_QUEUE_READY;
}

bool virtio_mmio_queue_setup(const struct virtio_mmio *m, unsigned queue, unsigned num, const struct virtq_areas *areas)
{
	virtio_mmio_write(m, MMIO_QUEUE_SEL, queue);
	if (virtio_mmio_read(m, live_register(m)) != 0)
		return false;
	if (virtio_mmio_read(m, MMIO_QUEUE_NUM_MAX) < num)
		return false;
	virtio_mmio_write(m, MMIO_QUEUE_NUM, num);
	riscv_fence();
	if (m->legacy) {
		virtio_mmio_write(m, MMIO_QUEUE_ALIGN, areas->align);
		virtio_mmio_write(m, MMIO_QUEUE_PFN, (uint32_t)((uintptr_t)areas->desc / MMIO_PAGE_BYTES));
		return true;
	}
	write_address(m, MMIO_QUEUE_DESC_LOW, areas->desc);
	write_address(m, MMIO_QUEUE_DRIVER_LOW, areas->driver);
	write_address(m, MMIO_QUEUE_DEVICE_LOW, areas->device);
	virtio_mmio_write(m, MMIO_QUEUE_READY, 1);
	return true;
}

uint32_t virtio_mmio_queue_stop(const struct virtio_mmio *m, unsigned queue)
{
	uint32_t live;

	riscv_fence();
	virtio_mmio_write(m, MMIO_QUEUE_SEL, queue);
	virtio_mmio_write(m, live_register(m), 0);
	live = virtio_mmio_read(m, live_register(m));
	riscv_fence();
	return live;
}

void virtio_mmio_notify(const struct virtio_mmio *m, unsigned queue)
{
	riscv_fence();
	virtio_mmio_write(m, MMIO_QUEUE_NOTIFY, queue);
}

/* Acknowledging before the rings are scanned cannot lose a request that finishes in between (4.2.3.4.1 allows
 * both). */
uint32_t virtio_mmio_ack(const struct virtio_mmio *m)
{
	uint32_t status = virtio_mmio_read(m, MMIO_INTERRUPT_STATUS);

	virtio_mmio_write(m, MMIO_INTERRUPT_ACK, status);
	riscv_fence();
	return status;
}

uint32_t virtio_mmio_config32(const struct virtio_mmio *m, uint32_t offset)
{
	return virtio_mmio_read(m, MMIO_CONFIG + offset);
}

static uint64_t config_pair(const struct virtio_mmio *m, uint32_t offset)
{
	uint64_t low = virtio_mmio_config32(m, offset);

	return (uint64_t)virtio_mmio_config32(m, offset + 4) << 32 | low;
}

/* A legacy device has no ConfigGeneration; what reads the same twice is what it was. */
static uint64_t legacy_config64(const struct virtio_mmio *m, uint32_t offset)
{
	uint64_t value = config_pair(m, offset);
	uint64_t before;

	do {
		before = value;
		value = config_pair(m, offset);
	} while (value != before);
	return value;
}

uint64_t virtio_mmio_config64(const struct virtio_mmio *m, uint32_t offset)
{
	uint32_t before;
	uint64_t value;

	if (m->legacy)
		return legacy_config64(m, offset);
	do {
		before = virtio_mmio_read(m, MMIO_CONFIG_GENERATION);
		value = config_pair(m, offset);
	} while (virtio_mmio_read(m, MMIO_CONFIG_GENERATION) != before);
	return value;
}
