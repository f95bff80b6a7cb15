/* SPDX-License-Identifier: Apache-2.0
 * ranges.c: see ranges.h. */
#include "backend/ranges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <unistd.h>

static bool unsupported(void)
{
	return errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL;
}

static bool write_zeros(int fd, uint64_t at, uint64_t len)
{
	static const uint8_t zeros[65536];

	while (len != 0) {
		ssize_t n = pwrite(fd, zeros, len < sizeof zeros ? (size_t)len : sizeof zeros, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (uint64_t)n;
		len -= (uint64_t)n;
	}
	return true;
}

bool ranges_discard(int fd, uint64_t at, uint64_t len)
{
	return len == 0 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)len) == 0 ||
	       unsupported();
}

bool ranges_zero(int fd, uint64_t at, uint64_t len, bool unmap)
{
	const int mode = unmap ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;

	if (len == 0 || fallocate(fd, mode | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)len) == 0)
		return true;
	return unsupported() && write_zeros(fd, at, len);
}

bool ranges_erase(int fd, uint64_t at, uint64_t len)
{
	return write_zeros(fd, at, len) && (fdatasync(fd) == 0 || errno == EINVAL);
}
