/* SPDX-License-Identifier: Apache-2.0
 * symbols.c: see symbols.h.
 */
#define _XOPEN_SOURCE 700
#include "symbols.h"

#include <ctype.h>
#include <errno.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

struct symbol {
	uint64_t start, end; /* end: its size, or the next symbol when it has none */
	char *name;
};

struct list {
	struct symbol *list;
	size_t count;
};

struct symbols {
	struct list code; /* by start */
	struct list variables;
};

static bool is_somewhere(const GElf_Sym *sym)
{
	return sym->st_shndx != SHN_UNDEF && sym->st_shndx < SHN_LORESERVE;
}

static bool is_code(Elf *elf, const GElf_Sym *sym)
{
	Elf_Scn *section;
	GElf_Shdr header;

	if (GELF_ST_TYPE(sym->st_info) == STT_FUNC)
		return true;
	section = elf_getscn(elf, sym->st_shndx);
	return GELF_ST_TYPE(sym->st_info) == STT_NOTYPE && section && gelf_getshdr(section, &header) &&
	       (header.sh_flags & SHF_EXECINSTR);
}

/* Mapping symbols and the assembler's local labels name nothing that a reader knows. */
static bool is_name(const char *name)
{
	return name && name[0] && name[0] != '$' && strncmp(name, ".L", 2) != 0;
}

static void add(struct list *s, uint64_t start, uint64_t bytes, const char *name)
{
	if ((s->count & (s->count - 1)) == 0) {
		size_t room = s->count ? s->count * 2 : 1;
		struct symbol *list = realloc(s->list, room * sizeof *list);

		if (!list)
			sim_die("out of memory for symbols");
		s->list = list;
	}
	s->list[s->count] = (struct symbol){start, start + bytes, strdup(name)};
	if (!s->list[s->count++].name)
		sim_die("out of memory for symbols");
}

static void add_table(struct symbols *s, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
	const char *name;
	GElf_Sym sym;

	for (size_t i = 0; data && i < count && gelf_getsym(data, (int)i, &sym); i++) {
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (!is_name(name) || !is_somewhere(&sym))
			continue;
		if (is_code(elf, &sym))
			add(&s->code, sym.st_value, sym.st_size, name);
		else if (GELF_ST_BIND(sym.st_info) == STB_GLOBAL)
			add(&s->variables, sym.st_value, sym.st_size, name);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* In the order of addresses; where a symbol has no size, it ends where the next one starts. */
static void set_ends(struct list *s)
{
	if (s->count)
		qsort(s->list, s->count, sizeof s->list[0], by_start);
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].end == s->list[i].start)
			s->list[i].end = i + 1 < s->count ? s->list[i + 1].start : UINT64_MAX;
}

static void add_elf(struct symbols *s, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			add_table(s, elf, section, &header);
}

struct symbols *symbols_new(Elf *elf)
{
	struct symbols *s = sim_alloc(sizeof *s);

	if (elf)
		add_elf(s, elf);
	set_ends(&s->code);
	return s;
}

/* Code is of type t or w, local or global. False when the line is no symbol at all. */
static bool add_line(struct symbols *s, const char *line)
{
	char name[512], type;
	unsigned long long start;

	if (sscanf(line, "%llx %c %511s", &start, &type, name) != 3 || !isalpha((unsigned char)type))
		return false;
	if (strchr("tTwW", type) && is_name(name))
		add(&s->code, start, 0, name);
	return true;
}

static bool add_map(struct symbols *s, FILE *f)
{
	char line[1024];

	while (fgets(line, sizeof line, f))
		if (!add_line(s, line))
			return false;
	return !ferror(f);
}

struct symbols *symbols_open(const char *path)
{
	FILE *f = fopen(path, "re");
	char magic[SELFMAG] = "";
	struct symbols *s;
	Elf *elf;
	bool ok;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	s = sim_alloc(sizeof *s);
	if (fread(magic, 1, sizeof magic, f) == sizeof magic && memcmp(magic, ELFMAG, SELFMAG) == 0) {
		elf_version(EV_CURRENT);
		elf = elf_begin(fileno(f), ELF_C_READ, NULL);
		ok = elf && elf_kind(elf) == ELF_K_ELF;
		if (ok)
			add_elf(s, elf);
		elf_end(elf);
	} else {
		rewind(f);
		ok = add_map(s, f);
	}
	fclose(f);
	if (!ok || !s->code.count) {
		symbols_free(s);
		sim_die("%s: neither an ELF nor a System.map with names of functions", path);
	}
	set_ends(&s->code);
	return s;
}

static void add_all(struct list *to, const struct list *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct symbol *one = &from->list[i];

		add(to, one->start, one->end == UINT64_MAX ? 0 : one->end - one->start, one->name);
	}
}

struct symbols *symbols_join(const struct symbols *const *parts, unsigned count)
{
	struct symbols *s = sim_alloc(sizeof *s);

	for (unsigned n = 0; n < count; n++) {
		add_all(&s->code, &parts[n]->code);
		add_all(&s->variables, &parts[n]->variables);
	}
	set_ends(&s->code);
	return s;
}

static void free_list(struct list *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->list[i].name);
	free(s->list);
}

void symbols_free(struct symbols *s)
{
	if (!s)
		return;
	free_list(&s->code);
	free_list(&s->variables);
	free(s);
}

bool symbols_variable(const struct symbols *s, const char *name, uint64_t *addr)
{
	for (size_t i = 0; i < s->variables.count; i++) {
		*addr = s->variables.list[i].start;
		if (strcmp(s->variables.list[i].name, name) == 0)
			return true;
	}
	return false;
}

const char *symbols_find(const struct symbols *symbols, uint64_t pc, uint64_t *offset)
{
	const struct list *s = &symbols->code;
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->list[middle].start <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || pc >= s->list[low - 1].end)
		return NULL;
	*offset = pc - s->list[low - 1].start;
	return s->list[low - 1].name;
}

size_t symbols_count(const struct symbols *s)
{
	return s->code.count;
}

const char *symbols_get(const struct symbols *s, size_t n, uint64_t *start, uint64_t *end)
{
	*start = s->code.list[n].start;
	*end = s->code.list[n].end;
	return s->code.list[n].name;
}
