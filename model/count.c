/* SPDX-License-Identifier: Apache-2.0
 * count.c: what happened so far, for the debug registers. Twin of rtl/count.v.
 *
 * Counters run from power-on and wrap; the first error of a request stays until the device is reset. It runs behind all
 * units, at the end of the clock, with the pins as they were before the edge: regs reads what was counted before. An idle
 * device has nothing to count.
 */

struct vio_pins {
	bool irq;
	uint8_t read_beat, write_beat, read_wait, stall_ar, stall_aw, stall_w;
};

static inline struct vio_pins count_look(const struct vio *v, const struct vio_in *in, const struct vio_out *out)
{
	return (struct vio_pins){.irq = out->irq,
				 .read_beat = in->m_axi_rvalid,
				 .write_beat = out->m_axi_wvalid & in->m_axi_wready,
				 .read_wait = v->axi.reads != 0 && !in->m_axi_rvalid,
				 .stall_ar = out->m_axi_arvalid & !in->m_axi_arready,
				 .stall_aw = out->m_axi_awvalid & !in->m_axi_awready,
				 .stall_w = out->m_axi_wvalid & !in->m_axi_wready};
}

/* The first mishap since reset stays. Those of one clock: axi before blk before writer. */
static void count_mishap(struct vio *v, const struct vio_mishap *m)
{
	struct vio_count *c = &v->count;

	if (c->code != ERR_NONE)
		return;
	c->code = m->code;
	c->queue = m->queue;
	c->head = m->head;
}

static void count_mishaps(struct vio *v, const struct vio_clk *clk)
{
	if (CAN_POP(axi_mishap)) {
		count_mishap(v, HEAD(axi_mishap));
		POP(axi_mishap);
	}
	if (CAN_POP(blk_mishap)) {
		count_mishap(v, HEAD(blk_mishap));
		POP(blk_mishap);
	}
	if (CAN_POP(writer_mishap)) {
		count_mishap(v, HEAD(writer_mishap));
		POP(writer_mishap);
	}
}

/* Of n clocks with the same pins. */
static inline void count_pins(struct vio *v, const struct vio_pins *pins, uint32_t clocks)
{
	uint32_t *n = v->count.count;

	n[COUNT(ReadBeats)] += pins->read_beat * clocks;
	n[COUNT(WriteBeats)] += pins->write_beat * clocks;
	n[COUNT(ReadWaits)] += pins->read_wait * clocks;
	n[COUNT(StallsAR)] += pins->stall_ar * clocks;
	n[COUNT(StallsAW)] += pins->stall_aw * clocks;
	n[COUNT(StallsW)] += pins->stall_w * clocks;
}

static inline void count_tick(struct vio *v, const struct vio_clk *clk, const struct vio_pins *pins,
			      const struct vio_out *out)
{
	const uint64_t mishaps = FIFO_BIT(axi_mishap) | FIFO_BIT(blk_mishap) | FIFO_BIT(writer_mishap);
	uint32_t *n = v->count.count;

	count_pins(v, pins, 1);
	n[COUNT(Requests)] += v->did.request;
	n[COUNT(ReadSectors)] += v->did.read_sectors;
	n[COUNT(WriteSectors)] += v->did.write_sectors;
	n[COUNT(Notifies)] += v->did.notify;
	n[COUNT(Interrupts)] += out->irq & !pins->irq;
	n[COUNT(Rejected)] += v->did.rejected;
	memset(&v->did, 0, sizeof v->did);
	if ((clk->ne & mishaps) != 0 && !v->pub.stop)
		count_mishaps(v, clk);
	if (v->pub.reset)
		v->count.code = v->count.queue = 0, v->count.head = 0;
}
