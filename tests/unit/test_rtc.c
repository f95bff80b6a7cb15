/* SPDX-License-Identifier: Apache-2.0
 * test_rtc.c: the real-time clock: time from the clock, and an alarm at the clock that rtc_next told.
 */
#include "unit.h"
#include "soc/rtc.h"

enum {
	TIME_LOW = 0,
	TIME_HIGH = 4,
	ALARM_LOW = 8,
	ALARM_HIGH = 12,
	ENABLED = 16,
	CLEAR_ALARM = 20,
	STATUS = 24,
	CLEAR = 28
};

#define START 1767225600u

static struct rtc rtc;

static int setup(void **state)
{
	(void)state;
	memset(&rtc, 0, sizeof rtc);
	rtc_start(&rtc, START);
	return 0;
}

static uint32_t rd(uint64_t cycle, unsigned offset)
{
	uint64_t data = ~0ull;

	assert_true(rtc_load(&rtc, cycle, offset, 4, &data));
	assert_true(data <= UINT32_MAX);
	return (uint32_t)data;
}

static void wr(uint64_t cycle, unsigned offset, uint32_t data)
{
	assert_true(rtc_store(&rtc, cycle, offset, 4, data));
}

/* A driver reads the low half first, which keeps the high half of that moment. */
static uint64_t time_at(uint64_t cycle)
{
	uint64_t low = rd(cycle, TIME_LOW);

	return (uint64_t)rd(cycle + 1000000000, TIME_HIGH) << 32 | low;
}

static void test_time(void **state)
{
	(void)state;
	assert_int_equal(time_at(0), START * 1000000000ull);
	assert_int_equal(time_at(123), START * 1000000000ull + 1230);
	wr(200, TIME_HIGH, 0x12);
	wr(200, TIME_LOW, 0x34567890);
	assert_int_equal(time_at(200), 0x1234567890);
	assert_int_equal(time_at(201), 0x123456789a);
	rtc_reset(&rtc);
	assert_int_equal(time_at(201), 0x123456789a);
}

static void set_alarm(uint64_t cycle, uint64_t ns)
{
	wr(cycle, ALARM_HIGH, (uint32_t)(ns >> 32));
	wr(cycle, ALARM_LOW, (uint32_t)ns);
}

static void test_alarm(void **state)
{
	uint64_t start = START * 1000000000ull;

	(void)state;
	assert_int_equal(rtc_next(&rtc, 0), UINT64_MAX);
	wr(0, ENABLED, 1);
	set_alarm(5, start + 1001);
	assert_int_equal(rd(5, STATUS), 1);
	assert_int_equal(rtc_next(&rtc, 5), 101); /* the first clock whose time is not before it */
	assert_false(rtc_interrupt(&rtc, 100));
	assert_true(rtc_interrupt(&rtc, 101));
	assert_int_equal(rtc_next(&rtc, 101), UINT64_MAX);
	assert_int_equal(rd(102, STATUS), 0);
	wr(103, ENABLED, 0);
	assert_false(rtc_interrupt(&rtc, 103));
	wr(103, ENABLED, 1);
	assert_true(rtc_interrupt(&rtc, 104));
	wr(105, CLEAR, 1);
	assert_false(rtc_interrupt(&rtc, 105));
}

/* An alarm of the past comes at once, one that is cleared never. */
static void test_past_and_cleared(void **state)
{
	(void)state;
	wr(0, ENABLED, 1);
	set_alarm(0, 1);
	assert_true(rtc_interrupt(&rtc, 0));
	wr(0, CLEAR, 1);
	set_alarm(0, START * 1000000000ull + 100);
	wr(1, CLEAR_ALARM, 1);
	assert_int_equal(rtc_next(&rtc, 1), UINT64_MAX);
	assert_false(rtc_interrupt(&rtc, 1000));
	assert_int_equal(rd(1000, STATUS), 0);
}

static void test_accesses(void **state)
{
	uint64_t data;

	(void)state;
	assert_false(rtc_load(&rtc, 0, 0, 8, &data));
	assert_false(rtc_load(&rtc, 0, 0, 1, &data));
	assert_false(rtc_store(&rtc, 0, 0, 2, 0));
	assert_int_equal(rd(0, 0x20), 0);
	wr(0, 0x100, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_time, setup),
		cmocka_unit_test_setup(test_alarm, setup),
		cmocka_unit_test_setup(test_past_and_cleared, setup),
		cmocka_unit_test_setup(test_accesses, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
