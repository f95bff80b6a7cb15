/* SPDX-License-Identifier: Apache-2.0
 * image.h: a file that lies in DRAM when the machine starts: an ELF, a Linux Image, a raw binary, or mere data.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>
#include "symbols.h"

struct image;

struct image_memory {
	uint64_t base, size; /* DRAM */
	uint64_t at;         /* where a file that says nothing about its place goes */
};

/* Reads a program. An ELF says where its segments go; a Linux Image (Documentation/riscv/boot-image-header.rst) goes to
 * the first place not below `at` that is a multiple of 2 MiB and not below base + text_offset; anything else is a raw
 * binary. sim_die, naming the file, when it cannot be read, is of another machine, compressed, plain text or truncated,
 * or does not fit. */
struct image *image_open(const char *path, const struct image_memory *memory);
/* Reads a file whose contents are the guest's own affair, such as an initial RAM disk. */
struct image *image_open_data(const char *path, const struct image_memory *memory);
void image_free(struct image *image);

const char *image_path(const struct image *image);
uint64_t image_entry(const struct image *image);
/* The lowest address that it takes, and the one behind the highest; zero-filled memory counts. */
uint64_t image_start(const struct image *image);
uint64_t image_end(const struct image *image);
/* Of anything but an ELF there are none. Never NULL. */
const struct symbols *image_symbols(const struct image *image);

/* Copies it, zero-filled to its size in memory, to where it belongs in dram, the bytes of memory->base. */
void image_load(const struct image *image, uint8_t *dram);

#endif
