/* SPDX-License-Identifier: Apache-2.0
 * pages_compare.c: the logs and tables of two runs of pages.c.
 */
#include <inttypes.h>
#include <string.h>
#include "pages.h"

enum { ACCESSED = 64, DIRTY = 128 }; /* of a PTE */
enum { BREAKPOINT = 3, LOAD_ACCESS = 5, STORE_ACCESS = 7, ECALL_U = 8, ECALL_M = 11 };

/* What machines may differ about. A breakpoint's tval is pc or 0 (privileged 3.1.16). Where a misaligned access is
 * refused by PMP or finds nothing, QEMU names the aligned word that holds its first byte. */
static uint64_t common_tval(uint64_t cause, uint64_t tval)
{
	if (cause == BREAKPOINT)
		return 0;
	return cause == LOAD_ACCESS || cause == STORE_ACCESS ? tval & ~UINT64_C(7) : tval;
}

static struct pages_result result_of(const uint8_t *dram, unsigned index)
{
	struct pages_result r;

	memcpy(&r, dram + PAGES_LOG + index * sizeof r, sizeof r);
	r.tval = common_tval(r.cause, r.tval);
	r.stval = common_tval(r.scause, r.stval);
	return r;
}

static void print_result(const char *who, const struct pages_result *r, FILE *out)
{
	fprintf(out,
		"  %s  mcause %" PRIu64 " mepc 0x%" PRIx64 " mtval 0x%" PRIx64 " mstatus 0x%" PRIx64 " a0 0x%" PRIx64
		"\n",
		who, r->cause, r->epc, r->tval, r->status, r->a0);
	fprintf(out, "        scause %" PRIu64 " sepc 0x%" PRIx64 " stval 0x%" PRIx64 "\n", r->scause, r->sepc,
		r->stval);
}

/* The entries on the way to vaddr, as the runs left them: how many, and where in DRAM. */
static unsigned walk(const uint8_t *dram, uint64_t satp, uint64_t vaddr, uint64_t at[4])
{
	uint64_t table = (satp & ((UINT64_C(1) << 44) - 1)) << 12, pte;
	unsigned count = 0;

	for (unsigned level = satp >> 60 == 9 ? 4 : 3; level-- > 0 && satp >> 60;) {
		at[count] = table - IMAGE_BASE + (vaddr >> (12 + 9 * level) & 511) * 8;
		if (at[count] >= IMAGE_BYTES)
			break;
		memcpy(&pte, dram + at[count++], 8);
		if (!(pte & 1) || pte & 14)
			break;
		table = pte << 10 >> 20 << 12;
	}
	return count;
}

static void print_walk(const uint8_t *dram, uint64_t satp, uint64_t vaddr, FILE *out)
{
	uint64_t at[4], pte;
	unsigned count = walk(dram, satp, vaddr, at);

	fprintf(out, "  walk to 0x%" PRIx64 ":", vaddr);
	for (unsigned i = 0; i < count; i++) {
		memcpy(&pte, dram + at[i], 8);
		fprintf(out, " %016" PRIx64, pte);
	}
	fprintf(out, "\n");
}

static void print_case(const uint8_t *dram, unsigned index, FILE *out)
{
	struct pages_case c;

	memcpy(&c, dram + PAGES_CASE_AT + index * sizeof c, sizeof c);
	fprintf(out,
		"case %u: satp 0x%" PRIx64 " mstatus 0x%" PRIx64 " medeleg 0x%" PRIx64 " counters %" PRIx64 " %" PRIx64
		"\n",
		index, c.satp, c.status, c.medeleg, c.mcounteren, c.scounteren);
	fprintf(out, "  %s 0x%" PRIx64 ", sepc 0x%" PRIx64 ", a0 0x%" PRIx64 ", a1 0x%" PRIx64 "\n",
		c.in_m ? "M mode at" : "MRET to", c.epc, c.sepc, c.a0, c.a1);
	print_walk(dram, c.satp, c.epc, out);
	print_walk(dram, c.satp, c.a1, out);
	fprintf(out, "  pmpcfg0 0x%" PRIx64 ", pmpaddr 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64 "\n",
		c.cfg, c.addr[0], c.addr[1], c.addr[2], c.addr[3]);
	for (unsigned i = 0; i < pages_gadgets(); i++)
		if ((c.epc & ~PAGES_GIB) == IMAGE_BASE + pages_gadget(i))
			fprintf(out, "  instruction %08" PRIx32 "\n", pages_instruction(i));
}

/* A says as much as may be read speculatively (privileged 4.3.1). QEMU sets it for the first page of a load that faults
 * in the second one; our hart does not. */
static bool may_be_accessed(const uint8_t *dram, uint64_t pte_at)
{
	struct pages_case c;
	uint64_t at[4];

	for (unsigned i = 0; i < PAGES_CASES; i++) {
		memcpy(&c, dram + PAGES_CASE_AT + i * sizeof c, sizeof c);
		if (c.a1 % 4096 > 4096 - 8) {
			unsigned count = walk(dram, c.satp, c.a1, at);

			if (count && at[count - 1] == pte_at)
				return true;
		}
	}
	return false;
}

/* Whether the page of an access that finds nothing counts as accessed, and as written, is left open, too. */
static bool is_hole(uint64_t pte)
{
	return (pte << 10 >> 20 << 12) - IMAGE_BASE >= IMAGE_BYTES;
}

static bool same_pte(uint64_t qemu, uint64_t ours, uint64_t at, const uint8_t *dram)
{
	if ((ours | ACCESSED) == qemu && may_be_accessed(dram, at))
		return true;
	return is_hole(ours) && ((ours ^ qemu) & ~(uint64_t)(ACCESSED | DIRTY)) == 0;
}

static bool compare_tables(const uint8_t *qemu, const uint8_t *ours, FILE *out)
{
	for (uint64_t at = PAGES_TABLES; at < PAGES_TARGETS + PAGES_TARGET_COUNT * 4096; at += 8) {
		uint64_t a, b;

		memcpy(&a, qemu + at, 8);
		memcpy(&b, ours + at, 8);
		if (a == b || (at < PAGES_TARGETS && same_pte(a, b, at, ours)))
			continue;
		fprintf(out, "  %s at 0x%" PRIx64 ": QEMU %016" PRIx64 ", ours %016" PRIx64 "\n",
			at < PAGES_TARGETS ? "page table" : "data", IMAGE_BASE + at, a, b);
		return false;
	}
	return true;
}

bool pages_compare(const uint8_t *qemu, const uint8_t *ours, unsigned *traps, FILE *out)
{
	*traps = 0;
	for (unsigned i = 0; i < PAGES_CASES; i++) {
		struct pages_result a = result_of(qemu, i), b = result_of(ours, i);

		if (memcmp(&a, &b, sizeof a) != 0) {
			print_case(ours, i, out);
			print_result("QEMU", &a, out);
			print_result("ours", &b, out);
			return false;
		}
		*traps += a.cause < ECALL_U || a.cause > ECALL_M || a.scause != 0;
	}
	return compare_tables(qemu, ours, out);
}
