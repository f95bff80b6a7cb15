/* SPDX-License-Identifier: Apache-2.0
 * regs.c: Status, features and interrupts, virtio 1.2, 2.1, 2.2, 3.1 and 4.2.2.
 */
#include "check/check_impl.h"

#define REG(name, offset, access, reset, what) enum { REG_##name = offset };
#include "def/regs.def"
#undef REG

enum access { HOLE, R = 1, W = 2, RW = 3 };
enum { GUEST_PAGE_SIZE = 0x028, QUEUE_ALIGN = 0x03c, QUEUE_PFN = 0x040, CONFIG = 0x100 };
enum { ISR_BITS = 3 };

/* Registers of the modern interface, and ours behind 0x800. */
static enum access access_of(uint32_t offset)
{
	if (offset == GUEST_PAGE_SIZE || offset == QUEUE_ALIGN || offset == QUEUE_PFN)
		return HOLE;
	switch (offset) {
#define REG(name, at, access, reset, what) \
	case at:                           \
		return access;
#include "def/regs.def"
#undef REG
	default:
		return HOLE;
	}
}

static void check_access(struct check *c, uint32_t offset, bool write)
{
	enum access access = access_of(offset);

	if (c->legacy)
		return;
	if (access == HOLE)
		check_tell(c, CHECK_MMIO_46_hole, ": offset 0x%03x", offset);
	else if (write && !(access & W))
		check_tell(c, CHECK_MMIO_46_write, ": offset 0x%03x", offset);
	else if (!write && !(access & R))
		check_tell(c, CHECK_MMIO_46_read, ": offset 0x%03x", offset);
	if (offset >= REG_SHMSel && offset <= REG_SHMBaseHigh && c->device_id == BLOCK_DEVICE)
		check_tell(c, CHECK_SHM_04, ": offset 0x%03x", offset);
}

void check_forget(struct check *c)
{
	c->status = 0;
	c->features_ok_read = c->needs_reset_read = false;
	c->features_sel = c->driver_sel = 0;
	c->features_sel_known = c->driver_sel_known = false;
	c->accepted = 0;
	c->isr = 0;
	c->isr_read = false;
	c->queue_sel = c->queue_align = 0;
	c->generation_read = c->generation_due = false;
	c->halves = 0;
	check_queues_forget(c);
}

/* Each bit says that a step of set-up is done, so the steps before it are (2.1.1, 3.1.1). */
static void status_order(struct check *c, uint8_t now, uint8_t added)
{
	bool early = (added & DRIVER && !(now & ACKNOWLEDGE)) || (added & FEATURES_OK && !(now & DRIVER)) ||
		     (added & DRIVER_OK && !(now & DRIVER)) ||
		     (added & DRIVER_OK && !(now & FEATURES_OK) && !c->legacy);

	if (early)
		check_tell(c, CHECK_STAT_04, ": 0x%02x after 0x%02x", now, c->status);
	if (added & DRIVER && !c->was_reset)
		check_tell(c, CHECK_INIT_01_reset, "%s", "");
	if (added & FEATURES_OK && c->legacy)
		check_tell(c, CHECK_INIT_08, "%s", "");
	if (added & DRIVER_OK && now & FEATURES_OK && !c->features_ok_read && !c->legacy)
		check_tell(c, CHECK_INIT_04, "%s", "");
}

static void features_done(struct check *c)
{
	uint64_t missed = c->offered & ~c->accepted;
	uint64_t wanted = 1ull << F_PACKED | 1ull << F_ORDER_PLATFORM | 1ull << F_NOTIF_CONFIG_DATA;

	if (missed >> F_VERSION_1 & 1)
		check_tell(c, CHECK_RSVD_02, "%s", "");
	if (missed >> F_ACCESS_PLATFORM & 1)
		check_tell(c, CHECK_RSVD_03, "%s", "");
	for (unsigned bit = 0; bit < 64; bit++)
		if ((missed & wanted) >> bit & 1)
			check_tell(c, CHECK_RSVD_04, ": bit %u", bit);
	if (missed >> F_BLK_RO & 1 && c->device_id == BLOCK_DEVICE)
		check_tell(c, CHECK_BLK_34, "%s", "");
}

static void status_write(struct check *c, uint32_t data)
{
	uint8_t now = (uint8_t)data, added = now & (uint8_t)~c->status;
	uint8_t cleared = c->status & (uint8_t)~now;

	check_config_done(c);
	if (now == 0) {
		check_forget(c);
		c->was_reset = c->resetting = true;
		return;
	}
	if (c->resetting)
		check_tell(c, CHECK_RST_03, "%s", "");
	c->resetting = false;
	if (cleared)
		check_tell(c, CHECK_STAT_05, ": 0x%02x after 0x%02x", now, c->status);
	if (c->status & FAILED && added & (ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK))
		check_tell(c, CHECK_STAT_06, ": 0x%02x", now);
	status_order(c, now, added);
	if (added & FEATURES_OK && !c->legacy) {
		c->features_ok_read = false;
		features_done(c);
	}
	c->status = now & (uint8_t)~NEEDS_RESET;
	if (added & DRIVER_OK)
		check_queues_live(c);
}

static void status_read(struct check *c, uint32_t data)
{
	uint8_t now = (uint8_t)data;

	if (now == 0)
		c->resetting = false;
	if (c->status & now & FEATURES_OK)
		c->features_ok_read = true;
	if (now & NEEDS_RESET)
		c->needs_reset_read = true;
	/* The device may refuse a bit; one that the driver did not set is not the driver's. */
	c->status &= now;
}

static void features_read(struct check *c, uint32_t data)
{
	unsigned shift = c->features_sel * 32;

	if (!c->features_sel_known && !c->legacy)
		check_tell(c, CHECK_MMIO_50_device, "%s", "");
	if (c->features_sel < 2)
		c->offered = (c->offered & ~(0xffffffffull << shift)) | (uint64_t)data << shift;
}

static void features_write(struct check *c, uint32_t data)
{
	uint64_t word = c->driver_sel < 2 ? (uint64_t)data << c->driver_sel * 32 : 0;
	uint64_t mask = c->driver_sel < 2 ? 0xffffffffull << c->driver_sel * 32 : 0;

	if (!c->driver_sel_known && !c->legacy)
		check_tell(c, CHECK_MMIO_50_driver, "%s", "");
	if (!(c->status & DRIVER))
		check_tell(c, CHECK_INIT_01_driver, "%s", "");
	if (word & ~c->offered || (data && !mask))
		check_tell(c, CHECK_FEAT_03, ": word %u is 0x%08x", c->driver_sel, data);
	if (c->status & FEATURES_OK) {
		if (word & ~c->accepted)
			check_tell(c, CHECK_INIT_03, ": word %u is 0x%08x", c->driver_sel, data);
		return;
	}
	c->accepted = (c->accepted & ~mask) | word;
}

/* Bits may be acknowledged one after the other: what counts is that each was seen. */
static void acknowledge(struct check *c, uint32_t data)
{
	if (data & ~(uint32_t)ISR_BITS)
		check_tell(c, CHECK_MINT_10, ": 0x%x", data);
	else if (data & ISR_BITS & ~c->isr)
		check_tell(c, c->isr_read ? CHECK_MINT_11 : CHECK_MINT_12, ": 0x%x", data);
	c->isr &= ~data;
	c->isr_read = false;
}

void check_reg_read(struct check *c, uint32_t offset, uint32_t data)
{
	check_access(c, offset, false);
	switch (offset) {
	case REG_DeviceFeatures:
		features_read(c, data);
		break;
	case REG_InterruptStatus:
		c->isr |= data;
		c->isr_read = true;
		break;
	case REG_Status:
		status_read(c, data);
		break;
	case REG_ConfigGeneration:
		check_generation_read(c);
		break;
	default:
		check_queue_read(c, offset, data);
	}
}

void check_reg_write(struct check *c, uint32_t offset, uint32_t data)
{
	check_access(c, offset, true);
	switch (offset) {
	case REG_DeviceFeaturesSel:
		c->features_sel = data;
		c->features_sel_known = true;
		break;
	case REG_DriverFeaturesSel:
		c->driver_sel = data;
		c->driver_sel_known = true;
		break;
	case REG_DriverFeatures:
		features_write(c, data);
		break;
	case REG_InterruptACK:
		acknowledge(c, data);
		break;
	case REG_Status:
		status_write(c, data);
		break;
	default:
		check_queue_write(c, offset, data);
	}
}
