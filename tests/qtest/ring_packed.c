/* SPDX-License-Identifier: Apache-2.0
 * ring_packed.c: the packed virtqueue, virtio 1.2, 2.8. Places in the ring are counted over two laps: those below num have a
 * wrap counter of 1.
 */
#include "ring.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DESC_NEXT = 1, DESC_WRITE = 2, DESC_INDIRECT = 4, DESC_AVAIL = 1 << 7, DESC_USED = 1 << 15 };
enum { EVENT_ENABLE, EVENT_DISABLE, EVENT_DESC };
enum { SLOT = 16, EVENTS_BYTES = 128 };

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t id, flags;
};

/* A used descriptor that was found at a place. */
struct found {
	unsigned place;
	struct desc desc;
};

static unsigned behind(const struct ring *r, unsigned place, unsigned slots)
{
	return (place + slots) % (2 * r->num);
}

static bool first_lap(const struct ring *r, unsigned place)
{
	return place < r->num;
}

static uint64_t slot_addr(const struct ring *r, unsigned place)
{
	return r->desc + SLOT * (place % r->num);
}

static void packed_sizes(unsigned num, uint64_t *desc, uint64_t *driver, uint64_t *device)
{
	*desc = SLOT * num;
	*driver = *device = 4;
}

static void packed_setup(struct ring *r)
{
	pair_fill(r->pair, r->desc, SLOT * r->num, 0);
	pair_fill(r->pair, r->driver, 4, 0);
	pair_fill(r->pair, r->device, 4, 0);
	r->wanted = true;
	r->frees = r->ids = r->num;
	for (unsigned i = 0; i < r->num; i++)
		r->free[i] = (uint16_t)i;
}

/* Flags of a descriptor that is made available there. */
static uint16_t avail_flags(const struct ring *r, unsigned place)
{
	return first_lap(r, place) ? DESC_AVAIL : DESC_USED;
}

static void poke_table(struct ring *r, const struct ring_chain *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		const struct ring_piece *piece = &c->pieces[i];
		const struct desc d = {piece->addr, piece->len, 0, piece->write ? DESC_WRITE : 0};

		pair_poke(r->pair, c->table + SLOT * i, &d, sizeof d);
	}
}

/* The first head of a batch stays unavailable until packed_publish. */
static uint32_t packed_post(struct ring *r, const struct ring_chain *c)
{
	const unsigned slots = c->indirect ? 1 : c->count;
	const uint16_t id = r->free[--r->ids];

	assert(slots <= r->frees && !c->direct);
	for (unsigned i = 0; i < slots; i++) {
		const unsigned place = behind(r, r->avail, i);
		struct desc d = {c->pieces[i].addr, c->pieces[i].len, c->id_last && i + 1 < slots ? (uint16_t)~id : id,
				 avail_flags(r, place)};

		if (c->indirect) {
			d = (struct desc){c->table, SLOT * c->count, id, d.flags | DESC_INDIRECT};
			poke_table(r, c);
		} else {
			d.flags |= (uint16_t)((c->pieces[i].write ? DESC_WRITE : 0) | (i + 1 < slots ? DESC_NEXT : 0));
		}
		if (c->bad == i + 1)
			d.flags ^= c->flags_flip;
		if (!r->head) {
			r->head = slot_addr(r, place);
			r->head_flags = d.flags;
			d.flags ^= DESC_AVAIL;
		}
		pair_poke(r->pair, slot_addr(r, place), &d, sizeof d);
	}
	r->count[id] = (uint16_t)slots;
	r->frees -= slots;
	r->avail = (uint16_t)behind(r, r->avail, slots);
	return id;
}

/* There is no index that could jump. */
static void packed_publish(struct ring *r, unsigned jump)
{
	(void)jump;
	if (r->head)
		pair_poke(r->pair, r->head + 14, &r->head_flags, 2);
	r->head = 0;
}

/* The slots that the device has: where their bytes are; the whole ring if they wrap. */
static struct pair_range window(const struct ring *r)
{
	const unsigned first = r->used % r->num, slots = r->frees < r->num ? r->num - r->frees : 1;

	if (first + slots > r->num)
		return (struct pair_range){r->desc, SLOT * r->num};
	return (struct pair_range){slot_addr(r, first), SLOT * slots};
}

static struct desc desc_in(const struct ring *r, const uint8_t *bytes, unsigned place)
{
	struct desc d;

	memcpy(&d, bytes + (slot_addr(r, place) - window(r).addr), sizeof d);
	return d;
}

/* What the device gave back, by the bytes of the window. An id that is not out ends the search. */
static unsigned search(const struct ring *r, const uint8_t *bytes, struct found *found, unsigned most)
{
	unsigned n = 0, place = r->used, left = r->num - r->frees;

	while (n < most && left) {
		const struct desc d = desc_in(r, bytes, place);
		const bool lap = first_lap(r, place);

		if (((d.flags & DESC_AVAIL) != 0) != lap || ((d.flags & DESC_USED) != 0) != lap)
			break;
		found[n++] = (struct found){place, d};
		if (d.id >= r->num || r->count[d.id] == 0 || r->count[d.id] > left)
			break;
		left -= r->count[d.id];
		place = behind(r, place, r->count[d.id]);
	}
	return n;
}

static uint32_t count_used(const void *ctx, const uint8_t *bytes)
{
	struct found found[RING_BATCH];

	return search(ctx, bytes, found, RING_BATCH);
}

static struct pair_watch packed_watch(const struct ring *r)
{
	return (struct pair_watch){window(r), count_used, r};
}

static void packed_set_event(struct ring *r, unsigned ahead)
{
	const unsigned place = behind(r, r->used, ahead);
	const uint16_t words[2] = {(uint16_t)(place % r->num | (first_lap(r, place) ? 0x8000u : 0)), EVENT_DESC};

	pair_poke(r->pair, r->driver, words, sizeof words);
}

static void packed_set_interrupts(struct ring *r, bool wanted)
{
	const uint16_t words[2] = {0, wanted ? EVENT_ENABLE : EVENT_DISABLE};

	r->wanted = wanted;
	if (r->event_idx && wanted)
		packed_set_event(r, 0);
	else
		pair_poke(r->pair, r->driver, words, sizeof words);
}

/* One of ours beside that of QEMU with the same id, whose order within a batch is free. False: there is none. */
static bool match(struct ring *r, const struct found *ours, const struct found *qemu, unsigned count,
		  struct ring_done *done)
{
	struct pair *p = r->pair;
	const uint16_t rest = (uint16_t) ~(DESC_AVAIL | DESC_USED | DESC_WRITE);
	char what[32];

	*done = (struct ring_done){ours->desc.id, ours->desc.len, 0};
	for (unsigned i = 0; i < count; i++) {
		if (qemu[i].desc.id != ours->desc.id)
			continue;
		done->qemu_len = qemu[i].desc.len;
		pair_equal(p, "reserved used flags", ours->desc.flags & rest, qemu[i].desc.flags & rest, MASK_NONE);
		pair_equal(p, "WRITE in used flags", (ours->desc.flags & DESC_WRITE) != 0,
			   (qemu[i].desc.flags & DESC_WRITE) != 0, MASK_used_write);
		return pair_equal(p, "place in the ring", ours->place, qemu[i].place, MASK_used_order);
	}
	snprintf(what, sizeof what, "id of used slot %u", ours->place % r->num);
	return pair_equal(p, what, ours->desc.id, count ? qemu[0].desc.id : ~0ull, MASK_NONE);
}

/* The slots that the device had. len, id and flags of a used descriptor were compared by its id, and nothing else of a slot
 * may have changed; but where QEMU took another order, its used descriptors lie elsewhere. */
static void compare_slots(struct ring *r, const uint8_t *our_bytes, const uint8_t *qemu_bytes, const struct found *ours,
			  const struct found *qemu, unsigned count)
{
	static uint8_t kept[2][SLOT * RING_MAX];
	const unsigned slots = r->num - r->frees;
	bool same = true;

	for (unsigned i = 0; i < count; i++)
		same = same && ours[i].place == qemu[i].place;
	for (unsigned i = 0, k = 0; i < slots; i++) {
		const unsigned place = behind(r, r->used, i);
		const struct desc a = desc_in(r, our_bytes, place), b = desc_in(r, qemu_bytes, place);
		const bool used = k < count && ours[k].place == place;

		memcpy(kept[0] + SLOT * i, &a, SLOT);
		memcpy(kept[1] + SLOT * i, &b, SLOT);
		if (used || !same)
			memcpy(kept[0] + SLOT * i + 8, kept[1] + SLOT * i + 8, SLOT - 8);
		k += used;
	}
	pair_bytes(r->pair, "slots from", slot_addr(r, r->used), kept[0], kept[1], SLOT * slots);
}

/* Both event structures, and what lies between them. A device that has served nothing may leave its own as it was. */
static void compare_events(struct ring *r)
{
	uint8_t ours[EVENTS_BYTES + 2], qemu[EVENTS_BYTES + 2];
	const size_t len = (size_t)(r->device + 4 - r->driver);

	assert(len <= EVENTS_BYTES);
	pair_peek(r->pair, r->driver, len, ours, qemu);
	if (!r->pair->failed)
		pair_bytes(r->pair, "event structures at", r->driver, ours, qemu, len);
}

static void release(struct ring *r, uint32_t id)
{
	if (id >= r->num || r->count[id] == 0)
		return;
	r->used = (uint16_t)behind(r, r->used, r->count[id]);
	r->frees += r->count[id];
	r->count[id] = 0;
	r->free[r->ids++] = (uint16_t)id;
}

/* WRITE says whether something was written (2.8.3), which QEMU never says: that of ours is held against its len. */
static unsigned packed_collect(struct ring *r, struct ring_done *done, unsigned most)
{
	static uint8_t our_bytes[SLOT * RING_MAX + 2], qemu_bytes[SLOT * RING_MAX + 2];
	struct found ours[RING_BATCH], qemu[RING_BATCH];
	const struct pair_range at = window(r);
	unsigned n, others;

	pair_peek(r->pair, at.addr, at.len, our_bytes, qemu_bytes);
	if (r->pair->failed)
		return 0;
	n = search(r, our_bytes, ours, most);
	others = search(r, qemu_bytes, qemu, most);
	pair_equal(r->pair, "chains in the ring", n, others, MASK_NONE);
	if (n == others)
		compare_slots(r, our_bytes, qemu_bytes, ours, qemu, n);
	for (unsigned i = 0; i < n; i++) {
		if (!match(r, &ours[i], qemu, others, &done[i]))
			return 0;
		pair_equal(r->pair, "WRITE in our used flags", (ours[i].desc.flags & DESC_WRITE) != 0,
			   done[i].our_len != 0, MASK_NONE);
	}
	if (n)
		compare_events(r);
	for (unsigned i = 0; i < n; i++)
		release(r, done[i].id);
	if (r->event_idx && r->wanted)
		packed_set_event(r, 0);
	return n;
}

const struct ring_format ring_packed = {.feature = RING_PACKED_BIT,
					.in_place = true,
					.driver_align = 4,
					.sizes = packed_sizes,
					.setup = packed_setup,
					.post = packed_post,
					.publish = packed_publish,
					.watch = packed_watch,
					.collect = packed_collect,
					.set_interrupts = packed_set_interrupts,
					.set_event = packed_set_event};
