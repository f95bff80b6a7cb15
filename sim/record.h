/* SPDX-License-Identifier: Apache-2.0
 * record.h: every clock's input pins in a file, and the rerun of that file on a device without anything else.
 *
 * The file starts with a version, a hash of the layout of pins.def, the seed and the command line. Then come runs of
 * equal clocks: which pins changed, their values, and how many clocks they held. Clocks that the simulator skipped
 * because all was idle are a run like any other.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include "dut/dut.h"
#include "vio_pins.h"

struct record;
struct replay;

/* Creates the file, or sim_die. */
struct record *record_open(const char *path, uint64_t seed, const char *command);
/* The pins of one clock, or of so many equal ones. */
void record_step(struct record *r, const struct vio_in *in);
void record_skip(struct record *r, const struct vio_in *in, uint64_t clocks);
/* Power-on reset of the device between two clocks. */
void record_reset(struct record *r);
/* Writes the end mark and closes; sim_die when the host could not keep it all. */
void record_close(struct record *r);

/* Opens a recording, or sim_die with a line that says what is wrong with the file. */
struct replay *replay_open(const char *path);
uint64_t replay_seed(const struct replay *p);
const char *replay_command(const struct replay *p);
/* The next run of equal clocks, false at the end. reset: the device is reset before it. A truncated file is sim_die. */
bool replay_next(struct replay *p, struct vio_in *in, uint64_t *clocks, bool *reset);
void replay_close(struct replay *p);

struct record_result {
	uint64_t cycles;    /* clocks that ran, skipped ones included */
	bool mismatch;      /* the device is a lockstep pair, and it froze; see lockstep_mismatch */
	uint64_t pins_hash; /* of every change of the output pins, with its clock: equal for devices that agree */
};

/* Reruns the file on a device in reset. Clocks in which the device is idle under equal pins are skipped. */
struct record_result record_replay(const char *path, struct dut *dut);

#endif
