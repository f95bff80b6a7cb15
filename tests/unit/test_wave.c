/* SPDX-License-Identifier: Apache-2.0
 * test_wave.c: a small wave file, written and read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fstapi.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "dut/dut.h"
#include "trace/wave.h"
#include "vio.h"
#include "fake_dut.h"

struct seen {
	const char *name; /* full name that is looked for */
	fstHandle handle;
	char text[512]; /* "time=value " for each change */
};

static char *temp_path(void)
{
	static char path[] = "test_wave.XXXXXX";
	int fd;

	strcpy(path, "test_wave.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	return path;
}

static void note(struct seen *s, uint64_t time, const unsigned char *value, size_t bytes)
{
	size_t used = strlen(s->text);

	snprintf(s->text + used, sizeof s->text - used, "%" PRIu64 "=%.*s ", time, (int)bytes, (const char *)value);
}

static void on_change(void *ctx, uint64_t time, fstHandle handle, const unsigned char *value)
{
	struct seen *s = ctx;

	if (handle == s->handle)
		note(s, time, value, strlen((const char *)value));
}

static void on_text(void *ctx, uint64_t time, fstHandle handle, const unsigned char *value, uint32_t bytes)
{
	struct seen *s = ctx;

	if (handle == s->handle)
		note(s, time, value, bytes);
}

/* All changes of the signal name as "time=value " each; the empty string when there is no such signal. */
static const char *changes(const char *path, const char *name)
{
	static struct seen s;
	void *fst = fstReaderOpen(path);
	struct fstHier *h;

	assert_non_null(fst);
	s = (struct seen){.name = name};
	while ((h = fstReaderIterateHier(fst))) {
		if (h->htyp == FST_HT_SCOPE)
			fstReaderPushScope(fst, h->u.scope.name, NULL);
		else if (h->htyp == FST_HT_UPSCOPE)
			fstReaderPopScope(fst);
		else if (h->htyp == FST_HT_VAR) {
			char full[256];

			snprintf(full, sizeof full, "%s.%s", fstReaderGetCurrentFlatScope(fst), h->u.var.name);
			if (!strcmp(full, name))
				s.handle = h->u.var.handle;
		}
	}
	fstReaderSetFacProcessMaskAll(fst);
	fstReaderIterBlocks2(fst, on_change, on_text, &s, NULL);
	fstReaderClose(fst);
	return s.text;
}

static void twins_rows_and_clock(void **state)
{
	const struct wave_config config = {.name_a = "model", .name_b = "rtl"};
	const char *path = temp_path();
	struct vio_in in = {0};
	struct vio_out a = {0}, b = {0};
	struct wave *w = wave_open(path, &config);

	(void)state;
	wave_text(w, WAVE_FUNCTION, "main");
	wave_pc(w, 3);
	wave_step(w, 0, &in, &a, &b, 0, 0);
	a.irq = 1;
	in.be_rdata = UINT64_C(1) << 63;
	wave_text(w, WAVE_FUNCTION, "left");
	wave_text(w, WAVE_FUNCTION, "wfi");
	wave_tap(w, 1, EVENTS_REGISTER, "R Status 0x0000000f");
	wave_tap(w, 1, EVENTS_RING, "DESC q0 #5 len 4096 W");
	wave_tap(w, 1, EVENTS_DATA, "LOAD 0x1000 2 beats");
	wave_step(w, 1, &in, &a, &b, 1, 0);
	b.irq = 1;
	wave_step(w, 7, &in, &a, &b, 1, 1);
	wave_close(w);

	assert_string_equal(changes(path, "ringwalk.clk"), "0=1 5=0 10=1 15=0 ");
	assert_string_equal(changes(path, "ringwalk.model.irq"), "0=0 10=1 ");
	assert_string_equal(changes(path, "ringwalk.rtl.irq"), "0=0 70=1 ");
	assert_string_equal(changes(path, "ringwalk.text.function"), "0=main 10=wfi ");
	assert_string_equal(changes(path, "ringwalk.text.transaction"),
			    "0= 10=R Status 0x0000000f; DESC q0 #5 len 4096 W ");
	assert_string_equal(changes(path, "ringwalk.text.data"), "0= 10=LOAD 0x1000 2 beats ");
	assert_memory_equal(changes(path, "ringwalk.pins.be_rdata") + 2 + 64 + 1, "10=10000", 8);
	assert_non_null(strstr(changes(path, "ringwalk.cpu.pc"), "0011 "));
	assert_string_equal(changes(path, "ringwalk.pins.nonsense"), "");
	unlink(path);
}

/* The first unit's states appear by name, and a state without a name as a question mark. */
static void states_as_words(void **state)
{
	static const char *const names[] = {
#define UNIT(unit)
#define STATE(unit, state) #state,
#include "def/states.def"
#undef UNIT
#undef STATE
	};
	static const char *const units[] = {
#define UNIT(unit) #unit,
#define STATE(unit, state)
#include "def/states.def"
#undef UNIT
#undef STATE
	};
	const struct wave_config config = {.name_a = "rtl"};
	const char *path = temp_path();
	struct vio_in in = {0};
	struct vio_out out = {0};
	struct wave *w = wave_open(path, &config);
	char name[64], expected[128];

	(void)state;
	wave_step(w, 0, &in, &out, NULL, 0, 0);
	wave_step(w, 1, &in, &out, NULL, 1, 0);
	wave_step(w, 2, &in, &out, NULL, 15, 0);
	wave_step(w, 3, &in, &out, NULL, 15, 0);
	wave_close(w);
	snprintf(name, sizeof name, "ringwalk.rtl.state.%s", units[0]);
	snprintf(expected, sizeof expected, "0=%s 10=%s 20=? ", names[0], names[1]);
	assert_string_equal(changes(path, name), expected);
	assert_string_equal(changes(path, "ringwalk.model.irq"), "");
	unlink(path);
}

/* Registers and FIFO levels of the model; a level holds when the counters wrap. */
static void model_registers(void **state)
{
	struct vio v = {0};
	const struct wave_config config = {.name_a = "model", .model = &v};
	const char *path = temp_path();
	struct vio_in in = {0};
	struct vio_out out = {0};
	struct wave *w = wave_open(path, &config);

	(void)state;
	wave_step(w, 0, &in, &out, NULL, 0, 0);
	v.fetch.left = 5;
	v.regs.dead = true;
	v.used.shown[1] = 0x8001;
	v.walk.slot[7].kept = 32;
	v.walk.err.code = ERR_CHAIN_LOOP;
	v.axi.ahead = 33;
	v.fifo[F_head] = (struct vio_fifo){.head = 65533, .tail = 0};
	v.fifo[F_raise] = (struct vio_fifo){.head = 7, .tail = 9};
	wave_step(w, 1, &in, &out, NULL, 0, 0);
	wave_step(w, 2, &in, &out, NULL, 0, 0);
	v.fetch.left = 4;
	wave_step(w, 3, &in, &out, NULL, 0, 0);
	wave_close(w);

	assert_string_equal(changes(path, "ringwalk.model.fetch.left"),
			    "0=0000000000000000 10=0000000000000101 30=0000000000000100 ");
	assert_string_equal(changes(path, "ringwalk.model.regs.dead"), "0=0 10=1 ");
	assert_string_equal(changes(path, "ringwalk.model.used.shown[0] [15:0]"), "0=0000000000000000 ");
	assert_string_equal(changes(path, "ringwalk.model.used.shown[1] [15:0]"),
			    "0=0000000000000000 10=1000000000000001 ");
	assert_string_equal(changes(path, "ringwalk.model.walk.slot[7].kept"), "0=000000 10=100000 ");
	assert_string_equal(changes(path, "ringwalk.model.walk.slot[6].kept"), "0=000000 ");
	assert_string_equal(changes(path, "ringwalk.model.walk.err.code"), "0=00000000 10=00000100 ");
	assert_string_equal(changes(path, "ringwalk.model.walk.used"), "0=0000 ");
	assert_string_equal(changes(path, "ringwalk.model.axi.ahead"), "0=000000 10=100001 ");
	assert_string_equal(changes(path, "ringwalk.model.fifo.head"), "0=00000 10=00011 ");
	assert_string_equal(changes(path, "ringwalk.model.fifo.raise"), "0=00 10=10 ");
	assert_string_equal(changes(path, "ringwalk.model.irq"), "0=0 ");
	unlink(path);
}

/* The wave of a device that is not the model has no registers, even under the model's name. */
static void no_model(void **state)
{
	struct dut *model = dut_open_model(), *other = fake_open(FAKE_HONEST, 0);
	const struct wave_config config = {.name_a = "model", .model = dut_vio(other)};
	const char *path = temp_path();
	struct vio_in in = {0};
	struct wave *w = wave_open(path, &config);

	(void)state;
	wave_step(w, 0, &in, &other->out, NULL, 0, 0);
	wave_close(w);
	assert_string_equal(changes(path, "ringwalk.model.irq"), "0=0 ");
	assert_string_equal(changes(path, "ringwalk.model.fetch.left"), "");
	assert_string_equal(changes(path, "ringwalk.model.fifo.head"), "");
	assert_non_null(dut_vio(model));
	unlink(path);
	model->ops->close(model);
	other->ops->close(other);
}

/* Writes a wave of about 200 kB in a child process whose files may not grow past limit bytes; gives its exit
 * status. The writer also keeps a few kB in a mapped temporary file, which must fit. */
static int write_status(const char *path, rlim_t limit)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (!child) {
		const struct wave_config config = {.name_a = "model"};
		const struct rlimit files = {limit, limit};
		struct vio_in in = {0};
		struct vio_out out = {0};
		struct wave *w;

		signal(SIGXFSZ, SIG_IGN);
		if (setrlimit(RLIMIT_FSIZE, &files) || !freopen("/dev/null", "w", stderr))
			_exit(9);
		w = wave_open(path, &config);
		for (uint64_t cycle = 0; cycle < 20000; cycle++) {
			out.m_axi_wdata = cycle * UINT64_C(0x9e3779b97f4a7c15);
			wave_step(w, cycle, &in, &out, NULL, cycle, 0);
		}
		wave_close(w);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* A host that cannot write costs exit status 2, wherever the space ends, and a device is left alone. */
static void host_errors(void **state)
{
	static const rlim_t limits[] = {40000, 65536, 80000, 100000};
	const char *path = temp_path();
	struct stat device;

	(void)state;
	assert_int_equal(write_status("no/such/folder/x.fst", RLIM_INFINITY), 2);
	assert_int_equal(write_status("/dev/full", RLIM_INFINITY), 2);
	assert_int_equal(stat("/dev/full", &device), 0);
	assert_true(S_ISCHR(device.st_mode));
	assert_int_equal(write_status(path, RLIM_INFINITY), 0);
	for (unsigned n = 0; n < sizeof limits / sizeof *limits; n++)
		assert_int_equal(write_status(path, limits[n]), 2);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twins_rows_and_clock), cmocka_unit_test(states_as_words),
		cmocka_unit_test(model_registers),      cmocka_unit_test(no_model),
		cmocka_unit_test(host_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
