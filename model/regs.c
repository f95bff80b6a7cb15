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

#define STATUS_DRIVER 0x02
#define STATUS_DRIVER_OK 0x04
#define STATUS_FEATURES_OK 0x08
#define STATUS_NEEDS_RESET 0x40
#define STATUS_FAILED 0x80

#define ISR_USED 0x1
#define ISR_CONFIG 0x2

static const uint64_t features_known = 0
#define FEATURE(name, bit, what) | 1ull << (bit)
#include "def/features.def"
#undef FEATURE
	;

static uint64_t offered(const struct vio_in *in)
{
	return in->strap_features & features_known & (in->strap_legacy ? 0xffffffff : ~0ull);
}

static bool has_feature(uint64_t set, unsigned bit)
{
	return (set >> bit & 1) != 0;
}

/* QueueSel as an index, or -1 for a queue that does not exist. All 32 bits count. */
static int selected(const struct vio_regs *r, const struct vio_in *in)
{
	return r->queue_sel < in->strap_queues && r->queue_sel < VIO_QUEUES ? (int)r->queue_sel : -1;
}

static uint32_t half(uint64_t value, unsigned index)
{
	return (uint32_t)(index ? value >> 32 : value);
}

/* Fields of virtio-blk's config space that are there when their feature is offered, virtio 1.2, 5.2.4. */
static const struct config_word {
	uint16_t addr;
	uint8_t feature;
	uint32_t value;
} config_words[] = {
	{REG_SizeMax, F_BIT_BLK_SIZE_MAX, VIO_SIZE_MAX},
	{REG_SegMax, F_BIT_BLK_SEG_MAX, VIO_SEG_MAX},
	{REG_BlkSize, F_BIT_BLK_BLK_SIZE, 512},
	{REG_Topology, F_BIT_BLK_TOPOLOGY, 0x00080003},
	{REG_OptIoSize, F_BIT_BLK_TOPOLOGY, 128},
	{REG_MaxDiscardSectors, F_BIT_BLK_DISCARD, VIO_RANGE_MAX},
	{REG_MaxDiscardSeg, F_BIT_BLK_DISCARD, 1},
	{REG_DiscardAlignment, F_BIT_BLK_DISCARD, 8},
	{REG_MaxZeroesSectors, F_BIT_BLK_WRITE_ZEROES, VIO_RANGE_MAX},
	{REG_MaxZeroesSeg, F_BIT_BLK_WRITE_ZEROES, 1},
	{REG_ZeroesMayUnmap, F_BIT_BLK_WRITE_ZEROES, 1},
	{REG_MaxEraseSectors, F_BIT_BLK_SECURE_ERASE, VIO_RANGE_MAX},
	{REG_MaxEraseSeg, F_BIT_BLK_SECURE_ERASE, 1},
	{REG_EraseAlignment, F_BIT_BLK_SECURE_ERASE, 8},
};

/* 16 heads of 64 sectors, and as many cylinders as the disk fills. */
static uint32_t geometry(uint64_t capacity)
{
	const uint64_t cylinders = capacity >> 10;

	return 64u << 24 | 16u << 16 | (uint32_t)(cylinders < 0xffff ? cylinders : 0xffff);
}

static uint32_t read_config(const struct vio_regs *r, const struct vio_in *in, uint16_t addr)
{
	const uint64_t set = offered(in);

	for (unsigned i = 0; i < sizeof config_words / sizeof config_words[0]; i++)
		if (config_words[i].addr == (addr & 0xffc))
			return has_feature(set, config_words[i].feature) ? config_words[i].value : 0;
	if ((addr & 0xffc) == REG_Geometry)
		return has_feature(set, F_BIT_BLK_GEOMETRY) ? geometry(r->pub.capacity) : 0;
	if ((addr & 0xffc) == REG_Writeback)
		return (has_feature(set, F_BIT_BLK_MQ) ? (uint32_t)in->strap_queues << 16 : 0) |
		       (has_feature(set, F_BIT_BLK_CONFIG_WCE) && r->writeback);
	return 0;
}

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

static uint32_t read_reg(const struct vio_regs *r, const struct vio_in *in, uint16_t addr)
{
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
		return q >= 0 ? VIO_QUEUE_NUM_MAX : 0;
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
		return half(r->pub.capacity, 0);
	case REG_CapacityHigh:
		return half(r->pub.capacity, 1);
	case REG_ErrorCode:
		return r->err_code;
	case REG_ErrorWhere:
		return (uint32_t)r->err_queue << 16 | r->err_desc;
	default:
		return addr >= 0x100 ? read_config(r, in, addr) : 0;
	}
}

/* A set is acceptable when it holds nothing that was not offered (virtio 1.2, 2.2.2). */
static bool acceptable(const struct vio_regs *r, const struct vio_in *in)
{
	return (r->driver & ~offered(in)) == 0 && !r->driver_bad;
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
		r->pub.features = r->driver;
		r->writeback = has_feature(r->driver, F_BIT_BLK_FLUSH);
	}
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

static void set_low(uint64_t *area, uint32_t value)
{
	*area = (*area & ~0xffffffffull) | value;
}

static void set_high(uint64_t *area, uint32_t value)
{
	*area = (*area & 0xffffffffull) | (uint64_t)value << 32;
}

/* Registers of a queue that is not live (virtio 1.2, 4.2.2.2: the driver must not touch those of a live one). */
static void write_queue(struct vio_queue *q, uint16_t addr, uint32_t value)
{
	if (q->ready)
		return;
	switch (addr) {
	case REG_QueueNum:
		q->num = value <= VIO_QUEUE_NUM_MAX && (value & (value - 1)) == 0 ? (uint16_t)value : 0;
		break;
	case REG_QueueDescLow:
		set_low(&q->desc, value);
		break;
	case REG_QueueDescHigh:
		set_high(&q->desc, value);
		break;
	case REG_QueueDriverLow:
		set_low(&q->avail, value);
		break;
	case REG_QueueDriverHigh:
		set_high(&q->avail, value);
		break;
	case REG_QueueDeviceLow:
		set_low(&q->used, value);
		break;
	case REG_QueueDeviceHigh:
		set_high(&q->used, value);
		break;
	default:
		break;
	}
}

/* A queue whose size is illegal does not become ready (virtio 1.2, 2.7 and 4.2.2.2). */
static void write_ready(struct vio *v, const struct vio_clk *clk, int index, uint32_t value)
{
	struct vio_regs *r = &v->regs;
	struct vio_queue *q = &r->pub.queue[index];

	if ((value & 1) != 0 && !q->ready && q->num != 0) {
		q->ready = true;
		r->pub.start = true;
		r->pub.start_queue = (uint8_t)index;
		if (r->pub.live && CAN_PUSH(bell))
			PUSH(bell, .queue = (uint8_t)index);
	} else if ((value & 1) == 0 && q->ready) {
		q->ready = false;
		r->state = S(regs, DRAIN);
		r->settle = 0;
		r->drain_queue = (uint8_t)index;
	}
}

/* The register reads 1 until the queue's chains are done; other accesses go on meanwhile (virtio 1.2, 2.6.1). */
static void write_ring_reset(struct vio_regs *r, int index, uint32_t value)
{
	struct vio_queue *q = &r->pub.queue[index];

	if ((value & 1) == 0 || !q->ready || (r->status & STATUS_FEATURES_OK) == 0 ||
	    !has_feature(r->driver, F_BIT_RING_RESET))
		return;
	q->ready = false;
	r->ring_reset = true;
	r->settle = 0;
	r->drain_queue = (uint8_t)index;
}

static bool is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

static void write_page_size(struct vio_regs *r, uint32_t value)
{
	if (!is_power_of_two(value))
		return;
	r->page_shift = 0;
	for (unsigned i = 0; i < 32; i++)
		r->page_shift |= (uint8_t)(value >> i & 1 ? i : 0);
}

/* The legacy layout, virtio 1.2, 2.7.2: table, available ring with used_event, and the used ring at the next multiple of
 * QueueAlign. */
static void place_legacy(struct vio_regs *r, struct vio_queue *q, uint32_t pfn)
{
	const uint64_t align = is_power_of_two(r->align) ? r->align : 4096;

	q->desc = (uint64_t)pfn << r->page_shift;
	q->avail = q->desc + 16ull * q->num;
	q->used = (q->avail + 6 + 2ull * q->num + align - 1) & ~(align - 1);
}

/* A page number other than 0 makes the queue live; 0 stops it, and the device stays as it is. */
static void write_pfn(struct vio *v, const struct vio_clk *clk, int index, uint32_t pfn)
{
	struct vio_regs *r = &v->regs;
	struct vio_queue *q = &r->pub.queue[index];

	if (pfn != 0 && (q->ready || q->num == 0))
		return;
	if (pfn != 0)
		place_legacy(r, q, pfn);
	r->pfn[index] = pfn;
	write_ready(v, clk, index, pfn != 0);
}

static void write_notify(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, uint32_t value)
{
	const uint16_t index = (uint16_t)value;

	if (index < in->strap_queues && index < VIO_QUEUES && v->regs.pub.queue[index & (VIO_QUEUES - 1)].ready &&
	    v->regs.pub.live && CAN_PUSH(bell))
		PUSH(bell, .queue = (uint8_t)index);
}

/* Registers are written whole: a narrower access is ignored, as QEMU does. */
static void write_reg(struct vio *v, const struct vio_clk *clk, const struct vio_in *in, uint16_t addr, uint32_t value,
		      uint8_t strb)
{
	struct vio_regs *r = &v->regs;
	const int q = selected(r, in);

	if ((addr & 0xffc) == REG_Writeback && (strb & 1) != 0 && has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE))
		r->writeback = (value & 1) != 0;
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
		if (q >= 0)
			write_queue(&r->pub.queue[q], addr & 0xffc, value);
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
	else
		take_error(&v->regs, &v->frame.err, legacy);
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
static void accept_read(struct vio_regs *r, const struct vio_in *in, struct vio_out *out)
{
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
	out->s_axil_rdata = read_reg(r, in, r->araddr);
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

/* virtio 1.2, 5.2.6.2: writes must be stable when writeback is 0, or when a driver that could flush cannot. */
static bool write_through(const struct vio_regs *r, bool legacy)
{
	if ((r->status & (legacy ? STATUS_DRIVER : STATUS_FEATURES_OK)) == 0)
		return false;
	if (has_feature(r->pub.features, F_BIT_BLK_CONFIG_WCE))
		return !r->writeback;
	return has_feature(r->offered, F_BIT_BLK_FLUSH) && !has_feature(r->pub.features, F_BIT_BLK_FLUSH);
}

/* Legacy drivers may use queues before DRIVER_OK (virtio 1.2, 3.1.2), and have no FEATURES_OK. */
static bool is_live(const struct vio_regs *r, const struct vio_in *in)
{
	const uint8_t need = in->strap_legacy ? STATUS_DRIVER : STATUS_DRIVER_OK;

	return (r->status & (need | STATUS_FAILED)) == need && !r->dead;
}

/* The legacy feature set counts from when it is written until DRIVER_OK freezes it. */
static void settle_legacy_features(struct vio_regs *r)
{
	if ((r->status & STATUS_DRIVER_OK) == 0) {
		r->pub.features = r->driver & r->offered;
		r->writeback = has_feature(r->pub.features, F_BIT_BLK_FLUSH);
	}
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
	const bool busy = r->state != S(regs, IDLE) || r->ring_reset;

	r->changed = true;
	r->pub.start = false;
	accept_read(r, in, out);
	accept_write(v, clk, in, out);
	if (busy)
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
	r->pub.fua = write_through(r, in->strap_legacy);
	r->pub.live = is_live(r, in);
	r->pub.stop = r->dead || r->state == S(regs, RESET);
	out->irq = r->isr != 0;
	out->be_stop = r->pub.stop;
}
