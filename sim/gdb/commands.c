/* SPDX-License-Identifier: Apache-2.0
 * commands.c: what the client may ask for while the hart is halted.
 *
 * Replies: `OK`, the thing asked for, `E` and two digits (the host's errno that fits best), or nothing at all, which says
 * that there is no such packet.
 */
#include <stdlib.h>
#include <string.h>
#include "cpu/debug.h"
#include "gdb/gdb_impl.h"
#include "gdb/hex.h"
#include "gdb/memory.h"
#include "gdb/regs.h"
#include "sim.h"

enum { MEMORY_BYTES = GDB_PACKET_BYTES / 2 - 16, REG_BYTES = 8 };

/* EFAULT, EINVAL and ENOSPC as every client knows them. */
static const char bad_address[] = "E0e", bad_packet[] = "E16", no_room[] = "E1c";

static void put_ok(struct gdb *g, bool ok, const char *error)
{
	gdb_put(g, "%s", ok ? "OK" : error);
}

/* Moves over c. False: it is not there. */
static bool skip(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

static void read_registers(struct gdb *g)
{
	uint64_t value;

	for (unsigned i = 0; i < GDB_REGS_OF_G; i++) {
		gdb_reg_read(g->soc->cpu, i, &value);
		gdb_put_hex(g, &value, REG_BYTES);
	}
}

static void write_registers(struct gdb *g, const char *text)
{
	uint64_t values[GDB_REGS_OF_G];

	if (!gdb_hex_get((uint8_t *)values, text, sizeof values)) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	for (unsigned i = 1; i < GDB_REGS_OF_G; i++)
		gdb_reg_write(g->soc->cpu, i, values[i]);
	gdb_put(g, "OK");
}

static void read_register(struct gdb *g, const char *text)
{
	uint64_t number, value;

	if (gdb_hex_number(&text, &number) && !*text && gdb_reg_read(g->soc->cpu, number, &value))
		gdb_put_hex(g, &value, REG_BYTES);
	else
		gdb_put(g, "%s", bad_packet);
}

static void write_register(struct gdb *g, const char *text)
{
	uint64_t number, value;
	bool ok = gdb_hex_number(&text, &number) && skip(&text, '=') &&
		  gdb_hex_get((uint8_t *)&value, text, REG_BYTES) && gdb_reg_write(g->soc->cpu, number, value);

	put_ok(g, ok, bad_packet);
}

/* ADDR,LEN. */
static bool get_range(const char **text, uint64_t *addr, uint64_t *len)
{
	return gdb_hex_number(text, addr) && skip(text, ',') && gdb_hex_number(text, len);
}

static void read_memory(struct gdb *g, const char *text)
{
	uint8_t bytes[MEMORY_BYTES];
	uint64_t addr, len;
	size_t got;

	if (!get_range(&text, &addr, &len) || *text) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	got = gdb_memory_read(g->soc, g->mmio, addr, bytes, len < MEMORY_BYTES ? (size_t)len : MEMORY_BYTES);
	if (got == 0 && len != 0)
		gdb_put(g, "%s", bad_address);
	gdb_put_hex(g, bytes, got);
}

/* M has digits, X has bytes. */
static void write_memory(struct gdb *g, const char *text, const char *end, bool binary)
{
	uint8_t bytes[GDB_PACKET_BYTES];
	uint64_t addr, len;
	size_t room;

	if (!get_range(&text, &addr, &len) || !skip(&text, ':')) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	room = (size_t)(end - text) / (binary ? 1 : 2);
	if (len > room || (!binary && !gdb_hex_get(bytes, text, (size_t)len))) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	if (binary)
		memcpy(bytes, text, (size_t)len);
	put_ok(g, gdb_memory_write(g->soc, g->mmio, addr, bytes, (size_t)len) == len, bad_address);
}

/* [ADDR]: where to go on. */
static bool resume_at(struct gdb *g, const char *text, bool step)
{
	uint64_t pc;

	if (*text && (!gdb_hex_number(&text, &pc) || *text || !gdb_reg_write(g->soc->cpu, GDB_REG_PC, pc))) {
		gdb_put(g, "%s", bad_packet);
		return true;
	}
	gdb_resume(g, step);
	return false;
}

/* C and S: a signal, which means nothing here, and perhaps an address. */
static bool resume_with_signal(struct gdb *g, const char *text, bool step)
{
	uint64_t signal;

	if (!gdb_hex_number(&text, &signal) || (*text && !skip(&text, ';'))) {
		gdb_put(g, "%s", bad_packet);
		return true;
	}
	return resume_at(g, text, step);
}

/* vCont;ACTION[:THREAD]...: there is one thread, so the first action counts. */
static bool resume_threads(struct gdb *g, const char *text)
{
	char action = text[0] == ';' ? text[1] : 0;

	if (action && strchr("cCsS", action)) {
		gdb_resume(g, action == 's' || action == 'S');
		return false;
	}
	gdb_put(g, "%s", bad_packet);
	return true;
}

static void set_point(struct gdb *g, enum debug_kind kind, uint64_t addr, uint64_t len, bool set)
{
	struct cpu *cpu = g->soc->cpu;
	uint64_t physical;
	bool ok = true;

	if (kind == DEBUG_BREAK && set)
		ok = addr % 2 == 0 && debug_set_break(cpu, addr);
	else if (kind == DEBUG_BREAK)
		debug_clear_break(cpu, addr);
	else if (set)
		ok = gdb_memory_translate(g->soc, addr, &physical) && debug_set_watch(cpu, kind, physical, len, addr);
	else
		debug_clear_watch(cpu, kind, len, addr);
	put_ok(g, ok, no_room);
}

void gdb_point(struct gdb *g, const char *text, bool set)
{
	static const enum debug_kind kinds[] = {DEBUG_BREAK, DEBUG_BREAK, DEBUG_WRITE, DEBUG_READ, DEBUG_ACCESS};
	uint64_t type, addr, len;

	if (!gdb_hex_number(&text, &type) || !skip(&text, ',') || !get_range(&text, &addr, &len))
		gdb_put(g, "%s", bad_packet);
	else if (type < sizeof kinds / sizeof kinds[0] && !*text)
		set_point(g, kinds[type], addr, len, set);
}

/* OFFSET,LEN of the target description. */
static void send_xml(struct gdb *g, const char *text)
{
	uint64_t offset, len;
	size_t bytes;
	const char *xml = gdb_regs_xml(&bytes);

	if (!get_range(&text, &offset, &len) || offset > bytes) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	len = len < GDB_PACKET_BYTES - 1 ? len : GDB_PACKET_BYTES - 1;
	len = len < bytes - offset ? len : bytes - offset;
	gdb_put(g, "%c%.*s", offset + len < bytes ? 'm' : 'l', (int)len, xml + offset);
}

static void monitor(struct gdb *g, const char *hex, size_t digits)
{
	char line[GDB_PACKET_BYTES / 2 + 1];

	if (digits % 2 != 0 || !gdb_hex_get((uint8_t *)line, hex, digits / 2)) {
		gdb_put(g, "%s", bad_packet);
		return;
	}
	line[digits / 2] = 0;
	gdb_monitor(g, line);
	g->out_len = 0;
	gdb_put(g, "OK");
}

/* What follows the prefix, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

static void query(struct gdb *g, const char *text, const char *end)
{
	const char *rest;

	if (after(text, "Supported"))
		gdb_put(g, "PacketSize=%x;qXfer:features:read+;vContSupported+;QStartNoAckMode+", GDB_PACKET_BYTES);
	else if ((rest = after(text, "Xfer:features:read:target.xml:")))
		send_xml(g, rest);
	else if (after(text, "Xfer:features:read:"))
		gdb_put(g, "E00");
	else if (strcmp(text, "C") == 0)
		gdb_put(g, "QC1");
	else if (strcmp(text, "fThreadInfo") == 0)
		gdb_put(g, "m1");
	else if (strcmp(text, "sThreadInfo") == 0)
		gdb_put(g, "l");
	else if (after(text, "ThreadExtraInfo,"))
		gdb_put_hex(g, "hart 0", 6);
	else if (after(text, "Attached"))
		gdb_put(g, "1");
	else if (after(text, "Symbol:"))
		gdb_put(g, "OK");
	else if ((rest = after(text, "Rcmd,")))
		monitor(g, rest, (size_t)(end - rest));
}

/* Threads: 1, any (0) and all (-1) are the hart. */
static bool is_hart(const char *text)
{
	return strcmp(text, "0") == 0 || strcmp(text, "1") == 0 || strcmp(text, "-1") == 0;
}

static void leave(struct gdb *g, bool kill)
{
	g->left = true;
	g->killed = kill;
}

static bool v_packet(struct gdb *g, const char *text)
{
	const char *rest;

	if (strcmp(text, "Cont?") == 0)
		gdb_put(g, "vCont;c;C;s;S");
	else if ((rest = after(text, "Cont")))
		return resume_threads(g, rest);
	else if (after(text, "Kill;")) {
		leave(g, true);
		gdb_put(g, "OK");
	}
	return true;
}

bool gdb_command(struct gdb *g, const char *text, size_t len)
{
	const char *rest = text + 1, *end = text + len;

	switch (text[0]) {
	case '?':
		gdb_put_stop(g);
		return true;
	case 'g':
		read_registers(g);
		return true;
	case 'G':
		write_registers(g, rest);
		return true;
	case 'p':
		read_register(g, rest);
		return true;
	case 'P':
		write_register(g, rest);
		return true;
	case 'm':
		read_memory(g, rest);
		return true;
	case 'M':
	case 'X':
		write_memory(g, rest, end, text[0] == 'X');
		return true;
	case 'c':
	case 's':
		return resume_at(g, rest, text[0] == 's');
	case 'C':
	case 'S':
		return resume_with_signal(g, rest, text[0] == 'S');
	case 'Z':
	case 'z':
		gdb_point(g, rest, text[0] == 'Z');
		return true;
	case 'H':
		put_ok(g, len > 1 && is_hart(rest + 1), bad_packet);
		return true;
	case 'T':
		put_ok(g, is_hart(rest), bad_packet);
		return true;
	case 'D':
		leave(g, false);
		gdb_put(g, "OK");
		return true;
	case 'k':
		leave(g, true);
		return false;
	case 'q':
		query(g, rest, end);
		return true;
	case 'Q':
		if (strcmp(rest, "StartNoAckMode") == 0) {
			g->no_ack = true;
			gdb_put(g, "OK");
		}
		return true;
	case 'v':
		return v_packet(g, rest);
	default:
		return true;
	}
}
