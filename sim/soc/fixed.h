/* SPDX-License-Identifier: Apache-2.0
 * fixed.h: the parts of the machine that have no state: empty slots and the finisher. Both machines have them, that of sim/
 * and the one of model/tlm/platform/.
 */
#ifndef SOC_FIXED_H
#define SOC_FIXED_H

#include <stdbool.h>
#include <stdint.h>
#include "soc/map.h"

#define REG(name, offset, access, reset, what) enum { FIXED_##name = (offset), FIXED_RESET_##name = (int)(reset) };
#include "def/regs.def"
#undef REG

/* A register of a slot without a device, by its offset: DeviceID is 0 (virtio 1.2, 4.2.2.2), as QEMU has it. */
static inline uint32_t empty_slot(uint64_t offset, bool legacy)
{
	switch (offset) {
	case FIXED_MagicValue:
		return FIXED_RESET_MagicValue;
	case FIXED_Version:
		return legacy ? 1 : FIXED_RESET_Version;
	case FIXED_VendorID:
		return FIXED_RESET_VendorID;
	default:
		return 0;
	}
}

enum finisher_wish { FINISHER_NOTHING, FINISHER_END, FINISHER_RESET };

/* What a word that the guest stores there asks for; code is the exit status of FINISHER_END. */
static inline enum finisher_wish finisher_word(uint64_t data, uint32_t *code)
{
	switch (data & 0xffff) {
	case MAP_FINISHER_PASS:
		*code = 0;
		return FINISHER_END;
	case MAP_FINISHER_FAIL:
		*code = data >> 16 ? (uint32_t)data >> 16 : 1;
		return FINISHER_END;
	case MAP_FINISHER_RESET:
		return FINISHER_RESET;
	default:
		return FINISHER_NOTHING;
	}
}

#endif
