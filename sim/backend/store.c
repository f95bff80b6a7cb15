/* SPDX-License-Identifier: Apache-2.0
 * store.c: see store.h.
 */
#define _XOPEN_SOURCE 700
#include "backend/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "backend/overlay.h"
#include "backend/ranges.h"
#include "sim.h"
#include "vio_params.h"

enum { SECTOR = 512 };

struct store {
	struct store_config cfg;
	struct overlay *overlay; /* or NULL */
	bool failed;
};

struct store *store_new(const struct store_config *config)
{
	struct store *s = sim_alloc(sizeof *s);

	s->cfg = *config;
	if (config->snapshot && config->fd >= 0)
		s->overlay = overlay_new(config->fd, config->size, (config->size + SECTOR - 1) / SECTOR * SECTOR);
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	overlay_free(s->overlay);
	free(s);
}

bool store_failed(const struct store *s)
{
	return s->failed;
}

static bool failed(struct store *s, const char *what, uint64_t at)
{
	if (!s->failed)
		fprintf(stderr, "ringwalk: disk: %s at byte %llu failed: %s\n", what, (unsigned long long)at,
			strerror(errno));
	s->failed = true;
	return false;
}

bool store_transfer(int fd, bool is_write, uint8_t *p, uint64_t at, uint64_t len)
{
	while (len != 0) {
		ssize_t n = is_write ? pwrite(fd, p, (size_t)len, (off_t)at) : pread(fd, p, (size_t)len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = is_write ? ENOSPC : ENODATA;
		if (n <= 0)
			return false;
		p += n;
		at += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return true;
}

/* How many of the len bytes at this place there really are; the rest is padding. */
static uint64_t real_bytes(const struct store *s, uint64_t at, uint64_t len)
{
	if (at >= s->cfg.size)
		return 0;
	return len < s->cfg.size - at ? len : s->cfg.size - at;
}

bool store_read(struct store *s, uint8_t *to, uint64_t at, uint64_t len)
{
	uint64_t real = real_bytes(s, at, len);
	bool ok = true;

	if (s->overlay) {
		ok = overlay_read(s->overlay, to, at, len);
	} else {
		memset(to + real, 0, len - real);
		if (s->cfg.fd < 0)
			memcpy(to, s->cfg.bytes + at, real);
		else
			ok = store_transfer(s->cfg.fd, false, to, at, real);
	}
	return ok || failed(s, "read", at);
}

bool store_write(struct store *s, uint8_t *from, uint64_t at, uint64_t len)
{
	if (s->overlay)
		return overlay_write(s->overlay, from, at, len) || failed(s, "read", at);
	if (s->cfg.fd < 0) {
		memcpy(s->cfg.bytes + at, from, real_bytes(s, at, len));
		return true;
	}
	if (!store_transfer(s->cfg.fd, true, from, at, len))
		return failed(s, "write", at);
	if (at + len > s->cfg.size)
		s->cfg.size = at + len;
	return true;
}

bool store_sync(struct store *s)
{
	if (s->cfg.fd < 0 || s->overlay || fdatasync(s->cfg.fd) == 0 || errno == EINVAL)
		return true;
	return failed(s, "sync", 0);
}

bool store_range(struct store *s, unsigned op, uint64_t at, uint64_t len)
{
	const int fd = s->cfg.fd;
	bool ok = true;

	len = real_bytes(s, at, len);
	if (s->overlay)
		ok = overlay_zero(s->overlay, at, len);
	else if (fd < 0)
		memset(s->cfg.bytes + at, 0, (size_t)len);
	else if (op == VIO_BE_DISCARD)
		ok = ranges_discard(fd, at, len);
	else if (op == VIO_BE_ERASE)
		ok = ranges_erase(fd, at, len);
	else
		ok = ranges_zero(fd, at, len, op == VIO_BE_ZERO_UNMAP);
	return ok || failed(s, "discard or write zeroes", at);
}
