/* SPDX-License-Identifier: Apache-2.0
 * regs.h: what regs, queues and blk_config share: bits of Status and InterruptStatus, virtio 1.2, 2.1 and 4.2.2, and the
 * feature sets. */
#ifndef VIO_REGS_H
#define VIO_REGS_H

#define STATUS_DRIVER 0x02
#define STATUS_DRIVER_OK 0x04
#define STATUS_FEATURES_OK 0x08
#define STATUS_NEEDS_RESET 0x40
#define STATUS_FAILED 0x80

#define ISR_USED 0x1
#define ISR_CONFIG 0x2

static const uint64_t features_known = 0
#define FEATURE(name, bit, what) | (uint64_t)(VIO_HAS_##name != 0) << (bit)
#include "def/features.def"
#undef FEATURE
	;

/* No CONFIG_WCE without FLUSH: virtio 1.2, 5.2.5.2. */
static uint64_t offered(const struct vio_in *in)
{
	const uint64_t set = in->strap_features & features_known;
	const uint64_t any_layout = 1ull << F_BIT_ANY_LAYOUT, config_wce = 1ull << F_BIT_BLK_CONFIG_WCE;

	return set & (in->strap_legacy ? 0xffffffff : ~any_layout) &
	       ((set >> F_BIT_BLK_FLUSH & 1) != 0 ? ~0ull : ~config_wce);
}

static bool has_feature(uint64_t set, unsigned bit)
{
	return (set >> bit & 1) != 0;
}

static uint32_t half(uint64_t value, unsigned index)
{
	return (uint32_t)(index ? value >> 32 : value);
}

#endif
