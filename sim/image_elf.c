/* SPDX-License-Identifier: Apache-2.0
 * image_elf.c: ELF programs. Segments go to their physical addresses.
 */
#include <gelf.h>
#include "image_impl.h"

static void read_header(struct image *image)
{
	GElf_Ehdr header;

	if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header))
		image_refuse(image, "truncated ELF file");
	if (header.e_machine != EM_RISCV)
		image_refuse(image, "ELF file of another machine (number %u, not RISC-V)", header.e_machine);
	if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
		image_refuse(image, "not a 64-bit little-endian RISC-V ELF file");
	if (header.e_type != ET_EXEC)
		image_refuse(image, "not an executable ELF file");
	image->entry = header.e_entry;
}

static void read_segments(struct image *image)
{
	size_t count;
	GElf_Phdr ph;

	if (elf_getphdrnum(image->elf, &count) != 0)
		image_refuse(image, "truncated ELF file");
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &ph))
			image_refuse(image, "truncated ELF file");
		if (ph.p_type == PT_LOAD && ph.p_memsz)
			image_add(image, ph.p_paddr, ph.p_offset, ph.p_filesz, ph.p_memsz);
	}
	if (image->count == 0)
		image_refuse(image, "ELF file with nothing to load");
}

void image_read_elf(struct image *image)
{
	elf_version(EV_CURRENT);
	image->elf = elf_memory((char *)image->file, image->file_bytes);
	if (!image->elf)
		image_refuse(image, "truncated ELF file");
	read_header(image);
	read_segments(image);
	image->symbols = symbols_new(image->elf);
	elf_end(image->elf);
	image->elf = NULL;
}
