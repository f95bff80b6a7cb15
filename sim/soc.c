/* SPDX-License-Identifier: Apache-2.0
 * soc.c: see soc.h. Interrupts, batches and the ends of a run; what lies at which address is in soc/bus.c.
 */
#include "soc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "soc/htif.h"
#include "soc/map.h"
#include "soc/slots.h"
#include "vio_params.h"

enum { POLL_CLOCKS = 1 << 16, WAIT_MS = 100 };

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

/* The alarm rings once, behind this instruction. */
static void sent(void *ctx, uint8_t byte)
{
	struct soc *soc = ctx;

	if (soc->line.text && line_sent(&soc->line, byte)) {
		soc->config.alarm = soc->cpu->cycle + 1;
		soc->line.text = NULL;
	}
	if (soc->stop_line.text && line_sent(&soc->stop_line, byte))
		soc->end = SOC_FINISHED;
	if (soc->fail_line.text && line_sent(&soc->fail_line, byte)) {
		soc->end = SOC_FINISHED;
		soc->code = 1;
		soc->failed_line = true;
	}
}

static void listen_to_uart(struct soc *soc)
{
	const struct soc_config *config = &soc->config;

	soc->uart.out = config->console ? console_file(config->console) : NULL;
	if (config->alarm_line)
		line_init(&soc->line, config->alarm_line);
	if (config->stop_line)
		line_init(&soc->stop_line, config->stop_line);
	if (config->fail_line)
		line_init(&soc->fail_line, config->fail_line);
	if (config->alarm_line || config->stop_line || config->fail_line) {
		soc->uart.sent = sent;
		soc->uart.ctx = soc;
	}
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
	listen_to_uart(soc);
	rtc_start(&soc->rtc, config->rtc_start);
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

/* A byte that is there, or comes within wait_ms, goes to the UART, when the last one was taken: so next to nothing of
 * what was typed ahead is lost when a guest clears the FIFO, and input that is there from the start comes at the same clocks
 * in every run. A guest that takes none does not keep the user from quitting. */
static void look_at_console(struct soc *soc, int wait_ms)
{
	struct console *console = soc->config.console;
	uint8_t byte;

	soc->poll = soc->cpu->cycle + POLL_CLOCKS;
	if (console_file(console))
		fflush(console_file(console));
	if (!console_listens(console))
		return;
	if (uart_room(&soc->uart) < UART_FIFO) {
		console_keep(console, wait_ms);
	} else if (console_read(console, &byte, 1, wait_ms)) {
		uart_receive(&soc->uart, byte);
		soc->irqs_due = true;
	}
	if (console_quit(console))
		soc->end = SOC_FINISHED;
}

void soc_look_at_terminal(struct soc *soc)
{
	if (soc->config.console && console_is_terminal(soc->config.console))
		look_at_console(soc, 0);
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
	if (soc->config.console)
		until = min(until, soc->poll);
	if (soc->config.alarm)
		until = min(until, soc->config.alarm);
	if (soc->config.batch)
		until = min(until, now + soc->config.batch);
	return until - now;
}

/* The hart sleeps, and clocks pass in no time: but where somebody types, they shall not run ahead of the world's. */
static void sleep_at_terminal(struct soc *soc)
{
	uint64_t clocks = min(soc->timer - soc->cpu->cycle, POLL_CLOCKS);

	look_at_console(soc, (int)(clocks * MAP_CLOCK_NS / 1000000));
}

/* Nothing but input can wake the hart, and that only when the UART has none; but somebody may want to quit. */
static void wait_for_input(struct soc *soc)
{
	const struct console *console = soc->config.console;

	if (console && console_listens(console) && (console_is_terminal(console) || uart_room(&soc->uart) == UART_FIFO))
		look_at_console(soc, WAIT_MS);
	else
		soc->end = SOC_STUCK;
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
	if (soc->config.console && soc->cpu->cycle >= soc->poll)
		look_at_console(soc, 0);
	if (soc->irqs_due || soc->cpu->timer_changed || soc->cpu->cycle >= soc->timer)
		update_irqs(soc);
	if (asleep(soc) && soc_quiet(soc)) {
		if (soc->timer == UINT64_MAX) {
			soc->look = soc->cpu->cycle;
			wait_for_input(soc);
			return;
		}
		if (soc->config.console && console_is_terminal(soc->config.console))
			sleep_at_terminal(soc);
	}
	if (soc->stepping && step_into_handler(soc))
		return;
	soc->halt |= soc->stepping && !asleep(soc);
	soc->shown_pc = soc->cpu->pc;
	cpu_run(soc->cpu, batch(soc));
	if (cpu_is_lost(soc->cpu))
		soc->end = SOC_LOST;
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
