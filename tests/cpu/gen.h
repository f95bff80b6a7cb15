/* SPDX-License-Identifier: Apache-2.0
 * gen.h: random programs.
 *
 * A program is a sequence of groups: instructions that belong together, such as an address and the load from it. The
 * same seed gives the same program. Nothing in it depends on time, so two machines that are right do the same.
 */
#ifndef CPU_GEN_H
#define CPU_GEN_H

#include <stdbool.h>
#include <stdint.h>
#include "image.h"
#include "sim.h"

enum ext { EXT_I, EXT_M, EXT_A, EXT_F, EXT_D, EXT_C, EXT_ZICSR, EXT_ZIFENCEI, EXTS };
extern const char *const ext_names[EXTS];

/* An instruction of the program, for reports. */
struct piece {
	uint32_t at; /* offset to IMAGE_BASE */
	uint32_t bits;
};

struct gen {
	uint8_t *dram;
	struct sim_rng rng;
	bool fine; /* DUMP after each instruction, where that is possible, instead of after some groups */
	unsigned iterations;

	uint32_t at;
	unsigned whole;     /* not 0: in what no DUMP may interrupt */
	bool may_be_passed; /* what is emitted is not always executed, and not counted */
	struct piece *pieces;
	unsigned piece_count;
	uint64_t dumps, traps;
	uint64_t counts[EXTS]; /* instructions that an iteration executes */
};

/* Fills dram with stubs, program, seeds and data. Afterwards pieces, counts, dumps and traps describe it; the caller
 * frees pieces. */
void gen_program(struct gen *g, uint8_t *dram, uint64_t seed, unsigned iterations, bool fine);

/* --- For the gen_*.c files. */

/* Rows of sim/cpu/insn.def, by what a program must do for them. */
enum kind {
	KIND_ALU, /* any operands will do */
	KIND_LOAD,
	KIND_STORE,
	KIND_BRANCH,
	KIND_JAL,
	KIND_JALR,
	KIND_LR,
	KIND_SC,
	KIND_AMO,
	KIND_FENCE_I,
	KIND_CSR,
	KIND_OTHER
};

struct row {
	const char *name;
	uint32_t mask, match;
};

enum kind row_kind(const struct row *row);
enum ext row_ext(const struct row *row);
bool row_writes_f(const struct row *row);
const struct row *row_find(uint32_t word); /* NULL: illegal */
const struct row *row_any(struct sim_rng *rng);

/* A random instruction: all that the row leaves open is drawn, but rd, which is none of the registers with a task. */
uint32_t draw_insn(struct gen *g, enum ext ext, enum kind kind);
uint32_t with_rd(uint32_t word, unsigned rd);
uint32_t with_rs1(uint32_t word, unsigned rs1);
uint32_t with_rs2(uint32_t word, unsigned rs2);
uint32_t with_rm(uint32_t word, unsigned rm);

uint32_t below(struct gen *g, uint32_t n);
bool chance(struct gen *g, unsigned percent);
int between(struct gen *g, int low, int high); /* both included */
unsigned draw_temp(struct gen *g);             /* x1 to x29 */
unsigned draw_rd(struct gen *g);               /* any but x30 */
uint64_t draw64(struct gen *g);
uint64_t draw_operand(struct gen *g); /* operands.c */

/* Append an instruction, of 2 or 4 bytes by its low bits. */
void emit(struct gen *g, enum ext ext, uint32_t bits);
unsigned emit_hole(struct gen *g, enum ext ext, unsigned bytes); /* to be filled by patch */
void patch(struct gen *g, unsigned hole, uint32_t bits);
uint32_t address_of(const struct gen *g, unsigned hole);
void emit_data(struct gen *g, uint32_t word);               /* no instruction */
void emit_trap(struct gen *g, enum ext ext, uint32_t bits); /* one that traps: not counted for its extension */

/* x[reg], or f[reg], becomes an operand from the data. */
void emit_operand(struct gen *g, unsigned reg);
void emit_operand_f(struct gen *g, unsigned reg);
/* reg = x30 + offset. */
void emit_base(struct gen *g, unsigned reg, int offset);

/* The groups. */
void group_int(struct gen *g);
void group_mul(struct gen *g);
void group_jump(struct gen *g);
void group_memory(struct gen *g);
void group_atomic(struct gen *g);
void group_single(struct gen *g);
void group_double(struct gen *g);
void group_compressed(struct gen *g);
void group_csr(struct gen *g);
void group_fence_i(struct gen *g);
void group_trap(struct gen *g);

/* Of gen_csr.c: what the operands of each CSR are masked with; the words are at x30 + CSR_MASKS. */
enum { CSR_MASKS = -2048 };
unsigned csr_masks(uint64_t *masks);

#endif
