/* SPDX-License-Identifier: Apache-2.0
 * machines.c: see machines.h.
 */
#include "machines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "driver.h"

#define SERIAL "abcdefghijklmnopqrst"

static const char *path_in(const struct machines *m, const char *name)
{
	static char paths[8][128];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof paths[0], "%s/%s", m->folder, name);
	return path;
}

static uint8_t *make_disk(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	void *map;

	if (fd < 0 || ftruncate(fd, DISK_BYTES) != 0)
		sim_die("%s: %s", path, strerror(errno));
	map = mmap(NULL, DISK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		sim_die("%s: %s", path, strerror(errno));
	close(fd);
	return map;
}

static char *format(const char *f, const char *word)
{
	char *text = sim_alloc(500);

	snprintf(text, 500, f, word);
	return text;
}

static void open_ours(const struct machines *m, struct pair *p)
{
	const char *path = path_in(m, "ours.sock"), *disk = path_in(m, "ours.img");
	char *argv[] = {(char *)(uintptr_t)m->ringwalk,
			(char[]){"-m"},
			(char[]){"16M"},
			(char[]){"-dut"},
			(char *)(uintptr_t)m->dut,
			(char[]){"-qtest"},
			format("unix:%s", path),
			(char[]){"-drive"},
			format("if=none,id=d,format=raw,file=%s", disk),
			(char[]){"-device"},
			(char[]){"virtio-blk-device,drive=d,serial=" SERIAL ",packed=on"},
			NULL};

	p->our_disk = make_disk(disk);
	peer_open(&p->ours, "ours", path, path_in(m, "ours.log"), argv);
}

/* It offers what it does by default. Its properties say what our config space says: seg_max follows from queue-size. */
static void open_qemu(const struct machines *m, struct pair *p)
{
	const char *path = path_in(m, "qemu.sock"), *disk = path_in(m, "qemu.img");
	char *argv[] = {(char *)(uintptr_t)m->qemu,
			(char[]){"-M"},
			(char[]){"virt"},
			(char[]){"-m"},
			(char[]){"16M"},
			(char[]){"-S"},
			(char[]){"-nodefaults"},
			(char[]){"-display"},
			(char[]){"none"},
			(char[]){"-bios"},
			(char[]){"none"},
			(char[]){"-qtest-log"},
			(char[]){"none"},
			(char[]){"-qtest"},
			format("unix:%s", path),
			(char[]){"-global"},
			(char[]){"virtio-mmio.force-legacy=false"},
			(char[]){"-drive"},
			format("if=none,id=d,format=raw,discard=unmap,file=%s", disk),
			(char[]){"-device"},
			(char[]){"virtio-blk-device,drive=d,queue-size=128,num-queues=1,cyls=1,heads=16,secs=64,"
				 "physical_block_size=4096,min_io_size=4096,opt_io_size=65536,discard_granularity=4096,"
				 "max-discard-sectors=32768,max-write-zeroes-sectors=32768,serial=" SERIAL
				 ",packed=on"},
			NULL};

	p->qemu_disk = make_disk(disk);
	peer_open(&p->qemu, "QEMU", path, path_in(m, "qemu.log"), argv);
}

/* The PLIC's inputs, and the features that both offer. */
static void introduce(struct pair *p)
{
	static const char *const commands[] = {
		"endianness",          "irq_intercept_in /machine/unattached/device[2]",
		"writel 0x10008014 1", "readl 0x10008010",
		"writel 0x10008014 0", "readl 0x10008010",
	};
	struct peer *const peers[] = {&p->ours, &p->qemu};

	p->both = ~0ull;
	for (unsigned k = 0; k < 2; k++) {
		uint64_t offered = 0;

		for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
			const char *text;

			peer_send(peers[k], "%s", commands[i]);
			peer_flush(peers[k]);
			text = peer_answer(peers[k]);
			if (strncmp(text, "OK", 2) != 0)
				sim_die("%s answered '%s' to '%s'", peers[k]->name, text, commands[i]);
			if (commands[i][0] == 'r')
				offered = offered << 32 | strtoull(text + 3, NULL, 16);
		}
		p->both &= offered;
	}
}

void machines_open(struct machines *m, struct pair *p)
{
	snprintf(m->folder, sizeof m->folder, "%s/ringwalk-qtest-XXXXXX",
		 getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
	if (!mkdtemp(m->folder))
		sim_die("%s: %s", m->folder, strerror(errno));
	open_ours(m, p);
	open_qemu(m, p);
	introduce(p);
}

void machines_close(struct machines *m, struct pair *p)
{
	static const char *const names[] = {"ours.sock", "ours.img", "ours.log", "qemu.sock", "qemu.img", "qemu.log"};

	peer_close(&p->ours);
	peer_close(&p->qemu);
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(path_in(m, names[i]));
	rmdir(m->folder);
}
