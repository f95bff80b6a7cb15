/* SPDX-License-Identifier: Apache-2.0
 * test_bench.c: the arithmetic of tests/bench/beats.h, against beats counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "../bench/beats.h"

static struct beats_request request(bool out, uint32_t bytes)
{
	return (struct beats_request){.out = out, .bytes = bytes, .segments = 1};
}

static double payload(uint32_t bytes, unsigned segments, unsigned offset)
{
	const struct beats_request q = {.bytes = bytes, .segments = segments, .offset = offset};

	return beats_payload(&q);
}

static void payload_rounds_up(void **state)
{
	(void)state;
	assert_float_equal(payload(0, 1, 0), 0, 0);
	assert_float_equal(payload(1, 1, 0), 1, 0);
	assert_float_equal(payload(8, 1, 0), 1, 0);
	assert_float_equal(payload(9, 1, 0), 2, 0);
	assert_float_equal(payload(4096, 1, 0), 512, 0);
	assert_float_equal(payload(4096, 1, 1), 513, 0);
	assert_float_equal(payload(65536, 16, 7), 16 * 513, 0);
}

/* Disk to memory: payload, status and used element are written; entry, descriptors and header are read. */
static void read_request(void **state)
{
	const struct beats_request page = request(false, 4096), sector = request(false, 512);

	(void)state;
	assert_float_equal(beats_write(&page), 512 + 1 + 1, 0);
	assert_float_equal(beats_read(&page), 0.25 + 6 + 2, 0);
	assert_float_equal(beats_forced(&page), 514, 0);
	assert_float_equal(beats_forced(&sector), 66, 0);
}

static void write_request(void **state)
{
	const struct beats_request page = request(true, 4096), sector = request(true, 512);

	(void)state;
	assert_float_equal(beats_write(&page), 2, 0);
	assert_float_equal(beats_read(&page), 8.25 + 512, 0);
	assert_float_equal(beats_forced(&sector), 72.25, 0);
}

/* A packed ring has no entries; a table costs one descriptor more. */
static void ring_formats(void **state)
{
	struct beats_request q = request(true, 512);

	(void)state;
	q.packed = true;
	assert_float_equal(beats_forced(&q), 72, 0);
	q.indirect = true;
	assert_float_equal(beats_forced(&q), 74, 0);
	q.packed = false;
	assert_float_equal(beats_forced(&q), 74.25, 0);
}

/* A request without payload is bound by what it reads. */
static void busier_channel(void **state)
{
	const struct beats_request none = request(false, 0), some = request(false, 56);

	(void)state;
	assert_float_equal(beats_forced(&none), 8.25, 0);
	assert_float_equal(beats_forced(&some), 9, 0);
}

static void latency_bound(void **state)
{
	const struct beats_request page = request(false, 4096), sector = request(false, 512);

	(void)state;
	assert_float_equal(beats_latency_bound(32, &page), 6 * 34 + 512, 0);
	assert_float_equal(beats_latency_bound(64, &sector), 6 * 66 + 64, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payload_rounds_up), cmocka_unit_test(read_request),   cmocka_unit_test(write_request),
		cmocka_unit_test(ring_formats),      cmocka_unit_test(busier_channel), cmocka_unit_test(latency_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
