/* SPDX-License-Identifier: Apache-2.0
 * gen_tables.h: the tables of def/ as arrays, for gen.c alone. */
#ifndef VIO_GEN_TABLES_H
#define VIO_GEN_TABLES_H

#include <stddef.h>

/* Values of parameters, for tables that name them. */
enum param_value {
#define PARAM(name, value, what) VIO_##name = (value),
#define CONSTANT(name, value, what) VIO_##name = (value),
#include "def/params.def"
};

static const struct {
	const char *name;
	const char *text; /* a number, or an expression of VIO_<name> */
	int value;
	int open; /* a build may set it */
	const char *what;
} params[] = {
#define PARAM(name, value, what) {#name, #value, VIO_##name, 1, what},
#define CONSTANT(name, value, what) {#name, #value, VIO_##name, 0, what},
#include "def/params.def"
};

static const struct {
	const char *name;
	unsigned bit;
	const char *what;
} features[] = {
#define FEATURE(name, bit, what) {#name, bit, what},
#include "def/features.def"
#undef FEATURE
};

static const struct {
	const char *name;
	unsigned code;
	const char *what;
} errors[] = {
#define ERROR(name, code, what) {#name, code, what},
#include "def/errors.def"
#undef ERROR
};

static const struct {
	const char *name;
	unsigned offset;
	const char *access;
	unsigned reset;
	const char *what;
} regs[] = {
#define REG(name, offset, access, reset, what) {#name, offset, #access, reset, what},
#include "def/regs.def"
#undef REG
};

static const struct {
	const char *name;
	const char *direction;
	const char *width; /* a number, or VIO_<name> */
} pins[] = {
#define PIN_IN(ctype, name, width) {#name, "in", #width},
#define PIN_OUT(ctype, name, width) {#name, "out", #width},
#include "def/pins.def"
#undef PIN_IN
#undef PIN_OUT
};

/* A unit's line comes before its states: name is NULL there. */
static const struct {
	const char *unit;
	const char *name;
} states[] = {
#define UNIT(unit) {#unit, NULL},
#define STATE(unit, name) {#unit, #name},
#include "def/states.def"
#undef UNIT
#undef STATE
};

/* A payload's end has no field. */
static const struct {
	const char *payload;
	const char *field;
	const char *text; /* of the width: a number, or VIO_<name> */
	unsigned width;
} fields[] = {
#define PAYLOAD(name)
#define FIELD(payload, field, width, ctype) {#payload, #field, #width, width},
#define PAYLOAD_END(name) {#name, NULL, NULL, 0},
#include "def/payloads.def"
#undef PAYLOAD
#undef FIELD
#undef PAYLOAD_END
};

static const struct {
	const char *name;
	const char *payload;
	const char *text; /* of the depth */
	unsigned depth;
	const char *producer;
	const char *consumer;
	int kept;
} fifos[] = {
#define FIFO(name, payload, depth, producer, consumer) {#name, #payload, #depth, depth, #producer, #consumer, 0},
#define FIFO_KEPT(name, payload, depth, producer, consumer) {#name, #payload, #depth, depth, #producer, #consumer, 1},
#include "def/fifos.def"
};

#endif
