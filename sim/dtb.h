/* SPDX-License-Identifier: Apache-2.0
 * dtb.h: the device tree that the machine hands to its guest.
 *
 * Names, addresses, phandles and the order of nodes are those of QEMU's virt, of which this machine is a part: what
 * boots there finds its way here.
 */
#ifndef DTB_H
#define DTB_H

#include <stddef.h>
#include <stdint.h>

struct dtb_config {
	uint64_t dram_size;
	const char *bootargs;              /* or NULL */
	uint64_t initrd_start, initrd_end; /* equal: none */
	uint64_t seed;                     /* of rng-seed, so that runs repeat */
};

/* The tree as a blob, owned by the caller. */
void *dtb_build(const struct dtb_config *config);
/* The tree of a file; of config only bootargs and initrd are put into it. sim_die, naming path, when it is none. */
void *dtb_read(const char *path, const struct dtb_config *config);
size_t dtb_bytes(const void *dtb);

/* Writes it to a file, or sim_die. */
void dtb_dump(const void *dtb, const char *path);

#endif
