/* SPDX-License-Identifier: Apache-2.0
 * machines.h: the two harts that run an image.
 */
#ifndef CPU_MACHINES_H
#define CPU_MACHINES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* DRAM that a child process can be told of. fd is of a file without a name; sim_die when there is no memory. */
struct ram {
	int fd;
	uint8_t *bytes;
};
struct ram ram_new(void);
void ram_free(struct ram *ram);

/* Runs our hart until it ends the run. false: it does not within the clocks that the image may take. */
bool ours_run(uint8_t *dram);

/* QEMU in the background, and its end. sim_die, naming the program, when it cannot be started, fails, or takes too long: it
 * is the judge, so that is the host's fault. */
pid_t qemu_start(const char *program, const struct ram *ram);
void qemu_wait(const char *program, pid_t pid);

#endif
