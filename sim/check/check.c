/* SPDX-License-Identifier: Apache-2.0
 * check.c: see check.h. Findings, the probe of a slot, and who looks at which access.
 */
#include "check/check_impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

enum { MAGIC_VALUE = 0x000, VERSION = 0x004, DEVICE_ID = 0x008, CONFIG = 0x100, VENDOR = 0x800 };

enum { MAY = CHECK_MAY, SHOULD = CHECK_SHOULD, MUST = CHECK_MUST };

static const struct rule {
	const char *row, *section, *text;
	enum check_level level;
} rules[] = {
#define RULE(row, section, level, text) {#row, section, text, (enum check_level)level},
#include "check/rules.def"
};

struct check *check_new(const struct check_config *config)
{
	struct check *c = sim_alloc(sizeof *c);

	c->config = *config;
	check_reset(c);
	return c;
}

void check_free(struct check *c)
{
	if (!c)
		return;
	check_queues_forget(c);
	free(c->told);
	free(c);
}

void check_reset(struct check *c)
{
	memset(c->probe, 0, sizeof c->probe);
	c->device_id = 0;
	c->legacy = false;
	c->was_reset = c->resetting = false;
	c->offered = c->config.features;
	check_forget(c);
	c->guest_page_size = 0;
}

void check_row(enum check_rule rule, char buf[16])
{
	snprintf(buf, 16, "%s", rules[rule].row);
	char *cut = strchr(buf, '_');

	if (!cut)
		return;
	*cut = '-';
	cut = strchr(cut, '_');
	if (cut)
		*cut = 0;
}

/* Whether this instruction broke the rule before; remembers that it did. */
static bool was_told(struct check *c, enum check_rule rule)
{
	for (unsigned i = 0; i < c->told_count; i++)
		if (c->told[i].pc == c->at.pc && c->told[i].rule == rule)
			return true;
	if (c->told_count == c->told_room) {
		c->told_room = c->told_room ? 2 * c->told_room : 64;
		c->told = realloc(c->told, c->told_room * sizeof c->told[0]);
		if (!c->told)
			sim_die("out of memory for findings");
	}
	c->told[c->told_count++] = (struct told){c->at.pc, rule};
	return false;
}

void check_tell(struct check *c, enum check_rule rule, const char *fmt, ...)
{
	static const char *const levels[] = {"MAY", "SHOULD", "MUST"};
	const struct rule *r = &rules[rule];
	uint64_t offset = 0;
	const char *function;
	char row[16];
	va_list args;

	if (was_told(c, rule))
		return;
	c->counts[rule]++;
	if (!c->config.to)
		return;
	check_row(rule, row);
	fprintf(c->config.to, "check: cycle %" PRIu64 ": ", c->at.cycle);
	if (c->config.say_slot)
		fprintf(c->config.to, "slot %u: ", c->config.slot);
	fprintf(c->config.to, "%s %s (virtio 1.2, %s): %s", row, levels[r->level], r->section, r->text);
	va_start(args, fmt);
	vfprintf(c->config.to, fmt, args);
	va_end(args);
	function = c->config.symbols ? symbols_find(c->config.symbols, c->at.pc, &offset) : NULL;
	if (function)
		fprintf(c->config.to, " (%s+0x%" PRIx64 ")\n", function, offset);
	else
		fprintf(c->config.to, " (pc 0x%" PRIx64 ")\n", c->at.pc);
}

unsigned check_findings(const struct check *c, enum check_level level)
{
	unsigned count = 0;

	for (unsigned i = 0; i < CHECK_RULES; i++)
		if (rules[i].level >= level)
			count += c->counts[i];
	return count;
}

unsigned check_broken(const struct check *c, enum check_rule rule)
{
	return c->counts[rule];
}

void check_summary(const struct check *c, FILE *to)
{
	fprintf(to, "check: ");
	if (c->config.say_slot)
		fprintf(to, "slot %u: ", c->config.slot);
	fprintf(to, "%u findings, %u rules watched\n", check_findings(c, CHECK_MAY), (unsigned)CHECK_RULES);
}

const uint8_t *check_bytes(const struct check *c, uint64_t addr, uint64_t len)
{
	uint64_t offset = addr - c->config.dram_base;

	if (offset >= c->config.dram_size || c->config.dram_size - offset < len)
		return NULL;
	return c->config.dram + offset;
}

uint16_t check_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t check_le32(const uint8_t *p)
{
	return (uint32_t)check_le16(p) | (uint32_t)check_le16(p + 2) << 16;
}

uint64_t check_le64(const uint8_t *p)
{
	return (uint64_t)check_le32(p) | (uint64_t)check_le32(p + 4) << 32;
}

struct desc check_desc(const uint8_t *p)
{
	return (struct desc){check_le64(p), check_le32(p + 8), check_le16(p + 12), check_le16(p + 14)};
}

bool check_overlap(uint64_t addr, uint64_t len, uint64_t base, uint64_t bytes)
{
	return (bytes && addr - base < bytes) || (len && base - addr < len);
}

/* The first reads of a slot, and what must not be done without them (4.2.3.1.1). */
static void probe(struct check *c, unsigned slot, uint32_t reg, bool write, uint32_t data)
{
	struct probe *p = &c->probe[slot];

	if (!write && reg == MAGIC_VALUE) {
		p->magic = true;
		p->wrong |= data != 0x74726976;
		return;
	}
	if (!write && reg == VERSION) {
		p->version = true;
		p->wrong |= data != 1 && data != 2;
		return;
	}
	if (p->wrong) {
		check_tell(c, CHECK_MMIO_49, ": offset 0x%03x", reg);
		return;
	}
	if (!write && reg == DEVICE_ID) {
		if (!p->magic || !p->version)
			check_tell(c, CHECK_MMIO_56_order, ": DeviceID");
		p->id = true;
		p->empty = data == 0;
		return;
	}
	if (p->empty)
		check_tell(c, CHECK_MMIO_56_empty, ": slot %u offset 0x%03x", slot, reg);
	else if (!p->id)
		check_tell(c, CHECK_MMIO_56_order, ": offset 0x%03x", reg);
}

static void word(struct check *c, unsigned slot, uint32_t reg, bool write, uint32_t data)
{
	probe(c, slot, reg, write, data);
	if (slot != c->config.slot)
		return;
	if (!write && reg == VERSION)
		c->legacy = data == 1;
	if (!write && reg == DEVICE_ID)
		c->device_id = data;
	if (write)
		check_reg_write(c, reg, data);
	else
		check_reg_read(c, reg, data);
}

static void take(struct check *c, unsigned slot, uint32_t offset, unsigned len, bool write, uint64_t data)
{
	if (slot >= SLOTS)
		return;
	if (offset >= CONFIG && offset < VENDOR) {
		probe(c, slot, offset, write, (uint32_t)data);
		if (slot == c->config.slot)
			check_config_access(c, offset - CONFIG, len, write, data);
		return;
	}
	if (len != 4)
		check_tell(c, CHECK_MMIO_47, ": %u bytes at offset 0x%03x", len, offset);
	/* A part of a register that is not its low bytes says nothing about its value. */
	if (offset % 4 == 0)
		word(c, slot, offset, write, (uint32_t)data);
	if (len == 8)
		word(c, slot, offset + 4, write, (uint32_t)(data >> 32));
}

void check_read(struct check *c, struct check_place at, unsigned slot, uint32_t offset, unsigned len, uint64_t data)
{
	c->at = at;
	take(c, slot, offset, len, false, data);
}

void check_write(struct check *c, struct check_place at, unsigned slot, uint32_t offset, unsigned len, uint64_t data)
{
	c->at = at;
	take(c, slot, offset, len, true, data);
}

/* Ring memory that the device may still use belongs to it until the driver knows better. */
static void stored_early(struct check *c, const struct queue *q, uint64_t addr, uint64_t len)
{
	if (!check_overlap(addr, len, q->desc, (uint64_t)DESC_BYTES * q->num) &&
	    !check_overlap(addr, len, q->driver, check_driver_bytes(q)) &&
	    !check_overlap(addr, len, q->device, check_device_bytes(q)))
		return;
	check_tell(c, q->resetting ? CHECK_RRST_03 : CHECK_MMIO_53_memory, ": queue %u", q->index);
}

void check_stored(struct check *c, struct check_place at, uint64_t addr, uint64_t len)
{
	c->at = at;
	for (unsigned i = 0; i < QUEUES; i++) {
		struct queue *q = &c->queue[i];

		if (q->stopping || q->resetting)
			stored_early(c, q, addr, len);
		else if (q->live && q->packed)
			check_packed_stored(c, q, addr, len);
		else if (q->live)
			check_split_stored(c, q, addr, len);
	}
}
