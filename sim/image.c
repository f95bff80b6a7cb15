/* SPDX-License-Identifier: Apache-2.0
 * image.c: see image.h. Segments go to their physical addresses.
 */
#define _XOPEN_SOURCE 700
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim.h"

struct segment {
	uint64_t offset; /* into DRAM */
	uint64_t file_bytes, bytes;
	uint8_t *data;
};

struct image {
	const char *path;
	uint64_t base, size, entry;
	struct segment *segments;
	size_t count;
	struct symbols *symbols;
};

static void check_header(const char *path, Elf *elf)
{
	GElf_Ehdr header;
	size_t bytes;
	const char *raw = elf_rawfile(elf, &bytes);

	if (!raw || bytes < SELFMAG || memcmp(raw, ELFMAG, SELFMAG) != 0)
		sim_die("%s: not an ELF file", path);
	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		sim_die("%s: truncated ELF file", path);
	if (header.e_machine != EM_RISCV)
		sim_die("%s: ELF file of another machine (number %u, not RISC-V)", path, header.e_machine);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
		sim_die("%s: not a 64-bit little-endian RISC-V ELF file", path);
	if (header.e_type != ET_EXEC)
		sim_die("%s: not an executable ELF file", path);
}

static void add_segment(struct image *image, Elf *elf, const GElf_Phdr *ph)
{
	struct segment *s = &image->segments[image->count];
	size_t bytes;
	const char *raw = elf_rawfile(elf, &bytes);

	if (ph->p_offset > bytes || ph->p_filesz > bytes - ph->p_offset || ph->p_filesz > ph->p_memsz)
		sim_die("%s: truncated ELF file", image->path);
	s->offset = ph->p_paddr - image->base;
	if (s->offset > image->size || ph->p_memsz > image->size - s->offset)
		sim_die("%s: segment at 0x%llx, %llu bytes, is outside the %llu MiB of DRAM (see -m)", image->path,
			(unsigned long long)ph->p_paddr, (unsigned long long)ph->p_memsz,
			(unsigned long long)image->size >> 20);
	s->bytes = ph->p_memsz;
	s->file_bytes = ph->p_filesz;
	s->data = sim_alloc(s->file_bytes + 1);
	memcpy(s->data, raw + ph->p_offset, s->file_bytes);
	image->count++;
}

static void read_segments(struct image *image, Elf *elf)
{
	size_t count;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &count) != 0)
		sim_die("%s: truncated ELF file", image->path);
	image->segments = sim_alloc((count + 1) * sizeof image->segments[0]);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &ph))
			sim_die("%s: truncated ELF file", image->path);
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			add_segment(image, elf, &ph);
	}
	if (image->count == 0)
		sim_die("%s: ELF file with nothing to load", image->path);
}

struct image *image_open(const char *path, uint64_t base, uint64_t size)
{
	struct image *image = sim_alloc(sizeof *image);
	GElf_Ehdr header;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	if (fd < 0)
		sim_die("%s: %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		sim_die("%s: %s", path, elf_errmsg(-1));
	check_header(path, elf);
	gelf_getehdr(elf, &header);
	image->path = path;
	image->base = base;
	image->size = size;
	image->entry = header.e_entry;
	read_segments(image, elf);
	image->symbols = symbols_new(elf);
	elf_end(elf);
	close(fd);
	return image;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	for (size_t i = 0; i < image->count; i++)
		free(image->segments[i].data);
	free(image->segments);
	symbols_free(image->symbols);
	free(image);
}

uint64_t image_entry(const struct image *image) { return image->entry; }
const struct symbols *image_symbols(const struct image *image) { return image->symbols; }

void image_load(const struct image *image, uint8_t *dram)
{
	for (size_t i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		memcpy(dram + s->offset, s->data, s->file_bytes);
		memset(dram + s->offset + s->file_bytes, 0, s->bytes - s->file_bytes);
	}
}
