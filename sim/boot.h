/* SPDX-License-Identifier: Apache-2.0
 * boot.h: what lies in memory and in registers when the machine starts, as QEMU's virt has it.
 *
 * -bios is entered when it is given, else -kernel. A raw bios lies at the start of DRAM; the kernel, unless it says where
 * it belongs, at the next multiple of 2 MiB behind it; the initial RAM disk 128 MiB behind the kernel's entry, or half of
 * DRAM when that is less; the device tree at the last multiple of 2 MiB below the end of DRAM and below 3 GiB.
 * a0 = 0, the hart; a1 = the device tree; a2 = fw_dynamic_info for OpenSBI, in ROM.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stdint.h>
#include "image.h"
#include "options.h"

enum { BOOT_ARGS = 3, BOOT_ROM_BYTES = 88 };

/* All owned by it. */
struct boot {
	struct image *bios, *kernel, *initrd; /* or NULL */
	void *dtb;
	uint64_t dtb_at;
	uint64_t dram_base, dram_size;
	uint64_t entry;
	uint64_t tohost;          /* htif.h; 0: not asked for */
	uint64_t args[BOOT_ARGS]; /* a0, a1, a2 at the entry */
	uint8_t rom[BOOT_ROM_BYTES];
	struct symbols *symbols;
};

/* Reads all that o names, and finds a place for each. sim_die says what cannot be read, or does not fit. */
void boot_open(struct boot *b, const struct options *o);
/* Puts it into DRAM. */
void boot_load(const struct boot *b, uint8_t *dram);
void boot_close(struct boot *b);

#endif
