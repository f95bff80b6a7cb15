/* SPDX-License-Identifier: Apache-2.0
 * draw.h: what a session looks like is drawn here: timing, features, sizes. */
#ifndef DRAW_H
#define DRAW_H

#include "driver.h"

enum profile { MIXED, FAST, STALL, WRAP, HOSTILE, PROFILES };

/* One random session of this profile; the memory and the disk are those of the driver's scoreboard. */
struct session draw_session(struct driver *d, enum profile profile);

#endif
