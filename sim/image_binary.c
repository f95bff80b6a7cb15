/* SPDX-License-Identifier: Apache-2.0
 * image_binary.c: Linux Images, raw binaries, and what only looks like one.
 */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include "image_impl.h"

enum { ALIGN = 2 << 20 };

/* The header of a Linux Image for RISC-V, and what an EFI loader finds in it. */
enum { TEXT_OFFSET = 8, IMAGE_SIZE = 16, FLAGS = 24, MAGIC2 = 56, PE_AT = 60, HEADER_BYTES = 64, FLAG_BIG_ENDIAN = 1 };
enum { PE_SECTIONS = 6, PE_OPTIONAL_BYTES = 20, PE_HEADER_BYTES = 24 };
enum { SECTION_BYTES = 40, SECTION_FILE_BYTES = 16, SECTION_FILE_AT = 20 };

/* Files that people hand over and that no hart can start. */
static const struct {
	unsigned at, bytes;
	const char *magic, *what;
} refused[] = {
	{0, 2, "\x1f\x8b", "compressed by gzip: unpack it first"},
	{0, 6,
	 "\xfd"
	 "7zXZ\0",
	 "compressed by xz: unpack it first"},
	{0, 4, "\x28\xb5\x2f\xfd", "compressed by zstd: unpack it first"},
	{0, 3, "BZh", "compressed by bzip2: unpack it first"},
	{0, 4, "\x27\x05\x19\x56", "a uImage of U-Boot: take the kernel out of it first"},
	{0, 4, "\xd0\x0d\xfe\xed", "a device tree, not a program (see -dtb)"},
	{4, 4, "zimg", "a compressed EFI kernel: unpack it first"},
	{0x38, 4, "ARM\x64", "a Linux Image of another machine (arm64, not RISC-V)"},
	{0x202, 4, "HdrS", "a Linux kernel of another machine (x86, not RISC-V)"},
};

static uint64_t little(const struct image *image, uint64_t at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)image->file[at + i] << 8 * i;
	return value;
}

static void refuse_others(struct image *image)
{
	size_t i = 0;

	for (i = 0; i < sizeof refused / sizeof refused[0]; i++)
		if (image->file_bytes >= refused[i].at + refused[i].bytes &&
		    memcmp(image->file + refused[i].at, refused[i].magic, refused[i].bytes) == 0)
			image_refuse(image, "%s", refused[i].what);
	for (i = 0; i < image->file_bytes; i++)
		if (!isprint(image->file[i]) && !isspace(image->file[i]))
			return;
	image_refuse(image, "plain text, not a program");
}

static bool is_linux(const struct image *image)
{
	return image->file_bytes >= HEADER_BYTES && little(image, MAGIC2, 4) == 0x05435352;
}

/* A kernel with an EFI stub is a PE file as well, whose sections say how long the file has to be. */
static void check_sections(struct image *image)
{
	uint64_t pe = little(image, PE_AT, 4), table;
	unsigned count;

	if (memcmp(image->file, "MZ", 2) != 0 || pe + PE_HEADER_BYTES > image->file_bytes)
		return;
	count = (unsigned)little(image, pe + PE_SECTIONS, 2);
	table = pe + PE_HEADER_BYTES + little(image, pe + PE_OPTIONAL_BYTES, 2);
	for (unsigned i = 0; i < count; i++, table += SECTION_BYTES)
		if (table + SECTION_BYTES > image->file_bytes ||
		    little(image, table + SECTION_FILE_BYTES, 4) + little(image, table + SECTION_FILE_AT, 4) >
			    image->file_bytes)
			image_refuse(image, "truncated Linux Image: it has %zu bytes", image->file_bytes);
}

static void read_linux(struct image *image)
{
	uint64_t size = little(image, IMAGE_SIZE, 8), offset = little(image, TEXT_OFFSET, 8);
	uint64_t at = image->memory.at;

	if (little(image, FLAGS, 8) & FLAG_BIG_ENDIAN)
		image_refuse(image, "a big-endian Linux Image");
	if (offset >= image->memory.size || size > image->memory.size)
		image_refuse(image, "Linux Image of %llu bytes at %llu of DRAM does not fit its %llu KiB (see -m)",
			     (unsigned long long)size, (unsigned long long)offset,
			     (unsigned long long)image->memory.size >> 10);
	check_sections(image);
	if (at < image->memory.base + offset)
		at = image->memory.base + offset;
	at = (at + ALIGN - 1) / ALIGN * ALIGN;
	image->entry = at;
	image_add(image, at, 0, image->file_bytes, size > image->file_bytes ? size : image->file_bytes);
}

void image_read_binary(struct image *image)
{
	refuse_others(image);
	if (is_linux(image)) {
		read_linux(image);
		return;
	}
	image->entry = image->memory.at;
	image_add(image, image->memory.at, 0, image->file_bytes, image->file_bytes);
}
