/* SPDX-License-Identifier: Apache-2.0
 * gdb_impl.h: what the files of the protocol share.
 */
#ifndef GDB_IMPL_H
#define GDB_IMPL_H

#include "gdb/gdb.h"
#include "gdb/packet.h"

enum { GDB_REASON_BYTES = 160 };

/* Events of the device that stop the hart. */
enum gdb_break_on { GDB_ON_CHAIN = 1, GDB_ON_IRQ = 2, GDB_ON_ERROR = 4 };

/* A slot that is watched: what was last seen of its device. */
struct gdb_slot {
	struct gdb *gdb;
	unsigned number;
	bool irq;
	uint8_t err_code, req_code;
};

struct gdb {
	struct soc *soc;
	void (*send)(void *ctx, const char *bytes, size_t len);
	void *ctx;
	struct gdb_packet in;
	char out[GDB_PACKET_BYTES + 1]; /* the reply that is being written */
	size_t out_len;
	char frame[GDB_FRAME_BYTES]; /* as it was sent, in case that the client did not get it */
	size_t frame_len;
	bool client, left, no_ack;
	bool running;     /* the client resumed the hart, and waits for a stop */
	bool interrupted; /* by Ctrl-C */
	bool killed;
	enum soc_end over; /* the run's end, shown and not yet taken; SOC_RUNNING: none */
	bool mmio;
	unsigned break_on;
	char reason[GDB_REASON_BYTES]; /* the event that stops the hart; empty: none did */
	struct gdb_slot slots[MAP_VIRTIO_SLOTS];
};

/* The reply: text is added to it, as much as there is room for. */
void gdb_put(struct gdb *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gdb_put_hex(struct gdb *g, const void *bytes, size_t len);
/* Sends it, and begins another. */
void gdb_send(struct gdb *g);
/* Text for the user's screen, in packets of their own; between a command and its reply, or while the hart runs. */
void gdb_say(struct gdb *g, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A packet that asks for something while the hart is halted; leaves the reply in g->out. False: none is to be sent. */
bool gdb_command(struct gdb *g, const char *text, size_t len);

/* The hart's run is to go on, for one instruction or until something stops it. */
void gdb_resume(struct gdb *g, bool step);

/* The reply to `?`, and what a stop is told as. */
void gdb_put_stop(struct gdb *g);

/* Z and z packets behind their first letter. */
void gdb_point(struct gdb *g, const char *text, bool set);

/* The name of an error of errors.def. */
const char *gdb_error_name(unsigned code);

/* monitor: text is the command line, which is cut up. */
void gdb_monitor(struct gdb *g, char *text);
/* monitor vio: a slot of the machine that holds a device. */
void gdb_show_vio(struct gdb *g, unsigned slot);

#endif
