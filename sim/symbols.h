/* SPDX-License-Identifier: Apache-2.0
 * symbols.h: function names, from ELFs and from System.map files.
 */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* The functions, and the labels in code, of an ELF's symbol table; without one, or with NULL, there are none. Never NULL.
 * Names are copied: elf may end. */
struct symbols *symbols_new(Elf *elf);
/* Those of a file: an ELF of any kind, or lines `ADDRESS TYPE NAME` as nm and the kernel's System.map have them. sim_die
 * when it is neither, or names no function. */
struct symbols *symbols_open(const char *path);
/* Those of others, all in one. */
struct symbols *symbols_join(const struct symbols *const *parts, unsigned count);
void symbols_free(struct symbols *s);

/* How many functions there are, and the n-th: its name and [start, end). */
size_t symbols_count(const struct symbols *s);
const char *symbols_get(const struct symbols *s, size_t n, uint64_t *start, uint64_t *end);

/* The function that pc is in, and pc's bytes past its start; NULL when pc is in none. */
const char *symbols_find(const struct symbols *s, uint64_t pc, uint64_t *offset);

/* The address of a global name that is not code: a variable's. */
bool symbols_variable(const struct symbols *s, const char *name, uint64_t *addr);

#endif
