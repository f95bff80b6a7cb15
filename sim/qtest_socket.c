/* SPDX-License-Identifier: Apache-2.0
 * qtest_socket.c: lines of qtest.h from a socket, and the answers back.
 */
#define _XOPEN_SOURCE 700
#include "qtest.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include "qtest_lines.h"
#include "sim.h"

enum { SEND_BYTES = 1 << 16 };

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (!qtest_lines_address(&address, path))
		sim_die("-qtest: %s: longer than the %zu bytes of a socket's path", path, sizeof address.sun_path - 1);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		sim_die("-qtest: %s: %s", path, strerror(errno));
	return fd;
}

static void keep(void *ctx, const char *text, size_t len)
{
	struct qtest_lines *l = ctx;

	qtest_lines_put(l, text, len);
	if (l->out.len >= SEND_BYTES)
		qtest_lines_flush(l);
}

void qtest_run(struct soc *soc, const char *path)
{
	struct qtest_lines lines = {.fd = connect_to(path)};
	struct qtest *q = qtest_new(soc, keep, &lines);
	char *line;

	while (!lines.gone && soc->end == SOC_RUNNING) {
		qtest_lines_receive(&lines, -1);
		while (!lines.gone && soc->end == SOC_RUNNING && (line = qtest_lines_next(&lines)))
			qtest_line(q, line);
		if (lines.scanned > QTEST_LINE_BYTES) {
			keep(&lines, "FAIL Line too long\n", 19);
			qtest_lines_flush(&lines);
			break;
		}
		qtest_lines_flush(&lines);
	}
	if (soc->end == SOC_RUNNING)
		soc->end = SOC_FINISHED;
	qtest_free(q);
	qtest_lines_close(&lines);
}
