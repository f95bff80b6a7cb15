/* SPDX-License-Identifier: Apache-2.0
 * events_registers.c: register accesses, and what they tell of the queues, see events.h.
 */
#include <inttypes.h>
#include "trace/events_impl.h"

enum {
#define FEATURE(name, bit, what) F_BIT_##name = (bit),
#include "def/features.def"
#undef FEATURE
};

enum { CONFIG = 0x100, VENDOR = 0x800, LEGACY_ALIGN = 4096 };

#define REG(name, offset, access, reset, what) REG_##name = (offset),
enum {
#include "def/regs.def"
};
#undef REG

static const char *reg_name(uint16_t addr, char buf[24])
{
	switch (addr) {
#define REG(name, offset, access, reset, what) \
	case (offset):                         \
		return #name;
#include "def/regs.def"
#undef REG
	default:
		snprintf(buf, 24, addr >= CONFIG && addr < VENDOR ? "config[0x%x]" : "reg[0x%x]",
			 addr >= CONFIG && addr < VENDOR ? (unsigned)(addr - CONFIG) : addr);
		return buf;
	}
}

static void set_half(uint64_t *reg, uint32_t data, bool high)
{
	*reg = high ? (*reg & 0xffffffff) | (uint64_t)data << 32 : (*reg & ~UINT64_C(0xffffffff)) | data;
}

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

/* The areas of a legacy queue follow each other from a page on, the used ring at the next multiple of QueueAlign (virtio
 * 1.2, 2.7.2 and 4.2.4). */
static void legacy_place(const struct events *e, struct queue *q, uint32_t pfn)
{
	const uint64_t align = is_power_of_two(e->align) ? e->align : LEGACY_ALIGN;

	q->desc = (uint64_t)pfn << e->page_shift;
	q->driver = q->desc + 16 * (uint64_t)q->num;
	q->device = (q->driver + 6 + 2 * (uint64_t)q->num + align - 1) & ~(align - 1);
}

/* Of the queue registers a legacy device has QueueNum and QueuePFN. */
static void legacy_queue_written(struct events *e, struct queue *q, uint16_t addr, uint32_t data)
{
	if (q->live)
		return;
	if (addr == REG_QueueNum) {
		q->num = data;
	} else if (addr == REG_QueuePFN && data) {
		legacy_place(e, q, data);
		events_queue_start(e, q);
	}
}

/* The device keeps the set-up of a live queue, until QueueReset. */
static void queue_written(struct events *e, struct queue *q, uint16_t addr, uint32_t data)
{
	if (addr == REG_QueueReset)
		q->reset |= data & 1;
	if (q->live && !q->reset)
		return;
	switch (addr) {
	case REG_QueueNum:
		events_queue_stop(e, q);
		q->num = data;
		break;
	case REG_QueueReady:
		if (data & 1)
			events_queue_start(e, q);
		break;
	case REG_QueueDescLow:
	case REG_QueueDescHigh:
		set_half(&q->desc, data, addr == REG_QueueDescHigh);
		break;
	case REG_QueueDriverLow:
	case REG_QueueDriverHigh:
		set_half(&q->driver, data, addr == REG_QueueDriverHigh);
		break;
	case REG_QueueDeviceLow:
	case REG_QueueDeviceHigh:
		set_half(&q->device, data, addr == REG_QueueDeviceHigh);
		break;
	default:
		break;
	}
}

static void register_written(struct events *e)
{
	char buf[24];

	if (e->awaddr == REG_QueueNotify)
		events_tell(e, EVENTS_REGISTER, "NOTIFY q%" PRIu32, e->wdata & 0xffff);
	else if (e->wstrb == 0xf)
		events_tell(e, EVENTS_REGISTER, "W %s 0x%08" PRIx32, reg_name(e->awaddr, buf), e->wdata);
	else
		events_tell(e, EVENTS_REGISTER, "W %s 0x%08" PRIx32 " strb 0x%x", reg_name(e->awaddr, buf), e->wdata,
			    e->wstrb);
	if (e->wstrb != 0xf)
		return;
	if (e->awaddr == REG_QueueSel)
		e->queue_sel = e->wdata;
	else if (e->awaddr == REG_DriverFeaturesSel)
		e->features_sel = e->wdata;
	else if (e->awaddr == REG_DriverFeatures && e->features_sel == F_BIT_RING_PACKED / 32)
		e->packed = !e->legacy && e->wdata >> F_BIT_RING_PACKED % 32 & 1;
	else if (e->awaddr == REG_GuestPageSize && is_power_of_two(e->wdata))
		e->page_shift = (uint8_t)__builtin_ctz(e->wdata);
	else if (e->awaddr == REG_QueueAlign)
		e->align = e->wdata;
	else if (e->queue_sel < VIO_QUEUES)
		(e->legacy ? legacy_queue_written : queue_written)(e, &e->queue[e->queue_sel], e->awaddr, e->wdata);
}

/* A write was answered: a queue that it stopped is drained by now. */
static void register_answered(struct events *e, const struct vio_out *out)
{
	const uint16_t live = e->legacy ? REG_QueuePFN : REG_QueueReady;
	char buf[24];

	if (out->s_axil_bresp)
		events_tell(e, EVENTS_ERROR, "BUS W %s %s", reg_name(e->awaddr, buf),
			    events_resp_name(out->s_axil_bresp));
	if (e->wdata || e->wstrb != 0xf)
		return;
	if (e->awaddr == REG_Status) {
		e->packed = false;
		e->align = 0; /* the page size stays */
	}
	for (unsigned n = 0; n < VIO_QUEUES; n++) {
		if (e->awaddr == REG_Status || (e->awaddr == live && n == e->queue_sel))
			events_queue_stop(e, &e->queue[n]);
	}
}

void events_step_registers(struct events *e, const struct vio_in *in, const struct vio_out *out)
{
	char buf[24];

	e->legacy = in->strap_legacy;
	if (out->s_axil_rvalid & in->s_axil_rready) {
		events_tell(e, EVENTS_REGISTER, "R %s 0x%08" PRIx32, reg_name(e->araddr, buf), out->s_axil_rdata);
		if (out->s_axil_rresp)
			events_tell(e, EVENTS_ERROR, "BUS R %s %s", reg_name(e->araddr, buf),
				    events_resp_name(out->s_axil_rresp));
	}
	if (in->s_axil_arvalid & out->s_axil_arready)
		e->araddr = in->s_axil_araddr & 0xffc;
	if (out->s_axil_bvalid & in->s_axil_bready)
		register_answered(e, out);
	if (in->s_axil_awvalid & out->s_axil_awready) {
		e->awaddr = in->s_axil_awaddr & 0xffc;
		e->aw_taken = true;
	}
	if (in->s_axil_wvalid & out->s_axil_wready) {
		e->wdata = in->s_axil_wdata;
		e->wstrb = in->s_axil_wstrb;
		e->w_taken = true;
	}
	if (e->aw_taken && e->w_taken) {
		e->aw_taken = e->w_taken = false;
		register_written(e);
	}
}
