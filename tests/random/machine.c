/* SPDX-License-Identifier: Apache-2.0
 * machine.c: see machine.h. */
#include "machine.h"

#include <stdarg.h>
#include <string.h>
#include "lockstep.h"
#include "resume.h"
#include "vio_params.h"

void machine_log(struct machine *m, const char *fmt, ...)
{
	char *line = m->lines[m->line_count++ % MACHINE_LINES];
	int n = snprintf(line, MACHINE_LINE, "%llu ", (unsigned long long)m->cycle);
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + n, MACHINE_LINE - (size_t)n, fmt, args);
	va_end(args);
	if (m->log != NULL)
		fprintf(m->log, "%s\n", line);
}

void machine_fail(struct machine *m, const char *fmt, ...)
{
	va_list args;

	if (machine_failed(m))
		return;
	va_start(args, fmt);
	vsnprintf(m->error, sizeof(m->error), fmt, args);
	va_end(args);
}

static bool valid_anywhere(const struct vio_in *in, const struct vio_out *out)
{
	return in->s_axil_awvalid | in->s_axil_wvalid | in->s_axil_arvalid | in->m_axi_bvalid | in->m_axi_rvalid |
	       in->be_rvalid | in->be_rsp_valid | out->s_axil_bvalid | out->s_axil_rvalid | out->m_axi_awvalid |
	       out->m_axi_wvalid | out->m_axi_arvalid | out->be_cmd_valid | out->be_wvalid;
}

/* True when this clock can change nothing, on either side: an idle device waits for a pin to change. */
static bool skippable(const struct machine *m)
{
	return dut_idle(m->dut) && memcmp(&m->in, &m->seen, sizeof(m->in)) == 0 && axi_mem_idle(m->mem) &&
	       disk_idle(m->disk) && !m->dut->out.be_stop && !valid_anywhere(&m->in, &m->dut->out);
}

static void watch_mismatch(struct machine *m)
{
	const struct lockstep_mismatch *x = lockstep_mismatch(resume_active(m->dut));

	if (resume_error(m->dut) != NULL)
		machine_fail(m, "%s", resume_error(m->dut));
	if (x != NULL)
		machine_fail(m,
			     "model and RTL differ: pin %s from bit %u is 0x%llx in the model and 0x%llx in the RTL; "
			     "states %llx and %llx",
			     x->pin, x->low, (unsigned long long)x->model, (unsigned long long)x->rtl,
			     (unsigned long long)x->model_states, (unsigned long long)x->rtl_states);
}

static void watch_rules(struct machine *m)
{
	const char *error;

	if ((error = axi_mem_error(m->mem)) != NULL || (error = disk_error(m->disk)) != NULL ||
	    (error = axil_error(m->axil)) != NULL)
		machine_fail(m, "%s", error);
	if (m->command != NULL && m->in.be_cmd_ready && m->dut->out.be_cmd_valid)
		m->command(m->context, m->dut->out.be_cmd_op, m->dut->out.be_cmd_sector, m->dut->out.be_cmd_len);
}

void machine_clock(struct machine *m)
{
	struct vio_in *in = &m->in;
	const struct vio_out *out = &m->dut->out;

	axi_mem_drive(m->mem, in);
	disk_drive(m->disk, in);
	axil_drive(m->axil, in);
	if (m->record != NULL)
		record_step(m->record, in);
	if (m->idle_skip && skippable(m)) {
		axil_step(m->axil, in, out); /* it may still be drawing its pauses */
		m->cycle++;
	} else {
		axi_mem_step(m->mem, in, out);
		disk_step(m->disk, in, out);
		axil_step(m->axil, in, out);
		watch_rules(m);
		dut_tick(m->dut, in);
		m->seen = *in;
		m->cycle++;
		m->ticked++;
		watch_mismatch(m);
		if (m->watch != NULL)
			m->watch(m->context, m);
	}
	if (m->cycle - m->progress > m->limit)
		machine_fail(m, "no progress for %llu clocks", (unsigned long long)m->limit);
}

void machine_settle(struct machine *m)
{
	do
		machine_clock(m);
	while (!machine_failed(m) &&
	       !(dut_idle(m->dut) && axi_mem_idle(m->mem) && (disk_idle(m->disk) || m->in.be_stopped)));
}

void machine_power_on(struct machine *m)
{
	m->dut->ops->reset(m->dut);
	if (m->record != NULL)
		record_reset(m->record);
	memset(&m->seen, 0xff, sizeof(m->seen)); /* the next clock runs */
	m->irq = false;
}

uint32_t machine_read(struct machine *m, uint16_t addr)
{
	uint32_t data = 0;
	unsigned resp = 0;

	if (machine_failed(m))
		return 0;
	machine_progress(m);
	axil_read(m->axil, addr);
	while (!axil_done(m->axil, &data, &resp)) {
		machine_clock(m);
		if (machine_failed(m))
			return 0;
	}
	if (resp != 0)
		machine_fail(m, "read of register 0x%03x got response %u", addr, resp);
	return data;
}

void machine_write(struct machine *m, uint16_t addr, uint32_t value)
{
	unsigned resp = 0;

	if (machine_failed(m))
		return;
	machine_progress(m);
	axil_write(m->axil, addr, value, 0xf);
	while (!axil_done(m->axil, NULL, &resp)) {
		machine_clock(m);
		if (machine_failed(m))
			return;
	}
	if (resp != 0)
		machine_fail(m, "write of register 0x%03x got response %u", addr, resp);
}
