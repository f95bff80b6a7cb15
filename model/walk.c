/* SPDX-License-Identifier: Apache-2.0
 * walk.c: descriptor chains, virtio 1.2, 2.7.5. Twin of rtl/walk.v.
 *
 * A head takes a slot; up to VIO_SLOTS chains are walked at once, each with one read under way. Reads come back in the
 * order in which they were asked for, and tag says whose they are. A read fetches neighbours: as many descriptors as
 * the last one could use. Chains leave in order, announced only when they were walked to the end:
 *
 *   CHAIN -> SEGS -> CHAIN                          the chain fits its slot
 *   CHAIN -> SEGS -> AGAIN -> SEGS ... -> CHAIN     it does not: its later descriptors are read a second time
 *
 * An early head may turn out to be another one: when its confirmation differs, the slot walks again from there, and in
 * a packed ring is dropped. Errors stay in their slot until it is the oldest and confirmed, so they come in order.
 *
 * A packed ring differs in where the next descriptor is, and in what names the chain (virtio 1.2, 2.8.6): the id of its
 * last descriptor. fetch and used are told how many slots each chain takes.
 *
 * The driver is not trusted. A bad index, a loop, a wrong order of directions or 2^32 bytes end in ERR_*, never in an
 * access past the table. Descriptors of length 0 are skipped. A second reading that differs from the first can at
 * worst end in ERR_CHAIN_CHANGED.
 */

#define DESC_NEXT 1
#define DESC_WRITE 2
#define DESC_INDIRECT 4

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

static void walk_fail(struct vio *v, enum vio_error code, const struct vio_slot *s)
{
	v->walk.err = (struct vio_err){.code = (uint8_t)code, .queue = s->queue, .desc = s->table ? s->head : s->next};
	v->walk.state = S(walk, DEAD);
	v->erred |= ERRED_WALK;
}

/* A descriptor is refused: the walk of its slot ends. */
static bool walk_refuse(struct vio_slot *s, enum vio_error code)
{
	s->err = (uint8_t)code;
	s->done = true;
	return false;
}

static bool is_packed(const struct vio *v)
{
	return has_feature(v->pub.features, F_BIT_RING_PACKED);
}

/* A head takes the next free slot. */
static void walk_accept(struct vio *v, const struct vio_clk *clk, unsigned first, unsigned used)
{
	struct vio_walk *w = &v->walk;

	if (!CAN_POP(head) || used == VIO_SLOTS)
		return;
	w->slot[(first + used) % VIO_SLOTS] = (struct vio_slot){.queue = HEAD(head)->queue,
								.head = HEAD(head)->head,
								.next = HEAD(head)->head,
								.want = true,
								.early = HEAD(head)->early != 0};
	w->used++;
	POP(head);
}

/* Entries of the table that next counts in. */
static uint32_t table_size(const struct vio *v, const struct vio_slot *s)
{
	return s->table ? s->entries : v->pub.queue[s->queue].num;
}

/* The oldest slot that wants descriptors gets its read. */
static void walk_ask(struct vio *v, const struct vio_clk *clk, unsigned first, unsigned want)
{
	struct vio_walk *w = &v->walk;

	if (want == 0 || !CAN_PUSH(desc_job) || !CAN_PUSH(tag))
		return;
	for (unsigned i = 0; i < VIO_SLOTS; i++) {
		const unsigned index = (first + i) % VIO_SLOTS;
		struct vio_slot *s = &w->slot[index];
		const uint64_t base = s->table ? s->base : v->pub.queue[s->queue].desc;
		const uint32_t left = table_size(v, s) - s->next;
		const uint32_t guess = s->table ? VIO_DESC_BURST : w->guess;
		const uint8_t count = (uint8_t)(guess < left ? guess : left);

		if ((want >> index & 1) == 0 || !s->want)
			continue;
		PUSH(desc_job, .addr = base + 16ull * s->next, .len = 16u * count, .flush = 1);
		PUSH(tag, .slot = (uint8_t)index, .count = count);
		s->want = false;
		return;
	}
}

/* The segment of a descriptor goes into the slot while there is room. In the second pass a full slot, or the last
 * segment of the chain, ends the reading. Returns false when the descriptor is refused. */
static bool walk_keep(struct vio *v, struct vio_slot *s, unsigned index, const struct desc *d)
{
	struct vio_walk *w = &v->walk;
	const bool write = (d->flags & DESC_WRITE) != 0;
	const uint64_t total = (uint64_t)s->rlen + s->wlen + d->len;

	if (d->len == 0)
		return true;
	if (!write && s->seen_write)
		return walk_refuse(s, ERR_CHAIN_ORDER);
	if (d->addr + (d->len - 1) < d->addr)
		return walk_refuse(s, ERR_ADDR_WRAP);
	if (!s->again && total > 0xffffffff)
		return walk_refuse(s, ERR_CHAIN_BYTES);
	s->seen_write = write;
	if (s->kept < VIO_SEGS) {
		w->seg[index][s->kept] = (struct vio_seg){.addr = d->addr, .len = d->len, .write = write};
		s->kept++;
	} else if (s->segs == VIO_SEGS) {
		s->resume = s->next;
		s->resume_table = s->table;
	}
	if (!s->again) {
		s->segs++;
		s->rlen += write ? 0 : d->len;
		s->wlen += write ? d->len : 0;
	}
	return true;
}

/* Follows next, or ends the walk of this slot. Returns true when the next descriptor of this read is wanted. */
static bool walk_follow(struct vio *v, struct vio_slot *s, const struct desc *d, bool more_in_read)
{
	const uint32_t size = table_size(v, s);
	const bool neighbour = d->next == (uint16_t)(s->next + 1);
	const bool finished = s->again && s->kept + v->walk.total == s->segs;

	s->count++;
	if ((d->flags & DESC_NEXT) == 0 && s->again && !finished)
		return walk_refuse(s, ERR_CHAIN_CHANGED);
	if ((d->flags & DESC_NEXT) == 0 || finished) {
		s->done = true;
		return false;
	}
	if (d->next >= size)
		return walk_refuse(s, s->table ? ERR_TABLE_NEXT : ERR_NEXT_INDEX);
	if (s->count == size)
		return walk_refuse(s, s->table ? ERR_TABLE_LOOP : ERR_CHAIN_LOOP);
	if (s->again && s->kept == VIO_SEGS) {
		s->resume = d->next;
		s->resume_table = s->table;
		s->done = true;
		return false;
	}
	s->next = d->next;
	if (neighbour && more_in_read)
		return true;
	s->want = true;
	return false;
}

/* The walk goes on at the start of a table (virtio 1.2, 2.7.5.3); the WRITE flag means nothing here. */
static bool walk_enter(struct vio *v, struct vio_slot *s, const struct desc *d)
{
	if (!has_feature(v->pub.features, F_BIT_INDIRECT_DESC))
		return walk_refuse(s, ERR_INDIRECT);
	if (s->table)
		return walk_refuse(s, ERR_INDIRECT_NESTED);
	if ((d->flags & DESC_NEXT) != 0)
		return walk_refuse(s, ERR_INDIRECT_NEXT);
	if (d->len == 0 || d->len % 16 != 0)
		return walk_refuse(s, ERR_INDIRECT_LEN);
	if (is_packed(v) && s->count != 0)
		return walk_refuse(s, ERR_INDIRECT_LIST);
	if (is_packed(v) && d->len / 16 > 0x10000)
		return walk_refuse(s, ERR_INDIRECT_LEN);
	if (d->addr + (d->len - 1) < d->addr)
		return walk_refuse(s, ERR_TABLE_WRAP);
	s->table = true;
	s->base = d->addr;
	s->entries = d->len / 16 < 0x10000 ? d->len / 16 : 0x10000;
	s->next = 0;
	s->count = 0;
	s->want = true;
	return false;
}

/* How many descriptors the next chain's read should bring, from what this one could use. */
static void walk_guess(struct vio *v, const struct vio_slot *s, bool goes_on, unsigned seen, unsigned count)
{
	struct vio_walk *w = &v->walk;
	unsigned guess = seen;

	if (is_packed(v) && (s->again || (!s->done && !s->table)))
		return;
	if (is_packed(v))
		guess = s->table ? 1 : s->count;
	else if (goes_on && seen == count)
		guess = 2 * count;
	w->guess = (uint8_t)(guess < VIO_DESC_BURST ? guess : VIO_DESC_BURST);
}

/* A descriptor of a packed ring as one of a split ring. In a table all entries follow each other, whatever their flags. */
static struct desc unpack(const struct vio *v, struct vio_slot *s, uint64_t addr, uint64_t data)
{
	struct desc d = {addr, (uint32_t)data, (uint16_t)(data >> 48), (uint16_t)(s->next + 1)};

	if (s->table) {
		d.flags = (uint16_t)((d.flags & DESC_WRITE) | (s->next + 1u < s->entries ? DESC_NEXT : 0));
		return d;
	}
	s->id = (uint16_t)(data >> 32);
	if (d.next == v->pub.queue[s->queue].num)
		d.next = 0;
	return d;
}

/* A whole descriptor came. */
static void walk_desc(struct vio *v, unsigned index, const struct desc *d, unsigned count)
{
	struct vio_walk *w = &v->walk;
	struct vio_slot *s = &w->slot[index];
	const unsigned seen = w->seen + 1u;
	const bool goes_on = (d->flags & DESC_NEXT) != 0 && d->next == (uint16_t)(s->next + 1);
	const bool in_ring = !s->table;

	if ((d->flags & DESC_INDIRECT) != 0)
		walk_enter(v, s, d);
	else if (walk_keep(v, s, index, d) && walk_follow(v, s, d, seen < count))
		return;
	w->skip = true;
	if (s->err == ERR_NONE && in_ring)
		walk_guess(v, s, goes_on, seen, count);
}

/* A descriptor could not be read. */
static void walk_unread(struct vio *v, unsigned index, unsigned resp)
{
	struct vio_slot *s = &v->walk.slot[index];

	v->walk.skip = true;
	walk_refuse(s, bus_error(s->table ? ERR_READ_TABLE : ERR_READ_DESC, resp));
}

/* Two beats make a descriptor. */
static void walk_beat(struct vio *v, const struct vio_clk *clk)
{
	struct vio_walk *w = &v->walk;
	const struct vio_tag tag = *HEAD(tag);
	const uint64_t data = HEAD(desc_beat)->data;
	const uint8_t resp = HEAD(desc_beat)->resp;

	if (!CAN_POP(desc_beat) || !CAN_POP(tag))
		return;
	POP(desc_beat);
	w->half = !w->half;
	if (w->half) {
		w->addr = data;
		w->resp = resp;
		return;
	}
	if (!w->skip) {
		const struct desc split = {w->addr, (uint32_t)data, (uint16_t)(data >> 32), (uint16_t)(data >> 48)};
		const struct desc d = is_packed(v) ? unpack(v, &w->slot[tag.slot], w->addr, data) : split;

		if ((w->resp | resp) != 0)
			walk_unread(v, tag.slot, w->resp | resp);
		else
			walk_desc(v, tag.slot, &d, tag.count);
	}
	if (++w->seen == tag.count) {
		w->seen = 0;
		w->skip = false;
		POP(tag);
	}
}

static void walk_free(struct vio_walk *w)
{
	w->first = (uint8_t)((w->first + 1) % VIO_SLOTS);
	w->used--;
	w->state = S(walk, CHAIN);
}

/* The oldest slot was walked and may be announced: it is, or walks again, or is dropped, or its error is raised. */
static void walk_announce(struct vio *v)
{
	struct vio_walk *w = &v->walk;
	struct vio_slot *s = &w->slot[w->first];
	const uint16_t slots = s->table ? 1 : (uint16_t)s->count;

	if (s->early) {
		const struct vio_confirm confirm = *HEAD(confirm);

		POP(confirm);
		s->early = false;
		if (confirm.drop) {
			walk_free(w);
			return;
		}
		if (confirm.head != s->head) {
			*s = (struct vio_slot){
				.queue = s->queue, .head = confirm.head, .next = confirm.head, .want = true};
			return;
		}
	}
	if (s->err != ERR_NONE) {
		walk_fail(v, (enum vio_error)s->err, s);
		return;
	}
	PUSH(chain, .queue = s->queue, .head = is_packed(v) ? s->id : s->head, .rlen = s->rlen, .wlen = s->wlen,
	     .segs = s->segs);
	if (is_packed(v)) {
		PUSH(step, .slots = slots);
		PUSH(span, .slots = slots);
	}
	w->out = 0;
	w->total = 0;
	if (s->segs == 0)
		walk_free(w);
	else
		w->state = S(walk, SEGS);
}

/* Packed: the oldest slot is not yet walked, and fetch knows whether its head is one. If not, it is freed when no read of
 * it is under way; if so, it may read on. */
static void walk_confirm(struct vio *v)
{
	struct vio_walk *w = &v->walk;
	struct vio_slot *s = &w->slot[w->first];

	if (HEAD(confirm)->drop && !s->want)
		return;
	s->early = false;
	if (HEAD(confirm)->drop) {
		s->want = false;
		walk_free(w);
	}
	POP(confirm);
}

/* Hands the segments of the oldest slot on, once it was walked. */
static void walk_emit(struct vio *v, const struct vio_clk *clk, bool ready)
{
	struct vio_walk *w = &v->walk;
	struct vio_slot *s = &w->slot[w->first];

	switch (w->state) {
	case S(walk, CHAIN):
		if (w->used != 0 && !ready && s->early && is_packed(v) && CAN_POP(confirm))
			walk_confirm(v);
		else if (ready && CAN_PUSH(chain) && (!s->early || CAN_POP(confirm)) && CAN_PUSH(step) &&
			 CAN_PUSH(span))
			walk_announce(v);
		break;
	case S(walk, SEGS):
		if (!CAN_PUSH(seg))
			break;
		PUSH(seg, .addr = w->seg[w->first][w->out].addr, .len = w->seg[w->first][w->out].len,
		     .write = w->seg[w->first][w->out].write);
		w->out++;
		w->total++;
		if (w->total == s->segs) {
			walk_free(w);
		} else if (w->out == s->kept) {
			s->done = false;
			s->want = true;
			s->again = true;
			s->kept = 0;
			s->count = 0;
			s->next = s->resume;
			s->table = s->resume_table;
			s->seen_write = false;
			w->state = S(walk, AGAIN);
		}
		break;
	case S(walk, AGAIN):
		if (!ready)
			break;
		w->out = 0;
		if (s->err != ERR_NONE)
			walk_fail(v, (enum vio_error)s->err, s);
		else
			w->state = S(walk, SEGS);
		break;
	default:
		break;
	}
}

static void walk_reset(struct vio_walk *w)
{
	w->state = S(walk, CHAIN);
	w->first = w->used = w->seen = 0;
	w->guess = 4;
	w->half = w->skip = false;
	w->err.code = ERR_NONE;
	for (unsigned i = 0; i < VIO_SLOTS; i++)
		w->slot[i].want = w->slot[i].done = false;
}

/* A head of a packed ring that is not confirmed may read once, and its table: it may be within a long chain. */
static bool walk_may_ask(const struct vio *v, const struct vio_slot *s)
{
	return s->want && !(is_packed(v) && s->early && !s->table && s->count != 0);
}

static void walk_tick(struct vio *v, const struct vio_clk *clk)
{
	struct vio_walk *w = &v->walk;
	const unsigned first = w->first, used = w->used;
	unsigned want = 0;
	bool ready;

	if (w->state == S(walk, DEAD))
		return;
	for (unsigned i = 0; i < VIO_SLOTS; i++)
		want |= (unsigned)walk_may_ask(v, &w->slot[i]) << i;
	ready = used != 0 && w->slot[w->first].done;
	walk_emit(v, clk, ready);
	if (w->state == S(walk, DEAD))
		return;
	walk_beat(v, clk);
	walk_ask(v, clk, first, want);
	walk_accept(v, clk, first, used);
}
