/* SPDX-License-Identifier: Apache-2.0
 * rig.c: see rig.h. */
#include "rig.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lockstep.h"
#include "sim.h"

/* LIMIT is for one access or wait, ROW_LIMIT for a whole test: clocks. PATTERN is the period of the bytes of the disk. */
enum { SECTOR = 512, LIMIT = 50000, ROW_LIMIT = 200000000, PATTERN = 251 };

struct rig_setup rig_usual(void)
{
	return (struct rig_setup){.offered = ~F(BLK_RO),
				  .sectors = 1024,
				  .queues = VIO_QUEUES,
				  .queue_num = VIO_QUEUE_NUM_MAX,
				  .base = 0x80000000,
				  .memory = 1 << 20,
				  .read_latency = 8,
				  .write_latency = 8,
				  .outstanding = 16,
				  .serial = "ringwalk"};
}

uint8_t rig_pattern(uint64_t at)
{
	return (uint8_t)(1 + at % PATTERN);
}

void rig_free(struct rig *r)
{
	axi_mem_free(r->mem);
	disk_free(r->disk);
	axil_free(r->reader);
	axil_free(r->writer);
	if (r->dut != NULL)
		r->dut->ops->close(r->dut);
	free(r->bytes);
	free(r->writable);
	free(r->disk_bytes);
	r->dut = NULL;
	r->mem = NULL;
	r->disk = NULL;
	r->reader = r->writer = NULL;
	r->bytes = r->writable = r->disk_bytes = NULL;
}

static void open_memory(struct rig *r)
{
	const struct rig_setup *s = &r->setup;
	struct axi_mem_config config = {.base = s->base,
					.size = s->memory,
					.read_latency = s->read_latency,
					.write_latency = s->write_latency,
					.outstanding = s->outstanding,
					.stall_per_1024 = s->stall_per_1024,
					.reorder = s->reorder,
					.seed = 1};

	config.bytes = r->bytes = sim_alloc(s->memory);
	r->writable = sim_alloc(s->memory);
	r->mem = axi_mem_new(&config);
	r->fault_resp = SLVERR;
	r->taken = 0;
}

static void open_disk(struct rig *r)
{
	struct disk_config config = {.fd = -1,
				     .size = r->setup.sectors * SECTOR,
				     .latency = r->setup.disk_latency,
				     .seed = 2,
				     .serial = r->setup.serial};

	config.bytes = r->disk_bytes = sim_alloc(config.size);
	for (uint64_t i = 0; i < config.size; i++)
		r->disk_bytes[i] = i < PATTERN ? rig_pattern(i) : r->disk_bytes[i - PATTERN];
	r->disk = disk_new(&config);
}

void rig_power_on(struct rig *r)
{
	rig_free(r);
	open_memory(r);
	open_disk(r);
	r->reader = axil_new(r->setup.bus_stall, 3);
	r->writer = axil_new(r->setup.bus_stall, 4);
	r->dut = r->open();
	r->in = (struct vio_in){.strap_features = r->setup.offered,
				.strap_capacity = r->setup.sectors,
				.strap_queues = (uint8_t)r->setup.queues,
				.strap_queue_num = (uint16_t)r->setup.queue_num,
				.strap_need_v1 = r->setup.need_v1,
				.strap_legacy = r->setup.legacy};
	r->clock = r->irq_rises = r->irq_rose = 0;
	r->limit = LIMIT;
	memset(r->commands, 0, sizeof r->commands);
	memset(r->ring, 0, sizeof r->ring);
	access_reset(&r->log);
}

_Noreturn void rig_fail(struct rig *r, const char *file, int line, const char *fmt, ...)
{
	const char *name = file != NULL && strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	int n = file != NULL ? snprintf(r->message, sizeof r->message, "%s:%d: ", name, line) : 0;
	va_list args;

	va_start(args, fmt);
	vsnprintf(r->message + n, sizeof r->message - (size_t)n, fmt, args);
	va_end(args);
	longjmp(r->out, 1);
}

void rig_check_equal(struct rig *r, const char *file, int line, const char *what, uint64_t found, uint64_t expected)
{
	r->checks++;
	if (found != expected)
		rig_fail(r, file, line, "%s: expected 0x%llx, found 0x%llx", what, (unsigned long long)expected,
			 (unsigned long long)found);
}

void rig_check_bytes(struct rig *r, const char *file, int line, uint64_t addr, const void *expected, uint64_t len)
{
	const uint8_t *want = expected, *have = rig_at(r, addr, len);

	r->checks++;
	for (uint64_t i = 0; i < len; i++)
		if (want[i] != have[i])
			rig_fail(r, file, line, "byte %llu of %llu at 0x%llx: expected 0x%02x, found 0x%02x",
				 (unsigned long long)i, (unsigned long long)len, (unsigned long long)addr, want[i],
				 have[i]);
}

static void drive(struct rig *r)
{
	struct vio_in reading;

	axi_mem_drive(r->mem, &r->in);
	if (r->in.m_axi_rresp == SLVERR)
		r->in.m_axi_rresp = r->fault_resp;
	if (r->in.m_axi_bresp == SLVERR)
		r->in.m_axi_bresp = r->fault_resp;
	disk_drive(r->disk, &r->in);
	axil_drive(r->writer, &r->in);
	axil_drive(r->reader, &reading);
	r->in.s_axil_araddr = reading.s_axil_araddr;
	r->in.s_axil_arvalid = reading.s_axil_arvalid;
	r->in.s_axil_rready = reading.s_axil_rready;
}

/* Each master sees the answers of its own channel only. */
static void step_masters(struct rig *r, const struct vio_out *out)
{
	struct vio_out reading = *out, writing = *out;

	reading.s_axil_bvalid = 0;
	writing.s_axil_rvalid = 0;
	axil_step(r->reader, &r->in, &reading);
	axil_step(r->writer, &r->in, &writing);
}

static bool granted(const struct rig *r, uint64_t addr)
{
	return addr - r->setup.base < r->setup.memory && r->writable[addr - r->setup.base];
}

static void guard(struct rig *r, const struct access *a)
{
	uint8_t value;

	for (uint64_t i = 0; i < a->bytes; i++)
		if (access_byte(&r->log, a, a->addr + i, &value) && !granted(r, a->addr + i))
			rig_fail(r, NULL, 0, "clock %llu: the device wrote 0x%02x to 0x%llx, which it was not given",
				 (unsigned long long)r->clock, value, (unsigned long long)(a->addr + i));
}

static void watch_rules(struct rig *r)
{
	const char *error = axi_mem_error(r->mem);
	const struct lockstep_mismatch *x = lockstep_mismatch(r->dut);

	if (error != NULL || (error = disk_error(r->disk)) != NULL || (error = axil_error(r->reader)) != NULL ||
	    (error = axil_error(r->writer)) != NULL)
		rig_fail(r, NULL, 0, "clock %llu: %s", (unsigned long long)r->clock, error);
	if (x != NULL)
		rig_fail(r, NULL, 0, "clock %llu: pin %s is 0x%llx in the model and 0x%llx in the RTL",
			 (unsigned long long)x->cycle, x->pin, (unsigned long long)x->model,
			 (unsigned long long)x->rtl);
	if (r->clock > ROW_LIMIT)
		rig_fail(r, NULL, 0, "the test takes more than %d clocks", ROW_LIMIT);
}

void rig_clock(struct rig *r)
{
	const struct vio_out *out = &r->dut->out;
	const struct access *write;
	const bool irq = out->irq;

	drive(r);
	axi_mem_step(r->mem, &r->in, out);
	disk_step(r->disk, &r->in, out);
	step_masters(r, out);
	if (r->in.be_cmd_ready && out->be_cmd_valid)
		r->commands[out->be_cmd_op & 15]++;
	write = access_step(&r->log, r->clock, &r->in, out);
	if (write != NULL)
		guard(r, write);
	dut_tick(r->dut, &r->in);
	r->clock++;
	if (out->irq && !irq) {
		r->irq_rises++;
		r->irq_rose = r->clock;
	}
	watch_rules(r);
}

void rig_run(struct rig *r, uint64_t n)
{
	while (n-- > 0)
		rig_clock(r);
}

static bool quiet(const struct rig *r)
{
	return dut_idle(r->dut) && axi_mem_idle(r->mem) && (disk_idle(r->disk) || r->in.be_stopped) &&
	       axil_idle(r->reader) && axil_idle(r->writer);
}

void rig_settle(struct rig *r)
{
	const uint64_t end = r->clock + r->limit;

	do {
		if (r->clock >= end)
			rig_fail(r, NULL, 0, "expected idle within %llu clocks, and it is not",
				 (unsigned long long)r->limit);
		rig_clock(r);
	} while (!quiet(r));
}

/* Clocks until the master has its answer. */
static uint32_t finish(struct rig *r, struct axil *master, const char *what)
{
	const uint64_t end = r->clock + r->limit;
	uint32_t data = 0;
	unsigned resp = 0;

	while (!axil_done(master, &data, &resp)) {
		if (r->clock >= end)
			rig_fail(r, NULL, 0, "expected the answer to a register %s within %llu clocks, found none",
				 what, (unsigned long long)r->limit);
		rig_clock(r);
	}
	if (resp != OKAY)
		rig_fail(r, NULL, 0, "response to a register %s: expected OKAY, found %u", what, resp);
	return data;
}

/* A master takes one access at a time. */
static void need_free(struct rig *r, const struct axil *master)
{
	if (!axil_idle(master))
		rig_fail(r, NULL, 0, "the test posts a register access before it finished the one before");
}

void rd_post(struct rig *r, uint16_t addr)
{
	need_free(r, r->reader);
	axil_read(r->reader, addr);
}

uint32_t rd_finish(struct rig *r)
{
	return finish(r, r->reader, "read");
}

void wr_post(struct rig *r, uint16_t addr, uint32_t value)
{
	need_free(r, r->writer);
	axil_write(r->writer, addr, value, 0xf);
}

void wr_finish(struct rig *r)
{
	finish(r, r->writer, "write");
}

bool wr_answered(struct rig *r)
{
	unsigned resp = OKAY;

	if (!axil_done(r->writer, NULL, &resp))
		return false;
	if (resp != OKAY)
		rig_fail(r, NULL, 0, "response to a register write: expected OKAY, found %u", resp);
	return true;
}

uint32_t rd(struct rig *r, uint16_t addr)
{
	rd_post(r, addr);
	return rd_finish(r);
}

void wr_lanes(struct rig *r, uint16_t addr, uint32_t value, uint8_t strobes)
{
	need_free(r, r->writer);
	axil_write(r->writer, addr, value, strobes);
	wr_finish(r);
}

void wr(struct rig *r, uint16_t addr, uint32_t value)
{
	wr_lanes(r, addr, value, 0xf);
}

uint8_t rd8(struct rig *r, uint16_t addr)
{
	return (uint8_t)(rd(r, addr) >> addr % 4 * 8);
}

uint16_t rd16(struct rig *r, uint16_t addr)
{
	return (uint16_t)(rd(r, addr) >> addr % 4 * 8);
}

uint64_t rd64(struct rig *r, uint16_t addr)
{
	const uint64_t low = rd(r, addr);

	return low | (uint64_t)rd(r, (uint16_t)(addr + 4)) << 32;
}

void wr8(struct rig *r, uint16_t addr, uint8_t value)
{
	wr_lanes(r, addr, (uint32_t)value << addr % 4 * 8, (uint8_t)(1 << addr % 4));
}

void wr16(struct rig *r, uint16_t addr, uint16_t value)
{
	wr_lanes(r, addr, (uint32_t)value << addr % 4 * 8, (uint8_t)(3 << addr % 4));
}

bool rig_notified(struct rig *r)
{
	uint32_t pending;

	rig_settle(r);
	pending = rd(r, REG_InterruptStatus) & INT_USED;
	wr(r, REG_InterruptACK, pending);
	return pending != 0;
}
