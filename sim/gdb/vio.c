/* SPDX-License-Identifier: Apache-2.0
 * vio.c: `monitor vio`: a device as it is, from its registers and from the rings in memory. Nothing is accessed the way that
 * a driver accesses it, so nothing changes and no clock passes.
 *
 * Neither driver nor device is trusted: what lies outside DRAM is said to, and every walk is bounded.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "dut/view.h"
#include "gdb/gdb_impl.h"
#include "gdb/vio_impl.h"
#include "lockstep.h"
#include "report.h"
#include "soc/map.h"

enum { RING_PACKED = 34 };

void gdb_line(struct gdb_text *t, const char *format, ...)
{
	size_t room = sizeof t->text - t->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->text + t->len, room, format, args);
	va_end(args);
	if (n > 0)
		t->len += (size_t)n < room ? (size_t)n : room - 1;
}

void gdb_line_end(struct gdb *g, struct gdb_text *t)
{
	gdb_say(g, "%s\n", t->text);
	*t = (struct gdb_text){.len = 0};
}

static void show_status(struct gdb *g, const struct dut_view *v)
{
	struct gdb_text t = {.len = 0};

	gdb_line(&t, "  Status 0x%02x", v->status);
#define STATUS(name, bit, needs) \
	if (v->status & (bit))   \
		gdb_line(&t, " " #name);
#include "def/status.def"
	if (v->status & 0x40)
		gdb_line(&t, " DEVICE_NEEDS_RESET");
	gdb_line(&t, v->live ? ", live" : ", not live");
	gdb_line_end(g, &t);
	gdb_say(g, "  InterruptStatus 0x%x%s%s, ConfigGeneration %" PRIu32 "\n", v->isr,
		v->isr & 1 ? " used buffer" : "", v->isr & 2 ? " configuration change" : "", v->generation);
}

static void show_features(struct gdb *g, const char *what, uint64_t features)
{
	struct gdb_text t = {.len = 0};

	gdb_line(&t, "  features %s 0x%" PRIx64, what, features);
#define FEATURE(name, bit, text) \
	if (features >> (bit)&1) \
		gdb_line(&t, " " #name);
#include "def/features.def"
#undef FEATURE
	gdb_line_end(g, &t);
}

static void show_errors(struct gdb *g, const struct dut_view *v)
{
	gdb_say(g, "  ErrorCode %u %s", v->err_code, gdb_error_name(v->err_code));
	gdb_say(g, v->err_code ? " (q%u desc %u)\n" : "\n", v->err_queue, v->err_desc);
	gdb_say(g, "  RequestError %u %s", v->req_code, gdb_error_name(v->req_code));
	gdb_say(g, v->req_code ? " (q%u head %u)\n" : "\n", v->req_queue, v->req_head);
}

static void show_units(struct gdb *g, const char *what, uint64_t states)
{
	struct gdb_text t = {.len = 0};

	gdb_line(&t, "  units%s", what);
	for (unsigned i = 0; report_unit(i); i++)
		gdb_line(&t, " %s=%s", report_unit(i), report_state(i, states >> 4 * i & 15));
	gdb_line_end(g, &t);
}

static void show_queue(struct gdb *g, const struct dut_view *v, unsigned number)
{
	const struct dut_view_queue *q = &v->queue[number];
	bool packed = v->driver >> RING_PACKED & 1;

	if (!q->ready) {
		gdb_say(g, "  queue %u: not ready\n", number);
		return;
	}
	gdb_say(g,
		"  queue %u: %s, size %u, descriptors at 0x%" PRIx64 ", driver area 0x%" PRIx64
		", device area 0x%" PRIx64 "\n",
		number, packed ? "packed" : "split", q->num, q->desc, q->avail, q->used);
	if (packed)
		gdb_show_packed(g, q);
	else
		gdb_show_split(g, q);
}

/* The other twin, where it differs: the pins are compared on every clock, so it hardly ever does. */
static void show_rtl(struct gdb *g, const struct dut *rtl, const struct dut_view *model)
{
	struct dut_view v;

	rtl->ops->view(rtl, &v);
	if (memcmp(&v, model, sizeof v) == 0) {
		gdb_say(g, "  rtl: all of this is equal\n");
		return;
	}
	gdb_say(g, "  rtl: differs\n");
	show_status(g, &v);
	show_errors(g, &v);
	show_units(g, " (rtl)", v.states);
}

void gdb_show_vio(struct gdb *g, unsigned slot)
{
	const struct vdev_config *config = g->soc->config.devices[slot];
	struct dut *dut = vdev_dut(g->soc->vdev[slot]), *rtl = lockstep_rtl(dut);
	struct dut_view v;

	memset(&v, 0, sizeof v);
	dut->ops->view(dut, &v);
	gdb_say(g, "slot %u: block device at 0x%llx, irq %u, %s, %s, clock %" PRIu64 "\n", slot,
		MAP_VIRTIO + slot * MAP_VIRTIO_STRIDE, slot + MAP_VIRTIO_IRQ,
		config->straps.legacy ? "legacy" : "modern", dut->ops->name, g->soc->cpu->cycle);
	show_status(g, &v);
	show_features(g, "offered", config->features);
	show_features(g, "accepted", v.driver);
	show_errors(g, &v);
	show_units(g, "", v.states);
	gdb_say(g, "  pins irq=%u idle=%u\n", dut->out.irq, dut_idle(dut));
	for (unsigned i = 0; i < config->straps.queues && i < VIO_QUEUES; i++)
		show_queue(g, &v, i);
	if (rtl)
		show_rtl(g, rtl, &v);
}
