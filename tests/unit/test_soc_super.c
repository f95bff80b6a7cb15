/* SPDX-License-Identifier: Apache-2.0
 * test_soc_super.c: a program with all three modes, paging, both timers and a device has one run, whatever the host does
 * to be fast: lengths of batches, idle skip, watched pages, and tables that are forgotten at any time.
 */
#include "unit.h"
#include "soc.h"
#include "soc/map.h"
#include "soc_super.h"

enum { DRAM_BYTES = 0x10000, SLOT = 7, SECTORS = 16 };
enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128 };

struct ways {
	uint64_t batch;
	bool no_idle_skip;
	uint64_t slice; /* 0, or: after so many clocks the hart's tables are forgotten; without a device */
	bool no_device;
	bool watch; /* every page */
};

struct result {
	struct cpu state; /* as far as CPU_STATE_BYTES */
	uint8_t dram[DRAM_BYTES];
};

static uint8_t disk_bytes[SECTORS * 512];

static void put(uint8_t *to, unsigned index, uint64_t paddr, uint64_t bits)
{
	uint64_t pte = paddr >> 12 << 10 | bits;

	memcpy(to + 8 * index, &pte, sizeof pte);
}

/* Sv39 tables at +0x8000, +0x9000 and +0xa000, the last of which maps 0x40000000 to 0x40007fff. */
static void load(void *ctx, uint8_t *dram)
{
	uint8_t *last = dram + 0xa000;

	(void)ctx;
	memcpy(dram, super_m, sizeof super_m);
	memcpy(dram + 0x1000, super_s, sizeof super_s);
	memcpy(dram + 0x2000, super_u, sizeof super_u);
	put(dram + 0x8000, 1, MAP_DRAM + 0x9000, V);
	put(dram + 0x9000, 0, MAP_DRAM + 0xa000, V);
	put(last, 0, MAP_DRAM + 0x1000, V | R | X);
	put(last, 1, MAP_DRAM + 0x4000, V | R | W);
	put(last, 2, MAP_VIRTIO + SLOT * MAP_VIRTIO_STRIDE, V | R | W);
	put(last, 3, MAP_DRAM + 0x4000, V | R | W);
	put(last, 4, MAP_DRAM + 0x5000, V | R | W);
	put(last, 5, MAP_DRAM + 0x2000, V | R | X | U);
	put(last, 6, MAP_DRAM + 0xa000, V | R | W);
	put(last, 7, MAP_DRAM + 0x4000, V | R | W);
}

static void nobody(void *ctx, uint64_t addr, unsigned len)
{
	(void)ctx, (void)addr, (void)len;
}

static void go(struct soc *soc, const struct ways *w)
{
	if (w->watch) {
		soc->cpu->stored = nobody;
		cpu_watch(soc->cpu, MAP_DRAM, DRAM_BYTES);
	}
	while (soc->end == SOC_RUNNING) {
		soc->config.max_cycles = w->slice ? soc->cpu->cycle + w->slice : 1000000;
		soc_run(soc);
		if (w->slice && soc->end == SOC_MAX_CYCLES && soc->cpu->cycle < 1000000) {
			cpu_restored(soc->cpu);
			soc->end = SOC_RUNNING;
		}
	}
	assert_int_equal(soc->end, SOC_FINISHED);
	assert_int_equal(soc->code, 0);
}

static void run(struct ways w, struct result *r)
{
	struct vdev_config device = {
		.dut = w.no_device ? NULL : dut_open_model(),
		.memory = {.base = MAP_DRAM,
			   .size = DRAM_BYTES,
			   .bytes = r->dram,
			   .read_latency = 8,
			   .write_latency = 8,
			   .outstanding = 8,
			   .seed = 1},
		.disk = {.fd = -1, .bytes = disk_bytes, .size = sizeof disk_bytes, .seed = 2},
		.features = 1ull << 32,
		.straps = {.queues = 1, .queue_num = 1024},
		.seed = 3,
		.idle_skip = !w.no_idle_skip,
	};
	struct soc_config config = {.dram = r->dram,
				    .dram_size = DRAM_BYTES,
				    .entry = MAP_DRAM,
				    .load = load,
				    .devices = {[SLOT] = w.no_device ? NULL : &device},
				    .batch = w.batch,
				    .idle_skip = !w.no_idle_skip};
	struct soc *soc;

	memset(r, 0, sizeof *r);
	soc = soc_new(&config);
	go(soc, &w);
	memcpy(&r->state, soc->cpu, CPU_STATE_BYTES);
	soc_free(soc);
}

static struct result want, got;

static int first(void **state)
{
	(void)state;
	run((struct ways){0}, &want);
	return 0;
}

static int first_without_device(void **state)
{
	(void)state;
	run((struct ways){.no_device = true}, &want);
	return 0;
}

static void same(struct ways w)
{
	run(w, &got);
	assert_int_equal(got.state.cycle, want.state.cycle);
	assert_int_equal(got.state.x[12], want.state.x[12]);
	assert_memory_equal(&got.state, &want.state, CPU_STATE_BYTES);
	assert_memory_equal(got.dram, want.dram, DRAM_BYTES);
}

/* It was everywhere. */
static void test_program(void **state)
{
	(void)state;
	assert_true(want.state.x[11] >= 40); /* S mode's timer */
	assert_true(want.state.x[15] >= 10); /* M mode's */
	assert_true(want.state.x[16] >= 5);  /* from U mode */
	assert_int_equal(want.state.x[16], want.state.x[17]);
	assert_true(cpu_instret(&want.state) < want.state.cycle);
}

static void test_batches(void **state)
{
	static const uint64_t batches[] = {1, 2, 3, 7, 10, 64, 1000};

	(void)state;
	for (unsigned i = 0; i < sizeof batches / sizeof batches[0]; i++)
		same((struct ways){.batch = batches[i]});
}

static void test_no_idle_skip(void **state)
{
	(void)state;
	same((struct ways){.no_idle_skip = true});
}

static void test_tables_forgotten(void **state)
{
	static const uint64_t slices[] = {1, 5, 37, 1000};

	(void)state;
	for (unsigned i = 0; i < sizeof slices / sizeof slices[0]; i++) {
		same((struct ways){.slice = slices[i], .no_device = true});
		same((struct ways){.slice = slices[i], .no_device = true, .watch = true});
	}
}

static void test_watched(void **state)
{
	(void)state;
	same((struct ways){.watch = true});
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_no_idle_skip),
		cmocka_unit_test_setup(test_tables_forgotten, first_without_device),
		cmocka_unit_test_setup(test_watched, first),
	};

	return cmocka_run_group_tests(tests, first, NULL);
}
