/* SPDX-License-Identifier: Apache-2.0
 * test_bench.c: the arithmetic of tests/bench/beats.h, against beats counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "../bench/beats.h"

static void payload_rounds_up(void **state)
{
	(void)state;
	assert_float_equal(beats_payload(0), 0, 0);
	assert_float_equal(beats_payload(1), 1, 0);
	assert_float_equal(beats_payload(8), 1, 0);
	assert_float_equal(beats_payload(9), 2, 0);
	assert_float_equal(beats_payload(4096), 512, 0);
}

/* Disk to memory: payload, status and used element are written; entry, descriptors and header are read. */
static void read_request(void **state)
{
	(void)state;
	assert_float_equal(beats_write(false, 4096), 512 + 1 + 1, 0);
	assert_float_equal(beats_read(false, 4096), 0.25 + 6 + 2, 0);
	assert_float_equal(beats_forced(false, 4096), 514, 0);
	assert_float_equal(beats_forced(false, 512), 66, 0);
}

static void write_request(void **state)
{
	(void)state;
	assert_float_equal(beats_write(true, 4096), 2, 0);
	assert_float_equal(beats_read(true, 4096), 8.25 + 512, 0);
	assert_float_equal(beats_forced(true, 512), 72.25, 0);
}

/* A request without payload is bound by what it reads. */
static void busier_channel(void **state)
{
	(void)state;
	assert_float_equal(beats_forced(false, 0), 8.25, 0);
	assert_float_equal(beats_forced(false, 56), 9, 0);
}

static void efficiency_and_bound(void **state)
{
	(void)state;
	assert_float_equal(beats_efficiency(false, 4096, 1000, 514000), 1, 1e-9);
	assert_float_equal(beats_efficiency(true, 512, 1000, 144500), 0.5, 1e-9);
	assert_float_equal(beats_latency_bound(32, 4096), 6 * 34 + 512, 0);
	assert_float_equal(beats_latency_bound(64, 512), 6 * 66 + 64, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payload_rounds_up),    cmocka_unit_test(read_request),
		cmocka_unit_test(write_request),        cmocka_unit_test(busier_channel),
		cmocka_unit_test(efficiency_and_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
