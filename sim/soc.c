/* SPDX-License-Identifier: Apache-2.0
 * soc.c: see soc.h. Interrupts, batches and the ends of a run; what lies at which address is in soc/bus.c.
 */
#define _XOPEN_SOURCE 700
#include "soc.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sim.h"
#include "soc/htif.h"
#include "soc/map.h"
#include "soc/slots.h"
#include "vio_params.h"

enum { POLL_CLOCKS = 1 << 18, WAIT_MS = 100 };

static uint64_t guest_time(void *ctx)
{
	struct soc *soc = ctx;

	return clint_mtime(&soc->clint, soc->cpu->cycle);
}

static void reset(struct soc *soc)
{
	if (soc->config.load)
		soc->config.load(soc->config.ctx, soc->config.dram);
	cpu_reset(soc->cpu, soc->config.entry);
	memcpy(&soc->cpu->x[10], soc->config.args, sizeof soc->config.args);
	clint_reset(&soc->clint);
	plic_reset(&soc->plic);
	uart_reset(&soc->uart);
	rtc_reset(&soc->rtc);
	soc->reset_due = false;
	soc->irqs_due = true;
}

/* Once: the alarm rings behind this instruction. */
static void sent(void *ctx, uint8_t byte)
{
	struct soc *soc = ctx;

	if (!line_sent(&soc->line, byte))
		return;
	soc->config.alarm = soc->cpu->cycle + 1;
	soc->uart.sent = NULL;
}

static void stored(void *ctx, uint64_t addr, unsigned len)
{
	struct soc *soc = ctx;

	slots_stored(soc, addr, len);
	htif_stored(soc, addr, len);
}

struct soc *soc_new(const struct soc_config *config)
{
	struct soc *soc = sim_alloc(sizeof *soc);
	struct cpu_config cpu = {MAP_DRAM, config->dram_size, config->dram, {soc, soc_load, soc_store, guest_time}};

	soc->config = *config;
	soc->cpu = cpu_new(&cpu);
	soc->uart.out = config->uart_out;
	rtc_start(&soc->rtc, config->rtc_start);
	if (config->alarm_line) {
		line_init(&soc->line, config->alarm_line);
		soc->uart.sent = sent;
		soc->uart.ctx = soc;
	}
	slots_new(soc);
	soc->cpu->stored = stored;
	soc->cpu->stored_ctx = soc;
	htif_watch(soc);
	reset(soc);
	return soc;
}

void soc_free(struct soc *soc)
{
	if (!soc)
		return;
	slots_free(soc);
	cpu_free(soc->cpu);
	free(soc);
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void update_irqs(struct soc *soc)
{
	uint64_t cycle = soc->cpu->cycle;

	plic_set_level(&soc->plic, MAP_UART_IRQ, uart_interrupt(&soc->uart));
	plic_set_level(&soc->plic, MAP_RTC_IRQ, rtc_interrupt(&soc->rtc, cycle));
	slots_irqs(soc);
	cpu_set_irq(soc->cpu, CPU_IRQ_MSI, soc->clint.msip);
	cpu_set_irq(soc->cpu, CPU_IRQ_MTI, clint_timer(&soc->clint, cycle));
	cpu_set_irq(soc->cpu, CPU_IRQ_MEI, plic_interrupt(&soc->plic, 0));
	cpu_set_irq(soc->cpu, CPU_IRQ_SEI, plic_interrupt(&soc->plic, 1));
	cpu_set_irq(soc->cpu, CPU_IRQ_STI, clint_due(&soc->clint, cycle, cpu_stimecmp(soc->cpu)));
	soc->timer = min(clint_next(&soc->clint, cycle), clint_next_due(&soc->clint, cycle, cpu_stimecmp(soc->cpu)));
	soc->timer = min(soc->timer, rtc_next(&soc->rtc, cycle));
	soc->irqs_due = false;
	soc->cpu->timer_changed = false;
}

/* Bytes that are there go to the UART; wait: sleep a little until there is one. At the end of input there is no more. */
static void take_input(struct soc *soc, bool wait)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
	uint8_t bytes[UART_FIFO];
	ssize_t n;

	soc->poll = soc->cpu->cycle + POLL_CLOCKS;
	if (uart_room(&soc->uart) == 0)
		return;
	fflush(soc->config.uart_out);
	if (poll(&fd, 1, wait ? WAIT_MS : 0) <= 0)
		return;
	n = read(STDIN_FILENO, bytes, uart_room(&soc->uart));
	if (n <= 0)
		soc->config.interactive = false;
	for (ssize_t i = 0; i < n; i++)
		uart_receive(&soc->uart, bytes[i]);
	soc->irqs_due = true;
}

bool soc_quiet(const struct soc *soc)
{
	return slots_quiet(soc);
}

static bool asleep(const struct soc *soc)
{
	return soc->cpu->waiting && !cpu_interrupt_pending(soc->cpu);
}

/* Clocks up to the next event that the hart could notice. */
static uint64_t batch(const struct soc *soc)
{
	uint64_t now = soc->cpu->cycle, until = soc->timer;

	if (!soc->config.idle_skip || !soc_quiet(soc))
		return 1;
	if (soc->stepping && !asleep(soc))
		return 1;
	if (soc->observer.look && !asleep(soc))
		until = min(until, now + SOC_LOOK_CLOCKS);
	if (soc->config.max_cycles)
		until = min(until, soc->config.max_cycles);
	if (soc->config.interactive)
		until = min(until, soc->poll);
	if (soc->config.alarm)
		until = min(until, soc->config.alarm);
	if (soc->config.batch)
		until = min(until, now + soc->config.batch);
	return until - now;
}

/* Taking an interrupt takes no clock. */
static bool step_into_handler(struct soc *soc)
{
	if (!cpu_take_interrupt(soc->cpu))
		return false;
	soc->halt = true;
	return true;
}

static void step(struct soc *soc)
{
	if (soc->config.interactive && soc->cpu->cycle >= soc->poll)
		take_input(soc, false);
	if (soc->irqs_due || soc->cpu->timer_changed || soc->cpu->cycle >= soc->timer)
		update_irqs(soc);
	if (asleep(soc) && soc->timer == UINT64_MAX && soc_quiet(soc)) {
		soc->look = soc->cpu->cycle;
		if (soc->config.interactive)
			take_input(soc, true);
		else
			soc->end = SOC_STUCK;
		return;
	}
	if (soc->stepping && step_into_handler(soc))
		return;
	soc->halt |= soc->stepping && !asleep(soc);
	soc->shown_pc = soc->cpu->pc;
	cpu_run(soc->cpu, batch(soc));
	htif_serve(soc);
	slots_advance(soc);
}

static void observe(struct soc *soc)
{
	if (soc->observer.stepped)
		soc->observer.stepped(soc->observer.ctx);
	if (soc->observer.look && soc->cpu->cycle >= soc->look) {
		soc->look = soc->cpu->cycle + SOC_LOOK_CLOCKS;
		soc->observer.look(soc->observer.ctx);
	}
	if ((soc->halt || soc->cpu->halt) && soc->end == SOC_RUNNING)
		soc->end = SOC_HALTED;
	soc->halt = false;
}

static void reset_if_due(struct soc *soc)
{
	if (!soc->reset_due || soc->end != SOC_RUNNING)
		return;
	reset(soc);
	slots_reset(soc);
}

void soc_advance(struct soc *soc, uint64_t cycle)
{
	assert(cycle >= soc->cpu->cycle);
	soc->cpu->cycle = cycle;
	slots_advance(soc);
	reset_if_due(soc);
	update_irqs(soc);
}

/* Once. */
static void ring_if_due(struct soc *soc)
{
	if (!soc->config.alarm || soc->cpu->cycle < soc->config.alarm || soc->end != SOC_RUNNING)
		return;
	soc->config.alarm = 0;
	soc->config.alarmed(soc->config.alarm_ctx, soc);
}

enum soc_end soc_run(struct soc *soc)
{
	while (soc->end == SOC_RUNNING) {
		step(soc);
		reset_if_due(soc);
		ring_if_due(soc);
		if (soc->config.max_cycles && soc->cpu->cycle >= soc->config.max_cycles && soc->end == SOC_RUNNING)
			soc->end = SOC_MAX_CYCLES;
		observe(soc);
	}
	return soc->end;
}
