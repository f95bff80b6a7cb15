/* SPDX-License-Identifier: Apache-2.0
 * compare.h: the logs of two runs of one image.
 */
#ifndef CPU_COMPARE_H
#define CPU_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "gen.h"

/* true: both runs wrote the same. Otherwise says where they part: the registers before, the instructions between the
 * last records that are equal and the first that are not, and what differs; or the word of data that does. */
bool compare_runs(const struct gen *g, const uint8_t *qemu, const uint8_t *ours, FILE *out);

#endif
