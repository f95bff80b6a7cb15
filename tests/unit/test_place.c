/* SPDX-License-Identifier: Apache-2.0
 * test_place.c: places in a packed ring against plain integers: a place is a number of slots counted from the start of
 * the queue, which only its slot and its lap modulo 2 are kept of. */
#include "unit.h"
#include "place.h"

static uint16_t place_of(unsigned slots_from_start, unsigned num)
{
	return (uint16_t)(slots_from_start % num + (slots_from_start / num % 2 != 0 ? PLACE_LAP : 0));
}

static void the_wrap_counter_begins_at_1(void **state)
{
	(void)state;
	assert_true(place_wrap(0));
	assert_true(place_wrap(0x7fff));
	assert_false(place_wrap(PLACE_LAP));
	assert_int_equal(place_slot(PLACE_LAP | 5), 5);
	assert_int_equal(place_slot(0x7fff), 0x7fff);
}

/* Every place, and every step up to a whole lap. */
static void try_steps(unsigned num, unsigned from, unsigned slots)
{
	assert_int_equal(place_after(place_of(from, num), (uint16_t)slots, (uint16_t)num), place_of(from + slots, num));
}

static void places_of_small_rings(void **state)
{
	(void)state;
	for (unsigned num = 1; num <= 40; num++)
		for (unsigned from = 0; from < 2 * num; from++)
			for (unsigned slots = 0; slots <= num; slots++)
				try_steps(num, from, slots);
}

static void places_of_the_largest_rings(void **state)
{
	(void)state;
	for (unsigned num = 0x8000; num >= 0x7ffd; num--)
		for (unsigned from = 0; from < 2 * num; from += from % num < 3 || from % num > num - 4 ? 1 : 997)
			for (unsigned slots = 0; slots <= num; slots += slots < 3 || slots > num - 4 ? 1 : 991)
				try_steps(num, from, slots < num ? slots : num);
}

/* From a lap behind, which is told apart from nothing else, to just below a lap ahead. */
static void less_than_a_lap_ahead(void **state)
{
	(void)state;
	for (unsigned num = 1; num <= 40; num++)
		for (unsigned from = 0; from < 2 * num; from++)
			for (unsigned ahead = 0; ahead < 2 * num; ahead++)
				assert_int_equal(place_within_lap(place_of(from, num), place_of(from + ahead, num)),
						 ahead < num);
}

/* The chain before may have been of a longer ring: what lies more than a lap on is not within one. */
static void further_than_a_lap(void **state)
{
	(void)state;
	for (unsigned num = 1; num <= 40; num++)
		for (unsigned from = 0; from < 2 * num; from++)
			for (unsigned slots = num; slots <= 0x8000; slots += slots < 100 ? 1 : 331) {
				const uint16_t place = place_of(from, num);

				assert_false(
					place_within_lap(place, place_after(place, (uint16_t)slots, (uint16_t)num)));
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wrap_counter_begins_at_1), cmocka_unit_test(places_of_small_rings),
		cmocka_unit_test(places_of_the_largest_rings),  cmocka_unit_test(less_than_a_lap_ahead),
		cmocka_unit_test(further_than_a_lap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
