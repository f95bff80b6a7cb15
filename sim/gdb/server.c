/* SPDX-License-Identifier: Apache-2.0
 * server.c: the debugger's socket, and the machine's run between a client's commands. One client at a time.
 */
#define _XOPEN_SOURCE 700
#include "gdb/gdb.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "gdb/address.h"
#include "gdb/packet.h"
#include "sim.h"

enum { WAIT_MS = 100, SEND_SECONDS = 5, RECEIVE_BYTES = 4096 };

struct gdb_server {
	int listener, client; /* client: or -1 */
	struct gdb_address address;
	struct gdb *gdb;
	struct soc *soc;
	struct soc_observer outer; /* whose place as the machine's observer this server took */
	bool lost;                 /* the client does not answer any more */
};

void gdb_check_address(const char *option, const char *text)
{
	struct gdb_address address;

	if (!gdb_address_parse(&address, text))
		sim_die("%s: '%s' is not tcp::PORT, tcp:127.0.0.1:PORT or unix:PATH: only this machine is served",
			option, text);
}

static int bind_tcp(struct gdb_address *a)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(a->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, len) != 0)
		return -1;
	getsockname(fd, (struct sockaddr *)&in, &len);
	a->port = ntohs(in.sin_port);
	return fd;
}

/* A socket that a run left behind, and nobody listens at, is in nobody's way. */
static void remove_stale(const struct sockaddr_un *un)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)un, sizeof *un) != 0 && errno == ECONNREFUSED)
		unlink(un->sun_path);
	if (fd >= 0)
		close(fd);
}

static int bind_unix(const struct gdb_address *a)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(a->path) >= sizeof un.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(un.sun_path, a->path, strlen(a->path) + 1);
	remove_stale(&un);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return fd >= 0 && bind(fd, (struct sockaddr *)&un, sizeof un) == 0 ? fd : -1;
}

struct gdb_server *gdb_listen(const char *option, const char *text)
{
	struct gdb_server *s = sim_alloc(sizeof *s);

	gdb_check_address(option, text);
	gdb_address_parse(&s->address, text);
	s->client = -1;
	s->listener = s->address.path ? bind_unix(&s->address) : bind_tcp(&s->address);
	if (s->listener < 0 || listen(s->listener, 4) != 0) {
		int why = errno;

		free(s);
		sim_die("%s: %s: %s", option, text, strerror(why));
	}
	if (s->address.path)
		fprintf(stderr, "ringwalk: gdb: target remote %s\n", s->address.path);
	else
		fprintf(stderr, "ringwalk: gdb: target remote 127.0.0.1:%u\n", s->address.port);
	return s;
}

void gdb_close(struct gdb_server *s)
{
	if (!s)
		return;
	if (s->client >= 0)
		close(s->client);
	close(s->listener);
	if (s->address.path)
		unlink(s->address.path);
	free(s);
}

static void send_bytes(void *ctx, const char *bytes, size_t len)
{
	struct gdb_server *s = ctx;

	while (len && s->client >= 0 && !s->lost) {
		ssize_t n = send(s->client, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		s->lost = n <= 0;
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

static void hang_up(struct gdb_server *s)
{
	close(s->client);
	s->client = -1;
	s->lost = false;
	gdb_disconnected(s->gdb);
}

/* One is here already: says so in the words of the protocol, and hangs up when the other had time to listen. */
static void refuse(int fd)
{
	static const char why[] = "E.another debugger is attached";
	struct timeval wait = {.tv_usec = 1000 * WAIT_MS};
	char frame[2 * sizeof why + 8], heard[256];
	size_t len = 1 + gdb_packet_frame(frame + 1, why, sizeof why - 1);

	frame[0] = '+';
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	if (send(fd, frame, len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0 && shutdown(fd, SHUT_WR) == 0)
		for (int i = 0; i < 4 && recv(fd, heard, sizeof heard, 0) > 0; i++)
			;
	close(fd);
}

static void take_client(struct gdb_server *s)
{
	struct timeval wait = {.tv_sec = SEND_SECONDS};
	int fd = accept(s->listener, NULL, NULL), yes = 1;

	if (fd < 0)
		return;
	if (s->client >= 0) {
		refuse(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	s->client = fd;
	gdb_connected(s->gdb);
}

static void take_bytes(struct gdb_server *s)
{
	uint8_t bytes[RECEIVE_BYTES];
	ssize_t n = recv(s->client, bytes, sizeof bytes, MSG_DONTWAIT);

	if (n > 0)
		gdb_receive(s->gdb, bytes, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		s->lost = true;
	if (s->lost || gdb_left(s->gdb))
		hang_up(s);
}

/* What the sockets have, waiting for it as long as wait_ms. */
static void serve(struct gdb_server *s, int wait_ms)
{
	struct pollfd fds[2] = {{.fd = s->listener, .events = POLLIN}, {.fd = s->client, .events = POLLIN}};

	if (poll(fds, 2, wait_ms) <= 0)
		return;
	if (s->client >= 0 && fds[1].revents)
		take_bytes(s);
	if (fds[0].revents)
		take_client(s);
}

static void look(void *ctx)
{
	struct gdb_server *s = ctx;

	if (s->outer.look)
		s->outer.look(s->outer.ctx);
	serve(s, 0);
}

static void stepped(void *ctx)
{
	struct gdb_server *s = ctx;

	if (s->outer.stepped)
		s->outer.stepped(s->outer.ctx);
	gdb_stepped(s->gdb);
}

/* The hart is halted: for the first client, or by the one that is there. */
static void wait_for_resume(struct gdb_server *s, bool *halted)
{
	while (*halted || gdb_holds(s->gdb)) {
		serve(s, WAIT_MS);
		*halted &= s->client < 0;
		if (s->outer.look)
			s->outer.look(s->outer.ctx);
		soc_look_at_terminal(s->soc);
		if (s->soc->end == SOC_INTERRUPTED || s->soc->end == SOC_FINISHED)
			return;
	}
}

enum soc_end gdb_run(struct gdb_server *s, struct soc *soc, bool halted)
{
	enum soc_end end;

	s->soc = soc;
	s->gdb = gdb_new(soc, send_bytes, s);
	s->outer = soc->observer;
	soc->observer = (struct soc_observer){.look = look, .stepped = stepped, .ctx = s};
	do {
		wait_for_resume(s, &halted);
		if (gdb_killed(s->gdb))
			soc->end = SOC_INTERRUPTED;
		soc_run(soc);
		end = gdb_stopped(s->gdb);
	} while (end == SOC_RUNNING);
	soc->observer = s->outer;
	gdb_free(s->gdb);
	return end;
}
