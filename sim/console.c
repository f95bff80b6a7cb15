/* SPDX-License-Identifier: Apache-2.0
 * console.c: see console.h. Each kind gives a descriptor to read from and a stream to write to.
 */
#define _XOPEN_SOURCE 700
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include "sim.h"
#include "terminal.h"

enum { ESCAPE = 'A' - '@', KEEP_BYTES = 256 }; /* Ctrl-A; read at once */

struct console {
	int in;       /* -1: no input, or no more */
	int line;     /* socket or pseudo-terminal; -1: none, or nobody is there */
	int listener; /* socket that visitors come to; -1: none */
	const char *path;
	FILE *file;
	bool own_file; /* opened here */
	bool input;    /* wanted */
	bool socket;
	bool terminal, escaped, quit;
	uint8_t *kept; /* typed and not yet handed on: from kept_at on, kept_bytes of them */
	size_t kept_at, kept_bytes, kept_room;
	struct sockaddr_un address;
};

static void open_stdio(struct console *c)
{
	c->file = stdout;
	if (!c->input)
		return;
	c->in = STDIN_FILENO;
	c->terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (c->terminal)
		terminal_raw();
	else if (isatty(STDIN_FILENO))
		c->in = -1; /* it is the shell's, not ours: the output goes elsewhere */
}

static void open_file(struct console *c, const char *path)
{
	c->path = path;
	c->own_file = true;
	c->file = fopen(path, "we");
	if (!c->file)
		sim_die("-serial: %s: %s", path, strerror(errno));
}

/* --- A line that somebody may leave, and come back to */

static void hang_up(struct console *c)
{
	if (c->listener < 0 && !c->socket)
		return; /* a pseudo-terminal stays */
	close(c->line);
	c->line = c->in = -1;
}

/* Nobody has the terminal's other end open, or the visitor is gone. */
static bool is_deserted(const struct console *c)
{
	struct pollfd fd = {.fd = c->line};

	return c->line < 0 || poll(&fd, 1, 0) < 0 || (fd.revents & (POLLHUP | POLLERR));
}

static ssize_t write_line(void *cookie, const char *bytes, size_t count)
{
	struct console *c = cookie;
	size_t done = 0;
	ssize_t n;

	while (done < count && !is_deserted(c)) {
		n = c->socket ? send(c->line, bytes + done, count - done, MSG_NOSIGNAL)
			      : write(c->line, bytes + done, count - done);
		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)count;
}

static void open_line(struct console *c)
{
	c->own_file = true;
	c->file = fopencookie(c, "w", (cookie_io_functions_t){.write = write_line});
	if (!c->file)
		sim_die("-serial: out of memory");
}

static void open_pty(struct console *c)
{
	struct termios mode;
	const char *name;
	int other;

	c->line = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->line < 0 || grantpt(c->line) != 0 || unlockpt(c->line) != 0 || !(name = ptsname(c->line)))
		sim_die("-serial: pty: %s", strerror(errno));
	/* Its other end passes bytes as they are, and counts as deserted once somebody has left it. */
	other = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (other < 0 || tcgetattr(other, &mode) != 0)
		sim_die("-serial: %s: %s", name, strerror(errno));
	cfmakeraw(&mode);
	tcsetattr(other, TCSANOW, &mode);
	close(other);
	c->in = c->input ? c->line : -1;
	fprintf(stderr, "ringwalk: the UART is on %s\n", name);
	open_line(c);
}

static void welcome(struct console *c)
{
	c->line = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
	if (c->line >= 0)
		c->in = c->input ? c->line : -1;
}

static void listen_at(struct console *c, const struct sockaddr_un *address, bool wait)
{
	struct stat st;

	if (stat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(address->sun_path); /* what an earlier run has left there */
	if (bind(c->listener, (const struct sockaddr *)address, sizeof *address) != 0 || listen(c->listener, 1) != 0)
		sim_die("-serial: %s: %s", address->sun_path, strerror(errno));
	c->path = address->sun_path;
	if (wait)
		welcome(c);
}

/* PATH[,server][,nowait], also with on and off as QEMU has them now. */
static void open_socket(struct console *c, char *spec)
{
	struct sockaddr_un *address = &c->address;
	char *list = strchr(spec, ','), *word;
	bool server = false, wait = true;

	if (list)
		*list++ = 0;
	for (word = list ? strtok(list, ",") : NULL; word; word = strtok(NULL, ",")) {
		if (strcmp(word, "server") == 0 || strcmp(word, "server=on") == 0)
			server = true;
		else if (strcmp(word, "nowait") == 0 || strcmp(word, "wait=off") == 0)
			wait = false;
		else
			sim_die("-serial: unix:%s: '%s' is neither server nor nowait", spec, word);
	}
	if (!spec[0] || strlen(spec) >= sizeof address->sun_path)
		sim_die("-serial: unix:%s: no path, or longer than the %zu bytes of a socket's", spec,
			sizeof address->sun_path - 1);
	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, spec);
	c->socket = true;
	open_line(c);
	*(server ? &c->listener : &c->line) = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server)
		listen_at(c, address, wait);
	else if (connect(c->line, (struct sockaddr *)address, sizeof *address) != 0)
		sim_die("-serial: %s: %s", spec, strerror(errno));
	else
		c->in = c->input ? c->line : -1;
}

struct console *console_open(const char *spec, bool input)
{
	struct console *c = sim_alloc(sizeof *c);
	char *rest = strchr(spec, ':') ? strdup(strchr(spec, ':') + 1) : NULL;

	c->in = c->line = c->listener = -1;
	c->input = input;
	if (strcmp(spec, "stdio") == 0 || strcmp(spec, "mon:stdio") == 0)
		open_stdio(c);
	else if (strncmp(spec, "file:", 5) == 0 && spec[5])
		open_file(c, spec + 5);
	else if (strncmp(spec, "unix:", 5) == 0 && rest)
		open_socket(c, rest);
	else if (strcmp(spec, "pty") == 0)
		open_pty(c);
	else if (strcmp(spec, "null") != 0)
		sim_die("-serial: '%s' is not stdio, null, file:PATH, unix:PATH[,server][,nowait] or pty", spec);
	free(rest);
	return c;
}

void console_close(struct console *c)
{
	bool failed = false;

	if (c->terminal)
		terminal_restore();
	if (c->own_file) {
		failed = ferror(c->file) != 0;
		failed |= fclose(c->file) != 0;
	}
	if (failed)
		sim_die("-serial: %s: could not be written", c->path);
	if (c->line >= 0)
		close(c->line);
	if (c->listener >= 0) {
		close(c->listener);
		unlink(c->path);
	}
	free(c->kept);
	free(c);
}

void console_through(struct console *c, FILE *file)
{
	c->file = file;
}

FILE *console_file(const struct console *c)
{
	return c->file;
}
bool console_listens(const struct console *c)
{
	return c->in >= 0 || c->kept_bytes || (c->listener >= 0 && c->input);
}
bool console_is_terminal(const struct console *c)
{
	return c->terminal;
}
bool console_quit(const struct console *c)
{
	return c->quit;
}

static void show_help(void)
{
	fputs("\nCtrl-A x   quit\nCtrl-A h   this help\nCtrl-A Ctrl-A   send Ctrl-A\n", stdout);
	fflush(stdout);
}

/* Takes the escape sequences out of what was typed; returns what is left. */
static size_t obey(struct console *c, uint8_t *bytes, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		uint8_t byte = bytes[i];

		if (!c->escaped && byte == ESCAPE) {
			c->escaped = true;
			continue;
		}
		if (c->escaped && byte == 'x')
			c->quit = true;
		else if (c->escaped && (byte == 'h' || byte == '?'))
			show_help();
		else if (!c->escaped || byte == ESCAPE)
			bytes[kept++] = byte;
		c->escaped = false;
	}
	return kept;
}

/* Up to room bytes from outside. */
static size_t receive(struct console *c, uint8_t *to, size_t room, int wait_ms)
{
	struct pollfd fd = {.fd = c->in >= 0 ? c->in : c->listener, .events = POLLIN};
	ssize_t n;

	if (poll(&fd, 1, wait_ms) <= 0 || !(fd.revents & (POLLIN | POLLHUP | POLLERR)))
		return 0;
	if (c->in < 0) {
		welcome(c);
		return 0;
	}
	if (c->in == c->line && !c->socket && !(fd.revents & POLLIN)) { /* nobody has the pseudo-terminal open */
		if (wait_ms)
			poll(NULL, 0, wait_ms);
		return 0;
	}
	n = read(c->in, to, room);
	if (n > 0)
		return c->terminal ? obey(c, to, (size_t)n) : (size_t)n;
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (c->in == c->line)
		hang_up(c);
	else
		c->in = -1;
	return 0;
}

/* What was kept comes first. */
static size_t take_kept(struct console *c, uint8_t *to, size_t room)
{
	size_t count = c->kept_bytes < room ? c->kept_bytes : room;

	memcpy(to, c->kept + c->kept_at, count);
	c->kept_at += count;
	c->kept_bytes -= count;
	return count;
}

size_t console_read(struct console *c, uint8_t *to, size_t room, int wait_ms)
{
	return c->kept_bytes ? take_kept(c, to, room) : receive(c, to, room, wait_ms);
}

static void make_room(struct console *c)
{
	if (c->kept_at) {
		memmove(c->kept, c->kept + c->kept_at, c->kept_bytes);
		c->kept_at = 0;
	}
	if (c->kept_room - c->kept_bytes >= KEEP_BYTES)
		return;
	c->kept_room = 2 * c->kept_room + KEEP_BYTES;
	c->kept = realloc(c->kept, c->kept_room);
	if (!c->kept)
		sim_die("out of memory for what was typed");
}

void console_keep(struct console *c, int wait_ms)
{
	if (!c->terminal || c->in < 0)
		return;
	make_room(c);
	c->kept_bytes += receive(c, c->kept + c->kept_bytes, KEEP_BYTES, wait_ms);
}
