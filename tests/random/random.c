/* SPDX-License-Identifier: Apache-2.0
 * random.c: random requests over random rings against the device's pins, judged by the scoreboard.
 *
 * A run is a row of sessions. Each starts with a device reset, has its own memory timing, features and ring sizes, and
 * ends drained, or by a reset or a wrong with requests in flight. One seed is one run, byte for byte.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "draw.h"
#include "driver.h"
#include "lockstep.h"
#include "resume.h"
#include "traffic.h"
#include "vio_params.h"

static const char usage[] =
	"usage: random [--dut model|rtl|lockstep] [--seed N] [--requests N] [--profile NAME] [--log FILE]\n"
	"              [--record FILE] [--shuffle N] [--no-idle-skip] [--saves CLOCKS]\n"
	"  --saves N: every N clocks, on average, the device goes on as another one that was restored from it\n"
	"profiles: mixed (the default), fast, stall, wrap, hostile\n";

static const char *const profile_names[PROFILES] = {"mixed", "fast", "stall", "wrap", "hostile"};

static const uint64_t device_features = 0
#define FEATURE(name, bit, what) | 1ull << (bit)
#include "def/features.def"
#undef FEATURE
	;

struct options {
	const char *dut, *log, *record;
	uint64_t seed, requests, shuffle, saves;
	enum profile profile;
	bool idle_skip;
};

static struct machine machine;
static struct driver driver;
static struct options opt = {.dut = "model", .seed = 1, .requests = 2000, .idle_skip = true};

static uint64_t number(const char *name, const char *text)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end != 0 || errno != 0)
		sim_die("%s wants a number, not \"%s\"", name, text);
	return value;
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(name, "--help") == 0) {
			fputs(usage, stdout);
			exit(0);
		}
		if (strcmp(name, "--no-idle-skip") == 0) {
			opt.idle_skip = false;
			continue;
		}
		if (strncmp(name, "--", 2) != 0 ||
		    strstr("--dut --seed --requests --profile --log --record --shuffle --saves", name) == NULL)
			sim_die("unknown option %s (see --help)", name);
		if (value == NULL)
			sim_die("%s wants a value", name);
		i++;
		if (strcmp(name, "--dut") == 0)
			opt.dut = value;
		else if (strcmp(name, "--seed") == 0)
			opt.seed = number(name, value);
		else if (strcmp(name, "--requests") == 0)
			opt.requests = number(name, value);
		else if (strcmp(name, "--log") == 0)
			opt.log = value;
		else if (strcmp(name, "--record") == 0)
			opt.record = value;
		else if (strcmp(name, "--shuffle") == 0)
			opt.shuffle = number(name, value);
		else if (strcmp(name, "--saves") == 0)
			opt.saves = number(name, value);
		else if (strcmp(name, "--profile") == 0) {
			for (opt.profile = MIXED; opt.profile < PROFILES; opt.profile++)
				if (strcmp(value, profile_names[opt.profile]) == 0)
					break;
			if (opt.profile == PROFILES)
				sim_die("unknown profile %s (see --help)", value);
		} else {
			sim_die("unknown option %s (see --help)", name);
		}
	}
}

static struct dut *open_one(void)
{
	struct dut *dut;

	if (strcmp(opt.dut, "model") == 0)
		dut = dut_open_model();
	else if (strcmp(opt.dut, "rtl") == 0)
		dut = dut_open_rtl();
	else if (strcmp(opt.dut, "lockstep") == 0)
		dut = lockstep_open(dut_open_model(), dut_open_rtl());
	else
		sim_die("unknown device %s (see --help)", opt.dut);
	if (opt.shuffle != 0 && strcmp(opt.dut, "rtl") == 0)
		sim_die("--shuffle is for the model's units, and there is no model with --dut rtl");
	if (opt.shuffle != 0)
		dut_model_shuffle(lockstep_model(dut) != NULL ? lockstep_model(dut) : dut, opt.shuffle);
	return dut;
}

static struct dut *open_dut(void)
{
	if (opt.saves == 0)
		return open_one();
	if (opt.saves > 1000000000)
		sim_die("--saves: %llu clocks are too many", (unsigned long long)opt.saves);
	return resume_open(open_one(), open_one(), (uint32_t)opt.saves, opt.seed);
}

/* The one command that repeats this run. */
static void print_command(FILE *f)
{
	fputs("build/", f);
	if (VIO_DATA_W != 64)
		fprintf(f, "w%d/", VIO_DATA_W);
	fprintf(f, "random --dut %s --profile %s --seed %llu --requests %llu", opt.dut, profile_names[opt.profile],
		(unsigned long long)opt.seed, (unsigned long long)opt.requests);
	if (opt.shuffle != 0)
		fprintf(f, " --shuffle %llu", (unsigned long long)opt.shuffle);
	if (opt.saves != 0)
		fprintf(f, " --saves %llu", (unsigned long long)opt.saves);
	fprintf(f, "%s\n", opt.idle_skip ? "" : " --no-idle-skip");
}

static int report(void)
{
	uint64_t n = machine.line_count < MACHINE_LINES ? machine.line_count : MACHINE_LINES;

	printf("random: FAILED in clock %llu, after %u requests: %s\n", (unsigned long long)machine.cycle, driver.done,
	       machine.error);
	printf("states 0x%llx, idle %d; the last lines of the log:\n",
	       (unsigned long long)machine.dut->ops->states(machine.dut), dut_idle(machine.dut));
	for (uint64_t i = machine.line_count - n; i < machine.line_count; i++)
		printf("  %s\n", machine.lines[i % MACHINE_LINES]);
	printf("repeat with: ");
	print_command(stdout);
	return 1;
}

static void run(void)
{
	while (driver.done < opt.requests && !machine_failed(&machine)) {
		struct session s = draw_session(&driver, opt.profile);
		uint64_t left = opt.requests - driver.done, most = opt.profile == HOSTILE ? 20 : 400;

		driver_start(&driver, &s);
		if (opt.profile != WRAP && left > most)
			left = 1 + sim_rng_below(&driver.rng, (uint32_t)most);
		traffic_run(&driver, opt.profile, driver.posted + left);
		traffic_end(&driver, opt.profile);
	}
	if (!machine_failed(&machine))
		driver_reset(&driver);
}

/* The memory lies where address arithmetic may go wrong: at the ends of 32 and 64 bits, too. */
static uint64_t random_base(void)
{
	static const uint64_t bases[] = {0x80000000, 0xffe00000, 0x123456789a000, 0, 0x80000000};
	uint32_t i = sim_rng_below(&driver.rng, 5);

	return i == 3 ? 0 - (uint64_t)DRIVER_MEM_BYTES - (1 << 24) : bases[i];
}

static void open_score(struct score *s)
{
	s->base = random_base();
	s->size = DRIVER_MEM_BYTES;
	s->mem = sim_alloc(s->size);
	s->shadow = sim_alloc(s->size);
	s->disk_size = DRIVER_DISK_BYTES;
	s->disk = sim_alloc(s->disk_size);
	s->disk_shadow = sim_alloc(s->disk_size);
	for (uint64_t i = 0; i < s->size; i++)
		s->mem[i] = s->shadow[i] = (uint8_t)sim_rng_next(&driver.rng);
	for (uint64_t i = 0; i < s->disk_size; i++)
		s->disk[i] = s->disk_shadow[i] = (uint8_t)sim_rng_next(&driver.rng);
	memcpy(s->serial, "ringwalk-random-0001", SCORE_ID_LEN);
}

static void close_all(void)
{
	struct score *s = &driver.score;

	axi_mem_free(machine.mem);
	disk_free(machine.disk);
	axil_free(machine.axil);
	machine.dut->ops->close(machine.dut);
	free(s->mem);
	free(s->shadow);
	free(s->disk);
	free(s->disk_shadow);
	if (machine.record != NULL)
		record_close(machine.record);
	if (machine.log != NULL && machine.log != stdout && fclose(machine.log) != 0)
		sim_die("cannot write the log %s: %s", opt.log, strerror(errno));
}

int main(int argc, char **argv)
{
	int status = 0;

	parse(argc, argv);
	sim_rng_init(&driver.rng, opt.seed);
	machine.dut = open_dut();
	machine.idle_skip = opt.idle_skip;
	machine.limit = 400000;
	machine.watch = driver_watch;
	machine.context = &driver;
	machine.command = driver_command;
	driver.m = &machine;
	driver.goal = opt.requests;
	driver.device_has = device_features;
	driver.isr_allowed = 1;
	if (opt.log != NULL) {
		machine.log = strcmp(opt.log, "-") == 0 ? stdout : fopen(opt.log, "w");
		if (machine.log == NULL)
			sim_die("cannot create the log %s: %s", opt.log, strerror(errno));
	}
	if (opt.record != NULL)
		machine.record = record_open(opt.record, opt.seed, "random");
	open_score(&driver.score);
	run();
	if (opt.profile == WRAP && driver.done > 66000 && !driver.wrapped)
		machine_fail(&machine, "indices did not wrap");
	if (opt.saves != 0 && resume_saves(machine.dut) < 10)
		machine_fail(&machine, "hardly a save");
	if (machine_failed(&machine))
		status = report();
	else
		printf("random: %u requests, %llu cycles, 0 mismatches, seed %llu\n", driver.done,
		       (unsigned long long)machine.cycle, (unsigned long long)opt.seed);
	close_all();
	return status;
}
