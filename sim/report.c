/* SPDX-License-Identifier: Apache-2.0
 * report.c: see report.h.
 */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "sim.h"

const char *report_state(unsigned unit, unsigned state)
{
	unsigned u = 0, s = 0;
	const char *name = "?";

	/* s counts the states of the newest unit; u is that unit's number plus one. */
#define UNIT(unit_name) u++, s = 0;
#define STATE(unit_name, name_)          \
	if (u == unit + 1 && s == state) \
		name = #name_;           \
	s++;
#include "def/states.def"
	return name;
}

static const char *const units[] = {
#define UNIT(name) #name,
#include "def/states.def"
};

enum { UNITS = sizeof units / sizeof units[0] };

const char *report_unit(unsigned unit)
{
	return unit < UNITS ? units[unit] : NULL;
}

static void report_one(FILE *to, uint64_t states)
{
	fprintf(to, "states:");
	for (unsigned i = 0; i < UNITS; i++)
		fprintf(to, " %s %s", units[i], report_state(i, states >> 4 * i & 15));
	fprintf(to, "\n");
}

static void report_states(FILE *to, uint64_t model, uint64_t rtl)
{
	unsigned a, b;

	fprintf(to, "  %-10s %-10s %s\n", "unit", "model", "rtl");
	for (unsigned i = 0; i < UNITS; i++) {
		a = model >> 4 * i & 15;
		b = rtl >> 4 * i & 15;
		fprintf(to, "  %-10s %-10s %s%s\n", units[i], report_state(i, a), report_state(i, b),
			a == b ? "" : "   <-- differ");
	}
}

void report_mismatch(FILE *to, const struct lockstep_mismatch *m, uint64_t cycle)
{
	fprintf(to, "lockstep: mismatch after the edge of cycle %" PRIu64 "\n", cycle);
	fprintf(to, "  pin        %s", m->pin);
	if (m->low)
		fprintf(to, " from bit %u", m->low);
	fprintf(to, ": model 0x%" PRIx64 ", rtl 0x%" PRIx64 "\n", m->model, m->rtl);
	report_states(to, m->model_states, m->rtl_states);
}

static void report_events(FILE *to, const struct events *events)
{
	char line[EVENTS_LINE];

	if (!events || !events_last(events, 0, line))
		return;
	fprintf(to, "last events, the newest at the end:\n");
	for (unsigned n = EVENTS_KEPT; n-- > 0;)
		if (events_last(events, n, line))
			fprintf(to, "  %s\n", line);
}

static void report_device(FILE *to, const struct soc *soc)
{
	struct vdev *v = soc->vdev[soc->failed];
	uint64_t cycle = vdev_cycle(v) - 1;

	if (lockstep_mismatch(vdev_dut(v)))
		report_mismatch(to, lockstep_mismatch(vdev_dut(v)), cycle);
	else
		fprintf(to, "device: broke a rule in cycle %" PRIu64 ": %s\n", cycle, vdev_failure(v));
}

static void report_address(FILE *to, const struct soc *soc, const char *name, uint64_t addr)
{
	uint64_t offset;
	const char *function = soc->config.symbols ? symbols_find(soc->config.symbols, addr, &offset) : NULL;

	fprintf(to, "%s 0x%" PRIx64, name, addr);
	if (function)
		fprintf(to, " in %s+0x%" PRIx64, function, offset);
}

static void report_place(FILE *to, const struct soc *soc)
{
	bool device = soc->end == SOC_DEVICE || soc->end == SOC_HUNG;

	report_address(to, soc, "pc", device ? soc->shown_pc : soc->cpu->pc);
	fprintf(to, "\n");
}

/* The handler is where the hart is; ra tells best where it came from. */
static void report_lost(FILE *to, const struct soc *soc)
{
	static const char *const causes[] = {
#define EXCEPTION(name, code, what) [code] = what,
#define INTERRUPT(name, bit, what)
#include "cpu/trap.def"
	};
	const struct cpu *cpu = soc->cpu;
	uint64_t cause = cpu->priv == CPU_M ? cpu->mcause : cpu->scause;

	fprintf(to, "guest: jumped into nothing: %s at ", causes[cause]);
	report_address(to, soc, "pc", cpu->pc);
	fprintf(to, ", where the trap handler should be; ");
	report_address(to, soc, "ra", cpu->x[1]);
	fprintf(to, "; cycle %" PRIu64 "\n", cpu->cycle);
}

static void report_reason(FILE *to, const struct soc *soc)
{
	uint64_t cycle = soc->cpu->cycle;

	switch (soc->end) {
	case SOC_DEVICE:
		report_device(to, soc);
		break;
	case SOC_HUNG:
		fprintf(to, "device: no answer to a register access by cycle %" PRIu64 "\n", cycle);
		break;
	case SOC_MAX_CYCLES:
		fprintf(to, "stopped by -max-cycles at cycle %" PRIu64 "\n", cycle);
		break;
	case SOC_STUCK:
		fprintf(to, "guest: waits for an interrupt that cannot come, cycle %" PRIu64 "\n", cycle);
		break;
	case SOC_LOST:
		report_lost(to, soc);
		break;
	case SOC_INTERRUPTED:
		fprintf(to, "interrupted at cycle %" PRIu64 "\n", cycle);
		break;
	case SOC_HALTED:
	case SOC_RUNNING:
	case SOC_FINISHED:
		break;
	}
	if (soc->device_count > 1 && (soc->end == SOC_DEVICE || soc->end == SOC_HUNG))
		fprintf(to, "the device is that of slot %u\n", soc->failed);
}

/* What the device in this slot was at. */
static void report_activity(FILE *to, const struct soc *soc, unsigned slot)
{
	struct dut *dut = vdev_dut(soc->vdev[slot]);

	if (soc->device_count > 1)
		fprintf(to, "slot %u:\n", slot);
	if (!lockstep_mismatch(dut))
		report_one(to, dut->ops->states(dut));
	report_events(to, vdev_events(soc->vdev[slot]));
}

/* The device that failed comes last, where the reader looks. */
void report_failure(FILE *to, const struct soc *soc, const struct options *o)
{
	bool failed = soc->end == SOC_DEVICE || soc->end == SOC_HUNG;

	report_reason(to, soc);
	if (soc->end == SOC_INTERRUPTED) {
		report_place(to, soc);
		return;
	}
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++)
		if (soc->vdev[slot] && !(failed && slot == soc->failed))
			report_activity(to, soc, slot);
	if (failed)
		report_activity(to, soc, soc->failed);
	report_place(to, soc);
	fprintf(to, "seed %" PRIu64 "\n", o->seed);
	fprintf(to, "again: %s\n", o->command);
}

static void report_traffic(FILE *to, const struct meter *m)
{
	fprintf(to, "%" PRIu64 " requests, %" PRIu64 ".%" PRIu64 " MB", m->requests, m->bytes / 1000000,
		m->bytes / 100000 % 10);
}

/* With several devices each has a line of its own; the last line is of all. */
void report_summary(FILE *to, const struct soc *soc)
{
	struct meter all = {0};
	int mismatches = 0;

	if (soc->device_count == 0) {
		fprintf(to, "no device: %" PRIu64 " cycles\n", soc->cpu->cycle);
		return;
	}
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		if (!soc->vdev[slot])
			continue;
		all.requests += vdev_meter(soc->vdev[slot])->requests;
		all.bytes += vdev_meter(soc->vdev[slot])->bytes;
		mismatches += lockstep_mismatch(vdev_dut(soc->vdev[slot])) != NULL;
		if (soc->device_count == 1)
			continue;
		fprintf(to, "%s: slot %u: ", vdev_dut(soc->vdev[slot])->ops->name, slot);
		report_traffic(to, vdev_meter(soc->vdev[slot]));
		fprintf(to, "\n");
	}
	fprintf(to, "%s: %" PRIu64 " cycles, ", vdev_dut(soc->devices[0])->ops->name, soc->cpu->cycle);
	report_traffic(to, &all);
	if (lockstep_model(vdev_dut(soc->devices[0])))
		fprintf(to, ", %d mismatches", mismatches);
	fprintf(to, "\n");
}

/* The members of one device, behind others. */
static void stats_device(FILE *f, struct vdev *v)
{
	const struct axi_mem_counts *m = axi_mem_counts(vdev_memory(v));
	const struct disk_counts *d = disk_counts(vdev_disk(v));

	fprintf(f,
		",\n \"dut\": \"%s\", \"skipped_cycles\": %" PRIu64 ", \"requests\": %" PRIu64 ", \"bytes\": %" PRIu64,
		vdev_dut(v)->ops->name, vdev_skipped(v), vdev_meter(v)->requests, vdev_meter(v)->bytes);
	fprintf(f,
		",\n \"axi\": {\"reads\": %" PRIu64 ", \"read_beats\": %" PRIu64 ", \"writes\": %" PRIu64
		", \"write_beats\": %" PRIu64 ", \"errors\": %" PRIu64 "}",
		m->reads, m->read_beats, m->writes, m->write_beats, m->errors);
	fprintf(f,
		",\n \"disk\": {\"reads\": %" PRIu64 ", \"writes\": %" PRIu64 ", \"flushes\": %" PRIu64
		", \"other\": %" PRIu64 ", \"read_bytes\": %" PRIu64 ", \"write_bytes\": %" PRIu64
		", \"errors\": %" PRIu64 "}",
		d->reads, d->writes, d->flushes, d->other, d->read_bytes, d->write_bytes, d->errors);
}

static void stats_devices(FILE *f, const struct soc *soc)
{
	const char *between = "";

	fprintf(f, ",\n \"devices\": [");
	for (unsigned slot = 0; slot < MAP_VIRTIO_SLOTS; slot++) {
		if (!soc->vdev[slot])
			continue;
		fprintf(f, "%s\n {\"slot\": %u", between, slot);
		stats_device(f, soc->vdev[slot]);
		fprintf(f, "}");
		between = ",";
	}
	fprintf(f, "]");
}

void report_stats(const char *path, const struct soc *soc, const struct options *o)
{
	static const char *const ends[] = {"running", "finished", "device", "hung",       "max-cycles",
					   "stuck",   "lost",     "halted", "interrupted"};
	FILE *f = fopen(path, "w");
	bool failed;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	fprintf(f, "{\"end\": \"%s\", \"code\": %" PRIu32 ", \"seed\": %" PRIu64, ends[soc->end], soc->code, o->seed);
	fprintf(f, ",\n \"cycles\": %" PRIu64 ", \"instructions\": %" PRIu64, soc->cpu->cycle, cpu_instret(soc->cpu));
	if (soc->device_count == 1)
		stats_device(f, soc->devices[0]);
	else if (soc->device_count > 1)
		stats_devices(f, soc);
	fprintf(f, "}\n");
	failed = ferror(f);
	if (fclose(f) != 0 || failed)
		sim_die("%s: %s", path, strerror(errno));
}
