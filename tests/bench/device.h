/* SPDX-License-Identifier: Apache-2.0
 * device.h: the bench's measures of the device, in clocks: the same on every machine.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdio.h>
#include "dut/dut.h"
#include "rig.h"

/* Forced beats over clocks, see beats.h, between two moments of steady state with depth requests always
 * posted: from the clock in which the warm-up's last used index is in memory, to that in which the index of
 * 1,000 more requests is. Closes dut. */
double device_efficiency(struct dut *dut, unsigned latency, uint32_t bytes, unsigned depth, enum rig_mix mix,
			 FILE *log);

/* Clocks from the clock that accepts QueueNotify to the first that shows irq, over beats_latency_bound: mean
 * of a few reads, each alone, after the driver acknowledged the one before and the bus was quiet. Closes dut.
 */
double device_latency(struct dut *dut, unsigned latency, uint32_t bytes, FILE *log);

#endif
