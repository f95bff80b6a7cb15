/* SPDX-License-Identifier: Apache-2.0
 * traffic.h: what happens in a session, and how it ends. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "draw.h"

/* Posts, notifies, waits and disturbs at random until so many requests were posted. */
void traffic_run(struct driver *d, enum profile profile, uint64_t target);
/* How a session ends. Each way leaves the device ready for driver_start. */
void traffic_end(struct driver *d, enum profile profile);

#endif
