/* SPDX-License-Identifier: Apache-2.0
 * queues.c: the registers of the queues, virtio 1.2, 4.2.2 and 4.2.4: a part of regs. Twin of rtl/queues.v.
 *
 * Promises: a queue whose size is illegal does not become ready; the set-up of a queue that is ready does not change; a
 * queue that becomes ready begins at index 0. QueueReady = 0 and QueuePFN = 0 are answered when the queue's chains are
 * done, QueueReset at once.
 */

/* QueueSel as an index, or -1 for a queue that does not exist. All 32 bits count. */
static int selected(const struct vio_regs *r, const struct vio_in *in)
{
	return r->queue_sel < in->strap_queues && r->queue_sel < VIO_QUEUES ? (int)r->queue_sel : -1;
}

/* What QueueNumMax shows. */
static uint32_t queue_num_max(const struct vio_in *in)
{
	return in->strap_queue_num < VIO_QUEUE_NUM_MAX ? in->strap_queue_num : VIO_QUEUE_NUM_MAX;
}

static void set_low(uint64_t *area, uint32_t value)
{
	*area = (*area & ~0xffffffffull) | value;
}

static void set_high(uint64_t *area, uint32_t value)
{
	*area = (*area & 0xffffffffull) | (uint64_t)value << 32;
}

/* Registers of a queue that is not live (virtio 1.2, 4.2.2.2: the driver must not touch those of a live one). */
static void write_queue(struct vio_queue *q, uint16_t addr, uint32_t value, uint32_t num_max)
{
	if (q->ready)
		return;
	switch (addr) {
	case REG_QueueNum:
		q->num = value <= num_max && (value & (value - 1)) == 0 ? (uint16_t)value : 0;
		break;
	case REG_QueueDescLow:
		set_low(&q->desc, value);
		break;
	case REG_QueueDescHigh:
		set_high(&q->desc, value);
		break;
	case REG_QueueDriverLow:
		set_low(&q->avail, value);
		break;
	case REG_QueueDriverHigh:
		set_high(&q->avail, value);
		break;
	case REG_QueueDeviceLow:
		set_low(&q->used, value);
		break;
	case REG_QueueDeviceHigh:
		set_high(&q->used, value);
		break;
	default:
		break;
	}
}

/* A queue whose size is illegal does not become ready (virtio 1.2, 2.7 and 4.2.2.2). */
static void write_ready(struct vio *v, const struct vio_clk *clk, int index, uint32_t value)
{
	struct vio_regs *r = &v->regs;
	struct vio_queue *q = &r->pub.queue[index];

	if ((value & 1) != 0 && !q->ready && q->num != 0) {
		q->ready = true;
		r->pub.start = true;
		r->pub.start_queue = (uint8_t)index;
		if (r->pub.live && CAN_PUSH(bell))
			PUSH(bell, .queue = (uint8_t)index);
	} else if ((value & 1) == 0 && q->ready) {
		q->ready = false;
		r->state = S(regs, DRAIN);
		r->settle = 0;
		r->drain_queue = (uint8_t)index;
	}
}

/* The register reads 1 until the queue's chains are done; other accesses go on meanwhile (virtio 1.2, 2.6.1). */
static void write_ring_reset(struct vio_regs *r, int index, uint32_t value)
{
	struct vio_queue *q = &r->pub.queue[index];

	if ((value & 1) == 0 || !q->ready || (r->status & STATUS_FEATURES_OK) == 0 ||
	    !has_feature(r->driver, F_BIT_RING_RESET))
		return;
	q->ready = false;
	r->ring_reset = true;
	r->settle = 0;
	r->drain_queue = (uint8_t)index;
}

static bool is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static void write_page_size(struct vio_regs *r, uint32_t value)
{
	if (!is_power_of_two(value))
		return;
	r->page_shift = 0;
	for (unsigned i = 0; i < 32; i++)
		r->page_shift |= (uint8_t)(value >> i & 1 ? i : 0);
}

/* The legacy layout, virtio 1.2, 2.7.2: table, available ring with used_event, and the used ring at the next multiple of
 * QueueAlign. */
static void place_legacy(struct vio_regs *r, struct vio_queue *q, uint32_t pfn)
{
	const uint64_t align = is_power_of_two(r->align) ? r->align : 4096;

	q->desc = (uint64_t)pfn << r->page_shift;
	q->avail = q->desc + 16ull * q->num;
	q->used = (q->avail + 6 + 2ull * q->num + align - 1) & ~(align - 1);
}

/* A page number other than 0 makes the queue live; 0 stops it, and the device stays as it is. */
static void write_pfn(struct vio *v, const struct vio_clk *clk, int index, uint32_t pfn)
{
	struct vio_regs *r = &v->regs;
	struct vio_queue *q = &r->pub.queue[index];

	if (pfn != 0 && (q->ready || q->num == 0))
		return;
	if (pfn != 0)
		place_legacy(r, q, pfn);
	r->pfn[index] = pfn;
	write_ready(v, clk, index, pfn != 0);
}

/* The whole word is the queue's index, but with NOTIFICATION_DATA its low half (virtio 1.2, 4.2.2 and 2.9). */
static void write_notify(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, uint32_t value)
{
	const uint32_t index = has_feature(v->regs.pub.features, F_BIT_NOTIFICATION_DATA) ? value & 0xffff : value;

	if (index < in->strap_queues && index < VIO_QUEUES && v->regs.pub.queue[index].ready && v->regs.pub.live &&
	    CAN_PUSH(bell))
		PUSH(bell, .queue = (uint8_t)index);
}
