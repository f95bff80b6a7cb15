/* SPDX-License-Identifier: Apache-2.0
 * qtest.h: QEMU's qtest protocol on this machine, its hart halted: a line each way, numbers as C writes them.
 *
 *     readb|readw|readl|readq ADDR          OK 0x%016x
 *     writeb|writew|writel|writeq ADDR VALUE  OK
 *     read ADDR SIZE                        OK 0xBYTES
 *     write ADDR SIZE 0xBYTES               OK; bytes that are not given are 0
 *     memset ADDR SIZE BYTE                 OK
 *     b64read ADDR SIZE, b64write ADDR SIZE BASE64
 *     clock_step [NS], clock_set NS         OK CLOCK, in nanoseconds
 *     irq_intercept_in PATH                 OK; PATH is the PLIC's: QTEST_PLIC
 *     endianness                            OK little
 *
 * Anything else is answered with `FAIL ...`, or `ERR invalid argument size` where QEMU says so. Once the PLIC's inputs
 * are intercepted, `IRQ raise N` and `IRQ lower N` come before the answer of the command that moved the line.
 *
 * Time: a register access takes the clocks that it takes on the SoC's bus, memory is written and read at once. Then, before
 * the answer is sent, the machine runs until the device is quiet, or nothing moved for QTEST_STILL_CLOCKS, but at most
 * QTEST_SETTLE_CLOCKS: a request is complete when the QueueNotify that started it is answered. A clock is QTEST_NS
 * nanoseconds. clock_step without an argument goes to the next timer interrupt of the CLINT, if there will be one.
 */
#ifndef QTEST_H
#define QTEST_H

#include <stddef.h>
#include "soc.h"

#define QTEST_PLIC "/machine/unattached/device[2]" /* as QEMU 7.2 names that of a virt machine with one hart */
#define QTEST_SETTLE_CLOCKS 1000000ull
#define QTEST_STILL_CLOCKS 256ull

enum { QTEST_NS = 10, QTEST_LINE_BYTES = 64 << 20 /* longest line and longest access */ };

struct qtest;

/* send gets each answer, a line with its newline. */
struct qtest *qtest_new(struct soc *soc, void (*send)(void *ctx, const char *text, size_t len), void *ctx);
void qtest_free(struct qtest *q);

/* Obeys one line, without its newline; cuts it up. */
void qtest_line(struct qtest *q, char *line);

/* Connects to the socket at path, where someone must listen, and obeys until the other side closes it or the run ends:
 * soc->end says how, SOC_FINISHED when it was closed. sim_die when it cannot connect. */
void qtest_run(struct soc *soc, const char *path);

#endif
