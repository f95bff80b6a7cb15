/* SPDX-License-Identifier: Apache-2.0
 * test_score_ranges.c: the scoreboard of tests/random on DISCARD and its like, on the lifetime, and on what a power cut would
 * lose. */
#include "score_rig.h"

#include "../random/stable.c"

/* A request of ranges; their memory is not looked at. */
static void build_range(uint32_t type, struct score_range range)
{
	build(type, 0, 16, 0);
	r.ranges[0] = range;
}

static void test_ranges(void **state)
{
	(void)state;
	build_range(TYPE_DISCARD, (struct score_range){.sectors = 1});
	finish(STATUS_UNSUPP, 1, NULL); /* not negotiated */
	s.types = 1u << TYPE_DISCARD | 1u << TYPE_WRITE_ZEROES | 1u << TYPE_SECURE_ERASE;
	for (unsigned type = 0; type < SCORE_TYPES; type++)
		s.limits[type] = (struct score_limit){8, 1};
	build_range(TYPE_WRITE_ZEROES, (struct score_range){3, 2, 1});
	memset(disk + 3 * SCORE_SECTOR, 0, 2 * SCORE_SECTOR);
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_DISCARD, (struct score_range){7, 1, 0});
	memset(disk + 7 * SCORE_SECTOR, 0xaa, SCORE_SECTOR); /* any contents */
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_SECURE_ERASE, (struct score_range){9, 1, 0});
	memset(disk + 9 * SCORE_SECTOR, 0, SCORE_SECTOR);
	finish(STATUS_OK, 1, NULL);
	build_range(TYPE_DISCARD, (struct score_range){0, 1, 1});
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){0, 1, 2});
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){0, 9, 0});
	finish(STATUS_IOERR, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){15, 2, 0});
	finish(STATUS_IOERR, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){~0ull, 2, 4}); /* wrong in two ways: either answer */
	finish(STATUS_UNSUPP, 1, NULL);
	build_range(TYPE_WRITE_ZEROES, (struct score_range){~0ull, 2, 4});
	finish(STATUS_IOERR, 1, NULL);
	build(TYPE_DISCARD, 0, 17, 0);
	finish(STATUS_IOERR, 1, NULL);
	build(TYPE_DISCARD, 0, 32, 0);
	finish(STATUS_IOERR, 1, NULL);
	s.read_only = true;
	build_range(TYPE_DISCARD, (struct score_range){.sectors = 1});
	finish(STATUS_IOERR, 1, NULL);
}

static void test_wrong_ranges(void **state)
{
	static const struct {
		enum score_type type;
		uint8_t first; /* of the sector that must be zeros, or change */
		unsigned sector;
		const char *part;
	} cases[] = {{TYPE_WRITE_ZEROES, 1, 3, "sector 3 of the disk is not zero"},
		     {TYPE_WRITE_ZEROES, 0, 4, "disk changed"},
		     {TYPE_SECURE_ERASE, 2, 5, "sector 3 of the disk was not erased"}};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		setup(state);
		s.types = 1u << cases[i].type;
		s.limits[cases[i].type] = (struct score_limit){8, 1};
		build_range(cases[i].type, (struct score_range){3, 1, 0});
		if (cases[i].type == TYPE_WRITE_ZEROES)
			memset(disk + 3 * SCORE_SECTOR, 0, SCORE_SECTOR);
		disk[cases[i].sector * SCORE_SECTOR] ^= 1;
		if (cases[i].type == TYPE_WRITE_ZEROES)
			disk[3 * SCORE_SECTOR] = cases[i].first;
		finish(STATUS_OK, 1, cases[i].part);
	}
}

static void test_lifetime(void **state)
{
	(void)state;
	s.types = 1u << TYPE_LIFETIME;
	build(TYPE_LIFETIME, 0, 0, 6);
	memcpy(mem + IN_AT, "\3\0\13\0\0\0", 6);
	finish(STATUS_OK, 7, NULL);
	build(TYPE_LIFETIME, 0, 0, 40);
	finish(STATUS_OK, 6, NULL);
	build(TYPE_LIFETIME, 0, 0, 6);
	mem[IN_AT + 4] = 12;
	finish(STATUS_OK, 7, "reserved values");
}

static void test_stable(void **state)
{
	static struct stable st;

	(void)state;
	stable_clear(&st);
	stable_command(&st, VIO_BE_WRITE_FUA, 3, 2 * SCORE_SECTOR);
	assert_true(stable_written(&st, 3, 2, 10, true));
	stable_command(&st, VIO_BE_WRITE, 4, SCORE_SECTOR);
	assert_true(stable_flushed(&st, 100)); /* not completed before it */
	assert_true(stable_written(&st, 4, 1, 20, false));
	assert_false(stable_written(&st, 3, 2, 20, true));
	assert_false(stable_flushed(&st, 21));
	assert_true(stable_flushed(&st, 20));
	stable_command(&st, VIO_BE_FLUSH, 0, 0);
	assert_true(stable_flushed(&st, 21));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(test_##name, setup)
	const struct CMUnitTest tests[] = {T(ranges), T(wrong_ranges), T(lifetime), T(stable)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
