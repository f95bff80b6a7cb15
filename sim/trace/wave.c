/* SPDX-License-Identifier: Apache-2.0
 * wave.c: pins, states and text rows into an FST file, see wave.h.
 *
 * States are string variables: GTKWave 3.3 shows an FST enum table as numbers until a user turns it on by
 * hand.
 */
#include <fstapi.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "sim.h"
#include "trace/wave.h"
#include "trace/wave_impl.h"

enum { CLOCK_NS = 10, TWINS = 2, TEXT_BYTES = 256, MAX_STATES = 16 };

#define UNIT(unit) UNIT_##unit,
#define STATE(unit, state)
enum {
#include "def/states.def"
	UNITS
};
#undef UNIT
#undef STATE

static const char *const unit_names[UNITS] = {
#define UNIT(unit) [UNIT_##unit] = #unit,
#define STATE(unit, state)
#include "def/states.def"
#undef UNIT
#undef STATE
};

/* All states of all units in the order of states.def; a unit's are next to each other. */
static const struct {
	int unit;
	const char *name;
} state_list[] = {
#define UNIT(unit)
#define STATE(unit, state) {UNIT_##unit, #state},
#include "def/states.def"
#undef UNIT
#undef STATE
};

struct in_handles {
#define PIN_IN(ctype, name, width) fstHandle name;
#include "def/pins.def"
};

struct out_handles {
#define PIN_OUT(ctype, name, width) fstHandle name;
#include "def/pins.def"
};

struct twin {
	struct out_handles pins;
	fstHandle state[UNITS];
	struct vio_out last;
	uint64_t last_states;
};

struct wave {
	void *fst;
	const char *path;
	bool started;
	unsigned twins;
	uint64_t cycle; /* the last one shown */
	fstHandle clk, pc, row[WAVE_ROWS];
	struct in_handles pins;
	struct vio_in last;
	struct twin twin[TWINS];
	struct wave_model *model; /* registers of twin 0, or NULL */
	const char *state_name[UNITS][MAX_STATES];
	uint64_t next_pc, last_pc;
	char next_text[WAVE_ROWS][TEXT_BYTES];
	unsigned next_rows; /* bit mask of rows with new text */
};

static fstHandle new_var(struct wave *w, enum fstVarDir dir, unsigned width, const char *name)
{
	return fstWriterCreateVar(w->fst, FST_VT_VCD_WIRE, dir, width, name, 0);
}

static fstHandle new_text(struct wave *w, const char *name)
{
	return fstWriterCreateVar(w->fst, FST_VT_GEN_STRING, FST_VD_IMPLICIT, 0, name, 0);
}

static void open_scope(struct wave *w, const char *name)
{
	fstWriterSetScope(w->fst, FST_ST_VCD_MODULE, name, NULL);
}

static void close_scope(struct wave *w)
{
	fstWriterSetUpscope(w->fst);
}

static void name_states(struct wave *w)
{
	unsigned filled[UNITS] = {0};

	for (unsigned n = 0; n < sizeof state_list / sizeof *state_list; n++) {
		int unit = state_list[n].unit;

		w->state_name[unit][filled[unit]++] = state_list[n].name;
	}
}

static void declare_twin(struct wave *w, struct twin *t, const char *name, const struct vio *model)
{
	open_scope(w, name);
#define PIN_OUT(ctype, name, width) t->pins.name = new_var(w, FST_VD_OUTPUT, width, #name);
#include "def/pins.def"
	open_scope(w, "state");
	for (unsigned n = 0; n < UNITS; n++)
		t->state[n] = new_text(w, unit_names[n]);
	close_scope(w);
	if (model)
		w->model = wave_model_new(w->fst, model);
	close_scope(w);
}

static void declare(struct wave *w, const struct wave_config *config)
{
	static const char *const rows[WAVE_ROWS] = {
		[WAVE_FUNCTION] = "function", [WAVE_TRANSACTION] = "transaction", [WAVE_REGISTER] = "registers",
		[WAVE_RING] = "rings",        [WAVE_REQUEST] = "requests",        [WAVE_DATA] = "data",
	};

	open_scope(w, "ringwalk");
	w->clk = new_var(w, FST_VD_IMPLICIT, 1, "clk");
	open_scope(w, "text");
	for (unsigned n = 0; n < WAVE_ROWS; n++)
		w->row[n] = new_text(w, rows[n]);
	close_scope(w);
	open_scope(w, "cpu");
	w->pc = new_var(w, FST_VD_IMPLICIT, 64, "pc");
	close_scope(w);
	open_scope(w, "pins");
#define PIN_IN(ctype, name, width) w->pins.name = new_var(w, FST_VD_INPUT, width, #name);
#include "def/pins.def"
	close_scope(w);
	declare_twin(w, &w->twin[0], config->name_a, config->model);
	if (config->name_b)
		declare_twin(w, &w->twin[1], config->name_b, NULL);
	close_scope(w);
}

struct wave *wave_open(const char *path, const struct wave_config *config)
{
	struct stat old;
	struct wave *w;
	void *fst;

	/* The writer removes what is there first, which must not be a device or a pipe. */
	if (!stat(path, &old) && !S_ISREG(old.st_mode))
		sim_die("the wave file %s is not a regular file", path);
	fst = fstWriterCreate(path, 1);
	if (!fst)
		sim_die("cannot make the wave file %s", path);
	w = sim_alloc(sizeof *w);
	w->fst = fst;
	w->path = path;
	w->twins = config->name_b ? 2 : 1;
	fstWriterSetTimescaleFromString(w->fst, "1ns");
	fstWriterSetVersion(w->fst, "ringwalk");
	fstWriterSetPackType(w->fst, FST_WR_PT_LZ4);
	name_states(w);
	declare(w, config);
	return w;
}

static void emit_text(struct wave *w, fstHandle handle, const char *text)
{
	fstWriterEmitVariableLengthValueChange(w->fst, handle, text, (uint32_t)strlen(text));
}

void wave_emit_bytes(void *fst, fstHandle handle, unsigned width, const void *value, size_t bytes)
{
	uint64_t word[VIO_DATA_WORDS];

	if (width <= 64) {
		wave_emit(fst, handle, width, vio_pin_word(value, bytes, 0));
		return;
	}
	memcpy(word, value, bytes);
	fstWriterEmitValueChangeVec64(fst, handle, width, word);
}

/* "first" shows everything: no value was written before. */
static void show_in(struct wave *w, const struct vio_in *in, bool first)
{
	if (!first && !memcmp(in, &w->last, sizeof *in))
		return;
#define PIN_IN(ctype, name, width)                                           \
	if (first || memcmp(&in->name, &w->last.name, sizeof in->name) != 0) \
		wave_emit_bytes(w->fst, w->pins.name, width, &in->name, sizeof in->name);
#include "def/pins.def"
	w->last = *in;
}

static void show_states(struct wave *w, struct twin *t, uint64_t states, bool first)
{
	for (unsigned n = 0; n < UNITS; n++) {
		unsigned now = states >> 4 * n & 15;

		if (first || now != (t->last_states >> 4 * n & 15))
			emit_text(w, t->state[n], w->state_name[n][now] ? w->state_name[n][now] : "?");
	}
	t->last_states = states;
}

static void show_twin(struct wave *w, struct twin *t, const struct vio_out *out, uint64_t states, bool first)
{
	if (first || states != t->last_states)
		show_states(w, t, states, first);
	if (!first && !memcmp(out, &t->last, sizeof *out))
		return;
#define PIN_OUT(ctype, name, width)                                            \
	if (first || memcmp(&out->name, &t->last.name, sizeof out->name) != 0) \
		wave_emit_bytes(w->fst, t->pins.name, width, &out->name, sizeof out->name);
#include "def/pins.def"
	t->last = *out;
}

static void show_text(struct wave *w, bool first)
{
	for (unsigned n = 0; n < WAVE_ROWS; n++) {
		if (first || w->next_rows >> n & 1)
			emit_text(w, w->row[n], w->next_text[n]);
	}
	w->next_rows = 0;
	if (first || w->next_pc != w->last_pc)
		wave_emit(w->fst, w->pc, 64, w->next_pc);
	w->last_pc = w->next_pc;
}

void wave_step(struct wave *w, uint64_t cycle, const struct vio_in *in, const struct vio_out *out_a,
	       const struct vio_out *out_b, uint64_t states_a, uint64_t states_b)
{
	bool first = !w->started;
	bool edge = first || cycle == w->cycle + 1;

	fstWriterEmitTimeChange(w->fst, CLOCK_NS * cycle);
	if (edge)
		wave_emit(w->fst, w->clk, 1, 1);
	show_in(w, in, first);
	show_twin(w, &w->twin[0], out_a, states_a, first);
	if (w->twins == 2)
		show_twin(w, &w->twin[1], out_b, states_b, first);
	if (w->model)
		wave_model_show(w->model, first);
	show_text(w, first);
	if (edge) {
		fstWriterEmitTimeChange(w->fst, CLOCK_NS * cycle + CLOCK_NS / 2);
		wave_emit(w->fst, w->clk, 1, 0);
	}
	w->started = true;
	w->cycle = cycle;
}

void wave_text(struct wave *w, enum wave_row row, const char *text)
{
	char *slot = w->next_text[row];
	unsigned bit = 1u << row;
	size_t used = w->next_rows & bit && row != WAVE_FUNCTION ? strlen(slot) : 0;

	snprintf(slot + used, TEXT_BYTES - used, "%s%s", used ? "; " : "", text);
	w->next_rows |= bit;
}

void wave_pc(struct wave *w, uint64_t pc)
{
	w->next_pc = pc;
}

void wave_tap(void *ctx, uint64_t cycle, enum events_kind kind, const char *text)
{
	static const enum wave_row rows[EVENTS_KINDS] = {
		[EVENTS_REGISTER] = WAVE_REGISTER, [EVENTS_RING] = WAVE_RING,  [EVENTS_REQUEST] = WAVE_REQUEST,
		[EVENTS_DATA] = WAVE_DATA,         [EVENTS_ERROR] = WAVE_DATA,
	};

	(void)cycle;
	if (kind == EVENTS_AHEAD)
		return;
	wave_text(ctx, rows[kind], text);
	if (kind != EVENTS_DATA)
		wave_text(ctx, WAVE_TRANSACTION, text);
}

/* The writer tells nothing of a full disk, but the reader finds such a file cut short. */
static bool complete(const char *path, uint64_t end)
{
	void *fst = fstReaderOpen(path);
	bool good = fst && fstReaderGetEndTime(fst) == end;

	if (fst)
		fstReaderClose(fst);
	return good;
}

void wave_close(struct wave *w)
{
	uint64_t end = w->started ? CLOCK_NS * (w->cycle + 1) : 0;
	const char *path = w->path;

	fstWriterEmitTimeChange(w->fst, end);
	fstWriterClose(w->fst);
	wave_model_free(w->model);
	free(w);
	if (!complete(path, end))
		sim_die("cannot write the wave file %s", path);
}
