/* SPDX-License-Identifier: Apache-2.0
 * qtest_lines.h: lines over a socket, for both ends of the qtest protocol. What is put is kept until it is flushed.
 */
#ifndef QTEST_LINES_H
#define QTEST_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/un.h>

/* Bytes in memory that grows. */
struct qtest_bytes {
	char *data;
	size_t len, room;
};

struct qtest_lines {
	int fd;
	bool gone; /* the other end closed, or does not read any more */
	struct qtest_bytes in, out;
	size_t at;      /* in: where the next line begins */
	size_t scanned; /* in: bytes of that line which were seen to hold no newline */
};

/* The address of a Unix socket. False: the path is too long for one. */
bool qtest_lines_address(struct sockaddr_un *address, const char *path);

/* Room for len more bytes of out, whose length the caller then sets. */
char *qtest_lines_room(struct qtest_lines *l, size_t len);
void qtest_lines_put(struct qtest_lines *l, const char *text, size_t len);
void qtest_lines_flush(struct qtest_lines *l);

/* Waits for bytes, up to timeout_ms, or forever if that is negative; after it the other end is gone. */
void qtest_lines_receive(struct qtest_lines *l, int timeout_ms);
/* The next whole line that is there, without its newline, valid until the next qtest_lines_receive; NULL: none. */
char *qtest_lines_next(struct qtest_lines *l);

/* Closes the socket and frees the memory. */
void qtest_lines_close(struct qtest_lines *l);

#endif
