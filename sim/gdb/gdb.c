/* SPDX-License-Identifier: Apache-2.0
 * gdb.c: the protocol's state: a client, a hart that runs or is halted, and replies.
 */
#define _XOPEN_SOURCE 700
#include "gdb/gdb_impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cpu/debug.h"
#include "dut/view.h"
#include "gdb/hex.h"
#include "sim.h"

enum { SAY_BYTES = 2048, SIGNAL_INT = 2, SIGNAL_TRAP = 5, SIGNAL_ABRT = 6 };

void gdb_put(struct gdb *g, const char *format, ...)
{
	size_t room = sizeof g->out - g->out_len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(g->out + g->out_len, room, format, args);
	va_end(args);
	if (n > 0)
		g->out_len += (size_t)n < room ? (size_t)n : room - 1;
}

void gdb_put_hex(struct gdb *g, const void *bytes, size_t len)
{
	size_t room = (sizeof g->out - 1 - g->out_len) / 2;

	len = len < room ? len : room;
	gdb_hex_put(g->out + g->out_len, bytes, len);
	g->out_len += 2 * len;
	g->out[g->out_len] = 0;
}

void gdb_send(struct gdb *g)
{
	g->frame_len = gdb_packet_frame(g->frame, g->out, g->out_len);
	g->out_len = 0;
	g->send(g->ctx, g->frame, g->frame_len);
}

void gdb_say(struct gdb *g, const char *format, ...)
{
	char text[SAY_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	g->out_len = 0;
	gdb_put(g, "O");
	gdb_put_hex(g, text, strlen(text));
	gdb_send(g);
}

/* The hart halts behind this batch; the first reason is the one that is told. */
static void __attribute__((format(printf, 2, 3))) stop_for(struct gdb *g, const char *format, ...)
{
	va_list args;

	g->soc->halt = true;
	if (g->reason[0])
		return;
	va_start(args, format);
	vsnprintf(g->reason, sizeof g->reason, format, args);
	va_end(args);
}

static void watch_event(void *ctx, uint64_t cycle, enum events_kind kind, const char *text)
{
	const struct gdb_slot *slot = ctx;
	struct gdb *g = slot->gdb;

	if (g->break_on & GDB_ON_CHAIN && kind == EVENTS_RING && strncmp(text, "HEAD ", 5) == 0)
		stop_for(g, "a chain of slot %u in clock %" PRIu64 ": %s", slot->number, cycle, text);
}

static void tap_slots(struct gdb *g, events_tap_fn *tap)
{
	for (unsigned i = 0; i < MAP_VIRTIO_SLOTS; i++) {
		g->slots[i].gdb = g;
		g->slots[i].number = i;
		if (g->soc->vdev[i])
			vdev_set_tap(g->soc->vdev[i], tap, &g->slots[i]);
	}
}

struct gdb *gdb_new(struct soc *soc, void (*send)(void *ctx, const char *bytes, size_t len), void *ctx)
{
	struct gdb *g = sim_alloc(sizeof *g);

	g->soc = soc;
	g->send = send;
	g->ctx = ctx;
	debug_attach(soc->cpu);
	tap_slots(g, watch_event);
	return g;
}

void gdb_free(struct gdb *g)
{
	if (!g)
		return;
	tap_slots(g, NULL);
	debug_detach(g->soc->cpu);
	free(g);
}

void gdb_connected(struct gdb *g)
{
	g->in = (struct gdb_packet){.state = GDB_BETWEEN};
	g->client = true;
	g->left = g->no_ack = g->running = g->interrupted = g->mmio = false;
	g->break_on = 0;
	g->reason[0] = 0;
	g->frame_len = g->out_len = 0;
	g->soc->halt = g->soc->end == SOC_RUNNING;
}

void gdb_disconnected(struct gdb *g)
{
	debug_clear_all(g->soc->cpu);
	debug_resume(g->soc->cpu);
	g->client = g->running = false;
	g->soc->stepping = g->soc->halt = false;
	g->break_on = 0;
}

bool gdb_left(const struct gdb *g)
{
	return g->left;
}
bool gdb_killed(const struct gdb *g)
{
	return g->killed;
}

bool gdb_holds(const struct gdb *g)
{
	return g->client && !g->left && !g->running && !g->killed;
}

const char *gdb_error_name(unsigned code)
{
	switch (code) {
#define ERROR(name, number, what) \
	case number:              \
		return #name;
#include "def/errors.def"
#undef ERROR
	default:
		return "unknown";
	}
}

/* A device's errors show in its registers alone. */
static void see_errors(struct gdb *g, struct gdb_slot *slot, bool tell)
{
	struct dut *dut = vdev_dut(g->soc->vdev[slot->number]);
	uint64_t cycle = g->soc->cpu->cycle;
	struct dut_view v;

	dut->ops->view(dut, &v);
	if (tell && v.err_code && v.err_code != slot->err_code)
		stop_for(g, "an error of slot %u before clock %" PRIu64 ": %s, q%u desc %u", slot->number, cycle,
			 gdb_error_name(v.err_code), v.err_queue, v.err_desc);
	if (tell && v.req_code && v.req_code != slot->req_code)
		stop_for(g, "an error of a request of slot %u before clock %" PRIu64 ": %s, q%u head %u", slot->number,
			 cycle, gdb_error_name(v.req_code), v.req_queue, v.req_head);
	slot->err_code = v.err_code;
	slot->req_code = v.req_code;
}

/* The pin itself: its event is told with the next clock that is not left out. */
static void see_irq(struct gdb *g, struct gdb_slot *slot)
{
	bool irq = vdev_irq(g->soc->vdev[slot->number]);

	if (irq && !slot->irq && g->break_on & GDB_ON_IRQ)
		stop_for(g, "the interrupt of slot %u, which rose before clock %" PRIu64, slot->number,
			 g->soc->cpu->cycle);
	slot->irq = irq;
}

static void see_slots(struct gdb *g, bool tell)
{
	for (unsigned i = 0; i < MAP_VIRTIO_SLOTS; i++) {
		if (!g->soc->vdev[i])
			continue;
		see_irq(g, &g->slots[i]);
		see_errors(g, &g->slots[i], tell && g->break_on & GDB_ON_ERROR);
	}
}

void gdb_stepped(void *ctx)
{
	struct gdb *g = ctx;

	if (g->break_on & (GDB_ON_ERROR | GDB_ON_IRQ))
		see_slots(g, true);
}

void gdb_resume(struct gdb *g, bool step)
{
	debug_resume(g->soc->cpu);
	g->running = true;
	g->interrupted = false;
	g->soc->stepping = step;
	g->soc->halt = false;
	g->reason[0] = 0;
	see_slots(g, false);
}

void gdb_put_stop(struct gdb *g)
{
	static const char *const watches[] = {
		[DEBUG_WRITE] = "watch", [DEBUG_READ] = "rwatch", [DEBUG_ACCESS] = "awatch"};
	struct debug_hit hit = debug_hit(g->soc->cpu);

	if (g->over != SOC_RUNNING)
		gdb_put(g, "T%02xthread:1;", SIGNAL_ABRT);
	else if (hit.kind > DEBUG_BREAK)
		gdb_put(g, "T%02xthread:1;%s:%" PRIx64 ";", SIGNAL_TRAP, watches[hit.kind], hit.shown);
	else
		gdb_put(g, "T%02xthread:1;", g->interrupted ? SIGNAL_INT : SIGNAL_TRAP);
}

static const char *end_text(enum soc_end end)
{
	switch (end) {
	case SOC_DEVICE:
		return "the device differs from its twin, or broke a rule of its bus";
	case SOC_HUNG:
		return "the device does not answer a register access";
	case SOC_MAX_CYCLES:
		return "-max-cycles is reached";
	case SOC_STUCK:
		return "the guest waits for an interrupt that cannot come";
	case SOC_LOST:
		return "the guest's trap handler cannot be executed";
	default:
		return "the run ended";
	}
}

/* The client waits for it, if there is one. */
static void tell_stop(struct gdb *g)
{
	if (!g->client || !g->running)
		return;
	if (g->over != SOC_RUNNING)
		gdb_say(g, "ringwalk: %s. The next command that resumes ends the run.\n", end_text(g->over));
	else if (g->reason[0])
		gdb_say(g, "ringwalk: stopped by %s\n", g->reason);
	else if (debug_hit(g->soc->cpu).device)
		gdb_say(g, "ringwalk: a device wrote there in clock %" PRIu64 "\n", g->soc->cpu->cycle);
	g->out_len = 0;
	gdb_put_stop(g);
	gdb_send(g);
	g->running = false;
}

static void tell_end(struct gdb *g, enum soc_end end)
{
	if (!g->client)
		return;
	g->out_len = 0;
	if (end == SOC_INTERRUPTED)
		gdb_put(g, "X%02x", SIGNAL_INT);
	else
		gdb_put(g, "W%02x", end == SOC_FINISHED ? g->soc->code & 255 : 1);
	gdb_send(g);
}

enum soc_end gdb_stopped(struct gdb *g)
{
	struct soc *soc = g->soc;

	soc->stepping = false;
	if (g->over != SOC_RUNNING) { /* resumed */
		soc->end = g->over;
		tell_end(g, soc->end);
		return soc->end;
	}
	if (soc->end == SOC_FINISHED || soc->end == SOC_INTERRUPTED) {
		tell_end(g, soc->end);
		return soc->end;
	}
	if (soc->end != SOC_HALTED) {
		g->over = soc->end;
		if (!g->client)
			return soc->end;
	} else {
		soc->end = SOC_RUNNING;
	}
	tell_stop(g);
	return SOC_RUNNING;
}

static void reply(struct gdb *g, bool ok)
{
	if (!g->no_ack)
		g->send(g->ctx, ok ? "+" : "-", 1);
}

static void packet(struct gdb *g)
{
	reply(g, true);
	if (g->running)
		return;
	g->out_len = 0;
	if (gdb_command(g, (const char *)g->in.data, g->in.len))
		gdb_send(g);
}

static void obey(struct gdb *g, enum gdb_event event)
{
	switch (event) {
	case GDB_NOTHING:
	case GDB_ACK:
		break;
	case GDB_PACKET:
		packet(g);
		break;
	case GDB_DAMAGED:
		reply(g, false);
		break;
	case GDB_TOO_LONG:
		reply(g, true);
		g->out_len = 0;
		gdb_put(g, "E22");
		gdb_send(g);
		break;
	case GDB_NAK:
		if (g->frame_len && !g->no_ack)
			g->send(g->ctx, g->frame, g->frame_len);
		break;
	case GDB_INTERRUPT:
		if (g->running)
			g->interrupted = g->soc->halt = true;
		break;
	}
}

void gdb_receive(struct gdb *g, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len && g->client && !g->left; i++)
		obey(g, gdb_packet_byte(&g->in, bytes[i]));
}
