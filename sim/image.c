/* SPDX-License-Identifier: Apache-2.0
 * image.c: see image.h. Segments go to their physical addresses.
 */
#define _XOPEN_SOURCE 700
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sim.h"

struct segment {
	uint64_t offset; /* into DRAM */
	uint64_t file_bytes, bytes;
	uint8_t *data;
};

struct image {
	const char *path;
	int fd; /* -1 and NULL once all is read */
	Elf *elf;
	uint64_t base, size, entry;
	struct segment *segments;
	size_t count;
	struct symbols *symbols;
};

static void close_file(struct image *image)
{
	if (image->elf)
		elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	image->elf = NULL;
	image->fd = -1;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	close_file(image);
	for (size_t i = 0; i < image->count; i++)
		free(image->segments[i].data);
	free(image->segments);
	symbols_free(image->symbols);
	free(image);
}

/* sim_die for this file; nothing of it is left behind. */
__attribute__((format(printf, 2, 3))) _Noreturn static void refuse(struct image *image, const char *fmt, ...)
{
	const char *path = image->path;
	char why[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof why, fmt, args);
	va_end(args);
	image_free(image);
	sim_die("%s: %s", path, why);
}

static void open_file(struct image *image)
{
	struct stat st;

	image->fd = open(image->path, O_RDONLY | O_CLOEXEC);
	if (image->fd < 0 || fstat(image->fd, &st) != 0)
		refuse(image, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		refuse(image, "not a regular file");
	elf_version(EV_CURRENT);
	image->elf = elf_begin(image->fd, ELF_C_READ, NULL);
	if (!image->elf)
		refuse(image, "%s", elf_errmsg(-1));
}

static void read_header(struct image *image)
{
	GElf_Ehdr header;
	size_t bytes;
	const char *raw = elf_rawfile(image->elf, &bytes);

	if (!raw || bytes < SELFMAG || memcmp(raw, ELFMAG, SELFMAG) != 0)
		refuse(image, "not an ELF file");
	if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header))
		refuse(image, "truncated ELF file");
	if (header.e_machine != EM_RISCV)
		refuse(image, "ELF file of another machine (number %u, not RISC-V)", header.e_machine);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
		refuse(image, "not a 64-bit little-endian RISC-V ELF file");
	if (header.e_type != ET_EXEC)
		refuse(image, "not an executable ELF file");
	image->entry = header.e_entry;
}

static void add_segment(struct image *image, const GElf_Phdr *ph)
{
	struct segment *s = &image->segments[image->count];
	size_t bytes;
	const char *raw = elf_rawfile(image->elf, &bytes);

	if (ph->p_offset > bytes || ph->p_filesz > bytes - ph->p_offset || ph->p_filesz > ph->p_memsz)
		refuse(image, "truncated ELF file");
	s->offset = ph->p_paddr - image->base;
	if (s->offset > image->size || ph->p_memsz > image->size - s->offset)
		refuse(image, "segment at 0x%llx, %llu bytes, is outside the %llu KiB of DRAM (see -m)",
		       (unsigned long long)ph->p_paddr, (unsigned long long)ph->p_memsz,
		       (unsigned long long)image->size >> 10);
	s->bytes = ph->p_memsz;
	s->file_bytes = ph->p_filesz;
	s->data = sim_alloc(s->file_bytes + 1);
	memcpy(s->data, raw + ph->p_offset, s->file_bytes);
	image->count++;
}

static void read_segments(struct image *image)
{
	size_t count;
	GElf_Phdr ph;

	if (elf_getphdrnum(image->elf, &count) != 0)
		refuse(image, "truncated ELF file");
	image->segments = sim_alloc((count + 1) * sizeof image->segments[0]);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &ph))
			refuse(image, "truncated ELF file");
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			add_segment(image, &ph);
	}
	if (image->count == 0)
		refuse(image, "ELF file with nothing to load");
}

struct image *image_open(const char *path, uint64_t base, uint64_t size)
{
	struct image *image = sim_alloc(sizeof *image);

	image->path = path;
	image->fd = -1;
	image->base = base;
	image->size = size;
	open_file(image);
	read_header(image);
	read_segments(image);
	image->symbols = symbols_new(image->elf);
	close_file(image);
	return image;
}

uint64_t image_entry(const struct image *image)
{
	return image->entry;
}
const struct symbols *image_symbols(const struct image *image)
{
	return image->symbols;
}

void image_load(const struct image *image, uint8_t *dram)
{
	for (size_t i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		memcpy(dram + s->offset, s->data, s->file_bytes);
		memset(dram + s->offset + s->file_bytes, 0, s->bytes - s->file_bytes);
	}
}
