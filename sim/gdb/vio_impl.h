/* SPDX-License-Identifier: Apache-2.0
 * vio_impl.h: what vio.c (registers) and rings.c (rings in memory) share.
 */
#ifndef GDB_VIO_IMPL_H
#define GDB_VIO_IMPL_H

#include "dut/view.h"
#include "gdb/gdb_impl.h"

/* A line for the user's screen that is put together. */
struct gdb_text {
	char text[1024];
	size_t len;
};

void gdb_line(struct gdb_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gdb_line_end(struct gdb *g, struct gdb_text *t);

void gdb_show_split(struct gdb *g, const struct dut_view_queue *q);
void gdb_show_packed(struct gdb *g, const struct dut_view_queue *q);

#endif
