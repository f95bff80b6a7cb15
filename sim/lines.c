/* SPDX-License-Identifier: Apache-2.0
 * lines.c: see lines.h.
 */
#include "lines.h"

#include <stdlib.h>
#include <string.h>
#include "sim.h"

struct watch {
	const char *text;
	size_t len;
	void (*seen)(void *ctx, const char *text);
	void *ctx;
};

struct lines {
	struct watch watches[LINES_WATCHES];
	unsigned count;
	char line[2 * LINES_BYTES]; /* the current one; of a long one at least the last LINES_BYTES */
	size_t len;
};

struct lines *lines_new(void)
{
	return sim_alloc(sizeof(struct lines));
}

void lines_free(struct lines *l)
{
	free(l);
}

bool lines_watch(struct lines *l, const char *text, void (*seen)(void *ctx, const char *text), void *ctx)
{
	size_t len = strlen(text);

	if (l->count == LINES_WATCHES || len == 0 || len > LINES_BYTES || strchr(text, '\n'))
		return false;
	l->watches[l->count++] = (struct watch){text, len, seen, ctx};
	return true;
}

void lines_take(void *lines, uint8_t byte)
{
	struct lines *l = lines;

	if (byte == '\n') {
		l->len = 0;
		return;
	}
	if (l->len == sizeof l->line) {
		memcpy(l->line, l->line + LINES_BYTES, LINES_BYTES);
		l->len = LINES_BYTES;
	}
	l->line[l->len++] = (char)byte;
	for (unsigned i = 0; i < l->count; i++) {
		const struct watch *w = &l->watches[i];

		if (w->len <= l->len && memcmp(l->line + l->len - w->len, w->text, w->len) == 0)
			w->seen(w->ctx, w->text);
	}
}
