/* SPDX-License-Identifier: Apache-2.0
 * profile.h: the table of --profile: the run's clocks by function, and each device's by what it did. Nothing is sampled: see
 * cpu/profile.h and trace/activity.h. The rows of each table add up to the clocks of the run
 * since profile_start.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include "soc.h"
#include "symbols.h"

struct profile;

/* Opens the file, or sim_die. */
struct profile *profile_new(const char *path);
void profile_free(struct profile *p);

/* Functions of an image; before profile_start. Names are not copied. NULL adds none. */
void profile_add(struct profile *p, const struct symbols *symbols);

/* From now on the clocks of soc's hart are counted. */
void profile_start(struct profile *p, struct soc *soc);

/* Writes the tables; sim_die when the file cannot be written. */
void profile_write(struct profile *p, const struct soc *soc);

#endif
