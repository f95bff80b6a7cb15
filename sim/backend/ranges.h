/* SPDX-License-Identifier: Apache-2.0
 * ranges.h: discard, write zeroes and secure erase on a raw file, by fallocate where the file system can.
 *
 * Each works on len bytes at byte `at`, both multiples of 512 or the file's end, never makes the file longer, and
 * returns false with errno when the host failed. */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>
#include <stdint.h>

/* Gives the space back. Where the file system cannot, nothing happens: contents after a discard are undefined. */
bool ranges_discard(int fd, uint64_t at, uint64_t len);

/* Makes zeros of it; with unmap the space may be given back. */
bool ranges_zero(int fd, uint64_t at, uint64_t len, bool unmap);

/* Writes zeros over it and waits until they are stable. */
bool ranges_erase(int fd, uint64_t at, uint64_t len);

#endif
