/* SPDX-License-Identifier: Apache-2.0
 * events.h: what the device does, told from its pins alone.
 *
 * The monitor watches the pins of any device (model, RTL or lockstep) and turns handshakes into lines of
 * text:
 *
 *     R Status 0x0000000f                      register read, when its data is taken
 *     W QueueNum 0x00000008                    register write, when address and data are both accepted
 *     NOTIFY q0                                the same, QueueNotify
 *     AVAIL q0 idx 7                           available index, when a read shows a new one
 *     HEAD q0 [6] #18                          available entry
 *     DESC q0 #5 len 4096 W next 6 at 0x80...  descriptor; "ahead" when no chain has named it yet
 *     REQ q0 #18 IN sector 128                 request header, when its sixteenth byte is read
 *     LOAD 0x80004000 64 beats                 payload read burst
 *     STORE 0x80004000 512 bytes               payload or status write, when its last beat is accepted; a single
 *                                              byte with its value
 *     CMD READ sector 128 len 4096             storage command
 *     RSP READ sector 128 OK                   its response
 *     USED q0 [6] #18 len 4097                 used element
 *     USED q0 idx 7                            used index
 *     EVENT q0 flags 0x0000                    interrupt suppression, as read
 *     IRQ 1                                    interrupt pin, when it changes
 *     STOP 1, STOPPED 1                        storage reset, when the pin changes
 *     BUS read 0x80004000 SLVERR               bus error
 *
 * In a packed ring slots take the place of indices:
 *
 *     HEAD q0 [6]                              slot whose flags say that it is available; not a head after all when it
 *                                              turns out to lie inside a chain
 *     DESC q0 [6] #18 len 4096 W NEXT at 0x... descriptor with its id; "ahead" as above
 *     DESC q0 [6].2 len 512 R at 0x80...       entry of the indirect table of that slot
 *     REQ q0 [6] IN sector 128                 request header of the chain that begins there
 *     USED q0 [6] #18 len 4097                 used descriptor
 *     EVENT q0 driver ENABLE                   driver event structure, as read
 *     EVENT q0 device DESC [7] wrap 1          device event structure, as written
 *
 * Rings are found by the addresses that the driver wrote to the Queue registers, those of a legacy device by QueuePFN,
 * GuestPageSize and QueueAlign. In the log each line follows its cycle number and a blank. Lines depend on the pins and cycle numbers only.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "vio_pins.h"

enum {
	EVENTS_KEPT = 16, /* lines that events_last remembers */
	EVENTS_LINE = 112 /* longest line with its cycle number, bytes, terminator included */
};

enum events_kind {
	EVENTS_REGISTER, /* R, W, NOTIFY, IRQ */
	EVENTS_RING,     /* AVAIL, HEAD, DESC, USED, EVENT */
	EVENTS_REQUEST,  /* REQ, CMD, RSP, STOP, STOPPED */
	EVENTS_DATA,     /* LOAD, STORE */
	EVENTS_AHEAD,    /* DESC that no chain has named yet */
	EVENTS_ERROR,    /* BUS */
	EVENTS_KINDS
};

struct events;
struct stream;

/* Called for each event with its text, without cycle number. */
typedef void events_tap_fn(void *ctx, uint64_t cycle, enum events_kind kind, const char *text);

/* A monitor of a device in power-on reset. Lines go to log unless it is NULL; the caller owns log and checks
 * it for write errors. Ends the program with status 2 when memory runs out. */
struct events *events_new(FILE *log);
void events_free(struct events *e);

/* The device went through power-on reset: forgets queues and all that was in flight. Counts, and what was
 * told, stay. */
void events_reset(struct events *e);

/* Also hands every event to tap; NULL stops that. */
void events_set_tap(struct events *e, events_tap_fn *tap, void *ctx);

/* One clock, before its edge: the pins that both sides of every handshake see. Clocks may be left out while
 * the device is idle, except the first of them: it is the one that shows the last edge's outputs. */
void events_step(struct events *e, uint64_t cycle, const struct vio_in *in, const struct vio_out *out);

/* Between two clocks: all but log and tap, so that the log of one who restores it is the rest of the log. */
void events_state(struct events *e, struct stream *s);

/* The n-th newest event (0 is the newest) with its cycle number into buf; false when there is none. */
bool events_last(const struct events *e, unsigned n, char buf[EVENTS_LINE]);

/* Storage requests and payload bytes so far, as meter.h counts them. */
uint64_t events_requests(const struct events *e);
uint64_t events_bytes(const struct events *e);

#endif
