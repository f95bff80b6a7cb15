/* SPDX-License-Identifier: Apache-2.0
 * interrupt.h: SIGINT and SIGTERM as a wish to end the run in an orderly way.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/* From now on the first of them is kept for interrupt_signal; one after it does what it would have done
 * without this: it ends the program at once. */
void interrupt_watch(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

#endif
