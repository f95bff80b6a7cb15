/* SPDX-License-Identifier: Apache-2.0
 * events.c: the monitor's pin side: handshakes of every channel but the registers' become events, see events.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "stream.h"
#include "trace/events_impl.h"

const char *events_resp_name(unsigned resp)
{
	enum { SLVERR = 2 };

	return resp == SLVERR ? "SLVERR" : "DECERR";
}

void events_tell(struct events *e, enum events_kind kind, const char *fmt, ...)
{
	char *line = e->last[e->told++ % EVENTS_KEPT];
	int n = snprintf(line, EVENTS_LINE, "%" PRIu64 " ", e->cycle);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + n, (size_t)(EVENTS_LINE - n), fmt, ap);
	va_end(ap);
	if (e->log) {
		fputs(line, e->log);
		fputc('\n', e->log);
	}
	if (e->tap)
		e->tap(e->tap_ctx, e->cycle, kind, line + n);
}

struct events *events_new(FILE *log)
{
	struct events *e = sim_alloc(sizeof *e);

	e->log = log;
	for (unsigned n = 0; n < VIO_QUEUES; n++)
		e->queue[n].index = n;
	return e;
}

void events_reset(struct events *e)
{
	struct events *fresh = events_new(e->log);

	fresh->tap = e->tap;
	fresh->tap_ctx = e->tap_ctx;
	fresh->meter = e->meter;
	memcpy(fresh->last, e->last, sizeof e->last);
	fresh->told = e->told;
	fresh->irq = e->irq;
	fresh->stop = e->stop;
	fresh->stopped = e->stopped;
	memcpy(e, fresh, sizeof *e);
	events_free(fresh);
}

void events_free(struct events *e)
{
	free(e);
}

/* Most of it is rings that nobody uses. */
void events_state(struct events *e, struct stream *s)
{
	stream_section(s, "events");
	stream_pages(s, e, offsetof(struct events, log));
}

void events_set_tap(struct events *e, events_tap_fn *tap, void *ctx)
{
	e->tap = tap;
	e->tap_ctx = ctx;
}

bool events_last(const struct events *e, unsigned n, char buf[EVENTS_LINE])
{
	if (n >= EVENTS_KEPT || n >= e->told)
		return false;
	memcpy(buf, e->last[(e->told - 1 - n) % EVENTS_KEPT], EVENTS_LINE);
	return true;
}

uint64_t events_requests(const struct events *e)
{
	return e->meter.requests;
}

uint64_t events_bytes(const struct events *e)
{
	return e->meter.bytes;
}

static void list_push(struct burst_list *l, const struct burst *b)
{
	if (l->count < BURSTS)
		l->slot[(l->head + l->count++) % BURSTS] = *b;
}

static struct burst *list_head(struct burst_list *l)
{
	return l->count ? &l->slot[l->head] : NULL;
}

static void list_pop(struct burst_list *l)
{
	l->head = (l->head + 1) % BURSTS;
	l->count--;
}

/* The beat at which a burst stands: its address, and the lanes from the burst's first byte on. */
static uint64_t beat_addr(const struct burst *b, vio_strb *lanes)
{
	*lanes = (vio_strb)(b->beat ? VIO_STRB_ALL : VIO_STRB_ALL << vio_lane(b->addr));
	return b->addr - vio_lane(b->addr) + VIO_DATA_BYTES * (uint64_t)b->beat;
}

/* Where a burst ends. */
static uint64_t burst_end(const struct burst *b)
{
	return b->addr - vio_lane(b->addr) + VIO_DATA_BYTES * ((uint64_t)b->len + 1);
}

/* A word of a beat that was read. */
static void load_word(struct events *e, unsigned id, uint64_t addr, uint64_t data, unsigned lanes)
{
	switch (id) {
	case VIO_ID_AVAIL:
		events_avail_read(e, addr, data, lanes);
		break;
	case VIO_ID_DESC:
		events_desc_read(e, addr, data, lanes);
		break;
	case VIO_ID_HEADER:
		events_header_read(e, addr, data, lanes);
		break;
	case VIO_ID_EVENT:
		events_suppression_read(e, addr, data, lanes);
		break;
	default:
		break;
	}
}

/* The oldest burst of an ID takes one R beat. */
static void load_beat(struct events *e, struct burst *b, const struct vio_in *in)
{
	vio_strb lanes;
	uint64_t addr = beat_addr(b, &lanes);

	b->beat++;
	if (in->m_axi_rresp > 1) {
		if (!b->failed)
			events_tell(e, EVENTS_ERROR, "BUS read 0x%" PRIx64 " %s", addr,
				    events_resp_name(in->m_axi_rresp));
		b->failed = true;
		return;
	}
	for (unsigned n = 0; n < VIO_DATA_WORDS; n++)
		load_word(e, in->m_axi_rid, addr + 8 * n, vio_data_word(in->m_axi_rdata, n), lanes >> 8 * n & 0xff);
}

static void step_read(struct events *e, const struct vio_in *in, const struct vio_out *out)
{
	if (in->m_axi_rvalid & out->m_axi_rready) {
		struct burst_list *list = &e->reads[in->m_axi_rid % IDS];
		struct burst *b = list_head(list);

		if (b) {
			load_beat(e, b, in);
			if (b->beat > b->len)
				list_pop(list);
		}
	}
	if (out->m_axi_arvalid & in->m_axi_arready) {
		const struct burst b = {.addr = out->m_axi_araddr, .len = out->m_axi_arlen};

		list_push(&e->reads[out->m_axi_arid % IDS], &b);
		if (out->m_axi_arid == VIO_ID_HEADER)
			events_header_asked(e, b.addr, burst_end(&b));
		if (out->m_axi_arid == VIO_ID_DATA)
			events_tell(e, EVENTS_DATA, "LOAD 0x%" PRIx64 " %u beats", b.addr, b.len + 1u);
	}
}

/* The oldest burst takes one W beat. */
static void store_beat(struct events *e, struct burst *b, const struct beat *w)
{
	vio_strb lanes;
	uint64_t addr = beat_addr(b, &lanes);

	for (unsigned i = 0; i < VIO_DATA_BYTES; i++) {
		if (!(w->strb >> i & 1))
			continue;
		if (!b->bytes++)
			b->first = addr + i;
		b->value = vio_data_byte(w->data, i);
	}
	for (unsigned n = 0; b->ring && n < VIO_DATA_WORDS; n++)
		events_used_write(e, events_queue(e, b->ring), addr + 8 * n, vio_data_word(w->data, n),
				  w->strb >> 8 * n & 0xff);
	b->beat++;
	if (!w->last)
		return;
	if (!b->ring && b->bytes == 1)
		events_tell(e, EVENTS_DATA, "STORE 0x%" PRIx64 " 1 byte 0x%02x", b->first, b->value);
	else if (!b->ring)
		events_tell(e, EVENTS_DATA, "STORE 0x%" PRIx64 " %" PRIu32 " bytes", b->first, b->bytes);
	list_push(&e->unanswered, b);
	list_pop(&e->writes);
}

static void step_write(struct events *e, const struct vio_in *in, const struct vio_out *out)
{
	if (in->m_axi_bvalid & out->m_axi_bready && list_head(&e->unanswered)) {
		if (in->m_axi_bresp > 1)
			events_tell(e, EVENTS_ERROR, "BUS write 0x%" PRIx64 " %s", list_head(&e->unanswered)->first,
				    events_resp_name(in->m_axi_bresp));
		list_pop(&e->unanswered);
	}
	if (out->m_axi_awvalid & in->m_axi_awready) {
		struct burst b = {.addr = out->m_axi_awaddr, .len = out->m_axi_awlen};

		b.ring = events_ref(events_used_queue(e, b.addr, burst_end(&b)));
		list_push(&e->writes, &b);
	}
	if (out->m_axi_wvalid & in->m_axi_wready && e->beat_count < BEATS)
		e->beats[(e->beat_head + e->beat_count++) % BEATS] =
			(struct beat){out->m_axi_wdata, out->m_axi_wstrb, out->m_axi_wlast};
	while (e->beat_count && list_head(&e->writes)) {
		store_beat(e, list_head(&e->writes), &e->beats[e->beat_head]);
		e->beat_head = (e->beat_head + 1) % BEATS;
		e->beat_count--;
	}
}

static const char *op_name(unsigned op)
{
	static const char *const names[] = {
		[VIO_BE_READ] = "READ",         [VIO_BE_WRITE] = "WRITE",           [VIO_BE_FLUSH] = "FLUSH",
		[VIO_BE_GET_ID] = "GET_ID",     [VIO_BE_WRITE_FUA] = "WRITE_FUA",   [VIO_BE_DISCARD] = "DISCARD",
		[VIO_BE_ZERO] = "ZERO",         [VIO_BE_ZERO_UNMAP] = "ZERO_UNMAP", [VIO_BE_ERASE] = "ERASE",
		[VIO_BE_LIFETIME] = "LIFETIME",
	};

	return op < sizeof names / sizeof *names ? names[op] : "op?";
}

static const char *status_name(unsigned status)
{
	static const char *const names[] = {"OK", "IOERR", "UNSUPP"};

	return status < 3 ? names[status] : "status?";
}

/* Commands with payload name their sector. */
static bool has_sector(unsigned op)
{
	return op != VIO_BE_FLUSH && op != VIO_BE_GET_ID && op != VIO_BE_LIFETIME;
}

static void step_storage(struct events *e, const struct vio_in *in, const struct vio_out *out)
{
	meter_step(&e->meter, in, out);
	if (in->be_rsp_valid & out->be_rsp_ready && e->cmd_count) {
		const struct cmd *c = &e->cmds[e->cmd_head];

		if (has_sector(c->op))
			events_tell(e, EVENTS_REQUEST, "RSP %s sector %" PRIu64 " %s", op_name(c->op), c->sector,
				    status_name(in->be_rsp_status));
		else
			events_tell(e, EVENTS_REQUEST, "RSP %s %s", op_name(c->op), status_name(in->be_rsp_status));
		e->cmd_head = (e->cmd_head + 1) % CMDS;
		e->cmd_count--;
	}
	if (out->be_cmd_valid & in->be_cmd_ready) {
		if (has_sector(out->be_cmd_op))
			events_tell(e, EVENTS_REQUEST, "CMD %s sector %" PRIu64 " len %" PRIu32,
				    op_name(out->be_cmd_op), out->be_cmd_sector, out->be_cmd_len);
		else
			events_tell(e, EVENTS_REQUEST, "CMD %s", op_name(out->be_cmd_op));
		if (e->cmd_count < CMDS)
			e->cmds[(e->cmd_head + e->cmd_count++) % CMDS] =
				(struct cmd){out->be_cmd_sector, out->be_cmd_op};
	}
}

static void step_levels(struct events *e, const struct vio_in *in, const struct vio_out *out)
{
	if (out->irq != e->irq)
		events_tell(e, EVENTS_REGISTER, "IRQ %u", out->irq);
	e->irq = out->irq;
	if (out->be_stop != e->stop)
		events_tell(e, EVENTS_REQUEST, "STOP %u", out->be_stop);
	e->stop = out->be_stop;
	if (in->be_stopped != e->stopped)
		events_tell(e, EVENTS_REQUEST, "STOPPED %u", in->be_stopped);
	e->stopped = in->be_stopped;
	if (e->stop && e->stopped)
		e->cmd_count = 0;
}

void events_step(struct events *e, uint64_t cycle, const struct vio_in *in, const struct vio_out *out)
{
	e->cycle = cycle;
	step_levels(e, in, out);
	events_step_registers(e, in, out);
	step_read(e, in, out);
	step_write(e, in, out);
	step_storage(e, in, out);
}
