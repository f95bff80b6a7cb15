/* SPDX-License-Identifier: Apache-2.0
 * lines.h: looks for texts in what the UART prints.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stdint.h>

enum { LINES_WATCHES = 8, LINES_BYTES = 1024 /* longest text, and what of a line is remembered */ };

struct lines;

struct lines *lines_new(void);
void lines_free(struct lines *l);

/* Calls seen(ctx, text) each time when a text is complete within one line: with its last byte, before the line's end. False
 * when there are too many, or the text is empty, longer than LINES_BYTES or has a line's end in it. It is not copied. */
bool lines_watch(struct lines *l, const char *text, void (*seen)(void *ctx, const char *text), void *ctx);

/* The next byte; a struct lines as ctx. */
void lines_take(void *lines, uint8_t byte);

#endif
