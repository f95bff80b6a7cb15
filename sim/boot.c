/* SPDX-License-Identifier: Apache-2.0
 * boot.c: see boot.h.
 */
#define _XOPEN_SOURCE 700
#include "boot.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "dtb.h"
#include "sim.h"
#include "soc/map.h"

#define MIB (1ull << 20)
#define LARGE_PAGE (2 * MIB)
#define DTB_BELOW (3072 * MIB) /* so that 32-bit code finds it */

/* QEMU keeps its reset code, and behind it the addresses that it jumps to, in front of fw_dynamic_info. */
enum { ROM_START = 24, ROM_DTB = 32, ROM_INFO = 40 };
/* struct fw_dynamic_info of OpenSBI: words of 64 bits. */
enum { INFO_MAGIC, INFO_VERSION, INFO_NEXT_ADDR, INFO_NEXT_MODE, INFO_OPTIONS, INFO_BOOT_HART };
enum { FW_MAGIC = 0x4942534f, FW_VERSION = 2, FW_S_MODE = 1 };

/* Where distributions put OpenSBI. The ELF has names of functions. */
static const char *const default_bios[] = {
	"/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.elf",
	"/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin",
	"/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.elf",
	"/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
};

static const char *bios_path(const char *name)
{
	if (strcmp(name, "default") != 0)
		return name;
	for (unsigned i = 0; i < sizeof default_bios / sizeof default_bios[0]; i++)
		if (access(default_bios[i], R_OK) == 0)
			return default_bios[i];
	sim_die("-bios default: no OpenSBI is installed: install the package opensbi, or name a file");
}

static uint64_t align_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static struct image_memory memory_at(const struct boot *b, uint64_t at)
{
	return (struct image_memory){b->dram_base, b->dram_size, at};
}

static void refuse_overlap(const struct image *a, const struct image *b)
{
	if (a && b && image_start(a) < image_end(b) && image_start(b) < image_end(a))
		sim_die("%s: lies at 0x%llx, where %s is", image_path(a), (unsigned long long)image_start(a),
			image_path(b));
}

static void open_images(struct boot *b, const struct options *o)
{
	uint64_t at = b->dram_base;
	struct image_memory memory = memory_at(b, at);

	if (o->bios) {
		b->bios = image_open(bios_path(o->bios), &memory);
		at = align_up(image_end(b->bios), LARGE_PAGE);
	}
	if (o->kernel) {
		memory.at = at;
		b->kernel = image_open(o->kernel, &memory);
		refuse_overlap(b->kernel, b->bios);
	}
	if (o->initrd) {
		memory.at = image_entry(b->kernel) + min(b->dram_size / 2, 128 * MIB);
		b->initrd = image_open_data(o->initrd, &memory);
		refuse_overlap(b->initrd, b->kernel);
		refuse_overlap(b->initrd, b->bios);
	}
}

static bool overlaps(const struct image *image, uint64_t at, uint64_t bytes)
{
	return image && at < image_end(image) && image_start(image) < at + bytes;
}

static bool is_free(const struct boot *b, uint64_t at, uint64_t bytes)
{
	return at >= b->dram_base && !overlaps(b->bios, at, bytes) && !overlaps(b->kernel, at, bytes) &&
	       !overlaps(b->initrd, at, bytes);
}

/* In a DRAM so small that the place at 2 MiB is taken, a page will do. */
static void place_dtb(struct boot *b)
{
	uint64_t bytes = dtb_bytes(b->dtb), top = min(b->dram_base + b->dram_size, DTB_BELOW);

	b->dtb_at = (top - bytes) / LARGE_PAGE * LARGE_PAGE;
	if (!is_free(b, b->dtb_at, bytes))
		b->dtb_at = (top - bytes) / 4096 * 4096;
	if (!is_free(b, b->dtb_at, bytes))
		sim_die("the device tree of %llu bytes does not fit the %llu KiB of DRAM beside the rest (see -m)",
			(unsigned long long)bytes, (unsigned long long)b->dram_size >> 10);
}

static void make_dtb(struct boot *b, const struct options *o)
{
	struct dtb_config config = {.dram_size = b->dram_size, .bootargs = o->append, .seed = o->seed};

	if (b->initrd) {
		config.initrd_start = image_start(b->initrd);
		config.initrd_end = image_end(b->initrd);
	}
	b->dtb = o->dtb ? dtb_read(o->dtb, &config) : dtb_build(&config);
	place_dtb(b);
}

static void put(struct boot *b, unsigned at, uint64_t value)
{
	memcpy(b->rom + at, &value, sizeof value);
}

static void fill_rom(struct boot *b)
{
	uint64_t info[] = {[INFO_MAGIC] = FW_MAGIC,
			   [INFO_VERSION] = FW_VERSION,
			   [INFO_NEXT_ADDR] = b->kernel ? image_entry(b->kernel) : 0,
			   [INFO_NEXT_MODE] = FW_S_MODE,
			   [INFO_OPTIONS] = 0,
			   [INFO_BOOT_HART] = 0};

	put(b, ROM_START, b->entry);
	put(b, ROM_DTB, b->dtb_at);
	for (unsigned i = 0; i < sizeof info / sizeof info[0]; i++)
		put(b, ROM_INFO + 8 * i, info[i]);
}

static void join_symbols(struct boot *b, const struct options *o)
{
	const struct symbols *parts[2 + OPTIONS_SYMBOLS];
	struct symbols *opened[OPTIONS_SYMBOLS];
	unsigned count = 0;

	for (unsigned i = 0; i < o->symbols_count; i++)
		parts[count++] = opened[i] = symbols_open(o->symbols[i]);
	if (b->bios)
		parts[count++] = image_symbols(b->bios);
	if (b->kernel)
		parts[count++] = image_symbols(b->kernel);
	b->symbols = symbols_join(parts, count);
	for (unsigned i = 0; i < o->symbols_count; i++)
		symbols_free(opened[i]);
}

/* The program's variable tohost, of all bytes in DRAM. */
static uint64_t find_tohost(const struct boot *b, const struct image *program)
{
	const char *path = program ? image_path(program) : "no program";
	uint64_t addr;

	if (!program || !symbols_variable(image_symbols(program), "tohost", &addr))
		sim_die("-htif: %s has no variable tohost", path);
	if (addr - b->dram_base >= b->dram_size || b->dram_size - (addr - b->dram_base) < 8)
		sim_die("-htif: %s: tohost is not in DRAM", path);
	return addr;
}

void boot_open(struct boot *b, const struct options *o)
{
	const struct image *first;

	*b = (struct boot){.dram_base = MAP_DRAM, .dram_size = o->dram_size};
	open_images(b, o);
	first = b->bios ? b->bios : b->kernel;
	b->entry = first ? image_entry(first) : b->dram_base;
	if (o->htif)
		b->tohost = find_tohost(b, first);
	make_dtb(b, o);
	b->args[1] = b->dtb_at;
	b->args[2] = MAP_ROM + ROM_INFO;
	fill_rom(b);
	join_symbols(b, o);
}

void boot_load(const struct boot *b, uint8_t *dram)
{
	if (b->initrd)
		image_load(b->initrd, dram);
	if (b->kernel)
		image_load(b->kernel, dram);
	if (b->bios)
		image_load(b->bios, dram);
	memcpy(dram + (b->dtb_at - b->dram_base), b->dtb, dtb_bytes(b->dtb));
}

void boot_close(struct boot *b)
{
	image_free(b->bios);
	image_free(b->kernel);
	image_free(b->initrd);
	free(b->dtb);
	symbols_free(b->symbols);
}
