/* SPDX-License-Identifier: Apache-2.0
 * wave.h: an FST file of one run, for GTKWave. One time unit is 1 ns and a clock takes 10.
 *
 * Scopes, all below "ringwalk":
 *     clk                      rises as a clock's pin values appear; rests while idle clocks are skipped
 *     text.*                   one string variable a row of enum wave_row
 *     cpu.pc
 *     pins.*                   input pins, shared by the twins
 *     model.*, rtl.*           output pins of each twin that runs
 *     model.state.*, ...       its units' states, by the names of states.def
 *     model.<unit>.*           registers of registers.def, when the model runs: model.walk.slot[0].head
 *     model.fifo.*             entries in each FIFO of fifos.def
 *
 * Only changes are written.
 */
#ifndef WAVE_H
#define WAVE_H

#include <stdint.h>
#include "trace/events.h"
#include "vio_pins.h"

struct vio;

enum wave_row {
	WAVE_FUNCTION,    /* firmware function that the CPU is in */
	WAVE_TRANSACTION, /* every event of events.h but payload bursts */
	WAVE_REGISTER,    /* and all by kind; descriptors that were read ahead are in no row */
	WAVE_RING,
	WAVE_REQUEST,
	WAVE_DATA,
	WAVE_ROWS
};

struct wave_config {
	const char *name_a;      /* scope of out_a: "model" or "rtl" */
	const char *name_b;      /* scope of out_b, or NULL when one device runs */
	const struct vio *model; /* shown with out_a, as it is at each wave_step; or NULL */
};

struct wave;

/* Ends the program with status 2 and a line that names path when the file cannot be made. */
struct wave *wave_open(const char *path, const struct wave_config *config);

/* One clock, before its edge; out_b and states_b are not looked at without name_b. Cycles grow; where they
 * jump, the clock rested. As with events_step, the first of the clocks left out must be shown. */
void wave_step(struct wave *w, uint64_t cycle, const struct vio_in *in, const struct vio_out *out_a,
	       const struct vio_out *out_b, uint64_t states_a, uint64_t states_b);

/* Text and pc hold from the next wave_step on. Texts for one row in one clock are joined by
 * "; ", but the newest function stands alone. */
void wave_text(struct wave *w, enum wave_row row, const char *text);
void wave_pc(struct wave *w, uint64_t pc);

/* An events_tap_fn, with the wave as ctx: call events_step before wave_step. */
void wave_tap(void *ctx, uint64_t cycle, enum events_kind kind, const char *text);

/* Writes what is left. Ends the program with status 2 when the file could not be written. */
void wave_close(struct wave *w);

#endif
