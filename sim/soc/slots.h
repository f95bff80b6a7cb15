/* SPDX-License-Identifier: Apache-2.0
 * slots.h: the eight virtio slots of the machine: the devices under test in them, and the monitors of their drivers.
 *
 * All devices have one clock and one DRAM. While one of them can change, all run clock by clock, in the order of their
 * slots, so that what they see of each other's writes depends on nothing but the clock.
 */
#ifndef SOC_SLOTS_H
#define SOC_SLOTS_H

#include "soc.h"

/* Fills the slots as soc->config says. */
void slots_new(struct soc *soc);
void slots_free(struct soc *soc);
/* Power-on reset of all devices and monitors. */
void slots_reset(struct soc *soc);

/* Brings all devices to the hart's clock. Sets irqs_due when an interrupt pin changed; a device that fails ends the run. */
void slots_advance(struct soc *soc);
/* No clock can change any device until the hart accesses one. */
bool slots_quiet(const struct soc *soc);
/* The devices' interrupt pins go to the PLIC. */
void slots_irqs(struct soc *soc);

/* One access of the hart to a register of the device in slot, as vdev_start has it. The hart waits, and its clock moves,
 * until it is answered: true; or until limit clocks have passed, or a device failed, which ends the run: false. */
bool slots_access(struct soc *soc, unsigned slot, uint16_t offset, uint32_t *data, uint8_t strb, uint64_t limit,
		  bool *ok);

/* A store of the hart, for the monitors. */
void slots_stored(struct soc *soc, uint64_t addr, unsigned len);

/* The monitor that looks at accesses to this slot: its own, or for an empty slot the first; NULL: nobody does. */
struct check *slots_check(const struct soc *soc, unsigned slot);

#endif
