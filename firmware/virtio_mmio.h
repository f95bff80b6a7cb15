/* SPDX-License-Identifier: Apache-2.0
 * virtio_mmio.h: the MMIO transport, virtio 1.2, 4.2, modern and legacy (4.2.4).
 */
#ifndef VIRTIO_MMIO_H
#define VIRTIO_MMIO_H

#include <stdbool.h>
#include <stdint.h>
#include "virtq.h"

/* The eight slots of QEMU's virt machine; slot n (from 0) interrupts through PLIC source 1 + n. */
#define VIRTIO_MMIO_SLOT0 0x10001000u
#define VIRTIO_MMIO_SLOT_BYTES 0x1000u
#define VIRTIO_MMIO_SLOTS 8u

/* Register offsets, 4.2.2. */
#define MMIO_MAGIC_VALUE 0x000u
#define MMIO_VERSION 0x004u
#define MMIO_DEVICE_ID 0x008u
#define MMIO_VENDOR_ID 0x00cu
#define MMIO_DEVICE_FEATURES 0x010u
#define MMIO_DEVICE_FEATURES_SEL 0x014u
#define MMIO_DRIVER_FEATURES 0x020u
#define MMIO_DRIVER_FEATURES_SEL 0x024u
#define MMIO_GUEST_PAGE_SIZE 0x028u /* legacy */
#define MMIO_QUEUE_SEL 0x030u
#define MMIO_QUEUE_NUM_MAX 0x034u
#define MMIO_QUEUE_NUM 0x038u
#define MMIO_QUEUE_ALIGN 0x03cu /* legacy */
#define MMIO_QUEUE_PFN 0x040u   /* legacy */
#define MMIO_QUEUE_READY 0x044u
#define MMIO_QUEUE_NOTIFY 0x050u
#define MMIO_INTERRUPT_STATUS 0x060u
#define MMIO_INTERRUPT_ACK 0x064u
#define MMIO_STATUS 0x070u
#define MMIO_QUEUE_DESC_LOW 0x080u
#define MMIO_QUEUE_DESC_HIGH 0x084u
#define MMIO_QUEUE_DRIVER_LOW 0x090u
#define MMIO_QUEUE_DRIVER_HIGH 0x094u
#define MMIO_QUEUE_DEVICE_LOW 0x0a0u
#define MMIO_QUEUE_DEVICE_HIGH 0x0a4u
#define MMIO_SHM_SEL 0x0acu
#define MMIO_SHM_LEN_LOW 0x0b0u
#define MMIO_SHM_LEN_HIGH 0x0b4u
#define MMIO_SHM_BASE_LOW 0x0b8u
#define MMIO_SHM_BASE_HIGH 0x0bcu
#define MMIO_QUEUE_RESET 0x0c0u
#define MMIO_CONFIG_GENERATION 0x0fcu
#define MMIO_CONFIG 0x100u

#define MMIO_MAGIC 0x74726976u

/* InterruptStatus and InterruptACK. */
#define MMIO_INT_USED 0x1u
#define MMIO_INT_CONFIG 0x2u

/* Device status, 2.1. */
#define STATUS_ACKNOWLEDGE 0x01u
#define STATUS_DRIVER 0x02u
#define STATUS_DRIVER_OK 0x04u
#define STATUS_FEATURES_OK 0x08u
#define STATUS_NEEDS_RESET 0x40u
#define STATUS_FAILED 0x80u

#define FEATURE_VERSION_1 (1ull << 32)

/* Unit of QueuePFN that this driver chooses. */
#define MMIO_PAGE_BYTES 4096u

struct virtio_mmio {
	uintptr_t base;
	unsigned irq; /* PLIC source */
	uint32_t device_id;
	bool legacy;      /* Version is 1 */
	uint64_t offered; /* features, after virtio_mmio_negotiate */
	uint64_t accepted;
};

uint32_t virtio_mmio_read(const struct virtio_mmio *m, uint32_t offset);
void virtio_mmio_write(const struct virtio_mmio *m, uint32_t offset, uint32_t value);

/* Probes one slot: magic, version, device id. False for no virtio or an empty slot. */
bool virtio_mmio_probe(struct virtio_mmio *m, unsigned slot);

/* The first slot with this device. False if there is none. */
bool virtio_mmio_find(struct virtio_mmio *m, uint32_t device_id);

uint32_t virtio_mmio_status(const struct virtio_mmio *m);
void virtio_mmio_status_add(const struct virtio_mmio *m, uint32_t bits);

/* Writes 0 to Status and waits until it reads 0. False if it never does. */
bool virtio_mmio_reset(const struct virtio_mmio *m);

/* All 64 offered feature bits. */
uint64_t virtio_mmio_offered(const struct virtio_mmio *m);

/* Replaces all accepted feature bits: 64, or 32 of a legacy device. */
void virtio_mmio_accept(const struct virtio_mmio *m, uint64_t features);

/* Reset to FEATURES_OK, 3.1.1 steps 1 to 6, accepting what is both offered and wanted; VERSION_1 is always
 * wanted. False if the device refuses; it then holds FAILED. A legacy device is told the page size, and has no
 * FEATURES_OK (3.1.2). */
bool virtio_mmio_negotiate(struct virtio_mmio *m, uint64_t wanted);

/* Gives a queue its rings and makes it ready. False if the queue is absent, in use, or smaller than num. The areas of a
 * legacy queue lie as virtq_init lays them out; only where they start counts. */
bool virtio_mmio_queue_setup(const struct virtio_mmio *m, unsigned queue, unsigned num,
			     const struct virtq_areas *areas);

/* Stops a queue. Returns QueueReady, or QueuePFN, as it reads at the first attempt. */
uint32_t virtio_mmio_queue_stop(const struct virtio_mmio *m, unsigned queue);

void virtio_mmio_notify(const struct virtio_mmio *m, unsigned queue);

/* Reads InterruptStatus and acknowledges what it showed. */
uint32_t virtio_mmio_ack(const struct virtio_mmio *m);

/* Config space. A 64-bit field is read as two of 32 until ConfigGeneration holds still, or, on a legacy device, until
 * it reads the same twice (2.5.1, 2.5.4). */
uint32_t virtio_mmio_config32(const struct virtio_mmio *m, uint32_t offset);
uint64_t virtio_mmio_config64(const struct virtio_mmio *m, uint32_t offset);

#endif
