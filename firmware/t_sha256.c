/* SPDX-License-Identifier: Apache-2.0
 * t_sha256: reads the whole disk, several requests in flight, and prints its SHA-256; then, unless the disk
 * is read-only, overwrites a range, flushes, reads it back and compares.
 *
 * The range is the last RANGE_BYTES of the disk, so an ext4 image loses nothing at its front. It is not
 * restored.
 */
#include "check.h"
#include "mem.h"
#include "print.h"
#include "sha256.h"
#include "virtio_blk.h"

#define DEPTH 8u
#define REQUEST_BYTES 32768u
#define QUEUE_NUM 32u
#define RANGE_BYTES 131072u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint8_t buffers[DEPTH][REQUEST_BYTES] __attribute__((aligned(4096)));

struct window {
	uint32_t type;
	uint64_t first; /* sectors */
	uint64_t count;
	uint64_t seed; /* of the pattern that is written or compared */
};

static uint32_t part_bytes(const struct window *w, uint64_t part)
{
	uint64_t left = w->count * BLK_SECTOR_BYTES - part * REQUEST_BYTES;

	return (uint32_t)(left < REQUEST_BYTES ? left : REQUEST_BYTES);
}

static void submit(const struct window *w, uint64_t part)
{
	unsigned slot = (unsigned)(part % DEPTH);
	uint32_t bytes = part_bytes(w, part);

	if (w->type == BLK_T_OUT)
		mem_pattern(buffers[slot], bytes, w->seed + part * REQUEST_BYTES);
	if (!blk_submit(&blk, &requests[slot], w->type, w->first + part * (REQUEST_BYTES / BLK_SECTOR_BYTES),
			buffers[slot], bytes))
		check_give_up("the queue is full");
	blk_kick(&blk);
}

/* Runs the window through the device, DEPTH parts in flight, and hands each finished part over in order. */
static void stream(const struct window *w, void (*finished)(void *self, const uint8_t *data, uint32_t bytes),
		   void *self)
{
	uint64_t parts = (w->count * BLK_SECTOR_BYTES + REQUEST_BYTES - 1) / REQUEST_BYTES;

	for (uint64_t part = 0; part < parts && part < DEPTH; part++)
		submit(w, part);
	for (uint64_t part = 0; part < parts; part++) {
		unsigned slot = (unsigned)(part % DEPTH);

		if (!blk_wait(&blk, &requests[slot]))
			check_give_up("a request does not finish");
		if (requests[slot].status != BLK_S_OK)
			check_give_up("a request fails");
		finished(self, buffers[slot], part_bytes(w, part));
		if (part + DEPTH < parts)
			submit(w, part + DEPTH);
	}
}

static void hash_part(void *self, const uint8_t *data, uint32_t bytes)
{
	sha256_add(self, data, bytes);
}

static void written_part(void *self, const uint8_t *data, uint32_t bytes)
{
	(void)data;
	*(uint64_t *)self += bytes;
}

struct compare {
	uint64_t seed;
	uint64_t done_bytes;
};

static void compare_part(void *self, const uint8_t *data, uint32_t bytes)
{
	struct compare *c = self;
	size_t equal = mem_pattern_differs(data, bytes, c->seed + c->done_bytes);

	if (equal != bytes) {
		print("verify failed at byte %lu of the range\n", c->done_bytes + equal);
		check_give_up("what was written does not read back");
	}
	c->done_bytes += bytes;
}

static void print_digest(void)
{
	struct window whole = {.type = BLK_T_IN, .first = 0, .count = blk.capacity_sectors};
	struct sha256 sha;
	uint8_t digest[32];

	sha256_init(&sha);
	stream(&whole, hash_part, &sha);
	sha256_end(&sha, digest);
	print("sha256 ");
	for (unsigned i = 0; i < 32; i++)
		print("%02x", digest[i]);
	print("  %lu bytes\n", sha.total_bytes);
}

static void write_and_verify(void)
{
	uint64_t count = RANGE_BYTES / BLK_SECTOR_BYTES;
	struct window range = {.type = BLK_T_OUT, .seed = 0x5eed};
	struct compare compare = {.seed = range.seed, .done_bytes = 0};
	uint64_t written = 0;

	range.count = count < blk.capacity_sectors ? count : blk.capacity_sectors;
	range.first = blk.capacity_sectors - range.count;
	stream(&range, written_part, &written);
	print("wrote %lu bytes at sector %lu\n", written, range.first);
	if (blk.can_flush) {
		if (blk_flush(&blk) != BLK_S_OK)
			check_give_up("FLUSH fails");
		print("flush ok\n");
	}
	range.type = BLK_T_IN;
	stream(&range, compare_part, &compare);
	print("verify ok\n");
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	print("disk of %lu sectors, %s\n", blk.capacity_sectors, blk.readonly ? "read-only" : "writable");
	print_digest();
	if (blk.readonly) {
		mem_pattern(buffers[0], BLK_SECTOR_BYTES, 1);
		if (blk_write(&blk, 0, buffers[0], BLK_SECTOR_BYTES) != BLK_S_IOERR)
			check_give_up("a write to a read-only disk does not end in IOERR");
		print("read-only: write part skipped\n");
	} else {
		write_and_verify();
	}
	if (!virtio_mmio_reset(&blk.mmio))
		check_give_up("the device does not reset");
	return 0;
}
