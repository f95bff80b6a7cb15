/* SPDX-License-Identifier: Apache-2.0
 * regs.c: the register block, virtio 1.2, 4.2.2. Twin of rtl/regs.v: same states, same registers, same clock.
 *
 *   IDLE -> RESET -> IDLE        Status = 0 was written
 *   IDLE -> DRAIN -> IDLE        QueueReady = 0 was written
 *
 * Promises: an access is answered with OKAY and without side effects unless the register map says otherwise. The
 * response to Status = 0 comes when DMA and storage are quiet, and that to QueueReady = 0 when the queue's chains are
 * done, because drivers do not poll; reads wait meanwhile. Both depend on memory and storage making progress, on
 * nothing else. DEVICE_NEEDS_RESET belongs to the device. A new event wins over InterruptACK in the same clock.
 */

/* Clocks for which stop is held before quiet is believed: units and pins settle within it. */
#define SETTLE_CLOCKS 4

/* Registers that only one of the two interfaces has, virtio 1.2, 4.2.2 and 4.2.4. */
static bool register_exists(const struct vio_in *in, uint16_t addr)
{
	switch (addr) {
	case REG_GuestPageSize:
	case REG_QueueAlign:
	case REG_QueuePFN:
		return in->strap_legacy;
	default:
		return !in->strap_legacy || addr < REG_QueueReady || (addr >= REG_QueueNotify && addr <= REG_Status) ||
		       addr >= 0x100;
	}
}

static uint32_t read_reg(const struct vio *v, const struct vio_in *in, uint16_t addr)
{
	const struct vio_regs *r = &v->regs;
	const struct vio_count *c = &v->count;
	const int q = selected(r, in);

	if (!register_exists(in, addr & 0xffc))
		return 0;
	switch (addr & 0xffc) {
	case REG_MagicValue:
		return 0x74726976;
	case REG_Version:
		return in->strap_legacy ? 1 : 2;
	case REG_DeviceID:
		return 2;
	case REG_VendorID:
		return 0x554d4551;
	case REG_DeviceFeatures:
		return r->features_sel < 2 ? half(offered(in), r->features_sel) : 0;
	case REG_QueueNumMax:
		return q >= 0 ? queue_num_max(in) : 0;
	case REG_QueueReady:
		return q >= 0 ? r->pub.queue[q].ready : 0;
	case REG_QueuePFN:
		return q >= 0 ? r->pfn[q] : 0;
	case REG_QueueReset:
		return r->ring_reset && q == r->drain_queue;
	case REG_InterruptStatus:
		return r->isr;
	case REG_Status:
		return r->status;
	case REG_SHMLenLow:
	case REG_SHMLenHigh:
	case REG_SHMBaseLow:
	case REG_SHMBaseHigh:
		return 0xffffffff;
	case REG_ConfigGeneration:
		return r->generation;
	case REG_CapacityLow:
		return half(capacity(r, in), 0);
	case REG_CapacityHigh:
		return half(capacity(r, in), 1);
	case REG_ErrorCode:
		return r->err_code;
	case REG_ErrorWhere:
		return (uint32_t)r->err_queue << 16 | r->err_desc;
	case REG_RequestError:
		return c->code;
	case REG_RequestWhere:
		return (uint32_t)c->queue << 16 | c->head;
	default:
		if (addr >= REG_CountRequests && (addr & 0xffc) <= REG_CountRejected)
			return c->count[(addr - REG_CountRequests) / 4];
		return addr >= 0x100 ? read_config(r, in, addr) : 0;
	}
}

/* A set is acceptable when it holds nothing that was not offered (virtio 1.2, 2.2.2); and VERSION_1, where a strap asks
 * for it (6.1). */
static bool acceptable(const struct vio_regs *r, const struct vio_in *in)
{
	return (r->driver & ~offered(in)) == 0 && !r->driver_bad &&
	       (!in->strap_need_v1 || has_feature(r->driver, F_BIT_VERSION_1));
}

static void write_status(struct vio_regs *r, const struct vio_in *in, uint8_t value)
{
	uint8_t status = r->status;
	const bool legacy = in->strap_legacy;

#define STATUS(name, bit, needs)                                                 \
	if ((value & (bit)) != 0 && (legacy || (status & (needs)) == (needs)) && \
	    ((bit) != STATUS_FEATURES_OK || (!legacy && acceptable(r, in))))     \
		status |= (bit);
#include "def/status.def"
	if ((status & STATUS_FEATURES_OK) != 0 && (r->status & STATUS_FEATURES_OK) == 0) {
		r->pub.features = r->driver & features_known;
		r->writeback = has_feature(r->driver, F_BIT_BLK_FLUSH);
	}
	if (legacy && (status & ~r->status & STATUS_DRIVER_OK) != 0 &&
	    !has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE))
		r->writeback = has_feature(r->pub.features, F_BIT_BLK_FLUSH);
	r->status = status;
}

static void write_driver_features(struct vio_regs *r, uint32_t value, bool legacy)
{
	if ((r->status & (legacy ? STATUS_DRIVER_OK : STATUS_FEATURES_OK)) != 0)
		return;
	if (r->driver_sel == 0)
		r->driver = (r->driver & ~0xffffffffull) | value;
	else if (r->driver_sel == 1)
		r->driver = (r->driver & 0xffffffffull) | (uint64_t)value << 32;
	else
		r->driver_bad = value != 0;
}

/* Registers are written whole: a narrower access is ignored, as QEMU does. */
static void write_reg(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, uint16_t addr, uint32_t value,
		      uint8_t strb)
{
	struct vio_regs *r = &v->regs;
	const int q = selected(r, in);

	if ((addr & 0xffc) == REG_Writeback && (strb & 1) != 0 && has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE))
		r->writeback = (value & 1) != 0;
	if ((addr & 0xffc) == REG_Writeback)
		v->did.rejected = (strb & 1) == 0 || !has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE);
	else if ((addr & 0xffc) != REG_QueueNotify || strb != 0xf)
		v->did.rejected =
			strb != 0xf || !register_exists(in, addr & 0xffc) || !write_legal(r, in, addr & 0xffc, value);
	if (strb != 0xf || !register_exists(in, addr & 0xffc))
		return;
	switch (addr & 0xffc) {
	case REG_DeviceFeaturesSel:
		r->features_sel = value;
		break;
	case REG_DriverFeatures:
		write_driver_features(r, value, in->strap_legacy);
		break;
	case REG_DriverFeaturesSel:
		r->driver_sel = value;
		break;
	case REG_QueueSel:
		r->queue_sel = value;
		break;
	case REG_QueueReady:
		if (q >= 0)
			write_ready(v, clk, q, value);
		break;
	case REG_GuestPageSize:
		write_page_size(r, value);
		break;
	case REG_QueueAlign:
		r->align = value;
		break;
	case REG_QueuePFN:
		if (q >= 0)
			write_pfn(v, clk, q, value);
		break;
	case REG_QueueReset:
		if (q >= 0)
			write_ring_reset(r, q, value);
		break;
	case REG_QueueNotify:
		write_notify(v, clk, in, value);
		v->did.rejected = !v->did.notify;
		break;
	case REG_InterruptACK:
		r->isr &= (uint8_t)~value;
		break;
	case REG_Status:
		if ((value & 0xff) != 0) {
			write_status(r, in, (uint8_t)value);
		} else {
			r->state = S(regs, RESET);
			r->settle = 0;
		}
		break;
	default:
		if (q >= 0 && !(r->ring_reset && q == r->drain_queue))
			write_queue(&r->pub.queue[q], has_feature(r->pub.features, F_BIT_RING_PACKED), addr & 0xffc,
				    value, queue_num_max(in));
		break;
	}
}

/* Device reset, virtio 1.2, 2.4: everything that a driver can see or set, but not the disk and its generation. */
static void reset_driver_state(struct vio_regs *r)
{
	const uint64_t capacity = r->pub.capacity;

	r->status = 0;
	r->isr = 0;
	r->dead = false;
	r->ring_reset = false;
	r->writeback = false;
	r->align = 0;
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		r->pfn[q] = 0;
	r->driver = 0;
	r->driver_bad = false;
	r->features_sel = r->driver_sel = r->queue_sel = 0;
	r->err_code = r->err_queue = 0;
	r->err_desc = 0;
	r->pub = (struct vio_pub){.capacity = capacity};
}

/* The legacy interface has no DEVICE_NEEDS_RESET: the device is silent until it is reset. */
static void take_error(struct vio_regs *r, const struct vio_err *err, bool legacy)
{
	r->dead = true;
	r->err_code = err->code;
	r->err_queue = err->queue;
	r->err_desc = err->desc;
	if (legacy)
		return;
	if ((r->status & STATUS_DRIVER_OK) != 0)
		r->isr |= ISR_CONFIG;
	r->status |= STATUS_NEEDS_RESET;
}

static void take_errors(struct vio *v, uint8_t erred, bool legacy)
{
	if ((erred & ERRED_AXI) != 0)
		take_error(&v->regs, &v->axi.err, legacy);
	else if ((erred & ERRED_FETCH) != 0)
		take_error(&v->regs, &v->fetch.err, legacy);
	else if ((erred & ERRED_WALK) != 0)
		take_error(&v->regs, &v->walk.err, legacy);
	else if ((erred & ERRED_FRAME) != 0)
		take_error(&v->regs, &v->frame.err, legacy);
	else
		take_error(&v->regs, &v->writer.err, legacy);
}

/* Queues are stopped one at a time: a write that stops or starts one waits while QueueReset is at work. */
static bool sets_ready(uint16_t addr)
{
	return (addr & 0xffc) == REG_QueueReady || (addr & 0xffc) == REG_QueueReset || (addr & 0xffc) == REG_QueuePFN;
}

/* Address and data may come in any order; the write happens in the clock that has both. */
static void accept_write(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	struct vio_regs *r = &v->regs;

	if (out->s_axil_bvalid && in->s_axil_bready) {
		out->s_axil_bvalid = 0;
		out->s_axil_awready = out->s_axil_wready = 1;
	} else {
		if (out->s_axil_awready && in->s_axil_awvalid) {
			r->aw_have = true;
			r->awaddr = in->s_axil_awaddr;
			out->s_axil_awready = 0;
		}
		if (out->s_axil_wready && in->s_axil_wvalid) {
			r->w_have = true;
			r->wdata = in->s_axil_wdata;
			r->wstrb = in->s_axil_wstrb;
			out->s_axil_wready = 0;
		}
	}
	if (!r->aw_have || !r->w_have || r->state != S(regs, IDLE) || (r->ring_reset && sets_ready(r->awaddr)))
		return;
	r->aw_have = r->w_have = false;
	write_reg(v, clk, in, r->awaddr, r->wdata, r->wstrb);
	if (r->state == S(regs, IDLE))
		out->s_axil_bvalid = 1;
}

/* A read in the clock of a write sees the registers before it. */
static void accept_read(struct vio *v, const struct vio_in *in, struct vio_out *out)
{
	struct vio_regs *r = &v->regs;

	if (out->s_axil_rvalid && in->s_axil_rready) {
		out->s_axil_rvalid = 0;
		out->s_axil_arready = 1;
	} else if (out->s_axil_arready && in->s_axil_arvalid) {
		r->ar_have = true;
		r->araddr = in->s_axil_araddr;
		out->s_axil_arready = 0;
	}
	if (!r->ar_have || r->state != S(regs, IDLE))
		return;
	r->ar_have = false;
	out->s_axil_rdata = read_reg(v, in, r->araddr);
	out->s_axil_rvalid = 1;
}

static void wait_quiet(struct vio_regs *r, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	if (r->settle < SETTLE_CLOCKS) {
		r->settle++;
		return;
	}
	if (r->state == S(regs, RESET)) {
		if (!clk->quiet || !in->be_stopped)
			return;
		reset_driver_state(r);
	} else if (!clk->drained && !(r->dead && clk->quiet && in->be_stopped)) {
		return;
	}
	if (r->state != S(regs, IDLE))
		out->s_axil_bvalid = 1;
	r->state = S(regs, IDLE);
	r->ring_reset = false;
}

/* Legacy drivers may use queues before DRIVER_OK (virtio 1.2, 3.1.2), and have no FEATURES_OK. */
static bool is_live(const struct vio_regs *r, const struct vio_in *in)
{
	const uint8_t need = in->strap_legacy ? STATUS_DRIVER : STATUS_DRIVER_OK;

	return (r->status & (need | STATUS_FAILED)) == need && !r->dead;
}

/* The legacy feature set counts from when it is written until DRIVER_OK freezes it. The cache mode does not hang on it
 * (virtio 1.2, 5.2.5.3): it is the driver's, but for DRIVER_OK without CONFIG_WCE. */
static void settle_legacy_features(struct vio_regs *r)
{
	if ((r->status & STATUS_DRIVER_OK) == 0)
		r->pub.features = r->driver & r->offered;
	if (r->status == 0)
		r->writeback = has_feature(r->offered, F_BIT_BLK_FLUSH);
}

static void watch_capacity(struct vio_regs *r, const struct vio_in *in)
{
	if (in->strap_capacity == r->pub.capacity && r->booted)
		return;
	if (r->booted) {
		r->generation++;
		if ((r->status & STATUS_DRIVER_OK) != 0)
			r->isr |= ISR_CONFIG;
	}
	r->booted = true;
	r->pub.capacity = in->strap_capacity;
}

static void regs_tick(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, struct vio_out *out)
{
	struct vio_regs *r = &v->regs;
	const uint8_t state = r->state;
	const bool busy = state != S(regs, IDLE) || r->ring_reset;

	r->changed = true;
	r->pub.start = false;
	accept_read(v, in, out);
	accept_write(v, clk, in, out);
	if (busy && r->state == state)
		wait_quiet(r, clk, in, out);
	if (clk->erred != 0 && !v->pub.stop)
		take_errors(v, clk->erred, in->strap_legacy);
	if (CAN_POP(raise) && !v->pub.stop) {
		r->isr |= HEAD(raise)->bits;
		POP(raise);
	}
	watch_capacity(r, in);
	r->offered = offered(in);
	r->pub.read_only = has_feature(r->offered, F_BIT_BLK_RO);
	if (in->strap_legacy)
		settle_legacy_features(r);
	r->pub.legacy = in->strap_legacy;
	r->pub.fua = write_through(r, in->strap_legacy);
	r->pub.live = is_live(r, in);
	r->pub.reset = r->state == S(regs, RESET);
	r->pub.stop = r->dead || r->pub.reset;
	out->irq = r->isr != 0;
	out->be_stop = r->pub.stop;
}
