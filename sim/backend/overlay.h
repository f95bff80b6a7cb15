/* SPDX-License-Identifier: Apache-2.0
 * overlay.h: copy on write over an image that is only read: what a guest writes stays in memory, and goes with it.
 */
#ifndef OVERLAY_H
#define OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

struct overlay;

/* Over the size bytes of fd, owned by the caller; behind them the image reads as zeros up to `padded`. Ends the program
 * with status 2 when memory runs out, now or at a write. */
struct overlay *overlay_new(int fd, uint64_t size, uint64_t padded);
void overlay_free(struct overlay *o);

/* [at, at + len) must lie below `padded`. False with errno when the image could not be read. */
bool overlay_read(const struct overlay *o, uint8_t *to, uint64_t at, uint64_t len);
bool overlay_write(struct overlay *o, const uint8_t *from, uint64_t at, uint64_t len);
bool overlay_zero(struct overlay *o, uint64_t at, uint64_t len);

#endif
