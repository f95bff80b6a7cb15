/* SPDX-License-Identifier: Apache-2.0
 * t_blk_more: what else a block device has, virtio 1.2, 5.2: topology and limits in config space, a write cache that the
 * driver switches, DISCARD, WRITE_ZEROES, SECURE_ERASE, GET_LIFETIME.
 */
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define NEEDED (BLK_F_TOPOLOGY | BLK_F_CONFIG_WCE | BLK_F_DISCARD | BLK_F_WRITE_ZEROES)
#define ALSO (BLK_F_SIZE_MAX | BLK_F_GEOMETRY | BLK_F_LIFETIME | BLK_F_SECURE_ERASE)
#define SECTORS 64u
#define RANGE_MAX 32768u
#define LIFETIME_BYTES 6u

static struct blk blk;
static uint8_t disk[SECTORS * BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static uint8_t now[SECTORS * BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static uint8_t config8(uint32_t offset)
{
	return *(volatile uint8_t *)(blk.mmio.base + MMIO_CONFIG + offset);
}

static uint16_t config16(uint32_t offset)
{
	return *(volatile uint16_t *)(blk.mmio.base + MMIO_CONFIG + offset);
}

static uint32_t config32(uint32_t offset)
{
	return virtio_mmio_config32(&blk.mmio, offset);
}

static void set_writeback(uint8_t value)
{
	*(volatile uint8_t *)(blk.mmio.base + MMIO_CONFIG + BLK_CONFIG_WRITEBACK) = value;
}

static uint8_t range_flags(uint32_t type, uint64_t sector, uint32_t count, uint32_t flags)
{
	struct blk_range range = {sector, count, flags};

	return blk_run(&blk, type, 0, &range, sizeof(range));
}

static uint8_t range(uint32_t type, uint64_t sector, uint32_t count)
{
	return range_flags(type, sector, count, 0);
}

static void fill(uint64_t seed)
{
	mem_pattern(disk, sizeof(disk), seed);
	if (blk_write(&blk, 0, disk, sizeof(disk)) != BLK_S_OK)
		check_give_up("a write fails");
}

/* Whether the disk is as `disk` has it, but for the sectors from first on, whose value is not told. */
static bool rest_is_kept(uint32_t first, uint32_t count)
{
	if (blk_read(&blk, 0, now, sizeof(now)) != BLK_S_OK)
		return false;
	memcpy(now + first * BLK_SECTOR_BYTES, disk + first * BLK_SECTOR_BYTES, count * BLK_SECTOR_BYTES);
	return memcmp(now, disk, sizeof(now)) == 0;
}

static bool is_zero(uint32_t first, uint32_t count)
{
	if (blk_read(&blk, first, now, count * BLK_SECTOR_BYTES) != BLK_S_OK)
		return false;
	for (uint32_t i = 0; i < count * BLK_SECTOR_BYTES; i++)
		if (now[i] != 0)
			return false;
	return true;
}

static void topology(void)
{
	check_eq("blk_size", config32(BLK_CONFIG_BLK_SIZE), BLK_SECTOR_BYTES);
	check_eq("physical_block_exp", config8(BLK_CONFIG_TOPOLOGY), 3);
	check_eq("alignment_offset", config8(BLK_CONFIG_TOPOLOGY + 1), 0);
	check_eq("min_io_size", config16(BLK_CONFIG_TOPOLOGY + 2), 8);
	check_eq("opt_io_size", config32(BLK_CONFIG_TOPOLOGY + 4), 128);
}

static void limits(void)
{
	check_eq("max_discard_sectors", config32(BLK_CONFIG_MAX_DISCARD_SECTORS), RANGE_MAX);
	check_eq("max_discard_seg", config32(BLK_CONFIG_MAX_DISCARD_SEG), 1);
	check_eq("discard_sector_alignment", config32(BLK_CONFIG_DISCARD_SECTOR_ALIGNMENT), 8);
	check_eq("max_write_zeroes_sectors", config32(BLK_CONFIG_MAX_WRITE_ZEROES_SECTORS), RANGE_MAX);
	check_eq("max_write_zeroes_seg", config32(BLK_CONFIG_MAX_WRITE_ZEROES_SEG), 1);
	check_eq("write_zeroes_may_unmap", config8(BLK_CONFIG_WRITE_ZEROES_MAY_UNMAP), 1);
}

/* The cache is on after FLUSH was negotiated; each mode writes, and none survives a reset (5.2.5.2). */
static void write_cache(void)
{
	check_eq("on", config8(BLK_CONFIG_WRITEBACK), 1);
	set_writeback(0);
	check_eq("off", config8(BLK_CONFIG_WRITEBACK), 0);
	fill(1);
	check_true("written_through", rest_is_kept(0, 0));
	check_eq("flush", blk_flush(&blk), BLK_S_OK);
	set_writeback(1);
	check_eq("on_again", config8(BLK_CONFIG_WRITEBACK), 1);
	fill(2);
	check_true("written_back", rest_is_kept(0, 0));
	set_writeback(0);
	blk_start(&blk, QUEUE_NUM);
	check_eq("on_after_reset", config8(BLK_CONFIG_WRITEBACK), 1);
}

/* Ranges that none of the commands may serve: past the end, too long, with flags that mean nothing. */
static void bad_ranges(const char *what, uint32_t type)
{
	const uint64_t end = blk.capacity_sectors;
	struct check_fold fold = {.what = what};

	check_fold_eq(&fold, 0, range(type, end, 1), BLK_S_IOERR);
	check_fold_eq(&fold, 1, range(type, end - 1, 2), BLK_S_IOERR);
	check_fold_eq(&fold, 2, range(type, ~0ull, 1), BLK_S_IOERR);
	check_fold_eq(&fold, 3, range(type, 0, RANGE_MAX + 1), BLK_S_IOERR);
	check_fold_eq(&fold, 4, range(type, 0, 0xffffffff), BLK_S_IOERR);
	check_fold_eq(&fold, 5, range_flags(type, 0, 8, 2), BLK_S_UNSUPP);
	check_fold_eq(&fold, 6, range_flags(type, 0, 8, 0x80000000), BLK_S_UNSUPP);
	check_fold_eq(&fold, 7, rest_is_kept(0, 0), true);
	check_fold_end(&fold);
}

static void discard(void)
{
	fill(3);
	check_eq("whole_blocks", range(BLK_T_DISCARD, 8, 16), BLK_S_OK);
	check_true("rest_is_kept", rest_is_kept(8, 16));
	fill(4);
	check_eq("last_block", range(BLK_T_DISCARD, blk.capacity_sectors - 8, 8), BLK_S_OK);
	check_true("others_are_kept", rest_is_kept(0, 0));
	check_eq("unmap_unsupp", range_flags(BLK_T_DISCARD, 8, 8, BLK_RANGE_UNMAP), BLK_S_UNSUPP);
	bad_ranges("bad_ranges", BLK_T_DISCARD);
}

static void write_zeroes(void)
{
	fill(5);
	check_eq("blocks", range(BLK_T_WRITE_ZEROES, 8, 16), BLK_S_OK);
	check_true("zero", is_zero(8, 16));
	check_true("rest_is_kept", rest_is_kept(8, 16));
	check_eq("one_sector", range(BLK_T_WRITE_ZEROES, 43, 1), BLK_S_OK);
	check_true("sector_zero", is_zero(43, 1));
	fill(6);
	check_eq("unmap", range_flags(BLK_T_WRITE_ZEROES, 8, 16, BLK_RANGE_UNMAP), BLK_S_OK);
	check_true("unmapped_is_zero", is_zero(8, 16));
	check_true("unmapped_rest_is_kept", rest_is_kept(8, 16));
	fill(7);
	bad_ranges("bad_ranges", BLK_T_WRITE_ZEROES);
	check_eq("whole_disk", range(BLK_T_WRITE_ZEROES, 0, (uint32_t)blk.capacity_sectors), BLK_S_OK);
	check_true("all_zero", is_zero(0, SECTORS));
}

/* Part of a range, which 5.2.6.1 forbids: there is a status byte, so the request can be refused by it. */
static void part_of_a_range(void)
{
	static uint8_t bytes[16];
	struct check_fold fold = {.what = "refused"};

	for (uint32_t len = 1; len < 16 && !fold.failed; len++) {
		check_fold_eq(&fold, len, blk_run(&blk, BLK_T_DISCARD, 0, bytes, len), BLK_S_IOERR);
		check_fold_eq(&fold, len, blk_run(&blk, BLK_T_WRITE_ZEROES, 0, bytes, len), BLK_S_IOERR);
	}
	check_fold_end(&fold);
	blk_start(&blk, QUEUE_NUM);
}

static void erase_and_lifetime(void)
{
	static const uint8_t untouched[2] = {0xa5, 0xa5};
	uint8_t lifetime[LIFETIME_BYTES + 2];

	check_eq("max_secure_erase_sectors", config32(BLK_CONFIG_MAX_SECURE_ERASE_SECTORS), RANGE_MAX);
	check_eq("max_secure_erase_seg", config32(BLK_CONFIG_MAX_SECURE_ERASE_SEG), 1);
	check_eq("secure_erase_sector_alignment", config32(BLK_CONFIG_SECURE_ERASE_SECTOR_ALIGNMENT), 8);
	fill(8);
	check_eq("erase", range(BLK_T_SECURE_ERASE, 16, 8), BLK_S_OK);
	check_true("erased_is_zero", is_zero(16, 8));
	check_true("rest_is_kept", rest_is_kept(16, 8));
	fill(9);
	check_eq("unmap_unsupp", range_flags(BLK_T_SECURE_ERASE, 8, 8, BLK_RANGE_UNMAP), BLK_S_UNSUPP);
	bad_ranges("bad_ranges", BLK_T_SECURE_ERASE);
	memset(lifetime, 0xa5, sizeof(lifetime));
	check_eq("lifetime", blk_run(&blk, BLK_T_GET_LIFETIME, 0, lifetime, LIFETIME_BYTES), BLK_S_OK);
	check_true("pre_eol_info", lifetime[0] >= 1 && lifetime[0] <= 3 && lifetime[1] == 0);
	check_true("lifetime_guard", memcmp(lifetime + LIFETIME_BYTES, untouched, 2) == 0);
	check_true("size_max", config32(BLK_CONFIG_SIZE_MAX) > 0);
}

/* Cylinders, heads and sectors do not promise more than there is. */
static void geometry(void)
{
	uint64_t product = (uint64_t)config16(BLK_CONFIG_GEOMETRY) * config8(BLK_CONFIG_GEOMETRY + 2) *
			   config8(BLK_CONFIG_GEOMETRY + 3);

	check_true("within_capacity", product <= blk.capacity_sectors);
}

int main(void)
{
	blk_need(&blk, NEEDED, "TOPOLOGY, CONFIG_WCE, DISCARD and WRITE_ZEROES");
	blk_open_with(&blk, QUEUE_NUM, BLK_FEATURES | NEEDED | ALSO);
	if (blk.readonly || blk.capacity_sectors < SECTORS + 8)
		check_give_up("needs a writable disk of 72 sectors");
	TEST(topology);
	TEST(limits);
	TEST(write_cache);
	TEST(discard);
	TEST(write_zeroes);
	TEST_OURS(part_of_a_range);
	TEST_OURS(erase_and_lifetime);
	TEST_OURS(geometry);
	return check_end("t_blk_more");
}
