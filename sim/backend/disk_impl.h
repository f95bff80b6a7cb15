/* SPDX-License-Identifier: Apache-2.0
 * disk_impl.h: the disk's registers, which disk.c and disk_leap.c share.
 */
#ifndef DISK_IMPL_H
#define DISK_IMPL_H

#include "backend/disk.h"
#include "sim.h"
#include "vio_params.h"

enum { BEAT = VIO_DATA_BYTES, SECTOR = 512, BUFFER = 65536, COMMANDS = 16, RESPONSES = 32, FAULTS = 16, ID_LEN = 20 };
enum { STATUS_OK = 0, STATUS_IOERR = 1 };
enum { STALL_CMD = 1, STALL_W = 2, STALL_R = 4, STALL_RSP = 8, STALL_STOP = 16 };

struct command {
	uint64_t sector;
	uint64_t due; /* first clock in which it may show something */
	uint32_t len;
	uint8_t op;
};

struct answer {
	uint64_t due;
	uint8_t status;
};

struct fault {
	uint64_t sector;
	unsigned ops;
};

struct disk {
	/* Pins. Not in the order of vio_in, or the compiler copies several at once, and waits for the stores of each. */
	vio_data rdata;
	uint8_t stopped, rsp_status, rsp_valid, rvalid, wready, cmd_ready;
	bool busy;        /* a step is more than nothing */
	bool active;      /* current is in progress */
	bool r_last;      /* the read beat on the pins is the last of its command */
	uint8_t r_status; /* response that follows it */
	uint64_t clock;   /* whose pins are shown; stands still while idle */
	uint32_t cmd_in, cmd_out, rsp_in, rsp_out;
	struct command current;
	uint32_t left;      /* bytes of the current command that have not passed the pins */
	uint64_t at;        /* byte of the disk where the buffer starts */
	uint32_t fill, pos; /* bytes in the buffer; next one, of a read */
	uint8_t status;     /* of the current command so far */
	struct command cmds[COMMANDS];
	struct answer rsps[RESPONSES];
	struct sim_rng rng;
	struct disk_counts counts;
	bool cmd_held, w_held; /* valid without ready in the clock before */
	struct command held_cmd;
	vio_data held_wdata;
	uint8_t held_werr;
	_Alignas(64) uint8_t buffer[BUFFER];

	/* Wiring: what is above is the state. */
	struct disk_config cfg;
	struct store *store;
	uint64_t bytes_padded; /* size rounded up to whole sectors */
	struct fault faults[FAULTS];
	unsigned fault_count;
	const char *error;
	char serial[ID_LEN];
};

static inline bool is_write(uint8_t op)
{
	return op == VIO_BE_WRITE || op == VIO_BE_WRITE_FUA;
}

#endif
