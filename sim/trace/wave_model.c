/* SPDX-License-Identifier: Apache-2.0
 * wave_model.c: registers and FIFO levels of the model in an FST file, see wave.h.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "trace/wave_impl.h"
#include "vio.h"

enum { NAME_BYTES = 64 };

/* Name: scopes and the register, between dots. */
static const struct {
	const char *name;
	unsigned width;
} registers[] = {
#define REGISTER(unit, path, width) {#unit "." #path, width},
#include "def/registers.def"
#define FIFO(f, payload, depth, producer, consumer) {"fifo." #f, 64 - __builtin_clzll(D_##f)},
#include "def/fifos.def"
};

#define REGISTER(unit, path, width) \
	_Static_assert((width) <= 8 * sizeof((struct vio *)0)->unit.path, #unit "." #path " is narrower");
#include "def/registers.def"

enum { REGISTERS = sizeof registers / sizeof *registers };

/* A register, lowest word first; the payload's may be as wide as the bus. */
struct value {
	uint64_t word[VIO_DATA_WORDS];
};

struct wave_model {
	void *fst;
	const struct vio *vio;
	fstHandle handle[REGISTERS];
	struct value last[REGISTERS];
};

/* In the order of registers[]. */
static void read_registers(const struct vio *v, struct value *value)
{
#define REGISTER(unit, path, width) memcpy((value++)->word, &v->unit.path, sizeof v->unit.path);
#include "def/registers.def"
#define FIFO(f, payload, depth, producer, consumer) (value++)->word[0] = LEVEL(f);
#include "def/fifos.def"
}

/* Leaves scopes of open until it holds no more than name's, then enters the rest of these. */
static void move_scope(void *fst, char *open, const char *name)
{
	size_t used = strlen(open);
	const char *dot;

	while (used && strncmp(open, name, used)) {
		fstWriterSetUpscope(fst);
		for (used--; used && open[used - 1] != '.'; used--)
			;
	}
	while ((dot = strchr(name + used, '.'))) {
		snprintf(open, NAME_BYTES, "%.*s", (int)(dot - name - (long)used), name + used);
		fstWriterSetScope(fst, FST_ST_VCD_MODULE, open, NULL);
		used = (size_t)(dot - name) + 1;
	}
	snprintf(open, NAME_BYTES, "%.*s", (int)used, name);
}

/* Without its range, an array's element would be taken for one bit. */
static fstHandle new_register(void *fst, const char *name, unsigned width)
{
	char text[NAME_BYTES];

	snprintf(text, sizeof text, "%s [%u:0]", name, width - 1);
	return fstWriterCreateVar(fst, FST_VT_VCD_REG, FST_VD_IMPLICIT, width, strchr(name, '[') ? text : name, 0);
}

struct wave_model *wave_model_new(void *fst, const struct vio *vio)
{
	struct wave_model *m = sim_alloc(sizeof *m);
	char open[NAME_BYTES] = "";

	m->fst = fst;
	m->vio = vio;
	for (unsigned n = 0; n < REGISTERS; n++) {
		assert(strlen(registers[n].name) < NAME_BYTES);
		move_scope(fst, open, registers[n].name);
		m->handle[n] = new_register(fst, registers[n].name + strlen(open), registers[n].width);
	}
	move_scope(fst, open, "");
	return m;
}

void wave_model_free(struct wave_model *m)
{
	free(m);
}

void wave_model_show(struct wave_model *m, bool first)
{
	struct value now[REGISTERS] = {0};

	read_registers(m->vio, now);
	for (unsigned n = 0; n < REGISTERS; n++) {
		if (first || memcmp(&now[n], &m->last[n], sizeof now[n]) != 0)
			wave_emit_bytes(m->fst, m->handle[n], registers[n].width, &now[n], sizeof now[n]);
		m->last[n] = now[n];
	}
}
