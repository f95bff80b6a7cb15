/* SPDX-License-Identifier: Apache-2.0
 * state.c: the state of the whole machine, see soc_state in soc.h.
 */
#include "soc.h"

#include <assert.h>
#include "stream.h"

static void plain_state(struct soc *soc, struct stream *s)
{
	stream_section(s, "soc");
	stream_before(s, soc, config);
	stream_section(s, "clint");
	stream_all(s, &soc->clint);
	stream_section(s, "plic");
	stream_all(s, &soc->plic);
	stream_section(s, "rtc");
	stream_all(s, &soc->rtc);
	uart_state(&soc->uart, s);
}

static void slot_state(struct soc *soc, unsigned slot, struct stream *s)
{
	s->slot = (int)slot;
	if (soc->vdev[slot])
		vdev_state(soc->vdev[slot], s);
	if (soc->check[slot])
		check_state(soc->check[slot], s);
	s->slot = STREAM_NO_SLOT;
}

static void hart_state(struct cpu *cpu, struct stream *s)
{
	stream_section(s, "cpu");
	stream_bytes(s, cpu, CPU_STATE_BYTES);
	if (!s->saving)
		cpu_restored(cpu);
}

/* DRAM comes before the hart, which forgets what it knew of it; monitors, which ask it to watch DRAM, come behind it. */
void soc_state(struct soc *soc, struct stream *s)
{
	assert(soc->end == SOC_RUNNING && !soc->reset_due);
	plain_state(soc, s);
	stream_section(s, "dram");
	stream_pages(s, soc->config.dram, soc->config.dram_size);
	hart_state(soc->cpu, s);
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		slot_state(soc, slot, s);
}
