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
#include <sys/wait.h>
#include <unistd.h>
#include "qtest_words.h"
#include "sim.h"

enum { START_MS = 20000, SILENCE_MS = 20000, WORD_BYTES = 200 };

static int listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (!qtest_lines_address(&address, path))
		sim_die("%s: too long for a socket", path);
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
	p->lines.fd = accept4(fd.fd, NULL, NULL, SOCK_CLOEXEC);
	if (p->lines.fd < 0)
		sim_die("%s: %s", socket_path, strerror(errno));
	close(fd.fd);
}

void peer_close(struct peer *p)
{
	qtest_lines_close(&p->lines);
	kill(p->pid, SIGKILL); /* QEMU may hang */
	waitpid(p->pid, NULL, 0);
}

void peer_send(struct peer *p, const char *format, ...)
{
	char *to = qtest_lines_room(&p->lines, WORD_BYTES);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, WORD_BYTES - 1, format, args);
	va_end(args);
	to[n] = '\n';
	p->lines.out.len += (size_t)n + 1;
}

void peer_send_bytes(struct peer *p, unsigned long long addr, const void *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *start = qtest_lines_room(&p->lines, WORD_BYTES + 2 * len), *to = start;

	to += sprintf(to, "write 0x%llx %zu 0x", addr, len);
	for (size_t i = 0; i < len; i++) {
		*to++ = digits[from[i] >> 4];
		*to++ = digits[from[i] & 15];
	}
	*to++ = '\n';
	p->lines.out.len += (size_t)(to - start);
}

void peer_flush(struct peer *p)
{
	qtest_lines_flush(&p->lines);
}

/* The next line, or NULL when it is gone. */
static char *next_line(struct peer *p)
{
	char *line;

	while (!(line = qtest_lines_next(&p->lines)) && !p->lines.gone)
		qtest_lines_receive(&p->lines, SILENCE_MS);
	return line;
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

bool peer_bytes(struct peer *p, unsigned char *to, size_t len)
{
	static unsigned char values[256];
	const char *text = peer_answer(p);
	const unsigned char *end = to + len;

	if (!values['B'])
		for (unsigned char i = 0; i < 64; i++)
			values[(unsigned char)qtest_base64_digits[i]] = i;
	if (strncmp(text, "OK ", 3) != 0 || strlen(text) != 3 + (len + 2) / 3 * 4)
		return false;
	for (text += 3; to < end; text += 4, to += 3) {
		unsigned bits = 0;

		for (unsigned i = 0; i < 4; i++)
			bits = bits << 6 | values[(unsigned char)text[i]];
		to[0] = (unsigned char)(bits >> 16);
		to[1] = (unsigned char)(bits >> 8);
		to[2] = (unsigned char)bits;
	}
	return true;
}
