/* SPDX-License-Identifier: Apache-2.0
 * options.h: the command line. QEMU's words where QEMU has one.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include "soc/map.h"
#include "soc/vdev_straps.h"

enum { OPTIONS_INJECTS = 16, OPTIONS_SERIAL = 20, OPTIONS_DRIVES = 16, OPTIONS_SYMBOLS = 8 };

enum dut_kind { DUT_MODEL, DUT_RTL, DUT_LOCKSTEP };

enum inject_kind { INJECT_DISK_ERROR, INJECT_BUS_ERROR };

struct inject {
	enum inject_kind kind;
	uint64_t at;  /* sector, or address */
	uint64_t len; /* bytes, of a bus error */
};

struct drive {
	const char *id;
	const char *file;
	bool readonly;
	char *text; /* what id and file point into */
};

struct device {
	const struct drive *drive; /* the one that drive_id names */
	const char *drive_id;
	unsigned slot;
	bool placed;       /* slot was given by bus= */
	uint64_t features; /* that it offers; VERSION_1 always, RO as the drive is */
	struct vdev_straps straps;
	char serial[OPTIONS_SERIAL + 1];
	char *text; /* what drive_id points into */
};

struct options {
	uint64_t dram_size;
	const char *kernel, *bios, *initrd, *append, *dtb; /* or NULL */
	const char *dumpdtb;                               /* write the device tree here, and run nothing; or NULL */
	const char *symbols[OPTIONS_SYMBOLS];
	unsigned symbols_count;
	uint64_t rtc_start; /* seconds since 1970 */
	bool no_reboot, snapshot;
	const char *serial;                /* console.h */
	const char *stop_line, *fail_line; /* texts that end the run; or NULL */
	struct drive
		drives[OPTIONS_DRIVES]; /* those that there are, in the order of the command line, as are devices */
	unsigned drive_count;
	struct device devices[MAP_VIRTIO_SLOTS];
	unsigned device_count;
	bool legacy; /* -global virtio-mmio.force-legacy: the legacy interface */
	enum dut_kind dut;
	uint64_t seed, max_cycles;
	const char *wave, *trace, *stats, *record, *replay;
	const char *checkpoint, *checkpoint_line; /* where to; and when: behind this line, or NULL: */
	uint64_t checkpoint_at;                   /* at this clock */
	const char *restore;                      /* or NULL: from reset */
	const char *qtest;                        /* path of a socket that someone listens at; NULL: the hart runs */
	const char *gdb;                          /* address that the debugger's server listens at: gdb.h; or NULL */
	bool halted;                              /* until a debugger resumes the hart */
	const char *profile;
	bool progress, progress_plain;
	bool nographic;
	bool no_idle_skip;
	bool htif;
	const char *signature;
	bool check, check_strict;
	uint64_t read_latency, write_latency, outstanding, stalls, disk_latency;
	struct inject injects[OPTIONS_INJECTS];
	unsigned inject_count;
	char *command; /* the command line, quoted for a shell */
};

/* Reads the command line into o; strings point into argv or into o's own. What is wrong with it is sim_die. --help
 * prints and exits with 0. */
void options_parse(struct options *o, int argc, char **argv);
void options_free(struct options *o);

#endif
