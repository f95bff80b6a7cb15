/* SPDX-License-Identifier: Apache-2.0
 * fifo.h: the one storage part between units. Twin of rtl/fifo.v.
 *
 * A clock takes one push and one pop of each FIFO, both judged by its state at the start of the clock: CAN_POP and
 * CAN_PUSH look at clk->ne and clk->nf, two words with a bit for each FIFO, copied before any unit runs. PUSH and POP
 * write the ring at once and keep the words for the next clock. So the order in which units run cannot matter.
 *
 * The macros expect `struct vio *v` and `const struct vio_clk *clk` in scope.
 */
#ifndef VIO_FIFO_H
#define VIO_FIFO_H

#include <stdint.h>

#define FIFO_BIT(f) (1ull << F_##f)
#define CAN_POP(f) ((clk->ne & FIFO_BIT(f)) != 0)
#define CAN_PUSH(f) ((clk->nf & FIFO_BIT(f)) != 0)

/* The oldest entry. Only when CAN_POP. */
#define HEAD(f) (&v->ring_##f[v->fifo[F_##f].head & (D_##f - 1)])

/* Entries now; for a unit that runs before the FIFO is touched, or from a snapshot in clk. */
#define LEVEL(f) ((uint16_t)(v->fifo[F_##f].tail - v->fifo[F_##f].head))

#define POP(f)                                                  \
	do {                                                    \
		v->fifo[F_##f].head++;                          \
		v->nf |= FIFO_BIT(f);                           \
		if (v->fifo[F_##f].head == v->fifo[F_##f].tail) \
			v->ne &= ~FIFO_BIT(f);                  \
	} while (0)

/* PUSH(f, .field = value, ...) */
#define PUSH(f, ...)                                                                             \
	do {                                                                                     \
		v->ring_##f[v->fifo[F_##f].tail++ & (D_##f - 1)] = (FIFO_TYPE_##f){__VA_ARGS__}; \
		v->ne |= FIFO_BIT(f);                                                            \
		if ((uint16_t)(v->fifo[F_##f].tail - v->fifo[F_##f].head) == D_##f)              \
			v->nf &= ~FIFO_BIT(f);                                                   \
	} while (0)

struct vio_fifo {
	uint16_t head; /* entries popped so far, modulo 2^16 */
	uint16_t tail; /* entries pushed so far, modulo 2^16 */
};

#endif
