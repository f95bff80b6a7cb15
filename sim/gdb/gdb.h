/* SPDX-License-Identifier: Apache-2.0
 * gdb.h: GDB's remote protocol on this machine, as QEMU's -gdb and -s offer it.
 *
 * A stopped machine does not advance its clock, and a run that was stopped is the run that was not: the same clocks, the same
 * log. What the debugger writes changes the run, of course, and so does `monitor mmio on`: register accesses take clocks.
 *
 * Breakpoints, hard or soft, leave memory as it is. Watchpoints are kept by physical address, so a device's writes are seen
 * as well as the hart's. `monitor help` lists what GDB has no word for.
 *
 *     struct gdb        the protocol: bytes in, bytes out, and whether the hart is to run; sockets are not its business
 *     gdb_server        listens, and runs the machine for it
 */
#ifndef GDB_H
#define GDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "soc.h"

struct gdb;

/* send gets the bytes for the client. There is no client yet, and the hart runs. */
struct gdb *gdb_new(struct soc *soc, void (*send)(void *ctx, const char *bytes, size_t len), void *ctx);
/* The hart has no points any more. */
void gdb_free(struct gdb *g);

/* A client came: the hart halts. It went: its points go, and the hart runs. */
void gdb_connected(struct gdb *g);
void gdb_disconnected(struct gdb *g);

/* Bytes of the client. While the hart runs, Ctrl-C stops it (soc->halt), and packets are not obeyed. */
void gdb_receive(struct gdb *g, const uint8_t *bytes, size_t len);

/* The client took its hand off: the connection is to be closed. */
bool gdb_left(const struct gdb *g);

/* It ended the run as well. */
bool gdb_killed(const struct gdb *g);

/* The hart is to stay halted. */
bool gdb_holds(const struct gdb *g);
/* soc_run returned: tells the client why. SOC_RUNNING: go on; another end: that of the run, and the client knows. An end that
 * the guest did not choose is first shown to the client, the hart halted; it comes when the client resumes. */
enum soc_end gdb_stopped(struct gdb *g);

/* What ends a batch of the hart: called by the server as the machine's observer. */
void gdb_stepped(void *gdb);

struct gdb_server;

/* Listens at "tcp::PORT", "tcp:127.0.0.1:PORT" (port 0: any that is free) or "unix:PATH", and says so on stderr. sim_die,
 * naming option, when that is not to be had or is no loopback address. */
struct gdb_server *gdb_listen(const char *option, const char *address);
/* The syntax alone: sim_die if it is none of the above. */
void gdb_check_address(const char *option, const char *address);

/* Runs the machine to its end, as soc_run does; halted: the hart waits for a client first. The machine's observer, whose look
 * is called while the hart is halted as well, may end the run by SOC_INTERRUPTED. */
enum soc_end gdb_run(struct gdb_server *server, struct soc *soc, bool halted);
void gdb_close(struct gdb_server *server);

#endif
