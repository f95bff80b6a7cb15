/* SPDX-License-Identifier: Apache-2.0
 * axi_mem.c: see axi_mem.h.
 *
 * Reads wait in lists of their order: one list for all, or with reorder one for each ID. Writes wait in three rings:
 * addresses, ends of data bursts, and the data. Nothing here grows with the number of accesses in flight.
 */
#include "dram/axi_mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "bus/axi_check.h"
#include "sim.h"
#include "stream.h"

enum { BEAT = VIO_DATA_BYTES, PAGE = 4096, IDS = 16, FAULTS = 16, NONE = 0xffff };
enum { OKAY = 0, SLVERR = 2, DECERR = 3 };
enum { STALL_AR = 1, STALL_AW = 2, STALL_W = 4, STALL_R = 8, STALL_B = 16 };

struct read {
	uint64_t addr;  /* of the next beat */
	uint64_t due;   /* clock in which the first beat may show */
	uint16_t beats; /* still to send */
	uint16_t sent;
	uint16_t next; /* in the list */
	uint8_t id;
	bool suspect; /* some beat may fail: look at each */
	bool sampled; /* data was taken when AR was accepted */
};

struct list {
	uint16_t head, tail;
};

struct write_addr {
	uint64_t addr, clock;
	uint8_t id;
};

struct write_end {
	uint64_t clock;
	uint32_t beats;
};

struct fault {
	uint64_t first, last; /* inclusive */
	bool on_read, on_write;
};

struct axi_mem {
	/* Pins. Not in the order of vio_in, or the compiler copies several at once, and waits for the stores of each. */
	vio_data rdata;
	uint8_t rlast, bresp, arready, rresp, bid, wready, rid, bvalid, awready, rvalid;
	bool busy;      /* a step is more than nothing */
	unsigned reads; /* in lists */
	uint64_t clock; /* whose pins are shown; stands still while idle */
	struct list lists[IDS];
	uint16_t free_read;
	/* Writes: rings of a power of two, indexed by free-running counts. */
	uint32_t aw_in, end_in, b_out, w_in, w_out;
	uint32_t w_beats; /* of the data burst that is coming in */
	uint64_t b_due;   /* of the next response; 0: not known yet */
	struct sim_rng rng;
	struct axi_mem_counts counts;
	unsigned held; /* stalls that last: STALL_* */

	/* Wiring: what is above, and what the pointers point at, is the state. */
	struct axi_mem_config cfg;
	uint32_t aw_mask, w_mask;
	struct read *pool;
	struct write_addr *aw;
	struct write_end *ends;
	vio_data *wdata;
	vio_strb *wstrb;
	vio_data *samples; /* 256 beats for each read of the pool, with reorder */
	struct axi_check check;
	struct fault faults[FAULTS];
	unsigned fault_count;
};

static uint32_t round_up_pow2(uint32_t n)
{
	uint32_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

static size_t samples_bytes(const struct axi_mem *m)
{
	return (size_t)m->cfg.outstanding * 256 * BEAT;
}

struct axi_mem *axi_mem_new(const struct axi_mem_config *config)
{
	struct axi_mem *m = sim_alloc(sizeof(*m));
	uint32_t aw, w;

	assert(config->base % PAGE == 0 && config->size % PAGE == 0);
	assert(config->outstanding >= 1 && config->outstanding <= 1024);
	m->cfg = *config;
	if (m->cfg.read_latency == 0)
		m->cfg.read_latency = 1;
	if (m->cfg.write_latency == 0)
		m->cfg.write_latency = 1;
	aw = round_up_pow2(m->cfg.outstanding);
	w = round_up_pow2(2 * m->cfg.write_latency + 1024);
	m->aw_mask = aw - 1;
	m->w_mask = w - 1;
	m->pool = sim_alloc(m->cfg.outstanding * sizeof(*m->pool));
	m->aw = sim_alloc(aw * sizeof(*m->aw));
	m->ends = sim_alloc(aw * sizeof(*m->ends));
	m->wdata = sim_alloc(w * sizeof(*m->wdata));
	m->wstrb = sim_alloc(w * sizeof(*m->wstrb));
	if (m->cfg.reorder)
		m->samples = sim_alloc(samples_bytes(m));
	sim_rng_init(&m->rng, m->cfg.seed);
	axi_mem_reset(m);
	return m;
}

void axi_mem_free(struct axi_mem *m)
{
	if (m == NULL)
		return;
	free(m->pool);
	free(m->aw);
	free(m->ends);
	free(m->wdata);
	free(m->wstrb);
	free(m->samples);
	free(m);
}

void axi_mem_reset(struct axi_mem *m)
{
	for (unsigned i = 0; i < IDS; i++)
		m->lists[i].head = m->lists[i].tail = NONE;
	for (unsigned i = 0; i < m->cfg.outstanding; i++)
		m->pool[i].next = (uint16_t)(i + 1 < m->cfg.outstanding ? i + 1 : NONE);
	m->free_read = 0;
	m->reads = 0;
	m->aw_in = m->end_in = m->b_out = m->w_in = m->w_out = m->w_beats = 0;
	m->b_due = 0;
	m->rvalid = m->rlast = m->rid = m->rresp = m->bvalid = m->bid = m->bresp = 0;
	m->rdata = (vio_data){0};
	m->arready = m->awready = m->wready = 1;
	m->busy = false;
	m->clock = 1;
	axi_check_reset(&m->check);
}

void axi_mem_state(struct axi_mem *m, struct stream *s)
{
	const size_t aw = m->aw_mask + 1u, w = m->w_mask + 1u;

	assert(m->check.error == NULL);
	stream_section(s, "memory");
	stream_before(s, m, cfg);
	stream_before(s, &m->check, error);
	stream_bytes(s, m->pool, m->cfg.outstanding * sizeof(*m->pool));
	stream_bytes(s, m->aw, aw * sizeof(*m->aw));
	stream_bytes(s, m->ends, aw * sizeof(*m->ends));
	stream_bytes(s, m->wdata, w * sizeof(*m->wdata));
	stream_bytes(s, m->wstrb, w * sizeof(*m->wstrb));
	if (m->samples != NULL)
		stream_pages(s, m->samples, samples_bytes(m));
}

bool axi_mem_fault(struct axi_mem *m, uint64_t addr, uint64_t len, bool on_read, bool on_write)
{
	struct fault *f = &m->faults[m->fault_count];

	if (m->fault_count == FAULTS)
		return false;
	if (len == 0)
		return true;
	*f = (struct fault){addr, addr + len - 1, on_read, on_write};
	m->fault_count++;
	return true;
}

void axi_mem_fault_clear(struct axi_mem *m)
{
	m->fault_count = 0;
}

void axi_mem_hold(struct axi_mem *m, bool reads, bool writes)
{
	m->held = (reads ? STALL_AR | STALL_R : 0) | (writes ? STALL_AW | STALL_W | STALL_B : 0);
	m->busy = true;
}

bool axi_mem_idle(const struct axi_mem *m)
{
	return !m->busy;
}

const char *axi_mem_error(const struct axi_mem *m)
{
	return axi_check_error(&m->check);
}

const struct axi_mem_counts *axi_mem_counts(const struct axi_mem *m)
{
	return &m->counts;
}

void axi_mem_drive(const struct axi_mem *m, struct vio_in *in)
{
	in->m_axi_rdata = m->rdata;
	in->m_axi_awready = m->awready;
	in->m_axi_wready = m->wready;
	in->m_axi_bvalid = m->bvalid;
	in->m_axi_bid = m->bid;
	in->m_axi_bresp = m->bresp;
	in->m_axi_arready = m->arready;
	in->m_axi_rvalid = m->rvalid;
	in->m_axi_rid = m->rid;
	in->m_axi_rresp = m->rresp;
	in->m_axi_rlast = m->rlast;
}

static bool in_range(const struct axi_mem *m, uint64_t addr)
{
	return addr - m->cfg.base < m->cfg.size;
}

/* The response for the bytes [addr, addr + len), which lie in one page. */
static uint8_t response(const struct axi_mem *m, uint64_t addr, uint64_t len, bool is_write)
{
	if (!in_range(m, addr))
		return DECERR;
	for (unsigned i = 0; i < m->fault_count; i++) {
		const struct fault *f = &m->faults[i];

		if (addr <= f->last && addr + len - 1 >= f->first && (is_write ? f->on_write : f->on_read))
			return SLVERR;
	}
	return OKAY;
}

static vio_data load(const struct axi_mem *m, uint64_t addr)
{
	vio_data value;

	memcpy(&value, m->cfg.bytes + (addr - m->cfg.base), BEAT);
	return value;
}

static void accept_read(struct axi_mem *m, const struct vio_out *out)
{
	uint16_t i = m->free_read;
	struct read *r = &m->pool[i];
	struct list *list = &m->lists[m->cfg.reorder ? out->m_axi_arid % IDS : 0];
	unsigned beats = out->m_axi_arlen + 1u;

	assert(i != NONE);
	m->free_read = r->next;
	r->addr = out->m_axi_araddr & ~(uint64_t)(BEAT - 1);
	r->due = m->clock + m->cfg.read_latency;
	r->beats = (uint16_t)beats;
	r->sent = 0;
	r->id = out->m_axi_arid;
	r->next = NONE;
	r->suspect = response(m, r->addr, (uint64_t)beats * BEAT, false) != OKAY;
	r->sampled = false;
	if (m->cfg.reorder) {
		r->due += sim_rng_below(&m->rng, 3 * m->cfg.read_latency + 1);
		r->sampled = sim_rng_chance(&m->rng, 512) && !r->suspect;
		if (r->sampled)
			memcpy(m->samples + i * 256u, m->cfg.bytes + (r->addr - m->cfg.base), beats * BEAT);
	}
	if (list->head == NONE)
		list->head = i;
	else
		m->pool[list->tail].next = i;
	list->tail = i;
	m->reads++;
	m->counts.reads++;
}

/* The list whose head may send a beat in the clock that comes, or NULL. */
static struct list *choose_list(struct axi_mem *m)
{
	struct list *ready[IDS];
	unsigned n = 0;

	if (!m->cfg.reorder) {
		struct list *list = &m->lists[0];

		return list->head != NONE && m->pool[list->head].due <= m->clock + 1 ? list : NULL;
	}
	for (unsigned i = 0; i < IDS; i++) {
		struct list *list = &m->lists[i];

		if (list->head != NONE && m->pool[list->head].due <= m->clock + 1)
			ready[n++] = list;
	}
	return n != 0 ? ready[sim_rng_below(&m->rng, n)] : NULL;
}

static void send_read(struct axi_mem *m)
{
	struct list *list = choose_list(m);
	uint16_t i;
	struct read *r;

	if (list == NULL)
		return;
	i = list->head;
	r = &m->pool[i];
	m->rvalid = 1;
	m->rid = r->id;
	m->rresp = OKAY;
	m->rlast = r->beats == 1;
	if (r->suspect && (m->rresp = response(m, r->addr, BEAT, false)) != OKAY) {
		m->rdata = (vio_data){0};
		m->counts.errors++;
	} else if (r->sampled) {
		m->rdata = m->samples[i * 256u + r->sent];
	} else {
		m->rdata = load(m, r->addr);
	}
	r->addr += BEAT;
	r->sent++;
	m->counts.read_beats++;
	if (--r->beats != 0)
		return;
	list->head = r->next;
	r->next = m->free_read;
	m->free_read = i;
	m->reads--;
}

static void accept_write(struct axi_mem *m, const struct vio_out *out)
{
	struct write_addr *aw = &m->aw[m->aw_in & m->aw_mask];

	aw->addr = out->m_axi_awaddr & ~(uint64_t)(BEAT - 1);
	aw->id = out->m_axi_awid;
	aw->clock = m->clock;
	m->aw_in++;
	m->counts.writes++;
}

static void accept_data(struct axi_mem *m, const struct vio_out *out)
{
	uint32_t i = m->w_in & m->w_mask;

	m->wdata[i] = out->m_axi_wdata;
	m->wstrb[i] = out->m_axi_wstrb;
	m->w_in++;
	m->w_beats++;
	m->counts.write_beats++;
	if (!out->m_axi_wlast)
		return;
	m->ends[m->end_in & m->aw_mask] = (struct write_end){m->clock, m->w_beats};
	m->end_in++;
	m->w_beats = 0;
}

/* The oldest write reaches memory, whole or not at all. Gives its response. */
static uint8_t land_write(struct axi_mem *m, uint64_t addr, uint32_t beats)
{
	uint8_t resp = response(m, addr, (uint64_t)beats * BEAT, true);
	uint8_t *to = resp == OKAY ? m->cfg.bytes + (addr - m->cfg.base) : NULL;

	if (resp == OKAY && addr % PAGE + (uint64_t)beats * BEAT > PAGE)
		resp = SLVERR; /* the checker has seen the illegal burst; stay inside the memory */
	for (uint32_t i = 0; resp == OKAY && i < beats; i++) {
		const vio_data data = m->wdata[(m->w_out + i) & m->w_mask];
		const vio_strb strb = m->wstrb[(m->w_out + i) & m->w_mask];

		if (strb == VIO_STRB_ALL) {
			memcpy(to, &data, BEAT);
		} else {
			for (uint64_t left = strb; left != 0; left &= left - 1)
				to[__builtin_ctzll(left)] = vio_data_byte(data, (unsigned)__builtin_ctzll(left));
		}
		to += BEAT;
	}
	m->w_out += beats;
	return resp;
}

static void send_response(struct axi_mem *m)
{
	const struct write_addr *aw = &m->aw[m->b_out & m->aw_mask];
	const struct write_end *end = &m->ends[m->b_out & m->aw_mask];

	if (m->b_out == m->aw_in || m->b_out == m->end_in)
		return;
	if (m->b_due == 0) {
		m->b_due = (aw->clock > end->clock ? aw->clock : end->clock) + m->cfg.write_latency;
		if (m->cfg.reorder)
			m->b_due += sim_rng_below(&m->rng, 3 * m->cfg.write_latency + 1);
	}
	if (m->b_due > m->clock + 1)
		return;
	m->bvalid = 1;
	m->bid = aw->id;
	m->bresp = land_write(m, aw->addr, end->beats);
	m->counts.errors += m->bresp != OKAY;
	m->b_due = 0;
	m->b_out++;
}

static unsigned draw_stalls(struct axi_mem *m)
{
	unsigned stalls = m->held;

	if (m->cfg.stall_per_1024 == 0)
		return stalls;
	for (unsigned bit = STALL_AR; bit <= STALL_B; bit *= 2)
		if (sim_rng_chance(&m->rng, m->cfg.stall_per_1024))
			stalls |= bit;
	return stalls;
}

void axi_mem_step(struct axi_mem *m, const struct vio_in *in, const struct vio_out *out)
{
	unsigned stalls;

	axi_check_step(&m->check, in, out);
	if (!m->busy && !(out->m_axi_arvalid | out->m_axi_awvalid | out->m_axi_wvalid))
		return;
	stalls = draw_stalls(m);
	if (out->m_axi_rready)
		m->rvalid = 0;
	if (out->m_axi_bready)
		m->bvalid = 0;
	if (m->arready && out->m_axi_arvalid)
		accept_read(m, out);
	if (m->awready && out->m_axi_awvalid)
		accept_write(m, out);
	if (m->wready && out->m_axi_wvalid)
		accept_data(m, out);
	if (!m->rvalid && m->reads != 0 && !(stalls & STALL_R))
		send_read(m);
	if (!m->bvalid && !(stalls & STALL_B))
		send_response(m);
	m->arready = m->reads < m->cfg.outstanding && !(stalls & STALL_AR);
	m->awready = m->aw_in - m->b_out < m->cfg.outstanding && !(stalls & STALL_AW);
	m->wready = m->w_in - m->w_out <= m->w_mask && m->end_in - m->b_out < m->cfg.outstanding && !(stalls & STALL_W);
	/* With | each flag is loaded as the byte it was stored as; || loads them as one word, and waits for the stores. */
	m->busy = (m->reads != 0) | m->rvalid | m->bvalid | (m->aw_in != m->b_out) | (m->w_in != m->w_out) |
		  !(m->arready & m->awready & m->wready);
	m->clock++;
}
