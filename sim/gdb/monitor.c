/* SPDX-License-Identifier: Apache-2.0
 * monitor.c: the commands behind GDB's `monitor`: what a debugger of a machine wants and the protocol has no packet for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gdb/gdb_impl.h"
#include "gdb/memory.h"
#include "soc/map.h"

enum { WORDS = 4, DUMP_LINE = 16, DUMP_BYTES = 65536 };

struct monitor_command {
	const char *name, *arguments, *what;
	bool (*obey)(struct gdb *g, char **words, unsigned count); /* false: the arguments are wrong */
};

static bool get_number(const char *word, uint64_t *value)
{
	char *end;

	*value = strtoull(word, &end, 0);
	return *word >= '0' && *word <= '9' && !*end;
}

/* The slots that hold a device, the lowest first; -1 behind the last. */
static int next_device(const struct gdb *g, int slot)
{
	while (++slot < (int)MAP_VIRTIO_SLOTS)
		if (g->soc->vdev[slot])
			return slot;
	return -1;
}

static bool do_vio(struct gdb *g, char **words, unsigned count)
{
	uint64_t slot;

	if (count == 1) {
		if (next_device(g, -1) < 0)
			gdb_say(g, "no slot holds a device\n");
		for (int i = next_device(g, -1); i >= 0; i = next_device(g, i))
			gdb_show_vio(g, (unsigned)i);
		return true;
	}
	if (count != 2 || !get_number(words[1], &slot) || slot >= MAP_VIRTIO_SLOTS)
		return false;
	if (g->soc->vdev[slot])
		gdb_show_vio(g, (unsigned)slot);
	else
		gdb_say(g, "slot %u is empty\n", (unsigned)slot);
	return true;
}

static const struct {
	const char *name;
	enum gdb_break_on bit;
} events[] = {{"chain", GDB_ON_CHAIN}, {"irq", GDB_ON_IRQ}, {"error", GDB_ON_ERROR}};

enum { EVENTS = sizeof events / sizeof events[0] };

static void say_break_on(struct gdb *g)
{
	char text[64] = "";

	for (unsigned i = 0; i < EVENTS; i++)
		if (g->break_on & events[i].bit)
			strcat(strcat(text, " "), events[i].name);
	gdb_say(g, "break-on:%s\n", text[0] ? text : " nothing");
}

static bool do_break_on(struct gdb *g, char **words, unsigned count)
{
	if (count > 2)
		return false;
	for (unsigned i = 0; count == 2 && i < EVENTS; i++) {
		if (strcmp(words[1], events[i].name) == 0) {
			g->break_on |= events[i].bit;
			count = 1;
		}
	}
	if (count == 2 && strcmp(words[1], "off") == 0) {
		g->break_on = 0;
		count = 1;
	}
	if (count == 1)
		say_break_on(g);
	return count == 1;
}

static void dump_line(struct gdb *g, uint64_t addr, const uint8_t *bytes, size_t len)
{
	char text[3 * DUMP_LINE + 1] = "";

	for (size_t i = 0; i < len; i++)
		sprintf(text + 3 * i, " %02x", bytes[i]);
	gdb_say(g, "0x%010" PRIx64 ":%s\n", addr, text);
}

static bool do_phys(struct gdb *g, char **words, unsigned count)
{
	uint8_t bytes[DUMP_LINE];
	uint64_t addr, len;

	if (count != 3 || !get_number(words[1], &addr) || !get_number(words[2], &len) || len > DUMP_BYTES)
		return false;
	for (uint64_t done = 0; done < len; done += DUMP_LINE) {
		size_t part = len - done < DUMP_LINE ? (size_t)(len - done) : DUMP_LINE;

		if (!gdb_memory_physical(g->soc, addr + done, bytes, part)) {
			gdb_say(g, "0x%010" PRIx64 ": not in DRAM\n", addr + done);
			break;
		}
		dump_line(g, addr + done, bytes, part);
	}
	return true;
}

static bool do_cycle(struct gdb *g, char **words, unsigned count)
{
	const struct cpu *cpu = g->soc->cpu;

	(void)words;
	gdb_say(g, "clock %" PRIu64 ", %" PRIu64 " instructions\n", cpu->cycle, cpu_instret(cpu));
	return count == 1;
}

static bool do_mmio(struct gdb *g, char **words, unsigned count)
{
	if (count > 2 || (count == 2 && strcmp(words[1], "on") != 0 && strcmp(words[1], "off") != 0))
		return false;
	if (count == 2)
		g->mmio = words[1][1] == 'n';
	gdb_say(g, g->mmio ? "mmio: on: registers of devices are accessed as the hart does: with side effects, and "
			     "clocks pass\n"
			   : "mmio: off: registers of devices are not accessed\n");
	return true;
}

static bool do_events(struct gdb *g, char **words, unsigned count)
{
	char line[EVENTS_LINE];

	(void)words;
	for (int slot = next_device(g, -1); slot >= 0; slot = next_device(g, slot))
		for (unsigned n = EVENTS_KEPT; n-- > 0;)
			if (events_last(vdev_events(g->soc->vdev[slot]), n, line))
				gdb_say(g, "slot %d: %s\n", slot, line);
	return count == 1;
}

static bool do_help(struct gdb *g, char **words, unsigned count);

static const struct monitor_command commands[] = {
	{"help", "", "this text", do_help},
	{"vio", "[SLOT]", "registers, rings and unit states of the devices, without an access", do_vio},
	{"events", "", "what the devices did last", do_events},
	{"break-on", "[chain|irq|error|off]",
	 "stop when a device takes a chain, raises its interrupt, or names an error", do_break_on},
	{"phys", "ADDR LEN", "bytes of DRAM by physical address", do_phys},
	{"cycle", "", "the clock, and the instructions so far", do_cycle},
	{"mmio", "[on|off]", "let x and set touch registers of devices: this changes the run", do_mmio},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static bool do_help(struct gdb *g, char **words, unsigned count)
{
	(void)words, (void)count;
	for (unsigned i = 0; i < COMMANDS; i++) {
		char usage[48];

		snprintf(usage, sizeof usage, "%s %s", commands[i].name, commands[i].arguments);
		gdb_say(g, "monitor %-31s %s\n", usage, commands[i].what);
	}
	return true;
}

void gdb_monitor(struct gdb *g, char *text)
{
	char *words[WORDS];
	unsigned count = 0;

	for (char *word = strtok(text, " \t"); word && count < WORDS; word = strtok(NULL, " \t"))
		words[count++] = word;
	for (unsigned i = 0; count && i < COMMANDS; i++) {
		if (strcmp(words[0], commands[i].name) != 0)
			continue;
		if (!commands[i].obey(g, words, count))
			gdb_say(g, "usage: monitor %s %s\n", commands[i].name, commands[i].arguments);
		return;
	}
	gdb_say(g, "there is no such command: monitor help\n");
}
