/* SPDX-License-Identifier: Apache-2.0
 * t_hostile: what only our device can be asked: buffers and rings where no memory is, and the vendor's error
 * registers, which lie past the end of QEMU's register window.
 */
#include <stddef.h>
#include "bend.h"
#include "check.h"
#include "irq.h"
#include "mem.h"

#define REG_ERROR_CODE 0x800u    /* the first error since reset */
#define REG_REQUEST_ERROR 0x808u /* the first of a single request */
#define QUEUE_NUM 16u
#define NOWHERE (1ull << 46)
#define WAIT_TICKS 10000000u

/* model/def/errors.def */
enum error {
	AVAIL_JUMP = 1,
	HEAD_INDEX = 2,
	NEXT_INDEX = 3,
	CHAIN_LOOP = 4,
	CHAIN_ORDER = 5,
	CHAIN_BYTES = 6,
	INDIRECT = 7,
	NO_STATUS = 8,
	ADDR_WRAP = 9,
	DECODE_AVAIL = 24,
	DECODE_DESC = 25,
	NOWHERE_DATA = 40,
	NOWHERE_USED = 41,
	NOWHERE_STATUS = 44,
	REQ_DECODE_HEADER = 88,
};

static struct blk blk;
static uint32_t error_code;

static void look(struct blk *b)
{
	error_code = virtio_mmio_read(&b->mmio, REG_ERROR_CODE);
}

static void bend(const char *name, bend_fn *fn, enum error want)
{
	error_code = 0;
	check_eq(name, bend_run(&blk, fn, look), BEND_ALL);
	check_eq("error_code", error_code, want);
	check_eq("error_code_after_reset", virtio_mmio_read(&blk.mmio, REG_ERROR_CODE), 0);
}

static void error_codes(void)
{
	bend("head_out_of_range", bend_head, HEAD_INDEX);
	bend("head_0xffff", bend_head_far, HEAD_INDEX);
	bend("next_out_of_range", bend_next, NEXT_INDEX);
	bend("next_0xfff0", bend_next_far, NEXT_INDEX);
	bend("self_loop", bend_self_loop, CHAIN_LOOP);
	bend("loop_of_all", bend_long_loop, CHAIN_LOOP);
	bend("idx_jump_by_num_plus_1", bend_idx_by_one, AVAIL_JUMP);
	bend("idx_jump_by_half", bend_idx_half, AVAIL_JUMP);
	bend("idx_goes_back", bend_idx_back, AVAIL_JUMP);
	bend("no_status_byte", bend_no_status, NO_STATUS);
	bend("readable_after_writable", bend_order, CHAIN_ORDER);
	bend("indirect_not_offered", bend_indirect, INDIRECT);
	bend("chain_of_4_gib", bend_4_gib, CHAIN_BYTES);
	bend("address_wraps", bend_address_wraps, ADDR_WRAP);
}

/* A header nowhere: that request alone fails. */
static void header_nowhere(void)
{
	static struct blk_request r;
	struct virtq_piece pieces[2] = {{(void *)(uintptr_t)NOWHERE, 16, false}, {&r.status, 1, true}};

	r.status = BLK_S_OK;
	blk_submit_pieces(&blk, &r, pieces, 2);
	blk_kick(&blk);
	check_true("header", blk_wait(&blk, &r) && r.status == BLK_S_IOERR);
	check_eq("request_error", virtio_mmio_read(&blk.mmio, REG_REQUEST_ERROR), REQ_DECODE_HEADER);
	check_true("goes_on", bend_serves(&blk));
	check_true("no_reset", blk_start(&blk, QUEUE_NUM));
	check_eq("request_error_after_reset", virtio_mmio_read(&blk.mmio, REG_REQUEST_ERROR), 0);
}

static void buffers_nowhere(void)
{
	header_nowhere();
	bend("data", bend_data_nowhere, NOWHERE_DATA);
	bend("status", bend_status_nowhere, NOWHERE_STATUS);
}

/* Rings nowhere: the first look, or the first write of the used ring, ends in a bus error. */
static void ring_nowhere(const char *what, const void *desc, const void *avail, const void *used, enum error want)
{
	static struct blk_request r;
	static uint8_t data[BLK_SECTOR_BYTES];
	uint64_t begin = irq_time();
	struct virtq_areas areas;

	if (!blk_start(&blk, QUEUE_NUM))
		check_give_up("the device does not start");
	virtio_mmio_queue_stop(&blk.mmio, 0);
	areas = blk.queue.areas;
	areas.desc = desc ? desc : areas.desc;
	areas.driver = avail ? avail : areas.driver;
	areas.device = used ? used : areas.device;
	if (!virtio_mmio_queue_setup(&blk.mmio, 0, QUEUE_NUM, &areas))
		check_give_up("the queue does not start");
	blk_submit(&blk, &r, BLK_T_IN, 0, data, sizeof(data));
	blk_kick(&blk);
	while ((virtio_mmio_status(&blk.mmio) & STATUS_NEEDS_RESET) == 0 && irq_time() - begin < WAIT_TICKS)
		;
	check_eq(what, virtio_mmio_status(&blk.mmio), 0x0f | STATUS_NEEDS_RESET);
	check_eq("error_code", virtio_mmio_read(&blk.mmio, REG_ERROR_CODE), want);
	check_true("starts_again", blk_start(&blk, QUEUE_NUM) && bend_serves(&blk));
}

static void rings_nowhere(void)
{
	const void *nowhere = (const void *)(uintptr_t)NOWHERE;

	ring_nowhere("descriptors", nowhere, NULL, NULL, DECODE_DESC);
	ring_nowhere("available_ring", NULL, nowhere, NULL, DECODE_AVAIL);
	ring_nowhere("used_ring", NULL, NULL, nowhere, NOWHERE_USED);
}

int main(void)
{
	blk_open_with(&blk, QUEUE_NUM, BLK_SPLIT);
	if (blk.readonly || blk.capacity_sectors < 8)
		check_give_up("needs a writable disk of 8 sectors");
	TEST(error_codes);
	TEST(buffers_nowhere);
	TEST(rings_nowhere);
	check_true("serves_at_the_end", bend_serves(&blk));
	return check_end("t_hostile");
}
