/* SPDX-License-Identifier: Apache-2.0
 * t_regs: every register of the modern map: reset values, what may be read and written, selectors, config
 * space. Status and features have t_status.
 */
#include "check.h"
#include "mem.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define VENDOR 0x554d4551u /* xv6 accepts no other */

static struct blk blk;
static uint8_t data[BLK_SECTOR_BYTES] __attribute__((aligned(8)));

static uint32_t get(uint32_t offset)
{
	return virtio_mmio_read(&blk.mmio, offset);
}

static void set(uint32_t offset, uint32_t value)
{
	virtio_mmio_write(&blk.mmio, offset, value);
}

static void start(void)
{
	if (!blk_start(&blk, QUEUE_NUM))
		check_give_up("the device does not start");
}

static bool serves(void)
{
	return blk_read(&blk, 0, data, sizeof(data)) == BLK_S_OK;
}

static void identity(void)
{
	check_eq("magic", get(MMIO_MAGIC_VALUE), MMIO_MAGIC);
	check_eq("version", get(MMIO_VERSION), 2);
	check_eq("device_id", get(MMIO_DEVICE_ID), BLK_DEVICE_ID);
	check_eq("vendor_id", get(MMIO_VENDOR_ID), VENDOR);
	check_eq("slot", (blk.mmio.base - VIRTIO_MMIO_SLOT0) / VIRTIO_MMIO_SLOT_BYTES, 7);
}

static void empty_slots(void)
{
	struct check_fold magic = {.what = "magic"};
	struct check_fold id = {.what = "device_id_0"};
	struct virtio_mmio m;

	for (unsigned slot = 0; slot < 7; slot++) {
		check_fold_eq(&id, slot, virtio_mmio_probe(&m, slot), false);
		check_fold_eq(&magic, slot, virtio_mmio_read(&m, MMIO_MAGIC_VALUE), MMIO_MAGIC);
		check_fold_eq(&id, slot, virtio_mmio_read(&m, MMIO_DEVICE_ID), 0);
	}
	check_fold_end(&magic);
	check_fold_end(&id);
}

static void after_reset(void)
{
	virtio_mmio_reset(&blk.mmio);
	check_eq("status", get(MMIO_STATUS), 0);
	check_eq("interrupt_status", get(MMIO_INTERRUPT_STATUS), 0);
	set(MMIO_QUEUE_SEL, 0);
	check_eq("queue_ready", get(MMIO_QUEUE_READY), 0);
	check_eq("queue_num_max", get(MMIO_QUEUE_NUM_MAX), VIRTQ_NUM_MAX);
	check_eq("queue_reset", get(MMIO_QUEUE_RESET), 0);
	check_eq("shm_len", (uint64_t)get(MMIO_SHM_LEN_HIGH) << 32 | get(MMIO_SHM_LEN_LOW), ~0ull);
}

static void shm_base(void)
{
	for (uint32_t sel = 0; sel < 2; sel++) {
		set(MMIO_SHM_SEL, sel);
		check_eq(sel == 0 ? "region_0" : "region_1",
			 (uint64_t)get(MMIO_SHM_BASE_HIGH) << 32 | get(MMIO_SHM_BASE_LOW), ~0ull);
	}
}

static const uint16_t write_only[] = {0x014, 0x020, 0x024, 0x030, 0x038, 0x050, 0x064,
				      0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4, 0x0ac};
static const uint16_t reserved[] = {0x018, 0x01c, 0x028, 0x02c, 0x03c, 0x040, 0x048, 0x04c, 0x054, 0x058, 0x05c, 0x068,
				    0x06c, 0x074, 0x078, 0x07c, 0x088, 0x08c, 0x098, 0x09c, 0x0a8, 0x0c4, 0x0c8, 0x0cc,
				    0x0d0, 0x0d4, 0x0d8, 0x0dc, 0x0e0, 0x0e4, 0x0e8, 0x0ec, 0x0f0, 0x0f4, 0x0f8};
static const uint16_t read_only[] = {0x000, 0x004, 0x008, 0x00c, 0x010, 0x034, 0x060, 0x0b0,
				     0x0b4, 0x0b8, 0x0bc, 0x0fc, 0x100, 0x104, 0x10c, 0x114};

static void directions(void)
{
	struct check_fold wo = {.what = "write_only_reads_0"};
	struct check_fold rsvd = {.what = "reserved_reads_0"};
	struct check_fold kept = {.what = "reserved_ignores_writes"};
	struct check_fold ro = {.what = "read_only_ignores_writes"};

	virtio_mmio_reset(&blk.mmio);
	for (unsigned i = 0; i < sizeof(write_only) / sizeof(write_only[0]); i++)
		check_fold_eq(&wo, write_only[i], get(write_only[i]), 0);
	for (unsigned i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		check_fold_eq(&rsvd, reserved[i], get(reserved[i]), 0);
		set(reserved[i], 0xffffffff);
		check_fold_eq(&kept, reserved[i], get(reserved[i]), 0);
	}
	for (unsigned i = 0; i < sizeof(read_only) / sizeof(read_only[0]); i++) {
		uint32_t before = get(read_only[i]);

		set(read_only[i], ~before);
		check_fold_eq(&ro, read_only[i], get(read_only[i]), before);
	}
	check_fold_end(&wo);
	check_fold_end(&rsvd);
	check_fold_end(&kept);
	check_fold_end(&ro);
	set(MMIO_QUEUE_RESET, 1);
	check_eq("queue_reset_stays_0", get(MMIO_QUEUE_RESET), 0);
	check_eq("status_untouched", get(MMIO_STATUS), 0);
	start();
	check_true("serves", serves());
}

static void device_features(void)
{
	uint64_t offered = virtio_mmio_offered(&blk.mmio);

	check_true("version_1", (offered & FEATURE_VERSION_1) != 0);
	check_true("flush", (offered & BLK_F_FLUSH) != 0);
	check_true("blk_size", (offered & BLK_F_BLK_SIZE) != 0);
	check_true("seg_max", (offered & BLK_F_SEG_MAX) != 0);
	check_eq("reserved_bits", offered & 0x007fff0000000000u & ~(1ull << 40), 0);
	set(MMIO_DEVICE_FEATURES_SEL, 1);
	check_eq("word_1", get(MMIO_DEVICE_FEATURES), offered >> 32);
	set(MMIO_DEVICE_FEATURES_SEL, 0);
	check_eq("word_0", get(MMIO_DEVICE_FEATURES), offered & 0xffffffff);
}

static void device_features_past_1(void)
{
	static const uint32_t sels[] = {2, 3, 4, 0x100, 0x80000000, 0xffffffff};
	struct check_fold fold = {.what = "read_0"};

	for (unsigned i = 0; i < sizeof(sels) / sizeof(sels[0]); i++) {
		set(MMIO_DEVICE_FEATURES_SEL, sels[i]);
		check_fold_eq(&fold, sels[i], get(MMIO_DEVICE_FEATURES), 0);
	}
	check_fold_end(&fold);
}

/* Selector reads 0 after reset: xv6 never writes it. */
static void selectors_after_reset(void)
{
	uint32_t word0 = (uint32_t)virtio_mmio_offered(&blk.mmio);

	set(MMIO_QUEUE_SEL, 5);
	virtio_mmio_reset(&blk.mmio);
	check_eq("device_features_word_0", get(MMIO_DEVICE_FEATURES), word0);
	check_eq("queue_0", get(MMIO_QUEUE_NUM_MAX), VIRTQ_NUM_MAX);
}

static void absent_queues(void)
{
	static const uint32_t sels[] = {1, 2, 4, 255, 1023};
	struct check_fold max = {.what = "num_max_0"};
	struct check_fold ready = {.what = "ready_0"};

	start();
	for (unsigned i = 0; i < sizeof(sels) / sizeof(sels[0]); i++) {
		set(MMIO_QUEUE_SEL, sels[i]);
		check_fold_eq(&max, sels[i], get(MMIO_QUEUE_NUM_MAX), 0);
		check_fold_eq(&ready, sels[i], get(MMIO_QUEUE_READY), 0);
	}
	check_fold_end(&max);
	check_fold_end(&ready);
	set(MMIO_QUEUE_SEL, 0);
	check_eq("queue_0_ready", get(MMIO_QUEUE_READY), 1);
}

/* All 32 bits of QueueSel count, and writes with an absent queue selected fall on no other one. */
static void absent_queues_far(void)
{
	static const uint32_t sels[] = {1, 1023, 1024, 65536, 0x80000000, 0xffffffff};
	struct check_fold max = {.what = "num_max_0"};
	struct check_fold ready = {.what = "ready_stays_0"};
	struct check_fold zero = {.what = "queue_0_ready"};

	start();
	for (unsigned i = 0; i < sizeof(sels) / sizeof(sels[0]); i++) {
		set(MMIO_QUEUE_SEL, sels[i]);
		check_fold_eq(&max, sels[i], get(MMIO_QUEUE_NUM_MAX), 0);
		set(MMIO_QUEUE_NUM, 4);
		set(MMIO_QUEUE_DESC_LOW, 0);
		set(MMIO_QUEUE_READY, 1);
		check_fold_eq(&ready, sels[i], get(MMIO_QUEUE_READY), 0);
		set(MMIO_QUEUE_READY, 0);
		set(MMIO_QUEUE_SEL, 0);
		check_fold_eq(&zero, sels[i], get(MMIO_QUEUE_READY), 1);
	}
	check_fold_end(&max);
	check_fold_end(&ready);
	check_fold_end(&zero);
	check_true("serves", serves());
}

static void queue_ready(void)
{
	virtio_mmio_negotiate(&blk.mmio, BLK_FEATURES);
	check_true("set_up", virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &blk.queue.areas));
	check_eq("reads_1", get(MMIO_QUEUE_READY), 1);
	check_eq("stops", virtio_mmio_queue_stop(&blk.mmio, 0), 0);
	set(MMIO_QUEUE_READY, 1);
	check_eq("reads_1_again", get(MMIO_QUEUE_READY), 1);
	virtio_mmio_reset(&blk.mmio);
	check_eq("reset_clears", get(MMIO_QUEUE_READY), 0);
}

static void queue_ready_bit_0_only(void)
{
	start();
	set(MMIO_QUEUE_READY, 0xfffffffe);
	check_eq("other_bits_are_a_0", get(MMIO_QUEUE_READY), 0);
}

static void bad_queue_num(void)
{
	static const uint32_t nums[] = {0, 3, 24, 1023, 2048, 0x10000, 0xffffffff};
	struct check_fold fold = {.what = "never_live"};

	for (unsigned i = 0; i < sizeof(nums) / sizeof(nums[0]); i++) {
		start();
		virtio_mmio_queue_stop(&blk.mmio, 0);
		set(MMIO_QUEUE_NUM, nums[i]);
		set(MMIO_QUEUE_READY, 1);
		check_fold_eq(&fold, nums[i],
			      get(MMIO_QUEUE_READY) == 1 && (get(MMIO_STATUS) & STATUS_NEEDS_RESET) == 0, false);
	}
	check_fold_end(&fold);
}

/* Geometry is taken when the queue becomes ready. */
static void live_queue_is_fixed(void)
{
	static const uint16_t offsets[] = {0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4};
	struct check_fold fold = {.what = "serves"};

	start();
	for (unsigned i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++)
		set(offsets[i], 0xfffff000);
	for (unsigned i = 0; i < 3 * QUEUE_NUM && !fold.failed; i++)
		check_fold_eq(&fold, i, serves(), true);
	check_fold_end(&fold);
}

/* Ready = 1 on a queue that is ready changes nothing, whatever was written to its address registers
 * meanwhile. */
static void ready_twice(void)
{
	start();
	check_true("serves_before", serves());
	set(MMIO_QUEUE_DESC_HIGH, 0x4000);
	set(MMIO_QUEUE_READY, 1);
	check_true("serves", serves());
	start();
}

static void live_queue_num_is_fixed(void)
{
	struct check_fold fold = {.what = "serves"};

	start();
	set(MMIO_QUEUE_NUM, 2);
	for (unsigned i = 0; i < 3 * QUEUE_NUM && !fold.failed; i++)
		check_fold_eq(&fold, i, serves(), true);
	check_fold_end(&fold);
	start();
}

static void spurious_notify(void)
{
	static const uint32_t queues[] = {0, 1, 2, 1023, 1024, 0x10000, 0xffffffff};

	virtio_mmio_reset(&blk.mmio);
	for (unsigned i = 0; i < 7; i++)
		set(MMIO_QUEUE_NOTIFY, queues[i]);
	check_eq("in_reset", get(MMIO_STATUS), 0);
	start();
	for (unsigned i = 0; i < 700; i++)
		set(MMIO_QUEUE_NOTIFY, queues[i % 7]);
	check_eq("status", get(MMIO_STATUS), 0x0f);
	check_eq("nothing_used", virtq_has_used(&blk.queue), false);
	check_true("serves", serves());
}

static void config_space(void)
{
	volatile uint8_t *config = (volatile uint8_t *)(blk.mmio.base + MMIO_CONFIG);
	uint64_t capacity = virtio_mmio_config64(&blk.mmio, BLK_CONFIG_CAPACITY);
	struct check_fold bytes = {.what = "bytes_equal_words"};
	struct check_fold halves = {.what = "halves_equal_words"};
	uint32_t generation = get(MMIO_CONFIG_GENERATION);

	for (uint32_t i = 0; i < 0x18; i++)
		check_fold_eq(&bytes, i, config[i], get(MMIO_CONFIG + (i & ~3u)) >> 8 * (i & 3) & 0xff);
	for (uint32_t i = 0; i < 0x18; i += 2)
		check_fold_eq(&halves, i, *(volatile uint16_t *)(config + i),
			      get(MMIO_CONFIG + (i & ~3u)) >> 8 * (i & 2) & 0xffff);
	check_fold_end(&bytes);
	check_fold_end(&halves);
	check_eq("blk_size", virtio_mmio_config32(&blk.mmio, BLK_CONFIG_BLK_SIZE), 512);
	check_eq("generation_still", get(MMIO_CONFIG_GENERATION), generation);
	virtio_mmio_reset(&blk.mmio);
	check_eq("capacity_at_status_0", virtio_mmio_config64(&blk.mmio, BLK_CONFIG_CAPACITY), capacity);
	set(MMIO_CONFIG, 1);
	set(MMIO_CONFIG + 4, 1);
	check_eq("capacity_is_read_only", virtio_mmio_config64(&blk.mmio, BLK_CONFIG_CAPACITY), capacity);
	start();
	check_eq("capacity_at_driver_ok", virtio_mmio_config64(&blk.mmio, BLK_CONFIG_CAPACITY), capacity);
}

/* Words of config space (virtio 1.2, 5.2.4) and the feature that each needs. */
static const struct {
	uint8_t at, feature;
} config_words[] = {{8, 1},   {12, 2},  {16, 4},  {20, 6},  {24, 10}, {28, 10}, {36, 13}, {40, 13},
		    {44, 13}, {48, 14}, {52, 14}, {56, 14}, {60, 16}, {64, 16}, {68, 16}};

static void config_of_no_feature(void)
{
	const uint64_t offered = virtio_mmio_offered(&blk.mmio);
	struct check_fold fold = {.what = "reads_0"};

	for (unsigned i = 0; i < sizeof config_words / sizeof config_words[0]; i++)
		if ((offered >> config_words[i].feature & 1) == 0)
			check_fold_eq(&fold, config_words[i].at, virtio_mmio_config32(&blk.mmio, config_words[i].at),
				      0);
	for (uint32_t at = 72; at < 0x100; at += 4)
		check_fold_eq(&fold, at, virtio_mmio_config32(&blk.mmio, at), 0);
	check_fold_end(&fold);
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	TEST(identity);
	TEST(empty_slots);
	TEST(after_reset);
	TEST(directions);
	TEST(device_features);
	TEST(absent_queues);
	TEST(queue_ready);
	TEST(live_queue_is_fixed);
	TEST(spurious_notify);
	TEST(config_space);
	TEST_OURS(shm_base);
	TEST_OURS(selectors_after_reset);
	TEST_OURS(device_features_past_1);
	TEST_OURS(absent_queues_far);
	TEST_OURS(queue_ready_bit_0_only);
	/* Sizes and rings that only the split format forbids; and QEMU does not survive a packed ring that is not one. */
	blk.wanted = BLK_SPLIT;
	TEST_OURS(bad_queue_num);
	TEST_OURS(ready_twice);
	TEST_OURS(live_queue_num_is_fixed);
	TEST_OURS(config_of_no_feature);
	return check_end("t_regs");
}
