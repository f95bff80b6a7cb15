/* SPDX-License-Identifier: Apache-2.0
 * test_queues.c: queues: setting them up, starting, stopping and resetting them, and their doorbells. */
#include "regs_rig.h"

static void queues_that_exist(void **state)
{
	static const uint32_t absent[] = {2, 3, 4, 16, 0x10000, 0x80000000, 0xffffffff};

	(void)state;
	for (uint32_t q = 0; q < 2; q++) {
		wr(REG_QueueSel, q);
		assert_int_equal(rd(REG_QueueNumMax), VIO_QUEUE_NUM_MAX);
	}
	for (unsigned i = 0; i < sizeof absent / sizeof *absent; i++) {
		wr(REG_QueueSel, absent[i]);
		assert_int_equal(rd(REG_QueueNumMax), 0);
		wr(REG_QueueNum, 16);
		wr(REG_QueueReady, 1);
		assert_int_equal(rd(REG_QueueReady), 0);
	}
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		assert_false(v->pub.queue[q].ready);
}

static void queue_sizes(void **state)
{
	static const uint32_t bad[] = {0, 3, 6, 2 * VIO_QUEUE_NUM_MAX, 0x10000, 0x10010, 0x80000000, 0xffffffff};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		wr(REG_QueueNum, bad[i]);
		wr(REG_QueueReady, 1);
		assert_int_equal(rd(REG_QueueReady), 0);
	}
	for (uint32_t num = 1; num <= VIO_QUEUE_NUM_MAX; num <<= 1) {
		reset();
		wr(REG_QueueNum, num);
		wr(REG_QueueReady, 1);
		assert_int_equal(rd(REG_QueueReady), 1);
		assert_int_equal(v->pub.queue[0].num, num);
	}
}

/* A strap says how many entries a queue may have; the build sets the limit. */
static void queue_num_max_is_a_strap(void **state)
{
	(void)state;
	in.strap_queue_num = 16;
	assert_int_equal(rd(REG_QueueNumMax), 16);
	wr(REG_QueueNum, 32);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 0);
	wr(REG_QueueNum, 16);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 1);
	in.strap_queue_num = 0xffff;
	assert_int_equal(rd(REG_QueueNumMax), VIO_QUEUE_NUM_MAX);
}

/* virtio 1.2, 2.8.10.1: the size of a packed ring is any number up to 2^15. */
static void queue_sizes_of_a_packed_ring(void **state)
{
	static const uint32_t bad[] = {0, VIO_QUEUE_NUM_MAX + 1, 0x10000, 0x10003, 0x80000000, 0xffffffff};

	(void)state;
	negotiate(1ull << F_BIT_VERSION_1 | 1ull << F_BIT_RING_PACKED);
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		wr(REG_QueueNum, 7);
		wr(REG_QueueNum, bad[i]);
		wr(REG_QueueReady, 1);
		assert_int_equal(rd(REG_QueueReady), 0);
	}
	for (uint32_t num = 1; num <= VIO_QUEUE_NUM_MAX; num += num < 40 || num > VIO_QUEUE_NUM_MAX - 8 ? 1 : 199) {
		wr(REG_QueueNum, num);
		wr(REG_QueueReady, 1);
		assert_int_equal(rd(REG_QueueReady), 1);
		assert_int_equal(v->pub.queue[0].num, num);
		wr(REG_QueueReady, 0);
		assert_int_equal(rd(REG_QueueReady), 0);
	}
}

/* What was negotiated in the session before does not count. */
static void odd_sizes_without_packed_rings(void **state)
{
	(void)state;
	negotiate(1ull << F_BIT_VERSION_1 | 1ull << F_BIT_RING_PACKED);
	reset();
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_QueueNum, 7);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 0);
}

static void queue_addresses_and_a_live_queue(void **state)
{
	(void)state;
	wr(REG_QueueSel, 1);
	wr(REG_QueueNum, 64);
	wr(REG_QueueDescLow, 0x11111110);
	wr(REG_QueueDescHigh, 0x22222222);
	wr(REG_QueueDriverLow, 0x33333332);
	wr(REG_QueueDriverHigh, 0x44444444);
	wr(REG_QueueDeviceLow, 0x55555554);
	wr(REG_QueueDeviceHigh, 0x66666666);
	wr(REG_QueueReady, 1);
	for (int again = 0; again < 2; again++) {
		assert_true(v->pub.queue[1].desc == 0x2222222211111110);
		assert_true(v->pub.queue[1].avail == 0x4444444433333332);
		assert_true(v->pub.queue[1].used == 0x6666666655555554);
		assert_int_equal(v->pub.queue[1].num, 64);
		/* A live queue keeps what it has. */
		wr(REG_QueueNum, 8);
		wr(REG_QueueDescLow, 0);
		wr(REG_QueueDriverHigh, 0);
		wr(REG_QueueDeviceLow, 0);
	}
	assert_false(v->pub.queue[0].ready);
	reset();
	assert_int_equal(rd(REG_QueueReady), 0);
}

static void stopping_a_quiet_queue(void **state)
{
	(void)state;
	wr(REG_QueueNum, 8);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 1);
	wr(REG_QueueReady, 0);
	assert_int_equal(rd(REG_QueueReady), 0);
}

/* A doorbell counts for a queue that exists, is ready, and of a driver that is live. */
static void doorbells(void **state)
{
	(void)state;
	wr(REG_QueueNum, 8);
	wr(REG_QueueReady, 1);
	wr(REG_QueueNotify, 0);
	assert_false(has_bell());
	assert_int_equal(v->sched.pending, 0);
	negotiate(1ull << F_BIT_VERSION_1);
	wr(REG_QueueNotify, 0);
	assert_int_equal(v->sched.pending, 0);
	assert_int_equal(v->sched.state, S(sched, IDLE));
	wr(REG_Status, ACK | DRIVER | FEATURES_OK | DRIVER_OK);
	for (unsigned i = 0; i < 20 && !out.m_axi_arvalid; i++)
		tick();
	/* Going live looks at the ready queue. */
	assert_int_equal(v->sched.state, S(sched, BUSY));
	wr(REG_QueueNotify, 1);
	wr(REG_QueueNotify, 0xffff);
	wr(REG_QueueNotify, 0x10000);
	wr(REG_QueueNotify, 4);
	assert_int_equal(v->sched.pending, 0);
	wr(REG_QueueNotify, 0);
	tick();
	assert_int_equal(v->sched.pending, 1);
}

/* The register reads 1 until the last chain of the queue is done; everything else is answered meanwhile. */
static void queue_reset_waits_for_the_chains(void **state)
{
	(void)state;
	bring_up(1ull << F_BIT_RING_RESET);
	v->fetch.last[1] = v->fetch.taken[1] = 3;
	v->used.next[1] = v->used.acked[1] = v->used.shown[1] = v->used.given[1] = 2;
	wr(REG_QueueReset, 1);
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(rd(REG_QueueReset), 1);
		assert_false(vio_idle(v, &out));
		wr(REG_QueueSel, 0);
		assert_int_equal(rd(REG_QueueReset), 0); /* another queue's */
		assert_int_equal(rd(REG_QueueReady), 0);
		wr(REG_QueueSel, 1);
	}
	v->used.next[1] = v->used.acked[1] = v->used.shown[1] = v->used.given[1] = 3;
	for (unsigned i = 0; i < 10; i++)
		tick();
	assert_int_equal(rd(REG_QueueReset), 0);
	assert_int_equal(rd(REG_QueueReady), 0);
	assert_true(vio_idle(v, &out));
	/* It starts anew, with another size. */
	wr(REG_QueueNum, 32);
	wr(REG_QueueReady, 1);
	assert_int_equal(rd(REG_QueueReady), 1);
	assert_int_equal(rd(REG_QueueReset), 0);
	assert_int_equal(v->pub.queue[1].num, 32);
	assert_int_equal(v->fetch.last[1] | v->used.next[1] | v->used.shown[1], 0);
}

/* Queues are stopped one at a time; a device reset goes past that. */
static void device_reset_ends_a_queue_reset(void **state)
{
	(void)state;
	bring_up(1ull << F_BIT_RING_RESET);
	v->fetch.last[1] = v->fetch.taken[1] = 3;
	wr(REG_QueueReset, 1);
	post(REG_QueueReady, 1, 0xf, 0);
	for (unsigned i = 0; i < 50; i++) {
		tick();
		assert_int_equal(out.s_axil_bvalid, 0);
	}
	v->used.next[1] = v->used.acked[1] = v->used.shown[1] = v->used.given[1] = 3;
	in.s_axil_bready = 1;
	for (unsigned i = 0; i < 10; i++)
		tick();
	in.s_axil_bready = 0;
	assert_int_equal(rd(REG_QueueReady), 1);
	answer_reads();
	v->fetch.last[1] = v->fetch.taken[1] = 3;
	wr(REG_QueueReset, 1);
	assert_int_equal(rd(REG_QueueReset), 1);
	reset();
	assert_int_equal(rd(REG_Status), 0);
	wr(REG_QueueSel, 1);
	assert_int_equal(rd(REG_QueueReset) | rd(REG_QueueReady), 0);
}

static void queue_reset_is_ignored(void **state)
{
	(void)state;
	/* Without the feature. */
	bring_up(0);
	wr(REG_QueueReset, 1);
	assert_int_equal(rd(REG_QueueReset), 0);
	assert_int_equal(rd(REG_QueueReady), 1);
	reset();
	/* Written as 0; for a queue that is not ready; for one that does not exist. */
	bring_up(1ull << F_BIT_RING_RESET);
	wr(REG_QueueReset, 0);
	assert_int_equal(rd(REG_QueueReady), 1);
	for (uint32_t q = 0; q < 6; q++) {
		if (q == 1)
			continue;
		wr(REG_QueueSel, q);
		wr(REG_QueueReset, 1);
		assert_int_equal(rd(REG_QueueReset), 0);
	}
	wr(REG_QueueSel, 1);
	assert_int_equal(rd(REG_QueueReset), 0);
	assert_int_equal(rd(REG_QueueReady), 1);
}

/* The upper half of a notification says where the driver is; the device needs only the queue. */
static void notification_data(void **state)
{
	static const uint32_t upper[] = {0, 1, 0x7fff, 0x8000, 0xffff};

	(void)state;
	bring_up(1ull << F_BIT_NOTIFICATION_DATA);
	for (unsigned i = 0; i < sizeof upper / sizeof *upper; i++) {
		v->sched.state = S(sched, BUSY); /* bells stay to be seen */
		wr(REG_QueueNotify, upper[i] << 16 | 1);
		tick();
		assert_int_equal(v->sched.pending, 2);
		v->sched.pending = 0;
		wr(REG_QueueNotify, upper[i] << 16 | 2);
		wr(REG_QueueNotify, upper[i] << 16 | 0);
		tick();
		assert_int_equal(v->sched.pending, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		REGS(queues_that_exist),
		REGS(queue_sizes),
		REGS(queue_num_max_is_a_strap),
		REGS(queue_sizes_of_a_packed_ring),
		REGS(odd_sizes_without_packed_rings),
		REGS(queue_addresses_and_a_live_queue),
		REGS(stopping_a_quiet_queue),
		REGS(doorbells),
		REGS(queue_reset_waits_for_the_chains),
		REGS(device_reset_ends_a_queue_reset),
		REGS(queue_reset_is_ignored),
		REGS(notification_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
