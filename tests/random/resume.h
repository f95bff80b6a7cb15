/* SPDX-License-Identifier: Apache-2.0
 * resume.h: a device that is saved at random clocks, and goes on as another one, which was restored.
 *
 * Two devices of one kind stand behind the seam. At clocks drawn from the seed the active one is saved, and the other,
 * which stood still since it was left, is restored from that and becomes the active one. For a while both are clocked, and
 * must agree in every output pin, in idle and in the unit states; then the new one goes on alone.
 */
#ifndef RESUME_H
#define RESUME_H

#include "dut/dut.h"

/* Owns both. A save comes every so many clocks on average. */
struct dut *resume_open(struct dut *first, struct dut *second, uint32_t clocks, uint64_t seed);

/* The active one; dut itself when resume_open did not make it. */
struct dut *resume_active(struct dut *dut);
/* What was found, as a sentence, or NULL. */
const char *resume_error(const struct dut *dut);
/* How often it was saved and restored. */
uint64_t resume_saves(const struct dut *dut);

#endif
