/* SPDX-License-Identifier: Apache-2.0
 * disk.h: the storage port's other side: a raw disk on a file or on memory. See pins.def for the port.
 *
 * Timing without stalls: commands are always taken (16 wait in order); the first read beat shows in the clock after
 * the command was accepted, plus latency; then one beat a clock, also from one command to the next. A response shows in
 * the clock after the last beat (read: sent; write: accepted, plus latency); of a command without data, in the clock
 * after the command, plus latency. All pins are registers.
 *
 * A write reaches the file in whole sectors, at the latest before its response; a file that ended within a sector grows
 * when that sector is written. be_stop drops what was not written.
 */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>
#include <stdint.h>
#include "vio_pins.h"

struct disk_config {
	int fd;                  /* the file, owned by the caller; -1: memory */
	uint8_t *bytes;          /* size bytes, owned by the caller; used when fd < 0 */
	uint64_t size;           /* bytes; served as if padded with zeros to a multiple of 512 */
	bool readonly;           /* writes answer IOERR */
	bool snapshot;           /* the file is only read: what is written stays in memory */
	unsigned latency;        /* clocks that every command takes more */
	unsigned stall_per_1024; /* chance of each handshake to pause, each clock */
	uint64_t seed;
	const char *serial; /* for GET_ID: up to 20 bytes; NULL: empty */
};

struct disk_counts {
	uint64_t reads, writes, flushes, other; /* commands */
	uint64_t read_bytes, write_bytes;
	uint64_t errors; /* responses that are not OK */
};

struct disk;
struct stream;

struct disk *disk_new(const struct disk_config *config);
void disk_free(struct disk *d);

/* Commands that touch the sector (FLUSH, GET_ID and LIFETIME: any) answer IOERR and change nothing. Bit 1 << VIO_BE_<op> of the mask
 * chooses the commands. At most 16 faults, false when there is no room. */
bool disk_fault(struct disk *d, uint64_t sector, unsigned op_mask);
void disk_fault_clear(struct disk *d);

void disk_drive(const struct disk *d, struct vio_in *in);
void disk_step(struct disk *d, const struct vio_in *in, const struct vio_out *out);
/* After a step: how many more clocks change nothing of this side's pins but be_rdata, if out stays as it is but for be_wdata;
 * UINT64_MAX: it waits for the device. disk_leap is as many steps, or fewer: rdata becomes be_rdata of each clock when a
 * read's beats are shown, and wdata is be_wdata of each when a write's are taken; NULL otherwise. */
uint64_t disk_leap_clocks(const struct disk *d, const struct vio_out *out);
void disk_leap(struct disk *d, const struct vio_out *out, uint64_t n, vio_data *rdata, const vio_data *wdata);
/* Nothing is in progress and be_cmd_ready is up: steps without a valid or be_stop from the device change nothing, draw
 * no random number, and may be left out. */
bool disk_idle(const struct disk *d);
/* Forgets everything in progress, as after a power-on reset of both sides. */
void disk_reset(struct disk *d);

/* Between two clocks: commands in progress, counts, the generator; neither the disk's bytes nor the faults. Not with an
 * error, and only into one of the same configuration. */
void disk_state(struct disk *d, struct stream *s);

/* Capacity in sectors, rounded up. */
uint64_t disk_sectors(const struct disk *d);
/* A read, write or sync of the host's file failed: said on stderr the first time; the program must exit 2 in the end. */
bool disk_host_failed(const struct disk *d);
/* The first rule of the storage port that the device broke, as a sentence, or NULL. */
const char *disk_error(const struct disk *d);
const struct disk_counts *disk_counts(const struct disk *d);

#endif
