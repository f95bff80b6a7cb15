/* SPDX-License-Identifier: Apache-2.0
 * overlay.c: see overlay.h. A page of the disk is copied when it is written for the first time.
 */
#define _XOPEN_SOURCE 700
#include "backend/overlay.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "backend/store.h"
#include "sim.h"

enum { PAGE = 4096 };

struct overlay {
	int fd;
	uint64_t size, padded;
	uint8_t **pages; /* NULL: as in the image */
};

struct overlay *overlay_new(int fd, uint64_t size, uint64_t padded)
{
	struct overlay *o = sim_alloc(sizeof *o);

	o->fd = fd;
	o->size = size;
	o->padded = padded;
	o->pages = sim_alloc((padded + PAGE - 1) / PAGE * sizeof o->pages[0]);
	return o;
}

void overlay_free(struct overlay *o)
{
	if (!o)
		return;
	for (uint64_t i = 0; i < (o->padded + PAGE - 1) / PAGE; i++)
		free(o->pages[i]);
	free(o->pages);
	free(o);
}

/* Of the image itself. */
static bool read_image(const struct overlay *o, uint8_t *to, uint64_t at, uint64_t len)
{
	uint64_t real = at >= o->size ? 0 : len < o->size - at ? len : o->size - at;

	memset(to + real, 0, len - real);
	return store_transfer(o->fd, false, to, at, real);
}

/* Bytes of the page that holds `at`, from there, at most len. */
static uint64_t piece(uint64_t at, uint64_t len)
{
	uint64_t left = PAGE - at % PAGE;

	return len < left ? len : left;
}

bool overlay_read(const struct overlay *o, uint8_t *to, uint64_t at, uint64_t len)
{
	uint64_t n;

	assert(at <= o->padded && len <= o->padded - at);
	for (; len; at += n, to += n, len -= n) {
		n = piece(at, len);
		if (o->pages[at / PAGE])
			memcpy(to, o->pages[at / PAGE] + at % PAGE, n);
		else if (!read_image(o, to, at, n))
			return false;
	}
	return true;
}

/* The page's copy, made when it is not there; NULL when the image could not be read. */
static uint8_t *own_page(struct overlay *o, uint64_t index)
{
	uint8_t *page = o->pages[index];

	if (page)
		return page;
	page = sim_alloc(PAGE);
	if (!read_image(o, page, index * PAGE, PAGE)) {
		free(page);
		return NULL;
	}
	return o->pages[index] = page;
}

/* from NULL: zeros. */
static bool put(struct overlay *o, const uint8_t *from, uint64_t at, uint64_t len)
{
	uint8_t *page;
	uint64_t n;

	assert(at <= o->padded && len <= o->padded - at);
	for (; len; at += n, len -= n) {
		n = piece(at, len);
		page = own_page(o, at / PAGE);
		if (!page)
			return false;
		if (from)
			memcpy(page + at % PAGE, from, n);
		else
			memset(page + at % PAGE, 0, n);
		from += from ? n : 0;
	}
	return true;
}

bool overlay_write(struct overlay *o, const uint8_t *from, uint64_t at, uint64_t len)
{
	return put(o, from, at, len);
}

bool overlay_zero(struct overlay *o, uint64_t at, uint64_t len)
{
	return put(o, NULL, at, len);
}
