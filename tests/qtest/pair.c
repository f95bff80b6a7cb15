/* SPDX-License-Identifier: Apache-2.0
 * pair.c: see pair.h.
 */
#include "pair.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sim.h"
#include "soc/map.h"

enum { SETTLE_MS = 3000, SETTLE_MASKED_MS = 3, SYNC_BYTES = 24000 };
#define SLOT (MAP_VIRTIO + 7 * MAP_VIRTIO_STRIDE)

static const char *reg_name(uint16_t offset)
{
	static char text[16];

	switch (offset) {
#define REG(name, at, access, reset, what) \
	case at:                           \
		return #name;
#include "def/regs.def"
#undef REG
	}
	snprintf(text, sizeof text, "0x%03x", offset);
	return text;
}

void pair_note(struct pair *p, const char *format, ...)
{
	va_list args;

	if (p->failed)
		return;
	va_start(args, format);
	vsnprintf(p->history[p->steps++ % PAIR_HISTORY], sizeof p->history[0], format, args);
	va_end(args);
}

void pair_fail(struct pair *p, const char *format, ...)
{
	va_list args;

	if (p->failed)
		return;
	p->failed = true;
	va_start(args, format);
	vsnprintf(p->why, sizeof p->why, format, args);
	va_end(args);
}

/* Whether a difference is excused; counts it. */
static bool excused(struct pair *p, enum mask mask)
{
	if (mask == MASK_NONE)
		mask = p->scope;
	p->hits[mask]++;
	return mask != MASK_NONE;
}

/* Whether --fake asks for this comparison to differ. Those that a mask could excuse do not count. */
static bool falsified(struct pair *p, enum mask mask)
{
	p->compared++;
	if (p->fake < 0 || mask != MASK_NONE || p->scope != MASK_NONE || p->failed)
		return false;
	return p->fake-- == 0;
}

bool pair_equal(struct pair *p, const char *what, uint64_t ours, uint64_t qemu, enum mask mask)
{
	if (falsified(p, mask))
		ours ^= 1;
	if (p->failed)
		return false;
	if (ours == qemu || excused(p, mask))
		return true;
	pair_fail(p, "%s: QEMU 0x%llx, ours 0x%llx", what, (unsigned long long)qemu, (unsigned long long)ours);
	return false;
}

/* --- Registers */

static void both_send(struct pair *p, const char *text)
{
	peer_send(&p->ours, "%s", text);
	peer_send(&p->qemu, "%s", text);
}

static void push(struct pair *p, struct pair_op op)
{
	p->ops[p->count++] = op;
	p->accesses++;
	if (p->count == PAIR_OPS || p->ours.lines.out.len > SYNC_BYTES)
		pair_sync(p);
}

void pair_write_width(struct pair *p, uint16_t reg, unsigned width, uint32_t value)
{
	char text[64];

	if (p->failed)
		return;
	snprintf(text, sizeof text, "write%c 0x%llx 0x%x", " bw l"[width], (unsigned long long)SLOT + reg, value);
	both_send(p, text);
	if (reg == R_Status && value == 0)
		p->broken = false;
	pair_note(p, "write %s %u: 0x%08x", reg_name(reg), width, value);
	push(p, (struct pair_op){.kind = 'w', .width = (uint8_t)width, .offset = reg, .value = value});
}

void pair_write(struct pair *p, uint16_t reg, uint32_t value)
{
	pair_write_width(p, reg, 4, value);
}

void pair_read_width(struct pair *p, uint16_t reg, unsigned width, enum mask mask)
{
	char text[64];

	if (p->failed)
		return;
	snprintf(text, sizeof text, "read%c 0x%llx", " bw l"[width], (unsigned long long)SLOT + reg);
	both_send(p, text);
	pair_note(p, "read  %s %u", reg_name(reg), width);
	if (p->broken && reg == R_InterruptStatus)
		mask = MASK_error_isr;
	push(p, (struct pair_op){.kind = 'r', .width = (uint8_t)width, .offset = reg, .mask = mask});
}

void pair_read(struct pair *p, uint16_t reg, enum mask mask)
{
	pair_read_width(p, reg, 4, mask);
}

uint32_t pair_get(struct pair *p, uint16_t reg, enum mask mask)
{
	pair_read(p, reg, mask);
	pair_sync(p);
	return p->failed ? 0 : p->got;
}

void pair_poke(struct pair *p, uint64_t addr, const void *bytes, size_t len)
{
	if (p->failed)
		return;
	peer_send_bytes(&p->ours, addr, bytes, len);
	peer_send_bytes(&p->qemu, addr, bytes, len);
	push(p, (struct pair_op){.kind = 'p'});
}

void pair_fill(struct pair *p, uint64_t addr, size_t len, uint8_t byte)
{
	char text[64];

	if (p->failed)
		return;
	snprintf(text, sizeof text, "memset 0x%llx %zu %u", (unsigned long long)addr, len, byte);
	both_send(p, text);
	push(p, (struct pair_op){.kind = 'p'});
}

static bool read_answer(struct pair *p, struct peer *peer, bool value_wanted, uint64_t *value)
{
	const char *text = peer_answer(peer);

	*value = 0;
	if (peer->lines.gone)
		pair_fail(p, "%s went away", peer->name);
	else if (strncmp(text, "OK", 2) != 0 || (value_wanted && strncmp(text, "OK 0x", 5) != 0))
		pair_fail(p, "%s answered '%s'", peer->name, text);
	else if (value_wanted)
		*value = strtoull(text + 3, NULL, 16);
	return !p->failed;
}

static bool read_bytes(struct pair *p, struct peer *peer, uint8_t *to, size_t len)
{
	if (!peer_bytes(peer, to, len))
		pair_fail(p, "%s: no %zu bytes came", peer->name, len);
	return !p->failed;
}

void pair_sync(struct pair *p)
{
	uint64_t ours, qemu;

	peer_flush(&p->ours);
	peer_flush(&p->qemu);
	for (unsigned i = 0; i < p->count && !p->ours.lines.gone && !p->qemu.lines.gone; i++) {
		const struct pair_op *op = &p->ops[i];
		char what[64];

		read_answer(p, &p->ours, op->kind == 'r', &ours);
		read_answer(p, &p->qemu, op->kind == 'r', &qemu);
		if (op->kind != 'r' || p->failed)
			continue;
		snprintf(what, sizeof what, "%s (access %u of the last %u)", reg_name(op->offset), i + 1, p->count);
		if (op->offset == R_ConfigGeneration && op->width == 4) {
			ours -= p->our_generation;
			qemu -= p->qemu_generation;
		}
		p->got = (uint32_t)ours;
		pair_equal(p, what, ours, qemu, op->mask);
	}
	p->count = 0;
}

/* --- Interrupts */

static void compare_irqs(struct pair *p)
{
	enum mask mask = p->broken || p->was_broken ? MASK_error_line : MASK_NONE;

	if (falsified(p, mask))
		strcpy(p->ours.irqs, "made up");
	if (strcmp(p->ours.irqs, p->qemu.irqs) != 0 && !p->failed && !excused(p, mask))
		pair_fail(p, "interrupt lines: QEMU '%s', ours '%s'", p->qemu.irqs, p->ours.irqs);
	p->was_broken = p->broken;
	p->ours.irqs[0] = p->qemu.irqs[0] = 0;
}

struct observed {
	uint64_t isr, status, count;
};

static void ask(struct peer *peer, const struct pair_watch *w)
{
	peer_send(peer, "readl 0x%llx", (unsigned long long)SLOT + R_InterruptStatus);
	peer_send(peer, "readl 0x%llx", (unsigned long long)SLOT + R_Status);
	if (w)
		peer_send(peer, "b64read 0x%llx %zu", (unsigned long long)w->at.addr, w->at.len);
	peer_flush(peer);
}

static bool take(struct pair *p, struct peer *peer, const struct pair_watch *w, struct observed *o)
{
	static uint8_t bytes[ARENA_BYTES + 4];

	if (!read_answer(p, peer, true, &o->isr) || !read_answer(p, peer, true, &o->status))
		return false;
	if (w && read_bytes(p, peer, bytes, w->at.len))
		o->count = w->count(w->ctx, bytes);
	return !p->failed;
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void pair_settle(struct pair *p, const struct pair_watch *watch)
{
	struct observed ours = {0}, qemu = {0};
	long until = now_ms() + (p->scope ? SETTLE_MASKED_MS : SETTLE_MS);
	bool same;

	pair_sync(p);
	if (p->failed)
		return;
	ask(&p->ours, watch);
	if (!take(p, &p->ours, watch, &ours))
		return;
	do {
		ask(&p->qemu, watch);
		p->accesses += 3;
		if (!take(p, &p->qemu, watch, &qemu))
			return;
		same = (ours.isr == qemu.isr || (p->broken && qemu.isr == (ours.isr | 1))) &&
		       ours.status == qemu.status && ours.count == qemu.count;
	} while (!same && now_ms() < until);
	pair_note(p, "settled: InterruptStatus %u, Status 0x%02x, %u given back", (unsigned)ours.isr,
		  (unsigned)ours.status, (unsigned)ours.count);
	pair_equal(p, "InterruptStatus at rest", ours.isr, qemu.isr, p->broken ? MASK_error_isr : MASK_NONE);
	pair_equal(p, "Status at rest", ours.status, qemu.status, MASK_NONE);
	if (watch)
		pair_equal(p, "chains given back at rest", ours.count, qemu.count, MASK_NONE);
	compare_irqs(p);
}

/* --- Memory and disk */

void pair_peek(struct pair *p, uint64_t addr, size_t len, uint8_t *ours, uint8_t *qemu)
{
	char text[64];

	pair_sync(p);
	if (p->failed || len == 0)
		return;
	snprintf(text, sizeof text, "b64read 0x%llx %zu", (unsigned long long)addr, len);
	both_send(p, text);
	peer_flush(&p->ours);
	peer_flush(&p->qemu);
	p->accesses++;
	read_bytes(p, &p->ours, ours, len);
	read_bytes(p, &p->qemu, qemu, len);
}

void pair_bytes(struct pair *p, const char *what, uint64_t base, uint8_t *ours, const uint8_t *qemu, size_t len)
{
	char where[64];

	if (falsified(p, MASK_NONE))
		ours[len - 1] ^= 1;
	if (p->failed || memcmp(ours, qemu, len) == 0)
		return;
	for (size_t i = 0; i < len && !p->failed; i++) {
		snprintf(where, sizeof where, "%s 0x%llx", what, (unsigned long long)(base + i));
		if (ours[i] != qemu[i] && pair_equal(p, where, ours[i], qemu[i], MASK_NONE))
			return;
	}
}

void pair_memory(struct pair *p, uint64_t addr, size_t len)
{
	if (len == 0)
		return;
	pair_peek(p, addr, len, p->our_arena, p->qemu_arena);
	pair_bytes(p, "memory at", addr, p->our_arena, p->qemu_arena, len);
}

static void reset(struct pair *p)
{
	static const uint16_t zeroed[] = {R_DeviceFeaturesSel, R_QueueNum,        R_QueueDescLow,   R_QueueDescHigh,
					  R_QueueDriverLow,    R_QueueDriverHigh, R_QueueDeviceLow, R_QueueDeviceHigh};

	pair_write(p, R_Status, 0);
	pair_write(p, R_QueueSel, 0);
	for (unsigned i = 0; i < sizeof zeroed / sizeof zeroed[0]; i++)
		pair_write(p, zeroed[i], 0);
	for (unsigned word = 2; word-- > 0;) {
		pair_write(p, R_DriverFeaturesSel, word);
		pair_write(p, R_DriverFeatures, 0);
	}
}

static void read_generations(struct pair *p)
{
	struct peer *const peers[] = {&p->ours, &p->qemu};
	uint32_t *const to[] = {&p->our_generation, &p->qemu_generation};
	uint64_t value;

	pair_sync(p);
	for (unsigned i = 0; i < 2 && !p->failed; i++) {
		peer_send(peers[i], "readl 0x%llx", (unsigned long long)SLOT + R_ConfigGeneration);
		peer_flush(peers[i]);
		if (read_answer(p, peers[i], true, &value))
			*to[i] = (uint32_t)value;
	}
}

void pair_begin(struct pair *p, uint64_t seed)
{
	struct sim_rng rng;

	p->failed = false;
	p->scope = MASK_NONE;
	p->broken = p->was_broken = false;
	p->steps = 0;
	p->ours.irqs[0] = p->qemu.irqs[0] = 0;
	sim_rng_init(&rng, seed);
	for (size_t i = 0; i < DISK_BYTES; i += 4) {
		uint32_t word = sim_rng_next(&rng);

		memcpy(p->our_disk + i, &word, 4);
	}
	memcpy(p->qemu_disk, p->our_disk, DISK_BYTES);
	reset(p);
	pair_fill(p, ARENA, ARENA_BYTES, (uint8_t)sim_rng_next(&rng));
	read_generations(p);
	p->steps = 0;
}

void pair_end(struct pair *p, uint64_t high, struct pair_range given)
{
	const bool masked = p->scope != MASK_NONE;

	pair_settle(p, NULL);
	pair_note(p, "end of the sequence");
	pair_write(p, R_Status, 0);
	pair_peek(p, ARENA, (size_t)(high - ARENA), p->our_arena, p->qemu_arena);
	if (given.len)
		memcpy(p->our_arena + (given.addr - ARENA), p->qemu_arena + (given.addr - ARENA), given.len);
	pair_bytes(p, "memory at", ARENA, p->our_arena, p->qemu_arena, (size_t)(high - ARENA));
	pair_bytes(p, "disk at byte", 0, p->our_disk, p->qemu_disk, DISK_BYTES);
	p->scope = MASK_NONE;
	pair_read(p, R_Status, MASK_NONE);
	pair_read(p, R_InterruptStatus, MASK_NONE);
	if (masked) /* the line may have been up on one side only */
		pair_sync(p), p->ours.irqs[0] = p->qemu.irqs[0] = 0;
	pair_read(p, R_QueueReady, MASK_NONE);
	pair_sync(p);
	compare_irqs(p);
}
