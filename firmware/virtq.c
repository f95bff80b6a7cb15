/* SPDX-License-Identifier: Apache-2.0
 * virtq.c: what both ring formats have in common: buffers by id, and their order.
 */
#include "virtq.h"

#include "check.h"
#include "mem.h"
#include "riscv.h"
#include "virtq_ops.h"

void virtq_init(struct virtq *q, unsigned num, uint64_t features, uint32_t align, struct virtq_memory *memory)
{
	uint8_t *end;

	memset(q, 0, sizeof(*q));
	q->ops = (features & FEATURE_RING_PACKED) != 0 ? &virtq_packed_ops : &virtq_split_ops;
	q->event_idx = (features & FEATURE_EVENT_IDX) != 0;
	q->in_order = (features & FEATURE_IN_ORDER) != 0;
	q->num = num;
	q->free_count = (uint16_t)num;
	q->areas.align = align;
	end = q->ops->init(q, memory->bytes);
	if (end > memory->bytes + sizeof(memory->bytes))
		check_give_up("the queue does not fit its memory");
}

int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned count, void *cookie)
{
	return virtq_add_list(q, &(struct virtq_list){pieces, count, count, (void *)0, cookie});
}

int virtq_add_list(struct virtq *q, const struct virtq_list *list)
{
	unsigned slots = q->ops->slots(list);
	uint32_t write_len = 0;
	uint16_t id;

	if (slots == 0 || slots > q->free_count)
		return -1;
	for (unsigned i = 0; i < list->count; i++)
		write_len += list->pieces[i].write ? list->pieces[i].len : 0;
	q->free_count = (uint16_t)(q->free_count - slots);
	id = q->ops->add(q, list);
	q->buffer[id] = (struct virtq_buffer){list->cookie, write_len, (uint16_t)slots};
	q->order[q->order_in++ % VIRTQ_NUM_MAX] = id;
	return id;
}

bool virtq_publish(struct virtq *q)
{
	return q->ops->publish(q);
}

bool virtq_has_used(const struct virtq *q)
{
	return q->in_batch || q->ops->has_used(q);
}

/* The element that waits, or in a batch (2.7.9, 2.8.8) the next buffer that the last element stands for. The device
 * tells the length of the batch's last buffer only; the others it filled. */
static void next_done(struct virtq *q, struct virtq_done *done)
{
	if (!q->in_batch) {
		/* That there is an element is read before it, and it before the buffer that it returns. */
		riscv_fence_reads();
		q->ops->read_used(q, &q->batch);
		q->in_batch = true;
	}
	*done = q->batch;
	if (q->in_order)
		done->id = q->order[q->order_out++ % VIRTQ_NUM_MAX];
	if (done->id >= VIRTQ_NUM_MAX || q->buffer[done->id].slots == 0)
		check_give_up("the device used a buffer that it was not given");
	if (done->id == q->batch.id)
		q->in_batch = false;
	else
		done->len = q->buffer[done->id].write_len;
}

static void ask(struct virtq *q, uint16_t ahead)
{
	q->ops->ask(q, ahead);
	/* What we ask for is there before we look at the ring again (2.7.10, 2.8.22). */
	riscv_fence();
}

bool virtq_take(struct virtq *q, struct virtq_done *done)
{
	struct virtq_buffer *buffer;

	if (!virtq_has_used(q))
		return false;
	next_done(q, done);
	buffer = &q->buffer[done->id];
	done->cookie = buffer->cookie;
	q->ops->release(q, done->id);
	q->free_count = (uint16_t)(q->free_count + buffer->slots);
	buffer->slots = 0;
	if (q->event_idx && !q->quiet && !q->position)
		ask(q, 0);
	return true;
}

void virtq_suppress(struct virtq *q, bool suppress)
{
	q->quiet = suppress;
	q->position = false;
	ask(q, 0);
}

void virtq_interrupt_after(struct virtq *q, uint16_t ahead)
{
	q->quiet = false;
	q->position = true;
	ask(q, ahead);
}
