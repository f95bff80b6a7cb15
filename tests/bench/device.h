/* SPDX-License-Identifier: Apache-2.0
 * device.h: the bench's measures of the device, in clocks: the same on every machine.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "rig.h"

typedef struct dut *device_open(void);

/* All take config without a dut, and how to open one.
 *
 * Clocks of a request in steady state with depth requests always posted: from the clock in which the last used
 * element of the warm-up is in memory, to that in which those of 1,000 more requests are. */
double device_clocks(const struct rig_config *config, device_open *open);

/* Forced beats over these clocks, see beats.h. */
double device_efficiency(const struct rig_config *config, device_open *open);

/* Clocks from the clock that accepts QueueNotify to the first that shows irq, over beats_latency_bound: mean of a few
 * reads, each alone, after the driver acknowledged the one before and the bus was quiet. */
double device_latency(const struct rig_config *config, device_open *open);

/* Clocks of a request with one queue over those with the queues of config, all else the same. */
double device_queues(const struct rig_config *config, device_open *open);

#endif
