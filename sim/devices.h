/* SPDX-License-Identifier: Apache-2.0
 * devices.h: the devices that the command line asks for: their twins and disk images, and the files that follow the first
 * of them.
 */
#ifndef DEVICES_H
#define DEVICES_H

#include <stdint.h>
#include <stdio.h>
#include "options.h"
#include "soc.h"

/* In the order of the command line. config[i].log, wave and record are NULL for all but the first. */
struct devices {
	unsigned count;
	struct vdev_config config[MAP_VIRTIO_SLOTS];
	int fd[MAP_VIRTIO_SLOTS];
};

/* One device in reset, of this kind. */
struct dut *devices_open_dut(enum dut_kind kind);

/* Opens all that o names, for a machine whose DRAM is o->dram_size bytes at dram. sim_die names what cannot be opened. */
void devices_open(struct devices *d, const struct options *o, uint8_t *dram);
/* The faults of -inject, in every device of the machine. */
void devices_inject(const struct options *o, struct soc *soc);
/* A read, write or sync of an image failed. */
bool devices_host_failed(const struct soc *soc);
/* Ends the files of -wave, -record and -trace; sim_die when the host could not keep all that was written. */
void devices_close_outputs(struct devices *d, const struct options *o);
/* Closes the images; the machine is gone. */
void devices_close(struct devices *d);

#endif
