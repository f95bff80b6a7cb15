/* SPDX-License-Identifier: Apache-2.0
 * check.h: the harness of the t_*.c programs.
 *
 * A program is a list of tests; a test makes checks. Each check prints one line, `ok test.check` or
 * `FAIL test.check: got G want W`, and nothing that depends on speed or on addresses, so that two machines'
 * transcripts can be compared. A test run by TEST_OURS asks for more than QEMU gives: its lines start with
 * `[ours] `, and tests/system/qemu_skips.txt says why each is no fault of QEMU's.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>

#define TEST(fn) check_test(#fn, fn, false)
#define TEST_OURS(fn) check_test(#fn, fn, true)

/* Runs one test and names its checks. */
void check_test(const char *name, void (*fn)(void), bool ours);

/* One check. Returns whether it held. */
bool check_eq(const char *what, uint64_t got, uint64_t want);
bool check_true(const char *what, bool got);

/* Checks of a loop fold into one line: the first failure is what gets printed. */
struct check_fold {
	const char *what;
	uint64_t round;
	uint64_t got;
	uint64_t want;
	bool failed;
};

void check_fold_eq(struct check_fold *fold, uint64_t round, uint64_t got, uint64_t want);
bool check_fold_end(const struct check_fold *fold);

/* Prints the closing line, with the number of checks outside TEST_OURS. Returns main's result: 0 if every check held, else 1. */
int check_end(const char *program);

/* A test that cannot go on ends the run here, with status 1. One of TEST_OURS ends alone, as failed: how far a device
 * gets in what it does not promise may depend on its speed, and the rest of the transcript must not. */
_Noreturn void check_give_up(const char *why);

#endif
