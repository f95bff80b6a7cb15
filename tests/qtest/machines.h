/* SPDX-License-Identifier: Apache-2.0
 * machines.h: the two machines of a run: how they are started, with what disk and what device.
 */
#ifndef QTEST_MACHINES_H
#define QTEST_MACHINES_H

#include "pair.h"

struct machines {
	const char *ringwalk, *qemu, *dut;
	char folder[64]; /* sockets, disks and what the machines say; made by machines_open */
};

/* Starts both, and finds what they offer. sim_die when one of them cannot. */
void machines_open(struct machines *m, struct pair *p);
void machines_close(struct machines *m, struct pair *p);

#endif
