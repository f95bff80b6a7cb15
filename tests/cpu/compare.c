/* SPDX-License-Identifier: Apache-2.0
 * compare.c: see compare.h.
 */
#include "compare.h"

#include <inttypes.h>
#include <string.h>
#include "cpu/decode.h"

enum { MOST_LINES = 24 };

struct log {
	const uint8_t *dram;
	uint64_t at, end; /* offsets to DRAM */
};

static struct log log_of(const uint8_t *dram)
{
	struct log log = {dram, IMAGE_LOG, IMAGE_LOG + IMAGE_LOG_BYTES};
	struct image_state state;

	memcpy(&state, dram + IMAGE_STATE, sizeof state);
	if (state.log_end > IMAGE_BASE + IMAGE_LOG && state.log_end - IMAGE_BASE < log.end)
		log.end = state.log_end - IMAGE_BASE;
	return log;
}

static uint64_t word_at(const struct log *log, uint64_t index)
{
	uint64_t word = 0;

	if (log->at + index * 8 < log->end)
		memcpy(&word, log->dram + log->at + index * 8, 8);
	return word;
}

static bool is_trap(const struct log *log)
{
	return word_at(log, 0) == TRAP_MARK;
}
static uint64_t entry_bytes(const struct log *log)
{
	return is_trap(log) ? sizeof(struct trap) : sizeof(struct record);
}

/* A record without a link was never written. */
static bool ends(const struct log *log)
{
	return log->at >= log->end || (!is_trap(log) && word_at(log, LINK) == 0);
}

/* To the first entries that differ; *before, *trapped: the last dump, and whether a trap followed it. false: no entry differs. */
static bool find_difference(struct log *a, struct log *b, uint64_t *before)
{
	*before = 0;
	for (;;) {
		uint64_t bytes = entry_bytes(a);

		if (ends(a) && ends(b))
			return false;
		if (ends(a) || ends(b) || is_trap(a) != is_trap(b) ||
		    memcmp(a->dram + a->at, b->dram + b->at, bytes) != 0)
			return true;
		if (!is_trap(a))
			*before = a->at;
		a->at += bytes;
		b->at += bytes;
	}
}

/* The name of the row; its operands are left to a disassembler. */
static const char *name_of(uint32_t bits)
{
	bool is_short = (bits & 3) != 3;
	const struct row *row = row_find(is_short ? rvc_expand((uint16_t)bits) : bits);

	return row ? row->name : "illegal";
}

/* Where the entry says that the program was: behind what differs. */
static uint64_t place_of(const struct log *log)
{
	if (ends(log))
		return 0;
	return is_trap(log) ? word_at(log, 2) + 4 : word_at(log, LINK);
}

/* From pc to behind it; what a jump passed is printed, too. */
static void print_pieces(const struct gen *g, uint64_t from, uint64_t to, FILE *out)
{
	unsigned lines = 0;

	for (unsigned i = 0; i < g->piece_count && lines < MOST_LINES; i++) {
		const struct piece *p = &g->pieces[i];
		uint64_t pc = IMAGE_BASE + p->at;

		if (pc < from || (pc >= to && lines))
			continue;
		fprintf(out, "  pc 0x%" PRIx64 "  %0*" PRIx32 "  %s\n", pc, (p->bits & 3) == 3 ? 8 : 4, p->bits,
			name_of(p->bits));
		lines++;
	}
}

static void print_before(const struct log *log, uint64_t at, FILE *out)
{
	struct record r;

	memcpy(&r, log->dram + at, sizeof r);
	for (unsigned i = 1; i < 32; i++)
		fprintf(out, "%s  x%-2u %016" PRIx64, i % 4 == 1 ? "\n" : "", i, r.x[i]);
	for (unsigned i = 0; i < 32; i++)
		fprintf(out, "%s  f%-2u %016" PRIx64, i % 4 == 0 ? "\n" : "", i, r.f[i]);
	fprintf(out, "\n  fcsr %" PRIx64 "\n", r.fcsr);
}

static void print_trap(const char *who, const struct log *log, FILE *out)
{
	fprintf(out,
		"  %-5s trap: mcause %" PRIx64 ", mepc 0x%" PRIx64 ", mtval 0x%" PRIx64 ", mstatus 0x%" PRIx64 "\n",
		who, word_at(log, 1), word_at(log, 2), word_at(log, 3), word_at(log, 4));
}

static void print_difference(const struct log *qemu, const struct log *ours, FILE *out)
{
	const struct log *const both[] = {qemu, ours};

	if (is_trap(qemu) || is_trap(ours) || ends(qemu) || ends(ours)) {
		for (unsigned i = 0; i < 2; i++) {
			const char *who = i ? "ours" : "QEMU";

			if (ends(both[i]))
				fprintf(out, "  %-5s nothing any more\n", who);
			else if (is_trap(both[i]))
				print_trap(who, both[i], out);
			else
				fprintf(out, "  %-5s no trap, goes on at 0x%" PRIx64 "\n", who, word_at(both[i], LINK));
		}
		return;
	}
	for (unsigned i = 0; i < sizeof(struct record) / 8; i++) {
		uint64_t a = word_at(qemu, i), b = word_at(ours, i);

		if (a == b)
			continue;
		if (i == 0)
			fprintf(out, "  fcsr: QEMU %" PRIx64 ", ours %" PRIx64 "\n", a, b);
		else
			fprintf(out, "  %c%-2u: QEMU %016" PRIx64 ", ours %016" PRIx64 "\n", i < 32 ? 'x' : 'f', i % 32,
				a, b);
	}
}

static bool compare_data(const struct gen *g, const uint8_t *qemu, const uint8_t *ours, FILE *out)
{
	uint64_t bytes = (uint64_t)g->iterations * IMAGE_DATA_BYTES;

	if (memcmp(qemu + IMAGE_DATA, ours + IMAGE_DATA, bytes) == 0)
		return true;
	for (uint64_t at = IMAGE_DATA; at < IMAGE_DATA + bytes; at += 8) {
		uint64_t a, b;

		memcpy(&a, qemu + at, 8);
		memcpy(&b, ours + at, 8);
		if (a != b) {
			fprintf(out, "  memory at 0x%" PRIx64 " at the end: QEMU %016" PRIx64 ", ours %016" PRIx64 "\n",
				IMAGE_BASE + at, a, b);
			break;
		}
	}
	return false;
}

bool compare_runs(const struct gen *g, const uint8_t *qemu, const uint8_t *ours, FILE *out)
{
	struct log a = log_of(qemu), b = log_of(ours);
	uint64_t before, link;

	if (a.end == b.end && memcmp(qemu + IMAGE_LOG, ours + IMAGE_LOG, a.end - IMAGE_LOG) == 0)
		return compare_data(g, qemu, ours, out);
	if (!find_difference(&a, &b, &before)) {
		fprintf(out, "  one of the logs goes on\n");
		return false;
	}
	if (before) {
		memcpy(&link, qemu + before + 8 * LINK, 8);
		fprintf(out, "before:");
		print_before(&a, before, out);
		fprintf(out, "executed since:\n");
		print_pieces(g, link, place_of(&a) > place_of(&b) ? place_of(&a) : place_of(&b), out);
	}
	fprintf(out, "differs:\n");
	print_difference(&a, &b, out);
	return false;
}
