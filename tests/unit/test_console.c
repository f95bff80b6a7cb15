/* SPDX-License-Identifier: Apache-2.0
 * test_console.c: the ends of the UART's line that -serial names. The terminal is in tests/system/console.sh.
 */
#define _XOPEN_SOURCE 700
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "refused.h"
#include "unit.h"
#include "console.h"

static char folder[] = "/tmp/test_console.XXXXXX";
static char path[64], spec[128];
static uint8_t bytes[64];

static void say(struct console *c, const char *text)
{
	fputs(text, console_file(c));
	fflush(console_file(c));
}

static void test_null(void **state)
{
	struct console *c = console_open("null", true);

	(void)state;
	assert_null(console_file(c));
	assert_false(console_listens(c));
	console_close(c);
}

static void test_file(void **state)
{
	struct console *c;
	FILE *f;

	(void)state;
	snprintf(spec, sizeof spec, "file:%s", path);
	c = console_open(spec, true);
	assert_false(console_listens(c));
	say(c, "hello\n");
	console_close(c);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(bytes, 1, sizeof bytes, f), 6);
	assert_memory_equal(bytes, "hello\n", 6);
	fclose(f);
	unlink(path);
}

static int visit(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

/* Nobody there: output is dropped. A visitor talks and listens; when it is gone, the next may come. */
static void test_server(void **state)
{
	struct console *c;
	int fd;

	(void)state;
	snprintf(spec, sizeof spec, "unix:%s,server,nowait", path);
	c = console_open(spec, true);
	assert_true(console_listens(c));
	say(c, "nobody hears this");
	for (unsigned i = 0; i < 2; i++) {
		fd = visit();
		assert_int_equal(console_read(c, bytes, sizeof bytes, 1000), 0);
		assert_int_equal(write(fd, "abc", 3), 3);
		assert_int_equal(console_read(c, bytes, 2, 1000), 2);
		assert_memory_equal(bytes, "ab", 2);
		assert_int_equal(console_read(c, bytes, sizeof bytes, 1000), 1);
		assert_int_equal(console_read(c, bytes, sizeof bytes, 0), 0);
		say(c, "hello");
		assert_int_equal(read(fd, bytes, sizeof bytes), 5);
		assert_memory_equal(bytes, "hello", 5);
		close(fd);
		say(c, "too late");
		assert_int_equal(console_read(c, bytes, sizeof bytes, 1000), 0);
		assert_true(console_listens(c));
	}
	console_close(c);
	assert_int_not_equal(access(path, F_OK), 0);
}

/* The other way round: we visit, and when they close, that was it. */
static void test_client(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	struct console *c;

	(void)state;
	strcpy(address.sun_path, path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listener, 1), 0);
	snprintf(spec, sizeof spec, "unix:%s", path);
	c = console_open(spec, true);
	fd = accept(listener, NULL, NULL);
	say(c, "hello");
	assert_int_equal(read(fd, bytes, sizeof bytes), 5);
	close(fd);
	assert_int_equal(console_read(c, bytes, sizeof bytes, 1000), 0);
	assert_false(console_listens(c));
	console_close(c);
	close(listener);
	unlink(path);
}

/* Opens a pseudo-terminal, and gives the name that was told on stderr. */
static struct console *open_pty(char name[64])
{
	int keep = dup(STDERR_FILENO), fds[2];
	struct console *c;
	FILE *f;

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	c = console_open("pty", true);
	fflush(stderr);
	dup2(keep, STDERR_FILENO);
	close(keep);
	close(fds[1]);
	f = fdopen(fds[0], "r");
	assert_int_equal(fscanf(f, "ringwalk: the UART is on %63s", name), 1);
	fclose(f);
	return c;
}

static void test_pty(void **state)
{
	char name[64];
	struct console *c = open_pty(name);
	int fd;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) /* more than a terminal keeps */
		say(c, "nobody hears this\n");
	assert_int_equal(console_read(c, bytes, sizeof bytes, 0), 0);
	assert_true(console_listens(c));
	fd = open(name, O_RDWR | O_NOCTTY);
	assert_true(fd >= 0);
	say(c, "hello");
	assert_int_equal(read(fd, bytes, 1), 1);
	assert_int_equal(bytes[0], 'h');
	assert_int_equal(write(fd, "x\n", 2), 2);
	assert_true(console_read(c, bytes, sizeof bytes, 1000) >= 1);
	assert_int_equal(bytes[0], 'x');
	close(fd);
	console_close(c);
}

static void open_it(void *ctx)
{
	console_open(ctx, true);
}

static void test_refused(void **state)
{
	static const char *const bad[][2] = {{"vc", "vc"},
					     {"file:", "file:"},
					     {"file:/no/such/file", "/no/such/file"},
					     {"unix:", "no path"},
					     {"unix:/no/such/socket", "/no/such/socket"},
					     {"unix:x,client", "client"},
					     {"unix:/no/such/socket,server", "/no/such/socket"},
					     {"tcp::4", "tcp::4"}};

	(void)state;
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(open_it, (void *)(uintptr_t)bad[i][0], "-serial", bad[i][1]);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/line", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_null),   cmocka_unit_test(test_file), cmocka_unit_test(test_server),
		cmocka_unit_test(test_client), cmocka_unit_test(test_pty),  cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
