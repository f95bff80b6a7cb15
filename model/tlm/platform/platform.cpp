// SPDX-License-Identifier: Apache-2.0
// platform.cpp: the virtual platform: the machine of sim/ in SystemC, with the device as TLM or as RTL, or both.
//
// Its options are those of ringwalk, and:
//   --dut tlm-lt|tlm-at|rtl-sc|both   the device; both: tlm-at and rtl-sc, each in a machine of its own, compared
//   --quantum TIME                    how far the hart may be ahead of SystemC, as 1ns, 10us or 1ms; 1us
//   --dmi on|off|random               DMI on the device's memory; random: in parts, taken back at random times
// With both, the second machine has a copy of the disks in memory. Exit status as ringwalk's.
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include "tlm/platform/compare.h"
#include "tlm/platform/machine.h"

using namespace sc_core;

namespace
{

struct run {
	options o;
	bool both = false;
	dut_style style = TLM_LT;
	dmi_mode dmi = DMI_ON;
	uint64_t quantum_ps = 1000000;
	boot start;
	devices opened;
	std::vector<std::vector<uint8_t>> copies; // of the disks, for the second machine
};

void read_dut(run &r, const char *arg)
{
	static const char *const names[] = {"tlm-lt", "tlm-at", "rtl-sc", "both"};

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(arg, names[i]) == 0) {
			r.both = i == 3;
			r.style = i == 3 ? TLM_AT : static_cast<dut_style>(i);
			return;
		}
	sim_die("--dut: '%s' is not tlm-lt, tlm-at, rtl-sc or both", arg);
}

void read_dmi(run &r, const char *arg)
{
	static const char *const names[] = {"off", "on", "random"};

	for (unsigned i = 0; i < 3; i++)
		if (strcmp(arg, names[i]) == 0) {
			r.dmi = static_cast<dmi_mode>(i);
			return;
		}
	sim_die("--dmi: '%s' is not on, off or random", arg);
}

void read_quantum(run &r, const char *arg)
{
	static const struct {
		const char *unit;
		uint64_t ps;
	} units[] = {{"ps", 1}, {"ns", 1000}, {"us", 1000000}, {"ms", 1000000000}};
	char *end;
	const uint64_t n = strtoull(arg, &end, 10);

	for (const auto &u : units)
		if (isdigit(static_cast<unsigned char>(arg[0])) && strcmp(end, u.unit) == 0 && n > 0 && n <= 1000000) {
			r.quantum_ps = n * u.ps;
			return;
		}
	sim_die("--quantum: '%s' is not a time as 1ns, 10us or 1ms", arg);
}

void help()
{
	puts("  --dut          KIND  device: tlm-lt, tlm-at, rtl-sc or both (tlm-at and rtl-sc, compared): tlm-lt\n"
	     "  --quantum      TIME  how far the hart may be ahead of SystemC, as 1ns, 10us, 1ms: 1us\n"
	     "  --dmi          MODE  DMI on the device's memory: on, off or random: on\n"
	     "Of these the platform takes what says what to run, and -trace, -seed, -inject, latencies and stalls:\n");
}

// Takes the platform's own options out; the others are ringwalk's.
void parse(run &r, int argc, char **argv)
{
	std::vector<char *> rest;

	for (int i = 0; i < argc; i++) {
		const char *name =
			argv[i] + (i > 0 && argv[i][0] == '-') + (i > 0 && argv[i][0] == '-' && argv[i][1] == '-');
		void (*reader)(run &, const char *) = strcmp(name, "dut") == 0       ? read_dut
						      : strcmp(name, "quantum") == 0 ? read_quantum
						      : strcmp(name, "dmi") == 0     ? read_dmi
										     : nullptr;
		if (i > 0 && strcmp(name, "help") == 0)
			help();
		if (i == 0 || name == argv[i] || reader == nullptr) {
			rest.push_back(argv[i]);
			continue;
		}
		if (++i == argc)
			sim_die("--%s: its argument is missing", name);
		reader(r, argv[i]);
	}
	rest.push_back(nullptr);
	options_parse(&r.o, static_cast<int>(rest.size()) - 1, rest.data());
	const options &o = r.o;
	if (o.wave || o.record || o.replay || o.stats || o.qtest || o.check || o.gdb || o.halted || o.checkpoint ||
	    o.restore || o.profile || o.progress || o.htif || o.signature || strcmp(o.serial, "stdio") != 0 ||
	    o.stop_line || o.fail_line || o.dumpdtb)
		sim_die("the platform runs firmware and guests, and has none of ringwalk's ways to look at them but "
			"-trace");
}

std::vector<disk_config> copy_disks(run &r)
{
	std::vector<disk_config> disks;

	for (unsigned n = 0; n < r.opened.count; n++) {
		disk_config d = r.opened.config[n].disk;
		r.copies.emplace_back(d.size);
		for (uint64_t at = 0; at < d.size;) {
			const ssize_t got = pread(d.fd, r.copies[n].data() + at, d.size - at, static_cast<off_t>(at));
			if (got <= 0)
				sim_die("%s: %s", r.o.devices[n].drive->file, strerror(errno));
			at += static_cast<uint64_t>(got);
		}
		d.fd = -1;
		d.bytes = r.copies[n].data();
		disks.push_back(d);
	}
	return disks;
}

machine_config config_of(run &r, dut_style style, bool second)
{
	machine_config c{};

	c.o = &r.o;
	c.style = style;
	c.dmi = r.dmi;
	c.quantum = std::max<uint64_t>(r.quantum_ps / 10000, 1);
	c.start = &r.start;
	if (second) {
		c.disks = copy_disks(r);
		return c;
	}
	for (unsigned n = 0; n < r.opened.count; n++)
		c.disks.push_back(r.opened.config[n].disk);
	c.uart = stdout;
	c.log = r.opened.count != 0 ? r.opened.config[0].log : nullptr;
	return c;
}

const char *const twin_names[2] = {"tlm-at", "rtl-sc"};

// Why the hart of this machine stopped, when the guest did not end it. Exit status.
int say_end(const run &r, const machine &m)
{
	static const char *const why[] = {"was stopped",
					  "",
					  "stopped by -max-cycles",
					  "guest: waits for an interrupt that cannot come",
					  "guest: asks for a reset, which the platform does not model",
					  "guest: its trap handler cannot be executed"};
	uint64_t offset = 0;
	const char *function = symbols_find(r.start.symbols, m.cpu->core->pc, &offset);

	if (m.cpu->end == HART_FINISHED)
		return static_cast<int>(std::min(m.cpu->code, 255u));
	printf("%s, cycle %" PRIu64 "\npc 0x%" PRIx64, why[m.cpu->end], m.cpu->core->cycle, m.cpu->core->pc);
	if (function)
		printf(" in %s+0x%" PRIx64, function, offset);
	printf("\n");
	return 1;
}

bool same_memory(const machine &a, const machine &b)
{
	for (uint64_t i = 0; i < a.memory().size(); i += 4096)
		if (memcmp(a.memory().data() + i, b.memory().data() + i, 4096) != 0) {
			printf("both: final DRAM differs on the page at 0x%" PRIx64 "\n", 0x80000000 + i);
			return false;
		}
	return true;
}

bool same_disks(const run &r)
{
	for (unsigned n = 0; n < r.opened.count; n++) {
		std::vector<uint8_t> now(r.copies[n].size());
		if (pread(r.opened.fd[n], now.data(), now.size(), 0) != static_cast<ssize_t>(now.size()) ||
		    now != r.copies[n]) {
			printf("both: the final disks of device %u differ\n", n);
			return false;
		}
	}
	return true;
}

int finish(run &r, machine &first, machine *second, const std::unique_ptr<compare> &watch, double elapsed)
{
	static const char *const names[] = {"tlm-lt", "tlm-at", "rtl-sc"};
	uint64_t requests = 0, bytes = 0;
	int status, mismatches = 0;

	if (first.cpu->serial.last != '\n' && first.cpu->serial.last != 0)
		putchar('\n');
	if (watch)
		watch->finish();
	if (watch && watch->failed()) {
		watch->report(stdout, twin_names);
		mismatches = 1;
	} else if (second != nullptr && (!same_memory(first, *second) || !same_disks(r))) {
		mismatches = 1;
	}
	status = say_end(r, first);
	if (mismatches != 0)
		status = 1;
	if (status != 0 && (first.cpu->end != HART_FINISHED || mismatches != 0))
		printf("seed %" PRIu64 "\nagain: %s --dut %s\n", r.o.seed, r.o.command,
		       r.both ? "both" : names[r.style]);
	for (const auto &d : first.disks) {
		const struct disk_counts *c = disk_counts(d->get());
		requests += c->reads + c->writes + c->flushes + c->other;
		bytes += c->read_bytes + c->write_bytes;
		if (disk_host_failed(d->get()))
			status = 2;
	}
	printf("%s: %" PRIu64 " cycles, %" PRIu64 " requests, %" PRIu64 ".%" PRIu64 " MB",
	       r.both ? "both" : names[r.style], first.cpu->core->cycle, requests, bytes / 1000000,
	       bytes / 100000 % 10);
	if (watch)
		printf(", %" PRIu64 " events compared, %d mismatches", watch->compared(), mismatches);
	printf("\n");
	fprintf(stderr, "%.1f s, %.1f Mclocks/s\n", elapsed,
		static_cast<double>(first.cpu->core->cycle) / elapsed * 1e-6);
	if (fflush(stdout) != 0)
		sim_die("standard output: %s", strerror(errno));
	return status;
}

} // namespace

int sc_main(int argc, char **argv)
{
	static run r;
	static const uint8_t no_dram[1] = {0};
	std::unique_ptr<compare> watch;
	std::unique_ptr<machine> first, second;
	unsigned running = 1;
	int status;

	parse(r, argc, argv);
	sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
	boot_open(&r.start, &r.o);
	devices_open(&r.opened, &r.o, const_cast<uint8_t *>(no_dram));
	first = std::make_unique<machine>(r.both ? "tlm" : "machine", config_of(r, r.style, false));
	first->cpu->ended = [&] {
		if (--running == 0)
			sc_stop();
	};
	if (r.both) {
		running = 2;
		second = std::make_unique<machine>("rtl", config_of(r, RTL_SC, true));
		second->cpu->ended = first->cpu->ended;
		watch = std::make_unique<compare>([] { sc_stop(); });
		for (unsigned n = 0; n < r.opened.count; n++)
			for (unsigned i = 0; i < 2; i++) {
				const std::string tail = " of device " + std::to_string(n);
				(i == 0 ? *first : *second)
					.watch(n, watch->side(i, "registers" + tail), watch->side(i, "DMA" + tail),
					       watch->side(i, "interrupts" + tail));
			}
	}
	const auto start = std::chrono::steady_clock::now();
	sc_start();
	status = finish(r, *first, second.get(), watch,
			std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
	devices_close_outputs(&r.opened, &r.o);
	first.reset();
	second.reset();
	boot_close(&r.start);
	devices_close(&r.opened);
	options_free(&r.o);
	return status;
}
