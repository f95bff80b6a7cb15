/* SPDX-License-Identifier: Apache-2.0
 * test_soc_state.c: a machine that is saved in the middle of a request and restored into another one goes on alike; and
 * without any one section it does not, so that nothing can be left out of a restore unseen.
 */
#include "unit.h"
#include <sys/wait.h>
#include <unistd.h>
#include "sim.h"
#include "soc.h"
#include "stream.h"

enum { DRAM_BYTES = 0x10000, SLOT = 7, SECTORS = 16, END = 40000, SECTIONS = 32 };
enum { DESC = 0x4000, AVAIL = 0x5000, USED = 0x6000, HEADER = 0x7000, DATA = 0x8000, STATUS = 0x7100 };

/* Counts in memory and through the bus, for ever:
 *
 *         auipc s1, 1; lui s0, 0x10008; lui s2, 0x10000
 * 1:      addi a0, a0, 1; sd a0, 0(s1); mul a1, a0, a0; lw t1, 0x70(s0); sw t1, 0x70(s0); add a2, a2, a1; sb a0, 7(s2)
 *         j 1b
 */
static const uint32_t program[] = {0x00001497, 0x10008437, 0x10000937, 0x00150513, 0x00a4b023, 0x02a505b3,
				   0x07042303, 0x06642823, 0x00b60633, 0x00a903a3, 0xfe5ff06f};

static uint8_t disk_bytes[SECTORS * 512];

/* A stream that knows where its sections lie, and while restoring takes one of them from another tape. */
struct tape {
	struct stream s;
	uint8_t *bytes;
	size_t len, room;
	struct {
		const char *name;
		size_t at;
	} index[SECTIONS];
	unsigned sections;
	const char *lost; /* or NULL */
	const struct tape *instead, *from;
	size_t at;
};

static size_t find(const struct tape *t, const char *name)
{
	for (unsigned i = 0; i < t->sections; i++)
		if (!strcmp(t->index[i].name, name))
			return t->index[i].at;
	fail_msg("no section %s", name);
	return 0;
}

static void tape_section(struct stream *s, const char *name)
{
	struct tape *t = (struct tape *)s;

	if (s->saving) {
		assert_true(t->sections < SECTIONS);
		t->index[t->sections].name = name;
		t->index[t->sections++].at = t->len;
		return;
	}
	t->from = t->lost && !strcmp(t->lost, name) ? t->instead : t;
	t->at = find(t->from, name);
}

static void tape_bytes(struct stream *s, void *p, size_t n)
{
	struct tape *t = (struct tape *)s;

	if (!s->saving) {
		assert_true(t->from->len - t->at >= n);
		memcpy(p, t->from->bytes + t->at, n);
		t->at += n;
		return;
	}
	while (t->room - t->len < n) {
		t->room = 2 * t->room + n;
		t->bytes = realloc(t->bytes, t->room);
		assert_non_null(t->bytes);
	}
	memcpy(t->bytes + t->len, p, n);
	t->len += n;
}

static void save(struct soc *soc, struct tape *t)
{
	static const struct stream_ops ops = {tape_section, tape_bytes};

	t->s = (struct stream){&ops, true, STREAM_NO_SLOT};
	t->len = t->sections = 0;
	soc_state(soc, &t->s);
}

/* Without the section `lost`, which is as in instead. */
static void restore(struct soc *soc, struct tape *t, const char *lost, const struct tape *instead)
{
	t->s.saving = false;
	t->lost = lost;
	t->instead = instead;
	soc_state(soc, &t->s);
}

static void load_program(void *ctx, uint8_t *to)
{
	(void)ctx;
	memcpy(to, program, sizeof program);
}

static struct soc *new_soc(void)
{
	uint8_t *dram = sim_alloc(DRAM_BYTES);
	struct vdev_config device = {
		.dut = dut_open_model(),
		.memory = {.base = MAP_DRAM,
			   .size = DRAM_BYTES,
			   .bytes = dram,
			   .read_latency = 20,
			   .write_latency = 20,
			   .outstanding = 8,
			   .stall_per_1024 = 50,
			   .reorder = true,
			   .seed = 1},
		.disk = {.fd = -1,
			 .bytes = disk_bytes,
			 .size = sizeof disk_bytes,
			 .latency = 3000,
			 .stall_per_1024 = 50,
			 .seed = 2},
		.features = 1ull << 32,
		.straps = {.queues = 1, .queue_num = 16},
		.axil_stall_per_1024 = 50,
		.seed = 3,
		.idle_skip = true,
		.trace = true,
	};
	struct soc_config config = {.dram = dram,
				    .dram_size = DRAM_BYTES,
				    .entry = MAP_DRAM,
				    .load = load_program,
				    .devices[SLOT] = &device,
				    .idle_skip = true,
				    .check = true};

	return soc_new(&config);
}

static void free_soc(struct soc *soc)
{
	uint8_t *dram = soc->config.dram;

	soc_free(soc);
	free(dram);
}

static void stop(void *ctx, struct soc *soc)
{
	(void)ctx;
	soc->end = SOC_MAX_CYCLES;
}

/* Behind the instruction of that clock: max_cycles would cut a register access short, which is a fault to the hart. */
static bool runs_to(struct soc *soc, uint64_t cycle)
{
	soc->config.alarm = cycle;
	soc->config.alarmed = stop;
	if (soc_run(soc) != SOC_MAX_CYCLES)
		return false;
	soc->end = SOC_RUNNING;
	return true;
}

static void run_to(struct soc *soc, uint64_t cycle)
{
	assert_true(runs_to(soc, cycle));
}

static void reg(struct soc *soc, unsigned offset, uint32_t value)
{
	assert_true(soc_store(soc, MAP_VIRTIO + SLOT * MAP_VIRTIO_STRIDE + offset, 4, value));
}

static void put(struct soc *soc, uint64_t offset, uint64_t value, unsigned len)
{
	memcpy(soc->config.dram + offset, &value, len);
}

static void put_desc(struct soc *soc, unsigned n, uint64_t addr, uint32_t len, uint16_t flags)
{
	put(soc, DESC + 16 * n, MAP_DRAM + addr, 8);
	put(soc, DESC + 16 * n + 8, len, 4);
	put(soc, DESC + 16 * n + 12, flags, 2);
	put(soc, DESC + 16 * n + 14, n + 1, 2);
}

/* Posts a read of the whole disk, behind the back of the hart, and gives the other devices something to remember. */
static void post(struct soc *soc)
{
	static const struct {
		unsigned offset;
		uint32_t value;
	} writes[] = {{0x70, 0},
		      {0x70, 1},
		      {0x70, 3},
		      {0x24, 1},
		      {0x20, 1},
		      {0x70, 11},
		      {0x30, 0},
		      {0x38, 4},
		      {0x80, MAP_DRAM + DESC},
		      {0x84, 0},
		      {0x90, MAP_DRAM + AVAIL},
		      {0x94, 0},
		      {0xa0, MAP_DRAM + USED},
		      {0xa4, 0},
		      {0x44, 1},
		      {0x70, 15},
		      {0x50, 0}};

	put_desc(soc, 0, HEADER, 16, 1);
	put_desc(soc, 1, DATA, sizeof disk_bytes, 3);
	put_desc(soc, 2, STATUS, 1, 2);
	put(soc, AVAIL + 2, 1, 2);
	for (unsigned i = 0; i < sizeof writes / sizeof writes[0]; i++)
		reg(soc, writes[i].offset, writes[i].value);
	assert_true(soc_store(soc, MAP_PLIC + 4 * 8, 4, 5));
	assert_true(soc_store(soc, MAP_UART + 4, 1, 3));
	assert_true(soc_store(soc, MAP_RTC + 0x0c, 4, 77));
	assert_true(soc_store(soc, MAP_CLINT + 0x4000, 8, 1ull << 40));
}

static struct soc *started(uint64_t cycle)
{
	struct soc *soc = new_soc();

	post(soc);
	run_to(soc, cycle);
	return soc;
}

static const uint64_t clocks[] = {700, 1000, 3500, 4000, 20000};

static bool same(const struct tape *a, const struct tape *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Wherever it is saved, before, in and behind the request, the end is the same. */
static void test_goes_on(void **state)
{
	struct tape middle = {0}, end = {0}, want = {0};

	(void)state;
	for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
		struct soc *soc = started(clocks[i]), *other = new_soc();

		save(soc, &middle);
		run_to(soc, END);
		save(soc, &want);
		restore(other, &middle, NULL, NULL);
		run_to(other, END);
		save(other, &end);
		assert_true(same(&end, &want));
		assert_int_equal(soc->config.dram[STATUS], 0);
		assert_memory_equal(soc->config.dram + DATA, disk_bytes, sizeof disk_bytes);
		assert_int_equal(soc->config.dram[USED + 2], 1);
		free_soc(soc);
		free_soc(other);
	}
	free(middle.bytes);
	free(end.bytes);
	free(want.bytes);
}

/* In a child, for what goes on without a part of it may end anyhow. */
static bool ends_the_same(struct tape *middle, const char *lost, const struct tape *reset, const struct tape *want)
{
	struct tape end = {0};
	struct soc *soc;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(20);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		soc = new_soc();
		restore(soc, middle, lost, reset);
		if (!runs_to(soc, END))
			_exit(1);
		save(soc, &end);
		_exit(!same(&end, want));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_lost(void **state)
{
	struct tape reset = {0}, middle = {0}, want = {0};
	struct soc *soc = new_soc();

	(void)state;
	save(soc, &reset);
	free_soc(soc);
	soc = started(3500);
	save(soc, &middle);
	run_to(soc, END);
	save(soc, &want);
	assert_true(ends_the_same(&middle, NULL, NULL, &want));
	for (unsigned i = 0; i < middle.sections; i++)
		if (strcmp(middle.index[i].name, "soc") != 0 &&
		    ends_the_same(&middle, middle.index[i].name, &reset, &want))
			fail_msg("nobody misses section '%s'", middle.index[i].name);
	assert_true(middle.sections > 10);
	free_soc(soc);
	free(reset.bytes);
	free(middle.bytes);
	free(want.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_lost),
	};

	for (unsigned i = 0; i < sizeof disk_bytes; i++)
		disk_bytes[i] = (uint8_t)(i * 7 + i / 256);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
