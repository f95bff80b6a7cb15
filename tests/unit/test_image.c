/* SPDX-License-Identifier: Apache-2.0
 * test_image.c: ELF files, good and bad, and their symbols. The files are built here with libelf's structs.
 */
#define _XOPEN_SOURCE 700
#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>
#include "refused.h"
#include "unit.h"
#include "image.h"

#define BASE 0x80000000ull
#define SIZE 0x10000ull

static const struct image_memory memory = {BASE, SIZE, BASE};

enum { TEXT_OFFSET = 0x200, TEXT_BYTES = 0x40, BSS_BYTES = 0x20 };

/* One segment, .text, .symtab and .strtab. */
struct file {
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	Elf64_Shdr sh[4];
	uint8_t pad[TEXT_OFFSET - sizeof(Elf64_Ehdr) - sizeof(Elf64_Phdr) - 4 * sizeof(Elf64_Shdr)];
	uint8_t text[TEXT_BYTES];
	Elf64_Sym sym[5];
	char names[40];
};

static struct file good;
static char path[] = "/tmp/test_image.XXXXXX";

static void build(void)
{
	static const char names[] = "\0main\0helper\0label\0$x\0data";
	static const unsigned char func = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);

	memset(&good, 0, sizeof good);
	memcpy(good.eh.e_ident, "\177ELF\2\1\1", 7);
	good.eh.e_type = ET_EXEC;
	good.eh.e_machine = EM_RISCV;
	good.eh.e_version = EV_CURRENT;
	good.eh.e_entry = BASE + 0x1004;
	good.eh.e_phoff = offsetof(struct file, ph);
	good.eh.e_shoff = offsetof(struct file, sh);
	good.eh.e_ehsize = sizeof good.eh;
	good.eh.e_phentsize = sizeof good.ph;
	good.eh.e_phnum = 1;
	good.eh.e_shentsize = sizeof good.sh[0];
	good.eh.e_shnum = 4;
	good.ph =
		(Elf64_Phdr){PT_LOAD, PF_X, TEXT_OFFSET, 0x1000, BASE + 0x1000, TEXT_BYTES, TEXT_BYTES + BSS_BYTES, 1};
	good.sh[1] = (Elf64_Shdr){.sh_type = SHT_PROGBITS,
				  .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
				  .sh_addr = BASE + 0x1000,
				  .sh_offset = TEXT_OFFSET,
				  .sh_size = TEXT_BYTES,
				  .sh_addralign = 1};
	good.sh[2] = (Elf64_Shdr){.sh_type = SHT_SYMTAB,
				  .sh_offset = offsetof(struct file, sym),
				  .sh_size = sizeof good.sym,
				  .sh_link = 3,
				  .sh_entsize = sizeof good.sym[0],
				  .sh_addralign = 8};
	good.sh[3] = (Elf64_Shdr){.sh_type = SHT_STRTAB,
				  .sh_offset = offsetof(struct file, names),
				  .sh_size = sizeof good.names,
				  .sh_addralign = 1};
	memset(good.text, 0x5a, sizeof good.text);
	good.sym[1] = (Elf64_Sym){1, func, 0, 1, BASE + 0x1010, 0x10};
	good.sym[2] = (Elf64_Sym){6, func, 0, 1, BASE + 0x1004, 8};
	good.sym[3] = (Elf64_Sym){13, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, BASE + 0x1030, 0};
	good.sym[4] = (Elf64_Sym){19, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, BASE + 0x1034, 0};
	memcpy(good.names, names, sizeof names);
}

static void write_file(const void *data, size_t bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, bytes, f), bytes);
	assert_int_equal(fclose(f), 0);
}

static void test_load(void **state)
{
	uint8_t *dram = malloc(SIZE);
	struct image *image;

	(void)state;
	write_file(&good, sizeof good);
	image = image_open(path, &memory);
	assert_int_equal(image_entry(image), BASE + 0x1004);
	memset(dram, 0xee, SIZE);
	image_load(image, dram);
	for (unsigned i = 0; i < SIZE; i++) {
		bool text = i >= 0x1000 && i < 0x1000 + TEXT_BYTES;
		bool bss = i >= 0x1000 + TEXT_BYTES && i < 0x1000 + TEXT_BYTES + BSS_BYTES;

		assert_int_equal(dram[i], text ? 0x5a : bss ? 0 : 0xee);
	}
	image_free(image);
	free(dram);
}

static void check_symbol(const struct symbols *s, uint64_t at, const char *name, uint64_t want)
{
	uint64_t offset = 0;
	const char *found = symbols_find(s, BASE + at, &offset);

	if (!name) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, name);
	assert_int_equal(offset, want);
}

static void test_symbols(void **state)
{
	struct image *image;
	const struct symbols *s;

	(void)state;
	write_file(&good, sizeof good);
	image = image_open(path, &memory);
	s = image_symbols(image);
	check_symbol(s, 0x1003, NULL, 0);
	check_symbol(s, 0x1004, "helper", 0);
	check_symbol(s, 0x100b, "helper", 7);
	check_symbol(s, 0x100c, NULL, 0); /* between two functions */
	check_symbol(s, 0x101f, "main", 15);
	check_symbol(s, 0x1020, NULL, 0);
	check_symbol(s, 0x1038, "label", 8); /* the last, without a size; $x is none */
	image_free(image);
}

static void open_it(void *ctx)
{
	(void)ctx;
	image_open(path, &memory);
}

static void check_refused(const void *data, size_t bytes, const char *why)
{
	write_file(data, bytes);
	refused(open_it, NULL, path, why);
}

static void test_refused(void **state)
{
	struct file bad;

	(void)state;
	check_refused("", 0, "is empty");
	check_refused("#!/bin/sh\n", 10, "plain text");
	check_refused("\x1f\x8b\x08", 3, "gzip");
	check_refused(&good, 20, "truncated");
	check_refused(&good, TEXT_OFFSET + 8, "truncated");
	bad = good;
	bad.eh.e_machine = EM_X86_64;
	check_refused(&bad, sizeof bad, "another machine");
	bad = good;
	bad.eh.e_type = ET_REL;
	check_refused(&bad, sizeof bad, "not an executable");
	bad = good;
	bad.ph.p_filesz = UINT64_MAX;
	check_refused(&bad, sizeof bad, "truncated");
	bad = good;
	bad.ph.p_paddr = BASE + SIZE - TEXT_BYTES;
	check_refused(&bad, sizeof bad, "outside");
	bad = good;
	bad.ph.p_paddr = BASE - 1;
	check_refused(&bad, sizeof bad, "outside");
	bad = good;
	bad.ph.p_type = PT_NOTE;
	check_refused(&bad, sizeof bad, "nothing to load");
}

/* Code that is no text, with the header of a Linux Image in front. */
static uint8_t linux_image[0x300];

static void build_linux(uint64_t text_offset, uint64_t image_size)
{
	memset(linux_image, 0x93, sizeof linux_image);
	memcpy(linux_image, "MZ", 2);
	memcpy(linux_image + 8, &text_offset, 8);
	memcpy(linux_image + 16, &image_size, 8);
	memset(linux_image + 24, 0, 8);
	memcpy(linux_image + 48, "RISCV\0\0\0RSC\x05\x40\0\0\0", 16);
	/* A PE header with one section: 0x100 bytes at 0x200 of the file. */
	memset(linux_image + 0x40, 0, 64);
	linux_image[0x40 + 6] = 1;
	linux_image[0x40 + 24 + 17] = 1;
	linux_image[0x40 + 24 + 21] = 2;
}

/* A Linux Image goes to 2 MiB at least, and behind what is there already, and takes the memory that its header says. */
static void test_linux(void **state)
{
	static const struct {
		uint64_t text_offset, at, want;
	} places[] = {{2 << 20, BASE, BASE + (2 << 20)},
		      {0, BASE, BASE},
		      {2 << 20, BASE + (2 << 20) + 4, BASE + (4 << 20)},
		      {4 << 20, BASE + 4096, BASE + (4 << 20)}};
	struct image *image;

	(void)state;
	for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct image_memory large = {BASE, 16 << 20, places[i].at};

		build_linux(places[i].text_offset, 0x5000);
		write_file(linux_image, sizeof linux_image);
		image = image_open(path, &large);
		assert_int_equal(image_entry(image), places[i].want);
		assert_int_equal(image_start(image), places[i].want);
		assert_int_equal(image_end(image), places[i].want + 0x5000);
		image_free(image);
	}
}

static void test_linux_refused(void **state)
{
	(void)state;
	build_linux(0, 0x5000);
	check_refused(linux_image, sizeof linux_image - 1, "truncated");
	build_linux(0, SIZE + 1);
	check_refused(linux_image, sizeof linux_image, "does not fit");
	build_linux(0, 0x5000);
	linux_image[24] = 1;
	check_refused(linux_image, sizeof linux_image, "big-endian");
	build_linux(0, 0x5000);
	memcpy(linux_image + 0x38, "ARM\x64", 4);
	check_refused(linux_image, sizeof linux_image, "arm64");
	memset(linux_image, 0x93, sizeof linux_image);
	memcpy(linux_image + 0x202, "HdrS", 4);
	check_refused(linux_image, sizeof linux_image, "x86");
}

/* A raw binary lies, and starts, where it is told to; data may be anything. */
static void test_raw(void **state)
{
	const struct image_memory there = {BASE, SIZE, BASE + 0x2000};
	uint8_t *dram = malloc(SIZE);
	struct image *image;

	(void)state;
	memset(dram, 0xee, SIZE);
	write_file("\x13\0\0\0", 4);
	image = image_open(path, &there);
	assert_int_equal(image_entry(image), BASE + 0x2000);
	assert_int_equal(image_end(image), BASE + 0x2004);
	image_load(image, dram);
	assert_memory_equal(dram + 0x1fff, "\xee\x13\0\0\0\xee", 6);
	image_free(image);
	write_file("text", 4);
	image = image_open_data(path, &there);
	image_load(image, dram);
	assert_memory_equal(dram + 0x2000, "text\xee", 5);
	image_free(image);
	free(dram);
}

/* The kernel's own list: symbols end where the next one starts, data is none. Several lists make one. */
static void test_map(void **state)
{
	static const char map[] = "0000000000000100 A not_code\n"
				  "ffffffff80002000 T start_kernel\nffffffff80002040 t helper\n"
				  "ffffffff80002080 D some_data\nffffffff80002100 W weak\n";
	struct symbols *parts[2], *s;
	struct image *image;
	uint64_t offset;

	(void)state;
	write_file(map, sizeof map - 1);
	parts[0] = symbols_open(path);
	write_file(&good, sizeof good);
	image = image_open(path, &memory);
	parts[1] = symbols_open(path);
	s = symbols_join((const struct symbols *const *)parts, 2);
	assert_string_equal(symbols_find(s, 0xffffffff8000203f, &offset), "start_kernel");
	assert_int_equal(offset, 0x3f);
	assert_string_equal(symbols_find(s, 0xffffffff80002090, &offset), "helper");
	assert_string_equal(symbols_find(s, UINT64_MAX - 1, &offset), "weak");
	assert_string_equal(symbols_find(s, BASE + 0x100b, &offset), "helper");
	assert_null(symbols_find(s, BASE + 0x100c, &offset));
	for (unsigned i = 0; i < 2; i++)
		symbols_free(parts[i]);
	symbols_free(s);
	image_free(image);
}

static void open_map(void *ctx)
{
	(void)ctx;
	symbols_open(path);
}

static void test_map_refused(void **state)
{
	(void)state;
	write_file("this is no list\n", 16);
	refused(open_map, NULL, path, "neither an ELF nor a System.map");
	write_file("0000000000000100 A not_code\n", 28);
	refused(open_map, NULL, path, "neither an ELF nor a System.map");
}

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	build();
	return fd < 0 || close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),  cmocka_unit_test(test_symbols),       cmocka_unit_test(test_refused),
		cmocka_unit_test(test_linux), cmocka_unit_test(test_linux_refused), cmocka_unit_test(test_raw),
		cmocka_unit_test(test_map),   cmocka_unit_test(test_map_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
