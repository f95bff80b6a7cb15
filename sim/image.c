/* SPDX-License-Identifier: Apache-2.0
 * image.c: see image.h. What all kinds of files have in common.
 */
#define _XOPEN_SOURCE 700
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "image_impl.h"
#include "sim.h"

void image_free(struct image *image)
{
	if (!image)
		return;
	if (image->elf)
		elf_end(image->elf);
	free(image->file);
	free(image->segments);
	symbols_free(image->symbols);
	free(image);
}

_Noreturn void image_refuse(struct image *image, const char *fmt, ...)
{
	const char *path = image->path;
	char why[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, sizeof why, fmt, args);
	va_end(args);
	image_free(image);
	sim_die("%s: %s", path, why);
}

void image_add(struct image *image, uint64_t addr, uint64_t at, uint64_t file_bytes, uint64_t bytes)
{
	uint64_t offset = addr - image->memory.base, size = image->memory.size;

	if (at > image->file_bytes || file_bytes > image->file_bytes - at || file_bytes > bytes)
		image_refuse(image, "truncated: it has %zu bytes", image->file_bytes);
	if (offset > size || bytes > size - offset)
		image_refuse(image, "%llu bytes at 0x%llx are outside the %llu KiB of DRAM (see -m)",
			     (unsigned long long)bytes, (unsigned long long)addr, (unsigned long long)size >> 10);
	if (image->count == image->room) {
		struct segment *old = image->segments;

		image->room = image->room ? 2 * image->room : 4;
		image->segments = realloc(old, image->room * sizeof *old);
		if (!image->segments)
			sim_die("%s: out of memory", image->path);
	}
	image->segments[image->count++] = (struct segment){offset, at, file_bytes, bytes};
}

/* Reads what is there now; a file that shrinks meanwhile is truncated. */
static void read_all(struct image *image, int fd)
{
	size_t have = 0;
	ssize_t n;

	image->file = sim_alloc(image->file_bytes + 1);
	while (have < image->file_bytes) {
		n = read(fd, image->file + have, image->file_bytes - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			image_refuse(image, "%s", strerror(errno));
		if (n == 0)
			break;
		have += (size_t)n;
	}
	image->file_bytes = have;
}

static struct image *read_file(const char *path, const struct image_memory *memory)
{
	struct image *image = sim_alloc(sizeof *image);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	image->path = path;
	image->memory = *memory;
	if (fd < 0 || fstat(fd, &st) != 0)
		image_refuse(image, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		image_refuse(image, "not a regular file");
	image->file_bytes = (size_t)st.st_size;
	read_all(image, fd);
	close(fd);
	if (image->file_bytes == 0)
		image_refuse(image, "is empty");
	return image;
}

struct image *image_open(const char *path, const struct image_memory *memory)
{
	struct image *image = read_file(path, memory);

	if (image->file_bytes >= SELFMAG && memcmp(image->file, ELFMAG, SELFMAG) == 0)
		image_read_elf(image);
	else
		image_read_binary(image);
	if (!image->symbols)
		image->symbols = symbols_new(NULL);
	return image;
}

struct image *image_open_data(const char *path, const struct image_memory *memory)
{
	struct image *image = read_file(path, memory);

	image_add(image, memory->at, 0, image->file_bytes, image->file_bytes);
	image->symbols = symbols_new(NULL);
	return image;
}

const char *image_path(const struct image *image)
{
	return image->path;
}
uint64_t image_entry(const struct image *image)
{
	return image->entry;
}
const struct symbols *image_symbols(const struct image *image)
{
	return image->symbols;
}

uint64_t image_start(const struct image *image)
{
	uint64_t start = UINT64_MAX;

	for (size_t i = 0; i < image->count; i++)
		if (image->segments[i].offset < start)
			start = image->segments[i].offset;
	return image->memory.base + start;
}

uint64_t image_end(const struct image *image)
{
	uint64_t end = 0;

	for (size_t i = 0; i < image->count; i++)
		if (image->segments[i].offset + image->segments[i].bytes > end)
			end = image->segments[i].offset + image->segments[i].bytes;
	return image->memory.base + end;
}

void image_load(const struct image *image, uint8_t *dram)
{
	for (size_t i = 0; i < image->count; i++) {
		const struct segment *s = &image->segments[i];

		memcpy(dram + s->offset, image->file + s->at, s->file_bytes);
		memset(dram + s->offset + s->file_bytes, 0, s->bytes - s->file_bytes);
	}
}
