/* SPDX-License-Identifier: Apache-2.0
 * machines.c: see machines.h.
 *
 * QEMU takes its RAM from a file without a name that we share with it. So the image needs no loader, and its log is read
 * where it was written.
 */
#include "machines.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cpu/cpu.h"
#include "image.h"
#include "sim.h"

enum { SECONDS = 600 }; /* it takes one, but the host may be busy */
#define MOST_CLOCKS 2000000000ull

struct ram ram_new(void)
{
	struct ram ram = {.fd = memfd_create("ram", 0)};

	if (ram.fd < 0 || ftruncate(ram.fd, IMAGE_BYTES) != 0)
		sim_die("memory for a machine: %s", strerror(errno));
	ram.bytes = mmap(NULL, IMAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, ram.fd, 0);
	if (ram.bytes == MAP_FAILED)
		sim_die("memory for a machine: %s", strerror(errno));
	return ram;
}

void ram_free(struct ram *ram)
{
	munmap(ram->bytes, IMAGE_BYTES);
	close(ram->fd);
}

static bool bus_load(void *ctx, uint64_t addr, unsigned len, uint64_t *data)
{
	(void)ctx, (void)addr, (void)len, (void)data;
	return false;
}

static bool bus_store(void *ctx, uint64_t addr, unsigned len, uint64_t data)
{
	bool *ended = ctx;

	(void)len, (void)data;
	*ended = *ended || addr == IMAGE_FINISHER;
	return addr == IMAGE_FINISHER || addr == IMAGE_MTIMECMP;
}

static uint64_t bus_time(void *ctx)
{
	return (void)ctx, 0;
}

bool ours_run(uint8_t *dram)
{
	bool ended = false;
	struct cpu_config config = {IMAGE_BASE, IMAGE_BYTES, dram, {&ended, bus_load, bus_store, bus_time}};
	struct cpu *cpu = cpu_new(&config);

	cpu_reset(cpu, IMAGE_BASE);
	while (!ended && cpu->cycle < MOST_CLOCKS)
		cpu_run(cpu, 1000000);
	cpu_free(cpu);
	return ended;
}

pid_t qemu_start(const char *program, const struct ram *ram)
{
	char object[200], bytes[20];
	pid_t pid = fork();

	if (pid < 0)
		sim_die("%s: %s", program, strerror(errno));
	if (pid > 0)
		return pid;
	snprintf(object, sizeof object, "memory-backend-file,id=ram,size=%d,mem-path=/proc/self/fd/%d,share=on",
		 IMAGE_BYTES, ram->fd);
	snprintf(bytes, sizeof bytes, "%dM", IMAGE_BYTES >> 20);
	/* Of what our hart has not, what QEMU 7.2 has by default is off. */
	execlp(program, program, "-M", "virt,memory-backend=ram", "-object", object, "-m", bytes, "-cpu",
	       "rv64,h=off,v=off,zba=off,zbb=off,zbc=off,zbs=off,debug=off", "-bios", "none", "-display", "none",
	       "-serial", "none", "-monitor", "none", (char *)NULL);
	fprintf(stderr, "%s: %s\n", program, strerror(errno));
	_exit(127);
}

void qemu_wait(const char *program, pid_t pid)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int status = 0;

	for (time_t end = time(NULL) + SECONDS; waitpid(pid, &status, WNOHANG) == 0;) {
		if (time(NULL) > end) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			sim_die("%s has not come to an end in %d s", program, SECONDS);
		}
		nanosleep(&pause, NULL);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		sim_die("%s ended with status %d", program,
			WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status) + 128);
}
