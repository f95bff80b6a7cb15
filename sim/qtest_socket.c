/* SPDX-License-Identifier: Apache-2.0
 * qtest_socket.c: lines of qtest.h from a socket, and the answers back.
 */
#define _XOPEN_SOURCE 700
#include "qtest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "sim.h"

enum { READ_BYTES = 1 << 16, SEND_BYTES = 1 << 16 };

/* Bytes in memory that grows. */
struct bytes {
	char *data;
	size_t len, room;
};

struct peer {
	int fd;
	bool gone;
	struct bytes in, out;
};

static void reserve(struct bytes *b, size_t more)
{
	if (b->len + more <= b->room)
		return;
	b->room = 2 * (b->len + more);
	b->data = realloc(b->data, b->room);
	if (!b->data)
		sim_die("out of memory (%zu bytes)", b->room);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof address.sun_path)
		sim_die("-qtest: %s: longer than the %zu bytes of a socket's path", path, sizeof address.sun_path - 1);
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		sim_die("-qtest: %s: %s", path, strerror(errno));
	return fd;
}

/* A peer that does not read any more is one that closed. */
static void flush(struct peer *p)
{
	size_t done = 0;
	ssize_t n;

	while (done < p->out.len && !p->gone) {
		n = send(p->fd, p->out.data + done, p->out.len - done, MSG_NOSIGNAL);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			p->gone = true;
	}
	p->out.len = 0;
}

static void keep(void *ctx, const char *text, size_t len)
{
	struct peer *p = ctx;

	reserve(&p->out, len);
	memcpy(p->out.data + p->out.len, text, len);
	p->out.len += len;
	if (p->out.len >= SEND_BYTES)
		flush(p);
}

/* Appends what came; the scan for newlines goes on at the old end. */
static size_t receive(struct peer *p)
{
	size_t old = p->in.len;
	ssize_t n;

	if (p->in.len > QTEST_LINE_BYTES) {
		keep(p, "FAIL Line too long\n", 19);
		p->gone = true;
		return old;
	}
	reserve(&p->in, READ_BYTES);
	do
		n = recv(p->fd, p->in.data + p->in.len, READ_BYTES, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		p->gone = true;
	else
		p->in.len += (size_t)n;
	return old;
}

/* Obeys the whole lines that are there and keeps the rest. */
static void obey(struct qtest *q, struct soc *soc, struct peer *p, size_t scan)
{
	char *line = p->in.data, *end;
	char *from = p->in.data + scan;

	while (soc->end == SOC_RUNNING && (end = memchr(from, '\n', p->in.len - (size_t)(from - p->in.data)))) {
		*end = 0;
		qtest_line(q, line);
		line = from = end + 1;
	}
	p->in.len -= (size_t)(line - p->in.data);
	memmove(p->in.data, line, p->in.len);
}

void qtest_run(struct soc *soc, const char *path)
{
	struct peer p = {.fd = connect_to(path)};
	struct qtest *q = qtest_new(soc, keep, &p);
	size_t scan;

	while (!p.gone && soc->end == SOC_RUNNING) {
		scan = receive(&p);
		if (!p.gone)
			obey(q, soc, &p, scan);
		flush(&p);
	}
	if (soc->end == SOC_RUNNING)
		soc->end = SOC_FINISHED;
	qtest_free(q);
	free(p.in.data);
	free(p.out.data);
	close(p.fd);
}
