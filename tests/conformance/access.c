/* SPDX-License-Identifier: Apache-2.0
 * access.c: see access.h. */
#include "access.h"

#include <string.h>

enum { BEAT = 8, LONGEST = 256 };

void access_reset(struct access_log *log)
{
	log->count = log->data_count = log->write_count = log->aw_count = log->w_count = log->b_count = 0;
	memset(log->reads_in, 0, sizeof log->reads_in);
	memset(log->reads_out, 0, sizeof log->reads_out);
	memset(log->beat, 0, sizeof log->beat);
}

static struct access *open_burst(struct access_log *log, bool write, uint16_t room)
{
	struct access *a = &log->bursts[log->count % ACCESS_BURSTS];

	*a = (struct access){.write = write, .data = log->data_count};
	for (unsigned i = 0; i < room; i++)
		log->strobes[(a->data + i) % ACCESS_BEATS] = 0;
	log->data_count += room;
	log->count++;
	return a;
}

/* Write burst number n; address and data may come in any order, so either opens it. */
static struct access *write_burst(struct access_log *log, uint64_t n, uint16_t room)
{
	if (n == log->write_count) {
		open_burst(log, true, room);
		log->writes[log->write_count++ % ACCESS_OPEN] = log->count - 1;
	}
	return &log->bursts[log->writes[n % ACCESS_OPEN] % ACCESS_BURSTS];
}

static void take_read(struct access_log *log, uint64_t clock, const struct vio_out *out)
{
	const unsigned id = out->m_axi_arid % ACCESS_IDS;
	struct access *a = open_burst(log, false, (uint16_t)(out->m_axi_arlen + 1));

	a->base = a->addr = out->m_axi_araddr & ~(uint64_t)(BEAT - 1);
	a->beats = (uint16_t)(out->m_axi_arlen + 1);
	a->bytes = (uint64_t)a->beats * BEAT;
	a->asked = clock;
	a->id = out->m_axi_arid;
	log->reads[id][log->reads_in[id]++ % ACCESS_OPEN] = log->count - 1;
}

static void take_beat(struct access_log *log, uint64_t clock, const struct vio_in *in)
{
	const unsigned id = in->m_axi_rid % ACCESS_IDS;
	struct access *a = &log->bursts[log->reads[id][log->reads_out[id] % ACCESS_OPEN] % ACCESS_BURSTS];
	const uint64_t at = (a->data + log->beat[id]++) % ACCESS_BEATS;

	log->data[at] = in->m_axi_rdata;
	log->strobes[at] = 0xff;
	if (in->m_axi_rresp > a->resp)
		a->resp = in->m_axi_rresp;
	if (!in->m_axi_rlast)
		return;
	a->done = clock;
	log->beat[id] = 0;
	log->reads_out[id]++;
}

static void take_write_beat(struct access_log *log, const struct vio_out *out)
{
	struct access *a = write_burst(log, log->w_count, LONGEST);
	const uint64_t at = (a->data + a->beats++) % ACCESS_BEATS;

	log->data[at] = out->m_axi_wdata;
	log->strobes[at] = out->m_axi_wstrb;
	if (out->m_axi_wlast) {
		a->filled = true;
		log->w_count++;
	}
}

/* Address and data are here: from the first strobe to the last. */
static void measure(const struct access_log *log, struct access *a)
{
	uint64_t first = UINT64_MAX, last = 0;

	for (uint64_t i = 0; i < (uint64_t)a->beats * BEAT; i++) {
		if (!(log->strobes[(a->data + i / BEAT) % ACCESS_BEATS] >> i % BEAT & 1))
			continue;
		if (first == UINT64_MAX)
			first = i;
		last = i;
	}
	if (first == UINT64_MAX)
		return;
	a->addr = a->base + first;
	a->bytes = last - first + 1;
}

static const struct access *take_write(struct access_log *log, uint64_t clock, const struct vio_in *in,
				       const struct vio_out *out)
{
	const uint64_t complete = log->aw_count < log->w_count ? log->aw_count : log->w_count;
	struct access *a;

	if (out->m_axi_awvalid && in->m_axi_awready) {
		a = write_burst(log, log->aw_count++, LONGEST);
		a->base = a->addr = out->m_axi_awaddr & ~(uint64_t)(BEAT - 1);
		a->id = out->m_axi_awid;
		a->asked = clock;
		a->addressed = true;
	}
	if (out->m_axi_wvalid && in->m_axi_wready)
		take_write_beat(log, out);
	if (complete == log->aw_count || complete == log->w_count)
		return NULL;
	a = &log->bursts[log->writes[complete % ACCESS_OPEN] % ACCESS_BURSTS];
	measure(log, a);
	return a;
}

const struct access *access_step(struct access_log *log, uint64_t clock, const struct vio_in *in,
				 const struct vio_out *out)
{
	if (in->m_axi_rvalid && out->m_axi_rready)
		take_beat(log, clock, in);
	if (in->m_axi_bvalid && out->m_axi_bready) {
		struct access *a = &log->bursts[log->writes[log->b_count++ % ACCESS_OPEN] % ACCESS_BURSTS];

		a->done = clock;
		a->resp = in->m_axi_bresp;
	}
	if (out->m_axi_arvalid && in->m_axi_arready)
		take_read(log, clock, out);
	return take_write(log, clock, in, out);
}

const struct access *access_at(const struct access_log *log, uint64_t n)
{
	return n < log->count && log->count - n <= ACCESS_BURSTS ? &log->bursts[n % ACCESS_BURSTS] : NULL;
}

bool access_touches(const struct access *a, uint64_t addr, uint64_t len)
{
	return a->bytes != 0 && (a->addr - addr < len || addr - a->addr < a->bytes);
}

bool access_byte(const struct access_log *log, const struct access *a, uint64_t addr, uint8_t *value)
{
	const uint64_t offset = addr - a->base, at = (a->data + offset / BEAT) % ACCESS_BEATS;

	if (offset / BEAT >= a->beats || log->data_count - a->data > ACCESS_BEATS ||
	    !(log->strobes[at] >> offset % BEAT & 1))
		return false;
	*value = (uint8_t)(log->data[at] >> offset % BEAT * 8);
	return true;
}
