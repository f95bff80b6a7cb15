/* SPDX-License-Identifier: Apache-2.0
 * report.c: see report.h.
 */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "sim.h"

static const char *state_name(unsigned unit, unsigned state)
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

static void report_one(FILE *to, uint64_t states)
{
	fprintf(to, "states:");
	for (unsigned i = 0; i < UNITS; i++)
		fprintf(to, " %s %s", units[i], state_name(i, states >> 4 * i & 15));
	fprintf(to, "\n");
}

static void report_states(FILE *to, uint64_t model, uint64_t rtl)
{
	unsigned a, b;

	fprintf(to, "  %-10s %-10s %s\n", "unit", "model", "rtl");
	for (unsigned i = 0; i < UNITS; i++) {
		a = model >> 4 * i & 15;
		b = rtl >> 4 * i & 15;
		fprintf(to, "  %-10s %-10s %s%s\n", units[i], state_name(i, a), state_name(i, b),
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

static void report_place(FILE *to, const struct soc *soc)
{
	bool device = soc->end == SOC_DEVICE || soc->end == SOC_HUNG;
	uint64_t pc = device ? soc->shown_pc : soc->cpu->pc, offset;
	const char *function = soc->config.symbols ? symbols_find(soc->config.symbols, pc, &offset) : NULL;

	fprintf(to, "pc 0x%" PRIx64, pc);
	if (function)
		fprintf(to, " in %s+0x%" PRIx64, function, offset);
	fprintf(to, "\n");
}

static void report_reason(FILE *to, const struct soc *soc)
{
	uint64_t cycle = soc->cpu->cycle;

	switch (soc->end) {
	case SOC_DEVICE:
		cycle = vdev_cycle(soc->vdev) - 1;
		if (lockstep_mismatch(vdev_dut(soc->vdev)))
			report_mismatch(to, lockstep_mismatch(vdev_dut(soc->vdev)), cycle);
		else
			fprintf(to, "device: broke a rule in cycle %" PRIu64 ": %s\n", cycle, vdev_failure(soc->vdev));
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
	case SOC_RUNNING:
	case SOC_FINISHED:
		break;
	}
}

void report_failure(FILE *to, const struct soc *soc, const struct options *o)
{
	report_reason(to, soc);
	if (soc->vdev && !lockstep_mismatch(vdev_dut(soc->vdev)))
		report_one(to, vdev_dut(soc->vdev)->ops->states(vdev_dut(soc->vdev)));
	if (soc->vdev)
		report_events(to, vdev_events(soc->vdev));
	report_place(to, soc);
	fprintf(to, "seed %" PRIu64 "\n", o->seed);
	fprintf(to, "again: %s\n", o->command);
}

void report_summary(FILE *to, const struct soc *soc)
{
	const struct meter *m;

	if (!soc->vdev) {
		fprintf(to, "no device: %" PRIu64 " cycles\n", soc->cpu->cycle);
		return;
	}
	m = vdev_meter(soc->vdev);
	fprintf(to, "%s: %" PRIu64 " cycles, %" PRIu64 " requests, %" PRIu64 ".%" PRIu64 " MB",
		vdev_dut(soc->vdev)->ops->name, soc->cpu->cycle, m->requests, m->bytes / 1000000,
		m->bytes / 100000 % 10);
	if (lockstep_model(vdev_dut(soc->vdev)))
		fprintf(to, ", %d mismatches", lockstep_mismatch(vdev_dut(soc->vdev)) ? 1 : 0);
	fprintf(to, "\n");
}

void report_stats(const char *path, const struct soc *soc, const struct options *o)
{
	static const char *const ends[] = {"running", "finished", "device", "hung", "max-cycles", "stuck"};
	FILE *f = fopen(path, "w");
	bool failed;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	fprintf(f, "{\"end\": \"%s\", \"code\": %" PRIu32 ", \"seed\": %" PRIu64, ends[soc->end], soc->code, o->seed);
	fprintf(f, ",\n \"cycles\": %" PRIu64 ", \"instructions\": %" PRIu64, soc->cpu->cycle, cpu_instret(soc->cpu));
	if (soc->vdev) {
		const struct axi_mem_counts *m = axi_mem_counts(vdev_memory(soc->vdev));
		const struct disk_counts *d = disk_counts(vdev_disk(soc->vdev));

		fprintf(f,
			",\n \"dut\": \"%s\", \"skipped_cycles\": %" PRIu64 ", \"requests\": %" PRIu64
			", \"bytes\": %" PRIu64,
			vdev_dut(soc->vdev)->ops->name, vdev_skipped(soc->vdev), vdev_meter(soc->vdev)->requests,
			vdev_meter(soc->vdev)->bytes);
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
	fprintf(f, "}\n");
	failed = ferror(f);
	if (fclose(f) != 0 || failed)
		sim_die("%s: %s", path, strerror(errno));
}
