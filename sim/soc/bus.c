/* SPDX-License-Identifier: Apache-2.0
 * bus.c: the hart's accesses outside DRAM, by address. Devices of the machine answer within the instruction's clock; a
 * device under test takes the clocks that its AXI4-Lite takes.
 */
#include <string.h>
#include "soc.h"
#include "soc/fixed.h"
#include "soc/slots.h"

static bool inside(uint64_t addr, uint64_t base, uint64_t size, uint64_t *offset)
{
	*offset = addr - base;
	return *offset < size;
}

static bool finisher_store(struct soc *soc, unsigned len, uint64_t data)
{
	if (len != 2 && len != 4)
		return false;
	switch (finisher_word(data, &soc->code)) {
	case FINISHER_NOTHING:
		break;
	case FINISHER_END:
		soc->end = SOC_FINISHED;
		break;
	case FINISHER_RESET:
		soc->reset_due = !soc->config.no_reboot;
		if (soc->config.no_reboot)
			soc->end = SOC_FINISHED;
		break;
	}
	return true;
}

/* One access of a word to a device under test; the hart waits. strb 0 reads. */
static bool word_access(struct soc *soc, unsigned slot, uint64_t offset, uint32_t *data, uint8_t strb)
{
	uint64_t limit = SOC_ACCESS_LIMIT, max = soc->config.max_cycles;
	bool ok = false, answered;

	soc->shown_pc = soc->cpu->pc;
	if (max && max - soc->cpu->cycle < limit)
		limit = max - soc->cpu->cycle;
	answered = slots_access(soc, slot, (uint16_t)offset, data, strb, limit, &ok);
	soc->irqs_due = true;
	if (!answered && soc->end == SOC_RUNNING) {
		soc->end = max && soc->cpu->cycle >= max ? SOC_MAX_CYCLES : SOC_HUNG;
		soc->failed = slot;
	}
	return answered && ok;
}

static bool slot_read(struct soc *soc, uint64_t offset, unsigned len, uint64_t *data)
{
	uint64_t reg = offset % MAP_VIRTIO_STRIDE & ~3ull;
	unsigned slot = (unsigned)(offset / MAP_VIRTIO_STRIDE);
	uint32_t word[2] = {0, 0};

	for (unsigned i = 0; i < (len == 8 ? 2u : 1u); i++) {
		if (!soc->vdev[slot])
			word[i] = empty_slot(reg + 4 * i, soc->legacy);
		else if (!word_access(soc, slot, reg + 4 * i, &word[i], 0))
			return false;
	}
	*data = word[0] | (uint64_t)word[1] << 32;
	if (len < 4) {
		*data >>= offset % 4 * 8;
		*data &= (1u << len * 8) - 1;
	}
	return true;
}

static bool slot_write(struct soc *soc, uint64_t offset, unsigned len, uint64_t data)
{
	uint64_t reg = offset % MAP_VIRTIO_STRIDE & ~3ull;
	unsigned slot = (unsigned)(offset / MAP_VIRTIO_STRIDE);
	unsigned lane = len < 4 ? (unsigned)(offset % 4) : 0;
	uint8_t strb = (uint8_t)(len < 4 ? ((1u << len) - 1) << lane : 0xf);
	uint32_t word[2] = {(uint32_t)data << lane * 8, (uint32_t)(data >> 32)};

	if (!soc->vdev[slot])
		return true;
	for (unsigned i = 0; i < (len == 8 ? 2u : 1u); i++)
		if (!word_access(soc, slot, reg + 4 * i, &word[i], strb))
			return false;
	return true;
}

/* The check sees a read with its data, and a write before the device does. */
static bool slot_load(struct soc *soc, uint64_t offset, unsigned len, uint64_t *data)
{
	struct check_place at = {soc->cpu->cycle, soc->cpu->pc};
	unsigned slot = (unsigned)(offset / MAP_VIRTIO_STRIDE);
	struct check *check = slots_check(soc, slot);
	bool ok = slot_read(soc, offset, len, data);

	if (check && ok)
		check_read(check, at, slot, offset % MAP_VIRTIO_STRIDE, len, *data);
	return ok;
}

static bool slot_store(struct soc *soc, uint64_t offset, unsigned len, uint64_t data)
{
	struct check_place at = {soc->cpu->cycle, soc->cpu->pc};
	unsigned slot = (unsigned)(offset / MAP_VIRTIO_STRIDE);
	struct check *check = slots_check(soc, slot);

	if (check)
		check_write(check, at, slot, offset % MAP_VIRTIO_STRIDE, len, data);
	return slot_write(soc, offset, len, data);
}

/* Behind what is in it the ROM reads 0. */
static void rom_load(const struct soc *soc, uint64_t offset, unsigned len, uint64_t *data)
{
	if (offset < soc->config.rom_bytes)
		memcpy(data, soc->config.rom + offset, len);
}

bool soc_load(void *ctx, uint64_t addr, unsigned len, uint64_t *data)
{
	struct soc *soc = ctx;
	uint64_t offset;

	soc->irqs_due = true;
	*data = 0;
	if (inside(addr, MAP_VIRTIO, MAP_VIRTIO_STRIDE * MAP_VIRTIO_SLOTS, &offset))
		return slot_load(soc, offset, len, data);
	if (inside(addr, MAP_UART, MAP_UART_SIZE, &offset))
		return uart_load(&soc->uart, offset, len, data);
	if (inside(addr, MAP_PLIC, MAP_PLIC_SIZE, &offset))
		return plic_load(&soc->plic, offset, len, data);
	if (inside(addr, MAP_CLINT, MAP_CLINT_SIZE, &offset))
		return clint_load(&soc->clint, soc->cpu->cycle, offset, len, data);
	if (inside(addr, MAP_RTC, MAP_RTC_SIZE, &offset))
		return rtc_load(&soc->rtc, soc->cpu->cycle, offset, len, data);
	if (soc->config.rom && inside(addr, MAP_ROM, MAP_ROM_SIZE, &offset)) {
		rom_load(soc, offset, len, data);
		return true;
	}
	return inside(addr, MAP_FINISHER, MAP_FINISHER_SIZE, &offset) && (len == 2 || len == 4);
}

bool soc_store(void *ctx, uint64_t addr, unsigned len, uint64_t data)
{
	struct soc *soc = ctx;
	uint64_t offset;

	soc->irqs_due = true;
	if (inside(addr, MAP_VIRTIO, MAP_VIRTIO_STRIDE * MAP_VIRTIO_SLOTS, &offset))
		return slot_store(soc, offset, len, data);
	if (inside(addr, MAP_UART, MAP_UART_SIZE, &offset))
		return uart_store(&soc->uart, offset, len, data);
	if (inside(addr, MAP_PLIC, MAP_PLIC_SIZE, &offset))
		return plic_store(&soc->plic, offset, len, data);
	if (inside(addr, MAP_CLINT, MAP_CLINT_SIZE, &offset))
		return clint_store(&soc->clint, soc->cpu->cycle, offset, len, data);
	if (inside(addr, MAP_FINISHER, MAP_FINISHER_SIZE, &offset))
		return offset != 0 || finisher_store(soc, len, data);
	if (inside(addr, MAP_RTC, MAP_RTC_SIZE, &offset))
		return rtc_store(&soc->rtc, soc->cpu->cycle, offset, len, data);
	return soc->config.rom && inside(addr, MAP_ROM, MAP_ROM_SIZE, &offset);
}
