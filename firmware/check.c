/* SPDX-License-Identifier: Apache-2.0
 * check.c: counts and prints.
 */
#include "check.h"

#include "finish.h"
#include "print.h"

static const char *test_name = "main";
static const char *prefix = "";
static unsigned checks;
static unsigned failures;
static bool ours_running;
static void *ours_end[5]; /* where check_give_up leaves a test of TEST_OURS for */

void check_test(const char *name, void (*fn)(void), bool ours)
{
	test_name = name;
	prefix = ours ? "[ours] " : "";
	ours_running = ours;
	if (!ours || __builtin_setjmp(ours_end) == 0)
		fn();
	ours_running = false;
	test_name = "main";
	prefix = "";
}

static void count(void)
{
	if (!ours_running)
		checks++;
}

bool check_eq(const char *what, uint64_t got, uint64_t want)
{
	count();
	if (got == want) {
		print("%sok %s.%s\n", prefix, test_name, what);
		return true;
	}
	failures++;
	print("%sFAIL %s.%s: got 0x%lx want 0x%lx\n", prefix, test_name, what, got, want);
	return false;
}

bool check_true(const char *what, bool got)
{
	return check_eq(what, got, true);
}

void check_fold_eq(struct check_fold *fold, uint64_t round, uint64_t got, uint64_t want)
{
	if (fold->failed || got == want)
		return;
	fold->failed = true;
	fold->round = round;
	fold->got = got;
	fold->want = want;
}

bool check_fold_end(const struct check_fold *fold)
{
	count();
	if (!fold->failed) {
		print("%sok %s.%s\n", prefix, test_name, fold->what);
		return true;
	}
	failures++;
	print("%sFAIL %s.%s: round %lu: got 0x%lx want 0x%lx\n", prefix, test_name, fold->what, fold->round, fold->got,
	      fold->want);
	return false;
}

int check_end(const char *program)
{
	print("%s: %u checks made\n", program, checks);
	return failures == 0 ? 0 : 1;
}

_Noreturn void check_give_up(const char *why)
{
	print("%sFAIL %s: %s\n", prefix, test_name, why);
	failures++;
	if (ours_running)
		__builtin_longjmp(ours_end, 1);
	finish(1);
}
