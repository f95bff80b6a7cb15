/* SPDX-License-Identifier: Apache-2.0
 * peer.c: see peer.h.
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sim.h"

enum { START_MS = 20000, SILENCE_MS = 20000, READ_BYTES = 1 << 17 };

static void reserve(struct peer_text *t, size_t more)
{
	if (t->len + more <= t->room)
		return;
	t->room = 2 * (t->len + more);
	t->data = realloc(t->data, t->room);
	if (!t->data)
		sim_die("out of memory (%zu bytes)", t->room);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof address.sun_path)
		sim_die("%s: too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0)
		sim_die("%s: %s", path, strerror(errno));
	return fd;
}

static pid_t start(const char *log_path, char *const argv[])
{
	pid_t pid = fork();
	int log;

	if (pid < 0)
		sim_die("fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (log >= 0) {
		dup2(log, STDOUT_FILENO);
		dup2(log, STDERR_FILENO);
	}
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

void peer_open(struct peer *p, const char *name, const char *socket_path, const char *log_path, char *const argv[])
{
	struct pollfd fd = {.events = POLLIN};

	*p = (struct peer){.name = name};
	fd.fd = listen_at(socket_path);
	p->pid = start(log_path, argv);
	for (int waited = 0; poll(&fd, 1, 50) <= 0; waited += 50)
		if (waitpid(p->pid, NULL, WNOHANG) != 0 || waited > START_MS)
			sim_die("%s did not connect to its socket; what it said is in %s", argv[0], log_path);
	p->fd = accept4(fd.fd, NULL, NULL, SOCK_CLOEXEC);
	if (p->fd < 0)
		sim_die("%s: %s", socket_path, strerror(errno));
	close(fd.fd);
}

void peer_close(struct peer *p)
{
	close(p->fd);
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
	free(p->out.data);
	free(p->in.data);
}

void peer_send(struct peer *p, const char *format, ...)
{
	va_list args;
	int n;

	reserve(&p->out, 200);
	va_start(args, format);
	n = vsnprintf(p->out.data + p->out.len, 199, format, args);
	va_end(args);
	p->out.len += (size_t)n;
	p->out.data[p->out.len++] = '\n';
}

void peer_send_bytes(struct peer *p, unsigned long long addr, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *to;

	reserve(&p->out, 100 + 2 * len);
	to = p->out.data + p->out.len;
	to += sprintf(to, "write 0x%llx %zu 0x", addr, len);
	for (size_t i = 0; i < len; i++) {
		*to++ = digits[from[i] >> 4];
		*to++ = digits[from[i] & 15];
	}
	*to++ = '\n';
	p->out.len = (size_t)(to - p->out.data);
}

void peer_flush(struct peer *p)
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

static void receive(struct peer *p)
{
	struct pollfd fd = {.fd = p->fd, .events = POLLIN};
	ssize_t n;

	if (p->at) {
		p->in.len -= p->at;
		memmove(p->in.data, p->in.data + p->at, p->in.len);
		p->at = 0;
	}
	reserve(&p->in, READ_BYTES);
	if (poll(&fd, 1, SILENCE_MS) <= 0) {
		p->gone = true;
		return;
	}
	n = recv(p->fd, p->in.data + p->in.len, READ_BYTES, 0);
	if (n <= 0)
		p->gone = true;
	else
		p->in.len += (size_t)n;
}

/* The next line, or NULL when it is gone. */
static char *next_line(struct peer *p)
{
	size_t scanned = 0; /* of the line, without a newline */
	char *line, *end = NULL;

	while (!p->gone) {
		if (p->in.len - p->at > scanned)
			end = memchr(p->in.data + p->at + scanned, '\n', p->in.len - p->at - scanned);
		if (end) {
			line = p->in.data + p->at;
			*end = 0;
			p->at = (size_t)(end + 1 - p->in.data);
			return line;
		}
		scanned = p->in.len - p->at;
		receive(p);
	}
	return NULL;
}

static void keep_irq(struct peer *p, const char *what)
{
	size_t len = strlen(p->irqs);

	snprintf(p->irqs + len, sizeof p->irqs - len, "%s%s", len ? ", " : "", what);
}

const char *peer_answer(struct peer *p)
{
	const char *line;

	while ((line = next_line(p)) && strncmp(line, "IRQ ", 4) == 0)
		keep_irq(p, line + 4);
	return line ? line : "";
}
