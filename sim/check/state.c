/* SPDX-License-Identifier: Apache-2.0
 * state.c: the monitor's state, see check_state in check.h.
 */
#include "check/check_impl.h"

#include <stdlib.h>
#include "sim.h"
#include "stream.h"

static void told_state(struct check *c, struct stream *s)
{
	if (c->told_room < c->told_count) { /* while restoring */
		free(c->told);
		c->told = sim_alloc(c->told_count * sizeof c->told[0]);
		c->told_room = c->told_count;
	}
	stream_bytes(s, c->told, c->told_count * sizeof c->told[0]);
}

static void tables_state(struct queue *q, struct stream *s)
{
	for (unsigned i = 0; i < TABLES; i++) {
		if (!q->tables[i].owner)
			continue;
		if (!s->saving)
			q->table_copy[i] = sim_alloc(q->tables[i].len);
		stream_bytes(s, q->table_copy[i], q->tables[i].len);
	}
}

static void queue_state(struct check *c, struct queue *q, struct stream *s)
{
	if (!s->saving)
		check_queue_drop(q);
	stream_before(s, q, copy);
	if (q->live && !s->saving)
		check_queue_alloc(q);
	if (q->live) {
		stream_bytes(s, q->copy, (size_t)DESC_BYTES * q->num);
		stream_bytes(s, q->owner, q->num * sizeof q->owner[0]);
		stream_bytes(s, q->heads, q->num * sizeof q->heads[0]);
		stream_bytes(s, q->chains, q->num * sizeof q->chains[0]);
	}
	tables_state(q, s);
	if (!s->saving && (q->live || q->stopping || q->resetting))
		check_queue_watch(c, q);
}

void check_state(struct check *c, struct stream *s)
{
	stream_section(s, "check");
	stream_before(s, c, told);
	told_state(c, s);
	for (unsigned i = 0; i < QUEUES; i++)
		queue_state(c, &c->queue[i], s);
}
