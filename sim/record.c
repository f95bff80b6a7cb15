/* SPDX-License-Identifier: Apache-2.0
 * record.c: see record.h.
 *
 * File: magic, then little-endian u64 layout hash, u64 seed, u32 length of the command line, the command line. Then
 * runs: a kind; a mask of the pins that differ from the run before, in the order of pins.def; their values; the number
 * of clocks. Numbers are LEB128 varints, but for pins of 64 bits and more, which are their bytes. The last kind is END,
 * followed by the number of all clocks.
 */
#define _XOPEN_SOURCE 700
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockstep.h"
#include "sim.h"

static const char magic[8] = "RWREC\r\n\1"; /* the last byte is the version */

enum kind { RUN, RESET_RUN, END };
enum { COMMAND_MAX = 1 << 20 };

#define HASH_START UINT64_C(0xcbf29ce484222325)

struct record {
	FILE *file;
	char *path;
	struct vio_in last;    /* pins of the run that is open */
	struct vio_in written; /* pins of the run before */
	uint64_t clocks;       /* of the open run; 0: none is open */
	uint64_t total;
	bool reset; /* before the open run, or the next one */
	bool next_reset;
};

struct replay {
	FILE *file;
	char *path;
	uint64_t seed;
	char *command;
	struct vio_in pins;
	uint64_t total;
	bool ended;
};

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u; /* FNV-1a */
	return hash;
}

/* Changes whenever an input pin is added, removed, renamed, moved or resized, and with the width of the data pins. */
static uint64_t layout_hash(void)
{
	static const char layout[] =
#define PIN_IN(ctype, name, width) #name ":" #width ";"
#include "def/pins.def"
		;

	return hash_bytes(HASH_START ^ VIO_DATA_W, layout, sizeof(layout));
}

static void put_raw(FILE *f, uint64_t value, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		putc((int)(value >> 8 * i & 0xff), f);
}

static void put_varint(FILE *f, uint64_t value)
{
	for (; value >= 128; value >>= 7)
		putc((int)(value & 127) | 128, f);
	putc((int)value, f);
}

static char *copy_text(const char *text)
{
	size_t len = strlen(text) + 1;

	return memcpy(sim_alloc(len), text, len);
}

struct record *record_open(const char *path, uint64_t seed, const char *command)
{
	struct record *r = sim_alloc(sizeof(*r));
	size_t len = strnlen(command, COMMAND_MAX);

	r->file = fopen(path, "wb");
	if (r->file == NULL)
		sim_die("cannot create the recording %s: %s", path, strerror(errno));
	r->path = copy_text(path);
	fwrite(magic, 1, sizeof(magic), r->file);
	put_raw(r->file, layout_hash(), 8);
	put_raw(r->file, seed, 8);
	put_raw(r->file, len, 4);
	fwrite(command, 1, len, r->file);
	return r;
}

static void put_pin(FILE *f, const void *pin, size_t bytes)
{
	if (bytes < 8)
		put_varint(f, vio_pin_word(pin, bytes, 0));
	for (unsigned n = 0; 8 * (n + 1) <= bytes; n++)
		put_raw(f, vio_pin_word(pin, bytes, n), 8);
}

/* Writes the open run. */
static void put_run(struct record *r)
{
	const struct vio_in *a = &r->written, *b = &r->last;
	uint64_t mask = 0, bit = 1;

	if (r->clocks == 0)
		return;
#define PIN_IN(ctype, name, width)                                          \
	mask |= memcmp(&a->name, &b->name, sizeof(a->name)) != 0 ? bit : 0; \
	bit <<= 1;
#include "def/pins.def"
	put_varint(r->file, r->reset ? RESET_RUN : RUN);
	put_varint(r->file, mask);
#define PIN_IN(ctype, name, width)                            \
	if (memcmp(&a->name, &b->name, sizeof(a->name)) != 0) \
		put_pin(r->file, &b->name, sizeof(b->name));
#include "def/pins.def"
	put_varint(r->file, r->clocks);
	r->total += r->clocks;
	r->written = r->last;
	r->clocks = 0;
	r->reset = false;
}

void record_skip(struct record *r, const struct vio_in *in, uint64_t clocks)
{
	if (clocks == 0)
		return;
	if (r->clocks != 0 && (r->next_reset || memcmp(in, &r->last, sizeof(*in)) != 0))
		put_run(r);
	if (r->clocks == 0) {
		r->last = *in;
		r->reset = r->next_reset;
		r->next_reset = false;
	}
	r->clocks += clocks;
}

void record_step(struct record *r, const struct vio_in *in)
{
	record_skip(r, in, 1);
}

void record_reset(struct record *r)
{
	r->next_reset = true;
}

void record_close(struct record *r)
{
	bool failed;

	put_run(r);
	put_varint(r->file, END);
	put_varint(r->file, r->total);
	failed = ferror(r->file) != 0;
	if (fclose(r->file) != 0 || failed)
		sim_die("cannot write the recording %s: %s", r->path, strerror(errno));
	free(r->path);
	free(r);
}

static _Noreturn void truncated(const struct replay *p)
{
	sim_die("%s: the recording is truncated", p->path);
}

static uint64_t get_raw(struct replay *p, unsigned len)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < len; i++) {
		int c = getc(p->file);

		if (c == EOF)
			truncated(p);
		value |= (uint64_t)c << 8 * i;
	}
	return value;
}

static uint64_t get_varint(struct replay *p)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint64_t byte = get_raw(p, 1);

		value |= (byte & 127) << shift;
		if (byte < 128)
			return value;
	}
	sim_die("%s: the recording is damaged: a number has no end", p->path);
}

static void get_pin(struct replay *p, void *pin, size_t bytes)
{
	if (bytes < 8) {
		const uint64_t value = get_varint(p);

		memcpy(pin, &value, bytes);
	}
	for (unsigned n = 0; 8 * (n + 1) <= bytes; n++) {
		const uint64_t word = get_raw(p, 8);

		memcpy((uint8_t *)pin + 8 * n, &word, 8);
	}
}

struct replay *replay_open(const char *path)
{
	struct replay *p = sim_alloc(sizeof(*p));
	char head[sizeof(magic)];
	uint64_t len;

	p->path = copy_text(path);
	p->file = fopen(path, "rb");
	if (p->file == NULL)
		sim_die("cannot open the recording %s: %s", path, strerror(errno));
	if (fread(head, 1, sizeof(head), p->file) != sizeof(head) || memcmp(head, magic, sizeof(head) - 1) != 0)
		sim_die("%s: not a Ringwalk recording", path);
	if (head[sizeof(head) - 1] != magic[sizeof(magic) - 1])
		sim_die("%s: recording of version %d; this program reads version %d", path, head[sizeof(head) - 1],
			magic[sizeof(magic) - 1]);
	if (get_raw(p, 8) != layout_hash())
		sim_die("%s: the recording was made with other pins than those of this device", path);
	p->seed = get_raw(p, 8);
	len = get_raw(p, 4);
	if (len > COMMAND_MAX)
		sim_die("%s: the recording is damaged: its command line is too long", path);
	p->command = sim_alloc((size_t)len + 1);
	if (fread(p->command, 1, (size_t)len, p->file) != len)
		truncated(p);
	return p;
}

uint64_t replay_seed(const struct replay *p)
{
	return p->seed;
}

const char *replay_command(const struct replay *p)
{
	return p->command;
}

bool replay_next(struct replay *p, struct vio_in *in, uint64_t *clocks, bool *reset)
{
	uint64_t kind, mask, bit = 1;

	if (p->ended)
		return false;
	kind = get_varint(p);
	if (kind > END)
		sim_die("%s: the recording is damaged: unknown run", p->path);
	if (kind == END) {
		if (get_varint(p) != p->total)
			sim_die("%s: the recording is damaged: its clocks do not add up", p->path);
		p->ended = true;
		return false;
	}
	mask = get_varint(p);
#define PIN_IN(ctype, name, width)                               \
	if (mask & bit)                                          \
		get_pin(p, &p->pins.name, sizeof(p->pins.name)); \
	bit <<= 1;
#include "def/pins.def"
	*clocks = get_varint(p);
	*reset = kind == RESET_RUN;
	*in = p->pins;
	p->total += *clocks;
	return true;
}

void replay_close(struct replay *p)
{
	fclose(p->file);
	free(p->path);
	free(p->command);
	free(p);
}

struct record_result record_replay(const char *path, struct dut *dut)
{
	struct replay *p = replay_open(path);
	struct record_result result = {.pins_hash = HASH_START};
	struct vio_out last = dut->out;
	struct vio_in in;
	uint64_t clocks;
	bool reset;

	while (!result.mismatch && replay_next(p, &in, &clocks, &reset)) {
		uint64_t end = result.cycles + clocks;

		if (reset)
			dut->ops->reset(dut);
		while (result.cycles < end && !result.mismatch) {
			dut_tick(dut, &in);
			result.cycles++;
			if (memcmp(&dut->out, &last, sizeof(last)) != 0) {
				last = dut->out;
				result.pins_hash = hash_bytes(result.pins_hash, &result.cycles, sizeof(result.cycles));
				result.pins_hash = hash_bytes(result.pins_hash, &last, sizeof(last));
			}
			result.mismatch = lockstep_mismatch(dut) != NULL;
			if (!result.mismatch && dut_idle(dut))
				result.cycles = end; /* equal pins: nothing can happen until the run ends */
		}
	}
	replay_close(p);
	return result;
}
