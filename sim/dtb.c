/* SPDX-License-Identifier: Apache-2.0
 * dtb.c: see dtb.h.
 */
#define _XOPEN_SOURCE 700
#include "dtb.h"

#include <assert.h>
#include <errno.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"
#include "soc/map.h"
#include "soc/plic.h"

enum { ROOM = 16384, FILE_MOST = 1 << 20 };
enum { PHANDLE_CPU = 1, PHANDLE_INTC, PHANDLE_PLIC, PHANDLE_TEST };
enum { IRQ_M_SOFT = 3, IRQ_M_TIMER = 7, IRQ_S_EXT = 9, IRQ_M_EXT = 11 };
enum { TIMEBASE_HZ = 10000000, UART_HZ = 3686400, RNG_SEED_WORDS = 8 };

static const char isa[] = "rv64"
#define LETTER(name, bit) name
#define ISA_MORE(name) name
#include "cpu/isa.def"
	;

#define STDOUT_PATH "/soc/serial@10000000"

/* There is room for all that we write, so that no call can fail. */
static void done(int result)
{
	assert(result == 0);
	(void)result;
}

static void begin(void *t, const char *name)
{
	done(fdt_begin_node(t, name));
}

static void begin_at(void *t, const char *name, uint64_t address)
{
	char text[64];

	snprintf(text, sizeof text, "%s@%llx", name, (unsigned long long)address);
	begin(t, text);
}

static void end(void *t)
{
	done(fdt_end_node(t));
}

static void text(void *t, const char *name, const char *value)
{
	done(fdt_property(t, name, value, (int)strlen(value) + 1));
}

/* A list of strings, with a zero behind each but the last. */
static void texts(void *t, const char *name, const char *values, size_t bytes)
{
	done(fdt_property(t, name, values, (int)bytes));
}

static void flag(void *t, const char *name)
{
	done(fdt_property(t, name, NULL, 0));
}

static void cell(void *t, const char *name, uint32_t value)
{
	done(fdt_property_u32(t, name, value));
}

static void cells(void *t, const char *name, const uint32_t *values, unsigned count)
{
	void *to;

	done(fdt_property_placeholder(t, name, (int)(4 * count), &to));
	for (unsigned i = 0; i < count; i++)
		fdt32_st((uint8_t *)to + 4 * i, values[i]);
}

static void reg(void *t, uint64_t address, uint64_t size)
{
	cells(t, "reg",
	      (uint32_t[]){(uint32_t)(address >> 32), (uint32_t)address, (uint32_t)(size >> 32), (uint32_t)size}, 4);
}

static void cells_of_two(void *t)
{
	cell(t, "#address-cells", 2);
	cell(t, "#size-cells", 2);
}

static void interrupt(void *t, uint32_t irq)
{
	cell(t, "interrupt-parent", PHANDLE_PLIC);
	cell(t, "interrupts", irq);
}

static void add_chosen(void *t, const struct dtb_config *config)
{
	struct sim_rng rng;
	uint32_t seed[RNG_SEED_WORDS];

	sim_rng_init(&rng, config->seed);
	for (unsigned i = 0; i < RNG_SEED_WORDS; i++)
		seed[i] = sim_rng_next(&rng);
	begin(t, "chosen");
	text(t, "stdout-path", STDOUT_PATH);
	cells(t, "rng-seed", seed, RNG_SEED_WORDS);
	end(t);
}

/* Writes to a register of the finisher end the machine, or start it again. */
static void add_syscon(void *t, const char *name, const char *compatible, uint32_t value)
{
	begin(t, name);
	text(t, "compatible", compatible);
	cell(t, "regmap", PHANDLE_TEST);
	cell(t, "offset", 0);
	cell(t, "value", value);
	end(t);
}

static void add_memory(void *t, uint64_t size)
{
	begin_at(t, "memory", MAP_DRAM);
	text(t, "device_type", "memory");
	reg(t, MAP_DRAM, size);
	end(t);
}

static void add_cpu(void *t)
{
	begin_at(t, "cpu", 0);
	cell(t, "phandle", PHANDLE_CPU);
	text(t, "device_type", "cpu");
	cell(t, "reg", 0);
	text(t, "status", "okay");
	text(t, "compatible", "riscv");
	text(t, "riscv,isa", isa);
	text(t, "mmu-type", "riscv,sv48");
	begin(t, "interrupt-controller");
	cell(t, "#interrupt-cells", 1);
	flag(t, "interrupt-controller");
	text(t, "compatible", "riscv,cpu-intc");
	cell(t, "phandle", PHANDLE_INTC);
	end(t);
	end(t);
}

static void add_cpus(void *t)
{
	begin(t, "cpus");
	cell(t, "#address-cells", 1);
	cell(t, "#size-cells", 0);
	cell(t, "timebase-frequency", TIMEBASE_HZ);
	add_cpu(t);
	begin(t, "cpu-map");
	begin(t, "cluster0");
	begin(t, "core0");
	cell(t, "cpu", PHANDLE_CPU);
	end(t);
	end(t);
	end(t);
	end(t);
}

static void add_interrupt_controllers(void *t)
{
	static const char plic[] = "sifive,plic-1.0.0\0riscv,plic0", clint[] = "sifive,clint0\0riscv,clint0";

	begin_at(t, "plic", MAP_PLIC);
	cell(t, "phandle", PHANDLE_PLIC);
	texts(t, "compatible", plic, sizeof plic);
	reg(t, MAP_PLIC, MAP_PLIC_SIZE);
	cell(t, "riscv,ndev", PLIC_SOURCES - 1);
	cells(t, "interrupts-extended", (uint32_t[]){PHANDLE_INTC, IRQ_M_EXT, PHANDLE_INTC, IRQ_S_EXT}, 4);
	flag(t, "interrupt-controller");
	cell(t, "#address-cells", 0);
	cell(t, "#interrupt-cells", 1);
	end(t);
	begin_at(t, "clint", MAP_CLINT);
	texts(t, "compatible", clint, sizeof clint);
	reg(t, MAP_CLINT, MAP_CLINT_SIZE);
	cells(t, "interrupts-extended", (uint32_t[]){PHANDLE_INTC, IRQ_M_SOFT, PHANDLE_INTC, IRQ_M_TIMER}, 4);
	end(t);
}

/* The highest slot comes first: the first disk of the command line is the first that a guest finds. */
static void add_slots(void *t)
{
	for (unsigned slot = MAP_VIRTIO_SLOTS; slot-- > 0;) {
		begin_at(t, "virtio_mmio", MAP_VIRTIO + slot * MAP_VIRTIO_STRIDE);
		text(t, "compatible", "virtio,mmio");
		reg(t, MAP_VIRTIO + slot * MAP_VIRTIO_STRIDE, MAP_VIRTIO_STRIDE);
		interrupt(t, MAP_VIRTIO_IRQ + slot);
		end(t);
	}
}

static void add_soc(void *t)
{
	static const char test[] = "sifive,test1\0sifive,test0\0syscon";

	begin(t, "soc");
	cells_of_two(t);
	text(t, "compatible", "simple-bus");
	flag(t, "ranges");
	begin_at(t, "rtc", MAP_RTC);
	text(t, "compatible", "google,goldfish-rtc");
	reg(t, MAP_RTC, MAP_RTC_SIZE);
	interrupt(t, MAP_RTC_IRQ);
	end(t);
	begin_at(t, "serial", MAP_UART);
	text(t, "compatible", "ns16550a");
	reg(t, MAP_UART, MAP_UART_SIZE);
	cell(t, "clock-frequency", UART_HZ);
	interrupt(t, MAP_UART_IRQ);
	end(t);
	begin_at(t, "test", MAP_FINISHER);
	cell(t, "phandle", PHANDLE_TEST);
	texts(t, "compatible", test, sizeof test);
	reg(t, MAP_FINISHER, MAP_FINISHER_SIZE);
	end(t);
	add_slots(t);
	add_interrupt_controllers(t);
	end(t);
}

/* What a boot loader adds: the result is as long as it has to be. */
static void *with_chosen(void *tree, const char *path, const struct dtb_config *config)
{
	size_t room = dtb_bytes(tree) + 1024 + (config->bootargs ? strlen(config->bootargs) : 0);
	void *t = sim_alloc(room);
	int node, result = fdt_open_into(tree, t, (int)room);

	node = result ? result : fdt_path_offset(t, "/chosen");
	if (node == -FDT_ERR_NOTFOUND)
		node = fdt_add_subnode(t, 0, "chosen");
	if (node >= 0 && config->bootargs)
		result = fdt_setprop(t, node, "bootargs", config->bootargs, (int)strlen(config->bootargs) + 1);
	if (node >= 0 && !result && config->initrd_end > config->initrd_start) {
		result = fdt_setprop_u64(t, node, "linux,initrd-start", config->initrd_start);
		if (!result)
			result = fdt_setprop_u64(t, node, "linux,initrd-end", config->initrd_end);
	}
	if (!result)
		result = node < 0 ? node : fdt_pack(t);
	free(tree);
	if (result) {
		free(t);
		sim_die("%s: %s", path, fdt_strerror(result));
	}
	return t;
}

void *dtb_build(const struct dtb_config *config)
{
	void *t = sim_alloc(ROOM);

	done(fdt_create(t, ROOM));
	done(fdt_finish_reservemap(t));
	begin(t, "");
	cells_of_two(t);
	text(t, "compatible", "riscv-virtio");
	text(t, "model", "riscv-virtio,qemu");
	add_chosen(t, config);
	add_syscon(t, "poweroff", "syscon-poweroff", MAP_FINISHER_PASS);
	add_syscon(t, "reboot", "syscon-reboot", MAP_FINISHER_RESET);
	add_memory(t, config->dram_size);
	add_cpus(t);
	add_soc(t);
	end(t);
	done(fdt_finish(t));
	return with_chosen(t, "device tree", config);
}

void *dtb_read(const char *path, const struct dtb_config *config)
{
	FILE *f = fopen(path, "re");
	void *t;
	size_t bytes;
	int result;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	t = sim_alloc(FILE_MOST);
	bytes = fread(t, 1, FILE_MOST, f);
	fclose(f);
	result = bytes < FDT_V1_SIZE ? -FDT_ERR_TRUNCATED : fdt_check_full(t, bytes);
	if (result) {
		free(t);
		sim_die("%s: no device tree: %s", path, fdt_strerror(result));
	}
	return with_chosen(t, path, config);
}

size_t dtb_bytes(const void *dtb)
{
	return fdt_totalsize(dtb);
}

void dtb_dump(const void *dtb, const char *path)
{
	FILE *f = fopen(path, "we");
	bool failed;

	if (!f)
		sim_die("%s: %s", path, strerror(errno));
	failed = fwrite(dtb, 1, dtb_bytes(dtb), f) != dtb_bytes(dtb);
	if (fclose(f) != 0 || failed)
		sim_die("%s: could not be written", path);
}
