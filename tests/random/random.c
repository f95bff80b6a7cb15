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
#include "hostile.h"
#include "lockstep.h"

static const char usage[] =
	"usage: random [--dut model|rtl|lockstep] [--seed N] [--requests N] [--profile NAME] [--log FILE]\n"
	"              [--record FILE] [--shuffle N] [--no-idle-skip]\n"
	"profiles: mixed (the default), fast, stall, wrap, hostile\n";

static const char *const profile_names[PROFILES] = {"mixed", "fast", "stall", "wrap", "hostile"};

struct options {
	const char *dut, *log, *record;
	uint64_t seed, requests, shuffle;
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
		    strstr("--dut --seed --requests --profile --log --record --shuffle", name) == NULL)
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

static struct dut *open_dut(void)
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

/* The one command that repeats this run. */
static void print_command(FILE *f)
{
	fprintf(f, "build/random --dut %s --profile %s --seed %llu --requests %llu", opt.dut,
		profile_names[opt.profile], (unsigned long long)opt.seed, (unsigned long long)opt.requests);
	if (opt.shuffle != 0)
		fprintf(f, " --shuffle %llu", (unsigned long long)opt.shuffle);
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

static uint32_t below(uint32_t n)
{
	return sim_rng_below(&driver.rng, n);
}

static bool chance(uint32_t per_1024)
{
	return sim_rng_chance(&driver.rng, per_1024);
}

/* Something besides posting, now and then. */
static void disturb(void)
{
	unsigned q = below(driver.s.queues_used);

	switch (below(9)) {
	case 0:
	case 1:
		driver_ack(&driver);
		break;
	case 2:
		if (driver.s.free_kicks || driver.queues[q].kick)
			driver_kick(&driver, q);
		break;
	case 3:
		machine_log(&machine, "W QueueNotify of a queue that does not exist");
		machine_write(&machine, 0x050,
			      driver.s.queues + below(100) +
				      (driver_has(&driver, F_NOTIFICATION_DATA) ? below(65536) << 16 : 0));
		break;
	case 4:
	case 5:
		if (driver.s.toggle_flags)
			driver_set_flags(&driver, q, (uint16_t)below(2));
		break;
	case 6:
		if (opt.profile != WRAP && chance(200))
			driver_reset_queue(&driver, q);
		break;
	case 7:
		machine_read(&machine, (uint16_t)(chance(512) ? 0x800 + 4 * below(32) : below(0x120) * 4));
		break;
	default:
		for (unsigned i = below(2000); i > 0 && driver.in_flight != 0; i--)
			machine_clock(&machine);
		break;
	}
}

/* Posts, notifies and waits at random until so many requests were posted. */
static void traffic(uint64_t target)
{
	unsigned burst = 1 + below(driver.s.slabs > 32 ? 150 : driver.s.short_requests ? 32 : 12);

	if (target > opt.requests + driver.abandoned)
		target = opt.requests + driver.abandoned;
	while (driver.posted < target && !machine_failed(&machine)) {
		unsigned q = below(driver.s.queues_used), posted = 0;

		for (unsigned i = 1 + below(burst); i > 0 && driver.posted < target; i--)
			posted += driver_post(&driver, q);
		if (chance(900))
			driver_publish(&driver, q);
		if (driver.queues[q].kick && (chance(800) || posted == 0))
			driver_kick(&driver, q);
		if (chance(driver_has(&driver, F_EVENT_IDX) ? 400 : 20))
			driver_set_event(&driver, q);
		if (chance(driver.s.short_requests ? 20 : 200))
			disturb();
		for (unsigned i = posted == 0 ? 100 : below(60); i > 0; i--)
			machine_clock(&machine);
		if (chance(driver_has(&driver, F_EVENT_IDX) ? 20 : 4))
			driver_drain(&driver);
	}
}

/* How a session ends. Each leaves the device ready for driver_start. */
static void end_session(void)
{
	unsigned dice = below(100), q = below(driver.s.queues_used);

	if (opt.profile == HOSTILE) {
		for (unsigned tries = 0; tries < 20 && !machine_failed(&machine); tries++)
			if (hostile_inject(&driver, q))
				return;
	}
	if (dice < 25 && opt.profile != WRAP) {
		driver_publish(&driver, q);
		if (chance(512))
			driver_kick(&driver, q);
		for (unsigned i = below(300); i > 0; i--)
			machine_clock(&machine);
		return; /* the reset of the next start comes in the middle */
	}
	if (dice < 45 && opt.profile != WRAP) {
		if (chance(512))
			driver_reset_queue(&driver, q);
		else
			driver_restart_queue(&driver, q);
		traffic(driver.posted + 1 + below(20));
	}
	driver_drain(&driver);
}

static void run(void)
{
	while (driver.done < opt.requests && !machine_failed(&machine)) {
		struct session s = draw_session(&driver, opt.profile);
		uint64_t left = opt.requests - driver.done, most = opt.profile == HOSTILE ? 20 : 400;

		driver_start(&driver, &s);
		if (opt.profile != WRAP && left > most)
			left = 1 + below((uint32_t)most);
		traffic(driver.posted + left);
		end_session();
	}
	if (!machine_failed(&machine))
		driver_reset(&driver);
}

/* The memory lies where address arithmetic may go wrong: at the ends of 32 and 64 bits, too. */
static uint64_t random_base(void)
{
	static const uint64_t bases[] = {0x80000000, 0xffe00000, 0x123456789a000, 0, 0x80000000};
	uint32_t i = below(5);

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
	driver.m = &machine;
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
	if (machine_failed(&machine))
		status = report();
	else
		printf("random: %u requests, %llu cycles, 0 mismatches, seed %llu\n", driver.done,
		       (unsigned long long)machine.cycle, (unsigned long long)opt.seed);
	close_all();
	return status;
}
