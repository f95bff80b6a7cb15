/* SPDX-License-Identifier: Apache-2.0
 * chain.c: the buffers of a chain, virtio 1.2, 2.7.4, 2.7.5 and 2.8.17, and indirect tables of both formats.
 */
#include "check/check_impl.h"

#include <stdlib.h>
#include <string.h>
#include "sim.h"

static bool over_rings(const struct queue *q, uint64_t addr, uint64_t len)
{
	return check_overlap(addr, len, q->desc, (uint64_t)DESC_BYTES * q->num) ||
	       check_overlap(addr, len, q->driver, check_driver_bytes(q)) ||
	       check_overlap(addr, len, q->device, check_device_bytes(q));
}

static void check_memory(struct check *c, struct chain *chain, const struct desc *d, bool write)
{
	if (d->len && d->addr + d->len - 1 < d->addr) {
		check_tell(c, CHECK_ROB_13, ": 0x%llx", (unsigned long long)d->addr);
		chain->broken = true;
		return;
	}
	for (unsigned i = 0; write && d->len && i < QUEUES; i++)
		if (c->queue[i].live && over_rings(&c->queue[i], d->addr, d->len))
			check_tell(c, CHECK_DESC_06, ": 0x%llx, queue %u", (unsigned long long)d->addr, i);
}

void check_segment(struct check *c, const struct queue *q, struct chain *chain, const struct desc *d)
{
	bool write = d->flags & DESC_WRITE;

	if (d->len == 0)
		check_tell(c, CHECK_ROB_05, ": queue %u", q->index);
	if (!write && chain->wrote) {
		check_tell(c, q->packed ? CHECK_PACK_42_order : CHECK_FRAM_03, ": queue %u", q->index);
		chain->broken = true;
	}
	check_memory(c, chain, d, write);
	chain->wrote |= write;
	*(write ? &chain->write_len : &chain->read_len) += d->len;
	if (chain->read_len + chain->write_len > 1ull << 32) {
		check_tell(c, CHECK_DESC_07, ": queue %u", q->index);
		chain->broken = true;
	}
	if (chain->count == SEGS)
		chain->overflow = true;
	else
		chain->seg[chain->count++] = (struct segment){d->addr, d->len, write};
}

static void watch_table(struct check *c, struct queue *q, const struct desc *d, const uint8_t *bytes, uint32_t owner)
{
	for (unsigned i = 0; i < TABLES; i++) {
		struct table *t = &q->tables[i];

		if (t->owner)
			continue;
		*t = (struct table){d->addr, d->len, owner};
		q->table_copy[i] = sim_alloc(d->len);
		memcpy(q->table_copy[i], bytes, d->len);
		if (c->config.watch)
			c->config.watch(c->config.ctx, d->addr, d->len);
		return;
	}
}

void check_tables_release(struct queue *q, uint32_t owner)
{
	for (unsigned i = 0; i < TABLES; i++) {
		struct table *t = &q->tables[i];

		if (!t->owner || (owner && t->owner != owner))
			continue;
		free(q->table_copy[i]);
		q->table_copy[i] = NULL;
		*t = (struct table){0};
	}
}

void check_tables_stored(struct check *c, struct queue *q, uint64_t addr, uint64_t len)
{
	for (unsigned i = 0; i < TABLES; i++) {
		struct table *t = &q->tables[i];
		const uint8_t *bytes;

		if (!t->owner || !check_overlap(addr, len, t->addr, t->len))
			continue;
		bytes = check_bytes(c, t->addr, t->len);
		if (memcmp(bytes, q->table_copy[i], t->len) == 0)
			continue;
		check_tell(c, CHECK_INIT_12, ": queue %u, indirect table", q->index);
		memcpy(q->table_copy[i], bytes, t->len);
	}
}

/* Split (2.7.5.3): the table is followed by next from entry 0. A table may have more entries than the queue. */
static void walk_split(struct check *c, const struct queue *q, struct chain *chain, const uint8_t *table,
		       uint32_t entries)
{
	uint32_t index = 0;

	for (uint32_t count = 0;; count++) {
		struct desc d = check_desc(table + (size_t)DESC_BYTES * index);

		if (count == entries) {
			check_tell(c, CHECK_IND_06, ": queue %u, indirect table", q->index);
			chain->broken = true;
			return;
		}
		if (d.flags & DESC_INDIRECT) {
			check_tell(c, CHECK_IND_05, ": queue %u", q->index);
			chain->broken = true;
			return;
		}
		check_segment(c, q, chain, &d);
		if (!(d.flags & DESC_NEXT))
			return;
		if (d.next >= entries) {
			check_tell(c, CHECK_ROB_02, ": queue %u, indirect table, %u", q->index, d.next);
			chain->broken = true;
			return;
		}
		if (check_accepted(c, F_IN_ORDER) && d.next != index + 1)
			check_tell(c, CHECK_IND_08, ": queue %u", q->index);
		index = d.next;
	}
}

/* Packed (2.8.7): all entries in order; of the flags only WRITE counts. */
static void walk_packed(struct check *c, const struct queue *q, struct chain *chain, const uint8_t *table,
			uint32_t entries)
{
	for (uint32_t i = 0; i < entries; i++) {
		struct desc d = check_desc(table + (size_t)DESC_BYTES * i);

		d.flags = check_le16(table + (size_t)DESC_BYTES * i + 14);
		if (d.flags & (uint16_t)~DESC_WRITE)
			check_tell(c, CHECK_PACK_46_table, ": queue %u", q->index);
		check_segment(c, q, chain, &d);
	}
}

void check_table(struct check *c, struct queue *q, struct chain *chain, const struct desc *d, uint32_t owner)
{
	bool packed = q->packed;
	const uint8_t *table = check_bytes(c, d->addr, d->len);

	if (d->len == 0 || d->len % DESC_BYTES) {
		check_tell(c, CHECK_ROB_10, ": queue %u, %u bytes", q->index, d->len);
		chain->broken = true;
		return;
	}
	if (!table)
		return;
	watch_table(c, q, d, table, owner);
	(packed ? walk_packed : walk_split)(c, q, chain, table, d->len / DESC_BYTES);
}

bool check_chain_bytes(const struct check *c, const struct chain *chain, uint64_t offset, void *to, uint32_t len)
{
	uint8_t *out = to;

	for (unsigned i = 0; i < chain->count && len; i++) {
		const struct segment *s = &chain->seg[i];
		const uint8_t *bytes;
		uint32_t n;

		if (s->write)
			continue;
		if (offset >= s->len) {
			offset -= s->len;
			continue;
		}
		n = s->len - (uint32_t)offset < len ? s->len - (uint32_t)offset : len;
		bytes = check_bytes(c, s->addr + offset, n);
		if (!bytes)
			return false;
		memcpy(out, bytes, n);
		out += n;
		len -= n;
		offset = 0;
	}
	return len == 0;
}
