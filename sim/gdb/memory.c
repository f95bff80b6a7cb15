/* SPDX-License-Identifier: Apache-2.0
 * memory.c: see memory.h.
 */
#include "gdb/memory.h"

#include <string.h>
#include "soc/map.h"

enum { PAGE_BYTES = 4096, PLIC_CLAIMS = 0x200000, WORD = 4 };

bool gdb_memory_translate(const struct soc *soc, uint64_t addr, uint64_t *physical)
{
	return cpu_translate(soc->cpu, addr, physical);
}

static bool in_dram(const struct soc *soc, uint64_t addr, uint64_t *offset)
{
	*offset = addr - MAP_DRAM;
	return *offset < soc->config.dram_size;
}

/* Bytes that lie in one page, and in DRAM or outside as their first one does. */
static size_t piece(uint64_t addr, size_t len)
{
	size_t room = PAGE_BYTES - addr % PAGE_BYTES;

	return len < room ? len : room;
}

/* Reading changes nothing, and takes no clock. */
static bool is_plain(uint64_t addr)
{
	return addr - MAP_CLINT < MAP_CLINT_SIZE || addr - MAP_PLIC < PLIC_CLAIMS;
}

/* The access that the hart would make next: a word or a double word where that is asked for, else a byte or a half word. The
 * UART has bytes only. */
static unsigned access_len(uint64_t addr, size_t len)
{
	if (addr - MAP_UART < MAP_UART_SIZE)
		return 1;
	if (len == 8 && addr % 8 == 0)
		return 8;
	if (len >= WORD && addr % WORD == 0)
		return WORD;
	return len == 2 && addr % 2 == 0 ? 2 : 1;
}

/* One access; the hart waits, and retires nothing meanwhile. */
static bool access(struct soc *soc, uint64_t addr, unsigned len, uint64_t *data, bool write)
{
	uint64_t start = soc->cpu->cycle;
	bool ok = write ? soc_store(soc, addr, len, *data) : soc_load(soc, addr, len, data);

	soc->cpu->lost += soc->cpu->cycle - start;
	return ok;
}

static size_t devices(struct soc *soc, bool mmio, uint64_t addr, uint8_t *bytes, size_t len, bool write)
{
	size_t done = 0;

	while (done < len && (mmio || (!write && is_plain(addr + done)))) {
		unsigned count = access_len(addr + done, len - done);
		uint64_t data = 0;

		memcpy(&data, bytes + done, write ? count : 0);
		if (!access(soc, addr + done, count, &data, write))
			break;
		memcpy(bytes + done, &data, write ? 0 : count);
		done += count;
	}
	return done;
}

size_t gdb_memory_read(struct soc *soc, bool mmio, uint64_t addr, uint8_t *bytes, size_t len)
{
	uint64_t physical, offset;
	size_t done = 0, count, got;

	while (done < len) {
		count = got = piece(addr + done, len - done);
		if (!gdb_memory_translate(soc, addr + done, &physical))
			break;
		if (in_dram(soc, physical, &offset))
			memcpy(bytes + done, soc->config.dram + offset, count);
		else
			got = devices(soc, mmio, physical, bytes + done, count, false);
		done += got;
		if (got < count)
			break;
	}
	return done;
}

size_t gdb_memory_write(struct soc *soc, bool mmio, uint64_t addr, const uint8_t *bytes, size_t len)
{
	uint64_t physical, offset;
	uint8_t copy[PAGE_BYTES];
	size_t done = 0, count, put;

	while (done < len) {
		count = put = piece(addr + done, len - done);
		if (!gdb_memory_translate(soc, addr + done, &physical))
			break;
		if (in_dram(soc, physical, &offset)) {
			memcpy(soc->config.dram + offset, bytes + done, count);
			cpu_memory_written(soc->cpu, physical, count);
		} else {
			memcpy(copy, bytes + done, count);
			put = devices(soc, mmio, physical, copy, count, true);
		}
		done += put;
		if (put < count)
			break;
	}
	return done;
}

bool gdb_memory_physical(const struct soc *soc, uint64_t addr, uint8_t *bytes, size_t len)
{
	uint64_t offset;

	if (!in_dram(soc, addr, &offset) || len > soc->config.dram_size - offset)
		return false;
	memcpy(bytes, soc->config.dram + offset, len);
	return true;
}
