/* SPDX-License-Identifier: Apache-2.0
 * checkpoint_file.c: see checkpoint_file.h. Written through stdio, a section's length last; read from a mapping.
 */
#include "checkpoint_file.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "hash.h"
#include "sim.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is written as the host's own words");

enum { VERSION = 1, BUILD_BYTES = 20, NAME_BYTES = 16 };

struct header {
	char magic[8];
	uint32_t version, build_len;
	uint8_t build[BUILD_BYTES];
	uint32_t zero;
};

static const char magic[8] = "RINGWALK";

struct section {
	char name[NAME_BYTES];
	int32_t slot, zero;
	uint64_t len;
};

struct checkpoint_file {
	struct stream s;
	const char *path;
	struct section section; /* that the stream is in; no name: none */
	struct hash hash;       /* of its bytes */
	uint64_t done;          /* its bytes so far */

	FILE *out; /* while saving */
	char *part;
	off_t section_at;

	const uint8_t *map; /* while restoring */
	uint64_t size, at;
};

/* The description of the program's note GNU_BUILD_ID. */
static int find_build(struct dl_phdr_info *info, size_t size, void *to)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		const char *p = (const char *)(info->dlpi_addr + ph->p_vaddr), *end = p + ph->p_memsz;

		while (ph->p_type == PT_NOTE && (size_t)(end - p) >= sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *note = (const void *)p;
			const char *name = p + sizeof *note, *desc = name + (note->n_namesz + 3) / 4 * 4;

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp(name, "GNU", 4) &&
			    note->n_descsz == BUILD_BYTES) {
				memcpy(to, desc, BUILD_BYTES);
				return 1;
			}
			p = desc + (note->n_descsz + 3) / 4 * 4;
		}
	}
	return -1; /* the program itself comes first; libraries have notes of their own */
}

static struct header our_header(void)
{
	struct header h = {.version = VERSION, .build_len = BUILD_BYTES};
	int found = dl_iterate_phdr(find_build, h.build);

	assert(found == 1); /* the Makefile asks the linker for it */
	(void)found;
	memcpy(h.magic, magic, sizeof magic);
	return h;
}

static uint64_t checksum(const struct section *section, struct hash hash)
{
	hash_add(&hash, section, sizeof *section);
	return hash_end(&hash);
}

/* --- Saving */

static _Noreturn void write_failed(struct checkpoint_file *f)
{
	int why = errno;

	unlink(f->part);
	sim_die("%s: %s", f->path, strerror(why));
}

static void write_bytes(struct checkpoint_file *f, const void *p, size_t n)
{
	if (fwrite(p, 1, n, f->out) != n)
		write_failed(f);
}

static void end_saved(struct checkpoint_file *f)
{
	uint64_t sum;

	if (!f->section.name[0])
		return;
	f->section.len = f->done;
	sum = checksum(&f->section, f->hash);
	write_bytes(f, &sum, sizeof sum);
	if (fseeko(f->out, f->section_at, SEEK_SET) != 0)
		write_failed(f);
	write_bytes(f, &f->section, sizeof f->section);
	if (fseeko(f->out, 0, SEEK_END) != 0)
		write_failed(f);
}

static struct section named(const char *name, int slot)
{
	struct section section = {.slot = slot};

	assert(strlen(name) < NAME_BYTES);
	memcpy(section.name, name, strlen(name));
	return section;
}

static void begin_saved(struct checkpoint_file *f, const char *name, int slot)
{
	end_saved(f);
	f->section = named(name, slot);
	f->section_at = ftello(f->out);
	if (f->section_at < 0)
		write_failed(f);
	write_bytes(f, &f->section, sizeof f->section);
}

/* --- Restoring */

static _Noreturn void damaged(const struct checkpoint_file *f, const struct section *section, const char *what)
{
	if (section->slot == STREAM_NO_SLOT)
		sim_die("%s: section '%.16s' %s", f->path, section->name, what);
	sim_die("%s: section '%.16s' of slot %d %s", f->path, section->name, (int)section->slot, what);
}

/* The section at `at`, and where the next one is. */
static struct section section_at(const struct checkpoint_file *f, uint64_t at, uint64_t *next)
{
	struct section section;
	uint64_t left = f->size - at, sum;
	struct hash hash = {0};

	if (left < sizeof section)
		sim_die("%s: is truncated", f->path);
	memcpy(&section, f->map + at, sizeof section);
	if (section.name[NAME_BYTES - 1] || section.zero)
		sim_die("%s: is damaged at byte %llu", f->path, (unsigned long long)at);
	left -= sizeof section;
	if (left < sizeof sum || left - sizeof sum < section.len)
		damaged(f, &section, "is truncated");
	memcpy(&sum, f->map + at + sizeof section + section.len, sizeof sum);
	hash_add(&hash, f->map + at + sizeof section, section.len);
	if (sum != checksum(&section, hash))
		damaged(f, &section, "is damaged");
	*next = at + sizeof section + section.len + sizeof sum;
	return section;
}

static void look_through(const struct checkpoint_file *f)
{
	uint64_t at = sizeof(struct header);
	struct section section;

	do
		section = section_at(f, at, &at);
	while (strcmp(section.name, "end") != 0);
	if (at != f->size)
		sim_die("%s: has something behind its end", f->path);
}

/* Where it is; 0: nowhere. */
static uint64_t find(const struct checkpoint_file *f, const char *name, int slot)
{
	const struct section want = named(name, slot);
	uint64_t at = sizeof(struct header);
	struct section section;

	for (;;) {
		memcpy(&section, f->map + at, sizeof section);
		if (!memcmp(section.name, want.name, NAME_BYTES) && section.slot == slot)
			return at;
		if (!strcmp(section.name, "end"))
			return 0;
		at += sizeof section + section.len + sizeof(uint64_t);
	}
}

static void end_restored(struct checkpoint_file *f)
{
	if (f->section.name[0] && f->done != f->section.len)
		damaged(f, &f->section, "has more in it than there should be");
}

static void begin_restored(struct checkpoint_file *f, const char *name, int slot)
{
	uint64_t at = find(f, name, slot);
	const struct section want = named(name, slot);

	end_restored(f);
	if (!at)
		damaged(f, &want, "is not there");
	memcpy(&f->section, f->map + at, sizeof f->section);
	f->at = at + sizeof f->section;
}

/* --- Both */

static void file_section(struct stream *s, const char *name)
{
	struct checkpoint_file *f = (struct checkpoint_file *)s;

	if (s->saving)
		begin_saved(f, name, s->slot);
	else
		begin_restored(f, name, s->slot);
	f->done = 0;
	f->hash = (struct hash){0};
}

static void file_bytes(struct stream *s, void *p, size_t n)
{
	struct checkpoint_file *f = (struct checkpoint_file *)s;

	assert(f->section.name[0]);
	if (s->saving) {
		write_bytes(f, p, n);
		hash_add(&f->hash, p, n);
	} else {
		if (f->section.len - f->done < n)
			damaged(f, &f->section, "has less in it than there should be");
		memcpy(p, f->map + f->at, n);
		f->at += n;
	}
	f->done += n;
}

static const struct stream_ops file_ops = {file_section, file_bytes};

struct checkpoint_file *checkpoint_file_create(const char *path)
{
	struct checkpoint_file *f = sim_alloc(sizeof *f);
	struct header header = our_header();

	f->s = (struct stream){&file_ops, true, STREAM_NO_SLOT};
	f->path = path;
	if (asprintf(&f->part, "%s.%ld.part", path, (long)getpid()) < 0)
		sim_die("%s: out of memory", path);
	f->out = fopen(f->part, "w");
	if (!f->out)
		sim_die("%s: %s", path, strerror(errno));
	write_bytes(f, &header, sizeof header);
	return f;
}

void checkpoint_file_commit(struct checkpoint_file *f)
{
	file_section(&f->s, "end");
	end_saved(f);
	if (fflush(f->out) != 0 || fclose(f->out) != 0 || rename(f->part, f->path) != 0)
		write_failed(f);
	free(f->part);
	free(f);
}

static void check_header(const struct checkpoint_file *f)
{
	const struct header want = our_header();
	struct header header;

	if (f->size < sizeof header.magic || memcmp(f->map, magic, sizeof magic) != 0)
		sim_die("%s: is no checkpoint", f->path);
	if (f->size < sizeof header)
		sim_die("%s: is truncated", f->path);
	memcpy(&header, f->map, sizeof header);
	if (header.version != VERSION)
		sim_die("%s: is a checkpoint of version %u, not %d", f->path, header.version, VERSION);
	if (memcmp(&header, &want, sizeof header) != 0)
		sim_die("%s: was written by another build of this program", f->path);
}

struct checkpoint_file *checkpoint_file_open(const char *path)
{
	struct checkpoint_file *f = sim_alloc(sizeof *f);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *map;

	f->s = (struct stream){&file_ops, false, STREAM_NO_SLOT};
	f->path = path;
	if (fd < 0 || fstat(fd, &st) != 0)
		sim_die("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		sim_die("%s: not a regular file", path);
	if (st.st_size == 0)
		sim_die("%s: is no checkpoint", path);
	f->size = (uint64_t)st.st_size;
	map = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		sim_die("%s: %s", path, strerror(errno));
	close(fd);
	f->map = map;
	check_header(f);
	look_through(f);
	return f;
}

void checkpoint_file_close(struct checkpoint_file *f)
{
	end_restored(f);
	munmap((void *)(uintptr_t)f->map, f->size);
	free(f);
}

struct stream *checkpoint_file_stream(struct checkpoint_file *f)
{
	return &f->s;
}

bool checkpoint_file_has(const struct checkpoint_file *f, const char *name, int slot)
{
	return find(f, name, slot) != 0;
}

size_t checkpoint_file_section_bytes(const struct checkpoint_file *f)
{
	return f->section.len;
}
