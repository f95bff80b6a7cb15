/* SPDX-License-Identifier: Apache-2.0
 * hostile.h: a driver that breaks the rules, and memory that fails. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "driver.h"

/* Does one wrong thing on a queue that is up; others may have requests in flight. The device must set
 * DEVICE_NEEDS_RESET with the right code, raise a configuration interrupt, and touch nothing that it must not. False when
 * this queue cannot show this wrong thing. Afterwards the device waits for driver_start. */
bool hostile_inject(struct driver *d, unsigned q);

#endif
