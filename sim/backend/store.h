/* SPDX-License-Identifier: Apache-2.0
 * store.h: the bytes of a disk: a file of the host, the same with writes kept in memory, or an array.
 *
 * Places are bytes of the disk, which reads as if it was padded with zeros to whole sectors. Each call returns false when
 * the host failed; the first time that is said on stderr.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

struct store_config {
	int fd;         /* the file, owned by the caller; -1: memory */
	uint8_t *bytes; /* size bytes, owned by the caller; used when fd < 0 */
	uint64_t size;
	bool snapshot; /* the file is only read */
};

struct store;

struct store *store_new(const struct store_config *config);
void store_free(struct store *s);

bool store_read(struct store *s, uint8_t *to, uint64_t at, uint64_t len);
/* A file that ended within the last sector grows when that is written. */
bool store_write(struct store *s, uint8_t *from, uint64_t at, uint64_t len);
/* What was written is stable. */
bool store_sync(struct store *s);
/* op is VIO_BE_DISCARD, ZERO, ZERO_UNMAP or ERASE. */
bool store_range(struct store *s, unsigned op, uint64_t at, uint64_t len);

/* The host failed. */
bool store_failed(const struct store *s);

/* Moves len bytes between p and the file, whatever the host splits them into. False with errno when it cannot. */
bool store_transfer(int fd, bool is_write, uint8_t *p, uint64_t at, uint64_t len);

#endif
