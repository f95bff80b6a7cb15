/* SPDX-License-Identifier: Apache-2.0
 * t_status: the device status byte and feature negotiation.
 */
#include "check.h"
#include "virtio_blk.h"

#define QUEUE_NUM 16u
#define SETTLE_TURNS 5000u

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

static void settle(void)
{
	for (unsigned i = 0; i < SETTLE_TURNS; i++)
		__asm__ volatile("");
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

static void status_walk(void)
{
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x01);
	check_eq("acknowledge", get(MMIO_STATUS), 0x01);
	set(MMIO_STATUS, 0x03);
	check_eq("driver", get(MMIO_STATUS), 0x03);
	virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1);
	set(MMIO_STATUS, 0x0b);
	check_eq("features_ok", get(MMIO_STATUS), 0x0b);
	set(MMIO_STATUS, 0x0f);
	check_eq("driver_ok", get(MMIO_STATUS), 0x0f);
	set(MMIO_STATUS, 0x8f);
	check_eq("failed", get(MMIO_STATUS), 0x8f);
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0xffffff01);
	check_eq("upper_bits_ignored", get(MMIO_STATUS), 0x01);
	start();
	check_true("serves_after_failed", serves());
}

/* NEEDS_RESET is the device's; 0x10 and 0x20 mean nothing; a driver cannot take a bit back. */
static void status_bits_of_the_device(void)
{
	start();
	set(MMIO_STATUS, 0x4f);
	check_eq("needs_reset_not_forged", get(MMIO_STATUS), 0x0f);
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x31);
	check_eq("undefined_bits", get(MMIO_STATUS), 0x01);
	start();
}

static void negotiation(void)
{
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x01);
	set(MMIO_STATUS, 0x03);
	set(MMIO_DRIVER_FEATURES_SEL, 0);
	set(MMIO_DRIVER_FEATURES, BLK_F_FLUSH | BLK_F_SEG_MAX);
	set(MMIO_DRIVER_FEATURES, 0);
	set(MMIO_DRIVER_FEATURES_SEL, 1);
	set(MMIO_DRIVER_FEATURES, 1);
	set(MMIO_STATUS, 0x0b);
	check_eq("only_version_1", get(MMIO_STATUS), 0x0b);
	check_true("everything_known", virtio_mmio_negotiate(&blk.mmio, BLK_FEATURES));
	check_eq("status", get(MMIO_STATUS), 0x0b);
}

static void bring_up(uint64_t features, uint32_t last_status)
{
	static struct virtq_memory memory;

	virtio_mmio_accept(&blk.mmio, features);
	if ((last_status & 0x100) == 0)
		set(MMIO_STATUS, 0x0b);
	virtq_init(&blk.queue, QUEUE_NUM, features, VIRTQ_ALIGN, &memory);
	virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &blk.queue.areas);
	set(MMIO_STATUS, last_status & 0xff);
}

/* xv6 accepts no VERSION_1; some drivers set FEATURES_OK and DRIVER_OK in one write. */
static void driver_habits(void)
{
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x01);
	set(MMIO_STATUS, 0x03);
	bring_up(0, 0x0f);
	check_eq("without_version_1", get(MMIO_STATUS), 0x0f);
	check_true("serves_without_version_1", serves());
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x03);
	bring_up(FEATURE_VERSION_1, 0x10f);
	check_eq("both_at_once", get(MMIO_STATUS), 0x0f);
	check_true("serves_both_at_once", serves());
}

/* A bit that was not offered clears FEATURES_OK, whichever it is, and a corrected set is then accepted. */
static void refusal(void)
{
	uint64_t offered = virtio_mmio_offered(&blk.mmio);
	struct check_fold refused = {.what = "every_unoffered_bit"};
	struct check_fold retried = {.what = "accepted_when_corrected"};

	for (unsigned bit = 0; bit < 64; bit++) {
		if ((offered >> bit & 1) != 0)
			continue;
		virtio_mmio_reset(&blk.mmio);
		set(MMIO_STATUS, 0x03);
		virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1 | 1ull << bit);
		set(MMIO_STATUS, 0x0b);
		check_fold_eq(&refused, bit, get(MMIO_STATUS), 0x03);
		virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1);
		set(MMIO_STATUS, 0x0b);
		check_fold_eq(&retried, bit, get(MMIO_STATUS), 0x0b);
	}
	check_fold_end(&refused);
	check_fold_end(&retried);
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x03);
	virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1 | 1);
	set(MMIO_STATUS, 0x0f);
	check_eq("refused_with_driver_ok", get(MMIO_STATUS), 0x03);
}

static void refusal_past_word_1(void)
{
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x03);
	virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1);
	set(MMIO_DRIVER_FEATURES_SEL, 2);
	set(MMIO_DRIVER_FEATURES, 0);
	set(MMIO_STATUS, 0x0b);
	check_eq("word_2_of_0_accepted", get(MMIO_STATUS), 0x0b);
	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x03);
	virtio_mmio_accept(&blk.mmio, FEATURE_VERSION_1);
	set(MMIO_DRIVER_FEATURES_SEL, 2);
	set(MMIO_DRIVER_FEATURES, 1);
	set(MMIO_STATUS, 0x0b);
	check_eq("word_2_of_1_refused", get(MMIO_STATUS), 0x03);
}

/* Nothing is consumed before DRIVER_OK (2.1.2), and what was offered before it is found after it. */
static void nothing_before_driver_ok(void)
{
	static struct blk_request r;

	virtio_mmio_reset(&blk.mmio);
	set(MMIO_STATUS, 0x01);
	set(MMIO_STATUS, 0x03);
	bring_up(FEATURE_VERSION_1, 0x0b);
	blk_submit(&blk, &r, BLK_T_IN, 0, data, sizeof(data));
	blk_kick(&blk);
	settle();
	check_eq("nothing_used", virtq_has_used(&blk.queue), false);
	check_eq("status_byte", r.status, BLK_S_NONE);
	check_eq("interrupt_status", get(MMIO_INTERRUPT_STATUS), 0);
	set(MMIO_STATUS, 0x0f);
	virtio_mmio_notify(&blk.mmio, 0);
	check_true("served_after", blk_wait(&blk, &r) && r.status == BLK_S_OK);
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	TEST(status_walk);
	TEST(negotiation);
	TEST(driver_habits);
	TEST_OURS(status_bits_of_the_device);
	TEST_OURS(refusal);
	TEST_OURS(refusal_past_word_1);
	TEST_OURS(nothing_before_driver_ok);
	return check_end("t_status");
}
