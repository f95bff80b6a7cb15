/* SPDX-License-Identifier: Apache-2.0
 * image_impl.h: what the files of image.c share.
 */
#ifndef IMAGE_IMPL_H
#define IMAGE_IMPL_H

#include <libelf.h>
#include <stddef.h>
#include "image.h"

struct segment {
	uint64_t offset;     /* into DRAM */
	uint64_t at;         /* into the file */
	uint64_t file_bytes; /* that come from there */
	uint64_t bytes;      /* in memory */
};

struct image {
	const char *path;
	uint8_t *file;
	size_t file_bytes;
	Elf *elf; /* while an ELF is read */
	struct image_memory memory;
	uint64_t entry;
	struct segment *segments;
	size_t count, room;
	struct symbols *symbols;
};

/* sim_die for this file; nothing of it is left behind. */
_Noreturn void image_refuse(struct image *image, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* file_bytes from `at` of the file go to addr, and zeros up to bytes; what is outside DRAM is refused. */
void image_add(struct image *image, uint64_t addr, uint64_t at, uint64_t file_bytes, uint64_t bytes);

/* The file is an ELF: entry, segments, symbols. */
void image_read_elf(struct image *image);
/* It is none: entry and segment. */
void image_read_binary(struct image *image);

#endif
