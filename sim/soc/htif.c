/* SPDX-License-Identifier: Apache-2.0
 * htif.c: see htif.h.
 */
#include "soc/htif.h"

#include <string.h>

enum { CONSOLE_WRITE = 0x0101, TOHOST_BYTES = 8 };

void htif_watch(struct soc *soc)
{
	if (soc->config.tohost)
		cpu_watch(soc->cpu, soc->config.tohost, TOHOST_BYTES);
}

void htif_stored(struct soc *soc, uint64_t addr, unsigned len)
{
	uint64_t tohost = soc->config.tohost;

	if (tohost && (addr - tohost < TOHOST_BYTES || tohost - addr < len))
		soc->tohost_written = true;
}

void htif_serve(struct soc *soc)
{
	uint8_t *at = soc->config.dram + (soc->config.tohost - MAP_DRAM);
	uint64_t word;

	if (!soc->tohost_written)
		return;
	soc->tohost_written = false;
	memcpy(&word, at, sizeof word);
	if (word >> 48 == CONSOLE_WRITE) {
		if (soc->config.uart_out)
			fputc((int)(word & 255), soc->config.uart_out);
		memset(at, 0, sizeof word);
		cpu_memory_written(soc->cpu, soc->config.tohost, sizeof word);
	} else if (word && soc->end == SOC_RUNNING) {
		soc->code = (uint32_t)(word >> 1);
		if (word != 1 && soc->code == 0)
			soc->code = UINT32_MAX;
		soc->end = SOC_FINISHED;
	}
}
