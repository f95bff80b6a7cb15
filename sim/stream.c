/* SPDX-License-Identifier: Apache-2.0
 * stream.c: see stream.h. */
#include "stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "sim.h"

/* Bytes of the page at `at` of n. */
static size_t page_bytes(size_t n, size_t at)
{
	return n - at < STREAM_PAGE ? n - at : STREAM_PAGE;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

static void save_pages(struct stream *s, uint8_t *p, size_t n)
{
	uint64_t end = n;

	for (uint64_t at = 0; at < n; at += STREAM_PAGE) {
		if (is_zero(p + at, page_bytes(n, at)))
			continue;
		stream_all(s, &at);
		stream_bytes(s, p + at, page_bytes(n, at));
	}
	stream_all(s, &end);
}

/* A page that is 0 already is not written: the host need not give it memory. */
static void clear(uint8_t *p, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += STREAM_PAGE)
		if (!is_zero(p + at, page_bytes(to, at)))
			memset(p + at, 0, page_bytes(to, at));
}

static void restore_pages(struct stream *s, uint8_t *p, size_t n)
{
	uint64_t from = 0, at;

	for (;;) {
		stream_all(s, &at);
		if (at < from || at > n || (at != n && at % STREAM_PAGE != 0))
			sim_die("the checkpoint has a page where there is none");
		clear(p, from, at);
		if (at == n)
			return;
		stream_bytes(s, p + at, page_bytes(n, at));
		from = at + page_bytes(n, at);
	}
}

void stream_pages(struct stream *s, void *p, size_t n)
{
	if (s->saving)
		save_pages(s, p, n);
	else
		restore_pages(s, p, n);
}

static void memory_section(struct stream *s, const char *name)
{
	(void)s, (void)name;
}

static void memory_bytes(struct stream *s, void *p, size_t n)
{
	struct stream_memory *m = (struct stream_memory *)s;

	if (!s->saving) {
		assert(m->len - m->at >= n);
		memcpy(p, m->bytes + m->at, n);
		m->at += n;
		return;
	}
	if (m->room - m->len < n) {
		m->room = 2 * m->room + n;
		m->bytes = realloc(m->bytes, m->room);
		if (!m->bytes)
			sim_die("out of memory for the state of a device");
	}
	memcpy(m->bytes + m->len, p, n);
	m->len += n;
}

static const struct stream_ops memory_ops = {memory_section, memory_bytes};

struct stream *stream_memory_save(struct stream_memory *m)
{
	m->s = (struct stream){&memory_ops, true, STREAM_NO_SLOT};
	m->len = 0;
	return &m->s;
}

struct stream *stream_memory_restore(struct stream_memory *m)
{
	m->s = (struct stream){&memory_ops, false, STREAM_NO_SLOT};
	m->at = 0;
	return &m->s;
}

void stream_memory_free(struct stream_memory *m)
{
	free(m->bytes);
	*m = (struct stream_memory){0};
}
