/* SPDX-License-Identifier: Apache-2.0
 * test_gdb.c: GDB's remote protocol: packets, good and bad, and what they do to the machine.
 */
#include "unit.h"
#include "gdb/address.h"
#include "gdb/gdb.h"
#include "gdb/hex.h"
#include "gdb/packet.h"
#include "sim.h"
#include "soc/map.h"

enum { DRAM_BYTES = 0x10000, SLOT = 7, SECTORS = 16, HEARD = 1 << 20 };

/* 00 auipc a0, 0; addi t0, zero, 5
 * 08 loop: sd t0, 0x400(a0); ld t1, 0x400(a0); addi t0, t0, 1; j loop */
static const uint32_t program[] = {0x00000517, 0x00500293, 0x40553023, 0x40053303, 0x00128293, 0xff5ff06f};

static uint8_t dram[DRAM_BYTES], disk_bytes[SECTORS * 512];
static struct vdev_config device;
static struct soc_config config;
static struct soc *soc;
static struct gdb *gdb;
static char heard[HEARD];
static size_t heard_len;

static void hear(void *ctx, const char *bytes, size_t len)
{
	(void)ctx;
	assert_true(heard_len + len < HEARD);
	memcpy(heard + heard_len, bytes, len);
	heard_len += len;
	heard[heard_len] = 0;
}

static void load_program(void *ctx, uint8_t *to)
{
	(void)ctx;
	memcpy(to, program, sizeof program);
}

static int setup(void **state)
{
	(void)state;
	memset(dram, 0, sizeof dram);
	device = (struct vdev_config){
		.dut = dut_open_model(),
		.memory = {.base = MAP_DRAM, .size = DRAM_BYTES, .bytes = dram, .outstanding = 8},
		.disk = {.fd = -1, .bytes = disk_bytes, .size = sizeof disk_bytes},
		.features = 1ull << 32,
		.straps = {.queues = 2, .queue_num = 1024},
		.idle_skip = true,
		.trace = true,
	};
	config = (struct soc_config){.dram = dram,
				     .dram_size = DRAM_BYTES,
				     .entry = MAP_DRAM,
				     .load = load_program,
				     .devices[SLOT] = &device,
				     .idle_skip = true,
				     .max_cycles = 100000};
	soc = soc_new(&config);
	gdb = gdb_new(soc, hear, NULL);
	gdb_connected(gdb);
	heard_len = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	gdb_free(gdb);
	soc_free(soc);
	return 0;
}

static void say(const char *bytes, size_t len)
{
	heard_len = 0;
	heard[0] = 0;
	gdb_receive(gdb, (const uint8_t *)bytes, len);
}

/* A packet, and what came back, acknowledgement and all. */
static void tell(const char *data, size_t len)
{
	static char frame[GDB_FRAME_BYTES];

	say(frame, gdb_packet_frame(frame, data, len));
}

/* The data of the last packet that came, decoded. */
static const char *last_reply(void)
{
	static struct gdb_packet p, last;
	bool any = false;

	p = (struct gdb_packet){.state = GDB_BETWEEN};
	for (size_t i = 0; i < heard_len; i++) {
		enum gdb_event event = gdb_packet_byte(&p, (uint8_t)heard[i]);

		assert_true(event != GDB_DAMAGED && event != GDB_TOO_LONG);
		if (event == GDB_PACKET) {
			last = p;
			any = true;
		}
	}
	return any ? (const char *)last.data : NULL;
}

static const char *ask(const char *data)
{
	tell(data, strlen(data));
	assert_int_equal(heard[0], '+');
	return last_reply();
}

#define EXPECT(data, reply) assert_string_equal(ask(data), reply)

/* Everything that came in O packets, as text. */
static const char *said(void)
{
	static char text[HEARD];
	static struct gdb_packet p;
	size_t len = 0;

	p = (struct gdb_packet){.state = GDB_BETWEEN};
	for (size_t i = 0; i < heard_len; i++) {
		if (gdb_packet_byte(&p, (uint8_t)heard[i]) != GDB_PACKET || p.data[0] != 'O' || p.data[1] == 'K')
			continue;
		assert_true(gdb_hex_get((uint8_t *)text + len, (char *)p.data + 1, p.len / 2));
		len += p.len / 2;
	}
	text[len] = 0;
	return text;
}

static const char *monitor(const char *command)
{
	char text[256] = "qRcmd,";

	gdb_hex_put(text + 6, (const uint8_t *)command, strlen(command));
	EXPECT(text, "OK");
	return said();
}

/* After a packet that resumes the hart: until it stops; the reply. */
static const char *run(const char *data)
{
	tell(data, strlen(data));
	assert_string_equal(heard, "+");
	assert_false(gdb_holds(gdb));
	soc_run(soc);
	gdb_stopped(gdb);
	return last_reply();
}

static void test_framing(void **state)
{
	static const char data[] = "a$b#c}d*e";
	char frame[64];
	struct gdb_packet p = {.state = GDB_BETWEEN};
	size_t len = gdb_packet_frame(frame, data, sizeof data - 1);

	(void)state;
	assert_int_equal(len, 4 + sizeof data - 1 + 4);
	assert_memory_equal(frame, "$a}\004b}\003c}]d}\ne#", len - 2);
	for (size_t i = 0; i + 1 < len; i++)
		assert_int_equal(gdb_packet_byte(&p, (uint8_t)frame[i]), GDB_NOTHING);
	assert_int_equal(gdb_packet_byte(&p, (uint8_t)frame[len - 1]), GDB_PACKET);
	assert_int_equal(p.len, sizeof data - 1);
	assert_string_equal((char *)p.data, data);
	assert_int_equal(gdb_packet_byte(&p, '+'), GDB_ACK);
	assert_int_equal(gdb_packet_byte(&p, '-'), GDB_NAK);
	assert_int_equal(gdb_packet_byte(&p, 3), GDB_INTERRUPT);
	assert_int_equal(gdb_packet_byte(&p, 'x'), GDB_NOTHING);
}

static void test_damaged(void **state)
{
	(void)state;
	say("$?#00", 5);
	assert_string_equal(heard, "-");
	say("$?#3g", 5);
	assert_string_equal(heard, "-");
	say("$qC#b", 5);
	assert_string_equal(heard, "");
	say("4", 1);
	assert_string_equal(last_reply(), "QC1");
	/* cut off, and sent again */
	say("$qC#$qC#b4", 10);
	assert_string_equal(heard, "-");
	say("$q$qC#b4", 8);
	assert_string_equal(last_reply(), "QC1");
	/* once more, please */
	say("-", 1);
	assert_string_equal(heard, "$QC1#c5");
}

static void test_too_long(void **state)
{
	static char data[GDB_PACKET_BYTES + 100], frame[sizeof data + 8];
	uint8_t sum = 0;

	(void)state;
	memset(data, '0', sizeof data);
	data[0] = 'm';
	for (size_t i = 0; i < sizeof data; i++)
		sum = (uint8_t)(sum + (uint8_t)data[i]);
	frame[0] = '$';
	memcpy(frame + 1, data, sizeof data);
	frame[1 + sizeof data] = '#';
	gdb_hex_put(frame + 2 + sizeof data, &sum, 1);
	say(frame, sizeof data + 4);
	assert_string_equal(last_reply(), "E22");
	EXPECT("qC", "QC1");
}

/* Whatever comes, the machine stands. Packets are made of what a client sends, mangled. */
static void test_nonsense(void **state)
{
	static const char *const seeds[] = {"m80000000,4",
					    "M80000000,4:00112233",
					    "X80000000,2:ab",
					    "Z0,80000008,4",
					    "Z2,80000400,8",
					    "z2,80000400,8",
					    "p20",
					    "P20=0800008000000000",
					    "G00",
					    "g",
					    "qXfer:features:read:target.xml:0,ffffffffffffffff",
					    "qRcmd,7669 6f",
					    "qRcmd,70687973203020ff",
					    "mffffffffffffffff,ffffffffffffffff",
					    "vCont;",
					    "vCont?",
					    "H",
					    "Hg-1",
					    "T5",
					    "qSupported:x",
					    "Z9,0,0"};
	struct sim_rng rng;
	char data[128];

	(void)state;
	sim_rng_init(&rng, 7);
	for (unsigned turn = 0; turn < 20000; turn++) {
		const char *seed = seeds[sim_rng_below(&rng, sizeof seeds / sizeof seeds[0])];
		size_t len = strlen(seed);

		memcpy(data, seed, len + 1);
		for (unsigned i = 0; i < 3; i++)
			data[sim_rng_below(&rng, (uint32_t)len)] = (char)sim_rng_next(&rng);
		if (strchr("vcCsSDk", data[0]))
			data[0] = 'q';
		tell(data, sim_rng_below(&rng, (uint32_t)len + 1));
		assert_true(gdb_holds(gdb));
	}
	for (unsigned i = 0; i < 200000; i++) {
		data[0] =
			(char)(sim_rng_chance(&rng, 200) ? "$#}+-"[sim_rng_below(&rng, 5)] : (char)sim_rng_next(&rng));
		heard_len = 0;
		gdb_receive(gdb, (uint8_t *)data, 1);
		gdb_disconnected(gdb);
		gdb_connected(gdb);
	}
	EXPECT("qC", "QC1");
}

static void test_queries(void **state)
{
	(void)state;
	assert_non_null(strstr(ask("qSupported:multiprocess+"), "qXfer:features:read+"));
	EXPECT("qfThreadInfo", "m1");
	EXPECT("qsThreadInfo", "l");
	EXPECT("qAttached", "1");
	EXPECT("Hg1", "OK");
	EXPECT("Hc-1", "OK");
	EXPECT("Hg2", "E16");
	EXPECT("T1", "OK");
	EXPECT("T7", "E16");
	EXPECT("vMustReplyEmpty", "");
	EXPECT("?", "T05thread:1;");
	assert_memory_equal(ask("qXfer:features:read:target.xml:0,20"), "m<?xml", 6);
	EXPECT("qXfer:features:read:target.xml:ffffff,20", "E16");
	EXPECT("qXfer:features:read:other.xml:0,20", "E00");
	EXPECT("QStartNoAckMode", "OK");
	tell("qC", 2);
	assert_string_equal(heard, "$QC1#c5");
}

static void test_registers(void **state)
{
	(void)state;
	EXPECT("p20", "0000008000000000");
	EXPECT("P5=8877665544332211", "OK");
	EXPECT("p5", "8877665544332211");
	assert_int_equal(soc->cpu->x[5], 0x1122334455667788);
	assert_memory_equal(ask("g") + 16 * 5, "8877665544332211", 16);
	EXPECT("P0=0100000000000000", "E16");
	EXPECT("P20=0100000000000000", "E16"); /* pc is even */
	EXPECT("pffff", "E16");
	EXPECT("P5=88", "E16");
	EXPECT("G00", "E16");
	EXPECT("p1041", "0300000000000000"); /* priv */
	EXPECT("P1041=0200000000000000", "E16");
	EXPECT("p381", "0000000000000000"); /* mscratch */
	EXPECT("P381=0123000000000000", "OK");
	EXPECT("p381", "0123000000000000");
	EXPECT("Pc41=0100000000000000", "E16"); /* cycle is read-only */
	EXPECT("Pb41=0500000000000000", "OK");
	EXPECT("pb41", "0500000000000000"); /* mcycle */
	assert_int_equal(soc->cpu->cycle, 0);
}

static void test_memory(void **state)
{
	(void)state;
	EXPECT("m80000000,8", "1705000093025000");
	EXPECT("m8000fffe,8", "0000");
	EXPECT("m80010000,8", "E0e");
	EXPECT("m0,8", "E0e");
	EXPECT("m80000000,", "E16");
	EXPECT("M80000400,4:01020304", "OK");
	EXPECT("M80000400,4:0102", "E16");
	EXPECT("m80000400,4", "01020304");
	tell("X80000400,3:\x03\x02\x7d", 15);
	assert_string_equal(last_reply(), "OK");
	EXPECT("m80000400,4", "03027d04");
	EXPECT("M8000ffff,2:0102", "E0e");
	EXPECT("m10008000,4", "E0e");
	EXPECT("m10000000,1", "E0e");
	assert_int_equal(strlen(ask("m200bff8,8")), 16); /* mtime */
	assert_int_equal(soc->cpu->cycle, 0);
	monitor("mmio on");
	EXPECT("m10008000,4", "76697274");
	EXPECT("m10008000,8", "7669727402000000");
	EXPECT("m10000005,1", "60");
	EXPECT("M10008070,4:01000000", "OK");
	EXPECT("m10008070,4", "01000000");
	assert_true(soc->cpu->cycle > 0);
	assert_int_equal(cpu_instret(soc->cpu), 0);
}

static void test_step_and_break(void **state)
{
	(void)state;
	assert_string_equal(run("vCont;s:1"), "T05thread:1;");
	EXPECT("p20", "0400008000000000");
	assert_int_equal(soc->cpu->cycle, 1);
	EXPECT("Z0,80000008,4", "OK");
	EXPECT("Z0,80000007,4", "E1c");
	assert_string_equal(run("c"), "T05thread:1;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 8);
	assert_int_equal(soc->cpu->cycle, 2);
	assert_string_equal(run("vCont;c"), "T05thread:1;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 8);
	assert_int_equal(soc->cpu->cycle, 6);
	assert_string_equal(run("s"), "T05thread:1;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 12);
	EXPECT("z0,80000008,4", "OK");
	EXPECT("Z1,80000010,4", "OK");
	assert_string_equal(run("C05;80000008"), "T05thread:1;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 16);
	EXPECT("z1,80000010,4", "OK");
	/* the bytes stay as they are */
	EXPECT("m80000008,4", "23305540");
}

/* The same place of another page is no breakpoint, and memory that is written under one is executed. */
static void test_break_and_writes(void **state)
{
	(void)state;
	EXPECT("Z0,80001010,4", "OK");
	EXPECT("Z0,8000000c,4", "OK");
	run("c");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 12);
	EXPECT("M80000010,4:93822200", "OK"); /* addi t0, t0, 2 */
	run("c");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 12);
	EXPECT("p5", "0700000000000000");
}

static void test_watch(void **state)
{
	(void)state;
	EXPECT("Z2,80000400,8", "OK");
	assert_string_equal(run("c"), "T05thread:1;watch:80000400;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 12);
	EXPECT("z2,80000400,8", "OK");
	EXPECT("Z3,80000407,1", "OK");
	assert_string_equal(run("c"), "T05thread:1;rwatch:80000407;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 16);
	EXPECT("Z4,80000404,4", "OK");
	EXPECT("z3,80000407,1", "OK");
	assert_string_equal(run("c"), "T05thread:1;awatch:80000404;");
	assert_int_equal(soc->cpu->pc, MAP_DRAM + 12);
	EXPECT("z4,80000404,4", "OK");
	EXPECT("Z2,80000408,8", "OK");
	EXPECT("Z2,10008000,4", "E1c");
	EXPECT("Z2,80000400,0", "E1c");
	EXPECT("Z2,8000ffff,2", "E1c");
	/* a device writes: only what changes counts, for its writes are told by the beat */
	tell("c", 1);
	soc->config.max_cycles = soc->cpu->cycle + 10;
	cpu_memory_written(soc->cpu, MAP_DRAM + 0x400, 16);
	assert_false(soc->cpu->halt);
	dram[0x40f] = 1;
	cpu_memory_written(soc->cpu, MAP_DRAM + 0x400, 16);
	assert_true(soc->cpu->halt);
	soc_run(soc);
	gdb_stopped(gdb);
	assert_string_equal(last_reply(), "T05thread:1;watch:80000408;");
}

/* Ctrl-C; and a client that goes leaves no points behind. */
static void test_interrupt(void **state)
{
	(void)state;
	tell("c", 1);
	gdb_receive(gdb, (const uint8_t *)"\003", 1);
	soc->config.batch = 100;
	assert_int_equal(soc_run(soc), SOC_HALTED);
	assert_int_equal(gdb_stopped(gdb), SOC_RUNNING);
	assert_string_equal(last_reply(), "T02thread:1;");
	assert_true(gdb_holds(gdb));
	EXPECT("Z0,80000008,4", "OK");
	EXPECT("D", "OK");
	assert_true(gdb_left(gdb));
	gdb_disconnected(gdb);
	assert_false(gdb_holds(gdb));
	assert_int_equal(soc_run(soc), SOC_MAX_CYCLES);
	assert_int_equal(gdb_stopped(gdb), SOC_MAX_CYCLES);
}

/* The end is shown first; resuming takes it. */
static void test_end(void **state)
{
	(void)state;
	assert_non_null(strstr(run("c"), "T06"));
	assert_non_null(strstr(said(), "-max-cycles"));
	assert_true(gdb_holds(gdb));
	tell("c", 1);
	soc_run(soc);
	assert_int_equal(soc->cpu->cycle, 100000);
	assert_int_equal(gdb_stopped(gdb), SOC_MAX_CYCLES);
	assert_string_equal(last_reply(), "W01");
}

static void test_monitor(void **state)
{
	const char *text;

	(void)state;
	assert_non_null(strstr(monitor("help"), "monitor break-on [chain|irq|error|off]"));
	assert_string_equal(monitor("cycle"), "clock 0, 0 instructions\n");
	assert_string_equal(monitor("phys 0x80000000 4"), "0x0080000000: 17 05 00 00\n");
	assert_string_equal(monitor("phys 0x80010000 4"), "0x0080010000: not in DRAM\n");
	assert_string_equal(monitor("phys x y"), "usage: monitor phys ADDR LEN\n");
	assert_string_equal(monitor("vio 6"), "slot 6 is empty\n");
	assert_string_equal(monitor("vio 8"), "usage: monitor vio [SLOT]\n");
	assert_string_equal(monitor("break-on irq"), "break-on: irq\n");
	assert_string_equal(monitor("break-on off"), "break-on: nothing\n");
	assert_string_equal(monitor("nonsense"), "there is no such command: monitor help\n");
	text = monitor("vio");
	assert_non_null(strstr(text, "slot 7: block device at 0x10008000, irq 8, modern, model, clock 0\n"));
	assert_non_null(strstr(text, "  Status 0x00, not live\n"));
	assert_non_null(strstr(text, "regs=IDLE"));
	assert_non_null(strstr(text, "queue 1: not ready\n"));
	assert_null(strstr(text, "queue 2"));
	EXPECT("qRcmd,1", "E16");
	EXPECT("qRcmd,xx", "E16");
	assert_int_equal(soc->cpu->cycle, 0);
}

static void test_addresses(void **state)
{
	static const char *const bad[] = {
		"",        "tcp:",           "tcp::",           "tcp::x",         "tcp::65536",
		"tcp::-1", "tcp:0.0.0.0:80", "tcp:10.0.0.1:80", "1234",           "tcp::1234,server",
		"unix:",   "unix:a,b",       "udp::1",          "tcp:127.0.0.1:", "stdio"};
	struct gdb_address a;

	(void)state;
	assert_true(gdb_address_parse(&a, "tcp::1234"));
	assert_null(a.path);
	assert_int_equal(a.port, 1234);
	assert_true(gdb_address_parse(&a, "tcp:127.0.0.1:65535"));
	assert_true(gdb_address_parse(&a, "unix:/a/b"));
	assert_string_equal(a.path, "/a/b");
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(gdb_address_parse(&a, bad[i]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_addresses),
		TEST(test_damaged),
		TEST(test_too_long),
		TEST(test_nonsense),
		TEST(test_queries),
		TEST(test_registers),
		TEST(test_memory),
		TEST(test_step_and_break),
		TEST(test_break_and_writes),
		TEST(test_watch),
		TEST(test_interrupt),
		TEST(test_end),
		TEST(test_monitor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
