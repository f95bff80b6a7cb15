/* SPDX-License-Identifier: Apache-2.0
 * line.h: waits for a text within a line of what the UART sends.
 */
#ifndef SOC_LINE_H
#define SOC_LINE_H

#include <stdbool.h>
#include <stdint.h>

enum { LINE_TEXT = 255 }; /* most bytes of a text */

struct line {
	const char *text;        /* without a newline; owned by the caller */
	unsigned text_len, have; /* have: bytes of the line in tail */
	uint8_t tail[LINE_TEXT]; /* as many of its last bytes as the text has, or all */
};

/* text has 1 to LINE_TEXT bytes. */
void line_init(struct line *l, const char *text);

/* A byte was sent. True when it ends the text: not only at the end of the line, for a prompt has none. */
bool line_sent(struct line *l, uint8_t byte);

#endif
