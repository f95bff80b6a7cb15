/* SPDX-License-Identifier: Apache-2.0
 * count.c: the first error of a request. Twin of rtl/count.v.
 *
 * It runs behind all units, at the end of the clock: regs reads what was counted before it.
 */

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
