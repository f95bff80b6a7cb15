/* SPDX-License-Identifier: Apache-2.0
 * t_reset: a reset, or a stopped queue, with requests in flight.
 *
 * Status reads 0 at the first read after the write of 0 (drivers do not poll), and from then on no buffer and
 * no ring is touched (virtio 1.2, 2.4.1). The same holds for QueueReady (4.2.2.1).
 */
#include "check.h"
#include "irq.h"
#include "mem.h"
#include "riscv.h"
#include "virtio_blk.h"

#define QUEUE_NUM 32u
#define DEPTH 8u
#define REQUEST_BYTES 2048u
#define SECTORS_EACH (REQUEST_BYTES / BLK_SECTOR_BYTES)
#define ROUNDS 72u
#define QUIET_TURNS 200u

static struct blk blk;
static struct blk_request requests[DEPTH];
static uint64_t buffers[DEPTH][REQUEST_BYTES / 8] __attribute__((aligned(4096)));
static uint64_t mirror[DEPTH][REQUEST_BYTES / 8];

static void start(void)
{
	if (!blk_start(&blk, QUEUE_NUM))
		check_give_up("the device does not start");
}

static void spin(unsigned turns)
{
	for (unsigned i = 0; i < turns; i++)
		__asm__ volatile("");
}

/* Delays grow slowly, so that resets fall into every phase of the first requests and into the middle of the
 * last. */
static unsigned delay_of(unsigned round)
{
	return round < 48 ? 3 * round : 144 + 40 * (round - 48);
}

static void put_in_flight(uint32_t type)
{
	for (unsigned i = 0; i < DEPTH; i++)
		if (!blk_submit(&blk, &requests[i], type, (uint64_t)i * SECTORS_EACH, buffers[i], REQUEST_BYTES))
			check_give_up("the queue is full");
	blk_kick(&blk);
}

static uint64_t sum(const volatile void *from, size_t bytes)
{
	const volatile uint64_t *f = from;
	uint64_t total = 0;

	for (size_t i = 0; i < bytes / 8; i++)
		total = total * 31 + f[i];
	return total;
}

/* Whatever the format is, the device writes nothing else. */
static uint64_t sum_rings(void)
{
	return sum(blk.queue.areas.desc, 16 * QUEUE_NUM) ^ sum(blk.queue.areas.device, 8 * (QUEUE_NUM + 1));
}

/* Fills what the device had, looks away for a while, and returns whether all of it is as it was left. */
static bool stays_quiet(uint64_t fill)
{
	uint64_t rings = sum_rings();
	bool quiet = true;

	for (unsigned i = 0; i < DEPTH; i++) {
		requests[i].status = 0x77;
		for (unsigned w = 0; w < REQUEST_BYTES / 8; w++)
			buffers[i][w] = fill;
	}
	spin(QUIET_TURNS);
	riscv_fence();
	for (unsigned i = 0; i < DEPTH; i++) {
		quiet = quiet && requests[i].status == 0x77;
		for (unsigned w = 0; w < REQUEST_BYTES / 8; w++)
			quiet = quiet && *(volatile uint64_t *)&buffers[i][w] == fill;
	}
	return quiet && sum_rings() == rings;
}

/* One whole read, compared with the mirror. */
static bool serves(void)
{
	if (blk_read(&blk, 0, buffers, sizeof(buffers)) != BLK_S_OK)
		return false;
	return memcmp(buffers, mirror, sizeof(mirror)) == 0;
}

static void reset_while_reading(void)
{
	struct check_fold status = {.what = "status_0_at_first_read"};
	struct check_fold quiet = {.what = "memory_not_touched"};
	struct check_fold irq = {.what = "interrupt_status_0"};
	struct check_fold again = {.what = "serves_again"};

	for (unsigned round = 0; round < ROUNDS; round++) {
		start();
		put_in_flight(BLK_T_IN);
		spin(delay_of(round));
		virtio_mmio_write(&blk.mmio, MMIO_STATUS, 0);
		check_fold_eq(&status, round, virtio_mmio_status(&blk.mmio), 0);
		riscv_fence();
		check_fold_eq(&quiet, round, stays_quiet(0x1111111111111111u * (round % 15 + 1)), true);
		check_fold_eq(&irq, round, virtio_mmio_read(&blk.mmio, MMIO_INTERRUPT_STATUS), 0);
		if (round % 8 != 0)
			continue;
		start();
		check_fold_eq(&again, round, serves(), true);
	}
	check_fold_end(&status);
	check_fold_end(&quiet);
	check_fold_end(&irq);
	check_fold_end(&again);
}

/* Every sector is the old one or the new one, whole; nothing that the buffers got after the reset reaches the
 * disk. */
static bool sectors_whole(uint64_t seed)
{
	static uint64_t fresh[BLK_SECTOR_BYTES / 8];
	uint8_t *disk = (uint8_t *)buffers;

	if (blk_read(&blk, 0, disk, sizeof(buffers)) != BLK_S_OK)
		return false;
	for (size_t at = 0; at < sizeof(mirror); at += BLK_SECTOR_BYTES) {
		uint8_t *old = (uint8_t *)mirror + at;

		mem_pattern(fresh, sizeof(fresh), seed + at);
		if (memcmp(disk + at, fresh, sizeof(fresh)) == 0)
			memcpy(old, fresh, sizeof(fresh));
		else if (memcmp(disk + at, old, BLK_SECTOR_BYTES) != 0)
			return false;
	}
	return true;
}

static void reset_while_writing(void)
{
	struct check_fold status = {.what = "status_0_at_first_read"};
	struct check_fold quiet = {.what = "memory_not_touched"};
	struct check_fold whole = {.what = "sectors_whole"};

	for (unsigned round = 0; round < ROUNDS; round += 3) {
		uint64_t seed = 100000 * (round + 1);

		start();
		mem_pattern(buffers, sizeof(buffers), seed);
		put_in_flight(BLK_T_OUT);
		spin(delay_of(round));
		virtio_mmio_write(&blk.mmio, MMIO_STATUS, 0);
		check_fold_eq(&status, round, virtio_mmio_status(&blk.mmio), 0);
		riscv_fence();
		check_fold_eq(&quiet, round, stays_quiet(0xdeadbeefdeadbeefu), true);
		start();
		check_fold_eq(&whole, round, sectors_whole(seed), true);
	}
	check_fold_end(&status);
	check_fold_end(&quiet);
	check_fold_end(&whole);
}

/* Drivers write the next status at once, without looking at the last one. */
static void reset_then_acknowledge(void)
{
	struct check_fold status = {.what = "status_1"};
	struct check_fold quiet = {.what = "memory_not_touched"};

	for (unsigned round = 0; round < ROUNDS; round += 5) {
		start();
		put_in_flight(BLK_T_IN);
		spin(delay_of(round));
		virtio_mmio_write(&blk.mmio, MMIO_STATUS, 0);
		virtio_mmio_write(&blk.mmio, MMIO_STATUS, STATUS_ACKNOWLEDGE);
		check_fold_eq(&status, round, virtio_mmio_status(&blk.mmio), STATUS_ACKNOWLEDGE);
		riscv_fence();
		check_fold_eq(&quiet, round, stays_quiet(0x2222222222222222u), true);
	}
	check_fold_end(&status);
	check_fold_end(&quiet);
	start();
	check_true("serves_again", serves());
}

static void reset_from_every_stage(void)
{
	static const uint8_t stages[][4] = {
		{0}, {0x01}, {0x01, 0x03}, {0x01, 0x03, 0x0b}, {0x01, 0x03, 0x0b, 0x0f}, {0x80}, {0x01, 0x81},
	};
	struct check_fold status = {.what = "status_0"};
	struct check_fold ready = {.what = "queue_ready_0"};

	for (unsigned i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		for (unsigned j = 0; j < 4 && stages[i][j] != 0; j++)
			virtio_mmio_write(&blk.mmio, MMIO_STATUS, stages[i][j]);
		virtio_mmio_write(&blk.mmio, MMIO_STATUS, 0);
		check_fold_eq(&status, i, virtio_mmio_status(&blk.mmio), 0);
		virtio_mmio_write(&blk.mmio, MMIO_QUEUE_SEL, 0);
		check_fold_eq(&ready, i, virtio_mmio_read(&blk.mmio, MMIO_QUEUE_READY), 0);
	}
	check_fold_end(&status);
	check_fold_end(&ready);
	start();
	check_true("serves_again", serves());
}

static void resume_queue(void)
{
	struct virtq *q = &blk.queue;
	static struct virtq_memory memory;

	virtq_init(q, QUEUE_NUM, blk.mmio.accepted, VIRTQ_ALIGN, &memory);
	if (!virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &q->areas))
		check_give_up("the queue does not start again");
}

/* QueueReady = 0, or QueuePFN = 0, stops one queue and leaves the device's status alone; the queue then starts from index 0. */
static void stop_queue(void)
{
	struct check_fold ready = {.what = "ready_0_at_first_read"};
	struct check_fold quiet = {.what = "memory_not_touched"};
	struct check_fold status = {.what = "status_stays"};
	struct check_fold again = {.what = "serves_again"};
	uint32_t all = STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK;

	start();
	all |= blk.mmio.legacy ? 0 : STATUS_FEATURES_OK;
	for (unsigned round = 0; round < ROUNDS && !again.failed; round += 3) {
		put_in_flight(BLK_T_IN);
		spin(delay_of(round));
		check_fold_eq(&ready, round, virtio_mmio_queue_stop(&blk.mmio, 0), 0);
		check_fold_eq(&quiet, round, stays_quiet(0x3333333333333333u), true);
		check_fold_eq(&status, round, virtio_mmio_status(&blk.mmio), all);
		resume_queue();
		check_fold_eq(&again, round, serves(), true);
	}
	check_fold_end(&ready);
	check_fold_end(&quiet);
	check_fold_end(&status);
	check_fold_end(&again);
}

int main(void)
{
	blk_open(&blk, QUEUE_NUM);
	if (blk.readonly || blk.capacity_sectors < DEPTH * SECTORS_EACH)
		check_give_up("needs a writable disk of 32 sectors");
	mem_pattern(mirror, sizeof(mirror), 7);
	check_eq("fill", blk_write(&blk, 0, mirror, sizeof(mirror)), BLK_S_OK);
	TEST(reset_while_reading);
	TEST(reset_while_writing);
	TEST(reset_then_acknowledge);
	TEST(reset_from_every_stage);
	TEST_OURS(stop_queue);
	return check_end("t_reset");
}
