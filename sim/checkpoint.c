/* SPDX-License-Identifier: Apache-2.0
 * checkpoint.c: see checkpoint.h. What must agree goes into the file as lines of text, the first section.
 */
#define _XOPEN_SOURCE 700
#include "checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "checkpoint_file.h"
#include "hash.h"
#include "sim.h"

struct checkpoint {
	const struct options *o;
	struct soc *soc;
	const struct devices *devices;
	uint64_t images; /* hash_boot */
	bool written;
};

/* Lines `what<tab>value`. A value that begins with # is a hash, which tells a user nothing. */
struct terms {
	char *text;
	size_t len;
	FILE *to;
};

static const char *const dut_names[] = {"model", "rtl", "lockstep"};

__attribute__((format(printf, 2, 3))) static void term(struct terms *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(t->to, fmt, args);
	va_end(args);
	fputc('\n', t->to);
}

enum { BLOCK = 4096 };

static bool is_zero(const uint8_t *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

/* Zeros do not count, so holes need not be read. */
static void hash_block(struct hash *h, uint64_t at, const uint8_t *p, size_t n)
{
	if (is_zero(p, n))
		return;
	hash_add(h, &at, sizeof at);
	hash_add(h, p, n);
}

/* DRAM, ROM and the hart's arguments as reset leaves them. */
static uint64_t hash_boot(const struct soc_config *config)
{
	struct hash h = {0};

	for (uint64_t at = 0; at < config->dram_size; at += BLOCK)
		hash_block(&h, at, config->dram + at, BLOCK);
	hash_add(&h, config->rom, config->rom_bytes);
	hash_add(&h, config->args, sizeof config->args);
	return hash_end(&h);
}

static uint64_t hash_image(int fd, const char *name)
{
	uint8_t block[BLOCK];
	struct hash h = {0};
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, block, sizeof block, (off_t)at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			sim_die("%s: %s", name, strerror(errno));
		hash_block(&h, at, block, (size_t)n);
		at += (uint64_t)n;
	}
	hash_add(&h, &at, sizeof at);
	return hash_end(&h);
}

static void device_terms(const struct checkpoint *c, unsigned n, struct terms *t)
{
	const struct device *d = &c->o->devices[n];

	term(t, "the device of slot\t%u", d->slot);
	term(t, "slot %u: features\t0x%" PRIx64, d->slot, d->features);
	term(t, "slot %u: num-queues, queue-size, need_v1\t%u,%u,%d", d->slot, d->straps.queues, d->straps.queue_num,
	     d->straps.need_v1);
	term(t, "slot %u: serial\t'%s'", d->slot, d->serial);
	term(t, "slot %u: readonly\t%d", d->slot, d->drive->readonly);
	term(t, "the disk in slot %u\t#%016" PRIx64, d->slot, hash_image(c->devices->fd[n], d->drive->file));
}

static void inject_terms(const struct options *o, struct terms *t)
{
	fprintf(t->to, "-inject\t");
	for (unsigned i = 0; i < o->inject_count; i++)
		fprintf(t->to, "%s@0x%" PRIx64 ":%" PRIu64 " ",
			o->injects[i].kind == INJECT_DISK_ERROR ? "disk-error" : "bus-error", o->injects[i].at,
			o->injects[i].len);
	term(t, "%s", o->inject_count ? "" : "nothing");
}

static void terms_begin(const struct checkpoint *c, struct terms *t)
{
	const struct options *o = c->o;

	*t = (struct terms){0};
	t->to = open_memstream(&t->text, &t->len);
	if (!t->to)
		sim_die("out of memory for a checkpoint");
	term(t, "-dut\t%s", dut_names[o->dut]);
	term(t, "-check\t%s", o->check ? "on" : "off");
	term(t, "-m\t%" PRIu64 "k", o->dram_size >> 10);
	term(t, "-seed\t%" PRIu64, o->seed);
	term(t, "-read-latency\t%" PRIu64, o->read_latency);
	term(t, "-write-latency\t%" PRIu64, o->write_latency);
	term(t, "-outstanding\t%" PRIu64, o->outstanding);
	term(t, "-stalls\t%" PRIu64, o->stalls);
	term(t, "-disk-latency\t%" PRIu64, o->disk_latency);
	term(t, "-global virtio-mmio.force-legacy\t%s", o->legacy ? "true" : "false");
	inject_terms(o, t);
	term(t, "the program that starts at\t0x%" PRIx64, c->soc->config.entry);
	term(t, "-htif: tohost at\t0x%" PRIx64, c->soc->config.tohost);
	term(t, "what is loaded into memory\t#%016" PRIx64, c->images);
	for (unsigned n = 0; n < o->device_count; n++)
		device_terms(c, n, t);
	if (fclose(t->to) != 0)
		sim_die("out of memory for a checkpoint");
}

/* A checkpoint may be restored with less than it has: one side of lockstep, or no monitor. */
static bool is_less(const char *what, const char *was, const char *is)
{
	return (!strcmp(what, "-dut") && !strcmp(was, "lockstep")) || (!strcmp(what, "-check") && !strcmp(is, "off"));
}

/* Cuts the next line off: what, and its value; both "" at the end. */
static void next_term(char **text, char **what, char **value)
{
	char *line = *text, *end = strchr(line, '\n'), *tab = strchr(line, '\t');

	*what = *value = line + strlen(line);
	if (!end || !tab)
		return;
	*what = line;
	*value = tab + 1;
	*text = end + 1;
	*tab = *end = 0;
}

/* sim_die with the first thing that does not agree. */
static void compare_terms(const char *path, char *were, char *are)
{
	char *was_what, *was, *is_what, *is;

	do {
		next_term(&were, &was_what, &was);
		next_term(&are, &is_what, &is);
		if (strcmp(was_what, is_what) != 0 && was_what[0])
			sim_die("%s: was written with %s %s", path, was_what, was);
		if (strcmp(was_what, is_what) != 0)
			sim_die("%s: was written without %s %s", path, is_what, is);
		if (!strcmp(was, is) || is_less(is_what, was, is))
			continue;
		if (is[0] == '#')
			sim_die("%s: %s is not what it was", path, is_what);
		sim_die("%s: was written with %s %s, not %s", path, is_what, was, is);
	} while (is_what[0]);
}

static void restore(struct checkpoint *c)
{
	struct checkpoint_file *f = checkpoint_file_open(c->o->restore);
	struct stream *s = checkpoint_file_stream(f);
	struct terms are;
	char *were;

	terms_begin(c, &are);
	stream_section(s, "terms");
	were = sim_alloc(checkpoint_file_section_bytes(f) + 1);
	stream_bytes(s, were, checkpoint_file_section_bytes(f));
	compare_terms(c->o->restore, were, are.text);
	free(were);
	free(are.text);
	soc_state(c->soc, s);
	checkpoint_file_close(f);
	if (c->o->checkpoint_at && c->o->checkpoint_at < c->soc->cpu->cycle)
		sim_die("-checkpoint-at: %s goes on at cycle %" PRIu64 ", behind %" PRIu64, c->o->restore,
			c->soc->cpu->cycle, c->o->checkpoint_at);
}

/* Now, and not after hours. */
static void check_writable(const char *path)
{
	char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;

	if (!folder)
		sim_die("out of memory for a checkpoint");
	if (slash)
		slash[slash == folder] = 0;
	if (access(slash ? folder : ".", W_OK | X_OK) != 0)
		sim_die("%s: %s", path, strerror(errno));
	free(folder);
}

struct checkpoint *checkpoint_new(const struct options *o, struct soc *soc, const struct devices *devices)
{
	struct checkpoint *c;

	if (!o->checkpoint && !o->restore)
		return NULL;
	if (o->checkpoint)
		check_writable(o->checkpoint);
	c = sim_alloc(sizeof *c);
	*c = (struct checkpoint){o, soc, devices, hash_boot(&soc->config), false};
	if (o->restore)
		restore(c);
	return c;
}

void checkpoint_free(struct checkpoint *c)
{
	free(c);
}

void checkpoint_write(struct checkpoint *c)
{
	struct checkpoint_file *f = checkpoint_file_create(c->o->checkpoint);
	struct stream *s = checkpoint_file_stream(f);
	struct terms t;

	terms_begin(c, &t);
	stream_section(s, "terms");
	stream_bytes(s, t.text, t.len);
	free(t.text);
	soc_state(c->soc, s);
	checkpoint_file_commit(f);
	c->written = true;
	fflush(stdout);
	fprintf(stderr, "checkpoint: %s at cycle %" PRIu64 "\n", c->o->checkpoint, c->soc->cpu->cycle);
}

bool checkpoint_missed(const struct checkpoint *c)
{
	return c && c->o->checkpoint && !c->written;
}
