/* SPDX-License-Identifier: Apache-2.0
 * test_options.c: the command line, good and bad.
 */
#define _XOPEN_SOURCE 700
#include "refused.h"
#include "unit.h"
#include "options.h"

enum { WORDS = 64 };

/* Words are separated by blanks. */
static void parse(struct options *o, const char *line, char *text)
{
	char *argv[WORDS] = {(char[]){"ringwalk"}};
	int argc = 1;

	strcpy(text, line);
	for (char *word = strtok(text, " "); word && argc < WORDS - 1; word = strtok(NULL, " "))
		argv[argc++] = word;
	options_parse(o, argc, argv);
}

static void test_defaults(void **state)
{
	struct options o;
	char text[64];

	(void)state;
	parse(&o, "-kernel a.elf", text);
	assert_string_equal(o.kernel, "a.elf");
	assert_int_equal(o.dram_size, 128 << 20);
	assert_int_equal(o.dut, DUT_MODEL);
	assert_int_equal(o.seed, 1);
	assert_int_equal(o.device_count, 0);
	assert_null(o.bios);
	assert_false(o.no_idle_skip);
	assert_false(o.check);
	assert_false(o.legacy);
	options_free(&o);
}

/* As QEMU spells it. */
static void test_legacy(void **state)
{
	static const struct {
		const char *line;
		bool want;
	} globals[] = {{"-kernel k -global virtio-mmio.force-legacy=true", true},
		       {"-kernel k -global virtio-mmio.force-legacy=on", true},
		       {"-kernel k --global virtio-mmio.force-legacy=false", false},
		       {"-kernel k -global virtio-mmio.force-legacy=true -global virtio-mmio.force-legacy=off", false}};
	struct options o;
	char text[128];

	(void)state;
	for (unsigned i = 0; i < sizeof globals / sizeof globals[0]; i++) {
		parse(&o, globals[i].line, text);
		assert_int_equal(o.legacy, globals[i].want);
		options_free(&o);
	}
}

/* What QEMU 7.2's virtio-blk-device offers with one queue. */
static void test_default_features(void **state)
{
	struct options o;
	char text[128];

	(void)state;
	parse(&o, "-kernel k -drive if=none,id=d,file=f -device virtio-blk-device,drive=d", text);
	assert_int_equal(o.devices[0].features, 0x10138006e54);
	assert_int_equal(o.devices[0].slot, 7);
	assert_int_equal(o.devices[0].straps.queues, 1);
	assert_int_equal(o.devices[0].straps.queue_num, 1024);
	assert_false(o.devices[0].straps.need_v1);
	options_free(&o);
	parse(&o, "-kernel k -drive if=none,id=d,file=f -device virtio-blk-device,drive=d,discard=off,size-max=on",
	      text);
	assert_int_equal(o.devices[0].features, 0x10138004e56);
	options_free(&o);
}

static void test_everything(void **state)
{
	struct options o;
	char text[1024];

	(void)state;
	parse(&o,
	      "-m 64 --kernel k -bios b --drive file=d,,e,if=none,id=x,format=raw,readonly=on "
	      "-device virtio-blk-device,drive=x,bus=virtio-mmio-bus.3,serial=abc,need_v1=on,num-queues=16,"
	      "queue-size=32768 --dut lockstep --seed 0x10 "
	      "--wave w --trace t --stats s --max-cycles 99 --no-idle-skip --check=strict --read-latency 5 "
	      "--write-latency 6 "
	      "--outstanding 7 --stalls 8 --disk-latency 9 --record r --inject disk-error@12 "
	      "--inject bus-error@0x80000100:64 --inject bus-error@4096 -qtest unix:q/s",
	      text);
	assert_int_equal(o.dram_size, 64 << 20);
	assert_string_equal(o.bios, "b");
	assert_int_equal(o.device_count, 1);
	assert_string_equal(o.devices[0].drive->file, "d,e");
	assert_string_equal(o.devices[0].drive->id, "x");
	assert_true(o.devices[0].drive->readonly);
	assert_int_equal(o.devices[0].slot, 3);
	assert_string_equal(o.devices[0].serial, "abc");
	assert_int_equal(o.devices[0].straps.queues, 16);
	assert_int_equal(o.devices[0].straps.queue_num, 32768);
	assert_true(o.devices[0].straps.need_v1);
	assert_int_equal(o.dut, DUT_LOCKSTEP);
	assert_int_equal(o.seed, 16);
	assert_int_equal(o.max_cycles, 99);
	assert_true(o.no_idle_skip);
	assert_true(o.check && o.check_strict);
	assert_int_equal(o.read_latency, 5);
	assert_int_equal(o.write_latency, 6);
	assert_int_equal(o.outstanding, 7);
	assert_int_equal(o.stalls, 8);
	assert_int_equal(o.disk_latency, 9);
	assert_string_equal(o.record, "r");
	assert_int_equal(o.inject_count, 3);
	assert_int_equal(o.injects[0].kind, INJECT_DISK_ERROR);
	assert_int_equal(o.injects[0].at, 12);
	assert_int_equal(o.injects[1].kind, INJECT_BUS_ERROR);
	assert_int_equal(o.injects[1].at, 0x80000100);
	assert_int_equal(o.injects[1].len, 64);
	assert_int_equal(o.injects[2].at, 4096);
	assert_int_equal(o.injects[2].len, 1);
	assert_string_equal(o.qtest, "q/s");
	options_free(&o);
}

/* Devices are placed in the order of the command line, each without bus= in the highest slot that is free then. Every
 * device is legacy, though the option comes behind the first. */
static void test_devices(void **state)
{
	static const char *const ids[] = {"c", "a", "b"};
	static const unsigned slots[] = {7, 5, 6};
	struct options o;
	char text[512];

	(void)state;
	parse(&o,
	      "-kernel k -drive if=none,id=a,file=fa -drive if=none,id=b,file=fb,readonly=on "
	      "-device virtio-blk-device,drive=c,serial=one,packed=on -global virtio-mmio.force-legacy=on "
	      "-device virtio-blk-device,drive=a,bus=virtio-mmio-bus.5 -device virtio-blk-device,drive=b "
	      "-drive if=none,id=c,file=fc",
	      text);
	assert_int_equal(o.drive_count, 3);
	assert_int_equal(o.device_count, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_string_equal(o.devices[i].drive->id, ids[i]);
		assert_int_equal(o.devices[i].slot, slots[i]);
		assert_true(o.devices[i].straps.legacy);
		assert_int_equal(o.devices[i].features >> 34 & 1, i == 0);
	}
	assert_string_equal(o.devices[0].serial, "one");
	assert_string_equal(o.devices[1].serial, "");
	assert_true(o.devices[2].drive->readonly);
	options_free(&o);
}

static void test_machine(void **state)
{
	struct options o;
	char text[512];

	(void)state;
	parse(&o,
	      "-M virt,dumpdtb=t.dtb -bios default -kernel Image -initrd rd -append quiet -dtb d -symbols a -symbols b "
	      "-rtc base=2024-02-29T12:34:56 -no-reboot",
	      text);
	assert_string_equal(o.dumpdtb, "t.dtb");
	assert_string_equal(o.bios, "default");
	assert_string_equal(o.initrd, "rd");
	assert_string_equal(o.append, "quiet");
	assert_string_equal(o.dtb, "d");
	assert_int_equal(o.symbols_count, 2);
	assert_string_equal(o.symbols[1], "b");
	assert_int_equal(o.rtc_start, 1709210096);
	assert_true(o.no_reboot);
	options_free(&o);
	parse(&o, "-machine virt -kernel k -rtc base=2024-02-29", text);
	assert_null(o.dumpdtb);
	assert_int_equal(o.rtc_start, 1709164800);
	options_free(&o);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *line;
		uint64_t want;
	} sizes[] = {{"-kernel k -m 256", 256ull << 20},
		     {"-kernel k -m 8k", 8192},
		     {"-kernel k -m 3M", 3ull << 20},
		     {"-kernel k -m 2G", 2ull << 30}};
	struct options o;
	char text[64];

	(void)state;
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		parse(&o, sizes[i].line, text);
		assert_int_equal(o.dram_size, sizes[i].want);
		options_free(&o);
	}
}

/* The command can be given to a shell again. */
static void test_command(void **state)
{
	char *argv[] = {(char[]){"ringwalk"}, (char[]){"-kernel"}, (char[]){"it's a $HOME"}, NULL};
	struct options o;

	(void)state;
	options_parse(&o, 3, argv);
	assert_string_equal(o.command, "ringwalk -kernel 'it'\\''s a $HOME'");
	options_free(&o);
}

static void parse_it(void *ctx)
{
	struct options o;
	char text[1024];

	parse(&o, ctx, text);
}

static void test_refused(void **state)
{
	static const struct {
		const char *line, *name, *why;
	} bad[] = {
		{"", "-kernel", "missing"},
		{"-kernel", "-kernel", "argument is missing"},
		{"--frobnicate", "--frobnicate", "unknown option"},
		{"k.elf", "k.elf", "not an option"},
		{"-", "-", "unknown option"},
		{"-qtest here", "here", "not unix:PATH"},
		{"-qtest unix:", "-qtest", "not unix:PATH"},
		{"-qtest unix:s,server=on", "server=on", "not unix:PATH"},
		{"-seed x", "-seed", "not a number"},
		{"-seed -1", "-1", "not a number"},
		{"-seed 1x", "1x", "not a number"},
		{"-seed 99999999999999999999", "99999999999999999999", "not a number"},
		{"-m 0", "-m", "not a multiple"},
		{"-m 1T", "1T", "not a size"},
		{"-m 5k", "5k", "not a multiple"},
		{"-m 65G", "65G", "not a multiple"},
		{"-stalls 1024", "1024", "more than"},
		{"-kernel k -outstanding 0", "-outstanding", "not 1 to 1024"},
		{"-dut verilog", "verilog", "not model"},
		{"-drive file=x", "file=x", "no id"},
		{"-drive id=x", "id=x", "no file"},
		{"-drive file=x,id=x,format=qcow2", "qcow2", "unknown"},
		{"-drive file=x,id=x,readonly=maybe", "maybe", "unknown"},
		{"-drive file=x,id=x -drive file=y,id=x", "'x'", "a drive"},
		{"-kernel k -drive file=x,id=x -device virtio-blk-device,drive=x -device virtio-blk-device,drive=x",
		 "'x'", "has a device"},
		{"-kernel k -drive file=x,id=x -drive file=y,id=y -device virtio-blk-device,drive=x "
		 "-device virtio-blk-device,drive=y,bus=virtio-mmio-bus.7",
		 "virtio-mmio-bus.7", "taken by drive 'x'"},
		{"-device virtio-net-device,drive=x", "virtio-net-device", "not virtio-blk-device"},
		{"-device virtio-blk-device", "-device", "no drive"},
		{"-device virtio-blk-device,drive=x,bus=pci.0", "pci.0", "not virtio-mmio-bus"},
		{"-device virtio-blk-device,drive=x,bus=virtio-mmio-bus.8", "8", "more than 7"},
		{"-device virtio-blk-device,drive=x,serial=123456789012345678901", "serial", "longer than 20"},
		{"-kernel k -device virtio-blk-device,drive=x", "x", "no drive"},
		{"-device virtio-blk-device,drive=x,need_v1=1", "need_v1", "neither on nor off"},
		{"-device virtio-blk-device,drive=x,num-queues=0", "num-queues", "no queue"},
		{"-device virtio-blk-device,drive=x,num-queues=17", "17", "more than 16"},
		{"-device virtio-blk-device,drive=x,queue-size=48", "48", "no power of two"},
		{"-global", "-global", "argument is missing"},
		{"-global virtio-mmio.fast=true", "virtio-mmio.fast=true", "not virtio-mmio.force-legacy="},
		{"-global virtio-mmio.force-legacy", "-global", "not virtio-mmio.force-legacy="},
		{"-global virtio-mmio.force-legacy=maybe", "maybe", "neither true nor false"},
		{"-M sifive_u", "sifive_u", "only virt"},
		{"-M virt,aclint=on", "aclint", "not virt or virt,dumpdtb"},
		{"-M virt,dumpdtb=", "dumpdtb", "not virt or virt,dumpdtb"},
		{"-bios b -append quiet", "-append", "no -kernel"},
		{"-rtc base=1969-01-01", "1969", "not base=utc"},
		{"-rtc clock=vm", "clock=vm", "not base=utc"},
		{"-rtc base=2024-01-01x", "2024", "not base=utc"},
		{"-inject fire", "fire", "not disk-error"},
		{"-inject disk-error@z", "z", "not a number"},
		{"-inject bus-error@1:", "-inject", "not a number"},
		{"-inject bus-error@1;2", "1;2", "not a number"},
		{"-inject stalls=2000", "2000", "more than"},
		{"-kernel k -checkpoint f", "-checkpoint", "when"},
		{"-kernel k -checkpoint-at 5", "-checkpoint-at", "where to"},
		{"-kernel k -checkpoint-on-line x", "-checkpoint-on-line", "where to"},
		{"-kernel k -checkpoint f -checkpoint-at 5 -checkpoint-on-line x", "-checkpoint-on-line",
		 "one checkpoint"},
		{"-qtest unix:s -checkpoint f -checkpoint-at 5", "-checkpoint", "not with -qtest"},
		{"-kernel k -restore f -record r", "-record", "starts at reset"},
		{"-replay r -restore f", "-restore", "not with -replay"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(parse_it, (void *)(uintptr_t)bad[i].line, bad[i].name, bad[i].why);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),   cmocka_unit_test(test_default_features),
		cmocka_unit_test(test_everything), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_command),    cmocka_unit_test(test_legacy),
		cmocka_unit_test(test_refused),    cmocka_unit_test(test_devices),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
