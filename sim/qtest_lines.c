/* SPDX-License-Identifier: Apache-2.0
 * qtest_lines.c: see qtest_lines.h.
 */
#define _XOPEN_SOURCE 700
#include "qtest_lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "sim.h"

enum { READ_BYTES = 1 << 17 };

static void reserve(struct qtest_bytes *b, size_t more)
{
	if (b->len + more <= b->room)
		return;
	b->room = 2 * (b->len + more);
	b->data = realloc(b->data, b->room);
	if (!b->data)
		sim_die("out of memory (%zu bytes)", b->room);
}

bool qtest_lines_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address->sun_path)
		return false;
	memcpy(address->sun_path, path, strlen(path) + 1);
	return true;
}

char *qtest_lines_room(struct qtest_lines *l, size_t len)
{
	reserve(&l->out, len);
	return l->out.data + l->out.len;
}

void qtest_lines_put(struct qtest_lines *l, const char *text, size_t len)
{
	memcpy(qtest_lines_room(l, len), text, len);
	l->out.len += len;
}

void qtest_lines_flush(struct qtest_lines *l)
{
	size_t done = 0;
	ssize_t n;

	while (done < l->out.len && !l->gone) {
		n = send(l->fd, l->out.data + done, l->out.len - done, MSG_NOSIGNAL);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			l->gone = true;
	}
	l->out.len = 0;
}

void qtest_lines_receive(struct qtest_lines *l, int timeout_ms)
{
	struct pollfd fd = {.fd = l->fd, .events = POLLIN};
	ssize_t n;

	if (l->at) {
		l->in.len -= l->at;
		memmove(l->in.data, l->in.data + l->at, l->in.len);
		l->at = 0;
	}
	reserve(&l->in, READ_BYTES);
	do
		n = poll(&fd, 1, timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		do
			n = recv(l->fd, l->in.data + l->in.len, READ_BYTES, 0);
		while (n < 0 && errno == EINTR);
	if (n <= 0)
		l->gone = true;
	else
		l->in.len += (size_t)n;
}

char *qtest_lines_next(struct qtest_lines *l)
{
	const size_t left = l->in.len - l->at;
	char *line = l->in.data + l->at, *end;

	if (left == l->scanned)
		return NULL;
	end = memchr(line + l->scanned, '\n', left - l->scanned);
	l->scanned = end ? 0 : left;
	if (!end)
		return NULL;
	*end = 0;
	l->at += (size_t)(end + 1 - line);
	return line;
}

void qtest_lines_close(struct qtest_lines *l)
{
	close(l->fd);
	free(l->in.data);
	free(l->out.data);
}
