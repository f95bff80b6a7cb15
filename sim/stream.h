/* SPDX-License-Identifier: Apache-2.0
 * stream.h: how the state of a part goes into a checkpoint and comes out of it.
 *
 * A part has one function, X_state(x, stream), which names its state once: while saving the bytes go out, while restoring
 * the same call puts them back. State is plain data. A struct that has wiring too (pointers, configuration) keeps its
 * state in front of it, and hands it over whole with stream_before: a new field above the line cannot be forgotten.
 *
 * The state lies in sections, found by name and slot, so that one who restores may leave some out. What does not fit
 * is sim_die. Sections are the other side's: a part that is asked for its bytes gets them, all of the section and no more.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { STREAM_NO_SLOT = -1, STREAM_PAGE = 4096 };

struct stream {
	const struct stream_ops *ops;
	bool saving; /* false: restoring */
	int slot;    /* that the sections from now on are of, or STREAM_NO_SLOT */
};

struct stream_ops {
	void (*section)(struct stream *s, const char *name); /* ends the one before */
	void (*bytes)(struct stream *s, void *p, size_t n);
};

/* A section begins. */
static inline void stream_section(struct stream *s, const char *name)
{
	s->ops->section(s, name);
}

/* n bytes at p, which stay as they are while saving. */
static inline void stream_bytes(struct stream *s, void *p, size_t n)
{
	s->ops->bytes(s, p, n);
}

/* n bytes at p of which most are 0: pages without anything else are left out. */
void stream_pages(struct stream *s, void *p, size_t n);

#define stream_all(s, object) stream_bytes(s, object, sizeof *(object))

/* What lies before the member `wiring` in *object. */
#define stream_before(s, object, wiring) stream_bytes(s, object, (size_t)((char *)&(object)->wiring - (char *)(object)))

/* A stream in memory. Sections follow each other and must be asked for in the same order. */
struct stream_memory {
	struct stream s;
	uint8_t *bytes; /* freed by stream_memory_free */
	size_t len, room, at;
};

/* Empties the memory, to save into it. All zeros is a memory that was never used. */
struct stream *stream_memory_save(struct stream_memory *m);
/* Starts at the front, to restore from it; reading past its end is an assert. */
struct stream *stream_memory_restore(struct stream_memory *m);
void stream_memory_free(struct stream_memory *m);

#ifdef __cplusplus
}
#endif
#endif
