/* SPDX-License-Identifier: Apache-2.0
 * checkpoint.h: the whole machine in one file, and back: --checkpoint and --restore.
 *
 * A restored run goes on bit for bit as the run that wrote the file, so it must be asked for with the same options, as
 * far as the guest or a device could notice them, and with disk images that hold what they held. What only watches may
 * differ: -trace, -wave, -stats, -max-cycles, -no-idle-skip. A monitor (-check) may be left out, but not added. What was
 * written in lockstep may go on as the model or as the RTL alone.
 *
 * The bytes of the disks are not in the file, but a hash of them.
 */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "devices.h"
#include "options.h"
#include "soc.h"

struct checkpoint;

/* For a machine that is in reset, its images in DRAM, whose options ask for --checkpoint or --restore; else NULL. Restores it. All
 * three may be owned by the caller and outlive this. */
struct checkpoint *checkpoint_new(const struct options *o, struct soc *soc, const struct devices *devices);
void checkpoint_free(struct checkpoint *c);

/* Writes the file now, and says so on stderr. */
void checkpoint_write(struct checkpoint *c);
/* --checkpoint was asked for, and its time did not come. */
bool checkpoint_missed(const struct checkpoint *c);

#endif
