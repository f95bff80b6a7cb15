/* SPDX-License-Identifier: Apache-2.0
 * t_legacy: the life of a legacy device, virtio 1.2, 4.2.4: page size, alignment and page number in place of addresses,
 * no FEATURES_OK, a page size that outlives the reset.
 */
#include "check.h"
#include "finish.h"
#include "mem.h"
#include "print.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define VENDOR 0x554d4551u

static struct blk blk;
static struct virtq_memory memory[2] __attribute__((aligned(16384)));
static uint8_t data[BLK_SECTOR_BYTES] __attribute__((aligned(8)));
static uint8_t expected[BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static uint32_t get(uint32_t offset)
{
	return virtio_mmio_read(&blk.mmio, offset);
}

static void set(uint32_t offset, uint32_t value)
{
	virtio_mmio_write(&blk.mmio, offset, value);
}

/* Writes and reads back sector 3. */
static bool serves(uint64_t seed)
{
	mem_pattern(expected, sizeof(expected), seed);
	memset(data, 0, sizeof(data));
	return blk_write(&blk, 3, expected, sizeof(expected)) == BLK_S_OK &&
	       blk_read(&blk, 3, data, sizeof(data)) == BLK_S_OK && memcmp(data, expected, sizeof(data)) == 0;
}

static void identity(void)
{
	check_eq("magic", get(MMIO_MAGIC_VALUE), MMIO_MAGIC);
	check_eq("version", get(MMIO_VERSION), 1);
	check_eq("device_id", get(MMIO_DEVICE_ID), BLK_DEVICE_ID);
	check_eq("vendor_id", get(MMIO_VENDOR_ID), VENDOR);
	set(MMIO_QUEUE_SEL, 0);
	check_eq("queue_num_max", get(MMIO_QUEUE_NUM_MAX), VIRTQ_NUM_MAX);
	check_eq("no_features_past_31", virtio_mmio_offered(&blk.mmio) >> 32, 0);
	set(MMIO_QUEUE_SEL, 1);
	check_eq("absent_queue", get(MMIO_QUEUE_NUM_MAX), 0);
	check_eq("absent_queue_pfn", get(MMIO_QUEUE_PFN), 0);
}

/* Registers of the modern interface read 0 and take nothing. */
static void modern_registers(void)
{
	static const uint16_t offsets[] = {0x044, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4, 0x0fc};
	struct check_fold fold = {.what = "read_0"};

	virtio_mmio_reset(&blk.mmio);
	set(MMIO_QUEUE_SEL, 0);
	for (unsigned i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		set(offsets[i], 1);
		check_fold_eq(&fold, offsets[i], get(offsets[i]), 0);
	}
	check_fold_end(&fold);
	check_eq("queue_not_live", get(MMIO_QUEUE_PFN), 0);
}

/* Status 1, 3, features, queue, 7; the queue may be used before DRIVER_OK (3.1.2). */
static void life(void)
{
	struct virtq *q = &blk.queue;

	virtio_mmio_reset(&blk.mmio);
	check_eq("reset", get(MMIO_STATUS), 0);
	set(MMIO_STATUS, STATUS_ACKNOWLEDGE);
	set(MMIO_STATUS, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	check_eq("driver", get(MMIO_STATUS), 3);
	blk.mmio.accepted = virtio_mmio_offered(&blk.mmio) & BLK_SPLIT;
	virtio_mmio_accept(&blk.mmio, blk.mmio.accepted);
	set(MMIO_GUEST_PAGE_SIZE, MMIO_PAGE_BYTES);
	virtq_init(q, QUEUE_NUM, blk.mmio.accepted, VIRTQ_ALIGN, &memory[0]);
	check_true("queue", virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &q->areas));
	check_eq("pfn", get(MMIO_QUEUE_PFN), (uintptr_t)q->areas.desc / MMIO_PAGE_BYTES);
	check_true("serves_before_driver_ok", serves(1));
	set(MMIO_STATUS, 7);
	check_eq("driver_ok", get(MMIO_STATUS), 7);
	check_true("serves", serves(2));
	check_eq("interrupt", get(MMIO_INTERRUPT_STATUS), MMIO_INT_USED);
	check_eq("acknowledged", (virtio_mmio_ack(&blk.mmio), get(MMIO_INTERRUPT_STATUS)), 0);
	virtio_mmio_reset(&blk.mmio);
	check_eq("pfn_after_reset", get(MMIO_QUEUE_PFN), 0);
}

/* Reset to DRIVER_OK, with the page size written before the reset, after it, or not at all (0). */
static bool bring_up(unsigned num, uint32_t page_bytes, uint32_t align, bool before_reset)
{
	struct virtq *q = &blk.queue;

	if (page_bytes != 0 && before_reset)
		set(MMIO_GUEST_PAGE_SIZE, page_bytes);
	virtio_mmio_reset(&blk.mmio);
	virtio_mmio_status_add(&blk.mmio, STATUS_ACKNOWLEDGE);
	virtio_mmio_status_add(&blk.mmio, STATUS_DRIVER);
	virtio_mmio_accept(&blk.mmio, virtio_mmio_offered(&blk.mmio) & BLK_SPLIT);
	if (page_bytes != 0 && !before_reset)
		set(MMIO_GUEST_PAGE_SIZE, page_bytes);
	virtq_init(q, num, 0, align, &memory[0]);
	set(MMIO_QUEUE_SEL, 0);
	set(MMIO_QUEUE_NUM, num);
	set(MMIO_QUEUE_ALIGN, align);
	set(MMIO_QUEUE_PFN, (uint32_t)((uintptr_t)q->areas.desc / (page_bytes != 0 ? page_bytes : MMIO_PAGE_BYTES)));
	virtio_mmio_status_add(&blk.mmio, STATUS_DRIVER_OK);
	return serves(num + page_bytes + align);
}

static void page_sizes(void)
{
	struct check_fold fold = {.what = "every_size"};

	for (uint32_t bytes = 512; bytes <= 16384; bytes *= 2)
		check_fold_eq(&fold, bytes, bring_up(QUEUE_NUM, bytes, VIRTQ_ALIGN, false), true);
	check_fold_end(&fold);
}

/* Linux and U-Boot write it once, before the reset of the first initialisation. */
static void page_size_outlives_reset(void)
{
	check_true("written_before_reset", bring_up(QUEUE_NUM, MMIO_PAGE_BYTES, VIRTQ_ALIGN, true));
	check_true("not_written_again", bring_up(QUEUE_NUM, 0, VIRTQ_ALIGN, false));
	check_true("nor_a_third_time", bring_up(2 * QUEUE_NUM, 0, VIRTQ_ALIGN, false));
}

/* The used ring lies at the next multiple of the alignment, in queues of any size. */
static void alignments(void)
{
	static const uint16_t aligns[] = {16, 64, 512, 4096, 8192};
	struct check_fold fold = {.what = "every_layout"};

	for (unsigned i = 0; i < sizeof(aligns) / sizeof(aligns[0]); i++)
		for (unsigned num = 4; num <= VIRTQ_NUM_MAX; num *= 4)
			check_fold_eq(&fold, 10000 * num + aligns[i], bring_up(num, MMIO_PAGE_BYTES, aligns[i], false),
				      true);
	check_fold_end(&fold);
}

/* The two bytes of used_event count, negotiated or not, which shows where the available ring would end on a multiple
 * without them (2.7.2). */
static void used_event_counts(void)
{
	check_true("serves", bring_up(QUEUE_NUM, MMIO_PAGE_BYTES, 4, false));
}

/* A driver that gives up clears size and alignment first (4.2.4 lets it write them at any time): a live queue keeps what
 * it was given with its page number. */
static void live_queue_keeps_its_layout(void)
{
	check_true("serves_before", bring_up(QUEUE_NUM, MMIO_PAGE_BYTES, 64, false));
	set(MMIO_QUEUE_NUM, 0);
	set(MMIO_QUEUE_ALIGN, 0);
	check_true("serves", serves(77));
}

/* Page number 0 stops one queue; the device stays as it is, and the queue begins anew with a new page. */
static void pfn_0(void)
{
	struct virtq *q = &blk.queue;
	struct check_fold stopped = {.what = "stopped"};
	struct check_fold status = {.what = "status_stays"};
	struct check_fold again = {.what = "serves_again"};

	bring_up(QUEUE_NUM, MMIO_PAGE_BYTES, VIRTQ_ALIGN, false);
	for (unsigned round = 0; round < 6 && !again.failed; round++) {
		check_fold_eq(&stopped, round, virtio_mmio_queue_stop(&blk.mmio, 0), 0);
		check_fold_eq(&status, round, get(MMIO_STATUS), 7);
		virtq_init(q, QUEUE_NUM, 0, VIRTQ_ALIGN, &memory[round % 2]);
		virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &q->areas);
		check_fold_eq(&again, round, serves(round), true);
	}
	check_fold_end(&stopped);
	check_fold_end(&status);
	check_fold_end(&again);
}

/* Old drivers read config space by bytes, for wider fields too. */
static void config_by_bytes(void)
{
	volatile uint8_t *config = (volatile uint8_t *)(blk.mmio.base + MMIO_CONFIG);
	uint64_t capacity = 0;

	for (unsigned i = 8; i-- > 0;)
		capacity = capacity << 8 | config[BLK_CONFIG_CAPACITY + i];
	check_eq("capacity", capacity, virtio_mmio_config64(&blk.mmio, BLK_CONFIG_CAPACITY));
}

int main(void)
{
	if (!blk_find(&blk))
		check_give_up("no block device in any slot");
	if (!blk.mmio.legacy) {
		print("skipped: the device is not a legacy one\n");
		finish(77);
	}
	TEST(identity);
	TEST(modern_registers);
	TEST(life);
	TEST(page_sizes);
	TEST(page_size_outlives_reset);
	TEST(alignments);
	TEST(config_by_bytes);
	TEST(live_queue_keeps_its_layout);
	TEST_OURS(used_event_counts);
	TEST_OURS(pfn_0);
	check_true("starts_by_the_driver", (blk_open(&blk, QUEUE_NUM), serves(99)));
	return check_end("t_legacy");
}
