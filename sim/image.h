/* SPDX-License-Identifier: Apache-2.0
 * image.h: a RISC-V ELF to run.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdint.h>
#include "symbols.h"

struct image;

/* Reads the file. sim_die, naming it, when it cannot be read, is no 64-bit little-endian RISC-V executable, is
 * truncated, or has a segment outside [base, base + size). */
struct image *image_open(const char *path, uint64_t base, uint64_t size);
void image_free(struct image *image);

uint64_t image_entry(const struct image *image);
const struct symbols *image_symbols(const struct image *image);

/* Copies the segments, zero-filled to their size in memory, to where they belong in dram: size bytes at base. */
void image_load(const struct image *image, uint8_t *dram);

#endif
