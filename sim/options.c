/* SPDX-License-Identifier: Apache-2.0
 * options.c: see options.h.
 */
#define _XOPEN_SOURCE 700
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "gdb/gdb.h"
#include "options_impl.h"
#include "sim.h"
#include "soc/line.h"
#include "soc/map.h"

/* A reader takes the option's name, its argument, all options, and the field that options.def names. */
typedef void reader_fn(struct options *o, void *field, const char *name, const char *arg);

/* A number, decimal or 0x hexadecimal, up to the first byte that is no part of it. */
static uint64_t parse_number(const char *name, const char *arg, const char **end)
{
	unsigned long long value;
	char *stop;

	errno = 0;
	value = strtoull(arg, &stop, 0);
	if (!isdigit((unsigned char)arg[0]) || errno)
		sim_die("%s: '%s' is not a number", name, arg);
	*end = stop;
	return value;
}

uint64_t options_number(const char *name, const char *arg, uint64_t max)
{
	const char *end;
	uint64_t value = parse_number(name, arg, &end);

	if (*end)
		sim_die("%s: '%s' is not a number", name, arg);
	if (value > max)
		sim_die("%s: %s is more than %llu", name, arg, (unsigned long long)max);
	return value;
}

static void read_number(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	*(uint64_t *)field = options_number(name, arg, UINT64_MAX);
}

static void read_small(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	*(uint64_t *)field = options_number(name, arg, 1000000);
}

static void read_stalls(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	*(uint64_t *)field = options_number(name, arg, 1023);
}

static void read_string(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	if (!arg[0])
		sim_die("%s: empty name", name);
	*(const char **)field = arg;
}

/* What line.h can look for. */
static void read_line(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	if (!arg[0] || strlen(arg) > LINE_TEXT || strchr(arg, '\n'))
		sim_die("%s: a text of one line and up to %d bytes is wanted", name, LINE_TEXT);
	*(const char **)field = arg;
}

static void read_flag(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o, (void)name, (void)arg;
	*(bool *)field = true;
}

static void read_size(struct options *o, void *field, const char *name, const char *arg)
{
	const char *end;
	uint64_t value = parse_number(name, arg, &end);
	unsigned shift = 20;

	(void)o;
	if (*end)
		shift = *end == 'k' || *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (shift == 0 || (*end && end[1]))
		sim_die("%s: '%s' is not a size", name, arg);
	if (value == 0 || value > (64ull << 30) >> shift || (value << shift) % 4096)
		sim_die("%s: %s is not a multiple of 4k up to 64G", name, arg);
	*(uint64_t *)field = value << shift;
}

static void read_dut(struct options *o, void *field, const char *name, const char *arg)
{
	static const char *const kinds[] = {"model", "rtl", "lockstep"};

	(void)o;
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(arg, kinds[i]) == 0) {
			*(enum dut_kind *)field = (enum dut_kind)i;
			return;
		}
	}
	sim_die("%s: '%s' is not model, rtl or lockstep", name, arg);
}

/* Cuts the next key[=value] off a list with commas; "" is the value of a lone key. A doubled comma is a comma. */
bool options_next_pair(char **list, char **key, char **value)
{
	char *from = *list, *to = *list;

	if (!*from)
		return false;
	*key = to;
	while (*from && (*from != ',' || from[1] == ',')) {
		from += *from == ',';
		*to++ = *from++;
	}
	*list = *from ? from + 1 : from;
	*to = 0;
	*value = strchr(*key, '=');
	if (*value)
		*(*value)++ = 0;
	else
		*value = to;
	return true;
}

char *options_copy(const char *text)
{
	char *s = strdup(text);

	if (!s)
		sim_die("out of memory for the command line");
	return s;
}

static const struct drive *find_drive(const struct options *o, const char *id)
{
	for (unsigned i = 0; i < o->drive_count; i++)
		if (strcmp(o->drives[i].id, id) == 0)
			return &o->drives[i];
	return NULL;
}

static void read_drive(struct options *o, void *field, const char *name, const char *arg)
{
	struct drive *d = (struct drive *)field + o->drive_count;
	char *list, *key, *value;

	if (o->drive_count == OPTIONS_DRIVES)
		sim_die("%s: more than %d drives", name, OPTIONS_DRIVES);
	list = d->text = options_copy(arg);
	while (options_next_pair(&list, &key, &value)) {
		if (strcmp(key, "file") == 0)
			d->file = value;
		else if (strcmp(key, "id") == 0)
			d->id = value;
		else if (strcmp(key, "readonly") == 0 && (strcmp(value, "on") == 0 || strcmp(value, "off") == 0))
			d->readonly = strcmp(value, "on") == 0;
		else if (!(strcmp(key, "if") == 0 && strcmp(value, "none") == 0) &&
			 !(strcmp(key, "format") == 0 && strcmp(value, "raw") == 0))
			sim_die("%s: '%s=%s' is unknown", name, key, value);
	}
	if (!d->id || !d->id[0])
		sim_die("%s: '%s' has no id=", name, arg);
	if (!d->file || !d->file[0])
		sim_die("%s: '%s' has no file=", name, arg);
	if (find_drive(o, d->id))
		sim_die("%s: there is a drive '%s' already", name, d->id);
	o->drive_count++;
}

/* QEMU's spelling of a device's interface; its default is true. */
static void read_global(struct options *o, void *field, const char *name, const char *arg)
{
	static const char property[] = "virtio-mmio.force-legacy=";
	const char *value = arg + sizeof property - 1;

	(void)o;
	if (strncmp(arg, property, sizeof property - 1) != 0)
		sim_die("%s: '%s' is not %strue or %sfalse", name, arg, property, property);
	if (strcmp(value, "true") != 0 && strcmp(value, "on") != 0 && strcmp(value, "false") != 0 &&
	    strcmp(value, "off") != 0)
		sim_die("%s: '%s' is neither true nor false", name, arg);
	*(bool *)field = strcmp(value, "true") == 0 || strcmp(value, "on") == 0;
}

static void read_inject(struct options *o, void *field, const char *name, const char *arg)
{
	struct inject *i = (struct inject *)field + o->inject_count;
	const char *end;

	if (strncmp(arg, "stalls=", 7) == 0) {
		o->stalls = options_number(name, arg + 7, 1023);
		return;
	}
	if (o->inject_count == OPTIONS_INJECTS)
		sim_die("%s: more than %d faults", name, OPTIONS_INJECTS);
	o->inject_count++;
	if (strncmp(arg, "disk-error@", 11) == 0) {
		*i = (struct inject){INJECT_DISK_ERROR, options_number(name, arg + 11, UINT64_MAX / 512), 0};
		return;
	}
	if (strncmp(arg, "bus-error@", 10) != 0)
		sim_die("%s: '%s' is not disk-error@SECTOR, bus-error@ADDR[:LEN] or stalls=N", name, arg);
	*i = (struct inject){INJECT_BUS_ERROR, parse_number(name, arg + 10, &end), 1};
	if (*end == ':')
		i->len = options_number(name, end + 1, UINT64_MAX);
	else if (*end)
		sim_die("%s: '%s' is not a number", name, arg + 10);
}

/* QEMU connects to the path as well, unless it is told to be the server. */
static void read_qtest(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	if (strncmp(arg, "unix:", 5) != 0 || !arg[5] || strchr(arg, ','))
		sim_die("%s: '%s' is not unix:PATH", name, arg);
	*(const char **)field = arg + 5;
}

static void read_gdb(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o;
	gdb_check_address(name, arg);
	*(const char **)field = arg;
}

static void read_gdb_default(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o, (void)name, (void)arg;
	*(const char **)field = "tcp::1234";
}

static void read_help(struct options *o, void *field, const char *name, const char *arg)
{
	(void)o, (void)field, (void)name, (void)arg;
	puts("Usage: ringwalk [OPTION]...\n"
	     "Run a RISC-V program on a simulated machine with a virtio-mmio disk. Exit status: the guest's;\n"
	     "1: a mismatch, or the guest did not end; 2: usage or host error.\n");
#define OPTION(name, kind, field, argument, what) printf("  -%-14s %-5s %s\n", name, argument, what);
#include "options.def"
	exit(fflush(stdout) == 0 ? 0 : 2);
}

#define read_device options_read_device
#define read_machine options_read_machine
#define read_symbols options_read_symbols
#define read_rtc options_read_rtc

struct row {
	const char *name;
	reader_fn *read;
	size_t field;
	bool has_argument;
};

static const struct row rows[] = {
#define OPTION(name, kind, field, argument, what) \
	{name, read_##kind, offsetof(struct options, field), sizeof argument > 1},
#include "options.def"
};

static const struct row *find(const char *word)
{
	const char *name = word + (word[0] == '-') + (word[0] == '-' && word[1] == '-');

	for (unsigned i = 0; name != word && i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(name, rows[i].name) == 0)
			return &rows[i];
	if (name != word)
		sim_die("%s: unknown option (see --help)", word);
	sim_die("'%s': not an option (see --help)", word);
}

static void append(char **to, const char *word)
{
	bool plain = word[0] && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
					     "-_=.,/:@%+") == strlen(word);

	if (plain) {
		*to = stpcpy(*to, word);
		return;
	}
	*(*to)++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			*to = stpcpy(*to, "'\\''");
		else
			*(*to)++ = *word;
	}
	*to = stpcpy(*to, "'");
}

static char *quote_command(int argc, char **argv)
{
	size_t room = 1;
	char *text, *to;

	for (int i = 0; i < argc; i++)
		room += strlen(argv[i]) * 4 + 3;
	text = to = sim_alloc(room);
	for (int i = 0; i < argc; i++) {
		if (i)
			*to++ = ' ';
		append(&to, argv[i]);
	}
	return text;
}

/* A slot that is free before device n is placed: the highest, as QEMU takes it. */
static unsigned free_slot(const struct options *o, unsigned n)
{
	unsigned taken = 0, slot = MAP_VIRTIO_SLOTS - 1;

	for (unsigned i = 0; i < n; i++)
		taken |= 1u << o->devices[i].slot;
	while (taken >> slot & 1)
		slot--;
	return slot;
}

/* Device n gets its drive and slot. Devices are placed in the order of the command line. */
static void place_device(struct options *o, unsigned n)
{
	struct device *d = &o->devices[n];

	d->drive = find_drive(o, d->drive_id);
	if (!d->drive)
		sim_die("-device: there is no drive '%s'", d->drive_id);
	if (!d->placed)
		d->slot = free_slot(o, n);
	for (unsigned i = 0; i < n; i++) {
		if (o->devices[i].slot == d->slot)
			sim_die("-device: bus virtio-mmio-bus.%u of drive '%s' is taken by drive '%s'", d->slot,
				d->drive_id, o->devices[i].drive_id);
		if (o->devices[i].drive == d->drive)
			sim_die("-device: drive '%s' has a device already", d->drive_id);
	}
	d->straps.legacy = o->legacy;
}

static void check_checkpoint(const struct options *o)
{
	bool when = o->checkpoint_at || o->checkpoint_line;

	if (o->checkpoint && !when)
		sim_die("-checkpoint: -checkpoint-at or -checkpoint-on-line has to say when");
	if (o->checkpoint_at && o->checkpoint_line)
		sim_die("-checkpoint-at and -checkpoint-on-line: there is one checkpoint in a run");
	if (when && !o->checkpoint)
		sim_die("-checkpoint-%s: -checkpoint FILE has to say where to", o->checkpoint_at ? "at" : "on-line");
	if (o->checkpoint && o->snapshot)
		sim_die("-checkpoint: with -snapshot there is no image that goes with it");
	if ((o->checkpoint || o->restore) && (o->qtest || o->replay))
		sim_die("-%s: not with -%s", o->checkpoint ? "checkpoint" : "restore", o->qtest ? "qtest" : "replay");
	if (o->restore && o->record)
		sim_die("-record: starts at reset, and -restore does not");
}

static void check(struct options *o)
{
	o->check |= o->check_strict;
	if (o->outstanding < 1 || o->outstanding > 1024)
		sim_die("-outstanding: %llu is not 1 to 1024", (unsigned long long)o->outstanding);
	if (o->halted && !o->gdb && !o->qtest)
		sim_die("-S: nobody could resume the hart: -s or -gdb is missing");
	if (o->gdb && (o->qtest || o->replay))
		sim_die("-gdb: there is no hart to debug with %s", o->qtest ? "-qtest" : "-replay");
	check_checkpoint(o);
	if (o->replay)
		return;
	options_check_machine(o);
	for (unsigned i = 0; i < o->device_count; i++)
		place_device(o, i);
}

void options_parse(struct options *o, int argc, char **argv)
{
	const struct row *row;
	const char *word, *arg;

	*o = (struct options){.dram_size = 128ull << 20,
			      .rtc_start = OPTIONS_RTC_START,
			      .serial = "stdio",
			      .seed = 1,
			      .read_latency = 32,
			      .write_latency = 32,
			      .outstanding = 64,
			      .disk_latency = 100};
	for (int i = 1; i < argc; i++) {
		word = argv[i];
		row = find(word);
		arg = "";
		if (row->has_argument) {
			if (i + 1 == argc)
				sim_die("%s: its argument is missing", word);
			arg = argv[++i];
		}
		row->read(o, (char *)o + row->field, word, arg);
	}
	o->command = quote_command(argc, argv);
	check(o);
}

void options_free(struct options *o)
{
	free(o->command);
	for (unsigned i = 0; i < o->drive_count; i++)
		free(o->drives[i].text);
	for (unsigned i = 0; i < o->device_count; i++)
		free(o->devices[i].text);
}
