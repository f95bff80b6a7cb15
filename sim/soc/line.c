/* SPDX-License-Identifier: Apache-2.0
 * line.c: see line.h. */
#include "soc/line.h"

#include <assert.h>
#include <string.h>

void line_init(struct line *l, const char *text)
{
	size_t len = strlen(text);

	assert(len >= 1 && len <= LINE_TEXT);
	*l = (struct line){.text = text, .text_len = (unsigned)len};
}

bool line_sent(struct line *l, uint8_t byte)
{
	if (byte == '\n') {
		l->have = 0;
		return false;
	}
	if (l->have == l->text_len)
		memmove(l->tail, l->tail + 1, --l->have);
	l->tail[l->have++] = byte;
	return l->have == l->text_len && memcmp(l->tail, l->text, l->text_len) == 0;
}
