/* SPDX-License-Identifier: Apache-2.0
 * htif.h: the host interface that RISC-V's own test suites speak: the program writes to its variable tohost.
 *
 * A word that is not 0 ends the run: 1 passes, any other is the number of what failed, doubled, plus 1. Only the
 * console's write command (device 1, command 1) does not: its byte goes to the UART's output, and tohost becomes 0.
 * What the program reads from fromhost is up to the program; we never write it.
 */
#ifndef SOC_HTIF_H
#define SOC_HTIF_H

#include "soc.h"

/* Watch config.tohost, if it is not 0. */
void htif_watch(struct soc *soc);

/* A store of the hart that cpu->stored was told of. */
void htif_stored(struct soc *soc, uint64_t addr, unsigned len);

/* After cpu_run: do what tohost asks for. */
void htif_serve(struct soc *soc);

#endif
