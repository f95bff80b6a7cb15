/* SPDX-License-Identifier: Apache-2.0
 * queues.c: the Queue registers, virtio 1.2, 4.2.2 and 4.2.4, and when a queue lives: from QueueReady and DRIVER_OK, in
 * any order, to QueueReady 0, QueueReset or a device reset.
 */
#include "check/check_impl.h"

#include <stdlib.h>
#include <string.h>
#include "sim.h"

#define REG(name, offset, access, reset, what) enum { REG_##name = offset };
#include "def/regs.def"
#undef REG

enum { GUEST_PAGE_SIZE = 0x028, QUEUE_ALIGN = 0x03c, QUEUE_PFN = 0x040 };

uint64_t check_driver_bytes(const struct queue *q)
{
	return q->packed ? 4 : 6 + 2ull * q->num;
}

uint64_t check_device_bytes(const struct queue *q)
{
	return q->packed ? 4 : 6 + 8ull * q->num;
}

void check_queue_drop(struct queue *q)
{
	q->live = false;
	check_tables_release(q, 0);
	free(q->copy);
	free(q->owner);
	free(q->chains);
	free(q->heads);
	q->copy = NULL;
	q->owner = NULL;
	q->chains = NULL;
	q->heads = NULL;
}

void check_queues_forget(struct check *c)
{
	for (unsigned i = 0; i < QUEUES; i++) {
		check_queue_drop(&c->queue[i]);
		c->queue[i] = (struct queue){.index = i};
	}
	if (c->config.unwatch)
		c->config.unwatch(c->config.ctx);
}

static struct queue *selected(struct check *c)
{
	return c->queue_sel < QUEUES ? &c->queue[c->queue_sel] : NULL;
}

static void watch(const struct check *c, uint64_t addr, uint64_t len)
{
	if (c->config.watch && check_bytes(c, addr, len))
		c->config.watch(c->config.ctx, addr, len);
}

void check_queue_watch(const struct check *c, const struct queue *q)
{
	watch(c, q->desc, (uint64_t)DESC_BYTES * q->num);
	watch(c, q->driver, check_driver_bytes(q));
	watch(c, q->device, check_device_bytes(q));
	for (unsigned i = 0; i < TABLES; i++)
		if (q->tables[i].owner)
			watch(c, q->tables[i].addr, q->tables[i].len);
}

void check_queue_alloc(struct queue *q)
{
	q->copy = sim_alloc((size_t)DESC_BYTES * q->num);
	q->owner = sim_alloc(q->num * sizeof q->owner[0]);
	q->heads = sim_alloc(q->num * sizeof q->heads[0]);
	q->chains = sim_alloc(q->num * sizeof q->chains[0]);
}

/* The device may look at the queue from now on. */
static void start(struct check *c, struct queue *q)
{
	if (q->live)
		return;
	q->packed = check_accepted(c, F_PACKED);
	if (q->num == 0 || q->num > NUM_LIMIT || (!q->packed && q->num & (q->num - 1)))
		return;
	if (!check_bytes(c, q->desc, (uint64_t)DESC_BYTES * q->num) ||
	    !check_bytes(c, q->driver, check_driver_bytes(q)) || !check_bytes(c, q->device, check_device_bytes(q)))
		return;
	q->live = true;
	check_queue_alloc(q);
	check_queue_watch(c, q);
	if (q->packed)
		check_packed_start(c, q);
	else
		check_split_start(c, q);
}

void check_queues_live(struct check *c)
{
	for (unsigned i = 0; i < QUEUES; i++)
		if (c->queue[i].ready)
			start(c, &c->queue[i]);
}

/* A write that sets the queue up, at a time when that is not due. */
static void check_setup(struct check *c, struct queue *q, uint32_t offset)
{
	if (!(c->status & FEATURES_OK) && !c->legacy)
		check_tell(c, CHECK_INIT_01_queue, ": offset 0x%03x", offset);
	if (c->status & FAILED)
		check_tell(c, CHECK_STAT_06, ": queue %u", q->index);
	if (q->ready && offset != REG_QueueReady)
		check_tell(c, CHECK_MMIO_52, ": offset 0x%03x", offset);
	if (q->stopping)
		check_tell(c, CHECK_MMIO_53, ": queue %u", q->index);
	if (q->resetting)
		check_tell(c, CHECK_MMIO_54, ": queue %u", q->index);
	q->stopping = q->resetting = false;
}

static void write_num(struct check *c, struct queue *q, uint32_t data)
{
	uint32_t max = q->num_max_known ? q->num_max : c->config.queue_num_max;

	if (!c->legacy)
		check_setup(c, q, REG_QueueNum);
	if (data > max)
		check_tell(c, CHECK_MMIO_51, ": %u, %u", data, max);
	if ((data == 0 || data > NUM_LIMIT || data & (data - 1)) && !check_accepted(c, F_PACKED))
		check_tell(c, CHECK_VQ_04, ": %u", data);
	if (!q->ready)
		q->num = data;
}

static void write_address(struct check *c, struct queue *q, uint32_t offset, uint32_t data)
{
	uint64_t *area = offset < REG_QueueDriverLow ? &q->desc : offset < REG_QueueDeviceLow ? &q->driver : &q->device;
	unsigned shift = offset & 4 ? 32 : 0;

	check_setup(c, q, offset);
	if (!q->ready)
		*area = (*area & ~(0xffffffffull << shift)) | (uint64_t)data << shift;
}

static void check_start(struct check *c, const struct queue *q)
{
	bool packed = check_accepted(c, F_PACKED);
	const uint8_t *used = check_bytes(c, q->device, 4), *ring;

	if (q->num == 0)
		check_tell(c, CHECK_VQ_04, ": queue %u has none", q->index);
	if (packed && (q->desc % 16 || q->driver % 4 || q->device % 4))
		check_tell(c, CHECK_PACK_28, ": queue %u", q->index);
	if (!packed && (q->desc % 16 || q->driver % 2 || q->device % 4))
		check_tell(c, CHECK_VQ_06, ": queue %u", q->index);
	if (!packed && used && check_le16(used))
		check_tell(c, CHECK_ASUP_01, ": queue %u", q->index);
	/* Descriptors may be there already, if they are not marked for the other round. */
	ring = packed && q->num <= NUM_LIMIT ? check_bytes(c, q->desc, (uint64_t)DESC_BYTES * q->num) : NULL;
	for (uint32_t i = 0; ring && i < q->num; i++)
		if (check_le16(ring + DESC_BYTES * i + 14) & DESC_USED)
			check_tell(c, CHECK_PACK_33, ": queue %u slot %u", q->index, i);
}

static void write_ready(struct check *c, struct queue *q, uint32_t data)
{
	if (!(data & 1)) {
		q->stopping |= q->ready;
		q->ready = false;
		check_queue_drop(q);
		return;
	}
	check_setup(c, q, REG_QueueReady);
	if (q->ready)
		return;
	check_start(c, q);
	q->ready = true;
	if (c->status & DRIVER_OK)
		start(c, q);
}

/* Legacy (2.7.2, 4.2.4): one address gives all three areas, and starts or stops the queue. */
static void write_pfn(struct check *c, struct queue *q, uint32_t data)
{
	uint64_t align = c->queue_align ? c->queue_align : 4096;

	check_queue_drop(q);
	q->ready = data != 0;
	q->desc = (uint64_t)data * c->guest_page_size;
	q->driver = q->desc + (uint64_t)DESC_BYTES * q->num;
	q->device = (q->driver + 6 + 2ull * q->num + align - 1) / align * align;
	if (q->ready) {
		check_start(c, q);
		start(c, q);
	}
}

static void notify(struct check *c, uint32_t data)
{
	uint32_t index = check_accepted(c, F_NOTIFICATION_DATA) ? data & 0xffff : data;

	if (!(c->status & DRIVER_OK) && !c->legacy)
		check_tell(c, CHECK_INIT_06, "%s", "");
	if (c->needs_reset_read)
		check_tell(c, CHECK_STAT_07, "%s", "");
	if (index < QUEUES && c->queue[index].live && c->queue[index].packed)
		check_packed_notified(c, &c->queue[index], data);
}

bool check_queue_read(struct check *c, uint32_t offset, uint32_t data)
{
	struct queue *q = selected(c);

	if (!q)
		return false;
	switch (offset) {
	case REG_QueueNumMax:
		q->num_max = data;
		q->num_max_known = true;
		return true;
	case REG_QueueReady:
		if (data & 1)
			return true;
		/* Stopped, or refused. */
		q->ready = q->stopping = false;
		check_queue_drop(q);
		return true;
	case REG_QueueReset:
		if (data == 0)
			q->resetting = false;
		return true;
	default:
		return false;
	}
}

static bool write_legacy(struct check *c, struct queue *q, uint32_t offset, uint32_t data)
{
	if (offset == GUEST_PAGE_SIZE)
		c->guest_page_size = data;
	else if (offset == QUEUE_ALIGN)
		c->queue_align = data;
	else if (offset == QUEUE_PFN && q)
		write_pfn(c, q, data);
	else
		return false;
	return true;
}

/* Registers that a legacy device does not have: what is written there sets nothing up. */
static bool modern_only(uint32_t offset)
{
	return offset == REG_QueueReady || offset == REG_QueueReset ||
	       (offset >= REG_QueueDescLow && offset <= REG_QueueDeviceHigh);
}

bool check_queue_write(struct check *c, uint32_t offset, uint32_t data)
{
	struct queue *q = selected(c);

	if (c->legacy && (modern_only(offset) || write_legacy(c, q, offset, data)))
		return true;
	switch (offset) {
	case REG_QueueSel:
		c->queue_sel = data;
		return true;
	case REG_QueueNotify:
		notify(c, data);
		return true;
	case REG_QueueNum:
		if (q)
			write_num(c, q, data);
		return true;
	case REG_QueueReady:
		if (q)
			write_ready(c, q, data);
		return true;
	case REG_QueueReset:
		if (q && data & 1 && check_accepted(c, F_RING_RESET)) {
			q->resetting = true;
			q->ready = q->stopping = false;
			check_queue_drop(q);
		}
		return true;
	case REG_QueueDescLow:
	case REG_QueueDescHigh:
	case REG_QueueDriverLow:
	case REG_QueueDriverHigh:
	case REG_QueueDeviceLow:
	case REG_QueueDeviceHigh:
		if (q)
			write_address(c, q, offset, data);
		return true;
	default:
		return false;
	}
}
