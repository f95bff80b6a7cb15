/* SPDX-License-Identifier: Apache-2.0
 * peer.h: a machine in another process that speaks the qtest protocol. Commands are collected, sent at once, and their
 * answers fetched in order; IRQ lines that come between are kept aside.
 */
#ifndef QTEST_PEER_H
#define QTEST_PEER_H

#include <stddef.h>
#include <sys/types.h>
#include "qtest_lines.h"

enum { PEER_IRQS = 256 };

struct peer {
	const char *name;
	pid_t pid;
	struct qtest_lines lines; /* gone: it closed, or was silent for too long */
	char irqs[PEER_IRQS];     /* what the IRQ lines said since it was last cleared, as "raise 8, lower 8" */
};

/* Listens at socket_path, starts argv with its output in log_path, waits for it to connect. sim_die when it does not. */
void peer_open(struct peer *p, const char *name, const char *socket_path, const char *log_path, char *const argv[]);
void peer_close(struct peer *p);

/* Appends a command, a newline follows. */
void peer_send(struct peer *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends a command `write` with these bytes. */
void peer_send_bytes(struct peer *p, unsigned long long addr, const void *bytes, size_t len);
/* Sends what was collected. */
void peer_flush(struct peer *p);
/* The next answer, without its newline, valid until the next call; "" once it is gone. */
const char *peer_answer(struct peer *p);

/* The next answer as bytes in base64, whose last group may write two bytes more than len. False: it is something else. */
bool peer_bytes(struct peer *p, unsigned char *to, size_t len);

#endif
