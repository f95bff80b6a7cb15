/* SPDX-License-Identifier: Apache-2.0
 * rings.c: the rings of `monitor vio`: where driver and device are, and what comes next; virtio 1.2, 2.7 and 2.8.
 */
#include <inttypes.h>
#include <string.h>
#include "gdb/memory.h"
#include "gdb/vio_impl.h"
#include "place.h"

enum { NEXT = 1, WRITE = 2, INDIRECT = 4, AVAIL = 1 << 7, USED = 1 << 15 };
enum { ENTRIES_SHOWN = 4, DESCS_SHOWN = 8, DESC_BYTES = 16, USED_BYTES = 8 };

struct split_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

struct packed_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id, flags;
};

struct used_elem {
	uint32_t id, len;
};

static bool get(struct gdb *g, uint64_t addr, void *to, size_t len)
{
	memset(to, 0, len);
	return gdb_memory_physical(g->soc, addr, to, len);
}

/* A word of a ring, 0 where there is no memory. */
static uint16_t word(struct gdb *g, uint64_t addr)
{
	uint16_t value;

	get(g, addr, &value, sizeof value);
	return value;
}

static void put_desc(struct gdb_text *t, uint64_t addr, uint32_t len, unsigned flags)
{
	gdb_line(t, " len %" PRIu32 " %s%s at 0x%" PRIx64, len, flags & WRITE ? "W" : "R",
		 flags & INDIRECT ? " INDIRECT" : "", addr);
}

/* The chain that begins with this descriptor, as far as a line has room. */
static void put_chain(struct gdb *g, struct gdb_text *t, const struct dut_view_queue *q, uint16_t head)
{
	struct split_desc d;
	uint16_t at = head;

	for (unsigned i = 0; i < DESCS_SHOWN; i++) {
		if (at >= q->num) {
			gdb_line(t, " #%u is past the end of the table", at);
			return;
		}
		if (!get(g, q->desc + (uint64_t)at * DESC_BYTES, &d, sizeof d)) {
			gdb_line(t, " #%u is not in DRAM", at);
			return;
		}
		gdb_line(t, " #%u", at);
		put_desc(t, d.addr, d.len, d.flags);
		if (!(d.flags & NEXT))
			return;
		gdb_line(t, ",");
		at = d.next;
	}
	gdb_line(t, " ...");
}

static void show_next_heads(struct gdb *g, const struct dut_view_queue *q, uint16_t idx)
{
	uint16_t waiting = (uint16_t)(idx - q->taken);
	struct gdb_text t = {.len = 0};

	for (uint16_t i = 0; i < waiting && i < ENTRIES_SHOWN && q->num; i++) {
		uint16_t entry = (uint16_t)(q->taken + i), at = (uint16_t)(entry % q->num);

		gdb_line(&t, "    next avail[%u]:", at);
		put_chain(g, &t, q, word(g, q->avail + 4 + 2ull * at));
		gdb_line_end(g, &t);
	}
}

void gdb_show_split(struct gdb *g, const struct dut_view_queue *q)
{
	uint16_t idx = word(g, q->avail + 2), used = word(g, q->used + 2);
	struct used_elem last;
	uint16_t newest = (uint16_t)(used - 1), at = (uint16_t)(q->num ? newest % q->num : 0);

	gdb_say(g, "    avail: idx %u, flags 0x%x, used_event %u; the device took %u, %u are waiting\n", idx,
		word(g, q->avail), word(g, q->avail + 4 + 2ull * q->num), q->taken, (uint16_t)(idx - q->taken));
	gdb_say(g, "    used: idx %u, flags 0x%x, avail_event %u; the device wrote %u elements and showed %u\n", used,
		word(g, q->used), word(g, q->used + 4 + 8ull * q->num), q->next, q->shown);
	gdb_say(g, "    the device has %u chains\n", (uint16_t)(q->taken - used));
	show_next_heads(g, q, idx);
	if (get(g, q->used + 4 + (uint64_t)USED_BYTES * at, &last, sizeof last))
		gdb_say(g, "    last used[%u]: #%" PRIu32 " len %" PRIu32 "\n", at, last.id, last.len);
}

static void show_event(struct gdb *g, const char *whose, uint64_t addr)
{
	static const char *const names[] = {"ENABLE", "DISABLE", "DESC", "reserved"};
	uint16_t off_wrap = word(g, addr), flags = word(g, addr + 2);

	gdb_say(g, "    %s event: %s [%u] wrap %u\n", whose, names[flags & 3], off_wrap & 0x7fff, off_wrap >> 15);
}

static void show_slot(struct gdb *g, const struct dut_view_queue *q, uint16_t place)
{
	uint16_t slot = place_slot(place);
	bool wrap = place_wrap(place), avail, used;
	struct gdb_text t = {.len = 0};
	struct packed_desc d;

	gdb_line(&t, "    next [%u]:", slot);
	if (get(g, q->desc + (uint64_t)slot * DESC_BYTES, &d, sizeof d)) {
		avail = d.flags & AVAIL;
		used = d.flags & USED;
		gdb_line(&t, " #%u", d.id);
		put_desc(&t, d.addr, d.len, d.flags);
		gdb_line(&t, "%s%s", d.flags & NEXT ? " NEXT" : "",
			 avail == wrap && used != wrap ? ", available" : ", not available");
	} else {
		gdb_line(&t, " not in DRAM");
	}
	gdb_line_end(g, &t);
}

void gdb_show_packed(struct gdb *g, const struct dut_view_queue *q)
{
	uint16_t place = q->taken;

	gdb_say(g, "    the device takes slot [%u] wrap %u next, and uses slot [%u] wrap %u next\n",
		place_slot(q->taken), place_wrap(q->taken), place_slot(q->next), place_wrap(q->next));
	show_event(g, "driver", q->avail);
	show_event(g, "device", q->used);
	for (unsigned i = 0; i < ENTRIES_SHOWN && i < q->num; i++, place = place_after(place, 1, q->num))
		show_slot(g, q, place);
}
