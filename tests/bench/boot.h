/* SPDX-License-Identifier: Apache-2.0
 * boot.h: how long Linux takes on ringwalk and on QEMU, with the same image, kernel, initrd and firmware.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>

enum boot_machines { BOOT_QEMU, BOOT_MODEL, BOOT_RTL, BOOT_LOCKSTEP, BOOT_MACHINES };

/* Their names, as tests/guests/boot.sh knows them. */
extern const char *const boot_names[BOOT_MACHINES];

struct boot {
	double seconds[BOOT_MACHINES];
};

/* Wall time from the start of the program to the last line of the self-test, the least of a few boots; the machines
 * take turns. Those that are not wanted stay 0. Runs tests/guests/boot.sh, so the working directory is the root of the
 * tree, and `make guests` has run. Ends the program with status 2 when a machine does not reach that line, or when
 * part of the self-test failed, and with 77 when a tool is missing. */
struct boot boot_measure(const bool wanted[BOOT_MACHINES]);

#endif
