/* SPDX-License-Identifier: Apache-2.0
 * memory.h: memory as the debugger sees it.
 *
 * Addresses are virtual, in the mode that the hart is in. DRAM is read and written at once. What reading changes
 * nothing is read at once too: the CLINT, and the PLIC but for its claim registers. All else is a device's register, and is
 * touched only with `mmio`: then as the hart would, by aligned words, and the clocks that it takes pass.
 */
#ifndef GDB_MEMORY_H
#define GDB_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "soc.h"

/* How many bytes from addr on were read or written: fewer than len where there is nothing, or a register without mmio. */
size_t gdb_memory_read(struct soc *soc, bool mmio, uint64_t addr, uint8_t *bytes, size_t len);
size_t gdb_memory_write(struct soc *soc, bool mmio, uint64_t addr, const uint8_t *bytes, size_t len);

/* Physical memory, DRAM only. False: some of it is not. */
bool gdb_memory_physical(const struct soc *soc, uint64_t addr, uint8_t *bytes, size_t len);

/* The physical address; false: none in this mode. */
bool gdb_memory_translate(const struct soc *soc, uint64_t addr, uint64_t *physical);

#endif
