/* SPDX-License-Identifier: Apache-2.0
 * qtest.c: the commands of qtest.h.
 */
#define _XOPEN_SOURCE 700
#include "qtest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "qtest_words.h"
#include "sim.h"
#include "soc/map.h"

enum { WORDS = 4 };

struct qtest {
	struct soc *soc;
	void (*send)(void *ctx, const char *text, size_t len);
	void *ctx;
	bool intercepted;
	uint64_t shown; /* levels of the PLIC's inputs as IRQ lines told them */
};

struct qtest *qtest_new(struct soc *soc, void (*send)(void *ctx, const char *text, size_t len), void *ctx)
{
	struct qtest *q = sim_alloc(sizeof *q);

	q->soc = soc;
	q->send = send;
	q->ctx = ctx;
	return q;
}

void qtest_free(struct qtest *q)
{
	free(q);
}

static void __attribute__((format(printf, 2, 3))) answer(struct qtest *q, const char *format, ...)
{
	char text[200];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof text - 1, format, args);
	va_end(args);
	n = n < (int)sizeof text - 1 ? n : (int)sizeof text - 2;
	text[n] = '\n';
	q->send(q->ctx, text, (size_t)n + 1);
}

static void show_irqs(struct qtest *q)
{
	uint64_t level = q->soc->plic.level, moved = level ^ q->shown;

	if (!q->intercepted || !moved)
		return;
	q->shown = level;
	for (unsigned i = 1; i < PLIC_SOURCES; i++)
		if (moved >> i & 1)
			answer(q, "IRQ %s %u", level >> i & 1 ? "raise" : "lower", i);
}

/* The machine stands where the devices do. */
static void catch_up(struct qtest *q)
{
	struct soc *soc = q->soc;

	soc_advance(soc, soc->device_count ? vdev_cycle(soc->devices[0]) : soc->cpu->cycle);
	show_irqs(q);
}

/* One clock of a device. Returns false when its pins did not move, and nothing around it is in progress. *notice: the
 * machine has to take notice. */
static bool clock_device(struct vdev *v, bool *notice)
{
	const struct vio_out *out = &vdev_dut(v)->out;
	struct vio_out before;

	memcpy(&before, out, sizeof before); /* holes as well */
	vdev_advance(v, vdev_cycle(v) + 1);
	*notice |= out->irq != before.irq || vdev_failure(v);
	return !vdev_around_idle(v) || memcmp(&before, out, sizeof before) != 0;
}

/* One clock of all devices; whether any of them moved. */
static bool clock_devices(struct qtest *q)
{
	bool moved = false, notice = false;

	for (unsigned i = 0; i < q->soc->device_count; i++)
		moved |= clock_device(q->soc->devices[i], &notice);
	if (notice)
		catch_up(q);
	return moved;
}

/* Runs until the devices are quiet, or still: one that needs a reset is not quiet. */
static void settle(struct qtest *q)
{
	struct soc *soc = q->soc;
	uint64_t still = 0;

	catch_up(q);
	for (uint64_t i = 0; i < QTEST_SETTLE_CLOCKS && still < QTEST_STILL_CLOCKS; i++) {
		if (soc_quiet(soc) || soc->end != SOC_RUNNING)
			break;
		still = clock_devices(q) ? 0 : still + 1;
	}
	catch_up(q);
}

/* --- Accesses */

/* The bytes at addr if len of them lie in DRAM, else NULL. */
static uint8_t *dram_at(struct qtest *q, uint64_t addr, uint64_t len)
{
	uint64_t offset = addr - MAP_DRAM, size = q->soc->config.dram_size;

	return offset < size && len <= size - offset ? q->soc->config.dram + offset : NULL;
}

/* The widest single access at addr: QEMU cuts a longer one in the same way. */
static unsigned piece(uint64_t addr, uint64_t left)
{
	unsigned most = addr - MAP_CLINT < MAP_CLINT_SIZE ? 8 : addr - MAP_UART < MAP_UART_SIZE ? 1 : 4;

	while (most > left || addr % most)
		most /= 2;
	return most;
}

/* What has no register or memory reads as 0. */
static void load_bytes(struct qtest *q, uint64_t addr, uint8_t *to, uint64_t len)
{
	const uint8_t *memory = dram_at(q, addr, len);
	uint64_t value;
	unsigned n;

	if (memory) {
		memcpy(to, memory, len);
		return;
	}
	for (; len; addr += n, to += n, len -= n) {
		n = piece(addr, len);
		memory = dram_at(q, addr, n);
		if (memory) {
			memcpy(to, memory, n);
			continue;
		}
		if (!soc_load(q->soc, addr, n, &value))
			value = 0;
		for (unsigned i = 0; i < n; i++)
			to[i] = (uint8_t)(value >> 8 * i);
	}
}

static void store_bytes(struct qtest *q, uint64_t addr, const uint8_t *from, uint64_t len)
{
	uint8_t *memory = dram_at(q, addr, len);
	uint64_t value;
	unsigned n;

	if (memory) {
		memcpy(memory, from, len);
		return;
	}
	for (; len && q->soc->end == SOC_RUNNING; addr += n, from += n, len -= n) {
		n = piece(addr, len);
		memory = dram_at(q, addr, n);
		if (memory) {
			memcpy(memory, from, n);
			continue;
		}
		value = 0;
		for (unsigned i = 0; i < n; i++)
			value |= (uint64_t)from[i] << 8 * i;
		soc_store(q->soc, addr, n, value);
	}
}

/* --- Words of a command */

/* ADDR and SIZE. */
static bool read_range(char **words, uint64_t *addr, uint64_t *len)
{
	return qtest_number(words[1], addr) && qtest_number(words[2], len) && *len <= QTEST_LINE_BYTES;
}

/* --- Commands. Each returns false when its words are wrong; it answers itself otherwise. */

static unsigned width_of(char letter)
{
	return letter == 'b' ? 1 : letter == 'w' ? 2 : letter == 'l' ? 4 : letter == 'q' ? 8 : 0;
}

static bool do_read_word(struct qtest *q, char **words)
{
	uint8_t bytes[8];
	uint64_t addr, value = 0;
	unsigned len = width_of(words[0][4]);

	if (!qtest_number(words[1], &addr))
		return false;
	load_bytes(q, addr, bytes, len);
	for (unsigned i = 0; i < len; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	settle(q);
	answer(q, "OK 0x%016" PRIx64, value);
	return true;
}

static bool do_write_word(struct qtest *q, char **words)
{
	uint8_t bytes[8];
	uint64_t addr, value;

	if (!qtest_number(words[1], &addr) || !qtest_number(words[2], &value))
		return false;
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	store_bytes(q, addr, bytes, width_of(words[0][5]));
	settle(q);
	answer(q, "OK");
	return true;
}

static bool do_read(struct qtest *q, char **words)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t addr, len;
	uint8_t *bytes;
	char *text;

	if (!read_range(words, &addr, &len) || len == 0)
		return false;
	bytes = sim_alloc(len);
	text = sim_alloc(2 * len + 6);
	load_bytes(q, addr, bytes, len);
	memcpy(text, "OK 0x", 5);
	for (uint64_t i = 0; i < len; i++) {
		text[5 + 2 * i] = digits[bytes[i] >> 4];
		text[6 + 2 * i] = digits[bytes[i] & 15];
	}
	text[2 * len + 5] = '\n';
	settle(q);
	q->send(q->ctx, text, 2 * len + 6);
	free(bytes);
	free(text);
	return true;
}

static bool do_b64read(struct qtest *q, char **words)
{
	uint64_t addr, len;
	uint8_t *bytes;
	char *text, *to;

	if (!read_range(words, &addr, &len))
		return false;
	bytes = sim_alloc(len + 2); /* zeros past the end */
	text = sim_alloc(len / 3 * 4 + 10);
	load_bytes(q, addr, bytes, len);
	memcpy(text, "OK ", 3);
	to = text + 3;
	for (uint64_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];

		*to++ = qtest_base64_digits[bits >> 18];
		*to++ = qtest_base64_digits[bits >> 12 & 63];
		*to++ = i + 1 < len ? qtest_base64_digits[bits >> 6 & 63] : '=';
		*to++ = i + 2 < len ? qtest_base64_digits[bits & 63] : '=';
	}
	*to++ = '\n';
	settle(q);
	q->send(q->ctx, text, (size_t)(to - text));
	free(bytes);
	free(text);
	return true;
}

/* write and b64write: the bytes that the words do not give are 0. */
static bool do_write(struct qtest *q, char **words)
{
	uint64_t addr, len;
	uint8_t *bytes;
	bool ok;

	if (!read_range(words, &addr, &len) || !words[3])
		return false;
	if (strlen(words[3]) < 3) {
		answer(q, "ERR invalid argument size");
		return true;
	}
	bytes = sim_alloc(len);
	ok = words[0][0] == 'b' ? qtest_base64(words[3], bytes, len) : qtest_hex(words[3] + 2, bytes, len);
	if (ok) {
		store_bytes(q, addr, bytes, len);
		settle(q);
		answer(q, "OK");
	}
	free(bytes);
	return ok;
}

static bool do_memset(struct qtest *q, char **words)
{
	uint64_t addr, len, value;
	uint8_t *bytes;

	if (!read_range(words, &addr, &len) || !qtest_number(words[3], &value))
		return false;
	bytes = sim_alloc(len);
	memset(bytes, (int)(value & 255), len);
	store_bytes(q, addr, bytes, len);
	free(bytes);
	settle(q);
	answer(q, "OK");
	return true;
}

/* The clock cannot go back, nor past what a signed number of nanoseconds holds. */
static void go_to(struct qtest *q, uint64_t cycle)
{
	struct soc *soc = q->soc;

	while (soc->cpu->cycle < cycle && soc->end == SOC_RUNNING) {
		soc_advance(soc, soc_quiet(soc) ? cycle : soc->cpu->cycle + 1);
		show_irqs(q);
	}
}

static bool do_clock(struct qtest *q, char **words)
{
	const uint64_t last = INT64_MAX / QTEST_NS, now = q->soc->cpu->cycle;
	bool step = strcmp(words[0], "clock_step") == 0;
	uint64_t ns, cycle;

	if (words[1] || !step) {
		if (!qtest_number(words[1], &ns) || ns > INT64_MAX)
			return false;
		cycle = ns / QTEST_NS + (ns % QTEST_NS != 0) + (step ? now : 0);
	} else {
		cycle = clint_next(&q->soc->clint, now);
		if (cycle == UINT64_MAX)
			cycle = now;
	}
	go_to(q, cycle < last ? cycle : last);
	settle(q);
	answer(q, "OK %" PRIu64, q->soc->cpu->cycle * QTEST_NS);
	return true;
}

static bool do_intercept(struct qtest *q, char **words)
{
	if (!words[1])
		return false;
	if (strcmp(words[1], QTEST_PLIC) != 0) {
		answer(q, "FAIL Unknown device");
		return true;
	}
	q->intercepted = true;
	settle(q);
	answer(q, "OK");
	return true;
}

static bool do_endianness(struct qtest *q, char **words)
{
	(void)words;
	answer(q, "OK little");
	return true;
}

static const struct command {
	const char *name;
	bool (*obey)(struct qtest *q, char **words);
} commands[] = {
	{"readb", do_read_word},
	{"readw", do_read_word},
	{"readl", do_read_word},
	{"readq", do_read_word},
	{"writeb", do_write_word},
	{"writew", do_write_word},
	{"writel", do_write_word},
	{"writeq", do_write_word},
	{"read", do_read},
	{"write", do_write},
	{"b64read", do_b64read},
	{"b64write", do_write},
	{"memset", do_memset},
	{"clock_step", do_clock},
	{"clock_set", do_clock},
	{"irq_intercept_in", do_intercept},
	{"endianness", do_endianness},
};

void qtest_line(struct qtest *q, char *line)
{
	char *words[WORDS] = {line};

	for (unsigned i = 1; i < WORDS && words[i - 1]; i++) {
		words[i] = strchr(words[i - 1], ' ');
		if (words[i])
			*words[i]++ = 0;
	}
	if (words[WORDS - 1])
		words[WORDS - 1][strcspn(words[WORDS - 1], " ")] = 0;
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (strcmp(words[0], commands[i].name) != 0)
			continue;
		if (!commands[i].obey(q, words))
			answer(q, "FAIL Invalid arguments of '%s'", words[0]);
		return;
	}
	answer(q, "FAIL Unknown command '%s'", words[0]);
}
